// Package people keeps who takes part: organisations, people and the tokens
// by which programs act for them. An administrator does all of this and reads
// nothing by it. Every change stands in the ledger and rules the next request.
package people

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
)

// firstPerson is where the store keeps who set the installation up.
const firstPerson = "people.first"

// Initialise sets up an empty store: the key check, the ledger's signing key
// (sealed under the root key), the first organisation and the first person,
// who gets every role. It gives that person's token, which is shown once and
// kept nowhere. A store that was set up before is a Conflict.
func Initialise(ctx context.Context, base *act.Base, org cordon.Organisation, person cordon.Person, also func(cordon.WriteTx) error) (cordon.Person, string, error) {
	org.ID, person.ID = cordon.NewID(), cordon.NewID()
	person.Org, person.Roles = org.ID, cordon.Roles()
	if err := validate(base, org, person); err != nil {
		return person, "", err
	}
	secret, token := newToken(person.ID, "first person", base.Clock.Now())
	err := base.Store.Update(ctx, func(tx cordon.WriteTx) error {
		if err := unused(tx); err != nil {
			return err
		}
		if err := base.Vault.Initialise(tx); err != nil {
			return err
		}
		if err := base.Vault.NewOwner(tx, org.ID); err != nil {
			return err
		}
		if err := tx.PutOrganisation(org); err != nil {
			return err
		}
		if err := tx.PutPerson(person); err != nil {
			return err
		}
		if err := tx.PutToken(token); err != nil {
			return err
		}
		if err := tx.PutMeta(firstPerson, []byte(person.ID)); err != nil {
			return err
		}
		if err := also(tx); err != nil {
			return err
		}
		return ledger.Append(tx, cordon.Entry{
			ID: cordon.NewID(), At: base.Clock.Now(), Actor: person.ID, ActorOrg: org.ID,
			Act: cordon.ActInit, Outcome: cordon.Allowed, Subject: person.ID,
		})
	})
	return person, secret, err
}

// Unused is a Conflict where the store was set up before.
func Unused(ctx context.Context, store cordon.Store) error { return store.View(ctx, unused) }

func unused(tx cordon.ReadTx) error {
	_, err := tx.Meta(firstPerson)
	switch {
	case err == nil:
		return cordon.Errorf(cordon.Conflict, "this installation is set up already: use it as it is, or make another elsewhere")
	case cordon.KindOf(err) == cordon.NotFound:
		return nil
	}
	return err
}

// First is the person who set the installation up: whoever works on a data
// directory directly acts as him. ErrNotFound before Initialise.
func First(ctx context.Context, base *act.Base) (cordon.ID, error) {
	var id cordon.ID
	err := base.Store.View(ctx, func(tx cordon.ReadTx) error {
		value, err := tx.Meta(firstPerson)
		id = cordon.ID(value)
		return err
	})
	return id, err
}

// Me is the actor as he stands now.
func Me(ctx context.Context, by act.Caller) (cordon.Actor, error) {
	var actor cordon.Actor
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := by.Rules.Look(tx, by.Person, by.Clock.Now())
		if err == nil {
			actor = view.Actor
		}
		return err
	})
	return actor, err
}

// AddOrganisation adds one, with a key of its own. Its ID is given here.
func AddOrganisation(ctx context.Context, by act.Caller, org cordon.Organisation) (cordon.Organisation, error) {
	org.ID = cordon.NewID()
	if err := validateOrg(by.Base, org); err != nil {
		return org, err
	}
	err := change(ctx, by.Base, by.Person, cordon.ActOrg, org.ID, func(tx cordon.WriteTx, view *reader.View) error {
		if err := by.Vault.NewOwner(tx, org.ID); err != nil {
			return err
		}
		return putOrganisation(tx, view, cordon.Organisation{}, org)
	})
	return org, err
}

// ChangeOrganisation replaces what an organisation is: name, title, country,
// the communities it is a member of, and whose client it is. It rules the next
// request of its people; what it published stays open to the communities it was
// a member of then (docs/adr/0006).
func ChangeOrganisation(ctx context.Context, by act.Caller, org cordon.Organisation) (cordon.Organisation, error) {
	return ChangeOrganisationIf(ctx, by, org, func(cordon.Organisation) error { return nil })
}

// ChangeOrganisationIf is ChangeOrganisation where what is there still fits,
// looked at in the transaction that changes it; otherwise the error of fits.
func ChangeOrganisationIf(ctx context.Context, by act.Caller, org cordon.Organisation, fits func(before cordon.Organisation) error) (cordon.Organisation, error) {
	if err := validateOrg(by.Base, org); err != nil {
		return org, err
	}
	err := change(ctx, by.Base, by.Person, cordon.ActOrg, org.ID, func(tx cordon.WriteTx, view *reader.View) error {
		before, err := tx.HoldOrganisation(org.ID)
		if err != nil {
			return err
		}
		if err := fits(before); err != nil {
			return err
		}
		return putOrganisation(tx, view, before, org)
	})
	return org, err
}

