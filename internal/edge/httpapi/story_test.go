package httpapi_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/wire"
)

// The words that the story protects. No log has them, nor any answer to those
// who may not have them.
const (
	courier = "The courier meets the envoy behind the fish market of Harbourtown every Tuesday at nine in the evening."
	method  = "It was learned by listening to the telephone that the envoy believes nobody else knows of at all."
	general = "The envoy has been receiving instructions from abroad since the spring, and acts on them promptly."
)

// Two markings that let MERIDIAN read its own, one of them TARSIS too.
const (
	narrow = "S//REL TO USA, GBR"
	wide   = "S//REL TO USA, FRA, GBR"
	banner = "SECRET//REL TO USA, GBR"
)

// TestStory plays the whole story through the client: every operation there
// is, on both stores.
func TestStory(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		s := &story{world: w}
		s.arrange(t)
		s.share(t)
		s.derive(t)
		s.check(t)
		s.release(t)
		s.incident(t)
		s.record(t)
		s.mosaic(t)
		s.ledger(t)
		s.suspend(t)
		s.operate(t)
		s.nothingInTheLog(t)
	})
}

type story struct {
	*world
	report  wire.Published // MERIDIAN's; portions: title, general, courier, method
	memo    wire.Published // VALDOR's, made from general and courier
	lines   wire.Published // MERIDIAN's tearline
	theCase cordon.ID
}

func (s *story) arrange(t *testing.T) {
	a := s.world.arrange(wire.ArrangementDraft{
		Name: "QUIET LANE", Marking: narrow, Parties: []string{"valdor"}, ArrangementTerms: wire.ArrangementTerms{DefaultMarking: narrow},
	})
	if len(a.Parties) != 2 || a.Drafter.Name != "MERIDIAN" {
		t.Errorf("arrangement %+v", a)
	}
	if all := must(s.as["ana"].Arrangements(t.Context(), wire.Page{}))(t).Items; len(all) != 1 || all[0].Name != "QUIET LANE" {
		t.Errorf("a party sees %+v", all)
	}
	if all := must(s.as["theo"].Arrangements(t.Context(), wire.Page{}))(t).Items; len(all) != 0 {
		t.Errorf("a third party sees %+v", all)
	}
	// A third party cannot tell an arrangement it may not see from none.
	for _, name := range []string{"QUIET LANE", "NO SUCH LANE", string(a.ID), string(cordon.NewID())} {
		_, err := s.as["theo"].Publish(t.Context(), drafted(wire.Draft{Arrangement: name}, "(S) A title", "(S) A text"))
		if !errors.Is(err, err) || cordon.KindOf(err) != cordon.KindNotFound || err.Error() != cordon.ErrNotFound.Error() {
			t.Errorf("publishing under %q: %v", name, err)
		}
	}
}

