package marking_test

import (
	"testing"

	"cordon/marking"
)

// The name of a marking and its value stand apart: in two cells, in two lines, with
// anything between, in one word, or below the name of a column.
func TestFindLabels(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	for _, c := range []struct{ text, want string }{
		{"| TLP | RED |", "field TLP:RED"},
		{"| **TLP** | red |", "field TLP:RED"},
		{"| a | TLP | RED | b |", "field TLP:RED"},
		{"| PAP | AMBER |", "field PAP:AMBER"},
		{"TLP | RED", "field TLP:RED"},
		{"TLP\tRED", "field TLP:RED"},
		{"TLP\nRED", "field TLP:RED"},
		{"TLP:\nRED", "field TLP:RED"},
		{"# TLP\n\nRED", "field TLP:RED"},
		{"- TLP\n  - RED", "field TLP:RED"},
		{"TLP:<br>RED", "line TLP:RED"},
		{"Traffic Light Protocol\nAMBER+STRICT", "field TLP:AMBER+STRICT"},
		{"TLP..........RED", "line TLP:RED"},
		{"TLP . . . . RED", "line TLP:RED"},
		{"TLP……RED", "line TLP:RED"},
		{"TLP→RED", "line TLP:RED"},
		{"TLP 2.0 RED", "line TLP:RED"},
		{"TLP v2 RED", "line TLP:RED"},
		{"TLP2.0: RED", "line TLP:RED"},
		{"TLP 2.0\nRED", "field TLP:RED"},
		{"#TLPRED", "line TLP:RED"},
		{"TLPAMBERSTRICT", "line TLP:AMBER+STRICT"},
		{"#paired", ""},
		{"| Handling | text |\n|---|---|\n| amber | pier |", "field ?"},
		{"Handling: amber", "field ?"},
		{"Marking\n: RED", "field ?"},
		{"TLP,RED", "field TLP:RED"},
		{"Traffic lights, red", ""},
		{"Level: red", ""},
		{"| name | NOFORN |\n|---|---|\n| pier | Yes |", "field ?"},
		{"Sensitivity: Restricted", "field word ?"},
		{"TLP\n\nReading of the colours", ""},
		{"| TLP | PAP |\n|---|---|\n| RED | AMBER |", "field TLP:RED; field PAP:AMBER"},
		// CUI is the complete banner of CUI Basic.
		{"CUI", "line CUI"},
		{"**CUI**", "line CUI"},
		{"CUI Category: PRVCY", "field CUI"},
		{"CUI Category(ies): PRVCY", "field CUI"},
		{"CUI is a category", ""},
		{"Distribution Statement D: DoD only", "running CUI"},
		{"DISTRIBUTION STATEMENT D. Distribution authorized to the Department", "running CUI"},
		{"DISTRIBUTION STATEMENT A. Approved for public release", ""},
		// Others.
		{"AGAO", "line ?"},
		{"गोपनीय", "line ?"},
		{"परम गुप्त: text", "line ?"},
		{"LIMITE EN", "line LIMITE"},
		{"Restricted", "running word ?"},
		{"Restricted access", ""},
		{"THIS PAGE IS UNCLASSIFIED; WHEN ATTACHED SECRET", "running S"},
		{"Acme report - Secret - v2", "running S"},
		{"The trade - secret - is old", ""},
	} {
		if got := shown(set, c.text); got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
}

// Letters that anything parts are read as the word they make, and so are those with
// something around each.
func TestFindSpacedLetters(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	for _, c := range []struct{ text, want string }{
		{"S\u00a0E\u00a0C\u00a0R\u00a0E\u00a0T", "line S"},
		{"S\u2003E\u2003C\u2003R\u2003E\u2003T", "line S"},
		{"S&nbsp;E&nbsp;C&nbsp;R&nbsp;E&nbsp;T", "line S"},
		{"S.E.C.R.E.T.", "line S"},
		{"S-E-C-R-E-T", "line S"},
		{"S_E_C_R_E_T", "line S"},
		{"S·E·C·R·E·T", "line S"},
		{"S.E.C.R.E.T.//N.O.F.O.R.N.", "line S//NF"},
		{"T.O.P. S.E.C.R.E.T.", "line TS"},
		{"ⓈⒺⒸⓇⒺⓉ", "line ?"},
		{"🅂🄴🄲🅁🄴🅃", "line ?"},
		{"🇸🇪🇨🇷🇪🇹", "line ?"},
		{"⒮//NF the courier", "line ?"},
		{"U.S.S.R. is gone", ""},
		{"e.g. a b c d e f", ""},
		{"🇳🇨 🇨🇦", ""},
		{"1-2-3-4-5", ""},
	} {
		if got := shown(set, c.text); got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
}

// Nobody takes these for marks of the text: names of things, variables, letters in
// the tags and classes of anything.
func TestFindNamesOfThings(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	for _, c := range []struct{ text, want string }{
		{"$SECRET", ""},
		{"${SECRET}", ""},
		{"`SECRET`", "running S"},
		{"kind: Secret", "running S"},
		{`    secret = "x"`, ""},
		{`SECRET = "x"`, "running S"},
		{"Tags: C, C++, Rust", "cell word C"},
		{"Class: C", "cell word C"},
		{"Classification: C", "field word C"},
		{"Pap: red smear", ""},
	} {
		if got := shown(set, c.text); got != c.want {
			t.Errorf("%q: %s, not %s", c.text, got, c.want)
		}
	}
}
