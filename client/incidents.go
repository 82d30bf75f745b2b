package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// OpenIncident opens a case. It takes a security officer.
func (c *Client) OpenIncident(ctx context.Context, draft wire.IncidentDraft) (wire.Incident, error) {
	return do(ctx, c, wire.OpenIncident, draft)
}

// Incidents lists those one may know of, newest first.
func (c *Client) Incidents(ctx context.Context) ([]wire.Incident, error) {
	return all(func(page wire.Page) (wire.List[wire.Incident], error) { return do(ctx, c, wire.ListIncidents, page) })
}

// Incident gives one with its disclosures and steps.
func (c *Client) Incident(ctx context.Context, incident cordon.ID) (wire.Incident, error) {
	return do(ctx, c, wire.GetIncident, wire.OfIncident{Incident: incident})
}

// Contain does the plan. When it returns, no read gives the struck text.
func (c *Client) Contain(ctx context.Context, incident cordon.ID, plan wire.Plan) (wire.Containment, error) {
	plan.Incident = incident
	return do(ctx, c, wire.Contain, plan)
}

// Custody opens a struck portion to a person of the custody circle.
func (c *Client) Custody(ctx context.Context, portion cordon.ID) (wire.Struck, error) {
	return do(ctx, c, wire.OpenCustody, wire.OfPortion{Portion: string(portion)})
}

// Destroy removes a struck portion from custody for good.
func (c *Client) Destroy(ctx context.Context, portion cordon.ID) error {
	_, err := do(ctx, c, wire.Destroy, wire.Destruction{Portion: portion})
	return err
}
