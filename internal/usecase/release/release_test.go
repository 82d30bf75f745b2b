package release_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/notice"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/writing"
)

const cityText = "The courier met the quartermaster twice in Marrow Quay and counted eleven crates on the pier."

// memo publishes MERIDIAN's report to VALDOR and VALDOR's memo of it, and
// gives the memo.
func memo(t *testing.T, w *casetest.World) writing.Published {
	t.Helper()
	report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(U) "+cityText)
	draft := w.Draft(t, nil, "(U) Memo", "(U) A courier was in a harbour town.", "(U) Our own view of it.")
	draft.Kind = cordon.ReportMemo
	draft.Portions[0].Sources = []cordon.ID{report.Portions[1].ID}
	out, err := writing.Publish(context.Background(), w.By(w.ID("ana")), draft)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func ask(t *testing.T, w *casetest.World, report cordon.ID) release.Request {
	t.Helper()
	r, err := release.Ask(context.Background(), w.By(w.ID("ana")), release.RequestDraft{
		Report: report, Audience: w.ID("TARSIS"), Purpose: "the meeting on Friday",
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// part is the part of a request that waits for the person's organisation.
func part(t *testing.T, w *casetest.World, person string) release.Part {
	t.Helper()
	parts, _, err := release.Parts(context.Background(), w.By(w.ID(person)), cordon.Cursor{}, 0)
	if err != nil || len(parts) == 0 {
		t.Fatalf("parts of %s: %+v, %v", person, parts, err)
	}
	return parts[0]
}

func decide(t *testing.T, w *casetest.World, person string, d release.Decision) release.Part {
	t.Helper()
	p := part(t, w, person)
	if d.Grant == nil && d.Tearline == "" {
		for _, portion := range p.Portions {
			d.Grant = append(d.Grant, portion.ID)
		}
	}
	out, err := release.Decide(context.Background(), w.By(w.ID(person)), p.ID, d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// give releases what was agreed on, as the requester.
func give(t *testing.T, w *casetest.World, request cordon.ID, without ...cordon.ID) release.Request {
	t.Helper()
	out, err := release.Release(context.Background(), w.By(w.ID("ana")), request, without)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// grantOf is the grant that the person's part came to.
func grantOf(t *testing.T, w *casetest.World, person string) cordon.ID {
	t.Helper()
	id := part(t, w, person).Grant
	if id == "" {
		t.Fatalf("%s has no grant", person)
	}
	return id
}

func TestEveryOwnerMustConsent(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		m := memo(t, w)
		r := ask(t, w, m.Report)
		if len(r.Parts) != 2 {
			t.Fatalf("parts %+v, want one for each owner", r.Parts)
		}
		if read := w.Texts(t, "theo", m.Report); read != nil {
			t.Fatalf("before anybody consented theo reads %q", read)
		}
		// Each owner sees its own part, and its own portions in it.
		mine := part(t, w, "mara")
		if len(mine.Portions) != 1 || mine.Portions[0].ID != m.Portions[1].ID || mine.Purpose != "the meeting on Friday" {
			t.Errorf("the originator's part: %+v", mine)
		}
		if len(mine.Portions[0].Sources) != 1 {
			t.Errorf("the part does not lead to what it was made from: %+v", mine)
		}

		decide(t, w, "sol", release.Decision{})
		if _, err := release.Release(context.Background(), w.By(w.ID("ana")), r.ID, nil); cordon.KindOf(err) != cordon.KindConflict {
			t.Errorf("released though an owner has not answered: %v", err)
		}
		if read := w.Texts(t, "theo", m.Report); read != nil {
			t.Fatalf("VALDOR alone consented; theo reads %q", read)
		}
		decide(t, w, "mara", release.Decision{Until: w.Clock.Now().Add(time.Hour)})
		node := w.Node(t)
		if read := node.Texts(t, "theo", m.Report); read != nil {
			t.Fatalf("all consented and nothing is released yet; theo reads %q", read)
		}
		if out := give(t, w, r.ID); out.State != release.Released {
			t.Errorf("released: %+v", out)
		}
		if read := node.Texts(t, "theo", m.Report); len(read) != 3 {
			t.Fatalf("all consented; on another node theo reads %q", read)
		}
		found, err := reading.Search(context.Background(), node.By(w.ID("theo")), reading.Query{Text: "courier"})
		if err != nil || len(found.Hits) != 1 {
			t.Errorf("granted, theo finds %+v, %v", found.Hits, err)
		}
		items, _, err := reading.List(context.Background(), node.By(w.ID("theo")), reading.Page{})
		if err != nil || len(items) != 1 || items[0].Title != "Memo" {
			t.Errorf("granted, theo lists %+v, %v", items, err)
		}

		grant := grantOf(t, w, "mara")
		if err := release.Revoke(context.Background(), w.By(w.ID("mara")), grant); err != nil {
			t.Fatal(err)
		}
		if read := node.Texts(t, "theo", m.Report); len(read) != 2 {
			t.Errorf("revoked; on the other node theo still reads %q", read)
		}
		if err := release.Revoke(context.Background(), w.By(w.ID("mara")), grant); cordon.KindOf(err) != cordon.KindConflict {
			t.Errorf("revoked twice: %v", err)
		}
	})
}

func TestAGrantEnds(t *testing.T) {
	w := casetest.New(t)
	m := memo(t, w)
	r := ask(t, w, m.Report)
	decide(t, w, "sol", release.Decision{})
	decide(t, w, "mara", release.Decision{Until: w.Clock.Now().Add(time.Hour)})
	give(t, w, r.ID)
	w.Clock.Advance(59 * time.Minute)
	if read := w.Texts(t, "theo", m.Report); len(read) != 3 {
		t.Errorf("before its end theo reads %q", read)
	}
	w.Clock.Advance(time.Minute)
	if read := w.Texts(t, "theo", m.Report); len(read) != 2 {
		t.Errorf("at its end theo reads %q", read)
	}
}

func TestATearlineInPlaceOfTheOriginal(t *testing.T) {
	w := casetest.New(t)
	m := memo(t, w)
	r := ask(t, w, m.Report)
	line := w.Draft(t, []string{"VALDOR"}, "(U) Tearline", "(U) Goods are moving through a northern harbour.")
	line.Kind = cordon.ReportTearline
	tearline, err := writing.Publish(context.Background(), w.By(w.ID("mara")), line)
	if err != nil {
		t.Fatal(err)
	}
	out := decide(t, w, "mara", release.Decision{Tearline: tearline.Report, Reason: "the town gives the source away"})
	if out.State != cordon.PartOffered || out.Reason != "the town gives the source away" {
		t.Errorf("decided %+v", out)
	}
	decide(t, w, "sol", release.Decision{})
	if read := w.Texts(t, "theo", tearline.Report); read != nil {
		t.Errorf("before the release the tearline reads %q", read)
	}
	give(t, w, r.ID)
	if read := w.Texts(t, "theo", tearline.Report); len(read) != 2 {
		t.Errorf("the tearline reads %q", read)
	}
	if read := w.Texts(t, "theo", m.Report); !slices.Equal(read, []string{"Memo", "Our own view of it."}) {
		t.Errorf("the original was refused; theo reads %q", read)
	}
	requests, _, err := release.Requests(context.Background(), w.By(w.ID("ana")), cordon.Cursor{}, 0)
	if err != nil || len(requests) != 1 {
		t.Fatalf("%+v, %v", requests, err)
	}
	// Somebody else's report, and one that is not a tearline, are not to be offered.
	other := w.Publish(t, "ana", nil, "(U) Ours", "(U) Ours.")
	second := ask(t, w, m.Report)
	for _, p := range second.Parts {
		if p.Owner != w.ID("MERIDIAN") {
			continue
		}
		_, err := release.Decide(context.Background(), w.By(w.ID("mara")), p.ID, release.Decision{Tearline: other.Report})
		if err != error(cordon.ErrNotFound) {
			t.Errorf("offering another's report: %v", err)
		}
	}
}

func TestWhoMayDecide(t *testing.T) {
	w := casetest.New(t)
	m := memo(t, w)
	r := ask(t, w, m.Report)
	var mine, theirs cordon.ID
	for _, p := range r.Parts {
		if p.Owner == w.ID("MERIDIAN") {
			mine = p.ID
		} else {
			theirs = p.ID
		}
	}
	ctx := context.Background()
	if _, err := release.Decide(ctx, w.By(w.ID("mara")), theirs, release.Decision{}); err != error(cordon.ErrNotFound) {
		t.Errorf("deciding another owner's part: %v", err)
	}
	if _, err := release.Decide(ctx, w.By(w.ID("mara")), cordon.NewID(), release.Decision{}); err != error(cordon.ErrNotFound) {
		t.Errorf("deciding a part that is not there: %v", err)
	}
	if _, err := release.Decide(ctx, w.By(w.ID("ana")), theirs, release.Decision{}); cordon.KindOf(err) != cordon.KindDenied {
		t.Errorf("deciding without the role: %v", err)
	}
	stranger := w.Publish(t, "mara", nil, "(U) Other", "(U) Other.").Portions[1].ID
	if _, err := release.Decide(ctx, w.By(w.ID("mara")), mine, release.Decision{Grant: []cordon.ID{stranger}}); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("granting what was not asked: %v", err)
	}
	if _, err := release.Decide(ctx, w.By(w.ID("mara")), mine, release.Decision{Reason: "no"}); err != nil {
		t.Fatal(err)
	}
	if _, err := release.Decide(ctx, w.By(w.ID("mara")), mine, release.Decision{}); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("deciding twice: %v", err)
	}
	w.Clock.Advance(release.DefaultExpiry)
	if _, err := release.Decide(ctx, w.By(w.ID("sol")), theirs, release.Decision{}); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("deciding after it expired: %v", err)
	}
}

func TestAskingForWhatOneMayNotSee(t *testing.T) {
	w := casetest.New(t)
	hidden := w.Publish(t, "theo", nil, "(U) Hidden", "(U) Hidden.")
	for name, draft := range map[string]release.RequestDraft{
		"a hidden portion": {Portions: []cordon.ID{hidden.Portions[1].ID}},
		"no portion":       {Portions: []cordon.ID{cordon.NewID()}},
		"a hidden report":  {Report: hidden.Report},
		"no report":        {Report: cordon.NewID()},
	} {
		draft.Audience = w.ID("MERIDIAN")
		if _, err := release.Ask(context.Background(), w.By(w.ID("ana")), draft); err != error(cordon.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound itself", name, err)
		}
	}
	shared := w.Publish(t, "mara", []string{"VALDOR", "TARSIS"}, "(U) Shared", "(U) Shared.")
	_, err := release.Ask(context.Background(), w.By(w.ID("ana")), release.RequestDraft{Report: shared.Report, Audience: w.ID("TARSIS")})
	if cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("asking for what the audience has: %v", err)
	}
}

// TestAMarkingIsNotWaived: a grant waives what its owner owns; where the
// marking leaves the audience out, it opens nothing and the asker is told so.
func TestAMarkingIsNotWaived(t *testing.T) {
	w := casetest.New(t)
	report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText)
	r := ask(t, w, report.Report)
	if !slices.Equal(r.Excluded, []cordon.ID{report.Portions[1].ID}) {
		t.Errorf("excluded %v", r.Excluded)
	}
	decide(t, w, "mara", release.Decision{})
	give(t, w, r.ID)
	if read := w.Texts(t, "theo", report.Report); !slices.Equal(read, []string{"Harbour notes"}) {
		t.Errorf("granted, but REL TO USA, GBR only: theo reads %q", read)
	}
}

