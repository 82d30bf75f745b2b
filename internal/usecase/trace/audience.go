package trace

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/finder"
)

// audience is the organisation a text is meant for, with the grants to it.
type audience struct {
	org    cordon.Organisation
	now    time.Time
	grants []cordon.Grant
	// decided keeps the answer for each portion.
	decided map[cordon.ID]access.Decision
	members map[cordon.ID]bool
}

func loadAudience(s *act.Snapshot, given cordon.ID) (*audience, error) {
	id, err := s.FindOrganisation(given)
	if err != nil {
		return nil, err
	}
	org, err := s.Tx.Organisation(id)
	if err != nil {
		return nil, err
	}
	a := &audience{org: org, now: s.Now, decided: make(map[cordon.ID]access.Decision), members: make(map[cordon.ID]bool)}
	if a.grants, err = s.Tx.GrantsTo(id, s.Now); err != nil {
		return nil, err
	}
	people, err := s.Tx.People(id)
	for _, p := range people {
		a.members[p.ID] = !p.Suspended
	}
	return a, err
}

// divide separates the portions that the audience may have from the others.
func (a *audience) divide(found []finder.Quotation) (allowed, denied []finder.Quotation) {
	for _, f := range found {
		d := access.DecideAudience(f.Rule, a.org, access.WaiversFor(f.Portion.ID, a.grants, "", a.now))
		if f.Rule.Circled && !slices.ContainsFunc(f.Rule.Circle, func(id cordon.ID) bool { return a.members[id] }) {
			d.Reasons = append(d.Reasons, access.Circle)
		}
		a.decided[f.Portion.ID] = d
		if d.Allowed() {
			allowed = append(allowed, f)
		} else {
			denied = append(denied, f)
		}
	}
	return allowed, denied
}

// refused is portions that the audience may not have for the same reasons.
type refused struct {
	reasons []string
	found   []finder.Quotation
}

// together groups the portions that were denied for the same reasons.
func (a *audience) together(denied []finder.Quotation) []refused {
	same := make(map[string][]finder.Quotation)
	for _, f := range denied {
		key := strings.Join(a.decided[f.Portion.ID].Names(), " ")
		same[key] = append(same[key], f)
	}
	var all []refused
	for _, key := range slices.Sorted(maps.Keys(same)) {
		all = append(all, refused{strings.Fields(key), same[key]})
	}
	return all
}

// findings tells what the audience was denied, and what it would take.
func (q *inquiry) findings(to *audience, denied []finder.Quotation) ([]Finding, error) {
	hits, err := q.hits(denied)
	if err != nil {
		return nil, err
	}
	findings := make([]Finding, len(hits))
	for i, h := range hits {
		d := to.decided[h.Portion]
		findings[i] = Finding{TracedPortion: h, Reasons: d.Names()}
		if findings[i].Missing, err = q.owners(d.Owners); err != nil {
			return nil, err
		}
		for _, reason := range d.Reasons {
			if reason == access.Owner && !d.OnlyOwners() {
				continue // a grant alone would open nothing
			}
			findings[i].Needs = append(findings[i].Needs, to.need(reason, findings[i]))
		}
	}
	return findings, nil
}

func (a *audience) need(reason access.Reason, f Finding) string {
	switch reason {
	case access.Owner:
		return fmt.Sprintf("a grant to %s from %s: ask by a release request", a.org.Name, names(f.Missing))
	case access.Audience:
		return fmt.Sprintf("a tearline from %s: the marking %s leaves out %s, and no grant changes that", names(f.Owners), f.Marking, a.org.Name)
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
