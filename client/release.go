package client

import (
	"context"
	"net/url"
	"time"

	"cordon"
)

// ReleaseDraft asks every owner that an organisation may have some portions.
type ReleaseDraft struct {
	// Portions are asked for one by one; Report, by id or ref, in their place
	// means all of it that one may see.
	Portions []cordon.ID `json:"portions,omitempty"`
	Report   string      `json:"report,omitempty"`
	// Audience is the organisation, by id or name.
	Audience string `json:"audience"`
	// Purpose is shown to the owners asked.
	Purpose string `json:"purpose,omitempty"`
	// Expires is when undecided parts lapse; zero leaves it to the server.
	Expires time.Time `json:"expires,omitzero"`
}

// ReleaseRequest is a release request as the asking organisation sees it.
type ReleaseRequest struct {
	ID       cordon.ID     `json:"id"`
	Audience Named         `json:"audience"`
	Purpose  string        `json:"purpose"`
	Created  time.Time     `json:"created"`
	Expires  time.Time     `json:"expires"`
	Parts    []ReleasePart `json:"parts"`
	// Clear are portions that the audience may have already.
	Clear []cordon.ID `json:"clear,omitempty"`
	// Excluded are portions whose marking leaves the audience out: no grant
	// opens those. They need a tearline or another marking.
	Excluded []cordon.ID `json:"excluded,omitempty"`
}

// ReleasePart is one owner's part of a request.
type ReleasePart struct {
	ID       cordon.ID        `json:"id"`
	Request  cordon.ID        `json:"request"`
	Owner    Named            `json:"owner"`
	State    cordon.PartState `json:"state"`
	Portions []PartPortion    `json:"portions"`
	// Requester is the organisation that asks.
	Requester Named     `json:"requester"`
	Audience  Named     `json:"audience"`
	Purpose   string    `json:"purpose,omitempty"`
	Expires   time.Time `json:"expires"`
	Reason    string    `json:"reason,omitempty"`
	Grant     cordon.ID `json:"grant,omitempty"`
	// Tearline is the report offered in place of what is refused.
	Tearline cordon.ID `json:"tearline,omitempty"`
}

// PartPortion is a portion of a part and the owner's own portions that it was
// made from.
type PartPortion struct {
	ID      cordon.ID   `json:"id"`
	Marking string      `json:"marking"`
	Sources []cordon.ID `json:"sources,omitempty"`
}

// Decision is an owner's answer to its part. What it does not grant it
// refuses.
type Decision struct {
	Grant []cordon.ID `json:"grant,omitempty"`
	// Until is when the permission ends; zero leaves it to the server.
	Until time.Time `json:"until,omitzero"`
	// ShownOnly permits showing and not keeping.
	ShownOnly bool `json:"shownOnly,omitempty"`
	// Tearline is a report of one's own, of kind tearline, by id or ref.
	Tearline string `json:"tearline,omitempty"`
	// Reason is told to the requester.
	Reason string `json:"reason,omitempty"`
}

// Grant is an owner's recorded permission.
type Grant struct {
	ID        cordon.ID   `json:"id"`
	Owner     Named       `json:"owner"`
	To        Named       `json:"to"`
	Request   cordon.ID   `json:"request,omitempty"`
	Portions  []cordon.ID `json:"portions"`
	ShownOnly bool        `json:"shownOnly,omitempty"`
	// Emergency says that it was made on the owner's behalf in an emergency.
	Emergency bool      `json:"emergency,omitempty"`
	Created   time.Time `json:"created"`
	Until     time.Time `json:"until"`
	// Revoked is the zero time for a grant that was not revoked.
	Revoked time.Time `json:"revoked,omitzero"`
}

// RequestRelease files a request with a part for every owner whose permission
// is missing.
func (c *Client) RequestRelease(ctx context.Context, draft ReleaseDraft) (ReleaseRequest, error) {
	var out ReleaseRequest
	err := c.post(ctx, path("release-requests"), draft, &out)
	return out, err
}

// ReleaseRequests lists those of one's organisation, newest first.
func (c *Client) ReleaseRequests(ctx context.Context) ([]ReleaseRequest, error) {
	var out List[ReleaseRequest]
	err := c.get(ctx, path("release-requests"), nil, &out)
	return out.Items, err
}

// ReleaseParts lists the parts that wait for one's organisation or were
// decided by it, newest first.
func (c *Client) ReleaseParts(ctx context.Context) ([]ReleasePart, error) {
	var out List[ReleasePart]
	err := c.get(ctx, path("release-parts"), nil, &out)
	return out.Items, err
}

// Decide answers one's part of a request. It takes a release authority.
func (c *Client) Decide(ctx context.Context, part cordon.ID, decision Decision) (ReleasePart, error) {
	var out ReleasePart
	err := c.post(ctx, path("release-parts", string(part), "decision"), decision, &out)
	return out, err
}

// Grants lists those one's organisation gave for any of the portions.
func (c *Client) Grants(ctx context.Context, portions ...cordon.ID) ([]Grant, error) {
	q := url.Values{}
	for _, id := range portions {
		q.Add("portion", string(id))
	}
	var out List[Grant]
	err := c.get(ctx, path("grants"), q, &out)
	return out.Items, err
}

// Revoke ends a grant of one's organisation at once.
func (c *Client) Revoke(ctx context.Context, grant cordon.ID) error {
	return c.post(ctx, path("grants", string(grant), "revocation"), nil, nil)
}
