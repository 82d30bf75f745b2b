package emergency

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
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

// reviewing is the deed of an owner's release authority.
var reviewing = act.ByRole(cordon.ActReview, cordon.RoleReleaseAuthority)

// Parts lists the parts of the person's organisation, newest first, at most
// limit of them: those that await review, or all. More says that there are
// others after them.
func Parts(ctx context.Context, by act.Caller, all bool, after cordon.Cursor, limit int) (out []Part, more bool, err error) {
	if limit <= 0 || limit > cordon.MaxPage {
		limit = cordon.MaxPage
	}
	state := cordon.EmergencyAwaitsReview
	if all {
		state = ""
	}
	out, err = act.Read(ctx, by, reviewing, func(s *act.Snapshot) ([]Part, error) {
		parts, err := s.Tx.EmergencyParts(s.Actor.Org.ID, state, after, limit+1)
		if err != nil {
			return nil, err
		}
		var out []Part
		for _, p := range parts {
			one, err := show(s, p)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
		return out, nil
	})
	return out[:min(limit, len(out))], len(out) > limit, err
}

// Review is an owner's verdict on a release in an emergency.
type Review struct {
	// Overrule ends it at once. Otherwise it is upheld.
	Overrule bool
	// Until, where the release is upheld, turns it into an ordinary grant that
	// runs until then; zero leaves its end as it is.
	Until time.Time
	// Note is kept with it.
	Note string
}

// reviewed is a part with what its owner says of it.
type reviewed struct {
	part   cordon.EmergencyPart
	grant  cordon.Grant
	review Review
	shown  Part
}

// Decide records the verdict of an owner's release authority on its part, once.
// A part of another owner is ErrNotFound; a part that was reviewed is a
// Conflict.
func Decide(ctx context.Context, by act.Caller, id cordon.ID, review Review) (Part, error) {
	switch {
	case len(review.Note) > cordon.MaxNameBytes:
		return Part{}, cordon.Errorf(cordon.KindTooLarge, "a note is at most %d bytes", cordon.MaxNameBytes)
	case review.Overrule && !review.Until.IsZero():
		return Part{}, cordon.Errorf(cordon.KindInvalid, "what is ended has no later end")
	}
	return act.Do(ctx, by, reviewing, func(s *act.Snapshot) (reviewed, error) {
		part, err := s.Tx.EmergencyPart(id)
		if err == nil && part.Owner != s.Actor.Org.ID {
			err = cordon.ErrNotFound
		}
		if err != nil {
			return reviewed{}, err
		}
		grant, err := s.Tx.Grant(part.Grant)
		if err != nil {
			return reviewed{}, err
		}
		if part.State != cordon.EmergencyAwaitsReview {
			return reviewed{}, cordon.Errorf(cordon.KindConflict, "this was reviewed already: %s", part.State)
		}
		if !review.Until.IsZero() {
			if err := ordinary(s, grant, review.Until); err != nil {
				return reviewed{}, err
			}
		}
		part.State, part.Reviewer, part.Reviewed = cordon.EmergencyUpheld, s.Actor.Person.ID, s.Now
		if review.Overrule {
			part.State = cordon.EmergencyOverruled
		}
		if review.Note != "" {
			if part.Note, err = s.Keys.SealRecord(part.Owner, noteContext(part.ID), []byte(review.Note)); err != nil {
				return reviewed{}, err
			}
		}
		shown, err := show(s, part)
		return reviewed{part, grant, review, shown}, err
	}, putReview)
}

// putReview stores the review, with what it changes of the grant, and tells those
// who released it.
func putReview(c *act.Commit, r reviewed) (Part, error) {
	part, outcome, said := r.part, cordon.OutcomeAllowed, "upheld it until its end"
	switch {
	case r.review.Overrule:
		outcome, said = cordon.OutcomeRefused, "ended it"
		if r.grant.LiveAt(c.Now) {
			if err := release.EndGrant(c, r.grant); err != nil {
				return Part{}, err
			}
		}
	case !r.review.Until.IsZero():
		said = "upheld it until " + r.review.Until.UTC().Format(time.RFC3339)
		r.grant.Emergency, r.grant.Until = false, r.review.Until
		if err := release.PutGrant(c, r.grant); err != nil {
			return Part{}, err
		}
	}
	if err := c.Tx.PutEmergencyReview(part); err != nil {
		return Part{}, err
	}
	e := cordon.Entry{Outcome: outcome, Feed: part.Owner, Subject: part.ID, Portions: part.Portions, Audience: part.Audience}
	if err := c.Record(e); err != nil || part.Org == part.Owner {
		return r.shown, err
	}
	text := fmt.Sprintf("%s reviewed its part of emergency release %s and %s.", c.Actor.Org.Name, part.Release, said)
	return r.shown, notify(c, part.Org, part.Portions, text)
}

// ordinary checks that the arrangements let the owner alone turn the release
// into an ordinary grant until then.
func ordinary(s *act.Snapshot, g cordon.Grant, until time.Time) error {
	switch length := until.Sub(s.Now); {
	case !g.Revoked.IsZero():
		return cordon.Errorf(cordon.KindConflict, "its grant was revoked: it can be upheld as it was and not made longer")
	case length <= 0:
		return cordon.Errorf(cordon.KindInvalid, "that date has passed already")
	case length > cordon.MaxGrant:
		return cordon.Errorf(cordon.KindInvalid, "a grant ends within %d years", int(cordon.MaxGrant.Hours()/24/365))
	}
	portions, err := s.Tx.PortionsByID(g.Portions)
	if err != nil {
		return err
	}
	seen := make(map[cordon.ID]bool)
	for _, p := range portions {
		if seen[p.Report] {
			continue
		}
		seen[p.Report] = true
		report, err := s.Tx.Report(p.Report)
		if err != nil {
			return err
		}
		if report.Arrangement == "" {
			continue
		}
		a, err := s.Tx.Arrangement(report.Arrangement)
		if err != nil {
			return err
		}
		if err := allows(a, g, s.Now, until); err != nil {
			return err
		}
	}
	return nil
}

func allows(a cordon.Arrangement, g cordon.Grant, now, until time.Time) error {
	why := ""
	switch {
	case a.StateAt(now) != cordon.ArrangementStateInForce:
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
	return cordon.Errorf(cordon.KindConflict, "the arrangement it was shared under %s: uphold it until its end, or answer a release request", why)
}

func show(s *act.Snapshot, p cordon.EmergencyPart) (Part, error) {
	out := Part{EmergencyPart: p, Overdue: p.Overdue(s.Now)}
	reason, err := s.Keys.OpenRecord(p.Owner, reasonContext(p.ID), p.Reason)
	if err != nil {
		return out, err
	}
	out.Reason = string(reason)
	by, err := s.Tx.Person(p.By)
	if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
		return out, err
	}
	out.ByName = by.Name
	if p.Note != nil {
		note, err := s.Keys.OpenRecord(p.Owner, noteContext(p.ID), p.Note)
		if err != nil {
			return out, err
		}
		out.Note = string(note)
	}
	return out, nil
}
