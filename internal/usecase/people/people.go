// Package people keeps who takes part: organisations, people, and the tokens by
// which programs act for them. Operators keep the organisations, and see none of
// their people; each organisation's administrators look after its people, and
// nobody else's. Neither reads anything by that. Every change is recorded in the
// feed of the organisation concerned and in that of the one which runs the
// installation, and rules the next request.
package people

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/names"
	"cordon/marking/nations"
)

// firstPerson is where the store keeps who set the installation up.
const firstPerson = "people.first"

// Initialise sets up an empty store: the key check, the ledger's signing key
// (sealed under the root key), the first organisation, and the first person,
// who gets every role. It gives that person's token, which is shown once and
// kept nowhere. A store that was set up before is a Conflict. The function also
// is run in the same transaction.
func Initialise(ctx context.Context, base *act.Base, org cordon.Organisation, person cordon.Person, also func(cordon.WriteTx) error) (cordon.Person, string, error) {
	org, person, err := CheckFirst(base, org, person)
	if err != nil {
		return person, "", err
	}
	org.ID, person.ID = cordon.NewID(), cordon.NewID()
	person.Org = org.ID
	secret, err := act.Do(ctx, base.Anyone(), act.ByAnyone(cordon.ActInit), func(s *act.Snapshot) (act.Done, error) {
		return act.Done{}, unused(s.Tx)
	}, func(c *act.Commit, _ act.Done) (string, error) {
		if err := base.Vault.Initialise(c.Tx); err != nil {
			return "", err
		}
		if err := base.Vault.NewOwner(c.Tx, org.ID); err != nil {
			return "", err
		}
		if err := c.Tx.PutOrganisation(org); err != nil {
			return "", err
		}
		if err := c.Tx.PutPerson(person); err != nil {
			return "", err
		}
		secret, token := newToken(person.ID, "first person", c.Now)
		if err := c.Tx.PutToken(token); err != nil {
			return "", err
		}
		if err := c.Tx.PutMeta(firstPerson, []byte(person.ID)); err != nil {
			return "", err
		}
		if err := c.Tx.PutMeta(act.HostMeta, []byte(org.ID)); err != nil {
			return "", err
		}
		if err := also(c.Tx); err != nil {
			return "", err
		}
		c, err := c.As(person.ID)
		if err != nil {
			return "", err
		}
		return secret, c.RecordOf(org.ID, cordon.Entry{Subject: person.ID})
	})
	return person, secret, err
}

// CheckFirst is Invalid, with the reason, where Initialise would refuse the
// organisation or the person. It gives both as they would be, and looks at nothing
// but the schemes of base.
func CheckFirst(base *act.Base, org cordon.Organisation, person cordon.Person) (cordon.Organisation, cordon.Person, error) {
	person.Roles = cordon.Roles()
	var err error
	if org.Name, err = organisationName(org.Name); err == nil {
		if person.Name, err = personName(person.Name); err == nil {
			err = cmp.Or(validateOrg(org), Check(base, person))
		}
	}
	return org, person, err
}

// Unused is a Conflict where the store was set up before.
func Unused(ctx context.Context, store cordon.Store) error {
	err := store.View(ctx, func(tx cordon.ReadTx) error { return unused(tx) })
	if foreign := (*cordon.Unverified)(nil); errors.As(err, &foreign) {
		return errUsed // under another key
	}
	return err
}

var errUsed = cordon.Errorf(cordon.KindConflict, "this installation is set up already: use it as it is, or make another elsewhere")

func unused(tx cordon.MetaReader) error {
	_, err := tx.Meta(firstPerson)
	switch {
	case err == nil:
		return errUsed
	case cordon.KindOf(err) == cordon.KindNotFound:
		return nil
	}
	return err
}

// First is the person who set the installation up. People who work on a data
// directory directly act as that person. It is ErrNotFound before Initialise.
func First(ctx context.Context, base *act.Base) (cordon.ID, error) {
	id, err := cordon.View(ctx, base.Store, func(tx cordon.ReadTx) ([]byte, error) { return tx.Meta(firstPerson) })
	return cordon.ID(id), err
}

// Me is the actor as they stand now.
func Me(ctx context.Context, by act.Caller) (cordon.Actor, error) {
	return act.Read(ctx, by, act.ByAnyone(cordon.ActPerson), func(s *act.Snapshot) (cordon.Actor, error) { return s.Actor, nil })
}

