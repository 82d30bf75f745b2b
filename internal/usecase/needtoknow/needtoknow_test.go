package needtoknow_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/needtoknow"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

var ctx = context.Background()

// group makes one of VALDOR's.
func group(t *testing.T, w *casetest.World, name string, people ...string) cordon.ID {
	t.Helper()
	draft := needtoknow.GroupDraft{Name: name}
	for _, p := range people {
		draft.People = append(draft.People, w.ID(p))
	}
	g, err := needtoknow.AddGroup(ctx, w.By(w.ID("sol")), draft)
	if err != nil {
		t.Fatal(err)
	}
	return g.ID
}

func regroup(t *testing.T, w *casetest.World, id cordon.ID, everyone bool, people ...string) {
	t.Helper()
	draft := needtoknow.GroupDraft{Name: "Harbour desk " + string(id), Everyone: everyone}
	for _, p := range people {
		draft.People = append(draft.People, w.ID(p))
	}
	if _, err := needtoknow.ChangeGroup(ctx, w.By(w.ID("sol")), id, draft); err != nil {
		t.Fatal(err)
	}
}

// reads fails unless just those of the people may read something of the report,
// on both nodes.
func reads(t *testing.T, when string, nodes []*casetest.World, report cordon.ID, want ...string) {
	t.Helper()
	for i, w := range nodes {
		for _, person := range []string{"ana", "sol", "mara", "theo"} {
			if got := w.Texts(t, person, report); (got != nil) != slices.Contains(want, person) {
				t.Errorf("%s, node %d: %s reads %q", when, i, person, got)
			}
		}
	}
}

// TestARecipientNarrowsWithinItself: a report, and what was and will be made of
// it, is for the group alone of the organisation's people, from the next request
// on, and for everybody else as it was.
func TestARecipientNarrowsWithinItself(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		nodes := []*casetest.World{w, w.Node(t)}
		report := w.Publish(t, "mara", []string{"VALDOR", "TARSIS"}, "(S//REL TO USA, FRA, GBR) A title", "(S//REL TO USA, FRA, GBR) The ferry is late.")
		derive := func(person, title string) writing.Published {
			draft := w.Draft(t, []string{"MERIDIAN", "VALDOR", "TARSIS"}, "(U) "+title)
			draft.Kind, draft.Title.Sources = cordon.ReportMemo, []cordon.ID{report.Portions[1].ID}
			out, err := writing.Publish(ctx, w.By(w.ID(person)), draft)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		before := derive("ana", "What was made of it")
		theirs := derive("theo", "What others made of it")
		all := []string{"ana", "sol", "mara", "theo"}
		reads(t, "at first", nodes, report.Report, all...)

		g := group(t, w, "Harbour desk", "sol")
		if _, err := needtoknow.Report(ctx, w.By(w.ID("sol")), report.Report, needtoknow.To{Group: g}); err != nil {
			t.Fatal(err)
		}
		others := []string{"sol", "mara", "theo"}
		reads(t, "narrowed", nodes, report.Report, others...)
		reads(t, "the memo of before", nodes, before.Report, others...)
		reads(t, "another's memo", nodes, theirs.Report, others...)
		reads(t, "a memo of afterwards", nodes, derive("theo", "What was made of it later").Report, others...)
		for _, n := range nodes {
			found, err := reading.Search(ctx, n.By(w.ID("ana")), reading.Query{Text: "ferry"})
			if err != nil || len(found.Hits) > 0 {
				t.Errorf("ana finds %+v, %v", found, err)
			}
			items, _, err := reading.List(ctx, n.By(w.ID("ana")), reading.Page{Limit: 10})
			if err != nil || len(items) > 0 {
				t.Errorf("ana lists %+v, %v", items, err)
			}
		}
		if _, err := reading.Open(ctx, w.By(w.ID("ana")), string(report.Report), cordon.ActExport); err != error(cordon.ErrNotFound) {
			t.Errorf("ana exports it: %v", err)
		}

		// A change of the group rules the next request; a second narrowing adds to it.
		regroup(t, w, g, false, "ana", "sol")
		reads(t, "ana is taken in", nodes, report.Report, all...)
		if _, err := needtoknow.Report(ctx, w.By(w.ID("ana")), report.Report, needtoknow.To{Group: g}); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("somebody who is no security officer narrows: %v", err)
		}
		n, err := needtoknow.Report(ctx, w.By(w.ID("sol")), report.Report, needtoknow.To{People: []cordon.ID{w.ID("sol")}})
		if err != nil {
			t.Fatal(err)
		}
		reads(t, "narrowed again", nodes, report.Report, others...)
		regroup(t, w, g, true)
		reads(t, "one of two opened to everyone", nodes, report.Report, others...)
		regroup(t, w, n.Group, true)
		reads(t, "both opened to everyone", nodes, report.Report, all...)
		regroup(t, w, g, false, "sol")
		reads(t, "shut again", nodes, report.Report, others...)

		// Containment goes on under it, and what is struck stays shut.
		incident, err := contain.OpenIncident(ctx, w.By(w.ID("sol")), "It is out", []cordon.ID{w.ID("ana")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := contain.Contain(ctx, w.By(w.ID("sol")), incident.ID, contain.Plan{Strike: []cordon.ID{before.Portions[0].ID}}); err != nil {
			t.Fatal(err)
		}
		if _, err := contain.Custody(ctx, w.By(w.ID("sol")), before.Portions[0].ID); err != nil {
			t.Errorf("a custodian in the group: %v", err)
		}
		if _, err := contain.Custody(ctx, w.By(w.ID("ana")), before.Portions[0].ID); err != error(cordon.ErrNotFound) {
			t.Errorf("a custodian outside the group reads what was struck: %v", err)
		}
		w.AbsentFromFiles(t, "Harbour desk")
	})
}

