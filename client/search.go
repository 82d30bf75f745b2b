package client

import (
	"context"
	"net/url"
	"time"

	"cordon"
	"cordon/wire"
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

// Search finds portions among those one may see, those that answer best first.
func (c *Client) Search(ctx context.Context, query Query, page Page) (wire.Results, error) {
	var out wire.Results
	err := c.get(ctx, path("search"), query.values(page), &out)
	return out, err
}

// Suggest gives words that begin as the last one of what was typed, or are one
// letter away from it, from the newest text one may see. Their portions' owners
// learn of it as of a search.
func (c *Client) Suggest(ctx context.Context, typed string) ([]wire.Suggestion, error) {
	var out wire.List[wire.Suggestion]
	err := c.get(ctx, path("suggestions"), url.Values{"q": {typed}}, &out)
	return out.Items, err
}

// Counts tells how much one may see, exactly.
func (c *Client) Counts(ctx context.Context) (wire.Counts, error) {
	var out wire.Counts
	err := c.get(ctx, path("counts"), nil, &out)
	return out, err
}
