package contain_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/notice"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/writing"
)

const cityText = "The courier met the quartermaster twice in Marrow Quay and counted eleven crates on the pier."

// affair is the story up to the disclosure: MERIDIAN's report, VALDOR's memo
// of its city paragraph, a transcript that quotes the memo, and an incident.
type affair struct {
	report, memo, transcript writing.Published
	incident                 cordon.ID
}

func setUp(t *testing.T, w *casetest.World) affair {
	t.Helper()
	ctx := context.Background()
	var a affair
	a.report = w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(U) "+cityText, "(U) Shipping has slowed.")
	draft := w.Draft(t, nil, "(U) Memo", "(U) A courier was seen in Marrow Quay.", "(U) Our own view of shipping.")
	draft.Kind = cordon.ReportMemo
	draft.Portions[0].Sources = []cordon.ID{a.report.Portions[1].ID}
	var err error
	if a.memo, err = writing.Publish(ctx, w.By(w.ID("ana")), draft); err != nil {
		t.Fatal(err)
	}
	draft = w.Draft(t, nil, "(U) Transcript", "(U) And then he said: Marrow Quay.")
	draft.Kind = cordon.ReportTranscript
	draft.Portions[0].Sources = []cordon.ID{a.memo.Portions[1].ID}
	if a.transcript, err = writing.Publish(ctx, w.By(w.ID("ana")), draft); err != nil {
		t.Fatal(err)
	}
	i, err := contain.OpenIncident(ctx, w.By(w.ID("sol")), "The Friday meeting", nil)
	if err != nil {
		t.Fatal(err)
	}
	a.incident = i.ID
	return a
}

func TestContainedIsContained(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		a := setUp(t, w)
		node := w.Node(t)
		node.Texts(t, "ana", a.memo.Report) // whatever a node may keep, it has now

		done, err := contain.Contain(ctx, w.By(w.ID("sol")), a.incident, contain.Plan{
			Disclosed: []contain.Disclosed{{Portion: a.memo.Portions[1].ID, Words: 7}},
			Strike:    []cordon.ID{a.memo.Portions[1].ID},
			Limit:     []contain.Limit{{Report: a.transcript.Report, Circle: []cordon.ID{w.ID("sol")}}},
			Notify:    []cordon.ID{w.ID("TARSIS")},
		})
		if err != nil {
			t.Fatal(err)
		}
		struck := []cordon.ID{a.memo.Portions[1].ID, a.transcript.Portions[1].ID}
		if !slices.Equal(done.Struck, struck) || !done.Scrubbed {
			t.Errorf("done %+v, want the memo's portion and what was derived from it struck: %v", done, struck)
		}

		for _, at := range []*casetest.World{w, node} {
			for person, want := range map[string]map[cordon.ID][]string{
				"ana": {a.memo.Report: {"Memo", "Our own view of shipping."}, a.transcript.Report: nil},
				"sol": {a.memo.Report: {"Memo", "Our own view of shipping."}, a.transcript.Report: {"Transcript"}},
				// The originator's own report is not the memo: it stands.
				"mara": {a.report.Report: {"Harbour notes", cityText, "Shipping has slowed."}},
			} {
				for report, texts := range want {
					if got := at.Texts(t, person, report); !slices.Equal(got, texts) {
						t.Errorf("%s reads %q of %s, want %q", person, got, report, texts)
					}
				}
			}
			found, err := reading.Search(ctx, at.By(w.ID("ana")), reading.Query{Text: "courier Marrow"})
			if err != nil || len(found.Hits) != 1 || found.Hits[0].Report != a.report.Report {
				t.Errorf("search finds %+v, %v: want the original only", found.Hits, err)
			}
		}

		// The originals are in custody, for the circle alone.
		kept, err := contain.Custody(ctx, w.By(w.ID("sol")), struck[0])
		if err != nil || kept.Text != "A courier was seen in Marrow Quay." {
			t.Errorf("custody gives %+v, %v", kept, err)
		}
		for _, person := range []string{"ana", "mara", "theo", "root"} {
			_, withheld := contain.Custody(ctx, w.By(w.ID(person)), struck[0])
			_, absent := contain.Custody(ctx, w.By(w.ID(person)), cordon.NewID())
			if withheld != absent || absent != error(cordon.ErrNotFound) {
				t.Errorf("custody for %s: withheld %v, absent %v", person, withheld, absent)
			}
		}

		// The owners and those named are told, and nothing is quoted.
		for person, n := range map[string]int{"mara": 1, "theo": 1} {
			list, err := notice.List(ctx, w.By(w.ID(person)), cordon.Cursor{}, 10)
			if err != nil || len(list) != n {
				t.Fatalf("notices of %s: %+v, %v", person, list, err)
			}
			if strings.Contains(fmt.Sprint(list), "Marrow") || strings.Contains(list[0].Text, "TARSIS") {
				t.Errorf("the notice of %s says too much: %+v", person, list[0])
			}
		}

		// All that was done is on the incident's record.
		i, err := contain.Find(ctx, w.By(w.ID("sol")), a.incident)
		if err != nil || len(i.Disclosures) != 1 || len(i.Steps) < 5 || i.Title != "The Friday meeting" {
			t.Errorf("incident %+v, %v", i, err)
		}
		// Once more does no harm: the answer may have been lost.
		again, err := contain.Contain(ctx, w.By(w.ID("sol")), a.incident, contain.Plan{Strike: struck[:1]})
		if err != nil || len(again.Struck) != 0 {
			t.Errorf("again: %+v, %v", again, err)
		}
		w.AbsentFromFiles(t, "Marrow", "courier", "Friday")
	})
}

