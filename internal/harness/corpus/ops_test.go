package corpus

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// cast is who walks every operation: those of MERIDIAN, which owns everything,
// hold the one role that they are called by, except the administrator and the last, whose token is of
// the scope read.
var cast = []struct{ name, org, roles string }{
	{"nobody", "", ""}, // no token
	{"forger", "", ""}, // a token that is none
	{"suspended", "MERIDIAN", "reader author release-authority security-officer auditor administrator"},
	{"outsider", "TARSIS", "reader"}, // it was given to VALDOR alone
	{"recipient", "VALDOR", "reader"},
	{"reader", "MERIDIAN", "reader"},
	{"author", "MERIDIAN", "author"},
	{"authority", "MERIDIAN", "release-authority"},
	{"officer", "MERIDIAN", "security-officer"},
	{"auditor", "MERIDIAN", "auditor"},
	{"admin", "MERIDIAN", "administrator operator"}, // the two were one when this was recorded
	{"small", "MERIDIAN", "reader author release-authority security-officer auditor administrator"},
}

// operation is a request that the one named by as may make.
type operation struct {
	pattern, as string
	// path is that of the pattern where it is left out; $thing in it, and in
	// the body, is what thing made.
	path, body string
	thing      func() string
}

func (o operation) method() string { m, _, _ := strings.Cut(o.pattern, " "); return m }

func (o operation) target() string {
	if o.path != "" {
		return o.path
	}
	_, path, _ := strings.Cut(o.pattern, " ")
	if under, ok := strings.CutPrefix(path, "/api/v1"); ok {
		return under
	}
	return "/" + path
}

func (o operation) uses(name string) bool { return strings.Contains(o.path+o.body, name) }

const password = "correct horse battery"

