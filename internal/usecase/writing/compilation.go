package writing

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/lineage"
	"cordon/internal/core/rebind"
	"cordon/marking"
)

// SetCompilation sets, changes or (with an empty mark) lifts the marking of a
// whole by compilation. A person decides on it, never Cordon by itself:
// striking a portion leaves it as it is. The person must be a release authority
// of the organisation that holds the report and may see something of it, before
// and after; to everybody else the report is ErrNotFound. Every live portion is
// sealed anew under its new rule, everything made from it is narrowed likewise,
// and the owners' feeds have the change. It gives the banner as the person is
// shown it.
//
// A compilation can shut out people whom an owner let in, and lifting it does
// not let them in again: an owner says whom it gives a report to when the
// report is published.
func SetCompilation(ctx context.Context, by act.Caller, name, mark string) (string, error) {
	var compilation marking.Marks
	if mark != "" {
		var err error
		if compilation, err = by.Schemes.Parse(mark); err != nil {
			return "", invalidMark("the compilation", err)
		}
	}
	type plan struct {
		report cordon.Report
		// regraded are the report's portions and what was made from them that
		// is narrowed thereby.
		regraded []regraded
		banner   string
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActRegrade, cordon.RoleReleaseAuthority), func(s *act.Snapshot) (plan, error) {
		report, err := s.FindReport(name)
		if err != nil {
			return plan{}, err
		}
		portions, err := unstruck(s, report.ID)
		if err != nil {
			return plan{}, err
		}
		seen := inSight(s, portions)
		if report.Holder != s.Actor.Org.ID || len(seen) == 0 {
			return plan{}, &act.Refusal{Answer: cordon.ErrNotFound, Reports: []cordon.ID{report.ID}}
		}
		report.Compilation = compilation.Portion()
		all, err := regrade(s, report.ID, portions, compilation)
		if err != nil {
			return plan{}, err
		}
		if !slices.ContainsFunc(all, func(r regraded) bool { return r.portion.Report == report.ID && s.Decide(r.after()).Allowed() }) {
			return plan{}, cordon.Errorf(cordon.KindInvalid, "as a whole marked %s, the report would not exist for you yourself", report.Compilation)
		}
		banner, err := s.Banner(report, seen)
		return plan{report, all, banner}, err
	}, func(c *act.Commit, p plan) (string, error) {
		for _, r := range p.regraded {
			if err := rebind.Under(c, &r.portion, r.rule); err != nil {
				return "", err
			}
			if r.portion.Report != p.report.ID {
				if err := c.Tx.TouchReport(r.portion.Report); err != nil {
					return "", err
				}
			}
		}
		if err := c.Tx.PutReport(p.report); err != nil {
			return "", err
		}
		return p.banner, c.RecordOwners(cordon.Entry{Subject: p.report.ID}, after(p.regraded))
	})
}

// inSight are those of the portions that the caller may see.
func inSight(s *act.Snapshot, portions []cordon.Portion) []cordon.Portion {
	return slices.DeleteFunc(slices.Clone(portions), func(p cordon.Portion) bool { return !s.Decide(p).Allowed() })
}

// unstruck loads the report's live and superseded portions, in order, with
// bodies and keys.
func unstruck(s *act.Snapshot, report cordon.ID) ([]cordon.Portion, error) {
	heads, err := s.Tx.PortionHeads(report)
	if err != nil {
		return nil, err
	}
	heads = slices.DeleteFunc(heads, func(p cordon.Portion) bool { return p.State == cordon.PortionStruck })
	order := make(map[cordon.ID]int, len(heads))
	for i, p := range heads {
		order[p.ID] = i
	}
	portions, err := s.Tx.PortionsByID(cordon.PortionIDs(heads))
	slices.SortFunc(portions, func(a, b cordon.Portion) int { return order[a.ID] - order[b.ID] })
	return portions, err
}

// regrading is the portions of one report being given another compilation.
type regrading struct {
	*act.Snapshot
	report      cordon.ID
	compilation marking.Marks
	// sources are the portions that each portion was made from: all of them for
	// the report's portions, struck or not, and for the others those that are
	// regraded with it.
	sources map[cordon.ID][]cordon.ID
	// rules are the rules of the sources: as they are or, once decided, as they
	// are to be.
	rules map[cordon.ID]cordon.Rule
}

// regraded is a portion, as it was, with the rule that it is to be under.
type regraded struct {
	portion cordon.Portion
	rule    cordon.Rule
}

// after is the portion as it is to be decided on.
func (r regraded) after() cordon.Portion {
	p := r.portion
	p.Rule = r.rule.No()
	return p
}

func after(all []regraded) []cordon.Portion {
	portions := make([]cordon.Portion, len(all))
	for i, r := range all {
		portions[i] = r.after()
	}
	return portions
}

