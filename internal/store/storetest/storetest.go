// Package storetest is the contract of cordon.Store as tests. Every store
// passes it.
package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cordon"
)

// Run tests the contract on stores that open makes. Each is empty and is
// closed when the test it was made for ends.
func Run(t *testing.T, open func(t *testing.T) cordon.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, cordon.Store)
	}{
		{"RoundTrip", testRoundTrips},
		{"NotFound", testNotFound},
		{"Conflict", testConflicts},
		{"Empty", testEmptyLists},
		{"Organisations", testOrganisations},
		{"People", testPeople},
		{"Arrangements", testArrangements},
		{"Rules", testRules},
		{"RuleMarks", testRuleMarks},
		{"Portions", testPortions},
		{"Strike", testStrike},
		{"Replace", testReplace},
		{"ReportPage", testReportPage},
		{"ReportPageSkewed", testReportPageSkewed},
		{"ReportsByRef", testReportsByRef},
		{"Search", testSearch},
		{"PrintHits", testPrintHits},
		{"Lineage", testLineage},
		{"Renditions", testRenditions},
		{"Grants", testGrants},
		{"Requests", testRequests},
		{"Notices", testNotices},
		{"Incidents", testIncidents},
		{"Custody", testCustody},
		{"Mosaic", testMosaic},
		{"Ledger", testLedger},
		{"Bulk", testBulk},
		{"Atomic", testAtomic},
		{"ViewReadsOnly", testViewReadsOnly},
		{"Panic", testPanic},
		{"Cancelled", testCancelled},
		{"Snapshot", testSnapshot},
		{"Increments", testIncrements},
		{"WriteSkew", testWriteSkew},
		{"HeldAgainstChange", testHeldAgainstChange},
		{"Races", testRaces},
		{"Scrub", testScrub},
		{"Model", testModel},
		{"Closed", testClosed},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func update(t testing.TB, s cordon.Store, fn func(cordon.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatalf("Update: %v (%v)", err, errors.Unwrap(err))
	}
}

func view(t testing.TB, s cordon.Store, fn func(cordon.Tx) error) {
	t.Helper()
	if err := s.View(context.Background(), fn); err != nil {
		t.Fatalf("View: %v (%v)", err, errors.Unwrap(err))
	}
}

// look is what a read in a View of its own gives.
func look[T any](t testing.TB, s cordon.Store, read func(cordon.Tx) (T, error)) T {
	t.Helper()
	var got T
	view(t, s, func(tx cordon.Tx) (err error) {
		got, err = read(tx)
		return err
	})
	return got
}

func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

func wantKind(t testing.TB, what string, err error, kind cordon.Kind) {
	t.Helper()
	if err == nil || cordon.KindOf(err) != kind {
		t.Fatalf("%s: got error %v (%v), want kind %v", what, err, cordon.KindOf(err), kind)
	}
}