// AddOrganisation adds an organisation with a key of its own and gives it its
// ID. One whose name looks like another's is a Conflict. Like every change of an
// organisation it takes an operator.
func AddOrganisation(ctx context.Context, by act.Caller, org cordon.Organisation) (cordon.Organisation, error) {
	org.ID = cordon.NewID()
	if err := validateOrg(org); err != nil {
		return org, err
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActOrg, cordon.RoleOperator), func(s *act.Snapshot) (cordon.Organisation, error) {
		of, err := s.FindOrganisations(org.ClientOf)
		if err != nil {
			return org, err
		}
		org := org
		org.ClientOf = of
		return validNames(s, cordon.Organisation{}, org)
	}, func(c *act.Commit, org cordon.Organisation) (cordon.Organisation, error) {
		if err := by.Vault.NewOwner(c.Tx, org.ID); err != nil {
			return org, err
		}
		return org, putOrganisation(c, cordon.Organisation{}, org)
	})
}

// ChangeOrganisation replaces the organisation's name, title, country, the
// communities it is a member of, and the organisations it is a client of. The
// change rules the next request of its people. Reports that it published stay
// open to the communities it was a member of then (docs/adr/0006).
func ChangeOrganisation(ctx context.Context, by act.Caller, org cordon.Organisation) (cordon.Organisation, error) {
	return ChangeOrganisationIf(ctx, by, org, func(cordon.Organisation) error { return nil })
}

// ChangeOrganisationIf is ChangeOrganisation if fits accepts the organisation
// as it stands in the transaction that changes it; otherwise it gives the error
// of fits.
func ChangeOrganisationIf(ctx context.Context, by act.Caller, org cordon.Organisation, fits func(before cordon.Organisation) error) (cordon.Organisation, error) {
	if err := validateOrg(org); err != nil {
		return org, err
	}
	type change struct{ before, after cordon.Organisation }
	return act.Do(ctx, by, act.ByRole(cordon.ActOrg, cordon.RoleOperator), func(s *act.Snapshot) (change, error) {
		before, err := s.OrganisationAt(org.ID)
		if err != nil {
			return change{}, err
		}
		if err := fits(before); err != nil {
			return change{}, err
		}
		of, err := s.FindOrganisations(org.ClientOf)
		if err != nil {
			return change{}, err
		}
		org := org
		org.ID, org.ClientOf = before.ID, of
		org.Ceiling, org.Asked = before.Ceiling, before.Asked
		after, err := validNames(s, before, org)
		return change{before, after}, err
	}, func(c *act.Commit, to change) (cordon.Organisation, error) {
		return to.after, putOrganisation(c, to.before, to.after)
	})
}

// validNames gives the organisation with its name in its one spelling. It
// checks that the name, where it is new, looks like no other's, and that the
// organisations it is a client of exist.
func validNames(s *act.Snapshot, before, org cordon.Organisation) (cordon.Organisation, error) {
	for _, id := range org.ClientOf {
		if id == org.ID {
			return org, cordon.Errorf(cordon.KindInvalid, "an organisation is not its own client")
		}
		if _, err := s.Tx.Organisation(id); err != nil {
			return org, cordon.InvalidIfAbsent(err, fmt.Sprintf("there is no organisation %s to be a client of", id))
		}
	}
	if before.ID != "" && org.Name == before.Name {
		return org, nil
	}
	var err error
	if org.Name, err = organisationName(org.Name); err != nil {
		return org, err
	}
	all, err := s.Tx.Organisations()
	for _, other := range all {
		if other.ID != org.ID && names.Alike(other.Name, org.Name) {
			return org, cordon.Errorf(cordon.KindConflict, "the name %q looks like that of the organisation %q: give another", org.Name, other.Name)
		}
	}
	return org, err
}

// putOrganisation keeps the organisation. An organisation that gains or loses
// it as a client finds that in its feed, since the change decides who reads
// what it was given.
func putOrganisation(c *act.Commit, before, after cordon.Organisation) error {
	record := func(what cordon.Act, of, besides []cordon.ID) error {
		for _, id := range of {
			if slices.Contains(besides, id) {
				continue
			}
			if err := c.Record(cordon.Entry{Act: what, Feed: id, Subject: after.ID}); err != nil {
				return err
			}
		}
		return nil
	}
	if err := record(cordon.ActClient, after.ClientOf, before.ClientOf); err != nil {
		return err
	}
	if err := record(cordon.ActClientEnd, before.ClientOf, after.ClientOf); err != nil {
		return err
	}
	if err := c.Tx.PutOrganisation(after); err != nil {
		return err
	}
	return c.RecordOf(after.ID, cordon.Entry{Subject: after.ID, Reasons: organisationChanges(before, after)})
}

