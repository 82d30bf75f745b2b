package client

import (
	"context"
	"net/http"

	"cordon"
	"cordon/wire"
)

// OpenIncident opens a case. It takes a security officer.
func (c *Client) OpenIncident(ctx context.Context, draft wire.IncidentDraft) (wire.Incident, error) {
	var out wire.Incident
	err := c.post(ctx, path("incidents"), draft, &out)
	return out, err
}

// Incidents lists those one may know of, newest first.
func (c *Client) Incidents(ctx context.Context) ([]wire.Incident, error) {
	return all[wire.Incident](ctx, c, path("incidents"))
}

// Incident gives one with its disclosures and steps.
func (c *Client) Incident(ctx context.Context, incident cordon.ID) (wire.Incident, error) {
	var out wire.Incident
	err := c.get(ctx, path("incidents", string(incident)), nil, &out)
	return out, err
}

// Contain does the plan. When it returns, no read gives the struck text.
func (c *Client) Contain(ctx context.Context, incident cordon.ID, plan wire.Plan) (wire.Containment, error) {
	var out wire.Containment
	err := c.post(ctx, path("incidents", string(incident), "containment"), plan, &out)
	return out, err
}

// Custody opens a struck portion to a person of the custody circle.
func (c *Client) Custody(ctx context.Context, portion cordon.ID) (wire.Kept, error) {
	var out wire.Kept
	err := c.get(ctx, path("custody", string(portion)), nil, &out)
	return out, err
}

// Destroy removes a struck portion from custody for good.
func (c *Client) Destroy(ctx context.Context, portion cordon.ID) error {
	return c.send(ctx, http.MethodDelete, path("custody", string(portion)), nil, nil)
}
