// Package rebind files portions under other rules. Whatever narrows what there
// is already goes through it: a portion's rule is bound to its ciphertext, so
// that each is sealed anew, and what was made from it with it.
package rebind

import (
	"slices"

	"cordon"
	"cordon/internal/core/content"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// Under files the portion, which is not struck, under the rule, with its tokens, and seals it
// anew; its text is given to nobody. That its report changed is the caller's to
// say (TouchReport).
func Under(tx cordon.WriteTx, view *reader.View, ring *vault.Ring, p *cordon.Portion, after cordon.Rule) error {
	before, err := view.Rule(p.Rule)
	if err != nil {
		return err
	}
	from := content.Binding(*p, before)
	if p.Rule, err = tx.Intern(after); err != nil {
		return err
	}
	view.Learn(after)
	if p.Body, p.Key, err = ring.Rebind(from, content.Binding(*p, after), p.Body, p.Key); err != nil {
		return err
	}
	return tx.ReplacePortion(*p)
}

// WithDerived adds all that was made from the portions, step by step: a
// derivative is never freer than its sources, so what is done to them is done
// to it. What is done to a paragraph is done to what it said before as well,
// and to what was made from that.
func WithDerived(tx cordon.ReportReader, portions []cordon.Portion) ([]cordon.Portion, error) {
	all, err := withOlder(tx, portions)
	if err != nil {
		return nil, err
	}
	portions = all
	all = slices.Clone(all)
	seen := make(map[cordon.ID]bool)
	for _, p := range portions {
		seen[p.ID] = true
	}
	front := portions
	for len(front) > 0 {
		ids := make([]cordon.ID, len(front))
		for i, p := range front {
			ids[i] = p.ID
		}
		lineage, err := tx.Derived(ids)
		if err != nil {
			return nil, err
		}
		var next []cordon.ID
		for _, d := range lineage {
			if !seen[d.Portion] {
				seen[d.Portion] = true
				next = append(next, d.Portion)
			}
		}
		if front = nil; len(next) > 0 {
			if front, err = tx.PortionsByID(next); err != nil {
				return nil, err
			}
		}
		all = append(all, front...)
	}
	return all, nil
}

// withOlder adds the wordings that the portions have replaced.
func withOlder(tx cordon.ReportReader, portions []cordon.Portion) ([]cordon.Portion, error) {
	all := slices.Clone(portions)
	for front := portions; len(front) > 0; {
		ids := make([]cordon.ID, len(front))
		for i, p := range front {
			ids[i] = p.ID
		}
		lineage, err := tx.Sources(ids)
		if err != nil {
			return nil, err
		}
		var older []cordon.ID
		for _, d := range lineage {
			if d.How == cordon.Revised && !slices.ContainsFunc(all, func(p cordon.Portion) bool { return p.ID == d.Source }) {
				older = append(older, d.Source)
			}
		}
		if front = nil; len(older) > 0 {
			if front, err = tx.PortionsByID(older); err != nil {
				return nil, err
			}
		}
		all = append(all, front...)
	}
	return all, nil
}