// putOrganisation keeps the organisation. Those whose client it becomes, or is
// no longer, find that in their feeds: it decides who reads what they were given.
func putOrganisation(tx cordon.WriteTx, view *reader.View, before, after cordon.Organisation) error {
	record := func(act cordon.Act, of, besides []cordon.ID) error {
		for _, id := range of {
			if slices.Contains(besides, id) {
				continue
			}
			e := view.Entry(act, cordon.Allowed)
			e.Feed, e.Subject = id, after.ID
			if err := ledger.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	}
	for _, id := range after.ClientOf {
		if id == after.ID {
			return cordon.Errorf(cordon.Invalid, "an organisation is not its own client")
		}
		_, err := tx.HoldOrganisation(id)
		if cordon.KindOf(err) == cordon.NotFound {
			return cordon.Errorf(cordon.Invalid, "there is no organisation %s to be a client of", id)
		}
		if err != nil {
			return err
		}
	}
	if err := record(cordon.ActClient, after.ClientOf, before.ClientOf); err != nil {
		return err
	}
	if err := record(cordon.ActClientEnd, before.ClientOf, after.ClientOf); err != nil {
		return err
	}
	return tx.PutOrganisation(after)
}

// Organisations lists all of them, by name. The directory of organisations is
// open to whoever is signed in; what they own and agreed is not, and whose
// client an organisation is, only the two of them and administrators are told.
func Organisations(ctx context.Context, by act.Caller) ([]cordon.Organisation, error) {
	var list []cordon.Organisation
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := by.Rules.Look(tx, by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		list, err = tx.Organisations()
		own := view.Actor.Org.ID
		for i, o := range list {
			if o.ID != own && !view.Actor.Person.Has(cordon.Administrator) {
				list[i].ClientOf = slices.DeleteFunc(o.ClientOf, func(of cordon.ID) bool { return of != own })
			}
		}
		return err
	})
	return list, err
}

// AddPerson adds one to an organisation. Its ID is given here.
func AddPerson(ctx context.Context, by act.Caller, person cordon.Person) (cordon.Person, error) {
	person.ID = cordon.NewID()
	if err := validatePerson(by.Base, person); err != nil {
		return person, err
	}
	err := change(ctx, by.Base, by.Person, cordon.ActPerson, person.ID, func(tx cordon.WriteTx, _ *reader.View) error {
		if _, err := tx.HoldOrganisation(person.Org); err != nil {
			return err
		}
		return tx.PutPerson(person)
	})
	return person, err
}

// ChangePerson replaces what a person holds: clearances, read-ins, roles,
// suspension. It rules the next request. A person stays in his organisation.
func ChangePerson(ctx context.Context, by act.Caller, person cordon.Person) (cordon.Person, error) {
	return ChangePersonIf(ctx, by, person, func(cordon.Person) error { return nil })
}

// ChangePersonIf is ChangePerson where what is there still fits, looked at in
// the transaction that changes it; otherwise the error of fits.
func ChangePersonIf(ctx context.Context, by act.Caller, person cordon.Person, fits func(before cordon.Person) error) (cordon.Person, error) {
	if err := validatePerson(by.Base, person); err != nil {
		return person, err
	}
	err := change(ctx, by.Base, by.Person, cordon.ActPerson, person.ID, func(tx cordon.WriteTx, _ *reader.View) error {
		before, err := tx.HoldPerson(person.ID)
		if err != nil {
			return err
		}
		if err := fits(before); err != nil {
			return err
		}
		if before.Org != person.Org {
			return cordon.Errorf(cordon.Invalid, "a person stays in one organisation: suspend this one and add another")
		}
		if person.Suspended {
			// Restored, he signs in again.
			if err := tx.EndSessions(person.ID, ""); err != nil {
				return err
			}
		}
		return tx.PutPerson(person)
	})
	return person, err
}

// Person gives a person to members of his organisation and to administrators.
func Person(ctx context.Context, by act.Caller, id cordon.ID) (cordon.Person, error) {
	var p cordon.Person
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := by.Rules.Look(tx, by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		if p, err = tx.Person(id); err != nil {
			return err
		}
		if view.Actor.Org.ID != p.Org && !view.Actor.Person.Has(cordon.Administrator) {
			return cordon.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return cordon.Person{}, err
	}
	return p, nil
}

// Hold keeps a person with what he holds, as whoever calls it has decided: the
// rules for what another provider says of him. The caller records it.
func Hold(base *act.Base, tx cordon.WriteTx, person cordon.Person) error {
	if err := validatePerson(base, person); err != nil {
		return err
	}
	return tx.PutPerson(person)
}

// People lists an organisation's people to its own members and to
// administrators.
func People(ctx context.Context, by act.Caller, org cordon.ID) ([]cordon.Person, error) {
	var list []cordon.Person
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := by.Rules.Look(tx, by.Person, by.Clock.Now())
		if err != nil {
			return err
		}
		if view.Actor.Org.ID != org && !view.Actor.Person.Has(cordon.Administrator) {
			return cordon.ErrNotFound
		}
		list, err = tx.People(org)
		return err
	})
	return list, err
}

