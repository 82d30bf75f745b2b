package chromium

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// shoot keeps a picture of the page in the folder that CORDON_SCREENSHOTS
// names, for whoever wants to look; nothing if it names none.
func Shoot(t *testing.T, ctx context.Context, name string) {
	dir := os.Getenv("CORDON_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Logf("no picture: %v", err)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600); err != nil {
		t.Error(err)
	}
}
