package claims

import (
	"testing"

	"pgregory.net/rapid"
)

func TestRoots(t *testing.T) {
	yes, no := true, false
	named := func(who string, in *bool) Source { return Source{ID: who, Who: who, Named: true, InRoom: in} }
	unnamed := func(in *bool) Source { return Source{Who: "officials", InRoom: in} }
	for name, c := range map[string]struct {
		sources []Source
		want    Range
	}{
		"nobody":                               {nil, Range{AtLeast: 0, AtMost: 0}},
		"one unnamed":                          {[]Source{unnamed(nil)}, Range{AtLeast: 1, AtMost: 1}},
		"unnamed groups may overlap":           {[]Source{unnamed(nil), unnamed(nil), unnamed(nil)}, Range{AtLeast: 1, AtMost: 3}},
		"named persons are distinct":           {[]Source{named("a", nil), named("b", nil)}, Range{AtLeast: 2, AtMost: 2}},
		"one name is one person":               {[]Source{named("a", nil), named(" A", nil)}, Range{AtLeast: 1, AtMost: 1}},
		"an unnamed may be a named":            {[]Source{named("a", nil), named("b", nil), unnamed(nil)}, Range{AtLeast: 2, AtMost: 3}},
		"in the room and not":                  {[]Source{unnamed(&yes), unnamed(&no)}, Range{AtLeast: 2, AtMost: 2}},
		"in the room, not, and unknown":        {[]Source{unnamed(&yes), unnamed(&no), unnamed(nil)}, Range{AtLeast: 2, AtMost: 3}},
		"no named person was there":            {[]Source{named("a", &no), unnamed(&yes)}, Range{AtLeast: 2, AtMost: 2}},
		"the named person may have been there": {[]Source{named("a", nil), unnamed(&yes)}, Range{AtLeast: 1, AtMost: 2}},
		"he cannot have been there and not":    {[]Source{named("a", nil), unnamed(&yes), unnamed(&no)}, Range{AtLeast: 2, AtMost: 3}},
	} {
		if got := Roots(c.sources); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestRootsAgainstTheSlowReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sources []Source
		for i := range rapid.IntRange(0, 7).Draw(t, "n") {
			sources = append(sources, drawSource(t, i))
		}
		got := Roots(sources)
		if want := slowRoots(sources); got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
		if got.AtLeast > got.AtMost {
			t.Fatalf("at least %d and at most %d", got.AtLeast, got.AtMost)
		}
	})
}

// slowRoots tries every way to sort sources, all of different names, into
// heaps without two certainly distinct ones in one.
func slowRoots(sources []Source) Range {
	best := len(sources)
	var sort func(rest []Source, heaps [][]Source)
	sort = func(rest []Source, heaps [][]Source) {
		if len(rest) == 0 {
			best = min(best, len(heaps))
			return
		}
		s := rest[0]
		for i, heap := range heaps {
			fits := true
			for _, other := range heap {
				fits = fits && !certainlyDistinct(s, other)
			}
			if fits {
				heaps[i] = append(heap[:len(heap):len(heap)], s)
				sort(rest[1:], heaps)
				heaps[i] = heap
			}
		}
		sort(rest[1:], append(heaps[:len(heaps):len(heaps)], []Source{s}))
	}
	sort(sources, nil)
	return Range{AtLeast: best, AtMost: len(sources)}
}

func certainlyDistinct(a, b Source) bool {
	return a.Named && b.Named && a.Who != b.Who ||
		a.InRoom != nil && b.InRoom != nil && *a.InRoom != *b.InRoom
}
