package httpapi_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// TestAnArrangementLeavesNoTrace: whatever is done about an arrangement, every
// answer to whoever may not know of it stays what it was, byte for byte: to
// another organisation's, and to an uncleared colleague's of every role within
// a party. In the party's feed they find that something was done, and nothing
// of what, by whom or about what.
func TestAnArrangementLeavesNoTrace(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for name, org := range map[string]string{"una": "VALDOR", "oda": "TARSIS"} {
			w.add(org, name, "reader", "author", "release-authority", "security-officer", "auditor", "administrator")
		}
		must(w.as["root"].ChangePerson(ctx, "VALDOR/una", wire.PersonDraft{
			Organisation: "VALDOR", Name: "una", Clearances: map[string]string{"us": "C"}, Roles: cordon.Roles(),
		}))(t)
		// The feeds begin with who takes part, which is not of the arrangement.
		begun := make(map[string]int64)
		for _, who := range []string{"una", "oda"} {
			begun[who] = int64(len(must(w.as[who].Feed(ctx, 0, 200))(t).Items))
		}
		lane := w.arrange(wire.ArrangementDraft{Name: "QUIET LANE", Marking: narrow, Parties: []string{"VALDOR"}})
		report := w.publish("mara", wire.Draft{Ref: "MER-7/26", Arrangement: "QUIET LANE"}, "(U) A file", "(U) "+courier)

		// Everything that can be asked and changes nothing but the ledger.
		asked := [][3]string{
			{"GET", "/api/v1/organisations/VALDOR/people", ""},
			{"GET", "/api/v1/reports/" + string(report.Report), ""},
			{"GET", "/api/v1/search?q=courier", ""},
			{"GET", "/api/v1/portions/" + string(report.Portions[1].ID) + "/holders", ""},
			{"GET", "/api/v1/grants?portion=" + string(report.Portions[1].ID), ""},
			{"POST", "/api/v1/check", `{"text":"` + courier + `","audience":"TARSIS"}`},
			{"POST", "/api/v1/scan", `{"text":"` + courier + `"}`},
			{"GET", "/api/v1/arrangements/QUIET%20LANE", ""},
			{"GET", "/api/v1/arrangements/" + string(lane.ID), ""},
			{"POST", "/api/v1/arrangements/" + string(lane.ID) + "/suspension", "{}"},
			{"POST", "/api/v1/arrangements/QUIET%20LANE/end", "{}"},
			{"POST", "/api/v1/reports", `{"kind":"report","title":{"marking":"U","text":"T"},"arrangement":"QUIET LANE","portions":[]}`},
		}
		for _, op := range httpapi.Operations() {
			method, path := op.Method(), op.Path()
			// What each request adds to the ledger is no trace of this.
			if method == "GET" && !strings.Contains(path, "{") && !strings.HasPrefix(path, "/api/v1/ledger/") && path != "/metrics" {
				asked = append(asked, [3]string{method, path, ""})
			}
		}
		// The number of an answer, and that one has read it again.
		random := regexp.MustCompile(`^\{"id":"\w+"|"times":\d+|"last":"[^"]+"`)
		all := func(who string) (answers []shown) {
			for _, q := range asked {
				one := seen(w.raw(who, q[0], q[1], q[2]))
				one.Body = random.ReplaceAllString(one.Body, "…")
				answers = append(answers, one)
			}
			return answers
		}
		sealed := func(who string) (n int) {
			feed := must(w.as[who].Feed(ctx, begun[who], 200))(t)
			for i, e := range feed.Items {
				if e.Number != begun[who]+int64(i+1) {
					t.Errorf("%s: a gap in the feed at %d", who, i+1)
				}
				if e.Act == cordon.ActSealed {
					n++
					if e.Actor != nil || e.ActorOrganisation != nil || e.Audience != nil || e.Step != "" || e.Portions != nil || e.Reasons != nil {
						t.Errorf("%s is told %+v", who, e)
					}
				}
			}
			text, err := json.Marshal(feed)
			bundle := string(must(w.as[who].Bundle(ctx, begun[who], 0, 0))(t))
			for _, absent := range []string{string(lane.ID), string(w.person["mara"]), string(w.person["sol"]), "QUIET", `"arrangement"`} {
				if err != nil || strings.Contains(string(text), absent) || strings.Contains(bundle, absent) {
					t.Errorf("%s finds %q in the feed, %v", who, absent, err)
				}
			}
			return n
		}
		before := map[string][]shown{"una": all("una"), "oda": all("oda")}
		sealedBefore := map[string]int{"una": sealed("una"), "oda": sealed("oda")}

		id := string(lane.ID)
		amended := must(w.as["sol"].Amend(ctx, id, wire.Amendment{Version: 1, ArrangementTerms: wire.ArrangementTerms{Onward: cordon.OnwardNever}}))(t)
		must(w.as["mara"].Agree(ctx, id, amended.Proposal.ID))(t)
		must(w.as["mara"].SuspendArrangement(ctx, id))(t)
		must(w.as["mara"].ResumeArrangement(ctx, id))(t)
		other := must(w.as["sol"].AddArrangement(ctx, wire.ArrangementDraft{Name: "QUIET LANE 2", Marking: narrow, Parties: []string{"MERIDIAN"}}))(t)
		must(w.as["mara"].Decline(ctx, string(other.ID), other.Proposal.ID))(t)
		must(w.as["sol"].EndArrangement(ctx, id))(t)

		for who, was := range before {
			for i, is := range all(who) {
				if is.Status != was[i].Status || is.Body != was[i].Body {
					t.Errorf("%s asks %s: was %d %s, and is %d %s", who, asked[i], was[i].Status, was[i].Body, is.Status, is.Body)
				}
				for _, absent := range []string{id, string(amended.Proposal.ID), "QUIET"} {
					if strings.Contains(is.Body, absent) {
						t.Errorf("%s asks %s and finds %q: %s", who, asked[i], absent, is.Body)
					}
				}
			}
		}
		if n := sealed("una") - sealedBefore["una"]; n != 7+2 {
			t.Errorf("of 7 steps, and 2 refusals of another organisation's, an auditor of a party who may not know of them finds %d", n)
		}
		if n := sealed("oda"); n != 0 {
			t.Errorf("one of no party finds %d", n)
		}
		// To who may know, the same entries say all of it.
		var steps []string
		for _, e := range must(w.as["sol"].Feed(ctx, 0, 200))(t).Items {
			if e.Act != cordon.ActArrangement || string(e.Subject) != id {
				continue
			}
			if refused := e.Step == cordon.ArrangementRefused; refused != (e.Outcome == cordon.OutcomeRefused) || refused && e.ActorOrganisation.Name != "TARSIS" {
				t.Errorf("the feed has %+v", e)
			} else if !refused {
				steps = append(steps, string(e.Step)+" by "+e.ActorOrganisation.Name)
			}
		}
		want := "drafted by MERIDIAN, agreed by VALDOR, proposed by VALDOR, agreed by MERIDIAN, suspended by MERIDIAN, resumed by MERIDIAN, ended by VALDOR"
		if got := strings.Join(steps, ", "); got != want {
			t.Errorf("the feed says %s\nwant %s", got, want)
		}
	})
}

