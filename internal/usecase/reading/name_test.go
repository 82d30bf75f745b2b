package reading_test

import (
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

// TestANameThatIsNotShownOpensNothing: theo is shown a paragraph and not the title,
// which carries the name. He opens the report by its id; the name, which he guessed,
// gets him what any other gets.
func TestANameThatIsNotShownOpensNothing(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		publish := func(title string) cordon.ID {
			t.Helper()
			draft := w.Draft(t, []string{"VALDOR", "TARSIS"}, title, "(U) Goods are moving.")
			draft.Ref = "MER-7/26"
			out, err := writing.Publish(t.Context(), w.By(w.ID("mara")), draft)
			if err != nil {
				t.Fatal(err)
			}
			return out.Report
		}
		open := func(who, name string) (reading.Rendition, error) {
			return reading.Open(t.Context(), w.By(w.ID(who)), name, cordon.ActRead)
		}
		hidden := publish("(S//REL TO USA, GBR) Harbour notes")
		if out, err := open("theo", string(hidden)); err != nil || len(out.Portions) != 1 || out.Ref != "" || out.Title != "" {
			t.Errorf("theo by the id: %+v, %v", out, err)
		}
		if out, err := open("ana", "MER-7/26"); err != nil || out.Report != hidden {
			t.Errorf("ana, who is shown the title: %+v, %v", out, err)
		}
		before := len(w.Feed(t, "MERIDIAN", cordon.ActRead, cordon.OutcomeRefused))
		for _, name := range []string{"MER-7/26", "MER-8/26"} {
			if _, err := open("theo", name); err != error(cordon.ErrNotFound) {
				t.Errorf("theo by the name %s: %v, want ErrNotFound itself", name, err)
			}
			if id, err := reading.Find(t.Context(), w.By(w.ID("theo")), name); err != error(cordon.ErrNotFound) || id != "" {
				t.Errorf("theo finds %s: %q, %v", name, id, err)
			}
		}
		if n := len(w.Feed(t, "MERIDIAN", cordon.ActRead, cordon.OutcomeRefused)); n == before {
			t.Error("the owner's feed has no refusal")
		}
		// An older one whose title he is shown is the one that he means.
		shown := publish("(U) Notes")
		publish("(S//REL TO USA, GBR) More harbour notes")
		if out, err := open("theo", "MER-7/26"); err != nil || out.Report != shown {
			t.Errorf("the one whose title theo is shown: %+v, %v", out, err)
		}
	})
}