// operations prepares a world and lists a request to every operation in it.
func (x *play) operations() []operation {
	x.sizes = false
	x.people()
	for _, p := range cast {
		if p.org != "" {
			x.add(p.org, p.name, p.roles)
		}
	}
	x.quiet("root", "PUT", "/people/$suspended", `{"organisation":"MERIDIAN","name":"suspended","suspended":true,"clearances":{"us":"S"},"roles":["reader","author","release-authority","security-officer","auditor","administrator"]}`, "id")
	x.token["small"] = x.quiet("small", "POST", "/people/$small/tokens", `{"label":"small","scopes":["read"]}`, "token")
	x.label(x.token["small"], "$token-small")
	x.add("MERIDIAN", "pat", "")
	x.add("MERIDIAN", "kept", "reader") // in the circle of the custody

	n := 0
	number := func() string { n++; return strconv.Itoa(n) }
	made := func(who, method, path, body, at string) string { return x.quiet(who, method, path, body, at) }
	fixed := func(name string) func() string { return func() string { return x.vars[name] } }

	x.send("mara", "POST", "/reports", report(`"ref":"MER-7/26","recipients":["VALDOR"],`,
		"("+narrow+") The Harbourtown file", "("+narrow+") "+courier, "("+narrow+") "+method),
		"report=report", "title=portions.0.id", "courier=portions.1.id", "method=portions.2.id")
	x.send("mara", "POST", "/tearlines", `{"recipients":["TARSIS"],"against":["$courier"],"title":{"marking":"U","text":"Advice to shippers"}}`, "advice=report")
	arranged := func(name, more string, others ...string) string {
		parties := map[bool]string{true: `["VALDOR"]`, false: `["VALDOR","ORDEN"]`}[len(others) == 0]
		x.send("mara", "POST", "/arrangements", fmt.Sprintf(`{"name":%q,"marking":%q,%s"parties":%s}`, name, narrow, more, parties), "a=id", "p=proposal.id")
		id, proposal := x.vars["a"], x.vars["p"]
		for _, who := range append([]string{"sol"}, others...) {
			made(who, "POST", "/arrangements/"+id+"/agreement", `{"proposal":"`+proposal+`"}`, "id")
		}
		return id
	}
	x.keep("lane", arranged("QUIET LANE", ""))
	x.send("mara", "POST", "/groups", `{"name":"Circle of the bay","everyone":true}`, "circle=id")
	x.send("mara", "POST", "/incidents", `{"title":"A leak at the fish market","custody":["kept"]}`, "incident=id")
	made("mara", "POST", "/incidents/$incident/containment", `{"strike":["$method"]}`, "")
	x.send("mara", "POST", "/registries", `{"name":"Ferrymen of the bay","attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"city":"Harbourtown"}}]}`, "registry=id")
	made("mara", "POST", "/incidents/$incident/claims", `{"propositions":[{"id":"city","text":"The city was named."}],"sources":[{"id":"official","who":"an official","named":false}]}`, "")
	x.keep("danger", arranged("LIFELINE", `"emergencyAuthorities":["$recipient","$reader"],"emergencySeconds":3600,`))

	another := func(at string) func() string {
		return func() string {
			return made("mara", "POST", "/reports", report(`"recipients":["VALDOR"],`, "("+narrow+") Another file, number "+number()), at)
		}
	}
	spare, spareReport := another("portions.0.id"), another("report")
	asked := func() string {
		return made("ana", "POST", "/release-requests", `{"portions":["`+spare()+`"],"audience":"ORDEN"}`, "parts.0.id")
	}
	filed := func() string {
		return made("mara", "POST", "/release-requests", `{"portions":["`+spare()+`"],"audience":"ORDEN"}`, "id")
	}
	answered := func() string {
		portion := spare()
		x.send("mara", "POST", "/release-requests", `{"portions":["`+portion+`"],"audience":"ORDEN"}`, "r=id", "p=parts.0.id")
		made("mara", "POST", "/release-parts/"+x.vars["p"]+"/decision", `{"grant":["`+portion+`"]}`, "id")
		return x.vars["r"]
	}
	grant := func() string {
		return made("mara", "POST", "/release-requests/"+answered()+"/release", `{}`, "parts.0.grant")
	}
	x.keep("revisable", spareReport())
	wording := func() string { return made("mara", "GET", "/reports/$revisable", "", "portions.0.id") }
	running := func() string { return arranged("ANOTHER "+number(), "") }
	stopped := func() string {
		return made("mara", "POST", "/arrangements/"+running()+"/suspension", `{}`, "id")
	}
	three := func() string { return arranged("ANOTHER "+number(), "", "ora") }
	drafted := func() string {
		x.send("sol", "POST", "/arrangements", fmt.Sprintf(`{"name":"ANOTHER %s","marking":%q,"parties":["MERIDIAN"]}`, number(), narrow), "a=id", "p=proposal.id")
		x.vars["proposal"] = x.vars["p"]
		x.labels[x.vars["p"]] = "$proposal"
		return x.vars["a"]
	}
	custody := func() string {
		id := made("mara", "POST", "/reports", report("", "("+narrow+") Another file", "("+narrow+") Another source said another thing, number "+number()+"."), "portions.1.id")
		made("mara", "POST", "/incidents/$incident/containment", `{"strike":["`+id+`"]}`, "")
		return id
	}
	organisation := func() string {
		return made("root", "POST", "/organisations", `{"name":"CORP `+number()+`"}`, "id")
	}
	group := func() string {
		return made("mara", "POST", "/groups", `{"name":"Group of `+number()+`","everyone":true}`, "id")
	}
	program := func() string {
		return made("root", "POST", "/people", `{"organisation":"MERIDIAN","name":"program `+number()+`","service":true}`, "id")
	}
	someone := func() string {
		return made("root", "POST", "/people", `{"organisation":"MERIDIAN","name":"someone `+number()+`"}`, "id")
	}
	enrolment := func(person string) string {
		return made("root", "POST", "/people/"+person+"/enrolments", `{}`, "secret")
	}
	made("nobody", "POST", "/enrolments", `{"secret":"`+enrolment("$pat")+`","password":"`+password+`"}`, "id")
	token := func() string { return made("root", "POST", "/people/$pat/tokens", `{}`, "id") }
	session := func() string {
		return made("nobody", "POST", "/sessions", `{"name":"MERIDIAN/pat","password":"`+password+`"}`, "id")
	}
	credential := func() string {
		return made("root", "POST", "/people/$pat/certificates", `{"mapping":"dn:CN=pat `+number()+`"}`, "id")
	}
	noticed := func() string { asked(); return made("mara", "GET", "/notices?limit=1", "", "items.0.id") }
	channel := func() string { // to where nothing is let through; there are only so many
		for {
			id, ok := lookUp(x.send("mara", "GET", "/channels", "").body, "items.0.id")
			if !ok {
				break
			}
			made("mara", "DELETE", "/channels/"+id, "{}", "")
		}
		return made("mara", "POST", "/channels", `{"url":"https://127.0.0.1/hush","clearance":"U"}`, "id")
	}
	dangerous := func() string {
		return made("mara", "POST", "/reports", report(`"arrangement":"$danger",`, "("+narrow+") A dangerous file, number "+number()), "portions.0.id")
	}
	emergency := func() string {
		made("recipient", "POST", "/emergency-releases", `{"portions":["`+dangerous()+`"],"audience":"ORDEN","reason":"a life at the slipway"}`, "id")
		return made("mara", "GET", "/emergency-releases", "", "items.0.id")
	}
	x.keep("slipway", emergency())
	const fact = `{"facts":[{"attribute":"city","values":["Harbourtown"]}]}`

	return []operation{
		{pattern: "GET /healthz", as: "nobody"},
		{pattern: "GET /readyz", as: "nobody"},

		{pattern: "GET /api/v1/me", as: "mara"},
		{pattern: "GET /api/v1/organisations", as: "mara"},
		{pattern: "POST /api/v1/organisations", as: "root", body: `{"name":"ORG $thing"}`, thing: number},
		{pattern: "GET /api/v1/organisations/{org}", as: "mara", path: "/organisations/$thing", thing: fixed("meridian")},
		{pattern: "PUT /api/v1/organisations/{org}", as: "root", path: "/organisations/$thing", body: `{"name":"CHANGED $thing"}`, thing: organisation},
		{pattern: "GET /api/v1/organisations/{org}/people", as: "mara", path: "/organisations/$thing/people?limit=4", thing: fixed("meridian")},
		{pattern: "POST /api/v1/people", as: "root", body: `{"organisation":"MERIDIAN","name":"somebody $thing"}`, thing: number},
		{pattern: "GET /api/v1/people/{person}", as: "mara", path: "/people/$thing", thing: fixed("reader")},
		{pattern: "PUT /api/v1/people/{person}", as: "root", path: "/people/$thing", thing: someone, body: `{"organisation":"MERIDIAN","name":"renamed $thing"}`},
		{pattern: "POST /api/v1/people/{person}/tokens", as: "root", path: "/people/$thing/tokens", thing: program, body: `{"label":"x"}`},
		{pattern: "GET /api/v1/people/{person}/tokens", as: "root", path: "/people/$thing/tokens", thing: someone},
		{pattern: "DELETE /api/v1/people/{person}/tokens/{token}", as: "root", path: "/people/$pat/tokens/$thing", thing: token, body: `{}`},
		{pattern: "POST /api/v1/sessions", as: "nobody", body: `{"name":"MERIDIAN/pat","password":"` + password + `"}`},
		{pattern: "DELETE /api/v1/session", as: "mara", body: `{}`},
		{pattern: "GET /api/v1/people/{person}/sessions", as: "root", path: "/people/$thing/sessions", thing: someone},
		{pattern: "DELETE /api/v1/people/{person}/sessions/{session}", as: "root", path: "/people/$pat/sessions/$thing", thing: session, body: `{}`},
		{pattern: "POST /api/v1/people/{person}/enrolments", as: "root", path: "/people/$thing/enrolments", thing: someone, body: `{}`},
		{pattern: "POST /api/v1/enrolments", as: "nobody", body: `{"secret":"$thing","password":"` + password + `"}`, thing: func() string { return enrolment(someone()) }},
		{pattern: "PUT /api/v1/password", as: "mara", body: `{"old":"not the old one","new":"` + password + `"}`},
		{pattern: "GET /api/v1/people/{person}/credentials", as: "root", path: "/people/$thing/credentials", thing: someone},
		{pattern: "POST /api/v1/people/{person}/certificates", as: "root", path: "/people/$thing/certificates", thing: someone, body: `{"mapping":"dn:CN=$thing"}`},
		{pattern: "DELETE /api/v1/people/{person}/credentials/{credential}", as: "root", path: "/people/$pat/credentials/$thing", thing: credential, body: `{}`},

		{pattern: "GET /api/v1/arrangements", as: "mara"},
		{pattern: "POST /api/v1/arrangements", as: "mara", body: `{"name":"LANE $thing","marking":"U","parties":["VALDOR"]}`, thing: number},
		{pattern: "GET /api/v1/arrangements/{arrangement}", as: "mara", path: "/arrangements/$thing", thing: fixed("lane")},
		{pattern: "POST /api/v1/arrangements/{arrangement}/amendments", as: "mara", path: "/arrangements/$thing/amendments", thing: running, body: `{"version":1}`},
		{pattern: "POST /api/v1/arrangements/{arrangement}/agreement", as: "mara", path: "/arrangements/$thing/agreement", thing: drafted, body: `{"proposal":"$proposal"}`},
		{pattern: "POST /api/v1/arrangements/{arrangement}/decline", as: "mara", path: "/arrangements/$thing/decline", thing: drafted, body: `{"proposal":"$proposal"}`},
		{pattern: "POST /api/v1/arrangements/{arrangement}/suspension", as: "mara", path: "/arrangements/$thing/suspension", thing: running, body: `{}`},
		{pattern: "POST /api/v1/arrangements/{arrangement}/resumption", as: "mara", path: "/arrangements/$thing/resumption", thing: stopped, body: `{}`},
		{pattern: "POST /api/v1/arrangements/{arrangement}/departure", as: "mara", path: "/arrangements/$thing/departure", thing: three, body: `{}`},
		{pattern: "POST /api/v1/arrangements/{arrangement}/end", as: "mara", path: "/arrangements/$thing/end", thing: running, body: `{}`},

		{pattern: "GET /api/v1/groups", as: "mara"},
		{pattern: "POST /api/v1/groups", as: "mara", body: `{"name":"Group $thing","everyone":true}`, thing: number},
		{pattern: "PUT /api/v1/groups/{group}", as: "mara", path: "/groups/$thing", thing: group, body: `{"name":"Changed $thing","everyone":true}`},
		{pattern: "GET /api/v1/narrowings", as: "mara"},
		{pattern: "POST /api/v1/reports/{report}/narrowing", as: "mara", path: "/reports/$thing/narrowing", thing: spareReport, body: `{"group":"$circle"}`},
		{pattern: "POST /api/v1/arrangements/{arrangement}/narrowing", as: "mara", path: "/arrangements/$thing/narrowing", thing: running, body: `{"group":"$circle"}`},

		{pattern: "GET /api/v1/reports", as: "mara", path: "/reports?limit=4"},
		{pattern: "POST /api/v1/reports", as: "mara", body: `{"kind":"memo","title":{"marking":"U","text":"T"},"portions":[]}`},
		{pattern: "POST /api/v1/imports", as: "mara", body: `{"reports":[]}`},
		{pattern: "GET /api/v1/reports/{report}", as: "mara", path: "/reports/$thing", thing: fixed("report")},
		{pattern: "GET /api/v1/reports/{report}/export", as: "mara", path: "/reports/$thing/export?format=text", thing: fixed("report")},
		{pattern: "PUT /api/v1/reports/{report}/compilation", as: "mara", path: "/reports/$thing/compilation", thing: spareReport, body: `{"marking":""}`},
		{pattern: "GET /api/v1/reports/{report}/tearlines", as: "mara", path: "/reports/$thing/tearlines", thing: fixed("report")},
		{pattern: "POST /api/v1/tearlines", as: "mara", body: `{"title":{"marking":"U","text":"T"},"against":["$thing"]}`, thing: spare},
		{pattern: "POST /api/v1/tearlines/check", as: "mara", body: `{"paragraphs":[{"text":"T"}],"against":["$thing"]}`, thing: spare},
		{pattern: "PUT /api/v1/reports/{report}/portions/{portion}", as: "mara", path: "/reports/$revisable/portions/$thing", thing: wording, body: `{"text":"Another wording"}`},
		{pattern: "GET /api/v1/search", as: "mara", path: "/search?q=courier"},
		{pattern: "GET /api/v1/suggestions", as: "mara", path: "/suggestions?q=market"},
		{pattern: "GET /api/v1/counts", as: "mara"},
		{pattern: "POST /api/v1/check", as: "mara", body: `{"text":"` + courier + `","audience":"HUB"}`},
		{pattern: "POST /api/v1/scan", as: "mara", body: `{"text":"` + courier + `"}`},
		{pattern: "GET /api/v1/portions/{portion}/holders", as: "mara", path: "/portions/$thing/holders", thing: fixed("courier")},
		{pattern: "POST /api/v1/portions/{portion}/facts", as: "mara", path: "/portions/$thing/facts", thing: spare, body: fact},

		{pattern: "POST /api/v1/release-plans", as: "mara", body: `{"portions":["$thing"],"audience":"ORDEN"}`, thing: spare},
		{pattern: "GET /api/v1/release-requests", as: "mara", path: "/release-requests?limit=2"},
		{pattern: "POST /api/v1/release-requests", as: "mara", body: `{"portions":["$thing"],"audience":"HUB"}`, thing: spare},
		{pattern: "GET /api/v1/release-requests/{request}", as: "mara", path: "/release-requests/$thing", thing: filed},
		{pattern: "POST /api/v1/release-requests/{request}/release", as: "mara", path: "/release-requests/$thing/release", thing: answered, body: `{}`},
		{pattern: "POST /api/v1/release-requests/{request}/withdrawal", as: "mara", path: "/release-requests/$thing/withdrawal", thing: filed, body: `{}`},
		{pattern: "GET /api/v1/release-parts", as: "mara", path: "/release-parts?limit=2"},
		{pattern: "GET /api/v1/release-parts/{part}", as: "mara", path: "/release-parts/$thing", thing: asked},
		{pattern: "GET /api/v1/release-parts/{part}/wording", as: "mara", path: "/release-parts/$thing/wording", thing: asked},
		{pattern: "POST /api/v1/release-parts/{part}/decision", as: "mara", path: "/release-parts/$thing/decision", thing: asked, body: `{"grant":[]}`},
		{pattern: "POST /api/v1/release-parts/{part}/confirmation", as: "mara", path: "/release-parts/$thing/confirmation", thing: fixed("absent"), body: `{"proposal":"$absent"}`},
		{pattern: "GET /api/v1/grants", as: "mara", path: "/grants?portion=$thing", thing: fixed("courier")},
		{pattern: "POST /api/v1/grants/{grant}/revocation", as: "mara", path: "/grants/$thing/revocation", thing: grant, body: `{}`},
		{pattern: "GET /api/v1/emergency-releases", as: "mara"},
		{pattern: "POST /api/v1/emergency-releases", as: "recipient", body: `{"portions":["$thing"],"audience":"ORDEN","reason":"a boat adrift"}`, thing: dangerous},
		{pattern: "POST /api/v1/emergency-releases/{part}/review", as: "mara", path: "/emergency-releases/$thing/review", thing: emergency, body: `{"decision":"uphold"}`},

		{pattern: "GET /api/v1/notices", as: "mara", path: "/notices?limit=3"},
		{pattern: "GET /api/v1/notices/unread", as: "mara"},
		{pattern: "POST /api/v1/notices/read", as: "mara", body: `{"notices":["$thing"]}`, thing: noticed},
		{pattern: "GET /api/v1/channels", as: "mara"},
		{pattern: "POST /api/v1/channels", as: "mara", body: `{"url":"https://hooks.example.org/$thing","clearance":"U"}`, thing: number},
		{pattern: "PUT /api/v1/channels/{channel}", as: "mara", path: "/channels/$thing", thing: channel, body: `{"clearance":"U"}`},
		{pattern: "DELETE /api/v1/channels/{channel}", as: "mara", path: "/channels/$thing", thing: channel, body: `{}`},
		{pattern: "POST /api/v1/channels/{channel}/secret", as: "mara", path: "/channels/$thing/secret", thing: channel, body: `{}`},
		{pattern: "POST /api/v1/channels/{channel}/test", as: "mara", path: "/channels/$thing/test", thing: channel, body: `{}`},

		{pattern: "GET /api/v1/incidents", as: "mara"},
		{pattern: "POST /api/v1/incidents", as: "mara", body: `{"title":"Case $thing"}`, thing: number},
		{pattern: "GET /api/v1/incidents/{incident}", as: "mara", path: "/incidents/$thing", thing: fixed("incident")},
		{pattern: "POST /api/v1/incidents/{incident}/containment", as: "mara", path: "/incidents/$thing/containment", thing: fixed("incident"), body: `{"notify":["HUB"]}`},
		{pattern: "GET /api/v1/custody/{portion}", as: "kept", path: "/custody/$thing", thing: fixed("method")},
		{pattern: "DELETE /api/v1/custody/{portion}", as: "mara", path: "/custody/$thing", thing: custody, body: `{}`},
		{pattern: "POST /api/v1/incidents/{incident}/claims", as: "mara", path: "/incidents/$thing/claims", thing: fixed("incident"), body: `{"propositions":[{"id":"C$serial","text":"One was named."}]}`},
		{pattern: "POST /api/v1/incidents/{incident}/propositions", as: "mara", path: "/incidents/$thing/propositions", thing: fixed("incident"), body: `{"id":"P$serial","text":"A city was named."}`},
		{pattern: "POST /api/v1/incidents/{incident}/sources", as: "mara", path: "/incidents/$thing/sources", thing: fixed("incident"), body: `{"id":"S$serial","who":"an official","named":false}`},
		{pattern: "POST /api/v1/incidents/{incident}/statements", as: "mara", path: "/incidents/$thing/statements", thing: fixed("incident"), body: `{"id":"A$serial","source":"official","published":"2026-05-15T18:00:00Z","stances":{"city":"confirms"}}`},
		{pattern: "GET /api/v1/incidents/{incident}/matrix", as: "mara", path: "/incidents/$thing/matrix", thing: fixed("incident")},
		{pattern: "GET /api/v1/registries", as: "mara"},
		{pattern: "POST /api/v1/registries", as: "mara", body: `{"name":"list $thing","attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"city":"X"}}]}`, thing: number},
		{pattern: "POST /api/v1/registries/{registry}/told", as: "mara", path: "/registries/$thing/told", thing: fixed("registry"), body: fact},
		{pattern: "POST /api/v1/registries/{registry}/check", as: "mara", path: "/registries/$thing/check", thing: fixed("registry"), body: `{}`},

		{pattern: "GET /api/v1/ledger/feed", as: "auditor", path: "/ledger/feed?limit=2"},
		{pattern: "GET /api/v1/ledger/checkpoint", as: "auditor"},
		{pattern: "GET /api/v1/ledger/bundle", as: "auditor", path: "/ledger/bundle?limit=1"},
		{pattern: "POST /api/v1/ledger/verification", as: "auditor", body: `{}`},
	}
}

