package webui_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"cordon"
	"cordon/wire"
)

// hostile is what somebody could type who means no good.
const hostile = `<script>window.hit=1</script><img src=x onerror="window.hit=1">"' {{.}} ` + "\u202edesrever\u202c \U000e0041 مرحبا 日本語 शांति ทดสอบ"

// TestHostileContent: whatever stands in a field is shown as text, and the layout
// holds.
func TestHostileContent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	long := strings.Repeat("a", 20_000) + " " + strings.Repeat("long words and short ones, ", 3000)
	draft := wire.Draft{Kind: cordon.ReportOriginal, Ref: hostile, Title: wire.PortionDraft{Marking: "U", Text: hostile}, Portions: []wire.PortionDraft{
		{Marking: "U", Text: hostile}, {Marking: "U", Text: long}, {Marking: "U", Kind: cordon.PortionTable, Text: hostile + "\n" + hostile},
	}}
	published, err := w.api.Publish(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	many := wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: "Many"}}
	for i := range 999 {
		many.Portions = append(many.Portions, wire.PortionDraft{Marking: "U", Text: fmt.Sprintf("Portion %d", i)})
	}
	whole, err := w.api.Publish(t.Context(), many)
	if err != nil {
		t.Fatal(err)
	}
	incident, err := w.api.OpenIncident(t.Context(), wire.IncidentDraft{Title: hostile})
	if err != nil {
		t.Fatal(err)
	}
	// A name takes no character that nobody sees, and one script.
	markup, _, _ := strings.Cut(hostile, " \u202e")
	if _, err := w.api.AddGroup(t.Context(), wire.GroupDraft{Name: hostile, Everyone: true}); cordon.KindOf(err) != cordon.KindInvalid {
		t.Fatal(err)
	}
	group, err := w.api.AddGroup(t.Context(), wire.GroupDraft{Name: markup, Everyone: true})
	if err != nil || group.Name != markup {
		t.Fatal(err)
	}
	p := w.as(t, "officer")
	pages := map[string]string{
		"a report": "/reports/" + string(published.Report), "many portions": "/reports/" + string(whole.Report), "reports": "/reports",
		"an incident": "/incidents/" + string(incident.ID), "incidents": "/incidents", "groups": "/groups",
	}
	for what, path := range pages {
		page := p.open(path)
		if strings.Contains(page, "<script>window") || strings.Contains(page, "<img") {
			t.Errorf("%s has what was typed as HTML", what)
		}
		if what != "many portions" && !strings.Contains(page, "&lt;script&gt;window.hit=1") {
			t.Errorf("%s does not show it as text", what)
		}
	}
	// The form has it again, and no less harmless.
	for action, values := range map[string]url.Values{
		"/search": {"text": {hostile}, "marking": {hostile}},
		"/write":  {"title": {hostile}, "title-mark": {hostile}, "text-1": {hostile}, "mark-1": {hostile}},
		"/check":  {"text": {hostile}, "audience": {"+" + string(w.ids["LANTERN"])}},
		"/mosaic": {"facts": {hostile}},
	} {
		p.open(action)
		_, page := p.try(action, map[string]string{"/write": "look", "/check": "check", "/mosaic": "check"}[action], values)
		if strings.Contains(page, "<script>window") || strings.Contains(page, "<img") || !strings.Contains(page, "&lt;script&gt;window") {
			t.Errorf("%s does not show what was typed as text", action)
		}
	}
	c := w.inChromium(t, "officer")
	c.look(360, false)
	for what, path := range pages {
		c.open(path)
		if over := run(t, c.ctx, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - innerWidth`)); over > 0 {
			t.Errorf("%s is %v pixels wider than a telephone", what, over)
		}
		if run(t, c.ctx, chromedp.Evaluate[bool](`window.hit === 1`)) {
			t.Errorf("%s runs what was typed", what)
		}
	}
	c.quiet()
}

// TestFormsKeepAndName: a form that is wrong comes back with what was typed, names
// the field, and answers with the status that fits.
func TestFormsKeepAndName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.as(t, "owner")
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
		p.open(c.page)
		status, page := p.try(c.action, c.button, c.values)
		if status != c.status || !strings.Contains(page, c.says) || !strings.Contains(page, c.keeps) || !strings.Contains(page, c.field) {
			t.Errorf("%s %v: %d: %s", c.action, c.values, status, problemOf(page))
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
	w := newWorld(t)
	a, b := w.as(t, "officer"), w.as(t, "officer")
	path := "/people/" + string(w.ids["Noor Falk"])
	a.open(path)
	b.open(path)
	a.send(path, "", url.Values{"nationality": {"GBR"}})
	status, page := b.try(path, "", url.Values{"nationality": {"FRA"}})
	if status != 412 || !strings.Contains(page, `value="FRA"`) || !strings.Contains(page, "Somebody changed it") {
		t.Errorf("%d: %s", status, problemOf(page))
	}
}

// TestSignedOut: after signing out the browser has nothing of what was shown.
func TestSignedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.as(t, "officer")
	r, err := http.NewRequestWithContext(t.Context(), "GET", w.origin+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	answer, err := p.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if got := answer.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a page may be kept: %q", got)
	}
	p.do("POST", "/signout", nil)
	if _, at, _ := p.do("GET", "/reports", nil); at != "/signin" {
		t.Errorf("signed out, they are at %s", at)
	}
	if status, _, _ := p.do("POST", "/write", url.Values{"do": {"publish"}}, "Origin", "https://evil.example"); status != 403 {
		t.Errorf("from another site: %d", status)
	}
}

// TestWeight holds the first page, with all that it needs, to 60 KB compressed,
// and all files to 150 KB.
func TestWeight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.as(t, "officer")
	page := p.open("/")
	total, all := zippedLength([]byte(page)), 0
	var files []string
	for _, path := range []string{"/", "/account", "/signin"} {
		_, _, page := p.do("GET", path, nil)
		for _, m := range linked.FindAllStringSubmatch(page, -1) {
			if !strings.HasPrefix(m[1], "/assets/") || slices.Contains(files, m[1]) {
				continue
			}
			files = append(files, m[1])
			answer, err := http.Get(w.origin + m[1])
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
