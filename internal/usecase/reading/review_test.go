package reading_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/reading"
)

// TestACompilationSetLaterHolds: a marking of the whole shuts out whom it shuts
// out when it is set on publishing.
func TestACompilationSetLaterHolds(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	clear := w.Publish(t, "mara", nil, "(TLP:CLEAR) Notes", "(TLP:CLEAR) For everybody.")
	given := w.Publish(t, "mara", []string{"VALDOR"}, "(TLP:AMBER) Notes", "(TLP:AMBER) For the two of us.")
	if got := w.Texts(t, "theo", clear.Report); len(got) != 2 {
		t.Fatalf("clear, he reads %q", got)
	}
	for _, report := range []cordon.ID{clear.Report, given.Report} {
		if _, err := reading.SetCompilation(ctx, w.By(w.ID("mara")), string(report), "TLP:AMBER+STRICT"); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.Texts(t, "theo", clear.Report); got != nil {
		t.Errorf("TLP:AMBER+STRICT as a whole, he reads %q", got)
	}
	if got := w.Texts(t, "ana", given.Report); len(got) != 2 {
		t.Errorf("a recipient before and after, she reads %q", got)
	}
	// Who is named cannot be said afterwards, and nobody is not the answer.
	if _, err := reading.SetCompilation(ctx, w.By(w.ID("mara")), string(given.Report), "TLP:RED"); cordon.KindOf(err) != cordon.Invalid {
		t.Errorf("for named people, of whom none is named: %v, want Invalid", err)
	}
}

// TestACompilationIsNotForWhoSeesNothing: a release authority to whom a report
// of his own organisation does not exist learns nothing of it by regrading it.
func TestACompilationIsNotForWhoSeesNothing(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	hidden := w.Publish(t, "mara", nil, "(TS//REL TO USA, GBR) Above her", "(TS//REL TO USA, GBR) Far above her.")
	if got := w.Texts(t, "mara", hidden.Report); got != nil {
		t.Fatalf("she reads %q", got)
	}
	banner, err := reading.SetCompilation(ctx, w.By(w.ID("mara")), string(hidden.Report), "")
	_, absent := reading.SetCompilation(ctx, w.By(w.ID("mara")), string(cordon.NewID()), "")
	if err != absent || absent != error(cordon.ErrNotFound) {
		t.Errorf("withheld: %q, %v; absent: %v", banner, err, absent)
	}

	partly := w.Publish(t, "mara", nil, "(U) Partly", "(TS//REL TO USA, GBR) Far above her too.")
	if banner, err = reading.SetCompilation(ctx, w.By(w.ID("mara")), string(partly.Report), "C//REL TO USA, GBR"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(banner, "TOP SECRET") {
		t.Errorf("the banner tells of a portion that she may not see: %q", banner)
	}
}

// TestAMarkIsShownByItsOwnersArrangementOnly: that withheld portions show their
// marks is what the parties of an arrangement have agreed on for their own. Of
// an owner that is no party, and may be known to none of them, nothing shows.
func TestAMarkIsShownByItsOwnersArrangementOnly(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	source := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Source", "(S//REL TO USA, GBR) The courier met the quartermaster twice.")
	a := w.Arrange(t, "sol", arrangement.Draft{
		Name: "With TARSIS", Mark: "U", Parties: []cordon.ID{w.ID("TARSIS")}, Terms: cordon.Terms{Withheld: cordon.ShowMark},
	})
	draft := w.Draft(t, nil, "(U) Memo", "(U) A courier was seen.", "(S//REL TO USA, GBR) Our own, not for you.")
	draft.Kind, draft.Arrangement = cordon.Memo, a.ID
	draft.Portions[0].Sources = []cordon.ID{source.Portions[1].ID}
	memo, err := reading.Publish(ctx, w.By(w.ID("ana")), draft)
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

// TestATitleIsBoundedLikeAPortion: it is one.
func TestATitleIsBoundedLikeAPortion(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	for name, change := range map[string]func(*reading.PortionDraft){
		"text":    func(p *reading.PortionDraft) { p.Text = strings.Repeat("word ", cordon.MaxPortionBytes/5+1) },
		"ref":     func(p *reading.PortionDraft) { p.Ref = strings.Repeat("r", cordon.MaxNameBytes+1) },
		"sources": func(p *reading.PortionDraft) { p.Sources = make([]cordon.ID, cordon.MaxSources+1) },
	} {
		draft := w.Draft(t, nil, "(U) Title", "(U) Text.")
		change(&draft.Title)
		if _, err := reading.Publish(ctx, w.By(w.ID("ana")), draft); cordon.KindOf(err) != cordon.TooLarge {
			t.Errorf("%s: %v, want TooLarge", name, err)
		}
	}
}

// TestWhatIsFoundIsNotAMarking: a portion left without a marking has the
// arrangement's, or is refused. A source found in it that nobody named, be it
// the least of what it says, does not mark it in their place.
func TestWhatIsFoundIsNotAMarking(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(U) "+cityText)
	a := w.Arrange(t, "sol", arrangement.Draft{
		Name: "With MERIDIAN", Mark: "U", Parties: []cordon.ID{w.ID("MERIDIAN")}, Terms: cordon.Terms{DefaultMark: "S//REL TO USA, GBR"},
	})
	draft := w.Draft(t, nil, "(U) Memo", "(U) x")
	draft.Portions[0].Mark, draft.Portions[0].Text = "", cityText+" Our own man in the harbour master's office says why."
	if _, err := reading.Publish(ctx, w.By(w.ID("ana")), draft); cordon.KindOf(err) != cordon.Invalid {
		t.Errorf("without a marking, and with a passage of another's: %v, want Invalid", err)
	}
	draft.Arrangement = a.ID
	out, err := reading.Publish(ctx, w.By(w.ID("ana")), draft)
	if err != nil || out.Portions[1].Mark != "S//REL TO USA, GBR" {
		t.Errorf("under an arrangement whose default is S//REL TO USA, GBR: %+v, %v", out.Portions, err)
	}
}

// TestOwnScrapsDoNotLaunder: what an organisation has of another's in scraps
// too short to inherit does not make the whole its own.
func TestOwnScrapsDoNotLaunder(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(U) "+cityText)
	words := strings.Fields(cityText)
	half := len(words) / 2
	w.Publish(t, "ana", []string{"TARSIS"}, "(U) Scraps", "(U) "+strings.Join(words[:half], " "), "(U) "+strings.Join(words[half:], " "))
	out, err := reading.Publish(ctx, w.By(w.ID("ana")), w.Draft(t, []string{"TARSIS"}, "(U) Whole", "(U) "+cityText))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(out.Portions[1].Owners, w.ID("MERIDIAN")) {
		t.Errorf("sixteen words of MERIDIAN's in a row are VALDOR's own: %+v", out.Portions[1])
	}
	if got := w.Texts(t, "theo", out.Report); slices.Contains(got, cityText) {
		t.Errorf("the third party reads %q", got)
	}
}
