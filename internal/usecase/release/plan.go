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
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/usecase/arrangement"
)

// Plan is what stands between an audience and some portions, paragraph by
// paragraph, before anybody is asked.
type Plan struct {
	Audience   cordon.ID
	Paragraphs []Paragraph
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
	// RuledOut says why its owners may not be asked; empty where they may.
	RuledOut string

	portion cordon.Portion
}

// Preview says what a request would ask of whom, and files nothing. That the
// audience was considered is in the owners' feeds, as a check is. It refuses
// what Ask refuses.
func Preview(ctx context.Context, by act.Caller, draft RequestDraft) (Plan, error) {
	if err := draft.validate(); err != nil {
		return Plan{}, err
	}
	var out Plan
	err := update(ctx, by.Base, func(tx cordon.WriteTx) (error, error) {
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.Author)
		if err != nil {
			return nil, err
		}
		plan, refusal, err := plan(by.Base, tx, view, cordon.ActCheck, draft)
		if err != nil || refusal != nil {
			return refusal, err
		}
		for _, share := range view.ByOwner(plan.portions()) {
			e := view.Entry(cordon.ActCheck, cordon.Allowed)
			e.Feed, e.Portions, e.Audience = share.Owner, share.Portions, plan.Audience
			if err := ledger.Append(tx, e); err != nil {
				return nil, err
			}
		}
		out = plan
		return nil, nil
	})
	return out, err
}

// plan loads what is asked for and decides, portion by portion, what is
// missing. A portion that is not there or is withheld from who asks is a
// refusal, which is in the feeds of those who withhold it.
func plan(base *act.Base, tx cordon.WriteTx, view *reader.View, act cordon.Act, draft RequestDraft) (plan Plan, refusal, err error) {
	audience, err := tx.HoldOrganisation(draft.Audience)
	if err != nil {
		return plan, nil, unknownOrg(err)
	}
	portions, unseen, err := asked(base, tx, view, act, draft)
	if err != nil || unseen {
		return plan, cordon.ErrNotFound, err
	}
	grants, err := tx.GrantsTo(audience.ID, view.Now)
	if err != nil {
		return plan, nil, err
	}
	shared, err := sharedUnder(cordon.Holding(tx), idsOf(portions))
	if err != nil {
		return plan, nil, err
	}
	plan.Audience = audience.ID
	for _, p := range portions {
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return plan, nil, err
		}
		d := access.DecideAudience(rule, audience, access.WaiversFor(p.ID, grants, "", view.Now))
		one := Paragraph{
			ID: p.ID, Report: p.Report, Mark: p.Mark, Missing: d.Owners, Clear: d.Allowed(),
			Excluded: slices.Contains(d.Reasons, access.Audience), portion: p,
		}
		if len(d.Owners) > 0 {
			if one.RuledOut, err = ruledOut(base, tx, view, shared[p.ID], audience.ID); err != nil {
				return plan, nil, err
			}
		}
		plan.Paragraphs = append(plan.Paragraphs, one)
	}
	return plan, nil, nil
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

// asked are the portions the draft means, in order, each of them visible to
// who asks. Unseen says that one of them is not.
func asked(base *act.Base, tx cordon.WriteTx, view *reader.View, act cordon.Act, draft RequestDraft) (portions []cordon.Portion, unseen bool, err error) {
	if draft.Report != "" {
		numbers, err := tx.PortionRules(draft.Report)
		if err != nil {
			return nil, false, err
		}
		seen, err := view.Of(numbers)
		if err != nil {
			return nil, false, err
		}
		if portions, err = tx.Portions(draft.Report, seen); err != nil || len(portions) > 0 {
			return portions, false, err
		}
		return nil, true, view.RefuseWhole(tx, act, draft.Report, numbers)
	}
	loaded, err := tx.PortionsByID(draft.Portions)
	if err != nil {
		return nil, false, err
	}
	var withheld []cordon.Portion
	for _, id := range draft.Portions {
		i := slices.IndexFunc(loaded, func(p cordon.Portion) bool { return p.ID == id })
		switch {
		case i < 0:
			unseen = true
		case !view.Decide(loaded[i]).Allowed():
			withheld = append(withheld, loaded[i])
		case !slices.ContainsFunc(portions, func(p cordon.Portion) bool { return p.ID == id }):
			portions = append(portions, loaded[i])
		}
	}
	if !unseen && len(withheld) == 0 {
		return portions, false, nil
	}
	if err := view.Refuse(tx, act, "", withheld); err != nil {
		return nil, true, err
	}
	return nil, true, ledger.Append(tx, view.Entry(act, cordon.RefusedWith))
}

