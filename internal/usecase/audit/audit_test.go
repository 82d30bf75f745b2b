package audit_test

import (
	"context"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/audit"
)

func TestWhoMayLookAtTheLedger(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(U) Text.")
	w.Publish(t, "ana", nil, "(U) VALDOR's own", "(U) Text.")
	w.Texts(t, "sol", report.Report)

	feed, err := audit.ReadFeed(ctx, w.By(w.ID("sol")), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(feed.Entries) == 0 || feed.Size != int64(len(feed.Entries)) {
		t.Errorf("the auditor's feed: %+v", feed)
	}
	for _, leaf := range feed.Entries {
		if leaf.Entry.Feed != w.ID("VALDOR") {
			t.Errorf("the feed has an entry of another's: %+v", leaf.Entry)
		}
	}
	for _, person := range []string{"ana", "theo", "mara"} { // not auditors
		if _, err := audit.ReadFeed(ctx, w.By(w.ID(person)), 0, 0); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("the feed for %s: %v, want Denied", person, err)
		}
	}
	if _, err := audit.ReadFeed(ctx, w.By(w.ID("sol")), -1, 0); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("a negative place: %v", err)
	}
	if _, err := audit.Bundle(ctx, w.By(w.ID("ana")), 0, 0, 0); cordon.KindOf(err) != cordon.KindDenied {
		t.Errorf("with proofs: %v", err)
	}
	for person, want := range map[string]bool{"sol": true, "root": true, "ana": false, "theo": false} {
		if _, err := audit.Verify(ctx, w.By(w.ID(person))); (err == nil) != want || !want && cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("%s verifies: %v", person, err)
		}
	}
	// A look at the ledger is in it where it was refused, and not else.
	if refused := w.Feed(t, "", cordon.ActAudit, cordon.OutcomeRefused); len(refused) != 3+1+2 {
		t.Errorf("%d refusals, want 6", len(refused))
	}
	if looked := w.Feed(t, "", cordon.ActAudit, cordon.OutcomeAllowed); len(looked) > 0 {
		t.Errorf("recorded %+v", looked)
	}
}
