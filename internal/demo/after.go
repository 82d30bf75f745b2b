package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cordon/wire"
)

// After the meeting: the leak is found, contained, proved and counted.

func (s *story) meeting() {
	s.stage.Step("The meeting goes wrong",
		"Iris Vane of HARBOUR",
		"is handed the transcript. Somebody has said it all the same, in the words of the report. Iris scans it, and Tomas files it. The passage was unmarked; he would be asked about the words it repeats, and names where they are from. It takes the marking and the owner of those.")
	r := s.do(found, Command{As: security, In: transcriptText, Args: []string{"scan", "-"}})
	var scan wire.Scanned
	s.read(r, &scan)
	hits := map[string]int{}
	for _, h := range scan.Hits {
		hits[string(h.Portion)] = h.Words
	}
	s.want(hits[s.pick(s.kestrel, 2)] > 0, "the scan did not find the passage of the report")
	s.want(hits[s.pick(s.memo, 2)] > 0, "the scan did not find the passage of the memo")
	s.want(len(hits) == 2, "the scan found %d portions where two were quoted", len(hits))
	r = s.do(ok, Command{As: analyst, In: transcriptText, Args: []string{
		"report", "derive", "-", "--ref", "MEETING-3", "--kind", "transcript",
		"--default-marking", "S//REL TO USA, XMD", "--source", "2=" + s.pick(s.kestrel, 2),
	}})
	var p wire.Published
	s.read(r, &p)
	if s.err == nil && len(p.Portions) == 4 {
		s.want(p.Portions[2].Marking == "TS//SI//REL TO USA, XMD", "the passage in the transcript is marked %s", p.Portions[2].Marking)
	}
	s.see([]string{"MEMO-12", "MEETING-3"}, []int{4, 4}, seen{
		meridian: {0, 0}, security: {4, 4}, analyst: {4, 4}, desk: {3, 3}, lantern: {0, 0}, cormorant: {1, 0},
	})
}

func (s *story) containment() {
	s.stage.Step("It is contained",
		"Iris Vane of HARBOUR, its security officer,",
		"opens an incident and in one command strikes the passage from the memo, limits the transcript to two people, revokes CORMORANT's grant and has LANTERN told to call. MERIDIAN, the owner, is always told.")
	r := s.do(ok, Command{As: security, Args: []string{"incident", "open", "Meeting on Thursday"}})
	var incident wire.Incident
	s.read(r, &incident)
	s.incident = string(incident.ID)
	r = s.do(ok, Command{As: security, Args: []string{
		"contain", s.incident, "--strike", s.pick(s.memo, 2),
		"--limit", "MEETING-3=Iris Vane,Tomas Reed", "--revoke", s.grant, "--notify", "LANTERN",
	}})
	var done wire.Containment
	s.read(r, &done)
	s.want(len(done.Struck) == 1 && len(done.Limited) == 1 && len(done.Revoked) == 1, "struck %d, limited %d, revoked %d", len(done.Struck), len(done.Limited), len(done.Revoked))
	s.do(ok, Command{As: meridian, Args: []string{"notice", "list", "--limit", "1"}})
	s.do(ok, Command{As: lantern, Args: []string{"notice", "list"}})
}

