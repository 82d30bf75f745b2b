package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cordon"
	"cordon/client"
	"cordon/wire"
)

func serve(t *testing.T, h http.HandlerFunc) *client.Client {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	base, err := url.Parse(s.URL + "/cordon/")
	if err != nil {
		t.Fatal(err)
	}
	return client.New(base, "a-token", nil)
}

// TestWhatIsNotCordon: answers of something in between are not taken for
// Cordon's, and the token goes nowhere else.
func TestWhatIsNotCordon(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer elsewhere.Close()
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request)
		kind   cordon.Kind
	}{
		"a gateway's page": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(502)
			io.WriteString(w, "<h1>Bad gateway</h1>")
		}, cordon.KindUnavailable},
		"another's problem": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(404)
			io.WriteString(w, `{"type":"about:blank","title":"Not Found"}`)
		}, cordon.KindUnavailable},
		"a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, cordon.KindUnavailable},
		"no JSON":      {func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") }, cordon.KindInternal},
		"half of JSON": {func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"report":`) }, cordon.KindInternal},
	} {
		_, err := serve(t, c.answer).Publish(t.Context(), wire.Draft{})
		if err == nil || cordon.KindOf(err) != c.kind || strings.Contains(err.Error(), "h1") {
			t.Errorf("%s: %v: %v", name, cordon.KindOf(err), err)
		}
	}
}

// TestRequests: which requests are sent, and where.
func TestRequests(t *testing.T) {
	var keys []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer a-token" {
			t.Errorf("authorization %q", r.Header.Get("Authorization"))
		}
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		io.WriteString(w, "{}")
		switch {
		case r.Method == "POST" && r.URL.Path == "/cordon/api/v1/reports":
		case r.Method == "GET" && r.URL.EscapedPath() == "/cordon/api/v1/reports/MER-7%2F26%3Fx" && r.URL.RawQuery == "":
		case r.Method == "GET" && r.URL.Path == "/cordon/api/v1/search" && r.URL.RawQuery == "q=a%26b+c":
		default:
			t.Errorf("%s %s", r.Method, r.URL)
		}
	})
	for range 2 {
		if _, err := c.Publish(t.Context(), wire.Draft{}); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.Publish(client.WithKey(t.Context(), "mine"), wire.Draft{}); err != nil {
		t.Error(err)
	}
	if _, err := c.Open(t.Context(), "MER-7/26?x"); err != nil {
		t.Error(err)
	}
	if _, err := c.Search(t.Context(), wire.Query{Text: "a&b c"}, wire.Page{}); err != nil {
		t.Error(err)
	}
	if keys[0] == "" || keys[0] == keys[1] || keys[2] != "mine" || keys[3] != "" {
		t.Errorf("keys %q", keys)
	}
}

// TestAgain: a request is sent again, with the same key, where the server says when.
func TestAgain(t *testing.T) {
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		for _, after := range []string{"0", ""} {
			var keys []string
			c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				keys = append(keys, r.Header.Get("Idempotency-Key"))
				if len(keys) == 1 {
					if after != "" {
						w.Header().Set("Retry-After", after)
					}
					w.WriteHeader(status)
				}
				io.WriteString(w, "{}")
			})
			_, err := c.Publish(t.Context(), wire.Draft{})
			if again := after != ""; (err == nil) != again || len(keys) != map[bool]int{true: 2, false: 1}[again] || keys[0] != keys[len(keys)-1] {
				t.Errorf("%d, after %q: %v, sent with %q", status, after, err, keys)
			}
		}
	}
}

func TestBoundsAndContexts(t *testing.T) {
	c := client.InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.Error("it was sent") }), "")
	_, err := c.Scan(t.Context(), strings.Repeat("x", cordon.MaxRequestBytes))
	if cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("too large: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	sent := 0
	c = client.InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent++
		cancel()
	}), "")
	if _, err := c.Me(ctx); cordon.KindOf(err) != cordon.KindUnavailable || !errors.Is(err, context.Canceled) || sent != 1 {
		t.Errorf("cancelled: %v, sent %d times", err, sent)
	}
}
