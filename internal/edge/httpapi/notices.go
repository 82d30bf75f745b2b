package httpapi

import (
	"cordon"
	"cordon/internal/core/notice"
	"cordon/wire"
)

func (a *api) noticeRoutes() []route {
	return []route{
		serve(wire.ListNotices, a.notices),
		serve(wire.CountUnread, func(c *call, _ wire.None) (wire.Unread, error) {
			n, err := a.Notice.CountUnread(c.Context(), c.person)
			return wire.Unread{Unread: n}, err
		}),
		serve(wire.ReadNotices, func(c *call, in wire.NoticesRead) (wire.Done, error) {
			return wire.Done{}, a.Notice.MarkRead(c.Context(), c.person, in.Notices)
		}),
		serve(wire.ListChannels, func(c *call, _ wire.None) (wire.List[wire.Channel], error) {
			all, err := a.Notice.Channels(c.Context(), c.person)
			var out []wire.Channel
			for _, one := range all {
				out = append(out, channel(one, ""))
			}
			return whole(out), err
		}),
		serve(wire.AddChannel, func(c *call, in wire.ChannelDraft) (wire.Channel, error) {
			out, secret, err := a.Notice.AddChannel(c.Context(), c.person, notice.ChannelDraft{
				Address: in.Address, URL: in.URL, Terms: notice.ChannelTerms(in.ChannelTerms),
			})
			return channel(out, secret), err
		}),
		serve(wire.ChangeChannel, func(c *call, in wire.ChannelChange) (wire.Channel, error) {
			out, err := a.Notice.ChangeChannel(c.Context(), c.person, in.Channel, notice.ChannelTerms(in.ChannelTerms))
			return channel(out, ""), err
		}),
		serve(wire.RemoveChannel, func(c *call, in wire.OfChannel) (wire.Done, error) {
			return wire.Done{}, a.Notice.RemoveChannel(c.Context(), c.person, in.Channel)
		}),
		serve(wire.NewChannelSecret, func(c *call, in wire.OfChannel) (wire.Channel, error) {
			out, secret, err := a.Notice.NewSecret(c.Context(), c.person, in.Channel)
			return channel(out, secret), err
		}),
		// The answer tells what became of the test: that a receiver is out of
		// reach is no fault of this server.
		serve(wire.TestChannel, func(c *call, in wire.OfChannel) (wire.Tested, error) {
			problem, err := a.Notice.TestChannel(c.Context(), c.person, in.Channel)
			return wire.Tested{Delivered: problem == "", Problem: problem}, err
		}),
	}
}

func (a *api) notices(c *call, in wire.NoticesPage) (wire.List[wire.Notice], error) {
	fetch := a.Notice.List
	if in.Unread {
		fetch = a.Notice.Unread
	}
	return newest(in.Page, func(after cordon.Cursor, limit int) ([]wire.Notice, bool, error) {
		all, err := fetch(c.Context(), c.person, after, limit)
		out := make([]wire.Notice, len(all))
		for i, n := range all {
			out[i] = wire.Notice{ID: n.ID, Kind: n.Kind, Marking: n.Mark, Text: n.Text, Created: n.Created, Read: n.Read}
		}
		return out, len(out) == limit, err
	}, func(n wire.Notice) cordon.Cursor { return cordon.Cursor{Created: n.Created, ID: n.ID} })
}

func channel(c notice.Channel, secret string) wire.Channel {
	return wire.Channel{
		ID: c.ID, Kind: c.Kind, Address: c.Address, URL: c.URL, ChannelTerms: wire.ChannelTerms(c.Terms),
		Created: c.Created, Failing: c.Failing, Secret: secret,
	}
}