func (s *story) afterwards() {
	s.stage.Step("Reads after that prove it",
		"Everybody",
		"tries again. The memo has no trace of the passage. The transcript is there for two people. CORMORANT's permission is gone. The struck original is in custody, for Iris alone, until somebody entitled destroys it.")
	r := s.do(ok, Command{As: analyst, Args: []string{"report", "open", "MEMO-12"}})
	s.want(!strings.Contains(string(r.JSON), secretWords), "the memo still has the passage")
	r = s.do(ok, Command{As: analyst, Hidden: true, Args: []string{"report", "search", secretWords}})
	s.want(!strings.Contains(string(r.JSON), s.pick(s.memo, 2)), "the search still finds the struck passage")
	r = s.do(ok, Command{As: analyst, Hidden: true, Args: []string{"report", "export", "MEMO-12"}})
	s.want(!strings.Contains(r.Out, secretWords), "the export still has the passage")
	r = s.do(ok, Command{As: security, Quiet: true, Args: []string{"custody", "read", s.pick(s.memo, 2)}})
	s.want(strings.Contains(string(r.JSON), secretWords), "custody does not have the struck original")
	s.do(notFound, Command{As: analyst, Args: []string{"custody", "read", s.pick(s.memo, 2)}})
	s.see([]string{"KESTREL-7", "KESTREL-7T", "MEMO-12", "MEETING-3"}, []int{5, 2, 3, 4}, seen{
		meridian: {5, 2, 0, 0}, security: {5, 2, 3, 4}, analyst: {5, 2, 3, 4}, desk: {3, 2, 3, 0},
		lantern: {0, 0, 0, 0}, cormorant: {0, 2, 0, 0},
	})
	s.proved("no open, search or export gives the struck passage")
}

func (s *story) proof() {
	s.stage.Step("The ledger is verified",
		"Iris Vane of HARBOUR and Edda Storm of MERIDIAN",
		"verify. Iris has the whole ledger recomputed. Edda, who need not trust HARBOUR, takes MERIDIAN's feed along with its proofs and checks it with the public key alone, without the server.")
	r := s.do(ok, Command{As: security, Args: []string{"ledger", "verify"}})
	var v wire.Verification
	s.read(r, &v)
	s.want(v.OK && v.Size > 0, "the ledger does not verify")
	r = s.do(ok, Command{As: meridian, Hidden: true, Args: []string{"ledger", "checkpoint"}})
	var cp wire.Checkpoint
	s.read(r, &cp)
	s.do(ok, Command{As: meridian, Quiet: true, Args: []string{"ledger", "bundle", "--output", "bundle.json"}})
	s.do(ok, Command{Args: []string{"ledger", "verify", "--bundle", "bundle.json", "--verifier", cp.VerifierKey}})
	s.table("entries in MERIDIAN's feed, by: cordon ledger feed --token-file "+meridian,
		[]string{"WHO", "ACT", "ALLOWED", "REFUSED"}, s.feed())
}

// feed counts the entries of the owner's feed about others.
func (s *story) feed() [][]string {
	r := s.do(ok, Command{As: meridian, Hidden: true, Args: []string{"ledger", "feed"}})
	counts := map[[2]string][2]int{}
	var order [][2]string
	for line := range strings.Lines(string(r.JSON)) {
		var e wire.FeedEntry
		s.read(Result{JSON: []byte(line)}, &e)
		if e.ActorOrganisation == nil || e.ActorOrganisation.Name == "MERIDIAN" {
			continue
		}
		key := [2]string{e.ActorOrganisation.Name, string(e.Act)}
		n, known := counts[key]
		if !known {
			order = append(order, key)
		}
		n[boolean(e.Outcome == "refused")]++
		counts[key] = n
	}
	s.want(counts[[2]string{"HARBOUR", "derive"}][0] > 0, "MERIDIAN's feed does not have the memo")
	s.want(counts[[2]string{"LANTERN", "read"}][1] > 0, "MERIDIAN's feed does not have LANTERN's attempt")
	rows := make([][]string, len(order))
	for i, key := range order {
		n := counts[key]
		rows[i] = []string{key[0], key[1], fmt.Sprint(n[0]), fmt.Sprint(n[1])}
	}
	return rows
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s *story) whoHadIt() {
	s.stage.Step("Who had it",
		"Edda Storm of MERIDIAN, the owner,",
		"asks who was ever shown the passage, in the report or in anything made from it.")
	r := s.do(ok, Command{As: meridian, Args: []string{"portion", "holders", s.pick(s.kestrel, 2)}})
	var holders wire.List[wire.Holder]
	s.read(r, &holders)
	var orgs []string
	for _, h := range holders.Items {
		orgs = append(orgs, h.Organisation.Name)
	}
	slices.Sort(orgs)
	s.want(slices.Equal(orgs, []string{"HARBOUR", "HARBOUR", "MERIDIAN"}), "the passage was shown to %v", orgs)
}

