package client

import (
	"context"
	"time"

	"cordon"
)

// Notice is a message to one's organisation.
type Notice struct {
	ID      cordon.ID `json:"id"`
	Marking string    `json:"marking,omitempty"`
	Text    string    `json:"text"`
	Created time.Time `json:"created"`
}

// Notices lists those of one's organisation, newest first. It takes a release
// authority or a security officer.
func (c *Client) Notices(ctx context.Context, page Page) (List[Notice], error) {
	var out List[Notice]
	err := c.get(ctx, path("notices"), page.query(), &out)
	return out, err
}
