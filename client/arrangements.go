package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// Arrangements lists those one may know of, newest first.
func (c *Client) Arrangements(ctx context.Context, page wire.Page) (wire.List[wire.Arrangement], error) {
	return do(ctx, c, wire.ListArrangements, page)
}

// Arrangement gives the one of the id or name.
func (c *Client) Arrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	return arrangement(do(ctx, c, wire.GetArrangement, wire.OfArrangement{Arrangement: name}))
}

// AddArrangement drafts one. It takes a release authority, and is in force when
// one of every other party has agreed.
func (c *Client) AddArrangement(ctx context.Context, draft wire.ArrangementDraft) (wire.Arrangement, error) {
	return arrangement(do(ctx, c, wire.AddArrangement, draft))
}

// Amend proposes other terms. They hold when a release authority of every
// other party, and of those invited, has agreed. It takes a release authority
// of a party.
func (c *Client) Amend(ctx context.Context, name string, amendment wire.Amendment) (wire.Arrangement, error) {
	amendment.OfArrangement.Arrangement = name
	return arrangement(do(ctx, c, wire.Amend, amendment))
}

// Agree agrees to exactly the proposal of the id. It takes a release
// authority.
func (c *Client) Agree(ctx context.Context, name string, proposal cordon.ID) (wire.Arrangement, error) {
	return arrangement(do(ctx, c, wire.Agree, wire.ProposalAnswer{OfArrangement: wire.OfArrangement{Arrangement: name}, Proposal: proposal}))
}

// Decline refuses a proposal, or takes one's own back. It takes a release
// authority.
func (c *Client) Decline(ctx context.Context, name string, proposal cordon.ID) (wire.Arrangement, error) {
	return arrangement(do(ctx, c, wire.Decline, wire.ProposalAnswer{OfArrangement: wire.OfArrangement{Arrangement: name}, Proposal: proposal}))
}

// SuspendArrangement stops all that is new under it, at once. It takes a
// security officer or a release authority of a party, like those below.
func (c *Client) SuspendArrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	return arrangement(do(ctx, c, wire.SuspendArrangement, wire.OfArrangement{Arrangement: name}))
}

// ResumeArrangement takes back one's own organisation's suspension.
func (c *Client) ResumeArrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	return arrangement(do(ctx, c, wire.ResumeArrangement, wire.OfArrangement{Arrangement: name}))
}

// LeaveArrangement takes one's own organisation out of it. The answer is empty
// where one may then not know of it any more.
func (c *Client) LeaveArrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	return arrangement(do(ctx, c, wire.LeaveArrangement, wire.OfArrangement{Arrangement: name}))
}

// EndArrangement ends it for good.
func (c *Client) EndArrangement(ctx context.Context, name string) (wire.Arrangement, error) {
	return arrangement(do(ctx, c, wire.EndArrangement, wire.OfArrangement{Arrangement: name}))
}

func arrangement(out wire.ArrangementAfter, err error) (wire.Arrangement, error) {
	if out.Arrangement == nil {
		return wire.Arrangement{}, err
	}
	return *out.Arrangement, err
}
