package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// Arrangements lists those one may know of, newest first.
func (c *Client) Arrangements(ctx context.Context, page Page) (wire.List[wire.Arrangement], error) {
	var out wire.List[wire.Arrangement]
	err := c.get(ctx, path("arrangements"), page.query(), &out)
	return out, err
}

// Arrangement gives the one of the id or name.
func (c *Client) Arrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	var out wire.Arrangement
	err := c.get(ctx, path("arrangements", name), nil, &out)
	return out, err
}

// AddArrangement drafts one. It takes a release authority, and is in force when
// one of every other party has agreed.
func (c *Client) AddArrangement(ctx context.Context, draft wire.ArrangementDraft) (wire.Arrangement, error) {
	var out wire.Arrangement
	err := c.post(ctx, path("arrangements"), draft, &out)
	return out, err
}

// Amend proposes other terms. It takes a release authority of a party; they hold
// when one of every other party, and of those invited, has agreed.
func (c *Client) Amend(ctx context.Context, name string, amendment wire.Amendment) (wire.Arrangement, error) {
	return c.arrange(ctx, name, "amendments", amendment)
}

// Agree agrees to exactly what is proposed under the id. It takes a release
// authority.
func (c *Client) Agree(ctx context.Context, name string, proposal cordon.ID) (wire.Arrangement, error) {
	return c.arrange(ctx, name, "agreement", wire.ProposalAnswer{Proposal: proposal})
}

// Decline refuses what is proposed, or takes it back. It takes a release
// authority.
func (c *Client) Decline(ctx context.Context, name string, proposal cordon.ID) (wire.Arrangement, error) {
	return c.arrange(ctx, name, "decline", wire.ProposalAnswer{Proposal: proposal})
}

// SuspendArrangement stops all that is new under it, at once. It takes a
// security officer or a release authority of a party, like those below.
func (c *Client) SuspendArrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	return c.arrange(ctx, name, "suspension", struct{}{})
}

// ResumeArrangement takes back one's own organisation's suspension.
func (c *Client) ResumeArrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	return c.arrange(ctx, name, "resumption", struct{}{})
}

// LeaveArrangement takes one's own organisation out of it. The answer is empty
// where one may then not know of it any more.
func (c *Client) LeaveArrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	return c.arrange(ctx, name, "departure", struct{}{})
}

// EndArrangement ends it for good.
func (c *Client) EndArrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	return c.arrange(ctx, name, "end", struct{}{})
}

func (c *Client) arrange(ctx context.Context, name, what string, in any) (wire.Arrangement, error) {
	var out wire.Arrangement
	err := c.post(ctx, path("arrangements", name, what), in, &out)
	return out, err
}
