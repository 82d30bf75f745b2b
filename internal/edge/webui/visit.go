package webui

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/edge/cookie"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// visit is one request of somebody who has signed in.
type visit struct {
	*pages
	w http.ResponseWriter
	r *http.Request
	// Caller runs operations as the person; by is the person for the few
	// use-cases that are the pages' own.
	*httpapi.Caller
	by act.Caller
	// form is what was sent, once read.
	form url.Values
	me   wire.Me
	// waiting is how much of the inbox is unread.
	waiting int64
}

// frame is what every page has around it.
type frame struct {
	Title, Language string
	// Me is nil for somebody who has not signed in.
	Me      *wire.Me
	Waiting int64
	Nav     []link
	// Banner is the roll-up of all that the page shows; empty where it shows
	// nothing that is marked.
	Banner string
	// Paper is the banner that is printed instead, where what is printed is less than
	// the page shows; empty where it is the same.
	Paper string
	// Unread says that the page has text in it whose markings were not read.
	Unread bool
	// Once is the token of the page's forms.
	Once string
	// Number is the request's in the log, where something is wrong with it.
	Number string
	// Said is what was done just before, and Problem what went wrong.
	Said    string
	Problem *problem
	Now     time.Time
	// Cast is set in a demonstration.
	Cast *Cast
	// Form is what was typed, where a form is shown again.
	Form url.Values
	// Live names what the page is kept up to date with; empty for nothing.
	Live bool
}

type link struct {
	Path, Text string
	// Key goes there, pressed after g.
	Key  string
	Here bool
}

// key is what the keys of a shortcut do.
type key struct {
	Keys []string
	Text string
}

// Keys are the shortcuts to the places that the person may go to.
func (f frame) Keys() []key {
	var out []key
	for _, l := range f.Nav {
		if l.Key != "" {
			out = append(out, key{[]string{"g", l.Key}, l.Text})
		}
	}
	return out
}

// Has reports whether the person holds one of the roles.
func (f frame) Has(roles ...cordon.Role) bool { return f.Me != nil && holds(f.Me.Person, roles...) }

// The roles, for templates.
func (f frame) Author() bool           { return f.Has(cordon.RoleAuthor) }
func (f frame) Reader() bool           { return f.Has(cordon.RoleReader) }
func (f frame) ReleaseAuthority() bool { return f.Has(cordon.RoleReleaseAuthority) }
func (f frame) SecurityOfficer() bool  { return f.Has(cordon.RoleSecurityOfficer) }
func (f frame) Auditor() bool          { return f.Has(cordon.RoleAuditor) }
func (f frame) Administrator() bool    { return f.Has(cordon.RoleAdministrator) }
func (f frame) Operator() bool         { return f.Has(cordon.RoleOperator) }

// Wrong is what is wrong with a field of the form; empty for nothing.
func (f frame) Wrong(field string) string {
	if f.Problem != nil && f.Problem.Field == field {
		return f.Problem.Says
	}
	return ""
}

// Ticked reports whether a box of the form was ticked, where it is shown again.
func (f frame) Ticked(field string, id cordon.ID) bool {
	return slices.Contains(f.Form[field], string(id))
}

func holds(p wire.Person, roles ...cordon.Role) bool {
	return slices.ContainsFunc(roles, func(r cordon.Role) bool { return slices.Contains(p.Roles, r) })
}

// visit makes the handler of a page for people who have signed in.
func (p *pages) visit(fn func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		principal, err := p.SignIn.Authenticate(r.Context(), cookie.Secret(r))
		if err != nil {
			p.mustSignIn(w, r, err)
			return
		}
		v := &visit{pages: p, w: w, r: r, Caller: p.Inside.Caller(r, principal), by: p.Base.As(principal)}
		if err = v.Limit(); err == nil {
			if err = v.read(); err == nil {
				err = v.Together(v.loadFrame)
			}
		}
		if err == nil {
			err = fn(v)
		}
		if r.MultipartForm != nil {
			r.MultipartForm.RemoveAll()
		}
		switch {
		case err == nil:
		case cordon.KindOf(err) == cordon.KindUnauthenticated:
			p.mustSignIn(w, r, err)
		default:
			v.fail(err)
		}
	}
}

// mustSignIn sends somebody whose session does not hold to where one signs in.
func (p *pages) mustSignIn(w http.ResponseWriter, r *http.Request, err error) {
	if cordon.KindOf(err) != cordon.KindUnauthenticated {
		p.refused(w, r, err)
		return
	}
	if cookie.Secret(r) != "" {
		cookie.Clear(w)
	}
	http.Redirect(w, r, "/signin", http.StatusSeeOther)
}

// read reads the form that was sent.
func (v *visit) read() error {
	v.form = make(url.Values)
	if v.r.Method != http.MethodPost {
		return nil
	}
	err := v.r.ParseMultipartForm(maxForm)
	if errors.Is(err, http.ErrNotMultipart) {
		err = v.r.ParseForm()
	}
	if err := unreadable(err); err != nil {
		return err
	}
	v.form = v.r.PostForm
	if v.form == nil {
		v.form = make(url.Values)
	}
	return nil
}

// unreadable says of a form that was sent malformed or broken off that it was, which
// is no fault of the server's. One that is too large keeps its error.
func unreadable(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); err == nil || errors.As(err, &tooLarge) {
		return err
	}
	return cordon.Errorf(cordon.KindInvalid, "the form that was sent cannot be read: go back, and send it again").Because(err)
}

