// Package reading is the one door: open, list, search and suggest. Plaintext
// leaves Cordon through this package only (and, of what was struck, through
// containment's custody), after access has decided and the ledger entry is on
// disk.
//
// Every use-case reads the same way: load who asks and what is asked, decide,
// act, record, commit; and only after the commit is anything opened.
package reading

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// Shown is a portion as a reader is shown it.
type Shown struct {
	ID     cordon.ID          `json:"id,omitempty"`
	Report cordon.ID          `json:"report,omitempty"`
	Ref    string             `json:"ref,omitempty"`
	Kind   cordon.PortionKind `json:"kind"`
	Mark   string             `json:"marking"`
	Owners []cordon.ID        `json:"owners,omitempty"`
	// Text is empty where the portion is withheld.
	Text string `json:"text"`
	// Withheld says that only the mark is shown, as the arrangement wants.
	Withheld bool `json:"withheld,omitempty"`
}

// look loads who asks and requires the role.
func look(base *act.Base, tx cordon.ReadTx, person cordon.ID, role cordon.Role) (*reader.View, error) {
	view, err := base.Rules.Look(tx, person, base.Clock.Now())
	if err != nil {
		return nil, err
	}
	return view, view.Require(role)
}

// sealed is what a use-case carries out of its transaction: portions decided
// on and recorded, and the ring that can open them now that this is on disk.
type sealed struct {
	ring  *vault.Ring
	rules map[cordon.RuleNo]cordon.Rule
}

// hold readies the portions for being opened after the commit.
func hold(base *act.Base, tx cordon.ReadTx, view *reader.View, portions []cordon.Portion) (sealed, error) {
	h := sealed{ring: base.Vault.Ring(tx), rules: make(map[cordon.RuleNo]cordon.Rule)}
	for _, p := range portions {
		if _, ok := h.rules[p.Rule]; ok {
			continue
		}
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return h, err
		}
		if err := h.ring.Prepare(rule); err != nil {
			return h, err
		}
		h.rules[p.Rule] = rule
	}
	return h, nil
}

// open opens one portion held.
func (h sealed) open(p cordon.Portion) (content.Body, error) {
	return content.Open(h.ring, p, h.rules[p.Rule])
}

// record writes what was shown: one ledger entry for each owner concerned and
// one rendition for each report.
func record(tx cordon.WriteTx, view *reader.View, act cordon.Act, subject cordon.ID, portions []cordon.Portion) error {
	for _, share := range view.ByOwner(portions) {
		e := view.Entry(act, cordon.Allowed)
		e.Feed, e.Subject, e.Portions = share.Owner, subject, share.Portions
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	byReport := make(map[cordon.ID]int)
	var renditions []cordon.Rendition
	for _, p := range portions {
		i, ok := byReport[p.Report]
		if !ok {
			i = len(renditions)
			byReport[p.Report] = i
			renditions = append(renditions, cordon.Rendition{
				ID: cordon.NewID(), Report: p.Report, At: view.Now, Via: act,
				Person: view.Actor.Person.ID, Org: view.Actor.Org.ID,
			})
		}
		renditions[i].Portions = append(renditions[i].Portions, p.ID)
	}
	for _, r := range renditions {
		if err := tx.AddRendition(r); err != nil {
			return err
		}
	}
	return nil
}

// recordNothing writes that something was asked for and nothing shown. What
// is absent and what is withheld from everybody leave the same line.
func recordNothing(tx cordon.WriteTx, view *reader.View, act cordon.Act, outcome cordon.Outcome) error {
	return ledger.Append(tx, view.Entry(act, outcome))
}

// update runs fn, whose answer (which may be a refusal that must be recorded)
// is given only once the transaction is on disk.
func update(ctx context.Context, base *act.Base, fn func(tx cordon.WriteTx) (refusal error, err error)) error {
	var refusal error
	if err := base.Store.Update(ctx, func(tx cordon.WriteTx) (err error) {
		refusal, err = fn(tx)
		return err
	}); err != nil {
		return err
	}
	return refusal
}
