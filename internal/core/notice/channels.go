package notice

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/vault"
	"cordon/marking"
)

// The bounds of channels.
const (
	// MaxChannels bounds the channels of one organisation.
	MaxChannels = 20
	// MaxURLBytes and MaxAddressBytes bound where a channel leads.
	MaxURLBytes     = 2048
	MaxAddressBytes = 254 // RFC 5321, 4.5.3.1.3
	// SecretBytes is the length of a webhook's key, within what Standard
	// Webhooks asks for (24 to 64).
	SecretBytes = 32
	// Overlap is how long a webhook is signed with the old secret too after
	// a new one was made.
	Overlap = 24 * time.Hour
)

// ChannelDraft is a channel to be added. One of Address and URL is set.
type ChannelDraft struct {
	Address string
	URL     string
	Terms   ChannelTerms
}

// ChannelTerms are the parts of a channel that may be changed.
type ChannelTerms struct {
	// Clearance is the marking of the most that may be sent there.
	Clearance string
	// Quiet sends nothing for a notice above the clearance, not even Line.
	Quiet bool
	// Kinds are the kinds of notice sent there; all where it is empty.
	Kinds []cordon.NoticeKind
}

// Channel is a channel as it is shown to the people who keep it.
type Channel struct {
	ID      cordon.ID
	Kind    cordon.ChannelKind
	Address string
	URL     string
	Terms   ChannelTerms
	Created time.Time
	// Failing is when a notice was first given up since the last that arrived;
	// zero while notices arrive.
	Failing time.Time
}

// Target is where a channel leads. It lies sealed.
type Target struct {
	Address string   `json:"address,omitempty"`
	URL     string   `json:"url,omitempty"`
	Secrets []Secret `json:"secrets,omitempty"`
}

// Secret is a key that a webhook is signed with.
type Secret struct {
	Key []byte `json:"key"`
	// Until is when it ends; zero for the present secret.
	Until time.Time `json:"until,omitzero"`
}

// String is the secret as its receiver keeps it, in the form of Standard
// Webhooks.
func (s Secret) String() string { return "whsec_" + base64.StdEncoding.EncodeToString(s.Key) }

func newSecret() Secret {
	key := make([]byte, SecretBytes)
	rand.Read(key)
	return Secret{Key: key}
}

// ChannelConfig says which channels an installation has.
type ChannelConfig struct {
	// Deliver tries channels out.
	Deliver DeliverFunc
	// Mail says whether the installation sends mail, PlainWebhooks whether a
	// webhook's URL may be http.
	Mail, PlainWebhooks bool
}

// keeping is the deed of people who keep their organisation's channels.
var keeping = act.ByRole(cordon.ActChannel, cordon.RoleSecurityOfficer, cordon.RoleAdministrator)

// opened is a channel with the place that it leads to.
type opened struct {
	cordon.Channel
	target Target
}

// ListChannels lists the channels of the caller's organisation, oldest first. It
// takes a security officer or an administrator, as everything about channels does.
func ListChannels(ctx context.Context, by act.Caller) ([]Channel, error) {
	return act.Read(ctx, by, keeping, func(s *act.Snapshot) ([]Channel, error) {
		list, err := s.Tx.Channels(s.Actor.Org.ID)
		if err != nil {
			return nil, err
		}
		var out []Channel
		for _, c := range list {
			target, err := openTarget(s.Keys, c)
			if err != nil {
				return nil, err
			}
			out = append(out, show(opened{c, target}))
		}
		return out, nil
	})
}

// AddChannel adds a channel to the caller's organisation. A webhook's secret is
// given here and never again. Nobody clears a channel for more than they are
// cleared for themselves: an administrator, who reads nothing, could otherwise
// have notices sent to an address of their own.
func AddChannel(ctx context.Context, by act.Caller, config ChannelConfig, draft ChannelDraft) (Channel, string, error) {
	kind, err := config.kindOf(draft)
	if err != nil {
		return Channel{}, "", err
	}
	target, secret := Target{Address: draft.Address, URL: draft.URL}, ""
	if kind == cordon.ChannelWebhook {
		fresh := newSecret()
		target.Secrets, secret = []Secret{fresh}, fresh.String()
	}
	out, err := act.Do(ctx, by, keeping, func(s *act.Snapshot) (opened, error) {
		c := cordon.Channel{ID: cordon.NewID(), Org: s.Actor.Org.ID, Kind: kind, Created: s.Now}
		if err := set(s, &c, draft.Terms); err != nil {
			return opened{}, err
		}
		all, err := s.Tx.Channels(c.Org)
		if err == nil && len(all) >= MaxChannels {
			err = cordon.Errorf(cordon.KindTooLarge, "an organisation has at most %d channels: remove one", MaxChannels)
		}
		return opened{c, target}, err
	}, put)
	if err != nil {
		return Channel{}, "", err
	}
	return out, secret, nil
}

