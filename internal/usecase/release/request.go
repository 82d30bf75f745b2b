package release

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
)

// DefaultExpiry is how long a request waits for its owners unless it says
// otherwise.
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
		return cordon.Errorf(cordon.KindTooLarge, "a purpose is at most %d bytes", cordon.MaxNameBytes)
	case len(d.Portions) > cordon.MaxPortions:
		return cordon.Errorf(cordon.KindTooLarge, "a request names at most %d portions", cordon.MaxPortions)
	case d.Report == "" && len(d.Portions) == 0:
		return cordon.Errorf(cordon.KindInvalid, "a request names portions, or a report")
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
	// Withdrawn: the organisation that asked took it back.
	Withdrawn RequestState = "withdrawn"
	// Expired: its time was over before it was released.
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
	// Clear are portions of the request that the audience may have already.
	// Excluded are those whose marking leaves the audience out: no grant opens
	// them, and they need a tearline or another marking. Both describe the time
	// of asking and are given then only.
	Clear    []cordon.ID
	Excluded []cordon.ID
}

// Part is one owner's part of a request.
type Part struct {
	ID      cordon.ID
	Request cordon.ID
	Owner   cordon.ID
	State   cordon.PartState
	// RequestState is how the whole request stands. An owner who has answered
	// its part sees it as open until it is released or over, so that it is not
	// told whether the request waits for somebody else.
	RequestState RequestState
	Portions     []PartPortion
	// Requester, Audience and Purpose are of the request.
	Requester cordon.ID
	Audience  cordon.ID
	Purpose   string
	Created   time.Time
	Expires   time.Time

	// Granted, Until, ShownOnly and People are the permission. Reason and
	// Tearline are the rest of the answer.
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
	// TwoPersons says that the arrangement asks for two people. Proposal and
	// Proposer are the answer that waits for the second. Only the owner is
	// shown them.
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
	// Readable says that the caller may read that wording: package reading
	// opens it to them. Where a paragraph was also made from other owners'
	// portions, they may be left with their own sources and the digest.
	Readable bool
	Sources  []cordon.ID
}

// filing is a request that is about to be filed, as it will be shown.
type filing struct {
	request  cordon.ReleaseRequest
	parts    []cordon.RequestPart
	audience cordon.Organisation
	shown    Request
}

// Ask files a request with a part for every owner whose permission the audience
// lacks. The requester must be able to see every portion. One that they may not
// see is ErrNotFound, and the refusal is in its owners' feeds. It is a Conflict
// where nothing is missing, and where a portion was shared under an arrangement
// that lets nobody be asked.
func Ask(ctx context.Context, by act.Caller, draft RequestDraft) (Request, error) {
	if err := draft.validate(); err != nil {
		return Request{}, err
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActRequest, cordon.RoleAuthor), func(s *act.Snapshot) (filing, error) {
		plan, err := plan(s, draft)
		if err != nil {
			return filing{}, err
		}
		return file(s, draft, plan)
	}, func(c *act.Commit, f filing) (Request, error) {
		if err := c.Tx.PutRequest(f.request, f.parts); err != nil {
			return Request{}, err
		}
		// Each owner learns of it in its own feed, with its own portions only.
		for _, part := range f.parts {
			if err := record(c, cordon.ActRequest, f.request, part, part.Portions); err != nil {
				return Request{}, err
			}
			text := fmt.Sprintf("%s asks to release %d of your portions to %s: decide part %s before %s.",
				c.Actor.Org.Name, len(part.Portions), f.audience.Name, part.ID, f.request.Expires.Format(time.DateOnly))
			if err := notify(c, part.Owner, part.Portions, text); err != nil {
				return Request{}, err
			}
		}
		return f.shown, nil
	})
}

