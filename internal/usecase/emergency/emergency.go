// Package emergency is release without the owners' consent where life is in
// imminent danger. A person whom the arrangement names for it releases, with a
// reason and for a short time. Every owner is told in the same transaction and
// reviews the release afterwards.
//
// A release is a grant made on behalf of each owner, and waives only the
// owners' policies. Level, read-ins, the audience of the marking and a circle
// still hold, and the answer says where they do. A release never extends by
// itself, and it is listed until it has been reviewed.
package emergency

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/lineage"
	"cordon/internal/core/notice"
	"cordon/internal/core/rebind"
	"cordon/internal/usecase/writing"
)

// Draft is what is to be released, to whom and why.
type Draft struct {
	// Portions are named one by one; Report, in their place, means all of a
	// report that the person may see.
	Portions []cordon.ID
	Report   cordon.ID
	Audience cordon.ID
	// Reason is required. It is kept for each owner and shown in the owner's
	// review.
	Reason string
}

// Released is what was released and what still stands in the way.
type Released struct {
	ID       cordon.ID
	Audience cordon.ID
	// Portions are those released; Clear those the audience may have anyway.
	Portions []cordon.ID
	Clear    []cordon.ID
	Until    time.Time
	// Still says in words, portion by portion, what a release does not waive.
	Still []Still
}

// Still is what stands between a portion and the audience's people.
type Still struct {
	Portion cordon.ID
	// Shut says that nobody of the audience gets past it, so that the portion
	// was not released.
	Shut  bool
	Needs []string
}

// unnamed is the one answer where no arrangement that the person may know of
// names them for releases in an emergency.
const unnamed = "portion %s was not shared, with all that it was made from, under an arrangement that is in force and names you for release in an emergency: " +
	"ask its owners (cordon release request)"

// releasing is a release that was decided on.
type releasing struct {
	released Released
	audience cordon.Organisation
	// portions are all that were asked for; missing are those of them to be
	// released, by the owner whose permission is missing.
	portions []cordon.Portion
	missing  map[cordon.ID][]cordon.ID
	reason   string
}

// Release releases portions to the audience on behalf of every owner whose
// permission is missing. The person must be able to see every portion; one that
// they may not see is ErrNotFound. Each portion, and each portion of others
// that it was made from, must have been shared under an arrangement that is in
// force, that the person may know of, and that names them; otherwise Denied.
// Both refusals are in the owners' feeds. Where no permission is missing it is
// a Conflict.
func Release(ctx context.Context, by act.Caller, draft Draft) (Released, error) {
	if err := draft.validate(); err != nil {
		return Released{}, err
	}
	if err := compared(ctx, by, draft); err != nil {
		return Released{}, err
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActEmergency, cordon.RoleReader), func(s *act.Snapshot) (releasing, error) {
		to, err := s.FindOrganisation(draft.Audience)
		if err != nil {
			return releasing{}, err
		}
		audience, err := s.Tx.Organisation(to)
		if err != nil {
			return releasing{}, cordon.InvalidIfAbsent(err, "the organisation it is for is not known here")
		}
		portions, err := s.Asked(draft.Report, draft.Portions, audience.ID)
		if err != nil {
			return releasing{}, err
		}
		length, err := provided(s, audience.ID, portions)
		if err != nil {
			return releasing{}, err
		}
		r := releasing{audience: audience, portions: portions, reason: draft.Reason}
		r.released = Released{ID: cordon.NewID(), Audience: audience.ID, Until: s.Now.Add(length)}
		return r, r.sort(s)
	}, putRelease)
}

// putRelease makes the grants owner by owner, each with its entries. What is released so
// does not wait to be compared, nor for a decision on what was found in it.
func putRelease(c *act.Commit, r releasing) (Released, error) {
	if err := endWait(c, r.portions); err != nil {
		return Released{}, err
	}
	for _, share := range c.ByOwner(r.portions) {
		if err := r.put(c, share.Owner, r.missing[share.Owner]); err != nil {
			return Released{}, err
		}
	}
	return r.released, c.Tx.TouchOrganisation(r.audience.ID)
}

