package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// ReleaseInEmergency releases portions on behalf of their owners. It takes a
// person whom the arrangements name for it.
func (c *Client) ReleaseInEmergency(ctx context.Context, draft wire.EmergencyDraft) (wire.EmergencyRelease, error) {
	var out wire.EmergencyRelease
	err := c.post(ctx, path("emergency-releases"), draft, &out)
	return out, err
}

// Emergencies lists one's organisation's parts of emergency releases that await
// review, or with all, all of them; newest first. It takes a release authority.
func (c *Client) Emergencies(ctx context.Context, all bool, page Page) (wire.List[wire.EmergencyPart], error) {
	q := page.query()
	if all {
		q.Set("all", "true")
	}
	var out wire.List[wire.EmergencyPart]
	err := c.get(ctx, path("emergency-releases"), q, &out)
	return out, err
}

// ReviewEmergency records what one's organisation says of its part, once.
func (c *Client) ReviewEmergency(ctx context.Context, part cordon.ID, review wire.EmergencyReview) (wire.EmergencyPart, error) {
	var out wire.EmergencyPart
	err := c.post(ctx, path("emergency-releases", string(part), "review"), review, &out)
	return out, err
}
