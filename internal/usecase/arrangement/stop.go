package arrangement

import (
	"context"
	"cordon/internal/core/act"
	"slices"

	"cordon"
)

// guards are who may suspend, resume, leave and end for a party.
var guards = []cordon.Role{cordon.SecurityOfficer, cordon.ReleaseAuthority}

// Suspend stops all that is new under an arrangement, at once, on behalf of
// one party: no report is published under it and nothing shared under it is
// granted or released. What was shared stays readable, and grants made before
// hold (see cordon.Suspended).
func Suspend(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	return step(ctx, by.Base, by.Person, id, cordon.ArrangementSuspended, guards, func(c *change) error {
		if err := c.agreedOn(); err != nil {
			return err
		}
		if slices.Contains(c.SuspendedBy, c.own()) {
			return cordon.Errorf(cordon.Conflict, "your organisation has suspended it already")
		}
		c.State, c.SuspendedBy = cordon.Suspended, append(slices.Clone(c.SuspendedBy), c.own())
		return nil
	})
}

// Resume takes back the suspension by the person's organisation. It is in
// force again when every party that suspended it has.
func Resume(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	return step(ctx, by.Base, by.Person, id, cordon.ArrangementResumed, guards, func(c *change) error {
		if !slices.Contains(c.SuspendedBy, c.own()) {
			return cordon.Errorf(cordon.Conflict, "your organisation has not suspended it")
		}
		c.resume()
		return nil
	})
}

func (c *change) resume() {
	c.SuspendedBy = slices.DeleteFunc(slices.Clone(c.SuspendedBy), func(id cordon.ID) bool { return id == c.own() })
	if len(c.SuspendedBy) == 0 && c.State == cordon.Suspended {
		c.State = cordon.InForce
	}
}

// agreedOn is a Conflict for a draft, and for who is only invited.
func (c *change) agreedOn() error {
	if c.State == cordon.Drafted || !slices.Contains(c.Parties, c.own()) {
		return cordon.Errorf(cordon.Conflict, "your organisation has not agreed to it yet: agree or decline")
	}
	return nil
}

// End ends an arrangement for good, at once, on behalf of one party. What was
// shared stays whose it is.
func End(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	return step(ctx, by.Base, by.Person, id, cordon.ArrangementEnded, guards, func(c *change) error {
		if err := c.agreedOn(); err != nil {
			return err
		}
		c.State, c.Ended, c.Proposal = cordon.Ended, c.view.Now, nil
		return nil
	})
}

// Leave takes the person's organisation out of an arrangement, which goes on
// between the others under the terms that hold; an amendment that waits is
// void. From then on the organisation's people may not know of it any more,
// unless its marking lets everybody. What was shared stays whose it is.
func Leave(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	return step(ctx, by.Base, by.Person, id, cordon.ArrangementLeft, guards, func(c *change) error {
		// decide
		if err := c.agreedOn(); err != nil {
			return err
		}
		others := func(ids []cordon.ID) []cordon.ID {
			return slices.DeleteFunc(slices.Clone(ids), func(id cordon.ID) bool { return id == c.own() })
		}
		parties, recipients := others(c.Parties), others(c.Recipients)
		if len(parties) < 2 || c.Recipients != nil && len(recipients) == 0 {
			return cordon.Errorf(cordon.Conflict, "without your organisation nothing is left of it: end it")
		}

		// act
		if c.Drafter == c.own() {
			if err := c.handOver(parties[0]); err != nil {
				return err
			}
		}
		marks, err := mark(c.Base, c.Mark)
		if err != nil {
			return cordon.Errorf(cordon.Internal, "a stored marking is not a marking").Because(err)
		}
		before, err := c.view.Rule(c.Arrangement.Rule)
		if err != nil {
			return err
		}
		rule, err := c.rule(marks, before.Circle, parties)
		if err != nil {
			return err
		}
		c.view.Learn(rule)
		if c.Arrangement.Rule, err = c.tx.Intern(rule); err != nil {
			return err
		}
		c.Proposal, c.Parties, c.Recipients = nil, parties, recipients
		c.resume()
		return c.withoutOwnAuthorities()
	})
}

// handOver makes another party keep the name.
func (c *change) handOver(to cordon.ID) error {
	name, err := c.ring.OpenRecord(c.Drafter, nameContext(c.ID), c.Arrangement.Name)
	if err != nil {
		return err
	}
	c.Drafter = to
	c.Arrangement.Name, err = c.ring.SealRecord(to, nameContext(c.ID), name)
	return err
}

// withoutOwnAuthorities takes the organisation's people off those who may
// release in an emergency.
func (c *change) withoutOwnAuthorities() error {
	var rest []cordon.ID
	for _, id := range c.EmergencyAuthorities {
		p, err := c.tx.HoldPerson(id)
		if err != nil {
			return err
		}
		if p.Org != c.own() {
			rest = append(rest, id)
		}
	}
	if c.EmergencyAuthorities = rest; len(rest) == 0 {
		c.EmergencyFor = 0
	}
	return nil
}
