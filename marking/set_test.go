package marking_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"cordon/marking"
	"cordon/marking/pap"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

func inForce() *marking.Set { return marking.NewSet(us.Scheme(), tlp.Scheme(), pap.Scheme()) }

func TestSetParse(t *testing.T) {
	s := inForce()
	for _, c := range []struct{ text, portion, banner string }{
		{"S//NF", "S//NF", "SECRET//NOFORN"},
		{"(S//NF)", "S//NF", "SECRET//NOFORN"},
		{"SECRET//NOFORN", "S//NF", "SECRET//NOFORN"},
		{"TLP:AMBER", "TLP:AMBER", "TLP:AMBER"},
		{"(S//NF)(TLP:AMBER)", "(S//NF)(TLP:AMBER)", "SECRET//NOFORN | TLP:AMBER"},
		{"(PAP:RED) (TLP:AMBER) (U)", "(U)(TLP:AMBER)(PAP:RED)", "UNCLASSIFIED | TLP:AMBER | PAP:RED"},
	} {
		m, err := s.Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if m.Portion() != c.portion || m.Banner() != c.banner {
			t.Errorf("%s prints as %s, %s", c.text, m.Portion(), m.Banner())
		}
		again, err := s.Parse(m.Portion())
		if err != nil || !reflect.DeepEqual(again, m) || !again.Equal(m) {
			t.Errorf("%s reads as %v, %v", m.Portion(), again, err)
		}
		banner, err := s.ParseBanner(c.banner)
		if err != nil || !banner.Equal(m) {
			t.Errorf("%s reads as %v, %v", c.banner, banner, err)
		}
		if len(m.Rules()) != len(m) || m.Rules()[0].Scheme != m[0].Scheme() {
			t.Errorf("%s: rules %+v", c.text, m.Rules())
		}
	}
}

func TestSetRefuses(t *testing.T) {
	s := inForce()
	for _, c := range []struct {
		text   string
		scheme string
		at     int
	}{
		{"", "", 0},
		{"nonsense", "", 0},
		{"S//NOFRON", "us", 3},
		{"SECRET//NF", "us", 8},
		{"(SECRET//NOFORN/NOFORN)", "us", 16},
		{"(S//NF)(TLP:AMBRE)", "tlp", 8},
		{"(S//NF)  (TLP:AMBER)", "", 8},
		{"(S//NF)(C//NF)", "us", 7},
		{"(S//NF", "", 0},
		{"(S//NF)x", "", 7},
		{"((S))", "", 0},
		{"()", "", 1},
		{strings.Repeat("(U)", 100), "us", 3},
		{"(" + strings.Repeat("S//NF", 10000) + ")", "", 0},
	} {
		_, err := s.Parse(c.text)
		var e *marking.Error
		if !errors.As(err, &e) {
			t.Errorf("%.40q: %v", c.text, err)
		} else if e.Scheme != c.scheme || e.At != c.at {
			t.Errorf("%.40q: %s at %d: %v", c.text, e.Scheme, e.At, err)
		} else if len(e.Error()) > 400 || strings.Contains(e.Error(), "\n") {
			t.Errorf("not one clear line: %q", e.Error())
		}
	}
}

