package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// Check says which passages of a draft the audience may not have, whose they
// are and what would be needed.
func (c *Client) Check(ctx context.Context, check wire.Check) (wire.Checked, error) {
	return do(ctx, c, wire.CheckDraft, check)
}

// Scan finds protected portions in a text found outside.
func (c *Client) Scan(ctx context.Context, text string) (wire.Scanned, error) {
	return do(ctx, c, wire.ScanText, wire.Scan{Text: text})
}

// ScanBest is Scan that also gives the best top portions, whatever they are worth.
func (c *Client) ScanBest(ctx context.Context, text string, top int) (wire.Scanned, error) {
	return do(ctx, c, wire.ScanText, wire.Scan{Text: text, Top: top})
}

// Holders lists who was shown a portion, itself or in portions made from it.
func (c *Client) Holders(ctx context.Context, portion cordon.ID) ([]wire.Holder, error) {
	out, err := do(ctx, c, wire.ListHolders, wire.OfPortion{Portion: string(portion)})
	return out.Items, err
}

// ScanFile is Scan of a file of any format that the server reads: PDF, Word, a mail.
func (c *Client) ScanFile(ctx context.Context, name string, file []byte) (wire.Scanned, error) {
	return do(ctx, c, wire.ScanText, wire.Scan{File: file, Name: name})
}
