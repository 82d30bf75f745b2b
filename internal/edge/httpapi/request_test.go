package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cordon"
	"cordon/client"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// TestAccept: an operation answers with what it has where that is accepted, and
// otherwise not at all; a problem goes out whatever is accepted.
func TestAccept(t *testing.T) {
	w := newWorld(t, "")
	report := w.publish("mara", wire.Draft{Recipients: []string{"VALDOR"}}, "("+narrow+") T", "("+narrow+") "+courier)
	export := "/api/v1/reports/" + string(report.Report) + "/export?format=text"
	for _, c := range []struct {
		target, accept string
		want           int
	}{
		{"/api/v1/me", "", 200},
		{"/api/v1/me", "*/*", 200},
		{"/api/v1/me", "application/*;q=0.1", 200},
		{"/api/v1/me", "text/html, application/json;q=0.5", 200},
		{"/api/v1/me", "application/json; charset=utf-8", 200},
		{"/api/v1/me", "application/problem+json", 200},
		{"/api/v1/me", "text/html", 406},
		{"/api/v1/me", "text/html, text/*", 406},
		{"/api/v1/me", "application/json;q=0", 406},
		{"/api/v1/me", "nonsense", 406},
		{export, "text/plain", 200},
		{export, "text/html", 406},
		{"/api/v1/reports/" + string(cordon.NewID()), "text/html", 406},
		{"/api/v1/nowhere", "text/html", 404},
	} {
		header := []string{"Accept", c.accept}
		if c.accept == "" {
			header = nil
		}
		rec := w.raw("ana", "GET", c.target, "", header...)
		if rec.Code != c.want {
			t.Errorf("%s, Accept: %s: %d, want %d: %s", c.target, c.accept, rec.Code, c.want, rec.Body)
		}
		if kind := rec.Header().Get("Content-Type"); c.want >= 400 && kind != "application/problem+json" {
			t.Errorf("%s, Accept: %s: refused as %s", c.target, c.accept, kind)
		}
	}
	// Nothing was read, and nothing recorded as read, where it was not accepted.
	for _, h := range must(w.as["mara"].Holders(t.Context(), report.Portions[1].ID))(t) {
		if h.Person.ID == w.person["ana"] && h.Times != 1 {
			t.Errorf("ana was shown it once, and %d times are recorded", h.Times)
		}
	}
	// Nobody is told what an operation answers with before they are let in.
	if rec := w.raw("", "GET", "/api/v1/me", "", "Accept", "text/html"); rec.Code != 401 {
		t.Errorf("nobody: %d", rec.Code)
	}
}

// TestLocation: the answer of an operation that makes something says where it
// lies, and a repeated request is told the same.
func TestLocation(t *testing.T) {
	w := newWorld(t, "")
	gets := http.NewServeMux()
	for _, op := range httpapi.Operations() {
		if op.Method() == http.MethodGet {
			gets.HandleFunc(op.Pattern, func(http.ResponseWriter, *http.Request) {})
		}
	}
	for _, op := range httpapi.Operations() {
		if op.Creates && op.Method() != http.MethodPost {
			t.Errorf("%s makes something and is no POST", op.Name)
		}
		if op.Location == "" {
			continue
		}
		if _, pattern := gets.Handler(httptest.NewRequest("GET", op.Location, nil)); pattern == "" {
			t.Errorf("%s says that what it made lies at %s, which no GET answers", op.Name, op.Location)
		}
	}
	if rec := w.raw("mara", "POST", "/api/v1/groups", `{"name":"Pier","everyone":true}`); rec.Code != 201 || rec.Header().Get("Location") != "" {
		t.Errorf("a group: %d, made at %q: %s", rec.Code, rec.Header().Get("Location"), rec.Body)
	}
	twice := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/api/v1/groups", strings.NewReader(`{}`))
	r.Header = http.Header{"Authorization": {"Bearer " + w.token["mara"]}, "Content-Type": {"application/json"}, "Idempotency-Key": {"a", "b"}}
	if w.handler.ServeHTTP(twice, r); twice.Code != 400 || !strings.Contains(twice.Body.String(), "2 Idempotency-Keys") {
		t.Errorf("under two keys: %d: %s", twice.Code, twice.Body)
	}
	for _, c := range []struct{ as, target, body string }{
		{"root", "/api/v1/organisations", `{"name":"ORDEN"}`},
		{"root", "/api/v1/people", `{"organisation":"TARSIS","name":"tess"}`},
		{"ana", "/api/v1/reports", `{"kind":"report","title":{"marking":"U","text":"T"}}`},
		{"mara", "/api/v1/arrangements", `{"name":"LANE","marking":"U","parties":["VALDOR"]}`},
		{"mara", "/api/v1/incidents", `{"title":"It is out"}`},
	} {
		first := w.raw(c.as, "POST", c.target, c.body, "Idempotency-Key", c.target)
		at := first.Header().Get("Location")
		if first.Code != 201 || !strings.HasPrefix(at, c.target+"/") {
			t.Errorf("%s: %d, made at %q: %s", c.target, first.Code, at, first.Body)
			continue
		}
		if rec := w.raw(c.as, "GET", at, ""); rec.Code != 200 {
			t.Errorf("%s: made at %s, where there is %d", c.target, at, rec.Code)
		}
		again := w.raw(c.as, "POST", c.target, c.body, "Idempotency-Key", c.target)
		if again.Code != 201 || again.Header().Get("Location") != at {
			t.Errorf("%s again: %d, at %q", c.target, again.Code, again.Header().Get("Location"))
		}
	}
}