func TestLimitFollowsLineage(t *testing.T) {
	w := casetest.New(t)
	a := setUp(t, w)
	_, err := contain.Contain(context.Background(), w.By(w.ID("sol")), a.incident, contain.Plan{
		Limit: []contain.Limit{{Report: a.memo.Report, Circle: []cordon.ID{w.ID("sol")}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "ana", a.transcript.Report); !slices.Equal(got, []string{"Transcript"}) {
		t.Errorf("the memo is limited; of what was made from it she reads %q", got)
	}
	if found, _ := reading.Search(context.Background(), w.By(w.ID("ana")), reading.Query{Text: "shipping view"}); len(found.Hits) != 0 {
		t.Errorf("limited, it is still found: %+v", found.Hits)
	}
	if got := w.Texts(t, "sol", a.memo.Report); len(got) != 3 {
		t.Errorf("in the circle sol reads %q", got)
	}
	_, err = contain.Contain(context.Background(), w.By(w.ID("sol")), a.incident, contain.Plan{
		Limit: []contain.Limit{{Report: a.memo.Report, Circle: []cordon.ID{w.ID("ana")}}},
	})
	if cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("limited again to somebody else: %v, want Conflict", err)
	}
}

func TestRevokeInAContainment(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	a := setUp(t, w)
	own := w.Publish(t, "ana", nil, "(U) Ours", "(U) Ours alone.")
	r, err := release.Ask(ctx, w.By(w.ID("ana")), release.RequestDraft{Report: own.Report, Audience: w.ID("TARSIS")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := release.Decide(ctx, w.By(w.ID("sol")), r.Parts[0].ID, release.Decision{
		Grant: []cordon.ID{own.Portions[0].ID, own.Portions[1].ID}, Until: w.Clock.Now().Add(time.Hour),
	}); err != nil {
		t.Fatal(err)
	}
	r, err = release.Release(ctx, w.By(w.ID("ana")), r.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", own.Report); len(got) != 2 {
		t.Fatalf("granted, theo reads %q", got)
	}
	if _, err := contain.Contain(ctx, w.By(w.ID("sol")), a.incident, contain.Plan{Revoke: []cordon.ID{r.Parts[0].Grant}}); err != nil {
		t.Fatal(err)
	}
	if got := w.Texts(t, "theo", own.Report); got != nil {
		t.Errorf("revoked, theo reads %q", got)
	}
}

func TestWhoMayContain(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	a := setUp(t, w)
	strike := contain.Plan{Strike: []cordon.ID{a.report.Portions[1].ID}}
	if _, err := contain.Contain(ctx, w.By(w.ID("ana")), a.incident, strike); cordon.KindOf(err) != cordon.KindDenied {
		t.Errorf("without the role: %v", err)
	}
	for _, person := range []string{"mara", "theo", "root"} {
		_, withheld := contain.Contain(ctx, w.By(w.ID(person)), a.incident, strike)
		_, absent := contain.Contain(ctx, w.By(w.ID(person)), cordon.NewID(), strike)
		if withheld != absent || absent != error(cordon.ErrNotFound) {
			t.Errorf("another organisation's incident, %s: %v and %v", person, withheld, absent)
		}
		if _, err := contain.Find(ctx, w.By(w.ID(person)), a.incident); err != error(cordon.ErrNotFound) {
			t.Errorf("%s sees the incident: %v", person, err)
		}
		if list, err := contain.Incidents(ctx, w.By(w.ID(person))); err != nil || len(list) != 0 {
			t.Errorf("%s lists %+v, %v", person, list, err)
		}
	}
	// VALDOR received the report; it neither holds nor owns it.
	if _, err := contain.Contain(ctx, w.By(w.ID("sol")), a.incident, strike); err != error(cordon.ErrNotFound) {
		t.Errorf("striking in the originator's report: %v", err)
	}
	for name, plan := range map[string]contain.Plan{
		"nothing":         {},
		"limit to nobody": {Limit: []contain.Limit{{Report: a.memo.Report}}},
	} {
		if _, err := contain.Contain(ctx, w.By(w.ID("sol")), a.incident, plan); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A plan of which one part cannot be done does nothing.
	_, err := contain.Contain(ctx, w.By(w.ID("sol")), a.incident, contain.Plan{
		Strike: []cordon.ID{a.memo.Portions[1].ID}, Revoke: []cordon.ID{cordon.NewID()},
	})
	if err != error(cordon.ErrNotFound) {
		t.Errorf("an unknown grant: %v", err)
	}
	if got := w.Texts(t, "ana", a.memo.Report); len(got) != 3 {
		t.Errorf("a refused plan struck all the same: %q", got)
	}
	// The originator strikes its own everywhere: in the memo too.
	i, err := contain.OpenIncident(ctx, w.By(w.ID("mara")), "Ours is out", nil)
	if err != nil {
		t.Fatal(err)
	}
	done, err := contain.Contain(ctx, w.By(w.ID("mara")), i.ID, strike)
	if err != nil || len(done.Struck) != 3 {
		t.Errorf("the originator strikes %+v, %v: want report, memo and transcript", done, err)
	}
	if got := w.Texts(t, "ana", a.memo.Report); len(got) != 2 {
		t.Errorf("ana still reads %q", got)
	}
}

func TestDestroy(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	report := w.Publish(t, "mara", nil, "(U) Ours", "(U) "+cityText)
	i, err := contain.OpenIncident(ctx, w.By(w.ID("mara")), "Ours is out", nil)
	if err != nil {
		t.Fatal(err)
	}
	portion := report.Portions[1].ID
	if _, err := contain.Contain(ctx, w.By(w.ID("mara")), i.ID, contain.Plan{Strike: []cordon.ID{portion}}); err != nil {
		t.Fatal(err)
	}
	if err := contain.Destroy(ctx, w.By(w.ID("sol")), portion); err != error(cordon.ErrNotFound) {
		t.Errorf("another organisation destroys it: %v", err)
	}
	if err := contain.Destroy(ctx, w.By(w.ID("mara")), portion); err != nil {
		t.Fatal(err)
	}
	if _, err := contain.Custody(ctx, w.By(w.ID("mara")), portion); err != error(cordon.ErrNotFound) {
		t.Errorf("destroyed, custody gives %v", err)
	}
}

// TestAttemptsOnWhatIsAnothersAreInItsFeed: what is tried with another
// organisation's portions and refused is in that organisation's feed, once, with
// those portions and nothing of the incident's. On what is not there it is in the
// installation's feed alone.
func TestAttemptsOnWhatIsAnothersAreInItsFeed(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	a := setUp(t, w)
	own := w.Publish(t, "mara", nil, "(U) Ours", "(U) "+cityText)
	mine := w.Publish(t, "ana", nil, "(U) Mine").Portions[0].ID
	theirs := own.Portions[1].ID
	try := func(plan contain.Plan) {
		t.Helper()
		if _, err := contain.Contain(ctx, w.By(w.ID("sol")), a.incident, plan); err != error(cordon.ErrNotFound) {
			t.Errorf("%+v: %v", plan, err)
		}
	}
	i, err := contain.OpenIncident(ctx, w.By(w.ID("mara")), "Ours is out", nil)
	if err != nil {
		t.Fatal(err)
	}
	struck := w.Publish(t, "mara", nil, "(U) Struck").Portions[0].ID
	if _, err := contain.Contain(ctx, w.By(w.ID("mara")), i.ID, contain.Plan{Strike: []cordon.ID{struck}}); err != nil {
		t.Fatal(err)
	}
	try(contain.Plan{Strike: []cordon.ID{mine, theirs}})
	try(contain.Plan{Strike: []cordon.ID{mine, cordon.NewID()}})
	try(contain.Plan{Limit: []contain.Limit{{Report: own.Report, Circle: []cordon.ID{w.ID("sol")}}}})
	try(contain.Plan{Limit: []contain.Limit{{Report: cordon.NewID(), Circle: []cordon.ID{w.ID("sol")}}}})
	try(contain.Plan{Revoke: []cordon.ID{cordon.NewID()}})
	if err := contain.Destroy(ctx, w.By(w.ID("sol")), struck); err != error(cordon.ErrNotFound) {
		t.Errorf("destroyed: %v", err)
	}
	for did, want := range map[cordon.Act]struct {
		portions []cordon.ID // of the one entry in MERIDIAN's feed; none for no entry
		installs int         // entries in the installation's feed
	}{
		cordon.ActStrike:  {[]cordon.ID{theirs}, 2},
		cordon.ActLimit:   {[]cordon.ID{}, 2}, // of the whole report
		cordon.ActRevoke:  {nil, 1},
		cordon.ActDestroy: {[]cordon.ID{struck}, 1},
	} {
		entries := w.Feed(t, "MERIDIAN", did, cordon.OutcomeRefused)
		if want.portions == nil && len(entries) != 0 || want.portions != nil && len(entries) != 1 {
			t.Fatalf("%s: MERIDIAN's feed has %+v", did, entries)
		}
		slices.Sort(want.portions)
		for _, e := range entries {
			if did == cordon.ActLimit && e.Subject != own.Report {
				t.Errorf("limit: the entry is about %s, want the report", e.Subject)
			}
			if !slices.Equal(e.Portions, want.portions) || e.Actor != w.ActorIn(e.Feed, e.ActorOrg, w.ID("sol")) || e.Subject == a.incident {
				t.Errorf("%s: the entry is %+v, want portions %v", did, e, want.portions)
			}
		}
		if got := w.Feed(t, "", did, cordon.OutcomeRefused); len(got) != want.installs {
			t.Errorf("%s: the installation's feed has %d entries, want %d", did, len(got), want.installs)
		}
		if got := w.Feed(t, "VALDOR", did, cordon.OutcomeRefused); len(got) != 0 {
			t.Errorf("%s: VALDOR's feed has %+v", did, got)
		}
	}
}

// TestADisclosureIsInTheFeedsConcerned: that a portion was found outside is in
// the feed of its owners, each with its own, and of the incident's organisation.
// A portion that the officer neither sees nor might strike is as one that is not
// there.
func TestADisclosureIsInTheFeedsConcerned(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	a := setUp(t, w)
	opened := len(w.Feed(t, "VALDOR", cordon.ActIncident, cordon.OutcomeAllowed))
	hidden := w.Publish(t, "mara", nil, "(U) Ours", "(U) "+cityText).Portions[1].ID
	note := func(portions ...cordon.ID) error {
		var plan contain.Plan
		for _, id := range portions {
			plan.Disclosed = append(plan.Disclosed, contain.Disclosed{Portion: id, Words: 7})
		}
		_, err := contain.Contain(ctx, w.By(w.ID("sol")), a.incident, plan)
		return err
	}
	if err := note(a.report.Portions[1].ID, hidden); err != error(cordon.ErrNotFound) {
		t.Errorf("withheld: %v", err)
	}
	if err := note(a.report.Portions[1].ID, cordon.NewID()); err != error(cordon.ErrNotFound) {
		t.Errorf("absent: %v", err)
	}
	if got := w.Feed(t, "MERIDIAN", cordon.ActIncident, cordon.OutcomeRefused); len(got) != 1 || !slices.Equal(got[0].Portions, []cordon.ID{hidden}) {
		t.Errorf("refused, MERIDIAN's feed has %+v", got)
	}
	if err := note(a.report.Portions[1].ID); err != nil {
		t.Fatal(err)
	}
	for org, want := range map[string][]cordon.ID{"MERIDIAN": {a.report.Portions[1].ID}, "VALDOR": nil} {
		got := w.Feed(t, org, cordon.ActIncident, cordon.OutcomeAllowed)
		if org == "VALDOR" {
			got = got[opened:]
		}
		if len(got) != 1 || !slices.Equal(got[0].Portions, want) || got[0].Subject != a.incident || got[0].Actor != w.ActorIn(got[0].Feed, got[0].ActorOrg, w.ID("sol")) {
			t.Errorf("the feed of %s has %+v, want one entry with %v", org, got, want)
		}
	}
	if i, err := contain.Find(ctx, w.By(w.ID("sol")), a.incident); err != nil || len(i.Disclosures) != 1 {
		t.Errorf("the incident has %+v, %v", i.Disclosures, err)
	}
}
