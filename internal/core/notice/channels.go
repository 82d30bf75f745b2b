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
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
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

// ChannelTerms are what may be changed of a channel.
type ChannelTerms struct {
	// Clearance is the marking of the most that may be sent there.
	Clearance string
	// Quiet has nothing sent of a notice above it, not even that one waits.
	Quiet bool
	// Kinds are the kinds of notice sent there; all where it is empty.
	Kinds []cordon.NoticeKind
}

// Channel is one as it is shown to those who keep it.
type Channel struct {
	ID      cordon.ID
	Kind    cordon.ChannelKind
	Address string
	URL     string
	Terms   ChannelTerms
	Created time.Time
	// Failing is since when what is sent there has been given up; the zero
	// time while it arrives.
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
	// Until is the zero time for the present one.
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

// Channels lists those of the person's organisation, oldest first, to those
// who keep them: security officers and administrators.
func (s *Service) Channels(ctx context.Context, person cordon.ID) ([]Channel, error) {
	var out []Channel
	err := s.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := s.keeper(tx, person)
		if err != nil {
			return err
		}
		list, err := tx.Channels(view.Actor.Org.ID)
		if err != nil {
			return err
		}
		ring := s.Vault.Ring(tx)
		out = nil
		for _, c := range list {
			target, err := openTarget(ring, c)
			if err != nil {
				return err
			}
			out = append(out, show(c, target))
		}
		return nil
	})
	return out, err
}

// AddChannel adds one to the person's organisation. A webhook's secret is
// given here and never again. Nobody clears a channel for more than he is
// cleared for himself, so that an administrator, who reads nothing, has
// nothing sent to himself either.
func (s *Service) AddChannel(ctx context.Context, person cordon.ID, draft ChannelDraft) (Channel, string, error) {
	target, secret := Target{Address: draft.Address, URL: draft.URL}, ""
	kind, err := s.kindOf(draft)
	if err != nil {
		return Channel{}, "", err
	}
	if kind == cordon.Webhook {
		fresh := newSecret()
		target.Secrets, secret = []Secret{fresh}, fresh.String()
	}
	id := cordon.NewID()
	var out Channel
	err = s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := s.keeper(cordon.Holding(tx), person)
		if err != nil {
			return err
		}
		c := cordon.Channel{ID: id, Org: view.Actor.Org.ID, Kind: kind, Created: view.Now}
		if err := set(&c, view, draft.Terms); err != nil {
			return err
		}
		all, err := tx.Channels(c.Org)
		if err != nil {
			return err
		}
		if len(all) >= MaxChannels {
			return cordon.Errorf(cordon.TooLarge, "an organisation has at most %d channels: remove one", MaxChannels)
		}
		if err := putChannel(tx, s.Vault.Ring(tx), c, target); err != nil {
			return err
		}
		out = show(c, target)
		return record(tx, view, c.ID)
	})
	return out, secret, err
}

// ChangeChannel changes its terms. They rule what is sent from then on, what
// waits already too; what is on the wire is not called back.
func (s *Service) ChangeChannel(ctx context.Context, person, id cordon.ID, terms ChannelTerms) (Channel, error) {
	return s.change(ctx, person, id, func(view *reader.View, c *cordon.Channel, _ *Target) error {
		return set(c, view, terms)
	})
}

// NewSecret gives a webhook another secret, shown once. For Overlap what is
// sent is signed with the one before as well.
func (s *Service) NewSecret(ctx context.Context, person, id cordon.ID) (Channel, string, error) {
	fresh := newSecret()
	out, err := s.change(ctx, person, id, func(view *reader.View, c *cordon.Channel, target *Target) error {
		if c.Kind != cordon.Webhook {
			return cordon.Errorf(cordon.Invalid, "only a webhook has a secret")
		}
		before := target.Secrets[:1]
		before[0].Until = view.Now.Add(Overlap)
		target.Secrets = append([]Secret{fresh}, before...)
		return nil
	})
	return out, fresh.String(), err
}

// RemoveChannel removes it, its secrets, and what was on its way to it.
func (s *Service) RemoveChannel(ctx context.Context, person, id cordon.ID) error {
	return s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := s.keeper(cordon.Holding(tx), person)
		if err != nil {
			return err
		}
		if _, err := channelOf(tx, view, id); err != nil {
			return err
		}
		if err := tx.RemoveChannel(id); err != nil {
			return err
		}
		return record(tx, view, id)
	})
}

// TestChannel sends a line there that says nothing but that it is a test. It
// gives the problem, in words that name nobody, where it did not arrive.
func (s *Service) TestChannel(ctx context.Context, person, id cordon.ID) (problem string, err error) {
	var p Parcel
	err = s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := s.keeper(cordon.Holding(tx), person)
		if err != nil {
			return err
		}
		c, err := channelOf(tx, view, id)
		if err != nil {
			return err
		}
		target, err := openTarget(s.Vault.Ring(tx), c)
		if err != nil {
			return err
		}
		p = Parcel{ID: cordon.NewID(), Channel: c.ID, Kind: c.Kind, Target: target, At: view.Now, Text: TestLine}
		return record(tx, view, c.ID)
	})
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, CarryFor)
	defer cancel()
	if err := s.Carrier(ctx, p); err != nil {
		return err.Error(), nil
	}
	return "", nil
}

// change loads a channel, has it changed, and keeps it.
func (s *Service) change(ctx context.Context, person, id cordon.ID, with func(*reader.View, *cordon.Channel, *Target) error) (Channel, error) {
	var out Channel
	err := s.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := s.keeper(cordon.Holding(tx), person)
		if err != nil {
			return err
		}
		c, err := channelOf(tx, view, id)
		if err != nil {
			return err
		}
		ring := s.Vault.Ring(tx)
		target, err := openTarget(ring, c)
		if err != nil {
			return err
		}
		if err := with(view, &c, &target); err != nil {
			return err
		}
		if err := putChannel(tx, ring, c, target); err != nil {
			return err
		}
		out = show(c, target)
		return record(tx, view, c.ID)
	})
	return out, err
}

