package pages_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"cordon"
	"cordon/internal/harness/chromium"
	"cordon/internal/harness/pages"
	"cordon/wire"
)

// keyboard is a browser that is used by its keys alone.
type keyboard struct{ *chromium.Clicking }

// tab presses the key Tab until the focus is on what the selector names, and holds
// each stop on the way to be visible.
func (c keyboard) tab(to string) {
	c.T.Helper()
	for range 150 {
		chromium.Run(c.T, c.Ctx, chromedp.KeyEvent("\t"))
		at := chromium.Run(c.T, c.Ctx, chromedp.Evaluate[string](fmt.Sprintf(`(() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  if (e === document.body) return "body";
  if (!e.matches(":focus-visible, input[type^=date]:focus-within") || s.outlineStyle === "none" || !r.width || !r.height || r.bottom < 0 || r.top > innerHeight) return "unseen " + [e.matches(":focus-visible"), s.outlineStyle, r.top, innerHeight] + e.outerHTML.slice(0, 200);
  return e.matches(%q) ? "there" : "";
})()`, to)))
		switch {
		case at == "there":
			return
		case strings.HasPrefix(at, "unseen"):
			c.T.Fatalf("%s: the focus is not to be seen: %s", c.At(), at)
		}
	}
	c.T.Fatalf("%s: the key Tab does not come to %s", c.At(), to)
}

// follows presses keys that lead to another page.
func (c keyboard) follows(keys string) {
	c.T.Helper()
	chromium.Run(c.T, c.Ctx, chromedp.Evaluate[any](`window.before = true; 0`))
	c.Keys(keys)
	c.Until(`document.readyState === "complete" && !window.before`)
}

func (c keyboard) has(text string) {
	c.T.Helper()
	if page := c.HTML(); !strings.Contains(page, text) {
		c.T.Fatalf("%s does not say %q: %s", c.At(), text, pages.Clip(page))
	}
}

// TestByKeyboardAlone: a report is written, found outside and contained with the keys
// Tab, Enter and Space, with letters for what is typed and for the places.
func TestByKeyboardAlone(t *testing.T) {
	t.Parallel()
	chromium.Profile(t)
	w := pages.New(t)
	c := keyboard{chromium.Visiting(t, w)}
	c.tab(`[value="` + pages.Cast["officer"] + `"] ~ p button`)
	c.follows("\r")

	// The keys are shown, and gone again.
	c.Keys("?")
	c.has(`<dialog id="keys" aria-labelledby="keys-title" open="">`)
	c.Keys("\x1b")

	c.Keys("g")
	c.follows("w")
	c.tab(".skip")
	c.Keys("\r")
	c.tab("#title")
	c.Keys("Sailings of the second ferry")
	c.tab("#title-mark")
	c.Keys("U")
	c.tab("[name=mark-1]")
	c.Keys("U")
	c.tab("[name=text-1]")
	const told = "The second ferry sails at nine from the northern pier with forty passengers aboard."
	c.Keys(told)
	c.tab(`button[value=look]`)
	c.follows("\r")
	c.has("Who could read it")
	c.tab(`button[value=publish]`)
	c.follows(" ")
	c.has("Published.")

	c.Keys("g")
	c.follows("n")
	c.tab("#title")
	c.Keys("Found at the pier")
	c.tab(`form[action="/incidents"] button`)
	c.follows("\r")
	room := c.At()
	c.tab(`a[href^="/check?incident="]`)
	c.follows("\r")
	c.tab("#text")
	c.Keys(told)
	c.tab("button[value=scan]")
	c.follows(" ")
	c.tab(`form[action="/incidents/take"] button`)
	c.follows("\r")
	c.has("found just now")
	c.tab("input[name=strike]")
	c.Keys(" ")
	c.tab("button.bad")
	c.follows("\r")
	c.has("What happens to what")
	c.tab("main button.bad")
	c.follows("\r")
	if c.At() != room+"/contain" {
		t.Errorf("at %s", c.At())
	}
	c.has("Contained. Portions struck: 1")
	c.tab(`a[href^="/custody/"]`)
	c.follows("\r")
	c.has(told)
	c.Quiet()
	c.tab(`form[action="/signout"] button`)
	c.follows("\r")
}

