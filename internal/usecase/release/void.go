package release

import (
	"fmt"
	"time"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
	"cordon/marking"
)

// Invalidate ends what was asked and granted for the portions, those of a report of
// which the wording has just been changed: requests that are open, and released
// ones of which a grant still runs. Nobody permitted the new wording. Owners
// and requester are told, and the audience loses it with the transaction.
func Invalidate(tx cordon.WriteTx, ring *vault.Ring, schemes *marking.Set, view *reader.View, portions []cordon.ID) error {
	requests, err := tx.RequestsOf(portions)
	if err != nil {
		return err
	}
	for _, r := range requests {
		parts, err := tx.Parts(r.ID)
		if err != nil {
			return err
		}
		var live []cordon.Grant
		for _, part := range parts {
			if part.Grant == "" {
				continue
			}
			g, err := tx.Grant(part.Grant)
			if err != nil {
				return err
			}
			if g.LiveAt(view.Now) {
				live = append(live, g)
			}
		}
		if !r.OpenAt(view.Now) && len(live) == 0 {
			continue
		}
		r.Voided, r.Remind = view.Now, time.Time{}
		if err := tx.PutRequestState(r); err != nil {
			return err
		}
		for _, g := range live {
			if err := EndGrant(tx, view, g, "revised"); err != nil {
				return err
			}
		}
		for _, part := range parts {
			part.State = cordon.Void
			if err := tx.PutPart(part); err != nil {
				return err
			}
			if err := record(tx, view, cordon.ActVoid, r, part, part.Portions); err != nil {
				return err
			}
			text := fmt.Sprintf("Part %s of a release request is void: the wording was changed after you were asked.", part.ID)
			if err := tell(tx, ring, schemes, view, part.Owner, part.Portions, text); err != nil {
				return err
			}
		}
		e := view.Entry(cordon.ActVoid, cordon.Allowed)
		e.Feed, e.Subject, e.Audience = r.Org, r.ID, r.Audience
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
		text := fmt.Sprintf("Release request %s is void: the wording was changed after it was asked for. Ask again.", r.ID)
		if err := tell(tx, ring, schemes, view, r.Org, r.Portions, text); err != nil {
			return err
		}
	}
	return nil
}

// tell sends a notice to the organisation, marked as the portions are together.
func tell(tx cordon.WriteTx, ring *vault.Ring, schemes *marking.Set, view *reader.View, org cordon.ID, portions []cordon.ID, text string) error {
	loaded, err := tx.PortionsByID(portions)
	if err != nil {
		return err
	}
	mark, err := notice.Mark(schemes, loaded)
	if err != nil {
		return err
	}
	return notice.Tell(tx, ring, view, notice.Message{Org: org, Kind: cordon.AboutRelease, Mark: mark, Portions: portions, Text: text})
}
