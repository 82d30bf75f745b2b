package httpapi

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/usecase/mosaic"
	"cordon/wire"
)

func (a *api) registries(c *call) (any, error) {
	all, err := mosaic.Registries(c.Context(), c.by)
	if err != nil {
		return nil, err
	}
	var out []wire.Registry
	for _, r := range all {
		out = append(out, wire.Registry(r))
	}
	slices.SortFunc(out, func(a, b wire.Registry) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return paged(c, out, func(r wire.Registry) string { return string(r.ID) })
}

func (a *api) addRegistry(c *call) (any, error) {
	var in wire.RegistryDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	r := mosaic.Registry{Name: in.Name, Threshold: in.Threshold}
	for _, attribute := range in.Attributes {
		r.Attributes = append(r.Attributes, mosaic.Attribute(attribute))
	}
	for _, candidate := range in.Candidates {
		r.Candidates = append(r.Candidates, mosaic.Candidate(candidate))
	}
	id, err := mosaic.AddRegistry(c.Context(), c.by, r)
	return wire.Registry{ID: id, Name: in.Name}, err
}

func (a *api) addFacts(c *call) (any, error) {
	var in wire.Facts
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("portion")
	if err != nil {
		return nil, err
	}
	return nothing, mosaic.AddFacts(c.Context(), c.by, id, facts(in.Facts))
}

func (a *api) addTold(c *call) (any, error) {
	var in wire.ToldDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	registry, audience, err := c.registryAndAudience(in.Audience)
	if err != nil {
		return nil, err
	}
	return nothing, mosaic.AddTold(c.Context(), c.by, registry, audience, facts(in.Facts))
}

func (a *api) mosaicCheck(c *call) (any, error) {
	var in wire.MosaicCheck
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	registry, audience, err := c.registryAndAudience(in.Audience)
	if err != nil {
		return nil, err
	}
	r, err := mosaic.Check(c.Context(), c.by, registry, audience, mosaic.CheckInput{Portions: in.Portions, Facts: facts(in.Facts)})
	if err != nil {
		return nil, err
	}
	out := wire.MosaicResult{
		Registry: r.Registry, Total: r.Total, Before: r.Before, After: r.After, Threshold: r.Threshold, Verdict: string(r.Verdict),
		Known: effects(r.Known), Further: effects(r.Further),
		Sharpest: r.Sharpest, Candidates: r.Candidates,
	}
	for _, f := range r.Contradiction {
		out.Contradiction = append(out.Contradiction, wire.Fact(f))
	}
	if audience != "" {
		named, err := c.org(audience)
		if err != nil {
			return nil, err
		}
		out.Audience = &named
	}
	return out, nil
}

// registryAndAudience finds the registry of the path and the audience; an
// empty one is the public.
func (c *call) registryAndAudience(name string) (registry, audience cordon.ID, err error) {
	if registry, err = c.registryOf(c.PathValue("registry")); err != nil || name == "" {
		return registry, "", err
	}
	audience, err = c.orgOf(name)
	return registry, audience, err
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
			Fact: wire.Fact(e.Fact), How: string(e.How), Portion: e.Portion,
			Alone: e.Alone, Left: e.Left, NotCounted: e.NotCounted,
		}
	}
	return out
}
