package webui

import (
	"net"
	"net/http"
	"time"

	"cordon"
	"cordon/internal/edge/cookie"
)

// Cast are the people of a demonstration. Everybody who reaches the pages from
// the machine itself may sign in as one of them by a click, and nobody else may.
type Cast struct {
	People []Role
	// Session gives a new session of the person of the key.
	Session func(r *http.Request, key string) (secret string, until time.Time, err error)
}

// Role is one of them.
type Role struct{ Key, Name, Org, Says string }

// signInAs signs in as one of the cast.
func (p *pages) signInAs(w http.ResponseWriter, r *http.Request) {
	if !fromHere(r) {
		p.refused(w, r, cordon.Errorf(cordon.KindDenied, "the people of a demonstration can be signed in as from its own machine only"))
		return
	}
	if err := unreadable(r.ParseForm()); err != nil {
		p.refused(w, r, err)
		return
	}
	secret, until, err := p.Cast.Session(r, r.PostForm.Get("person"))
	if err != nil {
		p.refused(w, r, err)
		return
	}
	cookie.Set(w, secret, until)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// fromHere reports whether a request came from the machine itself, by no proxy, and
// to a name that is the machine's own: a page elsewhere whose name was made to lead
// here has another.
func fromHere(r *http.Request) bool {
	from, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !net.ParseIP(from).IsLoopback() || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
		return false
	}
	to, _, err := net.SplitHostPort(r.Host)
	return err == nil && (to == "localhost" || net.ParseIP(to).IsLoopback())
}
