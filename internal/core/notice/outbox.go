package notice

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
)

// The bounds of delivery.
const (
	// DeliveryTimeout bounds one attempt.
	DeliveryTimeout = 20 * time.Second
	// Lease is how long a delivery belongs to the node that took it. It is
	// longer than DeliveryTimeout by all that clocks of nodes may differ.
	Lease = 2 * time.Minute
	// MaxAttempts is how often a delivery is tried. With the pauses between them
	// the attempts last somewhat more than a day.
	MaxAttempts = 15

	firstPause = 10 * time.Second
	longPause  = 6 * time.Hour
)

// The texts that are sent in place of a notice.
const (
	// Line stands for a notice above the clearance of its channel.
	Line = "A notice waits in Cordon."
	// TestLine is sent to try a channel.
	TestLine = "This is a test of a channel of Cordon."
)

// Parcel is a delivery made ready to be sent.
type Parcel struct {
	// ID is that of the delivery, the same at every attempt.
	ID      cordon.ID
	Channel cordon.ID
	Kind    cordon.ChannelKind
	Target  Target
	// At is when the attempt was begun.
	At      time.Time
	Attempt int
	// Notice, Mark, Banner and Created are empty where Text is a bare line.
	Notice  cordon.ID
	Mark    string
	Banner  string
	Created time.Time
	Text    string

	failing bool
}

// DeliverFunc sends a parcel to its address, once. It returns within the context.
// Its error is Unavailable where the parcel did not arrive, and names neither
// address nor text.
type DeliverFunc func(context.Context, Parcel) error

// delivering is the deed of Cordon where it delivers notices, on any number of
// nodes at once.
var delivering = act.ByAnyone(cordon.ActDeliver)

// Due lists the channels to which a delivery is due, in no order.
func Due(ctx context.Context, base *act.Base) ([]cordon.ID, error) {
	return act.Read(ctx, base.Itself(), delivering, func(s *act.Snapshot) ([]cordon.ID, error) { return s.Tx.DueChannels(s.Now, 1000) })
}

// Taken is the result of Take.
type Taken struct {
	// Due: something was due to the channel.
	Due bool
	// Parcel is to be sent; nil where the notice was dropped, and the
	// channel gets nothing of it.
	Parcel *Parcel
}

// Take takes a delivery that is due to the channel, for the length of a Lease, and
// decides how much of its notice the channel may be sent now. The feed of the
// organisation addressed has the delivery before it is sent.
func Take(ctx context.Context, base *act.Base, channel cordon.ID) (Taken, error) {
	return act.Do(ctx, base.Itself(), delivering, func(s *act.Snapshot) (*leaving, error) {
		return due(s, channel)
	}, func(c *act.Commit, l *leaving) (Taken, error) {
		if l == nil {
			return Taken{}, nil
		}
		e := cordon.Entry{Feed: l.notice.Org, Subject: l.notice.ID, Channel: l.channel.ID, Reasons: l.reasons}
		if len(l.reasons) > 0 {
			e.Outcome = cordon.OutcomeRefused
		}
		if err := c.Record(e); err != nil {
			return Taken{}, err
		}
		if l.parcel == nil {
			return Taken{Due: true}, c.Tx.RemoveDelivery(l.delivery.ID)
		}
		l.delivery.Attempts++
		l.delivery.Due = c.Now.Add(Lease)
		l.parcel.Attempt = l.delivery.Attempts
		return Taken{Due: true, Parcel: l.parcel}, c.Tx.PutDelivery(l.delivery)
	})
}

// leaving is a delivery that is due.
type leaving struct {
	delivery cordon.Delivery
	channel  cordon.Channel
	notice   cordon.Notice
	// reasons say why the channel may not be sent the notice; empty where it may.
	reasons []string
	// parcel is sent in any case; nil for nothing.
	parcel *Parcel
}

// due loads a delivery to the channel and decides what is sent; nil where none is
// due.
func due(s *act.Snapshot, channel cordon.ID) (*leaving, error) {
	// load
	var l leaving
	var err error
	l.delivery, err = s.Tx.DueDelivery(channel, s.Now)
	if cordon.KindOf(err) == cordon.KindNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if l.channel, err = s.Tx.Channel(channel); err != nil {
		return nil, err
	}
	if l.notice, err = s.Tx.Notice(l.delivery.Notice); err != nil {
		return nil, err
	}

	// decide
	c, n := l.channel, l.notice
	if l.reasons, err = withheld(s, n, c); err != nil {
		return nil, err
	}
	if len(l.reasons) > 0 && c.Quiet {
		return &l, nil
	}
	p := Parcel{ID: l.delivery.ID, Channel: c.ID, Kind: c.Kind, At: s.Now, Text: Line, failing: !c.Failing.IsZero()}
	if p.Target, err = openTarget(s.Keys, c); err != nil {
		return nil, err
	}
	p.Target.Secrets = slices.DeleteFunc(p.Target.Secrets, func(secret Secret) bool { return !secret.Until.IsZero() && !s.Now.Before(secret.Until) })
	if len(l.reasons) == 0 {
		marks, err := s.Schemes.Parse(n.Mark)
		if err != nil {
			return nil, err
		}
		text, err := s.Keys.OpenRecord(n.Org, sealContext(n.ID), n.Body)
		if err != nil {
			return nil, err
		}
		p.Notice, p.Mark, p.Banner, p.Created, p.Text = n.ID, marks.Portion(), marks.Banner(), n.Created, string(text)
	}
	l.parcel = &p
	return &l, nil
}

