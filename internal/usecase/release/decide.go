package release

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
)

// DefaultGrant is how long a grant runs from the release, unless its owner says
// otherwise or its arrangement sets a shorter bound.
const DefaultGrant = 30 * 24 * time.Hour

// Decision is an owner's answer to its part of a request: the portions it
// grants, on which conditions, and what it offers in place of the rest. The
// owner refuses every portion that it does not grant. A grant is always of the
// wording asked for.
type Decision struct {
	// Grant are the portions permitted, all of the part's or some.
	Grant []cordon.ID
	// Until is when the permission ends; zero means DefaultGrant from the
	// release on.
	Until time.Time
	// ShownOnly permits showing and not keeping: the audience cannot export.
	ShownOnly bool
	// People are the people of the audience whom the grant is for; none means
	// all.
	People []cordon.ID
	// Tearline is a report of the owner's own, of kind tearline, that the
	// audience may have in place of the refused portions.
	Tearline cordon.ID
	// Known lets the other owners asked know that this one was asked.
	Known bool
	// Reason is told to the requester.
	Reason string
}

// refuses says that nothing at all is permitted.
func (d Decision) refuses() bool { return len(d.Grant) == 0 && d.Tearline == "" }

func (d Decision) validate() error {
	switch {
	case len(d.Reason) > cordon.MaxNameBytes:
		return cordon.Errorf(cordon.KindTooLarge, "a reason is at most %d bytes", cordon.MaxNameBytes)
	case len(d.Grant) > cordon.MaxPortions:
		return cordon.Errorf(cordon.KindTooLarge, "a decision grants at most %d portions", cordon.MaxPortions)
	case len(d.People) > cordon.MaxCircle:
		return cordon.Errorf(cordon.KindTooLarge, "%d people are named: at most %d are taken", len(d.People), cordon.MaxCircle)
	}
	return nil
}

// answered is a part with an answer to it, as its owner will be shown it.
type answered struct {
	request cordon.ReleaseRequest
	part    cordon.RequestPart
	shown   Part
}

// Decide records the owner's answer, which takes effect when the requester
// releases the request. It is given once, and a part already decided is a
// Conflict. There is one exception: until the release an owner can take back
// its permission by refusing, and afterwards by Revoke. A request that has
// expired, was withdrawn or is void is a Conflict.
//
// The person may see each portion granted, as far as it is up to them (clearance,
// read-ins, circle) and not to other owners; and each portion of a tearline offered.
// A refusal needs no sight of what it refuses.
//
// Where the arrangement asks for two people, the answer is a proposal until
// another release authority of the owner gives it to Confirm. A different
// decision takes its place and begins anew. A refusal takes one person.
func Decide(ctx context.Context, by act.Caller, partID cordon.ID, answer Decision) (Part, error) {
	if err := answer.validate(); err != nil {
		return Part{}, err
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActDecide, cordon.RoleReleaseAuthority), func(s *act.Snapshot) (answered, error) {
		part, request, err := ownPart(s, partID)
		if err != nil {
			return answered{}, err
		}
		if err := over(request, s.Now); err != nil {
			return answered{}, err
		}
		takesBack := answer.refuses() && part.State != cordon.PartRefused
		if decided(part) && !takesBack {
			return answered{}, cordon.Errorf(cordon.KindConflict, "this part is decided already: %s", part.State)
		}
		people, err := s.FindPeople(answer.People)
		if err != nil {
			return answered{}, err
		}
		answer := answer // with people by their ids
		answer.People = people
		bounds, err := permissible(s, request, part, answer)
		if err != nil {
			return answered{}, err
		}
		part.Decider, part.Decided, part.Proposal, part.Confirmer = s.Actor.Person.ID, s.Now, "", ""
		part.Granted, part.Until, part.ShownOnly = distinct(answer.Grant), answer.Until, answer.ShownOnly
		part.People, part.Tearline, part.Known, part.Reason = distinct(answer.People), answer.Tearline, answer.Known, nil
		if answer.Reason != "" {
			if part.Reason, err = s.Keys.SealRecord(part.Owner, reasonContext(part.ID), []byte(answer.Reason)); err != nil {
				return answered{}, err
			}
		}
		part.State = verdict(part)
		if bounds.twoPersons && !answer.refuses() {
			part.State, part.Proposal = cordon.PartProposed, cordon.NewID()
		}
		shown, err := showOwnPart(s, part)
		return answered{request, part, shown}, err
	}, putAnswer)
}

