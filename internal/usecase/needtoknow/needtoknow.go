// Package needtoknow is what an organisation asks of its own people besides what
// owners ask: that they be in one of its need-to-know groups to read a report, or
// anything under an arrangement. It only ever narrows, concerns no other
// organisation, and shows to none.
package needtoknow

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
	"cordon/internal/core/rebind"
)

// Group is a need-to-know group as its organisation's security officers see it.
type Group struct {
	ID       cordon.ID
	Name     string // empty for people named for one narrowing
	Everyone bool
	People   []cordon.ID
	Created  time.Time
}

// GroupDraft is a group to be made, or all that it is to be from now on.
type GroupDraft struct {
	Name string
	// Everyone opens it to all people of the organisation.
	Everyone bool
	// People are those in it, of the organisation.
	People []cordon.ID
}

// To is whom something is narrowed to.
type To struct {
	// Group is one that there is, or People are named, and a group without a
	// name is made of them.
	Group  cordon.ID
	People []cordon.ID
}

// Groups lists the organisation's, the oldest first.
func Groups(ctx context.Context, by act.Caller) ([]Group, error) {
	var out []Group
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := officer(by.Base, tx, by.Person)
		if err != nil {
			return err
		}
		groups, err := tx.Groups(view.Actor.Org.ID)
		if err != nil {
			return err
		}
		out, err = named(by.Base, tx, groups)
		return err
	})
	return out, err
}

// AddGroup makes one. A second of the same name in the organisation is a
// Conflict.
func AddGroup(ctx context.Context, by act.Caller, draft GroupDraft) (Group, error) {
	if err := draft.validate(); err != nil {
		return Group{}, err
	}
	if draft.Name == "" {
		return Group{}, errNoName
	}
	var out Group
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := officer(by.Base, cordon.Holding(tx), by.Person)
		if err != nil {
			return err
		}
		out, err = put(by.Base, tx, view, cordon.Group{ID: cordon.NewID(), Created: view.Now}, draft)
		return err
	})
	return out, err
}

// ChangeGroup replaces a group's name and people. It rules their next request.
// Opening it to everyone lifts what was narrowed to it; nothing else does.
func ChangeGroup(ctx context.Context, by act.Caller, id cordon.ID, draft GroupDraft) (Group, error) {
	if err := draft.validate(); err != nil {
		return Group{}, err
	}
	var out Group
	err := by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		view, err := officer(by.Base, cordon.Holding(tx), by.Person)
		if err != nil {
			return err
		}
		group, err := own(tx, view, id)
		if err != nil {
			return err
		}
		out, err = put(by.Base, tx, view, group, draft)
		return err
	})
	return out, err
}

// Report narrows a report to a group: from the next request on nobody else of
// the organisation reads it, or anything made from it. The officer must see
// something of it; to everybody else it is ErrNotFound.
func Report(ctx context.Context, by act.Caller, report cordon.ID, to To) (cordon.NeedToKnow, error) {
	return narrow(ctx, by.Base, by.Person, to, func(tx cordon.ReadTx, view *reader.View) (cordon.NeedToKnow, []cordon.ID, error) {
		portions, err := unstruck(tx, report)
		if err != nil {
			return cordon.NeedToKnow{}, nil, err
		}
		if !slices.ContainsFunc(portions, func(p cordon.Portion) bool { return view.Decide(p).Allowed() }) {
			return cordon.NeedToKnow{}, nil, cordon.ErrNotFound
		}
		return cordon.NeedToKnow{Report: report}, []cordon.ID{report}, nil
	})
}

// Arrangement narrows all that is under an arrangement, and all that ever will
// be, to a group. The officer must see the arrangement and his organisation be a
// party to it; to everybody else it is ErrNotFound.
func Arrangement(ctx context.Context, by act.Caller, arrangement cordon.ID, to To) (cordon.NeedToKnow, error) {
	return narrow(ctx, by.Base, by.Person, to, func(tx cordon.ReadTx, view *reader.View) (cordon.NeedToKnow, []cordon.ID, error) {
		a, err := tx.Arrangement(arrangement)
		if err != nil {
			return cordon.NeedToKnow{}, nil, err
		}
		if !view.Sees(a.Rule) || !slices.Contains(a.Parties, view.Actor.Org.ID) {
			return cordon.NeedToKnow{}, nil, cordon.ErrNotFound
		}
		reports, err := tx.ReportsUnder(a.ID)
		return cordon.NeedToKnow{Arrangement: a.ID}, reports, err
	})
}

