package writing

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/rebind"
	"cordon/internal/core/vault"
	"cordon/marking"
)

// SetCompilation sets, changes or (with an empty mark) lifts the marking of a
// whole by compilation. It is a person's decision and never taken by itself:
// striking a portion leaves it as it is. It takes a release authority of the
// organisation that holds the report who may see something of it, before and
// after; to everybody else the report is ErrNotFound. Every live portion is
// sealed anew under what then holds, what was made from it is narrowed by that,
// and the owners' feeds have it. Gives the banner of what he sees.
//
// It can shut people out whom an owner let in, and lifting it does not let
// them in again: whom an owner gave a report to is said when it is published.
func SetCompilation(ctx context.Context, by act.Caller, name, mark string) (string, error) {
	var compilation marking.Marks
	if mark != "" {
		var err error
		if compilation, err = by.Schemes.Parse(mark); err != nil {
			return "", invalidMark("the compilation", err)
		}
	}
	var shown string
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		report, err := find(by.Base, cordon.Holding(tx), view, name)
		if err != nil {
			return err
		}
		if report.Holder != view.Actor.Org.ID {
			return cordon.ErrNotFound
		}
		portions, superseded, err := unstruck(tx, report.ID)
		if err != nil {
			return err
		}

		// decide
		seen := inSight(view, portions)
		if len(seen) == 0 {
			return cordon.ErrNotFound
		}

		// act
		report.Compilation = compilation.Portion()
		g := regrading{Base: by.Base, tx: tx, view: view, ring: by.Vault.Ring(tx), compilation: compilation}
		for i := range portions {
			if err := g.portion(&portions[i]); err != nil {
				return err
			}
		}
		for i := range superseded { // what was made from them must not stay freer
			if err := g.portion(&superseded[i]); err != nil {
				return err
			}
		}
		derived, err := g.derived(slices.Concat(portions, superseded))
		if err != nil {
			return err
		}
		if len(inSight(view, portions)) == 0 {
			return cordon.Errorf(cordon.Invalid, "as a whole marked %s, the report would not exist for you yourself", report.Compilation)
		}
		if err := tx.PutReport(report); err != nil {
			return err
		}

		// record
		for _, share := range view.ByOwner(slices.Concat(portions, derived)) {
			for some := range slices.Chunk(share.Portions, ledger.MaxEntryPortions) {
				e := view.Entry(cordon.ActRegrade, cordon.Allowed)
				e.Feed, e.Subject, e.Portions = share.Owner, report.ID, some
				if err := ledger.Append(tx, e); err != nil {
					return err
				}
			}
		}
		shown, err = view.Banner(report, seen)
		return err
	})
	return shown, err
}

// inSight are those of the portions that the reader may see.
func inSight(view *reader.View, portions []cordon.Portion) []cordon.Portion {
	return slices.DeleteFunc(slices.Clone(portions), func(p cordon.Portion) bool { return !view.Decide(p).Allowed() })
}

// unstruck loads the report's live portions, in order, and the superseded
// ones, with bodies and keys.
func unstruck(tx cordon.ReadTx, report cordon.ID) (live, superseded []cordon.Portion, err error) {
	heads, err := tx.PortionHeads(report)
	if err != nil {
		return nil, nil, err
	}
	var list []cordon.ID
	order := make(map[cordon.ID]int)
	for _, p := range heads {
		if p.State != cordon.Struck {
			order[p.ID] = len(list)
			list = append(list, p.ID)
		}
	}
	portions, err := tx.PortionsByID(list)
	slices.SortFunc(portions, func(a, b cordon.Portion) int { return order[a.ID] - order[b.ID] })
	for _, p := range portions {
		if p.State == cordon.Live {
			live = append(live, p)
		} else {
			superseded = append(superseded, p)
		}
	}
	return live, superseded, err
}

// regrading is the portions of one report being given another compilation.
type regrading struct {
	*act.Base
	tx          cordon.WriteTx
	view        *reader.View
	ring        *vault.Ring
	compilation marking.Marks
}

