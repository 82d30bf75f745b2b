package marking_test

import (
	"slices"
	"strings"
	"testing"

	"cordon/marking"
	"cordon/marking/cui"
	"cordon/marking/nations"
	"cordon/marking/us"
)

// A release list names nations and known bodies only, nations also by name.
func TestReleaseLists(t *testing.T) {
	set := marking.NewSet(all()...)
	for text, want := range map[string]string{
		"NS RELEASABLE TO SWE, FIN":                        "",
		"NS RELEASABLE TO FIN, SWE":                        "NS RELEASABLE TO FIN, SWE",
		"NATO SECRET RELEASABLE TO Switzerland, Japan":     "NS RELEASABLE TO CHE, JPN",
		"NS RELEASABLE TO REPUBLIC OF KOREA":               "NS RELEASABLE TO KOR",
		"NS RELEASABLE TO EU":                              "NS RELEASABLE TO EU",
		"NS RELEASABLE TO ATLANTIS":                        "",
		"NS RELEASABLE TO XYZW":                            "",
		"NS RELEASABLE TO TS":                              "",
		"NS RELEASABLE TO SWE, ONLY":                       "",
		"R-UE RELEASABLE TO NATO":                          "R-UE RELEASABLE TO NATO",
		"R-UE RELEASABLE TO Iceland, Norway":               "R-UE RELEASABLE TO ISL, NOR",
		"R-UE RELEASABLE TO FRENCH":                        "",
		"UK S - UK/US EYES ONLY":                           "UK S - UK/US EYES ONLY",
		"UK S - UK/TTX EYES ONLY":                          "",
		"RESTREINT UE/EU RESTRICTED RELEASABLE TO Türkiye": "R-UE RELEASABLE TO TUR",
	} {
		m, err := set.Parse(text)
		if (err != nil) != (want == "") || err == nil && m.Portion() != want {
			t.Errorf("%s: %s, %v; want %q", text, m.Portion(), err, want)
		}
	}
}

// Every country of ISO 3166-1 is one that a US marking may be released to.
func TestEveryCountryIsReleasable(t *testing.T) {
	n := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			for c := 'A'; c <= 'Z'; c++ {
				code := string(a) + string(b) + string(c)
				if _, ok := nations.Name(code); !ok || code == "USA" {
					continue
				}
				n++
				if _, err := us.Scheme().ParsePortion("S//REL TO USA, " + code); err != nil {
					t.Error(err)
				}
			}
		}
	}
	if n != 248 {
		t.Errorf("%d countries beside USA", n)
	}
}

// The categories of Controlled Unclassified Information are those of ODNI's
// CVEnumISMCUISpecified and CVEnumISMCUIBasic (2022-DEC), without the provisional
// ones: each once, Specified first, each in alphabetical order.
func TestEveryCategoryOfCUI(t *testing.T) {
	var specified, basic []string
	for _, e := range cui.Scheme().(marking.Registrar).Register() {
		switch {
		case e.Category != "category":
		case strings.HasPrefix(e.Portion, "SP-"):
			specified = append(specified, e.Portion)
		default:
			basic = append(basic, e.Portion)
		}
	}
	if len(specified) != 57 || len(basic) != 84 || !slices.IsSorted(specified) || !slices.IsSorted(basic) {
		t.Errorf("%d Specified, %d Basic", len(specified), len(basic))
	}
}
