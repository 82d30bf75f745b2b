package us

import (
	"strings"
	"testing"

	"cordon/marking"
	"pgregory.net/rapid"
)

func TestExplain(t *testing.T) {
	steps, err := scheme{}.Explain(marks(t, "U", "U//FOUO", "S//REL TO USA, GBR", "//DEU S//NF", "U//LES-NF"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range steps {
		got = append(got, s.Part+": "+s.Result+" ["+s.Section+"]")
	}
	want := []string{
		"classification: SECRET [D.2]",
		"classification: SECRET [H.3 Derivative Use; D.2]",
		"FGI: FGI DEU [D.2; H.7; H.3]",
		"dissemination:  [H.8 FOR OFFICIAL USE ONLY]",
		"release: NOFORN [D.2 Table 3, 1, 2]",
		"release: NOFORN [D.2 Table 3, 3 to 8, 14, 15]",
		"release: NOFORN [D.2 Table 3, 12, 16, 17, 19; B.3 Table 2]",
		"release:  [D.2 Table 3; H.8 NOFORN]",
		"release:  [H.1 UNCLASSIFIED]",
		"non-IC: LES [H.9 LES]",
	}
	if len(got) != len(want) {
		t.Fatalf("got %d steps:\n%s", len(got), strings.Join(got, "\n"))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("step %d is %q, want %q", i, got[i], want[i])
		}
	}
}

// Every part of a banner is explained, by a rule with its section and at least
// one portion; the results put together are the banner.
func TestExplainComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, in := drawPortions(t, "portions", 1)
		banner := mustRoll(t, in...).Banner()
		steps, err := scheme{}.Explain(in)
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		last := marking.Step{}
		for _, s := range steps {
			if s.Rule == "" || s.Section == "" || len(s.Portions) == 0 {
				t.Fatalf("%v: step %+v", in, s)
			}
			if s.Result != "" && s.Result != last.Result {
				text.WriteString("/" + s.Result)
				last = s
			}
		}
		for _, entry := range strings.FieldsFunc(banner, func(r rune) bool { return r == '/' }) {
			if !strings.Contains(text.String(), entry) {
				t.Fatalf("%v: nothing explains %q of %q: %s", in, entry, banner, text.String())
			}
		}
	})
}
