package us

import (
	"errors"
	"testing"

	"cordon/marking"
)

// Whatever is given, parsing ends, and either gives a marking that prints and
// reads back as itself, or an *Error at a place in the text.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"U", "(S//NF)", longBanner, "TS//SI-G ABCD EFGH-XYZ/TK//SAR-BP-J12 J54/CD//RD-CNWDI-SG 14 18/ATOMAL//FGI DEU NATO//RS/OC/REL TO USA, GBR, FVEY/DISPLAY ONLY AFG//LES/SSI",
		"//JOINT S CAN GBR USA//REL", "//CTS//BOHEMIA", "//NIS", "//UN R", "S//USA/CAN/GBR EYES ONLY", "U//LES//REL TO USA, FVEY", "s//nf", "S////", "//", "S//REL TO USA, ", "(S//NF/", "//FGI S",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(string) (marking.Marking, error){Scheme().ParsePortion, Scheme().ParseBanner} {
			m, err := parse(text)
			if err != nil {
				var e *marking.Error
				if !errors.As(err, &e) {
					t.Fatalf("%q: %v is no *Error", text, err)
				}
				if e.At < 0 || e.At > len(text) || e.Reason == "" {
					t.Fatalf("%q: %+v", text, e)
				}
				if e.Suggestion != "" {
					if _, err := parse(e.Suggestion); err != nil {
						t.Fatalf("%q: the suggestion %q is refused: %v", text, e.Suggestion, err)
					}
				}
				continue
			}
			again, err := Scheme().ParsePortion(m.Portion())
			if err != nil || again.Portion() != m.Portion() {
				t.Fatalf("%q reads as %q, which reads as %v, %v", text, m.Portion(), again, err)
			}
			if !m.(*mark).unresolved() {
				if b, err := Scheme().ParseBanner(m.Banner()); err != nil || b.Portion() != m.Portion() {
					t.Fatalf("%q reads as %q, which reads as %v, %v", text, m.Banner(), b, err)
				}
				if _, err := Scheme().RollUp([]marking.Marking{m, m}); err != nil {
					t.Fatalf("%q with itself: %v", text, err)
				}
			}
			if m.Rule().Level < 0 || m.Rule().Level >= len(ladder) {
				t.Fatalf("%q: level %d", text, m.Rule().Level)
			}
		}
		scheme{}.Repair(text)
		scheme{}.Claims(text)
	})
}

// Two markings always roll up to something not freer, or are refused.
func FuzzRollUp(f *testing.F) {
	f.Add("S//NF", "U//SBU-NF")
	f.Add("//CTS//BOHEMIA//REL TO USA, NATO", "TS//SI-G//OC/REL TO USA, FVEY")
	f.Add("//JOINT S CAN USA//REL TO USA, CAN", "S//HCS-P//NF")
	f.Add("S//HCS//NF", "S//HCS-O//OC/NF")
	f.Add("//FGI S", "//NS")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, err := Scheme().ParsePortion(a)
		if err != nil {
			return
		}
		y, err := Scheme().ParsePortion(b)
		if err != nil {
			return
		}
		in := []marking.Marking{x, y}
		whole, err := Scheme().RollUp(in)
		if err != nil {
			if x.(*mark).unresolved() || y.(*mark).unresolved() {
				return
			}
			t.Fatalf("%q and %q: %v", a, b, err)
		}
		if p := stricter(whole.Rule(), in); p != nil {
			t.Fatalf("%q and %q make %q, freer than %q: %+v, %+v", a, b, whole.Portion(), p.Portion(), whole.Rule(), p.Rule())
		}
		if again, err := Scheme().ParsePortion(whole.Portion()); err != nil || again.Portion() != whole.Portion() {
			t.Fatalf("%q and %q make %q, which reads as %v, %v", a, b, whole.Portion(), again, err)
		}
	})
}

func FuzzISM(f *testing.F) {
	f.Add([]byte(`{"classification":"TS","ownerProducer":"USA","SCIcontrols":"SI SI-G SI-G-ABCD","disseminationControls":"OC NF"}`))
	f.Add([]byte(`{"ism:classification":"S","ownerProducer":"CAN USA","joint":true,"disseminationControls":"REL","releasableTo":"USA CAN"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ParseISM(data)
		if err != nil {
			return
		}
		m, err := FromISM(a)
		if err != nil {
			return
		}
		if again, err := Scheme().ParsePortion(m.Portion()); err != nil || again.Portion() != m.Portion() {
			t.Fatalf("%s is %q, which reads as %v, %v", data, m.Portion(), again, err)
		}
	})
}
