package cordon

import "time"

// Grant is an owner's recorded permission for an organisation outside its
// recipients to have some portions. It waives what that owner owns and
// nothing else: not level, read-ins, audience, circle or another owner.
type Grant struct {
	ID    ID
	Owner ID
	// To is the organisation permitted.
	To ID
	// Request is the release request it answers; empty for none.
	Request  ID
	Portions []ID
	// ShownOnly permits disclosure (shown) and not release (kept).
	ShownOnly bool
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

// ReleaseRequest asks every owner of some portions that an audience may have
// them.
type ReleaseRequest struct {
	ID        ID
	Requester ID
	// Org is the requester's organisation.
	Org      ID
	Audience ID
	Portions []ID
	// Purpose is sealed under the requesting organisation's key and is
	// shown to the owners asked.
	Purpose Sealed
	Created time.Time
	// Expires is when undecided parts lapse.
	Expires   time.Time
	Withdrawn time.Time
}

// RequestPart is one owner's part of a release request. An owner sees its own
// part and nothing of the others.
type RequestPart struct {
	ID      ID
	Request ID
	Owner   ID
	// Portions are those of the request that this owner (co-)owns.
	Portions []ID
	State    PartState
	// Decider, Decided and Reason are set with the decision; the reason is
	// sealed under the owner's key.
	Decider ID
	Decided time.Time
	Reason  Sealed
	// Grant is the grant made; Tearline the report offered instead.
	Grant    ID
	Tearline ID
}

// PartState is how a part of a release request stands.
type PartState string

// The states of a part.
const (
	Pending PartState = "pending"
	Granted PartState = "granted"
	Refused PartState = "refused"
	// Offered means that the owner gave a tearline in place of the original.
	Offered PartState = "tearline"
)
