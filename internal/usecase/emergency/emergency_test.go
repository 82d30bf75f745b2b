package emergency_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/notice"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/emergency"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/writing"
)

const danger = "The courier will be killed at the ferry tonight unless the port police of TARSIS know."

// given is an arrangement of MERIDIAN and VALDOR that names ana of VALDOR, with
// a report of MERIDIAN's under it and VALDOR's memo of that, under it too.
type given struct {
	arrangement cordon.ID
	report      writing.Published
	memo        writing.Published
}

func share(t *testing.T, w *casetest.World, change func(*cordon.Arrangement)) given {
	t.Helper()
	ctx := context.Background()
	var g given
	g.arrangement = arrange(t, w, "mara", "VALDOR", func(a *cordon.Arrangement) {
		a.EmergencyAuthorities, a.EmergencyFor = []cordon.ID{w.ID("ana")}, 6*time.Hour
		if change != nil {
			change(a)
		}
	})
	draft := w.Draft(t, nil, "(U) Harbour notes", "(U) "+danger, "(S//REL TO USA, GBR) Its name is known to us.")
	draft.Arrangement = g.arrangement
	var err error
	if g.report, err = writing.Publish(ctx, w.By(w.ID("mara")), draft); err != nil {
		t.Fatal(err)
	}
	memo := w.Draft(t, nil, "(U) Memo", "(U) Somebody is in danger at a ferry.")
	memo.Kind, memo.Arrangement, memo.Portions[0].Sources = cordon.ReportMemo, g.arrangement, []cordon.ID{g.report.Portions[1].ID}
	if g.memo, err = writing.Publish(ctx, w.By(w.ID("ana")), memo); err != nil {
		t.Fatal(err)
	}
	return g
}

// change alters the arrangement as an amendment in force would.
func change(t *testing.T, w *casetest.World, id cordon.ID, how func(*cordon.Arrangement)) {
	t.Helper()
	if err := w.Store.Update(context.Background(), func(tx cordon.WriteTx) error {
		a, err := tx.Arrangement(id)
		if err != nil {
			return err
		}
		how(&a)
		return tx.PutArrangement(a)
	}); err != nil {
		t.Fatal(err)
	}
}

func emergent(w *casetest.World, person string, portions ...cordon.ID) (emergency.Released, error) {
	return emergency.Release(context.Background(), w.By(w.ID(person)), emergency.Draft{
		Portions: portions, Audience: w.ID("TARSIS"), Reason: "a life at the ferry",
	})
}

