package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
)

// noticeTo is a notice to an organisation's security officers, under no rule.
func noticeTo(org cordon.ID) cordon.Notice {
	n := filled[cordon.Notice]()
	n.Org, n.Person, n.Roles, n.Rule, n.Read = org, "", []cordon.Role{cordon.RoleSecurityOfficer}, 0, time.Time{}
	return n
}

func testNotices(t *testing.T, s cordon.Store) {
	org := cordon.NewID()
	officer := cordon.Inbox{Org: org, Person: cordon.NewID(), Roles: []cordon.Role{cordon.RoleReader, cordon.RoleSecurityOfficer}}
	var all []cordon.Notice
	for i := range 10 {
		n := noticeTo(org)
		n.Created = base.Add(time.Duration(i/3) * time.Second) // three at one instant
		all = append(all, n)
	}
	all[0].Created = time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC)
	update(t, s, func(tx cordon.WriteTx) error { return tx.AddNotices(append(all, noticeTo(cordon.NewID()))) })
	slices.SortFunc(all, func(a, b cordon.Notice) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return strings.Compare(string(b.ID), string(a.ID))
	})
	for _, limit := range []int{1, 3, 4, 100} {
		var got []cordon.Notice
		for after := (cordon.Cursor{}); ; {
			page := look(t, s, func(tx cordon.ReadTx) ([]cordon.Notice, error) { return tx.Notices(officer, after, limit) })
			if len(page) > limit {
				t.Fatalf("a page of %d holds %d", limit, len(page))
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			last := page[len(page)-1]
			after = cordon.Cursor{Created: last.Created, ID: last.ID}
		}
		equal(t, "newest first", got, all)
	}
	wantKind(t, "an unknown role", s.Update(t.Context(), func(tx cordon.WriteTx) error {
		n := noticeTo(org)
		n.Roles = []cordon.Role{"passer-by"}
		return tx.AddNotices([]cordon.Notice{n})
	}), cordon.KindInternal)
}

// testNoticesInSight: by rule, by person, by role, and read by each for
// themselves.
func testNoticesInSight(t *testing.T, s cordon.Store) {
	org, other := cordon.NewID(), cordon.NewID()
	one, two := cordon.NewID(), cordon.NewID()
	var rule, hidden cordon.RuleNo
	update(t, s, func(tx cordon.WriteTx) error {
		numbers, err := rules(tx, 2)
		if err == nil {
			rule, hidden = numbers[0], numbers[1]
		}
		return err
	})
	notice := func(person cordon.ID, under cordon.RuleNo, roles ...cordon.Role) cordon.Notice {
		n := noticeTo(org)
		n.Person, n.Rule, n.Roles, n.Created = person, under, roles, base
		return n
	}
	toOfficers := notice("", rule, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer)
	toOne := notice(one, rule)
	toOneHidden := notice(one, hidden)
	hiddenOne := notice("", hidden, cordon.RoleSecurityOfficer)
	toNobody := notice("", 0)
	elsewhere := noticeTo(other)
	update(t, s, func(tx cordon.WriteTx) error {
		return tx.AddNotices([]cordon.Notice{toOfficers, toOne, toOneHidden, hiddenOne, toNobody, elsewhere})
	})
	officer := cordon.Inbox{Org: org, Person: two, Roles: []cordon.Role{cordon.RoleSecurityOfficer}, Rules: []cordon.RuleNo{rule}}
	for _, c := range []struct {
		name string
		in   cordon.Inbox
		want []cordon.Notice
	}{
		{"an officer", officer, []cordon.Notice{toOfficers}},
		{"a person", cordon.Inbox{Org: org, Person: one, Roles: []cordon.Role{cordon.RoleReader}, Rules: []cordon.RuleNo{rule}}, []cordon.Notice{toOne}},
		{"a person who is an officer", cordon.Inbox{Org: org, Person: one, Roles: cordon.Roles(), Rules: []cordon.RuleNo{rule, hidden}}, []cordon.Notice{toOfficers, toOne, toOneHidden, hiddenOne}},
		{"whom no rule admits", cordon.Inbox{Org: org, Person: one, Roles: cordon.Roles()}, nil},
		{"nobody's roles", cordon.Inbox{Org: org, Person: two, Rules: []cordon.RuleNo{rule, hidden}}, nil},
		{"an unknown role", cordon.Inbox{Org: org, Person: two, Roles: []cordon.Role{"passer-by"}, Rules: []cordon.RuleNo{rule, hidden}}, nil},
		{"of another organisation", cordon.Inbox{Org: other, Person: one, Roles: cordon.Roles(), Rules: []cordon.RuleNo{rule, hidden}}, []cordon.Notice{elsewhere}},
	} {
		byID := func(a, b cordon.Notice) int { return strings.Compare(string(a.ID), string(b.ID)) }
		view(t, s, func(tx cordon.ReadTx) error {
			got, err := tx.Notices(c.in, cordon.Cursor{}, 100)
			if err != nil {
				return err
			}
			slices.SortFunc(got, byID)
			slices.SortFunc(c.want, byID)
			equal(t, c.name, got, c.want)
			n, err := tx.CountUnread(c.in)
			equal(t, c.name, n, int64(len(c.want)))
			return err
		})
	}
	at := base.Add(time.Hour)
	update(t, s, func(tx cordon.WriteTx) error { return tx.MarkRead(two, []cordon.ID{toOfficers.ID, toOfficers.ID}, at) })
	update(t, s, func(tx cordon.WriteTx) error {
		return tx.MarkRead(two, []cordon.ID{toOfficers.ID, hiddenOne.ID}, at.Add(time.Hour))
	})
	view(t, s, func(tx cordon.ReadTx) error {
		read := toOfficers
		read.Read = at
		got, err := tx.Notices(officer, cordon.Cursor{}, 100)
		equal(t, "read, at first", got, []cordon.Notice{read})
		if err != nil {
			return err
		}
		n, err := tx.CountUnread(officer)
		equal(t, "unread", n, int64(0))
		if err != nil {
			return err
		}
		officer.Unread = true
		if got, err = tx.Notices(officer, cordon.Cursor{}, 100); err != nil || len(got) > 0 {
			t.Errorf("unread: %v, %v", got, err)
		}
		officer.Person = one
		got, err = tx.Notices(officer, cordon.Cursor{}, 100)
		if len(got) != 2 {
			t.Errorf("unread by somebody else: %v", got)
		}
		return err
	})
}