// make gives the operation what it acts on.
func (x *play) make(o operation) {
	x.serial++
	x.vars["serial"] = strconv.Itoa(x.serial)
	if o.thing == nil {
		return
	}
	x.vars["thing"] = o.thing()
	if len(x.vars["thing"]) > 8 && x.labels[x.vars["thing"]] == "" {
		x.labels[x.vars["thing"]] = "$thing"
	}
}

// settle has the ledger signed to its end, so that what is asked of it next
// does not depend on what the background did meanwhile.
func (x *play) settle(o operation) {
	if strings.Contains(o.pattern, "/ledger/") {
		x.quiet("auditor", "GET", "/ledger/feed", "", "")
	}
}

// everyone walks every operation as everyone. Where somebody is refused, the
// same is asked of a thing that is not there; where that is answered otherwise,
// it is written down as absent.
func everyone(x *play) {
	for _, o := range x.operations() {
		fresh := false
		x.group(o.method(), o.target())
		for _, p := range cast {
			if !fresh {
				x.make(o)
				fresh = true
			}
			x.settle(o)
			var more []string
			here := x.send(p.name, o.method(), o.target(), o.body)
			if here.status < 300 {
				fresh = false
			} else if o.uses("$thing") {
				there := x.vars["thing"]
				x.vars["thing"] = x.vars["absent"]
				gone := x.send(p.name, o.method(), o.target(), o.body)
				x.vars["thing"] = there
				if !slices.Equal(here.lines, gone.lines) {
					for _, line := range gone.lines {
						more = append(more, "absent: "+line)
					}
				}
			}
			x.write(p.name, o.method(), o.target(), o.body, nil, here.lines, more...)
			if o.pattern == "POST /api/v1/groups" && p.name == "admin" {
				// Administrators make groups too since this was recorded, and so are not asked
				// again with what is absent. What follows is numbered by the requests.
				x.quiet("root", "GET", "/me", "", "person.id")
			}
		}
	}
	x.group("", "")
}

