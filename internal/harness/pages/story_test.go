package pages_test

import (
	"os"
	"path/filepath"
	"testing"

	"cordon/internal/harness/chromium"
	"cordon/internal/harness/pages"
)

func TestMain(m *testing.M) { chromium.Main(m) }

// TestTheStoryInABrowser: the whole story by clicking and typing, everybody in a
// profile of their own.
func TestTheStoryInABrowser(t *testing.T) {
	t.Parallel()
	chromium.Profile(t)
	w := pages.New(t)
	people := make(map[string]*chromium.Clicking)
	pages.Tell(t, w, func(who string) pages.Driver {
		people[who] = chromium.SignedIn(t, w, who)
		return people[who]
	}, func(name string, at pages.Driver) {
		// docs/tour.md says how its pictures are made.
		if dir := os.Getenv("CORDON_TOUR"); dir != "" {
			at.(*chromium.Clicking).Picture(filepath.Join(dir, name+".png"))
		}
	})
	for _, c := range people {
		c.Quiet()
	}
}
