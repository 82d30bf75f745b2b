package marking_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"cordon/marking"
	"pgregory.net/rapid"
)

// A lenient reading of what can be read in two ways is refused, and names both.
func TestTwoReadings(t *testing.T) {
	set := marking.NewSet(all()...)
	for text, readings := range map[string][]string{
		"(TS)U":                      {"TS", "U"},
		"(TS//SI//NF) U":             {"TS//SI//NF", "U"},
		"(TLP:RED) TLP:GREEN":        {"TLP:RED", "TLP:GREEN"},
		"TLP:RED | TLP:GREEN":        {"TLP:RED", "TLP:GREEN"},
		"TLP:GREEN (TLP:RED)":        {"TLP:GREEN", "TLP:RED"},
		"(S//NF)(TLP:RED) S":         {"S//NF", "S"},
		"TS//SSI/TK//NF":             {"TS//TK//NF//SSI", "TS//SI/TK//NF"},
		"S//REL TTO USA, GBR":        {"S//REL TO USA, GBR, TTO", "S//REL TO USA, GBR"},
		"s//rel to uga, gbr":         {"S//REL TO USA, GBR, UGA", "S//REL TO USA, GBR"},
		"TLP:ORANGE":                 {"TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"},
		"tlp: yellow":                {"TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT"},
		"(tlp:red)(tlp:amber) (U)":   {"TLP:RED", "TLP:AMBER"},
		"U(TS)":                      {"U", "TS"},
		"(NS)NU":                     {"NS", "NU"},
		"( s // nf ) ( c // nf )":    {"S//NF", "C//NF"},
		"(EU RESTRICTED)(S-UE) x":    {"R-UE", "S-UE"},
		"S//REL TO USA, GBR ONLY":    nil,
		"S//rel to usa,gbr only":     nil,
		"S//REL TO USA, GBR SOON":    nil,
		"(TS) and then U":            nil,
		"S//NF, U":                   nil,
		"TS U":                       nil,
		"SECRET UNCLASSIFIED":        nil,
		"S//NF U":                    nil,
		"TLP:RED/TLP:GREEN":          nil,
		"TLP:RED TLP:GREEN":          nil,
		"NS/NU":                      nil,
		"S/U":                        nil,
		"TLP RED GREEN":              nil,
		"TLP:AMBER+STRICT+TLP:CLEAR": nil,
	} {
		m, changed, err := set.Repair(text)
		var e *marking.Error
		switch {
		case !errors.As(err, &e):
			t.Errorf("%q is read as %s, %q", text, m.Portion(), changed)
		case strings.Join(e.Readings, " | ") != strings.Join(readings, " | "):
			t.Errorf("%q: %q, want %q: %v", text, e.Readings, readings, err)
		default:
			for _, r := range readings {
				if !strings.Contains(err.Error(), r) {
					t.Errorf("%q: %v does not name %s", text, err, r)
				}
			}
		}
	}
}

// Where only one reading is possible it is taken.
func TestOneReading(t *testing.T) {
	set := marking.NewSet(all()...)
	for text, want := range map[string]string{
		"SECRET NOFORN":            "S//NF",
		"top secret si noforn":     "TS//SI//NF",
		"S NF":                     "S//NF",
		"S//NF ORCON":              "S//OC/NF",
		"S//REL TO USA, GER":       "S//REL TO USA, DEU",
		"S//REL TO USA, UAE":       "S//REL TO USA, ARE",
		"S//REL TO GBR, USA":       "S//REL TO USA, GBR",
		"TLP AMBER STRICT":         "TLP:AMBER+STRICT",
		"(TLP:RED) TLP:RED":        "TLP:RED",
		"(s//nf) tlp:amber":        "(S//NF)(TLP:AMBER)",
		"H1, H2":                   "H1/H2",
		"Secret":                   "S",
		"S//SAR-BP/NF":             "S//SAR-BP//NF",
		"S-NF":                     "S//NF",
		"FOUO":                     "U//FOUO",
		"S//REL TO USA AND CANADA": "S//REL TO USA, CAN",
	} {
		m, _, err := set.Repair(text)
		if want == "" && err == nil || want != "" && (err != nil || m.Portion() != want) {
			t.Errorf("%q: %s, %v; want %s", text, m.Portion(), err, want)
		}
	}
}

