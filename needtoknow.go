package cordon

import "time"

// Group is a need-to-know group: some people of one organisation, or all of
// them. What the organisation narrows to it, no other of its people reads.
type Group struct {
	ID  ID
	Org ID
	// Name is sealed under the organisation's key.
	Name Sealed
	// Everyone opens it to all people of the organisation: what was narrowed
	// to it is not narrowed any more.
	Everyone bool
	// People are those in it.
	People  []ID
	Created time.Time
}

// NeedToKnow is an organisation's own narrowing of one report, or of all that is
// under an arrangement, to a group. It is never taken away: it ends by the
// group's being opened to everyone.
type NeedToKnow struct {
	ID    ID
	Org   ID
	Group ID
	// Report is the report narrowed, or Arrangement is set.
	Report      ID
	Arrangement ID
	// Person is who did it.
	Person ID
	At     time.Time
}
