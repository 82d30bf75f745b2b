package us

// level is a classification. RESTRICTED exists only in non-US markings; in
// the clearances of a reader, and in a US banner, it counts as CONFIDENTIAL
// (H.7, G.2 Table 5 "UN RESTRICTED").
type level uint8

const (
	levelU level = iota
	levelR
	levelC
	levelS
	levelTS
)

// levels is a set of classifications.
type levels uint8

func (l level) in(set levels) bool { return set&(1<<l) != 0 }

const (
	only       levels = 1
	onlyU             = only << levelU
	onlyTS            = only << levelTS
	secretUp          = only<<levelS | only<<levelTS
	classified        = only<<levelR | only<<levelC | secretUp
	anyLevel          = onlyU | classified
)

// levelNames are the portion mark and the word of each classification (G.1
// Table 4, 1; RESTRICTED from H.7).
var levelNames = [...]struct{ portion, banner string }{
	levelU:  {"U", "UNCLASSIFIED"},
	levelR:  {"R", "RESTRICTED"},
	levelC:  {"C", "CONFIDENTIAL"},
	levelS:  {"S", "SECRET"},
	levelTS: {"TS", "TOP SECRET"},
}

// levelOf finds a classification by its name in the given form.
func levelOf(s string, f form) (level, bool) {
	for l, n := range levelNames {
		if (f == portionForm && s == n.portion) || (f == bannerForm && s == n.banner) {
			return level(l), true
		}
	}
	return 0, false
}

func (l level) name(f form) string {
	if f == portionForm {
		return levelNames[l].portion
	}
	return levelNames[l].banner
}

// us is the US classification of information of this level: there is no US
// RESTRICTED, and CONFIDENTIAL protects it (H.7).
func (l level) us() level {
	if l == levelR {
		return levelC
	}
	return l
}

// ladder are the clearances, lowest first.
var ladder = [...]string{"U", "C", "S", "TS"}

// clearance is the index in ladder of the clearance l asks.
func (l level) clearance() int {
	switch l {
	case levelU:
		return 0
	case levelR, levelC:
		return 1
	case levelS:
		return 2
	default:
		return 3
	}
}
