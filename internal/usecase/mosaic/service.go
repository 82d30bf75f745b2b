package mosaic

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// Listed is a registry by name.
type Listed struct {
	ID   cordon.ID `json:"id"`
	Name string    `json:"name"`
}

// AddRegistry keeps the registry for the person's organisation, which owns it
// from then on. Without one of the two roles it is Denied; what NewIndex
// would not take is not taken. A second one of the same name is a Conflict,
// for registries are asked for by name.
func AddRegistry(ctx context.Context, by act.Caller, r Registry) (cordon.ID, error) {
	if _, err := NewIndex(r); err != nil {
		return "", err
	}
	now, id := by.Clock.Now(), cordon.NewID()
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, now)
		if err != nil {
			return err
		}
		if !keepsSources(view.Actor.Person) {
			return cordon.Errorf(cordon.Denied, "this needs the role %s or %s, and you hold neither",
				cordon.ReleaseAuthority, cordon.SecurityOfficer)
		}
		owner, ring := view.Actor.Org.ID, by.Vault.Ring(tx)
		there, err := listed(tx, ring, owner)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(there, func(l Listed) bool { return l.Name == r.Name }) {
			return cordon.Errorf(cordon.Conflict, "there is a registry of this name already: give this one another")
		}
		name, err := ring.SealRecord(owner, nameContext(id), []byte(r.Name))
		if err != nil {
			return err
		}
		body, err := sealJSON(ring, owner, registryContext(id), r)
		if err != nil {
			return err
		}
		if err := tx.PutRegistry(cordon.Registry{ID: id, Owner: owner, Name: name, Body: body, Created: now}); err != nil {
			return err
		}
		return note(tx, view, cordon.ActMosaic, owner, id)
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// Registries lists those of the person's organisation that are there for him,
// by name; for whoever holds neither role the list is empty.
func Registries(ctx context.Context, by act.Caller) ([]Listed, error) {
	now := by.Clock.Now()
	var all []Listed
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		all = []Listed{}
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, now)
		if err != nil || !keepsSources(view.Actor.Person) {
			return err
		}
		owner := view.Actor.Org.ID
		if all, err = listed(tx, by.Vault.Ring(tx), owner); err != nil {
			return err
		}
		return note(tx, view, cordon.ActMosaic, owner, "")
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Listed) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// listed are the owner's registries.
func listed(tx cordon.ReadTx, ring *vault.Ring, owner cordon.ID) ([]Listed, error) {
	registries, err := tx.Registries(owner)
	if err != nil {
		return nil, err
	}
	all := make([]Listed, len(registries))
	for i, r := range registries {
		name, err := ring.OpenRecord(owner, nameContext(r.ID), r.Name)
		if err != nil {
			return nil, err
		}
		all[i] = Listed{ID: r.ID, Name: string(name)}
	}
	return all, nil
}

// AddFacts puts facts on a portion. The person sees the portion, is an author,
// release authority or security officer, and his organisation is among its
// owners; what he does not see is cordon.ErrNotFound, the rest Denied.
func AddFacts(ctx context.Context, by act.Caller, portion cordon.ID, facts []Fact) error {
	if err := validate(facts); err != nil {
		return err
	}
	now := by.Clock.Now()
	return by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := by.Rules.Look(cordon.Holding(tx), by.Person, now)
		if err != nil {
			return err
		}
		// The role first: without it no answer depends on what is there.
		who := view.Actor
		if !who.Person.Has(cordon.Author) && !keepsSources(who.Person) {
			return cordon.Errorf(cordon.Denied, "this needs the role %s, %s or %s, and you hold none of them",
				cordon.Author, cordon.ReleaseAuthority, cordon.SecurityOfficer)
		}
		seen, err := seen(tx, view, []cordon.ID{portion})
		if err != nil {
			return err
		}
		rule, err := view.Rule(seen[0].Rule)
		if err != nil {
			return err
		}
		if !slices.Contains(rule.OwnerIDs(), who.Org.ID) {
			return cordon.Errorf(cordon.Denied, "only an owner of the portion says what it tells of a source")
		}
		ring := by.Vault.Ring(tx)
		sealed := make([]cordon.Fact, len(facts))
		for i, f := range facts {
			id := cordon.NewID()
			body, err := sealJSON(ring, rule.OwnerIDs()[0], factContext(portion, id), f)
			if err != nil {
				return err
			}
			sealed[i] = cordon.Fact{ID: id, Portion: portion, Body: body}
		}
		if err := tx.AddFacts(sealed); err != nil {
			return err
		}
		return noteByOwner(tx, view, cordon.ActFact, portion, seen)
	})
}

