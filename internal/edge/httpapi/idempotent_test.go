package httpapi_test

import (
	"database/sql"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cordon"
	"cordon/client"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

const aDraft = `{"kind":"report","ref":"%s","title":{"marking":"U","text":"Of the lighthouse"},"portions":[{"marking":"U","text":"It stands."}]}`

func (w *world) reports(t *testing.T, who string) int {
	t.Helper()
	return len(must(w.as[who].Reports(t.Context(), wire.Page{Limit: 200}))(t).Items)
}

func TestIdempotency(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		body := fmt.Sprintf(aDraft, "A-1")
		first := seen(w.raw("ana", "POST", "/api/v1/reports", body, "Idempotency-Key", "k1"))
		if first.Status != 201 {
			t.Fatal(first)
		}
		again := seen(w.raw("ana", "POST", "/api/v1/reports", body, "Idempotency-Key", "k1"))
		if d := cmp.Diff(first, again); d != "" {
			t.Errorf("the same again gets another answer:\n%s", d)
		}
		if n := w.reports(t, "ana"); n != 1 {
			t.Errorf("there are %d reports", n)
		}
		// Somebody else's key of the same name is another key.
		w.add("VALDOR", "ben", "author", "reader")
		if rec := w.raw("ben", "POST", "/api/v1/reports", body, "Idempotency-Key", "k1"); rec.Code != 201 || rec.Body.String() == first.Body {
			t.Errorf("another person's key: %d %s", rec.Code, rec.Body)
		}
		w.play(t, []scenario{
			{
				name: "another body", as: "ana", method: "POST", target: "/api/v1/reports", body: fmt.Sprintf(aDraft, "A-2"),
				header: []string{"Idempotency-Key", "k1"}, status: 409, has: []string{"another request"}, hasNot: []string{"A-1"},
			},
			{
				name: "another operation", as: "ana", method: "POST", target: "/api/v1/imports", body: body,
				header: []string{"Idempotency-Key", "k1"}, status: 409,
			},
			{
				name: "a key that is too long", as: "ana", method: "POST", target: "/api/v1/reports", body: body,
				header: []string{"Idempotency-Key", strings.Repeat("k", 256)}, status: 400,
			},
			{
				name: "refused as invalid", as: "ana", method: "POST", target: "/api/v1/reports", body: `{"kind":"no"}`,
				header: []string{"Idempotency-Key", "k2"}, status: 400,
			},
			{
				name: "what was refused is not done, so the key is free", as: "ana", method: "POST", target: "/api/v1/reports", body: body,
				header: []string{"Idempotency-Key", "k2"}, status: 201,
			},
		})
		w.clock.advance(25 * time.Hour)
		if rec := w.raw("ana", "POST", "/api/v1/reports", body, "Idempotency-Key", "k1"); rec.Code != 409 || strings.Contains(rec.Body.String(), "A-1") {
			t.Errorf("a day later: %d %s", rec.Code, rec.Body)
		}
		if n := w.reports(t, "ben"); n != 3 {
			t.Errorf("there are %d reports", n)
		}
	})
}

// TestIdempotencyAtOnce sends one request many times at the same time.
func TestIdempotencyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		var all sync.WaitGroup
		answers := make([]*httptest.ResponseRecorder, 8)
		for i := range answers {
			all.Go(func() {
				answers[i] = w.raw("ana", "POST", "/api/v1/reports", fmt.Sprintf(aDraft, "A-1"), "Idempotency-Key", "k")
			})
		}
		all.Wait()
		for _, rec := range answers {
			if rec.Code != 201 || rec.Body.String() != answers[0].Body.String() {
				t.Errorf("%d %s, and another was answered %s", rec.Code, rec.Body, answers[0].Body)
			}
		}
		if n := w.reports(t, "ana"); n != 1 {
			t.Errorf("there are %d reports", n)
		}
	})
}

// TestTokenIsShownOnce: asked again under the same key, neither is another made
// nor the first one told.
func TestTokenIsShownOnce(t *testing.T) {
	w := newWorld(t, "")
	ask := func() *httptest.ResponseRecorder {
		return w.raw("ana", "POST", "/api/v1/people/ana/tokens", `{"label":"x"}`, "Idempotency-Key", "k")
	}
	if rec := ask(); rec.Code != 201 || !strings.Contains(rec.Body.String(), `"token":"cordon_`) {
		t.Fatal(rec.Code, rec.Body)
	}
	if rec := ask(); rec.Code != 409 || strings.Contains(rec.Body.String(), "cordon_") {
		t.Error(rec.Code, rec.Body)
	}
}

