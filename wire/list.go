package wire

import "cordon"

// Named is an organisation, a person or an arrangement as answers give it. Name is empty
// where it is not the asker's to know: the people of other organisations.
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
