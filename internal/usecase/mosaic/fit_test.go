package mosaic

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// fits is the definition of Fit, read off the registry as it was written, with
// none of what Index prepares.
func fits(r Registry, c Candidate, facts []Fact) bool {
	for _, f := range facts {
		if !meetsSlowly(r, c, f) {
			return false
		}
	}
	return true
}

func meetsSlowly(r Registry, c Candidate, f Fact) bool {
	value, ok := c.Values[f.Attribute]
	if !ok {
		return true // the registry does not know the attribute
	}
	if f.Min != nil || f.Max != nil {
		x, _ := number(value)
		return (f.Min == nil || *f.Min <= x) && (f.Max == nil || x <= *f.Max)
	}
	if slices.Contains(f.Values, value) {
		return true
	}
	for _, a := range r.Attributes {
		for _, row := range a.Hierarchy {
			if a.Name != f.Attribute || row[0] != value {
				continue
			}
			for _, label := range row {
				if slices.Contains(f.Values, label) {
					return true
				}
			}
		}
	}
	return false
}

// cities is the hierarchy that drawn registries use.
var cities = [][]string{
	{"Harrow", "Northland", "*"},
	{"Lund", "Northland", "*"},
	{"Ostia", "Meridia", "*"},
	{"Pavia", "Meridia", "*"},
	{"Quay", "Islands", "*"},
}

func registries() *rapid.Generator[Registry] {
	return rapid.Custom(func(t *rapid.T) Registry {
		r := Registry{
			Name:      "drawn",
			Threshold: rapid.IntRange(0, 9).Draw(t, "threshold"),
			Attributes: []Attribute{
				{Name: "city", Hierarchy: cities}, {Name: "role"}, {Name: "age"},
			},
		}
		// Beyond 64, so that more than one word of bits is in play.
		for i := range rapid.IntRange(1, 150).Draw(t, "candidates") {
			r.Candidates = append(r.Candidates, Candidate{ID: fmt.Sprint("C", i), Values: map[string]string{
				"city": rapid.SampledFrom(cities).Draw(t, "city")[0],
				"role": rapid.SampledFrom([]string{"courier", "clerk", "driver"}).Draw(t, "role"),
				"age":  fmt.Sprint(rapid.IntRange(20, 60).Draw(t, "age")),
			}})
		}
		return r
	})
}

func facts() *rapid.Generator[[]Fact] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Fact {
		text := rapid.SampledFrom([]string{
			"city=Harrow", "city=Northland", "city=Northland|Quay", "city=Meridia", "city=*", "city=Atlantis", "city=Ostia|Pavia|Lund",
			"role=courier", "role=courier|clerk", "role=spy", "shoe=44", "role=1..3",
		}).Draw(t, "fact")
		f, err := ParseFact(text)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "range") {
			low := float64(rapid.IntRange(15, 65).Draw(t, "low"))
			high := low + float64(rapid.IntRange(0, 30).Draw(t, "span"))
			f = Fact{Attribute: "age", Min: &low, Max: &high}
			if rapid.Bool().Draw(t, "open") {
				f.Max = nil
			}
		}
		return f
	}), 0, 6)
}

func index(t interface{ Fatal(...any) }, r Registry) *Index {
	ix, err := NewIndex(r)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func TestFitAgainstThePlainLoop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, fs := registries().Draw(t, "registry"), facts().Draw(t, "facts")
		ix := index(t, r)
		counted := slices.DeleteFunc(slices.Clone(fs), func(f Fact) bool { return !ix.Knows(f) })
		s := Fit(ix, fs)
		var want []string
		for i, c := range r.Candidates {
			fit := fits(r, c, counted)
			if s.Has(i) != fit {
				t.Fatalf("%s %v fits %v: %v, want %v", c.ID, c.Values, fs, s.Has(i), fit)
			}
			if fit {
				want = append(want, c.ID)
			}
		}
		if s.Count() != len(want) || !slices.Equal(ix.Names(s), append([]string{}, want...)) {
			t.Fatalf("%d fit, named %v, want %v", s.Count(), ix.Names(s), want)
		}
	})
}

func TestKnowsTellsWhatCanBeCounted(t *testing.T) {
	ix := index(t, small())
	for text, want := range map[string]bool{
		"city=Harrow": true, "city=Atlantis": true, "age=30..40": true, "age=34": true,
		"shoe=44": false, "city=1..2": false,
	} {
		f, err := ParseFact(text)
		if err != nil {
			t.Fatal(err)
		}
		if ix.Knows(f) != want {
			t.Errorf("Knows(%s) is not %v", text, want)
		}
	}
}

