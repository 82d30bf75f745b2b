package webui_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cordon/internal/harness/pages"
)

// TestHostileContent: whatever stands in a field is shown as text, and the layout
// holds.
func TestHostileContent(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	p := w.As(t, "officer")
	hostile := pages.Hostile(t, w)
	for what, path := range hostile {
		page := p.Open(path)
		if strings.Contains(page, "<script>window") || strings.Contains(page, "<img") {
			t.Errorf("%s has what was typed as HTML", what)
		}
		if what != "many portions" && !strings.Contains(page, "&lt;script&gt;window.hit=1") {
			t.Errorf("%s does not show it as text", what)
		}
	}
	// The form has it again, and no less harmless.
	for action, values := range map[string]url.Values{
		"/search": {"text": {pages.HostileText}, "marking": {pages.HostileText}},
		"/write":  {"title": {pages.HostileText}, "title-mark": {pages.HostileText}, "text-1": {pages.HostileText}, "mark-1": {pages.HostileText}},
		"/check":  {"text": {pages.HostileText}, "audience": {"+" + string(w.IDs["LANTERN"])}},
		"/mosaic": {"facts": {pages.HostileText}},
	} {
		p.Open(action)
		_, page := p.Try(action, map[string]string{"/write": "look", "/check": "check", "/mosaic": "check"}[action], values)
		if strings.Contains(page, "<script>window") || strings.Contains(page, "<img") || !strings.Contains(page, "&lt;script&gt;window") {
			t.Errorf("%s does not show what was typed as text", action)
		}
	}
}

// TestFormsKeepAndName: a form that is wrong comes back with what was typed, names
// the field, and answers with the status that fits.
func TestFormsKeepAndName(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	p := w.As(t, "owner")
	for _, c := range []struct {
		page, action, button string
		values               url.Values
		status               int
		says, keeps, field   string
	}{
		{"/write", "/write", "look", url.Values{"title": {"Kept"}, "title-mark": {"S//NOFRON"}}, 400, "did you mean", `value="Kept"`, `href="#title-mark"`},
		{"/write", "/write", "look", url.Values{"title": {""}, "text-1": {"Kept text"}, "mark-1": {"U"}}, 400, "has no title", "Kept text", `href="#title"`},
		{"/write", "/write", "paste", url.Values{"document": {"(S//XYZ) Kept document"}}, 400, "XYZ", "Kept document", `href="#document"`},
		{"/write", "/write", "look", url.Values{"document": {"(S//XYZ) Kept unread"}}, 400, "XYZ", "Kept unread", `<details class="card" open>`},
		{"/write", "/write", "look", url.Values{"document": {"(U) Kept unread"}, "text-1": {"Typed"}}, 400, "not taken apart yet", "Typed", `href="#document"`},
		{"/arrangements/new", "/arrangements/new", "", url.Values{"name": {"Kept"}, "marking": {"U"}}, 400, "at least one other party", `value="Kept"`, `href="#parties"`},
		{"/search", "/search", "", url.Values{"text": {"kept"}, "from": {"never"}}, 400, "not a date", `value="kept"`, `href="#from"`},
		{"/check", "/check", "check", url.Values{"text": {"Kept speech"}}, 400, "whom it is to be told", "Kept speech", `href="#audience"`},
		{"/mosaic", "/mosaic", "check", url.Values{"facts": {"no fact kept"}}, 400, "", "no fact kept", `href="#facts"`},
	} {
		p.Open(c.page)
		status, page := p.Try(c.action, c.button, c.values)
		if status != c.status || !strings.Contains(page, c.says) || !strings.Contains(page, c.keeps) || !strings.Contains(page, c.field) {
			t.Errorf("%s %v: %d: %s", c.action, c.values, status, pages.ProblemOf(page))
		}
		if c.values.Has("document") && strings.Contains(page, "Nothing marked is shown") {
			t.Errorf("%s %v: the banner speaks of a text that was not read", c.action, c.values)
		}
	}
}

// TestTwoPeopleInOneForm: the second to send what the first has changed is told,
// and what they typed is kept.
func TestTwoPeopleInOneForm(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	a, b := w.As(t, "officer"), w.As(t, "officer")
	path := "/people/" + string(w.IDs["Noor Falk"])
	a.Open(path)
	b.Open(path)
	a.Send(path, "", url.Values{"nationality": {"GBR"}})
	status, page := b.Try(path, "", url.Values{"nationality": {"FRA"}})
	if status != 412 || !strings.Contains(page, `value="FRA"`) || !strings.Contains(page, "Somebody changed it") {
		t.Errorf("%d: %s", status, pages.ProblemOf(page))
	}
}

// TestSignedOut: after signing out the browser has nothing of what was shown.
func TestSignedOut(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	p := w.As(t, "officer")
	r, err := http.NewRequestWithContext(t.Context(), "GET", w.Origin+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	answer, err := p.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if got := answer.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page may be kept: %q", got)
	}
	p.Do("POST", "/signout", nil)
	if _, at, _ := p.Do("GET", "/reports", nil); at != "/signin" {
		t.Errorf("signed out, they are at %s", at)
	}
	if status, _, _ := p.Do("POST", "/write", url.Values{"do": {"publish"}}, "Origin", "https://evil.example"); status != 403 {
		t.Errorf("from another site: %d", status)
	}
}

// TestWeight holds the first page, with all that it needs, to 60 KB compressed,
// and all files to 150 KB.
func TestWeight(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	p := w.As(t, "officer")
	page := p.Open("/")
	total, all := zippedLength([]byte(page)), 0
	var files []string
	for _, path := range []string{"/", "/account", "/signin"} {
		_, _, page := p.Do("GET", path, nil)
		for _, m := range pages.Linked.FindAllStringSubmatch(page, -1) {
			if !strings.HasPrefix(m[1], "/assets/") || slices.Contains(files, m[1]) {
				continue
			}
			files = append(files, m[1])
			answer, err := http.Get(w.Origin + m[1])
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil || answer.StatusCode != 200 {
				t.Fatal(err, answer.StatusCode)
			}
			n := zippedLength(body)
			all += n
			if path == "/" {
				total += n
			}
		}
	}
	if len(files) < 3 || total > 60<<10 || all > 150<<10 {
		t.Errorf("the first page is %d bytes, all files %d", total, all)
	}
	t.Logf("the first page is %d bytes compressed, all files %d", total, all)
}

func zippedLength(body []byte) int {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(body)
	z.Close()
	return b.Len()
}
