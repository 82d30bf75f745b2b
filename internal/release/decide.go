package release

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon"
	"cordon/internal/ledger"
	"cordon/internal/notice"
	"cordon/internal/sight"
)

// DefaultGrant is how long a grant runs unless its owner says.
const DefaultGrant = 30 * 24 * time.Hour

// Decision is an owner's answer to its part of a request: which portions it
// grants, what it offers in place of the rest. What it does not grant it
// refuses.
type Decision struct {
	// Grant are the portions permitted, all of the part's or some.
	Grant []cordon.ID
	// Until is when the permission ends; zero means DefaultGrant from now.
	Until time.Time
	// ShownOnly permits showing and not keeping.
	ShownOnly bool
	// Tearline is a report of the owner's own, of kind tearline, that the
	// audience may have in place of what is refused.
	Tearline cordon.ID
	// Reason is told to the requester.
	Reason string
}

// Decide records the owner's answer. It is given once; a part already decided,
// lapsed or withdrawn is a Conflict.
func (s *Service) Decide(ctx context.Context, person, partID cordon.ID, answer Decision) (Part, error) {
	if len(answer.Reason) > cordon.MaxNameBytes {
		return Part{}, cordon.Errorf(cordon.TooLarge, "a reason is at most %d bytes", cordon.MaxNameBytes)
	}
	var out Part
	err := s.Store.Update(ctx, func(tx cordon.Tx) error {
		// load
		view, err := s.look(tx, person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		part, err := tx.Part(partID)
		if err != nil {
			return err
		}
		owner := view.Actor.Org
		if part.Owner != owner.ID {
			return cordon.ErrNotFound
		}
		request, err := tx.Request(part.Request)
		if err != nil {
			return err
		}

		// decide
		switch {
		case part.State != cordon.Pending:
			return cordon.Errorf(cordon.Conflict, "this part is decided already: %s", part.State)
		case !request.Withdrawn.IsZero():
			return cordon.Errorf(cordon.Conflict, "the request was withdrawn")
		case !view.Now.Before(request.Expires):
			return cordon.Errorf(cordon.Conflict, "the request expired on %s", request.Expires.Format(time.DateOnly))
		}
		for _, id := range answer.Grant {
			if !slices.Contains(part.Portions, id) {
				return cordon.Errorf(cordon.Invalid, "portion %s is not in this part", id)
			}
		}
		granted := slices.Clone(answer.Grant)
		part.State = cordon.Refused
		if len(granted) > 0 {
			part.State = cordon.Granted
		}
		if answer.Tearline != "" {
			tearline, err := s.tearline(tx, view, answer.Tearline)
			if err != nil {
				return err
			}
			granted = append(granted, tearline...)
			part.State, part.Tearline = cordon.Offered, answer.Tearline
		}

		// act
		ring := s.Vault.Ring(tx)
		part.Decider, part.Decided = person, view.Now
		if answer.Reason != "" {
			if part.Reason, err = ring.SealRecord(owner.ID, reasonContext(part.ID), []byte(answer.Reason)); err != nil {
				return err
			}
		}
		if len(granted) > 0 {
			grant := cordon.Grant{
				ID: cordon.NewID(), Owner: owner.ID, To: request.Audience, Request: request.ID,
				Portions: granted, ShownOnly: answer.ShownOnly, Created: view.Now, Until: answer.Until,
			}
			if err := putGrant(tx, view, &grant); err != nil {
				return err
			}
			part.Grant = grant.ID
		}
		if err := tx.PutPart(part); err != nil {
			return err
		}

		// record
		outcome := cordon.Allowed
		if part.State == cordon.Refused {
			outcome = cordon.RefusedWith
		}
		e := view.Entry(cordon.ActDecide, outcome)
		e.Feed, e.Subject, e.Portions, e.Audience = owner.ID, part.ID, part.Portions, request.Audience
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
		text := fmt.Sprintf("%s answered its part of release request %s: %d of %d portions granted, state %s.",
			owner.Name, request.ID, len(answer.Grant), len(part.Portions), part.State)
		if request.Org != owner.ID {
			portions, err := tx.PortionsByID(part.Portions)
			if err != nil {
				return err
			}
			mark, err := notice.Mark(s.Schemes, portions)
			if err != nil {
				return err
			}
			if err := notice.Tell(tx, ring, view, notice.Message{Org: request.Org, Kind: cordon.AboutRelease, Mark: mark, Portions: part.Portions, Text: text}); err != nil {
				return err
			}
		}
		out, err = s.showPart(tx, ring, view, request, part)
		return err
	})
	return out, err
}

// tearline gives the portions of a tearline that the organisation alone owns.
func (s *Service) tearline(tx cordon.Tx, view *sight.View, id cordon.ID) ([]cordon.ID, error) {
	report, err := tx.Report(id)
	if err != nil {
		return nil, err
	}
	if report.Holder != view.Actor.Org.ID {
		return nil, cordon.ErrNotFound
	}
	if report.Kind != cordon.Tearline {
		return nil, cordon.Errorf(cordon.Invalid, "report %s is a %s: publish the tearline with kind tearline", id, report.Kind)
	}
	heads, err := tx.PortionHeads(id)
	if err != nil {
		return nil, err
	}
	var out []cordon.ID
	for _, p := range heads {
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if owners := rule.OwnerIDs(); len(owners) != 1 || owners[0] != view.Actor.Org.ID {
			return nil, cordon.Errorf(cordon.Spill, "portion %s of the tearline has other owners: it is not yours alone to offer", p.ID)
		}
		if p.State == cordon.Live {
			out = append(out, p.ID)
		}
	}
	return out, nil
}

// putGrant stores a grant and its entries in the owner's and the audience's
// feeds, and makes it rule the audience's next request.
func putGrant(tx cordon.Tx, view *sight.View, g *cordon.Grant) error {
	if g.Until.IsZero() {
		g.Until = view.Now.Add(DefaultGrant)
	}
	if !g.Until.After(view.Now) {
		return cordon.Errorf(cordon.Invalid, "the grant would have ended already")
	}
	if g.Until.Sub(view.Now) > cordon.MaxGrant {
		return cordon.Errorf(cordon.Invalid, "a grant ends within %d years", int(cordon.MaxGrant.Hours()/24/365))
	}
	if err := tx.PutGrant(*g); err != nil {
		return err
	}
	if err := tx.TouchOrganisation(g.To); err != nil {
		return err
	}
	return recordGrant(tx, view, cordon.ActGrant, *g)
}

func recordGrant(tx cordon.Tx, view *sight.View, act cordon.Act, g cordon.Grant) error {
	for _, feed := range []cordon.ID{g.Owner, g.To} {
		e := view.Entry(act, cordon.Allowed)
		e.Feed, e.Subject, e.Portions, e.Audience = feed, g.ID, g.Portions, g.To
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// Grants lists those the person's organisation gave for the portions.
func (s *Service) Grants(ctx context.Context, person cordon.ID, portions []cordon.ID) ([]cordon.Grant, error) {
	var out []cordon.Grant
	err := s.Store.View(ctx, func(tx cordon.Tx) error {
		view, err := s.look(tx, person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		all, err := tx.GrantsOf(portions)
		if err != nil {
			return err
		}
		out = slices.DeleteFunc(all, func(g cordon.Grant) bool { return g.Owner != view.Actor.Org.ID })
		return nil
	})
	return out, err
}

// Revoke ends a grant of the person's organisation at once: the audience's
// next request is decided without it. A grant of another owner is ErrNotFound;
// one that has ended already is a Conflict.
func (s *Service) Revoke(ctx context.Context, person, grantID cordon.ID) error {
	return s.Store.Update(ctx, func(tx cordon.Tx) error {
		// load
		view, err := s.Book.Look(tx, person, s.Clock.Now())
		if err != nil {
			return err
		}
		if !view.Actor.Person.Has(cordon.SecurityOfficer) {
			if err := view.Require(cordon.ReleaseAuthority); err != nil {
				return err
			}
		}
		g, err := tx.Grant(grantID)
		if err != nil {
			return err
		}

		// decide
		if g.Owner != view.Actor.Org.ID {
			return cordon.ErrNotFound
		}
		if !g.LiveAt(view.Now) {
			return cordon.Errorf(cordon.Conflict, "this grant has ended already")
		}

		// act and record
		return EndGrant(tx, view, g)
	})
}

// EndGrant revokes a live grant in the transaction, with its entries. Whether
// that may be done is its caller's to decide.
func EndGrant(tx cordon.Tx, view *sight.View, g cordon.Grant) error {
	g.Revoked = view.Now
	if err := tx.PutGrant(g); err != nil {
		return err
	}
	if err := tx.TouchOrganisation(g.To); err != nil {
		return err
	}
	return recordGrant(tx, view, cordon.ActRevoke, g)
}
