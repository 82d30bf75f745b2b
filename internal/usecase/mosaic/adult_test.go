package mosaic

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"cordon/internal/harness/sample"
)

// readAdult gives the set's registry with its hierarchies, as they stand in the
// files: the 30,162 records of UCI Adult, or the staff of an office of ours.
func readAdult(t testing.TB, s sample.Set) Registry {
	t.Helper()
	hierarchies := map[string]io.Reader{}
	for _, file := range s.Glob(t, "mosaic/adult_hierarchy_*.csv") {
		attribute := strings.TrimSuffix(strings.TrimPrefix(file, "mosaic/adult_hierarchy_"), ".csv")
		hierarchies[attribute] = bytes.NewReader(s.Read(t, file))
	}
	r, err := ParseCSV("adult", 5, bytes.NewReader(s.Read(t, "mosaic/adult.csv")), hierarchies)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Candidates) != sample.Pick(s, 240, 30_162) || len(r.Attributes) != 9 || len(hierarchies) != 9 {
		t.Fatalf("%d records of %d attributes with %d hierarchies", len(r.Candidates), len(r.Attributes), len(hierarchies))
	}
	return r
}

// adultFacts go from one coarse fact to a full description, through every
// level of generalisation the hierarchies have.
var adultFacts = []string{
	"sex=*",
	"sex=Male",
	"age=40-59",
	"age=30..34 race=Black",
	"age=39",
	"native-country=Europe|Asia sex=Female",
	"native-country=Europe education=Graduate workclass=Government",
	"education=Higher education occupation=Technical marital-status=spouse not present",
	"education=Doctorate native-country=Germany",
	"salary-class=>50K workclass=Unemployed",
	"age=20-39 age=38..44 native-country=England occupation=Prof-specialty|Sales",
	"age=39 sex=Male race=White marital-status=Never-married education=Bachelors native-country=United-States " +
		"workclass=State-gov occupation=Adm-clerical salary-class=<=50K",
	"workclass=Never-worked",
	"age=17..18 education=Doctorate",
}

// officeFacts do the same in our own registry.
var officeFacts = []string{
	"sex=*",
	"sex=F",
	"age=20-39",
	"age=30..34 office=Field",
	"age=41",
	"town=Coast|Capital sex=M",
	"town=Inland rank=senior years=long",
	"office=Technical language=both travels=never",
	"rank=director town=Quillon",
	"cleared=yes office=Registry|Customs",
	"age=40-69 age=38..44 town=Meridian",
	"sex=F age=41 office=Signals town=Meridian language=both rank=inspector years=over 15 travels=by rail cleared=yes",
	"years=under 5 cleared=no",
	"age=20..21 rank=director",
}

// split reads facts separated by spaces, in which a word without "=" goes on
// the value before it.
func split(t testing.TB, text string) (list []Fact) {
	t.Helper()
	var words []string
	for _, w := range strings.Fields(text) {
		if strings.Contains(w, "=") {
			words = append(words, w)
		} else {
			words[len(words)-1] += " " + w
		}
	}
	for _, w := range words {
		f, err := ParseFact(w)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	return list
}

func TestAdultCountsEqualThePlainScan(t *testing.T) { sample.Each(t, adultCountsEqualThePlainScan) }

func adultCountsEqualThePlainScan(t *testing.T, s sample.Set) {
	r := readAdult(t, s)
	ix := index(t, r)
	none := 0
	for _, text := range sample.Pick(s, officeFacts, adultFacts) {
		list := split(t, text)
		for _, f := range list {
			if !ix.Knows(f) {
				t.Errorf("the registry does not know of %s", f)
			}
		}
		want := 0
		for _, c := range r.Candidates {
			if fits(r, c, list) {
				want++
			}
		}
		if got := Fit(ix, list).Count(); got != want {
			t.Errorf("%s: %d fit, want %d", text, got, want)
		}
		if want == 0 {
			none++
		}
	}
	// Facts of the test itself: were the labels misspelt, nobody would fit
	// by either count.
	if none > 3 {
		t.Errorf("%d combinations fit nobody", none)
	}
}

// largest is the registry for the benchmarks, with a full description of
// somebody in it.
func largest(b *testing.B) (r Registry, facts string) {
	s := sample.Largest(b)
	return readAdult(b, s), sample.Pick(s, officeFacts, adultFacts)[11]
}

// BenchmarkFit counts who fits, in 30,162 records if they are there, by one fact
// and by nine.
func BenchmarkFit(b *testing.B) {
	r, facts := largest(b)
	ix := index(b, r)
	for _, n := range []int{1, 3, 9} {
		list := split(b, facts)[:n]
		b.Run(fmt.Sprintf("facts=%d", n), func(b *testing.B) {
			for b.Loop() {
				Fit(ix, list).Count()
			}
		})
	}
	var list []Fact
	for _, a := range r.Attributes {
		list = append(list, split(b, a.Name+"=*")...)
	}
	b.Run("facts=9,all-fit", func(b *testing.B) {
		for b.Loop() {
			Fit(ix, list).Count()
		}
	})
}

// BenchmarkFitByPlainLoop is the same count without an index.
func BenchmarkFitByPlainLoop(b *testing.B) {
	r, facts := largest(b)
	list := split(b, facts)
	for b.Loop() {
		for _, c := range r.Candidates {
			fits(r, c, list)
		}
	}
}

// BenchmarkNewIndex is what a check pays before it counts.
func BenchmarkNewIndex(b *testing.B) {
	r, _ := largest(b)
	for b.Loop() {
		index(b, r)
	}
}