// portion seals one portion anew. What its own marking and its sources demand
// is worked out again; its owners' policies, its circle and what recipients ask of
// their own people are narrowed at most, so that nobody is let in who was not among them.
func (g regrading) portion(p *cordon.Portion) error {
	before, err := g.view.Rule(p.Rule)
	if err != nil {
		return err
	}
	own, err := g.Schemes.Parse(p.Mark)
	if err != nil {
		return cordon.Errorf(cordon.Internal, "a stored marking is not a marking").Because(err)
	}
	enforced := own
	if !g.compilation.Empty() {
		if enforced, err = g.Schemes.RollUp([]marking.Marks{own, g.compilation}); err != nil {
			return invalidMark("the compilation", err)
		}
	}
	demands, err := access.Compile(enforced, access.Terms{
		Owner: g.view.Actor.Org, Recipients: recipients(before, g.view.Actor.Org.ID),
	})
	if err != nil {
		return err
	}
	if demands.Circled && !before.Circled {
		return cordon.Errorf(cordon.Invalid,
			"%s is for people who are named, and this report names none: limit it to them under an incident, or publish it anew", g.compilation.Portion())
	}
	rules := []cordon.Rule{{Levels: demands.Levels, ReadIns: demands.ReadIns, Audience: demands.Audience, Owners: demands.Owners}}
	sources, err := g.sources(p.ID)
	if err != nil {
		return err
	}
	for _, r := range sources {
		rules = append(rules, cordon.Rule{Levels: r.Levels, ReadIns: r.ReadIns, Audience: r.Audience})
	}
	after := access.Join(append(rules, cordon.Rule{
		Owners: before.Owners, Circled: before.Circled, Circle: before.Circle, Narrowed: before.Narrowed,
	})...)

	return rebind.Under(g.tx, g.view, g.ring, p, after)
}

// derived narrows what was made from the portions, step by step, by what they
// demand now: it is never freer than what it was made from, whichever of the
// two was written last. It gives those that it narrowed.
func (g regrading) derived(sources []cordon.Portion) ([]cordon.Portion, error) {
	var narrowed []cordon.Portion
	for front := sources; len(front) > 0; {
		demands := make(map[cordon.ID]cordon.Rule, len(front))
		list := make([]cordon.ID, len(front))
		for i, p := range front {
			rule, err := g.view.Rule(p.Rule)
			if err != nil {
				return nil, err
			}
			demands[p.ID], list[i] = rule, p.ID
		}
		lineage, err := g.tx.Derived(list)
		if err != nil {
			return nil, err
		}
		made := make(map[cordon.ID][]cordon.Rule)
		list = list[:0]
		for _, d := range lineage {
			if made[d.Portion] == nil {
				list = append(list, d.Portion)
			}
			made[d.Portion] = append(made[d.Portion], demands[d.Source])
		}
		if front = nil; len(list) == 0 {
			break
		}
		portions, err := g.tx.PortionsByID(list)
		if err != nil {
			return nil, err
		}
		for _, p := range portions {
			before, err := g.view.Rule(p.Rule)
			if err != nil {
				return nil, err
			}
			after := access.Join(append(made[p.ID], before)...)
			if p.State == cordon.Struck || after.No() == p.Rule {
				continue
			}
			if err := rebind.Under(g.tx, g.view, g.ring, &p, after); err != nil {
				return nil, err
			}
			if err := g.tx.TouchReport(p.Report); err != nil {
				return nil, err
			}
			front = append(front, p)
		}
		narrowed = append(narrowed, front...)
	}
	return narrowed, nil
}

// recipients are those of the owner under the rule.
func recipients(rule cordon.Rule, owner cordon.ID) []cordon.ID {
	for _, p := range rule.Owners {
		if p.Owner == owner {
			return p.Recipients
		}
	}
	return nil
}

// sources are the rules of what the portion was made from, struck or not.
func (g regrading) sources(portion cordon.ID) ([]cordon.Rule, error) {
	lineage, err := g.tx.Sources([]cordon.ID{portion})
	if err != nil || len(lineage) == 0 {
		return nil, err
	}
	list := make([]cordon.ID, len(lineage))
	for i, d := range lineage {
		list[i] = d.Source
	}
	portions, err := g.tx.PortionsByID(list)
	if err != nil {
		return nil, err
	}
	var rules []cordon.Rule
	for _, p := range portions {
		r, err := g.view.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	return rules, nil
}
