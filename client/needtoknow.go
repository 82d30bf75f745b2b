package client

import (
	"context"

	"cordon/wire"
)

// Groups lists one's own organisation's need-to-know groups, by name. It
// takes a security officer, as do the methods below.
func (c *Client) Groups(ctx context.Context) ([]wire.Group, error) {
	return all(func(page wire.Page) (wire.List[wire.Group], error) { return do(ctx, c, wire.ListGroups, page) })
}

// AddGroup makes a group.
func (c *Client) AddGroup(ctx context.Context, draft wire.GroupDraft) (wire.Group, error) {
	return do(ctx, c, wire.AddGroup, draft)
}

// ChangeGroup replaces a group's name and people; it rules their next request.
func (c *Client) ChangeGroup(ctx context.Context, group string, draft wire.GroupDraft) (wire.Group, error) {
	return do(ctx, c, wire.ChangeGroup, wire.GroupChange{Group: group, GroupDraft: draft})
}

// NarrowReport narrows a report, and everything made from it, within one's
// own organisation.
func (c *Client) NarrowReport(ctx context.Context, report string, to wire.NarrowingDraft) (wire.Narrowing, error) {
	return do(ctx, c, wire.NarrowReport, wire.ReportNarrowing{OfReport: wire.OfReport{Report: report}, NarrowingDraft: to})
}

// NarrowArrangement narrows everything under an arrangement, present and
// future, within one's own organisation.
func (c *Client) NarrowArrangement(ctx context.Context, arrangement string, to wire.NarrowingDraft) (wire.Narrowing, error) {
	return do(ctx, c, wire.NarrowArrangement, wire.ArrangementNarrowing{
		OfArrangement: wire.OfArrangement{Arrangement: arrangement}, NarrowingDraft: to,
	})
}

// Narrowings lists the narrowings within one's own organisation, oldest
// first, of reports and arrangements of which one may see something.
func (c *Client) Narrowings(ctx context.Context) ([]wire.Narrowing, error) {
	return all(func(page wire.Page) (wire.List[wire.Narrowing], error) { return do(ctx, c, wire.ListNarrowings, page) })
}
