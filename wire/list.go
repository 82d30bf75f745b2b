package wire

import "cordon"

// Named is an organisation, a person or an arrangement as answers give it.
// Name is empty where the asker may not know it: that of people of other
// organisations.
type Named struct {
	ID   cordon.ID `json:"id"`
	Name string    `json:"name,omitempty"`
}

// List is a page of a list.
type List[T any] struct {
	Items []T `json:"items"`
	// Next is the cursor of the page after; empty on the last one.
	Next string `json:"next,omitempty"`
}

// Cursor is the place of the cursor in the answer.
func (l *List[T]) Cursor() *string { return &l.Next }

// OfOrganisation is the request of something that is of one organisation.
type OfOrganisation struct {
	// Organisation is one by id or name.
	Organisation string `path:"org" json:"-"`
}

// OfPerson is the request of something that is of one person.
type OfPerson struct {
	// Person is one by id, by name within one's organisation, or as ORG/Name.
	Person string `path:"person" json:"-"`
}

// OfArrangement is the request of something that is of one arrangement.
type OfArrangement struct {
	// Arrangement is one by id or name.
	Arrangement string `path:"arrangement" json:"-"`
}

// OfReport is the request of something that is of one report.
type OfReport struct {
	// Report is one by id or outside name (ref).
	Report string `path:"report" json:"-"`
}

// OfIncident is the request of something that is of one incident.
type OfIncident struct {
	// Incident is the id of one.
	Incident cordon.ID `path:"incident" json:"-"`
}

// OfRegistry is the request of something that is of one registry.
type OfRegistry struct {
	// Registry is one by id or name.
	Registry string `path:"registry" json:"-"`
}
