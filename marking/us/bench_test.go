package us

import (
	"testing"

	"cordon/marking"
)

const longBanner = "TOP SECRET//FGH-AAA 123-LLL SSS/SI-G ABCD EFGH-XYZ/TK//SAR-BP-J12 J54-K15/CD-YYY 456 689/XR-XRA RB//RD-CNWDI-SIGMA 14 18//FGI DEU GBR JPN NATO//RSEN/ORCON/IMCON/PROPIN/REL TO USA, AUS, CAN, DEU, GBR, JPN, NZL, NATO/DEA SENSITIVE/FISA//LES/SSI"

// Parsing validates and prints both canonical forms.
func BenchmarkParseLongBanner(b *testing.B) {
	s := Scheme()
	b.ReportAllocs()
	b.SetBytes(int64(len(longBanner)))
	for b.Loop() {
		if _, err := s.ParseBanner(longBanner); err != nil {
			b.Fatal(err)
		}
	}
}

// A banner as long as they come in practice.
func BenchmarkParseBanner(b *testing.B) {
	const banner = "TOP SECRET//SI-G ABCD EFGH/TK//FGI DEU GBR//RSEN/ORCON/REL TO USA, DEU, GBR/FISA//LES"
	s := Scheme()
	b.ReportAllocs()
	b.SetBytes(int64(len(banner)))
	for b.Loop() {
		if _, err := s.ParseBanner(banner); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParsePortion(b *testing.B) {
	s := Scheme()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.ParsePortion("S//NF"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRollUp1000(b *testing.B) {
	texts := []string{
		"U", "U//FOUO", "S//REL TO USA, FVEY", "TS//SI-G ABCD/TK//OC/REL TO USA, AUS, GBR", "S//SI//REL TO USA, AUS, CAN, GBR", "C//REL TO USA, ACGU",
		"//GBR S//REL TO USA, AUS, GBR", "S//SAR-BP//REL TO USA, GBR", "TS//FGI DEU//REL TO USA, DEU, GBR", "S//RD-SG 14//NF",
	}
	portions := make([]marking.Marking, 1000)
	for i := range portions {
		portions[i] = portion(b, texts[i%len(texts)])
	}
	s := Scheme()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.RollUp(portions); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRule(b *testing.B) {
	m := portion(b, "TS//SI-G ABCD/TK//OC/REL TO USA, FVEY, NATO")
	b.ReportAllocs()
	for b.Loop() {
		m.Rule()
	}
}