// TestRequestID: every answer has the number that the log has, and no other
// answer's.
func TestRequestID(t *testing.T) {
	w := newWorld(t, "")
	seen := map[string]bool{}
	for _, target := range []string{"/api/v1/me", "/api/v1/me", "/api/v1/nowhere", "/elsewhere", "/healthz", "/api/v1/reports?limit=0"} {
		id := w.raw("ana", "GET", target, "").Header().Get("Request-Id")
		if !cordon.ID(id).Valid() || seen[id] {
			t.Errorf("%s is numbered %q", target, id)
		}
		seen[id] = true
		if !strings.Contains(w.log.String(), `"request":"`+id+`"`) {
			t.Errorf("%s: the log has no %s", target, id)
		}
	}
}

// TestWrongKind: of a value of the wrong kind it is said where it stands, of
// which kind it is and of which it should be, in the words of the JSON alone.
func TestWrongKind(t *testing.T) {
	w := newWorld(t, "")
	for _, c := range []struct{ target, body, want string }{
		{"/api/v1/reports", `[]`, "the body is a list and should be an object"},
		{"/api/v1/reports", `{"kind":7}`, "the value of kind is a number and should be a string"},
		{"/api/v1/reports", `{"title":"T"}`, "the value of title is a string and should be an object"},
		{"/api/v1/reports", `{"recipients":{}}`, "the value of recipients is an object and should be a list"},
		{"/api/v1/reports", `{"title":{"text":true}}`, "the value of title.text is true or false and should be a string"},
		{"/api/v1/release-requests", `{"expires":5}`, `a time is not a string such as "2026-05-15T09:00:00Z"`},
		{"/api/v1/release-requests", `{"expires":"noon"}`, `a time is not a string such as "2026-05-15T09:00:00Z"`},
		{"/api/v1/arrangements", `{"longestSeconds":1.5}`, "the value of longestSeconds is the number 1.5 and should be a whole number"},
		{"/api/v1/arrangements", `{"twoPersons":"yes"}`, "the value of twoPersons is a string and should be true or false"},
	} {
		rec := w.raw("mara", "POST", c.target, c.body)
		var p wire.Problem
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != 400 || len(p.Issues) != 1 || p.Issues[0].Problem != c.want {
			t.Errorf("%s: %d %s, want %q", c.body, rec.Code, rec.Body, c.want)
		}
	}
}

