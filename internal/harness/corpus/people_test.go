package corpus

import "strings"

// people: organisations, people and their tokens.
func people(x *play) {
	x.people()
	x.send("nobody", "GET", "//api/openapi.json", "")

	// Organisations.
	x.get("root", "/organisations")
	x.get("root", "/organisations?limit=2", "next=next")
	x.get("root", "/organisations?limit=2&cursor=$next")
	x.get("ana", "/organisations?limit=2&cursor=$next") // of somebody else
	x.get("root", "/organisations/meridian/people?cursor=$next")
	x.get("root", "/organisations/ATLANTIS")
	x.get("root", "/organisations/$absent")
	x.get("ana", "/organisations/Valdor")
	for _, body := range []string{
		`{"name":"valdor"}`, `{"name":""}`, `{}`, `{"name":"A/B"}`, `{"name":" x"}`, `{"name":"<script>\u0000alert(1)</script>"}`,
		`{"name":"` + strings.Repeat("n", 1025) + `"}`, `{"name":"NEW","country":"ZZZ"}`, `{"name":"NEW","country":"gb"}`,
		`{"name":"NEW","clientOf":["ATLANTIS"]}`, `{"name":"NEW","clientOf":["$absent"]}`, `{"name":"NEW","communities":[""]}`,
		`{"name":"$meridian"}`,
	} {
		x.post("root", "/organisations", body)
	}
	x.post("root", "/organisations", `{"name":"CLIENT","title":"A client","clientOf":["MERIDIAN","VALDOR"],"communities":["FVEY","FIN-ISAC"]}`, "client=id")
	x.get("ana", "/organisations/client", "tag=ETag")
	x.put("ana", "/organisations/client", `{"name":"CLIENT","title":"Ours"}`)
	x.get("root", "/organisations/client", "roots=ETag")
	x.put("root", "/organisations/client", `{"name":"CLIENT","title":"Changed"}`, "If-Match: $tag")
	x.put("root", "/organisations/client", `{"name":"CLIENT","title":"Changed"}`, `If-Match: "x"`)
	x.put("root", "/organisations/client", `{"name":"CLIENT","title":"Changed"}`, "If-Match: $roots")
	x.put("root", "/organisations/client", `{"name":"CLIENT","title":"Changed again"}`, "If-Match: $roots")
	x.put("root", "/organisations/client", `{"name":"CLIENT","title":"Changed again"}`, "If-Match: *")
	x.put("root", "/organisations/client", `{"name":"MERIDIAN"}`)
	x.put("root", "/organisations/client", `{"name":"RENAMED","clientOf":["CLIENT"]}`)
	x.put("root", "/organisations/ATLANTIS", `{"name":"X"}`)

	// People.
	x.get("root", "/me")
	x.get("ana", "/me", "tag=ETag")
	x.get("ana", "/me", "If-None-Match: $tag")
	x.get("ana", "/organisations/VALDOR/people")
	x.get("ana", "/organisations/MERIDIAN/people")
	x.get("root", "/organisations/MERIDIAN/people")
	x.get("ana", "/people/sol")
	x.get("ana", "/people/VALDOR%2Fsol")
	x.get("ana", "/people/MERIDIAN%2Fmara")
	x.get("ana", "/people/$mara")
	x.get("ana", "/people/nobody")
	x.get("root", "/people/MERIDIAN%2Fmara", "tag=ETag")
	for _, body := range []string{
		`{"organisation":"VALDOR","name":"ana"}`, `{"organisation":"VALDOR","name":""}`, `{"organisation":"","name":"x"}`, `{"organisation":"ATLANTIS","name":"x"}`,
		`{"organisation":"$absent","name":"x"}`, `{"organisation":"HUB","name":"x","clearances":{"us":"COSMIC"}}`, `{"organisation":"HUB","name":"x","clearances":{"mars":"S"}}`,
		`{"organisation":"HUB","name":"x","roles":["king"]}`, `{"organisation":"HUB","name":"x","readIns":["?"]}`, `{"organisation":"HUB","name":"x","readIns":[{}]}`,
		`{"organisation":"HUB","name":"a/b"}`, `{"organisation":"HUB","name":"x","nationality":"Mars"}`, `{"organisation":"HUB","name":"` + strings.Repeat("n", 1025) + `"}`,
		`{"organisation":"HUB","name":"x","suspended":"yes"}`,
	} {
		x.post("root", "/people", body)
	}
	x.post("root", "/people", `{"organisation":"VALDOR","name":"zoe","nationality":"GBR","clearances":{"us":"TS"},"roles":["auditor","reader"]}`, "zoe=id")
	x.post("ana", "/people", `{"organisation":"VALDOR","name":"yan"}`)
	x.put("root", "/people/VALDOR%2Fzoe", `{"organisation":"VALDOR","name":"zoe"}`, "If-Match: $tag")
	x.get("root", "/people/VALDOR%2Fzoe", "zoes=ETag")
	x.put("root", "/people/VALDOR%2Fzoe", `{"organisation":"VALDOR","name":"zoe","clearances":{"us":"C"},"roles":["reader"]}`, "If-Match: $zoes")
	x.put("root", "/people/VALDOR%2Fzoe", `{"organisation":"VALDOR","name":"zoe","clearances":{"us":"S"}}`, "If-Match: $zoes")
	x.put("root", "/people/$zoe", `{"organisation":"MERIDIAN","name":"zoe"}`)
	x.put("root", "/people/$zoe", `{"organisation":"VALDOR","name":"ana"}`)
	x.put("root", "/people/$zoe", `{"organisation":"VALDOR","name":"zora","suspended":true}`)
	x.put("root", "/people/$absent", `{"organisation":"VALDOR","name":"zora"}`)
	x.put("root", "/people/root", `{"organisation":"HUB","name":"root"}`) // the last administrator

	// Tokens.
	x.post("ana", "/people/ana/tokens", `{"label":"reads","scopes":["read"],"expires":"2031-03-04T09:00:00Z"}`, "reads=token", "readsID=id")
	x.bearer("ana reads", x.vars["reads"])
	for _, body := range []string{
		`{"scopes":["everything"]}`, `{"scopes":[]}`, `{"scopes":["read","read"]}`, `{"expires":"2031-03-03T08:00:00Z"}`, `{"expires":"noon"}`,
		`{"expires":"2051-03-03T08:00:00Z"}`, `{"label":"` + strings.Repeat("l", 1025) + `"}`,
	} {
		x.post("ana", "/people/ana/tokens", body)
	}
	x.post("ana", "/people/sol/tokens", `{}`)
	x.post("ana", "/people/MERIDIAN%2Fmara/tokens", `{}`)
	x.post("ana reads", "/people/ana/tokens", `{"scopes":["read"]}`)
	x.post("ana reads", "/people/ana/tokens", `{"scopes":["write"]}`)
	x.post("ana reads", "/people/ana/tokens", `{}`)
	x.get("ana reads", "/people/ana/tokens")
	x.get("ana", "/people/ana/tokens?limit=2", "next=next")
	x.get("ana", "/people/ana/tokens?limit=2&cursor=$next")
	x.get("root", "/people/VALDOR%2Fana/tokens?limit=2&cursor=$next")
	x.get("ana", "/people/sol/tokens")
	x.get("ana reads", "/reports")
	x.post("ana reads", "/reports", `{}`)
	x.get("ana reads", "/groups")
	x.get("ana reads", "/organisations/VALDOR/people")
	x.delete("ana reads", "/people/ana/tokens/$readsID")
	x.get("ana reads", "/me")
	x.delete("ana", "/people/ana/tokens/$readsID")
	x.delete("ana", "/people/ana/tokens/$absent")
	x.delete("sol", "/people/ana/tokens/$readsID")
	x.get("ana", "/people/ana/tokens")
	x.post("ana", "/people/ana/tokens", `{"label":"short","scopes":["read"],"expires":"2031-03-03T10:00:00Z"}`, "short=token")
	x.bearer("ana shortly", x.vars["short"])
	x.get("ana shortly", "/counts")
	x.advance(2 * hour)
	x.get("ana shortly", "/counts")
}

