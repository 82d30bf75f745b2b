// Package arrangement is the standing agreements under which information is
// shared: drafted by one party, in force when all have agreed, amended the
// same way, suspended and ended by any.
//
// An arrangement carries a marking. Whoever may not see that marking, of a
// party's people too, gets no trace of it: every use-case asks the store the
// same for what is withheld and for what is absent, and answers both with
// cordon.ErrNotFound. The ledger has each step in every party's feed, as an
// entry that names nobody (see cordon.ArrangementStep).
package arrangement

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
)

// Arrangement is one as it is shown to who may know of it. Its State is how it
// stands at the instant it is shown. To the people of an organisation that is
// invited to become a party it is a draft: the proposed terms and parties, and
// nothing of what holds between the others.
type Arrangement struct {
	cordon.Arrangement
	Name string
	// Known is false, and everything but the id left out, where what the
	// person did has put the arrangement out of his sight.
	Known bool
	// Listed is its place in List, whatever Created says to him.
	Listed time.Time
}

// lookers are who may look at arrangements, of those who may know of them.
var lookers = []cordon.Role{cordon.Reader, cordon.Author, cordon.ReleaseAuthority, cordon.SecurityOfficer}

// Show gives the one of the id, or ErrNotFound.
func Show(ctx context.Context, by act.Caller, id cordon.ID) (Arrangement, error) {
	var out Arrangement
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person, lookers...)
		if err != nil {
			return err
		}
		a, err := known(tx, view, id)
		if err != nil {
			return err
		}
		out, err = show(by.Vault.Ring(tx), view, a)
		return err
	})
	return out, err
}

// List gives those the person may know of, newest first, at most limit and
// cordon.MaxPage of them. To everybody else they do not exist.
func List(ctx context.Context, by act.Caller, after cordon.Cursor, limit int) ([]Arrangement, error) {
	if limit <= 0 || limit > cordon.MaxPage {
		limit = cordon.MaxPage
	}
	var out []Arrangement
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := look(by.Base, tx, by.Person, lookers...)
		if err != nil {
			return err
		}
		seen, err := view.All()
		if err != nil {
			return err
		}
		list, err := tx.Arrangements(seen.Rules, after, limit)
		if err != nil {
			return err
		}
		ring := by.Vault.Ring(tx)
		out = nil
		for _, a := range list {
			one, err := show(ring, view, a)
			if err != nil {
				return err
			}
			out = append(out, one)
		}
		return nil
	})
	return out, err
}

