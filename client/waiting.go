package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// Waiting lists the reports that wait for a decision in which one may take part. It takes
// a release authority or security officer.
func (c *Client) Waiting(ctx context.Context, limit int) (wire.List[wire.WaitingReport], error) {
	return do(ctx, c, wire.ListWaiting, wire.WaitingPage{Limit: limit})
}

// DecideWaiting decides on what was found in a report that waits.
func (c *Client) DecideWaiting(ctx context.Context, report cordon.ID, decision wire.WaitingDecision) (wire.WaitingDecided, error) {
	decision.Report = report
	return do(ctx, c, wire.DecideWaiting, decision)
}