// signIn: passwords, enrolments, sessions and credentials.
func signIn(x *play) {
	x.people()
	x.post("root", "/people/VALDOR%2Fana/enrolments", `{}`, "first=secret")
	x.post("root", "/people/VALDOR%2Fana/enrolments", `{}`, "second=secret")
	x.post("ana", "/people/ana/enrolments", `{}`)
	x.post("root", "/people/nobody/enrolments", `{}`)
	x.post("root", "/people/VALDOR%2Fana/enrolments", `{}`, "Idempotency-Key: one", "newest=secret")
	x.post("root", "/people/VALDOR%2Fana/enrolments", `{}`, "Idempotency-Key: one")
	x.get("root", "/people/VALDOR%2Fana/credentials")
	x.post("nobody", "/enrolments", `{"secret":"$first","password":"short"}`)
	x.post("nobody", "/enrolments", `{"secret":"x","password":"`+password+`"}`)
	x.post("nobody", "/enrolments", `{"secret":"$first"}`)
	x.post("nobody", "/enrolments", `{"secret":"$first","password":"`+password+`","name":"x"}`)
	x.post("nobody", "/enrolments", `{"secret":"$newest","password":"`+strings.Repeat("p", 2000)+`"}`)
	x.post("nobody", "/enrolments", `{"secret":"$newest","password":"`+password+`"}`, "ana=secret", "anaSession=id")
	x.post("nobody", "/enrolments", `{"secret":"$newest","password":"`+password+`"}`)
	x.post("nobody", "/enrolments", `{"secret":"$first","password":"`+password+`"}`)
	x.bearer("ana in a session", x.vars["ana"])
	x.get("ana in a session", "/me")
	x.get("ana in a session", "/people/ana/sessions")
	for _, body := range []string{
		`{"name":"VALDOR/ana","password":"another one altogether"}`, `{"name":"VALDOR/nobody","password":"` + password + `"}`, `{"name":"ana","password":"` + password + `"}`,
		`{"name":"ATLANTIS/ana","password":"` + password + `"}`, `{"name":"","password":""}`, `{"name":"MERIDIAN/mara","password":"` + password + `"}`,
	} {
		x.post("nobody", "/sessions", body)
	}
	x.post("nobody", "/sessions", `{"name":"valdor/ana","password":"`+password+`"}`)
	x.post("nobody", "/sessions", `{"name":"VALDOR/ana","password":"`+password+`"}`, "other=secret", "otherSession=id")
	x.bearer("ana elsewhere", x.vars["other"])
	x.get("ana in a session", "/people/ana/sessions?limit=1", "next=next")
	x.get("ana in a session", "/people/ana/sessions?limit=1&cursor=$next")
	x.get("root", "/people/VALDOR%2Fana/sessions?cursor=$next")
	x.get("ana in a session", "/people/sol/sessions")
	x.get("ana", "/people/ana/sessions")
	x.put("ana in a session", "/password", `{"old":"not the old one","new":"another horse and battery"}`)
	x.put("ana in a session", "/password", `{"old":"`+password+`","new":"short"}`)
	x.put("ana in a session", "/password", `{"old":"`+password+`","new":"`+password+`"}`)
	x.put("ana in a session", "/password", `{"old":"`+password+`"}`)
	x.put("sol", "/password", `{"old":"`+password+`","new":"another horse and battery"}`)
	x.put("ana in a session", "/password", `{"old":"`+password+`","new":"another horse and battery"}`)
	x.get("ana elsewhere", "/me")
	x.get("ana in a session", "/me")
	x.post("nobody", "/sessions", `{"name":"VALDOR/ana","password":"`+password+`"}`)
	x.post("nobody", "/sessions", `{"name":"VALDOR/ana","password":"another horse and battery"}`, "third=secret", "thirdSession=id")
	x.bearer("ana again", x.vars["third"])
	x.post("ana again", "/people/ana/tokens", `{"label":"made in a session","scopes":["read","write"]}`)
	x.get("ana again", "/people/ana/tokens")
	x.delete("ana again", "/people/ana/sessions/$anaSession")
	x.delete("ana again", "/people/ana/sessions/$absent")
	x.delete("sol", "/people/ana/sessions/$thirdSession")
	x.delete("ana", "/session")
	x.delete("ana again", "/session")
	x.get("ana again", "/me")
	x.delete("ana again", "/session")

	x.post("root", "/people/VALDOR%2Fana/certificates", `{"mapping":"dn:CN=ana,O=Valdor"}`, "cert=id")
	for _, body := range []string{`{"mapping":"dn:CN=ana,O=Valdor"}`, `{"mapping":""}`, `{"mapping":"nonsense"}`, `{"mapping":"email:ana@example.org"}`, `{"mapping":"san:ana@example.org"}`} {
		x.post("root", "/people/VALDOR%2Fana/certificates", body)
	}
	x.post("root", "/people/VALDOR%2Fsol/certificates", `{"mapping":"dn:CN=ana,O=Valdor"}`)
	x.get("root", "/people/VALDOR%2Fana/credentials")
	x.get("ana", "/people/ana/credentials")
	x.get("sol", "/people/ana/credentials")
	x.delete("root", "/people/VALDOR%2Fsol/credentials/$cert")
	x.delete("root", "/people/VALDOR%2Fana/credentials/$absent")
	x.delete("root", "/people/VALDOR%2Fana/credentials/$cert")
	x.delete("root", "/people/VALDOR%2Fana/credentials/$cert")

	// A session ends by itself, and when its person is suspended.
	x.post("nobody", "/sessions", `{"name":"VALDOR/ana","password":"another horse and battery"}`, "last=secret")
	x.bearer("ana at last", x.vars["last"])
	x.advance(8 * hour)
	x.get("ana at last", "/me")
	x.advance(40 * 24 * hour)
	x.get("ana at last", "/me")
	x.get("root", "/people/VALDOR%2Fana/sessions")
	x.put("root", "/people/VALDOR%2Fana", `{"organisation":"VALDOR","name":"ana","suspended":true,"clearances":{"us":"S"},"roles":["reader"]}`)
	x.post("nobody", "/sessions", `{"name":"VALDOR/ana","password":"another horse and battery"}`)
	x.get("ana", "/me")
	x.quiet("root", "PUT", "/people/VALDOR%2Fsol", `{"organisation":"VALDOR","name":"sol","clearances":{"us":"S"},"roles":["reader","auditor"]}`, "id")
	x.get("sol", "/ledger/feed?limit=200")

	// So many wrong passwords that no more are listened to.
	for range 12 {
		x.post("nobody", "/sessions", `{"name":"MERIDIAN/mara","password":"another one altogether"}`)
	}
}
