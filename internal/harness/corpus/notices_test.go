package corpus

import (
	"fmt"
	"strings"
)

// notices: the inbox and the channels out of it.
func notices(x *play) {
	x.people()
	x.add("MERIDIAN", "adm", "administrator")
	x.add("MERIDIAN", "max", "release-authority")
	x.send("mara", "POST", "/reports", report(`"ref":"MER-7/26","recipients":["VALDOR"],`, "("+narrow+") The Harbourtown file", "("+narrow+") "+courier), "report=report", "title=portions.0.id", "courier=portions.1.id")
	for i := range 4 {
		x.quiet("theo", "POST", "/scan", `{"text":"`+courier+`"}`, "id")
		x.quiet("ana", "POST", "/release-requests", fmt.Sprintf(`{"report":"MER-7/26","audience":"ORDEN","purpose":"Number %d"}`, i), "id")
	}
	x.get("mara", "/notices", "first=items.0.id", "second=items.1.id")
	x.get("max", "/notices")
	x.get("mara", "/notices/unread")
	x.get("mara", "/notices?limit=3", "next=next")
	x.get("mara", "/notices?limit=3&cursor=$next")
	x.get("mara", "/notices?limit=3&unread=true&cursor=$next")
	x.get("max", "/notices?limit=3&cursor=$next")
	for _, body := range []string{`{}`, `{"notices":[]}`, `{"notices":["x"]}`, `{"notices":["$absent"]}`, `{"notices":["$first","$absent"]}`, `{"notices":["$first","$first"]}`, `{"notices":["$second"]}`} {
		x.post("mara", "/notices/read", body)
	}
	x.post("theo", "/notices/read", `{"notices":["$first"]}`)
	x.get("mara", "/notices?unread=true")
	x.get("mara", "/notices?unread=false&limit=3")
	x.get("mara", "/notices/unread")
	x.get("max", "/notices/unread")
	for _, who := range []string{"ana", "theo", "adm", "root"} {
		x.get(who, "/notices")
		x.get(who, "/notices/unread")
	}

	// Channels.
	for _, body := range []string{
		`{}`, `{"clearance":"U"}`, `{"address":"ops@example.org"}`, `{"address":"ops@example.org","clearance":"U"}`, `{"address":"nonsense","clearance":"U"}`, `{"url":"https://hooks.example.org/a","address":"a@example.org","clearance":"U"}`,
		`{"url":"ftp://hooks.example.org/a","clearance":"U"}`, `{"url":"http://hooks.example.org/a","clearance":"U"}`, `{"url":"https://user:pw@hooks.example.org/a","clearance":"U"}`, `{"url":"nonsense","clearance":"U"}`,
		`{"url":"https://hooks.example.org/a"}`, `{"url":"https://hooks.example.org/a","clearance":"NONSENSE"}`, `{"url":"https://hooks.example.org/a","clearance":"TS"}`, `{"url":"https://hooks.example.org/a","clearance":"S","kinds":["gossip"]}`,
		`{"url":"https://hooks.example.org/` + strings.Repeat("a", 5000) + `","clearance":"U"}`,
	} {
		x.post("mara", "/channels", body)
	}
	x.post("mara", "/channels", `{"url":"https://127.0.0.1/hush","clearance":"`+narrow+`","quiet":true,"kinds":["release","trace"]}`, "channel=id")
	x.post("mara", "/channels", `{"url":"https://127.0.0.1/hush","clearance":"U"}`)
	for _, who := range []string{"mara", "adm", "max", "ana", "theo"} {
		x.get(who, "/channels")
		x.post(who, "/channels/$channel/test", `{}`)
		x.put(who, "/channels/$channel", `{"clearance":"U","kinds":["incident"]}`)
	}
	for _, body := range []string{`{}`, `{"clearance":"NONSENSE"}`, `{"clearance":"U","url":"https://127.0.0.1/other"}`, `{"clearance":"U","kinds":["gossip"]}`} {
		x.put("mara", "/channels/$channel", body)
	}
	x.post("mara", "/channels/$channel/secret", `{}`, "Idempotency-Key: secret")
	x.post("mara", "/channels/$channel/secret", `{}`, "Idempotency-Key: secret")
	x.post("theo", "/channels/$channel/secret", `{}`)
	x.delete("theo", "/channels/$channel")
	x.delete("mara", "/channels/$channel")
	x.delete("mara", "/channels/$channel")
	x.get("mara", "/channels")
}