// compared has what is to be released compared, so that owners of words in it know of them
// before others read it. The release does not wait for what comes of that.
func compared(ctx context.Context, by act.Caller, draft Draft) error {
	due, err := act.Read(ctx, by.Base.Itself(), act.ByAnyone(cordon.ActMatch), func(s *act.Snapshot) ([]cordon.ID, error) {
		portions, err := s.Tx.PortionsByID(draft.Portions)
		if err != nil {
			return nil, err
		}
		ids := []cordon.ID{draft.Report}
		for _, p := range portions {
			ids = append(ids, p.Report)
		}
		slices.Sort(ids)
		reports, err := s.Tx.ReportsByID(slices.Compact(ids))
		if err != nil {
			return nil, err
		}
		var due []cordon.ID
		for _, r := range reports {
			if r.Waits.State == cordon.WaitingComparison {
				due = append(due, r.ID)
			}
		}
		return due, nil
	})
	if err != nil {
		return err
	}
	for _, report := range due {
		if err := writing.CompareNow(ctx, by.Base, report); err != nil {
			return err
		}
	}
	return nil
}

func endWait(c *act.Commit, portions []cordon.Portion) error {
	waiting := make(map[cordon.ID][]cordon.Portion)
	for _, p := range portions {
		rule, err := c.Rule(p.Rule)
		if err != nil {
			return err
		}
		if rule.Waiting != "" {
			waiting[p.Report] = append(waiting[p.Report], p)
		}
	}
	for _, report := range slices.Sorted(maps.Keys(waiting)) {
		if err := rebind.EndWait(c, report, waiting[report]); err != nil {
			return err
		}
		if err := c.Tx.TouchReport(report); err != nil {
			return err
		}
	}
	return nil
}

// provided is how long the arrangements let the caller release all of the
// portions for. It is a refusal where one of them does not.
func provided(s *act.Snapshot, audience cordon.ID, portions []cordon.Portion) (time.Duration, error) {
	longest := cordon.MaxEmergency
	for _, p := range portions {
		length, err := provides(s, p)
		if err != nil {
			return 0, err
		}
		if length == 0 {
			return 0, &act.Refusal{
				Answer: cordon.Errorf(cordon.KindDenied, unnamed, p.ID), Portions: portions, Audience: audience, Reasons: []string{"authority"},
			}
		}
		longest = min(longest, length)
	}
	return longest, nil
}

// provides is how long the arrangements let the caller release the portion for:
// zero where one of them does not. The portion's whole lineage counts, except
// portions that the caller's own organisation owns alone.
func provides(s *act.Snapshot, p cordon.Portion) (time.Duration, error) {
	walk, err := lineage.Sources(s.Tx, []cordon.ID{p.ID}, 0)
	if err != nil {
		return 0, err
	}
	sources, err := s.Tx.PortionsByID(walk.Met)
	if err != nil {
		return 0, err
	}
	own := s.Actor.Org.ID
	longest := cordon.MaxEmergency
	providing := []cordon.ID{own} // whose arrangement provides for it
	for _, x := range append(sources, p) {
		rule, err := s.Rule(x.Rule)
		if err != nil {
			return 0, err
		}
		if owners := rule.OwnerIDs(); x.ID != p.ID && len(owners) == 1 && owners[0] == own {
			continue
		}
		holder, length, err := underArrangement(s, x)
		if err != nil || length == 0 {
			return 0, err
		}
		longest = min(longest, length)
		providing = append(providing, holder)
	}
	rule, err := s.Rule(p.Rule)
	if err != nil {
		return 0, err
	}
	if slices.ContainsFunc(rule.OwnerIDs(), func(owner cordon.ID) bool { return !slices.Contains(providing, owner) }) {
		return 0, nil
	}
	return longest, nil
}

