package release

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
)

// releasing is a request with the outcome of its release.
type releasing struct {
	request  cordon.ReleaseRequest
	parts    []cordon.RequestPart
	audience cordon.Organisation
	// permitted are the portions of the request that are released.
	permitted []cordon.ID
	grants    []cordon.Grant
	// given are all portions that the audience gets, tearlines among them.
	given []cordon.Portion
	shown Request
}

// Release gives the audience everything that every owner has permitted, at
// once: the portions that each of their owners granted, in the wording asked
// for, and the tearlines offered in place of others. It takes an author or
// release authority of the organisation that asked, who may open all of it.
//
// All owners must have answered. A portion that an owner refused outright must
// be named in without, so that nobody releases less than they believe; other
// portions can be left out in the same way. Where this is a Conflict, the
// audience sees nothing.
func Release(ctx context.Context, by act.Caller, id cordon.ID, without []cordon.ID) (Request, error) {
	if len(without) > cordon.MaxPortions {
		return Request{}, cordon.Errorf(cordon.KindTooLarge, "at most %d portions are left out", cordon.MaxPortions)
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActRelease, asking...), func(s *act.Snapshot) (releasing, error) {
		request, parts, err := own(s, id)
		if err != nil {
			return releasing{}, err
		}
		if err := over(request, s.Now); err != nil {
			return releasing{}, err
		}
		return permit(s, request, parts, without)
	}, putRelease)
}

// permit decides what may be released of the request now.
func permit(s *act.Snapshot, request cordon.ReleaseRequest, parts []cordon.RequestPart, without []cordon.ID) (releasing, error) {
	out := releasing{request: request, parts: parts}
	var err error
	if out.permitted, err = permitted(request, parts, without); err != nil {
		return out, err
	}
	portions, err := s.Tx.PortionsByID(out.permitted)
	if err != nil {
		return out, err
	}
	withheld := slices.DeleteFunc(slices.Clone(portions), func(p cordon.Portion) bool {
		return p.State != cordon.PortionLive || s.Decide(p).Allowed()
	})
	if len(withheld) > 0 { // what the caller may not see any more is not theirs to hand on
		return out, &act.Refusal{Answer: cordon.ErrNotFound, Subject: request.ID, Portions: withheld}
	}
	if err := asAsked(s, parts, portions); err != nil {
		return out, err
	}
	if out.audience, err = s.Tx.Organisation(request.Audience); err != nil {
		return out, err
	}
	if out.grants, out.given, err = grants(s, request, parts, out.permitted); err != nil {
		return out, err
	}
	if err := suffice(s, out.audience, portions, out.grants); err != nil {
		return out, err
	}
	for _, g := range out.grants {
		i := slices.IndexFunc(parts, func(p cordon.RequestPart) bool { return p.Owner == g.Owner })
		parts[i].Grant = g.ID
	}
	out.request.Released, out.request.Remind = s.Now, time.Time{}
	out.shown, err = showRequest(s, out.request, parts)
	return out, err
}

// putRelease makes the grants, writes each owner's and the audience's entries
// and tells them.
func putRelease(c *act.Commit, r releasing) (Request, error) {
	for _, g := range r.grants {
		if err := PutGrant(c, g); err != nil {
			return Request{}, err
		}
	}
	if err := c.Tx.PutRequestState(r.request); err != nil {
		return Request{}, err
	}
	for _, part := range r.parts {
		if part.Grant != "" {
			if err := c.Tx.PutPart(part); err != nil {
				return Request{}, err
			}
		}
		given := among(part.Portions, r.permitted)
		if err := record(c, cordon.ActRelease, r.request, part, given); err != nil {
			return Request{}, err
		}
		text := fmt.Sprintf("%s released part %s to %s: %d of your %d portions.", c.Actor.Org.Name, part.ID, r.audience.Name, len(given), len(part.Portions))
		if err := notify(c, part.Owner, part.Portions, text); err != nil {
			return Request{}, err
		}
	}
	given := cordon.PortionIDs(r.given)
	if err := c.Record(cordon.Entry{Feed: r.audience.ID, Portions: given, Audience: r.audience.ID}); err != nil {
		return Request{}, err
	}
	text := fmt.Sprintf("%s released %d portions to you, of %s.", c.Actor.Org.Name, len(given), reportsOf(r.given))
	return r.shown, notify(c, r.audience.ID, given, text)
}

