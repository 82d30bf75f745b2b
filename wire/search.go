package wire

import "time"

// Results is a page of what a search found.
type Results struct {
	Items []Hit `json:"items"`
	// Next is the cursor of the page after; empty on the last one. A page
	// may be short and have one.
	Next string `json:"next,omitempty"`
	// Total is left out where the newest come first.
	Total *Total `json:"total,omitempty"`
}

// Total is how many portions a search found in all.
type Total struct {
	Portions int `json:"portions"`
	// AtLeast says that the search stopped at a bound, and that there may be
	// more, older ones.
	AtLeast bool `json:"atLeast,omitempty"`
	// Owners and Markings are how many of them are whose and marked how,
	// most first, at most twenty each.
	Owners   []OwnerShare   `json:"owners"`
	Markings []MarkingShare `json:"markings"`
}

// OwnerShare is how many of the portions found have the owner.
type OwnerShare struct {
	Owner    Named `json:"owner"`
	Portions int   `json:"portions"`
}

// MarkingShare is how many of the portions found have the marking.
type MarkingShare struct {
	Marking  string `json:"marking"`
	Portions int    `json:"portions"`
}

// Hit is a portion that a search found.
type Hit struct {
	Shown
	// Snippet is the text around the words found, piece by piece.
	Snippet []Piece   `json:"snippet"`
	Created time.Time `json:"created"`
}

// Piece is a piece of a snippet.
type Piece struct {
	Text string `json:"text"`
	// Hit says that it is what was looked for.
	Hit bool `json:"hit,omitempty"`
}

// Suggestion is a word to search for.
type Suggestion struct {
	Word string `json:"word"`
	// Portions is how many of the newest portions one may see have it.
	Portions int `json:"portions"`
}

// Counts is how much one may see.
type Counts struct {
	// Reports are those one may see something of.
	Reports  int64 `json:"reports"`
	Portions int64 `json:"portions"`
}
