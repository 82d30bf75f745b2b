package webui_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/pages"
	"cordon/wire"
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

// TestFormsOfNoPage: a form whose token, button or object no page of the person has is
// refused, and tells nothing of what is there.
func TestFormsOfNoPage(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	owner, officer := w.As(t, "owner"), w.As(t, "officer")
	draft := url.Values{"do": {"publish"}, "kind": {"report"}, "title": {"Title"}, "title-mark": {"U"}, "text-1": {"Text."}, "mark-1": {"U"}}
	for _, of := range []*pages.Plain{officer, owner} {
		of.Open("/write")
		draft.Set("once", pages.First(regexp.MustCompile(`name="once" value="([^"]+)"`), of.Page))
		if status, _, page := owner.Do("POST", "/write", draft); (status == 200) != (of == owner) || status != 200 && status != 400 {
			t.Errorf("with the token of somebody else: %t: %d: %s", of != owner, status, pages.ProblemOf(page))
		}
	}
	draft.Set("once", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if status, _, _ := owner.Do("POST", "/write", draft); status != 400 {
		t.Errorf("with a token that was made up: %d", status)
	}
	for _, path := range []string{"/write", "/check", "/tearlines/new", "/mosaic", "/channels/change"} {
		if status, _, page := officer.Do("POST", path, url.Values{"do": {"else"}, "text": {"x"}}); status != 400 && status != 404 || !strings.Contains(page, "<main") {
			t.Errorf("%s with a button that it has not: %d", path, status)
		}
	}
	absent := string(cordon.NewID())
	incident, err := w.API.OpenIncident(t.Context(), wire.IncidentDraft{Title: "Case"})
	if err != nil {
		t.Fatal(err)
	}
	for path, form := range map[string]url.Values{
		"/reports/%s/compilation": {"compilation": {"C"}}, "/reports/%s/narrow": {"people": {"Iris Vane"}}, "/reports/%s/portions/" + absent + "/revise": {"text": {"x"}},
		"/requests/%s/withdraw": {}, "/requests/%s/release": {}, "/answers/%s/confirm": {}, "/answers/%s": {}, "/arrangements/%s": {"do": {"end"}}, "/arrangements/%s/narrow": {"people": {"Iris Vane"}},
		"/custody/%s/destroy": {}, "/grants/revoke": {"id": {absent}}, "/emergencies/review": {"id": {absent}}, "/waiting/decide": {"id": {absent}, "verdict": {"object"}}, "/groups/change": {"id": {absent}}, "/channels/change": {"id": {absent}, "do": {"remove"}},
	} {
		for _, id := range []string{absent, string(incident.ID)} {
			at := strings.Replace(path, "%s", id, 1)
			if status, _, page := officer.Do("POST", at, form); status != 404 || strings.Contains(page, `name="sure"`) {
				t.Errorf("%s of what is not there: %d", at, status)
			}
		}
	}
}

// TestSaidPlainly: an error of a marking is said without the program's words.
func TestSaidPlainly(t *testing.T) {
	t.Parallel()
	p := pages.New(t).As(t, "owner")
	p.Open("/write")
	_, page := p.Try("/write", "look", url.Values{"title": {"Title"}, "title-mark": {"S//NOFRON"}})
	if says := pages.ProblemOf(page); !strings.Contains(says, "did you mean") || strings.Contains(says, "Us:") || strings.Contains(says, "us:") || strings.Contains(says, "(G.") {
		t.Errorf("it says %s", says)
	}
	// Beside the field it stands once, where the live validation goes on speaking.
	if n := strings.Count(page, `class="wrong"`); n != 1 || !strings.Contains(page, `class="wrong" id="title-mark-says" lang="en" data-sent>`) {
		t.Errorf("it stands %d times beside its field", n)
	}
	b := pages.NewBrowser(t, p.Origin)
	for range 12 {
		b.Do("POST", "/signin", url.Values{"name": {"HARBOUR/Nobody"}, "password": {"wrong"}})
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", p.Origin+"/signin", strings.NewReader("name=HARBOUR/Nobody&password=wrong"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", p.Origin)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 429 || answer.Header.Get("Retry-After") == "" {
		t.Errorf("too many attempts: %d, to be tried again in %q", answer.StatusCode, answer.Header.Get("Retry-After"))
	}
	if status, _, _ := p.Do("GET", "/api/openapi.json", nil, "Accept", "text/html"); status != 200 {
		t.Errorf("the document of the API: %d", status)
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
