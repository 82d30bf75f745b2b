package httpapi_test

import (
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// everyone is who asks, in the order of the columns below. All but the first
// three are signed in; those of MERIDIAN, which owns everything, hold the one
// role that they are called by, except the last.
var everyone = []struct{ name, org, role string }{
	{"nobody", "", ""}, // no token
	{"forger", "", ""}, // a token that is none
	{"suspended", "MERIDIAN", "reader author release-authority security-officer auditor administrator"},
	{"other", "TARSIS", "reader"}, // it was given to VALDOR alone
	{"recipient", "VALDOR", "reader"},
	{"reader", "MERIDIAN", "reader"},
	{"author", "MERIDIAN", "author"},
	{"authority", "MERIDIAN", "release-authority"},
	{"officer", "MERIDIAN", "security-officer"},
	{"auditor", "MERIDIAN", "auditor"},
	{"admin", "MERIDIAN", "administrator"},
	{"stranger", "TARSIS", "administrator"}, // of another organisation
	{"operator", "HUB", "operator"},
	{"narrow", "MERIDIAN", "reader author release-authority security-officer auditor administrator"}, // by a token of the scope read
}

// operation is one row: a request, what is put for its @, and the status each
// of everyone from "other" on is answered with; the three before are 401.
type operation struct {
	want         string
	target, body string
	thing        func() string
}

// TestEveryoneAtEveryOperation walks every operation as everyone. A person who may
// not have a thing is answered, byte for byte, as if it were not there, and no
// answer has in it what the asker may not know. Each answer that shows something of
// MERIDIAN's, refuses it, or counts it by a query's words, is in MERIDIAN's feed.
func TestEveryoneAtEveryOperation(t *testing.T) {
	w := newWorld(t, "")
	for _, p := range everyone {
		if p.org != "" {
			w.add(p.org, p.name, strings.Fields(p.role)...)
		}
	}
	must(w.as["root"].ChangePerson(t.Context(), "MERIDIAN/suspended", wire.PersonDraft{
		Organisation: "MERIDIAN", Name: "suspended", Suspended: true, Clearances: map[string]string{"us": "S"}, Roles: cordon.Roles(),
	}))(t)
	w.token["narrow"] = must(w.as["narrow"].NewToken(t.Context(), string(w.person["narrow"]), wire.TokenDraft{Scopes: cordon.Scopes{cordon.ScopeRead}}))(t).Token
	w.token["forger"] = "cordon_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

	report := w.publish("mara", wire.Draft{Ref: "MER-7/26", Recipients: []string{"VALDOR"}},
		"("+narrow+") The Harbourtown file", "("+narrow+") "+courier, "("+narrow+") "+method)
	portion := report.Portions[1].ID
	// Its readers know of no original, and the original's not of it.
	advice := must(w.as["mara"].AddTearline(t.Context(), wire.TearlineDraft{
		Recipients: []string{"TARSIS"}, Against: []cordon.ID{portion}, Title: wire.TearlinePortion{Marking: "U", Text: "Advice to shippers"},
	}))(t)
	lane := w.arrange(wire.ArrangementDraft{Name: "QUIET LANE", Marking: narrow, Parties: []string{"VALDOR"}})
	circle := must(w.as["mara"].AddGroup(t.Context(), wire.GroupDraft{Name: "Circle of the bay", Everyone: true}))(t)
	incident := must(w.as["mara"].OpenIncident(t.Context(), wire.IncidentDraft{Title: "A leak at the fish market"}))(t)
	must(w.as["mara"].Contain(t.Context(), incident.ID, wire.Plan{Strike: []cordon.ID{report.Portions[2].ID}}))(t)
	registry := must(w.as["mara"].AddRegistry(t.Context(), wire.RegistryDraft{
		Name: "Ferrymen of the bay", Attributes: []wire.Attribute{{Name: "city"}},
		Candidates: []wire.Candidate{{ID: "A", Values: map[string]string{"city": "Harbourtown"}}},
	}))(t)
	n := 0
	number := func() string { n++; return strconv.Itoa(n) }
	fixed := func(id cordon.ID) func() string { return func() string { return string(id) } }
	must(w.as["root"].AddOrganisation(t.Context(), wire.OrganisationDraft{Name: "ORDEN", Country: "GBR"}))(t)
	another := func() wire.Published {
		return w.publish("mara", wire.Draft{Recipients: []string{"VALDOR"}}, "("+narrow+") Another file, number "+number())
	}
	spare := func() string { return string(another().Portions[0].ID) }
	asked := func() (part, portion cordon.ID) { // of MERIDIAN, for a third party
		portion = another().Portions[0].ID
		r := must(w.as["ana"].RequestRelease(t.Context(), wire.ReleaseDraft{Portions: []cordon.ID{portion}, Audience: "ORDEN"}))(t)
		return r.Parts[0].ID, portion
	}
	part := func() string { id, _ := asked(); return string(id) }
	filed := func() string { // by MERIDIAN's mara, of MERIDIAN
		r := must(w.as["mara"].RequestRelease(t.Context(), wire.ReleaseDraft{Portions: []cordon.ID{another().Portions[0].ID}, Audience: "ORDEN"}))(t)
		return string(r.ID)
	}
	answered := func() string {
		r := must(w.as["mara"].ReleaseRequest(t.Context(), cordon.ID(filed())))(t)
		must(w.as["mara"].Decide(t.Context(), r.Parts[0].ID, wire.Decision{Grant: []cordon.ID{r.Parts[0].Portions[0].ID}}))(t)
		return string(r.ID)
	}
	grant := func() string {
		r := must(w.as["mara"].Release(t.Context(), cordon.ID(answered()), wire.Leaving{}))(t)
		return string(r.Parts[0].Grant)
	}
	revisable := another()
	wording := func() string { // the portion's id changes with it
		return string(must(w.as["mara"].Open(t.Context(), string(revisable.Report)))(t).Portions[0].ID)
	}
	running := func() string { // another in force
		return string(w.arrange(wire.ArrangementDraft{Name: "ANOTHER " + number(), Marking: narrow, Parties: []string{"VALDOR"}}).ID)
	}
	stopped := func() string {
		return string(must(w.as["mara"].SuspendArrangement(t.Context(), running()))(t).ID)
	}
	w.add("ORDEN", "ora", "release-authority")
	three := func() string { // another in force, with ORDEN too
		a := must(w.as["mara"].AddArrangement(t.Context(), wire.ArrangementDraft{Name: "ANOTHER " + number(), Marking: narrow, Parties: []string{"VALDOR", "ORDEN"}}))(t)
		for _, who := range []string{"sol", "ora"} {
			must(w.as[who].Agree(t.Context(), string(a.ID), a.Proposal.ID))(t)
		}
		return string(a.ID)
	}
	proposals := make(map[string]cordon.ID)
	drafted := func() string { // by VALDOR, that MERIDIAN has to answer
		a := must(w.as["sol"].AddArrangement(t.Context(), wire.ArrangementDraft{Name: "ANOTHER " + number(), Marking: narrow, Parties: []string{"MERIDIAN"}}))(t)
		proposals[string(a.ID)] = a.Proposal.ID
		return string(a.ID)
	}
	held := func() string { // of TARSIS, with words of MERIDIAN's
		text := "(" + narrow + ") Another source said on the pier that boat number " + number() + " comes in without a light after midnight every second week."
		w.publish("mara", wire.Draft{Recipients: []string{"VALDOR"}}, "("+narrow+") Another file, number "+number(), text)
		_, text, _ = strings.Cut(text, ") ")
		return string(w.publish("theo", wire.Draft{}, "(U) Heard", "(U) "+text).Report)
	}
	custody := func() string { // of a portion that nothing else needs
		r := w.publish("mara", wire.Draft{}, "("+narrow+") Another file", "("+narrow+") Another source said another thing, number "+number()+".")
		must(w.as["mara"].Contain(t.Context(), incident.ID, wire.Plan{Strike: []cordon.ID{r.Portions[1].ID}}))(t)
		return string(r.Portions[1].ID)
	}
	anOrganisation := func() string {
		return string(must(w.as["root"].AddOrganisation(t.Context(), wire.OrganisationDraft{Name: "CORP " + number()}))(t).ID)
	}
	aGroup := func() string {
		return string(must(w.as["mara"].AddGroup(t.Context(), wire.GroupDraft{Name: "Group of " + number(), Everyone: true}))(t).ID)
	}
	someone := func() string {
		p := must(w.as["root"].AddPerson(t.Context(), wire.PersonDraft{Organisation: "MERIDIAN", Name: "someone " + number()}))(t)
		return string(p.ID)
	}
	aProgram := func() string {
		p := must(w.as["root"].AddPerson(t.Context(), wire.PersonDraft{Organisation: "MERIDIAN", Name: "program " + number(), Service: true}))(t)
		return string(p.ID)
	}
	w.add("MERIDIAN", "pat")
	const password = "correct horse battery"
	enrolment := func(person string) string { return must(w.as["root"].Enrol(t.Context(), person))(t).Secret }
	must(w.as["root"].UseEnrolment(t.Context(), wire.EnrolmentUse{Secret: enrolment("MERIDIAN/pat"), Password: password}))(t)
	ofPat := "/api/v1/people/" + string(w.person["pat"])
	token := func() string {
		return string(must(w.as["root"].NewToken(t.Context(), "MERIDIAN/pat", wire.TokenDraft{}))(t).ID)
	}
	session := func() string {
		return string(must(w.as["root"].SignIn(t.Context(), wire.Credentials{Name: "MERIDIAN/pat", Password: password}))(t).ID)
	}
	credential := func() string {
		enrolment("MERIDIAN/pat")
		all := must(w.as["root"].Credentials(t.Context(), "MERIDIAN/pat"))(t)
		return string(all[len(all)-1].ID)
	}
	noticed := func() string { // to MERIDIAN, of a portion that none but its own and the recipient may see
		asked()
		return string(must(w.as["mara"].Notices(t.Context(), wire.Page{Limit: 1}))(t).Items[0].ID)
	}
	channel := func() string { // to where nothing is let through
		for _, c := range must(w.as["mara"].Channels(t.Context()))(t).Items { // there are only so many
			if err := w.as["mara"].RemoveChannel(t.Context(), c.ID); err != nil {
				t.Fatal(err)
			}
		}
		c := must(w.as["mara"].AddChannel(t.Context(), wire.ChannelDraft{URL: "https://127.0.0.1/hush", ChannelTerms: wire.ChannelTerms{Clearance: "U"}}))(t)
		return string(c.ID)
	}
	// Both who may read it and are of parties are named: to others it is closed.
	danger := w.arrange(wire.ArrangementDraft{Name: "LIFELINE", Marking: narrow, Parties: []string{"VALDOR"}, ArrangementTerms: wire.ArrangementTerms{
		EmergencyAuthorities: []string{string(w.person["recipient"]), string(w.person["reader"])}, EmergencySeconds: 3600,
	}})
	dangerous := func() string {
		return string(w.publish("mara", wire.Draft{Arrangement: string(danger.ID)}, "("+narrow+") A dangerous file, number "+number()).Portions[0].ID)
	}
	emergency := func() string { // MERIDIAN's part of one
		r := must(w.as["recipient"].ReleaseInEmergency(t.Context(), wire.EmergencyDraft{
			Portions: []cordon.ID{cordon.ID(dangerous())}, Audience: "ORDEN", Reason: "a life at the slipway",
		}))(t)
		waiting := must(w.as["mara"].Emergencies(t.Context(), false, wire.Page{}))(t)
		if len(waiting.Items) == 0 || len(r.Portions) != 1 {
			t.Fatalf("%+v awaits review after %+v", waiting, r)
		}
		return string(waiting.Items[0].ID)
	}
	emergency() // so that there is one to be listed
	const fact = `{"facts":[{"attribute":"city","values":["Harbourtown"]}]}`
	inCase := fixed(incident.ID)
	if err := w.as["mara"].ImportClaims(t.Context(), incident.ID, wire.Record{
		Propositions: []wire.Proposition{{ID: "city", Text: "The city was named."}}, Sources: []wire.Source{{ID: "official", Who: "an official"}},
	}); err != nil {
		t.Fatal(err)
	}

	//                                       oth rec rea aut rel sec aud adm str ope narrow
	rows := map[string]operation{
		"GET /healthz":          {want: "open"},
		"GET /readyz":           {want: "open"},
		"GET /api/openapi.json": {want: "open"},

		"GET /api/v1/me":                                           {want: "200 200 200 200 200 200 200 200 200 200 200"},
		"GET /api/v1/organisations":                                {want: "200 200 200 200 200 200 200 200 200 200 200"},
		"POST /api/v1/organisations":                               {want: "403 403 403 403 403 403 403 403 403 200 403", body: `{"name":"ORG @"}`, thing: number},
		"GET /api/v1/organisations/{org}":                          {want: "200 200 200 200 200 200 200 200 200 200 200", target: "/api/v1/organisations/MERIDIAN"},
		"PUT /api/v1/organisations/{org}":                          {want: "403 403 403 403 403 403 403 403 403 200 403", target: "/api/v1/organisations/@", body: `{"name":"CHANGED @"}`, thing: anOrganisation},
		"PUT /api/v1/organisations/{org}/ceiling":                  {want: "403 403 403 403 403 403 403 403 403 200 403", target: "/api/v1/organisations/@/ceiling", thing: anOrganisation, body: `{"clearances":{"us":"C"}}`},
		"PUT /api/v1/organisations/{org}/ceiling-request":          {want: "403 403 403 403 403 403 403 200 403 403 403", target: "/api/v1/organisations/MERIDIAN/ceiling-request", body: `{"clearances":{"us":"TS"}}`},
		"POST /api/v1/organisations/{org}/invitations":             {want: "403 403 403 403 403 403 403 403 403 200 403", target: "/api/v1/organisations/@/invitations", thing: anOrganisation, body: `{"name":"Invited"}`},
		"GET /api/v1/organisations/{org}/people":                   {want: "404 404 200 200 200 200 200 200 404 404 200", target: "/api/v1/organisations/MERIDIAN/people"},
		"POST /api/v1/people":                                      {want: "403 403 403 403 403 403 403 200 403 403 403", body: `{"organisation":"MERIDIAN","name":"somebody @"}`, thing: number},
		"GET /api/v1/people/{person}":                              {want: "404 404 200 200 200 200 200 200 404 404 200", target: "/api/v1/people/@", thing: fixed(w.person["reader"])},
		"PUT /api/v1/people/{person}":                              {want: "403 403 403 403 403 403 403 200 404 403 403", target: "/api/v1/people/@", thing: someone, body: `{"organisation":"MERIDIAN","name":"renamed @"}`},
		"POST /api/v1/people/{person}/tokens":                      {want: "403 403 403 403 403 403 403 200 404 403 403", target: "/api/v1/people/@/tokens", thing: aProgram, body: `{"label":"x"}`},
		"GET /api/v1/people/{person}/tokens":                       {want: "403 403 403 403 403 403 403 200 404 403 403", target: "/api/v1/people/@/tokens", thing: someone},
		"DELETE /api/v1/people/{person}/tokens/{token}":            {want: "403 403 403 403 403 403 403 200 404 403 403", target: ofPat + "/tokens/@", thing: token, body: `{}`},
		"POST /api/v1/sessions":                                    {want: "open", body: `{"name":"MERIDIAN/pat","password":"` + password + `"}`},
		"DELETE /api/v1/session":                                   {want: "400 400 400 400 400 400 400 400 400 400 403", body: `{}`},
		"GET /api/v1/people/{person}/sessions":                     {want: "403 403 403 403 403 403 403 200 404 403 403", target: "/api/v1/people/@/sessions", thing: someone},
		"DELETE /api/v1/people/{person}/sessions/{session}":        {want: "403 403 403 403 403 403 403 200 404 403 403", target: ofPat + "/sessions/@", thing: session, body: `{}`},
		"POST /api/v1/people/{person}/enrolments":                  {want: "403 403 403 403 403 403 403 200 404 403 403", target: "/api/v1/people/@/enrolments", thing: someone, body: `{}`},
		"POST /api/v1/enrolments":                                  {want: "open", body: `{"secret":"@","password":"` + password + `"}`, thing: func() string { return enrolment(someone()) }},
		"PUT /api/v1/password":                                     {want: "403 403 403 403 403 403 403 403 403 403 403", body: `{"old":"not the old one","new":"` + password + `"}`},
		"GET /api/v1/people/{person}/credentials":                  {want: "403 403 403 403 403 403 403 200 404 403 403", target: "/api/v1/people/@/credentials", thing: someone},
		"POST /api/v1/people/{person}/certificates":                {want: "403 403 403 403 403 403 403 200 404 403 403", target: "/api/v1/people/@/certificates", thing: someone, body: `{"mapping":"dn:CN=@"}`},
		"DELETE /api/v1/people/{person}/credentials/{credential}":  {want: "403 403 403 403 403 403 403 200 404 403 403", target: ofPat + "/credentials/@", thing: credential, body: `{}`},
		"GET /api/v1/arrangements":                                 {want: "200 200 200 200 200 200 403 403 403 403 200"},
		"POST /api/v1/arrangements":                                {want: "403 403 403 403 200 403 403 403 403 403 403", body: `{"name":"LANE @","marking":"U","parties":["VALDOR"]}`, thing: number},
		"GET /api/v1/reports":                                      {want: "200 200 200 403 403 403 403 403 403 403 200"},
		"POST /api/v1/reports":                                     {want: "403 403 403 200 403 403 403 403 403 403 403", body: `{"kind":"memo","title":{"marking":"U","text":"T"},"portions":[]}`},
		"POST /api/v1/imports":                                     {want: "200 200 200 200 200 200 200 200 200 200 403", body: `{"reports":[]}`},
		"GET /api/v1/reports/{report}":                             {want: "404 200 200 403 403 403 403 403 403 403 200", target: "/api/v1/reports/@", thing: fixed(report.Report)},
		"GET /api/v1/reports/{report}/export":                      {want: "404 200 200 403 403 403 403 403 403 403 200", target: "/api/v1/reports/@/export?format=text", thing: fixed(report.Report)},
		"PUT /api/v1/reports/{report}/compilation":                 {want: "403 403 403 403 200 403 403 403 403 403 403", target: "/api/v1/reports/@/compilation", thing: func() string { return string(another().Report) }, body: `{"marking":""}`},
		"GET /api/v1/reports/{report}/tearlines":                   {want: "404 200 200 403 403 403 403 403 403 403 200", target: "/api/v1/reports/@/tearlines", thing: fixed(report.Report)},
		"POST /api/v1/tearlines":                                   {want: "403 403 403 200 403 403 403 403 403 403 403", body: `{"title":{"marking":"U","text":"T"},"against":["@"]}`, thing: spare},
		"POST /api/v1/tearlines/check":                             {want: "403 403 403 200 403 403 403 403 403 403 403", body: `{"paragraphs":[{"text":"T"}],"against":["@"]}`, thing: spare},
		"PUT /api/v1/reports/{report}/portions/{portion}":          {want: "403 403 403 200 403 403 403 403 403 403 403", target: "/api/v1/reports/" + string(revisable.Report) + "/portions/@", thing: wording, body: `{"text":"Another wording"}`},
		"GET /api/v1/reports/{report}/portions/{portion}/wordings": {want: "404 200 200 403 403 403 403 403 403 403 200", target: "/api/v1/reports/" + string(report.Report) + "/portions/@/wordings", thing: fixed(portion)},
		"GET /api/v1/search":                                       {want: "200 200 200 403 403 403 403 403 403 403 200", target: "/api/v1/search?q=courier"},
		"GET /api/v1/suggestions":                                  {want: "200 200 200 403 403 403 403 403 403 403 200", target: "/api/v1/suggestions?q=market"},
		"GET /api/v1/counts":                                       {want: "200 200 200 403 403 403 403 403 403 403 200"},
		"POST /api/v1/check":                                       {want: "200 200 200 403 403 403 403 403 403 403 200", body: `{"text":"` + courier + `","audience":"HUB"}`},
		"POST /api/v1/scan":                                        {want: "200 200 200 403 403 403 403 403 403 403 200", body: `{"text":"` + courier + `"}`},
		"GET /api/v1/portions/{portion}/holders":                   {want: "404 200 200 403 403 403 403 403 403 403 200", target: "/api/v1/portions/@/holders", thing: fixed(portion)},
		"POST /api/v1/portions/{portion}/facts":                    {want: "403 403 403 200 200 200 403 403 403 403 403", target: "/api/v1/portions/@/facts", thing: spare, body: fact},
		"POST /api/v1/release-plans":                               {want: "403 403 403 200 403 403 403 403 403 403 403", body: `{"portions":["@"],"audience":"ORDEN"}`, thing: spare},
		"GET /api/v1/release-requests":                             {want: "403 403 403 200 200 403 403 403 403 403 403"},
		"POST /api/v1/release-requests":                            {want: "403 403 403 200 403 403 403 403 403 403 403", body: `{"portions":["@"],"audience":"HUB"}`, thing: spare},
		"GET /api/v1/release-requests/{request}":                   {want: "403 403 403 200 200 403 403 403 403 403 403", target: "/api/v1/release-requests/@", thing: filed},
		"POST /api/v1/release-requests/{request}/release":          {want: "403 403 403 200 200 403 403 403 403 403 403", target: "/api/v1/release-requests/@/release", thing: answered, body: `{}`},
		"POST /api/v1/release-requests/{request}/withdrawal":       {want: "403 403 403 200 200 403 403 403 403 403 403", target: "/api/v1/release-requests/@/withdrawal", thing: filed, body: `{}`},
		"GET /api/v1/release-parts":                                {want: "403 403 403 403 200 403 403 403 403 403 403"},
		"GET /api/v1/release-parts/{part}":                         {want: "403 403 403 403 200 403 403 403 403 403 403", target: "/api/v1/release-parts/@", thing: part},
		"GET /api/v1/release-parts/{part}/wording":                 {want: "403 403 403 403 403 403 403 403 403 403 403", target: "/api/v1/release-parts/@/wording", thing: part}, // it takes a reader too
		"POST /api/v1/release-parts/{part}/decision":               {want: "403 403 403 403 200 403 403 403 403 403 403", target: "/api/v1/release-parts/@/decision", thing: part, body: `{"grant":[]}`},
		"POST /api/v1/release-parts/{part}/confirmation":           {want: "403 403 403 403 404 403 403 403 403 403 403", target: "/api/v1/release-parts/@/confirmation", thing: func() string { return string(cordon.NewID()) }, body: `{"proposal":"` + string(cordon.NewID()) + `"}`},
		"GET /api/v1/grants":                                       {want: "403 403 403 403 200 403 403 403 403 403 403", target: "/api/v1/grants?portion=@", thing: fixed(portion)},
		"POST /api/v1/grants/{grant}/revocation":                   {want: "403 403 403 403 200 200 403 403 403 403 403", target: "/api/v1/grants/@/revocation", thing: grant, body: `{}`},
		"GET /api/v1/waiting":                                      {want: "403 403 403 403 200 200 403 403 403 403 403"},
		"POST /api/v1/waiting/{report}/decision":                   {want: "403 403 403 403 200 200 403 403 403 403 403", target: "/api/v1/waiting/@/decision", thing: held, body: `{"verdict":"dismiss","reason":"it is known"}`},
		"GET /api/v1/emergency-releases":                           {want: "403 403 403 403 200 403 403 403 403 403 403"},
		"POST /api/v1/emergency-releases":                          {want: "404 200 200 403 403 403 403 403 403 403 403", body: `{"portions":["@"],"audience":"ORDEN","reason":"a boat adrift"}`, thing: dangerous},
		"POST /api/v1/emergency-releases/{part}/review":            {want: "403 403 403 403 200 403 403 403 403 403 403", target: "/api/v1/emergency-releases/@/review", thing: emergency, body: `{"decision":"uphold"}`},
		"GET /api/v1/notices":                                      {want: "200 200 200 200 200 200 200 200 200 200 200", target: "/api/v1/notices?limit=200"},
		"GET /api/v1/notices/unread":                               {want: "200 200 200 200 200 200 200 200 200 200 200"},
		"POST /api/v1/notices/read":                                {want: "404 404 404 404 200 200 404 404 404 404 200", body: `{"notices":["@"]}`, thing: noticed},
		"GET /api/v1/channels":                                     {want: "403 403 403 403 403 200 403 200 200 403 403"},
		"POST /api/v1/channels":                                    {want: "403 403 403 403 403 200 403 200 200 403 403", body: `{"url":"https://hooks.example.org/@","clearance":"U"}`, thing: number},
		"PUT /api/v1/channels/{channel}":                           {want: "403 403 403 403 403 200 403 200 404 403 403", target: "/api/v1/channels/@", thing: channel, body: `{"clearance":"U"}`},
		"DELETE /api/v1/channels/{channel}":                        {want: "403 403 403 403 403 200 403 200 404 403 403", target: "/api/v1/channels/@", thing: channel, body: `{}`},
		"POST /api/v1/channels/{channel}/secret":                   {want: "403 403 403 403 403 200 403 200 404 403 403", target: "/api/v1/channels/@/secret", thing: channel, body: `{}`},
		"POST /api/v1/channels/{channel}/test":                     {want: "403 403 403 403 403 200 403 200 404 403 403", target: "/api/v1/channels/@/test", thing: channel, body: `{}`},
		"GET /api/v1/incidents":                                    {want: "200 200 200 200 200 200 200 200 200 200 403"},
		"POST /api/v1/incidents":                                   {want: "403 403 403 403 403 200 403 403 403 403 403", body: `{"title":"Case @"}`, thing: number},
		"GET /api/v1/incidents/{incident}":                         {want: "404 404 404 404 404 200 404 404 404 404 403", target: "/api/v1/incidents/@", thing: inCase},
		"POST /api/v1/incidents/{incident}/containment":            {want: "403 403 403 403 403 200 403 403 403 403 403", target: "/api/v1/incidents/@/containment", thing: inCase, body: `{"notify":["HUB"]}`},
		"GET /api/v1/custody/{portion}":                            {want: "404 404 404 404 404 404 404 404 404 404 403", target: "/api/v1/custody/@", thing: fixed(report.Portions[2].ID)},
		"DELETE /api/v1/custody/{portion}":                         {want: "403 403 403 403 403 200 403 403 403 403 403", target: "/api/v1/custody/@", thing: custody, body: `{}`},
		"POST /api/v1/incidents/{incident}/claims":                 {want: "404 404 404 404 404 200 404 404 404 404 403", target: "/api/v1/incidents/@/claims", thing: inCase, body: `{"propositions":[{"id":"one","text":"One was named."}]}`},
		"POST /api/v1/incidents/{incident}/propositions":           {want: "404 404 404 404 404 200 404 404 404 404 403", target: "/api/v1/incidents/@/propositions", thing: inCase, body: `{"text":"A city was named."}`},
		"POST /api/v1/incidents/{incident}/sources":                {want: "404 404 404 404 404 200 404 404 404 404 403", target: "/api/v1/incidents/@/sources", thing: inCase, body: `{"who":"an official","named":false}`},
		"POST /api/v1/incidents/{incident}/statements":             {want: "404 404 404 404 404 200 404 404 404 404 403", target: "/api/v1/incidents/@/statements", thing: inCase, body: `{"source":"official","published":"2026-05-15T18:00:00Z","stances":{"city":"confirms"}}`},
		"GET /api/v1/incidents/{incident}/matrix":                  {want: "404 404 404 404 404 200 404 404 404 404 403", target: "/api/v1/incidents/@/matrix", thing: inCase},
		"GET /api/v1/registries":                                   {want: "200 200 200 200 200 200 200 200 200 200 403"},
		"POST /api/v1/registries":                                  {want: "403 403 403 403 200 200 403 403 403 403 403", body: `{"name":"list @","attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"city":"X"}}]}`, thing: number},
		"POST /api/v1/registries/{registry}/told":                  {want: "404 404 404 404 200 200 404 404 404 404 403", target: "/api/v1/registries/@/told", thing: fixed(registry.ID), body: fact},
		"POST /api/v1/registries/{registry}/check":                 {want: "404 404 404 404 200 200 404 404 404 404 200", target: "/api/v1/registries/@/check", thing: fixed(registry.ID), body: `{}`},
		"GET /api/v1/ledger/feed":                                  {want: "403 403 403 403 403 403 200 403 403 403 403"},
		"GET /api/v1/ledger/checkpoint":                            {want: "200 200 200 200 200 200 200 200 200 200 200"},
		"GET /api/v1/ledger/bundle":                                {want: "403 403 403 403 403 403 200 403 403 403 403"},
		"POST /api/v1/ledger/verification":                         {want: "403 403 403 403 403 403 200 200 200 200 403", body: `{}`},

		"GET /api/v1/groups":                                {want: "403 403 403 403 403 200 403 200 200 403 403"},
		"POST /api/v1/groups":                               {want: "403 403 403 403 403 200 403 200 200 403 403", body: `{"name":"Group @","everyone":true}`, thing: number},
		"PUT /api/v1/groups/{group}":                        {want: "403 403 403 403 403 200 403 200 404 403 403", target: "/api/v1/groups/@", thing: aGroup, body: `{"name":"Changed @","everyone":true}`},
		"GET /api/v1/narrowings":                            {want: "403 403 403 403 403 200 403 403 403 403 403"},
		"POST /api/v1/reports/{report}/narrowing":           {want: "403 403 403 403 403 200 403 403 403 403 403", target: "/api/v1/reports/@/narrowing", thing: func() string { return string(another().Report) }, body: `{"group":"` + string(circle.ID) + `"}`},
		"POST /api/v1/arrangements/{arrangement}/narrowing": {want: "403 403 403 403 403 200 403 403 403 403 403", target: "/api/v1/arrangements/@/narrowing", thing: fixed(lane.ID), body: `{"group":"` + string(circle.ID) + `"}`},

		"GET /api/v1/arrangements/{arrangement}":             {want: "404 200 200 200 200 200 403 403 403 403 200", target: "/api/v1/arrangements/@", thing: fixed(lane.ID)},
		"POST /api/v1/arrangements/{arrangement}/amendments": {want: "403 403 403 403 200 403 403 403 403 403 403", target: "/api/v1/arrangements/@/amendments", thing: running, body: `{"version":1}`},
		"POST /api/v1/arrangements/{arrangement}/agreement":  {want: "403 403 403 403 200 403 403 403 403 403 403", target: "/api/v1/arrangements/@/agreement", thing: drafted, body: `{"proposal":"PROPOSAL"}`},
		"POST /api/v1/arrangements/{arrangement}/decline":    {want: "403 403 403 403 200 403 403 403 403 403 403", target: "/api/v1/arrangements/@/decline", thing: drafted, body: `{"proposal":"PROPOSAL"}`},
		"POST /api/v1/arrangements/{arrangement}/suspension": {want: "403 403 403 403 200 200 403 403 403 403 403", target: "/api/v1/arrangements/@/suspension", thing: running, body: `{}`},
		"POST /api/v1/arrangements/{arrangement}/resumption": {want: "403 403 403 403 200 200 403 403 403 403 403", target: "/api/v1/arrangements/@/resumption", thing: stopped, body: `{}`},
		"POST /api/v1/arrangements/{arrangement}/departure":  {want: "403 403 403 403 200 200 403 403 403 403 403", target: "/api/v1/arrangements/@/departure", thing: three, body: `{}`},
		"POST /api/v1/arrangements/{arrangement}/end":        {want: "403 403 403 403 200 200 403 403 403 403 403", target: "/api/v1/arrangements/@/end", thing: running, body: `{}`},
	}

	// Texts in answers, and the people to whom alone each may be shown.
	secrets := map[string]string{
		"fish market of Harbourtown": "recipient reader narrow",
		"The Harbourtown file":       "recipient reader narrow",
		"MER-7/26":                   "recipient reader narrow",
		string(portion):              "recipient reader auditor narrow",
		string(advice.Report):        "other reader auditor narrow",
		"a life at the slipway":      "authority",
		"listening to the telephone": "", // struck; its custodian is not asked here
		"QUIET LANE":                 "recipient reader author authority officer narrow",
		"A leak at the fish market":  "officer",
		"Circle of the bay":          "officer admin",
		"Ferrymen of the bay":        "authority officer narrow",
		"VALDOR asks to release":     "authority officer narrow",
		"127.0.0.1/hush":             "officer admin",
		`"mara"`:                     "reader author authority officer auditor admin narrow", // her own people
	}
	// counts are operations that find things of MERIDIAN's without naming one.
	counts := map[string]bool{"GET /api/v1/search": true, "GET /api/v1/suggestions": true, "GET /api/v1/reports": true, "POST /api/v1/check": true, "POST /api/v1/scan": true}
	// unrecorded are answers that stand in no feed of MERIDIAN's: what is everybody's or
	// the asker's own organisation's, what its own people keep and who look at that, and
	// where nothing of it was found.
	own := "reader author authority officer auditor admin narrow"
	all := own + " other recipient stranger operator"
	unrecorded := map[string]string{
		"POST /api/v1/organisations": all, "GET /api/v1/organisations/{org}": all, "PUT /api/v1/organisations/{org}": all,
		"PUT /api/v1/organisations/{org}/ceiling": all, "POST /api/v1/organisations/{org}/invitations": all,
		"GET /api/v1/organisations/{org}/people": own, "GET /api/v1/people/{person}": own, "GET /api/v1/people/{person}/tokens": own,
		"GET /api/v1/people/{person}/sessions": own, "GET /api/v1/people/{person}/credentials": own,
		"POST /api/v1/sessions": all, "POST /api/v1/enrolments": all, // of pat, and of whom it was drawn for
		"GET /api/v1/arrangements/{arrangement}": own + " recipient", "POST /api/v1/groups": "stranger", "POST /api/v1/channels": "stranger",
		"GET /api/v1/search": "other", "GET /api/v1/suggestions": "other",
		"GET /api/v1/reports/{report}/tearlines":         own + " recipient",
		"GET /api/v1/release-requests/{request}":         own,
		"GET /api/v1/release-parts/{part}":               own,
		"GET /api/v1/grants":                             own,
		"POST /api/v1/notices/read":                      own,
		"GET /api/v1/incidents/{incident}":               own,
		"POST /api/v1/release-parts/{part}/confirmation": own, // there is none
	}
	read := int64(1) // of the feed so far
	told := make(map[string]bool)
	for _, op := range httpapi.Operations() {
		pattern := op.Pattern
		row, ok := rows[pattern]
		if !ok {
			t.Errorf("%s has no row: say who is answered how", pattern)
			continue
		}
		delete(rows, pattern)
		method := op.Method()
		if row.target == "" {
			row.target = op.Path()
		}
		ask := func(who, thing string) *httptest.ResponseRecorder {
			return w.raw(who, method, strings.ReplaceAll(row.target, "@", thing), strings.NewReplacer("@", thing, "PROPOSAL", string(proposals[thing])).Replace(row.body))
		}
		want := slices.Concat([]string{"401", "401", "401"}, strings.Fields(row.want))
		if row.want == "open" {
			want = slices.Repeat([]string{"200"}, len(everyone))
		}
		for i, who := range everyone {
			thing := ""
			if row.thing != nil {
				thing = row.thing()
			}
			name := who.name
			if name == "nobody" {
				name = ""
			}
			at := w.clock.Now()
			rec := ask(name, thing)
			if (row.thing != nil || strings.Contains(row.target+row.body, "MERIDIAN") || counts[pattern]) && i >= 3 && (rec.Code < 300 || rec.Code == 404) {
				n := 0
				for page := (wire.Feed{Next: read}); page.Next > 0; {
					page = must(w.as["auditor"].Feed(t.Context(), page.Next, 200))(t)
					for _, e := range page.Items {
						read = e.Number
						if e.At.After(at) && (e.Act == cordon.ActSealed || e.ActorOrganisation != nil && e.ActorOrganisation.Name == who.org) {
							n++
						}
					}
				}
				if n == 0 && !slices.Contains(strings.Fields(unrecorded[pattern]), who.name) {
					t.Errorf("%s as %s (%d): nothing of it is in MERIDIAN's feed", pattern, who.name, rec.Code)
				}
			}
			if op.Creates && want[i] == "200" {
				want[i] = "201"
			}
			if strconv.Itoa(rec.Code) != want[i] {
				t.Errorf("%s as %s: %d, want %s: %s", pattern, who.name, rec.Code, want[i], rec.Body)
			}
			if rec.Code >= 400 {
				if d := cmp.Diff(seen(rec), seen(ask(name, string(cordon.NewID())))); d != "" {
					t.Errorf("%s as %s: what is there (-) and what is not (+) are answered differently:\n%s", pattern, who.name, d)
				}
			}
			for secret, known := range secrets {
				if !strings.Contains(rec.Body.String(), secret) {
					continue
				}
				told[secret] = true
				if !slices.Contains(strings.Fields(known), who.name) {
					t.Errorf("%s as %s: %q is in the answer: %s", pattern, who.name, secret, rec.Body)
				}
			}
		}
	}
	for secret, known := range secrets {
		if known != "" && !told[secret] {
			t.Errorf("%q was told to nobody: it is not looked for where it stands", secret)
		}
	}
	for pattern := range rows {
		t.Errorf("%s has a row and is not served", pattern)
	}
}