// regrade decides on the report's portions, superseded ones too, since portions
// made from those must not stay freer, and on the portions made from them. A
// derivative is never freer than its sources, whichever was written last. It
// gives the report's portions and the derivatives that are narrowed.
func regrade(s *act.Snapshot, report cordon.ID, portions []cordon.Portion, compilation marking.Marks) ([]regraded, error) {
	g := regrading{
		Snapshot: s, report: report, compilation: compilation,
		sources: make(map[cordon.ID][]cordon.ID), rules: make(map[cordon.ID]cordon.Rule),
	}
	if err := g.loadSources(portions); err != nil {
		return nil, err
	}
	made, err := lineage.Derived(s.Tx, cordon.PortionIDs(portions), 0)
	if err != nil {
		return nil, err
	}
	derived, err := s.Tx.PortionsByID(made.Met)
	if err != nil {
		return nil, err
	}
	byID := make(map[cordon.ID]cordon.Portion, len(portions)+len(derived))
	for _, p := range slices.Concat(portions, derived) {
		byID[p.ID] = p
	}
	for _, d := range made.Steps {
		if byID[d.Portion].Report != report {
			g.sources[d.Portion] = append(g.sources[d.Portion], d.Source)
		}
	}
	var all []regraded
	for _, id := range made.InOrder { // sources first
		p := byID[id]
		if p.State == cordon.PortionStruck {
			continue
		}
		rule, err := g.rule(p)
		if err != nil {
			return nil, err
		}
		if p.Report != report && rule.No() == p.Rule {
			continue
		}
		s.Learn(rule)
		g.rules[id] = rule
		all = append(all, regraded{p, rule})
	}
	return all, nil
}

// loadSources loads the direct sources of the report's portions, with their
// rules.
func (g *regrading) loadSources(portions []cordon.Portion) error {
	steps, err := g.Tx.Sources(cordon.PortionIDs(portions))
	if err != nil {
		return err
	}
	var ids []cordon.ID
	for _, d := range steps {
		g.sources[d.Portion] = append(g.sources[d.Portion], d.Source)
		ids = append(ids, d.Source)
	}
	slices.Sort(ids)
	for some := range slices.Chunk(slices.Compact(ids), sourcesLoaded) {
		loaded, err := g.Tx.PortionsByID(some)
		if err != nil {
			return err
		}
		for _, p := range loaded {
			if g.rules[p.ID], err = g.Rule(p.Rule); err != nil {
				return err
			}
		}
	}
	return nil
}

// sourcesLoaded is how many sources are fetched at once.
const sourcesLoaded = 256

// rule is the new rule of the portion.
func (g *regrading) rule(p cordon.Portion) (cordon.Rule, error) {
	before, err := g.Rule(p.Rule)
	if err != nil {
		return before, err
	}
	if p.Report == g.report {
		return g.own(p, before)
	}
	rules := []cordon.Rule{before}
	for _, source := range g.sources[p.ID] {
		if rule, ok := g.rules[source]; ok {
			rules = append(rules, rule)
		}
	}
	return access.Join(rules...).While(before), nil
}

// own is the new rule of a portion of the report. The demands of its own
// marking and of its sources are worked out again. Its owners' policies, its
// circle and its recipients' narrowings are narrowed at most, so that nobody is
// let in who was not among its readers.
func (g *regrading) own(p cordon.Portion, before cordon.Rule) (cordon.Rule, error) {
	enforced, err := g.Marks(p.Mark)
	if err != nil {
		return before, err
	}
	if !g.compilation.Empty() {
		if enforced, err = g.Schemes.RollUp([]marking.Marks{enforced, g.compilation}); err != nil {
			return before, invalidMark("the compilation", err)
		}
	}
	demands, err := access.Compile(enforced, access.Terms{
		Owner: g.Actor.Org, Recipients: recipients(before, g.Actor.Org.ID),
	})
	if err != nil {
		return before, err
	}
	if demands.Circled && !before.Circled {
		return before, cordon.Errorf(cordon.KindInvalid,
			"%s is for people who are named, and this report names none: limit it to them under an incident, or publish it anew", g.compilation.Portion())
	}
	rules := []cordon.Rule{
		{Levels: demands.Levels, ReadIns: demands.ReadIns, Audience: demands.Audience, Owners: demands.Owners},
		{Owners: before.Owners, Circled: before.Circled, Circle: before.Circle, Narrowed: before.Narrowed, Within: before.Within},
	}
	if len(before.Within) > 0 { // what was found in it asks for as much as before
		rules = append(rules, cordon.Rule{Levels: before.Levels, ReadIns: before.ReadIns, Audience: before.Audience})
	}
	for _, source := range g.sources[p.ID] {
		r := g.rules[source]
		rules = append(rules, cordon.Rule{Levels: r.Levels, ReadIns: r.ReadIns, Audience: r.Audience})
	}
	return access.Join(rules...).While(before), nil
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
