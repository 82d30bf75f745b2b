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

// DefaultExpiry is how long a request waits for its owners unless it says.
const DefaultExpiry = 14 * 24 * time.Hour

// RequestDraft asks that an organisation may have some portions.
type RequestDraft struct {
	// Portions are asked for one by one; Report, in their place, means all
	// of a report that the requester may see.
	Portions []cordon.ID
	Report   cordon.ID
	Audience cordon.ID
	// Purpose is shown to the owners asked.
	Purpose string
	// Expires is when the request lapses; zero means DefaultExpiry.
	Expires time.Time
}

func (d RequestDraft) validate() error {
	switch {
	case len(d.Purpose) > cordon.MaxNameBytes:
		return cordon.Errorf(cordon.TooLarge, "a purpose is at most %d bytes", cordon.MaxNameBytes)
	case len(d.Portions) > cordon.MaxPortions:
		return cordon.Errorf(cordon.TooLarge, "a request names at most %d portions", cordon.MaxPortions)
	case d.Report == "" && len(d.Portions) == 0:
		return cordon.Errorf(cordon.Invalid, "a request names portions, or a report")
	}
	return nil
}

// RequestState is how a request stands at an instant.
type RequestState string

// The states of a request.
const (
	// Open: some owner has not answered yet.
	Open RequestState = "open"
	// Answered: all have, and the requester can release what they permit.
	Answered RequestState = "answered"
	// Released: the audience has what was permitted, as long as that runs.
	Released RequestState = "released"
	// Withdrawn by who asked.
	Withdrawn RequestState = "withdrawn"
	// Expired before it was released.
	Expired RequestState = "expired"
	// Void: the wording was changed.
	Void RequestState = "void"
)

// Request is a release request as its requester's organisation sees it.
type Request struct {
	ID       cordon.ID
	Audience cordon.ID
	Report   cordon.ID
	Purpose  string
	State    RequestState
	Created  time.Time
	Expires  time.Time
	// Released is the zero time for one that was not.
	Released time.Time
	Parts    []Part
	// Clear are portions of the request that the audience may have already,
	// and Excluded those whose marking leaves it out, which no grant opens:
	// they need a tearline or another marking. Both are of the time of asking
	// and given then only.
	Clear    []cordon.ID
	Excluded []cordon.ID
}

// Part is one owner's part of a request.
type Part struct {
	ID      cordon.ID
	Request cordon.ID
	Owner   cordon.ID
	State   cordon.PartState
	// RequestState is how the whole stands. To the owner a request of which
	// it has answered its part is open until it is released or over: whether
	// it waits for somebody else is not told.
	RequestState RequestState
	Portions     []PartPortion
	// Requester, Audience and Purpose are of the request.
	Requester cordon.ID
	Audience  cordon.ID
	Purpose   string
	Created   time.Time
	Expires   time.Time

	// Granted, Until, ShownOnly and People are what is permitted, Reason and
	// Tearline what else was answered.
	Granted   []cordon.ID
	Until     time.Time
	ShownOnly bool
	People    []cordon.ID
	Reason    string
	Tearline  cordon.ID
	// Known says that the other owners asked may know of this one.
	Known bool
	// Grant is the grant made when the request was released.
	Grant cordon.ID
	// TwoPersons says that the arrangement asks for two people, and Proposal
	// and Proposer what waits for the second. Only the owner is shown them.
	TwoPersons bool
	Proposal   cordon.ID
	Proposer   cordon.ID
	// Others are the other owners asked that let this one know.
	Others []cordon.ID
}

// PartPortion is a portion of a part and the owner's own portions that it was
// made from.
type PartPortion struct {
	ID     cordon.ID
	Report cordon.ID
	Mark   string
	// Wording is a keyed digest of the wording that was asked for.
	Wording []byte
	// Readable says that who looks may read that wording: Service.Open of
	// package reading shows it to him, and to nobody else. Of a paragraph
	// that was made from what others own too he may be left with his own
	// sources and the digest.
	Readable bool
	Sources  []cordon.ID
}

