package webui_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/pages"
	"cordon/wire"
)

// TestTheFormsBesides: what the story does not come by, each form sent once, and
// what it should come to.
func TestTheFormsBesides(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	ctx := t.Context()
	officer, analyst := w.As(t, "officer"), w.As(t, "analyst")
	has := func(page, text string) {
		t.Helper()
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q: %s", text, pages.Clip(page))
		}
	}
	// sure sends a form, which is shown before it happens, and then for good.
	sure := func(p *pages.Plain, action, button string, values url.Values) string {
		t.Helper()
		has(p.Send(action, button, values), `name="sure"`)
		return p.Send(action, "", nil)
	}
	published, err := w.API.Publish(ctx, wire.Draft{Kind: cordon.ReportOriginal, Ref: "R-1", Title: wire.PortionDraft{Marking: "U", Text: "Harbour news"}, Portions: []wire.PortionDraft{{Marking: "U", Text: "The ferry sails at noon."}}})
	if err != nil {
		t.Fatal(err)
	}
	report, passage := "/reports/"+string(published.Report), string(published.Portions[1].ID)

	// A report: another wording, a marking of the whole, an export, narrowed, facts.
	officer.Open(report + "/portions/" + passage + "/revise")
	asks := officer.Send(report+"/portions/"+passage+"/revise", "", url.Values{"text": {"The ferry sails at one."}})
	has(asks, "<del>noon.</del>")
	has(asks, "<ins>one.</ins>")
	has(officer.Send(report+"/portions/"+passage+"/revise", "", nil), "The ferry sails at one.")
	officer.Open(pages.First(regexp.MustCompile(`href="([^"]+/wordings)"`), officer.Page))
	has(officer.Page, "The ferry sails at <del>noon.</del>")
	has(officer.Page, "The ferry sails at <ins>one.</ins>")
	officer.Open(report)
	passage = pages.First(regexp.MustCompile(`class="portion paragraph[^"]*" id="p-([^"]+)"`), officer.Page)
	officer.Open(report)
	has(sure(officer, report+"/compilation", "", url.Values{"compilation": {"C"}}), "CONFIDENTIAL")
	has(sure(officer, report+"/compilation", "", url.Values{"compilation": {""}}), "UNCLASSIFIED")
	has(officer.Send(report+"/export", "", url.Values{"format": {"text"}}), "The ferry sails at one.")
	officer.Open(report)
	has(sure(officer, report+"/narrow", "", url.Values{"people": {"Iris Vane"}}), "Narrowed")
	if status, _, _ := analyst.Do("GET", report, nil); status != 404 {
		t.Errorf("narrowed, the analyst gets %d", status)
	}
	officer.Open("/portions/" + passage)
	has(officer.Page, "Harbour news")
	has(officer.Send("/portions/"+passage+"/facts", "", url.Values{"facts": {"city=Tarn\nage=20..30"}}), "Saved")

	// Search finds, narrows by a facet, suggests where nothing is found.
	officer.Open("/search")
	has(officer.Send("/search", "", url.Values{"text": {"ferry"}}), "<mark>ferry</mark>")
	officer.Send("/search", string(w.IDs["HARBOUR"]), nil)
	has(officer.Page, "<mark>ferry</mark>")
	has(officer.Send("/search", "", url.Values{"text": {"ferri"}}), "Did you mean")

	// A file is dropped; a wrong one says where.
	officer.Open("/import")
	status, page := officer.Upload("/import", "news.md", "# (U) News\n\n(U) The pilot is well.\n")
	if status != 200 || !strings.Contains(page, "imported") {
		t.Errorf("import: %d: %s", status, pages.ProblemOf(page))
	}
	officer.Open("/import")
	if status, page = officer.Upload("/import", "wrong.md", "# (U) News\n\n(S//NOFRON) The pilot is well.\n"); status != 400 || !strings.Contains(page, "Line 3") {
		t.Errorf("import of a wrong file: %d: %s", status, pages.ProblemOf(page))
	}

	// People, organisations, groups, channels, one's own account.
	officer.Open("/people")
	has(officer.Send("/people", "", url.Values{"name": {"Ana Hill"}, "clearance-us": {"S"}, "read-ins": {"us:SI@2026-01-01..2027-01-01"}, "role": {"+reader"}}), "Ana Hill")
	person := officer.At()
	has(officer.Send(person+"/signin", "enrol", nil), "It is shown once")
	has(officer.Send(person+"/signin", "certificate", url.Values{"mapping": {"email:ana@harbour.example"}}), "certificate")
	officer.Open("/installation")
	has(officer.Send("/installation", "", url.Values{"name": {"CEDAR"}, "country": {"xce"}}), "CEDAR")
	organisation := "/organisations/" + pages.First(regexp.MustCompile(`href="/organisations/([^"]+)">CEDAR`), officer.Page)
	officer.Open(organisation)
	has(officer.Send(organisation, "", url.Values{"title": {"Cedar Service"}}), "Cedar Service")
	officer.Open("/groups")
	has(officer.Send("/groups", "", url.Values{"name": {"desk"}, "person": {"+" + string(w.IDs["Noor Falk"])}}), "desk")
	has(sure(officer, "/groups/change", "", url.Values{"name": {"the desk"}}), "Saved")
	officer.Open("/channels")
	has(officer.Send("/channels", "", url.Values{"url": {"https://hooks.example/cordon"}, "clearance": {"U"}}), "It is shown once")
	has(officer.Send("/channels/change", "secret", nil), "It is shown once")
	has(officer.Send("/channels/change", "change", url.Values{"quiet": {"+yes"}}), "Saved")
	has(sure(officer, "/channels/change", "remove", nil), "Removed")
	officer.Open("/account")
	has(officer.Send("/account/tokens", "", url.Values{"label": {"feed"}, "scope": {"+read"}}), "cordon_")
	has(officer.Send("/account/token", "", nil), "revoked")
	if status, page := officer.Try("/account/password", "", url.Values{"old": {"wrong"}, "new": {pages.Password}}); status != 403 {
		t.Errorf("a wrong password: %d: %s", status, pages.ProblemOf(page))
	}
	officer.Open("/")
	officer.Do("POST", "/notices/read", url.Values{"notice": {}})

	// An arrangement: proposed, agreed by the other, amended, declined, suspended.
	officer.Open("/arrangements/new")
	sure(officer, "/arrangements/new", "", url.Values{"name": {"QUAY"}, "marking": {"U"}, "party": {"+" + string(w.IDs["MERIDIAN"])}, "two": {"+yes"}, "emergency-people": {"Iris Vane"}, "emergency-hours": {"2"}, "equivalences": {"S//NF = TLP:RED"}, "longest": {"30"}})
	quay := officer.At()
	owner := w.As(t, "owner")
	owner.Open(quay)
	has(owner.Page, "two people together")
	has(sure(owner, quay, "agree", nil), "in force")
	officer.Open(quay + "/amend")
	has(sure(officer, quay+"/amend", "", url.Values{"onward": {"never"}}), "proposes other terms")
	owner.Open(quay)
	has(owner.Page, "<ins>never</ins>")
	has(sure(owner, quay, "decline", nil), "Declined")
	officer.Open(quay)
	has(sure(officer, quay, "suspend", nil), "suspended")
	has(sure(officer, quay, "resume", nil), "in force")
	has(sure(officer, quay+"/narrow", "", url.Values{"people": {"Iris Vane"}}), "Narrowed")

	// A release that two decide on, in an emergency, and revoked.
	owner.Open("/write")
	owner.Send("/write", "look", url.Values{"title": {"Tides"}, "title-mark": {"U//FOUO"}, "mark-1": {"U//FOUO"}, "text-1": {"The tide is high."}, "arrangement": {quay[strings.LastIndex(quay, "/")+1:]}})
	owner.Send("/write", "publish", nil)
	tides := owner.At()
	id := tides[strings.LastIndex(tides, "/")+1:]
	officer.Open("/emergencies/new?report=" + id)
	all := regexp.MustCompile(`name="portion" value="([^"]+)"`).FindAllStringSubmatch(officer.Page, -1)
	has(sure(officer, "/emergencies/new", "", url.Values{"audience": {string(w.IDs["LANTERN"])}, "reason": {"A ferry is sinking."}, "portion": {"+" + all[1][1]}}), "Released to LANTERN")
	has(w.As(t, "ally").Open(tides), "The tide is high.")
	owner.Open("/emergencies")
	has(sure(owner, "/emergencies/review", "overrule", url.Values{"note": {"No."}}), "recorded")
	if status, _, _ := w.As(t, "ally").Do("GET", tides, nil); status != 404 {
		t.Errorf("overruled, the ally gets %d", status)
	}
	officer.Open("/requests/new?report=" + id)
	officer.Send("/requests/new", "look", url.Values{"audience": {string(w.IDs["LANTERN"])}, "purpose": {"to warn"}})
	officer.Send("/requests/new", "ask", nil)
	request := officer.At()
	has(sure(officer, request+"/withdraw", "", nil), "withdrawn")

	// Who had a portion that was granted: the grants stand there.
	has(owner.Open("/portions/"+all[1][1]), "Whom you let have it")
	has(owner.Page, "LANTERN")

	officer.Open(quay)
	// Before what cannot be taken back the focus is on what it says, and not on the
	// button that does it.
	for _, m := range regexp.MustCompile(`<(\w+)[^>]* autofocus[^>]*>`).FindAllStringSubmatch(officer.Send(quay, "suspend", nil), -1) {
		if m[1] != "h1" {
			t.Errorf("the focus is on %s", m[0])
		}
	}

	// A grant opens nothing whose marking leaves the audience out, and the pages say
	// so to the one who asks and to the one who answers.
	owner.Open("/write")
	rel := []string{"C//REL TO USA, XMD"}
	owner.Send("/write", "look", url.Values{"title": {"Depths"}, "title-mark": rel, "mark-1": rel, "text-1": {"It is nine fathoms deep."}, "arrangement": {quay[strings.LastIndex(quay, "/")+1:]}})
	owner.Send("/write", "publish", nil)
	officer.Open("/requests/new?report=" + pages.Last(owner.At()))
	officer.Send("/requests/new", "look", url.Values{"audience": {string(w.IDs["LANTERN"])}, "purpose": {"to warn"}})
	has(officer.Send("/requests/new", "ask", nil), "leaves the audience out: 2")
	part := "/answers/" + pages.First(regexp.MustCompile(`href="/answers/([^"]+)"`), owner.Open("/"))
	has(owner.Open(part), "a tearline: its marking leaves the audience out")
	granted := make(url.Values)
	for _, m := range regexp.MustCompile(`name="(say-[^"]+)"`).FindAllStringSubmatch(owner.Page, -1) {
		granted.Set(m[1], "grant")
	}
	has(owner.Send(part, "", granted), "LANTERN may have 0 of the 2 portions")
	has(owner.Page, "leaves the audience out: 2")

	// That something was done is said once, and by no link.
	has(sure(officer, officer.At()+"/withdraw", "", nil), "Its owners have been told")
	if page := officer.Open(officer.At()); strings.Contains(page, "Its owners have been told") {
		t.Error("it is said twice")
	}
	if page := officer.Open("/grants?done=revoked"); strings.Contains(page, `role="status"`) {
		t.Error("a link says that something was done")
	}

	// An incident's record, one by one; the ledger's proofs.
	officer.Open("/incidents")
	officer.Send("/incidents", "", url.Values{"title": {"Case"}})
	claims := officer.At() + "/claims"
	// A plan is looked at: each id is what it is, and only what is ours is offered.
	plan := officer.At()
	has(officer.Send(plan+"/contain", "", url.Values{"strike-more": {passage}, "notify": {"+" + string(w.IDs["LANTERN"])}}), "What happens to what")
	has(officer.Page, "Harbour news")
	has(officer.Page, "<strong>no longer</strong>")
	officer.Open(plan)
	status, page = officer.Try(plan+"/contain", "", url.Values{"strike-more": {"no-id"}, "notify": {"+" + string(w.IDs["LANTERN"])}})
	if status != 400 || !strings.Contains(page, `name="notify" value="`+string(w.IDs["LANTERN"])+`" checked`) || !strings.Contains(pages.ProblemOf(page), "no-id") {
		t.Errorf("a plan that is wrong: %d, %s", status, pages.ProblemOf(page))
	}
	officer.Open(plan)
	if status, page = officer.Try(plan+"/contain", "", url.Values{"strike-more": {string(cordon.NewID())}}); status != 404 {
		t.Errorf("a plan about nothing that is there: %d, %s", status, pages.ProblemOf(page))
	}
	// A text scanned from the room comes back to it.
	const told = "The second ferry sails at nine from the northern pier with forty passengers aboard."
	if _, err := w.API.Publish(ctx, wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: "Sailings"}, Portions: []wire.PortionDraft{{Marking: "U", Text: told}}}); err != nil {
		t.Fatal(err)
	}
	officer.Open(plan)
	officer.Open("/check?incident=" + pages.Last(plan))
	has(officer.Send("/check", "scan", url.Values{"text": {told}}), "Add what is ticked to the incident")
	has(officer.Send("/incidents/take", "", nil), "found just now")
	officer.Open(claims)
	has(officer.Send(claims, "proposition", url.Values{"proposition": {"It sank"}, "id": {"P1"}}), "It sank")
	has(officer.Send(claims, "source", url.Values{"who": {"a captain"}, "id": {"S1"}, "room": {"yes"}}), "S1")
	has(officer.Send(claims, "statement", url.Values{"source": {"S1"}, "published": {"2026-01-02T10:00"}, "stance-P1": {"denies"}}), "denies")
	has(officer.Open(claims+"?at=2026-01-01T00:00"), "It sank")
	officer.Open("/ledger")
	has(officer.Send("/ledger/bundle", "", nil), `"checkpoint"`)
}

// TestMalformedForms: a form that was sent malformed or broken off is a bad request,
// to a page that anybody may send to as well, and no fault of the server's.
func TestMalformedForms(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	const fields = "application/x-www-form-urlencoded"
	officer, nobody := w.As(t, "officer").Browser, pages.NewBrowser(t, w.Origin)
	for _, c := range []struct {
		by                      *pages.Browser
		path, contentType, body string
	}{
		{nobody, "/signin", fields, "name=%zz"},
		{nobody, "/enrol", fields, "code=%zz"},
		{nobody, "/language", fields, "language=de;x"},
		{officer, "/import", "multipart/form-data", "x"},
		{officer, "/import", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"once\"\r\n\r\nbroken of"},
		{officer, "/groups", fields, "name=%zz"},
		{officer, "/groups", "text/;;", "name=x"},
	} {
		if status, _, page := c.by.Body(c.path, c.contentType, c.body); status != 400 || strings.Contains(page, "inside Cordon") {
			t.Errorf("%s of %s, %q: %d", c.path, c.contentType, c.body, status)
		}
	}
}