func (s *story) share(t *testing.T) {
	s.report = s.publish("mara", wire.Draft{Ref: "MER-7/26", Arrangement: "Quiet Lane"},
		"("+narrow+") The Harbourtown file", "("+wide+") "+general, "("+narrow+") "+courier, "("+narrow+") "+method)
	if s.report.Banner != banner || len(s.report.Portions) != 4 || s.report.Portions[2].Owners[0].Name != "MERIDIAN" {
		t.Fatalf("published %+v", s.report)
	}
	opened := must(s.as["ana"].Open(t.Context(), "MER-7/26"))(t)
	if opened.Report != s.report.Report || opened.Ref != "MER-7/26" || opened.Holder.Name != "MERIDIAN" || opened.Title != "The Harbourtown file" || opened.Portions[2].Text != courier {
		t.Errorf("opened %+v", opened)
	}
	_, err := s.as["theo"].Open(t.Context(), "MER-7/26")
	wantKind(t, "a third party opens", err, cordon.KindNotFound)
	_, err = s.as["root"].Open(t.Context(), string(s.report.Report))
	wantKind(t, "an administrator opens", err, cordon.KindNotFound)

	if l := must(s.as["ana"].Reports(t.Context(), wire.Page{}))(t); len(l.Items) != 1 || l.Items[0].Title != "The Harbourtown file" {
		t.Errorf("listed %+v", l)
	}
	if l := must(s.as["theo"].Reports(t.Context(), wire.Page{}))(t); len(l.Items) != 0 || l.Next != "" {
		t.Errorf("a third party lists %+v", l)
	}
	if hits := must(s.as["ana"].Search(t.Context(), wire.Query{Text: "fish market"}, wire.Page{}))(t); len(hits.Items) != 1 || hits.Items[0].Text != courier {
		t.Errorf("found %+v", hits)
	}
	if hits := must(s.as["theo"].Search(t.Context(), wire.Query{Text: "fish market"}, wire.Page{}))(t); len(hits.Items) != 0 {
		t.Errorf("a third party finds %+v", hits)
	}
	for format, want := range map[string]string{
		"markdown": "# (" + narrow + ") The Harbourtown file\n\n(" + wide + ") ",
		"text":     banner + "\n\n(" + narrow + ") The Harbourtown file\n",
		"json":     `"banner":"` + banner + `"`,
	} {
		out := string(must(s.as["ana"].Export(t.Context(), "MER-7/26", format))(t))
		if !strings.Contains(out, want) || !strings.Contains(out, "fish market") {
			t.Errorf("as %s: %s", format, out)
		}
	}
	_, err = s.as["theo"].Export(t.Context(), "MER-7/26", "text")
	wantKind(t, "a third party exports", err, cordon.KindNotFound)
}

