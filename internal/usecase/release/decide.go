package release

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// DefaultGrant is how long a grant runs, from the release, unless its owner
// says or its arrangement bounds it further.
const DefaultGrant = 30 * 24 * time.Hour

// Decision is an owner's answer to its part of a request: which portions it
// grants and on what conditions, what it offers in place of the rest. What it
// does not grant it refuses. That only the wording asked for is granted is not
// a condition that can be left out.
type Decision struct {
	// Grant are the portions permitted, all of the part's or some.
	Grant []cordon.ID
	// Until is when the permission ends; zero means DefaultGrant from the
	// release on.
	Until time.Time
	// ShownOnly permits showing and not keeping: the audience cannot export.
	ShownOnly bool
	// People are those of the audience it is for; none means all.
	People []cordon.ID
	// Tearline is a report of the owner's own, of kind tearline, that the
	// audience may have in place of what is refused.
	Tearline cordon.ID
	// Known lets the other owners asked know that this one was.
	Known bool
	// Reason is told to the requester.
	Reason string
}

// refuses says that nothing at all is permitted.
func (d Decision) refuses() bool { return len(d.Grant) == 0 && d.Tearline == "" }

// Decide records the owner's answer, which takes effect when the requester
// releases the request. It is given once: a part already decided is a Conflict,
// except that an owner can take back what it permitted, by refusing, as long as
// the request is not released; afterwards Revoke does that. So is a request
// that has expired, was withdrawn, or is void.
//
// Where the arrangement asks for two people the answer is a proposal until
// another release authority of the owner gives it to Confirm; a different
// decision takes its place and begins anew. To refuse takes one person.
func Decide(ctx context.Context, by act.Caller, partID cordon.ID, answer Decision) (Part, error) {
	switch {
	case len(answer.Reason) > cordon.MaxNameBytes:
		return Part{}, cordon.Errorf(cordon.TooLarge, "a reason is at most %d bytes", cordon.MaxNameBytes)
	case len(answer.Grant) > cordon.MaxPortions:
		return Part{}, cordon.Errorf(cordon.TooLarge, "a decision grants at most %d portions", cordon.MaxPortions)
	case len(answer.People) > cordon.MaxCircle:
		return Part{}, cordon.Errorf(cordon.TooLarge, "%d people are named: at most %d are taken", len(answer.People), cordon.MaxCircle)
	}
	var out Part
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		part, request, err := ownPart(tx, view, partID)
		if err != nil {
			return err
		}

		// decide
		if err := over(request, view.Now); err != nil {
			return err
		}
		takesBack := answer.refuses() && part.State != cordon.Refused
		if !undecided(part) && !takesBack {
			return cordon.Errorf(cordon.Conflict, "this part is decided already: %s", part.State)
		}
		b, err := permissible(by.Base, cordon.Holding(tx), view, request, part, answer)
		if err != nil {
			return err
		}
		if answer.Tearline != "" {
			if _, err := tearline(cordon.Holding(tx), view, answer.Tearline); err != nil {
				return err
			}
		}

		// act
		ring := by.Vault.Ring(tx)
		part.Decider, part.Decided, part.Proposal, part.Confirmer = by.Person, view.Now, "", ""
		part.Granted, part.Until, part.ShownOnly = distinct(answer.Grant), answer.Until, answer.ShownOnly
		part.People, part.Tearline, part.Known, part.Reason = distinct(answer.People), answer.Tearline, answer.Known, nil
		if answer.Reason != "" {
			if part.Reason, err = ring.SealRecord(part.Owner, reasonContext(part.ID), []byte(answer.Reason)); err != nil {
				return err
			}
		}
		if b.twoPersons && !answer.refuses() {
			part.State, part.Proposal = cordon.Proposed, cordon.NewID()
			if err := tx.PutPart(part); err != nil {
				return err
			}

			// record: this is the owner's own affair as yet
			if err := record(tx, view, cordon.ActPropose, request, part, part.Portions); err != nil {
				return err
			}
			text := fmt.Sprintf("An answer to part %s is proposed: another release authority confirms it or refuses.", part.ID)
			if err := tell(tx, ring, by.Schemes, view, part.Owner, part.Portions, text); err != nil {
				return err
			}
		} else if err := decided(by.Base, tx, ring, view, request, &part); err != nil {
			return err
		}
		out, err = showOwnPart(by.Base, cordon.Holding(tx), ring, view, part)
		return err
	})
	return out, err
}

