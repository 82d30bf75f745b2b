package storetest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
)

func testOrganisations(t *testing.T, s cordon.Store) {
	var want []cordon.Organisation
	update(t, s, func(tx cordon.WriteTx) error {
		want = nil
		for _, name := range []string{"MERIDIAN", "aster", "Zephyr", "Éclair"} {
			o := filled[cordon.Organisation]()
			o.Name = name
			if err := tx.PutOrganisation(o); err != nil {
				return err
			}
			want = append(want, o)
		}
		// Renaming frees the old name and takes the new one.
		want[1].Name = "BEACON"
		if err := tx.PutOrganisation(want[1]); err != nil {
			return err
		}
		return tx.TouchOrganisation(want[0].ID)
	})
	slices.SortFunc(want, func(a, b cordon.Organisation) int { return strings.Compare(a.Name, b.Name) })
	equal(t, "by name", look(t, s, cordon.ReadTx.Organisations), want)
	view(t, s, func(tx cordon.ReadTx) error {
		o, err := tx.OrganisationByName("meridian")
		if err == nil {
			equal(t, "found without regard to case", o.Name, "MERIDIAN")
		}
		return err
	})
	view(t, s, func(tx cordon.ReadTx) error {
		_, err := tx.OrganisationByName("aster")
		wantKind(t, "old name", err, cordon.KindNotFound)
		return nil
	})
}

func testPeople(t *testing.T, s cordon.Store) {
	var want []cordon.Person
	var here cordon.Organisation
	update(t, s, func(tx cordon.WriteTx) error {
		var there cordon.Organisation
		var err error
		if here, err = organisation(tx); err != nil {
			return err
		}
		if there, err = organisation(tx); err != nil {
			return err
		}
		want = nil
		for _, name := range []string{"zoe", "Ada", "bo"} {
			p, elsewhere := filled[cordon.Person](), filled[cordon.Person]()
			p.Org, p.Name = here.ID, name
			elsewhere.Org, elsewhere.Name = there.ID, name // no Conflict
			if err := tx.PutPerson(p); err != nil {
				return err
			}
			if err := tx.PutPerson(elsewhere); err != nil {
				return err
			}
			want = append(want, p)
		}
		return nil
	})
	slices.SortFunc(want, func(a, b cordon.Person) int { return strings.Compare(a.Name, b.Name) })
	equal(t, "by name", look(t, s, func(tx cordon.ReadTx) ([]cordon.Person, error) { return tx.People(here.ID) }), want)
	equal(t, "of one name", look(t, s, func(tx cordon.ReadTx) (cordon.Person, error) { return tx.PersonByName(here.ID, "bo") }), want[1])
	for _, absent := range []string{"ada", "Bo", "b", ""} {
		wantKind(t, absent, s.View(t.Context(), func(tx cordon.ReadTx) error { _, err := tx.PersonByName(here.ID, absent); return err }), cordon.KindNotFound)
	}
}

