package client

import (
	"context"
	"time"

	"cordon"
	"cordon/wire"
)

// ImportClaims adds a whole record to the incident's, or nothing.
func (c *Client) ImportClaims(ctx context.Context, incident cordon.ID, record wire.Record) error {
	_, err := do(ctx, c, wire.ImportClaims, wire.IncidentRecord{OfIncident: wire.OfIncident{Incident: incident}, Record: record})
	return err
}

// AddProposition adds one and gives its id.
func (c *Client) AddProposition(ctx context.Context, incident cordon.ID, p wire.Proposition) (string, error) {
	out, err := do(ctx, c, wire.AddProposition, wire.IncidentProposition{OfIncident: wire.OfIncident{Incident: incident}, Proposition: p})
	return out.ID, err
}

// AddSource adds one and gives its id.
func (c *Client) AddSource(ctx context.Context, incident cordon.ID, s wire.Source) (string, error) {
	out, err := do(ctx, c, wire.AddSource, wire.IncidentSource{OfIncident: wire.OfIncident{Incident: incident}, Source: s})
	return out.ID, err
}

// AddStatement adds one and gives its id.
func (c *Client) AddStatement(ctx context.Context, incident cordon.ID, s wire.Statement) (string, error) {
	out, err := do(ctx, c, wire.AddStatement, wire.IncidentStatement{OfIncident: wire.OfIncident{Incident: incident}, Statement: s})
	return out.ID, err
}

// Matrix is the table of the public record as it stood at the instant; the
// zero instant means now.
func (c *Client) Matrix(ctx context.Context, incident cordon.ID, at time.Time) (wire.Matrix, error) {
	return do(ctx, c, wire.GetMatrix, wire.MatrixAt{OfIncident: wire.OfIncident{Incident: incident}, At: at})
}