// change is an administrator's act with its ledger entry.
func change(ctx context.Context, base *act.Base, by cordon.ID, act cordon.Act, subject cordon.ID, fn func(cordon.WriteTx, *reader.View) error) error {
	return base.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := base.Rules.Look(cordon.Holding(tx), by, base.Clock.Now())
		if err != nil {
			return err
		}
		if err := view.Require(cordon.Administrator); err != nil {
			return err
		}
		if err := fn(tx, view); err != nil {
			return err
		}
		e := view.Entry(act, cordon.Allowed)
		e.Subject = subject
		return ledger.Append(tx, e)
	})
}

var (
	orgName  = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$`)
	country  = regexp.MustCompile(`^[A-Z]{3}$`)
	communal = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,31}$`)
)

func validate(base *act.Base, org cordon.Organisation, person cordon.Person) error {
	if err := validateOrg(base, org); err != nil {
		return err
	}
	return validatePerson(base, person)
}

func validateOrg(base *act.Base, org cordon.Organisation) error {
	if !orgName.MatchString(org.Name) {
		return cordon.Errorf(cordon.Invalid, "%q is not a name for an organisation: letters, digits, space and . _ - up to 64", org.Name)
	}
	if org.Country != "" && !country.MatchString(org.Country) {
		return cordon.Errorf(cordon.Invalid, "%q is not a country: give its ISO 3166 trigraph, such as USA", org.Country)
	}
	for _, c := range org.Communities {
		if !communal.MatchString(c) {
			return cordon.Errorf(cordon.Invalid, "%q is not a community: capitals, digits and - such as FVEY or FIN-ISAC", c)
		}
	}
	if max(len(org.Communities), len(org.ClientOf)) > cordon.MaxHeld {
		return cordon.Errorf(cordon.TooLarge, "an organisation is a member of at most %d communities and a client of at most %d organisations", cordon.MaxHeld, cordon.MaxHeld)
	}
	if len(org.Title) > cordon.MaxNameBytes {
		return cordon.Errorf(cordon.TooLarge, "a title is at most %d bytes", cordon.MaxNameBytes)
	}
	return nil
}

func validatePerson(base *act.Base, p cordon.Person) error {
	if name := strings.TrimSpace(p.Name); name == "" || name != p.Name || len(name) > 256 {
		return cordon.Errorf(cordon.Invalid, "a person needs a name of up to 256 bytes without blanks around it")
	}
	if p.Nationality != "" && !country.MatchString(p.Nationality) {
		return cordon.Errorf(cordon.Invalid, "%q is not a nationality: give an ISO 3166 trigraph, such as USA", p.Nationality)
	}
	for scheme, level := range p.Clearances {
		sch, ok := base.Schemes.Scheme(scheme)
		if !ok || len(sch.Ladder()) == 0 {
			return cordon.Errorf(cordon.Invalid, "there are no clearances in a scheme %q: %s", scheme, ladders(base))
		}
		if !slices.Contains(sch.Ladder(), level) {
			return cordon.Errorf(cordon.Invalid, "%q is no clearance of scheme %q: one of %s", level, scheme, strings.Join(sch.Ladder(), ", "))
		}
	}
	if len(p.ReadIns) > cordon.MaxHeld {
		return cordon.Errorf(cordon.TooLarge, "a person holds at most %d read-ins", cordon.MaxHeld)
	}
	for _, readIn := range p.ReadIns {
		if err := validateReadIn(base, readIn); err != nil {
			return err
		}
	}
	for _, role := range p.Roles {
		if !slices.Contains(cordon.Roles(), role) {
			return cordon.Errorf(cordon.Invalid, "%q is not a role: one of %v", role, cordon.Roles())
		}
	}
	return nil
}

func validateReadIn(base *act.Base, r cordon.ReadIn) error {
	scheme, name, ok := strings.Cut(r.Compartment, ":")
	if _, known := base.Schemes.Scheme(scheme); !ok || !known || name == "" || strings.Contains(name, "@") || len(name) > cordon.MaxNameBytes {
		return cordon.Errorf(cordon.Invalid, "%q is not a read-in: write the scheme and the compartment, such as us:SI", r.Compartment)
	}
	for _, t := range []time.Time{r.From, r.Until} {
		if y := t.Year(); !t.IsZero() && (y < 1900 || y > 9000) {
			return cordon.Errorf(cordon.Invalid, "the read-in %s has a bound in the year %d: leave out what is no bound", r.Compartment, y)
		}
	}
	if !r.Until.IsZero() && !r.From.Before(r.Until) {
		return cordon.Errorf(cordon.Invalid, "the read-in %s ends before it begins", r)
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
