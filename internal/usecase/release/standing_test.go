package release_test

import (
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/writing"
)

// hold changes the clearances that somebody holds.
func hold(t *testing.T, w *casetest.World, name string, clearances map[string]string) {
	t.Helper()
	p := w.Person[name]
	p.Clearances = clearances
	if _, err := people.ChangePerson(t.Context(), w.Local(), p); err != nil {
		t.Fatal(err)
	}
}

// TestATearlineGoesThroughThoseWhoMayOpenIt: neither the owner's person who offers
// it nor the requester's who releases it hands on what they may not see.
func TestATearlineGoesThroughThoseWhoMayOpenIt(t *testing.T) {
	w := casetest.New(t)
	m := memo(t, w)
	r := ask(t, w, m.Report)
	low := person(t, w, "MERIDIAN", "low", cordon.RoleReader, cordon.RoleReleaseAuthority)
	hold(t, w, "low", nil)
	mine := part(t, w, "mara").ID
	publish := func(to []string, text string) cordon.ID {
		t.Helper()
		line := w.Draft(t, to, "(U) Tearline", text)
		line.Kind = cordon.ReportTearline
		out, err := writing.Publish(t.Context(), w.By(w.ID("mara")), line)
		if err != nil {
			t.Fatal(err)
		}
		return out.Report
	}
	_, err := release.Decide(t.Context(), w.By(w.ID("mara")), mine, release.Decision{Tearline: publish(nil, "(U) Goods move.")})
	kind(t, "what the requester could not open", err, cordon.KindInvalid)
	secret := publish([]string{"VALDOR"}, "(S//REL TO USA, FRA, GBR) Goods move through a northern harbour.")
	_, err = release.Decide(t.Context(), w.By(low), mine, release.Decision{Tearline: secret})
	kind(t, "offered by one who may not open it", err, cordon.KindNotFound)
	decide(t, w, "mara", release.Decision{Tearline: secret})
	decide(t, w, "sol", release.Decision{})

	before := w.Person["ana"].Clearances
	hold(t, w, "ana", nil)
	_, err = release.Release(t.Context(), w.By(w.ID("ana")), r.ID, nil)
	kind(t, "released by one who may not open it", err, cordon.KindNotFound)
	if read := w.Texts(t, "theo", secret); read != nil {
		t.Errorf("theo reads %q", read)
	}
	hold(t, w, "ana", before)
	give(t, w, r.ID)
	if read := w.Texts(t, "theo", secret); len(read) != 2 {
		t.Errorf("released, theo reads %q", read)
	}
}

// TestASuspensionStopsARelease, even one that every owner agreed to before it.
func TestASuspensionStopsARelease(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		a := w.Arrange(t, "mara", arrangement.Draft{Name: "QUIET LANE", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR")}})
		draft := w.Draft(t, nil, "(U) Harbour notes", "(U) "+cityText)
		draft.Arrangement = a.ID
		report, err := writing.Publish(t.Context(), w.By(w.ID("mara")), draft)
		if err != nil {
			t.Fatal(err)
		}
		ask(t, w, report.Report)
		second := ask(t, w, report.Report)
		mine := part(t, w, "mara")
		decide(t, w, "mara", release.Decision{})
		parts, _, err := release.Parts(t.Context(), w.By(w.ID("mara")), cordon.Cursor{}, 0)
		if err != nil || len(parts) != 2 || mine.Request != second.ID {
			t.Fatalf("%+v, %v", parts, err)
		}
		if _, err := arrangement.Suspend(t.Context(), w.By(w.ID("sol")), a.ID); err != nil {
			t.Fatal(err)
		}
		_, err = release.Release(t.Context(), w.By(w.ID("ana")), second.ID, nil)
		kind(t, "released while it is suspended", err, cordon.KindConflict)
		_, err = release.Decide(t.Context(), w.By(w.ID("mara")), parts[1].ID, release.Decision{Grant: []cordon.ID{report.Portions[1].ID}})
		kind(t, "granted while it is suspended", err, cordon.KindConflict)
		_, err = release.Ask(t.Context(), w.By(w.ID("ana")), release.RequestDraft{Report: report.Report, Audience: w.ID("TARSIS")})
		kind(t, "asked for while it is suspended", err, cordon.KindConflict)
		if read := w.Texts(t, "theo", report.Report); read != nil {
			t.Errorf("theo reads %q", read)
		}
		if out, err := release.Decide(t.Context(), w.By(w.ID("mara")), parts[1].ID, release.Decision{}); err != nil || out.State != cordon.PartRefused {
			t.Errorf("refused while it is suspended: %+v, %v", out, err)
		}
		if _, err := arrangement.Resume(t.Context(), w.By(w.ID("sol")), a.ID); err != nil {
			t.Fatal(err)
		}
		give(t, w, second.ID)
		if read := w.Texts(t, "theo", report.Report); len(read) != 2 {
			t.Errorf("resumed and released, theo reads %q", read)
		}
	})
}
