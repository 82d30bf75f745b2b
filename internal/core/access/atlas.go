package access

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"

	"cordon"
)

// Atlas is a set of rules made ready for deciding on thousands of them at
// once: Decide's question, asked of bit sets. Decide is the definition and
// gives the reasons; an Atlas answers yes or no, and answers the same.
//
// To it a rule is a list of clauses that must all be met, and a clause a list
// of names (of countries, organisations, people and so on) of which the reader
// must hold one. Each name that a rule mentions has a place in a bit set; a
// name that no rule mentions can match none and has no place.
//
// An Atlas never changes, so any number of goroutines may use it. Rules met
// later go into another one, which With makes. A reader is compiled against
// one Atlas and is only ever held against the rules of that same Atlas (see
// Subject), so that they cannot lack a name that came with a later rule.
type Atlas struct {
	rules  []compiled // by number, ascending
	slots  []int32    // where in rules each is, see find
	places map[name]int
	levels []name         // the names that are levels
	others []name         // the names held by people of other organisations, and by other people
	next   [lastShelf]int // the place of the shelf's next name
	words  int            // 64 places each
}

// kind keeps names apart that are spelt alike: a country and a community, an
// organisation as a recipient and as an owner who has waived.
type kind int

const (
	standing kind = iota // every reader who may read anything at all
	nobody
	level
	readIn
	country
	community
	organisation
	waiver
	provider // an organisation whose client the reader's is
	person
	outsider // people who are not of the organisation
	stranger // everybody but the person
	group
)

// shelf is kinds that are asked for together. Each shelf has words of its own,
// so that a rule's demands, or a long list of countries, come to few of them.
type shelf int

const (
	requiredShelf shelf = iota
	audienceShelf
	ownersShelf
	circleShelf
	groupShelf
	lastShelf
)

func (k kind) shelf() shelf {
	switch k {
	case country, community:
		return audienceShelf
	case organisation, waiver, provider:
		return ownersShelf
	case person, stranger:
		return circleShelf
	case outsider, group:
		return groupShelf
	}
	return requiredShelf
}

type name struct {
	kind kind
	text string
	rank int // of a level: this one or a higher one
}

// compiled is a rule as a Subject meets it.
type compiled struct {
	no    cordon.RuleNo
	rule  *cordon.Rule
	cells []cell
	// required is how many of the cells, the first ones, must be held whole.
	// The others are clauses of which one name will do, one after the other.
	required int
}

// cell is some names, by their places, all in one word of the bit set.
type cell struct {
	mask uint64
	word uint32
	last bool // the clause's last cell
}

// NewAtlas makes an atlas of the rules. The rules stay the caller's to read
// and nobody's to change.
func NewAtlas(rules ...cordon.InternedRule) *Atlas {
	return (&Atlas{places: map[name]int{}}).With(rules...)
}

// With makes an atlas that has the rules too; those it knows already are
// passed over. Its cost grows with the whole atlas, so it is meant for rules
// by the batch or seldom.
func (a *Atlas) With(rules ...cordon.InternedRule) *Atlas {
	b := &Atlas{
		rules:  slices.Clone(a.rules),
		places: maps.Clone(a.places),
		levels: slices.Clone(a.levels),
		others: slices.Clone(a.others),
		next:   a.next,
		words:  a.words,
	}
	for _, r := range rules {
		if a.find(r.No) == nil {
			b.rules = append(b.rules, b.compile(r))
		}
	}
	slices.SortFunc(b.rules, func(x, y compiled) int { return cmp.Compare(x.no, y.no) })
	b.rules = slices.CompactFunc(b.rules, func(x, y compiled) bool { return x.no == y.no })
	b.file()
	return b
}

// file fills the slots. A rule's number is part of a digest and as good as
// drawn at random, so its last bits say where to look, and the slots, twice as
// many as the rules or more, are free often enough for it to be near there.
// Rules written so as to crowd one place would make finding slow, not wrong.
func (a *Atlas) file() {
	a.slots = make([]int32, 1<<bits.Len(uint(2*len(a.rules))))
	for i, r := range a.rules {
		slot := int(r.no) & (len(a.slots) - 1)
		for a.slots[slot] != 0 {
			slot = (slot + 1) & (len(a.slots) - 1)
		}
		a.slots[slot] = int32(i + 1)
	}
}

