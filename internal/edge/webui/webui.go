// Package webui is the pages on which a person signs in and sees how he is
// signed in. They work without JavaScript, all but passkeys, and hold nothing
// that is shared: reports are read through the API.
package webui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/edge/cookie"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/signin"
)

//go:embed assets/* pages/*
var files embed.FS

// maxForm bounds what a page sends.
const maxForm = 128 << 10

// Services is what the pages are made over. All of them must be set.
type Services struct {
	SignIn *signin.Methods
	Base   *act.Base
	// Log gets the causes of faults; never what a person typed.
	Log *slog.Logger
}

type pages struct {
	Services
	templates *template.Template
	assets    map[string]asset // by the name they are served under
}

type asset struct {
	contentType string
	body        []byte
}

// New makes the handler of the pages.
func New(services Services) http.Handler {
	p := &pages{Services: services, assets: make(map[string]asset)}
	served := make(map[string]string)
	all, err := fs.ReadDir(files, "assets")
	if err != nil {
		panic("webui: the embedded folder is always there: " + err.Error())
	}
	for _, e := range all {
		body, err := files.ReadFile(path.Join("assets", e.Name()))
		if err != nil {
			panic("webui: an embedded file is always there: " + err.Error())
		}
		// By its hash: a browser may keep it, and never has an old one.
		sum := sha256.Sum256(body)
		name := hex.EncodeToString(sum[:8]) + "-" + e.Name()
		contentType := "text/css; charset=utf-8"
		if path.Ext(name) == ".js" {
			contentType = "text/javascript; charset=utf-8"
		}
		p.assets[name], served[e.Name()] = asset{contentType, body}, "/assets/"+name
	}
	p.templates = template.Must(template.New("").Funcs(template.FuncMap{
		"asset": func(name string) string { return served[name] },
		"when": func(t time.Time) string {
			if t.IsZero() {
				return "–"
			}
			return t.UTC().Format("2006-01-02 15:04")
		},
	}).ParseFS(files, "pages/*.html"))

	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/{name}", p.asset)
	mux.HandleFunc("GET /signin", p.page("signin", "Sign in"))
	mux.HandleFunc("GET /enrol", p.page("enrol", "Set up how you sign in"))
	mux.HandleFunc("POST /signin", p.signIn)
	mux.HandleFunc("POST /enrol", p.enrol)
	mux.HandleFunc("POST /signin/passkey/options", p.script(p.askPasskey))
	mux.HandleFunc("POST /signin/passkey", p.script(p.usePasskey))
	mux.HandleFunc("POST /passkey/options", p.script(p.askNewPasskey))
	mux.HandleFunc("POST /passkey", p.script(p.addPasskey))
	mux.HandleFunc("GET /signin/oidc", p.askProvider)
	mux.HandleFunc("GET "+signin.CallbackPath, p.fromProvider)
	mux.HandleFunc("GET /account", p.account)
	mux.HandleFunc("POST /account/signout", p.signOut)
	mux.HandleFunc("POST /account/password", p.act(p.changePassword))
	mux.HandleFunc("POST /account/credential", p.act(p.dropCredential))
	mux.HandleFunc("POST /account/session", p.act(p.endSession))
	mux.HandleFunc("POST /account/token", p.act(p.revokeToken))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		// Signing in is guarded too: nobody is to be signed in as somebody
		// else without knowing.
		if err := cookie.Guard(r); err != nil {
			p.failed(w, r, "signin", view{Title: "Sign in"}, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		mux.ServeHTTP(w, r)
	})
}

// Paths are the patterns of net/http.ServeMux that the pages are served under.
func Paths() []string {
	return []string{"/assets/", "/signin", "/signin/", "/enrol", "/passkey", "/passkey/", "/account", "/account/"}
}

// view is what a page shows.
type view struct {
	Title       string
	Problem     string
	Name        string
	OIDC        string
	Person      cordon.Person
	Org         cordon.Organisation
	Session     cordon.ID
	Credentials []signin.Shown
	Sessions    []cordon.Session
	Tokens      []cordon.Token
}

// MinPassword is for the pages.
func (view) MinPassword() int { return signin.MinPassword }

