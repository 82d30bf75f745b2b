package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/notice"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/signin"
)

// Services is what the API is made over. All of them must be set, and their
// stores be the one that Once gave.
type Services struct {
	*act.Base

	// Authenticate gives what the bearer of a token, or of a session's
	// secret, may do.
	Authenticate func(ctx context.Context, secret string) (cordon.Pass, error)
	// Ready says why requests cannot be answered now, or nothing. It is asked
	// as often as anybody likes.
	Ready func(context.Context) error

	SignIn *signin.Service
	Notice *notice.Service

	// Pages serves what is for people to look at, under the patterns PagesAt;
	// nothing if nil.
	Pages   http.Handler
	PagesAt []string

	// Quantum is the time at whole multiples of which an answer goes out that
	// says that nothing is there or that nobody is signed in; see settle.
	Quantum time.Duration
	// PerPerson and PerAddress bound the requests that are taken: of a
	// person, and, before it is known who asks, of an address.
	PerPerson, PerAddress Rate
	// Metrics counts requests.
	Metrics *Metrics
	// Log gets one line for each request and the causes of faults; never a
	// query, a body or the message of an error.
	Log *slog.Logger
}

// api is the handlers on their services.
type api struct {
	Services
	perPerson, perAddress *limiter
}

func newAPI(services Services) *api {
	return &api{Services: services, perPerson: newLimiter(services.PerPerson), perAddress: newLimiter(services.PerAddress)}
}

// route is one operation.
type route struct {
	// pattern is that of net/http.ServeMux: method and path.
	pattern string
	do      func(*call) (any, error)
	repeat  repeat
	// needs is the scope without which a token is refused, before anything
	// else is looked at; open routes need no token at all.
	needs cordon.Scope
	open  bool
}

// Two needs that are no scopes.
const (
	// anyScope: every token will do; what it can do, the use-case decides.
	anyScope cordon.Scope = "any"
	// everyScope: only what can do all that its person can, such as a session.
	everyScope cordon.Scope = "every"
)

// admits reports whether the scopes will do. A route that does not say what it
// needs needs everything.
func (r route) admits(have cordon.Scopes) bool {
	switch r.needs {
	case anyScope:
		return true
	case everyScope, "":
		return have.Cover(cordon.AllScopes()...)
	}
	return have.Cover(r.needs)
}

// New makes the handler of the API.
func New(services Services) http.Handler {
	a := newAPI(services)
	mux := http.NewServeMux()
	for _, r := range a.routes() {
		mux.Handle(r.pattern, a.handle(r))
	}
	// Under /api/v1 an unknown route is answered as an unknown thing is, and
	// only to whoever is signed in; elsewhere there is nothing to hide.
	nothing := func(*call) (any, error) { return nil, cordon.ErrNotFound }
	mux.Handle("/api/v1/", a.handle(route{do: nothing, needs: anyScope}))
	mux.Handle("/", a.handle(route{do: nothing, open: true}))
	for _, pattern := range services.PagesAt {
		mux.Handle(pattern, a.paged(services.Pages))
	}
	return a.logged(mux)
}

