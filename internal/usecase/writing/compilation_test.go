package writing_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

// clear gives the person another clearance.
func clear(t *testing.T, w *casetest.World, name, level string) {
	t.Helper()
	person := w.Person[name]
	person.Clearances = map[string]string{"us": level}
	if _, err := people.ChangePerson(context.Background(), w.Local(), person); err != nil {
		t.Fatal(err)
	}
}

func TestCompilationIsEnforcedOnEveryPortion(t *testing.T) {
	w := casetest.New(t)
	draft := w.Draft(t, []string{"VALDOR"}, "(U) Title", "(U) "+plainText)
	draft.Compilation = "TS"
	out, err := writing.Publish(context.Background(), w.By(w.ID("mara")), draft)
	if err != nil {
		t.Fatal(err)
	}
	if out.Banner != "TOP SECRET" {
		t.Errorf("banner %q", out.Banner)
	}
	if read := w.Texts(t, "ana", out.Report); read != nil {
		t.Errorf("cleared S, she reads %q of a whole that is TOP SECRET by compilation", read)
	}
}

func TestOnlyAPersonLowersACompilation(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		draft := w.Draft(t, []string{"VALDOR"}, "(U) Title", "(C//REL TO USA, GBR) "+plainText, "(U) "+cityText)
		draft.Compilation = "TS//REL TO USA, GBR"
		out, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		i, err := contain.OpenIncident(ctx, w.By(w.ID("mara")), "It is out", nil)
		if err != nil {
			t.Fatal(err)
		}
		done, err := contain.Contain(ctx, w.By(w.ID("mara")), i.ID, contain.Plan{Strike: []cordon.ID{out.Portions[2].ID}})
		if err != nil || !slices.Equal(done.Review, []cordon.ID{out.Report}) {
			t.Errorf("the strike does not ask for a decision: %+v, %v", done, err)
		}
		if got := w.Texts(t, "ana", out.Report); got != nil {
			t.Errorf("struck, and the compilation is lowered by itself: she reads %q", got)
		}

		for person, want := range map[string]cordon.Kind{"sol": cordon.KindNotFound, "ana": cordon.KindDenied} {
			if _, err := writing.SetCompilation(ctx, w.By(w.ID(person)), string(out.Report), ""); err == nil || cordon.KindOf(err) != want {
				t.Errorf("%s of another organisation: %v, want %v", person, err, want)
			}
		}
		if _, err := writing.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), "S//REL TO USA, GBR"); err != error(cordon.ErrNotFound) {
			t.Errorf("she lowers to her clearance what she may not see: %v", err)
		}
		clear(t, w, "mara", "TS")
		banner, err := writing.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), "S//REL TO USA, GBR")
		if err != nil || banner != "SECRET//REL TO USA, GBR" {
			t.Errorf("lowered to %q, %v", banner, err)
		}
		if got := w.Texts(t, "ana", out.Report); len(got) != 2 {
			t.Errorf("lowered to her clearance, she reads %q", got)
		}
		if found, _ := reading.Search(ctx, w.By(w.ID("ana")), reading.Query{Text: "shipping floods"}); len(found.Hits) != 1 {
			t.Errorf("lowered, she finds %+v", found.Hits)
		}
		if banner, err = writing.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), ""); err != nil || banner != "CONFIDENTIAL//REL TO USA, GBR" {
			t.Errorf("lifted: %q, %v", banner, err)
		}
		if _, err = writing.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), "TS//SI//NF"); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("raised out of her own sight, and everybody's of her organisation: %v, want Invalid", err)
		}
		if _, err = writing.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), "TS//REL TO USA, GBR"); err != nil {
			t.Fatal(err)
		}
		if got := w.Texts(t, "ana", out.Report); got != nil {
			t.Errorf("raised, and she reads %q", got)
		}
		if entries := w.Feed(t, "MERIDIAN", cordon.ActRegrade, cordon.OutcomeAllowed); len(entries) != 3 {
			t.Errorf("the owner's feed has %d of three decisions", len(entries))
		}
	})
}