func TestMoreFactsNeverGiveMoreCandidates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ix := index(t, registries().Draw(t, "registry"))
		fs, more := facts().Draw(t, "facts"), facts().Draw(t, "more")
		few, many := Fit(ix, fs), Fit(ix, append(slices.Clone(fs), more...))
		for i := range ix.Len() {
			if many.Has(i) && !few.Has(i) {
				t.Fatalf("%v let in candidate %d whom %v had left out", more, i, fs)
			}
		}
		shuffled := rapid.Permutation(fs).Draw(t, "order")
		if !slices.Equal(Fit(ix, shuffled), few) {
			t.Fatal("the order of facts matters")
		}
	})
}

func TestAssess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := registries().Draw(t, "registry")
		ix := index(t, r)
		known, further := facts().Draw(t, "known"), facts().Draw(t, "further")
		a := Assess(ix, known, further)
		count := func(fs ...Fact) int { return Fit(ix, fs).Count() }
		with := func(f Fact) []Fact { return append(slices.Clone(known), f) }
		all := append(slices.Clone(known), further...)
		if a.Total != len(r.Candidates) || a.Before != count(known...) || a.After != count(all...) {
			t.Fatalf("counts %+v", a)
		}
		threshold := r.Threshold
		if threshold == 0 {
			threshold = DefaultThreshold
		}
		want := Wide
		if a.After < threshold {
			want = Narrow
		}
		if a.After == 0 {
			want = Contradictory
		}
		if a.Verdict != want || a.Threshold != threshold {
			t.Fatalf("%d left of a threshold %d is %s", a.After, threshold, a.Verdict)
		}
		least := a.Before
		for i, e := range a.Further {
			if e.Alone != count(further[i]) || e.Left != count(with(further[i])...) || e.NotCounted == ix.Knows(further[i]) {
				t.Fatalf("effect of %v: %+v", further[i], e)
			}
			least = min(least, e.Left)
		}
		if (a.Sharpest == nil) != (least == a.Before) || a.Sharpest != nil && a.Further[*a.Sharpest].Left != least {
			t.Fatalf("sharpest: %v of %+v", a.Sharpest, a.Further)
		}
		if a.Sharpest != nil && slices.ContainsFunc(a.Further[:*a.Sharpest], func(e Effect) bool { return e.Left == least }) {
			t.Fatal("the sharpest is not the first of its like")
		}
		if (len(a.Contradiction) > 0) != (a.After == 0) || len(a.Contradiction) > 0 && count(a.Contradiction...) != 0 {
			t.Fatalf("%d left; contradiction %v", a.After, a.Contradiction)
		}
		for i := range a.Contradiction {
			if rest := slices.Delete(slices.Clone(a.Contradiction), i, i+1); count(rest...) == 0 {
				t.Fatalf("%v is not needed in %v", a.Contradiction[i], a.Contradiction)
			}
		}
		if !slices.Equal(a.Candidates, ix.Names(Fit(ix, all))) {
			t.Fatalf("candidates %v", a.Candidates)
		}
	})
}

func TestALargeAnonymitySetIsOnlyCounted(t *testing.T) {
	r := Registry{Name: "many", Attributes: []Attribute{{Name: "n"}}}
	for i := range MaxListed + 1 {
		r.Candidates = append(r.Candidates, Candidate{ID: fmt.Sprint(i), Values: map[string]string{"n": fmt.Sprint(i)}})
	}
	ix := index(t, r)
	if a := Assess(ix, nil, nil); a.After != MaxListed+1 || a.Candidates != nil || a.Verdict != Wide {
		t.Errorf("all: %d, listed %d", a.After, len(a.Candidates))
	}
	one := 1.0
	if a := Assess(ix, nil, []Fact{{Attribute: "n", Min: &one}}); len(a.Candidates) != MaxListed {
		t.Errorf("listed %d", len(a.Candidates))
	}
}

func small() Registry {
	r := Registry{
		Name: "the heron list", Threshold: 2,
		Attributes: []Attribute{{Name: "city", Hierarchy: cities}, {Name: "age"}},
	}
	for i, row := range cities {
		r.Candidates = append(r.Candidates, Candidate{
			ID: "C" + strings.ToLower(row[0]), Values: map[string]string{"city": row[0], "age": fmt.Sprint(30 + i)},
		})
	}
	return r
}
