package people

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/notice"
)

// AskCeiling asks the operators for another ceiling of the caller's organisation,
// in place of what was asked before. It takes an administrator.
func AskCeiling(ctx context.Context, by act.Caller, org cordon.ID, to cordon.Ceiling) (cordon.Organisation, error) {
	if err := validateCeiling(by.Base, to); err != nil {
		return cordon.Organisation{}, err
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActOrg, cordon.RoleAdministrator), func(s *act.Snapshot) (cordon.Organisation, error) {
		o, err := s.OrganisationAt(org)
		if err == nil && !s.Within(o.ID) {
			err = cordon.Errorf(cordon.KindDenied, "an administrator asks for their own organisation")
		}
		o.Asked = &to
		return o, err
	}, func(c *act.Commit, o cordon.Organisation) (cordon.Organisation, error) {
		if err := c.Tx.PutOrganisation(o); err != nil {
			return o, err
		}
		return o, c.RecordOf(o.ID, cordon.Entry{Subject: o.ID, Reasons: ceilingChanges("ceiling-asked", o.Ceiling, o.Asked)})
	})
}

// SetCeiling bounds what the organisation's people can hold, from their next
// request on. It takes an operator, who lowers it at will and raises it as far as
// the organisation's administrators asked; while nobody is in the organisation, at
// will too. Its security officers are told of a ceiling that is raised.
func SetCeiling(ctx context.Context, by act.Caller, org cordon.ID, to cordon.Ceiling) (cordon.Organisation, error) {
	if err := validateCeiling(by.Base, to); err != nil {
		return cordon.Organisation{}, err
	}
	type set struct {
		org    cordon.Organisation
		before *cordon.Ceiling
		raised bool
	}
	return act.Do(ctx, by, act.ByRole(cordon.ActOrg, cordon.RoleOperator), func(s *act.Snapshot) (set, error) {
		o, err := s.OrganisationAt(org)
		if err != nil {
			return set{}, err
		}
		raised := exceeds(s.Base, to, o.Ceiling)
		if raised && !s.Principal.Local && (o.Asked == nil || exceeds(s.Base, to, o.Ceiling, o.Asked)) {
			people, err := s.Tx.People(o.ID)
			if err == nil && len(people) > 0 {
				err = cordon.Errorf(cordon.KindDenied, "an operator raises a ceiling as far as the organisation's administrators asked, and they did not ask for this")
			}
			if err != nil {
				return set{}, err
			}
		}
		before := o.Ceiling
		o.Ceiling, o.Asked = &to, nil
		return set{o, before, raised}, nil
	}, func(c *act.Commit, to set) (cordon.Organisation, error) {
		if err := c.Tx.PutOrganisation(to.org); err != nil {
			return to.org, err
		}
		if to.raised {
			if err := tellOfficers(c, to.org.ID, "the ceiling of what your people can hold was raised to "+ceilingText(*to.org.Ceiling)); err != nil {
				return to.org, err
			}
		}
		return to.org, c.RecordOf(to.org.ID, cordon.Entry{Subject: to.org.ID, Reasons: ceilingChanges("ceiling", to.before, to.org.Ceiling)})
	})
}

// exceeds reports whether the ceiling lets somebody hold what none of the others
// lets them. One that is nil has no bound.
func exceeds(base *act.Base, to cordon.Ceiling, others ...*cordon.Ceiling) bool {
	if slices.Contains(others, nil) {
		return false
	}
	for scheme, level := range to.Clearances {
		if !slices.ContainsFunc(others, func(o *cordon.Ceiling) bool {
			return rank(base, scheme, level) <= rank(base, scheme, o.Clearances[scheme])
		}) {
			return true
		}
	}
	return slices.ContainsFunc(to.ReadIns, func(compartment string) bool {
		return !slices.ContainsFunc(others, func(o *cordon.Ceiling) bool { return slices.Contains(o.ReadIns, compartment) })
	})
}