// file makes the request from the plan, if the owners may be asked.
func file(s *act.Snapshot, draft RequestDraft, plan Plan) (filing, error) {
	missing := plan.missing()
	if err := plan.askable(missing); err != nil {
		return filing{}, err
	}
	portions := plan.portions()
	request := cordon.ReleaseRequest{
		ID: cordon.NewID(), Requester: s.Actor.Person.ID, Org: s.Actor.Org.ID, Audience: plan.Audience, Report: draft.Report,
		Portions: cordon.PortionIDs(portions), Created: s.Now, Expires: draft.Expires,
	}
	if request.Expires.IsZero() {
		request.Expires = s.Now.Add(DefaultExpiry)
	}
	if !request.Expires.After(s.Now) {
		return filing{}, cordon.Errorf(cordon.KindInvalid, "the request would have expired already")
	}
	request.Remind = request.Expires.Add(-request.Expires.Sub(request.Created) / remindAt)
	var err error
	if request.Purpose, err = s.Keys.SealRecord(request.Org, purposeContext(request.ID), []byte(draft.Purpose)); err != nil {
		return filing{}, err
	}
	wording, err := wording(s, portions)
	if err != nil {
		return filing{}, err
	}
	parts := make([]cordon.RequestPart, len(missing))
	for i, share := range missing {
		parts[i] = cordon.RequestPart{
			ID: cordon.NewID(), Request: request.ID, Owner: share.Owner, Created: request.Created,
			Portions: share.Portions, State: cordon.PartPending,
		}
		for _, id := range share.Portions {
			parts[i].Wording = append(parts[i].Wording, wording[id])
		}
	}
	shown, err := showRequest(s, request, parts)
	for _, p := range plan.Paragraphs {
		if p.Clear {
			shown.Clear = append(shown.Clear, p.ID)
		}
		if p.Excluded {
			shown.Excluded = append(shown.Excluded, p.ID)
		}
	}
	return filing{request, parts, plan.audience, shown}, err
}

// askable is a Conflict where an owner may not be asked, or none need be.
func (p Plan) askable(missing []reader.Owned) error {
	var issues []cordon.Issue
	for _, one := range p.Paragraphs {
		if one.RuledOut != "" {
			issues = append(issues, cordon.Issue{Problem: fmt.Sprintf("portion %s: %s", one.ID, one.RuledOut), Fix: "leave it out"})
		}
	}
	if len(issues) > 0 {
		return cordon.Errorf(cordon.KindConflict, "its owners cannot be asked: %s", issues[0].Problem).With(issues...)
	}
	if len(missing) == 0 {
		return cordon.Errorf(cordon.KindConflict, "no owner's permission is missing for %s: there is nothing to ask", p.audience.Name)
	}
	return nil
}

// Requests lists requests of the person's organisation, newest first, at most
// limit of them. They see those that they filed, and those of which they may
// see every portion: the request and its purpose tell as much as the portions
// themselves. More is whether there may be others after them.
func Requests(ctx context.Context, by act.Caller, after cordon.Cursor, limit int) (out []Request, more bool, err error) {
	list, err := act.Read(ctx, by, act.ByRole(cordon.ActRequest, asking...), func(s *act.Snapshot) (listed[Request], error) {
		return requests(s, after, page(limit))
	})
	return list.items, list.more, err
}

// requests leaves out the requests that the caller may not know of before it
// counts, so that every page but the last is full.
func requests(s *act.Snapshot, after cordon.Cursor, limit int) (listed[Request], error) {
	var out listed[Request]
	for {
		requests, err := s.Tx.Requests(s.Actor.Org.ID, after, limit+1)
		if err != nil {
			return out, err
		}
		for _, r := range requests {
			after = cordon.Cursor{Created: r.Created, ID: r.ID}
			if known, err := knows(s, r); err != nil || !known {
				if err != nil {
					return out, err
				}
				continue
			}
			if len(out.items) == limit {
				out.more = true
				return out, nil
			}
			parts, err := s.Tx.Parts(r.ID)
			if err != nil {
				return out, err
			}
			one, err := showRequest(s, r, parts)
			if err != nil {
				return out, err
			}
			out.items = append(out.items, one)
		}
		if len(requests) <= limit {
			return out, nil
		}
	}
}

// OpenRequest shows one of those that Requests lists; any other is ErrNotFound.
func OpenRequest(ctx context.Context, by act.Caller, id cordon.ID) (Request, error) {
	return act.Read(ctx, by, act.ByRole(cordon.ActRequest, asking...), func(s *act.Snapshot) (Request, error) {
		r, parts, err := own(s, id)
		if err != nil {
			return Request{}, err
		}
		return showRequest(s, r, parts)
	})
}

