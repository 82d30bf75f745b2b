package httpapi

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/usecase/people"
	"cordon/wire"
)

func (a *api) peopleRoutes() []route {
	return []route{
		serve(wire.GetMe, a.me),
		serve(wire.ListOrganisations, a.organisations),
		serve(wire.AddOrganisation, a.addOrganisation),
		serve(wire.GetOrganisation, a.organisation),
		serve(wire.ChangeOrganisation, a.changeOrganisation),
		serve(wire.SetCeiling, func(c *call, in wire.CeilingDraft) (wire.Organisation, error) {
			return c.ceiling(in, people.SetCeiling)
		}),
		serve(wire.AskCeiling, func(c *call, in wire.CeilingDraft) (wire.Organisation, error) {
			return c.ceiling(in, people.AskCeiling)
		}),
		serve(wire.InviteAdministrator, a.invite),
		serve(wire.ListPeople, a.people),
		serve(wire.AddPerson, a.addPerson),
		serve(wire.GetPerson, a.person),
		serve(wire.ChangePerson, a.changePerson),
	}
}

func (a *api) me(c *call, _ wire.None) (wire.Me, error) {
	actor, err := people.Me(c.Context(), c.by)
	if err != nil {
		return wire.Me{}, err
	}
	org := wire.Named{ID: actor.Org.ID, Name: actor.Org.Name}
	within, err := c.organisation(actor.Org)
	return wire.Me{Person: person(actor.Person, org), Organisation: within}, err
}

func (a *api) organisations(c *call, in wire.Page) (wire.List[wire.Organisation], error) {
	d, err := c.names()
	if err != nil {
		return wire.List[wire.Organisation]{}, err
	}
	out, err := each(d.orgs, c.organisation)
	return cut(in, out, func(o wire.Organisation) string { return o.Name }), err
}

func (a *api) addOrganisation(c *call, in wire.OrganisationDraft) (wire.Organisation, error) {
	draft, err := c.organisationDraft(in)
	if err != nil {
		return wire.Organisation{}, err
	}
	out, err := people.AddOrganisation(c.Context(), c.by, draft)
	if err != nil {
		return wire.Organisation{}, err
	}
	return c.organisation(out)
}

func (a *api) changeOrganisation(c *call, in wire.OrganisationChange) (wire.Organisation, error) {
	id, err := c.orgInPath(in.Organisation)
	if err != nil {
		return wire.Organisation{}, err
	}
	// Read here, and not while the change holds its transaction.
	if _, err := c.names(); err != nil {
		return wire.Organisation{}, err
	}
	draft, err := c.organisationDraft(in.OrganisationDraft)
	if err != nil {
		return wire.Organisation{}, err
	}
	draft.ID = id
	out, err := people.ChangeOrganisationIf(c.Context(), c.by, draft, func(before cordon.Organisation) error {
		return c.fits(c.organisation(before))
	})
	if err != nil {
		return wire.Organisation{}, err
	}
	return c.organisation(out)
}

func (a *api) organisation(c *call, in wire.OfOrganisation) (wire.Organisation, error) {
	id, err := c.orgInPath(in.Organisation)
	if err != nil {
		return wire.Organisation{}, err
	}
	d, err := c.names()
	if err != nil {
		return wire.Organisation{}, err
	}
	for _, o := range d.orgs {
		if o.ID == id {
			return c.organisation(o)
		}
	}
	return wire.Organisation{}, cordon.ErrNotFound
}

func (c *call) organisationDraft(in wire.OrganisationDraft) (cordon.Organisation, error) {
	of, err := c.orgsOf(in.ClientOf)
	return cordon.Organisation{
		Name: in.Name, Title: in.Title, Country: in.Country, Communities: in.Communities, ClientOf: of,
	}, err
}

// orgInPath finds the organisation of a path, by id or name.
func (c *call) orgInPath(name string) (cordon.ID, error) {
	id, err := c.orgOf(name)
	if cordon.KindOf(err) == cordon.KindInvalid {
		err = cordon.ErrNotFound
	}
	return id, err
}