func parts(t *testing.T, w *casetest.World, person string, all bool) []emergency.Part {
	t.Helper()
	list, _, err := emergency.Parts(context.Background(), w.By(w.ID(person)), all, cordon.Cursor{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAnEmergencyReleaseIsLiveAtOnceAndReviewed(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		g := share(t, w, nil)
		node := w.Node(t)
		if read := node.Texts(t, "theo", g.memo.Report); read != nil {
			t.Fatalf("before it theo reads %q", read)
		}
		out, err := emergent(w, "ana", g.memo.Portions[1].ID, g.report.Portions[1].ID)
		if err != nil || len(out.Portions) != 2 {
			t.Fatalf("%+v, %v", out, err)
		}
		if length := out.Until.Sub(w.Clock.Now()); length > 6*time.Hour || length < 6*time.Hour-time.Minute {
			t.Errorf("it runs %s, the arrangement lets it run 6 hours", length)
		}
		for _, report := range []cordon.ID{g.memo.Report, g.report.Report} {
			if read := node.Texts(t, "theo", report); len(read) != 1 {
				t.Errorf("released; on another node theo reads %q", read)
			}
		}

		// Each owner has its own part, and nothing of the other's.
		meridian, valdor := parts(t, w, "mara", false), parts(t, w, "sol", false)
		if len(meridian) != 1 || len(meridian[0].Portions) != 2 || meridian[0].Reason != "a life at the ferry" || meridian[0].By != w.ID("ana") {
			t.Fatalf("MERIDIAN's part %+v", meridian)
		}
		if len(valdor) != 1 || !slices.Equal(valdor[0].Portions, []cordon.ID{g.memo.Portions[1].ID}) {
			t.Fatalf("VALDOR's part %+v", valdor)
		}
		if _, err := emergency.Decide(ctx, w.By(w.ID("mara")), valdor[0].ID, emergency.Review{Overrule: true}); err != error(cordon.ErrNotFound) {
			t.Errorf("another owner's part: %v", err)
		}
		for org, portions := range map[string]int{"MERIDIAN": 2, "VALDOR": 1} {
			entries := w.Feed(t, org, cordon.ActEmergency, cordon.OutcomeAllowed)
			if len(entries) != 1 || len(entries[0].Portions) != portions || entries[0].Audience != w.ID("TARSIS") || entries[0].Actor != w.In(org, "ana") {
				t.Errorf("the feed of %s has %+v", org, entries)
			}
		}
		if entries := w.Feed(t, "TARSIS", cordon.ActEmergency, cordon.OutcomeAllowed); len(entries) != 2 {
			t.Errorf("the audience's feed has %+v", entries)
		}
		told, err := notice.List(ctx, w.By(w.ID("mara")), cordon.Cursor{}, 1)
		if err != nil || len(told) != 1 || told[0].Mark != "U" || !strings.Contains(told[0].Text, "ana of VALDOR released 2 of your portions to TARSIS") {
			t.Errorf("MERIDIAN is told %+v, %v", told, err)
		}
		for _, word := range []string{"courier", "ferry", "a life", "VALDOR's"} {
			if strings.Contains(told[0].Text, word) {
				t.Errorf("the notice carries %q", word)
			}
		}

		// MERIDIAN ends its part: what it owns a part of is shut at once.
		reviewed, err := emergency.Decide(ctx, w.By(w.ID("mara")), meridian[0].ID, emergency.Review{Overrule: true, Note: "they knew"})
		if err != nil || reviewed.State != cordon.EmergencyOverruled || reviewed.Note != "they knew" {
			t.Fatalf("%+v, %v", reviewed, err)
		}
		for _, report := range []cordon.ID{g.memo.Report, g.report.Report} {
			if read := node.Texts(t, "theo", report); read != nil {
				t.Errorf("overruled; on the other node theo reads %q", read)
			}
		}
		if _, err := emergency.Decide(ctx, w.By(w.ID("mara")), meridian[0].ID, emergency.Review{}); cordon.KindOf(err) != cordon.KindConflict {
			t.Errorf("reviewed twice: %v", err)
		}
		if left := parts(t, w, "mara", false); len(left) != 0 {
			t.Errorf("reviewed, and there awaits %+v", left)
		}
		if all := parts(t, w, "mara", true); len(all) != 1 || all[0].Overdue {
			t.Errorf("all of them %+v", all)
		}
		answers, err := notice.List(ctx, w.By(w.ID("sol")), cordon.Cursor{}, 1)
		if err != nil || len(answers) != 1 || !strings.HasPrefix(answers[0].Text, "MERIDIAN reviewed its part of emergency release "+string(out.ID)+" and ended it") {
			t.Errorf("who released is told %+v, %v", answers, err)
		}
		// And nobody but MERIDIAN gives it again.
		if _, err := emergent(w, "ana", g.report.Portions[1].ID); cordon.KindOf(err) != cordon.KindConflict || !strings.Contains(err.Error(), "that stands") {
			t.Errorf("released again after it was ended: %v", err)
		}
		w.AbsentFromFiles(t, "a life at the ferry", "they knew")
	})
}

func TestAnEmergencyReleaseEndsByItself(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		g := share(t, w, nil)
		if _, err := emergent(w, "ana", g.report.Portions[1].ID); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(6*time.Hour - time.Minute)
		if read := w.Texts(t, "theo", g.report.Report); len(read) != 1 {
			t.Errorf("before its end theo reads %q", read)
		}
		w.Clock.Advance(time.Minute)
		if read := w.Texts(t, "theo", g.report.Report); read != nil {
			t.Errorf("at its end theo reads %q", read)
		}
		late := parts(t, w, "mara", false)
		if len(late) != 1 || !late[0].Overdue {
			t.Fatalf("not reviewed and over: %+v", late)
		}
		// Upheld until a date it is an ordinary grant.
		until := w.Clock.Now().Add(48 * time.Hour)
		if _, err := emergency.Decide(ctx, w.By(w.ID("mara")), late[0].ID, emergency.Review{Until: until}); err != nil {
			t.Fatal(err)
		}
		if read := w.Texts(t, "theo", g.report.Report); len(read) != 1 {
			t.Errorf("upheld theo reads %q", read)
		}
		grants, _, err := release.Grants(ctx, w.By(w.ID("mara")), []cordon.ID{g.report.Portions[1].ID}, cordon.Cursor{}, 0)
		if err != nil || len(grants) != 1 || grants[0].Emergency || !grants[0].Until.Equal(until.Truncate(time.Microsecond)) || grants[0].By != w.ID("ana") {
			t.Errorf("grants %+v, %v", grants, err)
		}
	})
}

