package contain

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/act"
	"cordon/wire"
)

// original is a struck portion as it lies in custody.
type original struct {
	cordon.Portion
	incident cordon.ID
	sealed   act.Sealed
}

// Custody opens a struck portion to a person of its incident's custody circle
// who might read it were it not struck, after its owners' feeds have the read.
// To everybody else it is ErrNotFound, and the attempt is in the owners' feeds
// as a refusal.
func Custody(ctx context.Context, by act.Caller, portion cordon.ID) (wire.Struck, error) {
	o, err := act.Do(ctx, by, act.ByAnyone(cordon.ActCustody), func(s *act.Snapshot) (original, error) {
		item, err := s.Tx.Custody(portion)
		if err == nil && item.Body == nil {
			err = cordon.ErrNotFound // destroyed
		}
		if err != nil {
			return original{}, err
		}
		incident, err := s.Tx.Incident(item.Incident)
		if err != nil {
			return original{}, err
		}
		rows, err := s.Tx.PortionsByID([]cordon.ID{portion})
		if err != nil || len(rows) != 1 {
			return original{}, cordon.Errorf(cordon.KindInternal, "a portion in custody has no row").Because(err)
		}
		p := rows[0]
		p.Rule, p.Body, p.Key = item.Rule, item.Body, item.Key // what it was sealed under, and is now
		if d := s.InCustody(p, incident); !d.Allowed() {
			return original{}, &act.Refusal{
				Answer: cordon.ErrNotFound, Subject: incident.ID, Portions: []cordon.Portion{p}, Reasons: d.Names(),
			}
		}
		sealed, err := s.Ready([]cordon.Portion{p})
		return original{p, incident.ID, sealed}, err
	}, func(c *act.Commit, o original) (original, error) {
		return o, c.RecordOwners(cordon.Entry{Subject: o.incident}, []cordon.Portion{o.Portion})
	})
	if err != nil {
		return wire.Struck{}, err
	}
	text, err := o.sealed.OpenCustody(o.Portion, o.incident)
	return wire.Struck{Portion: portion, Report: o.Report, Incident: o.incident, Ref: text.Ref, Marking: o.Mark, Text: text.Text}, err
}

// Destroy removes a struck portion from custody for good. Only a security
// officer of the one organisation that owns the portion may do it. A portion of
// several owners is a Conflict, since it belongs to each of them and none can
// destroy it alone.
func Destroy(ctx context.Context, by act.Caller, portion cordon.ID) error {
	deed := act.ByRole(cordon.ActDestroy, cordon.RoleSecurityOfficer)
	_, err := act.Do(ctx, by, deed, func(s *act.Snapshot) (cordon.CustodyItem, error) {
		item, err := s.Tx.Custody(portion)
		if err != nil {
			return item, err
		}
		rule, err := s.Rule(item.Rule)
		if err != nil {
			return item, err
		}
		owners := rule.OwnerIDs()
		if !slices.Contains(owners, s.Actor.Org.ID) {
			p := cordon.Portion{ID: portion, Rule: item.Rule, State: cordon.PortionStruck}
			return item, &act.Refusal{Answer: cordon.ErrNotFound, Subject: item.Incident, Portions: []cordon.Portion{p}}
		}
		if len(owners) > 1 {
			return item, cordon.Errorf(cordon.KindConflict, "this portion has other owners too: none of them can destroy it alone")
		}
		return item, nil
	}, func(c *act.Commit, item cordon.CustodyItem) (act.Done, error) {
		if err := c.Tx.DestroyCustody(portion); err != nil {
			return act.Done{}, err
		}
		e := cordon.Entry{Feed: c.Actor.Org.ID, Subject: item.Incident, Portions: []cordon.ID{portion}}
		if err := c.Record(e); err != nil {
			return act.Done{}, err
		}
		return act.Done{}, owesScrub(c.Tx)
	})
	if err != nil {
		return err
	}
	// The portion is destroyed: its key is gone. A scrub that fails now is
	// noted as due, and is finished at the next start.
	_ = FinishScrub(ctx, by.Base)
	return nil
}