// Narrowings lists what the organisation narrowed, the newest first, of what the
// officer may see something of.
func Narrowings(ctx context.Context, by act.Caller) ([]cordon.NeedToKnow, error) {
	var out []cordon.NeedToKnow
	err := by.Store.View(ctx, func(tx cordon.ReadTx) error {
		view, err := officer(by.Base, tx, by.Person)
		if err != nil {
			return err
		}
		all, err := tx.NeedToKnow(view.Actor.Org.ID)
		if err != nil {
			return err
		}
		out = nil
		for _, n := range all {
			seen, err := sees(tx, view, n)
			if err != nil {
				return err
			}
			if seen {
				out = append(out, n)
			}
		}
		return nil
	})
	return out, err
}

func sees(tx cordon.ReadTx, view *reader.View, n cordon.NeedToKnow) (bool, error) {
	if n.Arrangement != "" {
		a, err := tx.Arrangement(n.Arrangement)
		return err == nil && view.Sees(a.Rule), err
	}
	heads, err := tx.PortionHeads(n.Report)
	return slices.ContainsFunc(heads, func(p cordon.Portion) bool { return view.Decide(p).Allowed() }), err
}

// narrow is one narrowing with its record. What decides gives what is narrowed
// and the reports concerned.
func narrow(ctx context.Context, base *act.Base, person cordon.ID, to To,
	decide func(cordon.ReadTx, *reader.View) (cordon.NeedToKnow, []cordon.ID, error),
) (cordon.NeedToKnow, error) {
	if (to.Group == "") == (len(to.People) == 0) {
		return cordon.NeedToKnow{}, cordon.Errorf(cordon.Invalid, "say either which group it is narrowed to or to which people")
	}
	named := GroupDraft{People: to.People}
	if err := named.validate(); to.Group == "" && err != nil {
		return cordon.NeedToKnow{}, err
	}
	var out cordon.NeedToKnow
	err := base.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		view, err := officer(base, cordon.Holding(tx), person)
		if err != nil {
			return err
		}

		// decide
		n, reports, err := decide(cordon.Holding(tx), view)
		if err != nil {
			return err
		}
		group := to.Group
		if group == "" {
			made, err := put(base, tx, view, cordon.Group{ID: cordon.NewID(), Created: view.Now}, named)
			if err != nil {
				return err
			}
			group = made.ID
		} else if _, err := own(tx, view, group); err != nil {
			return err
		}

		// act
		rule := cordon.Rule{Narrowed: []cordon.Narrowing{{Org: view.Actor.Org.ID, Group: group}}}
		sealed := 0
		for _, report := range reports {
			k, err := under(base, tx, view, report, rule)
			if err != nil {
				return err
			}
			if sealed += k; sealed > cordon.MaxNarrowed {
				return cordon.Errorf(cordon.TooLarge, "that is to seal more than %d portions anew: narrow the largest reports one by one first", cordon.MaxNarrowed)
			}
		}
		n.ID, n.Org, n.Group, n.Person, n.At = cordon.NewID(), view.Actor.Org.ID, group, person, view.Now
		if err := tx.AddNeedToKnow(n); err != nil {
			return err
		}

		// record, in its own feed alone
		e := view.Entry(cordon.ActNarrow, cordon.Allowed)
		e.Feed, e.Subject, e.Audience = n.Org, n.Report, n.Group
		if n.Arrangement != "" {
			e.Subject = n.Arrangement
		}
		out = n
		return ledger.Append(tx, e)
	})
	return out, err
}