// Ask files a request with a part for every owner whose permission the
// audience lacks. The requester must be able to see every portion; one that he
// may not see is ErrNotFound, and in its owners' feeds. Nothing missing is a
// Conflict: there is nothing to ask. So is a portion that was shared under an
// arrangement that lets nobody be asked.
func Ask(ctx context.Context, by act.Caller, draft RequestDraft) (Request, error) {
	if err := draft.validate(); err != nil {
		return Request{}, err
	}
	var out Request
	err := update(ctx, by.Base, func(tx cordon.WriteTx) (error, error) {
		// load and decide
		view, err := look(by.Base, cordon.Holding(tx), by.Person, cordon.Author)
		if err != nil {
			return nil, err
		}
		plan, refusal, err := plan(by.Base, tx, view, cordon.ActRequest, draft)
		if err != nil || refusal != nil {
			return refusal, err
		}
		audience, err := tx.HoldOrganisation(plan.Audience)
		if err != nil {
			return nil, err
		}
		var issues []cordon.Issue
		for _, p := range plan.Paragraphs {
			if p.RuledOut != "" {
				issues = append(issues, cordon.Issue{Problem: fmt.Sprintf("portion %s: %s", p.ID, p.RuledOut), Fix: "leave it out"})
			}
		}
		if len(issues) > 0 {
			return nil, cordon.Errorf(cordon.Conflict, "its owners cannot be asked: %s", issues[0].Problem).With(issues...)
		}
		missing := plan.missing()
		if len(missing) == 0 {
			return nil, cordon.Errorf(cordon.Conflict, "no owner's permission is missing for %s: there is nothing to ask", audience.Name)
		}

		// act
		portions := plan.portions()
		request := cordon.ReleaseRequest{
			ID: cordon.NewID(), Requester: by.Person, Org: view.Actor.Org.ID, Audience: audience.ID, Report: draft.Report,
			Portions: idsOf(portions), Created: view.Now, Expires: draft.Expires,
		}
		if request.Expires.IsZero() {
			request.Expires = view.Now.Add(DefaultExpiry)
		}
		if !request.Expires.After(view.Now) {
			return nil, cordon.Errorf(cordon.Invalid, "the request would have expired already")
		}
		request.Remind = request.Expires.Add(-request.Expires.Sub(request.Created) / remindAt)
		ring := by.Vault.Ring(tx)
		if request.Purpose, err = ring.SealRecord(request.Org, purposeContext(request.ID), []byte(draft.Purpose)); err != nil {
			return nil, err
		}
		wording, err := wording(by.Base, ring, view, portions)
		if err != nil {
			return nil, err
		}
		parts := make([]cordon.RequestPart, len(missing))
		for i, share := range missing {
			parts[i] = cordon.RequestPart{
				ID: cordon.NewID(), Request: request.ID, Owner: share.Owner, Created: request.Created,
				Portions: share.Portions, State: cordon.Pending,
			}
			for _, id := range share.Portions {
				parts[i].Wording = append(parts[i].Wording, wording[id])
			}
		}
		if err := tx.PutRequest(request, parts); err != nil {
			return nil, err
		}

		// record: each owner in its own feed, its own portions only
		for _, part := range parts {
			if err := record(tx, view, cordon.ActRequest, request, part, part.Portions); err != nil {
				return nil, err
			}
			text := fmt.Sprintf("%s asks to release %d of your portions to %s: decide part %s before %s.",
				view.Actor.Org.Name, len(part.Portions), audience.Name, part.ID, request.Expires.Format(time.DateOnly))
			if err := tell(tx, ring, by.Schemes, view, part.Owner, part.Portions, text); err != nil {
				return nil, err
			}
		}
		out, err = showRequest(by.Base, tx, ring, view, request, parts)
		for _, p := range plan.Paragraphs {
			if p.Clear {
				out.Clear = append(out.Clear, p.ID)
			}
			if p.Excluded {
				out.Excluded = append(out.Excluded, p.ID)
			}
		}
		return nil, err
	})
	return out, err
}

