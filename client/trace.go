package client

import (
	"context"
	"time"

	"cordon"
)

// Check asks, before anything is told, what of a draft an audience may not
// have.
type Check struct {
	Text string `json:"text"`
	// Audience is the organisation, by id or name.
	Audience string `json:"audience"`
}

// Checked is the answer: what was found of protected portions.
type Checked struct {
	Audience Named `json:"audience"`
	// OK says that nothing was found that the audience may not have.
	OK       bool      `json:"ok"`
	Findings []Finding `json:"findings"`
}

// Scanned is what a text found outside has of protected portions.
type Scanned struct {
	Findings []Finding `json:"findings"`
}

// Finding is a protected portion of which a text has something.
type Finding struct {
	Portion cordon.ID `json:"portion"`
	Report  cordon.ID `json:"report"`
	Ref     string    `json:"ref,omitempty"`
	Marking string    `json:"marking"`
	Owners  []Named   `json:"owners"`
	// Words is how many of the portion's words stand in the text, of Of.
	Words int `json:"words"`
	Of    int `json:"of"`
	// Whole says that nearly all of the portion does.
	Whole bool `json:"whole,omitempty"`
	// Passages are the places in the text.
	Passages []Passage `json:"passages"`
	// Blocked says, in a check, that the audience may not have it, and Needs
	// what would be needed.
	Blocked bool   `json:"blocked,omitempty"`
	Needs   []Need `json:"needs,omitempty"`
}

// Passage is a place in the text that was handed in, in bytes.
type Passage struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text,omitempty"`
}

// Need is one thing that stands between an audience and a portion.
type Need struct {
	// Reason is the condition that does not hold: "owner", "audience".
	Reason string `json:"reason"`
	// Owner is whose permission is missing, where it is that.
	Owner *Named `json:"owner,omitempty"`
}

// Holder is somebody who was shown a portion.
type Holder struct {
	Person       Named     `json:"person"`
	Organisation Named     `json:"organisation"`
	At           time.Time `json:"at"`
	// Via is the act that showed it: read, list, search, export.
	Via cordon.Act `json:"via"`
	// Portion is the one shown: the one asked about or one made from it.
	Portion cordon.ID `json:"portion"`
	Report  cordon.ID `json:"report"`
}

// Check says which passages of a draft the audience may not have, from whom
// they are and what would be needed.
func (c *Client) Check(ctx context.Context, check Check) (Checked, error) {
	var out Checked
	err := c.post(ctx, path("check"), check, &out)
	return out, err
}

// Scan finds protected portions in a text found outside.
func (c *Client) Scan(ctx context.Context, text string) (Scanned, error) {
	var out Scanned
	err := c.post(ctx, path("scan"), map[string]string{"text": text}, &out)
	return out, err
}

// Holders lists who was shown a portion, or something made from it.
func (c *Client) Holders(ctx context.Context, portion cordon.ID) ([]Holder, error) {
	var out List[Holder]
	err := c.get(ctx, path("portions", string(portion), "holders"), nil, &out)
	return out.Items, err
}