func testNeedToKnow(t *testing.T, s cordon.Store) {
	var here, there cordon.Organisation
	mine, everyone, others, foreign := filled[cordon.Group](), filled[cordon.Group](), filled[cordon.Group](), filled[cordon.Group]()
	person, arrangement := cordon.NewID(), cordon.NewID()
	var narrowed []cordon.NeedToKnow
	update(t, s, func(tx cordon.WriteTx) error {
		var err error
		if here, err = organisation(tx); err != nil {
			return err
		}
		if there, err = organisation(tx); err != nil {
			return err
		}
		groups := []*cordon.Group{&mine, &everyone, &others, &foreign}
		for i, g := range groups {
			g.Org, g.Everyone, g.Created = here.ID, g == &everyone, base.Add(time.Duration(i)*time.Second)
		}
		mine.People[1], foreign.People[0], foreign.Org = person, person, there.ID
		for _, g := range groups {
			if err := tx.PutGroup(*g); err != nil {
				return err
			}
		}
		narrowed = nil
		for i, g := range []cordon.Group{mine, everyone, mine, foreign} {
			n := cordon.NeedToKnow{ID: cordon.NewID(), Org: g.Org, Group: g.ID, Arrangement: arrangement, Person: person, At: base.Add(time.Duration(i) * time.Second)}
			if err := tx.AddNeedToKnow(n); err != nil {
				return err
			}
			narrowed = append(narrowed, n)
		}
		wantKind(t, "the same again", tx.AddNeedToKnow(narrowed[0]), cordon.KindConflict)
		for _, under := range []cordon.ID{arrangement, arrangement, ""} {
			r := filled[cordon.Report]()
			r.Arrangement = under
			if err := tx.PutReport(r); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(tx cordon.ReadTx) error {
		groups, err := tx.Groups(here.ID)
		equal(t, "the organisation's groups", groups, []cordon.Group{mine, everyone, others})
		if err != nil {
			return err
		}
		of, err := tx.GroupsOf(person, here.ID)
		slices.Sort(of)
		want := []cordon.ID{mine.ID, everyone.ID}
		slices.Sort(want)
		equal(t, "groups they are in", of, want)
		if err != nil {
			return err
		}
		_, err = tx.Group(cordon.NewID())
		wantKind(t, "no such group", err, cordon.KindNotFound)
		list, err := tx.NeedToKnow(here.ID)
		equal(t, "narrowed, newest first", list, []cordon.NeedToKnow{narrowed[2], narrowed[1], narrowed[0]})
		if err != nil {
			return err
		}
		under, err := tx.NarrowedUnder(arrangement)
		equal(t, "narrowings under the arrangement, each once", len(under), 3)
		for _, n := range narrowed {
			equal(t, "is among them", slices.Contains(under, cordon.Narrowing{Org: n.Org, Group: n.Group}), true)
		}
		if err != nil {
			return err
		}
		reports, err := tx.ReportsUnder(arrangement)
		equal(t, "reports under it", len(reports), 2)
		return err
	})
	// Somebody is taken out, and the group shut again.
	update(t, s, func(tx cordon.WriteTx) error {
		mine.People, everyone.Everyone = mine.People[:1], false
		return errors.Join(tx.PutGroup(mine), tx.PutGroup(everyone))
	})
	view(t, s, func(tx cordon.ReadTx) error {
		of, err := tx.GroupsOf(person, here.ID)
		equal(t, "groups they are in afterwards", len(of), 0)
		return err
	})
}

func testArrangements(t *testing.T, s cordon.Store) {
	var all []cordon.Arrangement
	update(t, s, func(tx cordon.WriteTx) error {
		all = nil
		for i := range 4 {
			a := filled[cordon.Arrangement]()
			a.Rule, a.Proposal.Invitation = cordon.RuleNo(10+i), cordon.RuleNo(20+i)
			a.Created = base.Add(time.Duration(i/2) * time.Second)
			if err := tx.PutArrangement(a); err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	})
	view(t, s, func(tx cordon.ReadTx) error {
		want := slices.Clone(all)
		slices.SortFunc(want, func(a, b cordon.Arrangement) int {
			if c := b.Created.Compare(a.Created); c != 0 {
				return c
			}
			return strings.Compare(string(b.ID), string(a.ID))
		})
		var got []cordon.Arrangement
		for at := (cordon.Cursor{}); ; { // page by page, through a tie
			page, err := tx.Arrangements([]cordon.RuleNo{13, 11, 10, 22, 99}, at, 1)
			if err != nil {
				return err
			}
			if got = append(got, page...); len(page) < 1 {
				break
			}
			at = cordon.Cursor{Created: page[0].Created, ID: page[0].ID}
		}
		equal(t, "under the rules and invited by one", got, want)
		got, err := tx.Arrangements([]cordon.RuleNo{13, 20, 99}, cordon.Cursor{}, 9)
		equal(t, "those under the rules", got, slices.DeleteFunc(want, func(a cordon.Arrangement) bool { return a.ID != all[0].ID && a.ID != all[3].ID }))
		return err
	})
}

func testRules(t *testing.T, s cordon.Store) {
	rule, other := filled[cordon.Rule](), filled[cordon.Rule]()
	var want cordon.Rule
	if err := json.Unmarshal(rule.Encode(), &want); err != nil {
		t.Fatal(err)
	}
	want.Normalise()
	var no cordon.RuleNo
	update(t, s, func(tx cordon.WriteTx) (err error) {
		slices.Reverse(rule.ReadIns) // not normalised
		untouched := slices.Clone(rule.ReadIns)
		if no, err = tx.Intern(rule); err != nil {
			return err
		}
		equal(t, "the caller's rule", rule.ReadIns, untouched)
		equal(t, "number", no, want.No())
		again, err := tx.Intern(want)
		equal(t, "number, in the same transaction", again, no)
		return err
	})
	update(t, s, func(tx cordon.WriteTx) error {
		again, err := tx.Intern(rule)
		equal(t, "number, in another", again, no)
		if err != nil {
			return err
		}
		different, err := tx.Intern(other)
		if different == no {
			t.Error("two rules have one number")
		}
		return err
	})
	view(t, s, func(tx cordon.ReadTx) error {
		known, _, err := tx.RulesAfter(cordon.RuleMark{})
		if err != nil {
			return err
		}
		equal(t, "how many", len(known), 2)
		i := slices.IndexFunc(known, func(r cordon.InternedRule) bool { return r.No == no })
		equal(t, "rule", known[i].Rule, want)
		return nil
	})
}

// testRuleMarks fills a cache step by step, by way of transactions that fail.
func testRuleMarks(t *testing.T, s cordon.Store) {
	cache := map[cordon.RuleNo]bool{}
	var mark cordon.RuleMark
	complete := func(tx cordon.ReadTx) (int, error) {
		fresh, m, err := tx.RulesAfter(mark)
		for _, r := range fresh {
			cache[r.No] = true
		}
		mark = m
		return len(fresh), err
	}
	var want []cordon.RuleNo
	for range 12 {
		update(t, s, func(tx cordon.WriteTx) error {
			more, err := rules(tx, 3)
			want = append(want, more...)
			return err
		})
		view(t, s, func(tx cordon.ReadTx) error {
			n, err := complete(tx)
			equal(t, "fresh rules", n, 3)
			return err
		})
		view(t, s, func(tx cordon.ReadTx) error {
			n, err := complete(tx)
			equal(t, "fresh rules, nothing having happened", n, 0)
			return err
		})
		// A transaction that fails leaves its rule and its mark in the
		// cache. The one that comes after in its place must not be missed.
		failed := cordon.Errorf(cordon.KindInvalid, "on purpose")
		err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
			if _, err := intern(tx); err != nil {
				return err
			}
			if _, err := complete(tx); err != nil {
				return err
			}
			return failed
		})
		equal(t, "error", err == error(failed), true)
		update(t, s, func(tx cordon.WriteTx) error {
			no, err := intern(tx)
			want = append(want, no)
			return err
		})
		view(t, s, func(tx cordon.ReadTx) error { _, err := complete(tx); return err })
		for _, no := range want {
			if !cache[no] {
				t.Fatal("a cache misses a rule")
			}
		}
	}
}

func testRenditions(t *testing.T, s cordon.Store) {
	report, other := cordon.NewID(), cordon.NewID()
	var want []cordon.Rendition
	for i, seconds := range []int{5, 1, 3, 3, 3} { // three at one instant, in the order they were added
		r := filled[cordon.Rendition]()
		r.Report, r.At = report, base.Add(time.Duration(seconds)*time.Second)
		if i == 1 {
			r.Report = other
		}
		update(t, s, func(tx cordon.WriteTx) error { return tx.AddRendition(r) })
		want = append(want, r)
	}
	slices.SortStableFunc(want, func(a, b cordon.Rendition) int { return a.At.Compare(b.At) })
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.Renditions([]cordon.ID{report, other})
		for i := range got {
			equal(t, "at", got[i].At, want[i].At)
		}
		equal(t, "of both", len(got), 5)
		if err != nil {
			return err
		}
		got, err = tx.Renditions([]cordon.ID{other})
		equal(t, "of one", got, want[:1])
		return err
	})
}

