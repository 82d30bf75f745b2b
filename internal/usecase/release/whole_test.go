package release_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/notice"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/writing"
)

// person adds one to an organisation.
func person(t *testing.T, w *casetest.World, org, name string, roles ...cordon.Role) cordon.ID {
	t.Helper()
	p, err := people.AddPerson(context.Background(), w.Local(), cordon.Person{
		Org: w.ID(org), Name: name, Roles: roles, Clearances: map[string]string{"us": "S"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Person[name] = p
	return p.ID
}

// notices are the texts of an inbox.
func notices(t *testing.T, w *casetest.World, person string) (texts []string) {
	t.Helper()
	list, err := notice.List(context.Background(), w.By(w.ID(person)), cordon.Cursor{}, 50)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range list {
		texts = append(texts, n.Text)
	}
	return texts
}

func kind(t *testing.T, what string, err error, want cordon.Kind) {
	t.Helper()
	if err == nil || cordon.KindOf(err) != want {
		t.Errorf("%s: %v, want %s", what, err, want)
	}
}

// TestAnOwnerSeesItsPartAndNothingOfTheOthers: not their names, not their
// portions, not how many there are, until one lets it know; and of a paragraph
// that is theirs too, not a word.
func TestAnOwnerSeesItsPartAndNothingOfTheOthers(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	m := memo(t, w)
	ask(t, w, m.Report)
	mine := part(t, w, "mara")
	if len(mine.Portions) != 1 || len(mine.Others) != 0 || mine.Owner != w.ID("MERIDIAN") || mine.RequestState != release.Open {
		t.Errorf("her part is %+v", mine)
	}
	if mine.Portions[0].Readable || len(mine.Portions[0].Wording) != 32 {
		t.Errorf("of a memo not given to her: %+v", mine.Portions[0])
	}
	shown, err := reading.OpenPortions(ctx, w.By(w.ID("mara")), mine.ID, []cordon.ID{mine.Portions[0].ID})
	if err != nil || len(shown) != 0 {
		t.Errorf("she is shown %+v, %v", shown, err)
	}
	if refused := w.Feed(t, "VALDOR", cordon.ActRead, cordon.OutcomeRefused); len(refused) != 1 || refused[0].Subject != mine.ID {
		t.Errorf("that she asked is not in the other owner's feed: %+v", refused)
	}
	theirs := part(t, w, "sol")
	shown, err = reading.OpenPortions(ctx, w.By(w.ID("sol")), theirs.ID, []cordon.ID{theirs.Portions[1].ID, theirs.Portions[0].ID})
	if err != nil || len(shown) != 2 || shown[0].ID != theirs.Portions[1].ID {
		t.Errorf("sol's own is shown as %+v, %v", shown, err)
	}
	decide(t, w, "sol", release.Decision{})
	if others := part(t, w, "mara").Others; len(others) != 0 {
		t.Errorf("she is told of %v", others)
	}
	if _, err := release.OpenPart(ctx, w.By(w.ID("mara")), theirs.ID); err != error(cordon.ErrNotFound) {
		t.Errorf("another's part: %v", err)
	}
	if _, err := release.OpenRequest(ctx, w.By(w.ID("mara")), mine.Request); err != error(cordon.ErrNotFound) {
		t.Errorf("the whole request: %v", err)
	}
	for _, text := range notices(t, w, "mara") {
		for _, secret := range []string{string(theirs.ID), "2 of", "courier", "Friday"} {
			if strings.Contains(text, secret) {
				t.Errorf("her notice has %q: %s", secret, text)
			}
		}
	}
	w.AbsentFromFiles(t, "the meeting on Friday", "harbour town")

	second := ask(t, w, m.Report)
	decide(t, w, "sol", release.Decision{Known: true})
	if others := part(t, w, "mara").Others; !slices.Equal(others, []cordon.ID{w.ID("VALDOR")}) || second.ID == mine.Request {
		t.Errorf("let know, she is told of %v", others)
	}
}

func TestAPlanFilesNothing(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	m := memo(t, w)
	plan, err := release.Preview(ctx, w.By(w.ID("ana")), release.RequestDraft{Report: m.Report, Audience: w.ID("TARSIS")})
	if err != nil || len(plan.Paragraphs) != 3 {
		t.Fatalf("%+v, %v", plan, err)
	}
	if p := plan.Paragraphs; len(p[1].Missing) != 2 || len(p[2].Missing) != 1 || p[1].Clear || p[1].Excluded || p[1].RuledOut != "" {
		t.Errorf("planned %+v", p)
	}
	if parts, _, err := release.Parts(ctx, w.By(w.ID("mara")), cordon.Cursor{}, 0); err != nil || len(parts) != 0 {
		t.Errorf("a plan filed %+v, %v", parts, err)
	}
	if told := notices(t, w, "mara"); len(told) != 0 {
		t.Errorf("a plan told %q", told)
	}
	if seen := w.Feed(t, "MERIDIAN", cordon.ActCheck, cordon.OutcomeAllowed); len(seen) != 1 || seen[0].Audience != w.ID("TARSIS") || len(seen[0].Portions) != 1 {
		t.Errorf("that it was considered: %+v", seen)
	}
	hidden := w.Publish(t, "theo", nil, "(U) Hidden", "(U) Hidden.")
	_, err = release.Preview(ctx, w.By(w.ID("ana")), release.RequestDraft{Portions: []cordon.ID{hidden.Portions[1].ID}, Audience: w.ID("MERIDIAN")})
	if err != error(cordon.ErrNotFound) {
		t.Errorf("a plan for what is withheld: %v", err)
	}
	ask := release.RequestDraft{Portions: []cordon.ID{hidden.Portions[1].ID}, Audience: w.ID("MERIDIAN")}
	if _, err := release.Ask(ctx, w.By(w.ID("ana")), ask); err != error(cordon.ErrNotFound) {
		t.Errorf("asking for what is withheld: %v", err)
	}
	for act, n := range map[cordon.Act]int{cordon.ActCheck: 1, cordon.ActRequest: 1} {
		if refused := w.Feed(t, "TARSIS", act, cordon.OutcomeRefused); len(refused) != n || !slices.Equal(refused[0].Portions, ask.Portions) {
			t.Errorf("%s, refused, in its owner's feed: %+v", act, refused)
		}
	}
}

// TestTwoPeopleDecideTogether where the arrangement asks for it, over lineage.
func TestTwoPeopleDecideTogether(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		a := w.Arrange(t, "mara", arrangement.Draft{
			Name: "QUIET LANE", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR")},
			Terms: cordon.Terms{TwoPersons: true, Longest: 48 * time.Hour},
		})
		second := person(t, w, "MERIDIAN", "max", cordon.RoleReader, cordon.RoleReleaseAuthority)
		draft := w.Draft(t, nil, "(U) Harbour notes", "(U) "+cityText)
		draft.Arrangement = a.ID
		report, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		draft = w.Draft(t, nil, "(U) Memo", "(U) A courier was in a harbour town.")
		draft.Kind, draft.Portions[0].Sources = cordon.ReportMemo, []cordon.ID{report.Portions[1].ID}
		m, err := writing.Publish(ctx, w.By(w.ID("ana")), draft)
		if err != nil {
			t.Fatal(err)
		}
		portion := m.Portions[1].ID
		r, err := release.Ask(ctx, w.By(w.ID("ana")), release.RequestDraft{Portions: []cordon.ID{portion}, Audience: w.ID("TARSIS")})
		if err != nil {
			t.Fatal(err)
		}
		mine := part(t, w, "mara")
		if !mine.TwoPersons {
			t.Errorf("her part does not say that it takes two: %+v", mine)
		}
		yes := release.Decision{Grant: []cordon.ID{portion}, Reason: "for the ferries"}
		yes.Until = w.Clock.Now().Add(72 * time.Hour)
		_, err = release.Decide(ctx, w.By(w.ID("mara")), mine.ID, yes)
		kind(t, "longer than the arrangement lets it run", err, cordon.KindInvalid)
		yes.Until = time.Time{}
		proposed, err := release.Decide(ctx, w.By(w.ID("mara")), mine.ID, yes)
		if err != nil || proposed.State != cordon.PartProposed || proposed.Proposal == "" || proposed.Proposer != w.ID("mara") {
			t.Fatalf("proposed %+v, %v", proposed, err)
		}
		seen, err := release.OpenRequest(ctx, w.By(w.ID("ana")), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range seen.Parts {
			if p.State != cordon.PartPending || p.Granted != nil || p.Reason != "" || p.Proposal != "" || p.Proposer != "" {
				t.Errorf("the requester is shown a proposal: %+v", p)
			}
		}
		_, err = release.Confirm(ctx, w.By(w.ID("mara")), mine.ID, proposed.Proposal)
		kind(t, "one person twice", err, cordon.KindConflict)
		_, err = release.Confirm(ctx, w.By(second), mine.ID, cordon.NewID())
		kind(t, "confirming what was not seen", err, cordon.KindConflict)
		again, err := release.Decide(ctx, w.By(second), mine.ID, release.Decision{Grant: []cordon.ID{portion}, ShownOnly: true})
		if err != nil || again.State != cordon.PartProposed {
			t.Fatalf("another decision begins anew: %+v, %v", again, err)
		}
		_, err = release.Confirm(ctx, w.By(w.ID("mara")), mine.ID, proposed.Proposal)
		kind(t, "confirming what was replaced", err, cordon.KindConflict)
		if _, err := release.Confirm(ctx, w.By(w.ID("sol")), mine.ID, again.Proposal); err != error(cordon.ErrNotFound) {
			t.Errorf("another organisation confirms: %v", err)
		}
		done, err := release.Confirm(ctx, w.By(w.ID("mara")), mine.ID, again.Proposal)
		if err != nil || done.State != cordon.PartGranted || !done.ShownOnly {
			t.Fatalf("confirmed %+v, %v", done, err)
		}
		// VALDOR is a party too, and its part takes two.
		own := decide(t, w, "sol", release.Decision{})
		third := person(t, w, "VALDOR", "vic", cordon.RoleReleaseAuthority)
		if _, err := release.Confirm(ctx, w.By(third), own.ID, own.Proposal); err != nil {
			t.Fatal(err)
		}
		give(t, w, r.ID)
		if read := w.Texts(t, "theo", m.Report); len(read) != 1 {
			t.Errorf("released, theo reads %q", read)
		}
		_, err = reading.Open(ctx, w.By(w.ID("theo")), string(m.Report), cordon.ActExport)
		kind(t, "exporting what is shown only", err, cordon.KindDenied)
		refused := w.Feed(t, "MERIDIAN", cordon.ActExport, cordon.OutcomeRefused)
		if len(refused) != 1 || !slices.Equal(refused[0].Reasons, []string{"shown-only"}) {
			t.Errorf("the refusal in its feed: %+v", refused)
		}
		w.Clock.Advance(48*time.Hour + time.Second)
		if read := w.Texts(t, "theo", m.Report); read != nil {
			t.Errorf("after the longest time that the arrangement lets it run theo reads %q", read)
		}
		w.AbsentFromFiles(t, "for the ferries")
	})
}

// TestWhatAnArrangementRulesOut is not asked for, and an arrangement that who
// asks may not see is not named.
func TestWhatAnArrangementRulesOut(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	for onward, open := range map[cordon.Onward]bool{cordon.OnwardNever: false, cordon.OnwardParties: false, cordon.OnwardAsk: true} {
		a := w.Arrange(t, "mara", arrangement.Draft{
			Name: "LANE " + string(onward), Mark: "U", Parties: []cordon.ID{w.ID("VALDOR")}, Terms: cordon.Terms{Onward: onward},
		})
		draft := w.Draft(t, nil, "(U) Notes "+string(onward), "(U) Said of "+string(onward)+".")
		draft.Arrangement = a.ID
		report, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		ask := release.RequestDraft{Portions: []cordon.ID{report.Portions[1].ID}, Audience: w.ID("TARSIS")}
		plan, err := release.Preview(ctx, w.By(w.ID("ana")), ask)
		if err != nil || (plan.Paragraphs[0].RuledOut == "") != open {
			t.Errorf("%s: planned %+v, %v", onward, plan, err)
		}
		_, err = release.Ask(ctx, w.By(w.ID("ana")), ask)
		if open && err != nil || !open && (cordon.KindOf(err) != cordon.KindConflict || !strings.Contains(err.Error(), "LANE "+string(onward))) {
			t.Errorf("%s: asked: %v", onward, err)
		}
	}
	hidden := w.Arrange(t, "mara", arrangement.Draft{
		Name: "SECRET LANE", Mark: "S//REL TO USA, FRA, GBR", Parties: []cordon.ID{w.ID("TARSIS")}, Terms: cordon.Terms{Onward: cordon.OnwardNever},
	})
	draft := w.Draft(t, []string{"VALDOR"}, "(U) Notes", "(U) "+cityText)
	draft.Arrangement = hidden.ID
	report, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
	if err != nil {
		t.Fatal(err)
	}
	_, err = release.Ask(ctx, w.By(w.ID("ana")), release.RequestDraft{Report: report.Report, Audience: w.ID("HUB")})
	kind(t, "ruled out by what she may not see", err, cordon.KindConflict)
	if err != nil && (strings.Contains(err.Error(), "LANE") || strings.Contains(err.Error(), "arrangement") || strings.Contains(err.Error(), "TARSIS")) {
		t.Errorf("she is told of it: %v", err)
	}
}

// TestAGrantToSomePeople opens to those and to nobody else of the audience.
func TestAGrantToSomePeople(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		person(t, w, "TARSIS", "tess", cordon.RoleReader)
		m := memo(t, w)
		r := ask(t, w, m.Report)
		_, err := release.Decide(ctx, w.By(w.ID("sol")), part(t, w, "sol").ID, release.Decision{
			Grant: []cordon.ID{m.Portions[1].ID}, People: []cordon.ID{w.ID("ana")},
		})
		kind(t, "to somebody of another organisation", err, cordon.KindInvalid)
		decide(t, w, "sol", release.Decision{})
		decide(t, w, "mara", release.Decision{People: []cordon.ID{w.ID("theo")}})
		give(t, w, r.ID)
		node := w.Node(t)
		if read := node.Texts(t, "theo", m.Report); len(read) != 3 {
			t.Errorf("named, theo reads %q", read)
		}
		if read := node.Texts(t, "tess", m.Report); len(read) != 2 {
			t.Errorf("not named, she reads %q", read)
		}
		found, err := reading.Search(ctx, node.By(w.ID("tess")), reading.Query{Text: "courier"})
		if err != nil || len(found.Hits) != 0 {
			t.Errorf("not named, she finds %+v, %v", found, err)
		}
		// To the organisation as a whole the permission is missing still.
		plan, err := release.Preview(ctx, w.By(w.ID("ana")), release.RequestDraft{Report: m.Report, Audience: w.ID("TARSIS")})
		if err != nil || !slices.Equal(plan.Paragraphs[1].Missing, []cordon.ID{w.ID("MERIDIAN")}) || !plan.Paragraphs[2].Clear {
			t.Errorf("planned %+v, %v", plan, err)
		}
	})
}