func (p *pages) show(w http.ResponseWriter, name string, status int, v view) {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name, v); err != nil {
		p.Log.Error("page", slog.String("page", name), slog.String("cause", err.Error()))
		http.Error(w, "something went wrong inside Cordon", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

func (p *pages) page(name, title string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		p.show(w, name, http.StatusOK, p.view(title))
	}
}

func (p *pages) view(title string) view {
	v := view{Title: title}
	if p.SignIn.Provider != nil {
		v.OIDC = p.SignIn.Provider.Label
	}
	return v
}

func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := p.assets[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(a.body)
}

// failed shows the page again with what went wrong, in words.
func (p *pages) failed(w http.ResponseWriter, r *http.Request, name string, v view, err error) {
	status, words := p.explain(r, err)
	v.Problem = words
	p.show(w, name, status, v)
}

// explain is the status and the words for an error, and logs the cause of a
// fault.
func (p *pages) explain(r *http.Request, err error) (int, string) {
	var e *cordon.Error
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, "That is more than this page takes."
	case !errors.As(err, &e) || e.Kind == cordon.KindInternal || e.Kind == cordon.KindUnavailable:
		cause := err
		if inner := errors.Unwrap(err); inner != nil {
			cause = inner
		}
		p.Log.Error("page", slog.String("route", r.Pattern), slog.String("cause", cause.Error()))
		return http.StatusServiceUnavailable, "Something went wrong inside Cordon. Try again; its operator finds the cause in the log."
	}
	status := map[cordon.Kind]int{
		cordon.KindUnauthenticated: http.StatusUnauthorized, cordon.KindDenied: http.StatusForbidden, cordon.KindTooMany: http.StatusTooManyRequests,
		cordon.KindNotFound: http.StatusNotFound, cordon.KindConflict: http.StatusConflict, cordon.KindTooLarge: http.StatusRequestEntityTooLarge,
	}[e.Kind]
	if status == 0 {
		status = http.StatusBadRequest
	}
	return status, strings.ToUpper(e.Message[:1]) + e.Message[1:] + "."
}

// wrong is what a person is told whose sign-in failed, whatever it was.
var wrong = cordon.Errorf(cordon.KindUnauthenticated, "the name or the password is not right")

func (p *pages) signIn(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.failed(w, r, "signin", p.view("Sign in"), err)
		return
	}
	name := r.PostForm.Get("name")
	signed, err := p.SignIn.WithPassword(r.Context(), name, r.PostForm.Get("password"), r.RemoteAddr)
	if err != nil {
		if cordon.KindOf(err) == cordon.KindUnauthenticated {
			err = wrong
		}
		v := p.view("Sign in")
		v.Name = name
		p.failed(w, r, "signin", v, err)
		return
	}
	cookie.Set(w, signed.Secret, signed.Session.Expires)
	http.Redirect(w, r, "/account", http.StatusSeeOther)
}

func (p *pages) enrol(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		p.failed(w, r, "enrol", p.view("Set up how you sign in"), err)
		return
	}
	signed, err := p.SignIn.EnrolPassword(r.Context(), strings.TrimSpace(r.PostForm.Get("code")), r.PostForm.Get("password"))
	if err != nil {
		if cordon.KindOf(err) == cordon.KindUnauthenticated {
			err = cordon.Errorf(cordon.KindUnauthenticated, "this code is not good, or not any more: ask for another")
		}
		p.failed(w, r, "enrol", p.view("Set up how you sign in"), err)
		return
	}
	cookie.Set(w, signed.Secret, signed.Session.Expires)
	http.Redirect(w, r, "/account", http.StatusSeeOther)
}

