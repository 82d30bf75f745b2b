package corpus

import "strings"

// arrangements: drafted, agreed on, amended, suspended, left and ended.
func arrangements(x *play) {
	x.people()
	for _, body := range []string{
		`{"name":"","marking":"U","parties":["VALDOR"]}`, `{"name":"LANE","parties":["VALDOR"]}`, `{"name":"LANE","marking":"NONSENSE","parties":["VALDOR"]}`,
		`{"name":"LANE","marking":"U","parties":[]}`, `{"name":"LANE","marking":"U","parties":["ATLANTIS"]}`, `{"name":"LANE","marking":"U","parties":["MERIDIAN"]}`,
		`{"name":"LANE","marking":"U","parties":["VALDOR","valdor"]}`, `{"name":"LANE","marking":"U","parties":["$absent"]}`, `{"name":"LANE","marking":"U","parties":["VALDOR"],"scheme":"mars"}`,
		`{"name":"LANE","marking":"U","parties":["VALDOR"],"onward":"perhaps"}`, `{"name":"LANE","marking":"U","parties":["VALDOR"],"withheld":"loud"}`,
		`{"name":"LANE","marking":"U","parties":["VALDOR"],"defaultMarking":"NONSENSE"}`, `{"name":"LANE","marking":"U","parties":["VALDOR"],"recipients":["TARSIS"]}`,
		`{"name":"LANE","marking":"U","parties":["VALDOR"],"longestSeconds":-1}`, `{"name":"LANE","marking":"U","parties":["VALDOR"],"longestSeconds":9223372036854775807}`,
		`{"name":"LANE","marking":"U","parties":["VALDOR"],"until":"2031-03-03T08:00:00Z"}`, `{"name":"LANE","marking":"U","parties":["VALDOR"],"emergencySeconds":3600}`,
		`{"name":"LANE","marking":"U","parties":["VALDOR"],"emergencyAuthorities":["$ana"]}`, `{"name":"LANE","marking":"U","parties":["VALDOR"],"emergencyAuthorities":["$theo"],"emergencySeconds":3600}`,
		`{"name":"LANE","marking":"U","parties":["VALDOR"],"emergencyAuthorities":["$ana"],"emergencySeconds":99999999}`, `{"name":"LANE","marking":"U","parties":["VALDOR"],"named":["VALDOR/ana"]}`,
		`{"name":"` + strings.Repeat("n", 1025) + `","marking":"U","parties":["VALDOR"]}`, `{"name":"LANE","marking":"TS","parties":["VALDOR"]}`,
		`{"name":"LANE","marking":"U","parties":["VALDOR"],"equivalences":[{"from":"tlp","mark":"TLP:RED","as":"S"}]}`,
	} {
		x.post("mara", "/arrangements", body)
	}
	x.post("mara", "/arrangements", `{"name":"QUIET LANE","marking":"`+narrow+`","parties":["valdor"],"defaultMarking":"`+narrow+`","withheld":"mark","onward":"parties","longestSeconds":3600,"until":"2032-03-03T08:00:00Z"}`, "lane=id", "proposal=proposal.id")
	for _, who := range []string{"mara", "ana", "sol", "theo", "root"} {
		x.get(who, "/arrangements")
		x.get(who, "/arrangements/$lane")
		x.get(who, "/arrangements/Quiet%20Lane")
	}
	x.get("theo", "/arrangements/NO%20SUCH%20LANE")
	// Nothing is shared under what nobody agreed on, nor told of to others.
	for _, who := range []string{"mara", "ana", "theo"} {
		x.post(who, "/reports", report(`"arrangement":"QUIET LANE",`, "(S) A title", "(S) A text"))
		x.post(who, "/reports", report(`"arrangement":"$lane",`, "(S) A title", "(S) A text"))
		x.post(who, "/reports", report(`"arrangement":"NO SUCH LANE",`, "(S) A title", "(S) A text"))
	}
	x.post("mara", "/arrangements/$lane/agreement", `{"proposal":"$proposal"}`)
	x.post("sol", "/arrangements/$lane/agreement", `{"proposal":"$absent"}`)
	x.post("sol", "/arrangements/$lane/agreement", `{}`)
	x.post("ana", "/arrangements/$lane/agreement", `{"proposal":"$proposal"}`)
	x.post("theo", "/arrangements/$lane/agreement", `{"proposal":"$proposal"}`)
	x.post("ora", "/arrangements/$lane/agreement", `{"proposal":"$proposal"}`)
	x.post("sol", "/arrangements/quiet%20lane/agreement", `{"proposal":"$proposal"}`)
	x.post("sol", "/arrangements/$lane/agreement", `{"proposal":"$proposal"}`)
	x.post("mara", "/reports", report(`"arrangement":"QUIET LANE","ref":"Q-1",`, "("+narrow+") The Harbourtown file", "() "+courier, "(TS//REL TO USA, GBR) "+method), "q=report")
	x.get("ana", "/reports/Q-1")

	// Amended.
	for _, body := range []string{
		`{}`, `{"version":0}`, `{"version":2}`, `{"version":1,"invite":["ATLANTIS"]}`, `{"version":1,"marking":"NONSENSE"}`, `{"version":1,"withheld":"loud"}`,
	} {
		x.post("mara", "/arrangements/$lane/amendments", body)
	}
	x.post("ora", "/arrangements/$lane/amendments", `{"version":1}`)
	x.post("sol", "/arrangements/$lane/amendments", `{"version":1,"invite":["ORDEN"],"withheld":"silent","onward":"never"}`, "amendment=proposal.id")
	x.post("mara", "/arrangements/$lane/amendments", `{"version":1}`)
	x.get("ora", "/arrangements/$lane")
	x.post("mara", "/arrangements/$lane/decline", `{"proposal":"$proposal"}`)
	x.post("mara", "/arrangements/$lane/decline", `{"proposal":"$amendment"}`)
	x.get("ora", "/arrangements/$lane")
	x.post("sol", "/arrangements/$lane/amendments", `{"version":1,"invite":["ORDEN"],"onward":"ask"}`, "second=proposal.id")
	x.post("mara", "/arrangements/$lane/agreement", `{"proposal":"$second"}`)
	x.get("sol", "/arrangements/$lane")
	x.post("ora", "/arrangements/$lane/agreement", `{"proposal":"$second"}`)
	x.get("ora", "/reports/Q-1")

	// Suspended, resumed.
	for _, act := range []string{"resumption", "suspension", "suspension"} {
		x.post("mara", "/arrangements/$lane/"+act, "{}")
	}
	x.post("mara", "/reports", report(`"arrangement":"QUIET LANE",`, "("+narrow+") Another file"))
	x.get("ana", "/reports/Q-1")
	x.post("sol", "/arrangements/$lane/resumption", "{}")
	x.post("sol", "/arrangements/$lane/suspension", "{}")
	x.post("mara", "/arrangements/$lane/resumption", "{}")
	x.get("ana", "/reports/Q-1")
	x.post("sol", "/arrangements/$lane/resumption", "{}")
	x.get("ana", "/reports/Q-1")
	x.post("theo", "/arrangements/$lane/suspension", "{}")
	x.post("theo", "/arrangements/$absent/suspension", "{}")

	// Left and ended.
	x.post("ana", "/arrangements/$lane/departure", "{}")
	x.post("ora", "/arrangements/$lane/departure", "{}")
	x.post("ora", "/arrangements/$lane/departure", "{}")
	x.get("ora", "/arrangements")
	x.get("ora", "/reports/Q-1")
	x.post("sol", "/arrangements/$lane/departure", "{}")
	x.post("sol", "/arrangements/$lane/end", "{}")
	x.post("mara", "/arrangements/$lane/end", "{}")
	x.post("mara", "/arrangements/$lane/resumption", "{}")
	x.post("mara", "/arrangements/$lane/amendments", `{"version":2}`)
	x.get("ana", "/reports/Q-1")
	for _, who := range []string{"mara", "sol", "ora", "theo"} {
		x.get(who, "/arrangements")
		x.get(who, "/notices")
	}

	// Known to named people only, and declined.
	x.post("mara", "/arrangements", `{"name":"FOR ONE","marking":"S//REL TO USA, GBR","named":["mara","$sol"],"parties":["VALDOR"]}`, "one=id", "only=proposal.id")
	for _, who := range []string{"mara", "sol", "ana"} {
		x.get(who, "/arrangements/$one")
	}
	x.post("sol", "/arrangements/$one/decline", `{"proposal":"$only"}`)
	x.post("sol", "/arrangements/$one/agreement", `{"proposal":"$only"}`)
	x.get("mara", "/arrangements?limit=1", "next=next")
	x.get("mara", "/arrangements?limit=1&cursor=$next")
	x.get("sol", "/arrangements?limit=1&cursor=$next")
	x.get("mara", "/reports?limit=1&cursor=$next")
	x.get("sol", "/ledger/feed?limit=200")

	// Two of one name.
	x.post("mara", "/arrangements", `{"name":"QUIET LANE","marking":"U","parties":["VALDOR"]}`)
	x.get("mara", "/arrangements/QUIET%20LANE")

	// It ends by itself.
	x.post("mara", "/arrangements", `{"name":"SHORT","marking":"U","parties":["VALDOR"],"until":"2031-03-04T08:00:00Z"}`, "short=id", "of=proposal.id")
	x.quiet("sol", "POST", "/arrangements/$short/agreement", `{"proposal":"$of"}`, "id")
	x.quiet("mara", "POST", "/reports", report(`"arrangement":"SHORT","ref":"S-1",`, "("+narrow+") A short one"), "report")
	x.get("ana", "/reports/S-1")
	x.advance(24 * hour)
	x.get("ana", "/reports/S-1")
	x.get("ana", "/arrangements/SHORT")
	x.post("mara", "/reports", report(`"arrangement":"SHORT",`, "("+narrow+") A later one"))
}
