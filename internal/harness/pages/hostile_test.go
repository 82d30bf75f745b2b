package pages_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"cordon/internal/harness/chromium"
	"cordon/internal/harness/pages"
)

// TestHostileContentInABrowser: the layout holds on a telephone, and nothing of it
// runs.
func TestHostileContentInABrowser(t *testing.T) {
	t.Parallel()
	chromium.Profile(t)
	w := pages.New(t)
	hostile := pages.Hostile(t, w)
	c := chromium.SignedIn(t, w, "officer")
	c.Look(360, false)
	for what, path := range hostile {
		c.Open(path)
		if over := chromium.Run(t, c.Ctx, chromedp.Evaluate[float64](`document.documentElement.scrollWidth - innerWidth`)); over > 0 {
			t.Errorf("%s is %v pixels wider than a telephone", what, over)
		}
		if chromium.Run(t, c.Ctx, chromedp.Evaluate[bool](`window.hit === 1`)) {
			t.Errorf("%s runs what was typed", what)
		}
	}
	c.Quiet()
}
