package httpapi_test

import (
	"net/http/httptest"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/wire"
)

// TestThePublicLog is served to everybody, tells what the signed checkpoint says, and
// ticks for nobody.
func TestThePublicLog(t *testing.T) {
	w := newWorld(t, "")
	key := must(w.as["root"].Checkpoint(t.Context()))(t).VerifierKey // and a tick
	get := func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		w.app.Handler().ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		return rec
	}
	rec := get("/checkpoint")
	c, err := ledger.OpenCheckpoint(rec.Body.String(), key)
	if err != nil || rec.Code != 200 || rec.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Fatalf("checkpoint: %d %s, %v", rec.Code, rec.Body, err)
	}
	rec = get("/tile/0/000.p/1")
	first, err := ledger.ParseTick(get("/tile/entries/000.p/1").Body.Bytes()[2:])
	if err != nil || rec.Code != 200 || tlog.Hash(rec.Body.Bytes()) != tlog.RecordHash(first.Bytes()) {
		t.Errorf("the first tick: %d, %v", rec.Code, err)
	}
	if got := rec.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("a tile is cached as %q", got)
	}
	for _, path := range []string{"/tile/0/001", "/tile/0/000", "/tile/x", "/tile/", "/tile", "/checkpoint/"} {
		if rec := get(path); rec.Code != 404 {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	must(w.as["mara"].Publish(t.Context(), wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: "A report"}}))(t)
	if again, err := ledger.OpenCheckpoint(get("/checkpoint").Body.String(), key); err != nil || again != c {
		t.Errorf("asked again after an act: %+v, %v", again, err)
	}
}
