package client

import (
	"context"
	"net/url"
	"time"

	"cordon"
	"cordon/wire"
)

// ImportClaims adds a whole record to the incident's, or nothing.
func (c *Client) ImportClaims(ctx context.Context, incident cordon.ID, record wire.Record) error {
	return c.post(ctx, path("incidents", string(incident), "claims"), record, nil)
}

// AddProposition adds one and gives its id.
func (c *Client) AddProposition(ctx context.Context, incident cordon.ID, p wire.Proposition) (string, error) {
	var out wire.Added
	err := c.post(ctx, path("incidents", string(incident), "propositions"), p, &out)
	return out.ID, err
}

// AddSource adds one and gives its id.
func (c *Client) AddSource(ctx context.Context, incident cordon.ID, s wire.Source) (string, error) {
	var out wire.Added
	err := c.post(ctx, path("incidents", string(incident), "sources"), s, &out)
	return out.ID, err
}

// AddStatement adds one and gives its id.
func (c *Client) AddStatement(ctx context.Context, incident cordon.ID, s wire.Statement) (string, error) {
	var out wire.Added
	err := c.post(ctx, path("incidents", string(incident), "statements"), s, &out)
	return out.ID, err
}

// Matrix is the table of the public record as it stood at the instant; the
// zero instant means now.
func (c *Client) Matrix(ctx context.Context, incident cordon.ID, at time.Time) (wire.Matrix, error) {
	q := url.Values{}
	if !at.IsZero() {
		q.Set("at", at.Format(time.RFC3339Nano))
	}
	var out wire.Matrix
	err := c.get(ctx, path("incidents", string(incident), "matrix"), q, &out)
	return out, err
}
