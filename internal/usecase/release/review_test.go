package release_test

import (
	"context"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/writing"
)

// TestARequestIsAsHiddenAsItsPortions: its purpose, its marks and that it was
// made are not for a colleague who may see nothing of what was asked for.
func TestARequestIsAsHiddenAsItsPortions(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	secret := w.Publish(t, "mara", []string{"VALDOR"}, "(S//REL TO USA, GBR) Notes", "(S//REL TO USA, GBR) "+cityText)
	ask(t, w, secret.Report)
	colleague, err := people.AddPerson(ctx, w.Local(), cordon.Person{
		Org: w.ID("VALDOR"), Name: "lee", Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor}, Clearances: map[string]string{"us": "C"},
	})
	if err != nil {
		t.Fatal(err)
	}
	count := func(person cordon.ID) int {
		list, _, err := release.Requests(ctx, w.By(person), cordon.Cursor{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := count(colleague.ID); n != 0 {
		t.Errorf("cleared C, lee lists %d requests for what is S", n)
	}
	if n := count(w.ID("ana")); n != 1 {
		t.Errorf("ana, who asked, lists %d", n)
	}
	colleague.Clearances["us"] = "S"
	if _, err := people.ChangePerson(ctx, w.Local(), colleague); err != nil {
		t.Fatal(err)
	}
	if n := count(colleague.ID); n != 1 {
		t.Errorf("cleared S, lee lists %d", n)
	}
}

// TestNobodyGrantsWhatTheyMayNotSee: not by deciding, nor by confirming what another
// proposed, nor by offering a tearline. Each try is in the owner's feed. They may
// refuse.
func TestNobodyGrantsWhatTheyMayNotSee(t *testing.T) {
	ctx := context.Background()
	w := casetest.New(t)
	a := w.Arrange(t, "mara", arrangement.Draft{
		Name: "QUIET LANE", Mark: "U", Parties: []cordon.ID{w.ID("VALDOR")}, Terms: cordon.Terms{TwoPersons: true},
	})
	low := person(t, w, "MERIDIAN", "low", cordon.RoleReader, cordon.RoleReleaseAuthority)
	lower := w.Person["low"]
	lower.Clearances = map[string]string{"us": "C"}
	if _, err := people.ChangePerson(ctx, w.Local(), lower); err != nil {
		t.Fatal(err)
	}
	draft := w.Draft(t, nil, "(U) Harbour notes", "(S//REL TO USA, GBR) "+cityText, "(U) Shipping has slowed.")
	draft.Arrangement = a.ID
	report, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
	if err != nil {
		t.Fatal(err)
	}
	secret, open := report.Portions[1].ID, report.Portions[2].ID
	draft = w.Draft(t, nil, "(U) In other words", "(S//REL TO USA, GBR) Somebody was seen in a harbour.")
	draft.Kind = cordon.ReportTearline
	line, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
	if err != nil {
		t.Fatal(err)
	}
	ask(t, w, report.Report)
	mine := part(t, w, "mara")
	tries := 0
	refused := func(did string, err error, want cordon.Kind, portions ...cordon.ID) {
		t.Helper()
		kind(t, did, err, want)
		tries++
		feed := w.Feed(t, "MERIDIAN", cordon.ActDecide, cordon.OutcomeRefused)
		if len(feed) != tries || feed[tries-1].Actor != w.ActorIn(feed[tries-1].Feed, feed[tries-1].ActorOrg, low) || portions != nil && !slices.Equal(feed[tries-1].Portions, portions) {
			t.Fatalf("%s: MERIDIAN's feed has %+v", did, feed)
		}
	}
	_, err = release.Decide(ctx, w.By(low), mine.ID, release.Decision{Grant: []cordon.ID{open, secret}})
	refused("granting", err, cordon.KindDenied, secret)
	_, err = release.Decide(ctx, w.By(low), mine.ID, release.Decision{Tearline: line.Report})
	refused("offering a tearline", err, cordon.KindNotFound)

	proposed, err := release.Decide(ctx, w.By(w.ID("mara")), mine.ID, release.Decision{Grant: []cordon.ID{secret}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = release.Confirm(ctx, w.By(low), mine.ID, proposed.Proposal)
	refused("confirming", err, cordon.KindDenied, secret)

	if p, err := release.Decide(ctx, w.By(low), mine.ID, release.Decision{Grant: []cordon.ID{open}}); err != nil || p.State != cordon.PartProposed {
		t.Errorf("granting what they see: %+v, %v", p, err)
	}
	if p, err := release.Decide(ctx, w.By(low), mine.ID, release.Decision{Reason: "no"}); err != nil || p.State != cordon.PartRefused {
		t.Errorf("refusing: %+v, %v", p, err)
	}
}
