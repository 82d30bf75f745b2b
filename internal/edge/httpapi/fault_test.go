package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/VictoriaMetrics/metrics"

	"cordon"
	"cordon/internal/core/act"
	"cordon/wire"
)

// asked is a request with something secret in it.
type asked struct {
	Thing string `path:"thing" json:"-"`
	Text  string `query:"q" json:"-"`
}

// open is an operation that is open to everybody.
func open[Out any](pattern string) wire.Operation[asked, Out] {
	return wire.Operation[asked, Out]{Name: "thing", Pattern: pattern, Scope: wire.Open}
}

// TestFaults: what went wrong inside is in the log, by its cause; what the
// person is told is the message; neither has what is the other's.
func TestFaults(t *testing.T) {
	const secret = "fish market"
	driver := errors.New("driver: connection 7 reset")
	for _, c := range []struct {
		name   string
		do     func(*call, asked) (any, error)
		status int
		// what the answer and the log must have
		answer, log string
	}{
		{"a wrapped fault", func(*call, asked) (any, error) {
			return nil, cordon.Errorf(cordon.KindInternal, "portion of the %s does not open", secret).Because(driver)
		}, 500, "does not open", "connection 7 reset"},
		{"a passing fault", func(*call, asked) (any, error) {
			return nil, cordon.Errorf(cordon.KindUnavailable, "the database is out of reach").Because(driver)
		}, 503, "out of reach", "connection 7 reset"},
		{"an error of no kind", func(*call, asked) (any, error) { return nil, fmt.Errorf("reading: %w", driver) }, 500, "operator", "connection 7 reset"},
		{"a fault without a cause", func(*call, asked) (any, error) {
			return nil, cordon.Errorf(cordon.KindInternal, "about the %s", secret)
		}, 500, "about", "internal"},
		{"a refusal", func(*call, asked) (any, error) {
			return nil, cordon.Errorf(cordon.KindInvalid, "no %s here", secret).Because(errors.New(secret))
		}, 400, secret, `"status":400`},
		{"a panic", func(*call, asked) (any, error) { panic("about the " + secret) }, 500, "operator", "panic of type string"},
		{"an answer that does not encode", func(*call, asked) (any, error) { return func() {}, nil }, 500, "could not be written", "unsupported type"},
		{"another unauthenticated", func(*call, asked) (any, error) {
			return nil, cordon.Errorf(cordon.KindUnauthenticated, "suspended over the %s", secret)
		}, 401, unauthenticated.Message, `"status":401`},
		{"another not-found", func(*call, asked) (any, error) { return nil, cordon.Errorf(cordon.KindNotFound, "no %s", secret) }, 404, cordon.ErrNotFound.Message, `"status":404`},
	} {
		var log bytes.Buffer
		a := newAPI(Services{Metrics: NewMetrics(metrics.NewSet()), Base: &act.Base{Clock: cordon.SystemClock{}}, Log: slog.New(slog.NewJSONHandler(&log, nil))})
		mux := http.NewServeMux()
		mux.Handle("GET /things/{thing}", a.handle(serve(open[any]("GET /things/{thing}"), c.do)))
		rec := httptest.NewRecorder()
		a.logged(mux).ServeHTTP(rec, httptest.NewRequest("GET", "/things/fish%20market?q=fish+market", nil))
		var p wire.Problem
		if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil || rec.Code != c.status || p.Status != c.status {
			t.Errorf("%s: %d %s", c.name, rec.Code, rec.Body)
		}
		if c.status != 400 && c.status != 500 && strings.Contains(rec.Body.String(), "fish") {
			t.Errorf("%s: told %s", c.name, rec.Body)
		}
		if !strings.Contains(rec.Body.String(), c.answer) || strings.Contains(rec.Body.String(), "connection 7") {
			t.Errorf("%s: told %s", c.name, rec.Body)
		}
		if !strings.Contains(log.String(), c.log) || strings.Contains(log.String(), "fish") {
			t.Errorf("%s: logged %s", c.name, log.String())
		}
		if !strings.Contains(log.String(), `"route":"GET /things/{thing}"`) {
			t.Errorf("%s: the log does not say where: %s", c.name, log.String())
		}
		if (p.Instance != "") != (c.status == 500) || p.Instance != "" && !strings.Contains(log.String(), strings.TrimPrefix(p.Instance, "urn:cordon:request:")) {
			t.Errorf("%s: instance %q, logged %s", c.name, p.Instance, log.String())
		}
	}
}

// TestEveryKindHasAStatus and gets to the client as what it was.
func TestEveryKindHasAStatus(t *testing.T) {
	for k := cordon.KindInternal; k <= cordon.KindUnavailable; k++ {
		if statuses[k] == 0 {
			t.Errorf("%v has no status", k)
		}
		p := problem(cordon.Errorf(k, "message").With(cordon.Issue{Problem: "p", Line: 3}))
		if err := p.Err(); err.Kind != k {
			t.Errorf("%v arrives as %v", k, err.Kind)
		}
	}
	if e := (wire.Problem{Type: "urn:cordon:error:new-kind", Detail: "x"}).Err(); e.Kind != cordon.KindInternal || e.Message != "x" {
		t.Errorf("an unknown kind arrives as %+v", e)
	}
}

// TestAskerGone: a request whose asker went away is logged, and is no fault
// that wakes an operator.
func TestAskerGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var log bytes.Buffer
	a := newAPI(Services{Metrics: NewMetrics(metrics.NewSet()), Base: &act.Base{Clock: cordon.SystemClock{}}, Log: slog.New(slog.NewJSONHandler(&log, nil))})
	mux := http.NewServeMux()
	mux.Handle("GET /things", a.handle(serve(open[any]("GET /things"), func(*call, asked) (any, error) {
		cancel()
		return nil, ctx.Err()
	})))
	a.logged(mux).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/things", nil))
	if got := log.String(); !strings.Contains(got, `"level":"INFO"`) || !strings.Contains(got, "canceled") {
		t.Errorf("logged: %s", got)
	}
}
