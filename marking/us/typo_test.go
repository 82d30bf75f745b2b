package us

import (
	"testing"
)

// A slip never passes as a marking, and what was meant is suggested where that
// is one thing.
func TestTypos(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"S//NFX", "S//NF"},
		{"S//NFF", "S//NF"},
		{"S//NNF", "S//NF"},
		{"S//NOF", "S//NF"},
		{"S//N", ""},
		{"S//NF/X", ""},
		{"S//NOFRN", "S//NF"},
		{"S//NORFON", "S//NF"},
		{"S//N0FORN", "S//NF"},
		{"S//NOFORM", "S//NF"},
		{"S//ORCN", "S//OC"},
		{"S//OCR", "S//OC"},
		{"S//0C", "S//OC"},
		{"S//OC/NFX", "S//OC/NF"},
		{"S//ORCON-USGOVT", "S//OC-USGOV"},
		{"S//OC-USGVO", "S//OC-USGOV"},
		{"S//RELIDOO", "S//RELIDO"},
		{"S//RELDIO", "S//RELIDO"},
		{"S//IMCN", "S//IMC"},
		{"S//PROPN", "S//PR"},
		{"S//FISSA", "S//FISA"},
		{"S//DSNE", "S//DSEN"},
		{"S//RELTO USA, GBR", "S//REL TO USA, GBR"},
		{"S//REL TO USA,GBR", "S//REL TO USA, GBR"},
		{"S//REL TO USA GBR", "S//REL TO USA, GBR"},
		{"S//REL TO USA; GBR", "S//REL TO USA, GBR"},
		{"S//REL T0 USA, GBR", "S//REL TO USA, GBR"},
		{"S//RLE TO USA, GBR", "S//REL TO USA, GBR"},
		{"S//REL TO UAS, GBR", "S//REL TO USA, GBR"},
		{"S//REL TO USA, UK", "S//REL TO USA, GBR"},
		{"S//REL TO USA, GBRR", "S//REL TO USA, GBR"},
		{"S//REL TO USA, FVYE", "S//REL TO USA, FVEY"},
		{"S//REL TO USA, NAT0", "S//REL TO USA, NATO"},
		{"S//REL TO USA, IRAQ", "S//REL TO USA, IRQ"},
		{"S//REL TO USA, Oman", "S//REL TO USA, OMN"},
		{"S//REL TO USA, GERMANY", "S//REL TO USA, DEU"},
		{"S//", ""},
		{"S//REL TO USA, GRB", ""}, // GBR, GRC, GRD, GRL
		{"S//DISPLY ONLY AFG", "S//DISPLAY ONLY AFG"},
		{"TS//S1//NF", "TS//SI//NF"},
		{"TS//SIX//NF", "TS//SI//NF"},
		{"TS//IS//NF", ""}, // SI, DS, RS
		{"TS//TKX//NF", "TS//TK//NF"},
		{"TS//SI/KT//NF", "TS//SI/TK//NF"},
		{"TS//SI-NF", "TS//SI//NF"},
		{"TS//SI-TK//NF", "TS//SI/TK//NF"},
		{"TS//TK-BLHF//NF", "TS//TK-BLFH//NF"},
		{"TS//TK-XYZ//NF", ""},
		{"TS//HSC-P//NF", "TS//HCS-P//NF"},
		{"TS//HCSP//NF", "TS//HCS-P//NF"},
		{"TS//HCS-0//OC/NF", "TS//HCS-O//OC/NF"},
		{"S//XYZ", ""},
		{"S//RDD", "S//RD"},
		{"S//RD-CNWD", "S//RD-CNWDI"},
		{"S//FRDD", "S//FRD"},
		{"S//FG1 DEU", "S//FGI DEU"},
		{"S//FGI DEU/NF", "S//FGI DEU//NF"},
		{"S//SAR-BP/NF", "S//SAR-BP//NF"},
		{"S//SAR-BP-NF", ""},
		{"S//SAR-NF", ""},
		{"U//FOUU", "U//FOUO"},
		{"U//FOU0", "U//FOUO"},
		{"U//FUOO", "U//FOUO"},
		{"U//LESS", "U//LES"},
		{"U//LES-NFF", "U//LES-NF"},
		{"U//SBUNF", "U//SBU-NF"},
		{"S//NF//XDD", "S//NF//XD"},
		{"S//NF//NODIS", "S//NF//ND"},
		{"S/NF", "S//NF"},
		{"5//NF", "S//NF"},
		{"TSS//NF", "TS//NF"},
		{"SS//NF", ""}, // S, TS
		{"//NATOO S", ""},
		{"//GBRR S", ""},
	} {
		if m, err := parse(c.text, portionForm); err == nil {
			t.Errorf("%s is accepted as %s", c.text, m.portion)
		} else if got := suggest(c.text, portionForm); got != c.want {
			t.Errorf("%s: suggested %q, want %q", c.text, got, c.want)
		}
	}
	for text, want := range map[string]string{
		"SECRET//NOFRON":           "SECRET//NOFORN",
		"SECERT//NOFORN":           "SECRET//NOFORN",
		"TOPSECRET//NOFORN":        "TOP SECRET//NOFORN",
		"TOP SECRET//XUNPUP":       "",
		"SECRET//ORCN":             "SECRET//ORCON",
		"SECRET//REL TO USA, GBRR": "SECRET//REL TO USA, GBR",
		"UNCLASSIFED//FOUO":        "UNCLASSIFIED//FOUO",
	} {
		if m, err := parse(text, bannerForm); err == nil {
			t.Errorf("%s is accepted as %s", text, m.banner)
		} else if got := suggest(text, bannerForm); got != want {
			t.Errorf("%s: suggested %q, want %q", text, got, want)
		}
	}
}

