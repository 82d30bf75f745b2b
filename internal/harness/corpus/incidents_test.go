package corpus

import "strings"

// emergency: released where life is in danger, and reviewed.
func emergency(x *play) {
	x.people()
	x.add("VALDOR", "eve", "reader")
	x.post("mara", "/arrangements", `{"name":"LIFELINE","marking":"`+narrow+`","parties":["VALDOR"],"emergencyAuthorities":["$eve","mara"],"emergencySeconds":3600}`, "danger=id", "proposal=proposal.id")
	x.quiet("sol", "POST", "/arrangements/$danger/agreement", `{"proposal":"$proposal"}`, "id")
	x.send("mara", "POST", "/reports", report(`"ref":"D-1","arrangement":"LIFELINE",`, "("+narrow+") A dangerous file", "("+narrow+") The ferry is mined.", "(TS//REL TO USA, GBR) By whom."),
		"report=report", "title=portions.0.id", "ferry=portions.1.id", "whom=portions.2.id")
	x.send("mara", "POST", "/reports", report(`"ref":"D-2","recipients":["VALDOR"],`, "("+narrow+") Another file"), "other=report", "otherTitle=portions.0.id")
	for _, body := range []string{
		`{}`, `{"portions":["$ferry"],"audience":"ORDEN"}`, `{"portions":["$ferry"],"audience":"ORDEN","reason":""}`, `{"portions":["$ferry"],"reason":"a life"}`, `{"audience":"ORDEN","reason":"a life"}`,
		`{"portions":["x"],"audience":"ORDEN","reason":"a life"}`, `{"portions":["$absent"],"audience":"ORDEN","reason":"a life"}`, `{"report":"NOPE","audience":"ORDEN","reason":"a life"}`,
		`{"portions":["$ferry"],"report":"D-1","audience":"ORDEN","reason":"a life"}`, `{"portions":["$ferry"],"audience":"ATLANTIS","reason":"a life"}`,
		`{"portions":["$ferry"],"audience":"VALDOR","reason":"a life"}`, `{"portions":["$otherTitle"],"audience":"ORDEN","reason":"a life"}`, `{"portions":["$whom"],"audience":"ORDEN","reason":"a life"}`,
		`{"portions":["$ferry"],"audience":"ORDEN","reason":"` + strings.Repeat("r", 70_000) + `"}`,
	} {
		x.post("eve", "/emergency-releases", body)
	}
	for _, who := range []string{"ana", "theo", "sol", "root"} {
		x.post(who, "/emergency-releases", `{"portions":["$ferry"],"audience":"ORDEN","reason":"a life"}`)
	}
	x.get("ora", "/reports/$report")
	x.post("eve", "/emergency-releases", `{"report":"D-1","audience":"ORDEN","reason":"a life at the slipway"}`)
	x.post("eve", "/emergency-releases", `{"portions":["$ferry"],"audience":"ORDEN","reason":"a life at the slipway"}`)
	x.get("ora", "/reports/$report")
	x.get("mara", "/emergency-releases", "part=items.0.id")
	x.get("sol", "/emergency-releases")
	x.get("theo", "/emergency-releases")
	x.get("mara", "/emergency-releases?all=true")
	x.get("mara", "/emergency-releases?all=perhaps")
	for _, who := range []string{"mara", "sol", "ora"} {
		x.get(who, "/notices")
	}
	for _, body := range []string{`{}`, `{"decision":"perhaps"}`, `{"decision":"overrule","until":"2031-03-04T09:00:00Z"}`, `{"decision":"uphold","until":"2031-03-03T08:00:00Z"}`, `{"decision":"uphold","until":"2131-03-03T08:00:00Z"}`, `{"decision":"uphold","note":"` + strings.Repeat("n", 70_000) + `"}`} {
		x.post("mara", "/emergency-releases/$part/review", body)
	}
	x.post("sol", "/emergency-releases/$part/review", `{"decision":"uphold"}`)
	x.post("mara", "/emergency-releases/$absent/review", `{"decision":"uphold"}`)
	x.post("mara", "/emergency-releases/$part/review", `{"decision":"uphold","until":"2031-03-04T09:00:00Z","note":"So it was."}`)
	x.post("mara", "/emergency-releases/$part/review", `{"decision":"overrule"}`)
	x.advance(2 * hour)
	x.get("ora", "/reports/$report")
	x.get("mara", "/emergency-releases")
	x.get("mara", "/emergency-releases?all=true")
	x.get("mara", "/grants")
	x.advance(24 * hour)
	x.get("ora", "/reports/$report")

	// Overruled, and one that nobody reviews.
	x.send("mara", "POST", "/reports", report(`"ref":"D-3","arrangement":"LIFELINE",`, "("+narrow+") A third file"), "third=report")
	x.post("eve", "/emergency-releases", `{"report":"D-3","audience":"ORDEN","reason":"another life"}`)
	x.get("ora", "/reports/$third")
	x.get("mara", "/emergency-releases", "part=items.0.id")
	x.post("mara", "/emergency-releases/$part/review", `{"decision":"overrule","note":"It was not."}`)
	x.get("ora", "/reports/$third")
	x.post("mara", "/emergency-releases", `{"report":"D-3","audience":"ORDEN","reason":"by the owner"}`)
	x.advance(100 * hour)
	x.get("mara", "/emergency-releases")
	x.get("mara", "/emergency-releases?all=true&limit=1", "next=next")
	x.get("mara", "/emergency-releases?all=true&limit=1&cursor=$next")
	x.get("mara", "/emergency-releases?all=false&limit=1&cursor=$next")
	x.get("sol", "/ledger/feed?limit=100")
}

