package arrangement

import (
	"context"
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/marking"
)

// Draft is what an arrangement is made of.
type Draft struct {
	Name string
	// Mark is the marking of the arrangement itself: who may know of it.
	Mark string
	// Named are the people meant where that marking is for named
	// individuals. The person who drafts is always among them.
	Named []cordon.ID
	// Parties are the other organisations; the drafter's is always one.
	Parties []cordon.ID
	cordon.Terms
}

// authority is who agrees on an arrangement for a party.
var authority = []cordon.Role{cordon.ReleaseAuthority}

// Create drafts an arrangement on behalf of the person's organisation, which has thereby
// agreed. It comes into force when every other party has. It takes a release
// authority, who must be able to see the marking, as must one of each party.
func Create(ctx context.Context, by act.Caller, draft Draft) (Arrangement, error) {
	if strings.TrimSpace(draft.Name) == "" || len(draft.Name) > cordon.MaxNameBytes {
		return Arrangement{}, cordon.Errorf(cordon.Invalid, "an arrangement needs a name of up to %d bytes", cordon.MaxNameBytes)
	}
	terms, err := terms(by.Base, draft.Terms)
	if err != nil {
		return Arrangement{}, err
	}
	marks, err := mark(by.Base, draft.Mark)
	if err != nil {
		return Arrangement{}, err
	}
	var out Arrangement
	err = by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := look(by.Base, cordon.Holding(tx), by.Person, authority...)
		if err != nil {
			return err
		}
		c := change{Base: by.Base, tx: tx, view: view, ring: by.Vault.Ring(tx), Arrangement: cordon.Arrangement{
			ID: cordon.NewID(), Drafter: view.Actor.Org.ID, State: cordon.Drafted, Version: 1, Created: view.Now,
		}}

		// decide
		named := append([]cordon.ID{by.Person}, draft.Named...)
		parties := append([]cordon.ID{c.own()}, draft.Parties...)
		if err := c.propose(marks, named, parties, terms); err != nil {
			return err
		}

		// act
		c.accept()
		c.Arrangement.Name, err = c.ring.SealRecord(c.Drafter, nameContext(c.ID), []byte(draft.Name))
		if err != nil {
			return err
		}
		if err := tx.PutArrangement(c.Arrangement); err != nil {
			return err
		}

		// record
		if err := c.record(cordon.ArrangementDrafted); err != nil {
			return err
		}
		out, err = show(c.ring, view, c.Arrangement)
		return err
	})
	return out, err
}

func mark(base *act.Base, text string) (marking.Marks, error) {
	marks, err := base.Schemes.Parse(text)
	if err != nil {
		return nil, cordon.Errorf(cordon.Invalid, "the arrangement's own marking: %s", err)
	}
	return marks, nil
}

// accept makes what is proposed what holds.
func (c *change) accept() {
	p := c.Proposal
	c.Mark, c.Rule, c.Parties, c.Terms = p.Mark, p.Rule, p.Parties, p.Terms
}

// Amendment is other terms proposed for an arrangement, whole.
type Amendment struct {
	// Version is that of the terms it is to replace, as the proposer saw
	// them.
	Version int
	// Mark is the arrangement's own marking from then on; empty leaves it
	// as it is.
	Mark string
	// Named are as in Draft, besides those named before.
	Named []cordon.ID
	// Invite are organisations that are to become parties. They learn of
	// the arrangement once all present parties have agreed that they may.
	Invite []cordon.ID
	cordon.Terms
}

