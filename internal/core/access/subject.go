package access

import "cordon"

// Subject is a reader, with their waivers, compiled against one Atlas. It
// carries that Atlas with it, and rules are named to it by number: it cannot
// be held against a rule of another. It is as fresh as the Reader it was made
// from and belongs, like that, to one transaction.
//
// No rule admits the zero Subject.
type Subject struct {
	atlas *Atlas
	holds []uint64
}

// Subject compiles the reader. Names they hold that no rule of the atlas
// mentions are left out.
func (a *Atlas) Subject(r Reader, waivers Waivers) Subject {
	s := Subject{atlas: a, holds: make([]uint64, a.words)}
	if r.Suspended || r.Org == "" || r.Person == "" {
		return s // without standing, which every rule asks for
	}
	s.add(name{kind: standing})
	s.add(name{kind: organisation, text: string(r.Org)})
	s.add(name{kind: person, text: string(r.Person)})
	for _, c := range r.Countries {
		s.add(name{kind: country, text: c})
	}
	for _, c := range r.Communities {
		s.add(name{kind: community, text: c})
	}
	for _, id := range r.ClientOf {
		s.add(name{kind: provider, text: string(id)})
	}
	for _, id := range r.Groups {
		s.add(name{kind: group, text: string(id)})
	}
	for compartment, held := range r.ReadIns {
		if held {
			s.add(name{kind: readIn, text: compartment})
		}
	}
	for _, owner := range waivers {
		s.add(name{kind: waiver, text: string(owner)})
	}
	for _, l := range a.levels {
		if r.Ranks[l.text] >= l.rank {
			s.add(l)
		}
	}
	for _, o := range a.others {
		if o.kind == outsider && o.text != string(r.Org) || o.kind == stranger && o.text != string(r.Person) {
			s.add(o)
		}
	}
	return s
}

func (s Subject) add(n name) {
	if place, ok := s.atlas.places[n]; ok {
		s.holds[place/64] |= 1 << (place % 64)
	}
}

// Allows reports what Decide(rule, reader, waivers).Allowed() does for the
// rule of the number. A number that the atlas does not have allows nothing. It
// does not allocate.
func (s Subject) Allows(no cordon.RuleNo) bool {
	if s.atlas == nil {
		return false
	}
	r := s.atlas.find(no)
	return r != nil && s.meets(r)
}

// Allowed lists the rules of the atlas that allow, in ascending order.
func (s Subject) Allowed() []cordon.RuleNo {
	if s.atlas == nil {
		return nil
	}
	var numbers []cordon.RuleNo
	for i := range s.atlas.rules {
		if r := &s.atlas.rules[i]; s.meets(r) {
			numbers = append(numbers, r.no)
		}
	}
	return numbers
}

func (s Subject) meets(r *compiled) bool {
	for _, c := range r.cells[:r.required] {
		if s.holds[c.word]&c.mask != c.mask {
			return false
		}
	}
	var met uint64
	for _, c := range r.cells[r.required:] {
		met |= s.holds[c.word] & c.mask
		if c.last {
			if met == 0 {
				return false
			}
			met = 0
		}
	}
	return true
}
