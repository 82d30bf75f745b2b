package corpus

import (
	"encoding/json"
	"strings"
	"time"
)

const hour = time.Hour

// release: what owners are asked for, consent by one and by two, and grants.
func release(x *play) {
	x.people()
	x.add("MERIDIAN", "max", "release-authority")
	x.add("MERIDIAN", "aud", "auditor")
	x.add("TARSIS", "tom", "reader")
	x.send("mara", "POST", "/reports", report(`"ref":"MER-7/26","recipients":["VALDOR"],`,
		"("+narrow+") The Harbourtown file", "("+wide+") "+general, "("+narrow+") "+courier, "("+narrow+") "+method),
		"report=report", "title=portions.0.id", "general=portions.1.id", "courier=portions.2.id", "method=portions.3.id")
	x.post("ana", "/reports", `{"kind":"briefing","ref":"BRIEF-1","title":{"marking":"S//REL TO USA, FRA","text":"For the meeting"},"portions":[
{"text":"`+general+`","sources":["$general"]},{"text":"`+courier+`","marking":"C//REL TO USA, GBR","sources":["$courier"]},{"text":"The minister should say nothing of how this is known.","marking":"C//REL TO USA, FRA"}]}`,
		"memo=report", "memoTitle=portions.0.id", "memoGeneral=portions.1.id", "memoCourier=portions.2.id", "memoOwn=portions.3.id")

	x.post("ana", "/release-plans", `{"report":"BRIEF-1","audience":"TARSIS"}`)
	x.post("ana", "/release-plans", `{"portions":["$general","$memoOwn"],"audience":"TARSIS"}`)
	x.post("ana", "/release-plans", `{"portions":["$general"],"audience":"VALDOR"}`)
	x.post("theo", "/release-plans", `{"report":"BRIEF-1","audience":"HUB"}`)
	x.post("theo", "/release-plans", `{"portions":["$general"],"audience":"HUB"}`)
	for _, body := range []string{
		`{"portions":["$general"],"report":"BRIEF-1","audience":"TARSIS"}`, `{"audience":"TARSIS"}`, `{"portions":[],"audience":"TARSIS"}`, `{"portions":["$general"]}`,
		`{"portions":["$general"],"audience":"ATLANTIS"}`, `{"portions":["$general"],"audience":"$absent"}`, `{"portions":["$general"],"audience":"VALDOR"}`,
		`{"portions":["x"],"audience":"TARSIS"}`, `{"portions":["$absent"],"audience":"TARSIS"}`, `{"report":"NOPE","audience":"TARSIS"}`, `{"report":"$absent","audience":"TARSIS"}`,
		`{"report":"MER-7/26","audience":"TARSIS","expires":"2031-03-03T08:00:00Z"}`, `{"report":"MER-7/26","audience":"TARSIS","expires":"2131-03-03T08:00:00Z"}`,
		`{"portions":["$courier"],"audience":"TARSIS"}`, `{"report":"MER-7/26","audience":"TARSIS","purpose":"` + strings.Repeat("p", 70_000) + `"}`,
		`{"portions":["$general","$general"],"audience":"ORDEN"}`,
	} {
		x.post("ana", "/release-requests", body)
	}
	x.post("sol", "/release-requests", `{"report":"MER-7/26","audience":"ORDEN"}`)
	x.post("ana", "/release-requests", `{"report":"BRIEF-1","audience":"TARSIS","purpose":"The ministers meet on Friday.","expires":"2031-03-20T09:00:00Z"}`, "request=id")
	x.keepPart("mara", "part")
	x.keepPart("sol", "own")
	x.get("ana", "/release-requests")
	x.get("ana", "/release-requests/$request")
	x.get("mara", "/release-requests/$request")
	x.get("sol", "/release-requests/$request")
	x.get("mara", "/release-parts/$part")
	x.get("max", "/release-parts")
	x.get("sol", "/release-parts/$part")
	x.get("ana", "/release-parts/$part")
	x.get("theo", "/release-parts")
	x.get("mara", "/release-parts/$part/wording")
	x.get("sol", "/release-parts/$own/wording")
	x.get("sol", "/release-parts/$part/wording")
	x.post("ana", "/release-requests/$request/release", `{}`)
	for _, body := range []string{
		`{"grant":["$courier"]}`, `{"grant":["$absent"]}`, `{"grant":["x"]}`, `{"grant":["$memoGeneral"],"until":"2031-03-03T08:00:00Z"}`, `{"grant":["$memoGeneral"],"until":"2131-03-03T08:00:00Z"}`,
		`{"grant":["$memoGeneral"],"people":["TARSIS/tom"]}`, `{"grant":["$memoGeneral"],"people":["$absent"]}`, `{"grant":["$memoGeneral"],"people":["max"]}`,
		`{"grant":["$memoGeneral"],"tearline":"NOPE"}`, `{"grant":["$memoGeneral"],"tearline":"MER-7/26"}`, `{"grant":["$memoGeneral","$memoGeneral"]}`,
		`{"grant":["$memoGeneral"],"reason":"` + strings.Repeat("r", 70_000) + `"}`,
	} {
		x.post("mara", "/release-parts/$part/decision", body)
	}
	x.send("mara", "POST", "/reports", report(`"kind":"tearline","ref":"MER-7/26-T","recipients":["VALDOR"],`, "(U) On the envoy", "(U) The envoy takes advice from elsewhere."), "lines=report")
	x.post("sol", "/release-parts/$part/decision", `{"grant":["$memoGeneral"]}`)
	x.post("mara", "/release-parts/$part/decision", `{"grant":["$memoGeneral"],"tearline":"MER-7/26-T","reason":"Not the market.","shownOnly":true,"people":["$tom"],"until":"2031-03-10T09:00:00Z"}`)
	x.post("mara", "/release-parts/$part/decision", `{"grant":["$memoGeneral"]}`)
	x.get("ana", "/release-requests/$request")
	x.post("sol", "/release-parts/$own/decision", `{"grant":["$memoGeneral","$memoTitle"],"reason":"Ours may go."}`)
	x.get("theo", "/reports/$memo")
	x.post("ana", "/release-requests/$request/release", `{}`)
	x.post("ana", "/release-requests/$request/release", `{"without":["$absent"]}`)
	x.post("theo", "/release-requests/$request/release", `{"without":["$memoCourier","$memoOwn"]}`)
	x.post("ana", "/release-requests/$request/release", `{"without":["$memoTitle","$memoCourier","$memoOwn"]}`)
	x.post("ana", "/release-requests/$request/release", `{"without":["$memoTitle","$memoCourier","$memoOwn"]}`)
	x.post("ana", "/release-requests/$request/withdrawal", `{}`)
	x.get("ana", "/release-requests/$request")
	x.get("sol", "/release-parts")
	x.get("theo", "/reports/$memo")
	x.get("tom", "/reports/$memo")
	x.get("tom", "/reports")
	x.get("tom", "/reports/$memo/export?format=text")
	x.get("tom", "/reports/$lines")
	x.get("theo", "/reports/$lines")
	x.get("tom", "/search?q=envoy")
	x.get("theo", "/search?q=envoy")
	x.get("mara", "/grants")
	x.get("mara", "/grants?portion=$memoGeneral")
	x.get("mara", "/grants?portion=$memoGeneral&portion=$courier")
	x.get("mara", "/grants?portion=$courier")
	x.get("sol", "/grants", "grant=items.0.id")
	x.get("theo", "/grants")
	x.get("ana", "/notices")
	x.get("theo", "/notices")
	x.get("mara", "/notices")
	x.post("ana", "/check", `{"text":"`+general+`","audience":"TARSIS"}`)
	x.withdrawAll("ana")
	x.advance(8 * 24 * hour) // mara's is over
	x.get("tom", "/reports/$memo")
	x.get("mara", "/grants")
	x.post("mara", "/grants/$grant/revocation", `{}`)
	x.post("theo", "/grants/$grant/revocation", `{}`)
	x.post("sol", "/grants/$absent/revocation", `{}`)
	x.post("sol", "/grants/$grant/revocation", `{}`)
	x.post("sol", "/grants/$grant/revocation", `{}`)
	x.get("sol", "/grants")

	// Withdrawn, and void because a word of it was changed.
	x.post("ana", "/release-requests", `{"portions":["$memoOwn"],"audience":"HUB"}`, "revised=id")
	x.post("ana", "/release-requests", `{"portions":["$courier"],"audience":"ORDEN"}`, "withdrawn=id", "withdrawnPart=parts.0.id")
	x.put("ana", "/reports/BRIEF-1/portions/$memoOwn", `{"text":"The minister should say nothing whatever of how this is known."}`, "memoOwn2=id")
	x.get("ana", "/release-requests/$revised")
	x.post("sol", "/release-requests/$withdrawn/withdrawal", `{}`)
	x.post("ana", "/release-requests/$withdrawn/withdrawal", `{}`)
	x.post("ana", "/release-requests/$withdrawn/withdrawal", `{}`)
	x.post("mara", "/release-parts/$withdrawnPart/decision", `{"grant":["$courier"]}`)
	x.post("mara", "/release-parts/$withdrawnPart/confirmation", `{"proposal":"$absent"}`)
	x.get("ana", "/release-requests?limit=2", "next=next")
	x.get("ana", "/release-requests?limit=2&cursor=$next")
	x.get("ana", "/release-parts?limit=2&cursor=$next")
	x.get("mara", "/release-requests?limit=2&cursor=$next")

	// By two, as the arrangement asks.
	x.post("mara", "/arrangements", `{"name":"TWO KEYS","marking":"`+narrow+`","parties":["VALDOR"],"twoPersons":true,"longestSeconds":86400,"shownOnly":true}`, "lane=id", "proposal=proposal.id")
	x.quiet("sol", "POST", "/arrangements/$lane/agreement", `{"proposal":"$proposal"}`, "id")
	x.post("mara", "/reports", report(`"arrangement":"TWO KEYS","ref":"TWO-1",`, "("+narrow+") Under two keys", "("+narrow+") The ferry leaves at dawn, and nobody but the keeper knows of it."), "two=report", "twoTitle=portions.0.id", "twoText=portions.1.id")
	x.post("ana", "/release-requests", `{"report":"TWO-1","audience":"ORDEN"}`, "asked=id", "twoPart=parts.0.id")
	x.post("mara", "/release-parts/$twoPart/confirmation", `{"proposal":"$absent"}`)
	x.post("mara", "/release-parts/$twoPart/decision", `{"grant":["$twoTitle","$twoText"],"reason":"One of two."}`, "first=proposal")
	x.post("mara", "/release-parts/$twoPart/confirmation", `{"proposal":"$first"}`)
	x.post("max", "/release-parts/$twoPart/confirmation", `{"proposal":"$absent"}`)
	x.post("max", "/release-parts/$twoPart/confirmation", `{}`)
	x.post("mara", "/release-parts/$twoPart/decision", `{"grant":["$twoText"],"reason":"Another proposal."}`, "second=proposal")
	x.post("max", "/release-parts/$twoPart/confirmation", `{"proposal":"$first"}`)
	x.post("max", "/release-parts/$twoPart/confirmation", `{"proposal":"$second"}`)
	x.post("max", "/release-parts/$twoPart/confirmation", `{"proposal":"$second"}`)
	x.post("ana", "/release-requests/$asked/release", `{"without":["$twoTitle"]}`)
	x.get("ora", "/reports/$two")
	x.get("ora", "/reports/$two/export?format=json")
	x.advance(25 * hour)
	x.get("ora", "/reports/$two")
	x.get("aud", "/ledger/feed?limit=200")
}

// withdrawAll withdraws what still waits for its owners. Of that they would be
// reminded at a moment that is the background's own.
func (x *play) withdrawAll(who string) {
	var all struct {
		Items []struct{ ID, State string }
	}
	if err := json.Unmarshal(x.send(who, "GET", "/release-requests?limit=200", "").body, &all); err != nil {
		x.t.Fatal(err)
	}
	for _, r := range all.Items {
		if r.State == "open" {
			x.quiet(who, "POST", "/release-requests/"+r.ID+"/withdrawal", "{}", "id")
		}
	}
}

// keepPart keeps the first part that the person is asked to decide on.
func (x *play) keepPart(who, name string) {
	x.get(who, "/release-parts", name+"=items.0.id")
}
