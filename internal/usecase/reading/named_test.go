package reading_test

import (
	"context"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/reading"
)

// TestNamed: ids are named as far as one may see what they name, and that a title was
// shown is in its owner's feed.
func TestNamed(t *testing.T) {
	t.Parallel()
	w := casetest.New(t)
	const mark = "(S//REL TO USA, GBR) "
	report := w.Publish(t, "mara", []string{"VALDOR"}, mark+"Harbour notes", mark+"Twelve crates.")
	ids := func() []cordon.ID { return []cordon.ID{report.Report, report.Portions[1].ID, cordon.NewID()} }
	for person, n := range map[string]int{"mara": 2, "ana": 2, "theo": 0} {
		got, err := reading.Named(context.Background(), w.By(w.ID(person)), ids())
		if err != nil || len(got) != n {
			t.Errorf("%s: %+v, %v", person, got, err)
		}
		if n > 0 && (got[report.Report].Title != "Harbour notes" || got[report.Portions[1].ID].Title != "Harbour notes" || got[report.Portions[1].ID].Mark != "S//REL TO USA, GBR") {
			t.Errorf("%s: %+v", person, got)
		}
	}
	if listed := w.Feed(t, "MERIDIAN", cordon.ActList, cordon.OutcomeAllowed); len(listed) < 2 {
		t.Errorf("the feed has %v", listed)
	}
	if refused := w.Feed(t, "MERIDIAN", cordon.ActList, cordon.OutcomeRefused); len(refused) != 0 {
		t.Errorf("the feed has it as refused: %v", refused)
	}
}
