// Package rebind puts existing portions under other rules. Every narrowing goes
// through it. A portion's rule is bound to its ciphertext, so the portion is sealed
// anew, and so is everything made from it.
package rebind

import (
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/lineage"
)

// Under puts the portion, which is not struck, and its tokens under the rule and
// seals it anew. Its text goes no further, and it waits as it did. The caller notes
// that its report changed (TouchReport).
func Under(c *act.Commit, p *cordon.Portion, after cordon.Rule) error {
	before, err := c.Rule(p.Rule)
	if err != nil {
		return err
	}
	from := content.Binding(*p, before)
	after = after.While(before)
	if p.Rule, err = c.Tx.Intern(after); err != nil {
		return err
	}
	c.Learn(after)
	if p.Body, p.Key, err = c.Keys.Rebind(from, content.Binding(*p, after), p.Body, p.Key); err != nil {
		return err
	}
	return c.Tx.ReplacePortion(*p)
}

// WithDerived adds everything made from the portions, step by step: a derivative
// is never freer than its sources, so an act on them is an act on it. It also adds
// the earlier wordings of each portion, and everything made from those. It has no
// bound, so that no portion escapes a narrowing because much was made from it.
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
