package tokens

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func keys(words []Word) string {
	var out []string
	for _, w := range words {
		out = append(out, w.Key)
	}
	return strings.Join(out, " ")
}

func TestCommonRuns(t *testing.T) {
	a, b := Read("The crates left Velmora by night ferry; he said they left Velmora."), Read("Eleven crates left Velmora by NIGHT, they say. They left Velmora")
	var got []string
	for _, r := range NewRow(b).Common(a, 3) {
		if keys(a[r.A:r.A+r.N]) != keys(b[r.B:r.B+r.N]) {
			t.Errorf("%+v is not the same in both", r)
		}
		got = append(got, keys(a[r.A:r.A+r.N]))
	}
	if want := []string{"crates left velmora by night"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if runs := NewRow(b).Common(a, 2); len(runs) != 2 {
		t.Errorf("of two telling words: %+v", runs)
	}
	if runs := NewRow(b).Common(nil, 0); runs != nil {
		t.Errorf("of nothing: %+v", runs)
	}
}

// Every run that stands in both and tells enough lies in one that is given,
// and every one given stands in both and tells enough.
func TestCommonFindsAll(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"pier", "crate", "night", "the", "of"}), 0, 14)
	rapid.Check(t, func(t *rapid.T) {
		a, b := Read(strings.Join(words.Draw(t, "a"), " ")), Read(strings.Join(words.Draw(t, "b"), " "))
		telling := rapid.IntRange(1, 4).Draw(t, "telling")
		tells := func(run []Word) (n int) {
			for _, w := range run {
				if !w.Everyday {
					n++
				}
			}
			return n
		}
		runs := NewRow(b).Common(a, telling)
		for _, r := range runs {
			if keys(a[r.A:r.A+r.N]) != keys(b[r.B:r.B+r.N]) || tells(a[r.A:r.A+r.N]) < telling {
				t.Fatalf("%+v of %q and %q", r, keys(a), keys(b))
			}
		}
		for i := range a {
			for j := range b {
				n := 0
				for i+n < len(a) && j+n < len(b) && a[i+n].Key == b[j+n].Key {
					n++
				}
				if tells(a[i:i+n]) < telling {
					continue
				}
				if !slices.ContainsFunc(runs, func(r Run) bool { return r.A <= i && i+n <= r.A+r.N }) {
					t.Fatalf("%q of %q is in %q too and was not found", keys(a[i:i+n]), keys(a), keys(b))
				}
			}
		}
	})
}
