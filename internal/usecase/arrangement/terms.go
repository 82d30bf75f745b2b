package arrangement

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/access"
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
func terms(schemes *marking.Set, t cordon.Terms) (cordon.Terms, error) {
	bad := func(format string, args ...any) (cordon.Terms, error) {
		return t, cordon.Errorf(cordon.KindInvalid, format, args...)
	}
	if t.Withheld == "" {
		t.Withheld = cordon.WithheldSilent
	}
	if t.Onward == "" {
		t.Onward = cordon.OnwardAsk
	}
	switch {
	case t.Withheld != cordon.WithheldSilent && t.Withheld != cordon.WithheldShowMark:
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
		return t, cordon.Errorf(cordon.KindTooLarge, "an arrangement names at most %d people for emergencies", maxAuthorities)
	}
	if t.Scheme != "" && !slices.ContainsFunc(schemes.Schemes(), func(m marking.Scheme) bool { return m.Name() == t.Scheme }) {
		return bad("%q is not a marking scheme in force here", t.Scheme)
	}
	if t.DefaultMark != "" {
		marks, err := schemes.Parse(t.DefaultMark)
		if err != nil {
			return bad("the default marking: %s", err)
		}
		if t.Scheme != "" && marks.Of(t.Scheme) == nil {
			return bad("the default marking %s is not of the scheme %s", marks.Portion(), t.Scheme)
		}
		t.DefaultMark = marks.Portion()
	}
	var err error
	t.Equivalences, err = equivalences(schemes, t.Equivalences)
	return t, err
}

// equivalences are in canonical form, each from one scheme to another.
func equivalences(schemes *marking.Set, stated []cordon.Equivalence) ([]cordon.Equivalence, error) {
	if len(stated) > maxEquivalences {
		return nil, cordon.Errorf(cordon.KindTooLarge, "an arrangement states at most %d equivalences", maxEquivalences)
	}
	var out []cordon.Equivalence
	for _, e := range stated {
		from, err := schemes.Parse(e.From)
		if err != nil {
			return nil, cordon.Errorf(cordon.KindInvalid, "an equivalence: %s", err)
		}
		as, err := schemes.Parse(e.As)
		if err != nil {
			return nil, cordon.Errorf(cordon.KindInvalid, "an equivalence: %s", err)
		}
		if len(from) != 1 || len(as) != 1 || from[0].Scheme() == as[0].Scheme() {
			return nil, cordon.Errorf(cordon.KindInvalid, "an equivalence says what a marking of one scheme means in another: %s as %s does not", e.From, e.As)
		}
		out = append(out, cordon.Equivalence{From: from.Portion(), As: as.Portion()})
	}
	return out, nil
}

// propose makes a proposal of the parties, to which the proposing one has
// agreed. Organisations and people are given by id or by name. Marks and the people named give the rule that will say who may know
// of the arrangement.
func (s *step) propose(marks marking.Marks, named, parties []cordon.ID, terms cordon.Terms) error {
	parties, err := s.FindOrganisations(parties)
	if err != nil {
		return err
	}
	if named, err = s.FindPeople(named); err != nil {
		return err
	}
	if terms.Recipients, err = s.FindOrganisations(terms.Recipients); err != nil {
		return err
	}
	if terms.EmergencyAuthorities, err = s.FindPeople(terms.EmergencyAuthorities); err != nil {
		return err
	}
	slices.Sort(parties)
	parties = slices.Compact(parties)
	switch {
	case len(parties) < 2:
		return cordon.Errorf(cordon.KindInvalid, "an arrangement needs another party")
	case len(parties) > cordon.MaxParties:
		return cordon.Errorf(cordon.KindTooLarge, "an arrangement has at most %d parties", cordon.MaxParties)
	case len(named) > cordon.MaxCircle:
		return cordon.Errorf(cordon.KindTooLarge, "%d people are named: at most %d are taken", len(named), cordon.MaxCircle)
	}
	for _, id := range parties {
		if _, err := s.Tx.Organisation(id); err != nil {
			return cordon.InvalidIfAbsent(err, "an organisation named is not known here")
		}
	}
	if terms, err = s.among(parties, terms); err != nil {
		return err
	}
	if !terms.Until.IsZero() && !terms.Until.After(s.Now) {
		return cordon.Errorf(cordon.KindInvalid, "the arrangement would have ended already")
	}
	rule, err := s.compile(marks, named, parties)
	if err != nil {
		return err
	}
	if d := access.Decide(rule, s.Reader, nil); !d.Allowed() {
		return cordon.Errorf(cordon.KindInvalid,
			"an arrangement marked %s would not exist for you yourself (%s): give it a marking that you may see", marks.Portion(), strings.Join(d.Names(), ", "))
	}
	if err := s.agreeable(rule, marks, parties); err != nil {
		return err
	}
	s.now.Proposal = &cordon.Proposal{
		ID: cordon.NewID(), By: s.own(), Mark: marks.Portion(), Rule: s.rule(rule), Parties: parties, Terms: terms,
		Agreed: []cordon.ID{s.own()}, Created: s.Now,
	}
	return nil
}

// among checks that whom the terms name is of the parties, and names each once.
func (s *step) among(parties []cordon.ID, t cordon.Terms) (cordon.Terms, error) {
	t.Recipients = slices.Compact(slices.Sorted(slices.Values(t.Recipients)))
	for _, id := range t.Recipients {
		if !slices.Contains(parties, id) {
			// It would be given things under terms that it never saw.
			return t, cordon.Errorf(cordon.KindInvalid, "a recipient is no party: make it one, or name it on the report itself")
		}
	}
	t.EmergencyAuthorities = slices.Compact(slices.Sorted(slices.Values(t.EmergencyAuthorities)))
	for _, id := range t.EmergencyAuthorities {
		p, err := s.Tx.Person(id)
		if err == nil && !slices.Contains(parties, p.Org) {
			err = cordon.ErrNotFound
		}
		if err != nil {
			return t, cordon.InvalidIfAbsent(err, "an emergency authority is nobody of the parties")
		}
	}
	return t, nil
}

// compile gives the rule of who may know of an arrangement of the parties.
func (s *step) compile(marks marking.Marks, named, parties []cordon.ID) (cordon.Rule, error) {
	drafter, err := s.Tx.Organisation(s.now.Drafter)
	if err != nil {
		return cordon.Rule{}, err
	}
	return access.Compile(marks, access.Terms{Owner: drafter, Recipients: parties, Named: named})
}

// agreeable checks that each party has a release authority who may see the
// arrangement, since otherwise nobody could agree for it. The proposer learns
// that one is lacking, and not what anybody holds.
func (s *step) agreeable(rule cordon.Rule, marks marking.Marks, parties []cordon.ID) error {
	for _, id := range parties {
		if id == s.own() {
			continue
		}
		may, err := s.someAuthority(rule, id)
		if err != nil {
			return err
		}
		if !may {
			org, err := s.Tx.Organisation(id)
			if err != nil {
				return err
			}
			return cordon.Errorf(cordon.KindInvalid,
				"no release authority of %s may see what is marked %s, so that nobody could agree: give it another marking, or leave %s out", org.Name, marks.Portion(), org.Name)
		}
	}
	return nil
}

func (s *step) someAuthority(rule cordon.Rule, org cordon.ID) (bool, error) {
	people, err := s.Tx.People(org)
	if err != nil {
		return false, err
	}
	for _, p := range people {
		if p.Suspended || !p.Has(cordon.RoleReleaseAuthority) {
			continue
		}
		other, err := s.Base.Rules.View(s.Tx, p.ID, s.Now)
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