func TestErrorText(t *testing.T) {
	_, err := inForce().Parse("(S//NOFRON)")
	want := `us: unknown marking NOFRON, column 5 of "(S//NOFRON)"; did you mean "S//NF"? (G.1)`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestLeadingMark(t *testing.T) {
	s := inForce()
	for _, c := range []struct {
		text, mark, rest string
		at               int // of the error; -1 for none
	}{
		{"(S//NF) The text.", "S//NF", "The text.", -1},
		{"(U)   Two  spaces", "U", "Two  spaces", -1},
		{"  (U) indented", "U", "indented", -1},
		{"(S//NF)(TLP:AMBER)text", "(S//NF)(TLP:AMBER)", "text", -1},
		{"(TLP:AMBER) (S//NF) text", "(S//NF)(TLP:AMBER)", "text", -1},
		{"(U) (b)(3) text", "U", "(b)(3) text", -1},
		{"(U) (see below) text", "U", "(see below) text", -1},
		{"(U) (U) text", "U", "text", -1},
		{"(U)", "U", "", -1},
		{"(SECRET//NOFORN) text", "S//NF", "text", -1},
		{"(b)(3) text", "", "(b)(3) text", -1},
		{"(see below) text", "", "(see below) text", -1},
		{"(1) text", "", "(1) text", -1},
		{"(U.S. law) text", "", "(U.S. law) text", -1},
		{"(s) text", "", "(s) text", -1},
		{"(a/b testing) text", "", "(a/b testing) text", -1},
		{"(S/MIME) is for mail", "", "(S/MIME) is for mail", -1},
		{"(C/O) the embassy", "", "(C/O) the embassy", -1},
		{"((S//NF)) text", "", "((S//NF)) text", -1},
		{"(secret) text", "", "", 1},
		{"(S//NF until May) text", "", "", 7},
		{"text (S//NF)", "", "text (S//NF)", -1},
		{"", "", "", -1},
		{"(", "", "(", -1},
		{"(unclosed (nested)", "", "(unclosed (nested)", -1},
		{"(S//NOFRON) text", "", "", 4},
		{"(s//nf) text", "", "", 1},
		{"  (S/NF) text", "", "", 3},
		{"(TLP:AMBRE) text", "", "", 1},
		{"(S//NF) (TLP: RED) text", "", "", 9},
		{"(U) (S//NF) text", "", "", 4},
		{"(S//NF text", "", "", 0},
		{"(TLP:RED text", "", "", 0},
	} {
		m, rest, ok, err := s.LeadingMark(c.text)
		if c.at >= 0 {
			var e *marking.Error
			if !errors.As(err, &e) || e.At != c.at || ok || rest != c.text {
				t.Errorf("%q: %v %v at %+v, want an error at %d", c.text, m, ok, e, c.at)
			} else if !strings.HasPrefix(c.text, e.Text) {
				t.Errorf("%q: the error is about %q", c.text, e.Text)
			}
			continue
		}
		if err != nil || ok != (c.mark != "") || rest != c.rest || ok && m.Portion() != c.mark {
			t.Errorf("%q: %v, %q, %v, %v", c.text, m, rest, ok, err)
		}
	}
}

func TestSetRollUp(t *testing.T) {
	s := inForce()
	got, err := s.RollUp(parse(t, s, "(U)(TLP:GREEN)", "S//NF", "TLP:RED"))
	if err != nil || got.Portion() != "(S//NF)(TLP:RED)" {
		t.Errorf("%v, %v", got, err)
	}
	for name, in := range map[string][]marking.Marks{
		"nothing":             nil,
		"an unmarked portion": {parse(t, s, "U")[0], nil},
		"a foreign scheme":    {parse(t, marking.NewSet(all()...), "H1")[0]},
	} {
		if _, err := s.RollUp(in); err == nil {
			t.Errorf("%s rolls up", name)
		}
	}
}

func TestSetCovers(t *testing.T) {
	s := inForce()
	for _, c := range []struct {
		whole, part string
		want        bool
	}{
		{"S//NF", "U", true},
		{"S//NF", "S//REL TO USA, GBR", true},
		{"S//REL TO USA, GBR", "S//NF", false},
		{"S", "S//SI", false},
		{"(S//NF)(TLP:RED)", "TLP:AMBER", true},
		{"S//NF", "TLP:AMBER", false},
		{"(S//NF)(TLP:GREEN)", "(U)(TLP:AMBER)", false},
		{"U//FOUO", "U", true},
	} {
		in := parse(t, s, c.whole, c.part)
		if got := s.Covers(in[0], in[1]); got != c.want {
			t.Errorf("%s covers %s: %v", c.whole, c.part, got)
		}
	}
	if s.Covers(nil, nil) || s.Covers(parse(t, s, "U")[0], nil) {
		t.Error("an empty marking is covered")
	}
}

func TestByCompilation(t *testing.T) {
	s := inForce()
	for _, c := range []struct {
		banner   string
		portions []string
		want     string
	}{
		{"S//NF", []string{"S//NF", "U"}, "no"},
		{"TS//NF", []string{"S//NF", "S//NF"}, "yes"},
		{"S//NF", []string{"S//REL TO USA, GBR"}, "yes"},
		{"S", []string{"S//NF"}, "wrong"},
		{"(S//NF)(TLP:RED)", []string{"S//NF", "TLP:GREEN"}, "yes"},
		{"S//NF", []string{"S//NF", "TLP:GREEN"}, "wrong"},
	} {
		in := parse(t, s, append([]string{c.banner}, c.portions...)...)
		got, err := s.ByCompilation(in[0], in[1:])
		if (err != nil) != (c.want == "wrong") || got != (c.want == "yes") {
			t.Errorf("%s over %q: %v, %v", c.banner, c.portions, got, err)
		}
	}
}

func TestSetRepair(t *testing.T) {
	s := inForce()
	for text, want := range map[string]string{
		"( s//nf ) (tlp: amber)": "(S//NF)(TLP:AMBER)",
		"secret//noforn|tlp:red": "(S//NF)(TLP:RED)",
		"S//NF":                  "S//NF",
		"S//HCS-P":               "",
		"(S//NF) (see below)":    "",
		"(s)(c)":                 "",
	} {
		m, changed, err := s.Repair(text)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q is repaired to %s", text, m.Portion())
		case want != "" && (err != nil || m.Portion() != want || (len(changed) == 0) != (text == want)):
			t.Errorf("%q: %v %q %v, want %s", text, m, changed, err, want)
		}
	}
}

