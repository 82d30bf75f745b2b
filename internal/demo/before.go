package demo

import (
	"crypto/rand"
	"slices"
	"strings"

	"cordon"
	"cordon/wire"
)

// Before the meeting: the report is shared, read, made use of, and asked about.

func (s *story) people() {
	s.stage.Step("Who takes part",
		"Iris Vane of HARBOUR, who set this installation up,",
		"adds three other services and invites somebody of each, who looks after their own people. For HARBOUR she adds people herself, with their clearances and read-ins. Those decide on reading, portion by portion; no role reads anything. Each sets their own password, and makes the token for their own terminal.")
	for i, o := range []struct {
		name, title, country, person, token string
		holds                               []string
	}{
		{"MERIDIAN", "a partner service", "XMD", "Edda Storm", meridian, []string{
			"--clearance", "us=TS", "--read-in", "us:SI", "--role", "reader", "--role", "author", "--role", "release-authority", "--role", "auditor",
		}},
		{"LANTERN", "an ally", "XLN", "Jun Okafor", lantern, []string{
			"--clearance", "us=TS", "--read-in", "us:SI", "--role", "reader", "--role", "security-officer",
		}},
		{"CORMORANT", "a service that comes to visit", "XCO", "Pell Hartmann", cormorant, []string{"--clearance", "us=C", "--role", "reader"}},
	} {
		s.do(ok, Command{
			As: security, Hidden: i > 0, Quiet: true,
			Args: []string{"org", "add", o.name, "--country", o.country, "--title", o.title},
		})
		code := o.token + ".code"
		s.do(ok, Command{As: security, Hidden: i > 0, Quiet: true, Args: []string{"org", "invite", o.name, o.person, "--output", code}})
		s.comesIn(i > 0, code, o.token)
		s.do(ok, Command{As: o.token, Hidden: i > 0, Quiet: true, Args: append([]string{"person", "change", o.person}, o.holds...)})
	}
	for i, p := range []struct {
		token string
		args  []string
	}{
		{analyst, []string{"Tomas Reed", "--clearance", "us=TS", "--read-in", "us:SI", "--role", "reader", "--role", "author"}},
		{desk, []string{"Noor Falk", "--clearance", "us=S", "--role", "reader"}},
	} {
		s.do(ok, Command{As: security, Hidden: i > 0, Quiet: true, Args: append([]string{"person", "add"}, p.args...)})
		code := p.token + ".code"
		s.do(ok, Command{As: security, Hidden: i > 0, Quiet: true, Args: []string{"person", "enrol", p.args[0], "--output", code}})
		s.comesIn(true, code, p.token)
	}
	s.do(ok, Command{As: desk, Args: []string{"whoami"}})
}

// comesIn has somebody set a password by the code, which nobody else knows, and make
// themself a token.
func (s *story) comesIn(hidden bool, code, token string) {
	session := token + ".session"
	s.do(ok, Command{Hidden: hidden, Quiet: true, In: rand.Text() + "\n", Args: []string{"login", "--enrolment", code, "--password-file", "-", "--output", session}})
	s.do(ok, Command{As: session, Hidden: hidden, Quiet: true, Args: []string{"token", "new", "--output", token}})
}

func (s *story) share() {
	s.stage.Step("A partner shares a report",
		"Edda Storm of MERIDIAN",
		"drafts an arrangement with HARBOUR that is so secret that most of HARBOUR may not know of it. Iris Vane agrees for HARBOUR, and Edda hands over a report under it. Each paragraph is marked, two of them for those read into SI only.")
	s.do(ok, Command{As: meridian, Quiet: true, Args: []string{
		"arrangement", "add", "QUIET WATER",
		"--marking", "TS//SI//REL TO USA, XMD", "--party", "HARBOUR",
	}})
	var drafted wire.Arrangement
	s.read(s.do(ok, Command{As: security, Hidden: true, Args: []string{"arrangement", "show", "QUIET WATER"}}), &drafted)
	if s.err == nil {
		s.do(ok, Command{As: security, Args: []string{"arrangement", "agree", "QUIET WATER", "--proposal", string(drafted.Proposal.ID)}, Quiet: true})
	}
	r := s.do(ok, Command{As: meridian, In: kestrelText, Args: []string{"import", "-", "--ref", "KESTREL-7", "--arrangement", "QUIET WATER"}})
	s.report, s.kestrel = s.published(r)
	s.want(len(s.kestrel) == 5, "the report has %d portions, title included, and not 5", len(s.kestrel))

	var rows [][]string
	for _, who := range cast {
		r := s.do(ok, Command{As: who.token, Hidden: true, Args: []string{"arrangement", "list"}})
		var list wire.List[wire.Arrangement]
		s.read(r, &list)
		knows := slices.Contains([]string{meridian, security, analyst}, who.token)
		s.want((len(list.Items) == 1) == knows, "%s knows of %d arrangements", who.name, len(list.Items))
		answer := "no arrangements"
		if knows {
			answer = "QUIET WATER"
		}
		rows = append(rows, []string{who.shown, answer})
	}
	s.table("what each is told by: cordon arrangement list", []string{"", "ARRANGEMENTS"}, rows)
}

