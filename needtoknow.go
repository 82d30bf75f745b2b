package cordon

import "time"

// Group is a need-to-know group: some people of one organisation, or all of
// them. Where the organisation narrows a report to it, none of its other
// people reads the report.
type Group struct {
	ID  ID
	Org ID
	// Name is sealed under the organisation's key.
	Name Sealed
	// Everyone opens it to all people of the organisation: a report narrowed
	// to it is narrowed no more.
	Everyone bool
	// People are in it.
	People  []ID
	Created time.Time
}

// NeedToKnow is an organisation's own narrowing of one report, or of all that
// is under an arrangement, to a group. It is never taken away; it ends when
// the group is opened to everyone.
type NeedToKnow struct {
	ID    ID
	Org   ID
	Group ID
	// Report is the report narrowed, or Arrangement is set.
	Report      ID
	Arrangement ID
	// Person did it.
	Person ID
	At     time.Time
}
