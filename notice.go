package cordon

import "time"

// Notice is a message to people of an organisation, written in the same
// transaction as the act it tells of.
type Notice struct {
	ID ID
	// Org is the organisation addressed. Nobody outside it is.
	Org ID
	// Person, if set, is addressed and nobody else. Otherwise the notice is
	// to those of Org who hold one of Roles when they look.
	Person ID
	Roles  []Role
	Kind   NoticeKind
	// Mark is the notice's own marking; empty where none is known.
	Mark string
	// Rule is the rule that an addressee must be admitted by; 0 for none.
	Rule RuleNo
	// Portions are those it tells of. Their state when the notice is sent
	// decides how much of it a channel may be sent.
	Portions []ID
	// Body is sealed under the addressed organisation's key.
	Body    Sealed
	Created time.Time
	// Read is when the person whose inbox is listed marked it as read; the
	// zero time before. It is kept for each person apart.
	Read time.Time
}

// NoticeKind is what a notice is about, so that a channel can be told of some
// things and not of others.
type NoticeKind string

// The kinds of notice.
const (
	// NoticeRelease: a release was asked for, answered, or ended.
	NoticeRelease NoticeKind = "release"
	// NoticeArrangement: an arrangement was drafted, agreed, changed or ended.
	NoticeArrangement NoticeKind = "arrangement"
	// NoticeIncident: something was struck, limited or recalled.
	NoticeIncident NoticeKind = "incident"
	// NoticeTrace: an organisation's portions were found in a text.
	NoticeTrace NoticeKind = "trace"
	// NoticeChannel: a channel could not be delivered to. It goes to no
	// channel.
	NoticeChannel NoticeKind = "channel"
	// NoticeOther is everything else.
	NoticeOther NoticeKind = "other"
)

// NoticeKinds lists every kind.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{NoticeRelease, NoticeArrangement, NoticeIncident, NoticeTrace, NoticeChannel, NoticeOther}
}

// Inbox is the notices to one person that they may see.
type Inbox struct {
	Org    ID
	Person ID
	// Roles are those they hold.
	Roles []Role
	// Rules are those that admit them; notices without one need none.
	Rules []RuleNo
	// Unread leaves out notices that they have read.
	Unread bool
}

// Channel is a way by which an organisation's notices leave Cordon.
type Channel struct {
	ID   ID
	Org  ID
	Kind ChannelKind
	// Target is the address or URL, and the secrets by which posts are
	// signed, sealed under the organisation's key.
	Target Sealed
	// Clearance is the highest marking that may be sent there, as its text.
	Clearance string
	// Quiet channels get nothing of a notice above their clearance. Others
	// get a bare line, that one waits.
	Quiet bool
	// Kinds are the kinds of notice sent there; all where it is empty.
	Kinds   []NoticeKind
	Created time.Time
	// Failing is when Cordon first gave up on a notice to it; the zero time
	// while deliveries succeed.
	Failing time.Time
}

// ChannelKind is how a channel is reached.
type ChannelKind string

// The kinds of channel.
const (
	// ChannelMail is one address, by SMTP.
	ChannelMail ChannelKind = "mail"
	// ChannelWebhook is a URL that is posted to, signed.
	ChannelWebhook ChannelKind = "webhook"
)

// Takes reports whether notices of the kind are sent to the channel.
func (c Channel) Takes(kind NoticeKind) bool {
	if kind == NoticeChannel {
		return false
	}
	for _, k := range c.Kinds {
		if k == kind {
			return true
		}
	}
	return len(c.Kinds) == 0
}

// Delivery is one notice on its way to one channel: a row of the outbox,
// written with the notice and taken away when it has arrived. Its ID is the
// same at every attempt, so that a receiver can tell a second one.
type Delivery struct {
	ID      ID
	Notice  ID
	Channel ID
	// Attempts counts how often it was begun.
	Attempts int
	// Due is when it may be begun, or begun again. While an attempt is under
	// way it is when that attempt is given up for dead.
	Due time.Time
}
