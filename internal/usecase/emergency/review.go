package emergency

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
	"cordon/internal/usecase/release"
)

// Part is an owner's part of an emergency release as its owner sees it.
type Part struct {
	cordon.EmergencyPart
	Reason, Note string
	// ByName is the name of who released it.
	ByName string
	// Overdue says that it ended and was not reviewed.
	Overdue bool
}

// Parts lists the parts of the person's organisation, newest first, at most
// limit of them: those that await review, or all. More says that there are
// others after them.
func Parts(ctx context.Context, by act.Caller, all bool, after cordon.Cursor, limit int) (out []Part, more bool, err error) {
	if limit <= 0 || limit > cordon.MaxPage {
		limit = cordon.MaxPage
	}
	state := cordon.AwaitsReview
	if all {
		state = ""
	}
	err = by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person)
		if err != nil {
			return err
		}
		parts, err := tx.EmergencyParts(view.Actor.Org.ID, state, after, limit+1)
		if err != nil {
			return err
		}
		more = len(parts) > limit
		ring := by.Vault.Ring(tx)
		out = nil
		for _, p := range parts[:min(limit, len(parts))] {
			one, err := show(tx, ring, view.Now, p)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, more, err
}

// Review is what an owner says of a release in an emergency.
type Review struct {
	// Overrule ends it at once. Otherwise it is upheld.
	Overrule bool
	// Until, where it is upheld, makes an ordinary grant of it that runs until
	// then; zero leaves its end as it is.
	Until time.Time
	// Note is kept with it.
	Note string
}

// Decide records what a release authority of the owner says of its part, once.
// A part of another owner is ErrNotFound; one that was reviewed is a Conflict.
func Decide(ctx context.Context, by act.Caller, id cordon.ID, review Review) (Part, error) {
	switch {
	case len(review.Note) > cordon.MaxNameBytes:
		return Part{}, cordon.Errorf(cordon.TooLarge, "a note is at most %d bytes", cordon.MaxNameBytes)
	case review.Overrule && !review.Until.IsZero():
		return Part{}, cordon.Errorf(cordon.Invalid, "what is ended has no later end")
	}
	var out Part
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person)
		if err != nil {
			return err
		}
		part, err := tx.EmergencyPart(id)
		if err != nil {
			return err
		}
		if part.Owner != view.Actor.Org.ID {
			return cordon.ErrNotFound
		}
		grant, err := tx.Grant(part.Grant)
		if err != nil {
			return err
		}

		// decide
		if part.State != cordon.AwaitsReview {
			return cordon.Errorf(cordon.Conflict, "this was reviewed already: %s", part.State)
		}
		if !review.Until.IsZero() {
			if err := ordinary(cordon.Holding(tx), view, grant, review.Until); err != nil {
				return err
			}
		}

		// act
		ring := by.Vault.Ring(tx)
		part.State, part.Reviewer, part.Reviewed = cordon.Upheld, by.Person, view.Now
		if review.Note != "" {
			if part.Note, err = ring.SealRecord(part.Owner, noteContext(part.ID), []byte(review.Note)); err != nil {
				return err
			}
		}
		outcome, said := cordon.Allowed, "upheld it until its end"
		switch {
		case review.Overrule:
			part.State, outcome, said = cordon.Overruled, cordon.RefusedWith, "ended it"
			if grant.LiveAt(view.Now) {
				if err := release.EndGrant(&act.Commit{Snapshot: &act.Snapshot{View: view}, Tx: tx}, grant); err != nil {
					return err
				}
			}
		case !review.Until.IsZero():
			said = "upheld it until " + review.Until.UTC().Format(time.RFC3339)
			if err := extend(tx, view, grant, review.Until); err != nil {
				return err
			}
		}
		if err := tx.PutEmergencyReview(part); err != nil {
			return err
		}

		// record
		e := view.Entry(cordon.ActReview, outcome)
		e.Feed, e.Subject, e.Portions, e.Audience = part.Owner, part.ID, part.Portions, part.Audience
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
		if part.Org != part.Owner {
			text := fmt.Sprintf("%s reviewed its part of emergency release %s and %s.", view.Actor.Org.Name, part.Release, said)
			if err := tell(by.Base, tx, ring, view, part.Org, part.Portions, text); err != nil {
				return err
			}
		}
		out, err = show(cordon.Holding(tx), ring, view.Now, part)
		return err
	})
	return out, err
}

