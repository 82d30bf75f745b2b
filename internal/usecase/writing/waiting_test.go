package writing_test

import (
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

// hide has mara publish a report of which ana and sol may see nothing.
func hide(t *testing.T, w *casetest.World, text string) cordon.ID {
	return w.Publish(t, "mara", nil, "(S//REL TO USA, GBR) Kept", "(S//REL TO USA, GBR) "+text).Portions[1].ID
}

// TestWhatIsFoundWaits: a report in which words stand that its writer may not see waits
// for everybody else; its owner knows, the writer's officers know that it waits, and the
// writer nothing.
func TestWhatIsFoundWaits(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		hidden := hide(t, w, cityText)
		out := w.Publish(t, "ana", []string{"TARSIS"}, "(U) Memo", "(U) They say: "+cityText)
		if got := out.Portions[1]; got.Mark != "U" || got.Raised || !slices.Equal(got.Owners, []cordon.ID{w.ID("VALDOR")}) {
			t.Errorf("the writer is answered %+v", got)
		}
		if got := w.Texts(t, "ana", out.Report); len(got) != 2 {
			t.Errorf("the writer reads %q", got)
		}
		for _, other := range []string{"theo", "sol", "mara"} {
			if got := w.Texts(t, other, out.Report); len(got) != 0 {
				t.Errorf("%s reads %q of what waits", other, got)
			}
		}
		feed := w.Feed(t, "MERIDIAN", cordon.ActMatch, cordon.OutcomeAllowed)
		if len(feed) != 1 || !slices.Equal(feed[0].Portions, []cordon.ID{hidden}) || feed[0].Words != 16 || feed[0].Subject != out.Report {
			t.Errorf("the owner's feed has %+v", feed)
		}
		told := func(person, of string) bool {
			return slices.ContainsFunc(w.Inbox(t, person), func(n string) bool { return strings.Contains(n, of) })
		}
		if !told("mara", "16 words of yours") || !told("sol", string(out.Report)) {
			t.Errorf("mara is told %q, sol %q", w.Inbox(t, "mara"), w.Inbox(t, "sol"))
		}
		if told("sol", string(hidden)) || told("sol", "MERIDIAN") || told("sol", "courier") {
			t.Errorf("the writer's officer is told of the source: %q", w.Inbox(t, "sol"))
		}
		// What is made from it waits too, and so does a repetition of it.
		memo := w.Draft(t, []string{"TARSIS"}, "(U) Derived", "(U) A summary.")
		memo.Kind, memo.Portions[0].Sources = cordon.ReportMemo, []cordon.ID{out.Portions[1].ID}
		derived, err := writing.Publish(t.Context(), w.By(w.ID("ana")), memo)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Texts(t, "theo", derived.Report); len(got) != 0 {
			t.Errorf("theo reads %q of what was made from it", got)
		}
		// Nobody is kept from what has nothing in it.
		if got := w.Texts(t, "theo", w.Publish(t, "ana", []string{"TARSIS"}, "(U) Weather", "(U) "+plainText).Report); len(got) != 2 {
			t.Errorf("theo reads %q", got)
		}
	})
}

// TestARevisionWaits: while it does, others read the former wording and its writer the new.
func TestARevisionWaits(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		hide(t, w, cityText)
		out := w.Publish(t, "ana", []string{"TARSIS"}, "(U) Memo", "(U) "+plainText)
		revised, err := writing.Revise(t.Context(), w.By(w.ID("ana")), string(out.Report), out.Portions[1].ID, writing.Revision{Text: cityText})
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Texts(t, "theo", out.Report); !slices.Equal(got, []string{"Memo", plainText}) {
			t.Errorf("others read %q", got)
		}
		if got := w.Texts(t, "ana", out.Report); !slices.Equal(got, []string{"Memo", cityText}) {
			t.Errorf("its writer reads %q", got)
		}
		earlier, err := reading.Wordings(t.Context(), w.By(w.ID("ana")), string(out.Report), revised.ID)
		if err != nil || len(earlier) != 2 || earlier[1].Text != plainText {
			t.Errorf("its writer's earlier wordings: %+v, %v", earlier, err)
		}
		if _, err := writing.Revise(t.Context(), w.By(w.ID("ana")), string(out.Report), out.Portions[1].ID, writing.Revision{Text: "Nothing."}); err != error(cordon.ErrNotFound) {
			t.Errorf("the former wording, revised again by the same: %v", err)
		}
	})
}

// TestTwoThatQuoteEachOther: of two texts that nobody has compared yet, the one that is
// compared later meets the other.
func TestTwoThatQuoteEachOther(t *testing.T) {
	w := casetest.New(t)
	w.Compare = func() {} // as if it came later
	first := w.Publish(t, "mara", nil, "(U) One", "(S//REL TO USA, GBR) "+cityText)
	second := w.Publish(t, "ana", []string{"TARSIS"}, "(U) Two", "(U) "+cityText)
	for _, id := range []cordon.ID{first.Report, second.Report} {
		if got := w.Texts(t, "theo", id); len(got) != 0 {
			t.Errorf("before it is compared theo reads %q", got)
		}
	}
	if n, err := writing.Compare(t.Context(), w.Base); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if got := w.Texts(t, "theo", second.Report); len(got) != 0 {
		t.Errorf("theo reads %q", got)
	}
	if n, err := writing.Compare(t.Context(), w.Base); err != nil || n != 0 {
		t.Errorf("what waits for a decision is compared again: %d, %v", n, err)
	}
}
