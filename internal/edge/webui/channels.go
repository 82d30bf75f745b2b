package webui

import (
	"slices"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// channelsPage is the ways by which an organisation's notices leave Cordon.
type channelsPage struct {
	frame
	Channels []wire.Channel
	Kinds    []cordon.NoticeKind
	// Secret is a webhook's, which is shown once.
	Secret string
	Tested *wire.Tested
}

// Sends reports whether the channel takes the kind.
func (channelsPage) Sends(c wire.Channel, k cordon.NoticeKind) bool {
	return slices.Contains(c.Kinds, k)
}

func channels(v *visit) error { return showChannels(v, channelsPage{}, nil) }

func showChannels(v *visit, view channelsPage, problem error) error {
	view.frame = v.frame("Channels")
	view.Kinds = slices.DeleteFunc(cordon.NoticeKinds(), func(k cordon.NoticeKind) bool { return k == cordon.NoticeChannel })
	status, err := v.wronged(&view.frame, problem)
	if err != nil {
		return err
	}
	list, err := httpapi.Do(v.Caller, wire.ListChannels, wire.None{})
	if err != nil {
		return err
	}
	view.Channels = list.Items
	return v.show("channels", status, view)
}

func (v *visit) channelTerms() wire.ChannelTerms {
	t := wire.ChannelTerms{Clearance: v.text("clearance"), Quiet: v.is("quiet")}
	for _, k := range cordon.NoticeKinds() {
		if slices.Contains(v.form["kind"], string(k)) {
			t.Kinds = append(t.Kinds, k)
		}
	}
	return t
}

func addChannel(v *visit) error {
	if err := v.once(); err != nil {
		return showChannels(v, channelsPage{}, err)
	}
	made, err := httpapi.Do(v.Caller, wire.AddChannel, wire.ChannelDraft{Address: v.text("address"), URL: v.text("url"), ChannelTerms: v.channelTerms()})
	return showChannels(v, channelsPage{Secret: made.Secret}, err)
}

// onChannel is one of the acts on a channel, by the button pressed.
func onChannel(v *visit) error {
	of := wire.OfChannel{Channel: cordon.ID(v.form.Get("id"))}
	do, err := v.pressed("change", "remove", "test", "secret")
	if err != nil {
		return showChannels(v, channelsPage{}, err)
	}
	switch do {
	case "remove":
		if yes, err := v.sure(preview{
			there: func() error {
				list, err := httpapi.Do(v.Caller, wire.ListChannels, wire.None{})
				if err == nil && !slices.ContainsFunc(list.Items, func(c wire.Channel) bool { return c.ID == of.Channel }) {
					err = notHere
				}
				return err
			},
			title: "Channels", says: "The channel is removed, with everything that was on its way to it.", do: "Remove it", back: "/channels", bad: true,
			then: []string{"The notices stay in the inbox."},
		}); !yes || err != nil {
			return err
		}
		if _, err := httpapi.Do(v.Caller, wire.RemoveChannel, of); err != nil {
			return showChannels(v, channelsPage{}, err)
		}
		return v.to("/channels", "removed")
	case "test":
		tested, err := httpapi.Do(v.Caller, wire.TestChannel, of)
		if err != nil {
			return showChannels(v, channelsPage{}, err)
		}
		return showChannels(v, channelsPage{Tested: &tested}, nil)
	case "secret":
		if err := v.once(); err != nil {
			return showChannels(v, channelsPage{}, err)
		}
		made, err := httpapi.Do(v.Caller, wire.NewChannelSecret, of)
		return showChannels(v, channelsPage{Secret: made.Secret}, err)
	}
	err = v.once()
	if err == nil {
		_, err = httpapi.Do(v.Caller, wire.ChangeChannel, wire.ChannelChange{OfChannel: of, ChannelTerms: v.channelTerms()})
	}
	if err != nil {
		return showChannels(v, channelsPage{}, err)
	}
	return v.to("/channels", "saved")
}
