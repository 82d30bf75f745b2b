package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// AddRegistry adds one for one's organisation. It takes a release authority or
// a security officer.
func (c *Client) AddRegistry(ctx context.Context, draft wire.RegistryDraft) (wire.Registry, error) {
	var out wire.Registry
	err := c.post(ctx, path("registries"), draft, &out)
	return out, err
}

// Registries lists those of one's organisation, by name.
func (c *Client) Registries(ctx context.Context) ([]wire.Registry, error) {
	return all[wire.Registry](ctx, c, path("registries"))
}

// AddFacts records what a portion says about a source.
func (c *Client) AddFacts(ctx context.Context, portion cordon.ID, facts []wire.Fact) error {
	return c.post(ctx, path("portions", string(portion), "facts"), wire.Facts{Facts: facts}, nil)
}

// AddTold records what an audience knows from elsewhere. The registry is named
// by id or name.
func (c *Client) AddTold(ctx context.Context, registry string, told wire.ToldDraft) error {
	return c.post(ctx, path("registries", registry, "told"), told, nil)
}

// MosaicCheck counts the candidates that fit, before and after.
func (c *Client) MosaicCheck(ctx context.Context, registry string, check wire.MosaicCheck) (wire.MosaicResult, error) {
	var out wire.MosaicResult
	err := c.post(ctx, path("registries", registry, "check"), check, &out)
	return out, err
}
