package us

import (
	"slices"
	"strings"
	"testing"
)

// scenario is a test of ODNI's ISM roll-up (ISM-Rollup.XML V2021-NOV, XSpec,
// approved for public release) in this package's words: portions, and what
// the attributes of the banner are.
type scenario struct {
	name     string
	portions []string
	is       string // "attribute=tokens" by semicolons; nothing after = means absent
	has, not string // tokens of disseminationControls
}

var scenarios = []scenario{
	{"AEARollup: several SIGMA", []string{"S//RD-SG 14 15 20", "TS//RD", "S//RD-SG 18", "U", "C"}, "classification=TS;atomicEnergyMarkings=RD RD-SG-14 RD-SG-15 RD-SG-18 RD-SG-20", "", ""},
	{"AEARollup: UCNI drops from a classified document", []string{"U", "U//DCNI", "U//UCNI", "S"}, "classification=S;atomicEnergyMarkings=", "", ""},
	{"AEARollup: UCNI stays in an unclassified document", []string{"U", "U//DCNI", "U//UCNI"}, "atomicEnergyMarkings=DCNI UCNI", "", ""},
	{"CountryRollup: REL intersection", []string{"U//REL TO USA, AUS, CAN", "U//REL TO USA, AUS, CAN", "S//REL TO USA, AUS"}, "classification=S;releasableTo=USA AUS", "REL", ""},
	{"CountryRollup: nobody in common", []string{"U//REL TO USA, AUS, CAN", "S//REL TO USA, GBR"}, "classification=S;releasableTo=", "NF", "REL"},
	{"CountryRollup: FVEY expands", []string{"U//REL TO USA, AUS, CAN", "U//REL TO USA, AUS, CAN", "S//REL TO USA, FVEY"}, "classification=S;releasableTo=USA AUS CAN", "REL", ""},
	// Its unclassified EYES portions are classified here: H.8 EYES ONLY and ISM-ID-00028 allow no other.
	{"CountryRollup: EYES intersection", []string{"C//USA/AUS/CAN EYES ONLY", "C//USA/AUS/CAN EYES ONLY", "S//USA/AUS EYES ONLY"}, "classification=S;releasableTo=USA AUS", "EYES", ""},
	{"CountryRollup: DISPLAY ONLY breaks REL", []string{"U//REL TO USA, AUS, CAN", "S//DISPLAY ONLY USA, AUS"}, "classification=S;releasableTo=;displayOnlyTo=AUS", "DISPLAYONLY", "REL"},
	{"CountryRollup: uncaveated U has no vote", []string{"U//REL TO USA, AUS, CAN", "U", "U//REL TO USA, AUS"}, "classification=U;releasableTo=USA AUS", "REL", ""},
	{"CountryRollup-Functions: FVEY and others", []string{"S//REL TO USA, DEU, JPN, FVEY", "S//REL TO USA, DEU, FVEY", "S//REL TO USA, DEU, NZL, FVEY"}, "releasableTo=USA DEU FVEY", "REL", ""},
	{"CountryRollup-Functions: APFS does not expand", []string{"S//REL TO USA, AUS, CAN, NZL, FVEY", "S//REL TO USA, AUS, CAN, GBR, NZL, APFS"}, "releasableTo=USA AUS CAN GBR NZL", "REL", ""},
	{"DisplayOnlyRollup: intersection", []string{"S//DISPLAY ONLY AFG, CAN", "S//DISPLAY ONLY AFG, CAN", "S//DISPLAY ONLY CAN"}, "classification=S;displayOnlyTo=CAN", "DISPLAYONLY", "REL NF"},
	{"DissemRollup: OC-USGOV drops beside OC", []string{"S//OC-USGOV", "S//OC-USGOV", "S//OC"}, "disseminationControls=OC", "", ""},
	{"DissemRollup: OC-USGOV stays", []string{"S//OC-USGOV", "S//OC-USGOV", "S//NF"}, "disseminationControls=OC OC-USGOV NF", "", ""},
	{"DissemRollup: order", []string{"S//IMC", "S//FGI//RS/REL TO USA, AUS, CAN", "U//FGI//REL TO USA, AUS, CAN", "S//REL TO USA, AUS"}, "disseminationControls=RS IMC NF", "", ""},
	{"DissemRollup: FOUO drops from a classified document", []string{"U", "U//FOUO", "S"}, "classification=S", "", "FOUO"},
	{"DissemRollup: FOUO stays in an unclassified document", []string{"U", "U//FOUO", "U"}, "classification=U;disseminationControls=FOUO", "", ""},
	{"DissemRollup: DSEN stays in a classified document", []string{"U", "U//DSEN", "S"}, "classification=S", "DSEN", ""},
	{"DissemRollup: DSEN overrides FOUO", []string{"U", "U//FOUO", "U//DSEN", "U"}, "classification=U", "DSEN", "FOUO"},
	{"DissemRollup: DSEN overrides FOUO, classified", []string{"S", "U//FOUO", "U//DSEN", "U"}, "classification=S", "DSEN", "FOUO"},
	// Its FOUO/FISA is FISA here: H.8 FOR OFFICIAL USE ONLY, Commingling.
	{"DissemRollup: FISA", []string{"S", "U//FISA", "U//DSEN", "U"}, "classification=S", "FISA", ""},
	{"DissemRollup: RELIDO and FOUO", []string{"U//FOUO/RELIDO", "U//RELIDO", "U//RELIDO"}, "classification=U", "RELIDO FOUO", ""},
	{"DissemRollup: NF beside RELIDO", []string{"U//FOUO/RELIDO", "U//RELIDO", "U//NF"}, "classification=U;disseminationControls=FOUO NF", "", ""},
	{"FGIRollup: FGI NATO", []string{"U//FGI NATO//REL TO USA, AUS, CAN", "U//REL TO USA, AUS, CAN", "S//REL TO USA, AUS"}, "FGIsourceOpen=NATO", "", ""},
	{"FGIRollup: a NATO portion", []string{"//NU//REL TO USA, AUS, CAN", "U//REL TO USA, AUS, CAN", "S//REL TO USA, AUS"}, "FGIsourceOpen=NATO", "", ""},
	{"FGIRollup: NATO and JOINT", []string{"//NU//REL TO USA, AUS, CAN", "//JOINT U AUS USA//REL TO USA, AUS, CAN", "S//REL TO USA, AUS"}, "FGIsourceOpen=AUS NATO", "", ""},
	{"FGIRollup: a concealed source hides all", []string{"//NU//REL TO USA, AUS, CAN", "U//FGI//REL TO USA, AUS, CAN", "S//REL TO USA, AUS"}, "FGIsourceOpen=;FGIsourceProtected=FGI", "", ""},
	{"ISM-Rollup: NF drops REL", []string{"U//NF", "U//REL", "S//DISPLAY ONLY AFG"}, "classification=S;releasableTo=;displayOnlyTo=", "NF", "REL DISPLAYONLY"},
	{"ISM-Rollup: an unmarked portion drops REL", []string{"S", "U//REL", "S//DISPLAY ONLY AFG"}, "classification=S;releasableTo=", "NF", "REL"},
	{"ISM-Rollup: EYES stays", []string{"S//USA/AUS/CAN EYES ONLY", "C//USA/AUS/CAN EYES ONLY", "S//USA/AUS/CAN EYES ONLY"}, "classification=S;releasableTo=USA AUS CAN", "EYES", "REL NF"},
	{"ISM-Rollup: REL takes the place of EYES", []string{"S//REL TO USA, AUS, CAN", "C//USA/AUS/CAN EYES ONLY", "S//REL TO USA, AUS, CAN/DISPLAY ONLY AFG"}, "classification=S;releasableTo=USA AUS CAN", "REL", "EYES"},
	// Its SI-G is TOP SECRET//ORCON here, as H.4 GAMMA asks.
	{"ISM-Rollup: SCI sorted", []string{"S//TK//IMC", "S//SI//FGI//RS/REL TO USA, AUS, CAN", "S//SI/TK//FGI//REL TO USA, AUS, CAN", "TS//SI-G//OC/REL TO USA, AUS"}, "SCIcontrols=SI SI-G TK", "NF", ""},
	// It keeps SBU in the classified banner; H.9 SBU NOFORN drops it (Example Page 2).
	{"NonICRollup: SBU-NF, classified", []string{"U//SBU-NF", "U//RELIDO", "S//RELIDO"}, "classification=S;nonICmarkings=", "NF", "RELIDO"},
	{"NonICRollup: SBU-NF stays", []string{"U//SBU-NF", "U"}, "classification=U;nonICmarkings=SBU-NF", "", "NF"},
	{"NonICRollup: SBU-NF beside NF", []string{"U//SBU-NF", "U//NF"}, "classification=U;nonICmarkings=SBU", "NF", ""},
	{"NonICRollup: SBU-NF beside REL", []string{"U//SBU-NF", "U//REL TO USA, FVEY", "U"}, "classification=U;nonICmarkings=SBU", "NF", "REL"},
	{"NonICRollup: SBU-NF beside DISPLAY ONLY", []string{"U//SBU-NF", "U//DISPLAY ONLY USA, FVEY", "U"}, "classification=U;nonICmarkings=SBU", "NF", "DISPLAYONLY"},
	{"Roll-up Guidance 2.2: FRME", []string{"S//REL TO USA, AUS, CAN, FRA, YEM", "S//REL TO USA, FRME"}, "releasableTo=USA AUS CAN FRA", "REL", ""},
	{"Roll-up Guidance 2.2: GFNX on every portion", []string{"S//REL TO USA, AUS, CAN, GFNX", "S//REL TO USA, GFNX"}, "releasableTo=USA GFNX", "REL", ""},
	{"Roll-up Guidance 2.2: U", []string{"U", "S//REL TO USA, GFNX"}, "releasableTo=USA GFNX", "REL", ""},
	{"Roll-up Guidance 2.2: U//FOUO", []string{"U//FOUO", "S//REL TO USA, GFNX"}, "releasableTo=", "NF", "REL FOUO"},
	{"Roll-up Guidance 2.2: DISPLAY ONLY", []string{"S//REL TO USA, CAN", "S//DISPLAY ONLY CAN"}, "displayOnlyTo=CAN", "DISPLAYONLY", "REL"},
	{"ISMCAT 2022-NOV: TEYE", []string{"S//REL TO USA, TEYE", "S//REL TO USA, AUS, CAN, GBR"}, "releasableTo=USA AUS GBR", "REL", ""},
}

