package corpus

import (
	"fmt"
	"strings"
)

// The words of the plays, and two markings that let MERIDIAN read its own, one
// of them TARSIS too.
const (
	courier = "The courier meets the envoy behind the fish market of Harbourtown every Tuesday at nine in the evening."
	method  = "It was learned by listening to the telephone that the envoy believes nobody else knows of at all."
	general = "The envoy has been receiving instructions from abroad since the spring, and acts on them promptly."

	narrow = "S//REL TO USA, GBR"
	wide   = "S//REL TO USA, FRA, GBR"
)

// people adds four organisations and those who play, without writing it down.
//
//	HUB            root   every role, cleared TS
//	MERIDIAN (GBR) mara   reader, author, release authority, security officer
//	VALDOR (USA)   ana    reader, author
//	               sol    reader, release authority, security officer, auditor
//	TARSIS (FRA)   theo   reader, author, security officer
//	ORDEN (GBR)    ora    release authority
//
// All but root are cleared S.
func (x *play) people() {
	for _, body := range []string{
		`{"name":"MERIDIAN","country":"GBR","communities":["FIN-ISAC"]}`,
		`{"name":"VALDOR","title":"Valdor Service","country":"USA"}`,
		`{"name":"TARSIS","country":"FRA"}`,
		`{"name":"ORDEN","country":"GBR"}`,
	} {
		id := x.quiet("root", "POST", "/organisations", body, "id")
		name, _ := lookUp([]byte(body), "name")
		x.keep(strings.ToLower(name), id)
	}
	x.add("MERIDIAN", "mara", "reader author release-authority security-officer")
	x.add("VALDOR", "ana", "reader author")
	x.add("VALDOR", "sol", "reader release-authority security-officer auditor")
	x.add("TARSIS", "theo", "reader author security-officer")
	x.add("ORDEN", "ora", "reader release-authority")
}

// add adds a person who is cleared S, with a token.
func (x *play) add(org, name, roles string) {
	list := `"` + strings.Join(strings.Fields(roles), `","`) + `"`
	if roles == "" {
		list = ""
	}
	id := x.quiet("root", "POST", "/people",
		fmt.Sprintf(`{"organisation":%q,"name":%q,"clearances":{"us":"S"},"roles":[%s]}`, org, name, list), "id")
	x.keep(name, id)
	x.token[name] = x.quiet("root", "POST", "/people/"+id+"/tokens", `{"label":"play"}`, "token")
	x.label(x.token[name], "$token-"+name)
}

// report is the body of a report of marked paragraphs, "(S//NF) text", the
// first of which is its title; more is what else it says, with a comma.
func report(more string, paragraphs ...string) string {
	var all []string
	for _, p := range paragraphs {
		mark, text, _ := strings.Cut(strings.TrimPrefix(p, "("), ") ")
		all = append(all, fmt.Sprintf(`{"marking":%q,"text":%q}`, mark, text))
	}
	body := `{`
	if !strings.Contains(more, `"kind"`) {
		body += `"kind":"report",`
	}
	return body + more + `"title":` + all[0] + `,"portions":[` + strings.Join(all[1:], ",") + `]}`
}

// bearer lets whoever is signed in by the secret play under a name.
func (x *play) bearer(name, secret string) { x.token[name] = secret }