// find gives nil for a rule that the atlas does not have.
func (a *Atlas) find(no cordon.RuleNo) *compiled {
	if len(a.slots) == 0 {
		return nil
	}
	for slot := int(no); ; slot++ {
		i := a.slots[slot&(len(a.slots)-1)]
		if i == 0 {
			return nil
		}
		if r := &a.rules[i-1]; r.no == no {
			return r
		}
	}
}

// Len is how many rules the atlas has.
func (a *Atlas) Len() int { return len(a.rules) }

// Rule is the rule of the number, if the atlas has it.
func (a *Atlas) Rule(no cordon.RuleNo) (cordon.Rule, bool) {
	r := a.find(no)
	if r == nil {
		return cordon.Rule{}, false
	}
	return *r.rule, true
}

// clauses is the one decision of Decide, condition by condition.
func clauses(r *cordon.Rule) [][]name {
	all := [][]name{{{kind: standing}}}
	for _, l := range r.Levels {
		all = append(all, []name{{kind: level, text: l.Scheme, rank: l.Rank}})
	}
	for _, compartment := range r.ReadIns {
		all = append(all, []name{{kind: readIn, text: compartment}})
	}
	for _, a := range r.Audience {
		all = append(all, append(named(country, a.Countries), named(community, a.Communities)...))
	}
	for _, p := range slices.Concat(r.Owners, r.Within) {
		if !p.Anyone {
			permitted := []name{{kind: organisation, text: string(p.Owner)}, {kind: waiver, text: string(p.Owner)}}
			permitted = append(permitted, named(organisation, p.Recipients)...)
			if p.Clients {
				permitted = append(permitted, name{kind: provider, text: string(p.Owner)})
				permitted = append(permitted, named(provider, p.Recipients)...)
			}
			all = append(all, append(permitted, named(community, p.Communities)...))
		}
	}
	if r.Circled {
		all = append(all, named(person, r.Circle))
	}
	for _, n := range r.Narrowed {
		all = append(all, []name{{kind: outsider, text: string(n.Org)}, {kind: group, text: string(n.Group)}})
	}
	if r.Waiting != "" {
		all = append(all, []name{{kind: person, text: string(r.Waiting)}})
	}
	if r.Former != "" {
		all = append(all, []name{{kind: stranger, text: string(r.Former)}})
	}
	if len(r.Owners) == 0 {
		all = append(all, nil)
	}
	return all
}

func named[T ~string](k kind, texts []T) []name {
	names := make([]name, len(texts))
	for i, t := range texts {
		names[i] = name{kind: k, text: string(t)}
	}
	return names
}

func (a *Atlas) compile(r cordon.InternedRule) compiled {
	var all, any []cell
	for _, clause := range clauses(&r.Rule) {
		switch len(clause) {
		case 0: // no name would do
			all = a.mark(all, name{kind: nobody})
		case 1:
			all = a.mark(all, clause[0])
		default:
			var cells []cell
			for _, n := range clause {
				cells = a.mark(cells, n)
			}
			cells[len(cells)-1].last = true
			any = append(any, cells...)
		}
	}
	return compiled{no: r.No, rule: &r.Rule, cells: append(all, any...), required: len(all)}
}

// mark adds the name to the cells, giving it a place if it has none.
func (a *Atlas) mark(cells []cell, n name) []cell {
	place := a.place(n)
	word, bit := uint32(place/64), uint64(1)<<(place%64)
	for i := range cells {
		if cells[i].word == word {
			cells[i].mask |= bit
			return cells
		}
	}
	return append(cells, cell{mask: bit, word: word})
}

func (a *Atlas) place(n name) int {
	if place, ok := a.places[n]; ok {
		return place
	}
	next := &a.next[n.kind.shelf()]
	if *next%64 == 0 { // the shelf has no word yet, or its last is full
		*next = 64 * a.words
		a.words++
	}
	place := *next
	a.places[n] = place
	*next++
	switch n.kind {
	case level:
		a.levels = append(a.levels, n)
	case outsider, stranger:
		a.others = append(a.others, n)
	}
	return place
}