func TestSetResolve(t *testing.T) {
	s := inForce()
	in := parse(t, s, "(S//REL)(TLP:RED)", "(S//REL TO USA, GBR)(TLP:RED)")
	got, err := s.Resolve(in[0], in[1])
	if err != nil || !got.Equal(in[1]) {
		t.Errorf("%v %v", got, err)
	}
	if _, err := s.Resolve(in[0], parse(t, s, "S//NF")[0]); err == nil {
		t.Error("REL is resolved under NOFORN")
	}
}

func TestSetExplain(t *testing.T) {
	s := inForce()
	steps, err := s.Explain(parse(t, s, "TLP:RED", "(U)(TLP:GREEN)", "S//NF"))
	if err != nil {
		t.Fatal(err)
	}
	if last := steps[len(steps)-1]; last.Scheme != "tlp" || last.Result != "TLP:RED" || !reflect.DeepEqual(last.Portions, []int{0}) {
		t.Errorf("%+v", last)
	}
	if first := steps[0]; first.Scheme != "us" || first.Result != "SECRET" || !reflect.DeepEqual(first.Portions, []int{2}) {
		t.Errorf("%+v", first)
	}
}

func TestOnward(t *testing.T) {
	s := inForce()
	for text, want := range map[string]marking.Onward{
		"TLP:GREEN":            marking.OnwardCommunity,
		"(TLP:GREEN)(PAP:RED)": marking.OnwardCommunity,
		"(U)(TLP:GREEN)":       marking.OnwardNone,
		"PAP:CLEAR":            marking.OnwardNone,
	} {
		if got := parse(t, s, text)[0].Onward(); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// A set keeps its order and does not share its memory.
func TestSetSchemes(t *testing.T) {
	s := marking.NewSet(tlp.Scheme(), us.Scheme(), tlp.Scheme())
	list := s.Schemes()
	if len(list) != 2 || list[0].Name() != "tlp" {
		t.Fatalf("%v", list)
	}
	list[0] = nil
	if s.Schemes()[0] == nil {
		t.Error("the list is shared")
	}
	if _, ok := s.Scheme("us"); !ok {
		t.Error("us is not found")
	}
	if _, ok := s.Scheme("nato"); ok {
		t.Error("nato is found")
	}
}

// Of a JOINT marking in either form what is missing is said, and not that the other
// form is written otherwise.
func TestJointSaysWhatIsMissing(t *testing.T) {
	set := marking.NewSet(all()...)
	for _, text := range []string{"//JOINT S CAN GBR USA", "//JOINT SECRET CAN GBR USA"} {
		if _, err := set.Parse(text); err == nil || !strings.Contains(err.Error(), "JOINT requires REL TO") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
