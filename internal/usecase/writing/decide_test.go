package writing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/writing"
)

// held is the one report that waits for the person's decision.
func held(t *testing.T, w *casetest.World, person string) writing.Held {
	t.Helper()
	all, err := writing.ListHeld(t.Context(), w.By(w.ID(person)), 10)
	if err != nil || len(all) != 1 {
		t.Fatalf("%s is shown %+v, %v", person, all, err)
	}
	return all[0]
}

// TestTheOwnerDecides: it is shown its own words and no others, and decides at once.
func TestTheOwnerDecides(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		hidden := hide(t, w, cityText)
		out := w.Publish(t, "ana", []string{"TARSIS"}, "(U) Memo", "(U) We wonder. "+cityText+" So much for that.")
		h := held(t, w, "mara")
		if h.Report != out.Report || h.Ours || len(h.Matches) != 1 || h.Matches[0].Source != hidden || !slices.Equal(h.Matches[0].Passages, []string{strings.TrimSuffix(cityText, ".")}) {
			t.Errorf("the owner is shown %+v", h)
		}
		for _, verdict := range []writing.Verdict{writing.VerdictDeclare, writing.VerdictNarrow} {
			if _, err := writing.DecideHeld(t.Context(), w.By(w.ID("mara")), writing.Ruling{Report: out.Report, Verdict: verdict, Reason: "x"}); cordon.KindOf(err) != cordon.KindConflict {
				t.Errorf("the owner of words takes part in what is not its own by %s: %v", verdict, err)
			}
		}
		if _, err := writing.DecideHeld(t.Context(), w.By(w.ID("mara")), writing.Ruling{Report: out.Report, Verdict: writing.VerdictDismiss, Reason: "it is told anyway"}); err != nil {
			t.Fatal(err)
		}
		if got := w.Texts(t, "theo", out.Report); len(got) != 2 {
			t.Errorf("the third party reads %q", got)
		}
		if all, err := writing.ListHeld(t.Context(), w.By(w.ID("mara")), 10); err != nil || len(all) != 0 {
			t.Errorf("it is decided, and %+v wait, %v", all, err)
		}
	})
}

// TestDecidedBlind: an officer of the writer's side who may not see the source dismisses,
// and it takes effect after three days unless the owner objects.
func TestDecidedBlind(t *testing.T) {
	w := casetest.New(t)
	ctx := t.Context()
	hidden := hide(t, w, cityText)
	out := w.Publish(t, "ana", []string{"TARSIS"}, "(U) Memo", "(U) "+cityText)
	h := held(t, w, "sol")
	// How many matches there are, and how long, tells which of several guesses is right.
	if !h.Ours || len(h.Matches) != 0 {
		t.Errorf("the writer's officer is shown %+v", h)
	}
	rule := func(who string, verdict writing.Verdict) (writing.Ruled, error) {
		return writing.DecideHeld(ctx, w.By(w.ID(who)), writing.Ruling{Report: out.Report, Verdict: verdict, Reason: "it is common knowledge"})
	}
	if _, err := rule("sol", writing.VerdictDeclare); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("declared unseen: %v", err)
	}
	if _, err := rule("theo", writing.VerdictDismiss); err != error(cordon.ErrNotFound) {
		t.Errorf("somebody else: %v", err)
	}
	ruled, err := rule("sol", writing.VerdictDismiss)
	if err != nil || ruled.Effective.IsZero() || ruled.Open != 0 {
		t.Fatalf("%+v, %v", ruled, err)
	}
	w.Clock.Advance(71 * time.Hour)
	if _, err := writing.Tend(ctx, w.Base); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", out.Report); len(got) != 0 {
		t.Errorf("before its time theo reads %q", got)
	}
	if !slices.ContainsFunc(w.Inbox(t, "sol"), func(n string) bool { return strings.Contains(n, "waits still") }) {
		t.Error("nobody is reminded")
	}
	if got := w.Inbox(t, "mara"); !slices.ContainsFunc(got, func(n string) bool {
		return strings.Contains(n, "unless you object") && strings.Contains(n, "common knowledge")
	}) {
		t.Errorf("the owner is told %q", got)
	}
	if _, err := rule("mara", writing.VerdictObject); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(2 * time.Hour)
	if _, err := writing.Tend(ctx, w.Base); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", out.Report); len(got) != 0 {
		t.Errorf("its owner objects, and theo reads %q", got)
	}
	if _, err := rule("mara", writing.VerdictDismiss); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", out.Report); len(got) != 2 {
		t.Errorf("its owner has dismissed it, and theo reads %q", got)
	}
	// Another, to which nobody objects.
	second := w.Publish(t, "ana", []string{"TARSIS"}, "(U) Memo", "(U) Once more: "+cityText)
	if got := w.Texts(t, "theo", second.Report); len(got) != 0 {
		t.Errorf("theo reads %q", got)
	}
	if _, err := writing.DecideHeld(ctx, w.By(w.ID("sol")), writing.Ruling{Report: second.Report, Verdict: writing.VerdictDismiss, Reason: "as before"}); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(73 * time.Hour)
	if _, err := writing.Tend(ctx, w.Base); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", second.Report); len(got) != 2 {
		t.Errorf("nobody objected, and theo reads %q", got)
	}
	if feed := w.Feed(t, "MERIDIAN", cordon.ActSettle, cordon.OutcomeAllowed); len(feed) != 5 || !slices.Equal(feed[0].Portions, []cordon.ID{hidden}) {
		t.Errorf("the owner's feed has %+v", feed)
	}
}

