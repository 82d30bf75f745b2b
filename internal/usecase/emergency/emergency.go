// Package emergency is release without the owners' consent where life is in
// imminent danger: by a person whom the arrangement names for it, with a
// reason, for a short time, told to every owner in the same transaction and
// reviewed by each of them afterwards.
//
// It is a grant made on behalf of each owner and waives what a grant waives: the
// owners' policies. Level, read-ins, the audience of the marking and a circle
// stand in the way as before, and the answer says so. Nothing extends by itself:
// it ends when it was to end, and whether it was reviewed is listed until it is.
package emergency

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// Draft is what is to be released, to whom and why.
type Draft struct {
	// Portions are named one by one; Report, in their place, means all of a
	// report that the person may see.
	Portions []cordon.ID
	Report   cordon.ID
	Audience cordon.ID
	// Reason is required. It is kept for each owner and shown in its review.
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
// names him for it.
const unnamed = "portion %s was not shared, with all that it was made from, under an arrangement that is in force and names you for release in an emergency: " +
	"ask its owners (cordon release request)"

// Release releases portions to the audience on behalf of every owner whose
// permission is missing. The person must be able to see every portion: what he
// may not see is ErrNotFound. Each portion, and whatever of others it was made
// from, must have been shared under an arrangement that is in force, that he
// may know of, and that names him; otherwise Denied. Both are in the owners'
// feeds. Where no permission is missing there is nothing to do: Conflict.
func Release(ctx context.Context, by act.Caller, draft Draft) (Released, error) {
	if err := draft.validate(); err != nil {
		return Released{}, err
	}
	var out Released
	var refusal error
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		refusal, out = nil, Released{}
		// load
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		if err := view.Require(cordon.Reader); err != nil {
			return err
		}
		audience, err := tx.HoldOrganisation(draft.Audience)
		if err != nil {
			return unknown(err, "the organisation it is for is not known here")
		}
		portions, unseen, err := asked(tx, view, draft)
		if err != nil {
			return err
		}

		// decide
		if unseen != nil {
			refusal = cordon.ErrNotFound
			return refuse(tx, view, audience.ID, unseen, "")
		}
		for _, p := range portions {
			most, err := provides(by.Base, cordon.Holding(tx), view, p)
			if err != nil {
				return err
			}
			if most == 0 {
				refusal = cordon.Errorf(cordon.Denied, unnamed, p.ID)
				return refuse(tx, view, audience.ID, portions, "authority")
			}
			if until := view.Now.Add(most); out.Until.IsZero() || until.Before(out.Until) {
				out.Until = until
			}
		}
		missing, err := missing(by.Base, cordon.Holding(tx), view, audience, portions, &out)
		if err != nil {
			return err
		}

		// act and record, owner by owner
		out.ID, out.Audience = cordon.NewID(), audience.ID
		ring := by.Vault.Ring(tx)
		for _, share := range view.ByOwner(portions) {
			if mine := missing[share.Owner]; len(mine) > 0 {
				if err := forOwner(by.Base, tx, ring, view, audience, share.Owner, mine, draft.Reason, out); err != nil {
					return err
				}
			}
		}
		return tx.TouchOrganisation(audience.ID)
	})
	if err == nil {
		err = refusal
	}
	if err != nil {
		return Released{}, err
	}
	return out, nil
}

// asked are the portions the draft means, if the person sees all of them.
// Unseen, not nil, are those that exist of what he does not see.
func asked(tx cordon.ReadTx, view *reader.View, draft Draft) (portions, unseen []cordon.Portion, err error) {
	if draft.Report != "" {
		numbers, err := tx.PortionRules(draft.Report)
		if err != nil {
			return nil, nil, err
		}
		seen, err := view.Of(numbers)
		if err != nil {
			return nil, nil, err
		}
		if portions, err = tx.Portions(draft.Report, seen); err != nil || len(portions) > 0 {
			return portions, nil, err
		}
		heads, err := tx.PortionHeads(draft.Report)
		return nil, append([]cordon.Portion{}, heads...), err
	}
	ids := slices.Clone(draft.Portions)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if portions, err = tx.PortionsByID(ids); err != nil {
		return nil, nil, err
	}
	for _, p := range portions {
		if !view.Decide(p).Allowed() {
			unseen = append(unseen, p)
		}
	}
	if len(portions) < len(ids) && unseen == nil {
		unseen = []cordon.Portion{}
	}
	return portions, unseen, nil
}