// ordinary checks that the arrangements let the owner alone make an ordinary
// grant of it, here and until then.
func ordinary(tx cordon.ReadTx, view *reader.View, g cordon.Grant, until time.Time) error {
	switch length := until.Sub(view.Now); {
	case !g.Revoked.IsZero():
		return cordon.Errorf(cordon.Conflict, "its grant was revoked: it can be upheld as it was and not made longer")
	case length <= 0:
		return cordon.Errorf(cordon.Invalid, "that date has passed already")
	case length > cordon.MaxGrant:
		return cordon.Errorf(cordon.Invalid, "a grant ends within %d years", int(cordon.MaxGrant.Hours()/24/365))
	}
	portions, err := tx.PortionsByID(g.Portions)
	if err != nil {
		return err
	}
	seen := make(map[cordon.ID]bool)
	for _, p := range portions {
		if seen[p.Report] {
			continue
		}
		seen[p.Report] = true
		report, err := tx.Report(p.Report)
		if err != nil {
			return err
		}
		if report.Arrangement == "" {
			continue
		}
		a, err := tx.Arrangement(report.Arrangement)
		if err != nil {
			return err
		}
		if err := allows(a, g, view.Now, until); err != nil {
			return err
		}
	}
	return nil
}

func allows(a cordon.Arrangement, g cordon.Grant, now, until time.Time) error {
	why := ""
	switch {
	case a.StateAt(now) != cordon.InForce:
		why = "is not in force"
	case a.TwoPersons:
		why = "asks two people to decide on every release"
	case a.Onward == cordon.OnwardNever:
		why = "allows no release"
	case a.Onward == cordon.OnwardParties && !slices.Contains(a.Parties, g.To):
		why = "allows releases to its parties only"
	case a.Longest > 0 && until.Sub(now) > a.Longest:
		why = fmt.Sprintf("lets a grant run %s at most", a.Longest)
	default:
		return nil
	}
	return cordon.Errorf(cordon.Conflict, "the arrangement it was shared under %s: uphold it until its end, or answer a release request", why)
}

// extend makes an ordinary grant of one made in an emergency.
func extend(tx cordon.WriteTx, view *reader.View, g cordon.Grant, until time.Time) error {
	g.Emergency, g.Until = false, until
	if err := tx.PutGrant(g); err != nil {
		return err
	}
	if err := tx.TouchOrganisation(g.To); err != nil {
		return err
	}
	for _, feed := range []cordon.ID{g.Owner, g.To} {
		e := view.Entry(cordon.ActGrant, cordon.Allowed)
		e.Feed, e.Subject, e.Portions, e.Audience = feed, g.ID, g.Portions, g.To
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	return nil
}

func look(base *act.Base, tx cordon.ReadTx, person cordon.ID) (*reader.View, error) {
	view, err := base.Rules.Look(tx, person, base.Clock.Now())
	if err != nil {
		return nil, err
	}
	return view, view.Require(cordon.ReleaseAuthority)
}

func show(tx cordon.ReadTx, ring *vault.Ring, now time.Time, p cordon.EmergencyPart) (Part, error) {
	out := Part{EmergencyPart: p, Overdue: p.Overdue(now)}
	reason, err := ring.OpenRecord(p.Owner, reasonContext(p.ID), p.Reason)
	if err != nil {
		return out, err
	}
	out.Reason = string(reason)
	by, err := tx.Person(p.By)
	if err != nil && cordon.KindOf(err) != cordon.NotFound {
		return out, err
	}
	out.ByName = by.Name
	if p.Note != nil {
		note, err := ring.OpenRecord(p.Owner, noteContext(p.ID), p.Note)
		if err != nil {
			return out, err
		}
		out.Note = string(note)
	}
	return out, nil
}
