package httpapi

import (
	"cordon"
	"cordon/internal/core/notice"
	"cordon/wire"
)

func (a *api) notices(c *call) (any, error) {
	q, err := c.query("unread", "cursor", "limit")
	if err != nil {
		return nil, err
	}
	if unread := q.Get("unread"); q.Has("unread") && unread != "true" && unread != "false" {
		return nil, cordon.Errorf(cordon.Invalid, "unread is true or false")
	}
	page, err := c.page(q, q.Get("unread"))
	if err != nil {
		return nil, err
	}
	fetch := a.Notice.List
	if q.Get("unread") == "true" {
		fetch = a.Notice.Unread
	}
	all, err := fetch(c.Context(), c.person, page.After, page.Limit)
	if err != nil {
		return nil, err
	}
	out := wire.List[wire.Notice]{Items: make([]wire.Notice, len(all))}
	for i, n := range all {
		out.Items[i] = wire.Notice{ID: n.ID, Kind: n.Kind, Marking: n.Mark, Text: n.Text, Created: n.Created, Read: n.Read}
	}
	if n := len(all); n == page.Limit {
		out.Next = c.cursor(cordon.Cursor{Created: all[n-1].Created, ID: all[n-1].ID}, q.Get("unread"))
	}
	return out, nil
}

func (a *api) unread(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	n, err := a.Notice.CountUnread(c.Context(), c.person)
	return wire.Unread{Unread: n}, err
}

func (a *api) readNotices(c *call) (any, error) {
	var in wire.NoticesRead
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := wellFormed(in.Notices...); err != nil {
		return nil, err
	}
	return nothing, a.Notice.MarkRead(c.Context(), c.person, in.Notices)
}

func (a *api) channels(c *call) (any, error) {
	if _, err := c.query(); err != nil {
		return nil, err
	}
	all, err := a.Notice.Channels(c.Context(), c.person)
	var out []wire.Channel
	for _, one := range all {
		out = append(out, channel(one, ""))
	}
	return list(out, err)
}

func (a *api) addChannel(c *call) (any, error) {
	var in wire.ChannelDraft
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	out, secret, err := a.Notice.AddChannel(c.Context(), c.person, notice.ChannelDraft{
		Address: in.Address, URL: in.URL, Terms: notice.ChannelTerms(in.ChannelTerms),
	})
	return channel(out, secret), err
}

func (a *api) changeChannel(c *call) (any, error) {
	var in wire.ChannelTerms
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	id, err := c.id("channel")
	if err != nil {
		return nil, err
	}
	out, err := a.Notice.ChangeChannel(c.Context(), c.person, id, notice.ChannelTerms(in))
	return channel(out, ""), err
}

func (a *api) removeChannel(c *call) (any, error) {
	id, err := c.id("channel")
	if err != nil {
		return nil, err
	}
	return nothing, a.Notice.RemoveChannel(c.Context(), c.person, id)
}

func (a *api) newChannelSecret(c *call) (any, error) {
	id, err := c.id("channel")
	if err != nil {
		return nil, err
	}
	out, secret, err := a.Notice.NewSecret(c.Context(), c.person, id)
	return channel(out, secret), err
}

// testChannel answers with what became of the test: that a receiver is out of
// reach is no fault of this server.
func (a *api) testChannel(c *call) (any, error) {
	id, err := c.id("channel")
	if err != nil {
		return nil, err
	}
	problem, err := a.Notice.TestChannel(c.Context(), c.person, id)
	return wire.Tested{Delivered: problem == "", Problem: problem}, err
}

func channel(c notice.Channel, secret string) wire.Channel {
	return wire.Channel{
		ID: c.ID, Kind: c.Kind, Address: c.Address, URL: c.URL, ChannelTerms: wire.ChannelTerms(c.Terms),
		Created: c.Created, Failing: c.Failing, Secret: secret,
	}
}
