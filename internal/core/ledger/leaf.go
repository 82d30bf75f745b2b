package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	// maxLeafBytes bounds a leaf: the portions and reasons an entry may
	// have, with room for the rest.
	maxLeafBytes = 1 << 20
	// maxExact is the greatest integer that every JSON reader keeps exactly.
	maxExact = 1<<53 - 1
	// leafTime always writes six digits, so that an instant has one
	// spelling.
	leafTime = "2006-01-02T15:04:05.000000Z"
)

// Leaf is an entry and its number in its feed, to which the tree commits. Its
// place in the tree is not part of it; the inclusion proof binds that.
//
// Its bytes are one JSON object in the form of RFC 8785 (JCS): no white space,
// and these members, in this order:
//
//	act       name: lower-case letters and hyphens
//	actor     id, left out when empty
//	actorOrg  id, left out when empty
//	at        UTC, as 2006-01-02T15:04:05.000000Z, always six digits
//	audience  id, left out when empty
//	channel   id, left out when empty
//	feed      id, left out for the installation's own feed
//	feedSeq   integer, from 1
//	id        id
//	outcome   "allowed" or "refused"
//	portions  array of ids, ascending, distinct, left out when empty
//	reasons   array of strings, ascending, distinct, left out when empty
//	role      name, left out when empty
//	subject   id, left out when empty
//	words     integer, left out when 0
//
// Strings are printable ASCII without " \ < > and &, so nothing in a leaf is
// ever escaped. The leaf's hash is SHA-256(0x00 || bytes), RFC 6962 section
// 2.1.
type Leaf struct {
	FeedSeq int64
	Entry   cordon.Entry
}

// leafJSON has its fields in the order of their names, which is what RFC 8785
// asks of an object.
type leafJSON struct {
	Act      cordon.Act     `json:"act"`
	Actor    cordon.ID      `json:"actor,omitempty"`
	ActorOrg cordon.ID      `json:"actorOrg,omitempty"`
	At       string         `json:"at"`
	Audience cordon.ID      `json:"audience,omitempty"`
	Channel  cordon.ID      `json:"channel,omitempty"`
	Feed     cordon.ID      `json:"feed,omitempty"`
	FeedSeq  int64          `json:"feedSeq"`
	ID       cordon.ID      `json:"id"`
	Outcome  cordon.Outcome `json:"outcome"`
	Portions []cordon.ID    `json:"portions,omitempty"`
	Reasons  []string       `json:"reasons,omitempty"`
	Role     cordon.Role    `json:"role,omitempty"`
	Subject  cordon.ID      `json:"subject,omitempty"`
	Words    int            `json:"words,omitempty"`
}

// Bytes is the leaf as the tree commits to it. An entry that is not canonical
// has none; the error says why and is not fit to be shown.
func (l Leaf) Bytes() ([]byte, error) {
	if err := validate(l.Entry); err != nil {
		return nil, err
	}
	if l.FeedSeq < 1 || l.FeedSeq > maxExact {
		return nil, errors.New("its number in the feed is out of range")
	}
	e := l.Entry
	return json.Marshal(leafJSON{
		Act: e.Act, Actor: e.Actor, ActorOrg: e.ActorOrg, At: e.At.UTC().Format(leafTime),
		Audience: e.Audience, Channel: e.Channel, Feed: e.Feed, FeedSeq: l.FeedSeq, ID: e.ID, Outcome: e.Outcome,
		Portions: e.Portions, Reasons: e.Reasons, Role: e.Role, Subject: e.Subject, Words: e.Words,
	})
}

// hash is the leaf's hash by RFC 6962, section 2.1.
func (l Leaf) hash() (tlog.Hash, error) {
	b, err := l.Bytes()
	if err != nil {
		return tlog.Hash{}, err
	}
	return tlog.RecordHash(b), nil
}

// ParseLeaf reads the bytes of a leaf. Anything that Bytes would not have
// written, byte for byte, is Invalid: an unknown member, a second one of the
// same name, another order or spelling.
func ParseLeaf(b []byte) (Leaf, error) {
	if len(b) > maxLeafBytes {
		return Leaf{}, cordon.Errorf(cordon.KindTooLarge, "a ledger leaf is larger than %d bytes", maxLeafBytes)
	}
	malformed := cordon.Errorf(cordon.KindInvalid, "a ledger leaf is not in its canonical form")
	var j leafJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return Leaf{}, malformed.Because(err)
	}
	at, err := time.Parse(leafTime, j.At)
	if err != nil {
		return Leaf{}, malformed.Because(err)
	}
	l := Leaf{FeedSeq: j.FeedSeq, Entry: cordon.Entry{
		ID: j.ID, At: at, Feed: j.Feed, Actor: j.Actor, ActorOrg: j.ActorOrg, Act: j.Act,
		Outcome: j.Outcome, Reasons: j.Reasons, Role: j.Role, Subject: j.Subject, Portions: j.Portions,
		Audience: j.Audience, Channel: j.Channel, Words: j.Words,
	}}
	again, err := l.Bytes()
	if err != nil {
		return Leaf{}, malformed.Because(err)
	}
	if !bytes.Equal(again, b) {
		return Leaf{}, malformed
	}
	return l, nil
}

// MarshalJSON writes the leaf's bytes.
func (l Leaf) MarshalJSON() ([]byte, error) { return l.Bytes() }

// UnmarshalJSON reads what ParseLeaf reads, with white space forgiven so that
// a bundle may be indented.
func (l *Leaf) UnmarshalJSON(b []byte) error {
	var tight bytes.Buffer
	if err := json.Compact(&tight, b); err != nil {
		return err
	}
	leaf, err := ParseLeaf(tight.Bytes())
	if err != nil {
		return err
	}
	*l = leaf
	return nil
}