// TestUpheldAsTheArrangementAllows: a review does not get round what the
// arrangement asks of ordinary grants.
func TestUpheldAsTheArrangementAllows(t *testing.T) {
	for name, limit := range map[string]func(*cordon.Arrangement){
		"two people":      func(a *cordon.Arrangement) { a.TwoPersons = true },
		"never":           func(a *cordon.Arrangement) { a.Onward = cordon.OnwardNever },
		"parties only":    func(a *cordon.Arrangement) { a.Onward = cordon.OnwardParties },
		"longer than set": func(a *cordon.Arrangement) { a.Longest = time.Hour },
	} {
		t.Run(name, func(t *testing.T) {
			w := casetest.New(t)
			g := share(t, w, limit)
			if _, err := emergent(w, "ana", g.report.Portions[1].ID); err != nil {
				t.Fatal(err)
			}
			part := parts(t, w, "mara", false)[0].ID
			_, err := emergency.Decide(context.Background(), w.By(w.ID("mara")), part, emergency.Review{Until: w.Clock.Now().Add(48 * time.Hour)})
			if cordon.KindOf(err) != cordon.KindConflict {
				t.Errorf("made longer: %v", err)
			}
			if _, err := emergency.Decide(context.Background(), w.By(w.ID("mara")), part, emergency.Review{}); err != nil {
				t.Errorf("upheld as it is: %v", err)
			}
		})
	}
}

// TestOnlyWhomTheArrangementNames: everybody else is refused in one way, and the
// owners' feeds have it; what is not seen is not there.
func TestOnlyWhomTheArrangementNames(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		g := share(t, w, nil)
		target := g.report.Portions[1].ID
		_, refused := emergent(w, "sol", target) // sees it and is not named
		if cordon.KindOf(refused) != cordon.KindDenied {
			t.Errorf("who is not named: %v", refused)
		}
		if _, err := emergent(w, "mara", target); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("its owner's people: %v", err)
		}
		_, withheld := emergent(w, "theo", target)
		_, absent := emergent(w, "theo", cordon.NewID())
		if withheld != absent || absent != error(cordon.ErrNotFound) {
			t.Errorf("withheld %v, absent %v", withheld, absent)
		}
		entries := w.Feed(t, "MERIDIAN", cordon.ActEmergency, cordon.OutcomeRefused)
		if len(entries) != 3 || !slices.Equal(entries[0].Reasons, []string{"authority"}) || !slices.Equal(entries[2].Reasons, []string{"owner"}) {
			t.Errorf("the owner's feed has %+v", entries)
		}
		for name, stop := range map[string]func(*cordon.Arrangement){
			"suspended":         func(a *cordon.Arrangement) { a.State = cordon.ArrangementStateSuspended },
			"ended":             func(a *cordon.Arrangement) { a.State = cordon.ArrangementStateEnded },
			"over":              func(a *cordon.Arrangement) { a.Until = w.Clock.Now() },
			"not providing":     func(a *cordon.Arrangement) { a.EmergencyAuthorities = nil },
			"not with the rest": func(a *cordon.Arrangement) { a.Parties = []cordon.ID{w.ID("VALDOR")} },
		} {
			var before cordon.Arrangement
			change(t, w, g.arrangement, func(a *cordon.Arrangement) { before = *a; stop(a) })
			_, err := emergent(w, "ana", target)
			if err == nil || err.Error() != refused.Error() {
				t.Errorf("%s: %v, want the one refusal: %v", name, err, refused)
			}
			change(t, w, g.arrangement, func(a *cordon.Arrangement) { *a = before })
		}
		if read := w.Texts(t, "theo", g.report.Report); read != nil {
			t.Errorf("refused throughout, theo reads %q", read)
		}
		if left := parts(t, w, "mara", true); len(left) != 0 {
			t.Errorf("nothing was released, and there awaits %+v", left)
		}
		if _, err := emergent(w, "ana", target); err != nil {
			t.Errorf("with all as it was: %v", err)
		}
	})
}

