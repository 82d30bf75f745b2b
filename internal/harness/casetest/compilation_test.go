package casetest_test

import (
	"context"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/writing"
)

// TestACompilationReachesWhatWasMadeBefore: a whole that is marked higher shuts
// out of a memo, and of what was made of that, whom it shuts out itself.
func TestACompilationReachesWhatWasMadeBefore(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		const wide = "S//REL TO USA, FRA, GBR"
		report := w.Publish(t, "mara", []string{"VALDOR", "TARSIS"}, "("+wide+") The file", "("+wide+") The envoy is seen at night.")
		derive := func(source cordon.ID) writing.Published {
			out, err := writing.Publish(ctx, w.By(w.ID("ana")), writing.Draft{
				Kind: cordon.ReportMemo, Title: writing.PortionDraft{Mark: wide, Text: "A memo"}, Recipients: []cordon.ID{w.ID("TARSIS")},
				Portions: []writing.PortionDraft{{Kind: cordon.PortionParagraph, Text: "He goes out at night.", Sources: []cordon.ID{source}}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		memo := derive(report.Portions[1].ID)
		briefing := derive(memo.Portions[1].ID)
		for _, r := range []writing.Published{memo, briefing} {
			if got := w.Texts(t, "theo", r.Report); len(got) != 2 {
				t.Fatalf("before, theo reads %q", got)
			}
		}
		if _, err := writing.SetCompilation(ctx, w.By(w.ID("mara")), string(report.Report), "S//REL TO USA, GBR"); err != nil {
			t.Fatal(err)
		}
		for _, r := range []writing.Published{memo, briefing} {
			if got := w.Texts(t, "theo", r.Report); !slices.Equal(got, []string{"A memo"}) {
				t.Errorf("theo, who may not read the source, reads %q", got)
			}
			if got := w.Texts(t, "sol", r.Report); len(got) != 2 {
				t.Errorf("sol, who may, reads %q", got)
			}
		}
	})
}
