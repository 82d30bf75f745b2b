package trace

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/lineage"
)

// MaxDescendants bounds the portions made from one, in all generations.
const MaxDescendants = 20_000

// Holder is a person who was shown a portion.
type Holder struct {
	Person cordon.ID `json:"person"`
	Name   string    `json:"name"`
	Org    cordon.ID `json:"org"`
	// OrgName is the organisation they belonged to when they were shown it.
	OrgName string `json:"orgName"`
	// Times is how often, First and Last when, Via what showed it.
	Times int          `json:"times"`
	First time.Time    `json:"first"`
	Last  time.Time    `json:"last"`
	Via   []cordon.Act `json:"via"`
	// Derived says that they were shown it only in portions made from it.
	Derived bool `json:"derived,omitempty"`
}

// Holders says who was shown the portion, itself or in portions made from it,
// the earliest first. People who may see the portion, or might before it was
// struck, may ask. An owner's people are told of everyone. Other people are
// told of their own organisation's people, by the portions that they may see
// themselves. To everyone else it is ErrNotFound. Every owner has the question
// in its feed first. It needs the role Reader.
func Holders(ctx context.Context, by act.Caller, portion cordon.ID) ([]Holder, error) {
	type plan struct {
		portions []cordon.Portion
		holders  []Holder
	}
	return act.Answer(ctx, by, reading(cordon.ActList), func(s *act.Snapshot) (p plan, err error) {
		if !portion.Valid() {
			return p, cordon.ErrNotFound
		}
		if p.portions, err = s.Tx.PortionsByID([]cordon.ID{portion}); err != nil {
			return p, err
		}
		if len(p.portions) == 0 {
			return p, cordon.ErrNotFound
		}
		if !mightSee(s, p.portions[0]) {
			return p, &act.Refusal{
				Answer: cordon.ErrNotFound, Subject: portion, Portions: p.portions, Reasons: s.Decide(p.portions[0]).Names(),
			}
		}
		p.holders, err = holders(s, p.portions[0])
		return p, err
	}, func(c *act.Recorder, p plan) ([]Holder, error) {
		e := cordon.Entry{Subject: portion}
		if err := c.Record(e); err != nil {
			return nil, err
		}
		return p.holders, c.RecordOwners(e, p.portions)
	})
}

// mightSee reports whether nothing but its being struck keeps the caller from
// the portion.
func mightSee(s *act.Snapshot, p cordon.Portion) bool {
	for _, reason := range s.Decide(p).Reasons {
		if reason != access.Struck {
			return false
		}
	}
	return true
}

func holders(s *act.Snapshot, p cordon.Portion) ([]Holder, error) {
	rule, err := s.Rule(p.Rule)
	if err != nil {
		return nil, err
	}
	owner := slices.Contains(rule.OwnerIDs(), s.Actor.Org.ID)
	family, err := descendants(s.Tx, p)
	if err != nil {
		return nil, err
	}
	var reports []cordon.ID
	member := make(map[cordon.ID]bool, len(family))
	for _, f := range family {
		if owner || mightSee(s, f) {
			member[f.ID] = true
			reports = append(reports, f.Report)
		}
	}
	slices.Sort(reports)
	renditions, err := s.Tx.Renditions(slices.Compact(reports))
	if err != nil {
		return nil, err
	}
	by := make(map[[2]cordon.ID]*Holder)
	for _, r := range renditions {
		if !slices.ContainsFunc(r.Portions, func(id cordon.ID) bool { return member[id] }) || !owner && r.Org != s.Actor.Org.ID {
			continue
		}
		key := [2]cordon.ID{r.Person, r.Org}
		h := by[key]
		if h == nil {
			h = &Holder{Person: r.Person, Org: r.Org, First: r.At, Last: r.At, Derived: true}
			by[key] = h
		}
		h.add(r, slices.Contains(r.Portions, p.ID))
	}
	holders := make([]Holder, 0, len(by))
	for _, h := range by {
		if err := h.name(s.Tx); err != nil {
			return nil, err
		}
		holders = append(holders, *h)
	}
	slices.SortFunc(holders, func(a, b Holder) int {
		return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.Person, b.Person), cmp.Compare(a.Org, b.Org))
	})
	return holders, nil
}

func (h *Holder) add(r cordon.Rendition, itself bool) {
	h.Times++
	if r.At.Before(h.First) {
		h.First = r.At
	}
	if r.At.After(h.Last) {
		h.Last = r.At
	}
	if !slices.Contains(h.Via, r.Via) {
		h.Via = append(h.Via, r.Via)
		slices.Sort(h.Via)
	}
	h.Derived = h.Derived && !itself
}

func (h *Holder) name(tx cordon.PeopleReader) error {
	person, err := tx.Person(h.Person)
	if err != nil {
		return err
	}
	org, err := tx.Organisation(h.Org)
	h.Name, h.OrgName = person.Name, org.Name
	return err
}

// descendants gives the portion and all that was made from it.
func descendants(tx cordon.ReportReader, p cordon.Portion) ([]cordon.Portion, error) {
	walk, err := lineage.Derived(tx, []cordon.ID{p.ID}, MaxDescendants)
	if err != nil {
		return nil, err
	}
	family := []cordon.Portion{p}
	for some := range slices.Chunk(walk.Met, portionsLoaded) {
		portions, err := tx.PortionsByID(some)
		if err != nil {
			return nil, err
		}
		for _, p := range portions {
			p.Body, p.Key = nil, nil
			family = append(family, p)
		}
	}
	return family, nil
}