// TestOnlyInTheWordingTheySaw: whatever was asked or granted for a report ends
// when a paragraph of it is worded otherwise.
func TestOnlyInTheWordingTheySaw(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		m := memo(t, w)
		r := ask(t, w, m.Report)
		open := ask(t, w, m.Report)
		for _, id := range []cordon.ID{r.ID, open.ID} {
			for _, p := range must(release.OpenRequest(ctx, w.By(w.ID("ana")), id))(t).Parts {
				var ids []cordon.ID
				for _, portion := range p.Portions {
					ids = append(ids, portion.ID)
				}
				who := map[bool]cordon.ID{true: w.ID("mara"), false: w.ID("sol")}[p.Owner == w.ID("MERIDIAN")]
				must(release.Decide(ctx, w.By(who), p.ID, release.Decision{Grant: ids}))(t)
			}
		}
		give(t, w, r.ID)
		if read := w.Texts(t, "theo", m.Report); len(read) != 3 {
			t.Fatalf("released, theo reads %q", read)
		}
		const better = "A courier was in a small town by the water."
		revised, err := writing.Revise(ctx, w.By(w.ID("ana")), string(m.Report), m.Portions[1].ID, writing.Revision{Text: better})
		if err != nil {
			t.Fatal(err)
		}
		if len(revised.Owners) != 2 {
			t.Errorf("the new wording is owned by %v", revised.Owners)
		}
		node := w.Node(t)
		if read := node.Texts(t, "theo", m.Report); read != nil {
			t.Errorf("the wording was changed and on another node theo still reads %q", read)
		}
		if read := node.Texts(t, "ana", m.Report); !slices.Equal(read, []string{"Memo", better, "Our own view of it."}) {
			t.Errorf("she reads %q", read)
		}
		for _, id := range []cordon.ID{r.ID, open.ID} {
			if out := must(release.OpenRequest(ctx, w.By(w.ID("ana")), id))(t); out.State != release.Void || out.Parts[0].State != cordon.PartVoid {
				t.Errorf("the request is %+v", out)
			}
		}
		_, err = release.Release(ctx, w.By(w.ID("ana")), open.ID, nil)
		kind(t, "releasing what is void", err, cordon.KindConflict)
		found, err := reading.Search(ctx, w.By(w.ID("ana")), reading.Query{Text: "harbour town"})
		if err != nil || slices.ContainsFunc(found.Hits, func(h reading.Hit) bool { return h.ID == m.Portions[1].ID }) {
			t.Errorf("the old wording is found: %+v, %v", found, err)
		}
		if _, err := writing.Revise(ctx, w.By(w.ID("ana")), string(m.Report), m.Portions[1].ID, writing.Revision{Text: better}); err != error(cordon.ErrNotFound) {
			t.Errorf("revising the old one: %v", err)
		}
		if _, err := writing.Revise(ctx, w.By(w.ID("theo")), string(m.Report), revised.ID, writing.Revision{Text: better}); err != error(cordon.ErrNotFound) {
			t.Errorf("another organisation revises: %v", err)
		}
		ended := w.Feed(t, "MERIDIAN", cordon.ActRevoke, cordon.OutcomeAllowed)
		if len(ended) != 1 || !slices.Equal(ended[0].Reasons, []string{"revised"}) {
			t.Errorf("the end in the owner's feed: %+v", ended)
		}
		if n := len(w.Feed(t, "MERIDIAN", cordon.ActVoid, cordon.OutcomeAllowed)); n != 2 {
			t.Errorf("%d requests became void in its feed", n)
		}
		told := strings.Join(notices(t, w, "mara"), "\n")
		if !strings.Contains(told, "is void: the wording was changed") || strings.Contains(told, "small town") {
			t.Errorf("the owner is told:\n%s", told)
		}
		w.AbsentFromFiles(t, "small town", "harbour town")
	})
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestOwnersAreRemindedOnce, whichever nodes do it and however often.
func TestOwnersAreRemindedOnce(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		m := memo(t, w)
		ask(t, w, m.Report)
		decide(t, w, "sol", release.Decision{})
		withdrawn := ask(t, w, m.Report)
		must(release.Withdraw(ctx, w.By(w.ID("ana")), withdrawn.ID))(t)
		reminders := func(person string) (n int) {
			for _, text := range notices(t, w, person) {
				if strings.Contains(text, "waits for you still") {
					n++
				}
			}
			return n
		}
		w.Clock.Advance(release.DefaultExpiry*3/4 - time.Minute)
		if n, err := release.Remind(ctx, w.Base); err != nil || n != 0 || reminders("mara") != 0 {
			t.Errorf("before it is time: %d, %v", n, err)
		}
		w.Clock.Advance(2 * time.Minute)
		node := w.Node(t)
		var all sync.WaitGroup
		for _, s := range []*act.Base{w.Base, node.Base, w.Base, node.Base} {
			all.Add(1)
			go func() {
				defer all.Done()
				if _, err := release.Remind(ctx, s); err != nil {
					t.Error(err)
				}
			}()
		}
		all.Wait()
		if mara, sol := reminders("mara"), reminders("sol"); mara != 1 || sol != 0 {
			t.Errorf("the one who has not decided has %d reminders, the other %d", mara, sol)
		}
		w.Clock.Advance(release.DefaultExpiry)
		if n, err := release.Remind(ctx, w.Base); err != nil || n != 0 {
			t.Errorf("once more: %d, %v", n, err)
		}
	})
}