func (v *visit) loadFrame() (err error) {
	if v.me, err = httpapi.Do(v.Caller, wire.GetMe, wire.None{}); err != nil {
		return err
	}
	unread, err := httpapi.Do(v.Caller, wire.CountUnread, wire.None{})
	v.waiting = unread.Unread
	return err
}

// frame begins what a page shows; marks are those of everything on it.
func (v *visit) frame(title string, marks ...string) frame {
	f := v.pages.frame(v.r, title)
	f.Me, f.Waiting, f.Nav, f.Form = &v.me, v.waiting, v.nav(), v.form
	f.Once = v.token()
	f.Banner = v.look.rollUp(marks)
	f.Said = v.justDone()
	return f
}

func (p *pages) frame(r *http.Request, title string) frame {
	return frame{
		Title: title, Language: p.look.language(r), Now: p.Base.Clock.Now(), Cast: p.Cast, Form: make(url.Values),
	}
}

// doneCookie names what was done just before. It stands in no address, where a link
// could say it of what was not done.
const doneCookie = "cordon-done"

// noteDone has a page say once what was done, within so many seconds; fewer than 0
// forget it.
func (v *visit) noteDone(path, what string, seconds int) {
	http.SetCookie(v.w, &http.Cookie{Name: doneCookie, Value: what, Path: path, MaxAge: seconds, HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode})
}

func (v *visit) justDone() string {
	c, err := v.r.Cookie(doneCookie)
	if err != nil || done[c.Value] == "" {
		return ""
	}
	v.noteDone(v.r.URL.Path, "", -1)
	return done[c.Value]
}

// done is what the pages say of what was done just before, by its name in the
// cookie.
var done = map[string]string{
	"done": "Done.", "published": "Published.", "asked": "Asked. Every owner concerned has been told.", "decided": "Your answer is recorded.",
	"confirmed": "Confirmed.", "released": "Released. The audience has from now on what the markings let it have.", "withdrawn": "Withdrawn. Its owners have been told.",
	"revoked": "Revoked. The next request is decided without it.", "proposed": "Proposed. It holds when the others have agreed.",
	"agreed": "Agreed.", "declined": "Declined.", "saved": "Saved. It rules the next request.", "contained": "Contained.",
	"removed": "Removed.", "reviewed": "Your review is recorded.", "narrowed": "Narrowed. It rules the next request.", "tested": "Sent.",
}

// show writes the page. Where its template fails nothing is written.
func (v *visit) show(name string, status int, view any) error {
	body, err := v.look.page(v.r, name, view)
	if err != nil {
		return err
	}
	send(v.w, status, body)
	return nil
}

// show is visit.show for people who have not signed in, and for what went wrong.
func (p *pages) show(w http.ResponseWriter, r *http.Request, name string, status int, view any) {
	body, err := p.look.page(r, name, view)
	switch {
	case err == nil:
		send(w, status, body)
	case name == "problem":
		p.explain(r, err)
		http.Error(w, "something went wrong inside Cordon", http.StatusInternalServerError)
	default:
		p.refused(w, r, err)
	}
}

func send(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(body)
}

// to sends the person on after something was done, which is said there.
func (v *visit) to(path, said string) error {
	if said != "" {
		v.noteDone(path, said, 60)
	}
	http.Redirect(v.w, v.r, path, http.StatusSeeOther)
	return nil
}

// once has the form that was sent done at most once.
func (v *visit) once() error {
	token := v.form.Get("once")
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil && len(token) <= maxToken {
		_, err = v.Base.Vault.OpenRoot(v.tokenContext(), sealed)
	}
	if err != nil || len(token) > maxToken {
		return cordon.Errorf(cordon.KindInvalid, "this form is not one that a page of Cordon sent: load the page again")
	}
	return v.Once(v.r.URL.Path + " " + token + " " + v.form.Get("id"))
}

// maxToken bounds the token of a form, which takes about half of it.
const maxToken = 200

// token is for one form of the person: nobody else can make it, and it is of no use
// to anybody else.
func (v *visit) token() string {
	return base64.RawURLEncoding.EncodeToString(v.Base.Vault.SealRoot(v.tokenContext(), []byte(rand.Text())))
}

func (v *visit) tokenContext() string { return "form of " + string(v.me.Person.ID) }

// id is the id in the address; whatever is none names nothing.
func (v *visit) id(name string) cordon.ID { return cordon.ID(v.r.PathValue(name)) }

// file is a file that was sent along; nil for none.
func (v *visit) file(name string) *multipart.FileHeader {
	if v.r.MultipartForm == nil || len(v.r.MultipartForm.File[name]) == 0 || v.r.MultipartForm.File[name][0].Size == 0 {
		return nil
	}
	return v.r.MultipartForm.File[name][0]
}

// cursor is the place in a list that was asked for.
func (v *visit) cursor() wire.Page { return wire.Page{Cursor: v.r.URL.Query().Get("cursor")} }

// json answers the script of the pages.
func (v *visit) json(status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return cordon.Errorf(cordon.KindInternal, "the answer could not be written").Because(err)
	}
	v.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	v.w.WriteHeader(status)
	v.w.Write(body)
	return nil
}
