package client

import (
	"context"

	"cordon/wire"
)

// Me gives the person for whom the token acts.
func (c *Client) Me(ctx context.Context) (wire.Me, error) {
	return do(ctx, c, wire.GetMe, wire.None{})
}

// Organisations lists all of them, by name.
func (c *Client) Organisations(ctx context.Context) ([]wire.Organisation, error) {
	return all(func(page wire.Page) (wire.List[wire.Organisation], error) {
		return do(ctx, c, wire.ListOrganisations, page)
	})
}

// Organisation gives one by its id or name, and its entity tag; see WithTag.
func (c *Client) Organisation(ctx context.Context, org string) (wire.Organisation, string, error) {
	var tag string
	out, err := do(tagged(ctx, &tag), c, wire.GetOrganisation, wire.OfOrganisation{Organisation: org})
	return out, tag, err
}

// AddOrganisation adds one. It takes an operator.
func (c *Client) AddOrganisation(ctx context.Context, draft wire.OrganisationDraft) (wire.Organisation, error) {
	return do(ctx, c, wire.AddOrganisation, draft)
}

// ChangeOrganisation replaces all that is kept of an organisation. It rules
// the next request of its people. It takes an operator.
func (c *Client) ChangeOrganisation(ctx context.Context, org string, draft wire.OrganisationDraft) (wire.Organisation, error) {
	return do(ctx, c, wire.ChangeOrganisation, wire.OrganisationChange{OfOrganisation: wire.OfOrganisation{Organisation: org}, OrganisationDraft: draft})
}

// SetCeiling bounds what an organisation's people can hold. It takes an operator.
func (c *Client) SetCeiling(ctx context.Context, org string, draft wire.CeilingDraft) (wire.Organisation, error) {
	draft.Organisation = org
	return do(ctx, c, wire.SetCeiling, draft)
}

// AskCeiling asks the operators for another ceiling. It takes an administrator of
// the organisation.
func (c *Client) AskCeiling(ctx context.Context, org string, draft wire.CeilingDraft) (wire.Organisation, error) {
	draft.Organisation = org
	return do(ctx, c, wire.AskCeiling, draft)
}

// InviteAdministrator adds an organisation's first administrator and gives an
// enrolment for them. It takes an operator.
func (c *Client) InviteAdministrator(ctx context.Context, org, name string) (wire.Enrolment, error) {
	return do(ctx, c, wire.InviteAdministrator, wire.Invitation{OfOrganisation: wire.OfOrganisation{Organisation: org}, Name: name})
}

// People lists an organisation's people to its own members.
func (c *Client) People(ctx context.Context, org string) ([]wire.Person, error) {
	return all(func(page wire.Page) (wire.List[wire.Person], error) {
		return do(ctx, c, wire.ListPeople, wire.PeopleOf{OfOrganisation: wire.OfOrganisation{Organisation: org}, Page: page})
	})
}

// Person gives one of one's organisation, by id or by name; and the entity tag, see
// WithTag.
func (c *Client) Person(ctx context.Context, person string) (wire.Person, string, error) {
	var tag string
	out, err := do(tagged(ctx, &tag), c, wire.GetPerson, wire.OfPerson{Person: person})
	return out, tag, err
}

// AddPerson adds one to one's own organisation. It takes an administrator.
func (c *Client) AddPerson(ctx context.Context, draft wire.PersonDraft) (wire.Person, error) {
	return do(ctx, c, wire.AddPerson, draft)
}

// ChangePerson replaces all that a person holds. It rules their next request.
// It takes an administrator of their organisation.
func (c *Client) ChangePerson(ctx context.Context, person string, draft wire.PersonDraft) (wire.Person, error) {
	return do(ctx, c, wire.ChangePerson, wire.PersonChange{OfPerson: wire.OfPerson{Person: person}, PersonDraft: draft})
}
