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
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
)

// Release gives the audience what every owner has permitted, at once and all
// of it together: the portions that each of their owners granted, in the
// wording that was asked for, and the tearlines offered in place of others.
// It takes an author or release authority of the organisation that asked.
//
// All owners must have answered. A portion that one of them refused outright is
// left out only where without names it, so that nobody releases less than he
// believes; without can leave out others too. Until then, and where this is a
// Conflict, the audience sees nothing.
func Release(ctx context.Context, by act.Caller, id cordon.ID, without []cordon.ID) (Request, error) {
	if len(without) > cordon.MaxPortions {
		return Request{}, cordon.Errorf(cordon.TooLarge, "at most %d portions are left out", cordon.MaxPortions)
	}
	var out Request
	err := update(ctx, by.Base, func(tx cordon.WriteTx) (error, error) {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.Author, cordon.ReleaseAuthority)
		if err != nil {
			return nil, err
		}
		request, parts, err := own(tx, view, id)
		if err != nil {
			return nil, err
		}
		if err := over(request, view.Now); err != nil {
			return nil, err
		}
		portions, err := tx.PortionsByID(request.Portions)
		if err != nil {
			return nil, err
		}

		// decide
		agreed, err := agreed(request, parts, without)
		if err != nil {
			return nil, err
		}
		portions = slices.DeleteFunc(portions, func(p cordon.Portion) bool { return !slices.Contains(agreed, p.ID) })
		withheld := slices.DeleteFunc(slices.Clone(portions), func(p cordon.Portion) bool {
			return p.State != cordon.Live || view.Decide(p).Allowed()
		})
		if len(withheld) > 0 { // what he may not see any more is not his to hand on
			return cordon.ErrNotFound, view.Refuse(tx, cordon.ActRelease, request.ID, withheld)
		}
		if err := asAsked(by.Base, tx, view, parts, portions); err != nil {
			return nil, err
		}
		grants, told, err := grants(by.Base, cordon.Holding(tx), view, request, parts, agreed)
		if err != nil {
			return nil, err
		}
		if err := suffice(by.Base, cordon.Holding(tx), view, request, portions, grants); err != nil {
			return nil, err
		}

		// act
		for _, g := range grants {
			if err := PutGrant(tx, view, g); err != nil {
				return nil, err
			}
			i := slices.IndexFunc(parts, func(p cordon.RequestPart) bool { return p.Owner == g.Owner })
			parts[i].Grant = g.ID
			if err := tx.PutPart(parts[i]); err != nil {
				return nil, err
			}
		}
		request.Released, request.Remind = view.Now, time.Time{}
		if err := tx.PutRequestState(request); err != nil {
			return nil, err
		}

		// record
		ring := by.Vault.Ring(tx)
		audience, err := tx.HoldOrganisation(request.Audience)
		if err != nil {
			return nil, err
		}
		for _, part := range parts {
			given := slices.DeleteFunc(slices.Clone(part.Portions), func(id cordon.ID) bool { return !slices.Contains(agreed, id) })
			if err := record(tx, view, cordon.ActRelease, request, part, given); err != nil {
				return nil, err
			}
			text := fmt.Sprintf("%s released part %s to %s: %d of your %d portions.", view.Actor.Org.Name, part.ID, audience.Name, len(given), len(part.Portions))
			if err := tell(tx, ring, by.Schemes, view, part.Owner, part.Portions, text); err != nil {
				return nil, err
			}
		}
		e := view.Entry(cordon.ActRelease, cordon.Allowed)
		e.Feed, e.Portions, e.Audience = audience.ID, idsOf(told), audience.ID
		if err := ledger.Append(tx, e); err != nil {
			return nil, err
		}
		text := fmt.Sprintf("%s released %d portions to you, of %s.", view.Actor.Org.Name, len(told), reportsOf(told))
		if err := tell(tx, ring, by.Schemes, view, audience.ID, idsOf(told), text); err != nil {
			return nil, err
		}
		out, err = showRequest(by.Base, tx, ring, view, request, parts)
		return nil, err
	})
	return out, err
}

