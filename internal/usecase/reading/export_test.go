package reading_test

import (
	"context"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

// TestWhatIsShownOnlyIsNotExported by anybody but its owner, nor what was made
// from it, and the owner learns who tried.
func TestWhatIsShownOnlyIsNotExported(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		a := w.Arrange(t, "mara", arrangement.Draft{
			Name: "QUIET HARBOUR", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR")}, Terms: cordon.Terms{ShownOnly: true},
		})
		draft := w.Draft(t, nil, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText)
		draft.Arrangement = a.ID
		report, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		memo := w.Draft(t, nil, "(U) Memo", "(U) x", "(U) "+cityText)
		memo.Kind = cordon.ReportMemo
		memo.Portions[0].Sources = []cordon.ID{report.Portions[1].ID}
		memo.Portions[1].Sources = []cordon.ID{report.Portions[1].ID}
		memo.Portions[0].Text = "They were seen in the city."
		derived, err := writing.Publish(ctx, w.By(w.ID("ana")), memo)
		if err != nil {
			t.Fatal(err)
		}
		export := func(person string, report cordon.ID) ([]string, error) {
			out, err := reading.Open(ctx, w.By(w.ID(person)), string(report), cordon.ActExport)
			var texts []string
			for _, p := range out.Portions {
				texts = append(texts, p.Text)
			}
			return texts, err
		}
		if got := w.Texts(t, "ana", report.Report); len(got) != 2 {
			t.Errorf("she reads %q", got)
		}
		if got, err := export("ana", report.Report); cordon.KindOf(err) != cordon.KindDenied || err == nil || got != nil {
			t.Errorf("she exports %q, %v", got, err)
		}
		if got, err := export("mara", report.Report); err != nil || len(got) != 2 {
			t.Errorf("its owner exports %q, %v", got, err)
		}
		if got := w.Texts(t, "ana", derived.Report); len(got) != 3 {
			t.Errorf("she reads her memo as %q", got)
		}
		if got, err := export("ana", derived.Report); err != nil || !slices.Equal(got, []string{"Memo"}) {
			t.Errorf("of her memo she exports %q, %v", got, err)
		}
		var portions []cordon.ID
		for _, e := range w.Feed(t, "MERIDIAN", cordon.ActExport, cordon.OutcomeRefused) {
			if !slices.Equal(e.Reasons, []string{"shown-only"}) || e.Actor != w.ActorIn(e.Feed, e.ActorOrg, w.ID("ana")) {
				t.Errorf("the owner's feed has %+v", e)
			}
			portions = append(portions, e.Portions...)
		}
		for _, p := range []cordon.ID{report.Portions[0].ID, report.Portions[1].ID, derived.Portions[1].ID, derived.Portions[2].ID} {
			if !slices.Contains(portions, p) {
				t.Errorf("the owner is not told of portion %s", p)
			}
		}
	})
}

// TestAGrantMayPermitKeeping what an arrangement lets be shown only: it is the
// owner's to give.
func TestAGrantMayPermitKeeping(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	a := w.Arrange(t, "mara", arrangement.Draft{
		Name: "QUIET HARBOUR", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR")}, Terms: cordon.Terms{ShownOnly: true},
	})
	draft := w.Draft(t, nil, "(U) Harbour notes")
	draft.Arrangement = a.ID
	report, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
	if err != nil {
		t.Fatal(err)
	}
	for _, shownOnly := range []bool{true, false} {
		grant := cordon.Grant{
			ID: cordon.NewID(), Owner: w.ID("MERIDIAN"), To: w.ID("VALDOR"), Portions: []cordon.ID{report.Portions[0].ID},
			ShownOnly: shownOnly, Created: w.Clock.Now(), Until: w.Clock.Now().Add(1 << 40),
		}
		if err := w.Store.Update(ctx, func(tx cordon.WriteTx) error { return tx.PutGrant(grant) }); err != nil {
			t.Fatal(err)
		}
		_, err := reading.Open(ctx, w.By(w.ID("ana")), string(report.Report), cordon.ActExport)
		if (err == nil) == shownOnly {
			t.Errorf("granted, to be shown only %v: %v", shownOnly, err)
		}
	}
}
