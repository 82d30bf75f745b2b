package document_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/exchange/document"
)

// manualPath is the real manual, beside the repository and not in it.
const manualPath = "../../../../shared/data/ic-markings-manual.md"

func manual(tb testing.TB) []byte {
	tb.Helper()
	src, err := os.ReadFile(manualPath)
	if errors.Is(err, os.ErrNotExist) {
		tb.Skipf("SKIPPED: the real manual is not at %s", manualPath)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return src
}

func TestManual(t *testing.T) {
	src := manual(t)
	d, err := document.ReadMarkdown("manual.md", bytes.NewReader(src), document.Options{Schemes: schemes()})
	if err != nil {
		report(t, err)
		t.FailNow()
	}
	own := 0
	count := map[cordon.PortionKind]int{}
	marks := map[string]int{}
	for _, p := range d.Portions {
		count[p.Kind]++
		marks[p.Marks.String()]++
		if !p.Inherited {
			own++
		}
		if strings.Contains(p.Text, "end page") {
			t.Error(p.Text)
		}
	}
	t.Log(d.Title.Text, d.Banner, own, len(d.Portions), count, marks, d.Warnings)
}

func report(t *testing.T, err error) {
	t.Helper()
	t.Error(err)
	var e *cordon.Error
	if errors.As(err, &e) {
		for _, i := range e.Issues {
			t.Logf("%s:%d:%d: %s → %s", i.File, i.Line, i.Column, i.Problem, i.Fix)
		}
	}
}