// among are those of the ids that the others have too.
func among(ids, others []cordon.ID) []cordon.ID {
	return slices.DeleteFunc(slices.Clone(ids), func(id cordon.ID) bool { return !slices.Contains(others, id) })
}

// permitted are the portions that each owner asked for them has granted, less
// those left out.
func permitted(r cordon.ReleaseRequest, parts []cordon.RequestPart, without []cordon.ID) ([]cordon.ID, error) {
	waiting := 0
	for _, part := range parts {
		if undecided(part) {
			waiting++
		}
	}
	if waiting > 0 {
		return nil, cordon.Errorf(cordon.KindConflict, "%d of %d owners have not answered yet", waiting, len(parts))
	}
	for _, id := range without {
		if !slices.Contains(r.Portions, id) {
			return nil, cordon.Errorf(cordon.KindInvalid, "portion %s is not in the request", id)
		}
	}
	var yes []cordon.ID
	var issues []cordon.Issue
	offered := false
	for _, id := range r.Portions {
		asked, granted, refused := false, true, false
		for _, part := range parts {
			if !slices.Contains(part.Portions, id) {
				continue
			}
			asked = true
			offered = offered || part.Tearline != ""
			if !slices.Contains(part.Granted, id) {
				granted, refused = false, refused || part.Tearline == ""
			}
		}
		switch {
		case slices.Contains(without, id):
		case refused:
			issues = append(issues, cordon.Issue{Problem: fmt.Sprintf("portion %s was refused", id), Fix: "release without it"})
		case asked && granted:
			yes = append(yes, id)
		}
	}
	if len(issues) > 0 {
		names := make([]string, len(issues))
		for i, issue := range issues {
			names[i] = issue.Problem
		}
		return nil, cordon.Errorf(cordon.KindConflict, "not every owner has agreed: %s; say if it is to be released without", strings.Join(names, ", ")).With(issues...)
	}
	if len(yes) == 0 && !offered {
		return nil, cordon.Errorf(cordon.KindConflict, "nothing of it is left to release")
	}
	return yes, nil
}

// asAsked makes sure that the portions still have the wording that their owners
// were asked for.
func asAsked(s *act.Snapshot, parts []cordon.RequestPart, portions []cordon.Portion) error {
	for _, p := range portions {
		if p.State != cordon.PortionLive {
			return cordon.Errorf(cordon.KindConflict, "portion %s is not there any more: release without it", p.ID)
		}
	}
	now, err := wording(s, portions)
	if err != nil {
		return err
	}
	for _, part := range parts {
		for i, id := range part.Portions {
			if said, ok := now[id]; ok && (i >= len(part.Wording) || !bytes.Equal(said, part.Wording[i])) {
				return cordon.Errorf(cordon.KindConflict, "portion %s does not say what its owners were asked for: ask again", id)
			}
		}
	}
	return nil
}

