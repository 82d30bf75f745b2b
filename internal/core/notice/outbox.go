package notice

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// The outbox's patience.
const (
	// CarryFor bounds one attempt.
	CarryFor = 20 * time.Second
	// Lease is how long a delivery that was taken is nobody else's. It is
	// longer than CarryFor by all that clocks of nodes may differ.
	Lease = 2 * time.Minute
	// MaxAttempts is how often a delivery is begun: with the pauses between
	// them, for somewhat more than a day.
	MaxAttempts = 15

	firstPause = 10 * time.Second
	longPause  = 6 * time.Hour
)

// What is sent where nothing may be said.
const (
	// Line stands for a notice above the clearance of its channel.
	Line = "A notice waits in Cordon."
	// TestLine is sent to try a channel.
	TestLine = "This is a test of a channel of Cordon."
)

// Parcel is a delivery made ready to be carried.
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

// Carrier carries a parcel to where it is addressed, once. It returns when it
// has arrived or has not, within the context, with an Unavailable error that
// names neither address nor text.
type Carrier func(context.Context, Parcel) error

// Outbox is what is on its way. Any number of nodes may work on it at once.
type Outbox struct {
	Store cordon.Store
	Vault *vault.Vault
	Rules *reader.RuleCache
	Clock cordon.Clock
}

// Due lists channels to which something is due, in no order.
func (o *Outbox) Due(ctx context.Context) ([]cordon.ID, error) {
	var channels []cordon.ID
	err := o.Store.View(ctx, func(tx cordon.ReadTx) (err error) {
		channels, err = tx.DueChannels(o.Clock.Now(), 1000)
		return err
	})
	return channels, err
}

// Take takes a delivery that is due to the channel, for the length of a Lease,
// and decides what of its notice may leave by it now. That it is about to
// leave is in the feed of the organisation addressed before it does. A nil
// parcel is one that was dropped: the channel gets nothing of it. ErrNotFound
// means that nothing is due.
func (o *Outbox) Take(ctx context.Context, channel cordon.ID) (*Parcel, error) {
	var out *Parcel
	err := o.Store.Update(ctx, func(tx cordon.WriteTx) error {
		out = nil
		// load
		view, err := o.Rules.Itself(tx, o.Clock.Now())
		if err != nil {
			return err
		}
		d, err := tx.DueDelivery(channel, view.Now)
		if err != nil {
			return err
		}
		c, err := tx.Channel(channel)
		if err != nil {
			return err
		}
		n, err := tx.Notice(d.Notice)
		if err != nil {
			return err
		}

		// decide
		reasons, err := withheld(tx, view, n, c)
		if err != nil {
			return err
		}

		// record
		outcome := cordon.Allowed
		if len(reasons) > 0 {
			outcome = cordon.RefusedWith
		}
		e := view.Entry(cordon.ActDeliver, outcome)
		e.Feed, e.Subject, e.Channel, e.Reasons = n.Org, n.ID, c.ID, reasons
		if err := ledger.Append(tx, e); err != nil {
			return err
		}

		// act
		if len(reasons) > 0 && c.Quiet {
			return tx.RemoveDelivery(d.ID)
		}
		d.Attempts++
		d.Due = view.Now.Add(Lease)
		if err := tx.PutDelivery(d); err != nil {
			return err
		}
		ring := o.Vault.Ring(tx)
		p := Parcel{
			ID: d.ID, Channel: c.ID, Kind: c.Kind, At: view.Now, Attempt: d.Attempts, Text: Line,
			failing: !c.Failing.IsZero(),
		}
		if p.Target, err = openTarget(ring, c); err != nil {
			return err
		}
		p.Target.Secrets = slices.DeleteFunc(p.Target.Secrets, func(s Secret) bool { return !s.Until.IsZero() && !view.Now.Before(s.Until) })
		if len(reasons) == 0 {
			marks, err := view.Schemes.Parse(n.Mark)
			if err != nil {
				return err
			}
			text, err := ring.OpenRecord(n.Org, sealContext(n.ID), n.Body)
			if err != nil {
				return err
			}
			p.Notice, p.Mark, p.Banner, p.Created, p.Text = n.ID, marks.Portion(), marks.Banner(), n.Created, string(text)
		}
		out = &p
		return nil
	})
	return out, err
}

