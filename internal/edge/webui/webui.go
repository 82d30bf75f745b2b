// Package webui is the pages: what a person who never opens a terminal sees of
// Cordon and does with it.
//
// A page decides nothing and reads nothing past the API: it runs the API's
// operations from within (see httpapi.Inside), so that whatever holds for a
// program holds for a person. Pages work without JavaScript, all but passkeys. A
// person's words, names and searches travel in the bodies of forms, never in an
// address. Each form carries a token by which it is done once.
//
// There is a file for each page: a plain struct of what it shows, its handlers,
// and a template of the same name in the folder pages.
package webui

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"cordon/internal/core/act"
	"cordon/internal/edge/cookie"
	"cordon/internal/edge/exchange/format"
	"cordon/internal/edge/httpapi"
	"cordon/internal/usecase/signin"
)

// maxForm bounds what a page sends.
const maxForm = 16 << 20

// maxSignIn bounds what is read of somebody of whom nothing is known.
const maxSignIn = 128 << 10

// Services is what the pages are made over. All of them must be set, but for
// Cast.
type Services struct {
	SignIn *signin.Methods
	Base   *act.Base
	Inside *httpapi.Inside
	// Open reads the files that are handed in.
	Open format.Opener
	// Log gets the causes of faults; never what a person typed.
	Log *slog.Logger
	// Ending is closed when the server ends, which does not wait for pages that
	// are kept up to date.
	Ending <-chan struct{}
	// Cast are the people of a demonstration, whom everybody who reaches the
	// pages may sign in as; nil in earnest.
	Cast *Cast
}

type pages struct {
	Services
	look look
}

// New makes the handler of the pages.
func New(services Services) http.Handler {
	p := &pages{Services: services, look: newLook(services.Base.Schemes)}
	open, signedIn := http.NewServeMux(), http.NewServeMux()
	p.openPages(open)
	for pattern, fn := range p.signedInPages() {
		signedIn.HandleFunc(pattern, p.visit(fn))
	}
	nowhere := p.visit(func(v *visit) error { return notHere })
	signedIn.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if allowed := methods(r, open, signedIn); allowed != "" {
			// A method that no page has at a path is told by the path alone, which
			// says nothing of what lies there.
			w.Header().Set("Allow", allowed)
			http.Error(w, "there are pages here for "+allowed+" alone", http.StatusMethodNotAllowed)
			return
		}
		nowhere(w, r)
	})
	open.Handle("/", signedIn)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), publickey-credentials-get=(self), publickey-credentials-create=(self)")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		// Signing in is guarded too: nobody is to be signed in as somebody
		// else without knowing.
		if err := cookie.Guard(r); err != nil {
			p.refused(w, r, err)
			return
		}
		most := int64(maxForm)
		if _, pattern := open.Handler(r); pattern != "/" {
			most = maxSignIn
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		open.ServeHTTP(w, r)
	})
}

// methods are those that pages have at the path of a request, where it comes with
// another; empty where it comes with one of them, or there are none.
func methods(r *http.Request, muxes ...*http.ServeMux) string {
	var all []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		one := r.Clone(r.Context())
		one.Method = method
		if slices.ContainsFunc(muxes, func(m *http.ServeMux) bool { _, pattern := m.Handler(one); return pattern != "/" }) {
			all = append(all, method)
		}
	}
	return strings.Join(all, ", ")
}

// policy lets a page run and show what this server sent as files, and nothing
// else: no script or style within the page, and no text that becomes script.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// Paths are the patterns of net/http.ServeMux that the pages are served under,
// besides the root.
func Paths() []string {
	var out []string
	for pattern := range (&pages{}).signedInPages() {
		_, path, _ := strings.Cut(pattern, " /")
		path, _, _ = strings.Cut(path, "/")
		for _, one := range []string{"/" + path, "/" + path + "/"} {
			if path != "{$}" && !slices.Contains(out, one) {
				out = append(out, one)
			}
		}
	}
	return append(out, "/assets/", "/signin", "/signin/", "/signout", "/enrol", "/passkey", "/passkey/", "/language", "/demo")
}

