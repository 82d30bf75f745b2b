package client

import (
	"context"
	"encoding/json"

	"cordon/wire"
)

// Feed gives the entries of one's organisation's feed after the number. It
// takes an auditor.
func (c *Client) Feed(ctx context.Context, after int64, limit int) (wire.Feed, error) {
	return do(ctx, c, wire.GetFeed, wire.FeedAfter{After: after, Limit: limit})
}

// Checkpoint gives the signed head of the ledger and the key that checks it.
func (c *Client) Checkpoint(ctx context.Context) (wire.Checkpoint, error) {
	return do(ctx, c, wire.GetCheckpoint, wire.None{})
}

// Bundle gives entries of one's organisation's feed after the number with the
// proofs that let them be verified without the server, as package ledger reads
// them. OldSize is the size of the log one holds a checkpoint of, 0 for none.
// It takes an auditor.
func (c *Client) Bundle(ctx context.Context, after, oldSize int64, limit int) (json.RawMessage, error) {
	return do(ctx, c, wire.GetBundle, wire.BundleAfter{After: after, OldSize: oldSize, Limit: limit})
}

// VerifyLedger verifies the whole ledger. It takes an auditor, an administrator
// or an operator. A fault of the ledger is in the answer and is no error.
func (c *Client) VerifyLedger(ctx context.Context, draft wire.VerificationDraft) (wire.Verification, error) {
	return do(ctx, c, wire.VerifyLedger, draft)
}