// record writes what happened to a part of a request into its owner's feed.
func record(tx cordon.WriteTx, view *reader.View, act cordon.Act, r cordon.ReleaseRequest, part cordon.RequestPart, portions []cordon.ID) error {
	e := view.Entry(act, cordon.Allowed)
	e.Feed, e.Subject, e.Portions, e.Audience = part.Owner, part.ID, portions, r.Audience
	return ledger.Append(tx, e)
}

// Requests lists those of the person's organisation that he filed or of which
// he may see all that is asked for, newest first, at most limit of them: what
// was asked for, and why, is as much as the portions themselves. More is
// whether there may be others after them.
func Requests(ctx context.Context, by act.Caller, after cordon.Cursor, limit int) (out []Request, more bool, err error) {
	limit = page(limit)
	err = by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person, cordon.Author, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		ring := by.Vault.Ring(tx)
		out, more = nil, false
		// Of those he may not know of none is counted, so that every page but
		// the last is full.
		for after := after; ; {
			requests, err := tx.Requests(view.Actor.Org.ID, after, limit+1)
			if err != nil {
				return err
			}
			for _, r := range requests {
				after = cordon.Cursor{Created: r.Created, ID: r.ID}
				if known, err := knows(tx, view, r); err != nil || !known {
					if err != nil {
						return err
					}
					continue
				}
				if more = len(out) == limit; more {
					return nil
				}
				parts, err := tx.Parts(r.ID)
				if err != nil {
					return err
				}
				one, err := showRequest(by.Base, tx, ring, view, r, parts)
				if err != nil {
					return err
				}
				out = append(out, one)
			}
			if len(requests) <= limit {
				return nil
			}
		}
	})
	return out, more, err
}

// OpenRequest shows one of those that Requests lists; any other is ErrNotFound.
func OpenRequest(ctx context.Context, by act.Caller, id cordon.ID) (Request, error) {
	var out Request
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person, cordon.Author, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		r, parts, err := own(tx, view, id)
		if err != nil {
			return err
		}
		out, err = showRequest(by.Base, tx, by.Vault.Ring(tx), view, r, parts)
		return err
	})
	return out, err
}

// own loads a request of the reader's organisation that he may know of.
func own(tx cordon.ReadTx, view *reader.View, id cordon.ID) (cordon.ReleaseRequest, []cordon.RequestPart, error) {
	r, err := tx.Request(id)
	if err != nil {
		return r, nil, err
	}
	if known, err := knows(tx, view, r); err != nil || !known || r.Org != view.Actor.Org.ID {
		if err == nil {
			err = cordon.ErrNotFound
		}
		return r, nil, err
	}
	parts, err := tx.Parts(id)
	return r, parts, err
}

// knows says that the reader filed the request or may see all of what it asks
// for that is there still.
func knows(tx cordon.ReadTx, view *reader.View, r cordon.ReleaseRequest) (bool, error) {
	if r.Requester == view.Actor.Person.ID {
		return true, nil
	}
	portions, err := tx.PortionsByID(r.Portions)
	if err != nil {
		return false, err
	}
	any := false
	for _, p := range portions {
		if p.State == cordon.Live {
			if any = true; !view.Decide(p).Allowed() {
				return false, nil
			}
		}
	}
	return any, nil
}

// Parts lists the parts that wait for the person's organisation or were
// decided by it, newest first, at most limit of them. More is whether there
// may be others after them.
func Parts(ctx context.Context, by act.Caller, after cordon.Cursor, limit int) (out []Part, more bool, err error) {
	limit = page(limit)
	err = by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		parts, err := tx.PartsFor(view.Actor.Org.ID, after, limit+1)
		if err != nil {
			return err
		}
		more = len(parts) > limit
		ring := by.Vault.Ring(tx)
		out = nil
		for _, part := range parts[:min(limit, len(parts))] {
			one, err := showOwnPart(by.Base, tx, ring, view, part)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, more, err
}

// OpenPart shows one of the organisation's parts; any other is ErrNotFound.
func OpenPart(ctx context.Context, by act.Caller, id cordon.ID) (Part, error) {
	var out Part
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		part, _, err := ownPart(tx, view, id)
		if err != nil {
			return err
		}
		out, err = showOwnPart(by.Base, tx, by.Vault.Ring(tx), view, part)
		return err
	})
	return out, err
}

