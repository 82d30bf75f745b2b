package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/notice"
	"cordon/internal/edge/exchange/format"
	"cordon/internal/usecase/signin"
	"cordon/wire"
)

// Services is what the API is made over. All of them must be set, and their
// stores be one that Idempotent gave.
type Services struct {
	*act.Base

	// Authenticate gives the principal of a token, or of a session's secret.
	Authenticate func(ctx context.Context, secret string) (cordon.Principal, error)
	// Ready says why requests cannot be answered now, or nothing. It is asked
	// as often as anybody likes.
	Ready func(context.Context) error

	SignIn   *signin.Methods
	Channels notice.ChannelConfig
	// Open reads the files that are handed in.
	Open format.Opener

	// Pages serves what is for people to look at, under the patterns PagesAt
	// and, to a browser, everywhere where there is nothing else; nothing if nil.
	Pages   http.Handler
	PagesAt []string

	// RefusalInterval is the time at whole multiples of which an answer goes
	// out that says that nothing is there or that nobody is signed in; see
	// delayRefusal.
	RefusalInterval time.Duration
	// Beat is the time at whole multiples of which an answer to whoever writes goes out;
	// see onBeat. At once where it is not positive.
	Beat time.Duration
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

// route is one operation as it is served.
type route struct {
	wire.Declaration
	// do reads the request of the call, acts on it, and answers.
	do func(*call) (answer, error)
	// bound is the same as a function of its request: func(*call, In) (Out, error).
	bound any
}

// answer is the answer of an operation.
type answer struct {
	// value is a pointer to it.
	value any
	// location is the path of what was made; empty where nothing was.
	location string
	made     bool
}

// serve serves a declared operation by a function from its request to its
// answer.
func serve[In, Out any](op wire.Operation[In, Out], do func(*call, In) (Out, error)) route {
	request := requestOf(reflect.TypeFor[In](), op.Scope == wire.Open)
	return route{op.Declared(), func(c *call) (answer, error) {
		var in In
		if err := request.read(c, reflect.ValueOf(&in).Elem()); err != nil {
			return answer{}, err
		}
		out, err := do(c, in)
		if err != nil {
			return answer{}, err
		}
		a := answer{value: &out, made: op.Declared().Creates}
		if op.Location != nil {
			a.location = op.Location(in, out)
		}
		return a, nil
	}, do}
}

// admits reports whether the scopes will do.
func (r route) admits(have cordon.Scopes) bool {
	switch r.Scope {
	case wire.Any:
		return true
	case wire.Every, "":
		return have.Cover(cordon.AllScopes()...)
	}
	return have.Cover(r.Scope)
}

// New makes the handler of the API.
func New(services Services) http.Handler {
	a := newAPI(services)
	mux := http.NewServeMux()
	for _, r := range a.routes() {
		mux.Handle(r.Pattern, a.handle(r))
	}
	// Under /api/v1 an unknown route is answered as an unknown thing is, and
	// only to whoever is signed in; elsewhere there is nothing to hide.
	nothing := func(*call) (answer, error) { return answer{}, cordon.ErrNotFound }
	mux.Handle("/api/v1/", a.handle(route{Declaration: wire.Declaration{Scope: wire.Any}, do: nothing}))
	elsewhere := a.handle(route{Declaration: wire.Declaration{Scope: wire.Open}, do: nothing})
	mux.Handle("/api/", elsewhere)
	log := a.publicLog()
	mux.Handle("GET /checkpoint", log)
	mux.Handle("GET /tile/", log)
	mux.Handle("GET /tile", elsewhere)
	for _, pattern := range services.PagesAt {
		mux.Handle(pattern, a.pages(services.Pages))
	}
	mux.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if services.Pages != nil && strings.Contains(r.Header.Get("Accept"), "text/html") {
			a.pages(services.Pages).ServeHTTP(w, r)
			return
		}
		elsewhere.ServeHTTP(w, r)
	}))
	return a.logged(exact(mux, elsewhere))
}

// exact serves a path that is not in its plain form, as /api/../healthz, like one
// that nothing lies under. The library would send its client to the plain form.
func exact(mux, elsewhere http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent := r.URL.EscapedPath()
		if plain := path.Clean("/" + sent); plain != sent && plain+"/" != sent {
			elsewhere.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// pages takes no more requests of an address than the API does.
func (a *api) pages(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.limit(a.perAddress, r, address(r)); err != nil {
			a.fail(w, r, err)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// Operations lists every operation that is served.
func Operations() []wire.Declaration {
	var all []wire.Declaration
	for _, r := range (&api{}).routes() {
		all = append(all, r.Declaration)
	}
	return all
}

func (a *api) routes() []route {
	return slices.Concat(
		a.statusRoutes(), a.peopleRoutes(), a.signInRoutes(), a.arrangementRoutes(), a.needToKnowRoutes(), a.reportRoutes(),
		a.searchRoutes(), a.tearlineRoutes(), a.traceRoutes(), a.releaseRoutes(), a.emergencyRoutes(), a.waitingRoutes(), a.noticeRoutes(),
		a.incidentRoutes(), a.claimRoutes(), a.mosaicRoutes(), a.ledgerRoutes(),
	)
}
