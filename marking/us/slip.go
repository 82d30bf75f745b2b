package us

import "iter"

// slip gives the one marking of the register that a long word differs from by
// one edit: a letter wrong, missing, too many, or two exchanged. It is empty
// where there is none or more than one. Words of fewer than four letters are
// too near to everything to be read so, and SI-NF is rather a hyphen for a slash.
func slip(word string) string {
	if len(word) < 4 || markedByHyphen(word) {
		return ""
	}
	return closest(word, 4, 1)
}

// closest is the one name of the register, of at least so many letters, that
// is at most so many edits away from word.
func closest(word string, shortest, edits int) string {
	found := ""
	for n := range names() {
		if len(n) < shortest || n == found || !near(word, n, edits) {
			continue
		}
		if found != "" {
			return ""
		}
		found = n
	}
	return found
}

// names are all ways in which the register writes a marking by itself.
func names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, register := range [...][]entry{dissemRegister[:], nonICRegister[:], aeaRegister[:], natoRegister[:]} {
			for i := range register {
				e := &register[i]
				if !yield(e.portion) || e.abbr != e.portion && !yield(e.abbr) || !yield(e.title) {
					return
				}
			}
		}
		if !yield("RD-CNWDI") {
			return
		}
		for i := range sciRegister {
			e := &sciRegister[i]
			path := e.system
			if e.comp != "" {
				path += "-" + e.comp
			}
			if e.comp != "*" && !e.sub && (!yield(path) || !yield(e.title)) {
				return
			}
		}
	}
}

// near reports whether so many edits, or exchanges of neighbours, at most make
// b of a.
func near(a, b string, edits int) bool {
	switch {
	case a == b:
		return true
	case edits == 0 || len(a)-len(b) > edits || len(b)-len(a) > edits:
		return false
	case a == "" || b == "":
		return true
	case a[0] == b[0]:
		return near(a[1:], b[1:], edits)
	}
	swapped := len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0]
	return near(a[1:], b[1:], edits-1) || near(a[1:], b, edits-1) || near(a, b[1:], edits-1) ||
		swapped && near(a[2:], b[2:], edits-1)
}
