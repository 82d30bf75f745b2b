package webui_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestTheStoryInABrowser: the whole story by clicking and typing, everybody in a
// profile of their own; and then every page held to what WCAG 2.2 AA asks, as far
// as axe-core can tell, light and dark, wide and narrow.
func TestTheStoryInABrowser(t *testing.T) {
	t.Parallel()
	chromium(t)
	w := newWorld(t)
	people := make(map[string]*clicking)
	tell(t, w, func(who string) driver {
		people[who] = w.inChromium(t, who)
		return people[who]
	}, func(name string, at driver) {
		// The pictures of docs/tour.md are made by: CORDON_TOUR=docs/tour
		if dir := os.Getenv("CORDON_TOUR"); dir != "" {
			at.(*clicking).picture(filepath.Join(dir, name+".png"))
		}
	})
	for _, c := range people {
		c.quiet()
	}
	axe := axeCore(t)
	var looked sync.Map // by the form of the address: one page of a kind is enough
	for who, c := range people {
		if who == "desk" || who == "visitor" {
			continue
		}
		t.Run(who, func(t *testing.T) {
			c.t = t
			for _, path := range w.pagesOf(t, who) {
				if _, before := looked.LoadOrStore(kindOf(path), true); before {
					continue
				}
				c.accessible(axe, path)
			}
			c.quiet()
		})
	}
}

// everyPart are pages that together have every part of the design on them.
var everyPart = map[string]bool{"/?": true, "/account?": true, "/reports/ID?": true, "/requests/ID?": true, "/incidents/ID?": true, "/incidents/ID/claims?": true, "/check?": true}

// accessible holds a page to what axe-core knows, and to a layout that fits.
func (c *clicking) accessible(axe, path string) {
	c.t.Helper()
	c.look(1280, false)
	run(c.t, c.ctx, chromedp.Navigate(c.origin+path))
	run(c.t, c.ctx, chromedp.Evaluate[any](axe+";0"))
	c.violations(path, `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })`)
	shoot(c.t, c.ctx, "light"+named(path))
	if everyPart[kindOf(path)] {
		c.look(1280, true)
		c.violations(path+" in the dark", `axe.run(document, { runOnly: ["color-contrast"] })`)
		shoot(c.t, c.ctx, "dark"+named(path))
	}
	c.look(360, false)
	if over := run(c.t, c.ctx, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - innerWidth`)); over > 0 {
		c.t.Errorf("%s is %v pixels wider than a telephone", path, over)
	}
	shoot(c.t, c.ctx, "narrow"+named(path))
}

func (c *clicking) violations(what, script string) {
	c.t.Helper()
	found, err := chromedp.Run(c.ctx, chromedp.Evaluate[[]string](script+`.then((r) => r.passes.length ? r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.target + ": " + n.failureSummary.replaceAll("\n", " "))) : ["nothing was looked at"])`, chromedp.EvalAwaitPromise))
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
func (w *world) pagesOf(t *testing.T, who string) []string {
	t.Helper()
	p := w.as(t, who)
	pages := []string{"/"}
	for i := 0; i < len(pages) && len(pages) < 200; i++ {
		status, _, page := p.do("GET", pages[i], nil)
		if status != 200 {
			pages = append(pages[:i], pages[i+1:]...)
			i--
			continue
		}
		for _, m := range linked.FindAllStringSubmatch(page, -1) {
			next, known := strings.ReplaceAll(m[1], "&amp;", "&"), false
			for _, before := range pages {
				known = known || kindOf(before) == kindOf(next)
			}
			if !known && !strings.HasPrefix(next, "/assets/") && !strings.HasPrefix(next, "/api/") {
				pages = append(pages, next)
			}
		}
	}
	return pages
}
