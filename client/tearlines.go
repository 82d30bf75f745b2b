package client

import (
	"context"

	"cordon/wire"
)

// AddTearline publishes a tearline, links it to its originals and checks it.
// It takes an author of the originals' only owner.
func (c *Client) AddTearline(ctx context.Context, draft wire.TearlineDraft) (wire.WrittenTearline, error) {
	return do(ctx, c, wire.AddTearline, draft)
}

// CheckTearline says what of the originals still stands in a tearline.
func (c *Client) CheckTearline(ctx context.Context, check wire.TearlineCheck) (wire.TearlineChecked, error) {
	return do(ctx, c, wire.CheckTearline, check)
}

// Tearlines lists the links of a report, by id or ref, whether it is a tearline
// or has some: those of one's own organisation of which one may see both ends.
func (c *Client) Tearlines(ctx context.Context, report string) ([]wire.TearlineLink, error) {
	out, err := do(ctx, c, wire.ListTearlines, wire.OfReport{Report: report})
	return out.Items, err
}