// Confirm turns the proposal into the owner's answer. It takes another release
// authority than the one who proposed, who may see what is granted as well. It is a Conflict where the proposal is
// no longer the one named, since nobody confirms what they have not seen.
func Confirm(ctx context.Context, by act.Caller, partID, proposal cordon.ID) (Part, error) {
	return act.Do(ctx, by, act.ByRole(cordon.ActDecide, cordon.RoleReleaseAuthority), func(s *act.Snapshot) (answered, error) {
		part, request, err := ownPart(s, partID)
		if err != nil {
			return answered{}, err
		}
		if err := over(request, s.Now); err != nil {
			return answered{}, err
		}
		switch {
		case part.State != cordon.PartProposed:
			return answered{}, cordon.Errorf(cordon.KindConflict, "nothing waits for a second person here: this part is %s", part.State)
		case part.Proposal != proposal:
			return answered{}, cordon.Errorf(cordon.KindConflict, "the proposal is another by now: look at it again")
		case part.Decider == s.Actor.Person.ID:
			return answered{}, cordon.Errorf(cordon.KindConflict, "you proposed it: it takes another person to confirm")
		}
		answer := Decision{Grant: part.Granted, Until: part.Until, People: part.People, Tearline: part.Tearline}
		if _, err := permissible(s, request, part, answer); err != nil {
			return answered{}, err
		}
		part.Confirmer, part.Decided, part.Proposal, part.State = s.Actor.Person.ID, s.Now, "", verdict(part)
		shown, err := showOwnPart(s, part)
		return answered{request, part, shown}, err
	}, putAnswer)
}

// verdict is the state of a part after the answer, where no second person is
// waited for.
func verdict(part cordon.RequestPart) cordon.PartState {
	switch {
	case part.Tearline != "":
		return cordon.PartOffered
	case len(part.Granted) > 0:
		return cordon.PartGranted
	}
	return cordon.PartRefused
}

// putAnswer stores and records an answer, or the proposal of one. A proposal is
// recorded in the owner's feed alone, since it is still the owner's own affair;
// an answer is recorded in the owner's feed and with the requester.
func putAnswer(c *act.Commit, a answered) (Part, error) {
	r, part := a.request, a.part
	if err := c.Tx.PutPart(part); err != nil {
		return Part{}, err
	}
	if part.State == cordon.PartProposed {
		if err := record(c, cordon.ActPropose, r, part, part.Portions); err != nil {
			return Part{}, err
		}
		text := fmt.Sprintf("An answer to part %s is proposed: another release authority confirms it or refuses.", part.ID)
		return a.shown, notify(c, part.Owner, part.Portions, text)
	}
	e := cordon.Entry{Feed: part.Owner, Subject: part.ID, Portions: part.Portions, Audience: r.Audience}
	if part.State == cordon.PartRefused {
		e.Outcome = cordon.OutcomeRefused
	}
	if err := c.Record(e); err != nil || r.Org == part.Owner {
		return a.shown, err
	}
	text := fmt.Sprintf("%s answered its part of release request %s: %d of %d portions granted, state %s.",
		c.Actor.Org.Name, r.ID, len(part.Granted), len(part.Portions), part.State)
	return a.shown, notify(c, r.Org, part.Portions, text)
}