// Confirm makes the proposal the owner's answer. It takes another release
// authority than the one who proposed; a proposal that is not the one named is
// a Conflict, since nobody confirms what he has not seen.
func Confirm(ctx context.Context, by act.Caller, partID, proposal cordon.ID) (Part, error) {
	var out Part
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		part, request, err := ownPart(tx, view, partID)
		if err != nil {
			return err
		}

		// decide
		if err := over(request, view.Now); err != nil {
			return err
		}
		switch {
		case part.State != cordon.Proposed:
			return cordon.Errorf(cordon.Conflict, "nothing waits for a second person here: this part is %s", part.State)
		case part.Proposal != proposal:
			return cordon.Errorf(cordon.Conflict, "the proposal is another by now: look at it again")
		case part.Decider == by.Person:
			return cordon.Errorf(cordon.Conflict, "you proposed it: it takes another person to confirm")
		}
		answer := Decision{Grant: part.Granted, Until: part.Until, People: part.People, Tearline: part.Tearline}
		if _, err := permissible(by.Base, cordon.Holding(tx), view, request, part, answer); err != nil {
			return err
		}
		if part.Tearline != "" {
			if _, err := tearline(cordon.Holding(tx), view, part.Tearline); err != nil {
				return err
			}
		}

		// act and record
		part.Confirmer, part.Decided, part.Proposal = by.Person, view.Now, ""
		ring := by.Vault.Ring(tx)
		if err := decided(by.Base, tx, ring, view, request, &part); err != nil {
			return err
		}
		out, err = showOwnPart(by.Base, cordon.Holding(tx), ring, view, part)
		return err
	})
	return out, err
}

// permissible checks what an owner would permit and gives the bounds that its
// arrangements set.
func permissible(base *act.Base, tx cordon.ReadTx, view *reader.View, r cordon.ReleaseRequest, part cordon.RequestPart, answer Decision) (bounds, error) {
	shared, err := sharedUnder(tx, part.Portions)
	if err != nil {
		return bounds{}, err
	}
	b := boundsOf(shared, part.Owner, part.Portions)
	portions, err := tx.PortionsByID(answer.Grant)
	if err != nil {
		return b, err
	}
	for _, id := range answer.Grant {
		i := slices.IndexFunc(portions, func(p cordon.Portion) bool { return p.ID == id })
		if !slices.Contains(part.Portions, id) {
			return b, cordon.Errorf(cordon.Invalid, "portion %s is not in this part", id)
		}
		if i < 0 || portions[i].State != cordon.Live {
			return b, cordon.Errorf(cordon.Conflict, "portion %s is not there any more: leave it out", id)
		}
		why, err := ruledOut(base, tx, view, shared[id], r.Audience)
		if err != nil {
			return b, err
		}
		if why != "" {
			return b, cordon.Errorf(cordon.Conflict, "portion %s cannot be granted: %s", id, why)
		}
	}
	if !answer.Until.IsZero() {
		switch length := answer.Until.Sub(view.Now); {
		case length <= 0:
			return b, cordon.Errorf(cordon.Invalid, "the grant would have ended already")
		case length > b.longest && b.longest < cordon.MaxGrant:
			return b, cordon.Errorf(cordon.Invalid, "the arrangement it was shared under lets a grant run %s at most", b.longest)
		case length > b.longest:
			return b, cordon.Errorf(cordon.Invalid, "a grant ends within %d years", int(cordon.MaxGrant.Hours()/24/365))
		}
	}
	for _, id := range answer.People {
		p, err := tx.Person(id)
		if err != nil && cordon.KindOf(err) != cordon.NotFound {
			return b, err
		}
		if err != nil || p.Org != r.Audience {
			return b, cordon.Errorf(cordon.Invalid, "a person named is not one of the audience's")
		}
	}
	return b, nil
}

// decided stores an answer that stands, and records it in the owner's feed and
// with the requester.
func decided(base *act.Base, tx cordon.WriteTx, ring *vault.Ring, view *reader.View, r cordon.ReleaseRequest, part *cordon.RequestPart) error {
	outcome := cordon.Allowed
	switch {
	case part.Tearline != "":
		part.State = cordon.Offered
	case len(part.Granted) > 0:
		part.State = cordon.Granted
	default:
		part.State, outcome = cordon.Refused, cordon.RefusedWith
	}
	if err := tx.PutPart(*part); err != nil {
		return err
	}
	e := view.Entry(cordon.ActDecide, outcome)
	e.Feed, e.Subject, e.Portions, e.Audience = part.Owner, part.ID, part.Portions, r.Audience
	if err := ledger.Append(tx, e); err != nil {
		return err
	}
	if r.Org == part.Owner {
		return nil
	}
	text := fmt.Sprintf("%s answered its part of release request %s: %d of %d portions granted, state %s.",
		view.Actor.Org.Name, r.ID, len(part.Granted), len(part.Portions), part.State)
	return tell(tx, ring, base.Schemes, view, r.Org, part.Portions, text)
}

