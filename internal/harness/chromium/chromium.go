// Package chromium has tests use one browser, in which everybody has a profile of
// their own.
package chromium

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"cordon/internal/harness/pages"
)

// shared is the one browser of all tests; each gets a profile of its own in it.
var shared struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

// Main runs a package's tests, and ends the browser after them.
func Main(m *testing.M) {
	code := m.Run()
	if shared.stop != nil {
		shared.stop()
	}
	os.Exit(code)
}

// chromium is a profile of the browser; the test skips where there is none. Its tab is
// in no window, which costs half the time.
func Profile(t *testing.T) context.Context {
	t.Helper()
	if os.Getenv("CORDON_SCREENSHOTS")+os.Getenv("CORDON_TOUR") != "" {
		return InWindow(t) // of what is in no window there is no picture
	}
	browser := launched(t)
	yes := true
	profile, err := cdp.Call(shared.ctx, browser, target.CreateBrowserContext, target.CreateBrowserContextParams{})
	if err != nil {
		t.Fatal(err)
	}
	tab, err := cdp.Call(shared.ctx, browser, target.CreateTarget, target.CreateTargetParams{
		URL: "about:blank", BrowserContextID: profile.BrowserContextID, Hidden: &yes, Background: &yes,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(shared.ctx, chromedp.WithTargetID(tab.TargetID))
	t.Cleanup(func() {
		cancel()
		cdp.Call(shared.ctx, browser, target.DisposeBrowserContext, target.DisposeBrowserContextParams(profile))
	})
	Run(t, ctx, Command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}))
	return ctx
}

// inWindow is chromium with a window, which passkeys need.
func InWindow(t *testing.T) context.Context {
	t.Helper()
	launched(t)
	ctx, cancel := chromedp.NewContext(shared.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	return ctx
}

// launched is the one browser.
func launched(t *testing.T) *chromedp.Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("needs chromium: install the Debian package chromium")
	}
	shared.once.Do(func() {
		dir, err := os.MkdirTemp("", "cordon-chromium-")
		if err != nil {
			shared.err = err
			return
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:],
			chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
			chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.WindowSize(1280, 900))
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		ctx, end := chromedp.NewExecAllocator(ctx, options...)
		ctx, closed := chromedp.NewContext(ctx)
		_, shared.err = chromedp.Run(ctx, chromedp.Location())
		shared.ctx = ctx
		shared.stop = func() { closed(); end(); cancel(); os.RemoveAll(dir) }
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return chromedp.FromContext(shared.ctx).Browser
}

// command is a command of the browser's protocol as an action.
func Command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[R] {
	return func(ctx context.Context, t *chromedp.Target) (R, error) { return cdp.Call(ctx, t, c, params) }
}

// run gives what an action does, and keeps a picture of where it failed.
func Run[R any](t *testing.T, ctx context.Context, action chromedp.Action[R]) R {
	t.Helper()
	out, err := chromedp.Run(ctx, action)
	if err != nil {
		Shoot(t, ctx, "failed")
		t.Fatal(err)
	}
	return out
}

// Clicking is a driver in a browser with its JavaScript.
type Clicking struct {
	T      *testing.T
	Ctx    context.Context
	Origin string
	// complaints are what the browser had to say against the pages: console
	// messages, errors of scripts, and what the policy forbids.
	mu         sync.Mutex
	complaints []string
}

// visiting is a browser before where one signs in.
func Visiting(t *testing.T, w *pages.World) *Clicking {
	t.Helper()
	c := &Clicking{T: t, Ctx: Profile(t), Origin: w.Origin}
	if err := chromedp.Listen(c.Ctx, func(ev any) {
		c.mu.Lock()
		defer c.mu.Unlock()
		switch e := ev.(type) {
		case *log.EventEntryAdded:
			if e.Entry.Level != "verbose" {
				c.complaints = append(c.complaints, string(e.Entry.Source)+": "+e.Entry.Text)
			}
		case *runtime.EventConsoleAPICalled:
			c.complaints = append(c.complaints, fmt.Sprintf("console: %v", e.Type))
		case *runtime.EventExceptionThrown:
			c.complaints = append(c.complaints, "exception: "+e.ExceptionDetails.Text)
		}
	}); err != nil {
		t.Fatal(err)
	}
	Run(t, c.Ctx, Command(log.Enable, cdp.Empty{}))
	c.Look(1280, false)
	Run(t, c.Ctx, chromedp.Navigate(w.Origin+"/signin"))
	return c
}

// inChromium signs in with a browser.
func SignedIn(t *testing.T, w *pages.World, who string) *Clicking {
	t.Helper()
	c := Visiting(t, w)
	c.Press(`document.querySelector('input[name=person][value="` + pages.Cast[who] + `"]').form.querySelector("button").click()`)
	return c
}