// Asked gives the portions of one of the organisation's parts to who wants to
// read them, which takes a reader besides. What of them he may read is for
// package reading to decide.
func Asked(ctx context.Context, by act.Caller, id cordon.ID) ([]cordon.ID, error) {
	var out []cordon.ID
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		if err := view.Require(cordon.Reader); err != nil {
			return err
		}
		part, _, err := ownPart(tx, view, id)
		out = part.Portions
		return err
	})
	return out, err
}

// ownPart loads a part of the reader's organisation and its request.
func ownPart(tx cordon.ReadTx, view *reader.View, id cordon.ID) (cordon.RequestPart, cordon.ReleaseRequest, error) {
	part, err := tx.Part(id)
	if err == nil && part.Owner != view.Actor.Org.ID {
		err = cordon.ErrNotFound
	}
	if err != nil {
		return cordon.RequestPart{}, cordon.ReleaseRequest{}, err
	}
	r, err := tx.Request(part.Request)
	return part, r, err
}

// page bounds the items of a page; none said means 50.
func page(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, cordon.MaxPage)
}

// stateOf is how the request stands.
func stateOf(r cordon.ReleaseRequest, parts []cordon.RequestPart, now time.Time) RequestState {
	switch {
	case !r.Voided.IsZero():
		return Void
	case !r.Released.IsZero():
		return Released
	case !r.Withdrawn.IsZero():
		return Withdrawn
	case !now.Before(r.Expires):
		return Expired
	case len(parts) == 0 || slices.ContainsFunc(parts, undecided):
		return Open
	}
	return Answered
}

func undecided(p cordon.RequestPart) bool {
	return p.State == cordon.Pending || p.State == cordon.Proposed
}

// over says why nothing can be done about the request any more; nil where it
// is open.
func over(r cordon.ReleaseRequest, now time.Time) error {
	if r.OpenAt(now) {
		return nil
	}
	switch stateOf(r, nil, now) {
	case Void:
		return cordon.Errorf(cordon.Conflict, "the request is void: the wording was changed after it was asked for")
	case Released:
		return cordon.Errorf(cordon.Conflict, "the request was released on %s", r.Released.Format(time.DateOnly))
	case Withdrawn:
		return cordon.Errorf(cordon.Conflict, "the request was withdrawn")
	default:
		return cordon.Errorf(cordon.Conflict, "the request expired on %s", r.Expires.Format(time.DateOnly))
	}
}

// showRequest shows the requester's organisation how its request stands. It
// learns an owner's answer once that is given, and no more of its reasons than
// the owner wrote.
func showRequest(base *act.Base, tx cordon.ReadTx, ring *vault.Ring, view *reader.View, r cordon.ReleaseRequest, parts []cordon.RequestPart) (Request, error) {
	purpose, err := ring.OpenRecord(r.Org, purposeContext(r.ID), r.Purpose)
	if err != nil {
		return Request{}, err
	}
	out := Request{
		ID: r.ID, Audience: r.Audience, Report: r.Report, Purpose: string(purpose), State: stateOf(r, parts, view.Now),
		Created: r.Created, Expires: r.Expires, Released: r.Released,
	}
	for _, part := range parts {
		if part.State == cordon.Proposed { // a proposal is its owner's own affair
			part = cordon.RequestPart{
				ID: part.ID, Request: part.Request, Owner: part.Owner, Created: part.Created,
				Portions: part.Portions, Wording: part.Wording, State: cordon.Pending,
			}
		}
		part.Proposal, part.Decider, part.Confirmer = "", "", ""
		one, err := showPart(base, tx, ring, view, r, part)
		if err != nil {
			return Request{}, err
		}
		one.RequestState = out.State
		out.Parts = append(out.Parts, one)
	}
	return out, nil
}

