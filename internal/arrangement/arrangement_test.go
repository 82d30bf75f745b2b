package arrangement_test

import (
	"context"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/arrangement"
	"cordon/internal/casetest"
)

// TestAnArrangementDoesNotExistToOthers, not by name, party or count.
func TestAnArrangementDoesNotExistToOthers(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		a := w.Arrange(t, "mara", arrangement.Draft{
			Name: "QUIET HARBOUR", Mark: "S//REL TO USA, GBR", Parties: []cordon.ID{w.ID("VALDOR")}, Terms: cordon.Terms{DefaultMark: "S//REL TO USA, GBR"},
		})
		for person, want := range map[string]int{"mara": 1, "ana": 1, "theo": 0, "root": 0} {
			list, err := w.Arrangements.List(ctx, w.ID(person), cordon.Cursor{}, 0)
			if err != nil || len(list) != want {
				t.Errorf("%s sees %+v, %v", person, list, err)
			}
		}
		draft := w.Draft(t, nil, "(U) Title", "(U) Text.")
		draft.Arrangement = a.ID
		_, withheld := w.Reading.Publish(ctx, w.ID("theo"), draft)
		draft.Arrangement = cordon.NewID()
		_, absent := w.Reading.Publish(ctx, w.ID("theo"), draft)
		if withheld != absent || absent != error(cordon.ErrNotFound) {
			t.Errorf("withheld %v, absent %v", withheld, absent)
		}
		// Its default marking is that of what carries none.
		draft = w.Draft(t, nil, "(U) Title", "(U) Text.")
		draft.Arrangement, draft.Portions[0].Mark = a.ID, ""
		out, err := w.Reading.Publish(ctx, w.ID("mara"), draft)
		if err != nil || out.Portions[1].Mark != "S//REL TO USA, GBR" {
			t.Errorf("unmarked under the arrangement: %+v, %v", out, err)
		}
		if read := w.Texts(t, "ana", out.Report); len(read) != 2 {
			t.Errorf("a party reads %q", read)
		}
		w.AbsentFromFiles(t, "QUIET HARBOUR")
	})
}

func TestADrafterCanSeeHisArrangement(t *testing.T) {
	w := casetest.New(t)
	_, err := w.Arrangements.Draft(context.Background(), w.ID("mara"), arrangement.Draft{
		Name: "X", Mark: "TS//SI//NF", Parties: []cordon.ID{w.ID("VALDOR")},
	})
	if cordon.KindOf(err) != cordon.Invalid || err == nil || !strings.Contains(err.Error(), "clearance, read-in, audience") {
		t.Errorf("an arrangement its drafter may not see: %v", err)
	}
}
