package client

import (
	"context"
	"net/http"
	"time"

	"cordon"
)

// Group is a need-to-know group of one's own organisation.
type Group struct {
	ID cordon.ID `json:"id"`
	// Name is empty for people named for one narrowing.
	Name string `json:"name,omitempty"`
	// Everyone opens it to all people of the organisation.
	Everyone bool      `json:"everyone,omitempty"`
	People   []Named   `json:"people"`
	Created  time.Time `json:"created"`
}

// GroupDraft is a group to be made, or all that it is to be from now on.
type GroupDraft struct {
	Name string `json:"name,omitempty"`
	// Everyone opens it to all people of the organisation, which lifts what was
	// narrowed to it.
	Everyone bool `json:"everyone,omitempty"`
	// People are those of one's own organisation that are in it.
	People []string `json:"people,omitempty"`
}

// NarrowingDraft says to whom of one's own people something is narrowed: a
// group, or people named.
type NarrowingDraft struct {
	// Group is a group by id or name.
	Group  string   `json:"group,omitempty"`
	People []string `json:"people,omitempty"`
}

// Narrowing is one report, or all that is under one arrangement, narrowed within
// one's own organisation.
type Narrowing struct {
	ID          cordon.ID `json:"id"`
	Group       cordon.ID `json:"group"`
	Report      cordon.ID `json:"report,omitempty"`
	Arrangement cordon.ID `json:"arrangement,omitempty"`
	By          cordon.ID `json:"by"`
	At          time.Time `json:"at"`
}

// Groups lists one's own organisation's need-to-know groups, by name. It takes a security
// officer, as all of this does.
func (c *Client) Groups(ctx context.Context) ([]Group, error) {
	return all[Group](ctx, c, path("groups"))
}

// AddGroup makes one.
func (c *Client) AddGroup(ctx context.Context, draft GroupDraft) (Group, error) {
	var out Group
	err := c.post(ctx, path("groups"), draft, &out)
	return out, err
}

// ChangeGroup replaces a group's name and people; it rules their next request.
func (c *Client) ChangeGroup(ctx context.Context, group string, draft GroupDraft) (Group, error) {
	var out Group
	err := c.send(ctx, http.MethodPut, path("groups", group), draft, &out)
	return out, err
}

// NarrowReport narrows a report, and all that was made from it, within one's own
// organisation.
func (c *Client) NarrowReport(ctx context.Context, report string, to NarrowingDraft) (Narrowing, error) {
	var out Narrowing
	err := c.post(ctx, path("reports", report, "narrowing"), to, &out)
	return out, err
}

// NarrowArrangement narrows all that is under an arrangement, and all that will
// be, within one's own organisation.
func (c *Client) NarrowArrangement(ctx context.Context, arrangement string, to NarrowingDraft) (Narrowing, error) {
	var out Narrowing
	err := c.post(ctx, path("arrangements", arrangement, "narrowing"), to, &out)
	return out, err
}

// Narrowings lists what was narrowed within one's own organisation, oldest first,
// as far as one may see something of it.
func (c *Client) Narrowings(ctx context.Context) ([]Narrowing, error) {
	return all[Narrowing](ctx, c, path("narrowings"))
}
