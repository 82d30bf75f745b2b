package httpapi

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/usecase/mosaic"
	"cordon/wire"
)

func (a *api) mosaicRoutes() []route {
	return []route{
		serve(wire.ListRegistries, a.registries),
		serve(wire.AddRegistry, a.addRegistry),
		serve(wire.AddFacts, func(c *call, in wire.Facts) (wire.Done, error) {
			return wire.Done{}, mosaic.AddFacts(c.Context(), c.by, in.Portion, facts(in.Facts))
		}),
		serve(wire.AddTold, func(c *call, in wire.ToldDraft) (wire.Done, error) {
			registry, err := c.registryOf(in.Registry)
			if err != nil {
				return wire.Done{}, err
			}
			return wire.Done{}, mosaic.AddTold(c.Context(), c.by, registry, cordon.ID(in.Audience), facts(in.Facts))
		}),
		serve(wire.CheckMosaic, a.checkMosaic),
	}
}

func (a *api) registries(c *call, in wire.Page) (wire.List[wire.Registry], error) {
	all, err := mosaic.Registries(c.Context(), c.by)
	var out []wire.Registry
	for _, r := range all {
		out = append(out, wire.Registry(r))
	}
	slices.SortFunc(out, func(a, b wire.Registry) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return cut(in, out, func(r wire.Registry) string { return string(r.ID) }), err
}

func (a *api) addRegistry(c *call, in wire.RegistryDraft) (wire.Registry, error) {
	id, err := mosaic.AddRegistry(c.Context(), c.by, mosaic.Registry{
		Name: in.Name, Threshold: in.Threshold, Attributes: in.Attributes, Candidates: in.Candidates,
	})
	return wire.Registry{ID: id, Name: in.Name}, err
}

func (a *api) checkMosaic(c *call, in wire.MosaicCheck) (wire.MosaicResult, error) {
	registry, err := c.registryOf(in.Registry)
	if err != nil {
		return wire.MosaicResult{}, err
	}
	r, err := mosaic.Check(c.Context(), c.by, registry, cordon.ID(in.Audience), mosaic.CheckInput{Portions: in.Portions, Facts: facts(in.Facts)})
	if err != nil {
		return wire.MosaicResult{}, err
	}
	out := wire.MosaicResult{
		Registry: r.Registry, Total: r.Total, Before: r.Before, After: r.After, Threshold: r.Threshold, Verdict: wire.Verdict(r.Verdict),
		Known: effects(r.Known), Further: effects(r.Further),
		Sharpest: r.Sharpest, Candidates: r.Candidates,
	}
	for _, f := range r.Contradiction {
		out.Contradiction = append(out.Contradiction, wire.Fact(f))
	}
	if r.Audience != "" {
		named, err := c.org(r.Audience)
		if err != nil {
			return wire.MosaicResult{}, err
		}
		out.Audience = &named
	}
	return out, nil
}

func facts(in []wire.Fact) []mosaic.Fact {
	out := make([]mosaic.Fact, len(in))
	for i, f := range in {
		out[i] = mosaic.Fact(f)
	}
	return out
}

func effects(all []mosaic.Effect) []wire.FactEffect {
	out := make([]wire.FactEffect, len(all))
	for i, e := range all {
		out[i] = wire.FactEffect{
			Fact: wire.Fact(e.Fact), How: wire.FactOrigin(e.How), Portion: e.Portion,
			Alone: e.Alone, Left: e.Left, NotCounted: e.NotCounted,
		}
	}
	return out
}