// ChangeChannel changes a channel's terms. They rule everything sent from then on,
// notices that wait already among it. A notice on the wire is not called back.
func ChangeChannel(ctx context.Context, by act.Caller, id cordon.ID, terms ChannelTerms) (Channel, error) {
	return act.Do(ctx, by, keeping, func(s *act.Snapshot) (opened, error) {
		c, err := load(s, id)
		if err != nil {
			return c, err
		}
		return c, set(s, &c.Channel, terms)
	}, put)
}

// NewSecret gives a webhook another secret, shown once. For Overlap every request
// is signed with the secret before as well.
func NewSecret(ctx context.Context, by act.Caller, id cordon.ID) (Channel, string, error) {
	fresh := newSecret()
	out, err := act.Do(ctx, by, keeping, func(s *act.Snapshot) (opened, error) {
		c, err := load(s, id)
		if err == nil && c.Kind != cordon.ChannelWebhook {
			err = cordon.Errorf(cordon.KindInvalid, "only a webhook has a secret")
		}
		if err != nil {
			return c, err
		}
		before := c.target.Secrets[0]
		before.Until = s.Now.Add(Overlap)
		c.target.Secrets = []Secret{fresh, before}
		return c, nil
	}, put)
	if err != nil {
		return Channel{}, "", err
	}
	return out, fresh.String(), nil
}

// RemoveChannel removes a channel with its secrets and the notices on their way to
// it.
func RemoveChannel(ctx context.Context, by act.Caller, id cordon.ID) error {
	_, err := act.Do(ctx, by, keeping, func(s *act.Snapshot) (act.Done, error) {
		_, err := load(s, id)
		return act.Done{}, err
	}, func(c *act.Commit, _ act.Done) (act.Done, error) {
		if err := c.Tx.RemoveChannel(id); err != nil {
			return act.Done{}, err
		}
		return act.Done{}, record(c, id)
	})
	return err
}

// TestChannel delivers a line to the channel that says only that it is a test.
// Where it does not arrive, TestChannel gives the problem in words that name
// nobody.
func TestChannel(ctx context.Context, by act.Caller, deliver DeliverFunc, id cordon.ID) (problem string, err error) {
	p, err := act.Do(ctx, by, keeping, func(s *act.Snapshot) (opened, error) {
		return load(s, id)
	}, func(c *act.Commit, to opened) (Parcel, error) {
		return Parcel{ID: cordon.NewID(), Channel: to.ID, Kind: to.Kind, Target: to.target, At: c.Now, Text: TestLine}, record(c, to.ID)
	})
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, DeliveryTimeout)
	defer cancel()
	if err := deliver(ctx, p); err != nil {
		return err.Error(), nil
	}
	return "", nil
}

// load is a channel of the caller's own organisation.
func load(s *act.Snapshot, id cordon.ID) (opened, error) {
	c, err := s.Tx.Channel(id)
	if err == nil && c.Org != s.Actor.Org.ID {
		err = cordon.ErrNotFound
	}
	if err != nil {
		return opened{}, err
	}
	target, err := openTarget(s.Keys, c)
	return opened{c, target}, err
}

// put stores a channel as it was decided on.
func put(c *act.Commit, o opened) (Channel, error) {
	text, err := json.Marshal(o.target)
	if err != nil {
		return Channel{}, cordon.Errorf(cordon.KindInternal, "a channel's target does not encode").Because(err)
	}
	if o.Target, err = c.Keys.SealRecord(o.Org, targetContext(o.ID), text); err != nil {
		return Channel{}, err
	}
	if err := c.Tx.PutChannel(o.Channel); err != nil {
		return Channel{}, err
	}
	return show(o), record(c, o.ID)
}