// The reasons for which a notice does not leave by a channel.
const (
	reasonClearance = "clearance" // above the channel's, or of no known marking
	reasonCircle    = "circle"    // for people by name
	reasonStruck    = "struck"    // what it tells of was taken out since
)

// withheld gives the reasons why the notice may not leave by the channel as
// things stand now: none where it may.
func withheld(s *act.Snapshot, n cordon.Notice, c cordon.Channel) ([]string, error) {
	var reasons []string
	portions, err := s.Tx.PortionsByID(n.Portions)
	if err != nil {
		return nil, err
	}
	marks := []string{n.Mark}
	rules := []cordon.RuleNo{n.Rule}
	for _, p := range portions {
		if p.State != cordon.PortionLive {
			reasons = append(reasons, reasonStruck)
		}
		marks, rules = append(marks, p.Mark), append(rules, p.Rule)
	}
	clearance, err := s.Schemes.Parse(c.Clearance)
	for _, mark := range marks {
		m, bad := s.Schemes.Parse(mark)
		if err != nil || bad != nil || !s.Schemes.Covers(clearance, m) {
			reasons = append(reasons, reasonClearance)
		}
	}
	for _, no := range rules {
		if no == 0 {
			continue
		}
		rule, err := s.Rule(no)
		if err != nil {
			return nil, err
		}
		if rule.Circled {
			reasons = append(reasons, reasonCircle)
		}
	}
	slices.Sort(reasons)
	return slices.Compact(reasons), nil
}

// Arrived removes a delivery that has arrived.
func Arrived(ctx context.Context, base *act.Base, p Parcel) error {
	_, err := act.Do(ctx, base.Itself(), delivering, func(s *act.Snapshot) (*cordon.Channel, error) {
		c, err := s.Tx.Channel(p.Channel)
		if err != nil {
			return nil, gone(err)
		}
		return &c, nil
	}, func(c *act.Commit, channel *cordon.Channel) (act.Done, error) {
		if err := c.Tx.RemoveDelivery(p.ID); err != nil || channel == nil || !p.failing {
			return act.Done{}, gone(err)
		}
		channel.Failing = time.Time{}
		return act.Done{}, c.Tx.PutChannel(*channel)
	})
	return err
}

// Failed puts off a delivery that has not arrived, each time for a longer pause.
// After MaxAttempts it is given up, and the organisation's security officers and
// administrators are told, once until a notice arrives by the channel again. The
// notice stays in the inbox.
func Failed(ctx context.Context, base *act.Base, p Parcel) error {
	type plan struct {
		delivery cordon.Delivery
		channel  cordon.Channel
	}
	_, err := act.Do(ctx, base.Itself(), delivering, func(s *act.Snapshot) (*plan, error) {
		d, err := s.Tx.Delivery(p.ID)
		if err != nil || d.Attempts != p.Attempt {
			return nil, gone(err) // or another took it when the lease was over
		}
		c, err := s.Tx.Channel(d.Channel)
		return &plan{d, c}, err
	}, func(c *act.Commit, p *plan) (act.Done, error) {
		switch {
		case p == nil:
			return act.Done{}, nil
		case p.delivery.Attempts < MaxAttempts:
			p.delivery.Due = c.Now.Add(pause(p.delivery.Attempts))
			return act.Done{}, c.Tx.PutDelivery(p.delivery)
		}
		if err := c.Tx.RemoveDelivery(p.delivery.ID); err != nil || !p.channel.Failing.IsZero() {
			return act.Done{}, err
		}
		p.channel.Failing = c.Now
		if err := c.Tx.PutChannel(p.channel); err != nil {
			return act.Done{}, err
		}
		return act.Done{}, Send(c, Message{
			Org: p.channel.Org, Roles: []cordon.Role{cordon.RoleSecurityOfficer, cordon.RoleAdministrator}, Kind: cordon.NoticeChannel,
			Text: fmt.Sprintf("Channel %s does not take what is sent there: a notice was given up after %d attempts, and more may follow. They are in the inbox; try the channel, or remove it.", p.channel.ID, MaxAttempts),
		})
	})
	return err
}

// pause is how long to wait after so many attempts: twice as long each time, less
// up to a half at random, so that deliveries that failed together are not tried
// again together.
func pause(attempts int) time.Duration {
	p := longPause
	if attempts < 20 {
		p = min(longPause, firstPause<<(attempts-1))
	}
	return p - rand.N(p/2)
}

// gone drops the error of a delivery that is no longer there: it has arrived, or
// its channel was removed.
func gone(err error) error {
	if cordon.KindOf(err) == cordon.KindNotFound {
		return nil
	}
	return err
}
