package client

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"

	"cordon/wire"
)

// Feed gives the entries of one's organisation's feed after the number. It
// takes an auditor.
func (c *Client) Feed(ctx context.Context, after int64, limit int) (wire.Feed, error) {
	var out wire.Feed
	q := url.Values{"after": {strconv.FormatInt(after, 10)}}
	if limit != 0 {
		q.Set("limit", strconv.Itoa(limit))
	}
	err := c.get(ctx, path("ledger", "feed"), q, &out)
	return out, err
}

// Checkpoint gives the signed head of the ledger and the key that checks it.
func (c *Client) Checkpoint(ctx context.Context) (wire.Checkpoint, error) {
	var out wire.Checkpoint
	err := c.get(ctx, path("ledger", "checkpoint"), nil, &out)
	return out, err
}

// Bundle gives entries of one's organisation's feed after the number with the
// proofs that let them be verified without the server, as package ledger reads
// them. OldSize is the size of the tree one holds a checkpoint of, 0 for none.
// It takes an auditor.
func (c *Client) Bundle(ctx context.Context, after, oldSize int64, limit int) (json.RawMessage, error) {
	q := url.Values{"after": {strconv.FormatInt(after, 10)}, "oldSize": {strconv.FormatInt(oldSize, 10)}}
	if limit != 0 {
		q.Set("limit", strconv.Itoa(limit))
	}
	var out json.RawMessage
	err := c.get(ctx, path("ledger", "bundle"), q, &out)
	return out, err
}

// VerifyLedger verifies the whole ledger. It takes an administrator or an
// auditor. What does not hold is in the answer, not in the error.
func (c *Client) VerifyLedger(ctx context.Context, draft wire.VerificationDraft) (wire.Verification, error) {
	var out wire.Verification
	err := c.post(ctx, path("ledger", "verification"), draft, &out)
	return out, err
}
