package cordon

import (
	"slices"
	"time"
)

// Grant is an owner's recorded permission for an organisation outside its
// recipients to have some portions. It waives that owner's condition and
// nothing else: not level, read-ins, audience, circle or another owner's.
type Grant struct {
	ID    ID
	Owner ID
	// To is the organisation permitted.
	To ID
	// Request is the release request it answers; empty for none.
	Request  ID
	Portions []ID
	// ShownOnly permits disclosure (shown) and not release (kept): a portion
	// open by such a grant alone is not exported.
	ShownOnly bool
	// People are the people of the organisation whom it is for; none means
	// all.
	People []ID
	// Emergency says that it was made on the owner's behalf in an emergency,
	// by the authority By that the arrangement names, and not by the owner.
	Emergency bool
	By        ID
	Created   time.Time
	// Until is the first instant at which it no longer holds. Grants
	// always end.
	Until time.Time
	// Revoked is the zero time for a grant that was not revoked.
	Revoked time.Time
}

// LiveAt reports whether the grant holds at the instant.
func (g Grant) LiveAt(now time.Time) bool {
	return now.Before(g.Until) && (g.Revoked.IsZero() || now.Before(g.Revoked))
}

// For reports whether the grant is for the person, who is of the organisation
// permitted. The empty id stands for nobody in particular: only a grant to
// the whole organisation is for it.
func (g Grant) For(person ID) bool {
	return len(g.People) == 0 || person != "" && slices.Contains(g.People, person)
}

// ReleaseRequest asks every owner of some portions that an audience may have
// them. Their permission takes effect when the requester releases the
// portions.
type ReleaseRequest struct {
	ID        ID
	Requester ID
	// Org is the requester's organisation.
	Org      ID
	Audience ID
	// Report was asked for as a whole; empty where portions were named.
	Report   ID
	Portions []ID
	// Purpose is sealed under the requesting organisation's key and is
	// shown to the owners asked.
	Purpose Sealed
	Created time.Time
	// Expires is the first instant at which nothing is decided or released
	// any more.
	Expires time.Time
	// Withdrawn, Released and Voided are the zero time until it is withdrawn
	// by the requester, released to the audience, or void because the wording
	// asked for was changed. A released request can still become void.
	Withdrawn time.Time
	Released  time.Time
	Voided    time.Time
	// Remind is when owners that have not decided are to be reminded; the
	// zero time once they were, or need not be.
	Remind time.Time
}

// OpenAt reports whether its owners can still decide and its requester can
// release at the instant.
func (r ReleaseRequest) OpenAt(now time.Time) bool {
	return r.Withdrawn.IsZero() && r.Released.IsZero() && r.Voided.IsZero() && now.Before(r.Expires)
}

// RequestPart is one owner's part of a release request. An owner sees its own
// part and nothing of the others.
type RequestPart struct {
	ID      ID
	Request ID
	Owner   ID
	// Created is that of the request.
	Created time.Time
	// Portions are those of the request that this owner (co-)owns.
	Portions []ID
	// Wording has, for each of the portions, a keyed digest of its text when
	// it was asked for. The present text can be held against that.
	Wording [][]byte
	State   PartState
	// Decider and Decided are set with the decision. Where two people decide
	// together, Decider proposed it, Proposal is to be confirmed, and
	// Confirmer confirmed it.
	Decider   ID
	Decided   time.Time
	Proposal  ID
	Confirmer ID
	// Granted are the portions permitted, on the conditions after it: until
	// when (the zero time leaves it to the release), shown only, to whom.
	Granted   []ID
	Until     time.Time
	ShownOnly bool
	People    []ID
	// Known lets the other owners asked know that this one was.
	Known bool
	// Reason is sealed under the owner's key.
	Reason Sealed
	// Tearline is the report offered instead. Grant is the grant made when
	// the request was released.
	Tearline ID
	Grant    ID
}

// PartState is how a part of a release request stands.
type PartState string

// The states of a part.
const (
	PartPending PartState = "pending"
	// PartProposed: one of the two people who decide together has.
	PartProposed PartState = "proposed"
	PartGranted  PartState = "granted"
	PartRefused  PartState = "refused"
	// PartOffered means that the owner gave a tearline in place of the original.
	PartOffered PartState = "tearline"
	// PartVoid: the wording was changed after it was asked for, so that no
	// decision on it holds any more.
	PartVoid PartState = "void"
)
