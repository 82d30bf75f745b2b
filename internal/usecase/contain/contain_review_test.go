package contain_test

import (
	"context"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
)

// incident opens one as the person.
func incident(t *testing.T, w *casetest.World, person string) cordon.ID {
	t.Helper()
	i, err := contain.OpenIncident(context.Background(), w.By(w.ID(person)), "It is out", nil)
	if err != nil {
		t.Fatal(err)
	}
	return i.ID
}

// TestCustodyWidensNothing: an officer who strikes a portion names themselves
// custodian, so that custody must ask of them all that reading asked.
func TestCustodyWidensNothing(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	// MERIDIAN strikes its own, and with it what VALDOR wrote of it for itself.
	a := setUp(t, w)
	if got := w.Texts(t, "mara", a.memo.Report); got != nil {
		t.Fatalf("before it was struck she reads %q", got)
	}
	ours := incident(t, w, "mara")
	if _, err := contain.Contain(ctx, w.By(w.ID("mara")), ours, contain.Plan{Strike: []cordon.ID{a.report.Portions[1].ID}}); err != nil {
		t.Fatal(err)
	}
	if kept, err := contain.Custody(ctx, w.By(w.ID("mara")), a.report.Portions[1].ID); err != nil || kept.Text != cityText {
		t.Errorf("her own: %+v, %v", kept, err)
	}
	if kept, err := contain.Custody(ctx, w.By(w.ID("mara")), a.memo.Portions[1].ID); err != error(cordon.ErrNotFound) {
		t.Errorf("custody gives her VALDOR's own words: %q, %v", kept.Text, err)
	}
	if len(w.Feed(t, "VALDOR", cordon.ActCustody, cordon.OutcomeRefused)) != 1 {
		t.Error("VALDOR's feed does not have the attempt")
	}

	// Nor does the role stand for a clearance.
	secret := w.Publish(t, "mara", nil, "(U) Ours", "(TS//REL TO USA, GBR) Above her clearance.")
	if _, err := contain.Contain(ctx, w.By(w.ID("mara")), ours, contain.Plan{Strike: []cordon.ID{secret.Portions[1].ID}}); err != nil {
		t.Fatal(err)
	}
	if kept, err := contain.Custody(ctx, w.By(w.ID("mara")), secret.Portions[1].ID); err != error(cordon.ErrNotFound) {
		t.Errorf("custody gives her what is above her clearance: %q, %v", kept.Text, err)
	}
}

// TestLimitIsNoOracle: nothing in a plan tells a report that is there from one
// that is not.
func TestLimitIsNoOracle(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	hidden := w.Publish(t, "ana", nil, "(U) Ours", "(U) Ours alone.")
	theirs := incident(t, w, "theo")
	limit := func(report cordon.ID) error {
		_, err := contain.Contain(ctx, w.By(w.ID("theo")), theirs, contain.Plan{
			Limit: []contain.Limit{{Report: report, Circle: []cordon.ID{cordon.NewID()}}},
		})
		return err
	}
	withheld, absent := limit(hidden.Report), limit(cordon.NewID())
	if withheld == nil || absent == nil || withheld.Error() != absent.Error() {
		t.Errorf("withheld %v, absent %v", withheld, absent)
	}
}

// TestADerivativeDoesNotKeepItsSourceFromBeingLimited: a holder who limits what
// it made to its own people has no say over what it made it from.
func TestADerivativeDoesNotKeepItsSourceFromBeingLimited(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	a := setUp(t, w)
	limit := func(person string, in, report cordon.ID, who string) error {
		_, err := contain.Contain(ctx, w.By(w.ID(person)), in, contain.Plan{
			Limit: []contain.Limit{{Report: report, Circle: []cordon.ID{w.ID(who)}}},
		})
		return err
	}
	if err := limit("sol", a.incident, a.memo.Report, "sol"); err != nil {
		t.Fatal(err)
	}
	if err := limit("mara", incident(t, w, "mara"), a.report.Report, "mara"); err != nil {
		t.Fatalf("the originator limits its report: %v", err)
	}
	if got := w.Texts(t, "ana", a.report.Report); got != nil {
		t.Errorf("limited, she reads %q", got)
	}
	if got := w.Texts(t, "sol", a.memo.Report); !slices.Equal(got, []string{"Memo", "Our own view of shipping."}) {
		t.Errorf("of the memo, sol reads %q", got)
	}
}