func TestScenarios(t *testing.T) {
	for _, s := range scenarios {
		whole := rolled(t, s.portions...)
		a, err := ToISM(whole)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		for _, want := range strings.Split(s.is, ";") {
			attr, tokens, _ := strings.Cut(want, "=")
			if field := a.field(attr); field == nil || *field != tokens {
				t.Errorf("%s: %s gives %s, want %s", s.name, s.portions, whole.Banner(), want)
			}
		}
		got := strings.Fields(a.DisseminationControls)
		for _, d := range strings.Fields(s.has) {
			if !slices.Contains(got, d) {
				t.Errorf("%s: %s gives %s, which lacks %s", s.name, s.portions, whole.Banner(), d)
			}
		}
		for _, d := range strings.Fields(s.not) {
			if slices.Contains(got, d) {
				t.Errorf("%s: %s gives %s, which has %s", s.name, s.portions, whole.Banner(), d)
			}
		}
	}
}

// Some scenarios have portions that the manual does not allow, and mostly
// ODNI's own validator neither. They are refused, not rolled up.
func TestScenariosRefused(t *testing.T) {
	for portion, section := range map[string]string{
		"U//OC/NF":                 "H.8 ORCON",     // ISM-ID-00028
		"U//USA/AUS/CAN EYES ONLY": "H.8 EYES ONLY", // ISM-ID-00028
		"S//SI-G//REL TO USA, AUS": "H.4 GAMMA",
		"S//REL TO GBR":            "H.8 REL TO",
		"S//DISPLAY ONLY":          "DISPLAY ONLY",
		"U//FOUO/FISA":             "H.8 FOR OFFICIAL USE ONLY",
	} {
		_, err := Scheme().ParsePortion(portion)
		if err == nil || !strings.Contains(err.Error(), section) {
			t.Errorf("%s: %v, want %s", portion, err, section)
		}
	}
}
