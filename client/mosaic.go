package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// AddRegistry adds a registry for one's organisation. It takes a release
// authority or a security officer.
func (c *Client) AddRegistry(ctx context.Context, draft wire.RegistryDraft) (wire.Registry, error) {
	return do(ctx, c, wire.AddRegistry, draft)
}

// Registries lists those of one's organisation, by name.
func (c *Client) Registries(ctx context.Context) ([]wire.Registry, error) {
	return all(func(page wire.Page) (wire.List[wire.Registry], error) { return do(ctx, c, wire.ListRegistries, page) })
}

// AddFacts records what a portion says about a source.
func (c *Client) AddFacts(ctx context.Context, portion cordon.ID, facts []wire.Fact) error {
	_, err := do(ctx, c, wire.AddFacts, wire.Facts{Portion: portion, Facts: facts})
	return err
}

// AddTold records what an audience knows from elsewhere. The registry is named
// by id or name.
func (c *Client) AddTold(ctx context.Context, registry string, told wire.ToldDraft) error {
	told.Registry = registry
	_, err := do(ctx, c, wire.AddTold, told)
	return err
}

// MosaicCheck counts the candidates that fit, before and after.
func (c *Client) MosaicCheck(ctx context.Context, registry string, check wire.MosaicCheck) (wire.MosaicResult, error) {
	check.Registry = registry
	return do(ctx, c, wire.CheckMosaic, check)
}
