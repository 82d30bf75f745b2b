package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"cordon"
)

// entry is what is logged of one request besides its method, route, status, time
// and the address of its client: never its path, query, headers or bodies, which
// hold names, search words and text.
type entry struct {
	id    cordon.ID
	cause string

	began  time.Time
	person cordon.ID // not logged; empty until they are known
}

type entryKey struct{}

func entryOf(r *http.Request) *entry {
	if e, ok := r.Context().Value(entryKey{}).(*entry); ok {
		return e
	}
	return &entry{}
}

// logged wraps the whole: headers that every answer has, one log line for each
// request, and an answer where a handler panics.
func (a *api) logged(mux http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := &entry{id: cordon.NewID(), began: time.Now()}
		r = r.WithContext(context.WithValue(r.Context(), entryKey{}, e))
		rec := &recorder{ResponseWriter: w}
		h := w.Header()
		h.Set("Request-Id", string(e.id))
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				// The value may quote text; its type and the stack do not.
				if rec.status == 0 {
					a.fail(rec, r, cordon.Errorf(cordon.KindInternal, "something went wrong inside Cordon; its operator finds the cause in the log"))
				}
				e.cause = fmt.Sprintf("panic of type %T\n%s", p, debug.Stack())
			}
			took := time.Since(e.began)
			a.Metrics.done(rec.status, took)
			a.write(r, rec, e, took)
		}()
		a.Metrics.begun()
		mux.ServeHTTP(rec, r)
	})
}

func (a *api) write(r *http.Request, rec *recorder, e *entry, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("request", string(e.id)), slog.String("method", method(r)), slog.String("route", r.Pattern),
		slog.Int("status", rec.status), slog.Float64("took_ms", float64(took.Microseconds())/1000),
	}
	if from := clientAddress(r); from.IsValid() {
		attrs = append(attrs, slog.String("client", from.String()))
	}
	if e.cause != "" {
		// A client that went away is no fault of ours.
		if r.Context().Err() == nil {
			level = slog.LevelError
		}
		attrs = append(attrs, slog.String("cause", e.cause))
	}
	a.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// method is the method if it is a common one: anybody can make up others.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// recorder notes the status that was written.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController and http.MaxBytesReader.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