// own loads a request of the caller's organisation that they may know of.
func own(s *act.Snapshot, id cordon.ID) (cordon.ReleaseRequest, []cordon.RequestPart, error) {
	r, err := s.Tx.Request(id)
	if err == nil && r.Org != s.Actor.Org.ID {
		err = cordon.ErrNotFound
	}
	if err != nil {
		return r, nil, err
	}
	known, err := knows(s, r)
	if err == nil && !known {
		err = cordon.ErrNotFound
	}
	if err != nil {
		return r, nil, err
	}
	parts, err := s.Tx.Parts(id)
	return r, parts, err
}

// knows reports whether the caller filed the request, or may see every portion
// of it that still exists.
func knows(s *act.Snapshot, r cordon.ReleaseRequest) (bool, error) {
	if r.Requester == s.Actor.Person.ID {
		return true, nil
	}
	portions, err := s.Tx.PortionsByID(r.Portions)
	if err != nil {
		return false, err
	}
	some := false
	for _, p := range portions {
		if p.State == cordon.PortionLive {
			if some = true; !s.Decide(p).Allowed() {
				return false, nil
			}
		}
	}
	return some, nil
}

// Parts lists the parts that wait for the person's organisation or were
// decided by it, newest first, at most limit of them. More is whether there
// may be others after them.
func Parts(ctx context.Context, by act.Caller, after cordon.Cursor, limit int) (out []Part, more bool, err error) {
	limit = page(limit)
	list, err := act.Read(ctx, by, act.ByRole(cordon.ActDecide, cordon.RoleReleaseAuthority), func(s *act.Snapshot) (listed[Part], error) {
		parts, err := s.Tx.PartsFor(s.Actor.Org.ID, after, limit+1)
		out := listed[Part]{more: len(parts) > limit}
		for _, part := range parts[:min(limit, len(parts))] {
			one, err := showOwnPart(s, part)
			if err != nil {
				return out, err
			}
			out.items = append(out.items, one)
		}
		return out, err
	})
	return list.items, list.more, err
}

// OpenPart shows one of the organisation's parts; any other is ErrNotFound.
func OpenPart(ctx context.Context, by act.Caller, id cordon.ID) (Part, error) {
	return act.Read(ctx, by, act.ByRole(cordon.ActDecide, cordon.RoleReleaseAuthority), func(s *act.Snapshot) (Part, error) {
		part, _, err := ownPart(s, id)
		if err != nil {
			return Part{}, err
		}
		return showOwnPart(s, part)
	})
}

// Asked gives the portions of one of the organisation's parts for reading,
// which takes the role Reader besides. Package reading decides which of them
// the person may read.
func Asked(ctx context.Context, by act.Caller, id cordon.ID) ([]cordon.ID, error) {
	return act.Read(ctx, by, act.ByRole(cordon.ActDecide, cordon.RoleReleaseAuthority), func(s *act.Snapshot) ([]cordon.ID, error) {
		if err := s.Require(cordon.RoleReader); err != nil {
			return nil, err
		}
		part, _, err := ownPart(s, id)
		return part.Portions, err
	})
}

// ownPart loads a part of the caller's organisation and its request.
func ownPart(s *act.Snapshot, id cordon.ID) (cordon.RequestPart, cordon.ReleaseRequest, error) {
	part, err := s.Tx.Part(id)
	if err == nil && part.Owner != s.Actor.Org.ID {
		err = cordon.ErrNotFound
	}
	if err != nil {
		return cordon.RequestPart{}, cordon.ReleaseRequest{}, err
	}
	r, err := s.Tx.Request(part.Request)
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
	case len(parts) > 0 && !slices.ContainsFunc(parts, undecided):
		return Answered
	}
	return Open
}

func undecided(p cordon.RequestPart) bool {
	return p.State == cordon.PartPending || p.State == cordon.PartProposed
}

func decided(p cordon.RequestPart) bool { return !undecided(p) }

// over says why nothing can be done about the request any more; nil where it is
// still open.
func over(r cordon.ReleaseRequest, now time.Time) error {
	if r.OpenAt(now) {
		return nil
	}
	switch stateOf(r, nil, now) {
	case Void:
		return cordon.Errorf(cordon.KindConflict, "the request is void: the wording was changed after it was asked for")
	case Released:
		return cordon.Errorf(cordon.KindConflict, "the request was released on %s", r.Released.Format(time.DateOnly))
	case Withdrawn:
		return cordon.Errorf(cordon.KindConflict, "the request was withdrawn")
	default:
		return cordon.Errorf(cordon.KindConflict, "the request expired on %s", r.Expires.Format(time.DateOnly))
	}
}