func TestNoticesQuoteNothing(t *testing.T) {
	w := casetest.New(t)
	m := memo(t, w)
	ask(t, w, m.Report)
	list, err := notice.List(context.Background(), w.By(w.ID("mara")), cordon.Cursor{}, 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if !strings.Contains(list[0].Text, "VALDOR asks to release 1 of your portions to TARSIS") || list[0].Mark != "U" {
		t.Errorf("notice %+v", list[0])
	}
	for _, word := range []string{"courier", "Marrow", "harbour", "Friday"} {
		if strings.Contains(list[0].Text, word) {
			t.Errorf("the notice carries %q", word)
		}
	}
	if list, err := notice.List(context.Background(), w.By(w.ID("ana")), cordon.Cursor{}, 10); err != nil || len(list) != 0 {
		t.Errorf("an author has %+v, %v", list, err)
	}
	if list, err := notice.List(context.Background(), w.By(w.ID("theo")), cordon.Cursor{}, 10); err != nil || len(list) != 0 {
		t.Errorf("the audience has %+v, %v", list, err)
	}
}

// TestRefusalsAreWrittenDown: another organisation's request, part or grant is
// refused as one that is not there is, in the installation's feed. A portion that
// may not be asked for is in its owner's feed besides.
func TestRefusalsAreWrittenDown(t *testing.T) {
	w := casetest.New(t)
	ctx := context.Background()
	m := memo(t, w)
	r := ask(t, w, m.Report)
	decide(t, w, "mara", release.Decision{})
	decide(t, w, "sol", release.Decision{})
	give(t, w, r.ID)
	ownPart, ownGrant := part(t, w, "mara").ID, grantOf(t, w, "mara")
	secret := w.Publish(t, "mara", nil, "(U) Ours", "(U) "+cityText)
	tam := person(t, w, "TARSIS", "tam", cordon.RoleAuthor, cordon.RoleReleaseAuthority)
	refused := func(did cordon.Act, act func(cordon.ID) error, withheld cordon.ID) {
		t.Helper()
		before := len(w.Feed(t, "", did, cordon.OutcomeRefused))
		for _, err := range []error{act(withheld), act(cordon.NewID())} {
			if err != error(cordon.ErrNotFound) {
				t.Errorf("%s: %v", did, err)
			}
		}
		got := w.Feed(t, "", did, cordon.OutcomeRefused)[before:]
		if len(got) != 2 {
			t.Fatalf("%s: two refusals are %d entries", did, len(got))
		}
		for _, e := range got {
			if e.Actor != w.ActorIn(e.Feed, e.ActorOrg, tam) || e.Subject != "" || e.Portions != nil {
				t.Errorf("%s: the entry is %+v", did, e)
			}
		}
	}
	by := w.By(tam)
	refused(cordon.ActRequest, func(id cordon.ID) error { _, err := release.OpenRequest(ctx, by, id); return err }, r.ID)
	refused(cordon.ActRelease, func(id cordon.ID) error { _, err := release.Release(ctx, by, id, nil); return err }, r.ID)
	refused(cordon.ActWithdraw, func(id cordon.ID) error { _, err := release.Withdraw(ctx, by, id); return err }, r.ID)
	refused(cordon.ActDecide, func(id cordon.ID) error { _, err := release.OpenPart(ctx, by, id); return err }, ownPart)
	refused(cordon.ActDecide, func(id cordon.ID) error { _, err := release.Decide(ctx, by, id, release.Decision{}); return err }, ownPart)
	refused(cordon.ActDecide, func(id cordon.ID) error { _, err := release.Confirm(ctx, by, id, id); return err }, ownPart)
	refused(cordon.ActRevoke, func(id cordon.ID) error { return release.Revoke(ctx, by, id) }, ownGrant)
	// Whose request, part and grant it was has them too.
	for did, want := range map[cordon.Act]map[string][]cordon.ID{
		cordon.ActRequest: {"VALDOR": {r.ID}}, cordon.ActRelease: {"VALDOR": {r.ID}}, cordon.ActWithdraw: {"VALDOR": {r.ID}},
		cordon.ActDecide: {"MERIDIAN": {ownPart, ownPart, ownPart}}, cordon.ActRevoke: {"MERIDIAN": {ownGrant}},
	} {
		for _, org := range []string{"MERIDIAN", "VALDOR"} {
			var got []cordon.ID
			for _, e := range w.Feed(t, org, did, cordon.OutcomeRefused) {
				if e.Actor == w.ActorIn(e.Feed, e.ActorOrg, tam) && e.Portions == nil {
					got = append(got, e.Subject)
				}
			}
			if !slices.Equal(got, want[org]) {
				t.Errorf("%s: %s's feed has refusals of %v, want %v", did, org, got, want[org])
			}
		}
	}
	whole := func(id cordon.ID) error {
		_, err := release.Ask(ctx, by, release.RequestDraft{Report: id, Audience: w.ID("VALDOR")})
		return err
	}
	refused(cordon.ActRequest, whole, secret.Report)
	portion := func(id cordon.ID) error {
		_, err := release.Ask(ctx, by, release.RequestDraft{Portions: []cordon.ID{id}, Audience: w.ID("VALDOR")})
		return err
	}
	refused(cordon.ActRequest, portion, secret.Portions[1].ID)
	got := w.Feed(t, "MERIDIAN", cordon.ActRequest, cordon.OutcomeRefused)
	if len(got) != 2 || got[0].Subject != secret.Report || !slices.Equal(got[1].Portions, []cordon.ID{secret.Portions[1].ID}) {
		t.Errorf("MERIDIAN's feed has %+v", got)
	}
}
