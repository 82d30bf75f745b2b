package webui_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cordon"
	"cordon/wire"
)

// TestTheFormsBesides: what the story does not come by, each form sent once, and
// what it should come to.
func TestTheFormsBesides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	officer, analyst := w.as(t, "officer"), w.as(t, "analyst")
	has := func(page, text string) {
		t.Helper()
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q: %s", text, clip(page))
		}
	}
	// sure sends a form, which is shown before it happens, and then for good.
	sure := func(p *plain, action, button string, values url.Values) string {
		t.Helper()
		has(p.send(action, button, values), `name="sure"`)
		return p.send(action, "", nil)
	}
	published, err := w.api.Publish(ctx, wire.Draft{Kind: cordon.ReportOriginal, Ref: "R-1", Title: wire.PortionDraft{Marking: "U", Text: "Harbour news"}, Portions: []wire.PortionDraft{{Marking: "U", Text: "The ferry sails at noon."}}})
	if err != nil {
		t.Fatal(err)
	}
	report, passage := "/reports/"+string(published.Report), string(published.Portions[1].ID)

	// A report: another wording, a marking of the whole, an export, narrowed, facts.
	officer.open(report + "/portions/" + passage + "/revise")
	has(sure(officer, report+"/portions/"+passage+"/revise", "", url.Values{"text": {"The ferry sails at one."}}), "The ferry sails at one.")
	passage = first(regexp.MustCompile(`class="portion paragraph[^"]*" id="p-([^"]+)"`), officer.page)
	officer.open(report)
	has(sure(officer, report+"/compilation", "", url.Values{"compilation": {"C"}}), "CONFIDENTIAL")
	has(sure(officer, report+"/compilation", "", url.Values{"compilation": {""}}), "UNCLASSIFIED")
	has(officer.send(report+"/export", "", url.Values{"format": {"text"}}), "The ferry sails at one.")
	officer.open(report)
	has(sure(officer, report+"/narrow", "", url.Values{"people": {"Iris Vane"}}), "Narrowed")
	if status, _, _ := analyst.do("GET", report, nil); status != 404 {
		t.Errorf("narrowed, the analyst gets %d", status)
	}
	officer.open("/portions/" + passage)
	has(officer.send("/portions/"+passage+"/facts", "", url.Values{"facts": {"city=Tarn\nage=20..30"}}), "Saved")

	// Search finds, narrows by a facet, suggests where nothing is found.
	officer.open("/search")
	has(officer.send("/search", "", url.Values{"text": {"ferry"}}), "<mark>ferry</mark>")
	officer.send("/search", string(w.ids["HARBOUR"]), nil)
	has(officer.page, "<mark>ferry</mark>")
	has(officer.send("/search", "", url.Values{"text": {"ferri"}}), "Did you mean")

	// A file is dropped; a wrong one says where.
	officer.open("/import")
	status, page := officer.upload("/import", "news.md", "# (U) News\n\n(U) The pilot is well.\n")
	if status != 200 || !strings.Contains(page, "imported") {
		t.Errorf("import: %d: %s", status, problemOf(page))
	}
	officer.open("/import")
	if status, page = officer.upload("/import", "wrong.md", "# (U) News\n\n(S//NOFRON) The pilot is well.\n"); status != 400 || !strings.Contains(page, "Line 3") {
		t.Errorf("import of a wrong file: %d: %s", status, problemOf(page))
	}

	// People, organisations, groups, channels, one's own account.
	officer.open("/people")
	has(officer.send("/people", "", url.Values{"name": {"Ana Hill"}, "clearance-us": {"S"}, "read-ins": {"us:SI@2026-01-01..2027-01-01"}, "role": {"+reader"}}), "Ana Hill")
	person := officer.at()
	has(officer.send(person+"/signin", "enrol", nil), "It is shown once")
	has(officer.send(person+"/signin", "certificate", url.Values{"mapping": {"email:ana@harbour.example"}}), "certificate")
	officer.open("/installation")
	has(officer.send("/installation", "", url.Values{"name": {"CEDAR"}, "country": {"xce"}}), "CEDAR")
	organisation := "/organisations/" + first(regexp.MustCompile(`href="/organisations/([^"]+)">CEDAR`), officer.page)
	officer.open(organisation)
	has(officer.send(organisation, "", url.Values{"title": {"Cedar Service"}}), "Cedar Service")
	officer.open("/groups")
	has(officer.send("/groups", "", url.Values{"name": {"desk"}, "person": {"+" + string(w.ids["Noor Falk"])}}), "desk")
	has(sure(officer, "/groups/change", "", url.Values{"name": {"the desk"}}), "Saved")
	officer.open("/channels")
	has(officer.send("/channels", "", url.Values{"url": {"https://hooks.example/cordon"}, "clearance": {"U"}}), "It is shown once")
	has(officer.send("/channels/change", "secret", nil), "It is shown once")
	has(officer.send("/channels/change", "change", url.Values{"quiet": {"+yes"}}), "Saved")
	has(sure(officer, "/channels/change", "remove", nil), "Removed")
	officer.open("/account")
	has(officer.send("/account/tokens", "", url.Values{"label": {"feed"}, "scope": {"+read"}}), "cordon_")
	has(officer.send("/account/token", "", nil), "revoked")
	if status, page := officer.try("/account/password", "", url.Values{"old": {"wrong"}, "new": {password}}); status != 403 {
		t.Errorf("a wrong password: %d: %s", status, problemOf(page))
	}
	officer.open("/")
	officer.do("POST", "/notices/read", url.Values{"notice": {}})

	// An arrangement: proposed, agreed by the other, amended, declined, suspended.
	officer.open("/arrangements/new")
	sure(officer, "/arrangements/new", "", url.Values{"name": {"QUAY"}, "marking": {"U"}, "party": {"+" + string(w.ids["MERIDIAN"])}, "two": {"+yes"}, "emergency-people": {"Iris Vane"}, "emergency-hours": {"2"}, "equivalences": {"S//NF = TLP:RED"}, "longest": {"30"}})
	quay := officer.at()
	owner := w.as(t, "owner")
	owner.open(quay)
	has(owner.page, "two people together")
	has(sure(owner, quay, "agree", nil), "in force")
	officer.open(quay + "/amend")
	has(sure(officer, quay+"/amend", "", url.Values{"onward": {"never"}}), "proposes other terms")
	owner.open(quay)
	has(owner.page, "<ins>never</ins>")
	has(sure(owner, quay, "decline", nil), "Declined")
	officer.open(quay)
	has(sure(officer, quay, "suspend", nil), "suspended")
	has(sure(officer, quay, "resume", nil), "in force")
	has(sure(officer, quay+"/narrow", "", url.Values{"people": {"Iris Vane"}}), "Narrowed")

	// A release that two decide on, in an emergency, and revoked.
	owner.open("/write")
	owner.send("/write", "look", url.Values{"title": {"Tides"}, "title-mark": {"U//FOUO"}, "mark-1": {"U//FOUO"}, "text-1": {"The tide is high."}, "arrangement": {quay[strings.LastIndex(quay, "/")+1:]}})
	owner.send("/write", "publish", nil)
	tides := owner.at()
	id := tides[strings.LastIndex(tides, "/")+1:]
	officer.open("/emergencies/new?report=" + id)
	all := regexp.MustCompile(`name="portion" value="([^"]+)"`).FindAllStringSubmatch(officer.page, -1)
	has(sure(officer, "/emergencies/new", "", url.Values{"audience": {string(w.ids["LANTERN"])}, "reason": {"A ferry is sinking."}, "portion": {"+" + all[1][1]}}), "Released to LANTERN")
	has(w.as(t, "ally").open(tides), "The tide is high.")
	owner.open("/emergencies")
	has(sure(owner, "/emergencies/review", "overrule", url.Values{"note": {"No."}}), "recorded")
	if status, _, _ := w.as(t, "ally").do("GET", tides, nil); status != 404 {
		t.Errorf("overruled, the ally gets %d", status)
	}
	officer.open("/requests/new?report=" + id)
	officer.send("/requests/new", "look", url.Values{"audience": {string(w.ids["LANTERN"])}, "purpose": {"to warn"}})
	officer.send("/requests/new", "ask", nil)
	request := officer.at()
	has(sure(officer, request+"/withdraw", "", nil), "withdrawn")

	// Who had a portion that was granted: the grants stand there.
	has(owner.open("/portions/"+all[1][1]), "Whom you let have it")
	has(owner.page, "LANTERN")

	officer.open(quay)
	// Before what cannot be taken back the focus is on what it says, and not on the
	// button that does it.
	for _, m := range regexp.MustCompile(`<(\w+)[^>]* autofocus[^>]*>`).FindAllStringSubmatch(officer.send(quay, "suspend", nil), -1) {
		if m[1] != "h1" {
			t.Errorf("the focus is on %s", m[0])
		}
	}

	// A grant opens nothing whose marking leaves the audience out, and the pages say
	// so to the one who asks and to the one who answers.
	owner.open("/write")
	rel := []string{"C//REL TO USA, XMD"}
	owner.send("/write", "look", url.Values{"title": {"Depths"}, "title-mark": rel, "mark-1": rel, "text-1": {"It is nine fathoms deep."}, "arrangement": {quay[strings.LastIndex(quay, "/")+1:]}})
	owner.send("/write", "publish", nil)
	officer.open("/requests/new?report=" + last(owner.at()))
	officer.send("/requests/new", "look", url.Values{"audience": {string(w.ids["LANTERN"])}, "purpose": {"to warn"}})
	has(officer.send("/requests/new", "ask", nil), "leaves the audience out: 2")
	part := "/answers/" + first(regexp.MustCompile(`href="/answers/([^"]+)"`), owner.open("/"))
	has(owner.open(part), "a tearline: its marking leaves the audience out")
	granted := make(url.Values)
	for _, m := range regexp.MustCompile(`name="(say-[^"]+)"`).FindAllStringSubmatch(owner.page, -1) {
		granted.Set(m[1], "grant")
	}
	has(owner.send(part, "", granted), "LANTERN may have 0 of the 2 portions")
	has(owner.page, "leaves the audience out: 2")

	// That something was done is said once, and by no link.
	has(sure(officer, officer.at()+"/withdraw", "", nil), "Its owners have been told")
	if page := officer.open(officer.at()); strings.Contains(page, "Its owners have been told") {
		t.Error("it is said twice")
	}
	if page := officer.open("/grants?done=revoked"); strings.Contains(page, `role="status"`) {
		t.Error("a link says that something was done")
	}

	// An incident's record, one by one; the ledger's proofs.
	officer.open("/incidents")
	officer.send("/incidents", "", url.Values{"title": {"Case"}})
	claims := officer.at() + "/claims"
	officer.open(claims)
	has(officer.send(claims, "proposition", url.Values{"proposition": {"It sank"}, "id": {"P1"}}), "It sank")
	has(officer.send(claims, "source", url.Values{"who": {"a captain"}, "id": {"S1"}, "room": {"yes"}}), "S1")
	has(officer.send(claims, "statement", url.Values{"source": {"S1"}, "published": {"2026-01-02T10:00"}, "stance-P1": {"denies"}}), "denies")
	has(officer.open(claims+"?at=2026-01-01T00:00"), "It sank")
	officer.open("/ledger")
	has(officer.send("/ledger/bundle", "", nil), `"checkpoint"`)
}

// upload sends a file with a form.
func (p *plain) upload(action, name, text string) (int, string) {
	p.t.Helper()
	form, ok := formOf(p.page, action, "")
	if !ok {
		p.t.Fatalf("no form %s", action)
	}
	var b strings.Builder
	const boundary = "between"
	for field, values := range form {
		for _, v := range values {
			b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field + "\"\r\n\r\n" + v + "\r\n")
		}
	}
	b.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + text + "\r\n--" + boundary + "--\r\n")
	status, at, page := p.body(action, "multipart/form-data; boundary="+boundary, b.String())
	p.page, p.path = page, at
	return status, page
}
