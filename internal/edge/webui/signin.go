package webui

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"cordon"
	"cordon/internal/edge/cookie"
	"cordon/internal/usecase/signin"
)

// signInPage is where somebody signs in, or sets up how they do.
type signInPage struct {
	frame
	Name string
	// OIDC is what the provider is called by which people sign in; empty for
	// none.
	OIDC string
	// Empty says that nobody has signed in to this installation yet.
	Empty bool
}

// MinPassword is for the template.
func (signInPage) MinPassword() int { return signin.MinPassword }

func (p *pages) signInPage(r *http.Request, title string) signInPage {
	v := signInPage{frame: p.frame(r, title)}
	if !fromHere(r) {
		v.Cast = nil
	}
	if p.SignIn.Provider != nil {
		v.OIDC = p.SignIn.Provider.Label
	}
	return v
}

// again shows the page again with what went wrong, in words.
func (v signInPage) again(p *pages, w http.ResponseWriter, r *http.Request, name string, err error) {
	v.Problem = p.explain(r, err)
	if v.Problem.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(v.Problem.retry))
	}
	p.show(w, r, name, v.Problem.Status, v)
}

const (
	signInTitle = "Sign in"
	enrolTitle  = "Set up how you sign in"
)

func (p *pages) askSignIn(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, "signin", http.StatusOK, p.signInPage(r, signInTitle))
}

func (p *pages) askEnrol(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, "enrol", http.StatusOK, p.signInPage(r, enrolTitle))
}

// errWrong is what a person is told whose sign-in failed, whatever it was.
var errWrong = cordon.Errorf(cordon.KindUnauthenticated, "the name or the password is not right")

func (p *pages) signIn(w http.ResponseWriter, r *http.Request) {
	v := p.signInPage(r, signInTitle)
	if err := unreadable(r.ParseForm()); err != nil {
		v.again(p, w, r, "signin", err)
		return
	}
	v.Name = r.PostForm.Get("name")
	signed, err := p.SignIn.WithPassword(r.Context(), v.Name, r.PostForm.Get("password"), r.RemoteAddr)
	if err != nil {
		if cordon.KindOf(err) == cordon.KindUnauthenticated {
			err = errWrong
		}
		v.again(p, w, r, "signin", err)
		return
	}
	cookie.Set(w, signed.Secret, signed.Session.Expires)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (p *pages) enrol(w http.ResponseWriter, r *http.Request) {
	v := p.signInPage(r, enrolTitle)
	if err := unreadable(r.ParseForm()); err != nil {
		v.again(p, w, r, "enrol", err)
		return
	}
	signed, err := p.SignIn.EnrolPassword(r.Context(), strings.TrimSpace(r.PostForm.Get("code")), r.PostForm.Get("password"))
	if err != nil {
		if cordon.KindOf(err) == cordon.KindUnauthenticated {
			err = cordon.Errorf(cordon.KindUnauthenticated, "this code is not good, or not any more: ask for another")
		}
		v.again(p, w, r, "enrol", err)
		return
	}
	cookie.Set(w, signed.Secret, signed.Session.Expires)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (p *pages) askProvider(w http.ResponseWriter, r *http.Request) {
	address, errand, err := p.SignIn.BeginOIDC(r.Context())
	if err != nil {
		p.signInPage(r, signInTitle).again(p, w, r, "signin", err)
		return
	}
	cookie.SetErrand(w, errand)
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// fromProvider signs in a person who comes back. The answer is a page and no
// redirect: a browser that comes from another site would not send the session's
// cookie along with it.
func (p *pages) fromProvider(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	errand := cookie.Errand(r)
	cookie.ClearErrand(w)
	signed, err := p.SignIn.WithOIDC(r.Context(), errand, q.Get("state"), q.Get("code"))
	if err != nil {
		if cordon.KindOf(err) == cordon.KindUnauthenticated {
			// To the person it is one answer; whoever set the provider up
			// has to find out which.
			if cause := errors.Unwrap(err); cause != nil {
				p.Log.Warn("sign-in by the provider refused", slog.String("route", r.Pattern), slog.String("cause", cause.Error()))
			}
			err = cordon.Errorf(cordon.KindUnauthenticated, "this account does not sign anybody in here")
		}
		p.signInPage(r, signInTitle).again(p, w, r, "signin", err)
		return
	}
	cookie.Set(w, signed.Secret, signed.Session.Expires)
	p.show(w, r, "continue", http.StatusOK, p.signInPage(r, "Signed in"))
}

func (p *pages) signOut(w http.ResponseWriter, r *http.Request) {
	principal, err := p.SignIn.Authenticate(r.Context(), cookie.Secret(r))
	if err == nil {
		err = p.SignIn.SignOut(r.Context(), p.Base.As(principal))
	}
	if err != nil && cordon.KindOf(err) != cordon.KindUnauthenticated && cordon.KindOf(err) != cordon.KindNotFound {
		p.refused(w, r, err)
		return
	}
	cookie.Clear(w)
	// The pages that the browser kept go too: the way back shows nothing.
	w.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
}
