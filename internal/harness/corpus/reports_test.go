package corpus

import (
	"fmt"
	"strings"
)

// reports: written, derived, opened, listed, exported, revised, compiled.
func reports(x *play) {
	x.people()
	x.add("VALDOR", "low", "reader author")
	x.quiet("root", "PUT", "/people/VALDOR%2Flow", `{"organisation":"VALDOR","name":"low","clearances":{"us":"C"},"roles":["reader","author"]}`, "id")
	x.add("MERIDIAN", "aud", "auditor")
	x.post("mara", "/reports", `{"kind":"report","ref":"MER-7/26","recipients":["VALDOR","TARSIS"],"title":{"marking":"`+wide+`","text":"On the envoy","ref":"t"},"portions":[
{"kind":"heading","marking":"U","text":"First"},{"marking":"`+wide+`","text":"`+general+`","ref":"2a"},{"marking":"`+narrow+`","text":"`+courier+`"},{"kind":"table","marking":"C//REL TO USA, FRA, GBR","text":"| a | b |\n|---|---|\n| 1 | <2> & \"3\" |"},
{"kind":"list","marking":"U","text":"An item"},{"kind":"caption","marking":"U","text":"Figure 1"}]}`,
		"report=report", "title=portions.0.id", "heading=portions.1.id", "general=portions.2.id", "courier=portions.3.id", "table=portions.4.id")
	x.post("mara", "/reports", report(`"recipients":["VALDOR","TARSIS"],`, "("+narrow+") The fish market", "("+wide+") "+general), "untitled=report")
	for _, who := range []string{"mara", "ana", "low", "theo", "ora", "root"} {
		x.get(who, "/reports/$report")
		x.get(who, "/reports/MER-7%2F26/export?format=markdown")
		x.get(who, "/reports/$untitled/export?format=text")
		x.get(who, "/reports")
		x.get(who, "/counts")
	}
	for _, who := range []string{"ana", "theo"} {
		x.get(who, "/reports/MER-7%2F26")
		x.get(who, "/reports/mer-7%2F26")
		x.get(who, "/reports/$report/export?format=json")
		x.get(who, "/reports/$untitled")
		x.get(who, "/reports/$untitled/export?format=markdown")
	}
	x.get("ana", "/reports/$report/export")
	x.get("ana", "/reports/$report/export?format=exe")
	x.get("ana", "/reports/$report/export?format=text&format=json")
	x.get("ana", "/reports/$report", "tag=ETag")
	x.get("ana", "/reports/$report", "If-None-Match: $tag")
	x.get("theo", "/reports/$report", "If-None-Match: $tag")

	draft := func(portions string) string {
		return `{"kind":"report","title":{"marking":"U","text":"T"},"portions":` + portions + `}`
	}
	for _, body := range []string{
		`{"title":{"marking":"U","text":"T"},"portions":[]}`, `{"kind":"poem","title":{"marking":"U","text":"T"},"portions":[]}`, `{"kind":"report","title":{"text":""},"portions":[]}`,
		`{"kind":"report","portions":[]}`, `{"kind":"report","title":{"text":"T"},"portions":[]}`, `{"kind":"report","title":{"kind":"table","marking":"U","text":"T"},"portions":[]}`,
		draft(`[{"marking":"S//NOFRON","text":"x"}]`), draft(`[{"text":"x"}]`), draft(`[{"marking":"U","text":""}]`), draft(`[{"kind":"verse","marking":"U","text":"x"}]`), draft(`[{"kind":"title","marking":"U","text":"x"}]`),
		draft(`[{"marking":"TLP:RED","text":"x"}]`), draft(`[{"marking":"TS","text":"x"}]`), draft(`[{"marking":"S//REL TO FRA","text":"x"}]`), draft(`[{"marking":"S//HCS//NF","text":"x"}]`),
		draft(`[{"marking":7,"text":"x"}]`), draft(`[{"marking":"U","txt":"x"}]`), draft(`{}`), draft(`[[]]`), draft(`[{"text":"x","sources":["secret-7"]}]`), draft(`[{"text":"x","sources":["$absent"]}]`),
		draft(`[{"text":"x","sources":"$general"}]`), draft(`[{"marking":"U","text":"x\u0000y"}]`),
		`{"kind":"report","title":{"marking":"U","text":"T"},"recipients":["ATLANTIS"]}`, `{"kind":"report","title":{"marking":"U","text":"T"},"recipients":["VALDOR"]}`,
		`{"kind":"report","title":{"marking":"U","text":"T"},"named":["MERIDIAN/mara"]}`, `{"kind":"report","title":{"marking":"U","text":"T"},"named":["$absent"]}`,
		`{"kind":"report","title":{"marking":"U","text":"T"},"arrangement":"$absent"}`, `{"kind":"report","ref":"` + strings.Repeat("r", 1025) + `","title":{"marking":"U","text":"T"}}`,
		`{"kind":"report","ref":"A\nB","title":{"marking":"U","text":"T"}}`, `{"kind":"report","title":{"marking":"U","text":"T"},"compilation":"NONSENSE"}`,
	} {
		x.post("ana", "/reports", body)
	}
	x.post("ana", "/reports", `{"kind":"memo","ref":"TAKEN","title":{"marking":"U","text":"T"}}`)
	x.post("ana", "/reports", `{"kind":"memo","ref":"TAKEN","title":{"marking":"U","text":"T"}}`)
	x.post("mara", "/reports", `{"kind":"memo","ref":"TAKEN","title":{"marking":"U","text":"T"}}`)
	x.post("ana", "/reports", `{"kind":"memo","title":{"marking":"U","text":"T"},"portions":[{"marking":"U","text":"`+strings.Repeat("x", 1<<20+1)+`"}]}`)

	// Derived: said, quoted, out of sight, and of what nobody could read.
	x.post("ana", "/reports", `{"kind":"briefing","ref":"BRIEF-1","title":{"marking":"S","text":"For the meeting"},"portions":[
{"text":"`+general+`","sources":["$general"]},{"text":"`+courier+`","marking":"C//REL TO USA, GBR","sources":["$courier"]},{"text":"Say nothing of how this is known.","marking":"C","sources":["$courier","$table"]}]}`,
		"memo=report", "memoTitle=portions.0.id", "memoGeneral=portions.1.id", "memoCourier=portions.2.id", "memoOwn=portions.3.id")
	x.post("theo", "/reports", `{"kind":"memo","title":{"marking":"U","text":"M"},"portions":[{"marking":"C","text":"`+courier+`"}]}`)
	x.post("theo", "/reports", `{"kind":"memo","title":{"marking":"U","text":"M"},"portions":[{"text":"Of it","sources":["$courier"]}]}`)
	x.post("theo", "/reports", `{"kind":"memo","ref":"TAR-1","recipients":["MERIDIAN"],"title":{"marking":"C//REL TO USA, FRA, GBR","text":"Ours"},"portions":[{"marking":"S//REL TO USA, FRA, GBR","text":"What TARSIS knows, it tells MERIDIAN alone."}]}`, "tarsis=report", "tarsisText=portions.1.id")
	x.post("mara", "/reports", `{"kind":"memo","recipients":["VALDOR"],"title":{"marking":"U","text":"M"},"portions":[{"text":"Of both","sources":["$tarsisText","$courier"]}]}`)
	x.post("mara", "/reports", `{"kind":"transcript","named":["mara"],"title":{"marking":"U","text":"M"},"portions":[{"text":"Of both","sources":["$tarsisText","$general"]}]}`, "named=report")
	for _, who := range []string{"mara", "ana", "theo"} {
		x.get(who, "/reports/$memo")
		x.get(who, "/reports/$named")
	}
	x.get("mara", "/portions/$general/holders")
	x.get("mara", "/portions/$courier/holders")
	x.get("ana", "/portions/$courier/holders")
	x.get("theo", "/portions/$courier/holders")

	// Revised.
	for _, body := range []string{`{"text":""}`, `{"text":"x","marking":"NONSENSE"}`, `{"text":"x","sources":["x"]}`, `{"text":"x","sources":["$absent"]}`, `{"kind":"table","text":"x"}`} {
		x.put("ana", "/reports/BRIEF-1/portions/$memoOwn", body)
	}
	x.put("ana", "/reports/BRIEF-1/portions/$memoOwn", `{"text":"x","marking":"U"}`, "memoOwn=id")
	for _, who := range []string{"mara", "sol", "theo", "low"} {
		x.put(who, "/reports/BRIEF-1/portions/$memoOwn", `{"text":"Say nothing whatever of how this is known."}`)
	}
	x.put("ana", "/reports/MER-7%2F26/portions/$general", `{"text":"Another wording"}`)
	x.put("ana", "/reports/$report/portions/$memoOwn", `{"text":"Another wording"}`)
	x.put("ana", "/reports/BRIEF-1/portions/$memoOwn", `{"text":"Say nothing whatever of how this is known."}`, "better=id")
	x.put("ana", "/reports/BRIEF-1/portions/$memoOwn", `{"text":"Too late."}`)
	x.put("ana", "/reports/BRIEF-1/portions/$memoTitle", `{"text":"For Friday's meeting","marking":"C"}`, "newTitle=id")
	x.put("ana", "/reports/BRIEF-1/portions/$better", `{"text":"`+courier+`","marking":"C//REL TO USA, GBR"}`)
	x.get("ana", "/reports/BRIEF-1")

	// Compiled: together they are more.
	for _, who := range []string{"mara", "ana", "theo"} {
		x.put(who, "/reports/$report/compilation", `{"marking":"TS//REL TO USA, GBR"}`)
	}
	x.put("mara", "/reports/$report/compilation", `{"marking":"NONSENSE"}`)
	x.put("mara", "/reports/$report/compilation", `{}`)
	x.put("mara", "/reports/NOPE/compilation", `{"marking":"S"}`)
	x.put("mara", "/reports/$report/compilation", `{"marking":"S//REL TO USA, GBR"}`)
	x.get("ana", "/reports/$report")
	x.get("theo", "/reports/$report")
	x.put("mara", "/reports/$report/compilation", `{"marking":""}`)
	x.get("theo", "/reports/$report")

	// Many at once. One of them is right, so that they do not come in an order
	// of their own.
	x.twice("ana", "POST", "/imports", `{"reports":[`+report(`"ref":"I-1",`, "(S) First imported", "(S) Something of our own.")+`,`+
		report(`"ref":"I-2",`, "(S) Second imported", "(NONSENSE) Badly marked.")+`,`+report(`"ref":"I-3","recipients":["NOWHERE"],`, "(S) Third")+`]}`, "Idempotency-Key: import")
	x.post("ana", "/imports", `{"reports":[{}]}`)
	x.post("ana", "/imports", `{"reports":{}}`)
	x.post("ana", "/imports", `{"reports":[{"title":7}]}`)
	x.post("sol", "/imports", `{"reports":[`+report("", "(S) First imported")+`]}`)
	x.post("ana", "/imports", `{"reports":[`+strings.Repeat("{},", 1000)+`{}]}`)

	// Lists, in pages.
	for i := range 5 {
		x.quiet("mara", "POST", "/reports", report(`"recipients":["VALDOR"],`, fmt.Sprintf("(%s) Report %d", narrow, i)), "report")
		x.quiet("mara", "POST", "/reports", report("", fmt.Sprintf("(%s) Withheld %d", narrow, i)), "report")
	}
	x.get("ana", "/reports?limit=3", "next=next")
	x.get("ana", "/reports?limit=3&cursor=$next", "after=next")
	x.get("ana", "/reports?limit=1&cursor=$after")
	x.get("sol", "/reports?limit=3&cursor=$next")
	x.get("ana", "/notices?limit=3&cursor=$next")
	x.get("ana", "/reports?limit=3", "tag=ETag")
	x.get("ana", "/reports?limit=3", "If-None-Match: $tag")
	x.get("aud", "/ledger/feed?limit=100")
	x.get("aud", "/ledger/feed?limit=100&after=100")
}