func (c *Clicking) At() string {
	u, err := url.Parse(Run(c.T, c.Ctx, chromedp.Location()))
	if err != nil {
		c.T.Fatal(err)
	}
	return u.Path
}

func (c *Clicking) HTML() string {
	return Run(c.T, c.Ctx, chromedp.Evaluate[string](`document.documentElement.outerHTML`))
}

func (c *Clicking) Open(path string) string {
	c.T.Helper()
	Run(c.T, c.Ctx, chromedp.Navigate(c.Origin+path))
	return c.HTML()
}

// press does something that leads to another page, and waits for that.
func (c *Clicking) Press(script string) {
	c.T.Helper()
	Run(c.T, c.Ctx, chromedp.Evaluate[any](`window.before = true; setTimeout(() => {`+script+`}, 0); 0`))
	c.Until(`document.readyState === "complete" && !window.before`)
}

// fillIn types and clicks what is to be filled in, and gives the button to press.
const fillIn = `((action, button, values) => {
  const forms = [...document.querySelectorAll("form")].filter((f) => f.getAttribute("action") === action);
  const pressed = (f) => button ? f.querySelector("button[value=" + JSON.stringify(button) + "]:not([tabindex])") || f.querySelector("button[value=" + JSON.stringify(button) + "]") : f.querySelector("button");
  const form = forms.find(pressed);
  if (!form) return "no form " + action + " with the button " + button;
  for (const details of form.querySelectorAll("details")) details.open = true;
  for (let d = form.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  for (const [name, all] of Object.entries(values)) for (const value of all) {
    const fields = [...form.elements].filter((e) => e.name === name);
    if (!fields.length) return "no field " + name;
    if (value[0] === "+" || value[0] === "-") {
      const box = fields.find((e) => e.value === value.slice(1));
      if (!box) return "no box " + name + " " + value;
      if (box.checked !== (value[0] === "+")) box.click();
    } else if (fields[0].tagName === "SELECT") {
      fields[0].value = value;
      fields[0].dispatchEvent(new Event("change", { bubbles: true }));
    } else {
      fields[0].focus();
      fields[0].select();
      if (!document.execCommand("insertText", false, value)) return "not typed: " + name;
    }
  }
  pressed(form).id ||= "press-this";
  window.press = pressed(form);
  return "";
})`

func (c *Clicking) Send(action, button string, values url.Values) string {
	c.T.Helper()
	if values == nil {
		values = url.Values{}
	}
	args, err := json.Marshal([]any{action, button, values})
	if err != nil {
		c.T.Fatal(err)
	}
	if problem := Run(c.T, c.Ctx, chromedp.Evaluate[string](fillIn+"(..."+string(args)+")")); problem != "" {
		c.T.Fatalf("%s: %s", c.At(), problem)
	}
	c.Press("window.press.click()")
	return c.HTML()
}

// quiet holds the pages to nothing for the browser to complain of.
func (c *Clicking) Quiet() {
	c.T.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, said := range c.complaints {
		// That a thing is not there is an answer, and no fault of a page.
		if !strings.Contains(said, "status of 4") {
			c.T.Errorf("the browser complains: %s", said)
		}
	}
}

// look has the pages so wide, and dark where it is.
func (c *Clicking) Look(width int, dark bool) {
	c.T.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	Run(c.T, c.Ctx, Command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: 900, DeviceScaleFactor: 1}))
	Run(c.T, c.Ctx, Command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}}))
}

// picture keeps a picture of the page, as high as it is.
func (c *Clicking) Picture(file string) {
	c.T.Helper()
	c.Look(1120, false)
	Run(c.T, c.Ctx, chromedp.Evaluate[any](`document.activeElement.blur(), scrollTo(0, 0), 0`))
	height := Run(c.T, c.Ctx, chromedp.Evaluate[float64](`Math.min(1400, document.documentElement.scrollHeight)`))
	Run(c.T, c.Ctx, Command(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 1120, Height: int64(height), DeviceScaleFactor: 1}))
	if err := os.WriteFile(file, Run(c.T, c.Ctx, chromedp.CaptureScreenshot()), 0o644); err != nil {
		c.T.Error(err)
	}
	c.Look(1280, false)
}

// Until waits for what comes of what was done.
func (c *Clicking) Until(script string) {
	c.T.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(40 * time.Millisecond) {
		there, err := chromedp.Run(c.Ctx, chromedp.Evaluate[bool](script))
		if err == nil && there {
			return
		}
		if time.Now().After(end) {
			Shoot(c.T, c.Ctx, "failed")
			c.T.Fatalf("%s: it never comes to %s", c.At(), script)
		}
	}
}

// Keys presses keys.
func (c *Clicking) Keys(keys string) {
	c.T.Helper()
	Run(c.T, c.Ctx, chromedp.KeyEvent(keys))
}