func testOutbox(t *testing.T, s cordon.Store) {
	channel, other := filled[cordon.Channel](), filled[cordon.Channel]()
	other.Org = channel.Org
	other.Created = channel.Created.Add(-time.Second)
	var all []cordon.Delivery
	for i, c := range []cordon.ID{channel.ID, channel.ID, other.ID} {
		all = append(all, cordon.Delivery{ID: cordon.NewID(), Notice: cordon.NewID(), Channel: c, Due: base.Add(time.Duration(i) * time.Second)})
	}
	update(t, s, func(tx cordon.WriteTx) error {
		if err := tx.PutChannel(channel); err != nil {
			return err
		}
		if err := tx.PutChannel(other); err != nil {
			return err
		}
		return tx.AddDeliveries(all)
	})
	due := func(at time.Time, limit int) []cordon.ID {
		got := look(t, s, func(tx cordon.ReadTx) ([]cordon.ID, error) { return tx.DueChannels(at, limit) })
		slices.Sort(got)
		return got
	}
	both := []cordon.ID{channel.ID, other.ID}
	slices.Sort(both)
	equal(t, "before anything is due", due(base.Add(-time.Microsecond), 9), []cordon.ID(nil))
	equal(t, "when one is due", due(base, 9), []cordon.ID{channel.ID})
	equal(t, "when all are", due(base.Add(time.Minute), 9), both)
	equal(t, "at most", len(due(base.Add(time.Minute), 1)), 1)
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.Channels(channel.Org)
		equal(t, "oldest first", got, []cordon.Channel{other, channel})
		if err != nil {
			return err
		}
		first, err := tx.DueDelivery(channel.ID, base.Add(time.Minute))
		equal(t, "the longest due", first, all[0])
		return err
	})
	wantKind(t, "not due", s.View(t.Context(), func(tx cordon.ReadTx) error {
		_, err := tx.DueDelivery(other.ID, base)
		return err
	}), cordon.KindNotFound)
	// Taken, it is not due until its time is up.
	taken := all[0]
	taken.Attempts, taken.Due = 1, base.Add(time.Hour)
	update(t, s, func(tx cordon.WriteTx) error { return tx.PutDelivery(taken) })
	equal(t, "the next", look(t, s, func(tx cordon.ReadTx) (cordon.Delivery, error) {
		return tx.DueDelivery(channel.ID, base.Add(time.Minute))
	}), all[1])
	update(t, s, func(tx cordon.WriteTx) error { return tx.RemoveDelivery(all[1].ID) })
	equal(t, "taken and not done", look(t, s, func(tx cordon.ReadTx) (cordon.Delivery, error) {
		return tx.DueDelivery(channel.ID, taken.Due)
	}), taken)
	update(t, s, func(tx cordon.WriteTx) error { return tx.RemoveChannel(channel.ID) })
	equal(t, "what is left", due(base.Add(24*time.Hour), 9), []cordon.ID{other.ID})
	for name, fn := range map[string]func(cordon.WriteTx) error{
		"a channel removed":    func(tx cordon.WriteTx) error { _, err := tx.Channel(channel.ID); return err },
		"removed again":        func(tx cordon.WriteTx) error { return tx.RemoveChannel(channel.ID) },
		"its delivery":         func(tx cordon.WriteTx) error { return tx.PutDelivery(taken) },
		"its delivery removed": func(tx cordon.WriteTx) error { return tx.RemoveDelivery(taken.ID) },
		"a notice not there":   func(tx cordon.WriteTx) error { _, err := tx.Notice(taken.Notice); return err },
	} {
		wantKind(t, name, s.Update(t.Context(), fn), cordon.KindNotFound)
	}
	// A notice that was never under way leaves no row behind.
	update(t, s, func(tx cordon.WriteTx) error { return tx.RemoveChannel(other.ID) })
	equal(t, "nothing", due(base.Add(24*time.Hour), 9), []cordon.ID(nil))
}