// paged takes no more requests of an address than the API does.
func (a *api) paged(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.limit(a.perAddress, r, address(r)); err != nil {
			a.fail(w, r, err)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// routes lists every operation.
func (a *api) routes() []route {
	return []route{
		{pattern: healthPattern, do: a.health, open: true},
		{pattern: readyPattern, do: a.ready, open: true},
		{pattern: "GET /api/openapi.json", do: a.openapi, open: true},

		{pattern: "GET /api/v1/me", do: a.me, needs: anyScope},
		{pattern: "GET /api/v1/organisations", do: a.organisations, needs: anyScope},
		{pattern: "POST /api/v1/organisations", do: a.addOrganisation, repeat: replayed, needs: cordon.ScopeAdminister},
		{pattern: "GET /api/v1/organisations/{org}", do: a.organisation, needs: anyScope},
		{pattern: "PUT /api/v1/organisations/{org}", do: a.changeOrganisation, repeat: replayed, needs: cordon.ScopeAdminister},
		{pattern: "GET /api/v1/organisations/{org}/people", do: a.people, needs: anyScope},
		{pattern: "POST /api/v1/people", do: a.addPerson, repeat: replayed, needs: cordon.ScopeAdminister},
		{pattern: "GET /api/v1/people/{person}", do: a.personByID, needs: anyScope},
		{pattern: "PUT /api/v1/people/{person}", do: a.changePerson, repeat: replayed, needs: cordon.ScopeAdminister},
		{pattern: "POST /api/v1/people/{person}/tokens", do: a.newToken, repeat: refused, needs: anyScope},
		{pattern: "GET /api/v1/people/{person}/tokens", do: a.tokens, needs: anyScope},
		{pattern: "DELETE /api/v1/people/{person}/tokens/{token}", do: a.revokeToken, repeat: replayed, needs: anyScope},
		{pattern: "POST /api/v1/sessions", do: a.signIn, open: true},
		{pattern: "DELETE /api/v1/session", do: a.signOut, repeat: replayed, needs: everyScope},
		{pattern: "GET /api/v1/people/{person}/sessions", do: a.sessions, needs: everyScope},
		{pattern: "DELETE /api/v1/people/{person}/sessions/{session}", do: a.endSession, repeat: replayed, needs: everyScope},
		{pattern: "POST /api/v1/people/{person}/enrolments", do: a.enrol, repeat: refused, needs: cordon.ScopeAdminister},
		{pattern: "POST /api/v1/enrolments", do: a.useEnrolment, open: true},
		{pattern: "PUT /api/v1/password", do: a.changePassword, repeat: replayed, needs: everyScope},
		{pattern: "GET /api/v1/people/{person}/credentials", do: a.credentials, needs: everyScope},
		{pattern: "POST /api/v1/people/{person}/certificates", do: a.addCertificate, repeat: replayed, needs: cordon.ScopeAdminister},
		{pattern: "DELETE /api/v1/people/{person}/credentials/{credential}", do: a.dropCredential, repeat: replayed, needs: everyScope},

		{pattern: "GET /api/v1/arrangements", do: a.arrangements, needs: cordon.ScopeRead},
		{pattern: "POST /api/v1/arrangements", do: a.addArrangement, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/arrangements/{arrangement}", do: a.arrangement, needs: cordon.ScopeRead},
		{pattern: "POST /api/v1/arrangements/{arrangement}/agreement", do: a.onProposal(arrangement.Agree), repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/arrangements/{arrangement}/decline", do: a.onProposal(arrangement.Decline), repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/arrangements/{arrangement}/amendments", do: a.amend, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/arrangements/{arrangement}/suspension", do: a.onArrangement(arrangement.Suspend), repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/arrangements/{arrangement}/resumption", do: a.onArrangement(arrangement.Resume), repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/arrangements/{arrangement}/departure", do: a.onArrangement(arrangement.Leave), repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/arrangements/{arrangement}/end", do: a.onArrangement(arrangement.End), repeat: replayed, needs: cordon.ScopeRelease},

		{pattern: "GET /api/v1/groups", do: a.groups, needs: cordon.ScopeContain},
		{pattern: "POST /api/v1/groups", do: a.addGroup, repeat: replayed, needs: cordon.ScopeContain},
		{pattern: "PUT /api/v1/groups/{group}", do: a.changeGroup, repeat: replayed, needs: cordon.ScopeContain},
		{pattern: "GET /api/v1/narrowings", do: a.narrowings, needs: cordon.ScopeContain},
		{pattern: "POST /api/v1/reports/{report}/narrowing", do: a.narrowReport, repeat: replayed, needs: cordon.ScopeContain},
		{pattern: "POST /api/v1/arrangements/{arrangement}/narrowing", do: a.narrowArrangement, repeat: replayed, needs: cordon.ScopeContain},

		{pattern: "GET /api/v1/reports", do: a.list, needs: cordon.ScopeRead},
		{pattern: "POST /api/v1/reports", do: a.publish, repeat: replayed, needs: cordon.ScopeWrite},
		{pattern: "POST /api/v1/imports", do: a.importMany, repeat: replayed, needs: cordon.ScopeWrite},
		{pattern: "GET /api/v1/reports/{report}", do: a.read, needs: cordon.ScopeRead},
		{pattern: "GET /api/v1/reports/{report}/export", do: a.export, needs: cordon.ScopeRead},
		{pattern: "PUT /api/v1/reports/{report}/compilation", do: a.setCompilation, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/reports/{report}/tearlines", do: a.tearlines, needs: cordon.ScopeRead},
		{pattern: "POST /api/v1/tearlines", do: a.addTearline, repeat: replayed, needs: cordon.ScopeWrite},
		{pattern: "POST /api/v1/tearlines/check", do: a.checkTearline, needs: cordon.ScopeWrite},
		{pattern: "PUT /api/v1/reports/{report}/portions/{portion}", do: a.revise, repeat: replayed, needs: cordon.ScopeWrite},
		{pattern: "GET /api/v1/search", do: a.search, needs: cordon.ScopeRead},
		{pattern: "GET /api/v1/suggestions", do: a.suggest, needs: cordon.ScopeRead},
		{pattern: "GET /api/v1/counts", do: a.counts, needs: cordon.ScopeRead},

		{pattern: "POST /api/v1/check", do: a.check, needs: cordon.ScopeRead},
		{pattern: "POST /api/v1/scan", do: a.scan, needs: cordon.ScopeRead},
		{pattern: "GET /api/v1/portions/{portion}/holders", do: a.holders, needs: cordon.ScopeRead},
		{pattern: "POST /api/v1/portions/{portion}/facts", do: a.addFacts, repeat: replayed, needs: cordon.ScopeWrite},

		{pattern: "POST /api/v1/release-plans", do: a.planRelease, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/release-requests", do: a.requests, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/release-requests", do: a.request, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/release-requests/{request}", do: a.oneRequest, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/release-requests/{request}/release", do: a.release, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/release-requests/{request}/withdrawal", do: a.withdraw, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/release-parts", do: a.parts, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/release-parts/{part}", do: a.onePart, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/release-parts/{part}/wording", do: a.partWording, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/release-parts/{part}/decision", do: a.decide, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/release-parts/{part}/confirmation", do: a.confirm, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/grants", do: a.grants, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/grants/{grant}/revocation", do: a.revoke, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/emergency-releases", do: a.emergencies, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/emergency-releases", do: a.releaseInEmergency, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "POST /api/v1/emergency-releases/{part}/review", do: a.reviewEmergency, repeat: replayed, needs: cordon.ScopeRelease},
		{pattern: "GET /api/v1/notices", do: a.notices, needs: cordon.ScopeRead},
		{pattern: "GET /api/v1/notices/unread", do: a.unread, needs: cordon.ScopeRead},
		{pattern: "POST /api/v1/notices/read", do: a.readNotices, repeat: replayed, needs: cordon.ScopeRead},

		{pattern: "GET /api/v1/channels", do: a.channels, needs: cordon.ScopeAdminister},
		{pattern: "POST /api/v1/channels", do: a.addChannel, repeat: refused, needs: cordon.ScopeAdminister},
		{pattern: "PUT /api/v1/channels/{channel}", do: a.changeChannel, repeat: replayed, needs: cordon.ScopeAdminister},
		{pattern: "DELETE /api/v1/channels/{channel}", do: a.removeChannel, repeat: replayed, needs: cordon.ScopeAdminister},
		{pattern: "POST /api/v1/channels/{channel}/secret", do: a.newChannelSecret, repeat: refused, needs: cordon.ScopeAdminister},
		{pattern: "POST /api/v1/channels/{channel}/test", do: a.testChannel, repeat: replayed, needs: cordon.ScopeAdminister},

		{pattern: "GET /api/v1/incidents", do: a.incidents, needs: cordon.ScopeContain},
		{pattern: "POST /api/v1/incidents", do: a.openIncident, repeat: replayed, needs: cordon.ScopeContain},
		{pattern: "GET /api/v1/incidents/{incident}", do: a.incident, needs: cordon.ScopeContain},
		{pattern: "POST /api/v1/incidents/{incident}/containment", do: a.contain, repeat: replayed, needs: cordon.ScopeContain},
		{pattern: "GET /api/v1/custody/{portion}", do: a.custody, needs: cordon.ScopeContain},
		{pattern: "DELETE /api/v1/custody/{portion}", do: a.destroy, repeat: replayed, needs: cordon.ScopeContain},

		{pattern: "POST /api/v1/incidents/{incident}/claims", do: a.importClaims, repeat: replayed, needs: cordon.ScopeContain},
		{pattern: "POST /api/v1/incidents/{incident}/propositions", do: a.addProposition, repeat: replayed, needs: cordon.ScopeContain},
		{pattern: "POST /api/v1/incidents/{incident}/sources", do: a.addSource, repeat: replayed, needs: cordon.ScopeContain},
		{pattern: "POST /api/v1/incidents/{incident}/statements", do: a.addStatement, repeat: replayed, needs: cordon.ScopeContain},
		{pattern: "GET /api/v1/incidents/{incident}/matrix", do: a.matrix, needs: cordon.ScopeContain},

		{pattern: "GET /api/v1/registries", do: a.registries, needs: cordon.ScopeWrite},
		{pattern: "POST /api/v1/registries", do: a.addRegistry, repeat: replayed, needs: cordon.ScopeWrite},
		{pattern: "POST /api/v1/registries/{registry}/told", do: a.addTold, repeat: replayed, needs: cordon.ScopeWrite},
		{pattern: "POST /api/v1/registries/{registry}/check", do: a.mosaicCheck, needs: cordon.ScopeRead},

		{pattern: "GET /api/v1/ledger/feed", do: a.feed, needs: cordon.ScopeAudit},
		{pattern: "GET /api/v1/ledger/checkpoint", do: a.checkpoint, needs: anyScope},
		{pattern: "GET /api/v1/ledger/bundle", do: a.bundle, needs: cordon.ScopeAudit},
		{pattern: "POST /api/v1/ledger/verification", do: a.verify, needs: cordon.ScopeAudit},
	}
}