// search: what is found, in which order, and what is suggested.
func search(x *play) {
	x.people()
	x.post("mara", "/arrangements", `{"name":"QUIET LANE","marking":"`+narrow+`","parties":["VALDOR"]}`, "lane=id", "proposal=proposal.id")
	x.quiet("sol", "POST", "/arrangements/$lane/agreement", `{"proposal":"$proposal"}`, "id")
	for _, r := range []string{
		report(`"ref":"MER-1","recipients":["VALDOR","TARSIS"],`, "("+wide+") On the envoy", "("+wide+") "+general, "("+narrow+") "+courier),
		report(`"ref":"MER-2","recipients":["VALDOR"],`, "("+narrow+") The lighthouse", "("+narrow+") The lighthouse keeper's note: the envoy came by boat.", "(C//REL TO USA, GBR) A note on notes, noted."),
		report(`"ref":"MER-3","kind":"memo","arrangement":"QUIET LANE",`, "("+narrow+") Under the lane", "("+narrow+") The keeper of the lighthouse is paid by the envoy, and by the Envoy's brother."),
		report(`"ref":"MER-4",`, "("+narrow+") Ours alone", "("+narrow+") Another lighthouse, another envoy."),
	} {
		x.quiet("mara", "POST", "/reports", r, "report")
	}
	x.quiet("ana", "POST", "/reports", report(`"ref":"VAL-1","kind":"briefing",`, "(U) A briefing", "(S//REL TO USA, GBR) Our envoy met their envoy."), "report")
	for _, q := range []string{
		"q=envoy", "q=ENVOY", "q=fish+market", "q=%22fish+market%22", "q=%22market+fish%22", "q=envoy+-lighthouse", "q=envoy+OR+keeper", "q=note*", "q=%22keeper+of+the+lighthouse%22", "q=nothingness",
		"q=envoy&sort=new", "q=envoy&sort=best", "q=envoy&owner=MERIDIAN", "q=envoy&owner=VALDOR", "q=envoy&owner=$meridian", "q=envoy&arrangement=QUIET+LANE", "q=envoy&arrangement=$lane",
		"q=envoy&arrangement=NO+SUCH", "q=envoy&kind=memo", "q=envoy&kind=briefing", "q=envoy&marking=S%2F%2FREL+TO+USA,+GBR", "q=envoy&atLeast=S", "q=envoy&atMost=C", "q=envoy&atLeast=C&atMost=S",
		"q=envoy&from=2031-03-03", "q=envoy&until=2031-03-03", "q=envoy&from=2031-03-03T09:00:10Z", "owner=MERIDIAN", "kind=memo", "sort=new",
		"q=", "", "q=%22envoy", "q=-envoy", "q=*", "q=e*", "q=the", "q=%20", "q=%22%22", "q=(envoy+OR+", "q=" + strings.Repeat("word+", 40), "q=" + strings.Repeat("w", 5000),
		"q=envoy&sort=old", "q=envoy&owner=ATLANTIS", "q=envoy&kind=poem", "q=envoy&marking=NONSENSE", "q=envoy&atLeast=COSMIC", "q=envoy&atMost=TLP:RED", "q=envoy&from=noon", "q=envoy&until=2031-13-01",
		"q=envoy&from=2031-03-04&until=2031-03-02", "q=envoy&limit=0", "q=envoy&limit=201", "q=envoy&q=boat", "q=envoy&page=2", "q=%zz", "q=envoy&cursor=x",
	} {
		x.get("ana", "/search?"+q)
	}
	for _, q := range []string{"q=envoy", "q=lighthouse", "q=fish+market", "q=envoy&arrangement=QUIET+LANE", "q=envoy&arrangement=NO+SUCH", "q=envoy&owner=VALDOR"} {
		x.get("theo", "/search?"+q)
		x.get("root", "/search?"+q)
	}
	x.get("ora", "/search?q=envoy")
	for i := range 5 { // one hit in each
		x.quiet("mara", "POST", "/reports", report(`"recipients":["VALDOR"],`, "("+narrow+") A chart", fmt.Sprintf("(%s) Buoy number %d.", narrow, i)), "report")
	}
	x.get("ana", "/search?q=buoy&limit=2", "next=next")
	x.get("ana", "/search?q=buoy&limit=2&cursor=$next")
	x.get("ana", "/search?q=lighthouse&limit=2&cursor=$next")
	x.get("sol", "/search?q=buoy&limit=2&cursor=$next")
	x.get("ana", "/search?q=buoy&sort=new&limit=2", "next=next")
	x.get("ana", "/search?q=buoy&sort=new&limit=2&cursor=$next")
	for _, who := range []string{"ana", "theo"} {
		for _, q := range []string{"q=li", "q=lighthouse", "q=env", "q=no", "q=fish+ma", "q=x", "q=", "", "q=" + strings.Repeat("w", 2000), "q=env&limit=2"} {
			x.get(who, "/suggestions?"+q)
		}
		x.get(who, "/counts")
	}
	x.get("sol", "/ledger/feed?limit=50")
}

