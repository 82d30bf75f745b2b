package storetest

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cordon"
)

// testDecided has something change between Decide and Record, for everything that a
// decision reads: what is recorded on the older state is not, and what has nothing to
// do with the change is.
func testDecided(t *testing.T, s cordon.Store) {
	org, other := filled[cordon.Organisation](), filled[cordon.Organisation]()
	person := filled[cordon.Person]()
	person.Org = org.ID
	group := filled[cordon.Group]()
	group.Org, group.People = org.ID, []cordon.ID{person.ID}
	a, incident := filled[cordon.Arrangement](), filled[cordon.Incident]()
	token := filled[cordon.Token]()
	token.Person, token.Revoked = person.ID, false
	rules := []cordon.RuleNo{cordon.RuleNo(number()), cordon.RuleNo(number())}
	r, portions := report(0, rules[0], rules[0], rules[1])
	elsewhere, others := report(0, rules[0])
	grant := filled[cordon.Grant]()
	grant.To, grant.Revoked, grant.Until, grant.Portions = org.ID, time.Time{}, base.Add(time.Hour), []cordon.ID{portions[0].ID}
	update(t, s, func(tx cordon.WriteTx) error {
		return errors.Join(tx.PutOrganisation(org), tx.PutOrganisation(other), tx.PutPerson(person), tx.PutGroup(group), tx.PutArrangement(a),
			tx.PutIncident(incident), tx.PutToken(token), publish(tx, r, portions), publish(tx, elsewhere, others), tx.PutGrant(grant), tx.PutMeta("decided", []byte("x")))
	})
	seen := cordon.Visibility{Rules: rules}
	reads := map[string]func(cordon.ReadTx) error{
		"person":       func(tx cordon.ReadTx) error { _, err := tx.Person(person.ID); return err },
		"organisation": func(tx cordon.ReadTx) error { _, err := tx.Organisation(org.ID); return err },
		"grants":       func(tx cordon.ReadTx) error { _, err := tx.GrantsTo(org.ID, base); return err },
		"groups":       func(tx cordon.ReadTx) error { _, err := tx.GroupsOf(person.ID, org.ID); return err },
		"token":        func(tx cordon.ReadTx) error { _, err := tx.Token(token.ID); return err },
		"arrangement":  func(tx cordon.ReadTx) error { _, err := tx.Arrangement(a.ID); return err },
		"incident":     func(tx cordon.ReadTx) error { _, err := tx.Incident(incident.ID); return err },
		"report":       func(tx cordon.ReadTx) error { _, err := tx.Report(r.ID); return err },
		"rules":        func(tx cordon.ReadTx) error { _, err := tx.PortionRules(r.ID); return err },
		"portions":     func(tx cordon.ReadTx) error { _, err := tx.Portions(r.ID, seen); return err },
		"heads":        func(tx cordon.ReadTx) error { _, err := tx.PortionHeads(r.ID); return err },
		"by id":        func(tx cordon.ReadTx) error { _, err := tx.PortionsByID([]cordon.ID{portions[1].ID}); return err },
		"title":        func(tx cordon.ReadTx) error { _, err := tx.Titles([]cordon.ID{r.ID}, seen); return err },
		"page":         func(tx cordon.ReadTx) error { _, err := tx.ReportPage(seen, cordon.Cursor{}, 500); return err },
		"meta":         func(tx cordon.ReadTx) error { _, err := tx.Meta("decided"); return err },
		"nothing":      func(tx cordon.ReadTx) error { return nil },
	}
	ofReport := []string{"report", "rules", "portions", "heads", "by id", "title", "page"}
	ofOrg := []string{"organisation", "grants", "groups"}
	for _, c := range []struct {
		name    string
		change  func(cordon.WriteTx) error
		notices []string
	}{
		{"a person is changed", func(tx cordon.WriteTx) error { return tx.PutPerson(person) }, []string{"person", "groups"}},
		{"an organisation", func(tx cordon.WriteTx) error { return tx.PutOrganisation(org) }, ofOrg},
		{"an organisation, touched", func(tx cordon.WriteTx) error { return tx.TouchOrganisation(org.ID) }, ofOrg},
		{"another organisation", func(tx cordon.WriteTx) error { return tx.PutOrganisation(other) }, nil},
		{"a grant is made", func(tx cordon.WriteTx) error { g := grant; g.ID = cordon.NewID(); return tx.PutGrant(g) }, ofOrg},
		{"a grant is revoked", func(tx cordon.WriteTx) error { grant.Revoked = base; return tx.PutGrant(grant) }, ofOrg},
		{"a grant to another", func(tx cordon.WriteTx) error {
			g := grant
			g.ID, g.To = cordon.NewID(), other.ID
			return tx.PutGrant(g)
		}, nil},
		{"somebody leaves a group", func(tx cordon.WriteTx) error { group.People = nil; return tx.PutGroup(group) }, []string{"person", "organisation", "grants", "groups"}},
		{"a token is revoked", func(tx cordon.WriteTx) error { token.Revoked = true; return tx.PutToken(token) }, []string{"token"}},
		{"an arrangement is changed", func(tx cordon.WriteTx) error { return tx.PutArrangement(a) }, []string{"arrangement"}},
		{"all under it is narrowed", func(tx cordon.WriteTx) error {
			n := filled[cordon.NeedToKnow]()
			n.Org, n.Group, n.Person, n.Report, n.Arrangement = org.ID, group.ID, person.ID, "", a.ID
			return tx.AddNeedToKnow(n)
		}, []string{"arrangement"}},
		{"an incident is changed", func(tx cordon.WriteTx) error { return tx.PutIncident(incident) }, []string{"incident"}},
		{"a report is changed", func(tx cordon.WriteTx) error { return tx.PutReport(r) }, ofReport},
		{"a report is touched", func(tx cordon.WriteTx) error { return tx.TouchReport(r.ID) }, ofReport},
		{"a portion is added", func(tx cordon.WriteTx) error {
			_, more := report(0, rules[0])
			more[0].Report, more[0].Created = r.ID, portions[0].Created
			return tx.PutPortions(more)
		}, ofReport},
		{"a portion is changed", func(tx cordon.WriteTx) error { return tx.ReplacePortion(portions[1]) }, ofReport},
		{"a portion is superseded", func(tx cordon.WriteTx) error { return tx.SupersedePortion(portions[2].ID) }, ofReport},
		{"a portion is struck", func(tx cordon.WriteTx) error { return tx.StrikePortion(portions[1].ID) }, ofReport},
		{"an earlier one is struck", func(tx cordon.WriteTx) error { return tx.StrikePortion(portions[2].ID) }, ofReport},
		{"another report is struck", func(tx cordon.WriteTx) error { return tx.StrikePortion(others[0].ID) }, []string{"page"}},
		{"a report is published", func(tx cordon.WriteTx) error {
			r, portions := report(1, rules[1])
			return publish(tx, r, portions)
		}, nil},
		{"something is set", func(tx cordon.WriteTx) error { return tx.PutMeta("decided", []byte("y")) }, []string{"meta"}},
		{"something is written down", func(tx cordon.WriteTx) error {
			return errors.Join(tx.Append(filled[cordon.Entry]()), tx.AddRendition(filled[cordon.Rendition]()))
		}, nil},
	} {
		on := make(map[string]cordon.Basis)
		for read, fn := range reads {
			basis, err := s.Decide(t.Context(), fn)
			if err != nil {
				t.Fatal(read, err)
			}
			on[read] = basis
		}
		update(t, s, c.change)
		for read, basis := range on {
			rendition := filled[cordon.Rendition]()
			err := s.Record(t.Context(), basis, cordon.Log{Renditions: []cordon.Rendition{rendition}})
			if noticed := errors.Is(err, cordon.ErrChanged); noticed != slices.Contains(c.notices, read) || err != nil && !noticed {
				t.Errorf("%s after %s was read: %v", c.name, read, err)
			}
			ran := false
			changed := s.Commit(t.Context(), basis, func(tx cordon.WriteTx) error { ran = true; return nil })
			if errors.Is(changed, cordon.ErrChanged) != errors.Is(err, cordon.ErrChanged) || ran != (changed == nil) {
				t.Errorf("%s after %s was read: a Commit ran %v and gave %v", c.name, read, ran, changed)
			}
			kept := look(t, s, func(tx cordon.ReadTx) ([]cordon.Rendition, error) {
				return tx.Renditions([]cordon.ID{rendition.Report})
			})
			if (len(kept) == 1) != (err == nil) {
				t.Errorf("%s after %s was read: Record gave %v and %d are kept", c.name, read, err, len(kept))
			}
		}
	}
}

