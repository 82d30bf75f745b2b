package us

import (
	"regexp"
	"strings"
	"testing"

	"cordon/internal/harness/sample"
)

var (
	markPattern   = regexp.MustCompile(`\(\s*(?:(?:TS|S|C|U)(?:\s*//[^()]*)?|//[^()]*)\s*\)`)
	bannerPattern = regexp.MustCompile(`(?:(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED)|//(?:JOINT (?:TOP SECRET|SECRET)|COSMIC TOP SECRET|NATO SECRET|DEU SECRET)[A-Z ]*)//[A-Z0-9/,\- ]+`)
	spaced        = regexp.MustCompile(` *([/]+|\)|\() *`)
)

// notExamples are parenthesised texts of the manual that are no marks but
// prose or forms to fill in.
var notExamples = map[string]bool{
	"(S//NF tetragraphs)":                        true,
	"(S//REL TO [USA, list])":                    true,
	"(U//FOUO Version)":                          true,
	"(//JOINT S [trigraphs and/or tetragraphs])": true,
	"(TS//SI-G ABCD//OC/[Explicit FD&R])":        true,
	"(S//PR/[Exp licit FD& R])":                  true,
}

// scanned are places where the text of the released scan has a space inside a
// code.
var scanned = strings.NewReplacer("RSV-AB C", "RSV-ABC", "SI-AB C", "SI-ABC", "C AN", "CAN", "G BR", "GBR", "FV EY", "FVEY", "FVE Y", "FVEY",
	"A CGU", "ACGU", "N ZL", "NZL", "LES -NF", "LES-NF")

// Every portion mark printed in the manual parses, and prints back to the
// letter. HCS-P JJJ-P DDDD (J) and U//LES//REL TO (H.9) are printed against the
// manual's own syntax and come back in the form of A.6.
func TestManualPortionMarks(t *testing.T) { sample.Each(t, manualPortionMarks) }

func manualPortionMarks(t *testing.T, s sample.Set) {
	own := map[string]string{
		"TS//HCS-P JJJ-P DDDD//OC/NF": "TS//HCS-P DDDD JJJ//OC/NF",
		"U//LES//REL TO USA, FVEY":    "U//REL TO USA, FVEY//LES",
	}
	n := 0
	for _, found := range markPattern.FindAllString(string(s.Read(t, "ic-markings-manual.md")), -1) {
		text := scanned.Replace(spaced.ReplaceAllString(found, "$1"))
		if notExamples[text] {
			continue
		}
		n++
		m, err := Scheme().ParsePortion(text)
		if err != nil {
			t.Errorf("%s: %v", found, err)
			continue
		}
		want := strings.Trim(text, "()")
		if w, ok := own[want]; ok {
			want = w
		}
		if m.Portion() != want {
			t.Errorf("%s prints as %s", text, m.Portion())
		}
	}
	if n < sample.Pick(s, 130, 1200) {
		t.Errorf("only %d portion marks found", n)
	}
}

// Every banner printed in sections A to J parses; written with abbreviations it
// prints back to the letter.
func TestManualBanners(t *testing.T) { sample.Each(t, manualBanners) }

func manualBanners(t *testing.T, s sample.Set) {
	// The footer of H.8 DISPLAY ONLY, Example Page 5, separates two
	// dissemination controls by "//", against A.6 and its own header.
	slips := map[string]bool{"SECRET//REL TO USA, IRQ//DISPLAY ONLY AFG": true}
	n := 0
	for _, found := range bannerPattern.FindAllString(string(s.Read(t, "ic-markings-manual.md")), -1) {
		text := scanned.Replace(spaced.ReplaceAllString(strings.TrimRight(found, " ,"), "$1"))
		for _, tail := range []string{" UNCLASSIFIED//LAW ENFORCEMENT SENSITIVE", " T"} {
			text = strings.TrimSuffix(text, tail)
		}
		if slips[text] || strings.HasSuffix(text, "/") || strings.Contains(text, " - ") {
			continue
		}
		n++
		m, err := Scheme().ParseBanner(text)
		if err != nil {
			t.Errorf("%s: %v", found, err)
			continue
		}
		again, err := Scheme().ParseBanner(m.Banner())
		if err != nil || again.Banner() != m.Banner() {
			t.Errorf("%s prints as %s, which reads as %v %v", text, m.Banner(), again, err)
		}
		if !hasTitle(text) && m.Banner() != text && text != "TOP SECRET//HCS-P JJJ-P DDDD//ORCON/NOFORN" {
			t.Errorf("%s prints as %s", text, m.Banner())
		}
	}
	if n < sample.Pick(s, 15, 150) {
		t.Errorf("only %d banners found", n)
	}
}

