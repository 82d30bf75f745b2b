package people

import (
	"slices"

	"cordon"
	"cordon/internal/core/act"
)

// MayAdminister decides whether the caller may look after how the person signs in:
// people may do so for themselves, administrators for everybody of their
// organisation who is no operator, and for operators those who are one too. A
// token must then have the scope to administer. The person is given by id, or as
// act.Snapshot.FindPerson takes them, and answered by id.
func MayAdminister(s *act.Snapshot, named cordon.ID) (person cordon.ID, err error) {
	if person, err = s.PersonAt(named); err != nil || s.Actor.Person.ID == person {
		return person, err
	}
	if err := s.Require(cordon.RoleAdministrator); err != nil {
		return "", err
	}
	if !s.Principal.Scopes.Cover(cordon.ScopeAdminister) {
		return "", OutOfScope(cordon.ScopeAdminister)
	}
	p, err := administered(s, person)
	if err != nil {
		return "", err
	}
	return person, operatorsAlone(s, p, p)
}

// administered is a person of whom the caller, an administrator, may know.
// Somebody of another organisation is answered as if they were absent; their
// organisation's feed has the refusal.
func administered(s *act.Snapshot, person cordon.ID) (cordon.Person, error) {
	p, err := s.Tx.Person(person)
	if err == nil && !s.Within(p.Org) {
		err = &act.Refusal{Answer: cordon.ErrNotFound, Subject: person, Feeds: []cordon.ID{p.Org}}
	}
	return p, err
}

// operatorsAlone is Denied where an operator is made, changed or unmade by
// somebody who is none.
func operatorsAlone(s *act.Snapshot, before, after cordon.Person) error {
	if (before.Has(cordon.RoleOperator) || after.Has(cordon.RoleOperator)) && !s.Operates() {
		return cordon.Errorf(cordon.KindDenied, "operators of the installation are made, changed and unmade by operators")
	}
	return nil
}

// remainsAdministered is a Conflict where the change leaves an organisation with nobody
// who looks after its people. An operator could invite another, who would be a
// stranger to it; on the data itself everything is possible.
func remainsAdministered(s *act.Snapshot, before, after cordon.Person) error {
	administers := func(p cordon.Person) bool { return p.Has(cordon.RoleAdministrator) && !p.Suspended && !p.Service }
	if s.Principal.Local || !administers(before) || administers(after) {
		return nil
	}
	all, err := s.Tx.People(before.Org)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(p cordon.Person) bool { return p.ID != before.ID && administers(p) }) {
		return nil
	}
	return cordon.Errorf(cordon.KindConflict, "nobody else looks after the people of this organisation: make somebody an administrator first")
}

// mayMakeTokens decides whether the caller may make tokens for the person.
func mayMakeTokens(s *act.Snapshot, named cordon.ID) (person cordon.ID, err error) {
	if person, err = MayAdminister(s, named); err != nil || s.Actor.Person.ID == person || s.Principal.Local {
		return person, err
	}
	p, err := s.Tx.Person(person)
	if err == nil && !p.Service {
		err = cordon.Errorf(cordon.KindDenied, "nobody makes a token for somebody else: enrol them, so that they sign in and make their own; for a program, add an account")
	}
	return person, err
}

// Record writes an act on how a person signs in. An administrator's stands in the
// feed of the person's organisation, and what people do for themselves with
// sign-ins, in the installation's own.
func Record(c *act.Commit, person cordon.ID, e cordon.Entry) error {
	e.Subject = person
	if person == c.Actor.Person.ID {
		return c.Record(e)
	}
	p, err := c.Snapshot.Tx.Person(person)
	if err != nil {
		return err
	}
	return c.RecordOf(p.Org, e)
}