// TestAnArrangementIsNarrowed: what is there and what comes, of every writer;
// and the other parties are shown the same, byte for byte, and told nothing.
func TestAnArrangementIsNarrowed(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		nodes := []*casetest.World{w, w.Node(t)}
		lane := w.Arrange(t, "mara", arrangement.Draft{
			Name: "QUIET LANE", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR"), w.ID("TARSIS")}, Terms: cordon.Terms{Withheld: cordon.WithheldShowMark},
		})
		under := func(person, title string) cordon.ID {
			draft := w.Draft(t, nil, "(U) "+title, "(S//NF) And what not everybody reads.")
			draft.Arrangement = lane.ID
			out, err := writing.Publish(ctx, w.By(w.ID(person)), draft)
			if err != nil {
				t.Fatal(err)
			}
			return out.Report
		}
		report, beside := under("mara", "Shared before"), w.Publish(t, "mara", []string{"VALDOR"}, "(U) Shared beside it").Report
		shown := func(person string) (all []any) {
			for _, r := range []cordon.ID{report, beside} {
				out, err := reading.Open(ctx, w.By(w.ID(person)), string(r), cordon.ActRead)
				items, _, listed := reading.List(ctx, w.By(w.ID(person)), reading.Page{Limit: 10})
				all = append(all, out, fmt.Sprint(err), items, fmt.Sprint(listed))
			}
			return all
		}
		owner, third := shown("mara"), shown("theo")

		g := group(t, w, "Harbour desk", "sol")
		if _, err := needtoknow.Arrangement(ctx, w.By(w.ID("sol")), lane.ID, needtoknow.To{Group: g}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(owner, shown("mara")); d != "" {
			t.Errorf("the owner is shown something else:\n%s", d)
		}
		if d := cmp.Diff(third, shown("theo")); d != "" {
			t.Errorf("the third party is shown something else:\n%s", d)
		}
		others := []string{"sol", "mara", "theo"}
		reads(t, "of before", nodes, report, others...)
		reads(t, "of afterwards", nodes, under("mara", "Shared afterwards"), others...)
		reads(t, "the organisation's own", nodes, under("ana", "Written by one of them"), others...)
		reads(t, "what is not under it", nodes, beside, "ana", "sol", "mara")

		for name, want := range map[string]int{"VALDOR": 2, "MERIDIAN": 0, "TARSIS": 0, "HUB": 0, "": 0} {
			if n := len(w.Feed(t, name, cordon.ActNarrow, cordon.OutcomeAllowed)) + len(w.Feed(t, name, cordon.ActGroup, cordon.OutcomeAllowed)); n != want {
				t.Errorf("the feed of %q has %d lines of it, want %d", name, n, want)
			}
		}
		refused := w.Feed(t, "MERIDIAN", cordon.ActRead, cordon.OutcomeRefused)
		if i := slices.IndexFunc(refused, func(e cordon.Entry) bool { return e.ActorOrg == w.ID("VALDOR") }); i < 0 || !slices.Equal(refused[i].Reasons, []string{"need-to-know"}) {
			t.Errorf("the owner is told %+v of a reader who was refused", refused)
		}
		list, err := needtoknow.Narrowings(ctx, w.By(w.ID("sol")))
		if err != nil || len(list) != 1 || list[0].Group != g || list[0].Arrangement != lane.ID {
			t.Errorf("narrowed: %+v, %v", list, err)
		}
	})
}