// showOwnPart shows an owner its part.
func showOwnPart(base *act.Base, tx cordon.ReadTx, ring *vault.Ring, view *reader.View, part cordon.RequestPart) (Part, error) {
	r, err := tx.Request(part.Request)
	if err != nil {
		return Part{}, err
	}
	out, err := showPart(base, tx, ring, view, r, part)
	if err != nil {
		return out, err
	}
	out.RequestState = stateOf(r, nil, view.Now)
	shared, err := sharedUnder(tx, part.Portions)
	if err != nil {
		return out, err
	}
	out.TwoPersons = boundsOf(shared, part.Owner, part.Portions).twoPersons
	parts, err := tx.Parts(r.ID)
	if err != nil {
		return out, err
	}
	for _, other := range parts {
		if other.ID != part.ID && other.Known && !undecided(other) {
			out.Others = append(out.Others, other.Owner)
		}
	}
	slices.Sort(out.Others)
	return out, nil
}

func showPart(base *act.Base, tx cordon.ReadTx, ring *vault.Ring, view *reader.View, r cordon.ReleaseRequest, part cordon.RequestPart) (Part, error) {
	out := Part{
		ID: part.ID, Request: r.ID, Owner: part.Owner, State: part.State, Requester: r.Org,
		Audience: r.Audience, Created: r.Created, Expires: r.Expires,
		Granted: part.Granted, Until: part.Until, ShownOnly: part.ShownOnly, People: part.People,
		Tearline: part.Tearline, Known: part.Known, Grant: part.Grant, Proposal: part.Proposal,
	}
	if part.State == cordon.Proposed {
		out.Proposer = part.Decider
	}
	purpose, err := ring.OpenRecord(r.Org, purposeContext(r.ID), r.Purpose)
	if err != nil {
		return out, err
	}
	out.Purpose = string(purpose)
	if part.Reason != nil {
		reason, err := ring.OpenRecord(part.Owner, reasonContext(part.ID), part.Reason)
		if err != nil {
			return out, err
		}
		out.Reason = string(reason)
	}
	portions, err := tx.PortionsByID(part.Portions)
	if err != nil {
		return out, err
	}
	lineage, err := tx.Sources(part.Portions)
	if err != nil {
		return out, err
	}
	for i, id := range part.Portions {
		one := PartPortion{ID: id}
		if i < len(part.Wording) {
			one.Wording = part.Wording[i]
		}
		for _, p := range portions {
			if p.ID == id {
				one.Report, one.Mark, one.Readable = p.Report, p.Mark, view.Decide(p).Allowed()
			}
		}
		if one.Sources, err = ownSources(tx, view, part.Owner, id, lineage); err != nil {
			return out, err
		}
		out.Portions = append(out.Portions, one)
	}
	return out, nil
}

// ownSources are the sources of the portion that the owner owns and that who
// looks may see.
func ownSources(tx cordon.ReadTx, view *reader.View, owner, portion cordon.ID, lineage []cordon.Derivation) ([]cordon.ID, error) {
	var all []cordon.ID
	for _, d := range lineage {
		if d.Portion == portion {
			all = append(all, d.Source)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	sources, err := tx.PortionsByID(all)
	if err != nil {
		return nil, err
	}
	var own []cordon.ID
	for _, p := range sources {
		rule, err := view.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if slices.Contains(rule.OwnerIDs(), owner) && view.Decide(p).Allowed() {
			own = append(own, p.ID)
		}
	}
	slices.Sort(own)
	return own, nil
}

func purposeContext(id cordon.ID) string { return "release purpose:" + string(id) }
func reasonContext(id cordon.ID) string  { return "release reason:" + string(id) }

func unknownOrg(err error) error {
	if cordon.KindOf(err) == cordon.NotFound {
		return cordon.Errorf(cordon.Invalid, "an organisation named is not known here")
	}
	return err
}

func idsOf(portions []cordon.Portion) []cordon.ID {
	out := make([]cordon.ID, len(portions))
	for i, p := range portions {
		out[i] = p.ID
	}
	return out
}