func testGrants(t *testing.T, s cordon.Store) {
	to := cordon.NewID()
	grant := func(until time.Time, revoked time.Time, portions ...cordon.ID) cordon.Grant {
		g := filled[cordon.Grant]()
		g.To, g.Until, g.Revoked, g.Portions = to, until, revoked, portions
		g.Created = base
		return g
	}
	a, b, c := cordon.NewID(), cordon.NewID(), cordon.NewID()
	now := base.Add(time.Hour)
	live := grant(now.Add(time.Microsecond), time.Time{}, a, b)
	over := grant(now, time.Time{}, b)
	revoked := grant(now.Add(time.Hour), base, c)
	elsewhere := grant(now.Add(time.Hour), time.Time{}, a)
	elsewhere.To = cordon.NewID()
	update(t, s, func(tx cordon.WriteTx) error {
		for _, g := range []cordon.Grant{live, over, revoked, elsewhere} {
			if err := tx.PutGrant(g); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.GrantsTo(to, now)
		equal(t, "live ones", got, []cordon.Grant{live})
		return err
	})
	covering := func(portions ...cordon.ID) []cordon.ID {
		var ids []cordon.ID
		view(t, s, func(tx cordon.ReadTx) error {
			all, err := tx.GrantsOf(portions)
			for _, g := range all {
				ids = append(ids, g.ID)
			}
			return err
		})
		slices.Sort(ids)
		return ids
	}
	ids := func(grants ...cordon.Grant) []cordon.ID {
		var ids []cordon.ID
		for _, g := range grants {
			ids = append(ids, g.ID)
		}
		slices.Sort(ids)
		return ids
	}
	equal(t, "of a", covering(a), ids(live, elsewhere))
	testGrantsBy(t, s)
	equal(t, "of a and b, each grant once", covering(a, b), ids(live, over, elsewhere))
	// Revoking, and covering other portions, take effect.
	live.Revoked, live.Portions = now, []cordon.ID{c}
	update(t, s, func(tx cordon.WriteTx) error { return tx.PutGrant(live) })
	equal(t, "of a, later", covering(a), ids(elsewhere))
	equal(t, "of c, later", covering(c), ids(live, revoked))
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.GrantsTo(to, now)
		equal(t, "live ones, later", len(got), 0)
		return err
	})
}