// set gives the channel the terms, as far as the caller may.
func set(s *act.Snapshot, c *cordon.Channel, terms ChannelTerms) error {
	marks, err := s.Schemes.Parse(terms.Clearance)
	if err != nil {
		return cordon.Errorf(cordon.KindInvalid, "the clearance of a channel is the marking of the most it may carry, TLP:GREEN for instance: %v", err)
	}
	if named(marks) {
		return cordon.Errorf(cordon.KindInvalid, "%s is for people by name, and a channel is no person: clear it for less", marks.Portion())
	}
	if !mayClear(s, marks) {
		return cordon.Errorf(cordon.KindDenied, "nobody clears a channel for more than they may read themselves")
	}
	for _, k := range terms.Kinds {
		if !slices.Contains(cordon.NoticeKinds(), k) || k == cordon.NoticeChannel {
			return cordon.Errorf(cordon.KindInvalid, "a channel takes no notices of that kind")
		}
	}
	c.Clearance, c.Quiet, c.Kinds = marks.Portion(), terms.Quiet, slices.Compact(slices.Sorted(slices.Values(terms.Kinds)))
	return nil
}

func mayClear(s *act.Snapshot, marks marking.Marks) bool {
	rule, err := access.Compile(marks, access.Terms{Owner: s.Actor.Org})
	return err == nil && access.Decide(rule, s.Reader, nil).Allowed()
}

// kindOf tells a channel's kind by its address, and refuses one that has none. Which addresses a webhook may reach is decided by package delivery when
// it connects: a name can come to mean another address.
func (config ChannelConfig) kindOf(draft ChannelDraft) (cordon.ChannelKind, error) {
	switch {
	case (draft.Address == "") == (draft.URL == ""):
		return "", cordon.Errorf(cordon.KindInvalid, "a channel is a mail address or a webhook's URL: give one of them")
	case draft.Address != "" && !config.Mail:
		return "", cordon.Errorf(cordon.KindInvalid, "this server sends no mail: its operator has to name a mail server")
	case draft.Address != "":
		a, err := mail.ParseAddress(draft.Address)
		if err != nil || a.Address != draft.Address || len(draft.Address) > MaxAddressBytes || !plain(draft.Address) {
			return "", cordon.Errorf(cordon.KindInvalid, "a mail address is one like duty@example.org, without a name, of at most %d bytes", MaxAddressBytes)
		}
		return cordon.ChannelMail, nil
	}
	u, err := url.Parse(draft.URL)
	if err != nil || len(draft.URL) > MaxURLBytes || !plain(draft.URL) || u.Hostname() == "" || u.User != nil || u.Fragment != "" ||
		u.Scheme != "https" && u.Scheme != "http" {
		return "", cordon.Errorf(cordon.KindInvalid, "a webhook's URL begins with https://, has no password and no fragment, and is at most %d bytes", MaxURLBytes)
	}
	if u.Scheme == "http" && !config.PlainWebhooks {
		return "", cordon.Errorf(cordon.KindInvalid, "a webhook's URL begins with https://")
	}
	return cordon.ChannelWebhook, nil
}

// plain reports whether the text is printable ASCII without spaces.
func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

func openTarget(ring *vault.Ring, c cordon.Channel) (Target, error) {
	var target Target
	text, err := ring.OpenRecord(c.Org, targetContext(c.ID), c.Target)
	if err != nil {
		return target, err
	}
	if err := json.Unmarshal(text, &target); err != nil {
		return target, cordon.Errorf(cordon.KindInternal, "a channel's target is not in the form it was sealed in").Because(err)
	}
	return target, nil
}

func targetContext(id cordon.ID) string { return "channel:" + string(id) }

func show(c opened) Channel {
	return Channel{
		ID: c.ID, Kind: c.Kind, Address: c.target.Address, URL: c.target.URL,
		Terms:   ChannelTerms{Clearance: c.Clearance, Quiet: c.Quiet, Kinds: c.Kinds},
		Created: c.Created, Failing: c.Failing,
	}
}

// record writes into the organisation's feed that a channel was added,
// changed, tried or removed.
func record(c *act.Commit, channel cordon.ID) error {
	return c.Record(cordon.Entry{Feed: c.Actor.Org.ID, Channel: channel})
}
