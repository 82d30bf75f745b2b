package reader

import (
	"slices"

	"cordon"
)

// Owned is one owner's share of some portions.
type Owned struct {
	Owner    cordon.ID
	Portions []cordon.ID
}

// ByOwner divides the portions among their owners, in the owners' order; a
// portion of several owners is in the share of each. Every owner's ledger
// entry then names its own portions and nobody else's.
func (v *View) ByOwner(portions []cordon.Portion) []Owned {
	shares := make(map[cordon.ID][]cordon.ID)
	for _, p := range portions {
		for _, policy := range v.rule(p.Rule).Owners {
			shares[policy.Owner] = append(shares[policy.Owner], p.ID)
		}
	}
	owned := make([]Owned, 0, len(shares))
	for owner, ids := range shares {
		owned = append(owned, Owned{owner, ids})
	}
	slices.SortFunc(owned, func(a, b Owned) int {
		if a.Owner < b.Owner {
			return -1
		}
		return 1
	})
	return owned
}

// Learn adds a rule interned in this transaction, so that the view can decide
// on it too. The cache is left as it is: the transaction may yet fail.
func (v *View) Learn(rule cordon.Rule) {
	no := rule.No()
	if _, known := v.rules.Rule(no); !known {
		v.learned[no] = rule
	}
}