// Reading leniently never loosens: whatever is made of marks with slips in and
// between them, what is read is at least as restrictive as each part between
// separators is by itself.
func TestLenientNeverLoosens(t *testing.T) {
	t.Parallel()
	set := marking.NewSet(all()...)
	var marks []string
	for _, sch := range set.Schemes() {
		for _, e := range sch.(marking.Registrar).Register() {
			marks = append(marks, e.Example)
			if m, err := set.Parse(e.Example); err == nil {
				marks = append(marks, m.Banner())
			}
		}
	}
	marks = append(marks, "TS//SI-G ABCD/TK//OC/NF", "S//REL TO USA, FVEY", "TS//SI/TK//RD-CNWDI//FGI GBR//OC/NF//XD", "NS-A RELEASABLE TO CHE", "U//FOUO")
	slips := []func(s string, at int) string{
		func(s string, _ int) string { return s },
		func(s string, _ int) string { return strings.ToLower(s) },
		func(s string, at int) string { return s[:at] + " " + s[at:] },
		func(s string, at int) string { return s[:at] + s[min(at+1, len(s)):] },
		func(s string, at int) string { return s[:at] + s[at:min(at+1, len(s))] + s[at:] },
		func(s string, _ int) string { return strings.Replace(s, "//", "/", 1) },
		func(s string, _ int) string { return strings.Replace(s, "/", "//", 1) },
		func(s string, _ int) string { return strings.Replace(s, "//", " ", 1) },
		func(s string, _ int) string { return strings.Replace(s, "//", "-", 1) },
		func(s string, _ int) string { return strings.Replace(s, " ", "  ", -1) },
		func(s string, _ int) string { return strings.Replace(s, ", ", " ", -1) },
	}
	read, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for i := range rapid.IntRange(1, 3).Draw(t, "n") {
			if i > 0 {
				b.WriteString(rapid.SampledFrom([]string{"", " ", "/", "//", ") (", ")(", " | ", "|", ", ", ") ", "(", "-", " - ", ";", "\u00a0", "\n"}).Draw(t, "between"))
			}
			mark := rapid.SampledFrom(marks).Draw(t, "mark")
			mark = rapid.SampledFrom(slips).Draw(t, "slip")(mark, rapid.IntRange(0, len(mark)).Draw(t, "at"))
			b.WriteString(mark)
		}
		text := rapid.SampledFrom([]string{"", "(", "[", "((", " "}).Draw(t, "opens") + b.String() + rapid.SampledFrom([]string{"", ")", "]", "))", " ", "."}).Draw(t, "closes")
		whole, _, err := set.Repair(text)
		if err != nil {
			refused++
			return
		}
		read++
		// Without the slashes before it, CTS is of another scheme, and S without
		// the REL TO behind it is for fewer: within a marking only its own scheme
		// counts, and of it clearances and read-ins.
		check := func(part string, within bool) {
			for _, parse := range []func(string) (marking.Marks, error){set.Parse, set.ParseBanner} {
				m, err := parse(part)
				if err != nil || !within && set.Covers(whole, m) {
					continue
				}
				if within {
					same := whole.Of(m[0].Scheme())
					if same == nil || strings.Contains(text, "//"+part) && m[0].Scheme() != "us" || asksAtLeast(same.Rule(), m[0].Rule()) {
						continue
					}
				}
				t.Fatalf("%q is read as %s, and has %q in it", text, whole, part)
			}
		}
		for _, seps := range []string{"()[]|", "()[]|;\n", "()[]|;,\u00a0\n/"} {
			parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(seps, r) })
			for i, part := range parts {
				check(strings.TrimSpace(part), strings.Contains(seps, "/"))
				if us := whole.Of("us"); us != nil && i > 0 { // what stands behind a classification
					check(strings.TrimSpace(parts[0])+"//"+strings.TrimSpace(part), true)
				}
			}
		}
	})
	if read < 5 || refused < 5 {
		t.Errorf("%d were read, %d refused", read, refused)
	}
}

// asksAtLeast reports whether a asks every clearance and read-in that b asks.
func asksAtLeast(a, b marking.Rule) bool {
	for _, r := range b.ReadIns {
		if !slices.Contains(a.ReadIns, r) {
			return false
		}
	}
	return a.Level >= b.Level && (a.Named || !b.Named) && a.Onward <= b.Onward
}
