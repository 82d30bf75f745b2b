package release

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon"
	"cordon/internal/access"
	"cordon/internal/ledger"
	"cordon/internal/notice"
	"cordon/internal/sight"
	"cordon/internal/vault"
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
	// Expires is when undecided parts lapse; zero means DefaultExpiry.
	Expires time.Time
}

// Request is a release request as its requester's organisation sees it.
type Request struct {
	ID       cordon.ID `json:"id"`
	Audience cordon.ID `json:"audience"`
	Purpose  string    `json:"purpose"`
	Created  time.Time `json:"created"`
	Expires  time.Time `json:"expires"`
	Parts    []Part    `json:"parts"`
	// Clear are portions of the request that the audience may have already.
	Clear []cordon.ID `json:"clear,omitempty"`
	// Excluded are portions whose marking does not include the audience: no
	// grant opens those; they need a tearline or another marking.
	Excluded []cordon.ID `json:"excluded,omitempty"`
}

// Part is one owner's part of a request.
type Part struct {
	ID       cordon.ID        `json:"id"`
	Request  cordon.ID        `json:"request"`
	Owner    cordon.ID        `json:"owner"`
	State    cordon.PartState `json:"state"`
	Portions []PartPortion    `json:"portions"`
	// Requester, Audience and Purpose are of the request.
	Requester cordon.ID `json:"requester"`
	Audience  cordon.ID `json:"audience"`
	Purpose   string    `json:"purpose,omitempty"`
	Expires   time.Time `json:"expires"`
	Reason    string    `json:"reason,omitempty"`
	Grant     cordon.ID `json:"grant,omitempty"`
	Tearline  cordon.ID `json:"tearline,omitempty"`
}

// PartPortion is a portion of a part and the owner's own portions that it was
// made from.
type PartPortion struct {
	ID      cordon.ID   `json:"id"`
	Mark    string      `json:"marking"`
	Sources []cordon.ID `json:"sources,omitempty"`
}

// Ask files a request with a part for every owner whose permission the
// audience lacks. The requester must be able to see every portion; one that he
// may not see is ErrNotFound. Nothing missing is a Conflict: there is nothing
// to ask.
func (s *Service) Ask(ctx context.Context, person cordon.ID, draft RequestDraft) (Request, error) {
	if len(draft.Purpose) > cordon.MaxNameBytes {
		return Request{}, cordon.Errorf(cordon.TooLarge, "a purpose is at most %d bytes", cordon.MaxNameBytes)
	}
	if len(draft.Portions) > cordon.MaxPortions {
		return Request{}, cordon.Errorf(cordon.TooLarge, "a request names at most %d portions", cordon.MaxPortions)
	}
	var out Request
	err := s.Store.Update(ctx, func(tx cordon.Tx) error {
		// load
		view, err := s.look(tx, person, cordon.Author)
		if err != nil {
			return err
		}
		audience, err := tx.Organisation(draft.Audience)
		if err != nil {
			return unknownOrg(err)
		}
		portions, err := s.asked(tx, view, draft)
		if err != nil {
			return err
		}

		// decide
		grants, err := tx.GrantsTo(audience.ID, view.Now)
		if err != nil {
			return err
		}
		missing := make(map[cordon.ID][]cordon.ID)
		var owners, clear, excluded []cordon.ID
		for _, p := range portions {
			rule, err := view.Rule(p.Rule)
			if err != nil {
				return err
			}
			d := access.DecideAudience(rule, audience, access.WaiversFor(p.ID, grants, view.Now))
			if d.Allowed() {
				clear = append(clear, p.ID)
			}
			if slices.Contains(d.Reasons, access.Audience) {
				excluded = append(excluded, p.ID)
			}
			for _, owner := range d.Owners {
				if missing[owner] == nil {
					owners = append(owners, owner)
				}
				missing[owner] = append(missing[owner], p.ID)
			}
		}
		if len(owners) == 0 {
			return cordon.Errorf(cordon.Conflict, "no owner's permission is missing for %s: there is nothing to ask", audience.Name)
		}

		// act
		request := cordon.ReleaseRequest{
			ID: cordon.NewID(), Requester: person, Org: view.Actor.Org.ID, Audience: audience.ID,
			Portions: idsOf(portions), Created: view.Now, Expires: draft.Expires,
		}
		if request.Expires.IsZero() {
			request.Expires = view.Now.Add(DefaultExpiry)
		}
		if !request.Expires.After(view.Now) {
			return cordon.Errorf(cordon.Invalid, "the request would have expired already")
		}
		ring := s.Vault.Ring(tx)
		if request.Purpose, err = ring.SealRecord(request.Org, purposeContext(request.ID), []byte(draft.Purpose)); err != nil {
			return err
		}
		slices.Sort(owners)
		parts := make([]cordon.RequestPart, len(owners))
		for i, owner := range owners {
			parts[i] = cordon.RequestPart{
				ID: cordon.NewID(), Request: request.ID, Owner: owner,
				Portions: missing[owner], State: cordon.Pending,
			}
		}
		if err := tx.PutRequest(request, parts); err != nil {
			return err
		}

		// record: each owner in its own feed, its own portions only
		for _, part := range parts {
			e := view.Entry(cordon.ActRequest, cordon.Allowed)
			e.Feed, e.Subject, e.Portions, e.Audience = part.Owner, part.ID, part.Portions, audience.ID
			if err := ledger.Append(tx, e); err != nil {
				return err
			}
			mark, err := notice.Mark(s.Schemes, slices.DeleteFunc(slices.Clone(portions), func(p cordon.Portion) bool {
				return !slices.Contains(part.Portions, p.ID)
			}))
			if err != nil {
				return err
			}
			text := fmt.Sprintf("%s asks to release %d of your portions to %s: decide part %s before %s.",
				view.Actor.Org.Name, len(part.Portions), audience.Name, part.ID, request.Expires.Format(time.DateOnly))
			if err := notice.Tell(tx, ring, view, notice.Message{Org: part.Owner, Kind: cordon.AboutRelease, Mark: mark, Portions: part.Portions, Text: text}); err != nil {
				return err
			}
		}
		out, err = s.showRequest(tx, ring, view, request, parts)
		out.Clear, out.Excluded = clear, excluded
		return err
	})
	return out, err
}