// testGrantsBy pages through an owner's grants, two of which were made at one
// instant.
func testGrantsBy(t *testing.T, s cordon.Store) {
	owner := cordon.NewID()
	var all []cordon.Grant
	for i := range 5 {
		g := filled[cordon.Grant]()
		g.Owner, g.Created = owner, base.Add(time.Duration(i/2)*time.Second)
		all = append(all, g)
	}
	update(t, s, func(tx cordon.WriteTx) error {
		for _, g := range all {
			if err := tx.PutGrant(g); err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b cordon.Grant) int {
		return cmp.Or(b.Created.Compare(a.Created), strings.Compare(string(b.ID), string(a.ID)))
	})
	var got []cordon.Grant
	for after := (cordon.Cursor{}); len(got) < 10; {
		var page []cordon.Grant
		view(t, s, func(tx cordon.ReadTx) (err error) {
			page, err = tx.GrantsBy(owner, after, 2)
			return err
		})
		got = append(got, page...)
		if len(page) < 2 {
			break
		}
		after = cordon.Cursor{Created: page[1].Created, ID: page[1].ID}
	}
	equal(t, "an owner's, page by page", got, all)
}

func testRequests(t *testing.T, s cordon.Store) {
	org, owner := cordon.NewID(), cordon.NewID()
	var requests []cordon.ReleaseRequest
	var parts []cordon.RequestPart
	for i, seconds := range []int{2, 9, 4} {
		r := filled[cordon.ReleaseRequest]()
		r.Org, r.Created = org, base.Add(time.Duration(seconds)*time.Second)
		r.Remind = time.Time{}
		if i < 2 {
			r.Remind = base.Add(time.Duration(10+i) * time.Minute)
		}
		mine, theirs := filled[cordon.RequestPart](), filled[cordon.RequestPart]()
		mine.Request, mine.Owner, theirs.Request = r.ID, owner, r.ID
		mine.Created, theirs.Created = r.Created, r.Created
		update(t, s, func(tx cordon.WriteTx) error { return tx.PutRequest(r, []cordon.RequestPart{mine, theirs}) })
		if i == 0 {
			view(t, s, func(tx cordon.ReadTx) error {
				got, err := tx.Parts(r.ID)
				want := []cordon.RequestPart{mine, theirs}
				slices.SortFunc(want, func(a, b cordon.RequestPart) int { return strings.Compare(string(a.ID), string(b.ID)) })
				slices.SortFunc(got, func(a, b cordon.RequestPart) int { return strings.Compare(string(a.ID), string(b.ID)) })
				equal(t, "parts", got, want)
				return err
			})
		}
		requests, parts = append(requests, r), append(parts, mine)
	}
	due := func(at time.Time, limit int) (ids []cordon.ID) {
		view(t, s, func(tx cordon.ReadTx) error {
			all, err := tx.RequestsToRemind(at, limit)
			for _, r := range all {
				ids = append(ids, r.ID)
			}
			return err
		})
		return ids
	}
	equal(t, "to be reminded of, before the time", len(due(base.Add(10*time.Minute-time.Microsecond), 5)), 0)
	equal(t, "to be reminded of, at the time", due(base.Add(10*time.Minute), 5), []cordon.ID{requests[0].ID})
	equal(t, "to be reminded of, later", due(base.Add(time.Hour), 5), []cordon.ID{requests[0].ID, requests[1].ID})
	equal(t, "to be reminded of, one", due(base.Add(time.Hour), 1), []cordon.ID{requests[0].ID})
	view(t, s, func(tx cordon.ReadTx) error {
		all, err := tx.RequestsOf([]cordon.ID{requests[2].Portions[0], requests[2].Portions[1], cordon.NewID()})
		equal(t, "for some portions", all, []cordon.ReleaseRequest{requests[2]})
		return err
	})
	withdrawn := requests[0]
	withdrawn.Withdrawn, withdrawn.Expires = base.Add(time.Minute), base.Add(time.Second)
	withdrawn.Released, withdrawn.Voided, withdrawn.Remind = base.Add(2*time.Minute), base.Add(3*time.Minute), time.Time{}
	parts[2].State, parts[2].Decided = cordon.PartRefused, base.Add(time.Minute)
	update(t, s, func(tx cordon.WriteTx) error {
		if err := tx.PutRequestState(withdrawn); err != nil {
			return err
		}
		return tx.PutPart(parts[2])
	})
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.Requests(org, cordon.Cursor{}, 5)
		equal(t, "newest first", got, []cordon.ReleaseRequest{requests[1], requests[2], withdrawn})
		if err != nil {
			return err
		}
		asked, err := tx.PartsFor(owner, cordon.Cursor{}, 5)
		equal(t, "an owner's, newest first", asked, []cordon.RequestPart{parts[1], parts[2], parts[0]})
		if err != nil {
			return err
		}
		first, second := requests[1], parts[1]
		got, err = tx.Requests(org, cordon.Cursor{Created: first.Created, ID: first.ID}, 1)
		equal(t, "the second page", got, requests[2:])
		if err != nil {
			return err
		}
		asked, err = tx.PartsFor(owner, cordon.Cursor{Created: second.Created, ID: second.ID}, 1)
		equal(t, "an owner's, the second page", asked, parts[2:])
		return err
	})
}