// agreed are the portions that each owner asked for them has granted, less
// those left out.
func agreed(r cordon.ReleaseRequest, parts []cordon.RequestPart, without []cordon.ID) ([]cordon.ID, error) {
	waiting := 0
	for _, part := range parts {
		if undecided(part) {
			waiting++
		}
	}
	if waiting > 0 {
		return nil, cordon.Errorf(cordon.Conflict, "%d of %d owners have not answered yet", waiting, len(parts))
	}
	for _, id := range without {
		if !slices.Contains(r.Portions, id) {
			return nil, cordon.Errorf(cordon.Invalid, "portion %s is not in the request", id)
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
		return nil, cordon.Errorf(cordon.Conflict, "not every owner has agreed: %s; say if it is to be released without", strings.Join(names, ", ")).With(issues...)
	}
	if len(yes) == 0 && !offered {
		return nil, cordon.Errorf(cordon.Conflict, "nothing of it is left to release")
	}
	return yes, nil
}

// asAsked makes sure that the portions say what they said when their owners
// were asked.
func asAsked(base *act.Base, tx cordon.ReadTx, view *reader.View, parts []cordon.RequestPart, portions []cordon.Portion) error {
	for _, p := range portions {
		if p.State != cordon.Live {
			return cordon.Errorf(cordon.Conflict, "portion %s is not there any more: release without it", p.ID)
		}
	}
	now, err := wording(base, base.Vault.Ring(tx), view, portions)
	if err != nil {
		return err
	}
	for _, part := range parts {
		for i, id := range part.Portions {
			if said, ok := now[id]; ok && (i >= len(part.Wording) || !bytes.Equal(said, part.Wording[i])) {
				return cordon.Errorf(cordon.Conflict, "portion %s does not say what its owners were asked for: ask again", id)
			}
		}
	}
	return nil
}

// grants are what the owners' answers come to, one for each, and the portions
// that the audience gets by them.
func grants(base *act.Base, tx cordon.ReadTx, view *reader.View, r cordon.ReleaseRequest, parts []cordon.RequestPart, agreed []cordon.ID) ([]cordon.Grant, []cordon.Portion, error) {
	shared, err := sharedUnder(tx, agreed)
	if err != nil {
		return nil, nil, err
	}
	var grants []cordon.Grant
	var all []cordon.ID
	for _, part := range parts {
		given := slices.DeleteFunc(slices.Clone(part.Granted), func(id cordon.ID) bool { return !slices.Contains(agreed, id) })
		for _, id := range given {
			why, err := ruledOut(base, tx, view, shared[id], r.Audience)
			if err != nil {
				return nil, nil, err
			}
			if why != "" {
				return nil, nil, cordon.Errorf(cordon.Conflict, "portion %s cannot be released: %s", id, why)
			}
		}
		b := boundsOf(shared, part.Owner, given)
		if b.twoPersons && part.Confirmer == "" {
			return nil, nil, cordon.Errorf(cordon.Conflict, "part %s was decided by one person where it takes two by now: ask again", part.ID)
		}
		if part.Tearline != "" {
			line, err := lineOf(tx, view, part.Tearline, part.Owner)
			if err != nil {
				return nil, nil, err
			}
			given = append(given, line...)
		}
		if len(given) == 0 {
			continue
		}
		g := cordon.Grant{
			ID: cordon.NewID(), Owner: part.Owner, To: r.Audience, Request: r.ID, Portions: given,
			ShownOnly: part.ShownOnly, People: part.People, Created: view.Now, Until: part.Until,
		}
		if g.Until.IsZero() {
			g.Until = view.Now.Add(DefaultGrant)
		}
		if last := view.Now.Add(b.longest); g.Until.After(last) {
			g.Until = last
		}
		if !g.Until.After(view.Now) {
			return nil, nil, cordon.Errorf(cordon.Conflict, "what part %s permitted ended on %s: ask again", part.ID, g.Until.Format(time.DateOnly))
		}
		grants, all = append(grants, g), append(all, given...)
	}
	told, err := tx.PortionsByID(distinct(all))
	return grants, told, err
}

// suffice makes sure that no owner's permission is missing once the grants are
// made: one that the audience had when it was asked for may have ended since.
func suffice(base *act.Base, tx cordon.ReadTx, view *reader.View, r cordon.ReleaseRequest, portions []cordon.Portion, grants []cordon.Grant) error {
	audience, err := tx.Organisation(r.Audience)
	if err != nil {
		return err
	}
	had, err := tx.GrantsTo(r.Audience, view.Now)
	if err != nil {
		return err
	}
	for _, g := range grants {
		g.People = nil // to some of it is to it
		had = append(had, g)
	}
	for _, p := range portions {
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return err
		}
		if d := access.DecideAudience(rule, audience, access.WaiversFor(p.ID, had, "", view.Now)); len(d.Owners) > 0 {
			return cordon.Errorf(cordon.Conflict, "for portion %s more owners' permission is missing than was when you asked: ask again", p.ID)
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

// Withdraw ends a request that has not been released: its owners are told, and
// what they answered comes to nothing. It takes an author or release authority
// of the organisation that asked. What was released is its owners' to revoke.
func Withdraw(ctx context.Context, by act.Caller, id cordon.ID) (Request, error) {
	var out Request
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.Author, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		request, parts, err := own(tx, view, id)
		if err != nil {
			return err
		}

		// decide
		if err := over(request, view.Now); err != nil {
			return err
		}

		// act
		request.Withdrawn, request.Remind = view.Now, time.Time{}
		if err := tx.PutRequestState(request); err != nil {
			return err
		}

		// record
		ring := by.Vault.Ring(tx)
		for _, part := range parts {
			if err := record(tx, view, cordon.ActWithdraw, request, part, part.Portions); err != nil {
				return err
			}
			text := fmt.Sprintf("%s withdrew the request of part %s: there is nothing to decide any more.", view.Actor.Org.Name, part.ID)
			if err := tell(tx, ring, by.Schemes, view, part.Owner, part.Portions, text); err != nil {
				return err
			}
		}
		out, err = showRequest(by.Base, tx, ring, view, request, parts)
		return err
	})
	return out, err
}
