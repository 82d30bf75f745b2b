package mosaic

import (
	"cmp"
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/act"
)

// Listed is a registry by name.
type Listed struct {
	ID   cordon.ID `json:"id"`
	Name string    `json:"name"`
}

// AddRegistry keeps the registry for the caller's organisation, which owns it
// from then on. A caller with neither of the two roles is Denied. A registry
// that NewIndex refuses is refused here likewise. A second one of the same name
// is a Conflict, since registries are asked for by name.
func AddRegistry(ctx context.Context, by act.Caller, r Registry) (cordon.ID, error) {
	if _, err := NewIndex(r); err != nil {
		return "", err
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActMosaic, keepers...), func(s *act.Snapshot) (cordon.Registry, error) {
		owner, id := s.Actor.Org.ID, cordon.NewID()
		there, err := listed(s, owner)
		if err != nil {
			return cordon.Registry{}, err
		}
		if slices.ContainsFunc(there, func(l Listed) bool { return l.Name == r.Name }) {
			return cordon.Registry{}, cordon.Errorf(cordon.KindConflict, "there is a registry of this name already: give this one another")
		}
		name, err := s.Keys.SealRecord(owner, nameContext(id), []byte(r.Name))
		if err != nil {
			return cordon.Registry{}, err
		}
		body, err := sealJSON(s.Keys, owner, registryContext(id), r)
		return cordon.Registry{ID: id, Owner: owner, Name: name, Body: body, Created: s.Now}, err
	}, func(c *act.Commit, sealed cordon.Registry) (cordon.ID, error) {
		if err := c.Tx.PutRegistry(sealed); err != nil {
			return "", err
		}
		return sealed.ID, c.Record(cordon.Entry{Feed: sealed.Owner, Subject: sealed.ID})
	})
}

