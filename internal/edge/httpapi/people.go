package httpapi

import (
	"cordon"
	"cordon/internal/usecase/people"
	"cordon/wire"
)

func (a *api) me(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	actor, err := people.Me(c.Context(), c.by)
	if err != nil {
		return nil, err
	}
	org := wire.Named{ID: actor.Org.ID, Name: actor.Org.Name}
	within, err := c.organisation(actor.Org)
	return wire.Me{Person: person(actor.Person, org), Organisation: within}, err
}

func (a *api) organisations(c *call) (any, error) {
	d, err := c.names()
	if err != nil {
		return nil, err
	}
	var out []wire.Organisation
	for _, o := range d.orgs {
		one, err := c.organisation(o)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return paged(c, out, func(o wire.Organisation) string { return o.Name })
}

func (a *api) addOrganisation(c *call) (any, error) {
	return c.putOrganisation(func(o cordon.Organisation) (cordon.Organisation, error) {
		return people.AddOrganisation(c.Context(), c.by, o)
	})
}

func (a *api) changeOrganisation(c *call) (any, error) {
	id, err := c.orgInPath()
	if err != nil {
		return nil, err
	}
	// Read here, and not while the change holds its transaction.
	if _, err := c.names(); err != nil {
		return nil, err
	}
	return c.putOrganisation(func(o cordon.Organisation) (cordon.Organisation, error) {
		o.ID = id
		return people.ChangeOrganisationIf(c.Context(), c.by, o, func(before cordon.Organisation) error {
			return c.fits(c.organisation(before))
		})
	})
}

func (a *api) organisation(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	id, err := c.orgInPath()
	if err != nil {
		return nil, err
	}
	d, err := c.names()
	if err != nil {
		return nil, err
	}
	for _, o := range d.orgs {
		if o.ID == id {
			return c.organisation(o)
		}
	}
	return nil, cordon.ErrNotFound
}

func (c *call) putOrganisation(put func(cordon.Organisation) (cordon.Organisation, error)) (any, error) {
	var in wire.OrganisationDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	of, err := c.orgsOf(in.ClientOf)
	if err != nil {
		return nil, err
	}
	out, err := put(cordon.Organisation{
		Name: in.Name, Title: in.Title, Country: in.Country, Communities: in.Communities, ClientOf: of,
	})
	if err != nil {
		return nil, err
	}
	return c.organisation(out)
}

// orgInPath finds the organisation of the path, by id or name.
func (c *call) orgInPath() (cordon.ID, error) {
	id, err := c.orgOf(c.PathValue("org"))
	if cordon.KindOf(err) == cordon.Invalid {
		err = cordon.ErrNotFound
	}
	return id, err
}

func (a *api) people(c *call) (any, error) {
	org, err := c.orgInPath()
	if err != nil {
		return nil, err
	}
	people, err := people.People(c.Context(), c.by, org)
	if err != nil {
		return nil, err
	}
	within, err := c.org(org)
	var out []wire.Person
	for _, p := range people {
		out = append(out, person(p, within))
	}
	if err != nil {
		return nil, err
	}
	return paged(c, out, func(p wire.Person) string { return p.Name })
}

func (a *api) addPerson(c *call) (any, error) {
	return a.putPerson(c, func(p cordon.Person) (cordon.Person, error) {
		return people.AddPerson(c.Context(), c.by, p)
	})
}

func (a *api) changePerson(c *call) (any, error) {
	id, err := c.personInPath()
	if err != nil {
		return nil, err
	}
	return a.putPerson(c, func(p cordon.Person) (cordon.Person, error) {
		p.ID = id
		within, err := c.org(p.Org)
		if err != nil {
			return p, err
		}
		return people.ChangePersonIf(c.Context(), c.by, p, func(before cordon.Person) error {
			return c.fits(person(before, within), nil)
		})
	})
}

func (a *api) personByID(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	id, err := c.personInPath()
	if err != nil {
		return nil, err
	}
	p, err := people.Person(c.Context(), c.by, id)
	if err != nil {
		return nil, err
	}
	within, err := c.org(p.Org)
	return person(p, within), err
}

func (a *api) putPerson(c *call, put func(cordon.Person) (cordon.Person, error)) (any, error) {
	var in wire.PersonDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	org, err := c.orgOf(in.Organisation)
	if err != nil {
		return nil, err
	}
	out, err := put(cordon.Person{
		Org: org, Name: in.Name, Nationality: in.Nationality, Clearances: in.Clearances,
		ReadIns: in.ReadIns, Roles: in.Roles, Suspended: in.Suspended,
	})
	if err != nil {
		return nil, err
	}
	within, err := c.org(org)
	return person(out, within), err
}

// personInPath finds the person of the path, by id or name.
func (c *call) personInPath() (cordon.ID, error) {
	id, err := c.personOf(c.PathValue("person"))
	if cordon.KindOf(err) == cordon.Invalid {
		err = cordon.ErrNotFound
	}
	return id, err
}

func (c *call) organisation(o cordon.Organisation) (wire.Organisation, error) {
	of, err := c.orgs(o.ClientOf)
	return wire.Organisation{
		ID: o.ID, Name: o.Name, Title: o.Title, Country: o.Country, Communities: o.Communities, ClientOf: of,
	}, err
}

func person(p cordon.Person, org wire.Named) wire.Person {
	return wire.Person{
		ID: p.ID, Organisation: org, Name: p.Name, Nationality: p.Nationality, Clearances: p.Clearances,
		ReadIns: p.ReadIns, Roles: p.Roles, Suspended: p.Suspended,
	}
}
