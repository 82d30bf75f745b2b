package wire

import (
	"time"

	"cordon"
)

// Group is a need-to-know group of one's own organisation.
type Group struct {
	ID cordon.ID `json:"id"`
	// Name is empty for people named for one narrowing.
	Name string `json:"name,omitempty"`
	// Everyone opens it to all people of the organisation.
	Everyone bool      `json:"everyone,omitempty"`
	People   []Named   `json:"people"`
	Created  time.Time `json:"created"`
}

// GroupDraft is a group to be made, or all that it is to be from now on.
type GroupDraft struct {
	Name string `json:"name,omitempty"`
	// Everyone opens it to all people of the organisation, which lifts what was
	// narrowed to it.
	Everyone bool `json:"everyone,omitempty"`
	// People are those of one's own organisation that are in it.
	People []string `json:"people,omitempty"`
}

// NarrowingDraft says to whom of one's own people something is narrowed: a
// group, or people named.
type NarrowingDraft struct {
	// Group is a group by id or name.
	Group  string   `json:"group,omitempty"`
	People []string `json:"people,omitempty"`
}

// Narrowing is one report, or all that is under one arrangement, narrowed within
// one's own organisation.
type Narrowing struct {
	ID          cordon.ID `json:"id"`
	Group       cordon.ID `json:"group"`
	Report      cordon.ID `json:"report,omitempty"`
	Arrangement cordon.ID `json:"arrangement,omitempty"`
	By          cordon.ID `json:"by"`
	At          time.Time `json:"at"`
}
