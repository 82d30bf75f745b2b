package act

import (
	"strings"

	"cordon"
	"cordon/internal/core/names"
	"cordon/wire"
)

// The names in requests are looked up, and the names in answers are read, in the
// transaction that acts. They are not held against change: a name decides nothing,
// and the organisation or person named is loaded like any other.

// Drafts and other requests name organisations and people by id or by name, in
// fields of the type cordon.ID, until the act has found them.

// FindOrganisation gives the id of the organisation that a request names by id or
// by name. A name that no organisation has is Invalid: the directory of
// organisations is open. An id is not looked up.
func (s *Snapshot) FindOrganisation(given cordon.ID) (cordon.ID, error) {
	if given.Valid() {
		return given, nil
	}
	name := string(given)
	if name == "" {
		return "", cordon.Errorf(cordon.KindInvalid, "an organisation is to be named")
	}
	org, err := names.Find(name, s.names.OrganisationByName)
	if cordon.KindOf(err) == cordon.KindNotFound && err != nil {
		err = cordon.Errorf(cordon.KindInvalid, "no organisation is called %q here", name)
	}
	return org.ID, err
}

// FindOrganisations is FindOrganisation of each; of none, nil.
func (s *Snapshot) FindOrganisations(given []cordon.ID) ([]cordon.ID, error) {
	if len(given) == 0 {
		return nil, nil
	}
	return each(given, s.FindOrganisation)
}

// FindPerson gives the id of the person that a request names: by id, by name
// within the caller's organisation, or as "ORG/Name". A
// person whom the caller may not name and an absent one are the same Invalid
// error.
func (s *Snapshot) FindPerson(given cordon.ID) (cordon.ID, error) {
	if given.Valid() {
		return given, nil
	}
	name := string(given)
	org, who := s.Actor.Org.ID, name
	if within, rest, qualified := strings.Cut(name, "/"); qualified {
		var err error
		if org, err = s.FindOrganisation(cordon.ID(within)); err != nil {
			return "", err
		}
		who = rest
	}
	var p cordon.Person
	err := error(cordon.ErrNotFound)
	if s.Within(org) {
		p, err = names.Find(who, func(name string) (cordon.Person, error) { return s.names.PersonByName(org, name) })
	}
	if cordon.KindOf(err) == cordon.KindNotFound && err != nil {
		err = cordon.Errorf(cordon.KindInvalid,
			"nobody whom you may name is called %q: give the name within your organisation, or an id", name)
	}
	return p.ID, err
}

// FindPeople is FindPerson of each; of none, nil.
func (s *Snapshot) FindPeople(given []cordon.ID) ([]cordon.ID, error) {
	if len(given) == 0 {
		return nil, nil
	}
	return each(given, s.FindPerson)
}

// OrganisationAt loads the organisation that a path names, by id or by name. An
// absent one is ErrNotFound.
func (s *Snapshot) OrganisationAt(named cordon.ID) (cordon.Organisation, error) {
	id, err := s.FindOrganisation(named)
	if err != nil {
		return cordon.Organisation{}, absentIfInvalid(err)
	}
	return s.Tx.Organisation(id)
}

// PersonAt gives the id of the person that a path names, as FindPerson does. One
// whom the caller may not name is ErrNotFound.
func (s *Snapshot) PersonAt(named cordon.ID) (cordon.ID, error) {
	id, err := s.FindPerson(named)
	return id, absentIfInvalid(err)
}

// absentIfInvalid makes of a name that is nobody's a path under which nothing lies.
func absentIfInvalid(err error) error {
	if err != nil && cordon.KindOf(err) == cordon.KindInvalid {
		return cordon.ErrNotFound
	}
	return err
}

// NameOrganisation gives the organisation with its name, for an answer.
func (s *Snapshot) NameOrganisation(id cordon.ID) (wire.Named, error) {
	return s.named(id, func() (string, error) {
		org, err := s.names.Organisation(id)
		return org.Name, err
	})
}

// NameOrganisations is NameOrganisation of each; of none an empty list.
func (s *Snapshot) NameOrganisations(ids []cordon.ID) ([]wire.Named, error) {
	return each(ids, s.NameOrganisation)
}

// NamePerson gives the person for an answer: with their name where they are of
// the caller's organisation, and the id alone otherwise.
func (s *Snapshot) NamePerson(id cordon.ID) (wire.Named, error) {
	return s.named(id, func() (string, error) {
		p, err := s.names.Person(id)
		if p.Org != s.Actor.Org.ID {
			p.Name = ""
		}
		return p.Name, err
	})
}

// NamePeople is NamePerson of each; of none an empty list.
func (s *Snapshot) NamePeople(ids []cordon.ID) ([]wire.Named, error) {
	return each(ids, s.NamePerson)
}

// named reads each name once. The name of an absent one is empty.
func (s *Snapshot) named(id cordon.ID, read func() (string, error)) (wire.Named, error) {
	if named, ok := s.read[id]; ok {
		return named, nil
	}
	name, err := read()
	if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
		return wire.Named{}, err
	}
	s.read[id] = wire.Named{ID: id, Name: name}
	return s.read[id], nil
}

func each[T, U any](items []T, of func(T) (U, error)) ([]U, error) {
	out := make([]U, len(items))
	for i, item := range items {
		var err error
		if out[i], err = of(item); err != nil {
			return nil, err
		}
	}
	return out, nil
}