// script is a handler for what the pages' script asks: JSON in and out.
func (p *pages) script(fn func(http.ResponseWriter, *http.Request, asked) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in asked
		var out any
		body, err := io.ReadAll(r.Body)
		if err == nil && json.Unmarshal(body, &in) != nil {
			err = cordon.Errorf(cordon.KindInvalid, "this is not what the page sends")
		}
		if err == nil {
			out, err = fn(w, r, in)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if err != nil {
			status, words := p.explain(r, err)
			w.WriteHeader(status)
			out = map[string]string{"detail": words}
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
	return p.caller(r)
}

// caller is the person whose session the browser's cookie is of.
func (p *pages) caller(r *http.Request) (act.Caller, error) {
	principal, err := p.SignIn.Authenticate(r.Context(), cookie.Secret(r))
	return p.Base.As(principal), err
}

func (p *pages) askProvider(w http.ResponseWriter, r *http.Request) {
	address, errand, err := p.SignIn.BeginOIDC(r.Context())
	if err != nil {
		p.failed(w, r, "signin", p.view("Sign in"), err)
		return
	}
	cookie.SetErrand(w, errand)
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// fromProvider signs in whoever comes back. The answer is a page and no
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
		p.failed(w, r, "signin", p.view("Sign in"), err)
		return
	}
	cookie.Set(w, signed.Secret, signed.Session.Expires)
	p.show(w, "continue", http.StatusOK, p.view("Signed in"))
}

func (p *pages) account(w http.ResponseWriter, r *http.Request) {
	p.showAccount(w, r, http.StatusOK, "")
}

// listed is how many of each the page shows; the command line shows all.
const listed = 50

func (p *pages) showAccount(w http.ResponseWriter, r *http.Request, status int, problem string) {
	v, err := p.accountOf(r)
	if cordon.KindOf(err) == cordon.KindUnauthenticated && err != nil {
		cookie.Clear(w)
		http.Redirect(w, r, "/signin", http.StatusSeeOther)
		return
	}
	if err != nil {
		p.failed(w, r, "signin", p.view("Sign in"), err)
		return
	}
	v.Problem = problem
	p.show(w, "account", status, v)
}

func (p *pages) accountOf(r *http.Request) (view, error) {
	v := p.view("Your account")
	ctx := r.Context()
	by, err := p.caller(r)
	if err != nil {
		return v, err
	}
	actor, err := people.Me(ctx, by)
	if err != nil {
		return v, err
	}
	v.Person, v.Org, v.Session = actor.Person, actor.Org, by.Session
	if v.Credentials, err = p.SignIn.Credentials(ctx, by, by.Person); err != nil {
		return v, err
	}
	if v.Sessions, err = p.SignIn.Sessions(ctx, by, by.Person, cordon.Cursor{}, listed); err != nil {
		return v, err
	}
	v.Tokens, err = people.Tokens(ctx, by, by.Person, cordon.Cursor{}, listed)
	return v, err
}

func (p *pages) signOut(w http.ResponseWriter, r *http.Request) {
	by, err := p.caller(r)
	if err == nil {
		err = p.SignIn.SignOut(r.Context(), by)
	}
	if err != nil && cordon.KindOf(err) != cordon.KindUnauthenticated && cordon.KindOf(err) != cordon.KindNotFound {
		p.failed(w, r, "signin", p.view("Sign in"), err)
		return
	}
	cookie.Clear(w)
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
}

// act is a handler of a form on the account page, which it shows again.
func (p *pages) act(fn func(*http.Request, act.Caller) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, err := p.caller(r)
		if err == nil {
			if err = r.ParseForm(); err == nil {
				err = fn(r, by)
			}
		}
		switch {
		case err == nil:
			http.Redirect(w, r, "/account", http.StatusSeeOther)
		case cordon.KindOf(err) == cordon.KindUnauthenticated:
			cookie.Clear(w)
			http.Redirect(w, r, "/signin", http.StatusSeeOther)
		default:
			status, words := p.explain(r, err)
			p.showAccount(w, r, status, words)
		}
	}
}

func (p *pages) changePassword(r *http.Request, by act.Caller) error {
	return p.SignIn.ChangePassword(r.Context(), by, r.PostForm.Get("old"), r.PostForm.Get("new"), r.RemoteAddr)
}

func (p *pages) dropCredential(r *http.Request, by act.Caller) error {
	return p.SignIn.DropCredential(r.Context(), by, by.Person, cordon.ID(r.PostForm.Get("id")))
}

func (p *pages) endSession(r *http.Request, by act.Caller) error {
	return p.SignIn.EndSession(r.Context(), by, by.Person, cordon.ID(r.PostForm.Get("id")))
}

func (p *pages) revokeToken(r *http.Request, by act.Caller) error {
	return people.RevokeToken(r.Context(), by, by.Person, cordon.ID(r.PostForm.Get("id")))
}
