// Package accessible holds the pages to what people need who see, hear or move less.
package accessible

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"cordon/internal/harness/chromium"
	"cordon/internal/harness/pages"
	"cordon/internal/harness/soak"
)

func TestMain(m *testing.M) { chromium.Main(m) }

// TestAccessible: every page held to what WCAG 2.2 AA asks, as far as axe-core can
// tell, light and dark, wide and narrow. The story that fills the pages is played
// without a browser.
func TestAccessible(t *testing.T) {
	chromium.Profile(t)
	w := pages.New(t)
	pages.Tell(t, w, func(who string) pages.Driver { return w.As(t, who) }, func(string, pages.Driver) {})
	people := make(map[string]*chromium.Clicking)
	for _, who := range []string{"owner", "officer", "analyst"} {
		people[who] = chromium.SignedIn(t, w, who)
	}
	accessibility(t, w, people)
	t.Run("states", func(t *testing.T) { states(t, people["owner"]) })
}

// states are forms with what is wrong in them, and pages that ask once more: the gate
// looks at a few, make soak at all in the dark and on a telephone too.
func states(t *testing.T, c *chromium.Clicking) {
	c.T = t
	for i, s := range []struct {
		page, button string
		values       url.Values
		says         string
	}{
		{"/write", "look", url.Values{"title": {"Title"}, "title-mark": {"S//NOFRON"}, "text-1": {"Text"}, "mark-1": {"S//NOFRON"}}, "did you mean"},
		{"/arrangements/new", "", url.Values{"name": {"QUAY"}, "marking": {"U"}, "party": {"+HARBOUR"}}, "hold when one of each has agreed"},
		{"/check", "check", url.Values{"text": {"Some text"}}, "hom it is to be told to"},
		{"/arrangements/new", "", url.Values{"name": {"QUAY"}, "marking": {"U"}}, "at least one other party"},
		{"/search", "", url.Values{"text": {"beacon"}}, "<mark>"},
		{"/mosaic", "check", url.Values{"facts": {"no fact"}}, "problem"},
		{"/write", "paste", url.Values{"document": {"(S//XYZ) Text"}}, "XYZ"},
		{"/account", "", nil, ""},
	} {
		if i >= 3 && !soak.On() {
			return
		}
		c.Look(1280, false)
		c.Open(s.page)
		if s.page == "/account" {
			c.Keys("?")
		} else {
			if s.values.Has("party") {
				s.values.Set("party", "+"+chromium.Run(t, c.Ctx, chromedp.Evaluate[string](`document.querySelector("[name=party]").value`)))
			}
			if page := c.Send(s.page, s.button, s.values); !strings.Contains(page, s.says) {
				t.Errorf("%s does not say %q", s.page, s.says)
			}
		}
		name := fmt.Sprintf("%s, state %d", s.page, i)
		violations(c, name, rules)
		chromium.Shoot(t, c.Ctx, fmt.Sprintf("light-state-%d", i))
		if !soak.On() {
			continue
		}
		c.Look(1280, true)
		violations(c, name+" in the dark", contrast)
		chromium.Shoot(t, c.Ctx, fmt.Sprintf("dark-state-%d", i))
		c.Look(360, false)
		violations(c, name+" on a telephone", rules)
		chromium.Shoot(t, c.Ctx, fmt.Sprintf("narrow-state-%d", i))
	}
}

// accessibility holds each page that somebody comes to, once, to axe-core and to a
// telephone's width.
func accessibility(t *testing.T, w *pages.World, people map[string]*chromium.Clicking) {
	axe := axeCore(t)
	looked := make(map[string]bool) // by the form of the address: one page of a kind is enough
	for _, who := range []string{"owner", "officer", "analyst"} {
		t.Run(who, func(t *testing.T) {
			c := people[who]
			c.T = t
			chromium.Run(t, c.Ctx, chromium.Command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: axe}))
			for _, path := range pagesOf(t, w, who) {
				if looked[kindOf(path)] {
					continue
				}
				looked[kindOf(path)] = true
				accessible(c, path)
			}
			c.Quiet()
		})
	}
}

// everyPart are pages that together have nearly every part of the design on them: the
// gate looks at these in the dark too, make soak at every page.
var everyPart = map[string]bool{"/account?": true, "/reports/ID?": true, "/incidents/ID?": true}

// accessible holds a page to what axe-core knows, and to a layout that fits. The
// browser has axe-core already.
func accessible(c *chromium.Clicking, path string) {
	c.T.Helper()
	c.Look(1280, false)
	chromium.Run(c.T, c.Ctx, chromedp.Navigate(c.Origin+path))
	violations(c, path, rules)
	chromium.Shoot(c.T, c.Ctx, "light"+named(path))
	if soak.On() || everyPart[kindOf(path)] {
		c.Look(1280, true)
		violations(c, path+" in the dark", contrast)
		chromium.Shoot(c.T, c.Ctx, "dark"+named(path))
	}
	// Twice as large, a page is half as wide: it need not be moved sideways, and
	// nothing of it is cut off.
	c.Look(640, false)
	for _, cut := range chromium.Run(c.T, c.Ctx, chromedp.Evaluate[[]string](clipped)) {
		c.T.Errorf("%s at 200 %%: %s", path, cut)
	}
	c.Look(360, false)
	if over := chromium.Run(c.T, c.Ctx, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - innerWidth`)); over > 0 {
		c.T.Errorf("%s is %v pixels wider than a telephone", path, over)
	}
	if soak.On() {
		violations(c, path+" on a telephone", rules)
	}
	chromium.Shoot(c.T, c.Ctx, "narrow"+named(path))
	if os.Getenv("CORDON_SCREENSHOTS") != "" {
		c.Look(800, false)
		chromium.Run(c.T, c.Ctx, chromium.Command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}))
		chromium.Shoot(c.T, c.Ctx, "print"+named(path))
		chromium.Run(c.T, c.Ctx, chromium.Command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: ""}))
	}
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

func violations(c *chromium.Clicking, what, options string) {
	c.T.Helper()
	found, err := chromedp.Run(c.Ctx, chromedp.Evaluate[[]string](`axe.run(document, `+options+`).then((r) => r.passes.length ? r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target + ": " + n.failureSummary.replaceAll("\n", " "))) : ["nothing was looked at"])`, chromedp.EvalAwaitPromise))
	if err != nil {
		c.T.Errorf("%s: %v", what, err)
	}
	for _, v := range found {
		c.T.Errorf("%s: %s", what, v)
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
