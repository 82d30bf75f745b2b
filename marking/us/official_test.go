package us

import (
	"encoding/json"
	"slices"
	"testing"

	"cordon/internal/harness/sample"
	"cordon/marking"
)

func portion(t testing.TB, text string) *mark {
	t.Helper()
	m, err := Scheme().ParsePortion(text)
	if err != nil {
		t.Fatalf("ParsePortion(%q): %v", text, err)
	}
	return m.(*mark)
}

func rolled(t testing.TB, portions ...string) *mark {
	t.Helper()
	m, err := Scheme().RollUp(marks(t, portions...))
	if err != nil {
		t.Fatalf("RollUp(%q): %v", portions, err)
	}
	return m.(*mark)
}

// dissemTokens are the dissemination controls as ODNI's scenarios name them:
// ORCON-USGOV counts as OC too, as it does in ISM.
func dissemTokens(m *mark) []string {
	var out []string
	for i := range dissemRegister {
		bit := dissem(1) << i
		if m.dissem&bit == 0 {
			continue
		}
		switch bit {
		case rel:
			out = append(out, "REL")
		case display:
			out = append(out, "DISPLAYONLY")
		case usgov:
			out = append(out, "OC", "OC-USGOV")
		default:
			out = append(out, dissemRegister[i].portion)
		}
	}
	return out
}

func TestOfficialRollUp(t *testing.T) { sample.Each(t, officialRollUp) }

func officialRollUp(t *testing.T, s sample.Set) {
	n := 0
	for _, line := range s.Lines(t, "markings/us-rollup.jsonl") {
		var c struct {
			Source   string
			Portions []string
			Banner   string
			Expect   struct {
				Has, HasNot, Exactly, RelTo []string
				Classification              string
			}
		}
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			t.Fatal(err)
		}
		n++
		got := rolled(t, c.Portions...)
		if c.Banner != "" {
			want, err := Scheme().ParseBanner(c.Banner)
			if err != nil {
				t.Errorf("ParseBanner(%q): %v", c.Banner, err)
			} else if want.Banner() != got.Banner() {
				t.Errorf("%q: got %s, want %s", c.Portions, got.Banner(), want.Banner())
			}
			continue
		}
		tokens := dissemTokens(got)
		for _, h := range c.Expect.Has {
			if !slices.Contains(tokens, h) {
				t.Errorf("%s: %q gives %s, which lacks %s", c.Source, c.Portions, got.Banner(), h)
			}
		}
		for _, h := range c.Expect.HasNot {
			if slices.Contains(tokens, h) {
				t.Errorf("%s: %q gives %s, which has %s", c.Source, c.Portions, got.Banner(), h)
			}
		}
		if c.Expect.Exactly != nil && !slices.Equal(tokens, c.Expect.Exactly) {
			t.Errorf("%s: %q gives %v, want %v", c.Source, c.Portions, tokens, c.Expect.Exactly)
		}
		if c.Expect.Classification != "" && got.level.name(portionForm) != c.Expect.Classification {
			t.Errorf("%s: %q gives %s", c.Source, c.Portions, got.Banner())
		}
		if c.Expect.RelTo != nil && !slices.Equal(append([]string{"USA"}, got.relTo.countries...), c.Expect.RelTo) {
			t.Errorf("%s: %q gives %s", c.Source, c.Portions, got.Banner())
		}
	}
	if n < sample.Pick(s, 30, 50) {
		t.Errorf("only %d cases", n)
	}
}

func marks(t testing.TB, portions ...string) []marking.Marking {
	t.Helper()
	var out []marking.Marking
	for _, p := range portions {
		out = append(out, portion(t, p))
	}
	return out
}