// provides is how long the arrangements let the person release the portion for:
// zero where one of them does not. Everything it was made from counts, step by
// step, but what the person's own organisation owns alone.
func provides(base *act.Base, tx cordon.ReadTx, view *reader.View, p cordon.Portion) (time.Duration, error) {
	most := cordon.MaxEmergency
	agreed := []cordon.ID{view.Actor.Org.ID} // whose arrangement provides for it
	seen := map[cordon.ID]bool{p.ID: true}
	for front := []cordon.Portion{p}; len(front) > 0; {
		var ids []cordon.ID
		for _, x := range front {
			ids = append(ids, x.ID)
			rule, err := view.Rule(x.Rule)
			if err != nil {
				return 0, err
			}
			if owners := rule.OwnerIDs(); x.ID != p.ID && len(owners) == 1 && owners[0] == view.Actor.Org.ID {
				continue
			}
			holder, length, err := underArrangement(tx, view, x)
			if err != nil || length == 0 {
				return 0, err
			}
			most = min(most, length)
			agreed = append(agreed, holder)
		}
		lineage, err := tx.Sources(ids)
		if err != nil {
			return 0, err
		}
		var next []cordon.ID
		for _, d := range lineage {
			if !seen[d.Source] {
				seen[d.Source] = true
				next = append(next, d.Source)
			}
		}
		if front = nil; len(next) > 0 {
			if front, err = tx.PortionsByID(next); err != nil {
				return 0, err
			}
		}
	}
	rule, err := view.Rule(p.Rule)
	if err != nil {
		return 0, err
	}
	if slices.ContainsFunc(rule.OwnerIDs(), func(owner cordon.ID) bool { return !slices.Contains(agreed, owner) }) {
		return 0, nil
	}
	return most, nil
}

// underArrangement gives who wrote the portion's report and how long the
// arrangement that it is shared under lets the person release it for; zero for
// not at all.
func underArrangement(tx cordon.ReadTx, view *reader.View, p cordon.Portion) (holder cordon.ID, length time.Duration, err error) {
	report, err := tx.Report(p.Report)
	if err != nil || report.Arrangement == "" {
		return report.Holder, 0, err
	}
	a, err := tx.Arrangement(report.Arrangement)
	if err != nil {
		return report.Holder, 0, err
	}
	if !view.Sees(a.Rule) || a.StateAt(view.Now) != cordon.InForce || !slices.Contains(a.Parties, report.Holder) ||
		!slices.Contains(a.Parties, view.Actor.Org.ID) || !slices.Contains(a.EmergencyAuthorities, view.Actor.Person.ID) {
		return report.Holder, 0, nil
	}
	return report.Holder, a.EmergencyFor, nil
}

// missing sorts the portions by what stands between them and the audience, and
// gives those to be released, by owner whose permission is missing.
func missing(base *act.Base, tx cordon.ReadTx, view *reader.View, audience cordon.Organisation, portions []cordon.Portion, out *Released) (map[cordon.ID][]cordon.ID, error) {
	grants, err := tx.GrantsTo(audience.ID, view.Now)
	if err != nil {
		return nil, err
	}
	earlier, err := tx.GrantsOf(idsOf(portions))
	if err != nil {
		return nil, err
	}
	missing := make(map[cordon.ID][]cordon.ID)
	out.Portions, out.Clear, out.Still = nil, nil, nil
	var shut []string
	for _, p := range portions {
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		d := access.DecideAudience(rule, audience, access.WaiversFor(p.ID, grants, "", view.Now))
		still, err := still(base, tx, rule, p, audience, d)
		if err != nil {
			return nil, err
		}
		if ended(earlier, p.ID, audience.ID) {
			still = Still{Portion: p.ID, Shut: true}
			still.Needs = append(still.Needs, fmt.Sprintf("an owner ended an earlier release of it to %s in an emergency, and that stands", audience.Name))
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
				missing[owner] = append(missing[owner], p.ID)
			}
		}
	}
	switch {
	case len(out.Portions) > 0:
		return missing, nil
	case len(shut) > 0:
		slices.Sort(shut)
		return nil, cordon.Errorf(cordon.Conflict, "nothing would be opened: %s; no release in an emergency changes that",
			strings.Join(slices.Compact(shut), "; "))
	}
	return nil, cordon.Errorf(cordon.Conflict, "no owner's permission is missing for %s: there is nothing to release", audience.Name)
}

// ended reports whether an owner took back a release of the portion to the
// audience in an emergency. Nobody but the owner gives it again.
func ended(grants []cordon.Grant, portion, audience cordon.ID) bool {
	return slices.ContainsFunc(grants, func(g cordon.Grant) bool {
		return g.Emergency && g.To == audience && !g.Revoked.IsZero() && slices.Contains(g.Portions, portion)
	})
}

