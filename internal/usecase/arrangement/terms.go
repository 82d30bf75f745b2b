package arrangement

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/marking"
)

const (
	// maxEquivalences bounds what one arrangement can state.
	maxEquivalences = 100
	// maxAuthorities bounds those who may release in an emergency.
	maxAuthorities = 100
)

// terms checks what needs no store and gives the terms in canonical form.
func terms(base *act.Base, t cordon.Terms) (cordon.Terms, error) {
	bad := func(format string, args ...any) (cordon.Terms, error) {
		return t, cordon.Errorf(cordon.Invalid, format, args...)
	}
	if t.Withheld == "" {
		t.Withheld = cordon.Silent
	}
	if t.Onward == "" {
		t.Onward = cordon.OnwardAsk
	}
	switch {
	case t.Withheld != cordon.Silent && t.Withheld != cordon.ShowMark:
		return bad("%q is not a way to withhold: silent or mark", t.Withheld)
	case t.Onward != cordon.OnwardNever && t.Onward != cordon.OnwardParties && t.Onward != cordon.OnwardAsk:
		return bad("%q is not an onward rule: never, parties or ask", t.Onward)
	case t.Longest < 0 || t.Longest > cordon.MaxGrant:
		return bad("the longest a grant runs is more than nothing and at most %d years", int(cordon.MaxGrant.Hours()/24/365))
	case t.EmergencyFor < 0 || t.EmergencyFor > cordon.MaxEmergency:
		return bad("an emergency release runs for at most %d days", int(cordon.MaxEmergency.Hours()/24))
	case (t.EmergencyFor == 0) != (len(t.EmergencyAuthorities) == 0):
		return bad("who may release in an emergency and for how long are said together: give both or neither")
	case len(t.EmergencyAuthorities) > maxAuthorities:
		return t, cordon.Errorf(cordon.TooLarge, "an arrangement names at most %d people for emergencies", maxAuthorities)
	}
	if t.Scheme != "" && !slices.ContainsFunc(base.Schemes.Schemes(), func(m marking.Scheme) bool { return m.Name() == t.Scheme }) {
		return bad("%q is not a marking scheme in force here", t.Scheme)
	}
	if t.DefaultMark != "" {
		marks, err := base.Schemes.Parse(t.DefaultMark)
		if err != nil {
			return bad("the default marking: %s", err)
		}
		if t.Scheme != "" && marks.Of(t.Scheme) == nil {
			return bad("the default marking %s is not of the scheme %s", marks.Portion(), t.Scheme)
		}
		t.DefaultMark = marks.Portion()
	}
	var err error
	t.Equivalences, err = equivalences(base, t.Equivalences)
	return t, err
}

// equivalences are in canonical form, each from one scheme to another.
func equivalences(base *act.Base, stated []cordon.Equivalence) ([]cordon.Equivalence, error) {
	if len(stated) > maxEquivalences {
		return nil, cordon.Errorf(cordon.TooLarge, "an arrangement states at most %d equivalences", maxEquivalences)
	}
	var out []cordon.Equivalence
	for _, e := range stated {
		from, err := base.Schemes.Parse(e.From)
		if err != nil {
			return nil, cordon.Errorf(cordon.Invalid, "an equivalence: %s", err)
		}
		as, err := base.Schemes.Parse(e.As)
		if err != nil {
			return nil, cordon.Errorf(cordon.Invalid, "an equivalence: %s", err)
		}
		if len(from) != 1 || len(as) != 1 || from[0].Scheme() == as[0].Scheme() {
			return nil, cordon.Errorf(cordon.Invalid, "an equivalence says what a marking of one scheme means in another: %s as %s does not", e.From, e.As)
		}
		out = append(out, cordon.Equivalence{From: from.Portion(), As: as.Portion()})
	}
	return out, nil
}

