package bench

import (
	"slices"
	"strconv"

	"cordon"
	"cordon/internal/core/access"
)

// bitRule is a rule in one word for each kind of name, and in a fixed number
// of clauses: no more than this world needs.
type bitRule struct {
	ranks    [len(schemes)]uint8
	readIns  uint64
	audience [2]bitClause
	owners   [2]bitClause // countries are organisations there
	circle   uint64
	never    bool
}

// bitClause is met by one of its names.
type bitClause struct{ names, communities uint64 }

type bitReader struct {
	ranks                    [len(schemes)]uint8
	readIns, countries       uint64
	communities, org, person uint64
	suspended                bool
}

// newBits compares bit sets and nothing else. This is as fast as the question
// can be answered without giving up generality that it does not have to begin
// with: 64 names of a kind, two schemes, two clauses, two owners.
func newBits(w *world) func(int) bool {
	rules, readers := make([]bitRule, len(w.rules)), make([]bitReader, len(w.readers))
	for i, r := range w.rules {
		rules[i] = newBitRule(r.Rule)
	}
	for i, r := range w.readers {
		readers[i] = newBitReader(r)
	}
	return func(question int) bool {
		p := w.pairs[question]
		return rules[p.rule].allows(&readers[p.reader])
	}
}

func (r *bitRule) allows(who *bitReader) bool {
	if r.never || who.suspended || r.ranks[0] > who.ranks[0] || r.ranks[1] > who.ranks[1] ||
		r.readIns&^who.readIns != 0 || r.circle&who.person == 0 {
		return false
	}
	for i := range r.audience {
		if r.audience[i].names&who.countries|r.audience[i].communities&who.communities == 0 {
			return false
		}
	}
	for i := range r.owners {
		if r.owners[i].names&who.org|r.owners[i].communities&who.communities == 0 {
			return false
		}
	}
	return true
}

// everybody is a set that has all names in it: a condition that is not made.
const everybody = ^uint64(0)

func newBitRule(r cordon.Rule) bitRule {
	free := bitClause{names: everybody}
	b := bitRule{
		readIns:  set(r.ReadIns),
		audience: [2]bitClause{free, free},
		owners:   [2]bitClause{free, free},
		circle:   everybody,
		never:    len(r.Owners) == 0,
	}
	for _, l := range r.Levels {
		b.ranks[slices.Index(schemes[:], l.Scheme)] = uint8(l.Rank)
	}
	for i, a := range r.Audience {
		b.audience[i] = bitClause{set(a.Countries), set(a.Communities)}
	}
	for i, p := range r.Owners {
		if !p.Anyone {
			b.owners[i] = bitClause{set(p.Recipients) | set([]cordon.ID{p.Owner}), set(p.Communities)}
		}
	}
	if r.Circled {
		b.circle = set(r.Circle)
	}
	return b
}

func newBitReader(r access.Reader) bitReader {
	b := bitReader{
		countries:   set(r.Countries),
		communities: set(r.Communities),
		org:         set([]cordon.ID{r.Org}),
		person:      set([]cordon.ID{r.Person}),
		suspended:   r.Suspended,
	}
	for i, scheme := range schemes {
		b.ranks[i] = uint8(r.Ranks[scheme])
	}
	for compartment := range r.ReadIns {
		b.readIns |= set([]string{compartment})
	}
	return b
}

// set has a bit for each name, which ends in its number.
func set[T ~string](names []T) uint64 {
	var bits uint64
	for _, name := range names {
		n, err := strconv.Atoi(string(name[len(name)-2:]))
		if err != nil {
			panic(err)
		}
		bits |= 1 << n
	}
	return bits
}