// still says what a release does not waive.
func still(base *act.Base, tx cordon.ReadTx, rule cordon.Rule, p cordon.Portion, audience cordon.Organisation, d access.Decision) (Still, error) {
	out := Still{Portion: p.ID}
	if slices.Contains(d.Reasons, access.Audience) {
		out.Shut = true
		out.Needs = append(out.Needs, fmt.Sprintf("the marking %s leaves %s out", p.Mark, audience.Name))
	}
	if rule.Circled {
		some := false
		for _, id := range rule.Circle {
			person, err := tx.Person(id)
			if err != nil && cordon.KindOf(err) != cordon.NotFound {
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
		if scheme, ok := base.Schemes.Scheme(l.Scheme); ok && l.Rank < len(scheme.Ladder()) {
			out.Needs = append(out.Needs, fmt.Sprintf("its reader is cleared %s (%s)", scheme.Ladder()[l.Rank], l.Scheme))
		}
	}
	for _, readIn := range rule.ReadIns {
		out.Needs = append(out.Needs, "its reader is read in to "+readIn)
	}
	return out, nil
}

// forOwner makes the grant on the owner's behalf, with its entries in the
// owner's and the audience's feeds, what the owner is to review, and its notice.
func forOwner(base *act.Base, tx cordon.WriteTx, ring *vault.Ring, view *reader.View, audience cordon.Organisation, owner cordon.ID,
	portions []cordon.ID, reason string, out Released,
) error {
	g := cordon.Grant{
		ID: cordon.NewID(), Owner: owner, To: audience.ID, Portions: portions, Created: view.Now, Until: out.Until,
		Emergency: true, By: view.Actor.Person.ID,
	}
	if err := tx.PutGrant(g); err != nil {
		return err
	}
	part := cordon.EmergencyPart{
		ID: cordon.NewID(), Release: out.ID, Owner: owner, By: view.Actor.Person.ID, Org: view.Actor.Org.ID, Audience: audience.ID,
		Portions: portions, Grant: g.ID, Created: view.Now, Until: out.Until, State: cordon.AwaitsReview,
	}
	var err error
	if part.Reason, err = ring.SealRecord(owner, reasonContext(part.ID), []byte(reason)); err != nil {
		return err
	}
	if err := tx.AddEmergency([]cordon.EmergencyPart{part}); err != nil {
		return err
	}
	for feed, subject := range map[cordon.ID]cordon.ID{owner: part.ID, audience.ID: g.ID} {
		e := view.Entry(cordon.ActEmergency, cordon.Allowed)
		e.Feed, e.Subject, e.Portions, e.Audience = feed, subject, portions, audience.ID
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	text := fmt.Sprintf("In an emergency, %s of %s released %d of your portions to %s until %s without your consent, as your arrangement provides. Review it: %s.",
		view.Actor.Person.Name, view.Actor.Org.Name, len(portions), audience.Name, out.Until.Format(time.RFC3339), part.ID)
	return tell(base, tx, ring, view, owner, portions, text)
}

// tell sends a notice that carries the roll-up of the portions.
func tell(base *act.Base, tx cordon.WriteTx, ring *vault.Ring, view *reader.View, org cordon.ID, portions []cordon.ID, text string) error {
	all, err := tx.PortionsByID(portions)
	if err != nil {
		return err
	}
	mark, err := notice.Mark(base.Schemes, all)
	if err != nil {
		return err
	}
	return notice.Tell(tx, ring, view, notice.Message{Org: org, Mark: mark, Text: text})
}

// refuse writes that it was tried and refused into the feed of each owner, and
// into the installation's, where it stands for what is not there as well. With
// no reason given it is what keeps the portions from the person.
func refuse(tx cordon.WriteTx, view *reader.View, audience cordon.ID, portions []cordon.Portion, why string) error {
	for _, share := range view.ByOwner(portions) {
		e := view.Entry(cordon.ActEmergency, cordon.RefusedWith)
		e.Feed, e.Portions, e.Audience = share.Owner, share.Portions, audience
		if why != "" {
			e.Reasons = []string{why}
		}
		for _, p := range portions {
			if why == "" && slices.Contains(share.Portions, p.ID) {
				e.Reasons = append(e.Reasons, view.Decide(p).Names()...)
			}
		}
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	e := view.Entry(cordon.ActEmergency, cordon.RefusedWith)
	e.Audience = audience
	return ledger.Append(tx, e)
}

func (d Draft) validate() error {
	switch {
	case strings.TrimSpace(d.Reason) == "":
		return cordon.Errorf(cordon.Invalid, "a release in an emergency needs its reason: what danger to whose life")
	case len(d.Reason) > cordon.MaxNameBytes:
		return cordon.Errorf(cordon.TooLarge, "a reason is at most %d bytes", cordon.MaxNameBytes)
	case len(d.Portions) > cordon.MaxSources:
		return cordon.Errorf(cordon.TooLarge, "a release in an emergency names at most %d portions", cordon.MaxSources)
	case (len(d.Portions) == 0) == (d.Report == ""):
		return cordon.Errorf(cordon.Invalid, "a release names portions, or a report, and not both")
	}
	return nil
}

func unknown(err error, message string) error {
	if cordon.KindOf(err) == cordon.NotFound {
		return cordon.Errorf(cordon.Invalid, "%s", message)
	}
	return err
}

func reasonContext(id cordon.ID) string { return "emergency reason:" + string(id) }
func noteContext(id cordon.ID) string   { return "emergency review:" + string(id) }

func idsOf(portions []cordon.Portion) []cordon.ID {
	ids := make([]cordon.ID, len(portions))
	for i, p := range portions {
		ids[i] = p.ID
	}
	return ids
}
