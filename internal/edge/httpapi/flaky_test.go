package httpapi_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
)

// flaky is a transport that loses the first request before it arrives, or the
// answer to it.
type flaky struct {
	*world
	lose string
	sent int
}

func (f *flaky) client() *http.Client { return &http.Client{Transport: f} }

func (f *flaky) RoundTrip(r *http.Request) (*http.Response, error) {
	f.sent++
	if f.sent == 1 && f.lose == "request" {
		return nil, errors.New("connection refused")
	}
	rec := httptest.NewRecorder()
	f.handler.ServeHTTP(rec, r)
	if f.sent == 1 {
		return nil, errors.New("connection reset")
	}
	return rec.Result(), nil
}

func parseURL(s string) (*url.URL, error) { return url.Parse(s) }
