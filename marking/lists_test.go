package marking_test

import (
	"testing"

	"cordon/marking"
	"cordon/marking/us"

	"cordon/marking/nations"
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