// incidents: struck, limited, revoked, notified; custody.
func incidents(x *play) {
	x.people()
	x.add("VALDOR", "off", "security-officer")
	x.add("MERIDIAN", "aud", "auditor")
	x.send("mara", "POST", "/reports", report(`"ref":"MER-7/26","recipients":["VALDOR"],`, "("+narrow+") The Harbourtown file", "("+wide+") "+general, "("+narrow+") "+courier),
		"report=report", "title=portions.0.id", "general=portions.1.id", "courier=portions.2.id")
	x.send("ana", "POST", "/reports", `{"kind":"briefing","ref":"BRIEF-1","title":{"marking":"S","text":"For the meeting"},"portions":[{"text":"`+general+`","sources":["$general"]},{"text":"`+courier+`","sources":["$courier"]},{"text":"Of the briefing's second paragraph, at length.","sources":["$courier"]},{"marking":"S","text":"A sentence that VALDOR alone owns and regrets."}]}`,
		"memo=report", "memoTitle=portions.0.id", "memoGeneral=portions.1.id", "memoCourier=portions.2.id", "memoOf=portions.3.id", "memoOwn=portions.4.id")
	x.send("ana", "POST", "/reports", `{"kind":"memo","ref":"MEMO-2","title":{"marking":"S","text":"A memo of the memo"},"portions":[{"text":"As the briefing has it.","sources":["$memoCourier"]}]}`, "second=report", "secondTitle=portions.0.id", "secondText=portions.1.id")
	x.send("mara", "POST", "/tearlines", `{"recipients":["TARSIS"],"against":["$courier"],"title":{"marking":"U","text":"Advice to shippers"}}`, "tear=report", "tearTitle=portions.0.id")
	for _, body := range []string{`{}`, `{"title":""}`, `{"title":"x","custody":["nobody"]}`, `{"title":"x","custody":["MERIDIAN/mara"]}`, `{"title":"x","custody":["$absent"]}`, `{"title":"` + strings.Repeat("t", 2000) + `"}`} {
		x.post("sol", "/incidents", body)
	}
	x.post("ana", "/incidents", `{"title":"x"}`)
	x.post("sol", "/incidents", `{"title":"Friday's meeting","custody":["ana"]}`, "incident=id")
	for _, who := range []string{"sol", "off", "ana", "mara", "root"} {
		x.get(who, "/incidents")
		x.get(who, "/incidents/$incident")
	}
	for _, body := range []string{
		`{}`, `{"strike":[]}`, `{"strike":["x"]}`, `{"strike":["$absent"]}`, `{"strike":["$general"]}`, `{"limit":[{"report":"BRIEF-1","circle":[]}]}`, `{"limit":[{"report":"NOPE","circle":["sol"]}]}`,
		`{"limit":[{"report":"BRIEF-1","circle":["nobody"]}]}`, `{"limit":[{"report":"MER-7/26","circle":["sol"]}]}`, `{"revoke":["$absent"]}`, `{"revoke":["x"]}`, `{"notify":["ATLANTIS"]}`, `{"notify":[""]}`,
		`{"disclosed":[{"portion":"$memoCourier","words":-1}]}`, `{"disclosed":[{"portion":"x","words":1}]}`, `{"disclosed":[{"portion":"$absent","words":1}],"notify":["HUB"]}`, `{"strike":["$memoOwn"],"until":"x"}`,
	} {
		x.post("sol", "/incidents/$incident/containment", body)
	}
	x.post("ana", "/incidents/$incident/containment", `{"strike":["$memoOwn"]}`)
	x.post("mara", "/incidents/$incident/containment", `{"strike":["$courier"]}`)
	x.twice("sol", "POST", "/incidents/$incident/containment", `{"disclosed":[{"portion":"$memoCourier","words":17}],"strike":["$memoCourier"],"limit":[{"report":"BRIEF-1","circle":["sol","$ana"]}],"notify":["HUB"]}`, "Idempotency-Key: contain")
	x.post("sol", "/incidents/$incident/containment", `{"strike":["$memoCourier"]}`)
	for _, who := range []string{"ana", "sol", "mara", "theo"} {
		x.get(who, "/reports/BRIEF-1")
		x.get(who, "/reports/MEMO-2")
		x.get(who, "/reports/MER-7%2F26")
		x.get(who, "/search?q=fish+market")
		x.get(who, "/custody/$memoCourier")
	}
	x.get("off", "/custody/$memoCourier")
	x.get("off", "/custody/x")
	x.get("ana", "/custody/$absent")
	x.get("ana", "/incidents/$incident")
	x.get("sol", "/incidents/$incident")
	x.get("ana", "/reports/BRIEF-1/export?format=text")
	x.post("ana", "/scan", `{"text":"`+courier+`"}`)
	x.delete("sol", "/custody/$memoCourier")
	x.delete("ana", "/custody/$memoCourier")
	x.delete("sol", "/custody/$absent")
	x.post("sol", "/incidents/$incident/containment", `{"strike":["$memoOwn"]}`)
	x.get("ana", "/custody/$memoOwn")
	x.delete("sol", "/custody/$memoOwn")
	x.get("ana", "/custody/$memoOwn")
	x.delete("sol", "/custody/$memoOwn")
	x.put("ana", "/reports/BRIEF-1/portions/$memoCourier", `{"text":"Put back"}`)
	x.post("ana", "/reports", `{"kind":"memo","title":{"marking":"S","text":"Again"},"portions":[{"text":"x","sources":["$memoCourier"]}]}`)
	x.post("ana", "/reports", `{"kind":"memo","title":{"marking":"S","text":"Again"},"portions":[{"marking":"S","text":"`+courier+`","sources":["$courier"]}]}`)
	x.get("mara", "/notices")
	x.get("root", "/notices")

	// The owner strikes: everywhere, and tearlines are to be looked at.
	x.post("mara", "/incidents", `{"title":"A leak at the fish market"}`, "leak=id")
	x.post("mara", "/release-requests", `{"portions":["$general"],"audience":"TARSIS"}`, "request=id", "part=parts.0.id")
	x.quiet("mara", "POST", "/release-parts/$part/decision", `{"grant":["$general"]}`, "id")
	x.post("mara", "/release-requests/$request/release", `{}`, "grant=parts.0.grant")
	x.get("theo", "/reports/$report")
	x.post("mara", "/incidents/$leak/containment", `{"strike":["$courier"],"revoke":["$grant"],"limit":[{"report":"MER-7/26","circle":["mara"]}],"notify":["VALDOR","TARSIS"]}`)
	x.post("mara", "/incidents/$leak/containment", `{"revoke":["$grant"]}`)
	for _, who := range []string{"mara", "ana", "sol", "theo"} {
		x.get(who, "/reports/MER-7%2F26")
		x.get(who, "/reports/MEMO-2")
		x.get(who, "/reports")
		x.get(who, "/counts")
		x.get(who, "/notices?limit=3")
	}
	x.get("mara", "/custody/$courier")
	x.get("mara", "/incidents/$leak")
	x.get("mara", "/incidents?limit=1")
	x.get("sol", "/incidents?limit=1")
	x.post("sol", "/incidents", `{"title":"Another"}`)
	x.get("sol", "/incidents?limit=1", "next=next")
	x.get("sol", "/incidents?limit=1&cursor=$next")
	x.get("mara", "/incidents?limit=1&cursor=$next")
	x.get("aud", "/ledger/feed?limit=100")
	x.get("sol", "/ledger/feed?limit=100")
}

