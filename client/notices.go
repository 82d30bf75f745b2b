package client

import (
	"context"
	"net/http"

	"cordon"
	"cordon/wire"
)

// Notices lists the notices addressed to oneself, by name or by a role one
// holds, as far as one may see them, newest first.
func (c *Client) Notices(ctx context.Context, page Page) (wire.List[wire.Notice], error) {
	var out wire.List[wire.Notice]
	err := c.get(ctx, path("notices"), page.query(), &out)
	return out, err
}

// UnreadNotices lists those of them that one has not read.
func (c *Client) UnreadNotices(ctx context.Context, page Page) (wire.List[wire.Notice], error) {
	q := page.query()
	q.Set("unread", "true")
	var out wire.List[wire.Notice]
	err := c.get(ctx, path("notices"), q, &out)
	return out, err
}

// CountUnread counts what UnreadNotices lists.
func (c *Client) CountUnread(ctx context.Context) (int64, error) {
	var out wire.Unread
	err := c.get(ctx, path("notices", "unread"), nil, &out)
	return out.Unread, err
}

// ReadNotices notes that one has read them.
func (c *Client) ReadNotices(ctx context.Context, notices ...cordon.ID) error {
	return c.post(ctx, path("notices", "read"), wire.NoticesRead{Notices: notices}, nil)
}

// Channels lists one's organisation's, oldest first. It takes a security
// officer or an administrator, as does all that follows.
func (c *Client) Channels(ctx context.Context) (wire.List[wire.Channel], error) {
	var out wire.List[wire.Channel]
	err := c.get(ctx, path("channels"), nil, &out)
	return out, err
}

// AddChannel adds one. A webhook's answer has its secret, once.
func (c *Client) AddChannel(ctx context.Context, draft wire.ChannelDraft) (wire.Channel, error) {
	var out wire.Channel
	err := c.post(ctx, path("channels"), draft, &out)
	return out, err
}

// ChangeChannel changes its terms. They rule what is sent from then on.
func (c *Client) ChangeChannel(ctx context.Context, channel cordon.ID, terms wire.ChannelTerms) (wire.Channel, error) {
	var out wire.Channel
	err := c.send(ctx, http.MethodPut, path("channels", string(channel)), terms, &out)
	return out, err
}

// RemoveChannel removes it with what was on its way to it.
func (c *Client) RemoveChannel(ctx context.Context, channel cordon.ID) error {
	return c.send(ctx, http.MethodDelete, path("channels", string(channel)), nil, nil)
}

// NewChannelSecret gives a webhook another secret, shown once. For a day what
// is sent is signed with the old one too.
func (c *Client) NewChannelSecret(ctx context.Context, channel cordon.ID) (wire.Channel, error) {
	var out wire.Channel
	err := c.post(ctx, path("channels", string(channel), "secret"), nil, &out)
	return out, err
}

// TestChannel sends a line there that says nothing but that it is a test.
func (c *Client) TestChannel(ctx context.Context, channel cordon.ID) (wire.Tested, error) {
	var out wire.Tested
	err := c.post(ctx, path("channels", string(channel), "test"), nil, &out)
	return out, err
}