// trace: a text found outside, a draft before it is told, and tearlines.
func trace(x *play) {
	x.people()
	x.add("MERIDIAN", "aud", "auditor")
	x.send("mara", "POST", "/reports", report(`"ref":"MER-7/26","recipients":["VALDOR"],`,
		"("+narrow+") The Harbourtown file", "("+wide+") "+general, "("+narrow+") "+courier, "("+narrow+") "+method),
		"report=report", "title=portions.0.id", "general=portions.1.id", "courier=portions.2.id", "method=portions.3.id")
	const said = `I want to tell you something.\n` + courier + `\nThat is all.`
	for _, who := range []string{"ana", "sol", "mara", "theo", "root", "ora"} {
		x.post(who, "/check", `{"text":"`+said+`","audience":"TARSIS"}`)
		x.post(who, "/scan", `{"text":"`+said+`"}`)
	}
	x.post("ana", "/check", `{"text":"`+said+`","audience":"VALDOR"}`)
	x.post("ana", "/check", `{"text":"`+said+`","audience":"$tarsis"}`)
	x.post("ana", "/check", `{"text":"`+general+`","audience":"TARSIS"}`)
	for _, body := range []string{`{"text":"x"}`, `{"text":"","audience":"TARSIS"}`, `{"text":"x","audience":"ATLANTIS"}`, `{"text":"x","audience":"$absent"}`} {
		x.post("ana", "/check", body)
	}
	x.post("ana", "/scan", `{"text":""}`)
	x.post("ana", "/scan", `{"text":"The COURIER   meets, the envoy - behind the fish market of harbourtown"}`)
	x.post("ana", "/scan", `{"text":"Nothing of the kind was ever said by anybody."}`)
	x.get("mara", "/notices")

	// Tearlines.
	for _, body := range []string{
		`{"title":{"marking":"U","text":"T"}}`, `{"title":{"marking":"U","text":"T"},"against":[]}`, `{"title":{"marking":"U","text":"T"},"against":["x"]}`, `{"title":{"marking":"U","text":"T"},"against":["$absent"]}`,
		`{"title":{"text":"T"},"against":["$courier"]}`, `{"title":{"marking":"NONSENSE","text":"T"},"against":["$courier"]}`, `{"against":["$courier"]}`,
		`{"title":{"marking":"U","text":"T"},"against":["$courier"],"recipients":["ATLANTIS"]}`, `{"title":{"marking":"U","text":"T","against":["x"]},"against":["$courier"]}`,
		`{"title":{"marking":"U","text":"T"},"portions":[{"marking":"TS","text":"More than it"}],"against":["$courier"]}`,
		`{"kind":"tearline","title":{"marking":"U","text":"T"},"against":["$courier"]}`, `{"title":{"marking":"U","text":"T"},"against":["$courier","$courier"]}`,
	} {
		x.post("mara", "/tearlines", body)
	}
	x.post("mara", "/tearlines", `{"ref":"TEAR-1","recipients":["TARSIS"],"title":{"marking":"U","text":"Advice to shippers"},"portions":[{"marking":"C//REL TO USA, FRA, GBR","text":"Somebody meets the envoy behind the fish market of Harbourtown, we hear."},{"marking":"U","text":"Take care.","against":["$general","$courier"]}],"against":["$courier"]}`, "tear=report", "tearText=portions.1.id")
	for _, who := range []string{"ana", "theo"} {
		x.post(who, "/tearlines", `{"recipients":["TARSIS"],"title":{"marking":"U","text":"T"},"against":["$courier"]}`)
	}
	for _, who := range []string{"mara", "ana", "theo", "root"} {
		x.get(who, "/reports/$tear")
		x.get(who, "/reports/$report/tearlines")
		x.get(who, "/reports/TEAR-1/tearlines")
	}
	for _, body := range []string{
		`{"report":"TEAR-1"}`, `{"report":"MER-7/26"}`, `{"report":"NOPE"}`, `{"report":"TEAR-1","against":["$courier"]}`, `{}`, `{"paragraphs":[]}`, `{"paragraphs":[{"text":"x"}]}`,
		`{"paragraphs":[{"text":"x"}],"against":["$absent"]}`, `{"paragraphs":[{"text":""}],"against":["$courier"]}`, `{"paragraphs":[{"marking":"NONSENSE","text":"x"}],"against":["$courier"]}`,
		`{"paragraphs":[{"marking":"U","text":"On Tuesday at nine in the evening somebody meets the envoy."},{"text":"Harbourtown has a fish market."}],"against":["$courier","$method"]}`,
	} {
		x.post("mara", "/tearlines/check", body)
	}
	x.post("ana", "/tearlines/check", `{"report":"TEAR-1"}`)
	x.post("theo", "/tearlines/check", `{"report":"TEAR-1"}`)
	x.post("ana", "/tearlines/check", `{"paragraphs":[{"text":"On Tuesday at nine in the evening somebody meets the envoy."}],"against":["$courier"]}`)
	x.post("theo", "/tearlines/check", `{"paragraphs":[{"text":"On Tuesday at nine in the evening somebody meets the envoy."}],"against":["$courier"]}`)
	x.get("aud", "/ledger/feed?limit=100")
}