// wrong asks every operation, as somebody who may, for what is no request.
func wrong(x *play) {
	for _, o := range x.operations() {
		x.make(o)
		x.group(o.method(), o.target())
		path, _, _ := strings.Cut(o.target(), "?")
		if o.method() == "GET" {
			with := "?"
			if strings.Contains(o.target(), "?") {
				with = "&"
			}
			x.get(o.as, o.target()+with+"nonsense=1")
			if with == "&" && !strings.Contains(path, "/ledger/") {
				x.get(o.as, path)
				name, _, _ := strings.Cut(strings.SplitN(o.target(), "?", 2)[1], "=")
				x.get(o.as, path+"?"+name+"=1&"+name+"=2")
			}
			if isList(x.send(o.as, "GET", o.target(), "").body) {
				for _, q := range []string{"limit=0", "limit=1001", "cursor=x"} {
					x.get(o.as, path+"?"+q)
				}
			}
		} else {
			x.badBodies(o)
		}
		if strings.Contains(o.path, "$thing") {
			for _, thing := range []string{"x", "%0d%0aSet-Cookie:%20a=b", "$absent"} {
				x.do(o.as, o.method(), strings.ReplaceAll(o.target(), "$thing", thing), strings.ReplaceAll(o.body, "$thing", "x"))
			}
		}
		x.do(o.as, "PATCH", path, "{}")
	}
	x.group("", "")
	for _, q := range []string{"/reports?limit=x", "/reports?limit=-1", "/reports?limit=%zz", "/reports?cursor=" + strings.Repeat("A", 3000), "/emergency-releases?all=x", "/notices?unread=x"} {
		x.get("mara", q)
	}
	x.get("auditor", "/ledger/feed?after=-1")
	x.get("auditor", "/ledger/feed?after=x")
	for _, path := range []string{"/reports", "/people/ana/tokens", "/scan"} { // one is repeated, one refused, one runs again
		x.post("ana", path, `{"text":"x"}`, "Idempotency-Key: "+strings.Repeat("k", 256))
		x.post("ana", path, "kind=report", "Content-Type: application/x-www-form-urlencoded")
		x.post("ana", path, "{}", "Content-Type: ")
		x.post("ana", path, "{} {}", "Content-Type: application/json; charset=utf-8")
		x.post("ana", path, "[]")
		x.post("ana", path, `{"`+"\xff"+`":1}`)
		x.post("ana", path, `{"text":"`+"\x00"+`"}`)
		x.post("ana", path, "{\n  'kind': 1}")
		x.post("ana", path, `{"text":"a","text":"b"}`)
		x.post("ana", path, strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000))
	}
	x.post("nobody", "/sessions", `{"name":"`+strings.Repeat("a", 70_000)+`"}`)
	for _, who := range []string{"mara", "nobody"} {
		x.get(who, "/")
		x.get(who, "/nowhere")
		x.get(who, "//nowhere")
		x.do(who, "GET", "//api/v1/../../etc/passwd", "")
	}
	x.get("nobody", "/me", "Authorization: Basic bWFyYTp4")
	x.get("nobody", "/me", "Authorization: Bearer")
	x.get("nobody", "/me", "Authorization: Bearer "+strings.Repeat("x", 5000))
	x.get("nobody", "/me", "Cookie: __Host-cordon=x")
}

