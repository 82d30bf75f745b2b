package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cordon"
	"cordon/wire"
)

// scenario is one request with what must and what must not be in its answer.
type scenario struct {
	name, as, method, target, body string
	header                         []string
	status                         int
	has, hasNot                    []string
}

func (w *world) play(t *testing.T, all []scenario) {
	t.Helper()
	for _, s := range all {
		rec := w.raw(s.as, s.method, s.target, s.body, s.header...)
		body := rec.Body.String()
		if rec.Code != s.status {
			t.Errorf("%s: %d, want %d: %s", s.name, rec.Code, s.status, body)
		}
		for _, want := range s.has {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %q is not in the answer: %s", s.name, want, body)
			}
		}
		for _, word := range s.hasNot {
			if strings.Contains(body, word) {
				t.Errorf("%s: %q is in the answer: %s", s.name, word, body)
			}
		}
		h := rec.Header()
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", s.name, h)
		}
		if rec.Code >= 400 && h.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: a problem is sent as %s", s.name, h.Get("Content-Type"))
		}
	}
}

const problemOf = `"type":"urn:cordon:error:`

func TestReading(t *testing.T) {
	w := newWorld(t, "")
	r := w.publish("mara", wire.Draft{Ref: "MER-7/26", Recipients: []string{"VALDOR", "TARSIS"}},
		"("+wide+") On the envoy", "("+wide+") "+general, "("+narrow+") "+courier)
	untitled := w.publish("mara", wire.Draft{Recipients: []string{"VALDOR", "TARSIS"}}, "("+narrow+") The fish market", "("+wide+") "+general)
	secrets := []string{"fish market", "Harbourtown", string(r.Portions[2].ID), narrow}
	id := string(r.Report)
	w.play(t, []scenario{
		{
			name: "all of it", as: "ana", method: "GET", target: "/api/v1/reports/" + id, status: 200,
			has: []string{general, courier, `"banner":"` + banner + `"`, `"holder":{"id":"`, `"name":"MERIDIAN"`},
		},
		{
			name: "some of it", as: "theo", method: "GET", target: "/api/v1/reports/MER-7%2F26", status: 200,
			has: []string{general, `"banner":"SECRET//REL TO USA, FRA, GBR"`}, hasNot: secrets,
		},
		{
			name: "some of it exported", as: "theo", method: "GET", target: "/api/v1/reports/" + id + "/export?format=markdown", status: 200,
			has: []string{"receiving instructions", "SECRET//REL TO USA, FRA, GBR"}, hasNot: secrets,
		},
		{name: "some of it as JSON", as: "theo", method: "GET", target: "/api/v1/reports/" + id + "/export?format=json", status: 200, hasNot: secrets},
		{
			name: "without its title", as: "theo", method: "GET", target: "/api/v1/reports/" + string(untitled.Report), status: 200,
			has: []string{general}, hasNot: append(secrets, `"title"`),
		},
		{
			name: "exported without its title", as: "theo", method: "GET", target: "/api/v1/reports/" + string(untitled.Report) + "/export?format=markdown", status: 200,
			has: []string{"# (S//REL TO USA, FRA, GBR) Report " + string(untitled.Report), "receiving instructions"}, hasNot: secrets,
		},
		{name: "found", as: "ana", method: "GET", target: "/api/v1/search?q=fish+market", status: 200, has: []string{courier}},
		{name: "not found", as: "theo", method: "GET", target: "/api/v1/search?q=fish+market", status: 200, has: []string{`{"items":[],"total":{"portions":0,"owners":[],"markings":[]}}`}, hasNot: secrets},
		{name: "listed", as: "theo", method: "GET", target: "/api/v1/reports", status: 200, has: []string{"On the envoy"}, hasNot: secrets},
		{
			name: "scanned", as: "theo", method: "POST", target: "/api/v1/scan", body: `{"text":"` + courier + `"}`, status: 200,
			has: []string{`"hits":[]`}, hasNot: secrets,
		},
		{
			name: "checked", as: "theo", method: "POST", target: "/api/v1/check", body: `{"audience":"HUB","text":"` + courier + `"}`, status: 200,
			has: []string{`"refused":[]`}, hasNot: secrets,
		},
		{
			name: "derived without seeing", as: "theo", method: "POST", target: "/api/v1/reports", status: 422,
			body: `{"kind":"memo","title":{"marking":"U","text":"M"},"portions":[{"marking":"C","text":"` + courier + `"}]}`,
			has:  []string{problemOf + "spill"}, hasNot: []string{string(r.Portions[2].ID), narrow, "MERIDIAN"},
		},
		{name: "an administrator", as: "root", method: "GET", target: "/api/v1/reports/" + id, status: 404, hasNot: append(secrets, "MERIDIAN")},
		{name: "an administrator lists", as: "root", method: "GET", target: "/api/v1/reports", status: 200, has: []string{`{"items":[]}`}},
		{name: "people of others", as: "theo", method: "GET", target: "/api/v1/organisations/MERIDIAN/people", status: 404, hasNot: []string{"mara"}},
		{
			name: "people of one's own", as: "ana", method: "GET", target: "/api/v1/organisations/valdor/people", status: 200,
			has: []string{`"name":"sol"`, `"roles":["reader","author"]`}, hasNot: []string{"mara", "theo"},
		},
	})
}