// distinct is the ids in order, each once; nil for none.
func distinct(ids []cordon.ID) []cordon.ID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// tearline gives the live portions of a tearline that the reader's organisation
// holds and alone owns.
func tearline(tx cordon.ReadTx, view *reader.View, id cordon.ID) ([]cordon.ID, error) {
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
	return lineOf(tx, view, id, report.Holder)
}

// lineOf gives the live portions of a tearline, each of which the owner must
// own alone.
func lineOf(tx cordon.ReadTx, view *reader.View, id, owner cordon.ID) ([]cordon.ID, error) {
	heads, err := tx.PortionHeads(id)
	if err != nil {
		return nil, err
	}
	var out []cordon.ID
	for _, p := range heads {
		if p.State != cordon.Live {
			continue
		}
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if owners := rule.OwnerIDs(); len(owners) != 1 || owners[0] != owner {
			return nil, cordon.Errorf(cordon.Spill, "portion %s of the tearline has other owners: it is not yours alone to offer", p.ID)
		}
		out = append(out, p.ID)
	}
	return out, nil
}

// PutGrant stores a grant and its entries in the owner's and the audience's
// feeds, and makes it rule the audience's next request. Whether it may be made
// is its caller's to decide.
func PutGrant(tx cordon.WriteTx, view *reader.View, g cordon.Grant) error {
	if err := tx.PutGrant(g); err != nil {
		return err
	}
	if err := tx.TouchOrganisation(g.To); err != nil {
		return err
	}
	return recordGrant(tx, view, cordon.ActGrant, g)
}

func recordGrant(tx cordon.WriteTx, view *reader.View, act cordon.Act, g cordon.Grant, why ...string) error {
	for _, feed := range []cordon.ID{g.Owner, g.To} {
		e := view.Entry(act, cordon.Allowed)
		e.Feed, e.Subject, e.Portions, e.Audience, e.Reasons = feed, g.ID, g.Portions, g.To, why
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// Grants lists those the person's organisation gave, for any of the portions
// or, with none, all; newest first, at most limit of them. More is whether there
// may be others after them.
func Grants(ctx context.Context, by act.Caller, portions []cordon.ID, after cordon.Cursor, limit int) (out []cordon.Grant, more bool, err error) {
	limit = page(limit)
	err = by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		owner := view.Actor.Org.ID
		if len(portions) == 0 {
			out, err = tx.GrantsBy(owner, after, limit+1)
		} else {
			out, err = tx.GrantsOf(portions)
			out = slices.DeleteFunc(out, func(g cordon.Grant) bool {
				return g.Owner != owner || after != (cordon.Cursor{}) && !newer(after, cordon.Cursor{Created: g.Created, ID: g.ID})
			})
			slices.SortFunc(out, func(a, b cordon.Grant) int {
				if newer(cordon.Cursor{Created: a.Created, ID: a.ID}, cordon.Cursor{Created: b.Created, ID: b.ID}) {
					return -1
				}
				return 1
			})
		}
		more = len(out) > limit
		out = out[:min(limit, len(out))]
		return err
	})
	return out, more, err
}

// newer says that a stands before b in a list, newest first.
func newer(a, b cordon.Cursor) bool {
	if c := a.Created.Compare(b.Created); c != 0 {
		return c > 0
	}
	return a.ID > b.ID
}

// Revoke ends a grant of the person's organisation at once: the audience's
// next request is decided without it. A grant of another owner is ErrNotFound;
// one that has ended already is a Conflict.
func Revoke(ctx context.Context, by act.Caller, grantID cordon.ID) error {
	return by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, by.Clock.Now())
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

// EndGrant revokes a live grant in the transaction, with its entries, which say
// why where the owner did not do it. Whether that may be done is its caller's to
// decide.
func EndGrant(tx cordon.WriteTx, view *reader.View, g cordon.Grant, why ...string) error {
	g.Revoked = view.Now
	if err := tx.PutGrant(g); err != nil {
		return err
	}
	if err := tx.TouchOrganisation(g.To); err != nil {
		return err
	}
	return recordGrant(tx, view, cordon.ActRevoke, g, why...)
}
