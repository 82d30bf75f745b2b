// Package needtoknow narrows reports and arrangements within one organisation:
// its people must be in one of its need-to-know groups to read them. This comes
// on top of the owners' conditions. It never widens, concerns no other
// organisation, and shows to none.
package needtoknow

import (
	"cmp"
	"context"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
	"cordon/internal/core/names"
	"cordon/internal/core/rebind"
)

// Groups are kept by administrators too; narrowing is a security officer's alone.
var (
	grouping  = act.ByRole(cordon.ActGroup, cordon.RoleSecurityOfficer, cordon.RoleAdministrator)
	narrowing = act.ByRole(cordon.ActNarrow, cordon.RoleSecurityOfficer)
)

// Group is a need-to-know group as its organisation's security officers and
// administrators see it.
type Group struct {
	ID       cordon.ID
	Name     string // empty for people named for one narrowing
	Everyone bool
	People   []cordon.ID
	Created  time.Time
}

// GroupDraft is a group to be made, or everything that a group is to be from
// now on.
type GroupDraft struct {
	Name string
	// Everyone opens it to all people of the organisation.
	Everyone bool
	// People are those in it, of the organisation.
	People []cordon.ID
}

// To is whom something is narrowed to.
type To struct {
	// Group names an existing group. Where People are given in its place, a
	// group without a name is made of them.
	Group  cordon.ID
	People []cordon.ID
}

// Groups lists the organisation's, the oldest first.
func Groups(ctx context.Context, by act.Caller) ([]Group, error) {
	return act.Read(ctx, by, grouping, func(s *act.Snapshot) ([]Group, error) {
		groups, err := s.Tx.Groups(s.Actor.Org.ID)
		if err != nil {
			return nil, err
		}
		return named(s, groups)
	})
}

// AddGroup makes a group. A second one of the same name in the organisation, or
// of one that looks like it, is a Conflict.
func AddGroup(ctx context.Context, by act.Caller, draft GroupDraft) (Group, error) {
	if err := draft.validate(); err != nil {
		return Group{}, err
	}
	if draft.Name == "" {
		return Group{}, errNoName
	}
	return act.Do(ctx, by, grouping, func(s *act.Snapshot) (drafted, error) {
		return draft.of(s, cordon.Group{ID: cordon.NewID(), Created: s.Now})
	}, put)
}

// ChangeGroup replaces a group's name and people. The change rules their next
// request. Opening a group to everyone lifts everything that was narrowed to
// it; nothing else lifts a narrowing.
func ChangeGroup(ctx context.Context, by act.Caller, id cordon.ID, draft GroupDraft) (Group, error) {
	if err := draft.validate(); err != nil {
		return Group{}, err
	}
	return act.Do(ctx, by, grouping, func(s *act.Snapshot) (drafted, error) {
		group, err := own(s, id)
		if err != nil {
			return drafted{}, err
		}
		return draft.of(s, group)
	}, put)
}

// Report narrows a report to a group. From the next request on nobody else of
// the organisation reads the report, or anything made from it. The security
// officer must see something of it; to everybody else it is ErrNotFound.
func Report(ctx context.Context, by act.Caller, report cordon.ID, to To) (cordon.NeedToKnow, error) {
	return narrow(ctx, by, to, func(s *act.Snapshot) (cordon.NeedToKnow, []cordon.ID, error) {
		if err := s.RefuseUnseen(report); err != nil {
			return cordon.NeedToKnow{}, nil, err
		}
		portions, err := unstruck(s.Tx, report)
		if err != nil {
			return cordon.NeedToKnow{}, nil, err
		}
		if !slices.ContainsFunc(portions, func(p cordon.Portion) bool { return s.Decide(p).Allowed() }) {
			return cordon.NeedToKnow{}, nil, &act.Refusal{Answer: cordon.ErrNotFound, Reports: []cordon.ID{report}}
		}
		return cordon.NeedToKnow{Report: report}, []cordon.ID{report}, nil
	})
}

// Arrangement narrows to a group all that is under an arrangement, and all that
// ever will be. The security officer must see the arrangement, and their
// organisation must be a party to it; to everybody else it is ErrNotFound.
func Arrangement(ctx context.Context, by act.Caller, arrangement cordon.ID, to To) (cordon.NeedToKnow, error) {
	return narrow(ctx, by, to, func(s *act.Snapshot) (cordon.NeedToKnow, []cordon.ID, error) {
		a, err := s.Tx.Arrangement(arrangement)
		if err != nil {
			return cordon.NeedToKnow{}, nil, err
		}
		if !s.Sees(a.Rule) || !slices.Contains(a.Parties, s.Actor.Org.ID) {
			return cordon.NeedToKnow{}, nil, cordon.ErrNotFound
		}
		reports, err := s.Tx.ReportsUnder(a.ID)
		return cordon.NeedToKnow{Arrangement: a.ID}, reports, err
	})
}