// TestEverySourceMustProvideForIt: a memo is released only if all that others
// own of what it was made from was shared under arrangements that name
// the person.
func TestEverySourceMustProvideForIt(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	g := share(t, w, nil)
	// TARSIS gives VALDOR something under no arrangement; VALDOR's memo is of both.
	theirs := w.Publish(t, "theo", []string{"VALDOR", "MERIDIAN"}, "(U) Theirs", "(U) The night ferry is late.")
	memo := w.Draft(t, nil, "(U) Memo", "(U) Of two.")
	memo.Kind, memo.Arrangement = cordon.ReportMemo, g.arrangement
	memo.Portions[0].Sources = []cordon.ID{g.memo.Portions[1].ID, theirs.Portions[1].ID}
	both, err := writing.Publish(ctx, w.By(w.ID("ana")), memo)
	if err != nil {
		t.Fatal(err)
	}
	_, err = emergency.Release(ctx, w.By(w.ID("ana")), emergency.Draft{Portions: []cordon.ID{both.Portions[1].ID}, Audience: w.ID("HUB"), Reason: "x"})
	if cordon.KindOf(err) != cordon.KindDenied {
		t.Errorf("TARSIS agreed to nothing: %v", err)
	}
	// Under one that provides for it too, with the shorter of the two times.
	with := arrange(t, w, "sol", "TARSIS", func(a *cordon.Arrangement) {
		a.Parties = append(a.Parties, w.ID("MERIDIAN"))
		a.EmergencyAuthorities, a.EmergencyFor = []cordon.ID{w.ID("ana")}, time.Hour
	})
	draft := w.Draft(t, nil, "(U) Theirs", "(U) The day ferry is early.")
	draft.Arrangement, draft.Recipients = with, []cordon.ID{w.ID("MERIDIAN")}
	again, err := writing.Publish(ctx, w.By(w.ID("theo")), draft)
	if err != nil {
		t.Fatal(err)
	}
	memo.Portions[0].Text, memo.Portions[0].Sources = "Of two others.", []cordon.ID{g.memo.Portions[1].ID, again.Portions[1].ID}
	if both, err = writing.Publish(ctx, w.By(w.ID("ana")), memo); err != nil {
		t.Fatal(err)
	}
	out, err := emergency.Release(ctx, w.By(w.ID("ana")), emergency.Draft{Report: both.Report, Audience: w.ID("HUB"), Reason: "x"})
	if err != nil || len(out.Portions) != 2 || out.Until.Sub(w.Clock.Now()) > time.Hour {
		t.Fatalf("%+v, %v", out, err)
	}
	for _, person := range []string{"mara", "sol"} {
		if mine := parts(t, w, person, false); len(mine) != 1 {
			t.Errorf("%s has %+v", person, mine)
		}
	}
}

