package marked_test

import (
	"fmt"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/core/marked"
	"cordon/marking"
	"cordon/marking/eu"
	"cordon/marking/europol"
	"cordon/marking/nato"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

var set = marking.NewSet(us.Scheme(), tlp.Scheme(), europol.Scheme(), nato.Scheme(), eu.Scheme())

// held is what is refused and what is warned of in a text, each by its place.
func held(t *testing.T, portion, text string) string {
	t.Helper()
	marks, err := set.Parse(portion)
	if err != nil {
		t.Fatal(err)
	}
	all, err := marked.Find(set, text)
	if err != nil {
		t.Fatal(err)
	}
	refuse, warn := marked.Hold(set, marks, all)
	var out []string
	for _, i := range marked.Issues(marks, refuse) {
		out = append(out, fmt.Sprintf("refused %d:%d", i.Line, i.Column))
	}
	for _, i := range marked.Issues(marks, warn) {
		out = append(out, fmt.Sprintf("warned %d:%d", i.Line, i.Column))
	}
	return strings.Join(out, ", ")
}

func TestHold(t *testing.T) {
	for _, c := range []struct{ portion, text, want string }{
		{"S//NF", "(S//NF) The pier.", ""},
		{"S//NF", "(S) The pier.", ""},
		{"U", "The pier is shut.", ""},
		{"U", "(S//NF) The pier.", "refused 1:1"},
		{"U", "First line.\n(1) [S//NF] The pier.", "refused 2:5"},
		{"TLP:GREEN", "Zürich is shut. (TLP:RED) The clerk.", "warned 1:17"},
		{"TLP:GREEN", "The pier.\u2028(TLP:RED) The clerk.", "refused 1:11"},
		{"TLP:GREEN", "The pier.<br>(TLP:RED) The clerk.", "refused 1:14"},
		{"TLP:GREEN", "| a | TLP:RED |", "refused 1:7"},
		{"U", "Classification: SECRET", "refused 1:17"},
		// Another scheme's marking is not covered by any in this one.
		{"S//NF", "(TLP:RED) The clerk.", "refused 1:1"},
		// Words and codes.
		{"U", "H1", ""},
		{"H0", "H1", "refused 1:1"},
		{"U", "SECRET", "refused 1:1"},
		{"TLP:GREEN", "SECRET", "warned 1:1"},
		{"U", "| SECRET |", "warned 1:3"},
		// Banners of several words, in a document of another scheme.
		{"U", "NATO CONFIDENTIEL\n\nLe renard.", "refused 1:1"},
		{"U", "SECRET OTAN", "refused 1:1"},
		{"U", "EU SECRET", "refused 1:1"},
		{"U", "UE CONFIDENTIEL", "refused 1:1"},
		{"U", "EU TOP SECRET", "refused 1:1"},
		{"TLP:GREEN", "TOP SECRET", "refused 1:1"},
		// Lines of nothing but the words of markings.
		{"U", "LAW ENFORCEMENT SENSITIVE\nThe pier.", "refused 1:1"},
		{"TLP:GREEN", "LAW ENFORCEMENT SENSITIVE\nThe pier.", "refused 1:1"},
		{"TLP:GREEN", "REL TO USA, GBR", "refused 1:1"},
		{"TLP:GREEN", "DRAFT SECRET", "refused 1:1"},
		{"S//NF", "DRAFT SECRET", ""},
		{"TLP:GREEN", "SECRET (Annex A)", "refused 1:1"},
		{"S//NF", "TOP SECRET STRAP 2", "refused 1:1"},
		{"S", "SECRET until 2030", ""},
		{"TLP:GREEN", "Law Enforcement Sensitive", "warned 1:1"},
		{"U", "Law Enforcement Sensitive", "refused 1:1"},
		{"TLP:GREEN", "COMPANY CONFIDENTIAL", "warned 1:9"},
		{"TLP:GREEN", "THE SECRET", ""},
		{"U", "(OC) The pier.", "refused 1:1"},
		{"TLP:GREEN", "(OC) The pier.", ""},
		{"TLP:GREEN", "ANN (TLP:RED): The pier.", "refused 1:5"},
		{"U", "TLP RED", "refused 1:1"},
		// Spelled out before the text.
		{"U", "SECRET: the pier", "refused 1:1"},
		{"TLP:GREEN", "SECRET: the pier", "refused 1:1"},
		{"S//NF", "SECRET: the pier", ""},
		{"U", "Secret: the pier", "refused 1:1"},
		{"TLP:GREEN", "Secret: the pier", "warned 1:1"},
		{"U", "SECRET documents were found", "refused 1:1"},
		{"TLP:GREEN", "SECRET documents were found", "warned 1:1"},
		{"U", "TS: the pier", "refused 1:1"},
		{"U", "(C) 2024 Example Ltd.", "warned 1:1"},
		{"TLP:GREEN", "The pier.\n(C) 2019-2024 Nobody, all rights reserved", "warned 2:1"},
		{"U", "(C) 2024 Posture", "refused 1:1"},
		{"U", "(C) Example Ltd.", "refused 1:1"},
		{"TLP:GREEN", "TS: the pier", ""},
		{"TS", "TS: the pier", ""},
		{"U", "(ts) the pier", "refused 1:1"},
		{"TLP:GREEN", "(ts) the pier", ""},
		{"S//NF", "(S, NF) the pier", ""},
		{"S", "(S/U) the pier", "refused 1:1"},
		{"TS//SI//NF", "(SEGRETO) the pier", "refused 1:1"},
		{"U", "The pier — SECRET", "warned 1:12"},
		{"U", "It is NOFORN.", "warned 1:7"},
		{"U", "name,classification\npier,Secret", "refused 2:6"},
		// Meant as a mark, and unreadable.
		{"TS//SI//NF", "(S//QQQ) The pier.", "refused 1:1"},
	} {
		if got := held(t, c.portion, c.text); got != c.want {
			t.Errorf("%q marked %s: %q, not %q", c.text, c.portion, got, c.want)
		}
	}
}

// The classification authority block is on what is classified.
func TestAuthority(t *testing.T) {
	for _, c := range []struct{ whole, text, want string }{
		{"U", "x\n\nClassified By: J. Doe", "3:1"},
		{"U", "- **Declassify On:** 2030", "1:5"},
		{"TLP:GREEN", "Classified by : J. Doe", "1:1"},
		{"U//FOUO", "Classification Authority: x", "1:1"},
		{"C", "Classified By: J. Doe", ""},
		{"U", "Derived From: the base class", ""},
		{"U", "It was classified by: nobody.", ""},
	} {
		whole, err := set.Parse(c.whole)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if i, bad := marked.HoldAuthority(set, whole, []string{"first", c.text}); bad {
			got = fmt.Sprintf("%d:%d", i.Line, i.Column)
		}
		if got != c.want {
			t.Errorf("%q under %s: %q, not %q", c.text, c.whole, got, c.want)
		}
	}
}

// A mark in brackets at the end of a heading marks it.
func TestInHeading(t *testing.T) {
	portion, err := set.Parse("U")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"Harbour (S//NF)": 1, "Harbour [SECRET]": 1, "Harbour (S//NF) talk": 0, "Harbour, NOFORN": 0} {
		all, err := marked.Find(set, text)
		if err != nil {
			t.Fatal(err)
		}
		refuse, warn := marked.InHeading(marked.Hold(set, portion, all))
		if len(refuse) != want || len(refuse)+len(warn) != 1 {
			t.Errorf("%q: %d refused, %d warned of", text, len(refuse), len(warn))
		}
		for _, i := range marked.Issues(portion, refuse) {
			if !strings.Contains(i.Problem, "at the end of a heading") {
				t.Error(i.Problem)
			}
		}
	}
}

func TestHoldIsBounded(t *testing.T) {
	if got := held(t, "U", strings.Repeat("(S) x\n", 10_000)); got != "refused 1:1" {
		t.Error(got)
	}
	var many strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&many, "(S//SI-%c%c%c) x\n", 'A'+i%26, 'A'+i/26%26, 'A'+i/676%26)
	}
	if _, err := marked.Find(set, many.String()); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Error(err)
	}
	some := many.String()[:30*len("(S//SI-AAA) x\n")]
	if got := held(t, "U", some); strings.Count(got, "refused") != marked.MaxListed+1 {
		t.Error(got)
	}
}
