package client

import (
	"context"
	"net/http"

	"cordon/wire"
)

// Groups lists one's own organisation's need-to-know groups, by name. It takes a security
// officer, as all of this does.
func (c *Client) Groups(ctx context.Context) ([]wire.Group, error) {
	return all[wire.Group](ctx, c, path("groups"))
}

// AddGroup makes one.
func (c *Client) AddGroup(ctx context.Context, draft wire.GroupDraft) (wire.Group, error) {
	var out wire.Group
	err := c.post(ctx, path("groups"), draft, &out)
	return out, err
}

// ChangeGroup replaces a group's name and people; it rules their next request.
func (c *Client) ChangeGroup(ctx context.Context, group string, draft wire.GroupDraft) (wire.Group, error) {
	var out wire.Group
	err := c.send(ctx, http.MethodPut, path("groups", group), draft, &out)
	return out, err
}

// NarrowReport narrows a report, and all that was made from it, within one's own
// organisation.
func (c *Client) NarrowReport(ctx context.Context, report string, to wire.NarrowingDraft) (wire.Narrowing, error) {
	var out wire.Narrowing
	err := c.post(ctx, path("reports", report, "narrowing"), to, &out)
	return out, err
}

// NarrowArrangement narrows all that is under an arrangement, and all that will
// be, within one's own organisation.
func (c *Client) NarrowArrangement(ctx context.Context, arrangement string, to wire.NarrowingDraft) (wire.Narrowing, error) {
	var out wire.Narrowing
	err := c.post(ctx, path("arrangements", arrangement, "narrowing"), to, &out)
	return out, err
}

// Narrowings lists what was narrowed within one's own organisation, oldest first,
// as far as one may see something of it.
func (c *Client) Narrowings(ctx context.Context) ([]wire.Narrowing, error) {
	return all[wire.Narrowing](ctx, c, path("narrowings"))
}
