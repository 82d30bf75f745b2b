// Package arrangement is the standing agreements under which information is
// shared: drafted by one party, in force when all have agreed, amended the
// same way, suspended and ended by any.
//
// An arrangement carries a marking. Those who may not see that marking, of a
// party's people too, get no trace of it: every use-case asks the store the
// same for what is withheld and for what is absent, and answers both with
// cordon.ErrNotFound. The ledger has each step in every party's feed, as an
// entry that names nobody (see cordon.ArrangementStep).
package arrangement

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/names"
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// Arrangement is an arrangement as it is shown to people who may know of it.
// State is how it stands at the instant it is shown. To the people of an
// organisation that is invited to become a party it is a draft: they see the
// proposed terms and parties, and nothing of the terms in force between the
// others.
type Arrangement struct {
	cordon.Arrangement
	Name string
	// Known is false where the person's own act has put the arrangement out of
	// their sight. Everything but the id is then left out.
	Known bool
	// Listed is its place in List, whatever Created says to them.
	Listed time.Time
}

// looking is looking at arrangements, of those who may know of them.
var looking = act.ByRole(cordon.ActArrangement, cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer)

// Show gives the arrangement of the id, or ErrNotFound.
func Show(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	return act.Read(ctx, by, looking, func(s *act.Snapshot) (Arrangement, error) {
		a, err := known(s, id)
		if err != nil {
			return Arrangement{}, err
		}
		return show(s, a)
	})
}

