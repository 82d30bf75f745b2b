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
			n, err := notice.CountUnread(c.Context(), c.by)
			return wire.Unread{Unread: n}, err
		}),
		serve(wire.ReadNotices, func(c *call, in wire.NoticesRead) (wire.Done, error) {
			return wire.Done{}, notice.MarkRead(c.Context(), c.by, in.Notices)
		}),
		serve(wire.ListChannels, func(c *call, _ wire.None) (wire.List[wire.Channel], error) {
			all, err := notice.ListChannels(c.Context(), c.by)
			var out []wire.Channel
			for _, one := range all {
				out = append(out, channel(one, ""))
			}
			return whole(out), err
		}),
		serve(wire.AddChannel, func(c *call, in wire.ChannelDraft) (wire.Channel, error) {
			out, secret, err := notice.AddChannel(c.Context(), c.by, a.Channels, notice.ChannelDraft{
				Address: in.Address, URL: in.URL, Terms: notice.ChannelTerms(in.ChannelTerms),
			})
			return channel(out, secret), err
		}),
		serve(wire.ChangeChannel, func(c *call, in wire.ChannelChange) (wire.Channel, error) {
			out, err := notice.ChangeChannel(c.Context(), c.by, in.Channel, notice.ChannelTerms(in.ChannelTerms))
			return channel(out, ""), err
		}),
		serve(wire.RemoveChannel, func(c *call, in wire.OfChannel) (wire.Done, error) {
			return wire.Done{}, notice.RemoveChannel(c.Context(), c.by, in.Channel)
		}),
		serve(wire.NewChannelSecret, func(c *call, in wire.OfChannel) (wire.Channel, error) {
			out, secret, err := notice.NewSecret(c.Context(), c.by, in.Channel)
			return channel(out, secret), err
		}),
		// The answer tells what became of the test: that a receiver is out of
		// reach is no fault of this server.
		serve(wire.TestChannel, func(c *call, in wire.OfChannel) (wire.Tested, error) {
			problem, err := notice.TestChannel(c.Context(), c.by, a.Channels.Deliver, in.Channel)
			return wire.Tested{Delivered: problem == "", Problem: problem}, err
		}),
	}
}

func (a *api) notices(c *call, in wire.NoticesPage) (wire.List[wire.Notice], error) {
	fetch := notice.List
	if in.Unread {
		fetch = notice.Unread
	}
	return newest(in.Page, func(after cordon.Cursor, limit int) ([]wire.Notice, bool, error) {
		all, err := fetch(c.Context(), c.by, after, limit)
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
