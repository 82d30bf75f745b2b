package parts_test

import (
	"strings"
	"testing"

	"cordon/internal/edge/exchange/parts"
)

func TestTelling(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, value, want string }{
		{"data-tlp", "red", "TLP:RED"},
		{"docTLP", "TLP:RED", "TLP:RED"},
		{"x_pap", "amber", "PAP:AMBER"},
		{"x_classification", "s", "S"},
		{"data-marking", "secret", "secret"},
		{"x_tlp_level", "red", "TLP:RED"},
		{"class", "s", ""},
		{"title", "SECRET", ""},
		{"tlp", "", ""},
	} {
		if got := parts.Telling(c.name, c.value); got != c.want {
			t.Errorf("%s=%s: %q, not %q", c.name, c.value, got, c.want)
		}
	}
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ all, want string }{
		{"ism:classification=S ism:disseminationControls=NF", "S//NF"},
		{"ism:classification=TS ism:SCIcontrols=SI_TK ism:ownerProducer=USA ism:disseminationControls=OC_NF", "TS//SI/TK//OC/NF"},
		{"ism:classification=S ism:disseminationControls=REL ism:releasableTo=USA_GBR", "S//REL TO USA, GBR"},
		{"x:classification=s x:ownerProducer=USA", "S"},
		{"classification=SECRET", "SECRET"},
		{"disseminationControls=NF", "NF"},
		{"data-tlp=red class=s", "TLP:RED"},
		{"href=x title=SECRET", ""},
	} {
		var all []parts.Attribute
		for a := range strings.FieldsSeq(c.all) {
			name, value, _ := strings.Cut(a, "=")
			all = append(all, parts.Attribute{Name: name, Value: strings.ReplaceAll(value, "_", " ")})
		}
		if got := strings.Join(parts.Attributes(all), "; "); got != c.want {
			t.Errorf("%s: %q, not %q", c.all, got, c.want)
		}
	}
}
