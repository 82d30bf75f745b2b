package us

import (
	"errors"
	"strings"
	"testing"

	"cordon/marking"
)

// What is refused, where, and what is suggested instead.
func TestMalformed(t *testing.T) {
	for _, c := range []struct {
		text    string
		at      int
		want    string // part of the reason
		suggest string
	}{
		{"", 0, "no marking", ""},
		{"s//nf", 0, "upper case", "S//NF"},
		{"(S//nf)", 4, "upper case", "S//NF"},
		{" S//NF", 0, "space", "S//NF"},
		{"S //NF", 1, "space", "S//NF"},
		{"S// NF", 3, "space", "S//NF"},
		{"S//NF ", 5, "space", "S//NF"},
		{"S/NF", 0, "classification", "S//NF"},
		{"S///NF", 3, "empty", "S//NF"},
		{"S////NF", 3, "empty", "S//NF"},
		{"S//NF//", 7, "empty", "S//NF"},
		{"S//NF/", 6, "empty", "S//NF"},
		{"S\u2013NF", 1, "character", "S//NF"},
		{"SECRET//NF", 0, "classification", "S//NF"},
		{"R", 0, "classification", ""},
		{"X//NF", 0, "classification", ""},
		{"S//NOFRON", 3, "unknown marking NOFRON", "S//NF"},
		{"S//NOFORN", 3, "written otherwise", "S//NF"},
		{"S//NF/NF", 6, "repeated", "S//NF"},
		{"S//NF//OC", 7, "second category", "S//OC/NF"},
		{"S//NF/OC", 6, "order of the register", "S//OC/NF"},
		{"S//NF//SI", 7, "unknown marking SI", "S//SI//NF"},
		{"S//TK/SI", 6, "ascending", "S//SI/TK"},
		{"TS//SI-XYZ-ABC", 11, "ascending", "TS//SI-ABC-XYZ"},
		{"TS//SI-G EFGH ABCD//OC", 14, "ascending", "TS//SI-G ABCD EFGH//OC"},
		{"TS//SI-G ABC//OC", 9, "4 letters", ""},
		{"S//HCS-X", 7, "compartments O and P", ""},
		{"S//RSV", 3, "without a compartment", ""},
		{"S//SI-G//OC", 3, "TOP SECRET", ""},
		{"TS//SI-G//NF", 4, "requires ORCON", "TS//SI-G//OC/NF"},
		{"TS//SI-G//OC-USGOV", 4, "ORCON", ""},
		{"S//HCS-P", 3, "requires NOFORN", "S//HCS-P//NF"},
		{"TS//TK-BLHF//NF", 7, "BLFH, IDIT and KAND", "TS//TK-BLFH//NF"},
		{"U//SI", 3, "classified", ""},
		{"U//SAR-BP", 7, "classified", ""},
		{"S//SAR-BP/SAR-CD", 10, "not repeated", "S//SAR-BP/CD"},
		{"S//REL TO USA", 10, "nobody beside USA", ""},
		{"S//REL TO GBR", 10, "begins with USA", "S//REL TO USA, GBR"},
		{"S//REL TO GBR, USA", 10, "begins with USA", "S//REL TO USA, GBR"},
		{"S//REL TO USA,GBR", 13, "one space", "S//REL TO USA, GBR"},
		{"S//REL TO USA GBR", 10, "begins with USA", "S//REL TO USA, GBR"},
		{"S//REL TO USA, NZL, AUS", 20, "alphabetical", "S//REL TO USA, AUS, NZL"},
		{"S//REL TO USA, NATO, AUS", 21, "countries before", "S//REL TO USA, AUS, NATO"},
		{"S//REL TO USA, GBR, GBR", 20, "repeated", "S//REL TO USA, GBR"},
		{"S//REL TO USA, UK", 15, "unknown country", "S//REL TO USA, GBR"},
		{"S//REL TO USA, ZAP", 15, "unknown country", ""},
		{"S//NF/REL TO USA, GBR", 3, "may not be used with REL TO", ""},
		{"S//REL TO USA, GBR/NF", 19, "order of the register", ""},
		{"S//NF/RELIDO", 3, "may not be used with RELIDO", ""},
		{"S//OC/RELIDO", 3, "may not be used with RELIDO", ""},
		{"S//OC/OC-USGOV", 3, "may not be used with ORCON-USGOV", "S//OC"},
		{"S//FOUO", 3, "UNCLASSIFIED", "S"},
		{"C//IMC", 3, "TOP SECRET or SECRET", ""},
		{"S//DS", 3, "UNCLASSIFIED", "S"},
		{"U//XD", 3, "requires NOFORN", "U//NF//XD"},
		{"S//NF//XD/ND", 7, "together", "S//NF//ND"},
		{"S//RD/FRD", 6, "precedence", ""},
		{"S//CNWDI", 3, "belongs among", ""},
		{"S//RD-N", 6, "unknown subset", "S//RD-CNWDI"},
		{"S//RD-SG 7", 9, "14, 15, 18 and 20", ""},
		{"C//RD-SG 14", 6, "TOP SECRET or SECRET", ""},
		{"S//FGI USA", 7, "USA does not belong", ""},
		{"//FGI S//FGI DEU", 2, "not mixed", ""},
		{"//JOINT S CAN//REL TO USA, CAN", 10, "USA is always an owner", ""},
		{"//JOINT S CAN USA", 2, "requires REL TO", ""},
		{"//JOINT S CAN USA//REL TO USA, GBR", 19, "at least to all its owners", ""},
		{"//JOINT R CAN USA//REL TO USA, CAN", 8, "US classification", ""},
		{"//NATO S", 2, "NATO's own classification", ""},
		{"TS//COMINT", 4, "retired", "TS//SI"},
		{"S//NF(", 5, "parentheses", "S//NF"},
		{"S\x00", 1, "character", ""},
	} {
		_, err := Scheme().ParsePortion(c.text)
		var e *marking.Error
		if !errors.As(err, &e) {
			t.Errorf("%q is accepted", c.text)
			continue
		}
		if e.At != c.at || !strings.Contains(e.Reason, c.want) || e.Suggestion != c.suggest {
			t.Errorf("%q: at %d %q, suggestion %q; want at %d %q, suggestion %q", c.text, e.At, e.Reason, e.Suggestion, c.at, c.want, c.suggest)
		}
		if e.Suggestion != "" {
			if m, err := Scheme().ParsePortion(e.Suggestion); err != nil || m.Portion() != e.Suggestion {
				t.Errorf("%q: the suggestion %q is not canonical: %v", c.text, e.Suggestion, err)
			}
		}
		if e.Scheme != "us" || e.Text != c.text {
			t.Errorf("%q: %+v", c.text, e)
		}
	}
}

