package us

import (
	"strings"
	"testing"

	"cordon/marking"
	"pgregory.net/rapid"
)

// genWild puts together whatever the register has, sensible or not, and keeps
// what the parser accepts: it reaches combinations that genForm, which knows
// the rules, does not make.
func genWild(t *rapid.T) marking.Marking {
	categories := [][]string{
		{"U", "C", "S", "TS", "//DEU R", "//CAN DEU S", "//FGI C", "//FGI TS", "//NU", "//NR", "//CTS", "//NIS", "//NKFORC", "//UN R", "//JOINT S CAN USA", "//JOINT U GBR USA NATO"},
		{"", "", "", "HCS", "HCS-O", "HCS-O-P", "HCS-P/SI", "RSV-1A2", "SI-EU", "SI-ABC WXYZ-G", "TK", "TK-KAND A1", "123/XNB-AAA 1"},
		{"", "", "", "SAR-BP", "SAR-BP-1/BUTTER POPCORN", "BALK", "SAR-CD/BOHEMIA"},
		{"", "", "", "RD", "RD-CNWDI-SG 15", "FRD-SG 20", "TFNI", "RD/ATOMAL", "ATOMAL", "DCNI/UCNI"},
		{"", "", "", "FGI", "FGI NATO", "FGI DEU UN"},
		{"", "", "NF", "RELIDO", "REL TO USA, GBR", "REL TO USA, CAN, FVEY", "REL TO USA, CAN, GBR, NATO/RELIDO", "USA/CAN/GBR EYES ONLY", "RELIDO/USA/CAN EYES ONLY", "DISPLAY ONLY AFG", "REL TO USA, CAN/DISPLAY ONLY AFG, TEYE"},
		{"", "", "", "DS", "XD", "ND", "SBU", "SBU-NF", "LES", "LES-NF", "SBU/LES-NF", "LES/LES-NF/SSI"},
	}
	before := []string{"", "", "", "RS", "FOUO", "OC", "OC-USGOV", "RS/OC/IMC"}
	after := []string{"", "", "", "DSEN", "FISA", "DSEN/FISA"}
	for {
		var parts []string
		for i, c := range categories {
			part := rapid.SampledFrom(c).Draw(t, "part")
			if i == 5 {
				var ds []string
				for _, d := range []string{rapid.SampledFrom(before).Draw(t, "before"), part, rapid.SampledFrom(after).Draw(t, "after")} {
					if d != "" {
						ds = append(ds, d)
					}
				}
				part = strings.Join(ds, "/")
			}
			if part != "" {
				parts = append(parts, part)
			}
		}
		if m, err := parse(strings.Join(parts, "//"), portionForm); err == nil {
			return m
		}
	}
}

// What holds for sensible markings holds for every one that is accepted.
func TestWild(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in []marking.Marking
		for range rapid.IntRange(2, 4).Draw(t, "n") {
			in = append(in, genWild(t))
		}
		whole := mustRoll(t, in...)
		if p := stricter(whole.Rule(), in); p != nil {
			t.Fatalf("%v make %q %+v, freer than %q %+v", in, whole.Portion(), whole.Rule(), p.Portion(), p.Rule())
		}
		if nested := mustRoll(t, in[0], mustRoll(t, in[1:]...)); nested.Portion() != whole.Portion() {
			t.Fatalf("%v make %q, in two steps %q", in, whole.Portion(), nested.Portion())
		}
		if again := mustRoll(t, whole); again.Portion() != whole.Portion() {
			t.Fatalf("%q rolls up to %q", whole.Portion(), again.Portion())
		}
		for _, m := range append(in, whole) {
			p, err := Scheme().ParsePortion(m.Portion())
			if err != nil || p.Portion() != m.Portion() {
				t.Fatalf("%q reads as %v, %v", m.Portion(), p, err)
			}
			b, err := Scheme().ParseBanner(m.Banner())
			if err != nil || b.Portion() != m.Portion() {
				t.Fatalf("%q reads as %v, %v", m.Banner(), b, err)
			}
			a, err := ToISM(m)
			if err != nil {
				t.Fatalf("%q: %v", m.Portion(), err)
			}
			if back, err := FromISM(a); err != nil || back.Portion() != m.Portion() {
				t.Fatalf("%q is %+v, and back %v, %v", m.Portion(), a, back, err)
			}
			if repaired, _, err := (scheme{}).Repair(strings.ToLower(m.Portion())); err != nil || repaired.Portion() != m.Portion() {
				t.Fatalf("%q in lower case is repaired to %v, %v", m.Portion(), repaired, err)
			}
		}
	})
}