// Registries lists the registries of the caller's organisation by name; the
// list is empty for a caller who holds neither role.
func Registries(ctx context.Context, by act.Caller) ([]Listed, error) {
	return act.Do(ctx, by, act.ByAnyone(cordon.ActMosaic), func(s *act.Snapshot) ([]Listed, error) {
		if !keepsSources(s.Actor.Person) {
			return []Listed{}, nil
		}
		all, err := listed(s, s.Actor.Org.ID)
		slices.SortFunc(all, func(a, b Listed) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
		return all, err
	}, func(c *act.Commit, all []Listed) ([]Listed, error) {
		if !keepsSources(c.Actor.Person) {
			return all, nil
		}
		return all, c.Record(cordon.Entry{Feed: c.Actor.Org.ID})
	})
}

// listed are the owner's registries.
func listed(s *act.Snapshot, owner cordon.ID) ([]Listed, error) {
	registries, err := s.Tx.Registries(owner)
	if err != nil {
		return nil, err
	}
	all := make([]Listed, len(registries))
	for i, r := range registries {
		name, err := s.Keys.OpenRecord(owner, nameContext(r.ID), r.Name)
		if err != nil {
			return nil, err
		}
		all[i] = Listed{ID: r.ID, Name: string(name)}
	}
	return all, nil
}

// AddFacts puts facts on a portion. The caller sees the portion, is an author,
// release authority or security officer, and their organisation is among its
// owners; a portion that they do not see is cordon.ErrNotFound, the rest Denied.
func AddFacts(ctx context.Context, by act.Caller, portion cordon.ID, facts []Fact) error {
	if err := validate(facts); err != nil {
		return err
	}
	type plan struct {
		portions []cordon.Portion
		facts    []cordon.Fact
	}
	// The role comes first: without it no answer depends on what there is.
	_, err := act.Do(ctx, by, act.ByRole(cordon.ActFact, append([]cordon.Role{cordon.RoleAuthor}, keepers...)...), func(s *act.Snapshot) (plan, error) {
		portions, err := seen(s, []cordon.ID{portion})
		if err != nil {
			return plan{}, err
		}
		rule, err := s.Rule(portions[0].Rule)
		if err != nil {
			return plan{}, err
		}
		if !slices.Contains(rule.OwnerIDs(), s.Actor.Org.ID) {
			return plan{}, cordon.Errorf(cordon.KindDenied, "only an owner of the portion says what it tells of a source")
		}
		p := plan{portions: portions}
		for _, f := range facts {
			id := cordon.NewID()
			body, err := sealJSON(s.Keys, rule.OwnerIDs()[0], factContext(portion, id), f)
			if err != nil {
				return p, err
			}
			p.facts = append(p.facts, cordon.Fact{ID: id, Portion: portion, Body: body})
		}
		return p, nil
	}, func(c *act.Commit, p plan) (act.Done, error) {
		if err := c.Tx.AddFacts(p.facts); err != nil {
			return act.Done{}, err
		}
		return act.Done{}, c.RecordOwners(cordon.Entry{Subject: portion}, p.portions)
	})
	return err
}

// AddTold records that the audience, an organisation or with an empty id the
// public, knows the facts from outside Cordon.
func AddTold(ctx context.Context, by act.Caller, registry, audience cordon.ID, facts []Fact) error {
	if err := validate(facts); err != nil {
		return err
	}
	type plan struct {
		owner, audience cordon.ID
		told            []cordon.Told
	}
	_, err := act.Do(ctx, by, act.ByAnyone(cordon.ActFact), func(s *act.Snapshot) (plan, error) {
		r, err := enter(s, registry)
		if err != nil {
			return plan{}, err
		}
		to, err := findAudience(s, audience)
		if err != nil {
			return plan{}, err
		}
		p := plan{owner: r.Owner, audience: to}
		for _, f := range facts {
			t := cordon.Told{ID: cordon.NewID(), Registry: registry, Audience: to, At: s.Now}
			if t.Body, err = sealJSON(s.Keys, r.Owner, toldContext(t), f); err != nil {
				return p, err
			}
			p.told = append(p.told, t)
		}
		return p, nil
	}, func(c *act.Commit, p plan) (act.Done, error) {
		for _, t := range p.told {
			if err := c.Tx.AddTold(t); err != nil {
				return act.Done{}, err
			}
		}
		return act.Done{}, c.Record(cordon.Entry{Feed: p.owner, Subject: registry, Audience: p.audience})
	})
	return err
}

// keepers are the roles of those in an organisation who may know its candidate
// sources.
var keepers = []cordon.Role{cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer}

// keepsSources reports whether the person is one of those.
func keepsSources(p cordon.Person) bool { return slices.ContainsFunc(keepers, p.Has) }

// enter loads the registry, still sealed, and decides whether it is there for
// the caller.
func enter(s *act.Snapshot, id cordon.ID) (cordon.Registry, error) {
	if !id.Valid() {
		return cordon.Registry{}, cordon.ErrNotFound
	}
	r, err := s.Tx.Registry(id)
	if err == nil && (r.Owner != s.Actor.Org.ID || !keepsSources(s.Actor.Person)) {
		err = cordon.ErrNotFound
	}
	if err != nil {
		return cordon.Registry{}, err
	}
	return r, nil
}

// findAudience gives the id of the audience, which is empty for the public. One
// that is absent is cordon.ErrNotFound.
func findAudience(s *act.Snapshot, given cordon.ID) (cordon.ID, error) {
	if given == "" {
		return "", nil
	}
	id, err := s.FindOrganisation(given)
	if err != nil {
		return "", err
	}
	_, err = s.Tx.Organisation(id)
	return id, err
}

// seen gives the portions, in no promised order, if the caller sees every one
// of them.
func seen(s *act.Snapshot, ids []cordon.ID) ([]cordon.Portion, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if slices.ContainsFunc(ids, func(id cordon.ID) bool { return !id.Valid() }) {
		return nil, cordon.ErrNotFound
	}
	portions, err := s.Tx.PortionsByID(ids)
	if err != nil {
		return nil, err
	}
	hidden := func(p cordon.Portion) bool { return !s.Decide(p).Allowed() }
	if len(portions) != len(ids) || slices.ContainsFunc(portions, hidden) {
		return nil, cordon.ErrNotFound
	}
	return portions, nil
}

func validate(facts []Fact) error {
	if len(facts) == 0 {
		return invalid("there are no facts")
	}
	if len(facts) > MaxFacts {
		return cordon.Errorf(cordon.KindTooLarge, "more than %d facts at once", MaxFacts)
	}
	for _, f := range facts {
		if err := f.Validate(); err != nil {
			return err
		}
	}
	return nil
}