// testRecordedBefore has many decide and record while something is changed: once the
// change has returned, nothing that was decided before it is recorded any more.
func testRecordedBefore(t *testing.T, s cordon.Store) {
	const readers = 6
	for range 3 {
		org := filled[cordon.Organisation]()
		update(t, s, func(tx cordon.WriteTx) error { return tx.PutOrganisation(org) })
		run := cordon.NewID()
		var wg sync.WaitGroup
		errs := make([]error, readers)
		var recorded atomic.Int64
		begun := make(chan struct{}, readers)
		for i := range readers {
			wg.Go(func() {
				once := sync.OnceFunc(func() { begun <- struct{}{} })
				for {
					now, on, err := cordon.Decide(t.Context(), s, func(tx cordon.ReadTx) (cordon.Organisation, error) { return tx.Organisation(org.ID) })
					if errs[i] = err; err != nil || now.Title == "changed" {
						once()
						return
					}
					r := cordon.Rendition{ID: cordon.NewID(), Report: run, At: base}
					err = s.Record(t.Context(), on, cordon.Log{Renditions: []cordon.Rendition{r}})
					switch {
					case err == nil:
						recorded.Add(1)
						once()
					case !errors.Is(err, cordon.ErrChanged):
						errs[i] = err
						once()
						return
					}
				}
			})
		}
		for range readers {
			<-begun
		}
		org.Title = "changed"
		update(t, s, func(tx cordon.WriteTx) error { return tx.PutOrganisation(org) })
		count := func() int {
			return len(look(t, s, func(tx cordon.ReadTx) ([]cordon.Rendition, error) { return tx.Renditions([]cordon.ID{run}) }))
		}
		then := count()
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		if now := count(); now != then || int64(now) != recorded.Load() {
			t.Fatalf("%d were recorded when the change had returned, and %d at last; %d were acknowledged", then, now, recorded.Load())
		}
	}
}