// TestReadingUnderAKeyIsDecidedAnew: what shows protected text is never an old
// answer.
func TestReadingUnderAKeyIsDecidedAnew(t *testing.T) {
	w := newWorld(t, "")
	w.publish("mara", wire.Draft{Recipients: []string{"VALDOR"}}, "("+narrow+") T", "("+narrow+") "+courier)
	ask := func() *httptest.ResponseRecorder {
		return w.raw("ana", "POST", "/api/v1/scan", `{"text":"`+courier+`"}`, "Idempotency-Key", "k")
	}
	if rec := ask(); !strings.Contains(rec.Body.String(), `"marking":"`+narrow) {
		t.Fatal(rec.Body)
	}
	must(w.as["root"].ChangePerson(t.Context(), "VALDOR/ana", wire.PersonDraft{Organisation: "VALDOR", Name: "ana", Roles: []cordon.Role{cordon.RoleReader}}))(t)
	if rec := ask(); rec.Code != 200 || strings.Contains(rec.Body.String(), narrow) {
		t.Error(rec.Body)
	}
}

// TestAnswerLostInACrash takes the kept answer away, as a crash between the
// act and the keeping would: a repeated request is not done twice.
func TestAnswerLostInACrash(t *testing.T) {
	w := newWorld(t, "")
	body := fmt.Sprintf(aDraft, "A-1")
	many := `{"reports":[` + fmt.Sprintf(aDraft, "B-1") + "," + fmt.Sprintf(aDraft, "B-2") + `]}`
	for target, body := range map[string]string{"/api/v1/reports": body, "/api/v1/imports": many} {
		if rec := w.raw("ana", "POST", target, body, "Idempotency-Key", target); rec.Code >= 300 {
			t.Fatal(rec.Code, rec.Body)
		}
		w.forgetAnswer(t, w.person["ana"], target)
	}
	before := w.reports(t, "ana")
	if rec := w.raw("ana", "POST", "/api/v1/reports", body, "Idempotency-Key", "/api/v1/reports"); rec.Code != 409 || !strings.Contains(rec.Body.String(), "was done before") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	rec := w.raw("ana", "POST", "/api/v1/imports", many, "Idempotency-Key", "/api/v1/imports")
	if rec.Code != 200 || strings.Count(rec.Body.String(), "was done before") != 2 {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if after := w.reports(t, "ana"); after != before {
		t.Errorf("there were %d reports and are %d", before, after)
	}
}

func (w *world) forgetAnswer(t *testing.T, person cordon.ID, key string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.config.DataDir, "cordon.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	res, err := db.Exec("DELETE FROM answers WHERE key = $1", httpapi.AnswerRow(person, key))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%d answers were kept: %v", n, err)
	}
}

// TestClientRetries drops connections under a client: whatever is lost, the
// request is done once and the answer comes.
func TestClientRetries(t *testing.T) {
	w := newWorld(t, "")
	for _, lose := range []string{"request", "answer"} {
		flaky := &flaky{world: w, lose: lose}
		c := client.New(must(parseURL("http://cordon.test"))(t), w.token["ana"], flaky.client())
		before := w.reports(t, "ana")
		p, err := c.Publish(t.Context(), drafted(wire.Draft{}, "(U) Lighthouse", "(U) It stands."))
		if err != nil || flaky.sent != 2 {
			t.Fatalf("%s lost: %v after %d", lose, err, flaky.sent)
		}
		if n := w.reports(t, "ana"); n != before+1 {
			t.Errorf("%s lost: %d reports were %d", lose, n, before)
		}
		if _, err := w.as["ana"].Open(t.Context(), string(p.Report)); err != nil {
			t.Error(err)
		}
	}
	dead := client.New(must(parseURL("http://127.0.0.1:1"))(t), "", nil)
	_, err := dead.Search(t.Context(), wire.Query{Text: "fish market"}, wire.Page{})
	wantKind(t, "no server", err, cordon.KindUnavailable)
	if strings.Contains(err.Error(), "fish") || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("%v", err)
	}
}
