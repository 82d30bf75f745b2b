package client

import (
	"context"
	"net/http"

	"cordon/wire"
)

// Me gives who the token acts for.
func (c *Client) Me(ctx context.Context) (wire.Me, error) {
	var out wire.Me
	err := c.get(ctx, path("me"), nil, &out)
	return out, err
}

// Organisations lists all of them, by name.
func (c *Client) Organisations(ctx context.Context) ([]wire.Organisation, error) {
	return all[wire.Organisation](ctx, c, path("organisations"))
}

// Organisation gives one by its id or name, and its entity tag; see WithTag.
func (c *Client) Organisation(ctx context.Context, org string) (wire.Organisation, string, error) {
	var out wire.Organisation
	tag, err := c.tagged(ctx, path("organisations", org), &out)
	return out, tag, err
}

// AddOrganisation adds one. It takes an administrator.
func (c *Client) AddOrganisation(ctx context.Context, draft wire.OrganisationDraft) (wire.Organisation, error) {
	var out wire.Organisation
	err := c.post(ctx, path("organisations"), draft, &out)
	return out, err
}

// ChangeOrganisation replaces what an organisation is; it rules the next
// request of its people. It takes an administrator.
func (c *Client) ChangeOrganisation(ctx context.Context, org string, draft wire.OrganisationDraft) (wire.Organisation, error) {
	var out wire.Organisation
	err := c.send(ctx, http.MethodPut, path("organisations", org), draft, &out)
	return out, err
}

// People lists an organisation's people to its own members and to
// administrators.
func (c *Client) People(ctx context.Context, org string) ([]wire.Person, error) {
	return all[wire.Person](ctx, c, path("organisations", org, "people"))
}

// Person gives one of one's organisation, or anybody to an administrator, by
// id, by name within one's organisation or as ORG/Name; and the entity tag, see
// WithTag.
func (c *Client) Person(ctx context.Context, person string) (wire.Person, string, error) {
	var out wire.Person
	tag, err := c.tagged(ctx, path("people", person), &out)
	return out, tag, err
}

// AddPerson adds one. It takes an administrator.
func (c *Client) AddPerson(ctx context.Context, draft wire.PersonDraft) (wire.Person, error) {
	var out wire.Person
	err := c.post(ctx, path("people"), draft, &out)
	return out, err
}

// ChangePerson replaces what a person holds; it rules his next request. It
// takes an administrator.
func (c *Client) ChangePerson(ctx context.Context, person string, draft wire.PersonDraft) (wire.Person, error) {
	var out wire.Person
	err := c.send(ctx, http.MethodPut, path("people", person), draft, &out)
	return out, err
}