// asked are the portions the draft means, each of them visible to who asks.
func (s *Service) asked(tx cordon.Tx, view *sight.View, draft RequestDraft) ([]cordon.Portion, error) {
	if draft.Report != "" {
		numbers, err := tx.PortionRules(draft.Report)
		if err != nil {
			return nil, err
		}
		seen, err := view.Of(numbers)
		if err != nil {
			return nil, err
		}
		portions, err := tx.Portions(draft.Report, seen)
		if err == nil && len(portions) == 0 {
			err = cordon.ErrNotFound
		}
		return portions, err
	}
	if len(draft.Portions) == 0 {
		return nil, cordon.Errorf(cordon.Invalid, "a request names portions, or a report")
	}
	portions, err := tx.PortionsByID(draft.Portions)
	if err != nil {
		return nil, err
	}
	for _, id := range draft.Portions {
		i := slices.IndexFunc(portions, func(p cordon.Portion) bool { return p.ID == id })
		if i < 0 || !view.Decide(portions[i]).Allowed() {
			return nil, cordon.ErrNotFound
		}
	}
	return portions, nil
}

// Requests lists those of the person's organisation that he filed or of which
// he may see a portion, newest first: what was asked for, and why, is as much
// as the portions themselves.
func (s *Service) Requests(ctx context.Context, person cordon.ID) ([]Request, error) {
	var out []Request
	err := s.Store.View(ctx, func(tx cordon.Tx) error {
		view, err := s.look(tx, person, cordon.Author)
		if err != nil {
			return err
		}
		requests, err := tx.Requests(view.Actor.Org.ID)
		if err != nil {
			return err
		}
		ring := s.Vault.Ring(tx)
		out = nil
		for _, r := range requests {
			portions, err := tx.PortionsByID(r.Portions)
			if err != nil {
				return err
			}
			if r.Requester != person && !slices.ContainsFunc(portions, func(p cordon.Portion) bool { return view.Decide(p).Allowed() }) {
				continue
			}
			parts, err := tx.Parts(r.ID)
			if err != nil {
				return err
			}
			one, err := s.showRequest(tx, ring, view, r, parts)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

// Parts lists the parts that wait for the person's organisation or were
// decided by it, newest first.
func (s *Service) Parts(ctx context.Context, person cordon.ID) ([]Part, error) {
	var out []Part
	err := s.Store.View(ctx, func(tx cordon.Tx) error {
		view, err := s.look(tx, person, cordon.ReleaseAuthority)
		if err != nil {
			return err
		}
		parts, err := tx.PartsFor(view.Actor.Org.ID)
		if err != nil {
			return err
		}
		ring := s.Vault.Ring(tx)
		out = nil
		for _, part := range parts {
			request, err := tx.Request(part.Request)
			if err != nil {
				return err
			}
			one, err := s.showPart(tx, ring, view, request, part)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

// showRequest shows the requester's organisation how its request stands. It
// learns an owner's answer and no more of its reasons than the owner wrote.
func (s *Service) showRequest(tx cordon.Tx, ring *vault.Ring, view *sight.View, r cordon.ReleaseRequest, parts []cordon.RequestPart) (Request, error) {
	purpose, err := ring.OpenRecord(r.Org, purposeContext(r.ID), r.Purpose)
	if err != nil {
		return Request{}, err
	}
	out := Request{ID: r.ID, Audience: r.Audience, Purpose: string(purpose), Created: r.Created, Expires: r.Expires}
	for _, part := range parts {
		one, err := s.showPart(tx, ring, view, r, part)
		if err != nil {
			return Request{}, err
		}
		out.Parts = append(out.Parts, one)
	}
	return out, nil
}

func (s *Service) showPart(tx cordon.Tx, ring *vault.Ring, view *sight.View, r cordon.ReleaseRequest, part cordon.RequestPart) (Part, error) {
	out := Part{
		ID: part.ID, Request: r.ID, Owner: part.Owner, State: part.State, Requester: r.Org,
		Audience: r.Audience, Expires: r.Expires, Grant: part.Grant, Tearline: part.Tearline,
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
	for _, id := range part.Portions {
		one := PartPortion{ID: id}
		for _, p := range portions {
			if p.ID == id {
				one.Mark = p.Mark
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
func ownSources(tx cordon.Tx, view *sight.View, owner, portion cordon.ID, lineage []cordon.Derivation) ([]cordon.ID, error) {
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
