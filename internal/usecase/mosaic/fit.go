package mosaic

import "math/bits"

// Set is a set of a registry's candidates, one bit for each.
type Set []uint64

// Count is the number of candidates in it.
func (s Set) Count() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// Has reports whether the i-th candidate is in it.
func (s Set) Has(i int) bool { return s[i/64]>>(i%64)&1 == 1 }

// Names lists its candidates' ids in the order of the registry.
func (ix *Index) Names(s Set) []string {
	names := []string{}
	for i, id := range ix.ids {
		if s.Has(i) {
			names = append(names, id)
		}
	}
	return names
}

// Fit is the anonymity set: the candidates that meet every one of the facts.
// Facts the index does not know of narrow nothing; see Knows.
func Fit(ix *Index, facts []Fact) Set {
	s := ix.all()
	for _, f := range facts {
		ix.narrow(s, f)
	}
	return s
}

func (ix *Index) all() Set {
	s := make(Set, (ix.Len()+63)/64)
	for i := range s {
		s[i] = ^uint64(0)
	}
	if rest := ix.Len() % 64; rest != 0 {
		s[len(s)-1] = 1<<rest - 1
	}
	return s
}

// narrow takes out of s the candidates that do not meet the fact. It looks only
// at candidates that are still in s.
func (ix *Index) narrow(s Set, f Fact) {
	if !ix.Knows(f) {
		return
	}
	c := ix.columns[f.Attribute]
	meets := c.meets(f)
	for i, word := range s {
		codes := c.codes[i*64:]
		for rest := word; rest != 0; rest &= rest - 1 {
			bit := bits.TrailingZeros64(rest)
			if !meets[codes[bit]] {
				word &^= 1 << bit
			}
		}
		s[i] = word
	}
}

// meets tells for each code whether its value is one the fact speaks of.
func (c *column) meets(f Fact) []bool {
	meets := make([]bool, c.size)
	for _, v := range f.Values {
		for _, code := range c.labels[v] {
			meets[code] = true
		}
	}
	if len(f.Values) > 0 {
		return meets
	}
	for code, x := range c.numbers {
		meets[code] = (f.Min == nil || x >= *f.Min) && (f.Max == nil || x <= *f.Max)
	}
	return meets
}
