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
	orgs, err := people.Organisations(c.Context(), c.by)
	if err != nil {
		return wire.List[wire.Organisation]{}, err
	}
	out, err := each(orgs, c.organisation)
	return cut(in, out, func(o wire.Organisation) string { return o.Name }), err
}

func (a *api) addOrganisation(c *call, in wire.OrganisationDraft) (wire.Organisation, error) {
	out, err := people.AddOrganisation(c.Context(), c.by, organisationDraft(in))
	if err != nil {
		return wire.Organisation{}, err
	}
	return c.organisation(out)
}

func (a *api) changeOrganisation(c *call, in wire.OrganisationChange) (wire.Organisation, error) {
	// Read here, and not while the change holds its transaction.
	if _, err := c.names(); err != nil {
		return wire.Organisation{}, err
	}
	draft := organisationDraft(in.OrganisationDraft)
	draft.ID = cordon.ID(in.Organisation)
	out, err := people.ChangeOrganisationIf(c.Context(), c.by, draft, func(before cordon.Organisation) error {
		return c.fits(c.organisation(before))
	})
	if err != nil {
		return wire.Organisation{}, err
	}
	return c.organisation(out)
}

func (a *api) organisation(c *call, in wire.OfOrganisation) (wire.Organisation, error) {
	orgs, err := people.Organisations(c.Context(), c.by)
	if err != nil {
		return wire.Organisation{}, err
	}
	o, err := find(orgs, in.Organisation)
	if err != nil {
		return wire.Organisation{}, err
	}
	return c.organisation(o)
}

func organisationDraft(in wire.OrganisationDraft) cordon.Organisation {
	return cordon.Organisation{
		Name: in.Name, Title: in.Title, Country: in.Country, Communities: in.Communities, ClientOf: given(in.ClientOf),
	}
}

func (c *call) ceiling(in wire.CeilingDraft, do func(context.Context, act.Caller, cordon.ID, cordon.Ceiling) (cordon.Organisation, error)) (wire.Organisation, error) {
	out, err := do(c.Context(), c.by, cordon.ID(in.Organisation), cordon.Ceiling{Clearances: in.Clearances, ReadIns: in.ReadIns})
	if err != nil {
		return wire.Organisation{}, err
	}
	return c.organisation(out)
}

func (a *api) invite(c *call, in wire.Invitation) (wire.Enrolment, error) {
	p, secret, expires, err := a.SignIn.Invite(c.Context(), c.by, cordon.ID(in.Organisation), in.Name)
	return wire.Enrolment{Person: wire.Named{ID: p.ID, Name: p.Name}, Secret: secret, Expires: expires}, err
}

func (a *api) people(c *call, in wire.PeopleOf) (wire.List[wire.Person], error) {
	people, err := people.People(c.Context(), c.by, cordon.ID(in.Organisation))
	if err != nil {
		return wire.List[wire.Person]{}, err
	}
	d, err := c.names()
	var out []wire.Person
	for _, p := range people {
		out = append(out, person(p, d.org(p.Org)))
	}
	return cut(in.Page, out, func(p wire.Person) string { return p.Name }), err
}

func (a *api) addPerson(c *call, in wire.PersonDraft) (wire.Person, error) {
	out, err := people.AddPerson(c.Context(), c.by, personDraft(in))
	if err != nil {
		return wire.Person{}, err
	}
	within, err := c.org(out.Org)
	return person(out, within), err
}

func (a *api) changePerson(c *call, in wire.PersonChange) (wire.Person, error) {
	// Read here, and not while the change holds its transaction.
	d, err := c.names()
	if err != nil {
		return wire.Person{}, err
	}
	draft := personDraft(in.PersonDraft)
	draft.ID = cordon.ID(in.Person)
	out, err := people.ChangePersonIf(c.Context(), c.by, draft, func(before cordon.Person) error {
		return c.fits(person(before, d.org(before.Org)), nil)
	})
	return person(out, d.org(out.Org)), err
}

func (a *api) person(c *call, in wire.OfPerson) (wire.Person, error) {
	p, err := people.Person(c.Context(), c.by, cordon.ID(in.Person))
	if err != nil {
		return wire.Person{}, err
	}
	within, err := c.org(p.Org)
	return person(p, within), err
}

func personDraft(in wire.PersonDraft) cordon.Person {
	return cordon.Person{
		Org: cordon.ID(in.Organisation), Name: in.Name, Nationality: in.Nationality, Clearances: in.Clearances,
		ReadIns: in.ReadIns, Roles: in.Roles, Suspended: in.Suspended, Service: in.Service,
	}
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