// Banners are refused for their own reasons too.
func TestMalformedBanner(t *testing.T) {
	for _, c := range []struct {
		text    string
		at      int
		suggest string
	}{
		{"S//NF", 0, "SECRET//NOFORN"},
		{"SECRET//NF", 8, "SECRET//NOFORN"},
		{"SECRET//ORCON/", 14, "SECRET//ORCON"},
		{"SECRET//DSEN", 8, "SECRET//DEA SENSITIVE"},
		{"Secret//NOFORN", 1, "SECRET//NOFORN"},
		{"SECRET//SBU-NF", 8, ""},
		{"UNCLASSIFIED//SBU-NF", 14, "UNCLASSIFIED//SBU NOFORN"},
		{"SECRET//REL", 8, ""},
		{"//JOINT SECRET//REL TO USA, CAN", 14, ""},
		{"//NS", 2, "//NATO SECRET"},
		{"TOP SECRET//RD-SG 14", 15, "TOP SECRET//RD-SIGMA 14"},
	} {
		_, err := Scheme().ParseBanner(c.text)
		var e *marking.Error
		if !errors.As(err, &e) {
			t.Errorf("%q is accepted", c.text)
			continue
		}
		if e.At != c.at || e.Suggestion != c.suggest {
			t.Errorf("%q: at %d %q, suggestion %q; want at %d, suggestion %q", c.text, e.At, e.Reason, e.Suggestion, c.at, c.suggest)
		}
	}
}

// A lenient reading repairs what is only badly written, and nothing that would
// change what is said.
func TestRepair(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"S//NF", "S//NF"},
		{"SECRET//NOFORN", "S//NF"},
		{"( s / nf )", "S//NF"},
		{"secret//orcon/noforn", "S//OC/NF"},
		{"TS//TK/SI//NF/OC", "TS//SI/TK//OC/NF"},
		{"S//REL TO UK", "S//REL TO USA, GBR"},
		{"S//USA/GBR/CAN EYES ONLY", "S//USA/CAN/GBR EYES ONLY"},
		{"S//SAR-BP/SAR-CD//NOFORN", "S//SAR-BP/CD//NF"},
		{"S//SAR-BP//XNB", "S//XNB//SAR-BP"},
		{"//deu s//rel to usa, deu", "//DEU S//REL TO USA, DEU"},
		{"//NATO SECRET//ATOMAL", "//NS//ATOMAL"},
		{"S//HCS-P", ""},  // would add NOFORN
		{"S//FOUO", ""},   // would leave out FOUO
		{"S//XYZZY!", ""}, // not a marking
		{"hello", ""},
	} {
		m, changed, err := scheme{}.Repair(c.text)
		switch {
		case c.want == "" && err == nil:
			t.Errorf("%q is repaired to %s", c.text, m.Portion())
		case c.want != "" && err != nil:
			t.Errorf("%q: %v", c.text, err)
		case c.want != "" && m.Portion() != c.want:
			t.Errorf("%q is repaired to %s, want %s", c.text, m.Portion(), c.want)
		case c.want != "" && (len(changed) == 0) != (c.text == "S//NF" || c.text == "SECRET//NOFORN" || c.text == "//NATO SECRET//ATOMAL"):
			t.Errorf("%q: changed %q", c.text, changed)
		}
	}
}

func TestClaims(t *testing.T) {
	for text, want := range map[string]bool{
		"S": true, "S//NF": true, "s//nf": true, "S/NF": true, "//GBR S": true, "SECRET": true, "TOP SECRET//NOFORN": true, " U ": true,
		"b": false, "1": false, "see below": false, "U.S. law": false, "s": false, "c": false, "Since then": false, "TSA": false, "C4ISR": false, "": false, "secret": false, "Unclassified summary": false,
	} {
		if got := (scheme{}).Claims(text); got != want {
			t.Errorf("Claims(%q) = %v", text, got)
		}
	}
}