// underArrangement gives who wrote the portion's report and how long the
// arrangement that it is shared under lets the caller release it for; zero for
// not at all.
func underArrangement(s *act.Snapshot, p cordon.Portion) (holder cordon.ID, length time.Duration, err error) {
	report, err := s.Tx.Report(p.Report)
	if err != nil || report.Arrangement == "" {
		return report.Holder, 0, err
	}
	a, err := s.Tx.Arrangement(report.Arrangement)
	if err != nil {
		return report.Holder, 0, err
	}
	if !s.Sees(a.Rule) || a.StateAt(s.Now) != cordon.ArrangementStateInForce || !slices.Contains(a.Parties, report.Holder) ||
		!slices.Contains(a.Parties, s.Actor.Org.ID) || !slices.Contains(a.EmergencyAuthorities, s.Actor.Person.ID) {
		return report.Holder, 0, nil
	}
	return report.Holder, a.EmergencyFor, nil
}

// sort sorts the portions by the conditions that stand between them and the
// audience. It is a Conflict where nothing is to be released.
func (r *releasing) sort(s *act.Snapshot) error {
	grants, err := s.Tx.GrantsTo(r.audience.ID, s.Now)
	if err != nil {
		return err
	}
	earlier, err := s.Tx.GrantsOf(cordon.PortionIDs(r.portions))
	if err != nil {
		return err
	}
	r.missing = make(map[cordon.ID][]cordon.ID)
	out := &r.released
	var shut []string
	for _, p := range r.portions {
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return err
		}
		d := access.DecideAudience(rule, r.audience, access.WaiversFor(p.ID, grants, "", s.Now))
		still, err := still(s, rule, p, r.audience, d)
		if err != nil {
			return err
		}
		if ended(earlier, p.ID, r.audience.ID) {
			still = Still{Portion: p.ID, Shut: true}
			still.Needs = append(still.Needs, fmt.Sprintf("an owner ended an earlier release of it to %s in an emergency, and that stands", r.audience.Name))
		}
		if len(still.Needs) > 0 {
			out.Still = append(out.Still, still)
		}
		switch {
		case still.Shut:
			shut = append(shut, still.Needs...)
		case len(d.Owners) == 0:
			out.Clear = append(out.Clear, p.ID)
		default:
			out.Portions = append(out.Portions, p.ID)
			for _, owner := range d.Owners {
				r.missing[owner] = append(r.missing[owner], p.ID)
			}
		}
	}
	switch {
	case len(out.Portions) > 0:
		return nil
	case len(shut) > 0:
		slices.Sort(shut)
		return cordon.Errorf(cordon.KindConflict, "nothing would be opened: %s; no release in an emergency changes that",
			strings.Join(slices.Compact(shut), "; "))
	}
	return cordon.Errorf(cordon.KindConflict, "no owner's permission is missing for %s: there is nothing to release", r.audience.Name)
}

// ended reports whether an owner took back an emergency release of the portion
// to the audience. From then on only the owner can grant it again.
func ended(grants []cordon.Grant, portion, audience cordon.ID) bool {
	return slices.ContainsFunc(grants, func(g cordon.Grant) bool {
		return g.Emergency && g.To == audience && !g.Revoked.IsZero() && slices.Contains(g.Portions, portion)
	})
}