func (s *story) candidates() {
	s.stage.Step("Does the city give the source away?",
		"Edda Storm of MERIDIAN",
		"keeps a sealed list of everybody who could be taken for the source. CORMORANT knew from elsewhere that the source works with radios. Edda asks how many candidates fit that, and how many are left once the city was named.")
	s.do(ok, Command{As: meridian, In: registryText, Quiet: true, Args: []string{"mosaic", "registry", "add", "-"}})
	s.do(ok, Command{As: meridian, Quiet: true, Args: []string{"mosaic", "told", "add", "beacons", "trade=radios", "--audience", "CORMORANT"}})
	s.do(ok, Command{As: meridian, Quiet: true, Args: []string{"mosaic", "fact", "add", s.pick(s.kestrel, 2), "city=" + secretWords}})
	r := s.do(found, Command{As: meridian, Args: []string{"mosaic", "check", "beacons", "--audience", "CORMORANT", "--portion", s.pick(s.kestrel, 2)}})
	var m wire.MosaicResult
	s.read(r, &m)
	s.want(m.Total == 12 && m.Before == 6 && m.After == 1, "%d of %d candidates before and %d after", m.Before, m.Total, m.After)
	s.table("candidates who fit all that CORMORANT knows", []string{"", "CANDIDATES", ""}, [][]string{
		{"nothing known", fmt.Sprint(m.Total), strings.Repeat("#", m.Total)},
		{"before the meeting", fmt.Sprint(m.Before), strings.Repeat("#", m.Before)},
		{"after the meeting", fmt.Sprint(m.After), strings.Repeat("#", m.After)},
	})
}

func (s *story) public() {
	s.stage.Step("What is said in public",
		"Iris Vane of HARBOUR",
		"enters the day's statements. Cordon never says what is true. The table shows which denials deny something that was reported, and which deny something that nobody had said.")
	at := s.now.UTC().Truncate(time.Minute)
	const statements = 5
	var said []any
	for i := range statements {
		said = append(said, at.Add(time.Duration(i-statements)*time.Hour).Format(time.RFC3339))
	}
	s.do(ok, Command{As: security, In: fmt.Sprintf(recordText, said...), Quiet: true, Args: []string{"claims", "import", s.incident, "-"}})
	r := s.do(ok, Command{As: security, Quiet: true, Args: []string{"claims", "matrix", s.incident}})
	var m wire.Matrix
	s.read(r, &m)
	s.want(slices.Equal(m.DeniedThoughNobodyClaimed, []string{"P2"}), "denied though nobody claimed it: %v", m.DeniedThoughNobodyClaimed)
	speakers := []string{"courier", "gazette", "minister", "adviser", "envoy"}
	rows := make([][]string, len(m.Propositions))
	for i, p := range m.Propositions {
		rows[i] = []string{p.Text}
		for _, who := range speakers {
			rows[i] = append(rows[i], stance(p, who))
		}
	}
	s.table("who said what of it", append([]string{""}, speakers...), rows)
	s.say("There are three denials. Two of them deny that the source was named, which nobody had reported. Nobody denies that a city was named.")
}

// stance is the latest a source took on a proposition, in words for a table.
func stance(row wire.MatrixRow, source string) string {
	words := map[wire.Stance]string{
		wire.StanceConfirms: "says so", wire.StanceDenies: "DENIES",
		wire.StanceDoesNotClaim: "not said", wire.StanceDoesNotAddress: "passes over",
	}
	answer := "-"
	for _, s := range row.Said {
		if s.Source == source {
			answer = words[s.Stance]
		}
	}
	return answer
}

func (s *story) say(text string) {
	if s.err == nil {
		s.stage.Say(text)
	}
}
