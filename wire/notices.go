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
