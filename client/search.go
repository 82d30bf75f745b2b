package client

import (
	"context"
	"net/url"
	"time"

	"cordon"
)

// Query is what a search asks. Every condition is met by what it finds; one
// that is left empty asks for nothing.
type Query struct {
	// Text is words, which must all be there; "words in a row"; -word or
	// -"words", which must not; and word OR word.
	Text string
	// Owner and Arrangement are by id or name.
	Owner, Arrangement string
	// Marking is a portion mark, "S//NF".
	Marking string
	// AtLeast and AtMost are clearances, "us:S": of what a portion demands.
	AtLeast, AtMost string
	// Kind is that of the report.
	Kind cordon.ReportKind
	// From and Until bound when the report was written: From counts, Until
	// does not.
	From, Until time.Time
	// Newest has the newest first and not those that answer best.
	Newest bool
}

func (q Query) values(page Page) url.Values {
	v := page.query()
	v.Set("q", q.Text)
	for name, text := range map[string]string{
		"owner": q.Owner, "arrangement": q.Arrangement, "marking": q.Marking, "atLeast": q.AtLeast, "atMost": q.AtMost, "kind": string(q.Kind),
	} {
		if text != "" {
			v.Set(name, text)
		}
	}
	for name, at := range map[string]time.Time{"from": q.From, "until": q.Until} {
		if !at.IsZero() {
			v.Set(name, at.Format(time.RFC3339Nano))
		}
	}
	if q.Newest {
		v.Set("sort", "new")
	}
	return v
}

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

// Search finds portions among those one may see, those that answer best first.
func (c *Client) Search(ctx context.Context, query Query, page Page) (Results, error) {
	var out Results
	err := c.get(ctx, path("search"), query.values(page), &out)
	return out, err
}

// Suggestion is a word to search for.
type Suggestion struct {
	Word string `json:"word"`
	// Portions is how many of the newest portions one may see have it.
	Portions int `json:"portions"`
}

// Suggest gives words that begin as the last one of what was typed, or are one
// letter away from it, from the newest text one may see. Their portions' owners
// learn of it as of a search.
func (c *Client) Suggest(ctx context.Context, typed string) ([]Suggestion, error) {
	var out List[Suggestion]
	err := c.get(ctx, path("suggestions"), url.Values{"q": {typed}}, &out)
	return out.Items, err
}

// Counts is how much one may see.
type Counts struct {
	// Reports are those one may see something of.
	Reports  int64 `json:"reports"`
	Portions int64 `json:"portions"`
}

// Counts tells how much one may see, exactly.
func (c *Client) Counts(ctx context.Context) (Counts, error) {
	var out Counts
	err := c.get(ctx, path("counts"), nil, &out)
	return out, err
}