// openPages are those for people of whom nothing is known yet.
func (p *pages) openPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /assets/{name}", p.asset)
	mux.HandleFunc("GET /signin", p.askSignIn)
	mux.HandleFunc("POST /signin", p.signIn)
	mux.HandleFunc("GET /enrol", p.askEnrol)
	mux.HandleFunc("POST /enrol", p.enrol)
	mux.HandleFunc("POST /language", p.setLanguage)
	mux.HandleFunc("POST /signin/passkey/options", p.script(p.askPasskey))
	mux.HandleFunc("POST /signin/passkey", p.script(p.usePasskey))
	mux.HandleFunc("POST /passkey/options", p.script(p.askNewPasskey))
	mux.HandleFunc("POST /passkey", p.script(p.addPasskey))
	mux.HandleFunc("GET /signin/oidc", p.askProvider)
	mux.HandleFunc("GET "+signin.CallbackPath, p.fromProvider)
	mux.HandleFunc("POST /signout", p.signOut)
	if p.Cast != nil {
		mux.HandleFunc("POST /demo", p.signInAs)
	}
}

// signedInPages are those for people who have signed in, by their patterns.
func (p *pages) signedInPages() map[string]func(*visit) error {
	return map[string]func(*visit) error{
		"GET /{$}": inbox, "POST /notices/read": readNotices, "GET /events": events,
		"GET /account": account, "POST /account/password": changePassword, "POST /account/credential": dropCredential,
		"POST /account/session": endSession, "POST /account/token": revokeToken, "POST /account/tokens": newToken,

		"GET /reports": reports, "GET /search": search, "POST /search": search, "POST /marking": marks,
		"GET /reports/{report}": report, "POST /reports/{report}/export": export, "POST /reports/{report}/compilation": compile,
		"POST /reports/{report}/narrow":                     narrowReport,
		"GET /reports/{report}/portions/{portion}/revise":   revise,
		"POST /reports/{report}/portions/{portion}/revise":  reviseReport,
		"GET /reports/{report}/portions/{portion}/wordings": wordings,
		"GET /portions/{portion}":                           portion, "POST /portions/{portion}/facts": addFacts,
		"GET /write": write, "POST /write": writeReport, "GET /import": importFile, "POST /import": importReports,
		"GET /tearlines/new": newTearline, "POST /tearlines/new": writeTearline, "GET /tearlines/check": checkTearline,
		"GET /check": check, "POST /check": checkText,

		"GET /requests": requests, "GET /requests/new": newRequest, "POST /requests/new": ask, "GET /requests/{request}": request,
		"POST /requests/{request}/release": releaseRequest, "POST /requests/{request}/withdraw": withdraw,
		"GET /answers": answers, "GET /answers/{part}": answer, "POST /answers/{part}": decide, "POST /answers/{part}/confirm": confirmAnswer,
		"GET /grants": grants, "POST /grants/revoke": revokeGrant,
		"GET /waiting": waiting, "POST /waiting/decide": decideWaiting,
		"GET /emergencies": emergencies, "POST /emergencies/review": review, "GET /emergencies/new": newEmergency, "POST /emergencies/new": releaseInEmergency,

		"GET /arrangements": arrangements, "GET /arrangements/new": newArrangement, "POST /arrangements/new": addArrangement,
		"GET /arrangements/{arrangement}": arrangement, "POST /arrangements/{arrangement}": onArrangement,
		"GET /arrangements/{arrangement}/amend": amendArrangement, "POST /arrangements/{arrangement}/amend": proposeAmendment,
		"POST /arrangements/{arrangement}/narrow": narrowArrangement,

		"GET /incidents": incidents, "POST /incidents": openIncident, "POST /incidents/take": takeTo, "GET /incidents/{incident}": incident,
		"POST /incidents/{incident}/contain": contain, "GET /incidents/{incident}/claims": claims, "POST /incidents/{incident}/claims": addClaim,
		"GET /custody/{portion}": custody, "POST /custody/{portion}/destroy": destroy,
		"GET /mosaic": mosaicHome, "POST /mosaic": checkMosaic, "POST /mosaic/registries": addRegistry,
		"GET /ledger": ledger, "POST /ledger/verify": verifyLedger, "POST /ledger/bundle": bundle,

		"GET /people": people, "POST /people": addPerson, "GET /people/{person}": person, "POST /people/{person}": changePerson,
		"POST /people/{person}/signin": onPerson,
		"GET /groups":                  groups, "POST /groups": addGroup, "POST /groups/change": changeGroup,
		"GET /channels": channels, "POST /channels": addChannel, "POST /channels/change": onChannel,
		"GET /installation": installation, "POST /installation": addOrganisation,
		"GET /organisations/{org}": organisation, "POST /organisations/{org}": changeOrganisation,
		"POST /organisations/{org}/invitation": inviteAdministrator, "POST /organisations/{org}/ceiling": setCeiling, "POST /people/ceiling": askCeiling,
	}
}
