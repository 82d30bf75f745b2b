package httpapi_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/wire"
)

// shown is all of an answer that the asker can see, but for the number of the
// request.
type shown struct {
	Status int
	Header map[string][]string
	Body   string
}

func seen(rec *httptest.ResponseRecorder) shown {
	header := rec.Header().Clone()
	header.Del("Request-Id")
	return shown{rec.Code, header, rec.Body.String()}
}

// TestWithheldIsAbsent asks for what is withheld and for what is not there, in
// every operation that names something, and compares the answers byte for
// byte: status, headers and body.
func TestWithheldIsAbsent(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		report := w.publish("mara", wire.Draft{Ref: "MER-7/26", Recipients: []string{"VALDOR"}},
			"("+narrow+") The Harbourtown file", "("+narrow+") "+courier, "("+narrow+") "+method)
		portion, other := string(report.Portions[1].ID), string(report.Portions[2].ID)
		lane := w.arrange(wire.ArrangementDraft{Name: "QUIET LANE", Marking: narrow, Parties: []string{"VALDOR"}})
		incident := must(w.as["mara"].OpenIncident(t.Context(), wire.IncidentDraft{Title: "It is out"}))(t)
		must(w.as["mara"].Contain(t.Context(), incident.ID, wire.Plan{Strike: []cordon.ID{report.Portions[2].ID}}))(t)
		registry := must(w.as["mara"].AddRegistry(t.Context(), wire.RegistryDraft{
			Name: "candidates", Attributes: []wire.Attribute{{Name: "city"}},
			Candidates: []wire.Candidate{{ID: "A", Values: map[string]string{"city": "Harbourtown"}}},
		}))(t)
		made := drafted(wire.Draft{Kind: cordon.ReportMemo}, "(C) Memo", "("+narrow+") "+courier)
		made.Portions[0].Sources = []cordon.ID{report.Portions[1].ID}
		memo := w.publish("ana", made)
		request := must(w.as["ana"].RequestRelease(t.Context(), wire.ReleaseDraft{Portions: []cordon.ID{memo.Portions[1].ID}, Audience: "HUB"}))(t)
		var part, grant string
		for _, p := range request.Parts {
			if p.Owner.Name == "MERIDIAN" {
				part = string(p.ID)
			}
			authority := map[bool]string{true: "mara", false: "sol"}[p.Owner.Name == "MERIDIAN"]
			must(w.as[authority].Decide(t.Context(), p.ID, wire.Decision{Grant: []cordon.ID{memo.Portions[1].ID}}))(t)
		}
		for _, p := range must(w.as["ana"].Release(t.Context(), request.ID, wire.Leaving{}))(t).Parts {
			if string(p.ID) == part {
				grant = string(p.Grant)
			}
		}
		// theo is of TARSIS and holds every role that these ask for.
		must(w.as["root"].ChangePerson(t.Context(), "TARSIS/theo", wire.PersonDraft{
			Organisation: "TARSIS", Name: "theo", Clearances: map[string]string{"us": "TS"},
			Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer, cordon.RoleAuditor},
		}))(t)

		for _, c := range []struct{ name, method, target, body, withheld string }{
			{"open", "GET", "/api/v1/reports/@", "", string(report.Report)},
			{"open by ref", "GET", "/api/v1/reports/@", "", "MER-7%2F26"},
			{"export", "GET", "/api/v1/reports/@/export?format=text", "", string(report.Report)},
			{"holders", "GET", "/api/v1/portions/@/holders", "", portion},
			{"holders of what was struck", "GET", "/api/v1/portions/@/holders", "", other},
			{"facts", "POST", "/api/v1/portions/@/facts", `{"facts":[{"attribute":"city","values":["Harbourtown"]}]}`, portion},
			{"incident", "GET", "/api/v1/incidents/@", "", string(incident.ID)},
			{"matrix", "GET", "/api/v1/incidents/@/matrix", "", string(incident.ID)},
			{"claims", "POST", "/api/v1/incidents/@/propositions", `{"text":"A city was named."}`, string(incident.ID)},
			{"containment", "POST", "/api/v1/incidents/@/containment", `{"strike":["` + portion + `"]}`, string(incident.ID)},
			{"custody", "GET", "/api/v1/custody/@", "", other},
			{"destruction", "DELETE", "/api/v1/custody/@", "{}", other},
			{"part", "GET", "/api/v1/release-parts/@", "", part},
			{"wording of a part", "GET", "/api/v1/release-parts/@/wording", "", part},
			{"confirmation", "POST", "/api/v1/release-parts/@/confirmation", `{"proposal":"` + string(cordon.NewID()) + `"}`, part},
			{"request", "GET", "/api/v1/release-requests/@", "", string(request.ID)},
			{"release", "POST", "/api/v1/release-requests/@/release", `{}`, string(request.ID)},
			{"withdrawal", "POST", "/api/v1/release-requests/@/withdrawal", `{}`, string(request.ID)},
			{"revision", "PUT", "/api/v1/reports/" + string(report.Report) + "/portions/@", `{"text":"x"}`, portion},
			{"plan", "POST", "/api/v1/release-plans", `{"portions":["@"],"audience":"HUB"}`, portion},
			{"decision", "POST", "/api/v1/release-parts/@/decision", `{"grant":[]}`, part},
			{"revocation", "POST", "/api/v1/grants/@/revocation", "{}", grant},
			{"told", "POST", "/api/v1/registries/@/told", `{"facts":[{"attribute":"city","values":["Harbourtown"]}]}`, string(registry.ID)},
			{"told by name", "POST", "/api/v1/registries/@/told", `{"facts":[{"attribute":"city","values":["Harbourtown"]}]}`, "candidates"},
			{"mosaic check", "POST", "/api/v1/registries/@/check", "{}", string(registry.ID)},
			{"people", "GET", "/api/v1/organisations/@/people", "", "MERIDIAN"},
			{"arrangement", "POST", "/api/v1/reports", `{"kind":"report","title":{"marking":"U","text":"T"},"arrangement":"@","portions":[]}`, string(lane.ID)},
			{"arrangement by name", "POST", "/api/v1/reports", `{"kind":"report","title":{"marking":"U","text":"T"},"arrangement":"@","portions":[]}`, "QUIET LANE"},
			{"show an arrangement", "GET", "/api/v1/arrangements/@", "", string(lane.ID)},
			{"show an arrangement by name", "GET", "/api/v1/arrangements/@", "", "QUIET%20LANE"},
			{"agree", "POST", "/api/v1/arrangements/@/agreement", `{"proposal":"` + portion + `"}`, string(lane.ID)},
			{"decline", "POST", "/api/v1/arrangements/@/decline", `{"proposal":"` + portion + `"}`, string(lane.ID)},
			{"amend", "POST", "/api/v1/arrangements/@/amendments", `{"version":1}`, string(lane.ID)},
			{"amend so that it would be invalid", "POST", "/api/v1/arrangements/@/amendments", `{"version":9,"invite":["HUB"]}`, string(lane.ID)},
			{"suspend", "POST", "/api/v1/arrangements/@/suspension", "{}", string(lane.ID)},
			{"resume", "POST", "/api/v1/arrangements/@/resumption", "{}", string(lane.ID)},
			{"leave", "POST", "/api/v1/arrangements/@/departure", "{}", string(lane.ID)},
			{"end", "POST", "/api/v1/arrangements/@/end", "{}", string(lane.ID)},
			{"source", "POST", "/api/v1/reports", `{"kind":"memo","title":{"marking":"U","text":"T"},"portions":[{"text":"x","sources":["@"]}]}`, portion},
			{"release request", "POST", "/api/v1/release-requests", `{"portions":["@"],"audience":"HUB"}`, portion},
			{"release request of a report", "POST", "/api/v1/release-requests", `{"report":"@","audience":"HUB"}`, string(report.Report)},
			{"release request by ref", "POST", "/api/v1/release-requests", `{"report":"@","audience":"HUB"}`, "MER-7/26"},
		} {
			ask := func(name string) shown {
				return seen(w.raw("theo", c.method, strings.ReplaceAll(c.target, "@", name), strings.ReplaceAll(c.body, "@", name)))
			}
			// What the ledger shows him of it all.
			public := func(name string) (grew, entries int64) {
				before := w.checkpoint("theo").Size
				ask(name)
				var b ledger.Bundle
				if err := json.Unmarshal(must(w.as["theo"].Bundle(t.Context(), 0, before, 1))(t), &b); err != nil {
					t.Fatal(err)
				}
				return w.checkpoint("theo").Size - before, b.Slot.Size
			}
			grew, entries := public(c.withheld)
			if n, own := public(string(cordon.NewID())); n != grew || own != entries {
				t.Errorf("%s: the log grows by %d where it is withheld and by %d where it is absent, his feed to %d and to %d", c.name, grew, n, entries, own)
			}
			withheld := ask(c.withheld)
			if withheld.Status != 404 {
				t.Errorf("%s: withheld is %d %s", c.name, withheld.Status, withheld.Body)
				continue
			}
			for what, name := range map[string]string{"absent": string(cordon.NewID()), "not an id": "nothing"} {
				if d := cmp.Diff(withheld, ask(name)); d != "" {
					t.Errorf("%s: withheld (-) and %s (+) differ:\n%s", c.name, what, d)
				}
			}
			if c.body != "" {
				// Under one Idempotency-Key: asked, asked again, and another request.
				keyed := func(name string) (all []shown) {
					key := string(cordon.NewID())
					for _, body := range []string{c.body, c.body, c.body + " ", "[]"} {
						all = append(all, seen(w.raw("theo", c.method, strings.ReplaceAll(c.target, "@", name), strings.ReplaceAll(body, "@", name), "Idempotency-Key", key)))
					}
					return all
				}
				for what, name := range map[string]string{"absent": string(cordon.NewID()), "not an id": "nothing"} {
					if d := cmp.Diff(keyed(c.withheld), keyed(name)); d != "" {
						t.Errorf("%s: under a key, withheld (-) and %s (+) differ:\n%s", c.name, what, d)
					}
				}
			}
			if strings.Contains(withheld.Body, name(c.withheld)) {
				t.Errorf("%s: the answer repeats what was asked: %s", c.name, withheld.Body)
			}
			unknown := seen(w.raw("theo", c.method, "/api/v1/nowhere/"+url.PathEscape(c.withheld), c.body))
			if d := cmp.Diff(withheld, unknown); d != "" {
				t.Errorf("%s: withheld (-) and an unknown route (+) differ:\n%s", c.name, d)
			}
		}

		// Of what is withheld, lists and counts have nothing either.
		nothing := `{"items":[]}` + "\n"
		found := `{"items":[],"total":{"portions":0,"owners":[],"markings":[]}}` + "\n"
		for target, want := range map[string]string{
			"/api/v1/reports": nothing, "/api/v1/arrangements": nothing, "/api/v1/incidents": nothing,
			"/api/v1/registries": nothing, "/api/v1/release-parts": nothing, "/api/v1/release-requests": nothing,
			"/api/v1/grants?portion=" + portion: nothing, "/api/v1/suggestions?q=cour": nothing,
			"/api/v1/search?q=courier": found, "/api/v1/search?q=courier&sort=new": nothing,
			"/api/v1/search?q=courier&arrangement=" + url.QueryEscape("QUIET LANE"): found,
			"/api/v1/search?q=courier&arrangement=" + string(lane.ID):               found,
			"/api/v1/search?q=courier&arrangement=" + string(cordon.NewID()):        found,
			"/api/v1/counts": `{"reports":0,"portions":0}` + "\n",
		} {
			rec := w.raw("theo", "GET", target, "")
			if rec.Code != 200 || rec.Body.String() != want {
				t.Errorf("%s: %d %s", target, rec.Code, rec.Body)
			}
		}
	})
}

