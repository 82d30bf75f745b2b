package wire

import (
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

// ChannelDraft is a channel to be added: one of Address and URL, and terms.
type ChannelDraft struct {
	// Address is a mail address, without a name.
	Address string `json:"address,omitempty"`
	// URL is a webhook's, https.
	URL string `json:"url,omitempty"`
	ChannelTerms
}

// ChannelTerms are the terms of a channel that may be changed.
type ChannelTerms struct {
	// Clearance is the highest marking that may be sent there, and no higher
	// than one may read oneself.
	Clearance string `json:"clearance"`
	// Quiet sends nothing of a notice above it. Otherwise a bare line says
	// that one waits.
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
	// Failing is since when notices for it have been given up; left out while
	// they arrive.
	Failing time.Time `json:"failing,omitzero"`
	// Secret verifies a webhook's posts. It is in the answer that made it and
	// never again. See VerifyWebhook.
	Secret string `json:"secret,omitempty"`
}

// Tested is the outcome of a test of a channel.
type Tested struct {
	Delivered bool `json:"delivered"`
	// Problem says why not.
	Problem string `json:"problem,omitempty"`
}

// NoticesPage asks for a page of notices.
type NoticesPage struct {
	// Unread asks for those alone that one has not read.
	Unread bool `query:"unread" json:"-"`
	Page
}

// OfChannel is the request of something that is of one channel.
type OfChannel struct {
	// Channel is the id of one.
	Channel cordon.ID `path:"channel" json:"-"`
}

// ChannelChange is all that the terms of a channel are to be from now on.
type ChannelChange struct {
	OfChannel
	ChannelTerms
}

var exampleChannel = Channel{
	ID: exampleOther, Kind: "webhook", URL: "https://hooks.briar.example/cordon",
	ChannelTerms: ChannelTerms{Clearance: "C"}, Created: exampleTime,
}

// ListNotices lists the notices addressed to oneself, by name or by a role one
// holds, as far as one may see them, newest first.
var ListNotices = Operation[NoticesPage, List[Notice]]{
	Name: "listNotices", Pattern: "GET /api/v1/notices", Tag: "notices", Scope: cordon.ScopeRead,
	Answer: List[Notice]{Items: []Notice{
		{ID: exampleOther, Kind: "release", Marking: "S//NF", Text: "BRIAR is to be given a portion of yours.", Created: exampleTime},
	}},
}

// CountUnread tells how many of them one has not read.
var CountUnread = Operation[None, Unread]{
	Name: "countUnread", Pattern: "GET /api/v1/notices/unread", Tag: "notices", Scope: cordon.ScopeRead, Answer: Unread{2},
}

// ReadNotices notes that one has read them.
var ReadNotices = Operation[NoticesRead, Done]{
	Name: "readNotices", Pattern: "POST /api/v1/notices/read", Tag: "notices", Scope: cordon.ScopeRead, Repeat: AnsweredAgain,
	Errors:  []cordon.Kind{cordon.KindNotFound},
	Example: NoticesRead{[]cordon.ID{exampleOther}},
}

// ListChannels lists the ways by which one's organisation's notices leave Cordon,
// oldest first. It takes a security officer or an administrator, as does
// everything about channels.
var ListChannels = Operation[None, List[Channel]]{
	Name: "listChannels", Pattern: "GET /api/v1/channels", Tag: "notices", Scope: cordon.ScopeAdminister,
	Answer: List[Channel]{Items: []Channel{exampleChannel}},
}

// AddChannel adds a mail address or a webhook, whose secret is shown once.
var AddChannel = Operation[ChannelDraft, Channel]{
	Name: "addChannel", Pattern: "POST /api/v1/channels", Tag: "notices", Scope: cordon.ScopeAdminister, Repeat: ShownOnce,
	Makes:   true,
	Example: ChannelDraft{URL: "https://hooks.briar.example/cordon", ChannelTerms: ChannelTerms{Clearance: "C"}}, Answer: exampleChannel,
}

// ChangeChannel changes the terms of a channel. They rule everything sent
// from then on.
var ChangeChannel = Operation[ChannelChange, Channel]{
	Name: "changeChannel", Pattern: "PUT /api/v1/channels/{channel}", Tag: "notices",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain,
	Example: ChannelChange{OfChannel{exampleOther}, ChannelTerms{Clearance: "C"}}, Answer: exampleChannel,
}

// RemoveChannel removes a channel with everything that was on its way to it.
var RemoveChannel = Operation[OfChannel, Done]{
	Name: "removeChannel", Pattern: "DELETE /api/v1/channels/{channel}", Tag: "notices",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain, Example: OfChannel{exampleOther},
}

// NewChannelSecret gives a webhook another secret, shown once. For a day, notices
// are signed with the old one too.
var NewChannelSecret = Operation[OfChannel, Channel]{
	Name: "newChannelSecret", Pattern: "POST /api/v1/channels/{channel}/secret", Tag: "notices",
	Scope: cordon.ScopeAdminister, Repeat: ShownOnce, Example: OfChannel{exampleOther}, Answer: exampleChannel,
}

// TestChannel sends a line by the channel which says only that it is a test.
var TestChannel = Operation[OfChannel, Tested]{
	Name: "testChannel", Pattern: "POST /api/v1/channels/{channel}/test", Tag: "notices",
	Scope: cordon.ScopeAdminister, Repeat: AnsweredAgain, Example: OfChannel{exampleOther}, Answer: Tested{Delivered: true},
}
