package marking_test

import (
	"slices"
	"testing"

	"cordon/marking"
	"pgregory.net/rapid"
)

// more are markings of each scheme beside the examples of its register: with
// lists, ends, several codes.
var more = map[string][]string{
	"nato": {"NU RELEASABLE TO SWE", "NC-A-BALK - COMMERCIAL/STAFF RELEASABLE TO CHE, EAPC", "NS RELEASABLE TO AUT, CHE", "CTS-A-B RELEASABLE TO EU"},
	"eu":   {"R-UE RELEASABLE TO CHE, NATO", "S-UE RELEASABLE TO CHE", "LIMITE RELEASABLE TO NOR"},
	"uk":   {"UK S - UK/US EYES ONLY", "UK TS - UK/NZ/US EYES ONLY", "UK OS - RECIPIENTS ONLY - COMMERCIAL - LEGAL", "UK O - UK EYES ONLY"},
	"cui":  {"CUI//SP-CTI/SP-EXPT/PRVCY//FED ONLY/NOCON//REL TO USA, FVEY", "CUI//REL TO USA, GBR", "CUI//PRVCY//NF", "CUI//REL TO USA, AUS, GBR"},
	"de":   {"Geh. - KRYPTO - NUR DEUTSCHEN ZUR KENNTNIS - Die Einstufung endet mit Ablauf des Jahres 2051", "Geh. - Die Einstufung endet mit Ablauf des Jahres 2049", "VS-NfD"},
	"fr":   {"FR S - SPÉCIAL FRANCE - CRYPTO", "DR - SPÉCIAL FRANCE"},
	"au":   {"AUS S//BANKSIA/WATTLE//CABINET//ORCON//REL AUS/GBR/USA", "AUS TS//WATTLE//REL AUS/CAN/GBR", "AUS S//REL AUS/CAN/NZL", "AUS O:S//NATIONAL CABINET", "AUS P//AGAO//AUSTEO"},
	"ca":   {"CAN S//REL TO CAN, GBR, USA", "CAN C//REL TO CAN, USA", "PB//CEO//CABINET", "CAN TS//REL TO CAN, NZL"},
}

// Of every scheme that comes with the library: what a marking is written as
// reads as it, in both forms; roll-up is commutative, associative and idempotent,
// covers and is never freer than its portions, and can be read back.
func TestDefinedProperties(t *testing.T) {
	for _, sch := range all() {
		if sch.Name() == "us" {
			continue // has properties of its own
		}
		var marks []marking.Marking
		for _, e := range sch.(marking.Registrar).Register() {
			more[sch.Name()] = append(more[sch.Name()], e.Example)
		}
		for _, text := range more[sch.Name()] {
			m, err := sch.ParsePortion(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			marks = append(marks, m)
		}
		t.Run(sch.Name(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in := rapid.SliceOfN(rapid.SampledFrom(marks), 2, 6).Draw(t, "portions")
				roll := func(in ...marking.Marking) string {
					m, err := sch.RollUp(in)
					if err != nil {
						t.Fatalf("%v: %v", in, err)
					}
					return m.Portion()
				}
				whole, err := sch.RollUp(in)
				if err != nil {
					t.Fatalf("%v: %v", in, err)
				}
				for _, m := range append(slices.Clone(in), whole) {
					p, err := sch.ParsePortion("(" + m.Portion() + ")")
					if err != nil || p.Portion() != m.Portion() || p.Banner() != m.Banner() {
						t.Fatalf("%q reads as %v, %v", m.Portion(), p, err)
					}
					b, err := sch.ParseBanner(m.Banner())
					if err != nil || b.Portion() != m.Portion() {
						t.Fatalf("%q reads as %v, %v", m.Banner(), b, err)
					}
					if !sch.Covers(whole, m) {
						t.Fatalf("%q does not cover its portion %q", whole.Portion(), m.Portion())
					}
					if !stricter(whole.Rule(), m.Rule()) {
						t.Fatalf("%q %+v is freer than its portion %q %+v", whole.Portion(), whole.Rule(), m.Portion(), m.Rule())
					}
				}
				turned := slices.Clone(in)
				slices.Reverse(turned)
				cut := rapid.IntRange(1, len(in)-1).Draw(t, "cut")
				left, err1 := sch.RollUp(in[:cut])
				right, err2 := sch.RollUp(in[cut:])
				if err1 != nil || err2 != nil {
					t.Fatal(err1, err2)
				}
				for how, got := range map[string]string{"turned": roll(turned...), "twice": roll(append(turned, in...)...), "nested": roll(left, right), "again": roll(whole)} {
					if got != whole.Portion() {
						t.Fatalf("%v make %q, and %s %q", in, whole.Portion(), how, got)
					}
				}
			})
		})
	}
}

// No scheme that comes with the library shadows another, or writes what it
// cannot read back.
func TestNoShadows(t *testing.T) {
	set := marking.NewSet()
	for _, sch := range all() {
		var err error
		if set, err = set.With(sch); err != nil {
			t.Errorf("%v", err)
		}
	}
}
