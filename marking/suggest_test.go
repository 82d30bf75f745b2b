package marking_test

import (
	"errors"
	"strings"
	"testing"

	"cordon/marking"
)

// means reports whether two texts are the same marking, or both empty.
func means(set *marking.Set, a, b string) bool {
	m, err := set.Parse(a)
	n, err2 := set.Parse(b)
	return a == b || err == nil && err2 == nil && m.Equal(n)
}

// A mistake that can be mended one way is refused with the text that was meant;
// one that could have meant several has no suggestion. None is wrong.
func TestSuggestions(t *testing.T) {
	set := marking.NewSet(all()...)
	right := 0
	for _, c := range []struct{ text, want string }{
		// Separators.
		{"SECRET NOFORN", "S//NF"},
		{"SECRET-NOFORN", "S//NF"},
		{"SECRET USA GBR EYES ONLY", "S//USA/GBR EYES ONLY"},
		{"SECRET UK EYES ONLY", ""}, // another country's: nothing is given to the USA
		{"SECRET CAN EYES ONLY", ""},
		{"SECRET AUS/NZL EYES ONLY", ""},
		{"SECRET/NOFORN", "SECRET//NOFORN"},
		{"SECRET // NOFORN", "SECRET//NOFORN"},
		{"TOP SECRET SI NOFORN", "TS//SI//NF"},
		{"TOP-SECRET//SI//NOFORN", "TOP SECRET//SI//NOFORN"},
		{"TOPSECRET//NOFORN", "TOP SECRET//NOFORN"},
		{"TS/SI/NF", "TS//SI//NF"},
		{"TS//SI/NF", "TS//SI//NF"},
		{"S//OC//NF", "S//OC/NF"},
		{"S//NF//OC", "S//OC/NF"},
		{"S//NF/OC", "S//OC/NF"},
		{"S\\\\NF", "S//NF"},
		{"S//NF.", "S//NF"},
		{"S//NF,", "S//NF"},
		{"S//", ""},
		{"TLP AMBER STRICT", "TLP:AMBER+STRICT"},
		{"TLP-RED", "TLP:RED"},
		{"TLP=RED", "TLP:RED"},
		{"TLP_RED", "TLP:RED"},
		{"TLP;RED", "TLP:RED"},
		{"TLP: RED", "TLP:RED"},
		{"TLPRED", "TLP:RED"},
		{"TLP RED", "TLP:RED"},
		// Brackets and quotation marks.
		{"[TLP:RED]", "TLP:RED"},
		{"[S//NF]", "S//NF"},
		{"\"TLP:RED\"", "TLP:RED"},
		{"`S//NF`", "S//NF"},
		{"**TLP:GREEN**", "TLP:GREEN"},
		{"<TLP:AMBER>", "TLP:AMBER"},
		{"（S//NF）", "S//NF"},
		// Case and letters.
		{"Secret", "S"},
		{"secret//noforn", "SECRET//NOFORN"},
		{"Top Secret", "TS"},
		{"s//nf", "S//NF"},
		{"Unclassified", "U"},
		{"Tlp:Red", "TLP:RED"},
		{"TLP:Amber", "TLP:AMBER"},
		{"TLP:AMBRE", "TLP:AMBER"},
		{"TLP:REDD", "TLP:RED"},
		{"TLP:GREN", "TLP:GREEN"},
		{"TLP:GRÜN", "TLP:GREEN"},
		{"PAP RED", "PAP:RED"},
		{"SECERT//NOFORN", "SECRET//NOFORN"},
		{"SECRET//NOFRON", "SECRET//NOFORN"},
		{"SECRET//NOFORM", "SECRET//NOFORN"},
		{"SECRET//NO FORN", "SECRET//NOFORN"},
		{"SECRET//NF", "SECRET//NOFORN"},
		{"S//NOFORN", "S//NF"},
		{"UNCLAS", ""},
		{"UNCLASSIFED//FOUO", "UNCLASSIFIED//FOUO"},
		{"FOUO", "U//FOUO"},
		{"U/FOUO", "U//FOUO"},
		{"CONFIDENTAL", "CONFIDENTIAL"},
		// Lists.
		{"S//REL TO USA, GER", "S//REL TO USA, DEU"},
		{"S//REL TO USA, UAE", "S//REL TO USA, ARE"},
		{"S//REL TO USA, UK", "S//REL TO USA, GBR"},
		{"S//REL TO USA, ENG", "S//REL TO USA, GBR"},
		{"S//REL TO USA,GBR", "S//REL TO USA, GBR"},
		{"S//REL TO USA GBR", "S//REL TO USA, GBR"},
		{"S//REL TO GBR", "S//REL TO USA, GBR"},
		{"S//REL TO GBR, USA", "S//REL TO USA, GBR"},
		{"S//REL TO USA, GBR, AUS", "S//REL TO USA, AUS, GBR"},
		{"S//REL TO USA, NATO, GBR", "S//REL TO USA, GBR, NATO"},
		{"S//REL USA, GBR", "S//REL TO USA, GBR"},
		{"S//REL TO USA AND GBR", "S//REL TO USA, GBR"},
		{"S//REL TO USA", ""},
		{"S//RELTO USA, GBR", "S//REL TO USA, GBR"},
		{"S//REL TO FVEY", "S//REL TO USA, FVEY"},
		{"S//REL TO USA, FRENCH", ""},
		{"S//REL TO USA, GERMANY", "S//REL TO USA, DEU"},
		{"S//REL TO USA, CANADA", "S//REL TO USA, CAN"},
		{"S//REL TO USA, SPA", "S//REL TO USA, ESP"},
		// Other schemes.
		{"NATO SECRET//NF", "//NS//NF"},
		{"NATO SECRET//NOFORN", "//NS//NF"},
		{"COSMIC TOP SECRET//BOHEMIA", "//CTS//BOHEMIA"},
		{"NATO-SECRET", "NATO SECRET"},
		{"Nato Secret", "NATO SECRET"},
		{"NATO TOP SECRET", ""},
		{"UX SECRET", ""},
		{"US SECRET", ""},
		{"OFFICIAL SENSITIVE", ""},
		{"UK OFFICIAL SENSITIVE", "UK OFFICIAL-SENSITIVE"},
		{"Official-Sensitive", ""},
		{"UK SECRET UK/US EYES", ""},
		{"UK SECRET - US/UK EYES ONLY", "UK SECRET - UK/US EYES ONLY"},
		{"EU-RESTRICTED", "RESTREINT UE/EU RESTRICTED"},
		{"RESTREINT UE / EU RESTRICTED", "RESTREINT UE/EU RESTRICTED"},
		{"h1/h2", "H1/H2"},
		{"H2/H1", "H1/H2"},
		{"CUI//PRVCY/SP-CTI", "CUI//SP-CTI/PRVCY"},
		{"CUI//NF//PRVCY", "CUI//PRVCY//NF"},
		{"CUI/PRVCY", "CUI//PRVCY"},
		{"VS Nfd", "VS-NfD"},
		{"AUS S//REL AUS/GBR/CAN", "AUS S//REL AUS/CAN/GBR"},
	} {
		_, err := set.Parse(c.text)
		var e *marking.Error
		if err == nil {
			t.Errorf("%q is read", c.text)
			continue
		}
		if !errors.As(err, &e) || !means(set, e.Suggestion, c.want) {
			t.Errorf("%q: suggests %q %q, want %q", c.text, e.Suggestion, e.Readings, c.want)
			continue
		}
		if c.want != "" {
			right++
		}
	}
	if right < 80 {
		t.Errorf("%d suggestions are right", right)
	}
}

// A letter that cannot be told from another, or not be seen, is named by its code
// point: the message would otherwise show a text that looks right.
func TestStrangeLettersAreNamed(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	for text, want := range map[string]string{
		"\u0405//NF":             "its \u0405 is U+0405 and no S",
		"S//N\u00adF":            "it holds U+00AD, which is not seen",
		"S\u2215\u2215NF":        "its \u2215 is U+2215 and no /",
		"S//\u039d\u200b\u202eF": "its \u039d is U+039D and no N, it holds U+200B, which is not seen, it holds U+202E, which is not seen",
	} {
		_, err := set.Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := set.Parse("S//NOFRON"); err == nil || strings.Contains(err.Error(), "U+") {
		t.Error(err)
	}
}