// claims: the public record of an incident.
func claims(x *play) {
	x.people()
	x.send("mara", "POST", "/reports", report(`"recipients":["VALDOR"],`, "("+narrow+") The Harbourtown file", "("+narrow+") "+courier), "report=report", "title=portions.0.id", "courier=portions.1.id")
	x.post("sol", "/incidents", `{"title":"Friday's meeting","custody":["ana"]}`, "incident=id")
	x.post("sol", "/incidents/$incident/propositions", `{"id":"P1","text":"A city was named.","portions":["$courier"]}`)
	x.post("sol", "/incidents/$incident/sources", `{"id":"S1","who":"two officials","named":false,"inRoom":true}`)
	x.post("sol", "/incidents/$incident/statements", `{"id":"A1","source":"S1","published":"2026-05-15T17:00:00Z","stances":{"P1":"confirms"}}`)
	for _, body := range []string{`{"id":"P1","text":"x"}`, `{"text":""}`, `{"id":"` + strings.Repeat("p", 2000) + `","text":"x"}`, `{"id":"P10","text":"x","portions":["x"]}`, `{"id":"P11","text":"x","portions":["$absent"]}`, `{"id":"P12","text":"x","portions":["$title","$title"]}`} {
		x.post("sol", "/incidents/$incident/propositions", body)
	}
	for _, body := range []string{`{"id":"S1","who":"x","named":false}`, `{"who":"","named":false}`, `{"id":"S2a","who":"x"}`, `{"id":"S3","who":"x","named":true,"via":"nobody"}`, `{"id":"S4","who":"a paper","named":true,"via":"S1"}`} {
		x.post("sol", "/incidents/$incident/sources", body)
	}
	for _, body := range []string{
		`{"source":"S1","published":"2026-05-15T17:00:00Z","stances":{}}`, `{"source":"nobody","published":"2026-05-15T17:00:00Z","stances":{"P1":"confirms"}}`, `{"source":"S1","stances":{"P1":"confirms"}}`,
		`{"source":"S1","published":"noon","stances":{"P1":"confirms"}}`, `{"source":"S1","published":"2026-05-15T17:00:00Z","stances":{"P1":"perhaps"}}`, `{"source":"S1","published":"2026-05-15T17:00:00Z","stances":{"P9":"denies"}}`,
		`{"id":"A1","source":"S1","published":"2026-05-15T17:00:00Z","stances":{"P1":"denies"}}`, `{"source":"S1","published":"2026-05-15T17:00:00Z","stances":{"P1":"denies"},"corrects":"A9"}`,
	} {
		x.post("sol", "/incidents/$incident/statements", body)
	}
	x.post("sol", "/incidents/$incident/claims", `{"propositions":[{"id":"P2","text":"Methods were discussed."}],"sources":[{"id":"S2","who":"the adviser","named":true}],"statements":[{"id":"A2","source":"S2","published":"2026-05-15T18:00:00Z","publishedIsApproximate":true,"stances":{"P2":"denies","P1":"does-not-address"},"note":"On television"},{"id":"A3","source":"S4","published":"2026-05-15T18:30:00Z","stances":{"P1":"confirms"}},{"id":"A4","source":"S1","published":"2026-05-15T19:00:00Z","stances":{"P1":"denies"},"corrects":"A1"}]}`)
	for _, body := range []string{`{}`, `{"propositions":[{"id":"P2","text":"Methods were discussed."}]}`, `{"statements":[{"id":"A9","source":"S9","published":"2026-05-15T18:00:00Z","stances":{"P2":"denies"}}]}`, `{"propositions":[{"id":"P5","text":"x"},{"id":"P5","text":"y"}]}`} {
		x.post("sol", "/incidents/$incident/claims", body)
	}
	for _, at := range []string{"", "?at=2026-05-15T17:00:00Z", "?at=2026-05-15T18:10:00Z", "?at=2026-05-15T19:30:00Z", "?at=noon", "?at=2026-05-15"} {
		x.get("sol", "/incidents/$incident/matrix"+at)
	}
	for _, who := range []string{"ana", "mara", "theo"} {
		x.get(who, "/incidents/$incident/matrix?at=2026-05-15T18:10:00Z")
		x.post(who, "/incidents/$incident/propositions", `{"id":"P7","text":"x"}`)
		x.post(who, "/incidents/$incident/claims", `{"propositions":[{"id":"P8","text":"x"}]}`)
		x.get(who, "/incidents/$absent/matrix?at=2026-05-15T18:10:00Z")
	}
	x.get("sol", "/ledger/feed?limit=100")
}