// permissible checks what an owner would permit and gives the bounds that its
// arrangements set.
func permissible(s *act.Snapshot, r cordon.ReleaseRequest, part cordon.RequestPart, answer Decision) (bounds, error) {
	shared, err := sharedUnder(s.Tx, part.Portions)
	if err != nil {
		return bounds{}, err
	}
	b := boundsOf(shared, part.Owner, part.Portions)
	portions, err := s.Tx.PortionsByID(answer.Grant)
	if err != nil {
		return b, err
	}
	live := make(map[cordon.ID]bool, len(portions))
	var withheld []cordon.Portion
	for _, p := range portions {
		live[p.ID] = p.State == cordon.PortionLive
		kept, err := keptFrom(s, p)
		if err != nil {
			return b, err
		}
		if live[p.ID] && kept {
			withheld = append(withheld, p)
		}
	}
	for _, id := range answer.Grant {
		if !slices.Contains(part.Portions, id) {
			return b, cordon.Errorf(cordon.KindInvalid, "portion %s is not in this part", id)
		}
		if !live[id] {
			return b, cordon.Errorf(cordon.KindConflict, "portion %s is not there any more: leave it out", id)
		}
		why, err := ruledOut(s, shared[id], r.Audience)
		if err != nil {
			return b, err
		}
		if why != "" {
			return b, cordon.Errorf(cordon.KindConflict, "portion %s cannot be granted: %s", id, why)
		}
	}
	if len(withheld) > 0 {
		return b, &act.Refusal{Answer: errUnseen(withheld[0].ID), Subject: part.ID, Portions: withheld, Audience: r.Audience}
	}
	if !answer.Until.IsZero() {
		switch length := answer.Until.Sub(s.Now); {
		case length <= 0:
			return b, cordon.Errorf(cordon.KindInvalid, "the grant would have ended already")
		case length > b.longest && b.longest < cordon.MaxGrant:
			return b, cordon.Errorf(cordon.KindInvalid, "the arrangement it was shared under lets a grant run %s at most", b.longest)
		case length > b.longest:
			return b, cordon.Errorf(cordon.KindInvalid, "a grant ends within %d years", int(cordon.MaxGrant.Hours()/24/365))
		}
	}
	if err := s.Members(r.Audience, answer.People, "a person named is not one of the audience's"); err != nil {
		return b, err
	}
	if answer.Tearline == "" {
		return b, nil
	}
	return b, offerable(s, answer.Tearline, r.Org)
}

// keptFrom reports whether the portion is withheld from the caller for anything of
// their own: clearance, read-ins, nationality, a circle, need to know. That another
// owner, or the marking, keeps it from their whole organisation does not count: an
// owner is asked about the parts of others' texts that are its own.
func keptFrom(s *act.Snapshot, p cordon.Portion) (bool, error) {
	rule, err := s.Rule(p.Rule)
	if err != nil {
		return false, err
	}
	ours := access.DecideAudience(rule, s.Actor.Org, nil)
	return slices.ContainsFunc(s.Decide(p).Reasons, func(why access.Reason) bool {
		return why != access.Owner && !(why == access.Audience && slices.Contains(ours.Reasons, why))
	}), nil
}

// errUnseen refuses a permission for text that the person deciding may not read.
// That the portion is there, the part has told them.
func errUnseen(portion cordon.ID) *cordon.Error {
	return cordon.Errorf(cordon.KindDenied,
		"portion %s is withheld from you: a release authority who may read it grants it, and anybody may refuse it", portion)
}

// distinct is the ids in order, each once; nil for none.
func distinct(ids []cordon.ID) []cordon.ID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// offerable checks that the report is a tearline that the caller's organisation
// holds and alone owns, and that both the caller and the organisation that will
// release it may open. One that the caller may not open is ErrNotFound.
func offerable(s *act.Snapshot, id, requester cordon.ID) error {
	report, err := s.Tx.Report(id)
	if err == nil && report.Holder != s.Actor.Org.ID {
		err = cordon.ErrNotFound
	}
	if cordon.KindOf(err) == cordon.KindNotFound && err != nil {
		return &act.Refusal{Answer: cordon.ErrNotFound, Reports: []cordon.ID{id}}
	}
	if err != nil {
		return err
	}
	if report.Kind != cordon.ReportTearline {
		return cordon.Errorf(cordon.KindInvalid, "report %s is a %s: publish the tearline with kind tearline", id, report.Kind)
	}
	portions, err := tearline(s, id, report.Holder)
	if err != nil {
		return err
	}
	if err := handedOn(s, portions); err != nil {
		return err
	}
	org, err := s.Tx.Organisation(requester)
	if err != nil {
		return err
	}
	grants, err := s.Tx.GrantsTo(requester, s.Now)
	if err != nil {
		return err
	}
	for _, p := range portions {
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return err
		}
		if d := access.DecideAudience(rule, org, access.WaiversFor(p.ID, grants, "", s.Now)); !d.Allowed() {
			return cordon.Errorf(cordon.KindInvalid,
				"%s, which asks, may not open the tearline and so could not release it: publish one that names them as recipients too", org.Name)
		}
	}
	return nil
}

// handedOn is a refusal where the caller may not open all of the portions: nobody
// hands on what they may not see.
func handedOn(s *act.Snapshot, portions []cordon.Portion) error {
	withheld := slices.DeleteFunc(slices.Clone(portions), func(p cordon.Portion) bool { return s.Decide(p).Allowed() })
	if len(withheld) > 0 {
		return &act.Refusal{Answer: cordon.ErrNotFound, Portions: withheld}
	}
	return nil
}