func (c *call) ceiling(in wire.CeilingDraft, do func(context.Context, act.Caller, cordon.ID, cordon.Ceiling) (cordon.Organisation, error)) (wire.Organisation, error) {
	org, err := c.orgInPath(in.Organisation)
	if err != nil {
		return wire.Organisation{}, err
	}
	out, err := do(c.Context(), c.by, org, cordon.Ceiling{Clearances: in.Clearances, ReadIns: in.ReadIns})
	if err != nil {
		return wire.Organisation{}, err
	}
	return c.organisation(out)
}

func (a *api) invite(c *call, in wire.Invitation) (wire.Enrolment, error) {
	org, err := c.orgInPath(in.Organisation)
	if err != nil {
		return wire.Enrolment{}, err
	}
	p, secret, expires, err := a.SignIn.Invite(c.Context(), c.by, org, in.Name)
	return wire.Enrolment{Person: wire.Named{ID: p.ID, Name: p.Name}, Secret: secret, Expires: expires}, err
}

func (a *api) people(c *call, in wire.PeopleOf) (wire.List[wire.Person], error) {
	org, err := c.orgInPath(in.Organisation)
	if err != nil {
		return wire.List[wire.Person]{}, err
	}
	people, err := people.People(c.Context(), c.by, org)
	if err != nil {
		return wire.List[wire.Person]{}, err
	}
	within, err := c.org(org)
	var out []wire.Person
	for _, p := range people {
		out = append(out, person(p, within))
	}
	return cut(in.Page, out, func(p wire.Person) string { return p.Name }), err
}

func (a *api) addPerson(c *call, in wire.PersonDraft) (wire.Person, error) {
	draft, err := c.personDraft(in)
	if err != nil {
		return wire.Person{}, err
	}
	out, err := people.AddPerson(c.Context(), c.by, draft)
	if err != nil {
		return wire.Person{}, err
	}
	within, err := c.org(out.Org)
	return person(out, within), err
}

func (a *api) changePerson(c *call, in wire.PersonChange) (wire.Person, error) {
	id, err := c.personInPath(in.Person)
	if err != nil {
		return wire.Person{}, err
	}
	draft, err := c.personDraft(in.PersonDraft)
	if err != nil {
		return wire.Person{}, err
	}
	draft.ID = id
	within, err := c.org(draft.Org)
	if err != nil {
		return wire.Person{}, err
	}
	out, err := people.ChangePersonIf(c.Context(), c.by, draft, func(before cordon.Person) error {
		return c.fits(person(before, within), nil)
	})
	return person(out, within), err
}

func (a *api) person(c *call, in wire.OfPerson) (wire.Person, error) {
	id, err := c.personInPath(in.Person)
	if err != nil {
		return wire.Person{}, err
	}
	p, err := people.Person(c.Context(), c.by, id)
	if err != nil {
		return wire.Person{}, err
	}
	within, err := c.org(p.Org)
	return person(p, within), err
}

func (c *call) personDraft(in wire.PersonDraft) (cordon.Person, error) {
	org, err := c.orgOf(in.Organisation)
	return cordon.Person{
		Org: org, Name: in.Name, Nationality: in.Nationality, Clearances: in.Clearances,
		ReadIns: in.ReadIns, Roles: in.Roles, Suspended: in.Suspended, Service: in.Service,
	}, err
}

// personInPath finds the person of a path, by id or name.
func (c *call) personInPath(name string) (cordon.ID, error) {
	id, err := c.personOf(name)
	if cordon.KindOf(err) == cordon.KindInvalid {
		err = cordon.ErrNotFound
	}
	return id, err
}

func (c *call) organisation(o cordon.Organisation) (wire.Organisation, error) {
	of, err := c.orgs(o.ClientOf)
	return wire.Organisation{
		ID: o.ID, Name: o.Name, Title: o.Title, Country: o.Country, Communities: o.Communities, ClientOf: of, Ceiling: o.Ceiling, Asked: o.Asked,
	}, err
}

func person(p cordon.Person, org wire.Named) wire.Person {
	return wire.Person{
		ID: p.ID, Organisation: org, Name: p.Name, Nationality: p.Nationality, Clearances: p.Clearances,
		ReadIns: p.ReadIns, Roles: p.Roles, Suspended: p.Suspended, Service: p.Service,
	}
}
