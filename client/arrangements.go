package client

import (
	"context"
	"time"

	"cordon"
)

// Arrangement is one as it is shown to who may know of it.
type Arrangement struct {
	ID      cordon.ID `json:"id"`
	Name    string    `json:"name"`
	Marking string    `json:"marking"`
	Drafter Named     `json:"drafter"`
	Parties []Named   `json:"parties"`
	// DefaultMarking is that of portions that carry none.
	DefaultMarking string `json:"defaultMarking,omitempty"`
	// Equivalences are what markings of one scheme mean in another.
	Equivalences []cordon.Equivalence `json:"equivalences,omitempty"`
	Withheld     cordon.Withheld      `json:"withheld"`
	Created      time.Time            `json:"created"`
}

// ArrangementDraft is an arrangement to be set up.
type ArrangementDraft struct {
	Name string `json:"name"`
	// Marking is that of the arrangement itself: who may know of it.
	Marking string `json:"marking"`
	// Parties are the other organisations, by id or name; one's own is
	// always a party.
	Parties        []string             `json:"parties"`
	DefaultMarking string               `json:"defaultMarking,omitempty"`
	Equivalences   []cordon.Equivalence `json:"equivalences,omitempty"`
	Withheld       cordon.Withheld      `json:"withheld,omitempty"`
}

// Arrangements lists those one may know of.
func (c *Client) Arrangements(ctx context.Context) ([]Arrangement, error) {
	var out List[Arrangement]
	err := c.get(ctx, path("arrangements"), nil, &out)
	return out.Items, err
}

// AddArrangement sets one up. It takes a release authority.
func (c *Client) AddArrangement(ctx context.Context, draft ArrangementDraft) (Arrangement, error) {
	var out Arrangement
	err := c.post(ctx, path("arrangements"), draft, &out)
	return out, err
}
