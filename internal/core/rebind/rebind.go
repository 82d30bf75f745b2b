// Package rebind files portions under other rules. Whatever narrows what there
// is already goes through it: a portion's rule is bound to its ciphertext, so
// that each is sealed anew, and what was made from it with it.
package rebind

import (
	"slices"

	"cordon"
	"cordon/internal/core/content"
	"cordon/internal/core/lineage"
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
// and to what was made from that. However much it is, it is given: nothing may
// escape being narrowed by how much was made from it.
func WithDerived(tx cordon.ReportReader, portions []cordon.Portion) ([]cordon.Portion, error) {
	older, err := lineage.Wordings(tx, cordon.PortionIDs(portions))
	if err != nil {
		return nil, err
	}
	derived, err := lineage.Derived(tx, append(cordon.PortionIDs(portions), older.Met...), 0)
	if err != nil {
		return nil, err
	}
	more, err := tx.PortionsByID(append(older.Met, derived.Met...))
	return append(slices.Clone(portions), more...), err
}
