package arrangement

import (
	"cmp"
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/names"
	"cordon/marking"
)

// Draft is what an arrangement is made of.
type Draft struct {
	Name string
	// Mark is the marking of the arrangement itself: who may know of it.
	Mark string
	// Named are the people meant where that marking is for named
	// individuals. The person who drafts it is always among them.
	Named []cordon.ID
	// Parties are the other organisations; the drafter's is always one.
	Parties []cordon.ID
	cordon.Terms
}

// authority is who agrees on an arrangement for a party.
var authority = []cordon.Role{cordon.RoleReleaseAuthority}

// Create drafts an arrangement on behalf of the person's organisation, which
// thereby agrees to it. The arrangement comes into force once every other party
// has agreed. The person must be a release authority. They, and one release
// authority of each party, must be able to see the marking.
func Create(ctx context.Context, by act.Caller, draft Draft) (Arrangement, error) {
	name, err := names.Check("an arrangement", draft.Name)
	if err != nil {
		return Arrangement{}, err
	}
	terms, err := terms(by.Schemes, draft.Terms)
	if err != nil {
		return Arrangement{}, err
	}
	marks, err := mark(by.Schemes, draft.Mark)
	if err != nil {
		return Arrangement{}, err
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActArrangement, authority...), func(s *act.Snapshot) (taken, error) {
		st := &step{Snapshot: s, what: cordon.ArrangementDrafted, now: cordon.Arrangement{
			ID: cordon.NewID(), Drafter: s.Actor.Org.ID, State: cordon.ArrangementStateDrafted, Version: 1, Created: s.Now,
		}}
		named := append([]cordon.ID{s.Actor.Person.ID}, draft.Named...)
		parties := append([]cordon.ID{st.own()}, draft.Parties...)
		if err := st.propose(marks, named, parties, terms); err != nil {
			return taken{}, err
		}
		st.accept()
		if err := st.seal([]byte(name)); err != nil {
			return taken{}, err
		}
		shown, err := show(s, st.now)
		return taken{st, shown}, err
	}, put)
}

func mark(schemes *marking.Set, text string) (marking.Marks, error) {
	marks, err := schemes.Parse(text)
	if err != nil {
		return nil, cordon.Errorf(cordon.KindInvalid, "the arrangement's own marking: %s", err)
	}
	return marks, nil
}

// seal keeps the name under the drafter's key.
func (s *step) seal(name []byte) (err error) {
	s.now.Name, err = s.Keys.SealRecord(s.now.Drafter, nameContext(s.now.ID), name)
	return err
}

// accept puts the proposed terms into force.
func (s *step) accept() {
	p := s.now.Proposal
	s.now.Mark, s.now.Rule, s.now.Parties, s.now.Terms = p.Mark, p.Rule, p.Parties, p.Terms
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
	terms, err := terms(by.Schemes, amendment.Terms)
	if err != nil {
		return Arrangement{}, err
	}
	return take(ctx, by, id, cordon.ArrangementProposed, authority, func(s *step) error {
		switch {
		case !slices.Contains(s.now.Parties, s.own()):
			return cordon.Errorf(cordon.KindConflict, "your organisation is no party yet: agree or decline")
		case s.now.State == cordon.ArrangementStateDrafted:
			return cordon.Errorf(cordon.KindConflict, "this is a draft: decline it and draft another")
		case s.now.Proposal != nil:
			return cordon.Errorf(cordon.KindConflict, "another amendment waits for agreement: decline it first")
		case amendment.Version != s.now.Version:
			return cordon.Errorf(cordon.KindConflict, "the terms that hold are version %d: look at them again", s.now.Version)
		}
		marks, err := mark(s.Schemes, cmp.Or(amendment.Mark, s.now.Mark))
		if err != nil {
			return err
		}
		before, err := s.Rule(s.now.Rule)
		if err != nil {
			return err
		}
		named := slices.Concat([]cordon.ID{s.Actor.Person.ID}, before.Circle, amendment.Named)
		return s.propose(marks, named, slices.Concat(s.now.Parties, amendment.Invite), terms)
	})
}

// Agree agrees to the proposal that the person saw and names. It is a Conflict
// where another proposal waits by now. The terms are in force once all parties
// have agreed.
func Agree(ctx context.Context, by act.Caller, id, proposal cordon.ID) (Arrangement, error) {
	return take(ctx, by, id, cordon.ArrangementAgreed, authority, func(s *step) error {
		if err := s.waits(proposal); err != nil {
			return err
		}
		p := *s.now.Proposal
		switch {
		case slices.Contains(p.Agreed, s.own()):
			return cordon.Errorf(cordon.KindConflict, "your organisation has agreed to it already")
		case !p.Terms.Until.IsZero() && !p.Terms.Until.After(s.Now):
			return cordon.Errorf(cordon.KindConflict, "the time it was proposed for is over: decline it")
		}
		p.Agreed = append(slices.Clone(p.Agreed), s.own())
		s.now.Proposal = &p
		outstanding := func(org cordon.ID) bool { return !slices.Contains(p.Agreed, org) }
		switch {
		case !slices.ContainsFunc(p.Parties, outstanding):
			if s.now.State == cordon.ArrangementStateDrafted {
				s.now.State = cordon.ArrangementStateInForce
			} else {
				s.now.Version++
			}
			s.accept()
			s.now.Proposal = nil
		case p.Invitation == 0 && !slices.ContainsFunc(s.now.Parties, outstanding):
			return s.invite(&p)
		}
		return nil
	})
}

// waits checks that the proposal is the one that waits.
func (s *step) waits(proposal cordon.ID) error {
	switch {
	case s.now.Proposal == nil:
		return cordon.Errorf(cordon.KindConflict, "nothing waits for agreement")
	case s.now.Proposal.ID != proposal:
		return cordon.Errorf(cordon.KindConflict, "these are not the terms that wait for agreement: look at them again")
	}
	return nil
}

// invite lets the people of the invited organisations know of the arrangement,
// as far as they may see its marking. An invitation is the rule that will hold,
// as if the arrangement were theirs alone: it lets in nobody else.
func (s *step) invite(p *cordon.Proposal) error {
	rule, err := s.Rule(p.Rule)
	if err != nil {
		return err
	}
	invited := s.now.Invited()
	rule = access.Join(rule) // a copy
	rule.Owners = []cordon.OwnerPolicy{{Owner: invited[0], Recipients: slices.Clone(invited[1:])}}
	rule.Normalise()
	p.Invitation = s.rule(rule)
	return nil
}

// Decline refuses the proposal, or takes it back. That ends the draft or the
// amendment. Like Agree it names the proposal that the person saw.
func Decline(ctx context.Context, by act.Caller, id, proposal cordon.ID) (Arrangement, error) {
	return take(ctx, by, id, cordon.ArrangementDeclined, authority, func(s *step) error {
		if err := s.waits(proposal); err != nil {
			return err
		}
		s.now.Proposal = nil
		if s.now.State == cordon.ArrangementStateDrafted {
			s.now.State, s.now.Ended = cordon.ArrangementStateEnded, s.Now
		}
		return nil
	})
}
