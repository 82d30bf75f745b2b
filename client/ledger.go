package client

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"cordon"
)

// Feed is a stretch of an organisation's feed of the ledger.
type Feed struct {
	Items []FeedEntry `json:"items"`
	// Size is how many entries the feed has.
	Size int64 `json:"size"`
	// Next is the number to ask after for the rest; 0 on the last page.
	Next int64 `json:"next,omitempty"`
}

// FeedEntry is one line of the ledger with its number in the feed.
type FeedEntry struct {
	// Number counts from 1, without gaps.
	Number int64 `json:"number"`
	// Index is its place in the tree of the whole ledger, from 0.
	Index   int64          `json:"index"`
	ID      cordon.ID      `json:"id"`
	At      time.Time      `json:"at"`
	Act     cordon.Act     `json:"act"`
	Outcome cordon.Outcome `json:"outcome"`
	// Actor and ActorOrganisation are nil for Cordon itself.
	Actor             *Named   `json:"actor,omitempty"`
	ActorOrganisation *Named   `json:"actorOrganisation,omitempty"`
	Reasons           []string `json:"reasons,omitempty"`
	// Step is what was done about an arrangement, which is then the subject.
	// In place of all that, whoever may not know of it is shown the act
	// "sealed", a subject that names nothing, and nobody.
	Step cordon.ArrangementAct `json:"step,omitempty"`
	// Subject is the report, request, grant, incident, arrangement or person
	// concerned.
	Subject  cordon.ID   `json:"subject,omitempty"`
	Portions []cordon.ID `json:"portions,omitempty"`
	Audience *Named      `json:"audience,omitempty"`
	// Channel is the channel a notice left by.
	Channel cordon.ID `json:"channel,omitempty"`
	Words   int       `json:"words,omitempty"`
}

// Checkpoint is the signed head of the ledger's tree.
type Checkpoint struct {
	// Checkpoint is a signed note (c2sp.org/tlog-checkpoint); empty while
	// nothing has been recorded.
	Checkpoint string `json:"checkpoint"`
	// VerifierKey is the public key that checks it.
	VerifierKey string `json:"verifierKey"`
	Origin      string `json:"origin"`
}

// Verification is what verifying the whole ledger found.
type Verification struct {
	OK bool `json:"ok"`
	// Size is how many entries the tree holds, as far as it was verified.
	Size       int64  `json:"size"`
	Checkpoint string `json:"checkpoint,omitempty"`
	// Fault is the first thing wrong; nil when everything holds.
	Fault *Fault `json:"fault,omitempty"`
}

// Fault is something wrong with the ledger.
type Fault struct {
	Check string `json:"check"`
	// Index is the place in the tree, -1 where the fault has none.
	Index   int64     `json:"index"`
	Feed    cordon.ID `json:"feed,omitempty"`
	Entry   cordon.ID `json:"entry,omitempty"`
	Problem string    `json:"problem"`
}

// VerificationDraft asks for a verification.
type VerificationDraft struct {
	// Kept are signed checkpoints kept somewhere else, which the ledger must
	// still begin with.
	Kept []string `json:"kept,omitempty"`
}

// Feed gives the entries of one's organisation's feed after the number. It
// takes an auditor.
func (c *Client) Feed(ctx context.Context, after int64, limit int) (Feed, error) {
	var out Feed
	q := url.Values{"after": {strconv.FormatInt(after, 10)}}
	if limit != 0 {
		q.Set("limit", strconv.Itoa(limit))
	}
	err := c.get(ctx, path("ledger", "feed"), q, &out)
	return out, err
}

// Checkpoint gives the signed head of the ledger and the key that checks it.
func (c *Client) Checkpoint(ctx context.Context) (Checkpoint, error) {
	var out Checkpoint
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
func (c *Client) VerifyLedger(ctx context.Context, draft VerificationDraft) (Verification, error) {
	var out Verification
	err := c.post(ctx, path("ledger", "verification"), draft, &out)
	return out, err
}