// TestARequestEnds by being withdrawn or by its time, and then nothing of it can
// be decided or released; a consent can be taken back until then.
func TestARequestEnds(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	m := memo(t, w)
	r := ask(t, w, m.Report)
	decide(t, w, "sol", release.Decision{})
	mine := decide(t, w, "mara", release.Decision{})
	if out, err := release.Decide(ctx, w.By(w.ID("mara")), mine.ID, release.Decision{Reason: "no longer"}); err != nil || out.State != cordon.PartRefused {
		t.Errorf("taking a consent back: %+v, %v", out, err)
	}
	_, err := release.Release(ctx, w.By(w.ID("ana")), r.ID, nil)
	kind(t, "released though it was taken back", err, cordon.KindConflict)
	if err != nil && !strings.Contains(err.Error(), string(m.Portions[1].ID)) {
		t.Errorf("it does not say which: %v", err)
	}
	if _, err := release.Withdraw(ctx, w.By(w.ID("theo")), r.ID); err != error(cordon.ErrNotFound) {
		t.Errorf("another withdraws: %v", err)
	}
	if out := must(release.Withdraw(ctx, w.By(w.ID("ana")), r.ID))(t); out.State != release.Withdrawn {
		t.Errorf("withdrawn, it is %s", out.State)
	}
	_, err = release.Release(ctx, w.By(w.ID("ana")), r.ID, nil)
	kind(t, "releasing what was withdrawn", err, cordon.KindConflict)
	_, err = release.Withdraw(ctx, w.By(w.ID("ana")), r.ID)
	kind(t, "withdrawing twice", err, cordon.KindConflict)
	if told := notices(t, w, "mara"); !strings.Contains(told[0], "withdrew the request of part "+string(mine.ID)) {
		t.Errorf("the owner is told %q", told)
	}

	second := ask(t, w, m.Report)
	decide(t, w, "sol", release.Decision{})
	decide(t, w, "mara", release.Decision{})
	w.Clock.Advance(release.DefaultExpiry)
	_, err = release.Release(ctx, w.By(w.ID("ana")), second.ID, nil)
	kind(t, "releasing what has expired", err, cordon.KindConflict)
	if read := w.Texts(t, "theo", m.Report); read != nil {
		t.Errorf("nothing was released; theo reads %q", read)
	}
}
