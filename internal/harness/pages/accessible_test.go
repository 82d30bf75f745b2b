package pages_test

import (
	"compress/gzip"
	"io"
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
