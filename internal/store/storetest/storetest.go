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

// Key authenticates what the stores of tests hold.
var Key = [32]byte{1}

// Whether a test needs a store of its own, or can use one with others' data in
// it, which is the harder case and the quicker one.
const (
	shared = false
	empty  = true
)

// Run tests the contract on stores that open makes. Each is empty and is
// closed when the test it was made for ends.
func Run(t *testing.T, open func(t *testing.T) cordon.Store) {
	common := open(t)
	for _, c := range []struct {
		name string
		own  bool
		test func(*testing.T, cordon.Store)
	}{
		{"RoundTrip", shared, testRoundTrips},
		{"NotFound", shared, testNotFound},
		{"Conflict", shared, testConflicts},
		{"Empty", empty, testEmptyLists},
		{"Organisations", empty, testOrganisations},
		{"People", shared, testPeople},
		{"SignIn", shared, testSignIn},
		{"Tokens", shared, testTokens},
		{"Sessions", shared, testSessions},
		{"Credentials", shared, testCredentials},
		{"Attempts", empty, testAttempts},
		{"NeedToKnow", shared, testNeedToKnow},
		{"Arrangements", shared, testArrangements},
		{"Rules", empty, testRules},
		{"RuleMarks", empty, testRuleMarks},
		{"Portions", shared, testPortions},
		{"Strike", shared, testStrike},
		{"Supersede", shared, testSupersede},
		{"Replace", shared, testReplace},
		{"ReportPage", shared, testReportPage},
		{"Count", shared, testCount},
		{"ReportPageSkewed", shared, testReportPageSkewed},
		{"ReportsByRef", shared, testReportsByRef},
		{"AnyByRef", shared, testAnyByRef},
		{"Search", shared, testSearch},
		{"PrintHits", shared, testPrintHits},
		{"Terms", shared, testTerms},
		{"Lineage", shared, testLineage},
		{"Tearlines", shared, testTearlines},
		{"Emergencies", shared, testEmergencies},
		{"Waiting", shared, testWaiting},
		{"Matches", shared, testMatches},
		{"Move", empty, testMove},
		{"Renditions", shared, testRenditions},
		{"Grants", shared, testGrants},
		{"Requests", shared, testRequests},
		{"Notices", shared, testNotices},
		{"NoticesInSight", shared, testNoticesInSight},
		{"Outbox", empty, testOutbox},
		{"Incidents", shared, testIncidents},
		{"Custody", shared, testCustody},
		{"Mosaic", shared, testMosaic},
		{"Ledger", empty, testLedger},
		{"Bulk", empty, testBulk},
		{"Atomic", empty, testAtomic},
		{"ViewReadsOnly", shared, testViewReadsOnly},
		{"Panic", shared, testPanic},
		{"Cancelled", shared, testCancelled},
		{"Snapshot", shared, testSnapshot},
		{"Increments", shared, testIncrements},
		{"WriteSkew", shared, testWriteSkew},
		{"HeldAgainstChange", shared, testHeldAgainstChange},
		{"Decided", shared, testDecided},
		{"RecordedBefore", shared, testRecordedBefore},
		{"Races", shared, testRaces},
		{"Scrub", shared, testScrub},
		{"Model", shared, testModel},
		{"Closed", empty, testClosed},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := common
			if c.own {
				s = open(t)
			}
			c.test(t, s)
		})
	}
}

func update(t testing.TB, s cordon.Store, fn func(cordon.WriteTx) error) {
	t.Helper()
	if err := s.Update(context.Background(), fn); err != nil {
		t.Fatalf("Update: %v (%v)", err, errors.Unwrap(err))
	}
}

func view(t testing.TB, s cordon.Store, fn func(cordon.ReadTx) error) {
	t.Helper()
	if err := s.View(context.Background(), fn); err != nil {
		t.Fatalf("View: %v (%v)", err, errors.Unwrap(err))
	}
}

// look is what a read in a View of its own gives.
func look[T any](t testing.TB, s cordon.Store, read func(cordon.ReadTx) (T, error)) T {
	t.Helper()
	var got T
	view(t, s, func(tx cordon.ReadTx) (err error) {
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