// Amend proposes other terms on behalf of the person's organisation, which has
// thereby agreed to them. The arrangement goes on under those that hold until
// all parties, and those invited, have agreed. There is one proposal at a time.
// Until it comes into force it is kept under the marking that the arrangement
// has.
func Amend(ctx context.Context, by act.Caller, id cordon.ID, amendment Amendment) (Arrangement, error) {
	terms, err := terms(by.Base, amendment.Terms)
	if err != nil {
		return Arrangement{}, err
	}
	return step(ctx, by.Base, by.Person, id, cordon.ArrangementProposed, authority, func(c *change) error {
		switch {
		case !slices.Contains(c.Parties, c.own()):
			return cordon.Errorf(cordon.Conflict, "your organisation is no party yet: agree or decline")
		case c.State == cordon.Drafted:
			return cordon.Errorf(cordon.Conflict, "this is a draft: decline it and draft another")
		case c.Proposal != nil:
			return cordon.Errorf(cordon.Conflict, "another amendment waits for agreement: decline it first")
		case amendment.Version != c.Version:
			return cordon.Errorf(cordon.Conflict, "the terms that hold are version %d: look at them again", c.Version)
		}
		if amendment.Mark == "" {
			amendment.Mark = c.Mark
		}
		marks, err := mark(by.Base, amendment.Mark)
		if err != nil {
			return err
		}
		before, err := c.view.Rule(c.Rule)
		if err != nil {
			return err
		}
		named := slices.Concat([]cordon.ID{by.Person}, before.Circle, amendment.Named)
		return c.propose(marks, named, slices.Concat(c.Parties, amendment.Invite), terms)
	})
}

// Agree agrees to what is proposed, exactly as the person saw it: he names it,
// and where it is no longer that which waits, it is a Conflict. When all
// parties have agreed, it is in force.
func Agree(ctx context.Context, by act.Caller, id, proposal cordon.ID) (Arrangement, error) {
	return step(ctx, by.Base, by.Person, id, cordon.ArrangementAgreed, authority, func(c *change) error {
		// decide
		if err := c.waits(proposal); err != nil {
			return err
		}
		p := *c.Proposal
		switch {
		case slices.Contains(p.Agreed, c.own()):
			return cordon.Errorf(cordon.Conflict, "your organisation has agreed to it already")
		case !p.Terms.Until.IsZero() && !p.Terms.Until.After(c.view.Now):
			return cordon.Errorf(cordon.Conflict, "the time it was proposed for is over: decline it")
		}

		// act
		p.Agreed = append(slices.Clone(p.Agreed), c.own())
		c.Proposal = &p
		agreed := func(org cordon.ID) bool { return !slices.Contains(p.Agreed, org) }
		switch {
		case !slices.ContainsFunc(p.Parties, agreed):
			if c.State == cordon.Drafted {
				c.State = cordon.InForce
			} else {
				c.Version++
			}
			c.accept()
			c.Proposal = nil
		case p.Invitation == 0 && !slices.ContainsFunc(c.Parties, agreed):
			return c.invite()
		}
		return nil
	})
}

// waits checks that the proposal is the one that waits.
func (c *change) waits(proposal cordon.ID) error {
	switch {
	case c.Proposal == nil:
		return cordon.Errorf(cordon.Conflict, "nothing waits for agreement")
	case c.Proposal.ID != proposal:
		return cordon.Errorf(cordon.Conflict, "these are not the terms that wait for agreement: look at them again")
	}
	return nil
}

// invite lets the people of the organisations invited know of the arrangement,
// those who may see its marking. An invitation is the rule that will hold, as
// if it were theirs alone: it lets in nobody else.
func (c *change) invite() error {
	rule, err := c.view.Rule(c.Proposal.Rule)
	if err != nil {
		return err
	}
	invited := c.Invited()
	rule = access.Join(rule) // a copy
	rule.Owners = []cordon.OwnerPolicy{{Owner: invited[0], Recipients: slices.Clone(invited[1:])}}
	rule.Normalise()
	c.view.Learn(rule)
	c.Proposal.Invitation, err = c.tx.Intern(rule)
	return err
}

// Decline refuses what is proposed, or takes it back, which ends the draft or
// the amendment. Like Agree it names what the person saw.
func Decline(ctx context.Context, by act.Caller, id, proposal cordon.ID) (Arrangement, error) {
	return step(ctx, by.Base, by.Person, id, cordon.ArrangementDeclined, authority, func(c *change) error {
		if err := c.waits(proposal); err != nil {
			return err
		}
		c.Proposal = nil
		if c.State == cordon.Drafted {
			c.State, c.Ended = cordon.Ended, c.view.Now
		}
		return nil
	})
}