// TestWhatIsAnothersIsNotThere: groups, reports and arrangements, and nothing
// done for those who may not.
func TestWhatIsAnothersIsNotThere(t *testing.T) {
	w := casetest.New(t)
	mine := group(t, w, "Harbour desk", "sol")
	foreign, err := needtoknow.AddGroup(ctx, w.By(w.ID("mara")), needtoknow.GroupDraft{Name: "Harbour desk", Everyone: true})
	if err != nil {
		t.Fatal(err)
	}
	given := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Given").Report
	kept := w.Publish(t, "mara", nil, "(U) Kept").Report
	lane := w.Arrange(t, "mara", arrangement.Draft{Name: "QUIET LANE", Mark: "U", Parties: []cordon.ID{w.ID("TARSIS")}}).ID
	narrow := func(person string, report cordon.ID, to needtoknow.To) error {
		_, err := needtoknow.Report(ctx, w.By(w.ID(person)), report, to)
		return err
	}
	lay := func(person string, to needtoknow.To) error {
		_, err := needtoknow.Arrangement(ctx, w.By(w.ID(person)), lane, to)
		return err
	}
	change := func(person string, id cordon.ID, draft needtoknow.GroupDraft) error {
		_, err := needtoknow.ChangeGroup(ctx, w.By(w.ID(person)), id, draft)
		return err
	}
	add := func(person string, draft needtoknow.GroupDraft) error {
		_, err := needtoknow.AddGroup(ctx, w.By(w.ID(person)), draft)
		return err
	}
	everyone := needtoknow.GroupDraft{Name: "x", Everyone: true}
	for name, tt := range map[string]struct {
		err  error
		kind cordon.Kind
	}{
		"another's report":           {narrow("sol", kept, needtoknow.To{Group: mine}), cordon.KindNotFound},
		"no report":                  {narrow("sol", cordon.NewID(), needtoknow.To{Group: mine}), cordon.KindNotFound},
		"another's arrangement":      {lay("sol", needtoknow.To{Group: mine}), cordon.KindNotFound},
		"to another's group":         {narrow("sol", given, needtoknow.To{Group: foreign.ID}), cordon.KindNotFound},
		"to no group":                {narrow("sol", given, needtoknow.To{Group: cordon.NewID()}), cordon.KindNotFound},
		"to nobody":                  {narrow("sol", given, needtoknow.To{}), cordon.KindInvalid},
		"to a group and people":      {narrow("sol", given, needtoknow.To{Group: mine, People: []cordon.ID{w.ID("sol")}}), cordon.KindInvalid},
		"to another's people":        {narrow("sol", given, needtoknow.To{People: []cordon.ID{w.ID("mara")}}), cordon.KindInvalid},
		"to people who are not":      {narrow("sol", given, needtoknow.To{People: []cordon.ID{cordon.NewID()}}), cordon.KindInvalid},
		"to too many":                {narrow("sol", given, needtoknow.To{People: make([]cordon.ID, cordon.MaxCircle+1)}), cordon.KindTooLarge},
		"by an author":               {narrow("ana", given, needtoknow.To{Group: mine}), cordon.KindDenied},
		"another's group is changed": {change("sol", foreign.ID, everyone), cordon.KindNotFound},
		"an author changes a group":  {change("ana", mine, everyone), cordon.KindDenied},
		"another's people let in":    {change("sol", mine, needtoknow.GroupDraft{Name: "x", People: []cordon.ID{w.ID("mara")}}), cordon.KindInvalid},
		"a group of nobody":          {change("sol", mine, needtoknow.GroupDraft{Name: "x"}), cordon.KindInvalid},
		"a group without a name":     {add("sol", needtoknow.GroupDraft{Everyone: true}), cordon.KindInvalid},
		"a name that is taken":       {add("sol", needtoknow.GroupDraft{Name: "Harbour desk", Everyone: true}), cordon.KindConflict},
		"a name too long":            {add("sol", needtoknow.GroupDraft{Name: string(make([]byte, cordon.MaxNameBytes+1)), Everyone: true}), cordon.KindTooLarge},
	} {
		if cordon.KindOf(tt.err) != tt.kind || tt.kind == cordon.KindNotFound && tt.err != error(cordon.ErrNotFound) {
			t.Errorf("%s: %v, want %v", name, tt.err, tt.kind)
		}
	}
	// Of all that its owner is told that somebody tried at its report and its group, and
	// nothing of what was to be narrowed to that.
	entries := w.Feed(t, "MERIDIAN", cordon.ActNarrow, cordon.OutcomeRefused)
	slices.SortFunc(entries, func(a, b cordon.Entry) int { return strings.Compare(string(b.Subject), string(a.Subject)) })
	want := []cordon.ID{kept, foreign.ID}
	slices.SortFunc(want, func(a, b cordon.ID) int { return strings.Compare(string(b), string(a)) })
	if len(entries) != 2 || entries[0].Subject != want[0] || entries[1].Subject != want[1] || entries[0].Audience+entries[1].Audience != "" {
		t.Errorf("MERIDIAN's feed has %+v", entries)
	}
	if got := w.Feed(t, "", cordon.ActNarrow, cordon.OutcomeRefused); len(got) != 6 {
		t.Errorf("the installation's feed has %d narrowings refused, want 5 of what is not there and 1 without the role", len(got))
	}
	if got := w.Feed(t, "", cordon.ActGroup, cordon.OutcomeRefused); len(got) != 2 {
		t.Errorf("the installation's feed has %d changes of groups refused, want 1 of another's and 1 without the role", len(got))
	}
	groups, err := needtoknow.Groups(ctx, w.By(w.ID("sol")))
	if err != nil || len(groups) != 1 || groups[0].Name != "Harbour desk" || groups[0].Everyone {
		t.Errorf("VALDOR's groups are %+v, %v", groups, err)
	}
	if list, err := needtoknow.Narrowings(ctx, w.By(w.ID("sol"))); err != nil || len(list) > 0 {
		t.Errorf("narrowed: %+v, %v", list, err)
	}
	if got := w.Texts(t, "ana", given); got == nil {
		t.Error("what was refused has shut somebody out")
	}
	if _, err := needtoknow.Groups(ctx, w.By(w.ID("root"))); err != nil {
		t.Errorf("HUB's own: %v", err)
	}
}
