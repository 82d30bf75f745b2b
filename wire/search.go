package wire

import (
	"time"

	"cordon"
)

// Results is a page of the hits of a search.
type Results struct {
	Items []Hit `json:"items"`
	// Next is the cursor of the page after; empty on the last one. A short
	// page may have one too.
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
	// Hit says that the piece is what was looked for.
	Hit bool `json:"hit,omitempty"`
}

// Suggestion is a word to search for.
type Suggestion struct {
	Word string `json:"word"`
	// Portions counts those of the newest portions one may see that have it.
	Portions int `json:"portions"`
}

// Counts says how much one may see.
type Counts struct {
	// Reports are those one may see something of.
	Reports  int64 `json:"reports"`
	Portions int64 `json:"portions"`
}

// Cursor is the place of the cursor in the answer.
func (r *Results) Cursor() *string { return &r.Next }

// Query asks for portions. Every portion found meets every condition; a
// condition that is left out asks for nothing.
type Query struct {
	// Text is words, which must all be there; "words in a row"; -word or
	// -"words", which must not be there; and word OR word.
	Text string `query:"q" json:"-" required:"true"`
	// Owner and Arrangement are by id or name.
	Owner       string `query:"owner" json:"-"`
	Arrangement string `query:"arrangement" json:"-"`
	// Marking is a portion mark, "S//NF".
	Marking string `query:"marking" json:"-"`
	// AtLeast and AtMost are clearances, "us:S": of what a portion demands.
	AtLeast string `query:"atLeast" json:"-"`
	AtMost  string `query:"atMost" json:"-"`
	// Kind is that of the report.
	Kind cordon.ReportKind `query:"kind" json:"-"`
	// From and Until bound when the report was written: From counts, Until
	// does not.
	From  time.Time `query:"from" json:"-"`
	Until time.Time `query:"until" json:"-"`
	// Sort is best, where the best answers come first, or new.
	Sort string `query:"sort" json:"-" enum:"best,new"`
	Page
}

// Typed is the text that somebody has typed so far.
type Typed struct {
	// Text is the words.
	Text string `query:"q" json:"-" required:"true"`
}

// Search finds portions among those one may see, those that answer best first.
var Search = Operation[Query, Results]{
	Name: "search", Pattern: "GET /api/v1/search", Tag: "reports", Scope: cordon.ScopeRead,
	Errors:  []cordon.Kind{cordon.KindTooLarge},
	Example: Query{Text: `pilot "night ferry" -lighthouse`, Owner: "ALDER"},
	Answer: Results{
		Items: []Hit{{
			Shown: exampleReading, Created: exampleTime,
			Snippet: []Piece{{Text: "The "}, {Text: "pilot", Hit: true}, {Text: " of the "}, {Text: "night ferry", Hit: true}, {Text: " keeps the letters aboard."}},
		}},
		Total: &Total{Portions: 1, Owners: []OwnerShare{{exampleAlder, 1}}, Markings: []MarkingShare{{"S//NF", 1}}},
	},
}

// Suggest gives words that begin as the last word typed, or are one letter
// away from it, from the newest text one may see. Their portions' owners
// learn of it as of a search.
var Suggest = Operation[Typed, List[Suggestion]]{
	Name: "suggest", Pattern: "GET /api/v1/suggestions", Tag: "reports", Scope: cordon.ScopeRead,
	Errors:  []cordon.Kind{cordon.KindTooLarge},
	Example: Typed{"night fer"}, Answer: List[Suggestion]{Items: []Suggestion{{"ferry", 3}}},
}

// GetCounts tells how much one may see, exactly.
var GetCounts = Operation[None, Counts]{
	Name: "getCounts", Pattern: "GET /api/v1/counts", Tag: "reports", Scope: cordon.ScopeRead,
	Errors: []cordon.Kind{cordon.KindTooLarge},
	Answer: Counts{Reports: 12, Portions: 87},
}
