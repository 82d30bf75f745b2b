package reading_test

import (
	"context"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

// TestWordings: who holds a report or owns the portion compares its wordings, each
// as far as its own rule lets them; nobody else learns that there were others, and
// what is struck is struck in each.
func TestWordings(t *testing.T) {
	t.Parallel()
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		const mark = "(S//REL TO USA, GBR) "
		source := w.Publish(t, "mara", []string{"VALDOR"}, mark+"Source", mark+"The clerk keeps letters.")
		draft := w.Draft(t, []string{"MERIDIAN"}, mark+"Memo", mark+"A clerk has the letters.")
		draft.Kind = cordon.ReportMemo
		draft.Portions[0].Sources = []cordon.ID{source.Portions[1].ID}
		memo, err := writing.Publish(ctx, w.By(w.ID("ana")), draft)
		if err != nil {
			t.Fatal(err)
		}
		first := memo.Portions[1].ID
		revise := func(portion cordon.ID, mark, text string) cordon.ID {
			t.Helper()
			out, err := writing.Revise(ctx, w.By(w.ID("ana")), string(memo.Report), portion, writing.Revision{Mark: mark, Text: text})
			if err != nil {
				t.Fatal(err)
			}
			return out.ID
		}
		second := revise(first, "", "Somebody has the letters.")
		want := func(person string, portion cordon.ID, texts ...string) {
			t.Helper()
			var got []string
			all, err := reading.Wordings(ctx, w.By(w.ID(person)), string(memo.Report), portion)
			if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
				t.Fatal(err)
			}
			for _, one := range all {
				got = append(got, one.Text)
			}
			if !slices.Equal(got, texts) {
				t.Errorf("%s is shown %q, want %q", person, got, texts)
			}
			more, err := reading.Reworded(ctx, w.By(w.ID(person)), memo.Report, []cordon.ID{portion})
			if (len(texts) > 1) != (len(more) > 0) || err != nil && cordon.KindOf(err) != cordon.KindNotFound {
				t.Errorf("%s is told of earlier wordings: %v, %v", person, more, err)
			}
		}
		want("ana", second, "Somebody has the letters.", "A clerk has the letters.")
		want("mara", second, "Somebody has the letters.", "A clerk has the letters.") // an owner
		want("theo", second)
		want("ana", first) // not under its own name
		if got := w.Texts(t, "ana", memo.Report); !slices.Equal(got, []string{"Memo", "Somebody has the letters."}) {
			t.Errorf("the report has %q", got)
		}
		// The owner's feed has it that the earlier wording was read.
		read := w.Feed(t, "MERIDIAN", cordon.ActRead, cordon.OutcomeAllowed)
		if !slices.ContainsFunc(read, func(e cordon.Entry) bool { return slices.Contains(e.Portions, first) }) {
			t.Error("that the earlier wording was read is in no feed")
		}

		// A reader whom the present wording leaves out is told of neither, and one
		// whom an earlier one leaves out of that one not.
		third := revise(second, "TS//REL TO USA, GBR", "It is known who has them.")
		want("ana", third)
		ana := w.Person["ana"]
		ana.Clearances = map[string]string{"us": "TS"}
		if _, err := people.ChangePerson(ctx, w.Local(), ana); err != nil {
			t.Fatal(err)
		}
		want("ana", third, "It is known who has them.", "Somebody has the letters.", "A clerk has the letters.")

		// Struck, none of them opens.
		incident, err := contain.OpenIncident(ctx, w.By(w.ID("mara")), "Case", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := contain.Contain(ctx, w.By(w.ID("mara")), incident.ID, contain.Plan{Strike: []cordon.ID{first}}); err != nil {
			t.Fatal(err)
		}
		want("ana", third)
	})
}

// TestWordingsOfARecipient: to whom a report was given, and to whom it was released,
// there was no other wording.
func TestWordingsOfARecipient(t *testing.T) {
	t.Parallel()
	w := casetest.New(t)
	ctx := context.Background()
	const mark = "(S//REL TO USA, GBR) "
	report := w.Publish(t, "mara", []string{"VALDOR"}, mark+"Title", mark+"The city is Velmora.")
	revised, err := writing.Revise(ctx, w.By(w.ID("mara")), string(report.Report), report.Portions[1].ID, writing.Revision{Text: "It is a port city."})
	if err != nil {
		t.Fatal(err)
	}
	for person, n := range map[string]int{"mara": 2, "ana": 1} {
		all, err := reading.Wordings(ctx, w.By(w.ID(person)), string(report.Report), revised.ID)
		if err != nil || len(all) != n {
			t.Errorf("%s is shown %v, %v", person, all, err)
		}
	}
	if more, err := reading.Reworded(ctx, w.By(w.ID("ana")), report.Report, []cordon.ID{revised.ID}); err != nil || len(more) > 0 {
		t.Errorf("a recipient is told of earlier wordings: %v, %v", more, err)
	}
}
