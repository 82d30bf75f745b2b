package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"cordon"
	"cordon/wire"
)

// TestTwoPeopleOverTheAPI: what one proposes is the owner's own affair until the
// other confirms it, and an inbox of requests goes page by page.
func TestTwoPeopleOverTheAPI(t *testing.T) {
	w := newWorld(t, "")
	ctx := t.Context()
	w.add("MERIDIAN", "max", "release-authority")
	w.arrange(wire.ArrangementDraft{Name: "QUIET LANE", Marking: narrow, Parties: []string{"VALDOR"}, ArrangementTerms: wire.ArrangementTerms{TwoPersons: true}})
	report := w.publish("mara", wire.Draft{Arrangement: "QUIET LANE"}, "("+wide+") A file", "("+wide+") "+general)
	draft := wire.ReleaseDraft{Portions: []cordon.ID{report.Portions[1].ID}, Audience: "TARSIS", Purpose: "The ministers meet."}
	asked := must(w.as["ana"].RequestRelease(ctx, draft))(t)
	part := asked.Parts[0].ID
	proposed := must(w.as["mara"].Decide(ctx, part, wire.Decision{Grant: draft.Portions, People: []string{string(w.person["theo"])}}))(t)
	if proposed.State != cordon.PartProposed || !proposed.TwoPersons || proposed.Proposer != w.person["mara"] {
		t.Errorf("proposed %+v", proposed)
	}
	seen := w.raw("ana", "GET", "/api/v1/release-requests/"+string(asked.ID), "").Body.String()
	for _, secret := range []string{"proposed", string(proposed.Proposal), string(w.person["mara"]), string(w.person["theo"]), "twoPersons"} {
		if strings.Contains(seen, secret) {
			t.Errorf("the requester is shown %q: %s", secret, seen)
		}
	}
	_, err := w.as["mara"].Confirm(ctx, part, proposed.Proposal)
	wantKind(t, "the same person twice", err, cordon.KindConflict)
	confirmed := must(w.as["max"].Confirm(ctx, part, proposed.Proposal))(t)
	if confirmed.State != cordon.PartGranted || len(confirmed.People) != 1 {
		t.Errorf("confirmed %+v", confirmed)
	}
	must(w.as["ana"].Release(ctx, asked.ID, wire.Leaving{}))(t)
	if r := must(w.as["theo"].Open(ctx, string(report.Report)))(t); len(r.Portions) != 1 || r.Portions[0].Text != general {
		t.Errorf("released, he reads %+v", r)
	}

	for range 3 {
		draft.Portions = []cordon.ID{report.Portions[0].ID}
		must(w.as["ana"].RequestRelease(ctx, draft))(t)
	}
	for _, list := range []struct{ who, path string }{{"ana", "/api/v1/release-requests"}, {"mara", "/api/v1/release-parts"}} {
		ids, cursor := map[string]bool{}, ""
		for page := 0; page == 0 || cursor != ""; page++ {
			if page > 4 {
				t.Fatalf("%s does not end", list.path)
			}
			var out wire.List[struct{ ID string }]
			if err := json.Unmarshal(w.raw(list.who, "GET", list.path+"?limit=2"+cursor, "").Body.Bytes(), &out); err != nil {
				t.Fatal(err)
			}
			for _, i := range out.Items {
				ids[i.ID] = true
			}
			if cursor = ""; out.Next != "" {
				cursor = "&cursor=" + out.Next
			}
		}
		if len(ids) != 4 {
			t.Errorf("%s gives %d items page by page, want 4", list.path, len(ids))
		}
	}
}
