package arrangement

import (
	"context"
	"slices"

	"cordon"
	"cordon/internal/core/act"
)

// guards are who may suspend, resume, leave and end for a party.
var guards = []cordon.Role{cordon.RoleSecurityOfficer, cordon.RoleReleaseAuthority}

// Suspend stops everything new under an arrangement at once, on behalf of one
// party: no report is published under it, and nothing shared under it is
// granted or released. Information shared before stays readable, and grants
// made before hold (see cordon.ArrangementStateSuspended).
func Suspend(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	return take(ctx, by, id, cordon.ArrangementSuspended, guards, func(s *step) error {
		if err := s.agreedOn(); err != nil {
			return err
		}
		if slices.Contains(s.now.SuspendedBy, s.own()) {
			return cordon.Errorf(cordon.KindConflict, "your organisation has suspended it already")
		}
		s.now.State, s.now.SuspendedBy = cordon.ArrangementStateSuspended, append(slices.Clone(s.now.SuspendedBy), s.own())
		return nil
	})
}

// Resume takes back the suspension by the person's organisation. The
// arrangement is in force again once every party that suspended it has resumed
// it.
func Resume(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	return take(ctx, by, id, cordon.ArrangementResumed, guards, func(s *step) error {
		if !slices.Contains(s.now.SuspendedBy, s.own()) {
			return cordon.Errorf(cordon.KindConflict, "your organisation has not suspended it")
		}
		s.resume()
		return nil
	})
}

func (s *step) resume() {
	s.now.SuspendedBy = slices.DeleteFunc(slices.Clone(s.now.SuspendedBy), func(id cordon.ID) bool { return id == s.own() })
	if len(s.now.SuspendedBy) == 0 && s.now.State == cordon.ArrangementStateSuspended {
		s.now.State = cordon.ArrangementStateInForce
	}
}

// agreedOn is a Conflict for a draft, and for who is only invited.
func (s *step) agreedOn() error {
	if s.now.State == cordon.ArrangementStateDrafted || !slices.Contains(s.now.Parties, s.own()) {
		return cordon.Errorf(cordon.KindConflict, "your organisation has not agreed to it yet: agree or decline")
	}
	return nil
}

// End ends an arrangement for good, at once, on behalf of one party.
// Information shared under it keeps its owners.
func End(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	return take(ctx, by, id, cordon.ArrangementEnded, guards, func(s *step) error {
		if err := s.agreedOn(); err != nil {
			return err
		}
		s.now.State, s.now.Ended, s.now.Proposal = cordon.ArrangementStateEnded, s.Now, nil
		return nil
	})
}

// Leave takes the person's organisation out of an arrangement, which goes on
// between the others under the terms in force. A waiting amendment is void.
// From then on the organisation's people may not know of the arrangement,
// unless its marking admits everybody. Information shared under it keeps its
// owners.
func Leave(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	return take(ctx, by, id, cordon.ArrangementLeft, guards, func(s *step) error {
		if err := s.agreedOn(); err != nil {
			return err
		}
		others := func(ids []cordon.ID) []cordon.ID {
			return slices.DeleteFunc(slices.Clone(ids), func(id cordon.ID) bool { return id == s.own() })
		}
		parties, recipients := others(s.now.Parties), others(s.now.Recipients)
		if len(parties) < 2 || s.now.Recipients != nil && len(recipients) == 0 {
			return cordon.Errorf(cordon.KindConflict, "without your organisation nothing is left of it: end it")
		}
		if s.now.Drafter == s.own() {
			if err := s.handOver(parties[0]); err != nil {
				return err
			}
		}
		marks, err := mark(s.Schemes, s.now.Mark)
		if err != nil {
			return cordon.Errorf(cordon.KindInternal, "a stored marking is not a marking").Because(err)
		}
		before, err := s.Rule(s.now.Rule)
		if err != nil {
			return err
		}
		rule, err := s.compile(marks, before.Circle, parties)
		if err != nil {
			return err
		}
		s.now.Rule, s.now.Proposal, s.now.Parties, s.now.Recipients = s.rule(rule), nil, parties, recipients
		s.resume()
		return s.withoutOwnAuthorities()
	})
}

// handOver makes another party keep the name.
func (s *step) handOver(to cordon.ID) error {
	name, err := s.Keys.OpenRecord(s.now.Drafter, nameContext(s.now.ID), s.now.Name)
	if err != nil {
		return err
	}
	s.now.Drafter = to
	return s.seal(name)
}

// withoutOwnAuthorities takes the organisation's people off those who may
// release in an emergency.
func (s *step) withoutOwnAuthorities() error {
	var rest []cordon.ID
	for _, id := range s.now.EmergencyAuthorities {
		p, err := s.Tx.Person(id)
		if err != nil {
			return err
		}
		if p.Org != s.own() {
			rest = append(rest, id)
		}
	}
	if s.now.EmergencyAuthorities = rest; len(rest) == 0 {
		s.now.EmergencyFor = 0
	}
	return nil
}
