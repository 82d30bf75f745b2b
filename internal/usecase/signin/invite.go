package signin

import (
	"context"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/names"
	"cordon/internal/usecase/people"
)

// Invite adds the organisation's first administrator, who is cleared for nothing,
// and gives an enrolment for them. It takes an operator, who then has no more to do
// with the organisation's people. It is a Conflict where the organisation has an
// administrator who has come in, or somebody of that name; the two are one answer.
// An invitation that nobody has used yet is replaced: the same person is enrolled
// again, and anybody else invited before is suspended.
func (m *Methods) Invite(ctx context.Context, by act.Caller, org cordon.ID, name string) (cordon.Person, string, time.Time, error) {
	type invited struct {
		newEnrolment
		before []cordon.Person // invited before, who have not come
	}
	out, err := act.Do(ctx, by, act.ByRole(cordon.ActPerson, cordon.RoleOperator), func(s *act.Snapshot) (invited, error) {
		o, err := s.OrganisationAt(org)
		if err != nil {
			return invited{}, err
		}
		all, err := s.Tx.People(o.ID)
		if err != nil {
			return invited{}, err
		}
		var i invited
		for _, p := range all {
			if !p.Has(cordon.RoleAdministrator) || p.Suspended {
				continue
			}
			came, err := cameIn(s, p.ID)
			if err != nil {
				return invited{}, err
			}
			switch {
			case came:
				return invited{}, errAdministered
			case names.Alike(p.Name, name):
				i.person = p
			default:
				p.Suspended = true
				i.before = append(i.before, p)
			}
		}
		if i.person.ID == "" {
			i.person = cordon.Person{ID: cordon.NewID(), Org: o.ID, Name: name, Roles: []cordon.Role{cordon.RoleAdministrator}}
			i.person, err = people.Named(s, cordon.Person{}, i.person)
			if cordon.KindOf(err) == cordon.KindConflict {
				err = errAdministered
			}
			if err != nil {
				return invited{}, err
			}
		}
		i.newEnrolment, err = m.newEnrolment(s, i.person)
		return i, err
	}, func(c *act.Commit, i invited) (newEnrolment, error) {
		for _, p := range i.before {
			if err := drop(c.Tx, p.ID, cordon.CredentialEnrolment); err != nil {
				return i.newEnrolment, err
			}
		}
		for _, p := range append(i.before, i.person) {
			if err := people.Put(c, p); err != nil {
				return i.newEnrolment, err
			}
			if err := c.RecordOf(p.Org, cordon.Entry{Subject: p.ID, Reasons: people.Changes(cordon.Person{}, p)}); err != nil {
				return i.newEnrolment, err
			}
		}
		if err := people.TellRaised(c, cordon.Person{}, i.person); err != nil {
			return i.newEnrolment, err
		}
		return putEnrolment(c, i.newEnrolment)
	})
	return out.person, out.secret, out.expires, err
}

var errAdministered = cordon.Errorf(cordon.KindConflict,
	"this organisation has an administrator, or somebody of that name, already: its administrators add others")

// cameIn reports whether the person has, or ever made themself, a way in besides an
// enrolment.
func cameIn(s *act.Snapshot, person cordon.ID) (bool, error) {
	credentials, err := s.Tx.Credentials(person)
	if err != nil {
		return false, err
	}
	for _, c := range credentials {
		if c.Kind != cordon.CredentialEnrolment {
			return true, nil
		}
	}
	tokens, err := s.Tx.Tokens(person, cordon.Cursor{}, 1)
	return len(tokens) > 0, err
}