// showRequest shows the requester's organisation how its request stands. The
// organisation learns an owner's answer once it is given, and only the reason
// that the owner wrote.
func showRequest(s *act.Snapshot, r cordon.ReleaseRequest, parts []cordon.RequestPart) (Request, error) {
	purpose, err := s.Keys.OpenRecord(r.Org, purposeContext(r.ID), r.Purpose)
	if err != nil {
		return Request{}, err
	}
	out := Request{
		ID: r.ID, Audience: r.Audience, Report: r.Report, Purpose: string(purpose), State: stateOf(r, parts, s.Now),
		Created: r.Created, Expires: r.Expires, Released: r.Released,
	}
	for _, part := range parts {
		if part.State == cordon.PartProposed { // a proposal is its owner's own affair
			part = cordon.RequestPart{
				ID: part.ID, Request: part.Request, Owner: part.Owner, Created: part.Created,
				Portions: part.Portions, Wording: part.Wording, State: cordon.PartPending,
			}
		}
		part.Proposal, part.Decider, part.Confirmer = "", "", ""
		one, err := showPart(s, r, part)
		if err != nil {
			return Request{}, err
		}
		one.RequestState = out.State
		out.Parts = append(out.Parts, one)
	}
	return out, nil
}

// showOwnPart shows an owner its part.
func showOwnPart(s *act.Snapshot, part cordon.RequestPart) (Part, error) {
	r, err := s.Tx.Request(part.Request)
	if err != nil {
		return Part{}, err
	}
	out, err := showPart(s, r, part)
	if err != nil {
		return out, err
	}
	out.RequestState = stateOf(r, nil, s.Now)
	shared, err := sharedUnder(s.Tx, part.Portions)
	if err != nil {
		return out, err
	}
	out.TwoPersons = boundsOf(shared, part.Owner, part.Portions).twoPersons
	parts, err := s.Tx.Parts(r.ID)
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

func showPart(s *act.Snapshot, r cordon.ReleaseRequest, part cordon.RequestPart) (Part, error) {
	out := Part{
		ID: part.ID, Request: r.ID, Owner: part.Owner, State: part.State, Requester: r.Org,
		Audience: r.Audience, Created: r.Created, Expires: r.Expires,
		Granted: part.Granted, Until: part.Until, ShownOnly: part.ShownOnly, People: part.People,
		Tearline: part.Tearline, Known: part.Known, Grant: part.Grant, Proposal: part.Proposal,
	}
	if part.State == cordon.PartProposed {
		out.Proposer = part.Decider
	}
	purpose, err := s.Keys.OpenRecord(r.Org, purposeContext(r.ID), r.Purpose)
	if err != nil {
		return out, err
	}
	out.Purpose = string(purpose)
	if part.Reason != nil {
		reason, err := s.Keys.OpenRecord(part.Owner, reasonContext(part.ID), part.Reason)
		if err != nil {
			return out, err
		}
		out.Reason = string(reason)
	}
	portions, err := s.Tx.PortionsByID(part.Portions)
	if err != nil {
		return out, err
	}
	lineage, err := s.Tx.Sources(part.Portions)
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
				one.Report, one.Mark, one.Readable = p.Report, p.Mark, s.Decide(p).Allowed()
			}
		}
		if one.Sources, err = ownSources(s, part.Owner, id, lineage); err != nil {
			return out, err
		}
		out.Portions = append(out.Portions, one)
	}
	return out, nil
}

// ownSources are the sources of the portion that the owner owns and that the
// caller may see.
func ownSources(s *act.Snapshot, owner, portion cordon.ID, lineage []cordon.Derivation) ([]cordon.ID, error) {
	var all []cordon.ID
	for _, d := range lineage {
		if d.Portion == portion {
			all = append(all, d.Source)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	sources, err := s.Tx.PortionsByID(all)
	if err != nil {
		return nil, err
	}
	var own []cordon.ID
	for _, p := range sources {
		rule, err := s.Rule(p.Rule)
		if err != nil {
			return nil, err
		}
		if slices.Contains(rule.OwnerIDs(), owner) && s.Decide(p).Allowed() {
			own = append(own, p.ID)
		}
	}
	slices.Sort(own)
	return own, nil
}

func purposeContext(id cordon.ID) string { return "release purpose:" + string(id) }
func reasonContext(id cordon.ID) string  { return "release reason:" + string(id) }