// TestAnEmergencyWaivesOwnersAndNothingElse, and says what stands.
func TestAnEmergencyWaivesOwnersAndNothingElse(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	g := share(t, w, nil)
	out, err := emergency.Release(ctx, w.By(w.ID("ana")), emergency.Draft{Report: g.report.Report, Audience: w.ID("TARSIS"), Reason: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Still) != 1 || !out.Still[0].Shut || !strings.Contains(strings.Join(out.Still[0].Needs, "; "), "leaves TARSIS out") {
		t.Errorf("still in the way %+v", out.Still)
	}
	if read := w.Texts(t, "theo", g.report.Report); len(read) != 2 || strings.Contains(strings.Join(read, " "), "Its name") {
		t.Errorf("REL TO USA, GBR and theo reads %q", read)
	}
	if _, err := emergent(w, "ana", g.report.Portions[2].ID); cordon.KindOf(err) != cordon.KindConflict || !strings.Contains(err.Error(), "leaves TARSIS out") {
		t.Errorf("what opens nothing: %v", err)
	}
	if _, err := emergent(w, "ana", g.report.Portions[1].ID); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("what they have already: %v", err)
	}
	for name, d := range map[string]emergency.Draft{
		"no reason":   {Portions: []cordon.ID{g.report.Portions[1].ID}, Audience: w.ID("HUB"), Reason: " "},
		"nothing":     {Audience: w.ID("HUB"), Reason: "x"},
		"no audience": {Portions: []cordon.ID{g.report.Portions[1].ID}, Audience: cordon.NewID(), Reason: "x"},
	} {
		if _, err := emergency.Release(ctx, w.By(w.ID("ana")), d); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := emergency.Release(ctx, w.By(w.ID("ana")), emergency.Draft{Report: g.report.Report, Audience: w.ID("TARSIS"), Reason: strings.Repeat("x", 2000)}); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("a long reason: %v", err)
	}
}

// failing ends each Update with an error after all was done in it, as a process
// that dies before the commit does.
type failing struct{ cordon.Store }

var errDied = errors.New("it died")

func (s failing) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	return s.Store.Update(ctx, func(tx cordon.WriteTx) error { return errors.Join(fn(tx), errDied) })
}

func TestAllOfAnEmergencyReleaseOrNothing(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		g := share(t, w, nil)
		dying := *w.Base
		dying.Store = failing{w.Store}
		before, err := notice.List(context.Background(), w.By(w.ID("mara")), cordon.Cursor{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		_, err = emergency.Release(context.Background(), dying.By(w.ID("ana")), emergency.Draft{Portions: []cordon.ID{g.memo.Portions[1].ID}, Audience: w.ID("TARSIS"), Reason: "x"})
		if !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		after, err := notice.List(context.Background(), w.By(w.ID("mara")), cordon.Cursor{}, 100)
		if err != nil || !slices.EqualFunc(before, after, func(a, b notice.Notice) bool { return a.ID == b.ID }) {
			t.Errorf("notices %+v, %v", after, err)
		}
		if read := w.Texts(t, "theo", g.memo.Report); read != nil {
			t.Errorf("theo reads %q", read)
		}
		if left := parts(t, w, "mara", true); len(left) != 0 {
			t.Errorf("there awaits %+v", left)
		}
		if entries := w.Feed(t, "MERIDIAN", cordon.ActEmergency, cordon.OutcomeAllowed); len(entries) != 0 {
			t.Errorf("the feed has %+v", entries)
		}
	})
}

// TestAnEmergencyDoesNotWait: what is released in an emergency is read at once, whatever was
// found in it; whose words were found knows before.
func TestAnEmergencyDoesNotWait(t *testing.T) {
	w := casetest.New(t)
	g := share(t, w, nil)
	const known = "The second ferry is the one that leaves without a light after midnight on Friday."
	w.Publish(t, "mara", nil, "(S//REL TO USA, GBR) Kept", "(S//REL TO USA, GBR) "+known)
	w.Compare = func() {} // as if it came later
	draft := w.Draft(t, nil, "(U) Memo", "(U) "+known)
	draft.Kind, draft.Arrangement, draft.Portions[0].Sources = cordon.ReportMemo, g.arrangement, []cordon.ID{g.report.Portions[1].ID}
	memo, err := writing.Publish(t.Context(), w.By(w.ID("ana")), draft)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "mara", memo.Report); len(got) != 0 {
		t.Fatalf("it does not wait: %q", got)
	}
	if _, err := emergent(w, "ana", memo.Portions[1].ID); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", memo.Report); !slices.Equal(got, []string{known}) {
		t.Errorf("released in an emergency, and theo reads %q", got)
	}
	if feed := w.Feed(t, "MERIDIAN", cordon.ActMatch, cordon.OutcomeAllowed); len(feed) != 1 {
		t.Errorf("the feed of the owner of what was found has %+v", feed)
	}
	if got := w.Texts(t, "sol", memo.Report); slices.Contains(got, "Memo") {
		t.Errorf("what was not released waits, and sol reads %q", got)
	}
}
