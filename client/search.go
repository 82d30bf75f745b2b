package client

import (
	"context"

	"cordon/wire"
)

// Search finds portions among those one may see, those that answer best first.
func (c *Client) Search(ctx context.Context, query wire.Query, page wire.Page) (wire.Results, error) {
	query.Page = page
	return do(ctx, c, wire.Search, query)
}

// Suggest gives words that begin as the last word typed, or are one letter
// away from it, from the newest text one may see. Their portions' owners
// learn of it as of a search.
func (c *Client) Suggest(ctx context.Context, typed string) ([]wire.Suggestion, error) {
	out, err := do(ctx, c, wire.Suggest, wire.Typed{Text: typed})
	return out.Items, err
}

// Counts tells how much one may see, exactly.
func (c *Client) Counts(ctx context.Context) (wire.Counts, error) {
	return do(ctx, c, wire.GetCounts, wire.None{})
}
