package httpapi

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cordon/internal/core/act"

	"github.com/VictoriaMetrics/metrics"

	"cordon"
	"cordon/wire"
)

func TestLimiter(t *testing.T) {
	l := newLimiter(Rate{PerSecond: 2, Burst: 3})
	now := time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)
	take := func(whom string, want bool) {
		t.Helper()
		if err := l.take(whom, now); (err == nil) != want || err != nil && cordon.KindOf(err) != cordon.KindTooMany {
			t.Errorf("%s at %s: %v, want taken %v", whom, now.Format("05.000"), err, want)
		}
	}
	for range 3 {
		take("ana", true)
	}
	take("ana", false)
	take("theo", true) // one is not limited by another
	var wait *tooMany
	if err := l.take("ana", now); !errors.As(err, &wait) || wait.wait <= 0 || wait.wait > time.Second/2 {
		t.Errorf("ana is told to wait %v", wait)
	}
	now = now.Add(time.Second / 2)
	take("ana", true)
	take("ana", false)
	now = now.Add(time.Hour)
	for range 3 {
		take("ana", true)
	}
	take("ana", false) // an hour saves up no more than the burst

	if unlimited := newLimiter(Rate{}); unlimited.take("ana", now) != nil || len(unlimited.buckets) != 0 {
		t.Error("the zero rate limits")
	}
}

// TestLimiterForgets: whoever sends under ever new names does not fill the
// memory, and whoever is held back does not get free by it.
func TestLimiterForgets(t *testing.T) {
	l := newLimiter(Rate{PerSecond: 1, Burst: 2})
	now := time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)
	for i := range 1000 {
		l.take(fmt.Sprint(i), now)
	}
	now = now.Add(2 * time.Minute)
	for range 3 {
		l.take("ana", now)
	}
	if len(l.buckets) != 1 {
		t.Errorf("%d buckets are kept", len(l.buckets))
	}
	now = now.Add(time.Second / 2)
	if err := l.take("ana", now); cordon.KindOf(err) != cordon.KindTooMany {
		t.Errorf("ana: %v", err)
	}
}

// TestTooManyIsAnswered: by a problem that says when to try again, before
// anything was looked at.
func TestTooManyIsAnswered(t *testing.T) {
	looked := 0
	set := metrics.NewSet()
	a := newAPI(Services{
		Metrics: NewMetrics(set), Base: &act.Base{Clock: cordon.SystemClock{}}, PerAddress: Rate{PerSecond: 0.001, Burst: 1}, Log: slog.New(slog.DiscardHandler),
	})
	mux := http.NewServeMux()
	mux.Handle("POST /thing", a.handle(serve(open[wire.Done]("POST /thing"), func(*call, asked) (wire.Done, error) { looked++; return wire.Done{}, nil })))
	h := a.logged(mux)
	get := func(from string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/thing", strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = from
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec
	}
	if rec := get("192.0.2.7:1000"); rec.Code != 200 {
		t.Fatal(rec.Code)
	}
	rec := get("192.0.2.7:1001")
	if rec.Code != 429 || rec.Header().Get("Retry-After") == "" || !strings.Contains(rec.Body.String(), "urn:cordon:error:too-many") || looked != 1 {
		t.Errorf("%d %v %s, looked %d times", rec.Code, rec.Header(), rec.Body, looked)
	}
	if rec := get("192.0.2.8:1000"); rec.Code != 200 {
		t.Errorf("another address: %d", rec.Code)
	}
	if rec := get(""); rec.Code != 200 {
		t.Errorf("in process: %d", rec.Code)
	}
	var counted strings.Builder
	set.WritePrometheus(&counted)
	for _, line := range []string{
		`cordon_requests_total{class="2xx"} 3`, `cordon_requests_total{class="4xx"} 1`, "cordon_requests_limited_total 1", "cordon_requests_in_flight 0",
	} {
		if !strings.Contains(counted.String(), line+"\n") {
			t.Errorf("the metrics lack %s", line)
		}
	}
	if strings.Contains(counted.String(), "thing") || strings.Contains(counted.String(), "192.0.2") {
		t.Error("the metrics name a route or an address")
	}
}
