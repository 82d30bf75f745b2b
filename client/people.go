package client

import (
	"context"
	"net/http"

	"cordon"
)

// Organisation is one that takes part.
type Organisation struct {
	ID    cordon.ID `json:"id"`
	Name  string    `json:"name"`
	Title string    `json:"title,omitempty"`
	// Country is the ISO 3166 trigraph it belongs to; empty for none.
	Country     string   `json:"country,omitempty"`
	Communities []string `json:"communities,omitempty"`
	// ClientOf are the organisations whose client it is, as far as the asker
	// may know: what they were given as TLP:AMBER it may read too.
	ClientOf []Named `json:"clientOf,omitempty"`
}

// OrganisationDraft is an organisation to be added, or all that one is to be
// from now on.
type OrganisationDraft struct {
	Name        string   `json:"name"`
	Title       string   `json:"title,omitempty"`
	Country     string   `json:"country,omitempty"`
	Communities []string `json:"communities,omitempty"`
	// ClientOf are organisations by id or name.
	ClientOf []string `json:"clientOf,omitempty"`
}

// Person belongs to one organisation.
type Person struct {
	ID           cordon.ID `json:"id"`
	Organisation Named     `json:"organisation"`
	Name         string    `json:"name"`
	// Nationality is a trigraph; empty means that of the organisation.
	Nationality string `json:"nationality,omitempty"`
	// Clearances gives the level held in each scheme: {"us": "TS"}.
	Clearances map[string]string `json:"clearances,omitempty"`
	// ReadIns are the compartments held, and when.
	ReadIns   []cordon.ReadIn `json:"readIns,omitempty"`
	Roles     []cordon.Role   `json:"roles,omitempty"`
	Suspended bool            `json:"suspended,omitempty"`
}

// PersonDraft is a person to be added, or all that a person is to hold from
// now on.
type PersonDraft struct {
	// Organisation is an id or a name.
	Organisation string            `json:"organisation"`
	Name         string            `json:"name"`
	Nationality  string            `json:"nationality,omitempty"`
	Clearances   map[string]string `json:"clearances,omitempty"`
	ReadIns      []cordon.ReadIn   `json:"readIns,omitempty"`
	Roles        []cordon.Role     `json:"roles,omitempty"`
	Suspended    bool              `json:"suspended,omitempty"`
}

// Me is who the token acts for, as he stands now.
type Me struct {
	Person       Person       `json:"person"`
	Organisation Organisation `json:"organisation"`
}

// Me gives who the token acts for.
func (c *Client) Me(ctx context.Context) (Me, error) {
	var out Me
	err := c.get(ctx, path("me"), nil, &out)
	return out, err
}

// Organisations lists all of them, by name.
func (c *Client) Organisations(ctx context.Context) ([]Organisation, error) {
	return all[Organisation](ctx, c, path("organisations"))
}

// Organisation gives one by its id or name, and its entity tag; see WithTag.
func (c *Client) Organisation(ctx context.Context, org string) (Organisation, string, error) {
	var out Organisation
	tag, err := c.tagged(ctx, path("organisations", org), &out)
	return out, tag, err
}

// AddOrganisation adds one. It takes an administrator.
func (c *Client) AddOrganisation(ctx context.Context, draft OrganisationDraft) (Organisation, error) {
	var out Organisation
	err := c.post(ctx, path("organisations"), draft, &out)
	return out, err
}

// ChangeOrganisation replaces what an organisation is; it rules the next
// request of its people. It takes an administrator.
func (c *Client) ChangeOrganisation(ctx context.Context, org string, draft OrganisationDraft) (Organisation, error) {
	var out Organisation
	err := c.send(ctx, http.MethodPut, path("organisations", org), draft, &out)
	return out, err
}

// People lists an organisation's people to its own members and to
// administrators.
func (c *Client) People(ctx context.Context, org string) ([]Person, error) {
	return all[Person](ctx, c, path("organisations", org, "people"))
}

// Person gives one of one's organisation, or anybody to an administrator, by
// id, by name within one's organisation or as ORG/Name; and the entity tag, see
// WithTag.
func (c *Client) Person(ctx context.Context, person string) (Person, string, error) {
	var out Person
	tag, err := c.tagged(ctx, path("people", person), &out)
	return out, tag, err
}

// AddPerson adds one. It takes an administrator.
func (c *Client) AddPerson(ctx context.Context, draft PersonDraft) (Person, error) {
	var out Person
	err := c.post(ctx, path("people"), draft, &out)
	return out, err
}

// ChangePerson replaces what a person holds; it rules his next request. It
// takes an administrator.
func (c *Client) ChangePerson(ctx context.Context, person string, draft PersonDraft) (Person, error) {
	var out Person
	err := c.send(ctx, http.MethodPut, path("people", person), draft, &out)
	return out, err
}