// needToKnow: groups, and what an organisation narrows within itself.
func needToKnow(x *play) {
	x.people()
	x.add("VALDOR", "zed", "reader")
	x.add("VALDOR", "off", "security-officer")
	x.post("mara", "/arrangements", `{"name":"QUIET LANE","marking":"`+narrow+`","parties":["VALDOR"]}`, "lane=id", "proposal=proposal.id")
	x.quiet("sol", "POST", "/arrangements/$lane/agreement", `{"proposal":"$proposal"}`, "id")
	x.send("mara", "POST", "/reports", report(`"ref":"MER-7/26","recipients":["VALDOR"],`, "("+narrow+") The Harbourtown file", "("+narrow+") "+courier), "report=report", "title=portions.0.id", "courier=portions.1.id")
	x.send("mara", "POST", "/reports", report(`"ref":"L-1","arrangement":"QUIET LANE",`, "("+narrow+") Under the lane", "("+narrow+") "+general), "under=report", "underTitle=portions.0.id", "underText=portions.1.id")
	for _, body := range []string{
		`{}`, `{"name":"x"}`, `{"name":"x","people":[]}`, `{"name":"x","people":["nobody"]}`, `{"name":"x","people":["MERIDIAN/mara"]}`, `{"name":"x","people":["$absent"]}`, `{"name":"x","people":["ana"],"everyone":true}`,
		`{"name":"` + strings.Repeat("n", 2000) + `","everyone":true}`, `{"people":["ana","ana"]}`,
	} {
		x.post("sol", "/groups", body)
	}
	x.post("sol", "/groups", `{"name":"Circle of the bay","people":["ana","$sol"]}`, "circle=id")
	x.post("sol", "/groups", `{"name":"Circle of the bay","people":["ana"]}`)
	for _, who := range []string{"sol", "off", "ana", "mara", "theo", "root"} {
		x.get(who, "/groups")
		x.put(who, "/groups/$circle", `{"name":"Circle of the bay","people":["ana","$sol"]}`)
		x.get(who, "/narrowings")
	}
	for _, body := range []string{`{}`, `{"group":"nowhere"}`, `{"group":"$absent"}`, `{"group":"$circle","people":["ana"]}`, `{"people":["nobody"]}`, `{"people":["$mara"]}`, `{"people":[]}`} {
		x.post("sol", "/reports/MER-7%2F26/narrowing", body)
		x.post("sol", "/arrangements/QUIET%20LANE/narrowing", body)
	}
	for _, who := range []string{"ana", "zed"} {
		x.get(who, "/reports/MER-7%2F26")
	}
	x.post("sol", "/reports/MER-7%2F26/narrowing", `{"group":"Circle of the bay"}`)
	x.post("sol", "/reports/MER-7%2F26/narrowing", `{"group":"$circle"}`)
	x.post("sol", "/arrangements/QUIET%20LANE/narrowing", `{"people":["zed"]}`)
	x.post("sol", "/arrangements/QUIET%20LANE/narrowing", `{"group":"$circle"}`)
	x.post("sol", "/reports/NOPE/narrowing", `{"group":"$circle"}`)
	x.post("sol", "/reports/$absent/narrowing", `{"group":"$circle"}`)
	x.post("theo", "/reports/$report/narrowing", `{"people":["theo"]}`)
	x.post("ana", "/reports/$report/narrowing", `{"group":"$circle"}`)
	for _, who := range []string{"ana", "zed", "sol", "mara"} {
		x.get(who, "/reports/MER-7%2F26")
		x.get(who, "/reports/L-1")
		x.get(who, "/reports")
		x.get(who, "/search?q=envoy")
		x.get(who, "/counts")
	}
	x.put("sol", "/groups/Circle%20of%20the%20bay", `{"name":"Circle","people":["zed"]}`)
	for _, who := range []string{"ana", "zed"} {
		x.get(who, "/reports/MER-7%2F26")
	}
	x.put("sol", "/groups/$circle", `{"name":"Circle","everyone":true}`)
	x.put("sol", "/groups/$absent", `{"name":"Circle","everyone":true}`)
	x.get("ana", "/reports/MER-7%2F26")
	x.send("mara", "POST", "/reports", report(`"ref":"L-2","arrangement":"QUIET LANE",`, "("+narrow+") Later, under the lane"), "later=report")
	x.get("ana", "/reports/L-2")
	x.get("zed", "/reports/L-2")
	x.get("sol", "/groups?limit=1", "next=next")
	x.get("sol", "/groups?limit=1&cursor=$next")
	x.get("sol", "/narrowings?limit=1", "next=next")
	x.get("sol", "/narrowings?limit=1&cursor=$next")
	x.get("sol", "/groups?limit=1&cursor=$next")
	x.get("sol", "/ledger/feed?limit=100")
}

