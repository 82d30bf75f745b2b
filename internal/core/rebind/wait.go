package rebind

import (
	"maps"
	"slices"

	"cordon"
	"cordon/internal/core/act"
)

// Move puts live portions of the report under rules that their ciphertexts are bound to as
// well: they differ from their own in what holds only for a while. The caller notes that
// the report changed.
func Move(c *act.Commit, report cordon.ID, rules map[cordon.ID]cordon.Rule) error {
	moves := make([]cordon.Move, 0, len(rules))
	interned := make(map[cordon.RuleNo]bool)
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		no := rules[id].No()
		if !interned[no] {
			interned[no] = true
			if _, err := c.Tx.Intern(rules[id]); err != nil {
				return err
			}
			c.Learn(rules[id])
		}
		moves = append(moves, cordon.Move{Portion: id, To: no})
	}
	return c.Tx.MovePortions(report, moves)
}

// EndWait ends the waiting of live portions of the report: they are under their own rules
// for everybody, and what they replace is replaced. The caller notes that the report changed.
func EndWait(c *act.Commit, report cordon.ID, portions []cordon.Portion) error {
	heads, err := c.Snapshot.Tx.PortionHeads(report)
	if err != nil {
		return err
	}
	rules := make(map[cordon.ID]cordon.Rule)
	var replaced []cordon.ID
	for _, p := range portions {
		rule, err := c.Rule(p.Rule)
		if err != nil {
			return err
		}
		rules[p.ID] = rule.Settled()
		for _, old := range heads {
			if old.Ordinal != p.Ordinal || old.State != cordon.PortionLive || old.ID == p.ID {
				continue
			}
			if rule, err = c.Rule(old.Rule); err != nil {
				return err
			}
			if rule.Former != "" {
				rules[old.ID] = rule.Settled()
				replaced = append(replaced, old.ID)
			}
		}
	}
	if err := Move(c, report, rules); err != nil {
		return err
	}
	for _, id := range replaced {
		if err := c.Tx.SupersedePortion(id); err != nil {
			return err
		}
	}
	return nil
}
