package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// ReleaseInEmergency releases portions on behalf of their owners. It takes a
// person whom the arrangements name for it.
func (c *Client) ReleaseInEmergency(ctx context.Context, draft wire.EmergencyDraft) (wire.EmergencyRelease, error) {
	return do(ctx, c, wire.ReleaseInEmergency, draft)
}

// Emergencies lists one's organisation's parts of emergency releases that await
// review, or with all, all of them; newest first. It takes a release authority.
func (c *Client) Emergencies(ctx context.Context, all bool, page wire.Page) (wire.List[wire.EmergencyPart], error) {
	return do(ctx, c, wire.ListEmergencies, wire.EmergenciesPage{All: all, Page: page})
}

// ReviewEmergency records what one's organisation says of its part, once.
func (c *Client) ReviewEmergency(ctx context.Context, part cordon.ID, review wire.EmergencyReview) (wire.EmergencyPart, error) {
	review.Part = part
	return do(ctx, c, wire.ReviewEmergency, review)
}