// TestArrangementsComeInPages, newest first, to who may know of them.
func TestArrangementsComeInPages(t *testing.T) {
	w := newWorld(t, "")
	for _, name := range []string{"ONE", "TWO", "THREE"} {
		w.arrange(wire.ArrangementDraft{Name: name, Marking: narrow, Parties: []string{"VALDOR"}})
	}
	var got []string
	for page := (wire.Page{Limit: 1}); ; {
		list := must(w.as["ana"].Arrangements(t.Context(), page))(t)
		for _, a := range list.Items {
			got = append(got, a.Name)
		}
		if page.Cursor = list.Next; list.Next == "" {
			break
		}
	}
	if strings.Join(got, " ") != "THREE TWO ONE" {
		t.Errorf("pages give %q", got)
	}
}

// TestTermsGoThereAndBack: what is drafted is what is shown.
func TestTermsGoThereAndBack(t *testing.T) {
	w := newWorld(t, "")
	until := w.clock.Now().Add(1 << 50)
	a := w.arrange(wire.ArrangementDraft{Name: "QUIET LANE", Marking: narrow, Parties: []string{"VALDOR"}, ArrangementTerms: wire.ArrangementTerms{
		Scheme: "us", DefaultMarking: "S", Withheld: cordon.WithheldShowMark, Recipients: []string{"VALDOR"}, Onward: cordon.OnwardParties, ShownOnly: true,
		LongestSeconds: 86400, Until: until, TwoPersons: true, EmergencyAuthorities: []string{"mara", string(w.person["sol"])}, EmergencySeconds: 3600,
		Equivalences: []cordon.Equivalence{{From: "TLP:AMBER", As: "S"}},
	}})
	a = must(w.as["mara"].Arrangement(t.Context(), string(a.ID)))(t)
	if a.Scheme != "us" || a.DefaultMarking != "S" || a.Withheld != cordon.WithheldShowMark || len(a.Recipients) != 1 || a.Recipients[0].Name != "VALDOR" ||
		a.Onward != cordon.OnwardParties || !a.ShownOnly || a.LongestSeconds != 86400 || !a.Until.Equal(until.Truncate(1000)) || !a.TwoPersons ||
		len(a.EmergencyAuthorities) != 2 || a.EmergencySeconds != 3600 || len(a.Equivalences) != 1 {
		t.Errorf("shown %+v", a)
	}
	for _, p := range a.EmergencyAuthorities {
		if (p.Name == "mara") != (p.ID == w.person["mara"]) {
			t.Errorf("named %+v: another organisation's people are not hers to know", p)
		}
	}
}