// hasTitle reports whether a banner spells out a marking that has an
// abbreviation.
func hasTitle(text string) bool {
	for _, word := range []string{"GAMMA", "TALENT", "RISK", "ORIGINATOR", "RESTRICTED", "SPECIAL", "RELEASABLE", "OFFICIAL", "CONTROLLED", "LAW", "DISTRIBUTION", "BUT UN"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// The worked mixtures of the manual whose example pages the extracted cases
// leave out.
func TestManualMixtures(t *testing.T) {
	for _, c := range []struct {
		section  string
		portions []string
		want     string
	}{
		{"H.3 Example Page 1", []string{"//JOINT S CAN GBR USA//REL TO USA, CAN, GBR", "//JOINT S CAN GBR USA//REL TO USA, FVEY"}, "//JOINT SECRET CAN GBR USA//REL TO USA, CAN, GBR"},
		{"H.3 Example Page 3", []string{"//JOINT S GBR USA//REL TO USA, GBR", "//JOINT S GBR USA//REL TO USA, FVEY", "//JOINT S GBR USA//FGI NZL//REL TO USA, FVEY"}, "//JOINT SECRET GBR USA//FGI NZL//REL TO USA, GBR"},
		// Example Page 4 prints FGI ISAF NATO and keeps GBR released, since
		// ISAF was authorised to be expanded there; the rule of H.3,
		// Derivative Use, puts every JOINT owner into FGI.
		{"H.3 Derivative Use", []string{"//JOINT S GBR USA//REL TO USA, GBR", "//NIS//REL TO USA, ISAF, NATO"}, "SECRET//FGI GBR ISAF NATO//NOFORN"},
		{"H.4 RSV Example Page", []string{"TS//RSV-ABC//NF", "TS//RSV-123//NF"}, "TOP SECRET//RSV-123-ABC//NOFORN"},
		{"H.4 HCS", []string{"S//HCS//NF", "S//HCS-O//OC/NF"}, "SECRET//HCS-O-P//ORCON/NOFORN"},
		{"H.4 KANDIK Example Page 2", []string{"TS//TK-KAND ABCD//NF", "TS//TK-IDIT//NF"}, "TOP SECRET//TK-IDIT-KAND ABCD//NOFORN"},
		{"H.6 SIGMA", []string{"S//RD-SG 20//NF", "S//FRD-SG 14//NF", "S//TFNI//NF"}, "SECRET//RD-SIGMA 14 20//NOFORN"},
		{"H.6 UCNI", []string{"U//DCNI", "S//REL TO USA, GBR"}, "SECRET//NOFORN"},
		{"H.6 UCNI", []string{"U//UCNI", "S"}, "SECRET"},
		{"H.7 Example Page 1", []string{"TS//REL TO USA, CAN, DEU", "TS//FGI DEU//REL TO USA, CAN, DEU", "//CAN S//REL TO USA, CAN, DEU"}, "TOP SECRET//FGI CAN DEU//REL TO USA, CAN, DEU"},
		{"H.7 Example Page 4", []string{"S//REL TO USA, AUS", "//CAN S//REL TO USA, AUS, CAN, GBR", "//DEU TS//NF"}, "TOP SECRET//FGI CAN DEU//NOFORN"},
		{"H.7 Example Page 5", []string{"S//FGI CAN//REL TO USA, CAN, GBR", "//GBR S//REL TO USA, CAN, GBR"}, "SECRET//FGI CAN GBR//REL TO USA, CAN, GBR"},
		{"H.7", []string{"S//RD//NF", "//NS//ATOMAL"}, "SECRET//RD/ATOMAL//FGI NATO//NOFORN"},
		{"H.7 RESTRICTED", []string{"//DEU R//REL TO USA, DEU", "U//REL TO USA, DEU"}, "CONFIDENTIAL//FGI DEU//REL TO USA, DEU"},
		{"H.8 IMCON Example Page 2", []string{"S//IMC/REL TO USA, AUS, CAN, GBR, NZL", "TS//NF"}, "TOP SECRET//IMCON/NOFORN"},
		{"H.8 PROPIN", []string{"U//PR", "U//FOUO"}, "UNCLASSIFIED//PROPIN"},
		{"H.8 REL TO Example Page 3", []string{"S//REL TO USA, FVEY", "C//REL TO USA, ISAF"}, "SECRET//NOFORN"},
		{"H.8 REL TO Example Page 5", []string{"S//REL TO USA, JPN, NZL", "S//REL TO USA, NZL"}, "SECRET//REL TO USA, NZL"},
		{"D.2 Table 3, 22", []string{"S//REL TO USA, CAN, NZL", "S//USA/CAN/GBR EYES ONLY"}, "SECRET//REL TO USA, CAN"},
		{"D.2 Table 3, 23", []string{"S//REL TO USA, FVEY", "S//REL TO USA, ACGU"}, "SECRET//REL TO USA, AUS, CAN, GBR"},
		{"H.8 EYES Example Page", []string{"TS//USA/CAN/GBR EYES ONLY"}, "TOP SECRET//USA/CAN/GBR EYES ONLY"},
		{"H.8 RELIDO Example Page 2", []string{"S//RELIDO", "S//REL TO USA, AUS, CAN/RELIDO"}, "SECRET//RELIDO"},
		{"H.8 RELIDO Example Page 3", []string{"S//RELIDO", "S//REL TO USA, AUS, CAN"}, "SECRET//NOFORN"},
		{"H.8 DEA SENSITIVE Example Page 2", []string{"U//DSEN", "S//NF/DSEN"}, "SECRET//NOFORN/DEA SENSITIVE"},
		{"H.8 DISPLAY ONLY Example Page 2", []string{"S//DISPLAY ONLY AFG", "S//DISPLAY ONLY AFG, IRQ"}, "SECRET//DISPLAY ONLY AFG"},
		{"H.8 DISPLAY ONLY Example Page 3", []string{"S//DISPLAY ONLY AFG", "S//DISPLAY ONLY IRQ"}, "SECRET//NOFORN"},
		{"H.8 DISPLAY ONLY Example Page 4", []string{"S//REL TO USA, IRQ", "S//DISPLAY ONLY IRQ"}, "SECRET//DISPLAY ONLY IRQ"},
		{"H.8 DISPLAY ONLY Example Page 5", []string{"S//REL TO USA, IRQ/DISPLAY ONLY AFG", "S//REL TO USA, IRQ/DISPLAY ONLY AFG"}, "SECRET//REL TO USA, IRQ/DISPLAY ONLY AFG"},
		{"H.8 DISPLAY ONLY Example Page 6", []string{"S//REL TO USA, AFG/DISPLAY ONLY IRQ", "S//REL TO USA, GBR/DISPLAY ONLY PAK"}, "SECRET//NOFORN"},
		{"H.8 DISPLAY ONLY Example Page 7", []string{"S//DISPLAY ONLY IRQ", "S//RELIDO"}, "SECRET//NOFORN"},
		{"H.9 LIMDIS Example Page 2", []string{"U//DS", "S//NF"}, "SECRET//NOFORN"},
		{"H.9 LIMDIS", []string{"//NU//DS", "//NR"}, "CONFIDENTIAL//FGI NATO"},
		{"H.9 EXDIS, NODIS", []string{"S//NF//XD", "C//NF//ND", "S//REL TO USA, GBR"}, "SECRET//NOFORN//NODIS"},
		{"H.9 SBU NOFORN Example Page 3", []string{"U//SBU-NF", "U//FOUO/NF"}, "UNCLASSIFIED//NOFORN//SBU"},
		{"H.9 LES Example Page 4", []string{"S//NF", "U//LES"}, "SECRET//NOFORN//LES"},
		{"Roll-up Guidance for ISM 2.2", []string{"S//REL TO USA, AUS, CAN, FRA, YEM", "S//REL TO USA, FRME"}, "SECRET//REL TO USA, AUS, CAN, FRA"},
		{"Roll-up Guidance for ISM 2.2", []string{"U", "S//REL TO USA, GFNX"}, "SECRET//REL TO USA, GFNX"},
		{"Roll-up Guidance for ISM 2.2", []string{"U//FOUO", "S//REL TO USA, GFNX"}, "SECRET//NOFORN"},
		{"Roll-up Guidance for ISM 2.2", []string{"S//REL TO USA, AUS, CAN, GFNX", "S//REL TO USA, GFNX"}, "SECRET//REL TO USA, GFNX"},
		{"Roll-up Guidance for ISM 2.2", []string{"S//REL TO USA, CAN", "S//DISPLAY ONLY CAN"}, "SECRET//DISPLAY ONLY CAN"},
		{"J", []string{"S//TK//NF", "//FGI S//NF"}, "SECRET//TK//FGI//NOFORN"},
		{"J", []string{"//DEU S//REL TO USA, DEU"}, "//DEU SECRET//REL TO USA, DEU"},
	} {
		if got := rolled(t, c.portions...).Banner(); got != c.want {
			t.Errorf("%s: %q gives %s, want %s", c.section, c.portions, got, c.want)
		}
	}
}

// A roll-up is refused only where a portion's list is that of a banner not at
// hand, and only when it matters.
func TestUnresolved(t *testing.T) {
	in := []string{"S//REL TO USA, GBR", "S//REL"}
	_, err := Scheme().RollUp(marks(t, in...))
	if err == nil || !strings.Contains(err.Error(), "portions 2") {
		t.Errorf("%q: %v", in, err)
	}
	if got := rolled(t, "S//NF", "S//REL").Portion(); got != "S//NF" {
		t.Errorf("got %s", got)
	}
}
