package reader

import (
	"maps"
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/ledger"
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

// Refuse writes that the reader was refused the portions into the feed of
// each of the portions' owners. Subject is the thing asked for; empty for the
// portions themselves.
func (v *View) Refuse(tx cordon.WriteTx, act cordon.Act, subject cordon.ID, withheld []cordon.Portion) error {
	reasons := make(map[cordon.ID]string, len(withheld))
	for _, p := range withheld {
		if names := v.Keep(p).Names(); len(names) > 0 {
			reasons[p.ID] = names[0]
		}
	}
	for _, share := range v.ByOwner(withheld) {
		e := v.Entry(act, cordon.OutcomeRefused)
		e.Feed, e.Subject, e.Portions = share.Owner, subject, share.Portions
		for _, id := range share.Portions {
			if why := reasons[id]; why != "" && !slices.Contains(e.Reasons, why) {
				e.Reasons = append(e.Reasons, why)
			}
		}
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// RefuseWhole writes that nothing of a report was shown: into the feed of each
// owner, and, as where there is no such report, into the installation's. It
// goes by the report's few rules and not by its portions, which the entries
// leave out: how long a refusal takes must not tell how much was refused.
func (v *View) RefuseWhole(tx cordon.WriteTx, act cordon.Act, report cordon.ID, numbers []cordon.RuleNo) error {
	reasons := make(map[cordon.ID][]string)
	for _, no := range numbers {
		rule, err := v.Rule(no)
		if err != nil {
			return err
		}
		why := access.Decide(rule, v.Reader, nil).Names()
		for _, owner := range rule.OwnerIDs() {
			reasons[owner] = append(reasons[owner], why[:min(1, len(why))]...)
		}
	}
	for _, owner := range slices.Sorted(maps.Keys(reasons)) {
		e := v.Entry(act, cordon.OutcomeRefused)
		slices.Sort(reasons[owner])
		e.Feed, e.Subject, e.Reasons = owner, report, slices.Compact(reasons[owner])
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	return ledger.Append(tx, v.Entry(act, cordon.OutcomeRefused))
}

// Learn adds a rule interned in this transaction, so that the view can decide
// on it too. The cache is left as it is: the transaction may yet fail.
func (v *View) Learn(rule cordon.Rule) {
	no := rule.No()
	if _, known := v.rules.Rule(no); !known {
		v.learned[no] = rule
	}
}

// Entry begins a ledger entry of an act of the reader's.
func (v *View) Entry(act cordon.Act, outcome cordon.Outcome) cordon.Entry {
	return cordon.Entry{
		ID:       cordon.NewID(),
		At:       v.Now,
		Actor:    v.Actor.Person.ID,
		ActorOrg: v.Actor.Org.ID,
		Act:      act,
		Outcome:  outcome,
	}
}
