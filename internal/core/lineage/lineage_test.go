package lineage_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/core/lineage"
)

// made is lineage in memory that counts the questions to it.
type made struct {
	steps []cordon.Derivation
	asked int
	fail  error
}

func (m *made) Sources(portions []cordon.ID) ([]cordon.Derivation, error) {
	return m.list(portions, func(d cordon.Derivation) cordon.ID { return d.Portion })
}

func (m *made) Derived(portions []cordon.ID) ([]cordon.Derivation, error) {
	return m.list(portions, func(d cordon.Derivation) cordon.ID { return d.Source })
}

func (m *made) list(portions []cordon.ID, end func(cordon.Derivation) cordon.ID) (out []cordon.Derivation, err error) {
	m.asked++
	for _, d := range m.steps {
		if slices.Contains(portions, end(d)) {
			out = append(out, d)
		}
	}
	return out, m.fail
}

// from is "portion was made from source", "a<b" each.
func from(steps ...string) *made {
	m := &made{}
	for _, s := range steps {
		how := cordon.DerivationDeclared
		if s[1] == '=' {
			how = cordon.DerivationRevised
		}
		m.steps = append(m.steps, cordon.Derivation{Portion: cordon.ID(s[:1]), Source: cordon.ID(s[2:]), How: how})
	}
	return m
}

func ids(s string) (out []cordon.ID) {
	for _, r := range s {
		out = append(out, cordon.ID(r))
	}
	return out
}

func sorted(list []cordon.ID) []cordon.ID { return slices.Sorted(slices.Values(list)) }

func join(list []cordon.ID) (s string) {
	for _, id := range list {
		s += string(id)
	}
	return s
}

func TestWalks(t *testing.T) {
	// d was made from b and c, b from a, c from b; e from c; a, newly worded, is A.
	m := from("b<a", "d<b", "d<c", "c<b", "e<c", "A=a")
	for _, tt := range []struct {
		name string
		walk func() (lineage.Walk, error)
		met  string // in the order of the alphabet
		from string // of the first
	}{
		{"sources", func() (lineage.Walk, error) { return lineage.Sources(m, ids("d"), 0) }, "abc", "dbca"},
		{"derived", func() (lineage.Walk, error) { return lineage.Derived(m, ids("a"), 0) }, "Abcde", "abAdce"},
		{"derived of two, one of them from the other", func() (lineage.Walk, error) { return lineage.Derived(m, ids("ba"), 0) }, "Acde", "bdce"},
		{"wordings", func() (lineage.Walk, error) { return lineage.Wordings(m, ids("A")) }, "a", "Aa"},
		{"wordings of what has none", func() (lineage.Walk, error) { return lineage.Wordings(m, ids("d")) }, "", "d"},
		{"from nothing", func() (lineage.Walk, error) { return lineage.Derived(m, nil, 0) }, "", "x"},
	} {
		w, err := tt.walk()
		if err != nil || join(sorted(w.Met)) != tt.met {
			t.Errorf("%s: met %s, %v; want %s", tt.name, join(w.Met), err, tt.met)
		}
		if got := w.From(cordon.ID(tt.from[:1])); join(got) != tt.from {
			t.Errorf("%s: from %s: %s, want %s", tt.name, tt.from[:1], join(got), tt.from)
		}
	}
}

// TestAWalkEndsInCircles: every walk ends, and meets each portion once.
func TestAWalkEndsInCircles(t *testing.T) {
	m := from("a<a", "b<a", "a<b", "c<b", "d<c", "c<d")
	for name, walk := range map[string]func(lineage.Reader, []cordon.ID, int) (lineage.Walk, error){"sources": lineage.Sources, "derived": lineage.Derived} {
		w, err := walk(m, ids("a"), 0)
		want := map[string]string{"sources": "b", "derived": "bcd"}[name]
		if err != nil || join(sorted(w.Met)) != want {
			t.Errorf("%s: met %s, %v; want %s", name, join(w.Met), err, want)
		}
		if join(sorted(w.InOrder)) != "a"+want {
			t.Errorf("%s: in order %s", name, join(w.InOrder))
		}
	}
}

// TestAWalkIsBounded: the portions it comes to count, and not those it begins
// at.
func TestAWalkIsBounded(t *testing.T) {
	m := from("b<a", "c<b", "d<c")
	if w, err := lineage.Derived(m, ids("ab"), 2); err != nil || len(w.Met) != 2 {
		t.Errorf("as many as the bound: %v, %v", w.Met, err)
	}
	if w, err := lineage.Derived(m, ids("a"), 2); cordon.KindOf(err) != cordon.KindTooLarge || w.Met != nil {
		t.Errorf("one more: %v, %v", w.Met, err)
	}
	m.fail = errors.New("on purpose")
	if w, err := lineage.Derived(m, ids("a"), 0); err != m.fail || w.Met != nil {
		t.Errorf("a store that fails: %v, %v", w.Met, err)
	}
}

// TestWalksAgreeWithTheirDefinition: over drawn lineage, exactly the portions
// that can be reached are met, in an order in which each comes after its
// sources.
func TestWalksAgreeWithTheirDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	for range 300 {
		const n = 12
		name := func(i int) cordon.ID { return cordon.ID(fmt.Sprintf("%02d", i)) }
		var reach [n][n]bool
		m := &made{}
		for range r.IntN(30) {
			if a, b := r.IntN(n), r.IntN(n); a > b {
				m.steps = append(m.steps, cordon.Derivation{Portion: name(a), Source: name(b)})
				reach[b][a] = true
			}
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		begin := []int{r.IntN(n), r.IntN(n)}
		var want []cordon.ID
		for j := range n {
			if (reach[begin[0]][j] || reach[begin[1]][j]) && !slices.Contains(begin, j) {
				want = append(want, name(j))
			}
		}
		w, err := lineage.Derived(m, []cordon.ID{name(begin[0]), name(begin[1])}, 0)
		if err != nil || !slices.Equal(sorted(w.Met), want) {
			t.Fatalf("from %v over %v: met %v, %v; want %v", begin, m.steps, w.Met, err, want)
		}
		begun := []cordon.ID{name(begin[0]), name(begin[1])}
		if all := slices.Concat(begun, w.Met); !slices.Equal(sorted(w.InOrder), slices.Compact(sorted(all))) {
			t.Fatalf("from %v, met %v, in order %v", begun, w.Met, w.InOrder)
		}
		for _, d := range w.Steps {
			if slices.Index(w.InOrder, d.Source) > slices.Index(w.InOrder, d.Portion) {
				t.Fatalf("%s stands before %s, which it was made from: %v", d.Portion, d.Source, w.InOrder)
			}
		}
		if m.asked > n {
			t.Fatalf("asked %d times", m.asked)
		}
	}
}
