package trace

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/lineage"
)

// Family is portions, what they were made from, and what was made from them: as
// much of it as the asker may see.
type Family struct {
	Members []Member
	Steps   []cordon.Derivation
}

// Member is one portion of a family.
type Member struct {
	Portion cordon.ID
	Report  cordon.ID
	// Kind and Holder are those of its report.
	Kind   cordon.ReportKind
	Holder cordon.ID
	Mark   string
	Struck bool
	// Ours says that the asker's organisation owns it or holds its report.
	Ours bool
	// Asked says that it is one of those that were asked about.
	Asked bool
}

// FamilyOf gives the lineage of portions both ways. A portion that the asker
// might not see, but for its being struck, is not in it, nor is any step from or
// to it. One of those asked about that they may not see is ErrNotFound. It shows
// no text. It needs the role Reader.
func FamilyOf(ctx context.Context, by act.Caller, portions []cordon.ID) (Family, error) {
	return act.Read(ctx, by, reading(cordon.ActList), func(s *act.Snapshot) (Family, error) {
		asked, err := s.Tx.PortionsByID(portions)
		if err != nil {
			return Family{}, err
		}
		for _, p := range asked {
			if !mightSee(s, p) {
				return Family{}, cordon.ErrNotFound
			}
		}
		if len(asked) == 0 {
			return Family{}, cordon.ErrNotFound
		}
		tx := s.Unnoted()
		up, err := lineage.Sources(tx, portions, MaxDescendants)
		if err != nil {
			return Family{}, err
		}
		down, err := lineage.Derived(tx, portions, MaxDescendants)
		if err != nil {
			return Family{}, err
		}
		all := asked
		for some := range slices.Chunk(append(slices.Clone(up.Met), down.Met...), portionsLoaded) {
			more, err := tx.PortionsByID(some)
			if err != nil {
				return Family{}, err
			}
			all = append(all, more...)
		}
		var out Family
		in := make(map[cordon.ID]bool)
		reports := make(map[cordon.ID]cordon.Report)
		for _, p := range all {
			if in[p.ID] || !mightSee(s, p) {
				continue
			}
			report, ok := reports[p.Report]
			if !ok {
				if report, err = tx.Report(p.Report); err != nil {
					return Family{}, err
				}
				reports[p.Report] = report
			}
			rule, err := s.Rule(p.Rule)
			if err != nil {
				return Family{}, err
			}
			in[p.ID] = true
			out.Members = append(out.Members, Member{
				Portion: p.ID, Report: p.Report, Kind: report.Kind, Holder: report.Holder, Mark: p.Mark,
				Struck: p.State == cordon.PortionStruck, Asked: slices.Contains(portions, p.ID),
				Ours: report.Holder == s.Actor.Org.ID || slices.Contains(rule.OwnerIDs(), s.Actor.Org.ID),
			})
		}
		for _, step := range append(up.Steps, down.Steps...) {
			if in[step.Portion] && in[step.Source] && !slices.Contains(out.Steps, step) {
				out.Steps = append(out.Steps, step)
			}
		}
		return out, nil
	})
}