// whatWaits is about reports in which words of others were found.
func whatWaits(x *play) {
	x.people()
	x.add("MERIDIAN", "aud", "auditor")
	x.post("mara", "/reports", report(`"ref":"MER-7/26",`, "("+narrow+") The Harbourtown file", "("+narrow+") "+courier), "report=report", "courier=portions.1.id")
	x.post("theo", "/reports", `{"kind":"memo","recipients":["VALDOR"],"title":{"marking":"U","text":"Heard"},"portions":[{"marking":"U","text":"`+courier+`"},{"marking":"U","text":"Again: `+courier+`"}]}`, "memo=report", "words=portions.1.id")
	for _, who := range []string{"theo", "ana", "mara", "aud"} {
		x.get(who, "/reports/$memo")
		x.get(who, "/waiting")
	}
	x.get("mara", "/notices")
	for _, body := range []string{`{}`, `{"verdict":"keep"}`, `{"verdict":"dismiss"}`, `{"verdict":"declare"}`, `{"verdict":"object","matches":["$absent"]}`} {
		x.post("mara", "/waiting/$memo/decision", body)
	}
	x.post("theo", "/waiting/$memo/decision", `{"verdict":"dismiss","reason":"mine"}`)
	x.post("ana", "/waiting/$memo/decision", `{"verdict":"dismiss","reason":"not mine"}`)
	x.post("mara", "/waiting/$absent/decision", `{"verdict":"dismiss","reason":"what"}`)
	x.post("mara", "/waiting/$memo/decision", `{"verdict":"narrow"}`)
	x.post("mara", "/waiting/$memo/decision", `{"verdict":"dismiss","reason":"too late"}`)
	for _, who := range []string{"theo", "ana", "mara"} {
		x.get(who, "/reports/$memo")
	}
	x.get("mara", "/waiting")
	x.get("aud", "/ledger/feed")
}