// sharedUnder gives for each of the portions the arrangements under which it,
// or anything that it was made from, was shared.
func sharedUnder(tx cordon.ReadTx, portions []cordon.ID) (map[cordon.ID][]cordon.Arrangement, error) {
	sources := make(map[cordon.ID][]cordon.ID)
	known := make(map[cordon.ID]bool)
	var all []cordon.ID
	for front := portions; len(front) > 0; {
		var fresh []cordon.ID
		for _, id := range front {
			if !known[id] {
				known[id] = true
				fresh = append(fresh, id)
			}
		}
		if front = nil; len(fresh) == 0 {
			break
		}
		all = append(all, fresh...)
		lineage, err := tx.Sources(fresh)
		if err != nil {
			return nil, err
		}
		for _, d := range lineage {
			sources[d.Portion] = append(sources[d.Portion], d.Source)
			front = append(front, d.Source)
		}
	}
	loaded, err := tx.PortionsByID(all)
	if err != nil {
		return nil, err
	}
	under := make(map[cordon.ID]cordon.ID) // a report's arrangement
	own := make(map[cordon.ID]cordon.ID)   // a portion's
	arrangements := make(map[cordon.ID]cordon.Arrangement)
	for _, p := range loaded {
		id, ok := under[p.Report]
		if !ok {
			report, err := tx.Report(p.Report)
			if err != nil {
				return nil, err
			}
			id, under[p.Report] = report.Arrangement, report.Arrangement
		}
		own[p.ID] = id
		if _, ok := arrangements[id]; !ok && id != "" {
			if arrangements[id], err = tx.Arrangement(id); err != nil {
				return nil, err
			}
		}
	}
	out := make(map[cordon.ID][]cordon.Arrangement, len(portions))
	for _, id := range portions {
		seen := map[cordon.ID]bool{}
		met := map[cordon.ID]bool{"": true}
		for front := []cordon.ID{id}; len(front) > 0; front = front[1:] {
			at := front[0]
			if seen[at] {
				continue
			}
			seen[at] = true
			if a := own[at]; !met[a] {
				met[a] = true
				out[id] = append(out[id], arrangements[a])
			}
			front = append(front, sources[at]...)
		}
	}
	return out, nil
}

// ruledOut says why the owners of what was shared under the arrangements may
// not be asked to let the audience have it. Only an arrangement that who asks
// may see is named.
func ruledOut(base *act.Base, tx cordon.ReadTx, view *reader.View, shared []cordon.Arrangement, audience cordon.ID) (string, error) {
	why := ""
	for _, a := range shared {
		said := ""
		switch {
		case a.Onward == cordon.OnwardNever:
			said = "lets it be passed on to nobody"
		case a.Onward == cordon.OnwardParties && !slices.Contains(a.Parties, audience):
			said = "lets it be passed on to its parties only"
		default:
			continue
		}
		if !view.Sees(a.Rule) {
			if why == "" {
				why = "its owners do not let it be passed on"
			}
			continue
		}
		name, err := arrangement.Name(base.Vault.Ring(tx), a)
		if err != nil {
			return "", err
		}
		why = fmt.Sprintf("the arrangement %q %s", name, said)
	}
	return why, nil
}

// bounds are what the arrangements that an owner is party to ask of its
// permission for the portions.
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
