package pages_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"cordon/internal/harness/pages"
	"cordon/internal/harness/soak"
)

// TestTheStoryInABrowser: the whole story by clicking and typing, everybody in a
// profile of their own; and then every page held to what WCAG 2.2 AA asks, as far
// as axe-core can tell, light and dark, wide and narrow.
func TestTheStoryInABrowser(t *testing.T) {
	t.Parallel()
	chromium(t)
	w := pages.New(t)
	people := make(map[string]*clicking)
	pages.Tell(t, w, func(who string) pages.Driver {
		people[who] = inChromium(t, w, who)
		return people[who]
	}, func(name string, at pages.Driver) {
		// docs/tour.md says how its pictures are made.
		if dir := os.Getenv("CORDON_TOUR"); dir != "" {
			at.(*clicking).picture(filepath.Join(dir, name+".png"))
		}
	})
	for _, c := range people {
		c.quiet()
	}
	accessibility(t, w, people)
	t.Run("states", func(t *testing.T) { states(t, people["owner"]) })
}

// states are forms with what is wrong in them, and pages that ask once more: the gate
// looks at a few, make soak at all in the dark and on a telephone too.
func states(t *testing.T, c *clicking) {
	c.t = t
	for i, s := range []struct {
		page, button string
		values       url.Values
		says         string
	}{
		{"/write", "look", url.Values{"title": {"Title"}, "title-mark": {"S//NOFRON"}, "text-1": {"Text"}, "mark-1": {"S//NOFRON"}}, "did you mean"},
		{"/arrangements/new", "", url.Values{"name": {"QUAY"}, "marking": {"U"}, "party": {"+HARBOUR"}}, "hold when one of each has agreed"},
		{"/check", "check", url.Values{"text": {"Some text"}}, "hom it is to be told to"},
		{"/arrangements/new", "", url.Values{"name": {"QUAY"}, "marking": {"U"}}, "at least one other party"},
		{"/search", "", url.Values{"text": {"ferries"}, "from": {"never"}}, "not a date"},
		{"/search", "", url.Values{"text": {"beacon"}}, "<mark>"},
		{"/mosaic", "check", url.Values{"facts": {"no fact"}}, "problem"},
		{"/write", "paste", url.Values{"document": {"(S//XYZ) Text"}}, "XYZ"},
		{"/account", "", nil, ""},
	} {
		if i >= 3 && !soak.On() {
			return
		}
		c.look(1280, false)
		c.Open(s.page)
		if s.page == "/account" {
			c.keys("?")
		} else {
			if s.values.Has("party") {
				s.values.Set("party", "+"+run(t, c.ctx, chromedp.Evaluate[string](`document.querySelector("[name=party]").value`)))
			}
			if page := c.Send(s.page, s.button, s.values); !strings.Contains(page, s.says) {
				t.Errorf("%s does not say %q", s.page, s.says)
			}
		}
		name := fmt.Sprintf("%s, state %d", s.page, i)
		c.violations(name, rules)
		shoot(t, c.ctx, fmt.Sprintf("light-state-%d", i))
		if !soak.On() {
			continue
		}
		c.look(1280, true)
		c.violations(name+" in the dark", contrast)
		shoot(t, c.ctx, fmt.Sprintf("dark-state-%d", i))
		c.look(360, false)
		c.violations(name+" on a telephone", rules)
		shoot(t, c.ctx, fmt.Sprintf("narrow-state-%d", i))
	}
}

// accessibility holds each page that somebody comes to, once, to axe-core and to a
// telephone's width.
func accessibility(t *testing.T, w *pages.World, people map[string]*clicking) {
	axe := axeCore(t)
	looked := make(map[string]bool) // by the form of the address: one page of a kind is enough
	for _, who := range []string{"owner", "officer", "analyst"} {
		t.Run(who, func(t *testing.T) {
			c := people[who]
			c.t = t
			run(t, c.ctx, command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: axe}))
			for _, path := range pagesOf(t, w, who) {
				if looked[kindOf(path)] {
					continue
				}
				looked[kindOf(path)] = true
				c.accessible(path)
			}
			c.quiet()
		})
	}
}