// List gives the arrangements that the person may know of, newest first, at
// most limit and cordon.MaxPage of them.
func List(ctx context.Context, by act.Caller, after cordon.Cursor, limit int) ([]Arrangement, error) {
	if limit <= 0 || limit > cordon.MaxPage {
		limit = cordon.MaxPage
	}
	return act.Read(ctx, by, looking, func(s *act.Snapshot) ([]Arrangement, error) {
		seen, err := s.Visible()
		if err != nil {
			return nil, err
		}
		list, err := s.Tx.Arrangements(seen.Rules, after, limit)
		if err != nil {
			return nil, err
		}
		var out []Arrangement
		for _, a := range list {
			one, err := show(s, a)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
		return out, nil
	})
}

// Find gives the id of the arrangement with the name, whatever its case, among
// those that the person may know of. It is ErrNotFound where there is none, and
// a Conflict where there are several whose names look alike.
func Find(ctx context.Context, by act.Caller, name string) (cordon.ID, error) {
	var found cordon.ID
	for at := (cordon.Cursor{}); ; {
		page, err := List(ctx, by, at, cordon.MaxPage)
		if err != nil {
			return "", err
		}
		for _, a := range page {
			at = cordon.Cursor{Created: a.Listed, ID: a.ID}
			if !names.Alike(a.Name, name) {
				continue
			}
			if found != "" {
				return "", cordon.Errorf(cordon.KindConflict, "several arrangements have this name, or one that looks like it: give the id")
			}
			found = a.ID
		}
		if len(page) < cordon.MaxPage {
			break
		}
	}
	if found == "" {
		return "", cordon.ErrNotFound
	}
	return found, nil
}

// known loads an arrangement that the caller may know of: by its marking, or by
// an invitation to their organisation.
func known(s *act.Snapshot, id cordon.ID) (cordon.Arrangement, error) {
	a, err := s.Tx.Arrangement(id)
	if err == nil && !Knows(s.View, a) {
		err = cordon.ErrNotFound
	}
	return a, err
}

// Knows reports whether the person may know that the arrangement exists.
func Knows(view *reader.View, a cordon.Arrangement) bool {
	return view.Sees(a.Rule) || invited(view, a)
}

func invited(view *reader.View, a cordon.Arrangement) bool {
	return a.Proposal != nil && a.Proposal.Invitation != 0 && view.Sees(a.Proposal.Invitation)
}

// show is the arrangement as the caller, who may know of it, is shown it.
func show(s *act.Snapshot, a cordon.Arrangement) (Arrangement, error) {
	name, err := Name(s.Keys, a)
	if err != nil {
		return Arrangement{}, err
	}
	listed := a.Created
	if !s.Sees(a.Rule) {
		p := a.Proposal
		a = cordon.Arrangement{
			ID: a.ID, Drafter: a.Drafter, Mark: p.Mark, Rule: p.Rule, Parties: p.Parties, State: cordon.ArrangementStateDrafted, Version: a.Version + 1,
			Terms: p.Terms, Proposal: p, Created: p.Created,
		}
	}
	a.State = a.StateAt(s.Now)
	return Arrangement{Arrangement: a, Name: name, Known: true, Listed: listed}, nil
}

// Name opens the name, for those who may know of the arrangement.
func Name(ring *vault.Ring, a cordon.Arrangement) (string, error) {
	name, err := ring.OpenRecord(a.Drafter, nameContext(a.ID), a.Name)
	return string(name), err
}

func nameContext(id cordon.ID) string { return "arrangement name:" + string(id) }

// step is one step about one arrangement while it is decided on.
type step struct {
	*act.Snapshot
	what cordon.ArrangementAct
	// now is how the arrangement will stand, before how it stood.
	now, before cordon.Arrangement
	// concerned are the organisations in whose feeds the step will be: the
	// parties, and those invited, before and after it.
	concerned []cordon.ID
	// rules are new and to be interned.
	rules []cordon.Rule
}

// own is the organisation that acts.
func (s *step) own() cordon.ID { return s.Actor.Org.ID }

// rule learns a rule that is to be interned, and gives its number.
func (s *step) rule(rule cordon.Rule) cordon.RuleNo {
	s.Learn(rule)
	s.rules = append(s.rules, rule)
	return rule.No()
}

// taken is a step that was decided on, and how the caller will be shown the
// arrangement after it.
type taken struct {
	*step
	shown Arrangement
}

// take decides on one step: it loads an arrangement that the caller may know of
// and whose party their organisation is (or is invited to become), and changes
// it by alter. Those who may know of it and are of no party are Denied.
func take(ctx context.Context, by act.Caller, id cordon.ID, what cordon.ArrangementAct, roles []cordon.Role, alter func(*step) error) (Arrangement, error) {
	return act.Do(ctx, by, act.ByRole(cordon.ActArrangement, roles...), func(s *act.Snapshot) (taken, error) {
		a, err := known(s, id)
		if err != nil {
			return taken{}, err
		}
		st := &step{Snapshot: s, what: what, now: a, before: a, concerned: concerned(a)}
		switch {
		case !slices.Contains(a.Parties, st.own()) && !invited(s.View, a):
			return taken{}, cordon.Errorf(cordon.KindDenied, "your organisation is no party to this arrangement")
		case a.StateAt(s.Now) == cordon.ArrangementStateEnded:
			return taken{}, cordon.Errorf(cordon.KindConflict, "this arrangement has ended: draft a new one")
		}
		if err := alter(st); err != nil {
			return taken{}, err
		}
		if !Knows(s.View, st.now) { // they have left, or agreed to a marking above their own
			return taken{step: st, shown: Arrangement{Arrangement: cordon.Arrangement{ID: id}}}, nil
		}
		shown, err := show(s, st.now)
		return taken{st, shown}, err
	}, put)
}

// put stores a step with its entry in each feed, and a notice to each of the
// others.
func put(c *act.Commit, t taken) (Arrangement, error) {
	for _, rule := range t.rules {
		if _, err := c.Tx.Intern(rule); err != nil {
			return Arrangement{}, err
		}
	}
	if err := c.Tx.PutArrangement(t.now); err != nil {
		return Arrangement{}, err
	}
	all := slices.Concat(t.concerned, concerned(t.now))
	slices.Sort(all)
	all = slices.Compact(all)
	if err := c.RecordArrangement(t.now.ID, t.what, all); err != nil {
		return Arrangement{}, err
	}
	for _, org := range all {
		if org == c.Actor.Org.ID {
			continue
		}
		if err := notice.Send(c, t.notice(org)); err != nil {
			return Arrangement{}, err
		}
	}
	return t.shown, nil
}

// concerned are the parties and those invited.
func concerned(a cordon.Arrangement) []cordon.ID {
	if a.Proposal == nil || a.Proposal.Invitation == 0 {
		return slices.Clone(a.Parties)
	}
	return slices.Concat(a.Parties, a.Invited())
}

// notice tells those who act for the organisation, and may know of the
// arrangement, about another's act. The text does not contain the arrangement's
// name.
func (s *step) notice(org cordon.ID) notice.Message {
	a := s.now
	m := notice.Message{Org: org, Kind: cordon.NoticeArrangement, Mark: a.Mark, Rule: a.Rule, Sealed: true}
	m.Text = fmt.Sprintf("%s %s arrangement %s.", s.Actor.Org.Name, deeds[s.what], a.ID)
	if !slices.Contains(a.Parties, org) { // invited
		p := a.Proposal
		if p == nil {
			p = s.before.Proposal
		}
		m.Mark, m.Rule = p.Mark, p.Invitation
		if s.before.Proposal == nil || s.before.Proposal.Invitation == 0 {
			m.Text = fmt.Sprintf("Your organisation is invited to become a party to arrangement %s.", a.ID)
		}
	}
	switch {
	case a.Proposal != nil && !slices.Contains(a.Proposal.Agreed, org):
		m.Text += " It waits for your organisation: agree or decline."
	case s.what == cordon.ArrangementAgreed && a.Proposal == nil:
		m.Text += fmt.Sprintf(" All have agreed: version %d holds.", a.Version)
	}
	return m
}

// deeds words what was done.
var deeds = map[cordon.ArrangementAct]string{
	cordon.ArrangementDrafted:   "has drafted",
	cordon.ArrangementProposed:  "proposes other terms for",
	cordon.ArrangementAgreed:    "has agreed to what is proposed for",
	cordon.ArrangementDeclined:  "has declined what is proposed for",
	cordon.ArrangementSuspended: "has suspended",
	cordon.ArrangementResumed:   "has taken back its suspension of",
	cordon.ArrangementLeft:      "has left",
	cordon.ArrangementEnded:     "has ended",
}