func (s *story) derive(t *testing.T) {
	draft := drafted(wire.Draft{Kind: cordon.ReportBriefing, Ref: "BRIEF-1"}, "(S) For the meeting")
	draft.Portions = []wire.PortionDraft{
		{Text: general, Sources: []cordon.ID{s.report.Portions[1].ID}},
		{Text: courier, Marking: "C//REL TO USA, GBR"}, // pasted, without saying so
		{Text: "The minister should say nothing of how this is known.", Marking: "C"},
	}
	// She may see what she repeats, so she is asked, and says where it is from.
	_, err := s.as["ana"].Publish(t.Context(), draft)
	wantKind(t, "pasted without saying so", err, cordon.KindConflict)
	var asked *cordon.Error
	if !errors.As(err, &asked) || len(asked.Issues) != 1 || asked.Issues[0].Source != s.report.Portions[2].ID || asked.Issues[0].Portion != 2 {
		t.Fatalf("what she is asked: %+v", asked)
	}
	draft.Portions[1].Sources = []cordon.ID{asked.Issues[0].Source}
	if s.memo, err = s.as["ana"].Publish(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	owners := func(i int) (names []string) {
		for _, o := range s.memo.Portions[i].Owners {
			names = append(names, o.Name)
		}
		slices.Sort(names)
		return names
	}
	both := []string{"MERIDIAN", "VALDOR"}
	if !slices.Equal(owners(1), both) || !slices.Equal(owners(2), both) || !slices.Equal(owners(3), both[1:]) {
		t.Errorf("owners of the memo: %v %v %v", owners(1), owners(2), owners(3))
	}
	if !s.memo.Portions[2].Raised || s.memo.Portions[2].Marking != narrow {
		t.Errorf("the pasted portion is %+v", s.memo.Portions[2])
	}

	results := must(s.as["ana"].Import(t.Context(), []wire.Draft{
		drafted(wire.Draft{Ref: "I-1"}, "(S) First imported", "(S) Something of our own."),
		drafted(wire.Draft{Ref: "I-2"}, "(S) Second imported", "(NONSENSE) Badly marked."),
		drafted(wire.Draft{Ref: "I-3", Recipients: []string{"NOWHERE"}}, "(S) Third imported"),
	}, nil))(t)
	if results[0].Published == nil || results[0].Published.Ref != "I-1" || results[1].Problem == nil || results[2].Problem == nil {
		t.Fatalf("imported %+v", results)
	}
	wantKind(t, "a bad mark", results[1].Problem.Err(), cordon.KindInvalid)
	wantKind(t, "an unknown organisation", results[2].Problem.Err(), cordon.KindInvalid)
}

func (s *story) check(t *testing.T) {
	text := "I want to tell you something.\n" + courier + "\nThat is all."
	checked := must(s.as["ana"].Check(t.Context(), wire.Check{Text: text, Audience: "Tarsis"}))(t)
	if len(checked.Refused) == 0 || checked.Audience.Name != "TARSIS" {
		t.Fatalf("checked %+v", checked)
	}
	f := checked.Refused[0]
	if p := f.Passages[0]; text[p.Start:p.End] != strings.TrimSuffix(courier, ".") || p.Line != 2 {
		t.Errorf("passage %+v", p)
	}
	if len(f.Missing) == 0 || !strings.Contains(strings.Join(f.Needs, " "), "MERIDIAN") {
		t.Errorf("finding %+v", f)
	}
	if c := must(s.as["ana"].Check(t.Context(), wire.Check{Text: text, Audience: "VALDOR"}))(t); len(c.Refused) != 0 || len(c.Allowed) == 0 {
		t.Errorf("for its own people: %+v", c)
	}
	if scanned := must(s.as["theo"].Scan(t.Context(), text))(t); len(scanned.Hits) != 0 {
		t.Errorf("a third party scans and is told %+v", scanned)
	}
	scanned := must(s.as["sol"].Scan(t.Context(), text))(t)
	if len(scanned.Hits) == 0 || scanned.Hits[0].Marking != narrow {
		t.Errorf("scanned %+v", scanned)
	}
	holders := must(s.as["mara"].Holders(t.Context(), s.report.Portions[2].ID))(t)
	i := slices.IndexFunc(holders, func(h wire.Holder) bool { return h.Person.Name == "ana" })
	if i < 0 || holders[i].Organisation.Name != "VALDOR" || !slices.Contains(holders[i].Via, cordon.ActExport) {
		t.Errorf("holders %+v", holders)
	}
	notices := must(s.as["mara"].Notices(t.Context(), wire.Page{Limit: 50}))(t)
	if !slices.ContainsFunc(notices.Items, func(n wire.Notice) bool { return strings.Contains(n.Text, "theo of TARSIS scanned") }) {
		t.Errorf("the owner was not told: %+v", notices)
	}
}

func (s *story) release(t *testing.T) {
	asked, err := s.as["ana"].RequestRelease(t.Context(), wire.ReleaseDraft{
		Report: "BRIEF-1", Audience: "TARSIS", Purpose: "The ministers meet on Friday.",
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(asked.Parts) != 2 || asked.Audience.Name != "TARSIS" {
		t.Fatalf("asked %+v", asked)
	}
	if all := must(s.as["ana"].ReleaseRequests(t.Context()))(t); len(all) != 1 || all[0].Purpose != "The ministers meet on Friday." {
		t.Errorf("requests %+v", all)
	}
	part := must(s.as["mara"].ReleaseParts(t.Context()))(t)
	if len(part) != 1 || part[0].Owner.Name != "MERIDIAN" || part[0].Requester.Name != "VALDOR" || part[0].State != cordon.PartPending {
		t.Fatalf("the owner's parts %+v", part)
	}
	s.lines = s.publish("mara", wire.Draft{Kind: cordon.ReportTearline, Ref: "MER-7/26-T", Recipients: []string{"VALDOR"}},
		"(U) On the envoy", "(U) The envoy takes advice from elsewhere.")
	wording := must(s.as["mara"].PartWording(t.Context(), part[0].ID))(t)
	if len(wording) != 0 { // the memo is VALDOR's too, and was not given to MERIDIAN
		t.Errorf("the owner is shown of another's memo %+v", wording)
	}
	decided, err := s.as["mara"].Decide(t.Context(), part[0].ID, wire.Decision{
		Grant: []cordon.ID{s.memo.Portions[1].ID}, Tearline: "MER-7/26-T", Reason: "Not the market.", ShownOnly: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if decided.State != cordon.PartOffered || decided.Tearline != s.lines.Report || decided.Reason != "Not the market." {
		t.Errorf("decided %+v", decided)
	}
	if _, err := s.as["mara"].Decide(t.Context(), part[0].ID, wire.Decision{Grant: []cordon.ID{s.memo.Portions[1].ID}}); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("decided twice: %v", err)
	}
	_, err = s.as["ana"].Release(t.Context(), asked.ID, wire.Leaving{})
	wantKind(t, "released before all have answered", err, cordon.KindConflict)
	// VALDOR decides on its own part, of which the memo's other words are.
	own := must(s.as["sol"].ReleasePart(t.Context(), must(s.as["sol"].ReleaseParts(t.Context()))(t)[0].ID))(t)
	if wording := must(s.as["sol"].PartWording(t.Context(), own.ID))(t); len(wording) != 4 || wording[1].Text != general {
		t.Errorf("its own part reads %+v", wording)
	}
	if _, err := s.as["sol"].Decide(t.Context(), own.ID, wire.Decision{Grant: []cordon.ID{s.memo.Portions[1].ID}}); err != nil {
		t.Fatal(err)
	}
	_, err = s.as["theo"].Open(t.Context(), string(s.lines.Report))
	wantKind(t, "before the release", err, cordon.KindNotFound)
	_, err = s.as["ana"].Release(t.Context(), asked.ID, wire.Leaving{})
	wantKind(t, "released though some of it was refused", err, cordon.KindConflict)
	without := []cordon.ID{s.memo.Portions[0].ID, s.memo.Portions[2].ID, s.memo.Portions[3].ID}
	released, err := s.as["ana"].Release(t.Context(), asked.ID, wire.Leaving{Without: without})
	if err != nil {
		t.Fatal(err)
	}
	if shown := must(s.as["ana"].ReleaseRequest(t.Context(), asked.ID))(t); released.State != "released" || shown.State != "released" || shown.Released.IsZero() {
		t.Errorf("released %+v", shown)
	}
	if r := must(s.as["theo"].Open(t.Context(), string(s.lines.Report)))(t); len(r.Portions) != 2 {
		t.Errorf("the tearline shows %+v", r)
	}
	r := must(s.as["theo"].Open(t.Context(), string(s.memo.Report)))(t)
	if len(r.Portions) != 1 || r.Portions[0].Text != general {
		t.Errorf("the audience is shown %+v", r)
	}
	_, err = s.as["theo"].Export(t.Context(), string(s.memo.Report), "markdown")
	wantKind(t, "exporting what is shown only", err, cordon.KindDenied)
	grants := must(s.as["mara"].Grants(t.Context(), s.memo.Portions[1].ID))(t)
	if all := must(s.as["mara"].Grants(t.Context()))(t); len(grants) != 1 || len(all) != 1 || grants[0].To.Name != "TARSIS" || !grants[0].ShownOnly {
		t.Fatalf("grants %+v, of all %+v", grants, all)
	}
	notices := must(s.as["theo"].Notices(t.Context(), wire.Page{}))(t)
	if len(notices.Items) != 1 || !strings.Contains(notices.Items[0].Text, "VALDOR released 3 portions to you") {
		t.Errorf("the audience is told %+v", notices.Items)
	}
	for _, word := range []string{"MERIDIAN", "ministers", "Friday", "market", string(part[0].ID), string(own.ID)} {
		if len(notices.Items) > 0 && strings.Contains(notices.Items[0].Text, word) {
			t.Errorf("the audience is told %q: %s", word, notices.Items[0].Text)
		}
	}
	if err := s.as["mara"].Revoke(t.Context(), grants[0].ID); err != nil {
		t.Fatal(err)
	}
	_, err = s.as["theo"].Open(t.Context(), string(s.memo.Report))
	wantKind(t, "after the revocation", err, cordon.KindNotFound)
	wantKind(t, "revoked twice", s.as["mara"].Revoke(t.Context(), grants[0].ID), cordon.KindConflict)
	s.revise(t)
}

// revise changes a word of a paragraph that is being asked for, plans anew, and
// withdraws what it asked.
func (s *story) revise(t *testing.T) {
	plan := must(s.as["ana"].PlanRelease(t.Context(), wire.ReleaseDraft{Report: "BRIEF-1", Audience: "TARSIS"}))(t)
	if len(plan.Paragraphs) != 4 || len(plan.Paragraphs[1].Missing) != 1 || plan.Paragraphs[1].Missing[0].Name != "MERIDIAN" || !plan.Paragraphs[2].Excluded {
		t.Errorf("planned %+v", plan)
	}
	draft := wire.ReleaseDraft{Portions: []cordon.ID{s.memo.Portions[3].ID}, Audience: "HUB"}
	asked := must(s.as["ana"].RequestRelease(t.Context(), draft))(t)
	const better = "The minister should say nothing whatever of how this is known."
	revised, err := s.as["ana"].Revise(t.Context(), "BRIEF-1", s.memo.Portions[3].ID, wire.Revision{Text: better})
	if err != nil {
		t.Fatal(err)
	}
	if r := must(s.as["ana"].Open(t.Context(), "BRIEF-1"))(t); r.Portions[3].Text != better || r.Portions[3].ID != revised.ID {
		t.Errorf("revised, it reads %+v", r.Portions)
	}
	if r := must(s.as["ana"].ReleaseRequest(t.Context(), asked.ID))(t); r.State != "void" {
		t.Errorf("the request is %s", r.State)
	}
	_, err = s.as["sol"].Revise(t.Context(), "BRIEF-1", revised.ID, wire.Revision{Text: better})
	wantKind(t, "revising without the role", err, cordon.KindDenied)
	draft.Portions[0] = revised.ID
	again := must(s.as["ana"].RequestRelease(t.Context(), draft))(t)
	if r := must(s.as["ana"].Withdraw(t.Context(), again.ID))(t); r.State != "withdrawn" {
		t.Errorf("withdrawn, it is %s", r.State)
	}
	_, err = s.as["sol"].Decide(t.Context(), again.Parts[0].ID, wire.Decision{})
	wantKind(t, "deciding what was withdrawn", err, cordon.KindConflict)
	_, err = s.as["sol"].Confirm(t.Context(), again.Parts[0].ID, cordon.NewID())
	wantKind(t, "confirming what was withdrawn", err, cordon.KindConflict)
	s.memo.Portions[3] = revised
}

func (s *story) incident(t *testing.T) {
	i, err := s.as["sol"].OpenIncident(t.Context(), wire.IncidentDraft{Title: "Friday's meeting", Custody: []string{"ana"}})
	if err != nil {
		t.Fatal(err)
	}
	s.theCase = i.ID
	if i.Opener.Name != "sol" || len(i.Custody) != 2 {
		t.Errorf("incident %+v", i)
	}
	struck := s.memo.Portions[2].ID
	done, err := s.as["sol"].Contain(t.Context(), i.ID, wire.Plan{
		Disclosed: []wire.Disclosed{{Portion: struck, Words: 17}},
		Strike:    []cordon.ID{struck},
		Limit:     []wire.Limit{{Report: "BRIEF-1", Circle: []string{"sol", string(s.person["ana"])}}},
		Notify:    []string{"HUB"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(done.Struck, struck) || !done.Scrubbed || !slices.ContainsFunc(done.Notified, func(n wire.Named) bool { return n.Name == "MERIDIAN" }) {
		t.Errorf("contained %+v", done)
	}
	r := must(s.as["ana"].Open(t.Context(), "BRIEF-1"))(t)
	for _, p := range r.Portions {
		if strings.Contains(p.Text, "fish market") {
			t.Error("the struck text is shown")
		}
	}
	if kept := must(s.as["ana"].Custody(t.Context(), struck))(t); kept.Text != courier || kept.Incident != i.ID {
		t.Errorf("custody %+v", kept)
	}
	_, err = s.as["mara"].Custody(t.Context(), struck)
	wantKind(t, "custody of somebody else", err, cordon.KindNotFound)
	wantKind(t, "one of two owners destroys", s.as["sol"].Destroy(t.Context(), struck), cordon.KindConflict)

	own := s.publish("ana", wire.Draft{}, "(S) Our own paper", "(S) A sentence that VALDOR alone owns and regrets.")
	if _, err := s.as["sol"].Contain(t.Context(), i.ID, wire.Plan{Strike: []cordon.ID{own.Portions[1].ID}}); err != nil {
		t.Fatal(err)
	}
	if err := s.as["sol"].Destroy(t.Context(), own.Portions[1].ID); err != nil {
		t.Fatal(err)
	}
	_, err = s.as["ana"].Custody(t.Context(), own.Portions[1].ID)
	wantKind(t, "what was destroyed", err, cordon.KindNotFound)

	shown := must(s.as["ana"].Incident(t.Context(), i.ID))(t)
	notified := slices.IndexFunc(shown.Steps, func(st wire.ContainmentStep) bool { return st.Step == cordon.StepNotify && st.Target.Name == "HUB" })
	if len(shown.Disclosures) != 1 || notified < 0 || shown.Steps[notified].By.Name != "sol" {
		t.Errorf("incident %+v", shown)
	}
	if all := must(s.as["sol"].Incidents(t.Context()))(t); len(all) != 1 || all[0].Title != "Friday's meeting" {
		t.Errorf("incidents %+v", all)
	}
	if all := must(s.as["theo"].Incidents(t.Context()))(t); len(all) != 0 {
		t.Errorf("another organisation's officer sees %+v", all)
	}
}

func (s *story) record(t *testing.T) {
	at := time.Date(2026, 5, 15, 17, 0, 0, 0, time.UTC)
	yes := true
	id, err := s.as["sol"].AddProposition(t.Context(), s.theCase, wire.Proposition{ID: "P1", Text: "A city was named."})
	if err != nil || id != "P1" {
		t.Fatal(id, err)
	}
	if _, err := s.as["sol"].AddSource(t.Context(), s.theCase, wire.Source{ID: "S1", Who: "two officials", InRoom: &yes}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.as["sol"].AddStatement(t.Context(), s.theCase, wire.Statement{
		ID: "A1", Source: "S1", Published: at, Stances: map[string]wire.Stance{"P1": "confirms"},
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.as["sol"].ImportClaims(t.Context(), s.theCase, wire.Record{
		Propositions: []wire.Proposition{{ID: "P2", Text: "Methods were discussed."}},
		Sources:      []wire.Source{{ID: "S2", Who: "the adviser", Named: true}},
		Statements:   []wire.Statement{{ID: "A2", Source: "S2", Published: at.Add(time.Hour), Stances: map[string]wire.Stance{"P2": "denies", "P1": "does-not-address"}}},
	}); err != nil {
		t.Fatal(err)
	}
	wantKind(t, "the same again", s.as["sol"].ImportClaims(t.Context(), s.theCase, wire.Record{Propositions: []wire.Proposition{{ID: "P2", Text: "Methods were discussed."}}}), cordon.KindConflict)
	m := must(s.as["ana"].Matrix(t.Context(), s.theCase, at.Add(2*time.Hour)))(t)
	if !slices.Equal(m.DeniedThoughNobodyClaimed, []string{"P2"}) || m.Propositions[0].ConfirmedByRoots.AtLeast != 1 {
		t.Errorf("matrix %+v", m)
	}
	early := must(s.as["ana"].Matrix(t.Context(), s.theCase, at))(t)
	if len(early.DeniedThoughNobodyClaimed) != 0 || !early.At.Equal(at) {
		t.Errorf("matrix of five o'clock %+v", early)
	}
}

func (s *story) mosaic(t *testing.T) {
	draft := wire.RegistryDraft{Name: "who it could be", Threshold: 2, Attributes: []wire.Attribute{
		{Name: "city", Hierarchy: [][]string{{"Harbourtown", "Coast"}, {"Seaford", "Coast"}, {"Hillford", "Inland"}}},
	}}
	for i, city := range []string{"Harbourtown", "Seaford", "Seaford", "Hillford"} {
		draft.Candidates = append(draft.Candidates, wire.Candidate{ID: "candidate-" + string(rune('A'+i)), Values: map[string]string{"city": city}})
	}
	r := must(s.as["mara"].AddRegistry(t.Context(), draft))(t)
	if all := must(s.as["mara"].Registries(t.Context()))(t); len(all) != 1 || all[0] != r {
		t.Errorf("registries %+v", all)
	}
	if all := must(s.as["sol"].Registries(t.Context()))(t); len(all) != 0 {
		t.Errorf("another organisation sees %+v", all)
	}
	if err := s.as["mara"].AddFacts(t.Context(), s.report.Portions[1].ID, []wire.Fact{{Attribute: "city", Values: []string{"Coast"}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.as["mara"].AddTold(t.Context(), r.Name, wire.ToldDraft{Audience: "TARSIS", Facts: []wire.Fact{{Attribute: "city", Values: []string{"Coast"}}}}); err != nil {
		t.Fatal(err)
	}
	out := must(s.as["mara"].MosaicCheck(t.Context(), r.Name, wire.MosaicCheck{
		Audience: "tarsis", Facts: []wire.Fact{{Attribute: "city", Values: []string{"Harbourtown"}}}, Portions: []cordon.ID{s.report.Portions[1].ID},
	}))(t)
	if out.Total != 4 || out.Before != 3 || out.After != 1 || out.Verdict != "narrow" || out.Audience.Name != "TARSIS" || out.Known[0].How != "told" {
		t.Errorf("mosaic %+v", out)
	}
	if out := must(s.as["mara"].MosaicCheck(t.Context(), string(r.ID), wire.MosaicCheck{}))(t); out.Audience != nil || out.After != 4 {
		t.Errorf("of the public %+v", out)
	}
	_, err := s.as["sol"].MosaicCheck(t.Context(), string(r.ID), wire.MosaicCheck{})
	wantKind(t, "another organisation's check", err, cordon.KindNotFound)
}

func (s *story) ledger(t *testing.T) {
	cp := must(s.as["theo"].Checkpoint(t.Context()))(t)
	auditor := s.as["sol"]
	held := ledger.Verified{Feed: must(auditor.Me(t.Context()))(t).Organisation.ID}
	var b ledger.Bundle
	raw := must(auditor.Bundle(t.Context(), 0, 0, 1000))(t)
	if err := json.Unmarshal(raw, &b); err != nil {
		t.Fatal(err)
	}
	held, err := ledger.VerifyBundle(b, cp.VerifierKey, held)
	if err != nil || !held.Complete() {
		t.Fatalf("bundle: %v, %+v", err, held)
	}
	var feed []wire.FeedEntry
	for after := int64(0); ; {
		page := must(auditor.Feed(t.Context(), after, 7))(t)
		feed = append(feed, page.Items...)
		if after = page.Next; after == 0 {
			break
		}
	}
	if int64(len(feed)) < held.Seq {
		t.Errorf("the feed has %d entries and the bundle %d", len(feed), held.Seq)
	}
	for i, e := range feed {
		if e.Number != int64(i+1) {
			t.Fatalf("number %d stands at place %d", e.Number, i+1)
		}
	}
	if !slices.ContainsFunc(feed, func(e wire.FeedEntry) bool {
		return e.Act == cordon.ActStrike && e.Actor.Name == "sol" && e.ActorOrganisation.Name == "VALDOR"
	}) {
		t.Error("the feed has no strike")
	}
	if !slices.ContainsFunc(feed, func(e wire.FeedEntry) bool {
		return e.Act == cordon.ActRead && e.Outcome == cordon.OutcomeRefused && e.ActorOrganisation.Name == "TARSIS" && e.Actor.Name == ""
	}) {
		t.Error("the feed has no refusal, or names another organisation's person")
	}
	_, err = s.as["ana"].Feed(t.Context(), 0, 0)
	wantKind(t, "a feed for who is no auditor", err, cordon.KindDenied)
	v := must(s.as["root"].VerifyLedger(t.Context(), wire.VerificationDraft{Kept: []string{held.Checkpoint}}))(t)
	if !v.OK || v.Size == 0 || v.Fault != nil {
		t.Errorf("verification %+v", v)
	}
	_, err = s.as["mara"].VerifyLedger(t.Context(), wire.VerificationDraft{})
	wantKind(t, "verification by who is neither", err, cordon.KindDenied)
}

func (s *story) suspend(t *testing.T) {
	p, err := s.as["root"].ChangePerson(t.Context(), "VALDOR/ana", wire.PersonDraft{
		Organisation: "VALDOR", Name: "ana", Clearances: map[string]string{"us": "C"}, Roles: []cordon.Role{cordon.RoleReader},
	})
	if err != nil || p.Clearances["us"] != "C" || p.Organisation.Name != "VALDOR" {
		t.Fatal(p, err)
	}
	_, err = s.as["ana"].Open(t.Context(), "MER-7/26")
	wantKind(t, "the next request after a clearance was lowered", err, cordon.KindNotFound)
	people := must(s.as["sol"].People(t.Context(), "VALDOR"))(t)
	if len(people) != 2 {
		t.Errorf("people %+v", people)
	}
	if _, err := s.as["root"].ChangePerson(t.Context(), string(s.person["ana"]), wire.PersonDraft{
		Organisation: "VALDOR", Name: "ana", Suspended: true,
	}); err != nil {
		t.Fatal(err)
	}
	_, err = s.as["ana"].Me(t.Context())
	wantKind(t, "a suspended person", err, cordon.KindUnauthenticated)
	if orgs := must(s.as["theo"].Organisations(t.Context()))(t); len(orgs) != 4 || orgs[3].Title != "Valdor Service" {
		t.Errorf("organisations %+v", orgs)
	}
}

func (s *story) operate(t *testing.T) {
	for _, target := range []string{"/healthz", "/readyz", "/api/openapi.json"} {
		if rec := s.raw("", "GET", target, ""); rec.Code != 200 {
			t.Errorf("%s: %d", target, rec.Code)
		}
	}
}

func (s *story) nothingInTheLog(t *testing.T) {
	log := s.log.String()
	if !strings.Contains(log, `"route":"GET /api/v1/search"`) {
		t.Error("the log has no line of a search")
	}
	secrets := []string{
		"fish market", "fish", "Harbourtown", "telephone", "MER-7/26", "BRIEF-1", "QUIET", "Quiet", "Friday",
		"candidate-A", "city was named", "adviser", "mara", "VALDOR", "Valdor", "MERIDIAN", "cordon_",
	}
	for who := range s.token {
		secrets = append(secrets, s.token[who])
	}
	for _, word := range secrets {
		if strings.Contains(log, word) {
			t.Errorf("the log has %q in it", word)
		}
	}
}
