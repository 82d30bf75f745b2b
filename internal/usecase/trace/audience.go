package trace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/finder"
)

// audience is the organisation a text is meant for, with what it was granted.
type audience struct {
	*inquiry
	org    cordon.Organisation
	grants []cordon.Grant
	// decided keeps the answer for each portion.
	decided map[cordon.ID]access.Decision
	members map[cordon.ID]bool
}

func (q *inquiry) audience(id cordon.ID) (*audience, error) {
	org, err := q.tx.HoldOrganisation(id)
	if err != nil {
		return nil, err
	}
	a := &audience{inquiry: q, org: org, decided: make(map[cordon.ID]access.Decision), members: make(map[cordon.ID]bool)}
	if a.grants, err = q.tx.GrantsTo(id, q.view.Now); err != nil {
		return nil, err
	}
	people, err := q.tx.People(id)
	for _, p := range people {
		a.members[p.ID] = !p.Suspended
	}
	return a, err
}

// divide tells what the audience may have from what it may not.
func (a *audience) divide(found []finder.Found) (allowed, refused []finder.Found) {
	for _, f := range found {
		d := access.DecideAudience(f.Rule, a.org, access.WaiversFor(f.Portion.ID, a.grants, "", a.view.Now))
		if f.Rule.Circled && !slices.ContainsFunc(f.Rule.Circle, func(id cordon.ID) bool { return a.members[id] }) {
			d.Reasons = append(d.Reasons, access.Circle)
		}
		a.decided[f.Portion.ID] = d
		if d.Allowed() {
			allowed = append(allowed, f)
		} else {
			refused = append(refused, f)
		}
	}
	return allowed, refused
}

// recordRefused writes what was refused into the feeds of its owners, portions
// refused for the same reasons together.
func (a *audience) recordRefused(e cordon.Entry, refused []finder.Found) error {
	e.Outcome = cordon.RefusedWith
	same := make(map[string][]finder.Found)
	for _, f := range refused {
		key := strings.Join(a.decided[f.Portion.ID].Names(), " ")
		same[key] = append(same[key], f)
	}
	for _, key := range slices.Sorted(maps.Keys(same)) {
		e.Reasons = strings.Fields(key)
		if err := a.record(e, same[key]); err != nil {
			return err
		}
	}
	return nil
}

// findings tells what was refused, and what it would take.
func (a *audience) findings(refused []finder.Found) ([]Finding, error) {
	hits, err := a.hits(refused)
	if err != nil {
		return nil, err
	}
	findings := make([]Finding, len(hits))
	for i, h := range hits {
		d := a.decided[h.Portion]
		findings[i] = Finding{Hit: h, Reasons: d.Names()}
		if findings[i].Missing, err = a.owners(d.Owners); err != nil {
			return nil, err
		}
		for _, reason := range d.Reasons {
			if reason == access.Owner && !d.OnlyOwners() {
				continue // a grant alone would open nothing
			}
			findings[i].Needs = append(findings[i].Needs, a.need(reason, findings[i]))
		}
	}
	return findings, nil
}

func (a *audience) need(reason access.Reason, f Finding) string {
	switch reason {
	case access.Owner:
		return fmt.Sprintf("a grant to %s from %s: ask by a release request", a.org.Name, names(f.Missing))
	case access.Audience:
		return fmt.Sprintf("a tearline from %s: the marking %s leaves out %s, and no grant changes that", names(f.Owners), f.Mark, a.org.Name)
	case access.Circle:
		return fmt.Sprintf("a tearline from %s: this is limited to named people, none of them of %s", names(f.Owners), a.org.Name)
	}
	return fmt.Sprintf("a word with %s: nobody may be given this as it stands", names(f.Owners))
}

func names(owners []Owner) string {
	list := make([]string, len(owners))
	for i, o := range owners {
		list[i] = o.Name
	}
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