// everyPart are pages that together have nearly every part of the design on them: the
// gate looks at these in the dark too, make soak at every page.
var everyPart = map[string]bool{"/account?": true, "/reports/ID?": true, "/incidents/ID?": true}

// accessible holds a page to what axe-core knows, and to a layout that fits. The
// browser has axe-core already.
func (c *clicking) accessible(path string) {
	c.t.Helper()
	c.look(1280, false)
	run(c.t, c.ctx, chromedp.Navigate(c.origin+path))
	c.violations(path, rules)
	shoot(c.t, c.ctx, "light"+named(path))
	if soak.On() || everyPart[kindOf(path)] {
		c.look(1280, true)
		c.violations(path+" in the dark", contrast)
		shoot(c.t, c.ctx, "dark"+named(path))
	}
	// Twice as large, a page is half as wide: it need not be moved sideways, and
	// nothing of it is cut off.
	c.look(640, false)
	for _, cut := range run(c.t, c.ctx, chromedp.Evaluate[[]string](clipped)) {
		c.t.Errorf("%s at 200 %%: %s", path, cut)
	}
	c.look(360, false)
	if over := run(c.t, c.ctx, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - innerWidth`)); over > 0 {
		c.t.Errorf("%s is %v pixels wider than a telephone", path, over)
	}
	if soak.On() {
		c.violations(path+" on a telephone", rules)
	}
	shoot(c.t, c.ctx, "narrow"+named(path))
}

const (
	// clipped finds what is wider than its place and cannot be moved.
	clipped = `[document.documentElement, ...document.querySelectorAll("body *")].filter((e) => {
  if (e.closest("svg, .sr, .skip, thead, dialog")) return false;
  const s = getComputedStyle(e);
  if (e === document.documentElement) return e.scrollWidth > innerWidth;
  return (s.overflowX === "hidden" || s.overflowX === "clip") && e.scrollWidth > e.clientWidth + 1;
}).map((e) => e.tagName + " " + e.className + " is " + e.scrollWidth + " wide of " + e.clientWidth)`
	rules    = `{ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] }`
	contrast = `{ runOnly: ["color-contrast"], resultTypes: ["violations"] }`
)

func (c *clicking) violations(what, options string) {
	c.t.Helper()
	found, err := chromedp.Run(c.ctx, chromedp.Evaluate[[]string](`axe.run(document, `+options+`).then((r) => r.passes.length ? r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target + ": " + n.failureSummary.replaceAll("\n", " "))) : ["nothing was looked at"])`, chromedp.EvalAwaitPromise))
	if err != nil {
		c.t.Errorf("%s: %v", what, err)
	}
	for _, v := range found {
		c.t.Errorf("%s: %s", what, v)
	}
}

// axeCore is the script of axe-core (npm axe-core 4.14.1, MPL-2.0), which is here
// for the tests alone.
func axeCore(t *testing.T) string {
	t.Helper()
	f, err := os.Open("testdata/axe/axe.min.js.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	script, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

var idInPath = regexp.MustCompile(`[a-z0-9]{26}`)

// kindOf is an address without its ids and its query.
func kindOf(path string) string {
	path, query, _ := strings.Cut(path, "?")
	name, _, _ := strings.Cut(query, "=")
	return idInPath.ReplaceAllString(path, "ID") + "?" + name
}

func named(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return strings.ReplaceAll(strings.ReplaceAll(idInPath.ReplaceAllString(path, "one"), "/", "-"), "--", "-")
}

// pagesOf are the pages that somebody comes to from their inbox.
func pagesOf(t *testing.T, w *pages.World, who string) []string {
	t.Helper()
	p := w.As(t, who)
	all := []string{"/"}
	for i := 0; i < len(all) && len(all) < 200; i++ {
		status, _, shown := p.Do("GET", all[i], nil)
		if status != 200 {
			all = append(all[:i], all[i+1:]...)
			i--
			continue
		}
		for _, m := range pages.Linked.FindAllStringSubmatch(shown, -1) {
			next, known := strings.ReplaceAll(m[1], "&amp;", "&"), false
			for _, before := range all {
				known = known || kindOf(before) == kindOf(next)
			}
			if !known && !strings.HasPrefix(next, "/assets/") && !strings.HasPrefix(next, "/api/") {
				all = append(all, next)
			}
		}
	}
	return all
}
