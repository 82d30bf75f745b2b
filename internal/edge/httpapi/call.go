package httpapi

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/internal/edge/cookie"
	"cordon/internal/usecase/people"
	"cordon/wire"
)

// call is one request to one operation.
type call struct {
	*api
	*http.Request
	// principal is who asks, person the person, and by the caller of the
	// use-cases; all are empty on open routes.
	principal cordon.Principal
	person    cordon.ID
	by        act.Caller
	// body is the body of the request, read whole and within the bound.
	body []byte
	// asked is everything that was asked for but which page of it: a cursor
	// goes on with that and with nothing else.
	asked string
	// directory is filled when names are first needed.
	directory *directory
}

// handle makes the handler of a route. It finds out who asks, reads the request,
// does it at most once, and answers.
func (a *api) handle(r route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c := &call{api: a, Request: req}
		var err error
		if err = a.limit(a.perAddress, req, address(req)); err != nil {
			a.fail(w, req, err)
			return
		}
		open := r.Scope == wire.Open
		if !open {
			if c.principal, err = a.principal(req); err != nil {
				a.fail(w, req, err)
				return
			}
			c.person = c.principal.Person
			c.by = a.As(c.principal)
			entryOf(req).person = c.person
			if err = a.limit(a.perPerson, req, string(c.person)); err != nil {
				a.fail(w, req, err)
				return
			}
			if !r.admits(c.principal.Scopes) {
				if err = people.OutOfScope(r.Scope); r.Scope == wire.Every {
					err = cordon.Errorf(cordon.KindDenied, "this token may do a part of what its owner may, and this takes all of it: use one that was made without --scope, or sign in")
				}
				a.fail(w, req, err)
				return
			}
		}
		if err = r.acceptable(req); err == nil {
			err = r.unconditional(req)
		}
		if err != nil {
			a.fail(w, req, err)
			return
		}
		most := int64(cordon.MaxRequestBytes)
		if open {
			most = openBytes
		}
		if !open || req.Method != http.MethodGet {
			if c.body, err = readBody(w, req, most); err != nil {
				a.fail(w, req, err)
				return
			}
		}
		if r.Repeat == wire.RunsAgain || req.Header.Get(keyHeader) == "" {
			out, err := r.do(c)
			a.answer(w, c, out, err)
			return
		}
		a.idempotent(w, c, r)
	})
}

// principal gives the principal of the request, by the secret it shows, or else
// the browser's cookie, or else the client's certificate.
func (a *api) principal(r *http.Request) (cordon.Principal, error) {
	if r.Header.Get("Authorization") != "" {
		return a.Authenticate(r.Context(), bearer(r))
	}
	if secret := cookie.Secret(r); secret != "" {
		if err := cookie.Guard(r); err != nil {
			return cordon.Principal{}, err
		}
		return a.SignIn.Authenticate(r.Context(), secret)
	}
	if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		// A browser shows the certificate for other sites' pages too.
		if err := http.NewCrossOriginProtection().Check(r); err != nil {
			return cordon.Principal{}, cordon.Errorf(cordon.KindDenied, "this request comes from a page of another site").Because(err)
		}
		return a.SignIn.WithCertificate(r.Context(), r.TLS.VerifiedChains[0][0])
	}
	return cordon.Principal{}, unauthenticated
}

// bearer is the token sent; empty where there is none, which no token is.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// openBytes bounds the body of a request on an open route, whose sender is not
// known.
const openBytes = 64 << 10

// readBody reads the body of a request that may have one.
func readBody(w http.ResponseWriter, r *http.Request, most int64) ([]byte, error) {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil, nil
	}
	tooMuch := cordon.Errorf(cordon.KindTooLarge, "a request body is at most %d bytes here", most)
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
		return nil, cordon.Errorf(cordon.KindUnavailable, "the request was cut off").Because(err)
	}
	return body, nil
}

// unauthenticated is the one answer to all that can be wrong with credentials.
var unauthenticated = reader.ErrUnauthenticated