// Every marking of the register with one letter changed, added or taken away
// is another marking of the register, or is refused: no control vanishes into
// a name that nobody has registered.
func TestEveryEditIsRefused(t *testing.T) {
	registered := map[string]bool{}
	for n := range names() {
		registered[n] = true
	}
	for _, s := range otherSystems {
		registered[s] = true
	}
	n := 0
	for name := range names() {
		for i := 0; i <= len(name); i++ {
			for _, letter := range []string{"", "A", "D", "F", "I", "S", "X", "0"} {
				edits := []string{name[:i] + letter + name[i:]}
				if i < len(name) {
					edits = append(edits, name[:i]+letter+name[i+1:])
				}
				for _, word := range edits {
					for _, f := range [...]form{portionForm, bannerForm} {
						p := parser{s: word, form: f, m: &mark{}}
						if word == "" || registered[word] || !p.systemName(0, word) {
							continue
						}
						t.Errorf("%s, a slip for %s, is a control system", word, name)
					}
					n++
				}
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d edits", n)
	}
}

// A lenient reading guesses nothing: what it would make of a slip might be
// more, or less, than what was meant.
func TestRepairDoesNotGuess(t *testing.T) {
	for _, text := range []string{"S//NFX", "S//OCR", "TS//S1//NF", "TS//SI-NF", "S//REL TO USA, FVYE", "S//REL TO USA, GBRR", "5//NF", "S//NORFON", "S//NF/X", "S//XYZ", "S//REL TO UAS, GBR"} {
		if m, _, err := (scheme{}).Repair(text); err == nil {
			t.Errorf("%s is read as %s", text, m.Portion())
		}
	}
}

// The control systems that the manual prints without publishing them are read,
// also by the titles it gives two of them.
func TestOtherSystems(t *testing.T) {
	for _, s := range otherSystems {
		portion(t, "TS//"+s+"//NF")
	}
	m, err := Scheme().ParseBanner("TOP SECRET//AUNPUB/SI/TALENT KEYHOLE/XUNPUB//NOFORN")
	if err != nil || m.Portion() != "TS//ANB/SI/TK/XNB//NF" {
		t.Errorf("%v, %v", m, err)
	}
}
