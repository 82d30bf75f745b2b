package contain

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/ledger"
	"cordon/internal/core/vault"
)

// Kept is a struck portion as its custodian reads it.
type Kept struct {
	Portion  cordon.ID `json:"portion"`
	Report   cordon.ID `json:"report"`
	Incident cordon.ID `json:"incident"`
	Ref      string    `json:"ref,omitempty"`
	Mark     string    `json:"marking"`
	Text     string    `json:"text"`
}

// Custody opens a struck portion to a person of its incident's custody circle
// who might read it were it not struck, after its owners' feeds have the read.
// To everybody else it is ErrNotFound, and the attempt is in the owners' feeds
// as a refusal.
func Custody(ctx context.Context, by act.Caller, portion cordon.ID) (Kept, error) {
	var out Kept
	var ring *vault.Ring
	var binding vault.Binding
	var item cordon.CustodyItem
	var refusal error
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		refusal = nil
		// load
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		item, err = tx.Custody(portion)
		if err == nil && item.Body == nil {
			err = cordon.ErrNotFound // destroyed
		}
		if err != nil && cordon.KindOf(err) == cordon.NotFound {
			refusal = cordon.ErrNotFound
			return ledger.Append(tx, view.Entry(cordon.ActCustody, cordon.RefusedWith))
		}
		if err != nil {
			return err
		}
		incident, err := tx.HoldIncident(item.Incident)
		if err != nil {
			return err
		}
		heads, err := tx.PortionsByID([]cordon.ID{portion})
		if err != nil || len(heads) != 1 {
			return cordon.Errorf(cordon.Internal, "a portion in custody has no row").Because(err)
		}

		// decide
		heads[0].Rule = item.Rule // what it was sealed under
		decision := view.InCustody(heads[0], incident)

		// record
		outcome := cordon.Allowed
		if !decision.Allowed() {
			outcome, refusal = cordon.RefusedWith, cordon.ErrNotFound
		}
		for _, share := range view.ByOwner(heads) {
			e := view.Entry(cordon.ActCustody, outcome)
			e.Feed, e.Subject, e.Portions, e.Reasons = share.Owner, item.Incident, share.Portions, decision.Names()
			if err := ledger.Append(tx, e); err != nil {
				return err
			}
		}
		if refusal != nil {
			return nil
		}

		// act: opened once this is on disk
		rule, err := view.Rule(item.Rule)
		if err != nil {
			return err
		}
		binding = content.Binding(heads[0], rule)
		binding.Custody = item.Incident
		ring = by.Vault.Ring(tx)
		out = Kept{Portion: portion, Report: heads[0].Report, Incident: item.Incident, Mark: heads[0].Mark}
		return ring.Prepare(rule)
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Kept{}, err
	}
	data, err := ring.Open(binding, item.Body, item.Key)
	if err != nil {
		return Kept{}, err
	}
	defer clear(data)
	content, err := content.Decode(data)
	out.Ref, out.Text = content.Ref, content.Text
	return out, err
}

// Destroy removes a struck portion from custody for good. Only a security
// officer of the one organisation that owns it may; where there are several
// owners, of each of which the portion is, none can do it alone and the answer
// is a Conflict.
func Destroy(ctx context.Context, by act.Caller, portion cordon.ID) error {
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		if err := view.Require(cordon.SecurityOfficer); err != nil {
			return err
		}
		item, err := tx.Custody(portion)
		if err != nil {
			return err
		}
		rule, err := view.Rule(item.Rule)
		if err != nil {
			return err
		}

		// decide
		owners := rule.OwnerIDs()
		if !slices.Contains(owners, view.Actor.Org.ID) {
			return cordon.ErrNotFound
		}
		if len(owners) > 1 {
			return cordon.Errorf(cordon.Conflict, "this portion has other owners too: none of them can destroy it alone")
		}

		// act and record
		if err := tx.DestroyCustody(portion); err != nil {
			return err
		}
		e := view.Entry(cordon.ActDestroy, cordon.Allowed)
		e.Feed, e.Subject, e.Portions = view.Actor.Org.ID, item.Incident, []cordon.ID{portion}
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
		return owesScrub(tx)
	})
	if err != nil {
		return err
	}
	// The portion is destroyed: its key is gone. A scrub that fails now is
	// noted as due, and is finished at the next start.
	_ = FinishScrub(ctx, by.Base)
	return nil
}