// theLedger: feeds, checkpoints, bundles and their verification.
func theLedger(x *play) {
	x.people()
	x.add("MERIDIAN", "aud", "auditor")
	x.add("TARSIS", "tau", "auditor")
	x.get("mara", "/ledger/feed")
	x.get("aud", "/ledger/feed")
	x.get("tau", "/ledger/feed")
	x.get("mara", "/ledger/checkpoint")
	x.send("mara", "POST", "/reports", report(`"ref":"MER-7/26","recipients":["VALDOR"],`, "("+narrow+") The Harbourtown file", "("+narrow+") "+courier), "report=report", "title=portions.0.id", "courier=portions.1.id")
	// Every refusal is recorded, whoever asked and however.
	for _, who := range []string{"ana", "theo", "ora", "root"} {
		x.send(who, "GET", "/reports/$report", "")
		x.send(who, "GET", "/reports/$report/export?format=text", "")
		x.send(who, "GET", "/portions/$courier/holders", "")
		x.send(who, "POST", "/scan", `{"text":"`+courier+`"}`)
		x.send(who, "POST", "/check", `{"audience":"HUB","text":"`+courier+`"}`)
		x.send(who, "GET", "/search?q=courier", "")
		x.send(who, "POST", "/release-requests", `{"report":"MER-7/26","audience":"ORDEN"}`)
		x.send(who, "PUT", "/reports/$report/portions/$courier", `{"text":"Another wording"}`)
		x.send(who, "PUT", "/reports/$report/compilation", `{"marking":"S"}`)
		x.send(who, "POST", "/tearlines", `{"title":{"marking":"U","text":"T"},"against":["$courier"]}`)
		x.send(who, "POST", "/tearlines/check", `{"paragraphs":[{"text":"T"}],"against":["$courier"]}`)
		x.send(who, "POST", "/portions/$courier/facts", `{"facts":[{"attribute":"city","values":["Coast"]}]}`)
		x.send(who, "POST", "/reports", `{"kind":"memo","title":{"marking":"U","text":"T"},"portions":[{"text":"x","sources":["$courier"]}]}`)
		x.send(who, "GET", "/custody/$courier", "")
		x.send(who, "POST", "/reports/$report/narrowing", `{"people":["`+who+`"]}`)
		x.get("aud", "/ledger/feed?limit=200")
		x.get("aud", "/ledger/checkpoint")
	}
	x.get("aud", "/ledger/feed?limit=3")
	x.get("aud", "/ledger/feed?limit=3&after=3")
	x.get("aud", "/ledger/feed?after=100000")
	x.get("sol", "/ledger/feed?limit=200")
	x.get("tau", "/ledger/feed?limit=200")
	x.get("aud", "/ledger/checkpoint", "old=checkpoint")
	x.get("root", "/ledger/checkpoint")
	x.get("aud", "/ledger/bundle?limit=2")
	x.get("aud", "/ledger/bundle?limit=1&after=1&oldSize=1")
	for _, q := range []string{"limit=0", "limit=100000", "oldSize=x", "oldSize=1000000", "after=1000000&limit=1"} {
		x.get("aud", "/ledger/bundle?"+q)
	}
	x.get("mara", "/ledger/bundle?limit=1")
	for _, who := range []string{"root", "aud", "sol", "mara"} {
		x.post(who, "/ledger/verification", `{}`)
	}
	x.post("aud", "/ledger/verification", `{"kept":["nonsense"]}`)
	x.post("aud", "/ledger/verification", `{"kept":[""]}`)
	x.post("aud", "/ledger/verification", `{"kept":"x"}`)
}
