package webui_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/app"
	"cordon/internal/harness/pages"
)

// TestOnlyFromItsOwnMachine: the people of a demonstration are nobody's to be from
// elsewhere, by a proxy, or by a name that was made to lead here; and without a
// demonstration there is no such way in.
func TestOnlyFromItsOwnMachine(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	ask := func(handler http.Handler, from, to string, header ...string) int {
		r := httptest.NewRequest("POST", "http://"+to+"/demo", strings.NewReader(url.Values{"person": {pages.Cast["owner"]}}.Encode()))
		r.RemoteAddr = from
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://"+to)
		r.Header.Set("Accept", "text/html")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if set := answer.Header().Get("Set-Cookie"); answer.Code == 403 && set != "" {
			t.Errorf("refused, and yet: %s", set)
		}
		if answer.Header().Get("Location") == "/signin" {
			return 401 // sent to where one signs in
		}
		return answer.Code
	}
	for _, c := range []struct {
		from, to string
		header   []string
		want     int
	}{
		{"127.0.0.1:4000", "localhost:8000", nil, 303},
		{"[::1]:4000", "[::1]:8000", nil, 303},
		{"192.0.2.7:4000", "localhost:8000", nil, 403},
		{"127.0.0.1:4000", "evil.example:8000", nil, 403},
		{"127.0.0.1:4000", "localhost:8000", []string{"X-Forwarded-For", "192.0.2.7"}, 403},
		{"127.0.0.1:4000", "localhost:8000", []string{"Origin", "http://evil.example"}, 403},
	} {
		if got := ask(w.App.Handler(), c.from, c.to, c.header...); got != c.want {
			t.Errorf("from %s to %s %v: %d, want %d", c.from, c.to, c.header, got, c.want)
		}
		if len(c.header) > 0 && c.header[0] == "Origin" {
			continue // a form's alone
		}
		r, answer := httptest.NewRequest("GET", "http://"+c.to+"/signin", nil), httptest.NewRecorder()
		r.RemoteAddr = c.from
		r.Header.Set("Accept", "text/html")
		for i := 0; i < len(c.header); i += 2 {
			r.Header.Set(c.header[i], c.header[i+1])
		}
		w.App.Handler().ServeHTTP(answer, r)
		if listed := strings.Contains(answer.Body.String(), "Edda Storm"); answer.Code != 200 || listed != (c.want == 303) {
			t.Errorf("from %s to %s %v: %d, and the people are listed: %t", c.from, c.to, c.header, answer.Code, listed)
		}
	}
	config := app.Config{DataDir: filepath.Join(t.TempDir(), "data"), Beat: -1}
	if _, _, err := app.Init(t.Context(), config, cordon.Organisation{Name: "HUB"}, cordon.Person{Name: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if got := ask(a.Handler(), "127.0.0.1:4000", "localhost:8000"); got != 401 {
		t.Errorf("in earnest: %d", got)
	}
}