// mosaic: how many candidates fit what an audience has been told.
func mosaic(x *play) {
	x.people()
	x.send("mara", "POST", "/reports", report(`"recipients":["VALDOR","TARSIS"],`, "("+wide+") The Harbourtown file", "("+wide+") "+general, "("+narrow+") "+courier), "report=report", "title=portions.0.id", "general=portions.1.id", "courier=portions.2.id")
	const attributes = `"attributes":[{"name":"city","hierarchy":[["Harbourtown","Coast"],["Seaford","Coast"],["Hillford","Inland"]]},{"name":"age"}],`
	for _, body := range []string{
		`{}`, `{"name":"","attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"city":"X"}}]}`, `{"name":"x","attributes":[],"candidates":[]}`, `{"name":"x","attributes":[{"name":"city"}],"candidates":[]}`,
		`{"name":"x","attributes":[{"name":"city"},{"name":"city"}],"candidates":[{"id":"A","values":{"city":"X"}}]}`, `{"name":"x","attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"town":"X"}}]}`,
		`{"name":"x","attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"city":"X"}},{"id":"A","values":{"city":"Y"}}]}`, `{"name":"x","threshold":-1,"attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"city":"X"}}]}`,
		`{"name":"x",` + attributes + `"candidates":[{"id":"A","values":{"city":"Nowhere"}}]}`, `{"name":"x","attributes":[{"name":"city","hierarchy":[["a","b"],["a","c"]]}],"candidates":[{"id":"A","values":{"city":"a"}}]}`,
		`{"name":"x","attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"city":7}}]}`,
	} {
		x.post("mara", "/registries", body)
	}
	x.post("mara", "/registries", `{"name":"who it could be","threshold":2,`+attributes+`"candidates":[{"id":"candidate-A","values":{"city":"Harbourtown","age":"40"}},{"id":"candidate-B","values":{"city":"Seaford","age":"50"}},{"id":"candidate-C","values":{"city":"Seaford","age":"35"}},{"id":"candidate-D","values":{"city":"Hillford","age":"60"}}]}`, "registry=id")
	x.post("mara", "/registries", `{"name":"who it could be","attributes":[{"name":"city"}],"candidates":[{"id":"A","values":{"city":"X"}}]}`)
	for _, who := range []string{"mara", "ana", "sol", "theo"} {
		x.get(who, "/registries")
		x.post(who, "/registries/$registry/check", `{}`)
		x.post(who, "/registries/who%20it%20could%20be/check", `{"audience":"TARSIS"}`)
		x.post(who, "/portions/$general/facts", `{"facts":[{"attribute":"city","values":["Coast"]}]}`)
		x.post(who, "/portions/$courier/facts", `{"facts":[{"attribute":"city","values":["Coast"]}]}`)
		x.post(who, "/registries/$registry/told", `{"audience":"TARSIS","facts":[{"attribute":"city","values":["Coast"]}]}`)
	}
	for _, body := range []string{
		`{}`, `{"facts":[]}`, `{"facts":[{"attribute":"","values":["x"]}]}`, `{"facts":[{"attribute":"city"}]}`, `{"facts":[{"attribute":"city","values":[]}]}`, `{"facts":[{"attribute":"age","min":40,"max":30}]}`,
		`{"facts":[{"attribute":"age","min":30,"values":["x"]}]}`, `{"facts":[{"attribute":"age","min":"30"}]}`, `{"facts":[{"attribute":"age","min":30,"max":45}]}`,
	} {
		x.post("mara", "/portions/$general/facts", body)
		x.post("mara", "/registries/$registry/told", body)
		x.post("mara", "/registries/$registry/check", body)
	}
	x.post("mara", "/portions/$absent/facts", `{"facts":[{"attribute":"city","values":["Coast"]}]}`)
	for _, body := range []string{
		`{"audience":"tarsis","facts":[{"attribute":"city","values":["Harbourtown"]}],"portions":["$general"]}`, `{"audience":"TARSIS","portions":["$courier"]}`, `{"audience":"VALDOR","portions":["$courier"]}`,
		`{"audience":"ATLANTIS"}`, `{"portions":["x"]}`, `{"portions":["$absent"]}`, `{"facts":[{"attribute":"shoe","values":["44"]}]}`, `{"facts":[{"attribute":"city","values":["Inland"]},{"attribute":"city","values":["Coast"]}],"audience":"TARSIS"}`,
		`{"facts":[{"attribute":"city","values":["Nowhere"]}]}`,
	} {
		x.post("mara", "/registries/$registry/check", body)
	}
	x.post("mara", "/registries/nowhere/check", `{}`)
	x.get("theo", "/reports/$report")
	x.post("mara", "/registries/$registry/check", `{"audience":"TARSIS"}`)
	x.post("mara", "/tearlines/check", `{"paragraphs":[{"text":"Somebody in Harbourtown"}],"against":["$general"]}`)
	x.get("mara", "/registries?limit=0")
	x.get("sol", "/ledger/feed?limit=100")
}