func isList(body []byte) bool {
	var v map[string]any
	return json.Unmarshal(body, &v) == nil && v["items"] != nil
}

func (x *play) badBodies(o operation) {
	send := func(body string, extras ...string) { x.do(o.as, o.method(), o.target(), body, extras...) }
	send("")
	send("null")
	send(`{"nonsense":1}`)
	send(strings.TrimSuffix(o.body, "}"))
	var fields map[string]any
	if err := json.Unmarshal([]byte(o.body), &fields); err != nil {
		x.t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		other := map[bool]any{true: 7, false: "seven"}[isText(fields[name])]
		send(object(fields, name, other))
		// Left out; some of these are answered with success.
		send(object(fields, name, nil))
		x.make(o)
	}
}

func isText(v any) bool { _, ok := v.(string); return ok }

// object is the object with one member changed, or without it.
func object(fields map[string]any, name string, value any) string {
	other := maps.Clone(fields)
	if delete(other, name); value != nil {
		other[name] = value
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(other); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// again sends every request that acts twice under one key, then another under
// the same, and asks every reading again by the tag of its answer.
func again(x *play) {
	for i, o := range x.operations() {
		x.make(o)
		x.settle(o)
		x.group(o.method(), o.target())
		key := "Idempotency-Key: key-" + strconv.Itoa(i)
		if o.method() == "GET" {
			x.get(o.as, o.target(), "tag=ETag")
			x.get(o.as, o.target(), "If-None-Match: $tag")
			x.get(o.as, o.target(), "If-None-Match: *")
			x.do(o.as, "HEAD", o.target(), "")
			continue
		}
		x.twice(o.as, o.method(), o.target(), o.body, key)
		x.do(o.as, o.method(), o.target(), o.body+" ", key)
		x.do("sol", o.method(), o.target(), o.body, key)
	}
	x.group("", "")
}

// twice does the same twice. Where the second answer is the first, it is not
// written down again.
func (x *play) twice(who, method, path, body string, extras ...string) {
	first := x.do(who, method, path, body, extras...)
	second := x.send(who, method, path, body, extras...)
	if slices.Equal(first.lines, second.lines) {
		second.lines = []string{"< as the one before"}
	}
	x.write(who, method, path, body, extras, second.lines)
}