func (w *world) checkpoint(who string) ledger.Checkpoint {
	cp := must(w.as[who].Checkpoint(w.t.Context()))(w.t)
	return must(ledger.OpenCheckpoint(cp.Checkpoint, cp.VerifierKey))(w.t)
}

func name(segment string) string { return strings.ReplaceAll(segment, "%2F", "/") }

// TestCredentials: whatever is wrong with them, the answer is the same.
func TestCredentials(t *testing.T) {
	w := newWorld(t, "")
	expiring := must(w.as["root"].NewToken(t.Context(), "VALDOR/ana", wire.TokenDraft{Expires: w.clock.Now().Add(time.Minute)}))(t)
	w.clock.advance(1 << 40)
	must(w.as["root"].ChangePerson(t.Context(), "TARSIS/theo", wire.PersonDraft{Organisation: "TARSIS", Name: "theo", Suspended: true}))(t)
	want := seen(w.raw("", "GET", "/api/v1/me", ""))
	if want.Status != 401 || want.Header["Www-Authenticate"] == nil {
		t.Fatalf("%+v", want)
	}
	for what, header := range map[string]string{
		"an unknown token": "Bearer cordon_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"an empty token":   "Bearer ",
		"no scheme":        w.token["ana"],
		"another scheme":   "Basic " + w.token["ana"],
		"expired":          "Bearer " + expiring.Token,
		"suspended":        "Bearer " + w.token["theo"],
		"two tokens":       "Bearer " + w.token["ana"] + " " + w.token["ana"],
	} {
		if d := cmp.Diff(want, seen(w.raw("", "GET", "/api/v1/me", "", "Authorization", header))); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
	// Somebody who is not signed in does not even learn which routes there are,
	// and nothing they send is read.
	for _, target := range []string{"/api/v1/reports", "/api/v1/nowhere", "/api/v1/reports/" + string(cordon.NewID())} {
		if d := cmp.Diff(want, seen(w.raw("", "POST", target, "{malformed"))); d != "" {
			t.Errorf("%s: %s", target, d)
		}
	}
}