// Narrowings lists the organisation's narrowings, newest first, of reports and
// arrangements of which the officer may see something.
func Narrowings(ctx context.Context, by act.Caller) ([]cordon.NeedToKnow, error) {
	return act.Read(ctx, by, narrowing, func(s *act.Snapshot) ([]cordon.NeedToKnow, error) {
		all, err := s.Tx.NeedToKnow(s.Actor.Org.ID)
		if err != nil {
			return nil, err
		}
		var out []cordon.NeedToKnow
		for _, n := range all {
			seen, err := sees(s, n)
			if err != nil {
				return nil, err
			}
			if seen {
				out = append(out, n)
			}
		}
		return out, nil
	})
}

func sees(s *act.Snapshot, n cordon.NeedToKnow) (bool, error) {
	if n.Arrangement != "" {
		a, err := s.Tx.Arrangement(n.Arrangement)
		return err == nil && s.Sees(a.Rule), err
	}
	heads, err := s.Tx.PortionHeads(n.Report)
	return slices.ContainsFunc(heads, func(p cordon.Portion) bool { return s.Decide(p).Allowed() }), err
}

// narrowed is a narrowing that was decided on.
type narrowed struct {
	cordon.NeedToKnow
	// group is one made for it, or nil.
	group *drafted
	// rule is joined to the rules of the portions, which are those that it
	// changes.
	rule     cordon.Rule
	portions []cordon.ID
}

// narrow makes one narrowing. Find gives the narrowed thing and the reports
// concerned.
func narrow(ctx context.Context, by act.Caller, to To, find func(*act.Snapshot) (cordon.NeedToKnow, []cordon.ID, error)) (cordon.NeedToKnow, error) {
	if (to.Group == "") == (len(to.People) == 0) {
		return cordon.NeedToKnow{}, cordon.Errorf(cordon.KindInvalid, "say either which group it is narrowed to or to which people")
	}
	people := GroupDraft{People: to.People}
	if err := people.validate(); to.Group == "" && err != nil {
		return cordon.NeedToKnow{}, err
	}
	return act.Do(ctx, by, narrowing, func(s *act.Snapshot) (narrowed, error) {
		what, reports, err := find(s)
		if err != nil {
			return narrowed{}, err
		}
		n := narrowed{NeedToKnow: what}
		n.ID, n.Org, n.Group, n.Person, n.At = cordon.NewID(), s.Actor.Org.ID, to.Group, s.Actor.Person.ID, s.Now
		if to.Group != "" {
			_, err = own(s, to.Group)
		} else {
			var made drafted
			made, err = people.of(s, cordon.Group{ID: cordon.NewID(), Created: s.Now})
			n.group, n.Group = &made, made.group.ID
		}
		if err != nil {
			return n, err
		}
		n.rule = cordon.Rule{Narrowed: []cordon.Narrowing{{Org: n.Org, Group: n.Group}}}
		n.portions, err = changed(s, reports, n.rule)
		return n, err
	}, putNarrowed)
}

// changed are the portions of the reports, and of all that was made from them,
// whose rule the narrowing changes; those superseded too.
func changed(s *act.Snapshot, reports []cordon.ID, narrowing cordon.Rule) ([]cordon.ID, error) {
	var out []cordon.ID
	met := make(map[cordon.ID]bool)
	for _, report := range reports {
		portions, err := unstruck(s.Tx, report)
		if err != nil {
			return nil, err
		}
		all, err := rebind.WithDerived(s.Tx, portions)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			rule, err := s.Rule(p.Rule)
			if err != nil {
				return nil, err
			}
			if met[p.ID] || p.State == cordon.PortionStruck || access.Join(rule, narrowing).While(rule).No() == p.Rule {
				continue
			}
			met[p.ID] = true
			if out = append(out, p.ID); len(out) > cordon.MaxNarrowed {
				return nil, cordon.Errorf(cordon.KindTooLarge, "that is to seal more than %d portions anew: narrow the largest reports one by one first", cordon.MaxNarrowed)
			}
		}
	}
	return out, nil
}

// putNarrowed seals the portions anew and stores the narrowing, which is recorded
// in its organisation's feed alone.
func putNarrowed(c *act.Commit, n narrowed) (cordon.NeedToKnow, error) {
	if n.group != nil {
		if _, err := put(c, *n.group); err != nil {
			return cordon.NeedToKnow{}, err
		}
	}
	for ids := range slices.Chunk(n.portions, atOnce) {
		if err := rebindAll(c, ids, n.rule); err != nil {
			return cordon.NeedToKnow{}, err
		}
	}
	if err := c.Tx.AddNeedToKnow(n.NeedToKnow); err != nil {
		return cordon.NeedToKnow{}, err
	}
	return n.NeedToKnow, c.Record(cordon.Entry{Feed: n.Org, Subject: cmp.Or(n.Arrangement, n.Report), Audience: n.Group})
}

// atOnce is how many portions are in memory at once while they are sealed anew.
const atOnce = 1000

