package client

import (
	"context"

	"cordon/wire"
)

// AddTearline publishes a tearline, links it to what it was written against and
// checks it. It takes an author of the originals' only owner.
func (c *Client) AddTearline(ctx context.Context, draft wire.TearlineDraft) (wire.WrittenTearline, error) {
	var out wire.WrittenTearline
	err := c.post(ctx, path("tearlines"), draft, &out)
	return out, err
}

// CheckTearline says what of the originals still stands in a tearline.
func (c *Client) CheckTearline(ctx context.Context, check wire.TearlineCheck) (wire.TearlineChecked, error) {
	var out wire.TearlineChecked
	err := c.post(ctx, path("tearlines", "check"), check, &out)
	return out, err
}

// Tearlines lists the links of a report, by id or ref, whether it is a tearline
// or has some: those of one's own organisation of which one may see both ends.
func (c *Client) Tearlines(ctx context.Context, report string) ([]wire.TearlineLink, error) {
	var out wire.List[wire.TearlineLink]
	err := c.get(ctx, path("reports", report, "tearlines"), nil, &out)
	return out.Items, err
}
