package marking

import "math/bits"

// codeSet is a set of the codes of one group, by their places in the file.
type codeSet []uint64

func (s codeSet) has(k int) bool { return k/64 < len(s) && s[k/64]&(1<<(k%64)) != 0 }

func (s codeSet) add(k int) { s[k/64] |= 1 << (k % 64) }

func (s codeSet) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// last is the highest place in the set, or -1.
func (s codeSet) last() int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] != 0 {
			return i*64 + 63 - bits.LeadingZeros64(s[i])
		}
	}
	return -1
}

// joinIn joins another set into s, as the group's join says.
func (s codeSet) joinIn(join string, o codeSet) {
	switch join {
	case "union":
		for i := range s {
			s[i] |= o[i]
		}
	case "intersection":
		for i := range s {
			s[i] &= o[i]
		}
	default:
		if o.last() > s.last() {
			copy(s, o)
		}
	}
}
