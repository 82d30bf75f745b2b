// Package rebind files portions under other rules. Every narrowing of
// portions that are there already goes through it: a portion's rule is bound
// to its ciphertext, so each is sealed anew, with everything made from it.
package rebind

import (
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/lineage"
)

// Under files the portion, which is not struck, under the rule, with its
// tokens, and seals it anew. Its text is given to nobody. The caller says
// that its report changed (TouchReport).
func Under(c *act.Commit, p *cordon.Portion, after cordon.Rule) error {
	before, err := c.Rule(p.Rule)
	if err != nil {
		return err
	}
	from := content.Binding(*p, before)
	if p.Rule, err = c.Tx.Intern(after); err != nil {
		return err
	}
	c.Learn(after)
	if p.Body, p.Key, err = c.Keys.Rebind(from, content.Binding(*p, after), p.Body, p.Key); err != nil {
		return err
	}
	return c.Tx.ReplacePortion(*p)
}

// WithDerived adds all that was made from the portions, step by step: a
// derivative is never freer than its sources, so an act on them is an act on
// it. It adds the earlier wordings of a paragraph as well, and all that was
// made from those. It has no bound: no portion may escape being narrowed
// because much was made from it.
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