// rebindAll joins the rule to the rules of the portions.
func rebindAll(c *act.Commit, ids []cordon.ID, rule cordon.Rule) error {
	portions, err := c.Tx.PortionsByID(ids)
	if err != nil {
		return err
	}
	touched := make(map[cordon.ID]bool)
	for i := range portions {
		p := &portions[i]
		before, err := c.Rule(p.Rule)
		if err != nil {
			return err
		}
		if err := rebind.Under(c, p, access.Join(before, rule)); err != nil {
			return err
		}
		if !touched[p.Report] {
			touched[p.Report] = true
			if err := c.Tx.TouchReport(p.Report); err != nil {
				return err
			}
		}
	}
	return nil
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
		if p.State != cordon.PortionStruck {
			ids = append(ids, p.ID)
		}
	}
	return tx.PortionsByID(ids)
}

// own loads a group of the caller's organisation; another organisation's group
// is absent, and its feed has the refusal. No owner's has, whatever was to be narrowed
// to it.
func own(s *act.Snapshot, id cordon.ID) (cordon.Group, error) {
	group, err := s.Tx.Group(id)
	if cordon.KindOf(err) == cordon.KindNotFound || err == nil && group.Org != s.Actor.Org.ID {
		refusal := &act.Refusal{Answer: cordon.ErrNotFound}
		if err == nil {
			refusal.Subject, refusal.Feeds = group.ID, []cordon.ID{group.Org}
		}
		err = refusal
	}
	return group, err
}

// drafted is a group as it will be stored, and its name.
type drafted struct {
	group cordon.Group
	name  string
}

// of makes the group what the draft says, for the caller's organisation.
func (d GroupDraft) of(s *act.Snapshot, group cordon.Group) (drafted, error) {
	group.Org, group.Everyone = s.Actor.Org.ID, d.Everyone
	people, err := s.FindPeople(d.People)
	if err != nil {
		return drafted{}, err
	}
	group.People = slices.Compact(slices.Sorted(slices.Values(people)))
	if err := s.Members(group.Org, group.People, "a person named for the group is not one of your organisation's"); err != nil {
		return drafted{}, err
	}
	groups, err := s.Tx.Groups(group.Org)
	if err != nil {
		return drafted{}, err
	}
	all, err := named(s, groups)
	if err != nil {
		return drafted{}, err
	}
	if len(all) >= cordon.MaxGroups && !slices.ContainsFunc(all, func(g Group) bool { return g.ID == group.ID }) {
		return drafted{}, cordon.Errorf(cordon.KindTooLarge, "an organisation has at most %d groups", cordon.MaxGroups)
	}
	kept := slices.ContainsFunc(all, func(g Group) bool { return g.ID == group.ID && g.Name == d.Name })
	if d.Name != "" && !kept {
		if d.Name, err = names.Check("a group", d.Name); err != nil {
			return drafted{}, err
		}
	}
	for _, g := range all {
		if d.Name != "" && !kept && g.ID != group.ID && names.Alike(g.Name, d.Name) {
			return drafted{}, cordon.Errorf(cordon.KindConflict, "there is a group of this name already, or of one that looks like it: %q", g.Name)
		}
	}
	group.Name, err = s.Keys.SealRecord(group.Org, nameContext(group.ID), []byte(d.Name))
	return drafted{group, d.Name}, err
}

// put stores a group and touches its organisation, so that no act commits that
// decided by the group as it was.
func put(c *act.Commit, d drafted) (Group, error) {
	g := d.group
	if err := c.Tx.PutGroup(g); err != nil {
		return Group{}, err
	}
	if err := c.Tx.TouchOrganisation(g.Org); err != nil {
		return Group{}, err
	}
	out, e := Group{g.ID, d.name, g.Everyone, g.People, g.Created}, cordon.Entry{Act: cordon.ActGroup, Feed: g.Org, Subject: g.ID}
	if c.Actor.Person.Has(cordon.RoleSecurityOfficer) {
		return out, c.Record(e)
	}
	return out, c.RecordOf(g.Org, e)
}

// named opens the names of groups.
func named(s *act.Snapshot, groups []cordon.Group) ([]Group, error) {
	out := make([]Group, len(groups))
	for i, g := range groups {
		name, err := s.Keys.OpenRecord(g.Org, nameContext(g.ID), g.Name)
		if err != nil {
			return nil, err
		}
		out[i] = Group{g.ID, string(name), g.Everyone, g.People, g.Created}
	}
	return out, nil
}

func nameContext(group cordon.ID) string { return "group name:" + string(group) }

var errNoName = cordon.Errorf(cordon.KindInvalid, "a group needs a name")

func (d GroupDraft) validate() error {
	switch {
	case len(d.People) > cordon.MaxCircle:
		return cordon.Errorf(cordon.KindTooLarge, "a group has at most %d people", cordon.MaxCircle)
	case len(d.People) == 0 && !d.Everyone:
		return cordon.Errorf(cordon.KindInvalid, "a group of nobody would leave nobody to read: name its people, or open it to everyone")
	}
	return nil
}
