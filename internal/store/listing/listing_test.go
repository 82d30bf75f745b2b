package listing

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"cordon"
)

// state is what an Index should hold, in the plainest form.
type state map[Key]map[cordon.RuleNo]int

func (s state) rows(k Key) (rows []Row) {
	for no, live := range s[k] {
		rows = append(rows, Row{k, no, live})
	}
	return rows
}

func (s state) sees(k Key, rules []cordon.RuleNo) bool {
	for no := range s[k] {
		if slices.Contains(rules, no) {
			return true
		}
	}
	return false
}

// TestAnIndexIsWhatItIsMadeOf changes reports in random steps and compares
// every page and count with a look at all reports. Few instants, so that ids
// break ties; few rules, so that reports share them.
func TestAnIndexIsWhatItIsMadeOf(t *testing.T) {
	deepest := 0
	rapid.Check(t, func(t *rapid.T) {
		keys := make([]Key, rapid.IntRange(1, 40).Draw(t, "reports"))
		seed := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for i := range keys {
			keys[i].At = int64(seed.IntN(4)) - 1
			for j := range keys[i].ID {
				keys[i].ID[j] = byte(seed.Uint32())
			}
		}
		draw := func(k Key) map[cordon.RuleNo]int {
			under := map[cordon.RuleNo]int{}
			for range seed.IntN(4) {
				under[cordon.RuleNo(10*seed.IntN(6))] = 1 + seed.IntN(3)
			}
			return under
		}
		s := state{}
		var rows []Row
		for _, k := range keys[:len(keys)/2] {
			s[k] = draw(k)
			rows = append(rows, s.rows(k)...)
		}
		x := New(rows)
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			var changed []Key
			var rows []Row
			for range 1 + seed.IntN(3) {
				k := keys[seed.IntN(len(keys))]
				if slices.Contains(changed, k) {
					continue
				}
				changed = append(changed, k)
				s[k] = draw(k)
				rows = append(rows, s.rows(k)...)
			}
			x = x.Over(changed, rows)
			if seed.IntN(3) == 0 {
				x = x.Compact()
			}
			deepest = max(deepest, len(x.layers))

			var rules []cordon.RuleNo
			for no := range 6 {
				if seed.IntN(2) == 0 {
					rules = append(rules, cordon.RuleNo(10*no))
				}
			}
			var want []Key
			portions := int64(0)
			for k, under := range s {
				for no, live := range under {
					if slices.Contains(rules, no) {
						portions += int64(live)
					}
				}
				if s.sees(k, rules) {
					want = append(want, k)
				}
				if got := x.Sees(k, rules); got != s.sees(k, rules) {
					t.Fatalf("sees %v", got)
				}
			}
			slices.SortFunc(want, func(a, b Key) int { return b.Compare(a) })
			if r, p := x.Count(rules); r != int64(len(want)) || p != portions {
				t.Fatalf("counted %d reports, %d portions; there are %d, %d", r, p, len(want), portions)
			}
			limit := 1 + seed.IntN(5)
			var got []Key
			for before := (*Key)(nil); ; {
				page := x.Page(rules, before, limit)
				got = append(got, page...)
				if len(page) < limit {
					break
				}
				before = &page[len(page)-1]
			}
			if !slices.Equal(got, want) {
				t.Fatalf("listed %v, want %v", got, want)
			}
		}
	})
	if deepest < 3 {
		t.Errorf("at most %d layers: too few to have tested them", deepest)
	}
}

// TestFewLayers: however many changes there were, what is asked goes through
// few layers, and what is gone is forgotten.
func TestFewLayers(t *testing.T) {
	x := New(nil)
	key := func(i int) Key { return Key{At: int64(i), ID: [16]byte{byte(i), byte(i >> 8)}} }
	for i := range 6_000 {
		x = x.Over(nil, []Row{{key(i), cordon.RuleNo(i % 7), 1}}).Compact()
		if len(x.layers) > 8 {
			t.Fatalf("%d layers of %d reports", len(x.layers), i)
		}
	}
	for i := range 6_000 {
		x = x.Over([]Key{key(i)}, nil).Compact()
	}
	if r, p := x.Count([]cordon.RuleNo{0, 1, 2, 3, 4, 5, 6}); r != 0 || p != 0 || x.Len() > 2000 {
		t.Errorf("%d reports, %d portions, %d remembered", r, p, x.Len())
	}
}

// TestTiesGoByTheIDAsWritten: letters sort after digits though they stand for
// less.
func TestTiesGoByTheIDAsWritten(t *testing.T) {
	for range 1000 {
		a, b := cordon.NewID(), cordon.NewID()
		x, _ := a.Bytes()
		y, ok := b.Bytes()
		if !ok || (Key{ID: x}.Compare(Key{ID: y}) < 0) != (a < b) {
			t.Fatalf("%s and %s", a, b)
		}
	}
}