// Directory lists what the organisations are called, and no more: that is open to all who
// are signed in, and answers need it.
func Directory(ctx context.Context, base *act.Base) ([]cordon.Organisation, error) {
	return cordon.View(ctx, base.Store, func(tx cordon.ReadTx) ([]cordon.Organisation, error) {
		list, err := tx.Organisations()
		for i, o := range list {
			list[i] = cordon.Organisation{ID: o.ID, Name: o.Name}
		}
		return list, err
	})
}

// Organisations lists all organisations by name. The directory is open to
// everybody who is signed in. It does not say what they own or agreed. Only the
// two organisations concerned and operators are told whose client an organisation
// is; its own people and operators are told its ceiling.
func Organisations(ctx context.Context, by act.Caller) ([]cordon.Organisation, error) {
	return act.Read(ctx, by, act.ByAnyone(cordon.ActOrg), func(s *act.Snapshot) ([]cordon.Organisation, error) {
		list, err := s.Tx.Organisations()
		own := s.Actor.Org.ID
		for i, o := range list {
			if o.ID != own && !s.Operates() {
				list[i].Ceiling, list[i].Asked = nil, nil
				list[i].ClientOf = slices.DeleteFunc(o.ClientOf, func(of cordon.ID) bool { return of != own })
			}
		}
		return list, err
	})
}

// AddPerson adds a person, or a program's account, to an organisation and gives
// them their ID. One whose name looks like another's of the organisation is a
// Conflict. It takes an administrator of the organisation.
func AddPerson(ctx context.Context, by act.Caller, person cordon.Person) (cordon.Person, error) {
	person.ID = cordon.NewID()
	if err := Check(by.Base, person); err != nil {
		return person, err
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActPerson, cordon.RoleAdministrator), func(s *act.Snapshot) (cordon.Person, error) {
		id, err := s.FindOrganisation(person.Org)
		if err != nil {
			return person, err
		}
		org, err := s.Tx.Organisation(id)
		if err != nil {
			return person, err
		}
		person := person
		person.Org = id
		if !s.Within(person.Org) {
			return person, cordon.Errorf(cordon.KindDenied, "an administrator adds people to their own organisation: an operator invites another's first administrator")
		}
		if err := operatorsAlone(s, cordon.Person{}, person); err != nil {
			return person, err
		}
		if err := underCeiling(s.Base, org, cordon.Person{}, person); err != nil {
			return person, err
		}
		return Named(s, cordon.Person{}, person)
	}, func(c *act.Commit, person cordon.Person) (cordon.Person, error) {
		if err := c.Tx.PutPerson(person); err != nil {
			return person, err
		}
		if err := TellRaised(c, cordon.Person{}, person); err != nil {
			return person, err
		}
		return person, c.RecordOf(person.Org, cordon.Entry{Subject: person.ID, Reasons: Changes(cordon.Person{}, person)})
	})
}

// ChangePerson replaces what a person holds: clearances, read-ins, roles,
// suspension. It rules the next request. A person stays in their organisation. It
// takes an administrator of that; somebody of another is ErrNotFound.
func ChangePerson(ctx context.Context, by act.Caller, person cordon.Person) (cordon.Person, error) {
	return ChangePersonIf(ctx, by, person, func(cordon.Person) error { return nil })
}

