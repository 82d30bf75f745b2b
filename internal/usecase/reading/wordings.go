package reading

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/lineage"
)

// Wordings shows the wordings that a portion has had: the present one first, and
// then those that it took the place of, the newest first. The person must be able
// to open the present one. To anybody else it is ErrNotFound, and a refusal in its
// owners' feeds.
//
// An earlier wording opens to people of the organisation that holds the report, and
// of those that own the portion, if its own rule admits them as well: who may not
// read what a portion says now does not learn from it what it said before. To
// recipients and to those to whom it was released there was no other wording. One
// that was struck opens to nobody here.
func Wordings(ctx context.Context, by act.Caller, name string, portion cordon.ID) ([]Shown, error) {
	type plan struct {
		report cordon.ID
		shown  disclosed
	}
	out, err := act.Answer(ctx, by, act.ByRole(cordon.ActRead, cordon.RoleReader), func(s *act.Snapshot) (plan, error) {
		report, err := s.FindReport(name)
		if err != nil {
			return plan{}, err
		}
		loaded, err := s.Tx.PortionsByID([]cordon.ID{portion})
		if err != nil {
			return plan{}, err
		}
		if len(loaded) == 0 || loaded[0].Report != report.ID {
			return plan{}, cordon.ErrNotFound
		}
		if d := s.Decide(loaded[0]); !d.Allowed() {
			return plan{}, &act.Refusal{Answer: cordon.ErrNotFound, Subject: report.ID, Portions: loaded, Reasons: d.Names()}
		}
		earlier, err := earlierWordings(s, s.Unnoted(), report, loaded[0])
		if err != nil {
			return plan{}, err
		}
		p := plan{report: report.ID}
		p.shown, err = disclose(s, append(loaded, earlier...))
		return p, err
	}, func(c *act.Recorder, p plan) (plan, error) {
		return p, record(c, cordon.ActRead, p.report, p.shown.portions)
	})
	if err != nil {
		return nil, err
	}
	return out.shown.all()
}

// Reworded tells which of the portions of a report have an earlier wording that
// Wordings would show the person. It shows no text, and is no line in the ledger.
func Reworded(ctx context.Context, by act.Caller, report cordon.ID, portions []cordon.ID) ([]cordon.ID, error) {
	return act.Read(ctx, by, act.ByRole(cordon.ActList, cordon.RoleReader), func(s *act.Snapshot) ([]cordon.ID, error) {
		tx := s.Unnoted()
		r, err := tx.Report(report)
		if err != nil {
			return nil, err
		}
		steps, err := tx.Sources(portions)
		if err != nil {
			return nil, err
		}
		steps = slices.DeleteFunc(steps, func(d cordon.Derivation) bool { return d.How != cordon.DerivationRevised })
		var out []cordon.ID
		for _, d := range steps {
			loaded, err := tx.PortionsByID([]cordon.ID{d.Portion})
			if err != nil {
				return nil, err
			}
			if len(loaded) == 0 || !s.Decide(loaded[0]).Allowed() {
				continue
			}
			earlier, err := earlierWordings(s, tx, r, loaded[0])
			if err != nil {
				return nil, err
			}
			if len(earlier) > 0 {
				out = append(out, d.Portion)
			}
		}
		return out, nil
	})
}

// earlierWordings are those before the portion that the person may open.
func earlierWordings(s *act.Snapshot, tx cordon.ReadTx, report cordon.Report, now cordon.Portion) ([]cordon.Portion, error) {
	rule, err := s.Rule(now.Rule)
	if err != nil {
		return nil, err
	}
	if us := s.Actor.Org.ID; report.Holder != us && !slices.Contains(rule.OwnerIDs(), us) {
		return nil, nil
	}
	before, err := lineage.Wordings(tx, []cordon.ID{now.ID})
	if err != nil || len(before.Met) == 0 {
		return nil, err
	}
	all, err := tx.PortionsByID(before.Met)
	if err != nil {
		return nil, err
	}
	// A wording has all those before it as sources, so the newer has more of them.
	steps, err := tx.Sources(before.Met)
	if err != nil {
		return nil, err
	}
	older := make(map[cordon.ID]int)
	for _, d := range steps {
		if d.How == cordon.DerivationRevised {
			older[d.Portion]++
		}
	}
	slices.SortFunc(all, func(a, b cordon.Portion) int { return older[b.ID] - older[a.ID] })
	return slices.DeleteFunc(all, func(p cordon.Portion) bool { return !s.DecideEarlier(p).Allowed() }), nil
}
