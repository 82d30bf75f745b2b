package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"cordon"
	"cordon/internal/arrangement"
	"cordon/internal/audit"
	"cordon/internal/claims"
	"cordon/internal/contain"
	"cordon/internal/ledger"
	"cordon/internal/mosaic"
	"cordon/internal/notice"
	"cordon/internal/people"
	"cordon/internal/reading"
	"cordon/internal/release"
	"cordon/internal/tearline"
	"cordon/internal/trace"
	"cordon/internal/vault"
	"cordon/marking"
)

// Services is what the API is made over. All of them must be set, and their
// stores be the one that Once gave.
type Services struct {
	// Authenticate gives the person a token acts for.
	Authenticate func(ctx context.Context, token string) (cordon.ID, error)

	People   *people.Service
	Reading  *reading.Service
	Release  *release.Service
	Trace    *trace.Service
	Tearline *tearline.Service
	Notice   *notice.Service
	Contain  *contain.Service
	Claims   *claims.Service
	Mosaic   *mosaic.Service
	Audit    *audit.Service
	Ledger   *ledger.Ledger

	Arrangement *arrangement.Service

	Store   cordon.Store
	Vault   *vault.Vault
	Schemes *marking.Set
	Clock   cordon.Clock
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
	// open routes need no token.
	open bool
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
	mux.Handle("/api/v1/", a.handle(route{do: nothing}))
	mux.Handle("/", a.handle(route{do: nothing, open: true}))
	return a.logged(mux)
}

// routes lists every operation.
func (a *api) routes() []route {
	return []route{
		{pattern: "GET /healthz", do: a.health, open: true},
		{pattern: "GET /readyz", do: a.ready, open: true},
		{pattern: "GET /api/openapi.json", do: a.openapi, open: true},

		{pattern: "GET /api/v1/me", do: a.me},
		{pattern: "GET /api/v1/organisations", do: a.organisations},
		{pattern: "POST /api/v1/organisations", do: a.addOrganisation, repeat: replayed},
		{pattern: "GET /api/v1/organisations/{org}", do: a.organisation},
		{pattern: "PUT /api/v1/organisations/{org}", do: a.changeOrganisation, repeat: replayed},
		{pattern: "GET /api/v1/organisations/{org}/people", do: a.people},
		{pattern: "POST /api/v1/people", do: a.addPerson, repeat: replayed},
		{pattern: "GET /api/v1/people/{person}", do: a.personByID},
		{pattern: "PUT /api/v1/people/{person}", do: a.changePerson, repeat: replayed},
		{pattern: "POST /api/v1/people/{person}/tokens", do: a.newToken, repeat: refused},

		{pattern: "GET /api/v1/arrangements", do: a.arrangements},
		{pattern: "POST /api/v1/arrangements", do: a.addArrangement, repeat: replayed},
		{pattern: "GET /api/v1/arrangements/{arrangement}", do: a.arrangement},
		{pattern: "POST /api/v1/arrangements/{arrangement}/agreement", do: a.onProposal(a.Arrangement.Agree), repeat: replayed},
		{pattern: "POST /api/v1/arrangements/{arrangement}/decline", do: a.onProposal(a.Arrangement.Decline), repeat: replayed},
		{pattern: "POST /api/v1/arrangements/{arrangement}/amendments", do: a.amend, repeat: replayed},
		{pattern: "POST /api/v1/arrangements/{arrangement}/suspension", do: a.onArrangement(a.Arrangement.Suspend), repeat: replayed},
		{pattern: "POST /api/v1/arrangements/{arrangement}/resumption", do: a.onArrangement(a.Arrangement.Resume), repeat: replayed},
		{pattern: "POST /api/v1/arrangements/{arrangement}/departure", do: a.onArrangement(a.Arrangement.Leave), repeat: replayed},
		{pattern: "POST /api/v1/arrangements/{arrangement}/end", do: a.onArrangement(a.Arrangement.End), repeat: replayed},

		{pattern: "GET /api/v1/reports", do: a.list},
		{pattern: "POST /api/v1/reports", do: a.publish, repeat: replayed},
		{pattern: "POST /api/v1/imports", do: a.importMany, repeat: replayed},
		{pattern: "GET /api/v1/reports/{report}", do: a.read},
		{pattern: "GET /api/v1/reports/{report}/export", do: a.export},
		{pattern: "PUT /api/v1/reports/{report}/compilation", do: a.setCompilation, repeat: replayed},
		{pattern: "GET /api/v1/reports/{report}/tearlines", do: a.tearlines},
		{pattern: "POST /api/v1/tearlines", do: a.addTearline, repeat: replayed},
		{pattern: "POST /api/v1/tearlines/check", do: a.checkTearline},
		{pattern: "GET /api/v1/search", do: a.search},

		{pattern: "POST /api/v1/check", do: a.check},
		{pattern: "POST /api/v1/scan", do: a.scan},
		{pattern: "GET /api/v1/portions/{portion}/holders", do: a.holders},
		{pattern: "POST /api/v1/portions/{portion}/facts", do: a.addFacts, repeat: replayed},

		{pattern: "GET /api/v1/release-requests", do: a.requests},
		{pattern: "POST /api/v1/release-requests", do: a.request, repeat: replayed},
		{pattern: "GET /api/v1/release-parts", do: a.parts},
		{pattern: "POST /api/v1/release-parts/{part}/decision", do: a.decide, repeat: replayed},
		{pattern: "GET /api/v1/grants", do: a.grants},
		{pattern: "POST /api/v1/grants/{grant}/revocation", do: a.revoke, repeat: replayed},
		{pattern: "GET /api/v1/notices", do: a.notices},

		{pattern: "GET /api/v1/incidents", do: a.incidents},
		{pattern: "POST /api/v1/incidents", do: a.openIncident, repeat: replayed},
		{pattern: "GET /api/v1/incidents/{incident}", do: a.incident},
		{pattern: "POST /api/v1/incidents/{incident}/containment", do: a.contain, repeat: replayed},
		{pattern: "GET /api/v1/custody/{portion}", do: a.custody},
		{pattern: "DELETE /api/v1/custody/{portion}", do: a.destroy, repeat: replayed},

		{pattern: "POST /api/v1/incidents/{incident}/claims", do: a.importClaims, repeat: replayed},
		{pattern: "POST /api/v1/incidents/{incident}/propositions", do: a.addProposition, repeat: replayed},
		{pattern: "POST /api/v1/incidents/{incident}/sources", do: a.addSource, repeat: replayed},
		{pattern: "POST /api/v1/incidents/{incident}/statements", do: a.addStatement, repeat: replayed},
		{pattern: "GET /api/v1/incidents/{incident}/matrix", do: a.matrix},

		{pattern: "GET /api/v1/registries", do: a.registries},
		{pattern: "POST /api/v1/registries", do: a.addRegistry, repeat: replayed},
		{pattern: "POST /api/v1/registries/{registry}/told", do: a.addTold, repeat: replayed},
		{pattern: "POST /api/v1/registries/{registry}/check", do: a.mosaicCheck},

		{pattern: "GET /api/v1/ledger/feed", do: a.feed},
		{pattern: "GET /api/v1/ledger/checkpoint", do: a.checkpoint},
		{pattern: "GET /api/v1/ledger/bundle", do: a.bundle},
		{pattern: "POST /api/v1/ledger/verification", do: a.verify},
	}
}
