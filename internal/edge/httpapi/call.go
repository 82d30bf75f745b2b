package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/internal/edge/cookie"
	"cordon/internal/usecase/people"
)

// call is one request to one operation.
type call struct {
	*api
	*http.Request
	// pass is what he was let in by, and person who asks; empty on open
	// routes.
	pass   cordon.Pass
	person cordon.ID
	by     act.Caller
	// body is what was sent, read whole and within the bound.
	body []byte
	// directory is filled when names are first needed.
	directory *directory
}

// file is an answer that is not JSON, or is to be kept as a file.
type file struct {
	contentType string
	filename    string
	body        []byte
}

// handle makes the handler of a route: who asks, what was sent, once, answer.
func (a *api) handle(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c := &call{api: a, Request: req}
		var err error
		if err = a.limit(a.perAddress, req, address(req)); err != nil {
			a.fail(w, req, err)
			return
		}
		if !r.open {
			if c.pass, err = a.who(req); err != nil {
				a.fail(w, req, err)
				return
			}
			c.person = c.pass.Person
			c.by = a.By(c.person)
			entryOf(req).person = c.person
			if err = a.limit(a.perPerson, req, string(c.person)); err != nil {
				a.fail(w, req, err)
				return
			}
			if !r.admits(c.pass.Scopes) {
				a.fail(w, req, people.OutOfScope(r.needs))
				return
			}
		}
		most := int64(cordon.MaxRequestBytes)
		if r.open {
			most = openBytes
		}
		if !r.open || req.Method != http.MethodGet {
			if c.body, err = readBody(w, req, most); err != nil {
				a.fail(w, req, err)
				return
			}
		}
		if r.repeat == again || req.Header.Get(keyHeader) == "" {
			out, err := r.do(c)
			a.answer(w, req, out, err)
			return
		}
		a.once(w, c, r)
	})
}

// who gives what the request was let in by: the secret it shows, or else the
// browser's cookie, or else the client's certificate.
func (a *api) who(r *http.Request) (cordon.Pass, error) {
	if r.Header.Get("Authorization") != "" {
		return a.Authenticate(r.Context(), bearer(r))
	}
	if secret := cookie.Secret(r); secret != "" {
		if err := cookie.Guard(r); err != nil {
			return cordon.Pass{}, err
		}
		return a.SignIn.Authenticate(r.Context(), secret)
	}
	if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		// A browser shows the certificate for other sites' pages too.
		if err := http.NewCrossOriginProtection().Check(r); err != nil {
			return cordon.Pass{}, cordon.Errorf(cordon.Denied, "this request comes from a page of another site").Because(err)
		}
		return a.SignIn.WithCertificate(r.Context(), r.TLS.VerifiedChains[0][0])
	}
	return cordon.Pass{}, unauthenticated
}

// bearer is the token sent; empty where there is none, which no token is.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// openBytes bounds what is read of somebody of whom nothing is known.
const openBytes = 64 << 10

// readBody reads the body of a request that may have one.
func readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil, nil
	}
	tooMuch := cordon.Errorf(cordon.TooLarge, "a request body is at most %d bytes here", most)
	if r.ContentLength > most {
		w.Header().Set("Connection", "close")
		return nil, tooMuch
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, tooMuch
	}
	if err != nil {
		return nil, cordon.Errorf(cordon.Unavailable, "the request was cut off").Because(err)
	}
	return body, nil
}

// decode reads the body into a struct: JSON, nothing unknown in it, nothing
// after it.
func (c *call) decode(into any) error {
	media, _, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return cordon.Errorf(cordon.Invalid, "the body must be application/json")
	}
	if !utf8.Valid(c.body) {
		return cordon.Errorf(cordon.Invalid, "the body is not valid UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return malformed(c.body, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return cordon.Errorf(cordon.Invalid, "something follows the JSON value of the body")
	}
	return nil
}

// malformed puts the decoder's complaint into words, with its place.
func malformed(body []byte, err error) error {
	issue := cordon.Issue{Problem: strings.TrimPrefix(err.Error(), "json: ")}
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	at := int64(-1)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &mistyped):
		at = mistyped.Offset
		issue.Problem = "the value of " + mistyped.Field + " is a " + mistyped.Value + " and should be another kind of value"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		at, issue.Problem = int64(len(body)), "the body ends before the JSON value does"
	}
	if at >= 0 {
		before := body[:min(at, int64(len(body)))]
		issue.Line = 1 + bytes.Count(before, []byte("\n"))
		issue.Column = max(1, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]))
	}
	return cordon.Errorf(cordon.Invalid, "the body is not what this takes: %s", issue.Problem).With(issue)
}

// id is the id in the path; what has not the form of one names nothing.
func (c *call) id(name string) (cordon.ID, error) {
	id := cordon.ID(c.PathValue(name))
	return id, wellFormed(id)
}

func wellFormed(ids ...cordon.ID) error {
	for _, id := range ids {
		if !id.Valid() {
			return cordon.ErrNotFound
		}
	}
	return nil
}

// query is the parameters of the request, of which only the known may occur,
// and once each unless they are portions.
func (c *call) query(known ...string) (url.Values, error) {
	q, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return nil, cordon.Errorf(cordon.Invalid, "the query is malformed")
	}
	left := len(q)
	for _, name := range known {
		if _, ok := q[name]; ok {
			left--
		}
		if len(q[name]) > 1 && name != "portion" {
			return nil, cordon.Errorf(cordon.Invalid, "the parameter %s is given twice", name)
		}
	}
	if left > 0 {
		return nil, cordon.Errorf(cordon.Invalid, "a parameter is not one of %s", strings.Join(known, ", "))
	}
	return q, nil
}

// number reads a parameter that is a whole number from 0; def where it is
// left out.
func number(q url.Values, name string, def int64) (int64, error) {
	if !q.Has(name) {
		return def, nil
	}
	n, err := strconv.ParseInt(q.Get(name), 10, 64)
	if err != nil || n < 0 {
		return 0, cordon.Errorf(cordon.Invalid, "%s is not a whole number from 0", name)
	}
	return n, nil
}

// limit reads how many items a page may have.
func limit(q url.Values, most int64) (int, error) {
	n, err := number(q, "limit", min(50, most))
	if err == nil && (n < 1 || n > most) {
		err = cordon.Errorf(cordon.Invalid, "limit is from 1 to %d", most)
	}
	return int(n), err
}

// unauthenticated is the one answer to all that can be wrong with credentials.
var unauthenticated = reader.ErrUnauthenticated
