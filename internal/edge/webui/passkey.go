package webui

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/edge/cookie"
	"cordon/internal/strictjson"
)

// script is a handler for what the pages' script asks: JSON in and out.
func (p *pages) script(fn func(http.ResponseWriter, *http.Request, asked) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in asked
		var out any
		body, err := io.ReadAll(r.Body)
		if err == nil && strictjson.Unmarshal(body, &in) != nil {
			err = cordon.Errorf(cordon.KindInvalid, "this is not what the page sends")
		}
		if err == nil {
			out, err = fn(w, r, in)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if err != nil {
			said := p.explain(r, err)
			w.WriteHeader(said.Status)
			out = map[string]string{"detail": said.Says}
		}
		if err := json.NewEncoder(w).Encode(out); err != nil {
			p.Log.Error("page", slog.String("route", r.Pattern), slog.String("cause", err.Error()))
		}
	}
}

// asked is all that the script sends.
type asked struct {
	Enrolment string          `json:"enrolment"`
	Label     string          `json:"label"`
	State     string          `json:"state"`
	Answer    json.RawMessage `json:"answer"`
}

func (p *pages) askPasskey(http.ResponseWriter, *http.Request, asked) (any, error) {
	return p.SignIn.BeginPasskey()
}

func (p *pages) usePasskey(w http.ResponseWriter, r *http.Request, in asked) (any, error) {
	signed, err := p.SignIn.WithPasskey(r.Context(), in.State, in.Answer)
	if cordon.KindOf(err) == cordon.KindUnauthenticated && err != nil {
		return nil, cordon.Errorf(cordon.KindUnauthenticated, "this passkey does not sign anybody in here")
	}
	if err != nil {
		return nil, err
	}
	cookie.Set(w, signed.Secret, signed.Session.Expires)
	return struct{}{}, nil
}

func (p *pages) askNewPasskey(_ http.ResponseWriter, r *http.Request, in asked) (any, error) {
	by, err := p.mayAdd(r, in)
	if err != nil {
		return nil, err
	}
	return p.SignIn.BeginAddingPasskey(r.Context(), by, in.Enrolment)
}

func (p *pages) addPasskey(w http.ResponseWriter, r *http.Request, in asked) (any, error) {
	by, err := p.mayAdd(r, in)
	if err != nil {
		return nil, err
	}
	signed, err := p.SignIn.AddPasskey(r.Context(), by, in.Enrolment, in.Label, in.State, in.Answer)
	if err != nil {
		return nil, err
	}
	if signed.Secret != "" {
		cookie.Set(w, signed.Secret, signed.Session.Expires)
	}
	return struct{}{}, nil
}

// mayAdd is who adds a passkey; nobody known yet where it is by an enrolment.
func (p *pages) mayAdd(r *http.Request, in asked) (act.Caller, error) {
	if in.Enrolment != "" {
		return p.Base.Anyone(), nil
	}
	principal, err := p.SignIn.Authenticate(r.Context(), cookie.Secret(r))
	return p.Base.As(principal), err
}