// rank is the place of the level in the scheme's ladder; -1 for none.
func rank(base *act.Base, scheme, level string) int {
	sch, ok := base.Schemes.Scheme(scheme)
	if !ok {
		return -1
	}
	return slices.Index(sch.Ladder(), level)
}

// underCeiling is Invalid where the person would be given what is above the ceiling
// of their organisation. What they held before is not held against them: it has no
// effect, and may be taken away piece by piece.
func underCeiling(base *act.Base, org cordon.Organisation, before, after cordon.Person) error {
	c := org.Ceiling
	if c == nil {
		return nil
	}
	for scheme, level := range after.Clearances {
		if before.Clearances[scheme] != level && rank(base, scheme, level) > max(0, rank(base, scheme, c.Clearances[scheme])) {
			return cordon.Errorf(cordon.KindInvalid, "%s=%s is above what people of %s can hold, which is %s: ask the operators for another ceiling", scheme, level, org.Name, ceilingText(*c))
		}
	}
	for _, r := range after.ReadIns {
		if !slices.Contains(before.ReadIns, r) && !slices.Contains(c.ReadIns, r.Compartment) {
			return cordon.Errorf(cordon.KindInvalid, "%s is above what people of %s can hold, which is %s: ask the operators for another ceiling", r.Compartment, org.Name, ceilingText(*c))
		}
	}
	return nil
}

func validateCeiling(base *act.Base, c cordon.Ceiling) error {
	p := cordon.Person{Clearances: c.Clearances}
	for _, compartment := range c.ReadIns {
		p.ReadIns = append(p.ReadIns, cordon.ReadIn{Compartment: compartment})
	}
	return holdable(base, p)
}

func ceilingText(c cordon.Ceiling) string {
	var all []string
	for _, scheme := range slices.Sorted(maps.Keys(c.Clearances)) {
		all = append(all, scheme+"="+c.Clearances[scheme])
	}
	if all = append(all, c.ReadIns...); len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

// raised says in words what a change gives a person that they did not have; empty
// for nothing.
func raised(base *act.Base, before, after cordon.Person) string {
	var all []string
	for _, r := range after.Roles {
		if !before.Has(r) {
			all = append(all, "the role "+string(r))
		}
	}
	for _, scheme := range slices.Sorted(maps.Keys(after.Clearances)) {
		if level := after.Clearances[scheme]; rank(base, scheme, level) > max(0, rank(base, scheme, before.Clearances[scheme])) {
			all = append(all, "the clearance "+scheme+"="+level)
		}
	}
	for _, r := range after.ReadIns {
		if !slices.Contains(before.ReadIns, r) {
			all = append(all, "the read-in "+r.String())
		}
	}
	if before.Suspended && !after.Suspended {
		all = append(all, "an end of their suspension")
	}
	return strings.Join(all, ", ")
}

// TellRaised tells the security officers of the person's organisation what the
// change gives the person.
func TellRaised(c *act.Commit, before, after cordon.Person) error {
	what := raised(c.Base, before, after)
	if what == "" {
		return nil
	}
	return tellOfficers(c, after.Org, fmt.Sprintf("%s was given %s", after.Name, what))
}

// TellWayIn tells the security officers that somebody else was given a way to sign
// in as the person.
func TellWayIn(c *act.Commit, person cordon.Person, kind cordon.CredentialKind) error {
	if c.Actor.Person.ID == person.ID {
		return nil
	}
	return tellOfficers(c, person.Org, fmt.Sprintf("a way to sign in as %s was made: %s", person.Name, kind))
}

// tellOfficers writes a notice to the organisation's security officers of what the
// caller did. Work on the data itself writes none; it is in the feeds.
func tellOfficers(c *act.Commit, org cordon.ID, what string) error {
	if c.Principal.Local {
		return nil
	}
	who := "An operator of the installation"
	if c.Actor.Org.ID == org {
		who = c.Actor.Person.Name
	}
	return notice.Send(c, notice.Message{
		Org: org, Roles: []cordon.Role{cordon.RoleSecurityOfficer}, Text: who + " changed who may do what: " + what + ".",
	})
}