// TestACompilationLetsNobodyInWhoWasOut: lifting it never opens a portion to
// anyone whom the owners' policies, a circle or a source keep out.
func TestACompilationLetsNobodyInWhoWasOut(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	source := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Source", "(S//REL TO USA, GBR) "+cityText)
	draft := w.Draft(t, []string{"MERIDIAN", "TARSIS"}, "(U) Memo", "(U) About a town.")
	draft.Kind, draft.Compilation = cordon.ReportMemo, "TS"
	draft.Portions[0].Sources = []cordon.ID{source.Portions[1].ID}
	memo, err := writing.Publish(ctx, w.By(w.ID("ana")), draft)
	if err != nil {
		t.Fatal(err)
	}
	clear(t, w, "sol", "TS")
	if _, err := writing.SetCompilation(ctx, w.By(w.ID("sol")), string(memo.Report), ""); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", memo.Report); !slices.Equal(got, []string{"Memo"}) {
		t.Errorf("lifted, the third party reads %q", got)
	}
	if got := w.Texts(t, "ana", memo.Report); len(got) != 2 {
		t.Errorf("lifted, its author reads %q", got)
	}
}

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
		if _, err := writing.SetCompilation(ctx, w.By(w.ID("mara")), string(report), "TLP:AMBER+STRICT"); err != nil {
			t.Fatal(err)
		}
	}
	if got := w.Texts(t, "theo", clear.Report); got != nil {
		t.Errorf("TLP:AMBER+STRICT as a whole, he reads %q", got)
	}
	if got := w.Texts(t, "ana", given.Report); len(got) != 2 {
		t.Errorf("a recipient before and after, she reads %q", got)
	}
	// People cannot be named afterwards, and nobody is not the answer.
	if _, err := writing.SetCompilation(ctx, w.By(w.ID("mara")), string(given.Report), "TLP:RED"); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("for named people, of whom none is named: %v, want Invalid", err)
	}
}

// TestACompilationIsNotForWhoSeesNothing: a release authority to whom a report
// of their own organisation does not exist learns nothing of it by regrading it.
func TestACompilationIsNotForWhoSeesNothing(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	hidden := w.Publish(t, "mara", nil, "(TS//REL TO USA, GBR) Above her", "(TS//REL TO USA, GBR) Far above her.")
	if got := w.Texts(t, "mara", hidden.Report); got != nil {
		t.Fatalf("she reads %q", got)
	}
	banner, err := writing.SetCompilation(ctx, w.By(w.ID("mara")), string(hidden.Report), "")
	_, absent := writing.SetCompilation(ctx, w.By(w.ID("mara")), string(cordon.NewID()), "")
	if err != absent || absent != error(cordon.ErrNotFound) {
		t.Errorf("withheld: %q, %v; absent: %v", banner, err, absent)
	}

	partly := w.Publish(t, "mara", nil, "(U) Partly", "(TS//REL TO USA, GBR) Far above her too.")
	if banner, err = writing.SetCompilation(ctx, w.By(w.ID("mara")), string(partly.Report), "C//REL TO USA, GBR"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(banner, "TOP SECRET") {
		t.Errorf("the banner tells of a portion that she may not see: %q", banner)
	}
}

// TestLiftingACompilationLiftsWhatWasRevised: a wording is made from the one
// before it, which was marked by the whole as well and is so no longer.
func TestLiftingACompilationLiftsWhatWasRevised(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	clear(t, w, "mara", "TS")
	draft := w.Draft(t, []string{"VALDOR"}, "(U) Title", "(U) "+plainText)
	draft.Compilation = "TS//REL TO USA, GBR"
	out, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
	if err != nil {
		t.Fatal(err)
	}
	portion := out.Portions[1].ID
	for _, text := range []string{"Shipping has slowed.", "Shipping has slowed again."} {
		revised, err := writing.Revise(ctx, w.By(w.ID("mara")), string(out.Report), portion, writing.Revision{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		portion = revised.ID
	}
	if got := w.Texts(t, "ana", out.Report); got != nil {
		t.Errorf("cleared S, she reads %q of a whole that is TOP SECRET", got)
	}
	if _, err := writing.SetCompilation(ctx, w.By(w.ID("mara")), string(out.Report), ""); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "ana", out.Report); !slices.Equal(got, []string{"Title", "Shipping has slowed again."}) {
		t.Errorf("lifted, she reads %q", got)
	}
}
