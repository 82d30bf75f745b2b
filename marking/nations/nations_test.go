package nations

import (
	"strings"
	"testing"

	"golang.org/x/text/language"
)

// The table holds every country of ISO 3166-1, 249 of them, and no other. The
// codes are held against those of the Unicode CLDR.
func TestEveryCountry(t *testing.T) {
	if len(byCode) != 249 {
		t.Errorf("%d countries", len(byCode))
	}
	// What the CLDR knows beside the standard: reserved and withdrawn codes.
	other := map[string]bool{"ASC": true, "CPT": true, "DGA": true, "TAA": true, "XKK": true, "ANT": true, "BUR": true, "DDR": true, "SUN": true, "YUG": true, "ZAR": true, "TMP": true}
	seen := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			region, err := language.ParseRegion(string(a) + string(b))
			if err != nil || !region.IsCountry() || region.IsPrivateUse() || region.Canonicalize() != region {
				continue
			}
			code := region.ISO3()
			if code == "ZZZ" || other[code] {
				continue
			}
			if _, ok := Name(code); ok {
				seen++
			}
		}
	}
	if seen < 249 {
		t.Errorf("the CLDR has %d of them", seen)
	}
	for code, name := range byCode {
		if got, ok := Code(strings.ToLower(name)); !ok || got != code || !Known(code) {
			t.Errorf("%s is called %q, which is %q", code, name, got)
		}
	}
	for _, code := range []string{"", "AA", "UAE", "GER", "Aaa", "ABCD", "QLA"} {
		if Known(code) {
			t.Errorf("%q is known", code)
		}
	}
	if !Known("QMA") || !Known("XKS") {
		t.Error("codes left to users are not known")
	}
}
