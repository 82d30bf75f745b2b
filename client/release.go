package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// PlanRelease says what a request would ask of whom, and files nothing.
func (c *Client) PlanRelease(ctx context.Context, draft wire.ReleaseDraft) (wire.ReleasePlan, error) {
	return do(ctx, c, wire.PlanRelease, draft)
}

// RequestRelease files a request with a part for every owner whose permission
// is missing.
func (c *Client) RequestRelease(ctx context.Context, draft wire.ReleaseDraft) (wire.ReleaseRequest, error) {
	return do(ctx, c, wire.RequestRelease, draft)
}

// ReleaseRequests lists those of one's organisation, newest first.
func (c *Client) ReleaseRequests(ctx context.Context) ([]wire.ReleaseRequest, error) {
	return all(func(page wire.Page) (wire.List[wire.ReleaseRequest], error) {
		return do(ctx, c, wire.ListReleaseRequests, page)
	})
}

// ReleaseRequest shows one of them.
func (c *Client) ReleaseRequest(ctx context.Context, id cordon.ID) (wire.ReleaseRequest, error) {
	return do(ctx, c, wire.GetReleaseRequest, wire.OfRequest{Request: id})
}

// Release gives the audience what every owner permitted, at once.
func (c *Client) Release(ctx context.Context, request cordon.ID, leaving wire.Leaving) (wire.ReleaseRequest, error) {
	leaving.Request = request
	return do(ctx, c, wire.Release, leaving)
}

// Withdraw ends a request that has not been released.
func (c *Client) Withdraw(ctx context.Context, request cordon.ID) (wire.ReleaseRequest, error) {
	return do(ctx, c, wire.WithdrawRequest, wire.OfRequest{Request: request})
}

// ReleaseParts lists the parts that wait for one's organisation or were
// decided by it, newest first.
func (c *Client) ReleaseParts(ctx context.Context) ([]wire.ReleasePart, error) {
	return all(func(page wire.Page) (wire.List[wire.ReleasePart], error) {
		return do(ctx, c, wire.ListReleaseParts, page)
	})
}

// ReleasePart shows one of them.
func (c *Client) ReleasePart(ctx context.Context, id cordon.ID) (wire.ReleasePart, error) {
	return do(ctx, c, wire.GetReleasePart, wire.OfPart{Part: id})
}

// PartWording opens the portions of a part, as far as one may read them. That
// is in the ledger as any reading.
func (c *Client) PartWording(ctx context.Context, part cordon.ID) ([]wire.PartWording, error) {
	out, err := do(ctx, c, wire.OpenPart, wire.OfPart{Part: part})
	return out.Items, err
}

// Decide answers one's part of a request. It takes a release authority.
func (c *Client) Decide(ctx context.Context, part cordon.ID, decision wire.Decision) (wire.ReleasePart, error) {
	decision.Part = part
	return do(ctx, c, wire.DecidePart, decision)
}

// Confirm gives the second person's consent to the proposal of a part.
func (c *Client) Confirm(ctx context.Context, part, proposal cordon.ID) (wire.ReleasePart, error) {
	return do(ctx, c, wire.ConfirmPart, wire.Confirmation{OfPart: wire.OfPart{Part: part}, Proposal: proposal})
}

// Grants lists those one's organisation gave, for any of the portions or, with
// none, all; newest first.
func (c *Client) Grants(ctx context.Context, portions ...cordon.ID) ([]wire.Grant, error) {
	of := make([]string, len(portions))
	for i, id := range portions {
		of[i] = string(id)
	}
	return all(func(page wire.Page) (wire.List[wire.Grant], error) {
		return do(ctx, c, wire.ListGrants, wire.GrantsFor{Portions: of, Page: page})
	})
}

// Revoke ends a grant of one's organisation at once.
func (c *Client) Revoke(ctx context.Context, grant cordon.ID) error {
	_, err := do(ctx, c, wire.RevokeGrant, wire.OfGrant{Grant: grant})
	return err
}