// TestDecidedByWhoMaySee: an authority of the writer's side who may see the source declares
// it, as its writer could have; the writer decides nothing.
func TestDecidedByWhoMaySee(t *testing.T) {
	w := casetest.New(t)
	ctx := t.Context()
	low, err := people.AddPerson(ctx, w.Local(), cordon.Person{
		Name: "low", Org: w.ID("VALDOR"), Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer}, Clearances: map[string]string{"us": "C"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Person["low"] = low
	source := w.Publish(t, "mara", []string{"VALDOR"}, "(S//REL TO USA, GBR) Kept", "(S//REL TO USA, GBR) "+cityText).Portions[1].ID
	out := w.Publish(t, "low", []string{"TARSIS", "MERIDIAN"}, "(U) Memo", "(U) "+cityText)
	if all, err := writing.ListHeld(ctx, w.By(low.ID), 10); err != nil || len(all) != 0 {
		t.Errorf("the writer, who is an officer, is shown %+v, %v", all, err)
	}
	if got := w.Inbox(t, "low"); len(got) != 0 {
		t.Errorf("the writer is told %q", got)
	}
	if _, err := writing.DecideHeld(ctx, w.By(low.ID), writing.Ruling{Report: out.Report, Verdict: writing.VerdictDismiss, Reason: "mine"}); err != error(cordon.ErrNotFound) {
		t.Errorf("the writer decides: %v", err)
	}
	if h := held(t, w, "sol"); h.Matches[0].Source != source {
		t.Errorf("%+v", h)
	}
	if _, err := writing.DecideHeld(ctx, w.By(w.ID("sol")), writing.Ruling{Report: out.Report, Verdict: writing.VerdictDeclare}); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", out.Report); !slices.Equal(got, []string{"Memo"}) {
		t.Errorf("the third party reads %q", got)
	}
	if got := w.Texts(t, "mara", out.Report); !slices.Equal(got, []string{"Memo", cityText}) {
		t.Errorf("an owner of it reads %q", got)
	}
}

// TestFoundIsNotOwned: what was found narrows who reads it, and gives the owner of the
// words nothing of it.
func TestFoundIsNotOwned(t *testing.T) {
	w := casetest.New(t)
	ctx := t.Context()
	low, err := people.AddPerson(ctx, w.Local(), cordon.Person{
		Name: "low", Org: w.ID("VALDOR"), Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor}, Clearances: map[string]string{"us": "C"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Person["low"] = low
	w.Publish(t, "mara", []string{"VALDOR"}, "(S//REL TO USA, GBR) Kept", "(S//REL TO USA, GBR) "+cityText)
	out := w.Publish(t, "low", []string{"TARSIS"}, "(U) Memo", "(U) "+cityText)
	if _, err := writing.DecideHeld(ctx, w.By(w.ID("sol")), writing.Ruling{Report: out.Report, Verdict: writing.VerdictNarrow}); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", out.Report); !slices.Equal(got, []string{"Memo"}) {
		t.Errorf("the third party reads %q", got)
	}
	if got := w.Texts(t, "mara", out.Report); len(got) != 0 {
		t.Errorf("the owner of what was found reads %q", got)
	}
	for _, e := range w.Feed(t, "MERIDIAN", cordon.ActRead, cordon.OutcomeAllowed) {
		if slices.Contains(e.Portions, out.Portions[1].ID) {
			t.Errorf("the owner of what was found has the portion in its feed: %+v", e)
		}
	}
}

// TestTheFourthWaits: after three hits in a day everything an organisation publishes waits
// for its own security officer, so that a second account learns no more.
func TestTheFourthWaits(t *testing.T) {
	w := casetest.New(t)
	texts := []string{cityText, plainText + " Nobody counts the barges any more, says the pilot.", "Two drivers were paid in advance and the third refused to say by whom he was sent."}
	for _, text := range texts {
		hide(t, w, text)
	}
	for _, text := range texts {
		w.Publish(t, "ana", []string{"TARSIS"}, "(U) Memo", "(U) "+text)
	}
	out := w.Publish(t, "ana", []string{"TARSIS"}, "(U) Other", "(U) Nothing of anybody.")
	if got := w.Texts(t, "theo", out.Report); len(got) != 0 {
		t.Errorf("theo reads %q", got)
	}
	if got := w.Texts(t, "ana", out.Report); len(got) != 2 {
		t.Errorf("its writer reads %q", got)
	}
	if _, err := writing.DecideHeld(t.Context(), w.By(w.ID("sol")), writing.Ruling{Report: out.Report, Verdict: writing.VerdictDismiss, Reason: "seen"}); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", out.Report); len(got) != 2 {
		t.Errorf("it was looked at, and theo reads %q", got)
	}
	w.Clock.Advance(25 * time.Hour)
	if got := w.Texts(t, "theo", w.Publish(t, "ana", []string{"TARSIS"}, "(U) Later", "(U) Nothing either.").Report); len(got) != 2 {
		t.Errorf("a day later theo reads %q", got)
	}
}