func testIncidents(t *testing.T, s cordon.Store) {
	org := cordon.NewID()
	var all []cordon.Incident
	for _, seconds := range []int{3, 8, 5} {
		i := filled[cordon.Incident]()
		i.Org, i.Opened = org, base.Add(time.Duration(seconds)*time.Second)
		update(t, s, func(tx cordon.WriteTx) error { return tx.PutIncident(i) })
		all = append(all, i)
	}
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.Incidents(org)
		equal(t, "newest first", got, []cordon.Incident{all[1], all[2], all[0]})
		return err
	})
	// Steps and claims of one instant come in the order in which they were
	// added, which is the order in which they were done.
	incident := all[0].ID
	var steps []cordon.ContainmentStep
	var claims []cordon.ClaimRecord
	var disclosures []cordon.Disclosure
	for range 12 {
		step, claim, disclosure := filled[cordon.ContainmentStep](), filled[cordon.ClaimRecord](), filled[cordon.Disclosure]()
		step.Incident, step.At = incident, base
		claim.Incident, claim.Created = incident, base
		disclosure.Incident, disclosure.Found = incident, base
		steps, claims, disclosures = append(steps, step), append(claims, claim), append(disclosures, disclosure)
	}
	early := filled[cordon.ContainmentStep]()
	early.Incident, early.At = incident, base.Add(-time.Hour)
	update(t, s, func(tx cordon.WriteTx) error {
		for _, c := range claims {
			if err := tx.PutClaim(c); err != nil {
				return err
			}
		}
		if err := tx.AddDisclosures(disclosures); err != nil {
			return err
		}
		if err := tx.AddSteps(steps[:5]); err != nil {
			return err
		}
		if err := tx.AddSteps(steps[5:]); err != nil {
			return err
		}
		return tx.AddSteps([]cordon.ContainmentStep{early})
	})
	view(t, s, func(tx cordon.ReadTx) error {
		gotSteps, err := tx.Steps(incident)
		if err != nil {
			return err
		}
		equal(t, "steps", gotSteps, append([]cordon.ContainmentStep{early}, steps...))
		gotDisclosures, err := tx.Disclosures(incident)
		if err != nil {
			return err
		}
		equal(t, "disclosures", gotDisclosures, disclosures)
		gotClaims, err := tx.Claims(incident)
		equal(t, "claims", gotClaims, claims)
		return err
	})
	// A claim that is put again keeps its place.
	claims[3].Body = cordon.Sealed("amended")
	update(t, s, func(tx cordon.WriteTx) error { return tx.PutClaim(claims[3]) })
	equal(t, "claims", look(t, s, func(tx cordon.ReadTx) ([]cordon.ClaimRecord, error) { return tx.Claims(incident) }), claims)
}