func TestBadInput(t *testing.T) {
	w := newWorld(t, "")
	draft := func(portions string) string {
		return `{"kind":"report","title":{"marking":"U","text":"T"},"portions":` + portions + `}`
	}
	post := func(name, body string, status int, has ...string) scenario {
		return scenario{name: name, as: "ana", method: "POST", target: "/api/v1/reports", body: body, status: status, has: has}
	}
	get := func(name, target, as string, status int, has ...string) scenario {
		return scenario{name: name, as: as, method: "GET", target: target, status: status, has: has}
	}
	invalid := problemOf + "invalid"
	w.play(t, []scenario{
		post("nothing", " ", 400, invalid, "ends before"),
		post("cut off", `{"kind":"report"`, 400, invalid, `"line":1`),
		post("not JSON", "{\n  'kind': 1}", 400, invalid, `"line":2,"column":3`),
		post("an unknown field", `{"kind":"report","clearance":"TS"}`, 400, invalid, "clearance"),
		post("another type", `{"kind":7}`, 400, invalid, "kind is a number"),
		post("something after it", draft("[]")+" {}", 400, invalid, "something follows"),
		post("an array", "[]", 400, invalid),
		post("deep", strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000), 400, invalid),
		post("not UTF-8", `{"kind":"report`+"\xff"+`"}`, 400, invalid, "UTF-8"),
		post("no kind", `{"title":{"marking":"U","text":"T"},"portions":[]}`, 400, invalid, "kind of report"),
		post("no title", `{"kind":"report","title":{"text":""},"portions":[]}`, 400, invalid, "no title", `"issues":[`),
		post("a kind of title", `{"kind":"report","title":{"kind":"table","marking":"U","text":"T"},"portions":[]}`, 400, invalid, "kind of a title"),
		post("a bad mark", draft(`[{"marking":"S//NOFRON","text":"x"}]`), 400, invalid, "portion 1", `"fix":`),
		post("no mark", draft(`[{"text":"x"}]`), 400, invalid, "carries no marking"),
		post("an unknown organisation", `{"kind":"report","title":{"marking":"U","text":"T"},"recipients":["ATLANTIS"],"portions":[]}`, 400, invalid, "ATLANTIS"),
		post("an unknown person", `{"kind":"report","title":{"marking":"U","text":"T"},"named":["MERIDIAN/mara"],"portions":[]}`, 400, invalid),
		post("a source that is none", draft(`[{"text":"x","sources":["secret-7"]}]`), 404, problemOf+"not-found"),
		{name: "form", as: "ana", method: "POST", target: "/api/v1/reports", body: "kind=report", header: []string{"Content-Type", "application/x-www-form-urlencoded"}, status: 415, has: []string{"application/json"}},
		{name: "no content type", as: "ana", method: "POST", target: "/api/v1/reports", body: draft("[]"), header: []string{"Content-Type", ""}, status: 415, has: []string{invalid}},
		get("an unknown parameter", "/api/v1/reports?page=2", "ana", 400, invalid),
		get("a parameter twice", "/api/v1/reports?limit=2&limit=3", "ana", 400, invalid),
		get("a malformed query", "/api/v1/reports?limit=%zz", "ana", 400, invalid),
		get("no page so large", "/api/v1/reports?limit=201", "ana", 400, invalid, "from 1 to 200"),
		get("no page so small", "/api/v1/reports?limit=0", "ana", 400, invalid),
		get("a limit that is none", "/api/v1/reports?limit=ten", "ana", 400, invalid),
		get("no search words", "/api/v1/search?q=", "ana", 400, invalid),
		get("too many words", "/api/v1/search?q="+strings.Repeat("word+", 40), "ana", 413, problemOf+"too-large"),
		get("no such format", "/api/v1/reports/x/export?format=exe", "ana", 400, invalid),
		get("no such instant", "/api/v1/incidents/"+string(cordon.NewID())+"/matrix?at=noon", "sol", 400, invalid),
		get("a number below 0", "/api/v1/ledger/feed?after=-1", "sol", 400, invalid),
		get("a role one has not", "/api/v1/ledger/feed", "ana", 403, problemOf+"denied", "auditor"),
		{name: "a plan that does nothing", as: "sol", method: "POST", target: "/api/v1/incidents/" + string(cordon.NewID()) + "/containment", body: "{}", status: 400, has: []string{invalid}},
		{name: "a name that is taken", as: "root", method: "POST", target: "/api/v1/organisations", body: `{"name":"valdor"}`, status: 409, has: []string{problemOf + "conflict"}},
		{name: "no administrator", as: "ana", method: "POST", target: "/api/v1/organisations", body: `{"name":"NEW"}`, status: 403, has: []string{problemOf + "denied"}},
		{name: "no clearance of the scheme", as: "root", method: "POST", target: "/api/v1/people", body: `{"organisation":"HUB","name":"x","clearances":{"us":"COSMIC"}}`, status: 400, has: []string{"COSMIC", "U, C, S, TS"}},
		{name: "a registry without candidates", as: "mara", method: "POST", target: "/api/v1/registries", body: `{"name":"x","attributes":[],"candidates":[]}`, status: 400, has: []string{invalid}},
		{name: "another method", as: "ana", method: "DELETE", target: "/api/v1/reports", body: "{}", status: 404, has: []string{problemOf + "not-found"}},
		{name: "elsewhere", method: "GET", target: "/admin", status: 404, has: []string{problemOf + "not-found"}},
		{name: "the root", method: "GET", target: "/", status: 404},
	})
}