func (s *story) analyst() {
	s.stage.Step("An analyst opens it",
		"Tomas Reed of HARBOUR, who is read in, and Noor Falk, who is not,",
		"open the report. Noor is shown three portions under a lower banner, and nothing says that there are more.")
	s.do(ok, Command{As: analyst, Args: []string{"report", "open", "KESTREL-7"}})
	r := s.do(ok, Command{As: desk, Args: []string{"report", "open", "KESTREL-7"}})
	s.want(!strings.Contains(string(r.JSON), "Velmora"), "Noor was shown the city")
	s.want(!strings.Contains(string(r.JSON), "TS"), "Noor was shown a marking above hers")
	s.see([]string{"KESTREL-7"}, []int{5}, seen{
		meridian: {5}, security: {5}, analyst: {5}, desk: {3}, lantern: {0}, cormorant: {0},
	})
}

func (s *story) thirdParty() {
	s.stage.Step("A third party sees nothing at all",
		"Jun Okafor of LANTERN, an ally with every clearance,",
		"has come by the report's id and tries it. LANTERN is no recipient, so for Jun the report does not exist. The answer is the same, word for word, as for a report that was never there.")
	withheld := s.do(notFound, Command{As: lantern, Args: []string{"report", "open", s.report}})
	absent := s.do(notFound, Command{As: lantern, Args: []string{"report", "open", "NO-SUCH-REPORT"}})
	s.want(withheld.Err == absent.Err && withheld.Out == absent.Out, "withheld and absent can be told apart: %q and %q", withheld.Err, absent.Err)
	for _, args := range [][]string{{"report", "list"}, {"report", "search", "beacons"}} {
		r := s.do(ok, Command{As: lantern, Args: args})
		var list wire.List[any]
		s.read(r, &list)
		s.want(len(list.Items) == 0, "cordon %s gives LANTERN %d items", strings.Join(args, " "), len(list.Items))
	}
	s.proved("withheld and absent are one and the same answer")
}

func (s *story) derive() {
	s.stage.Step("A memo is made from it",
		"Tomas Reed of HARBOUR",
		"writes talking points for a meeting with CORMORANT, and marks the title and HARBOUR's own words. The paragraph made from the report inherits its marking and its owner, MERIDIAN.")
	r := s.do(ok, Command{As: analyst, In: memoText, Args: []string{
		"report", "derive", "-", "--ref", "MEMO-12", "--kind", "memo",
		"--source", "1=" + s.pick(s.kestrel, 4), "--source", "2=" + s.pick(s.kestrel, 2),
	}})
	s.memoID, s.memo = s.published(r)
	s.do(ok, Command{As: analyst, Args: []string{"report", "open", "MEMO-12", "--ids"}})
	var p wire.Published
	s.read(r, &p)
	if s.err == nil && len(p.Portions) == 4 {
		city := p.Portions[2]
		s.want(city.Marking == "TS//SI//REL TO USA, XMD", "the passage is marked %s", city.Marking)
		s.want(len(city.Owners) == 2, "the passage has %d owners", len(city.Owners))
	}
	s.see([]string{"KESTREL-7", "MEMO-12"}, []int{5, 4}, seen{
		meridian: {5, 0}, security: {5, 4}, analyst: {5, 4}, desk: {3, 3}, lantern: {0, 0}, cormorant: {0, 0},
	})
}