// ChangePersonIf is ChangePerson if fits accepts the person as they stand in
// the transaction that changes them; otherwise it gives the error of fits.
func ChangePersonIf(ctx context.Context, by act.Caller, person cordon.Person, fits func(before cordon.Person) error) (cordon.Person, error) {
	if err := Check(by.Base, person); err != nil {
		return person, err
	}
	type change struct{ before, after cordon.Person }
	return act.Do(ctx, by, act.ByRole(cordon.ActPerson, cordon.RoleAdministrator), func(s *act.Snapshot) (change, error) {
		id, err := s.PersonAt(person.ID)
		if err != nil {
			return change{}, err
		}
		before, err := administered(s, id)
		if err != nil {
			return change{}, err
		}
		if err := fits(before); err != nil {
			return change{}, err
		}
		within, err := s.FindOrganisation(person.Org)
		if err != nil {
			return change{}, err
		}
		person := person
		person.ID, person.Org = id, within
		switch {
		case before.Org != person.Org:
			return change{}, cordon.Errorf(cordon.KindInvalid, "a person stays in one organisation: suspend this one and add another")
		case before.Service != person.Service:
			return change{}, cordon.Errorf(cordon.KindInvalid, "a program's account stays one, and a person a person: suspend this one and add another")
		}
		if err := operatorsAlone(s, before, person); err != nil {
			return change{}, err
		}
		if err := remainsAdministered(s, before, person); err != nil {
			return change{}, err
		}
		org, err := s.Tx.Organisation(before.Org)
		if err != nil {
			return change{}, err
		}
		if err := underCeiling(s.Base, org, before, person); err != nil {
			return change{}, err
		}
		after, err := Named(s, before, person)
		return change{before, after}, err
	}, func(c *act.Commit, to change) (cordon.Person, error) {
		person := to.after
		if person.Suspended {
			// Restored, they sign in again.
			if err := c.Tx.EndSessions(person.ID, ""); err != nil {
				return person, err
			}
		}
		if err := c.Tx.PutPerson(person); err != nil {
			return person, err
		}
		if err := TellRaised(c, to.before, person); err != nil {
			return person, err
		}
		return person, c.RecordOf(person.Org, cordon.Entry{Subject: person.ID, Reasons: Changes(to.before, person)})
	})
}

// Named gives the person with their name in its one spelling. It checks that the
// name, where it is not the one they had before, looks like no other's in the
// organisation.
func Named(s *act.Snapshot, before, person cordon.Person) (cordon.Person, error) {
	if before.ID != "" && person.Name == before.Name {
		return person, nil
	}
	var err error
	if person.Name, err = personName(person.Name); err != nil {
		return person, err
	}
	all, err := s.Tx.People(person.Org)
	for _, other := range all {
		if other.ID != person.ID && names.Alike(other.Name, person.Name) {
			return person, cordon.Errorf(cordon.KindConflict, "the name %q looks like that of %q, who is of the organisation already: give another", person.Name, other.Name)
		}
	}
	return person, err
}

// Person gives a person to members of their organisation.
func Person(ctx context.Context, by act.Caller, id cordon.ID) (cordon.Person, error) {
	return act.Read(ctx, by, act.ByAnyone(cordon.ActPerson), func(s *act.Snapshot) (cordon.Person, error) {
		id, err := s.PersonAt(id)
		if err != nil {
			return cordon.Person{}, err
		}
		p, err := s.Tx.Person(id)
		if err != nil {
			return p, err
		}
		return p, mayKnow(s, p.Org, p.ID)
	})
}

// People lists an organisation's people to its own members.
func People(ctx context.Context, by act.Caller, org cordon.ID) ([]cordon.Person, error) {
	return act.Read(ctx, by, act.ByAnyone(cordon.ActPerson), func(s *act.Snapshot) ([]cordon.Person, error) {
		o, err := s.OrganisationAt(org)
		if err == nil {
			err = mayKnow(s, o.ID, o.ID)
		}
		if err != nil {
			return nil, err
		}
		return s.Tx.People(o.ID)
	})
}

// mayKnow is ErrNotFound for those who may not know the organisation's people; its
// feed has the refusal of the subject.
func mayKnow(s *act.Snapshot, org, subject cordon.ID) error {
	if !s.Within(org) {
		return &act.Refusal{Answer: cordon.ErrNotFound, Subject: subject, Feeds: []cordon.ID{org}}
	}
	return nil
}

// Put keeps a person with the clearances, read-ins and roles that the caller
// has decided on, as the rules for an OpenID provider do. The caller records
// it.
func Put(c *act.Commit, person cordon.Person) error {
	if err := Check(c.Base, person); err != nil {
		return err
	}
	return c.Tx.PutPerson(person)
}

var (
	orgName  = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$`)
	communal = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,31}$`)
)

// organisationName is the name in its one spelling.
func organisationName(name string) (string, error) {
	name, err := names.Check("an organisation", name)
	if err == nil && !orgName.MatchString(name) {
		err = cordon.Errorf(cordon.KindInvalid, "%q is not a name for an organisation: letters, digits, space and . _ - up to 64", name)
	}
	return name, err
}

// personName is the name in its one spelling.
func personName(name string) (string, error) {
	name, err := names.Check("a person", name)
	if err == nil && len(name) > maxPersonName {
		err = cordon.Errorf(cordon.KindInvalid, "a person's name is at most %d bytes", maxPersonName)
	}
	if err == nil {
		err = names.Qualifiable(name)
	}
	return name, err
}

