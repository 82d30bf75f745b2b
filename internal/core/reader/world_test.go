package reader_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/reader"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
	"cordon/marking"
	"cordon/marking/us"
)

var now = time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)

// world is a store with one reader in it, cleared S and of GBR.
type world struct {
	testing.TB
	store  cordon.Store
	org    cordon.Organisation
	reader cordon.Person
}

func newWorld(t testing.TB) *world {
	t.Helper()
	store, err := sqlite.Open(t.Context(), t.TempDir(), storetest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w := &world{TB: t, store: store, org: cordon.Organisation{ID: cordon.NewID(), Name: "VALDOR", Country: "GBR"}}
	w.reader = cordon.Person{ID: cordon.NewID(), Org: w.org.ID, Name: "ana", Clearances: map[string]string{"us": "S"}}
	w.update(func(tx cordon.WriteTx) error {
		return errors.Join(tx.PutOrganisation(w.org), tx.PutPerson(w.reader))
	})
	return w
}

// book is the rule cache of a node which has just been started.
func book() *reader.RuleCache { return reader.NewRuleCache(marking.NewSet(us.Scheme())) }

func (w *world) update(fn func(cordon.WriteTx) error) {
	w.Helper()
	if err := w.store.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

var errOnPurpose = errors.New("on purpose")

// failing is an update that is rolled back.
func (w *world) failing(fn func(cordon.WriteTx) error) {
	w.Helper()
	err := w.store.Update(w.Context(), func(tx cordon.WriteTx) error { return errors.Join(fn(tx), errOnPurpose) })
	if !errors.Is(err, errOnPurpose) || len(err.(interface{ Unwrap() []error }).Unwrap()) != 1 {
		w.Fatal(err)
	}
}

// look hands the reader's view in a transaction of its own to fn.
func (w *world) look(b *reader.RuleCache, fn func(*reader.View)) {
	w.Helper()
	err := w.store.View(w.Context(), func(tx cordon.ReadTx) error {
		v, err := b.View(tx, w.reader.ID, now)
		if err == nil {
			fn(v)
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) intern(rules ...cordon.Rule) {
	w.Helper()
	w.update(func(tx cordon.WriteTx) error { return internAll(tx, rules...) })
}

func internAll(tx cordon.WriteTx, rules ...cordon.Rule) error {
	for _, r := range rules {
		if _, err := tx.Intern(r); err != nil {
			return err
		}
	}
	return nil
}

// toGBR is a rule, another for each n, that admits the reader if they are of
// GBR.
func toGBR(n int) cordon.Rule {
	return cordon.Rule{
		Audience: []cordon.Audience{{Countries: []string{"GBR", fmt.Sprintf("X%02d", n)}}},
		Owners:   []cordon.OwnerPolicy{{Owner: "someone", Anyone: true}},
	}
}

// ownedBy is the rule of a portion that the owners gave to nobody.
func ownedBy(owners ...cordon.ID) cordon.Rule {
	var r cordon.Rule
	for _, id := range owners {
		r.Owners = append(r.Owners, cordon.OwnerPolicy{Owner: id})
	}
	r.Normalise()
	return r
}

// publish adds a report of one portion for each rule.
func (w *world) publish(rules ...cordon.Rule) []cordon.Portion {
	w.Helper()
	report := cordon.Report{ID: cordon.NewID(), Kind: cordon.ReportOriginal, Holder: w.org.ID, Author: w.reader.ID, Created: now}
	var portions []cordon.Portion
	for i, r := range rules {
		portions = append(portions, cordon.Portion{
			ID: cordon.NewID(), Report: report.ID, Ordinal: i, Kind: cordon.PortionParagraph, Mark: "MARK",
			Rule: r.No(), State: cordon.PortionLive, Created: now, Body: cordon.Sealed("body"), Key: cordon.Sealed("key"),
		})
	}
	w.update(func(tx cordon.WriteTx) error {
		return errors.Join(internAll(tx, rules...), tx.PutReport(report), tx.PutPortions(portions))
	})
	return portions
}

// grant permits the reader's organisation the portions for an hour, or for as
// long as it says.
func (w *world) grant(owner cordon.ID, until time.Duration, portions ...cordon.ID) {
	w.Helper()
	w.grantTo(nil, owner, until, portions...)
}

// grantTo is grant for the people; none is all.
func (w *world) grantTo(people []cordon.ID, owner cordon.ID, until time.Duration, portions ...cordon.ID) {
	w.Helper()
	w.update(func(tx cordon.WriteTx) error {
		return tx.PutGrant(cordon.Grant{
			ID: cordon.NewID(), Owner: owner, To: w.org.ID, Portions: portions, People: people,
			Created: now.Add(-time.Hour), Until: now.Add(until),
		})
	})
}

func sortedIDs(ids ...cordon.ID) []cordon.ID {
	slices.Sort(ids)
	return ids
}