// tearline gives the live portions of a tearline, each of which the owner must
// own alone.
func tearline(s *act.Snapshot, id, owner cordon.ID) ([]cordon.Portion, error) {
	heads, err := s.Tx.PortionHeads(id)
	if err != nil {
		return nil, err
	}
	var out []cordon.Portion
	for _, p := range heads {
		if p.State != cordon.PortionLive {
			continue
		}
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if owners := rule.OwnerIDs(); len(owners) != 1 || owners[0] != owner {
			return nil, cordon.Errorf(cordon.KindSpill, "portion %s of the tearline has other owners: it is not yours alone to offer", p.ID)
		}
		out = append(out, p)
	}
	return out, nil
}

// PutGrant stores a grant with its entries in the owner's and the audience's
// feeds. The grant rules the audience's next request. Its caller decides
// whether it may be made.
func PutGrant(c *act.Commit, g cordon.Grant) error { return putGrant(c, cordon.ActGrant, g, nil) }

// EndGrant revokes a live grant and records it. The entries say why if somebody
// other than the owner did it. Its caller decides whether the grant may be
// ended.
func EndGrant(c *act.Commit, g cordon.Grant, why ...string) error {
	g.Revoked = c.Now
	return putGrant(c, cordon.ActRevoke, g, why)
}

func putGrant(c *act.Commit, did cordon.Act, g cordon.Grant, why []string) error {
	if err := c.Tx.PutGrant(g); err != nil {
		return err
	}
	if err := c.Tx.TouchOrganisation(g.To); err != nil {
		return err
	}
	for _, feed := range []cordon.ID{g.Owner, g.To} {
		e := cordon.Entry{Act: did, Feed: feed, Subject: g.ID, Portions: g.Portions, Audience: g.To, Reasons: why}
		if err := c.Record(e); err != nil {
			return err
		}
	}
	return nil
}

// Grants lists the grants that the person's organisation gave, newest first, at
// most limit of them: those for any of the portions or, where none is named,
// all. More is whether there may be others after them.
func Grants(ctx context.Context, by act.Caller, portions []cordon.ID, after cordon.Cursor, limit int) (out []cordon.Grant, more bool, err error) {
	limit = page(limit)
	list, err := act.Read(ctx, by, act.ByRole(cordon.ActGrant, cordon.RoleReleaseAuthority), func(s *act.Snapshot) (listed[cordon.Grant], error) {
		all, err := grantsBy(s.Tx, s.Actor.Org.ID, portions, after, limit+1)
		return listed[cordon.Grant]{all[:min(limit, len(all))], len(all) > limit}, err
	})
	return list.items, list.more, err
}

// grantsBy lists the owner's grants for any of the portions or, with none, all;
// newest first. With none it lists at most limit of them.
func grantsBy(tx cordon.ReleaseReader, owner cordon.ID, portions []cordon.ID, after cordon.Cursor, limit int) ([]cordon.Grant, error) {
	if len(portions) == 0 {
		return tx.GrantsBy(owner, after, limit)
	}
	all, err := tx.GrantsOf(portions)
	all = slices.DeleteFunc(all, func(g cordon.Grant) bool {
		return g.Owner != owner || after != (cordon.Cursor{}) && !newer(after, cordon.Cursor{Created: g.Created, ID: g.ID})
	})
	slices.SortFunc(all, func(a, b cordon.Grant) int {
		if newer(cordon.Cursor{Created: a.Created, ID: a.ID}, cordon.Cursor{Created: b.Created, ID: b.ID}) {
			return -1
		}
		return 1
	})
	return all, err
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
func Revoke(ctx context.Context, by act.Caller, grant cordon.ID) error {
	deed := act.ByRole(cordon.ActRevoke, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer)
	_, err := act.Do(ctx, by, deed, func(s *act.Snapshot) (cordon.Grant, error) {
		g, err := s.Tx.Grant(grant)
		switch {
		case err != nil:
			return g, err
		case g.Owner != s.Actor.Org.ID:
			return g, cordon.ErrNotFound
		case !g.LiveAt(s.Now):
			return g, cordon.Errorf(cordon.KindConflict, "this grant has ended already")
		}
		return g, nil
	}, func(c *act.Commit, g cordon.Grant) (act.Done, error) {
		return act.Done{}, EndGrant(c, g)
	})
	return err
}
