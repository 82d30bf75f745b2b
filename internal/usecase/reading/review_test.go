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

// TestAMarkIsShownByItsOwnersArrangementOnly: that withheld portions show their
// marks is what the parties of an arrangement have agreed on for their own. Of
// an owner that is no party, and may be known to none of them, nothing shows.
func TestAMarkIsShownByItsOwnersArrangementOnly(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	source := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Source", "(S//REL TO USA, GBR) The courier met the quartermaster twice.")
	a := w.Arrange(t, "sol", arrangement.Draft{
		Name: "With TARSIS", Mark: "U", Parties: []cordon.ID{w.ID("TARSIS")}, Terms: cordon.Terms{Withheld: cordon.WithheldShowMark},
	})
	draft := w.Draft(t, nil, "(U) Memo", "(U) A courier was seen.", "(S//REL TO USA, GBR) Our own, not for you.")
	draft.Kind, draft.Arrangement = cordon.ReportMemo, a.ID
	draft.Portions[0].Sources = []cordon.ID{source.Portions[1].ID}
	memo, err := writing.Publish(ctx, w.By(w.ID("ana")), draft)
	if err != nil {
		t.Fatal(err)
	}
	out, err := reading.Open(ctx, w.By(w.ID("theo")), string(memo.Report), cordon.ActRead)
	if err != nil {
		t.Fatal(err)
	}
	withheld := slices.DeleteFunc(slices.Clone(out.Portions), func(p reading.Shown) bool { return !p.Withheld })
	if len(withheld) != 1 || withheld[0].Mark != "S//REL TO USA, GBR" {
		t.Errorf("he is shown %+v: want the mark of VALDOR's own portion and not of the one that is MERIDIAN's too", out.Portions)
	}
}