func (s *story) check() {
	s.stage.Step("A check before the meeting",
		"Tomas Reed of HARBOUR",
		"checks the draft of a talk to CORMORANT. The passage that names the city is refused, though it was copied without its marking.")
	r := s.do(found, Command{As: analyst, In: draftText, Args: []string{"check", "-", "--audience", "CORMORANT"}})
	var checked wire.Checked
	s.read(r, &checked)
	refused := make([]string, len(checked.Refused))
	for i, f := range checked.Refused {
		refused[i] = string(f.Portion)
	}
	s.want(slices.Contains(refused, s.pick(s.kestrel, 2)), "the passage that names the city was not refused")
	s.want(!slices.Contains(refused, s.pick(s.kestrel, 1)), "a passage that is not in the draft was refused")
	s.proved("the passage that names the city is refused, and its owner named")
}

func (s *story) ask() {
	s.stage.Step("The owners are asked",
		"Tomas Reed of HARBOUR",
		"asks that CORMORANT may have the memo. Each owner gets a part of the request and decides for itself. HARBOUR can give the memo's own words; the rest needs MERIDIAN too.")
	r := s.do(ok, Command{As: analyst, Args: []string{
		"release", "request", "--report", "MEMO-12", "--audience", "CORMORANT",
		"--purpose", "to warn their ferries on Thursday",
	}})
	var request wire.ReleaseRequest
	s.read(r, &request)
	s.parts, s.request = map[string]string{}, string(request.ID)
	for _, part := range request.Parts {
		s.parts[part.Owner.Name] = string(part.ID)
	}
	s.want(len(s.parts) == 2 && s.parts["MERIDIAN"] != "" && s.parts["HARBOUR"] != "", "the request has the parts %v", s.parts)
	s.do(ok, Command{As: meridian, Args: []string{"release", "parts"}})
}

func (s *story) answer() {
	s.stage.Step("A tearline is granted, the rest refused",
		"Edda Storm of MERIDIAN and Iris Vane of HARBOUR",
		"answer, each for their own part. Edda writes a tearline: the substance, without the place and without the source. CORMORANT gets nothing else of MERIDIAN's. Nothing takes effect before Tomas releases it, and Tomas has to name the portion that is left out.")
	s.do(ok, Command{As: meridian, In: tearlineText, Quiet: true, Args: []string{"import", "-", "--ref", "KESTREL-7T", "--kind", "tearline", "--to", "HARBOUR"}})
	r := s.do(ok, Command{As: meridian, Args: []string{
		"release", "decide", s.parts["MERIDIAN"], "--tearline", "KESTREL-7T",
		"--reason", "the substance, not the place or the source",
	}})
	var part wire.ReleasePart
	s.read(r, &part)
	s.want(part.State == cordon.PartOffered, "MERIDIAN's part is %s", part.State)
	s.do(ok, Command{As: security, Quiet: true, Args: []string{"release", "decide", s.parts["HARBOUR"], "--grant", s.pick(s.memo, 3), "--until", "7d"}})
	r = s.do(ok, Command{As: analyst, Args: []string{
		"release", "release", s.request, "--without", s.pick(s.memo, 0), "--without", s.pick(s.memo, 1), "--without", s.pick(s.memo, 2),
	}})
	var released wire.ReleaseRequest
	s.read(r, &released)
	for _, part := range released.Parts {
		if part.Owner.Name == "HARBOUR" {
			s.grant = string(part.Grant)
		}
	}
	s.want(s.grant != "", "HARBOUR's part gave no grant")
	s.do(ok, Command{As: cormorant, Args: []string{"report", "open", "KESTREL-7T"}})
	s.see([]string{"KESTREL-7", "KESTREL-7T", "MEMO-12"}, []int{5, 2, 4}, seen{
		meridian: {5, 2, 0}, security: {5, 2, 4}, analyst: {5, 2, 4}, desk: {3, 2, 3}, lantern: {0, 0, 0}, cormorant: {0, 2, 1},
	})
}

func (s *story) table(caption string, head []string, rows [][]string) {
	if s.err == nil {
		s.stage.Table(caption, head, rows)
	}
}

func (s *story) proved(what string) {
	if s.err == nil {
		s.stage.Proved(what)
	}
}