// endless is a body that says how long it is, or does not, and goes on.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	e.read += len(b)
	return len(b), nil
}

// TestTooLarge sends a body beyond the bound: what says so beforehand is not
// read at all, what does not is read up to the bound.
func TestTooLarge(t *testing.T) {
	w := newWorld(t, "")
	h := w.app.Handler() // the checked one reads all of the body itself
	for _, length := range []int64{100 << 20, -1} {
		body := &endless{}
		r := httptest.NewRequest(http.MethodPost, "/api/v1/reports", body)
		r.ContentLength = length
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+w.token["ana"])
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != 413 || !strings.Contains(rec.Body.String(), problemOf+"too-large") {
			t.Errorf("%d: %s", rec.Code, rec.Body)
		}
		if length > 0 && body.read > 0 || body.read > cordon.MaxRequestBytes+(1<<20) {
			t.Errorf("%d bytes were read of a body of %d", body.read, length)
		}
		body = &endless{}
		r = httptest.NewRequest(http.MethodPost, "/api/v1/reports", body)
		rec = httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != 401 || body.read > 0 {
			t.Errorf("of who is not signed in, %d bytes were read: %d", body.read, rec.Code)
		}
	}
	_, err := w.as["ana"].Import(t.Context(), make([]wire.Draft, wire.MaxImport+1), nil)
	wantKind(t, "an import of too many", err, cordon.KindTooLarge)
	text := strings.Repeat("x", cordon.MaxPortionBytes+1)
	_, err = w.as["ana"].Publish(t.Context(), drafted(wire.Draft{}, "(U) T", "(U) "+text))
	wantKind(t, "a portion too large", err, cordon.KindTooLarge)
}

// TestHostileNames sends names that are markup and control characters in every
// place that is repeated in an answer.
func TestHostileNames(t *testing.T) {
	w := newWorld(t, "")
	rec := w.raw("root", "POST", "/api/v1/organisations", `{"name":"<script>\u0000alert(1)</script>"}`)
	if rec.Code != 400 || rec.Header().Get("Content-Type") != "application/problem+json" || rec.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	rec = w.raw("ana", "GET", "/api/v1/reports/%00%0d%0aSet-Cookie:%20a=b", "")
	if rec.Code != 404 || rec.Header().Get("Set-Cookie") != "" {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
}
