package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// Check says which passages of a draft the audience may not have, from whom
// they are and what would be needed.
func (c *Client) Check(ctx context.Context, check wire.Check) (wire.Checked, error) {
	var out wire.Checked
	err := c.post(ctx, path("check"), check, &out)
	return out, err
}

// Scan finds protected portions in a text found outside.
func (c *Client) Scan(ctx context.Context, text string) (wire.Scanned, error) {
	var out wire.Scanned
	err := c.post(ctx, path("scan"), wire.Scan{Text: text}, &out)
	return out, err
}

// Holders lists who was shown a portion, itself or in what was made from it.
func (c *Client) Holders(ctx context.Context, portion cordon.ID) ([]wire.Holder, error) {
	var out wire.List[wire.Holder]
	err := c.get(ctx, path("portions", string(portion), "holders"), nil, &out)
	return out.Items, err
}
