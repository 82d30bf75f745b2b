package trace

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/lineage"
	"cordon/internal/core/reader"
)

// MaxDescendants bounds the portions made from one, in all generations.
const MaxDescendants = 20_000

// Holder is a person who was shown a portion.
type Holder struct {
	Person cordon.ID `json:"person"`
	Name   string    `json:"name"`
	Org    cordon.ID `json:"org"`
	// OrgName is the organisation he belonged to when he was shown it.
	OrgName string `json:"orgName"`
	// Times is how often, First and Last when, Via what showed it.
	Times int          `json:"times"`
	First time.Time    `json:"first"`
	Last  time.Time    `json:"last"`
	Via   []cordon.Act `json:"via"`
	// Derived says that he was shown it only in what was made from it.
	Derived bool `json:"derived,omitempty"`
}

// Holders says who was shown the portion, itself or in what was made from it,
// the first to be shown it first. Who may see the portion, or might before it
// was struck, may ask: an owner's people are told of everyone, other people of
// their own organisation's, by what they may see themselves. To everyone else
// it is ErrNotFound. Every owner has the question in its feed first. It needs
// the role Reader.
func Holders(ctx context.Context, by act.Caller, portion cordon.ID) ([]Holder, error) {
	var list []Holder
	var refusal error
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		list, refusal = nil, nil
		view, err := look(by.Base, cordon.Holding(tx), by.Person)
		if err != nil {
			return err
		}
		var found []cordon.Portion
		if portion.Valid() {
			if found, err = tx.PortionsByID([]cordon.ID{portion}); err != nil {
				return err
			}
		}

		// decide
		e := view.Entry(cordon.ActList, cordon.Allowed)
		if len(found) == 0 || !mightSee(view, found[0]) {
			e.Outcome, refusal = cordon.RefusedWith, cordon.ErrNotFound
		} else {
			e.Subject = portion
			if list, err = holders(by.Base, cordon.Holding(tx), view, found[0]); err != nil {
				return err
			}
		}

		// record
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
		for _, share := range view.ByOwner(found) {
			e.ID, e.Feed, e.Subject, e.Portions = cordon.NewID(), share.Owner, portion, share.Portions
			if e.Outcome == cordon.RefusedWith {
				e.Reasons = view.Decide(found[0]).Names()
			}
			if err := ledger.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

// mightSee reports whether nothing but its being struck keeps the person from
// the portion.
func mightSee(view *reader.View, p cordon.Portion) bool {
	for _, reason := range view.Decide(p).Reasons {
		if reason != access.Struck {
			return false
		}
	}
	return true
}

func holders(base *act.Base, tx cordon.ReadTx, view *reader.View, p cordon.Portion) ([]Holder, error) {
	rule, err := view.Rule(p.Rule)
	if err != nil {
		return nil, err
	}
	owner := slices.Contains(rule.OwnerIDs(), view.Actor.Org.ID)
	family, err := descendants(tx, p)
	if err != nil {
		return nil, err
	}
	var reports []cordon.ID
	member := make(map[cordon.ID]bool, len(family))
	for _, f := range family {
		if owner || mightSee(view, f) {
			member[f.ID] = true
			reports = append(reports, f.Report)
		}
	}
	slices.Sort(reports)
	renditions, err := tx.Renditions(slices.Compact(reports))
	if err != nil {
		return nil, err
	}
	by := make(map[[2]cordon.ID]*Holder)
	for _, r := range renditions {
		if !slices.ContainsFunc(r.Portions, func(id cordon.ID) bool { return member[id] }) || !owner && r.Org != view.Actor.Org.ID {
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
		if err := h.name(tx); err != nil {
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
	family := []cordon.Portion{p}
	derived, err := lineage.Derived(tx, []cordon.ID{p.ID}, MaxDescendants)
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(derived.Met, portionsLoaded) {
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
