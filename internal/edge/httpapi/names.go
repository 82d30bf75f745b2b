package httpapi

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/names"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/mosaic"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/wire"
)

// directory is the names one call needs, read when it first needs them. It
// lives as long as the call: nobody is shown a name from yesterday.
type directory struct {
	orgs []cordon.Organisation
	// people are those of organisations whose people the caller may list.
	people map[cordon.ID][]cordon.Person
}

func (c *call) names() (*directory, error) {
	if c.directory == nil {
		orgs, err := people.Directory(c.Context(), c.Base)
		if err != nil {
			return nil, err
		}
		c.directory = &directory{orgs: orgs, people: make(map[cordon.ID][]cordon.Person)}
	}
	return c.directory, nil
}

func (d *directory) org(id cordon.ID) wire.Named {
	i := slices.IndexFunc(d.orgs, func(o cordon.Organisation) bool { return o.ID == id })
	if i < 0 {
		return wire.Named{ID: id}
	}
	return wire.Named{ID: id, Name: d.orgs[i].Name}
}

// orgs names the organisations; an empty list is one, not null.
func (c *call) orgs(ids []cordon.ID) ([]wire.Named, error) {
	d, err := c.names()
	if err != nil {
		return nil, err
	}
	out := make([]wire.Named, len(ids))
	for i, id := range ids {
		out[i] = d.org(id)
	}
	return out, nil
}

func (c *call) org(id cordon.ID) (wire.Named, error) {
	d, err := c.names()
	if err != nil {
		return wire.Named{}, err
	}
	return d.org(id), nil
}

// given are organisations or people as a request names them, by id or by name.
// The act finds them.
func given(names []string) []cordon.ID {
	ids := make([]cordon.ID, len(names))
	for i, name := range names {
		ids[i] = cordon.ID(name)
	}
	return ids
}

// find is the organisation that a path names, by id or name.
func find(orgs []cordon.Organisation, named string) (cordon.Organisation, error) {
	for _, is := range []func(cordon.Organisation) bool{
		func(o cordon.Organisation) bool { return string(o.ID) == named },
		func(o cordon.Organisation) bool { return strings.EqualFold(o.Name, named) },
		func(o cordon.Organisation) bool { return strings.EqualFold(o.Name, names.Normal(named)) },
	} {
		if i := slices.IndexFunc(orgs, is); i >= 0 {
			return orgs[i], nil
		}
	}
	return cordon.Organisation{}, cordon.ErrNotFound
}

// peopleIn lists an organisation's people if the caller may, nobody otherwise.
func (c *call) peopleIn(org cordon.ID) ([]cordon.Person, error) {
	d, err := c.names()
	if err != nil {
		return nil, err
	}
	if list, ok := d.people[org]; ok {
		return list, nil
	}
	list, err := people.People(c.Context(), c.by, org)
	if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
		return nil, err
	}
	d.people[org] = list
	return list, nil
}

// own is the caller's organisation.
func (c *call) own() (cordon.ID, error) {
	actor, err := people.Me(c.Context(), c.by)
	return actor.Org.ID, err
}

// members names people of the caller's organisation; of others it knows only
// the id.
func (c *call) members(ids []cordon.ID) ([]wire.Named, error) {
	org, err := c.own()
	if err != nil {
		return nil, err
	}
	list, err := c.peopleIn(org)
	if err != nil {
		return nil, err
	}
	out := make([]wire.Named, len(ids))
	for i, id := range ids {
		out[i] = wire.Named{ID: id}
		for _, p := range list {
			if p.ID == id {
				out[i].Name = p.Name
			}
		}
	}
	return out, nil
}

// arrangementOf finds an arrangement among those the caller may know of.
func (c *call) arrangementOf(name string) (cordon.ID, error) {
	if id := cordon.ID(name); id.Valid() || name == "" {
		return id, nil
	}
	return arrangement.Find(c.Context(), c.by, name)
}

// reportOf finds a report by id or ref.
func (c *call) reportOf(name string) (cordon.ID, error) {
	return reading.Find(c.Context(), c.by, name)
}

// registryOf finds a registry of the caller's organisation by id or name.
func (c *call) registryOf(name string) (cordon.ID, error) {
	if id := cordon.ID(name); id.Valid() {
		return id, nil
	}
	list, err := mosaic.Registries(unreserved(c.Context()), c.by)
	if err != nil {
		return "", err
	}
	for _, r := range list {
		if r.Name == name {
			return r.ID, nil
		}
	}
	return "", cordon.ErrNotFound
}