// maxPersonName bounds a person's name, in bytes.
const maxPersonName = 256

func validateOrg(org cordon.Organisation) error {
	if org.Country != "" && !nations.Known(org.Country) {
		return cordon.Errorf(cordon.KindInvalid, "%q is not a country: give its code of three letters in ISO 3166, such as USA, or one beginning with X for an exercise", org.Country)
	}
	for _, c := range org.Communities {
		if !communal.MatchString(c) {
			return cordon.Errorf(cordon.KindInvalid, "%q is not a community: capitals, digits and - such as FVEY or FIN-ISAC", c)
		}
	}
	if max(len(org.Communities), len(org.ClientOf)) > cordon.MaxMemberships {
		return cordon.Errorf(cordon.KindTooLarge, "an organisation is a member of at most %d communities and a client of at most %d organisations", cordon.MaxMemberships, cordon.MaxMemberships)
	}
	if len(org.Title) > cordon.MaxNameBytes {
		return cordon.Errorf(cordon.KindTooLarge, "a title is at most %d bytes", cordon.MaxNameBytes)
	}
	return nil
}

// Check is Invalid, with the reason, where somebody could not hold the clearances,
// read-ins, roles and nationality. It does not look at names.
func Check(base *act.Base, p cordon.Person) error {
	if p.Nationality != "" && !nations.Known(p.Nationality) {
		return cordon.Errorf(cordon.KindInvalid, "%q is not a nationality: give a code of three letters in ISO 3166, such as USA, or one beginning with X for an exercise", p.Nationality)
	}
	if err := holdable(base, p); err != nil {
		return err
	}
	for _, role := range p.Roles {
		if !slices.Contains(cordon.Roles(), role) {
			return cordon.Errorf(cordon.KindInvalid, "%q is not a role: give one of %s", role, listed(cordon.Roles()))
		}
		if p.Service && !slices.Contains(cordon.ServiceRoles(), role) {
			return cordon.Errorf(cordon.KindInvalid, "a program's account does not hold the role %s: of %v, since the others decide", role, cordon.ServiceRoles())
		}
	}
	return nil
}

// holdable checks that the person's clearances and read-ins are ones that somebody
// can hold.
func holdable(base *act.Base, p cordon.Person) error {
	for scheme, level := range p.Clearances {
		sch, ok := base.Schemes.Scheme(scheme)
		if !ok || len(sch.Ladder()) == 0 {
			return cordon.Errorf(cordon.KindInvalid, "there are no clearances in a scheme %q: %s", scheme, ladders(base))
		}
		if !slices.Contains(sch.Ladder(), level) {
			return cordon.Errorf(cordon.KindInvalid, "%q is no clearance of scheme %q: one of %s", level, scheme, strings.Join(sch.Ladder(), ", "))
		}
	}
	if len(p.ReadIns) > cordon.MaxReadIns {
		return cordon.Errorf(cordon.KindTooLarge, "a person holds at most %d read-ins", cordon.MaxReadIns)
	}
	for _, readIn := range p.ReadIns {
		if err := validateReadIn(base, readIn); err != nil {
			return err
		}
	}
	return nil
}

func validateReadIn(base *act.Base, r cordon.ReadIn) error {
	scheme, name, ok := strings.Cut(r.Compartment, ":")
	if _, known := base.Schemes.Scheme(scheme); !ok || !known || name == "" || strings.Contains(name, "@") || len(name) > cordon.MaxNameBytes {
		return cordon.Errorf(cordon.KindInvalid, "%q is not a read-in: write the scheme and the compartment, such as us:SI", r.Compartment)
	}
	for _, t := range []time.Time{r.From, r.Until} {
		if y := t.Year(); !t.IsZero() && (y < 1900 || y > 9000) {
			return cordon.Errorf(cordon.KindInvalid, "the read-in %s has a bound in the year %d: leave out what is no bound", r.Compartment, y)
		}
	}
	if !r.Until.IsZero() && !r.From.Before(r.Until) {
		return cordon.Errorf(cordon.KindInvalid, "the read-in %s ends before it begins", r)
	}
	return nil
}

func ladders(base *act.Base) string {
	var known []string
	for _, sch := range base.Schemes.Schemes() {
		if len(sch.Ladder()) > 0 {
			known = append(known, fmt.Sprintf("%s has %s", sch.Name(), strings.Join(sch.Ladder(), ", ")))
		}
	}
	return strings.Join(known, "; ")
}