// TestKeys: a key is taken once, and in the letters that the document has. The
// complaint says which and where.
func TestKeys(t *testing.T) {
	w := newWorld(t, "")
	for _, c := range []struct{ target, body, want string }{
		{"/api/v1/reports", `{"kind":"report","title":{"marking":"TS//NF","marking":"U","text":"T"}}`, `1:46: the key "marking" is given twice`},
		{"/api/v1/reports", "{\"kind\":\"report\",\n \"Title\":{\"marking\":\"U\",\"text\":\"T\"}}", `2:2: the key "Title" is written "title" here`},
		{"/api/v1/reports", `{"kind":"report","title":{"MARKING":"S","marking":"U","text":"T"}}`, `1:27: the key "MARKING" is written "marking" here`},
		{"/api/v1/people/MERIDIAN%2Fmara", `{"clearances":{"us":"TS","us":"U"}}`, `1:26: the key "us" is given twice`},
		{"/api/v1/reports", "{\"kind\":\"report\",\n  \"colour\":\"red\"}", `2:3: unknown field "colour"`},
		{"/api/v1/release-requests", "{\n\"expires\": \"noon\"}", `2:12: a time is not a string such as "2026-05-15T09:00:00Z"`},
		{"/api/v1/reports", "null", `1:1: this is null and should be an object`},
		{"/api/v1/people/MERIDIAN%2Fmara", `{"readIns":[{"compartment":"us:SI","Until":"2026-05-15T09:00:00Z"}]}`, `1:36: the key "Until" is written "until" here`},
	} {
		method, as := "POST", "mara"
		if strings.Contains(c.target, "people") {
			method, as = "PUT", "root"
		}
		rec := w.raw(as, method, c.target, c.body)
		var p wire.Problem
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != 400 || len(p.Issues) != 1 ||
			fmt.Sprintf("%d:%d: %s", p.Issues[0].Line, p.Issues[0].Column, p.Issues[0].Problem) != c.want {
			t.Errorf("%s: %d %s, want %q", c.body, rec.Code, rec.Body, c.want)
		}
	}
}

// TestATokenOfNothing: a list of no scopes does not stand for all, and a token that
// has ended is not made.
func TestATokenOfNothing(t *testing.T) {
	w := newWorld(t, "")
	for _, body := range []string{`{"scopes":[]}`, `{"expires":"2001-01-01T00:00:00Z"}`} {
		if rec := w.raw("ana", "POST", "/api/v1/people/ana/tokens", body); rec.Code != 400 || strings.Contains(rec.Body.String(), "cordon_") {
			t.Errorf("%s: %d %s", body, rec.Code, rec.Body)
		}
	}
	if rec := w.raw("ana", "POST", "/api/v1/people/ana/tokens", `{}`); rec.Code != 201 {
		t.Errorf("left out: %d %s", rec.Code, rec.Body)
	}
}

// TestNothingInTheBody: an operation that takes nothing is asked with or without
// a body, and refuses one with something in it.
func TestNothingInTheBody(t *testing.T) {
	w := newWorld(t, "")
	for body, want := range map[string]int{"": 200, "{}": 200, `{"x":1}`: 400, "[]": 400, "{} {}": 400} {
		w.add("VALDOR", "v"+string(cordon.NewID()))
		token := must(w.as["ana"].NewToken(t.Context(), "ana", wire.TokenDraft{}))(t)
		rec := w.raw("ana", "DELETE", "/api/v1/people/ana/tokens/"+string(token.ID), body)
		if rec.Code != want {
			t.Errorf("%q: %d, want %d: %s", body, rec.Code, want, rec.Body)
		}
		_, err := client.InProcess(w.handler, token.Token).Me(t.Context())
		if revoked := cordon.KindOf(err) == cordon.KindUnauthenticated; revoked != (want == 200) {
			t.Errorf("%q: revoked %v", body, revoked)
		}
	}
}

// TestNoText asks for things by what is no text, which a database would choke
// on.
func TestNoText(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for path, status := range map[string]int{
			"/api/v1/grants?portion=%00": http.StatusBadRequest, "/api/v1/grants?portion=%ff": http.StatusBadRequest,
			"/api/v1/custody/%00": http.StatusNotFound, "/api/v1/custody/%ff": http.StatusNotFound,
			"/api/v1/reports/%00": http.StatusNotFound, "/api/v1/reports/%ff": http.StatusNotFound,
			"/api/v1/arrangements/%00": http.StatusNotFound, "/api/v1/groups/%ff": http.StatusNotFound,
		} {
			if rec := w.raw("mara", "GET", path, ""); rec.Code != status {
				t.Errorf("%s was answered %d, not %d: %s", path, rec.Code, status, rec.Body)
			}
		}
		if rec := w.raw("mara", "POST", "/api/v1/notices/read", " null "); rec.Code != http.StatusBadRequest {
			t.Errorf("a body of null was answered %d: %s", rec.Code, rec.Body)
		}
	})
}
