package mosaic

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const adultDir = "../../../../shared/data/mosaic"

// readAdult gives the 30,162 records with their hierarchies, as they stand in
// the files.
func readAdult(t testing.TB) (r Registry) {
	t.Helper()
	main := open(t, "adult.csv")
	hierarchies := map[string]io.Reader{}
	files, err := filepath.Glob(filepath.Join(adultDir, "adult_hierarchy_*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		base := filepath.Base(f)
		attribute := strings.TrimSuffix(strings.TrimPrefix(base, "adult_hierarchy_"), ".csv")
		hierarchies[attribute] = open(t, base)
	}
	r, err = ParseCSV("adult", 5, main, hierarchies)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Candidates) != 30_162 || len(r.Attributes) != 9 || len(hierarchies) != 9 {
		t.Fatalf("%d records of %d attributes with %d hierarchies", len(r.Candidates), len(r.Attributes), len(hierarchies))
	}
	return r
}

func open(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(adultDir, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("SKIPPED: the shared data with mosaic/%s is not beside this checkout", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
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

func TestAdultCountsEqualThePlainScan(t *testing.T) {
	r := readAdult(t)
	ix := index(t, r)
	none := 0
	for _, text := range adultFacts {
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

// BenchmarkFit counts who fits in 30,162 records, by one fact and by nine.
func BenchmarkFit(b *testing.B) {
	ix := index(b, readAdult(b))
	for _, n := range []int{1, 3, 9} {
		list := split(b, adultFacts[11])[:n]
		b.Run(fmt.Sprintf("facts=%d", n), func(b *testing.B) {
			for b.Loop() {
				Fit(ix, list).Count()
			}
		})
	}
	list := split(b, "sex=* race=* age=* education=* native-country=* occupation=* workclass=* salary-class=* marital-status=*")
	b.Run("facts=9,all-fit", func(b *testing.B) {
		for b.Loop() {
			Fit(ix, list).Count()
		}
	})
}

// BenchmarkFitByPlainLoop is the same count without an index.
func BenchmarkFitByPlainLoop(b *testing.B) {
	r := readAdult(b)
	list := split(b, adultFacts[11])
	for b.Loop() {
		for _, c := range r.Candidates {
			fits(r, c, list)
		}
	}
}

// BenchmarkNewIndex is what a check pays before it counts.
func BenchmarkNewIndex(b *testing.B) {
	r := readAdult(b)
	for b.Loop() {
		index(b, r)
	}
}