// AddTold records that the audience, an organisation or with an empty id the
// public, knows the facts from outside Cordon.
func AddTold(ctx context.Context, by act.Caller, registry, audience cordon.ID, facts []Fact) error {
	if err := validate(facts); err != nil {
		return err
	}
	now := by.Clock.Now()
	return by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, kept, err := enter(by.Base, cordon.Holding(tx), by.Person, registry, now)
		if err != nil {
			return err
		}
		if err := known(cordon.Holding(tx), audience); err != nil {
			return err
		}
		ring := by.Vault.Ring(tx)
		for _, f := range facts {
			t := cordon.Told{ID: cordon.NewID(), Registry: registry, Audience: audience, At: now}
			if t.Body, err = sealJSON(ring, kept.Owner, toldContext(t), f); err != nil {
				return err
			}
			if err := tx.AddTold(t); err != nil {
				return err
			}
		}
		e := entry(view, cordon.ActFact, kept.Owner, registry)
		e.Audience = audience
		return ledger.Append(tx, e)
	})
}

// keepsSources reports whether the person is one of those in his organisation
// who may know its candidate sources.
func keepsSources(p cordon.Person) bool {
	return p.Has(cordon.ReleaseAuthority) || p.Has(cordon.SecurityOfficer)
}

// enter loads who asks and the registry, still sealed, and decides whether it
// is there for him.
func enter(base *act.Base, tx cordon.ReadTx, person, id cordon.ID, now time.Time) (*reader.View, cordon.Registry, error) {
	view, err := base.Rules.Look(tx, person, now)
	if err != nil {
		return nil, cordon.Registry{}, err
	}
	if !id.Valid() {
		return nil, cordon.Registry{}, cordon.ErrNotFound
	}
	r, err := tx.Registry(id)
	if cordon.KindOf(err) == cordon.NotFound {
		return nil, cordon.Registry{}, cordon.ErrNotFound
	}
	if err != nil {
		return nil, cordon.Registry{}, err
	}
	if r.Owner != view.Actor.Org.ID || !keepsSources(view.Actor.Person) {
		return nil, cordon.Registry{}, cordon.ErrNotFound
	}
	return view, r, nil
}

// known answers cordon.ErrNotFound for an audience that is neither an
// organisation nor the public.
func known(tx cordon.ReadTx, audience cordon.ID) error {
	if audience == "" {
		return nil
	}
	if !audience.Valid() {
		return cordon.ErrNotFound
	}
	_, err := tx.Organisation(audience)
	if cordon.KindOf(err) == cordon.NotFound {
		return cordon.ErrNotFound
	}
	return err
}

// seen gives the portions, in no promised order, if the reader sees every one
// of them.
func seen(tx cordon.ReadTx, view *reader.View, ids []cordon.ID) ([]cordon.Portion, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if !slices.ContainsFunc(ids, func(id cordon.ID) bool { return !id.Valid() }) {
		portions, err := tx.PortionsByID(ids)
		if err != nil {
			return nil, err
		}
		hidden := func(p cordon.Portion) bool { return !view.Decide(p).Allowed() }
		if len(portions) == len(ids) && !slices.ContainsFunc(portions, hidden) {
			return portions, nil
		}
	}
	return nil, cordon.ErrNotFound
}

func validate(facts []Fact) error {
	if len(facts) == 0 {
		return invalid("there are no facts")
	}
	if len(facts) > MaxFacts {
		return cordon.Errorf(cordon.TooLarge, "more than %d facts at once", MaxFacts)
	}
	for _, f := range facts {
		if err := f.Validate(); err != nil {
			return err
		}
	}
	return nil
}

func entry(view *reader.View, act cordon.Act, owner, subject cordon.ID) cordon.Entry {
	e := view.Entry(act, cordon.Allowed)
	e.Feed, e.Subject = owner, subject
	return e
}

func note(tx cordon.WriteTx, view *reader.View, act cordon.Act, owner, subject cordon.ID) error {
	return ledger.Append(tx, entry(view, act, owner, subject))
}

// noteByOwner puts into every owner's feed the portions that are its own.
func noteByOwner(tx cordon.WriteTx, view *reader.View, act cordon.Act, subject cordon.ID, portions []cordon.Portion) error {
	for _, share := range view.ByOwner(portions) {
		e := entry(view, act, share.Owner, subject)
		e.Portions = share.Portions
		if err := ledger.Append(tx, e); err != nil {
			return err
		}
	}
	return nil
}