// propose makes a proposal of the parties, to which the proposing one has
// agreed. Marks and the people named give the rule that will govern who may
// know of the arrangement.
func (c *change) propose(marks marking.Marks, named, parties []cordon.ID, terms cordon.Terms) error {
	slices.Sort(parties)
	parties = slices.Compact(parties)
	switch {
	case len(parties) < 2:
		return cordon.Errorf(cordon.Invalid, "an arrangement needs another party")
	case len(parties) > cordon.MaxParties:
		return cordon.Errorf(cordon.TooLarge, "an arrangement has at most %d parties", cordon.MaxParties)
	case len(named) > cordon.MaxCircle:
		return cordon.Errorf(cordon.TooLarge, "%d people are named: at most %d are taken", len(named), cordon.MaxCircle)
	}
	for _, id := range parties {
		if _, err := c.tx.HoldOrganisation(id); err != nil {
			return unknown(err, "an organisation named is not known here")
		}
	}
	if err := c.among(parties, &terms); err != nil {
		return err
	}
	if !terms.Until.IsZero() && !terms.Until.After(c.view.Now) {
		return cordon.Errorf(cordon.Invalid, "the arrangement would have ended already")
	}
	rule, err := c.rule(marks, named, parties)
	if err != nil {
		return err
	}
	c.view.Learn(rule)
	if d := access.Decide(rule, c.view.Reader, nil); !d.Allowed() {
		return cordon.Errorf(cordon.Invalid,
			"an arrangement marked %s would not exist for you yourself (%s): give it a marking that you may see", marks.Portion(), strings.Join(d.Names(), ", "))
	}
	if err := c.agreeable(rule, marks, parties); err != nil {
		return err
	}
	no, err := c.tx.Intern(rule)
	c.Proposal = &cordon.Proposal{
		ID: cordon.NewID(), By: c.own(), Mark: marks.Portion(), Rule: no, Parties: parties, Terms: terms,
		Agreed: []cordon.ID{c.own()}, Created: c.view.Now,
	}
	return err
}

// among checks that whom the terms name is of the parties.
func (c *change) among(parties []cordon.ID, t *cordon.Terms) error {
	if t.Recipients != nil {
		t.Recipients = slices.Compact(slices.Sorted(slices.Values(t.Recipients)))
		if len(t.Recipients) == 0 {
			t.Recipients = nil
		}
		for _, id := range t.Recipients {
			if !slices.Contains(parties, id) {
				// It would be given things under terms that it never saw.
				return cordon.Errorf(cordon.Invalid, "a recipient is no party: make it one, or name it on the report itself")
			}
		}
	}
	slices.Sort(t.EmergencyAuthorities)
	t.EmergencyAuthorities = slices.Compact(t.EmergencyAuthorities)
	for _, id := range t.EmergencyAuthorities {
		p, err := c.tx.HoldPerson(id)
		if cordon.KindOf(err) == cordon.NotFound || err == nil && !slices.Contains(parties, p.Org) {
			return cordon.Errorf(cordon.Invalid, "an emergency authority is nobody of the parties")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rule compiles who may know of an arrangement of the parties.
func (c *change) rule(marks marking.Marks, named, parties []cordon.ID) (cordon.Rule, error) {
	drafter, err := c.tx.HoldOrganisation(c.Drafter)
	if err != nil {
		return cordon.Rule{}, err
	}
	return access.Compile(marks, access.Terms{Owner: drafter, Recipients: parties, Named: named})
}

// agreeable checks that each party has a release authority who may see the
// arrangement: else nobody could agree for it. Whoever proposes learns that,
// and not who holds what.
func (c *change) agreeable(rule cordon.Rule, marks marking.Marks, parties []cordon.ID) error {
	for _, id := range parties {
		if id == c.own() {
			continue
		}
		may, err := c.someAuthority(rule, id)
		if err != nil {
			return err
		}
		if !may {
			org, err := c.tx.HoldOrganisation(id)
			if err != nil {
				return err
			}
			return cordon.Errorf(cordon.Invalid,
				"no release authority of %s may see what is marked %s, so that nobody could agree: give it another marking, or leave %s out", org.Name, marks.Portion(), org.Name)
		}
	}
	return nil
}

func (c *change) someAuthority(rule cordon.Rule, org cordon.ID) (bool, error) {
	people, err := c.tx.People(org)
	if err != nil {
		return false, err
	}
	for _, p := range people {
		if p.Suspended || !p.Has(cordon.ReleaseAuthority) {
			continue
		}
		other, err := c.Rules.Look(cordon.Holding(c.tx), p.ID, c.view.Now)
		if err == reader.ErrUnauthenticated {
			continue
		}
		if err != nil {
			return false, err
		}
		if access.Decide(rule, other.Reader, nil).Allowed() {
			return true, nil
		}
	}
	return false, nil
}

func unknown(err error, message string) error {
	if cordon.KindOf(err) == cordon.NotFound {
		return cordon.Errorf(cordon.Invalid, "%s", message)
	}
	return err
}