// TestAgreedAndAnsweredByKeyboard: an arrangement is proposed and agreed, notices are
// read, a release is asked for and answered, with keys alone.
func TestAgreedAndAnsweredByKeyboard(t *testing.T) {
	t.Parallel()
	chromium.Profile(t)
	w := pages.New(t)
	report, err := w.API.Publish(t.Context(), wire.Draft{
		Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: "Sailings"}, Portions: []wire.PortionDraft{{Marking: "U", Text: "The ferry sails at nine."}},
	})
	if err != nil {
		t.Fatal(err)
	}
	enter := func(who string) keyboard {
		c := keyboard{chromium.Visiting(t, w)}
		c.tab(`[value="` + pages.Cast[who] + `"] ~ p button`)
		c.follows("\r")
		return c
	}
	owner, officer := enter("owner"), enter("officer")

	owner.Keys("g")
	owner.follows("t")
	owner.tab(`a[href="/arrangements/new"]`)
	owner.follows("\r")
	owner.tab("#name")
	owner.Keys("QUIET WATER")
	owner.tab("#marking")
	owner.Keys("U")
	owner.tab(fmt.Sprintf("[name=party][value=%q]", w.IDs["HARBOUR"]))
	owner.Keys(" ")
	owner.tab(`form[action="/arrangements/new"] > button`)
	owner.follows("\r")
	owner.has("hold when one of each has agreed")
	owner.tab("main button")
	owner.follows("\r")
	owner.has("QUIET WATER")

	officer.Keys("g")
	officer.follows("i")
	officer.has("proposes terms")
	officer.tab(`.card a[href^="/arrangements/"]`)
	officer.follows("\r")
	officer.tab("button[value=agree]")
	officer.follows(" ")
	officer.tab("main button")
	officer.follows("\r")
	officer.has("in force")
	officer.Keys("g")
	officer.follows("i")
	officer.tab("[name=notice]")
	officer.Keys(" ")
	officer.tab(`form[action="/notices/read"] button`)
	officer.follows("\r")
	officer.has("Nothing waits for you.")

	officer.Keys("g")
	officer.follows("r")
	officer.tab(fmt.Sprintf(`a[href="/reports/%s"]`, report.Report))
	officer.follows("\r")
	officer.tab(`a[href^="/requests/new"]`)
	officer.follows("\r")
	officer.tab("#audience")
	officer.Keys("COR")
	officer.tab("#purpose")
	officer.Keys("to warn their ferries")
	officer.tab("button[value=look]")
	officer.follows("\r")
	officer.has("What it would take")
	officer.tab("button[value=ask]")
	officer.follows("\r")
	officer.has("to warn their ferries")
	officer.Keys("g")
	officer.follows("a")
	officer.tab(`main a[href^="/answers/"]`)
	officer.follows("\r")
	for range 2 { // the title is a portion too
		officer.tab("[type=radio][value=refuse]")
		officer.Keys(kb.ArrowUp)
	}
	officer.tab("main form > .card button")
	officer.follows("\r")
	officer.has("may have 2 of the 2 portions")
	officer.tab("main button")
	officer.follows("\r")
	officer.has("Your answer is recorded")
	owner.Quiet()
	officer.Quiet()
}

// TestVerifiedInThePage: the browser itself checks the feed, its proofs and the
// signature, and finds what was changed on the way.
func TestVerifiedInThePage(t *testing.T) {
	t.Parallel()
	chromium.Profile(t)
	w := pages.New(t)
	c := chromium.SignedIn(t, w, "officer")
	for i := range 4 {
		if _, err := w.API.Publish(t.Context(), wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: fmt.Sprint("Report ", i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.API.VerifyLedger(t.Context(), wire.VerificationDraft{}); err != nil {
		t.Fatal(err)
	}
	for what, changed := range map[string]string{
		"nothing":    ``,
		"an entry":   `b.entries[1].act = "read"`,
		"its number": `b.entries[2].feedSeq += 1`,
		"a gap":      `b.entries.splice(1, 1)`,
		"the end":    `b.entries.pop()`,
		"the log":    `b.checkpoint = b.checkpoint.replace(/\n\d+\n/, (s) => "\n" + (Number(s) + 1) + "\n")`,
		"the tick":   `b.tick = b.tick.replace("T", "t")`,
		"the size":   `b.slot.size -= 1; b.entries.pop()`,
		"the slot":   `b.slot.path[7] = b.slot.salt`,
	} {
		c.Open("/ledger")
		chromium.Run(t, c.Ctx, chromedp.Evaluate[any](`(() => { const real = window.fetch; window.fetch = async (...all) => {
  const answer = await real(...all), b = await answer.json();
  `+changed+`;
  return { ok: answer.ok, status: answer.status, json: async () => b };
}; document.querySelector("#verify button").click(); return 0 })()`))
		c.Until(`!document.querySelector("#verify button").disabled && document.getElementById("verify-says").textContent !== ""`)
		says := chromium.Run(t, c.Ctx, chromedp.Evaluate[string](`document.getElementById("verify-says").textContent`))
		if holds := strings.HasPrefix(says, "Your feed holds"); holds != (changed == "") || holds && strings.HasSuffix(says, " 0") {
			t.Errorf("with %s changed it says %q", what, says)
		}
	}
	c.Quiet()
}
