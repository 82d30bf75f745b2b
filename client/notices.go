package client

import (
	"context"

	"cordon"
	"cordon/wire"
)

// Notices lists the notices addressed to oneself, by name or by a role one
// holds, as far as one may see them, newest first.
func (c *Client) Notices(ctx context.Context, page wire.Page) (wire.List[wire.Notice], error) {
	return do(ctx, c, wire.ListNotices, wire.NoticesPage{Page: page})
}

// UnreadNotices lists those of them that one has not read.
func (c *Client) UnreadNotices(ctx context.Context, page wire.Page) (wire.List[wire.Notice], error) {
	return do(ctx, c, wire.ListNotices, wire.NoticesPage{Unread: true, Page: page})
}

// CountUnread counts what UnreadNotices lists.
func (c *Client) CountUnread(ctx context.Context) (int64, error) {
	out, err := do(ctx, c, wire.CountUnread, wire.None{})
	return out.Unread, err
}

// ReadNotices marks them as read by oneself.
func (c *Client) ReadNotices(ctx context.Context, notices ...cordon.ID) error {
	_, err := do(ctx, c, wire.ReadNotices, wire.NoticesRead{Notices: notices})
	return err
}

// Channels lists one's organisation's, oldest first. It takes a security
// officer or an administrator, as do the methods below.
func (c *Client) Channels(ctx context.Context) (wire.List[wire.Channel], error) {
	return do(ctx, c, wire.ListChannels, wire.None{})
}

// AddChannel adds a channel. A webhook's answer has its secret, once.
func (c *Client) AddChannel(ctx context.Context, draft wire.ChannelDraft) (wire.Channel, error) {
	return do(ctx, c, wire.AddChannel, draft)
}

// ChangeChannel changes its terms. They rule everything sent from then on.
func (c *Client) ChangeChannel(ctx context.Context, channel cordon.ID, terms wire.ChannelTerms) (wire.Channel, error) {
	return do(ctx, c, wire.ChangeChannel, wire.ChannelChange{OfChannel: wire.OfChannel{Channel: channel}, ChannelTerms: terms})
}

// RemoveChannel removes it with every notice on its way to it.
func (c *Client) RemoveChannel(ctx context.Context, channel cordon.ID) error {
	_, err := do(ctx, c, wire.RemoveChannel, wire.OfChannel{Channel: channel})
	return err
}

// NewChannelSecret gives a webhook another secret, shown once. For a day
// posts are signed with the old one too.
func (c *Client) NewChannelSecret(ctx context.Context, channel cordon.ID) (wire.Channel, error) {
	return do(ctx, c, wire.NewChannelSecret, wire.OfChannel{Channel: channel})
}

// TestChannel sends a line there which says only that it is a test.
func (c *Client) TestChannel(ctx context.Context, channel cordon.ID) (wire.Tested, error) {
	return do(ctx, c, wire.TestChannel, wire.OfChannel{Channel: channel})
}
