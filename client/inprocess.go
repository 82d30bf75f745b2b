package client

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
)

// InProcess makes a client of a handler in the same process, without a socket
// between. It is the same API and the same one way in.
func InProcess(handler http.Handler, token string) *Client {
	base := &url.URL{Scheme: "http", Host: "in-process.invalid"}
	return New(base, token, &http.Client{Transport: direct{handler}})
}

// direct is a transport that calls the handler.
type direct struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body == nil {
		req.Body = http.NoBody
	}
	defer req.Body.Close()
	inner := req.Clone(req.Context())
	inner.RequestURI = req.URL.RequestURI()
	inner.Host = req.URL.Host
	w := &answer{header: make(http.Header)}
	d.handler.ServeHTTP(w, inner)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: req,
	}, nil
}

// answer collects what a handler writes.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}