func testCustody(t *testing.T, s cordon.Store) {
	incident := cordon.NewID()
	items := []cordon.CustodyItem{filled[cordon.CustodyItem](), filled[cordon.CustodyItem](), filled[cordon.CustodyItem]()}
	for i := range items {
		items[i].Incident, items[i].At = incident, base.Add(time.Duration(i)*time.Second)
	}
	update(t, s, func(tx cordon.WriteTx) error {
		for _, item := range items {
			if err := tx.PutCustody(item); err != nil {
				return err
			}
		}
		return tx.PutCustody(filled[cordon.CustodyItem]())
	})
	update(t, s, func(tx cordon.WriteTx) error { return tx.DestroyCustody(items[1].Portion) })
	items[1].Body, items[1].Key = nil, nil
	equal(t, "of the incident", look(t, s, func(tx cordon.ReadTx) ([]cordon.CustodyItem, error) { return tx.CustodyOf(incident) }), items)
	// Page after page, each once and in order, others' among them.
	found := map[cordon.ID]bool{}
	for after := cordon.ID(""); ; {
		page := look(t, s, func(tx cordon.ReadTx) ([]cordon.InCustody, error) { return tx.InCustody(after, 2) })
		if len(page) == 0 {
			break
		}
		for _, item := range page {
			if item.Portion <= after {
				t.Fatalf("%s comes after %s", item.Portion, after)
			}
			found[item.Portion], after = item.Destroyed, item.Portion
		}
	}
	for i, item := range items {
		if destroyed, ok := found[item.Portion]; !ok || destroyed != (i == 1) {
			t.Errorf("item %d is listed %v, as destroyed %v", i, ok, destroyed)
		}
	}
}

func testMosaic(t *testing.T, s cordon.Store) {
	owner, audience := cordon.NewID(), cordon.NewID()
	registries := []cordon.Registry{filled[cordon.Registry](), filled[cordon.Registry]()}
	for i := range registries {
		registries[i].Owner, registries[i].Created = owner, base.Add(time.Duration(i)*time.Second)
	}
	registry := registries[0].ID
	var told []cordon.Told
	for i, to := range []cordon.ID{audience, "", cordon.NewID(), audience} {
		d := filled[cordon.Told]()
		d.Registry, d.Audience, d.At = registry, to, base.Add(time.Duration(i)*time.Second)
		told = append(told, d)
	}
	portions := []cordon.ID{cordon.NewID(), cordon.NewID(), cordon.NewID()}
	var facts []cordon.Fact
	for i := range 6 {
		f := filled[cordon.Fact]()
		f.Portion = portions[i%3]
		facts = append(facts, f)
	}
	update(t, s, func(tx cordon.WriteTx) error {
		for _, r := range append(registries, filled[cordon.Registry]()) {
			if err := tx.PutRegistry(r); err != nil {
				return err
			}
		}
		for _, d := range told {
			if err := tx.AddTold(d); err != nil {
				return err
			}
		}
		return tx.AddFacts(facts)
	})
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.Registries(owner)
		equal(t, "registries", got, registries)
		if err != nil {
			return err
		}
		to, err := tx.ToldTo(registry, audience)
		equal(t, "what the audience knows, the public's share with it", to, []cordon.Told{told[0], told[1], told[3]})
		if err != nil {
			return err
		}
		public, err := tx.ToldTo(registry, "")
		equal(t, "what the public knows", public, []cordon.Told{told[1]})
		if err != nil {
			return err
		}
		on, err := tx.Facts([]cordon.ID{portions[0], portions[2]})
		var want []cordon.Fact
		for i, f := range facts {
			if i%3 != 1 {
				want = append(want, f)
			}
		}
		order := func(a, b cordon.Fact) int { return strings.Compare(string(a.ID), string(b.ID)) }
		slices.SortFunc(on, order)
		slices.SortFunc(want, order)
		equal(t, "facts", on, want)
		return err
	})
}

