package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// PlanRelease says what a request would ask of whom, and files nothing.
func (c *Client) PlanRelease(ctx context.Context, draft wire.ReleaseDraft) (wire.ReleasePlan, error) {
	var out wire.ReleasePlan
	err := c.post(ctx, path("release-plans"), draft, &out)
	return out, err
}

// RequestRelease files a request with a part for every owner whose permission
// is missing.
func (c *Client) RequestRelease(ctx context.Context, draft wire.ReleaseDraft) (wire.ReleaseRequest, error) {
	var out wire.ReleaseRequest
	err := c.post(ctx, path("release-requests"), draft, &out)
	return out, err
}

// ReleaseRequests lists those of one's organisation, newest first.
func (c *Client) ReleaseRequests(ctx context.Context) ([]wire.ReleaseRequest, error) {
	return all[wire.ReleaseRequest](ctx, c, path("release-requests"))
}

// ReleaseRequest shows one of them.
func (c *Client) ReleaseRequest(ctx context.Context, id cordon.ID) (wire.ReleaseRequest, error) {
	var out wire.ReleaseRequest
	err := c.get(ctx, path("release-requests", string(id)), nil, &out)
	return out, err
}

// Release gives the audience what every owner permitted, at once.
func (c *Client) Release(ctx context.Context, request cordon.ID, leaving wire.Leaving) (wire.ReleaseRequest, error) {
	var out wire.ReleaseRequest
	err := c.post(ctx, path("release-requests", string(request), "release"), leaving, &out)
	return out, err
}

// Withdraw ends a request that has not been released.
func (c *Client) Withdraw(ctx context.Context, request cordon.ID) (wire.ReleaseRequest, error) {
	var out wire.ReleaseRequest
	err := c.post(ctx, path("release-requests", string(request), "withdrawal"), nil, &out)
	return out, err
}

// ReleaseParts lists the parts that wait for one's organisation or were
// decided by it, newest first.
func (c *Client) ReleaseParts(ctx context.Context) ([]wire.ReleasePart, error) {
	return all[wire.ReleasePart](ctx, c, path("release-parts"))
}

// ReleasePart shows one of them.
func (c *Client) ReleasePart(ctx context.Context, id cordon.ID) (wire.ReleasePart, error) {
	var out wire.ReleasePart
	err := c.get(ctx, path("release-parts", string(id)), nil, &out)
	return out, err
}

// PartWording opens what a part asks for, as far as one may read it. That is in
// the ledger as any reading.
func (c *Client) PartWording(ctx context.Context, part cordon.ID) ([]wire.PartWording, error) {
	var out wire.List[wire.PartWording]
	err := c.get(ctx, path("release-parts", string(part), "wording"), nil, &out)
	return out.Items, err
}

// Decide answers one's part of a request. It takes a release authority.
func (c *Client) Decide(ctx context.Context, part cordon.ID, decision wire.Decision) (wire.ReleasePart, error) {
	var out wire.ReleasePart
	err := c.post(ctx, path("release-parts", string(part), "decision"), decision, &out)
	return out, err
}

// Confirm gives the second person's consent to the proposal of a part.
func (c *Client) Confirm(ctx context.Context, part, proposal cordon.ID) (wire.ReleasePart, error) {
	var out wire.ReleasePart
	err := c.post(ctx, path("release-parts", string(part), "confirmation"), wire.Confirmation{Proposal: proposal}, &out)
	return out, err
}

// Grants lists those one's organisation gave, for any of the portions or, with
// none, all; newest first.
func (c *Client) Grants(ctx context.Context, portions ...cordon.ID) ([]wire.Grant, error) {
	var grants []wire.Grant
	for page := (Page{Limit: cordon.MaxPage}); ; {
		q := page.query()
		for _, id := range portions {
			q.Add("portion", string(id))
		}
		var out wire.List[wire.Grant]
		if err := c.get(ctx, path("grants"), q, &out); err != nil {
			return nil, err
		}
		grants = append(grants, out.Items...)
		if page.Cursor = out.Next; page.Cursor == "" {
			return grants, nil
		}
	}
}

// Revoke ends a grant of one's organisation at once.
func (c *Client) Revoke(ctx context.Context, grant cordon.ID) error {
	return c.post(ctx, path("grants", string(grant), "revocation"), nil, nil)
}