// under joins the rule to those of the report's portions and of all that was made
// from them, what was superseded too. It gives how many were sealed anew.
func under(base *act.Base, tx cordon.WriteTx, view *reader.View, report cordon.ID, rule cordon.Rule) (int, error) {
	portions, err := unstruck(tx, report)
	if err != nil {
		return 0, err
	}
	all, err := rebind.WithDerived(tx, portions)
	if err != nil {
		return 0, err
	}
	ring, n := base.Vault.Ring(tx), 0
	touched := make(map[cordon.ID]bool)
	for i := range all {
		p := &all[i]
		before, err := view.Rule(p.Rule)
		if err != nil {
			return n, err
		}
		after := access.Join(before, rule)
		if p.State == cordon.Struck || after.No() == p.Rule {
			continue
		}
		if err := rebind.Under(tx, view, ring, p, after); err != nil {
			return n, err
		}
		n++
		if !touched[p.Report] {
			touched[p.Report] = true
			if err := tx.TouchReport(p.Report); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// unstruck loads the report's portions that are not struck, those superseded by
// other wordings among them, with bodies and keys; none where there is no such
// report.
func unstruck(tx cordon.ReadTx, report cordon.ID) ([]cordon.Portion, error) {
	heads, err := tx.PortionHeads(report)
	if err != nil {
		return nil, err
	}
	var ids []cordon.ID
	for _, p := range heads {
		if p.State != cordon.Struck {
			ids = append(ids, p.ID)
		}
	}
	return tx.PortionsByID(ids)
}

// officer loads who asks.
func officer(base *act.Base, tx cordon.ReadTx, person cordon.ID) (*reader.View, error) {
	view, err := base.Rules.Look(tx, person, base.Clock.Now())
	if err != nil {
		return nil, err
	}
	return view, view.Require(cordon.SecurityOfficer)
}

// own loads a group of the actor's organisation; another's is not there.
func own(tx cordon.ReadTx, view *reader.View, id cordon.ID) (cordon.Group, error) {
	group, err := tx.Group(id)
	if err == nil && group.Org != view.Actor.Org.ID {
		err = cordon.ErrNotFound
	}
	return group, err
}

// put keeps the group as drafted, for the actor's organisation.
func put(base *act.Base, tx cordon.WriteTx, view *reader.View, group cordon.Group, draft GroupDraft) (Group, error) {
	group.Org, group.Everyone = view.Actor.Org.ID, draft.Everyone
	group.People = slices.Compact(slices.Sorted(slices.Values(draft.People)))
	for _, id := range group.People {
		p, err := tx.HoldPerson(id)
		if err != nil && cordon.KindOf(err) != cordon.NotFound {
			return Group{}, err
		}
		if err != nil || p.Org != group.Org {
			return Group{}, cordon.Errorf(cordon.Invalid, "a person named for the group is not one of your organisation's")
		}
	}
	groups, err := tx.Groups(group.Org)
	if err != nil {
		return Group{}, err
	}
	known, err := named(base, tx, groups)
	if err != nil {
		return Group{}, err
	}
	if len(known) >= cordon.MaxGroups && !slices.ContainsFunc(known, func(g Group) bool { return g.ID == group.ID }) {
		return Group{}, cordon.Errorf(cordon.TooLarge, "an organisation has at most %d groups", cordon.MaxGroups)
	}
	for _, g := range known {
		if draft.Name != "" && g.Name == draft.Name && g.ID != group.ID {
			return Group{}, cordon.Errorf(cordon.Conflict, "there is a group of this name already")
		}
	}
	if group.Name, err = base.Vault.Ring(tx).SealRecord(group.Org, nameContext(group.ID), []byte(draft.Name)); err != nil {
		return Group{}, err
	}
	if err := tx.PutGroup(group); err != nil {
		return Group{}, err
	}
	// It decides what the organisation's people read: none of them is decided
	// on by what it was before.
	if err := tx.TouchOrganisation(group.Org); err != nil {
		return Group{}, err
	}
	e := view.Entry(cordon.ActGroup, cordon.Allowed)
	e.Feed, e.Subject = group.Org, group.ID
	return Group{group.ID, draft.Name, group.Everyone, group.People, group.Created}, ledger.Append(tx, e)
}

// named opens the names of groups.
func named(base *act.Base, tx cordon.ReadTx, groups []cordon.Group) ([]Group, error) {
	ring := base.Vault.Ring(tx)
	out := make([]Group, len(groups))
	for i, g := range groups {
		name, err := ring.OpenRecord(g.Org, nameContext(g.ID), g.Name)
		if err != nil {
			return nil, err
		}
		out[i] = Group{g.ID, string(name), g.Everyone, g.People, g.Created}
	}
	return out, nil
}

func nameContext(group cordon.ID) string { return "group name:" + string(group) }

var errNoName = cordon.Errorf(cordon.Invalid, "a group needs a name")

func (d GroupDraft) validate() error {
	switch {
	case len(d.Name) > cordon.MaxNameBytes:
		return cordon.Errorf(cordon.TooLarge, "a group's name is at most %d bytes", cordon.MaxNameBytes)
	case !utf8.ValidString(d.Name):
		return cordon.Errorf(cordon.Invalid, "the group's name is not valid UTF-8")
	case len(d.People) > cordon.MaxCircle:
		return cordon.Errorf(cordon.TooLarge, "a group has at most %d people", cordon.MaxCircle)
	case len(d.People) == 0 && !d.Everyone:
		return cordon.Errorf(cordon.Invalid, "a group of nobody would leave nobody to read: name its people, or open it to everyone")
	}
	return nil
}
