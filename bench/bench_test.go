package bench

import "testing"

// BenchmarkDecision is one question, of each decider.
func BenchmarkDecision(b *testing.B) {
	w := newWorld()
	all, err := deciders(w)
	if err != nil {
		b.Fatal(err)
	}
	for _, d := range all {
		b.Run(d.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				d.decide(i % len(w.pairs))
			}
		})
	}
}

// BenchmarkAllRules decides all 4,000 rules for one person, compiled, the
// reader being compiled each time too.
func BenchmarkAllRules(b *testing.B) {
	w := newWorld()
	list := newLister(w)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		list(i % len(w.readers))
	}
}
