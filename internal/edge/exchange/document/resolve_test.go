package document_test

import (
	"strings"
	"testing"

	"cordon/internal/edge/exchange/document"
)

func TestAShortRELTakesTheListOfItsBanner(t *testing.T) {
	read := func(text string) (document.Document, error) {
		return document.ReadMarkdown("x.md", strings.NewReader(text), document.Options{Schemes: schemes()})
	}
	d, err := read("SECRET//REL TO USA, GBR\n\n# (U) Title\n\n(S//REL) Text.\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Portions[0].Marks.Portion(); got != "S//REL TO USA, GBR" {
		t.Errorf("marked %s", got)
	}
	for _, text := range []string{
		"# (U) Title\n\n(S//REL) Text.\n",
		"SECRET//NOFORN\n\n# (U) Title\n\n(S//REL) Text.\n\n(S//NF) More.\n",
	} {
		if _, err := read(text); err == nil || !strings.Contains(err.Error(), "REL") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