// keeper is the view of a person who keeps his organisation's channels.
func (s *Service) keeper(tx cordon.ReadTx, person cordon.ID) (*reader.View, error) {
	view, err := s.Rules.Look(tx, person, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	if view.Actor.Person.Has(cordon.Administrator) {
		return view, nil
	}
	return view, view.Require(cordon.SecurityOfficer)
}

// channelOf is a channel of the person's own organisation.
func channelOf(tx cordon.ReadTx, view *reader.View, id cordon.ID) (cordon.Channel, error) {
	c, err := tx.Channel(id)
	if err == nil && c.Org != view.Actor.Org.ID {
		err = cordon.ErrNotFound
	}
	return c, err
}

// set puts the terms on the channel, in so far as the person may.
func set(c *cordon.Channel, view *reader.View, terms ChannelTerms) error {
	marks, err := view.Schemes.Parse(terms.Clearance)
	if err != nil {
		return cordon.Errorf(cordon.Invalid, "the clearance of a channel is the marking of the most it may carry, TLP:GREEN for instance: %v", err)
	}
	if named(marks) {
		return cordon.Errorf(cordon.Invalid, "%s is for people by name, and a channel is nobody: clear it for less", marks.Portion())
	}
	if !mayClear(view, marks) {
		return cordon.Errorf(cordon.Denied, "nobody clears a channel for more than he may read himself")
	}
	for _, k := range terms.Kinds {
		if !slices.Contains(cordon.NoticeKinds(), k) || k == cordon.AboutChannel {
			return cordon.Errorf(cordon.Invalid, "a channel takes no notices of that kind")
		}
	}
	c.Clearance, c.Quiet, c.Kinds = marks.Portion(), terms.Quiet, slices.Compact(slices.Sorted(slices.Values(terms.Kinds)))
	return nil
}

func mayClear(view *reader.View, marks marking.Marks) bool {
	rule, err := access.Compile(marks, access.Terms{Owner: view.Actor.Org})
	return err == nil && access.Decide(rule, view.Reader, nil).Allowed()
}

// kindOf tells a channel's kind by where it leads, and refuses what leads
// nowhere. Which addresses a webhook may reach is decided by the carrier when
// it connects: a name can come to mean another address.
func (s *Service) kindOf(draft ChannelDraft) (cordon.ChannelKind, error) {
	switch {
	case (draft.Address == "") == (draft.URL == ""):
		return "", cordon.Errorf(cordon.Invalid, "a channel is a mail address or a webhook's URL: give one of them")
	case draft.Address != "" && !s.Mail:
		return "", cordon.Errorf(cordon.Invalid, "this server sends no mail: its operator has to name a mail server")
	case draft.Address != "":
		a, err := mail.ParseAddress(draft.Address)
		if err != nil || a.Address != draft.Address || len(draft.Address) > MaxAddressBytes || !plain(draft.Address) {
			return "", cordon.Errorf(cordon.Invalid, "a mail address is one like duty@example.org, without a name, of at most %d bytes", MaxAddressBytes)
		}
		return cordon.Mail, nil
	}
	u, err := url.Parse(draft.URL)
	if err != nil || len(draft.URL) > MaxURLBytes || !plain(draft.URL) || u.Hostname() == "" || u.User != nil || u.Fragment != "" ||
		u.Scheme != "https" && u.Scheme != "http" {
		return "", cordon.Errorf(cordon.Invalid, "a webhook's URL begins with https://, has no password and no fragment, and is at most %d bytes", MaxURLBytes)
	}
	if u.Scheme == "http" && !s.PlainWebhooks {
		return "", cordon.Errorf(cordon.Invalid, "a webhook's URL begins with https://")
	}
	return cordon.Webhook, nil
}

// plain reports whether the text is printable ASCII without spaces.
func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

func putChannel(tx cordon.WriteTx, ring *vault.Ring, c cordon.Channel, target Target) error {
	text, err := json.Marshal(target)
	if err != nil {
		return cordon.Errorf(cordon.Internal, "a channel's target does not encode").Because(err)
	}
	if c.Target, err = ring.SealRecord(c.Org, targetContext(c.ID), text); err != nil {
		return err
	}
	return tx.PutChannel(c)
}

func openTarget(ring *vault.Ring, c cordon.Channel) (Target, error) {
	var target Target
	text, err := ring.OpenRecord(c.Org, targetContext(c.ID), c.Target)
	if err != nil {
		return target, err
	}
	if err := json.Unmarshal(text, &target); err != nil {
		return target, cordon.Errorf(cordon.Internal, "a channel's target is not in the form it was sealed in").Because(err)
	}
	return target, nil
}

func targetContext(id cordon.ID) string { return "channel:" + string(id) }

func show(c cordon.Channel, target Target) Channel {
	return Channel{
		ID: c.ID, Kind: c.Kind, Address: target.Address, URL: target.URL,
		Terms:   ChannelTerms{Clearance: c.Clearance, Quiet: c.Quiet, Kinds: c.Kinds},
		Created: c.Created, Failing: c.Failing,
	}
}

// record writes into the organisation's feed that a channel was added,
// changed, tried or removed.
func record(tx cordon.WriteTx, view *reader.View, channel cordon.ID) error {
	e := view.Entry(cordon.ActChannel, cordon.Allowed)
	e.Feed, e.Channel = view.Actor.Org.ID, channel
	return ledger.Append(tx, e)
}