// Find gives the id of the one of the name, in any case, among those the person
// may know of, or ErrNotFound. Of several it is a Conflict.
func Find(ctx context.Context, by act.Caller, name string) (cordon.ID, error) {
	var found cordon.ID
	for at := (cordon.Cursor{}); ; {
		page, err := List(ctx, by, at, cordon.MaxPage)
		if err != nil {
			return "", err
		}
		for _, a := range page {
			at = cordon.Cursor{Created: a.Listed, ID: a.ID}
			if !strings.EqualFold(a.Name, name) {
				continue
			}
			if found != "" {
				return "", cordon.Errorf(cordon.Conflict, "several arrangements have this name: give the id")
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

// look loads who asks and requires one of the roles.
func look(base *act.Base, tx cordon.ReadTx, person cordon.ID, roles ...cordon.Role) (*reader.View, error) {
	view, err := base.Rules.Look(tx, person, base.Clock.Now())
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(roles, view.Actor.Person.Has) {
		return view, nil
	}
	return nil, view.Require(roles[0])
}

// known loads an arrangement that the person may know of: by its marking, or
// by an invitation to his organisation.
func known(tx cordon.ReadTx, view *reader.View, id cordon.ID) (cordon.Arrangement, error) {
	a, err := tx.Arrangement(id)
	if err == nil && !Knows(view, a) {
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

// show opens the name.
func show(ring *vault.Ring, view *reader.View, a cordon.Arrangement) (Arrangement, error) {
	name, err := Name(ring, a)
	if err != nil {
		return Arrangement{}, err
	}
	listed := a.Created
	if !view.Sees(a.Rule) {
		p := a.Proposal
		a = cordon.Arrangement{
			ID: a.ID, Drafter: a.Drafter, Mark: p.Mark, Rule: p.Rule, Parties: p.Parties, State: cordon.Drafted, Version: a.Version + 1,
			Terms: p.Terms, Proposal: p, Created: p.Created,
		}
	}
	a.State = a.StateAt(view.Now)
	return Arrangement{Arrangement: a, Name: name, Known: true, Listed: listed}, nil
}

// Name opens the name, for those who may know of the arrangement.
func Name(ring *vault.Ring, a cordon.Arrangement) (string, error) {
	name, err := ring.OpenRecord(a.Drafter, nameContext(a.ID), a.Name)
	return string(name), err
}

func nameContext(id cordon.ID) string { return "arrangement name:" + string(id) }

// change is one step about one arrangement in one transaction.
type change struct {
	*act.Base
	tx   cordon.WriteTx
	view *reader.View
	ring *vault.Ring
	cordon.Arrangement
	// before is how it stood.
	before cordon.Arrangement
	// told are the organisations in whose feeds the step will be: the
	// parties, and who has been invited, before and after it.
	told []cordon.ID
}

// own is the organisation that acts.
func (c *change) own() cordon.ID { return c.view.Actor.Org.ID }

// tell adds the parties and the invited as they stand now.
func (c *change) tell() {
	c.told = append(c.told, c.Parties...)
	if c.Proposal != nil && c.Proposal.Invitation != 0 {
		c.told = append(c.told, c.Invited()...)
	}
}

// step runs one step: it loads an arrangement that the person may know of
// and whose party his organisation is (or is invited to become), has act
// decide and change it, and records that. Who may know of it and is of no
// party is Denied.
func step(ctx context.Context, base *act.Base, person, id cordon.ID, what cordon.ArrangementAct, roles []cordon.Role, act func(*change) error) (Arrangement, error) {
	var out Arrangement
	err := base.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := look(base, cordon.Holding(tx), person, roles...)
		if err != nil {
			return err
		}
		a, err := known(tx, view, id)
		if err != nil {
			return err
		}
		c := change{Base: base, tx: tx, view: view, ring: base.Vault.Ring(tx), Arrangement: a, before: a}
		c.tell()

		// decide and act
		if !slices.Contains(a.Parties, c.own()) && !invited(view, a) {
			return cordon.Errorf(cordon.Denied, "your organisation is no party to this arrangement")
		}
		if a.StateAt(view.Now) == cordon.Ended {
			return cordon.Errorf(cordon.Conflict, "this arrangement has ended: draft a new one")
		}
		if err := act(&c); err != nil {
			return err
		}
		if err := tx.PutArrangement(c.Arrangement); err != nil {
			return err
		}

		// record
		if err := c.record(what); err != nil {
			return err
		}
		if !Knows(view, c.Arrangement) { // he has left, or agreed to a marking above his own
			out = Arrangement{Arrangement: cordon.Arrangement{ID: id}}
			return nil
		}
		out, err = show(c.ring, view, c.Arrangement)
		return err
	})
	return out, err
}

// record writes the step, its entry in each feed, and a notice to each of the
// others.
func (c *change) record(what cordon.ArrangementAct) error {
	c.tell()
	slices.Sort(c.told)
	c.told = slices.Compact(c.told)
	step := cordon.ArrangementStep{
		Arrangement: c.ID, What: what, Actor: c.view.Actor.Person.ID, Org: c.own(), At: c.view.Now, Salt: make([]byte, 16),
	}
	rand.Read(step.Salt)
	step.ID = step.Commitment()
	if err := c.tx.AddArrangementStep(step); err != nil {
		return err
	}
	for _, org := range c.told {
		e := cordon.Entry{ID: cordon.NewID(), At: c.view.Now, Feed: org, Act: cordon.ActSealed, Outcome: cordon.Allowed, Subject: step.ID}
		if err := ledger.Append(c.tx, e); err != nil {
			return err
		}
		if err := c.notify(org, what); err != nil {
			return err
		}
	}
	return nil
}

// notify tells those who act for the organisation, and may know of the
// arrangement, what another has done. The name is told to nobody this way.
func (c *change) notify(org cordon.ID, what cordon.ArrangementAct) error {
	if org == c.own() {
		return nil
	}
	m := notice.Message{Org: org, Kind: cordon.AboutArrangement, Mark: c.Mark, Rule: c.Arrangement.Rule, Sealed: true}
	m.Text = fmt.Sprintf("%s %s arrangement %s.", c.view.Actor.Org.Name, deeds[what], c.ID)
	waits := c.Proposal != nil && !slices.Contains(c.Proposal.Agreed, org)
	if !slices.Contains(c.Parties, org) { // invited
		p := c.Proposal
		if p == nil {
			p = c.before.Proposal
		}
		m.Mark, m.Rule = p.Mark, p.Invitation
		if c.before.Proposal == nil || c.before.Proposal.Invitation == 0 {
			m.Text = fmt.Sprintf("Your organisation is invited to become a party to arrangement %s.", c.ID)
		}
	}
	switch {
	case waits:
		m.Text += " It waits for your organisation: agree or decline."
	case what == cordon.ArrangementAgreed && c.Proposal == nil:
		m.Text += fmt.Sprintf(" All have agreed: version %d holds.", c.Version)
	}
	return notice.Tell(c.tx, c.ring, c.view, m)
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