func testLedger(t *testing.T, s cordon.Store) {
	feed := cordon.NewID()
	entry := func(second int) cordon.Entry {
		e := filled[cordon.Entry]()
		e.Feed, e.At = feed, base.Add(time.Duration(second)*time.Second)
		return e
	}
	// Entries of one transaction and one instant keep the order in which
	// they were appended.
	entries := []cordon.Entry{entry(5), entry(5), entry(5), entry(5), entry(2)}
	update(t, s, func(tx cordon.WriteTx) error {
		for _, e := range entries {
			if err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
	entries = slices.Concat(entries[4:], entries[:4])
	bare := cordon.Entry{ID: cordon.NewID(), At: base.Add(time.Minute)}
	update(t, s, func(tx cordon.WriteTx) error { return tx.Append(bare) })
	entries = append(entries, bare)
	view(t, s, func(tx cordon.ReadTx) error {
		size, checkpoint, err := tx.Tree()
		equal(t, "new tree", []any{size, checkpoint}, []any{int64(0), ""})
		if err != nil {
			return err
		}
		got, err := tx.Pending(3)
		equal(t, "pending, at most 3", got, entries[:3])
		if err != nil {
			return err
		}
		got, err = tx.Pending(100)
		equal(t, "pending", got, entries)
		if err != nil {
			return err
		}
		head, err := tx.FeedHead(feed)
		equal(t, "head of a feed without entries", head, cordon.FeedHead{Feed: feed, Log: 1})
		return err
	})
	var leaves []cordon.LeafRecord
	for i, e := range entries[:4] {
		leaves = append(leaves, cordon.LeafRecord{Log: 1, FeedSeq: int64(i + 1), Entry: e})
	}
	hashes := []cordon.TreeHash{{Place: 0, Hash: [32]byte{1}}, {Place: 1, Hash: [32]byte{2}}, {Place: cordon.LogSpan, Hash: [32]byte{3}}, {Place: cordon.LogSpan + 1, Hash: [32]byte{31: 4}}}
	head := cordon.FeedHead{Feed: feed, Log: 1, Size: 4, Root: [32]byte{5}, MAC: [32]byte{6}}
	tick := cordon.Tick{Index: 7, Number: 3, At: base, Slots: [32]byte{1}, State: [32]byte{2}, Secret: [32]byte{3}}
	later := cordon.Tick{Index: 9, Number: 4, At: base}
	update(t, s, func(tx cordon.WriteTx) error {
		if _, _, err := tx.HoldTree(); err != nil {
			return err
		}
		if err := tx.Place(leaves); err != nil {
			return err
		}
		if err := tx.PutHashes(hashes); err != nil {
			return err
		}
		if err := tx.PutFeedHeads([]cordon.FeedHead{head}); err != nil {
			return err
		}
		if err := tx.PutTick(tick); err != nil {
			return err
		}
		grown, other := head, cordon.FeedHead{Feed: "", Log: 2, Size: 1}
		grown.Size, grown.Root, grown.MAC = 6, [32]byte{7}, [32]byte{8}
		if err := tx.PutFeedHeads([]cordon.FeedHead{grown, other}); err != nil {
			return err
		}
		return tx.PutTree(8, "checkpoint\n8\n")
	})
	view(t, s, func(tx cordon.ReadTx) error {
		size, checkpoint, err := tx.Tree()
		equal(t, "tree", []any{size, checkpoint}, []any{int64(8), "checkpoint\n8\n"})
		if err != nil {
			return err
		}
		pending, err := tx.Pending(100)
		equal(t, "still pending", pending, entries[4:])
		if err != nil {
			return err
		}
		heads, err := tx.FeedHeads()
		grown := cordon.FeedHead{Feed: feed, Log: 1, Size: 6, Root: [32]byte{7}, MAC: [32]byte{8}, TickSize: 4, TickRoot: [32]byte{5}}
		equal(t, "heads", heads, []cordon.FeedHead{grown, {Feed: "", Log: 2, Size: 1}})
		if err != nil {
			return err
		}
		got, err := tx.Feed(feed, 1, 2)
		equal(t, "feed after 1, at most 2", got, leaves[1:3])
		if err != nil {
			return err
		}
		got, err = tx.Feed(feed, 1<<50, 2)
		equal(t, "feed after its end", len(got), 0)
		if err != nil {
			return err
		}
		in, err := tx.Hashes([]int64{cordon.LogSpan + 1, 0, cordon.LogSpan + 1})
		equal(t, "hashes in the order asked", in, [][32]byte{hashes[3].Hash, hashes[0].Hash, hashes[3].Hash})
		if err != nil {
			return err
		}
		_, err = tx.Hashes([]int64{0, 4})
		if err == nil {
			t.Error("a hash that is missing is given")
		}
		return nil
	})
	update(t, s, func(tx cordon.WriteTx) error { return tx.PutTick(later) })
	view(t, s, func(tx cordon.ReadTx) error {
		ticks, err := tx.Ticks(7, 5)
		equal(t, "ticks", ticks, []cordon.Tick{tick, later})
		if err != nil {
			return err
		}
		ticks, err = tx.Ticks(8, 1)
		equal(t, "ticks from 8", ticks, []cordon.Tick{later})
		if err != nil {
			return err
		}
		for at, want := range map[int64]int64{6: 0, 7: 4, 8: 4, 9: 6, 100: 6} {
			n, err := tx.FeedSizeAt(feed, at)
			equal(t, fmt.Sprint("size of the feed at ", at), n, want)
			if err != nil {
				return err
			}
		}
		return nil
	})
	// A placed entry is not pending, and cannot be placed again.
	wantKind(t, "placed again", s.Update(t.Context(), func(tx cordon.WriteTx) error {
		return tx.Place([]cordon.LeafRecord{{Log: 1, FeedSeq: 9, Entry: entries[0]}})
	}), cordon.KindConflict)
	// Nor can a number of a feed be taken twice.
	wantKind(t, "place taken", s.Update(t.Context(), func(tx cordon.WriteTx) error {
		return tx.Place([]cordon.LeafRecord{{Log: 1, FeedSeq: 3, Entry: entries[4]}})
	}), cordon.KindConflict)
	equal(t, "still pending", look(t, s, func(tx cordon.ReadTx) ([]cordon.Entry, error) { return tx.Pending(100) }), entries[4:])
}

// testBulk adds more rows at once than one statement takes.
func testBulk(t *testing.T, s cordon.Store) {
	const n = 1234
	r, portions := report(0, make([]cordon.RuleNo, n)...)
	var ids []cordon.ID
	var hashes []cordon.TreeHash
	var leaves []cordon.LeafRecord
	feed := cordon.NewID()
	for i := range n {
		portions[i].Rule = cordon.RuleNo(i%7 + 1)
		hashes = append(hashes, cordon.TreeHash{Place: int64(i), Hash: [32]byte{byte(i), byte(i >> 8)}})
		leaves = append(leaves, cordon.LeafRecord{Log: 1, FeedSeq: int64(i + 1), Entry: cordon.Entry{ID: cordon.NewID(), Feed: feed, At: base}})
		ids = append(ids, portions[i].ID)
	}
	update(t, s, func(tx cordon.WriteTx) error {
		if err := publish(tx, r, portions); err != nil {
			return err
		}
		for _, l := range leaves {
			if err := tx.Append(l.Entry); err != nil {
				return err
			}
		}
		if err := tx.PutHashes(hashes); err != nil {
			return err
		}
		if err := tx.PutFeedHeads([]cordon.FeedHead{{Feed: feed, Log: 1, Size: n}}); err != nil {
			return err
		}
		return tx.Place(leaves)
	})
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.Portions(r.ID, cordon.Visibility{Granted: ids})
		if err != nil {
			return err
		}
		equal(t, "portions in order", got, portions)
		kept, err := tx.Feed(feed, 0, n)
		if err != nil {
			return err
		}
		equal(t, "leaves", kept, leaves)
		var all []int64
		var want [][32]byte
		for i, h := range hashes {
			all, want = append(all, int64(i)), append(want, h.Hash)
		}
		h, err := tx.Hashes(all)
		equal(t, "hashes", h, want)
		return err
	})
}