// grants turns the owners' answers into grants, one for each owner, and gives
// the portions that the audience gets by them.
func grants(s *act.Snapshot, r cordon.ReleaseRequest, parts []cordon.RequestPart, permitted []cordon.ID) ([]cordon.Grant, []cordon.Portion, error) {
	shared, err := sharedUnder(s.Tx, permitted)
	if err != nil {
		return nil, nil, err
	}
	var grants []cordon.Grant
	var all []cordon.ID
	for _, part := range parts {
		given := among(part.Granted, permitted)
		for _, id := range given {
			why, err := ruledOut(s, shared[id], r.Audience)
			if err != nil {
				return nil, nil, err
			}
			if why != "" {
				return nil, nil, cordon.Errorf(cordon.KindConflict, "portion %s cannot be released: %s", id, why)
			}
		}
		b := boundsOf(shared, part.Owner, given)
		if b.twoPersons && part.Confirmer == "" {
			return nil, nil, cordon.Errorf(cordon.KindConflict, "part %s was decided by one person where it takes two by now: ask again", part.ID)
		}
		if part.Tearline != "" {
			offered, err := tearline(s, part.Tearline, part.Owner)
			if err != nil {
				return nil, nil, err
			}
			if err := handedOn(s, offered); err != nil {
				return nil, nil, err
			}
			given = append(given, cordon.PortionIDs(offered)...)
		}
		if len(given) == 0 {
			continue
		}
		g := cordon.Grant{
			ID: cordon.NewID(), Owner: part.Owner, To: r.Audience, Request: r.ID, Portions: given,
			ShownOnly: part.ShownOnly, People: part.People, Created: s.Now, Until: part.Until,
		}
		if g.Until.IsZero() {
			g.Until = s.Now.Add(DefaultGrant)
		}
		if last := s.Now.Add(b.longest); g.Until.After(last) {
			g.Until = last
		}
		if !g.Until.After(s.Now) {
			return nil, nil, cordon.Errorf(cordon.KindConflict, "what part %s permitted ended on %s: ask again", part.ID, g.Until.Format(time.DateOnly))
		}
		grants, all = append(grants, g), append(all, given...)
	}
	given, err := s.Tx.PortionsByID(distinct(all))
	return grants, given, err
}

// suffice makes sure that no owner's permission is missing once the grants are
// made. A permission that the audience had when the request was made may have
// ended since.
func suffice(s *act.Snapshot, audience cordon.Organisation, portions []cordon.Portion, grants []cordon.Grant) error {
	had, err := s.Tx.GrantsTo(audience.ID, s.Now)
	if err != nil {
		return err
	}
	for _, g := range grants {
		g.People = nil // to some of it is to it
		had = append(had, g)
	}
	for _, p := range portions {
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return err
		}
		if d := access.DecideAudience(rule, audience, access.WaiversFor(p.ID, had, "", s.Now)); len(d.Owners) > 0 {
			return cordon.Errorf(cordon.KindConflict, "for portion %s more owners' permission is missing than was when you asked: ask again", p.ID)
		}
	}
	return nil
}

// reportsOf names the reports of the portions, the first ones where there are
// many.
func reportsOf(portions []cordon.Portion) string {
	const named = 5
	var ids []string
	for _, p := range portions {
		if !slices.Contains(ids, string(p.Report)) {
			ids = append(ids, string(p.Report))
		}
	}
	slices.Sort(ids)
	if len(ids) > named {
		return fmt.Sprintf("%d reports", len(ids))
	}
	return "report " + strings.Join(ids, ", ")
}

// withdrawal is a request that is withdrawn.
type withdrawal struct {
	request cordon.ReleaseRequest
	parts   []cordon.RequestPart
	shown   Request
}

// Withdraw ends a request that has not been released. Its owners are told, and
// their answers have no effect. It takes an author or release authority of the
// organisation that asked. Only its owners can end a released request, by
// revoking their grants.
func Withdraw(ctx context.Context, by act.Caller, id cordon.ID) (Request, error) {
	return act.Do(ctx, by, act.ByRole(cordon.ActWithdraw, asking...), func(s *act.Snapshot) (withdrawal, error) {
		request, parts, err := own(s, id)
		if err != nil {
			return withdrawal{}, err
		}
		if err := over(request, s.Now); err != nil {
			return withdrawal{}, err
		}
		request.Withdrawn, request.Remind = s.Now, time.Time{}
		shown, err := showRequest(s, request, parts)
		return withdrawal{request, parts, shown}, err
	}, func(c *act.Commit, w withdrawal) (Request, error) {
		if err := c.Tx.PutRequestState(w.request); err != nil {
			return Request{}, err
		}
		for _, part := range w.parts {
			if err := record(c, cordon.ActWithdraw, w.request, part, part.Portions); err != nil {
				return Request{}, err
			}
			text := fmt.Sprintf("%s withdrew the request of part %s: there is nothing to decide any more.", c.Actor.Org.Name, part.ID)
			if err := notify(c, part.Owner, part.Portions, text); err != nil {
				return Request{}, err
			}
		}
		return w.shown, nil
	})
}
