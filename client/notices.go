package client

import (
	"context"
	"net/http"
	"time"

	"cordon"
)

// Notice is a message to people of one's organisation.
type Notice struct {
	ID      cordon.ID         `json:"id"`
	Kind    cordon.NoticeKind `json:"kind"`
	Marking string            `json:"marking,omitempty"`
	Text    string            `json:"text"`
	Created time.Time         `json:"created"`
	// Read is when one read it oneself; the zero time before.
	Read time.Time `json:"read,omitzero"`
}

// NoticesRead names notices that were read, at most 200.
type NoticesRead struct {
	Notices []cordon.ID `json:"notices"`
}

// Unread counts notices.
type Unread struct {
	Unread int64 `json:"unread"`
}

// Notices lists the notices addressed to oneself, by name or by a role one
// holds, as far as one may see them, newest first.
func (c *Client) Notices(ctx context.Context, page Page) (List[Notice], error) {
	var out List[Notice]
	err := c.get(ctx, path("notices"), page.query(), &out)
	return out, err
}

// UnreadNotices lists those of them that one has not read.
func (c *Client) UnreadNotices(ctx context.Context, page Page) (List[Notice], error) {
	q := page.query()
	q.Set("unread", "true")
	var out List[Notice]
	err := c.get(ctx, path("notices"), q, &out)
	return out, err
}

// CountUnread counts what UnreadNotices lists.
func (c *Client) CountUnread(ctx context.Context) (int64, error) {
	var out Unread
	err := c.get(ctx, path("notices", "unread"), nil, &out)
	return out.Unread, err
}

// ReadNotices notes that one has read them.
func (c *Client) ReadNotices(ctx context.Context, notices ...cordon.ID) error {
	return c.post(ctx, path("notices", "read"), NoticesRead{notices}, nil)
}

// ChannelDraft is a channel to be added: one of Address and URL, and terms.
type ChannelDraft struct {
	// Address is a mail address, without a name.
	Address string `json:"address,omitempty"`
	// URL is a webhook's, https.
	URL string `json:"url,omitempty"`
	ChannelTerms
}

// ChannelTerms are what may be changed of a channel.
type ChannelTerms struct {
	// Clearance is the marking of the most that may be sent there; at most
	// what one may read oneself.
	Clearance string `json:"clearance"`
	// Quiet has nothing sent of a notice above it. Otherwise a bare line
	// says that one waits.
	Quiet bool `json:"quiet,omitempty"`
	// Kinds are the kinds of notice sent there; all where it is left out.
	Kinds []cordon.NoticeKind `json:"kinds,omitempty"`
}

// Channel is a way by which one's organisation's notices leave Cordon.
type Channel struct {
	ID      cordon.ID          `json:"id"`
	Kind    cordon.ChannelKind `json:"kind"`
	Address string             `json:"address,omitempty"`
	URL     string             `json:"url,omitempty"`
	ChannelTerms
	Created time.Time `json:"created"`
	// Failing is since when what is sent there has been given up; the zero
	// time while it arrives.
	Failing time.Time `json:"failing,omitzero"`
	// Secret is what a webhook is verified with, in the answer that made it
	// and never again. See VerifyWebhook.
	Secret string `json:"secret,omitempty"`
}

// Tested says whether a channel took a test.
type Tested struct {
	Delivered bool `json:"delivered"`
	// Problem says why not.
	Problem string `json:"problem,omitempty"`
}

// Channels lists one's organisation's, oldest first. It takes a security
// officer or an administrator, as does all that follows.
func (c *Client) Channels(ctx context.Context) (List[Channel], error) {
	var out List[Channel]
	err := c.get(ctx, path("channels"), nil, &out)
	return out, err
}

// AddChannel adds one. A webhook's answer has its secret, once.
func (c *Client) AddChannel(ctx context.Context, draft ChannelDraft) (Channel, error) {
	var out Channel
	err := c.post(ctx, path("channels"), draft, &out)
	return out, err
}

// ChangeChannel changes its terms. They rule what is sent from then on.
func (c *Client) ChangeChannel(ctx context.Context, channel cordon.ID, terms ChannelTerms) (Channel, error) {
	var out Channel
	err := c.send(ctx, http.MethodPut, path("channels", string(channel)), terms, &out)
	return out, err
}

// RemoveChannel removes it with what was on its way to it.
func (c *Client) RemoveChannel(ctx context.Context, channel cordon.ID) error {
	return c.send(ctx, http.MethodDelete, path("channels", string(channel)), nil, nil)
}

// NewChannelSecret gives a webhook another secret, shown once. For a day what
// is sent is signed with the old one too.
func (c *Client) NewChannelSecret(ctx context.Context, channel cordon.ID) (Channel, error) {
	var out Channel
	err := c.post(ctx, path("channels", string(channel), "secret"), nil, &out)
	return out, err
}

// TestChannel sends a line there that says nothing but that it is a test.
func (c *Client) TestChannel(ctx context.Context, channel cordon.ID) (Tested, error) {
	var out Tested
	err := c.post(ctx, path("channels", string(channel), "test"), nil, &out)
	return out, err
}