// The reasons for which a notice does not leave by a channel.
const (
	reasonClearance = "clearance" // above the channel's, or of no known marking
	reasonCircle    = "circle"    // for people by name
	reasonStruck    = "struck"    // what it tells of was taken out since
)

// withheld gives the reasons why the notice may not leave by the channel as
// things stand now: none where it may.
func withheld(tx cordon.ReadTx, view *reader.View, n cordon.Notice, c cordon.Channel) ([]string, error) {
	var reasons []string
	portions, err := tx.PortionsByID(n.Portions)
	if err != nil {
		return nil, err
	}
	marks := []string{n.Mark}
	rules := []cordon.RuleNo{n.Rule}
	for _, p := range portions {
		if p.State != cordon.Live {
			reasons = append(reasons, reasonStruck)
		}
		marks, rules = append(marks, p.Mark), append(rules, p.Rule)
	}
	clearance, err := view.Schemes.Parse(c.Clearance)
	for _, mark := range marks {
		m, bad := view.Schemes.Parse(mark)
		if err != nil || bad != nil || !view.Schemes.Covers(clearance, m) {
			reasons = append(reasons, reasonClearance)
		}
	}
	for _, no := range rules {
		if no == 0 {
			continue
		}
		rule, err := view.Rule(no)
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

// Done takes away a delivery that has arrived.
func (o *Outbox) Done(ctx context.Context, p Parcel) error {
	err := o.Store.Update(ctx, func(tx cordon.WriteTx) error {
		if err := tx.RemoveDelivery(p.ID); err != nil || !p.failing {
			return err
		}
		c, err := tx.Channel(p.Channel)
		if err != nil {
			return err
		}
		c.Failing = time.Time{}
		return tx.PutChannel(c)
	})
	return gone(err)
}

// Failed has a delivery that has not arrived begun again later, each time
// after a longer pause. After MaxAttempts it is given up, of which the
// organisation's security officers and administrators are told, once until
// something arrives by the channel again. The notice stays in the inbox.
func (o *Outbox) Failed(ctx context.Context, p Parcel) error {
	err := o.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := o.Rules.Itself(tx, o.Clock.Now())
		if err != nil {
			return err
		}
		d, err := tx.Delivery(p.ID)
		if err != nil || d.Attempts != p.Attempt {
			return err // another took it when the lease was over
		}
		if d.Attempts < MaxAttempts {
			d.Due = view.Now.Add(pause(d.Attempts))
			return tx.PutDelivery(d)
		}
		if err := tx.RemoveDelivery(d.ID); err != nil {
			return err
		}
		c, err := tx.Channel(d.Channel)
		if err != nil || !c.Failing.IsZero() {
			return err
		}
		c.Failing = view.Now
		if err := tx.PutChannel(c); err != nil {
			return err
		}
		return Tell(tx, o.Vault.Ring(tx), view, Message{
			Org: c.Org, Roles: []cordon.Role{cordon.SecurityOfficer, cordon.Administrator}, Kind: cordon.AboutChannel,
			Text: fmt.Sprintf("Channel %s does not take what is sent there: a notice was given up after %d attempts, and more may follow. They are in the inbox; try the channel, or remove it.", c.ID, MaxAttempts),
		})
	})
	return gone(err)
}

// pause is how long to wait after so many attempts: twice as long each time,
// less up to a half, so that what failed together does not come again together.
func pause(attempts int) time.Duration {
	p := longPause
	if attempts < 20 {
		p = min(longPause, firstPause<<(attempts-1))
	}
	return p - rand.N(p/2)
}

// gone makes nothing of a delivery that is no longer there: it has arrived, or
// its channel was removed.
func gone(err error) error {
	if cordon.KindOf(err) == cordon.NotFound {
		return nil
	}
	return err
}
