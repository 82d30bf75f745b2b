package release

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/lineage"
	"cordon/internal/core/reader"
	"cordon/internal/usecase/arrangement"
)

// Plan says, paragraph by paragraph and before anybody is asked, what stands
// between an audience and some portions.
type Plan struct {
	Audience   cordon.ID
	Paragraphs []Paragraph

	audience cordon.Organisation
}

// Paragraph is one portion of a plan.
type Paragraph struct {
	ID     cordon.ID
	Report cordon.ID
	Mark   string
	// Missing are the owners whose permission is missing.
	Missing []cordon.ID
	// Clear says that the audience may have it already.
	Clear bool
	// Excluded says that the marking leaves the audience out, so that no
	// grant opens it: that needs a tearline, or another marking.
	Excluded bool
	// RuledOut says why the portion's owners may not be asked; empty where they
	// may.
	RuledOut string

	portion cordon.Portion
}

// Preview says which owners a request would ask, and for what, and files
// nothing. The owners' feeds record that the audience was considered, as they
// record a check. Preview refuses everything that Ask refuses.
func Preview(ctx context.Context, by act.Caller, draft RequestDraft) (Plan, error) {
	if err := draft.validate(); err != nil {
		return Plan{}, err
	}
	return act.Answer(ctx, by, act.ByRole(cordon.ActCheck, cordon.RoleAuthor), func(s *act.Snapshot) (Plan, error) {
		return plan(s, draft)
	}, func(c *act.Recorder, p Plan) (Plan, error) {
		return p, c.RecordOwners(cordon.Entry{Audience: p.Audience}, p.portions())
	})
}

// plan loads the portions asked for and decides, portion by portion, whose
// permission is missing. It is a refusal where a portion is not there, or is
// withheld from the caller.
func plan(s *act.Snapshot, draft RequestDraft) (Plan, error) {
	to, err := s.FindOrganisation(draft.Audience)
	if err != nil {
		return Plan{}, err
	}
	audience, err := s.Tx.Organisation(to)
	if err != nil {
		return Plan{}, cordon.InvalidIfAbsent(err, "an organisation named is not known here")
	}
	portions, err := s.Asked(draft.Report, draft.Portions, audience.ID)
	if err != nil {
		return Plan{}, err
	}
	grants, err := s.Tx.GrantsTo(audience.ID, s.Now)
	if err != nil {
		return Plan{}, err
	}
	shared, err := sharedUnder(s.Tx, cordon.PortionIDs(portions))
	if err != nil {
		return Plan{}, err
	}
	plan := Plan{Audience: audience.ID, audience: audience}
	for _, p := range portions {
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return Plan{}, err
		}
		d := access.DecideAudience(rule, audience, access.WaiversFor(p.ID, grants, "", s.Now))
		one := Paragraph{
			ID: p.ID, Report: p.Report, Mark: p.Mark, Missing: d.Owners, Clear: d.Allowed(),
			Excluded: slices.Contains(d.Reasons, access.Audience), portion: p,
		}
		if len(d.Owners) > 0 {
			if one.RuledOut, err = ruledOut(s, shared[p.ID], audience.ID); err != nil {
				return Plan{}, err
			}
		}
		plan.Paragraphs = append(plan.Paragraphs, one)
	}
	return plan, nil
}

func (p Plan) portions() []cordon.Portion {
	out := make([]cordon.Portion, len(p.Paragraphs))
	for i, one := range p.Paragraphs {
		out[i] = one.portion
	}
	return out
}

// missing are the owners whose permission is missing, each with the portions
// it is missing for, in the owners' order.
func (p Plan) missing() []reader.Owned {
	var out []reader.Owned
	for _, one := range p.Paragraphs {
		for _, owner := range one.Missing {
			i := slices.IndexFunc(out, func(o reader.Owned) bool { return o.Owner == owner })
			if i < 0 {
				i, out = len(out), append(out, reader.Owned{Owner: owner})
			}
			out[i].Portions = append(out[i].Portions, one.ID)
		}
	}
	slices.SortFunc(out, func(a, b reader.Owned) int { return strings.Compare(string(a.Owner), string(b.Owner)) })
	return out
}

// sharedUnder gives, for each of the portions, the arrangements under which it,
// or any portion of its lineage, was shared.
func sharedUnder(tx cordon.ReadTx, portions []cordon.ID) (map[cordon.ID][]cordon.Arrangement, error) {
	walk, err := lineage.Sources(tx, portions, 0)
	if err != nil {
		return nil, err
	}
	loaded, err := tx.PortionsByID(slices.Concat(portions, walk.Met))
	if err != nil {
		return nil, err
	}
	reports := make(map[cordon.ID]*cordon.Arrangement) // nil for one under none
	under := make(map[cordon.ID]*cordon.Arrangement)   // by portion
	for _, p := range loaded {
		a, ok := reports[p.Report]
		if !ok {
			if a, err = arrangementOf(tx, p.Report); err != nil {
				return nil, err
			}
			reports[p.Report] = a
		}
		under[p.ID] = a
	}
	out := make(map[cordon.ID][]cordon.Arrangement, len(portions))
	for _, id := range portions {
		met := make(map[cordon.ID]bool)
		for _, at := range walk.From(id) {
			if a := under[at]; a != nil && !met[a.ID] {
				met[a.ID] = true
				out[id] = append(out[id], *a)
			}
		}
	}
	return out, nil
}

// arrangementOf is the arrangement that the report is under; nil for none.
func arrangementOf(tx cordon.ReadTx, report cordon.ID) (*cordon.Arrangement, error) {
	r, err := tx.Report(report)
	if err != nil || r.Arrangement == "" {
		return nil, err
	}
	a, err := tx.Arrangement(r.Arrangement)
	return &a, err
}

// ruledOut says why the arrangements keep the owners from being asked to let
// the audience have it, or from letting it. One that is suspended takes nothing
// new. An arrangement is named only if the caller may see it.
func ruledOut(s *act.Snapshot, shared []cordon.Arrangement, audience cordon.ID) (string, error) {
	why := ""
	for _, a := range shared {
		said := ""
		switch {
		case a.State == cordon.ArrangementStateSuspended:
			said = "is suspended: nothing under it is released until it is resumed"
		case a.Onward == cordon.OnwardNever:
			said = "lets it be passed on to nobody"
		case a.Onward == cordon.OnwardParties && !slices.Contains(a.Parties, audience):
			said = "lets it be passed on to its parties only"
		default:
			continue
		}
		if !s.Sees(a.Rule) {
			if why == "" {
				why = "its owners do not let it be passed on"
			}
			continue
		}
		name, err := arrangement.Name(s.Keys, a)
		if err != nil {
			return "", err
		}
		why = fmt.Sprintf("the arrangement %q %s", name, said)
	}
	return why, nil
}

// bounds are the bounds that an owner's arrangements set for its permission.
type bounds struct {
	twoPersons bool
	// longest is how long a grant may run.
	longest time.Duration
}

// boundsOf are the strictest bounds over the lineage of the portions.
func boundsOf(shared map[cordon.ID][]cordon.Arrangement, owner cordon.ID, portions []cordon.ID) bounds {
	b := bounds{longest: cordon.MaxGrant}
	for _, id := range portions {
		for _, a := range shared[id] {
			if !slices.Contains(a.Parties, owner) {
				continue
			}
			b.twoPersons = b.twoPersons || a.TwoPersons
			if a.Longest > 0 {
				b.longest = min(b.longest, a.Longest)
			}
		}
	}
	return b
}