// still says what a release does not waive.
func still(s *act.Snapshot, rule cordon.Rule, p cordon.Portion, audience cordon.Organisation, d access.Decision) (Still, error) {
	out := Still{Portion: p.ID}
	if slices.Contains(d.Reasons, access.Audience) {
		out.Shut = true
		out.Needs = append(out.Needs, fmt.Sprintf("the marking %s leaves %s out", p.Mark, audience.Name))
	}
	if rule.Circled {
		some := false
		for _, id := range rule.Circle {
			person, err := s.Tx.Person(id)
			if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
				return out, err
			}
			some = some || err == nil && person.Org == audience.ID
		}
		if out.Shut = out.Shut || !some; some {
			out.Needs = append(out.Needs, "it is limited to named people")
		} else {
			out.Needs = append(out.Needs, fmt.Sprintf("it is limited to named people, none of them of %s", audience.Name))
		}
	}
	if out.Shut {
		return out, nil // what else its reader would need is no matter
	}
	for _, l := range rule.Levels {
		if scheme, ok := s.Schemes.Scheme(l.Scheme); ok && l.Rank < len(scheme.Ladder()) {
			out.Needs = append(out.Needs, fmt.Sprintf("its reader is cleared %s (%s)", scheme.Ladder()[l.Rank], l.Scheme))
		}
	}
	for _, readIn := range rule.ReadIns {
		out.Needs = append(out.Needs, "its reader is read in to "+readIn)
	}
	return out, nil
}

// put makes the grant on the owner's behalf, with its entries in the owner's and
// the audience's feeds, what the owner is to review, and its notice.
func (r releasing) put(c *act.Commit, owner cordon.ID, portions []cordon.ID) error {
	if len(portions) == 0 {
		return nil
	}
	until := r.released.Until
	g := cordon.Grant{
		ID: cordon.NewID(), Owner: owner, To: r.audience.ID, Portions: portions, Created: c.Now, Until: until,
		Emergency: true, By: c.Actor.Person.ID,
	}
	if err := c.Tx.PutGrant(g); err != nil {
		return err
	}
	part := cordon.EmergencyPart{
		ID: cordon.NewID(), Release: r.released.ID, Owner: owner, By: c.Actor.Person.ID, Org: c.Actor.Org.ID, Audience: r.audience.ID,
		Portions: portions, Grant: g.ID, Created: c.Now, Until: until, State: cordon.EmergencyAwaitsReview,
	}
	var err error
	if part.Reason, err = c.Keys.SealRecord(owner, reasonContext(part.ID), []byte(r.reason)); err != nil {
		return err
	}
	if err := c.Tx.AddEmergency([]cordon.EmergencyPart{part}); err != nil {
		return err
	}
	e := cordon.Entry{Portions: portions, Audience: r.audience.ID}
	for feed, subject := range map[cordon.ID]cordon.ID{owner: part.ID, r.audience.ID: g.ID} {
		e.Feed, e.Subject = feed, subject
		if err := c.Record(e); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("In an emergency, %s of %s released %d of your portions to %s until %s without your consent, as your arrangement provides. Review it: %s.",
		c.Actor.Person.Name, c.Actor.Org.Name, len(portions), r.audience.Name, until.Format(time.RFC3339), part.ID)
	return notify(c, owner, portions, text)
}

// notify sends a notice that is marked as the portions are together.
func notify(c *act.Commit, org cordon.ID, portions []cordon.ID, text string) error {
	all, err := c.Tx.PortionsByID(portions)
	if err != nil {
		return err
	}
	mark, err := notice.Mark(c.Schemes, all)
	if err != nil {
		return err
	}
	return notice.Send(c, notice.Message{Org: org, Mark: mark, Text: text})
}

func (d Draft) validate() error {
	switch {
	case strings.TrimSpace(d.Reason) == "":
		return cordon.Errorf(cordon.KindInvalid, "a release in an emergency needs its reason: what danger to whose life")
	case len(d.Reason) > cordon.MaxNameBytes:
		return cordon.Errorf(cordon.KindTooLarge, "a reason is at most %d bytes", cordon.MaxNameBytes)
	case len(d.Portions) > cordon.MaxSources:
		return cordon.Errorf(cordon.KindTooLarge, "a release in an emergency names at most %d portions", cordon.MaxSources)
	case (len(d.Portions) == 0) == (d.Report == ""):
		return cordon.Errorf(cordon.KindInvalid, "a release names portions, or a report, and not both")
	}
	return nil
}

func reasonContext(id cordon.ID) string { return "emergency reason:" + string(id) }
func noteContext(id cordon.ID) string   { return "emergency review:" + string(id) }
