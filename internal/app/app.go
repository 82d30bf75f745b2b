package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/tokens"
	"cordon/internal/core/vault"
	"cordon/internal/edge/delivery"
	"cordon/internal/edge/httpapi"
	"cordon/internal/edge/webui"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/signin"
	"cordon/marking"
)

// App is one process's hold on an installation.
type App struct {
	config  Config
	store   cordon.Store
	ledger  *ledger.Ledger
	base    *act.Base
	signIn  *signin.Service
	outbox  *notice.Outbox
	carrier notice.Carrier
	handler http.Handler
	metrics *httpapi.Metrics

	// wrote is told of every write; the background waits on it.
	wrote chan struct{}
	stop  context.CancelFunc
	done  chan struct{} // closed when the background has ended
	close sync.Once

	// local is the token of FirstPersonClient. It is random, in no store, and
	// dies with the process.
	local string
}

// ledgerKeyMeta is where the store keeps the ledger's pair of keys, sealed.
const ledgerKeyMeta = "ledger.key"

// New opens an installation that Init has set up and starts what runs in the
// background. Close it. Where something is missing or wrong (no data, no key,
// another key, a newer database), the error says what to do and nothing has
// been changed.
func New(ctx context.Context, config Config) (*App, error) {
	c, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := checkPresent(c); err != nil {
		return nil, err
	}
	v, err := vault.New(vault.KeyFile(c.KeyFile))
	if err != nil {
		return nil, err
	}
	store, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	a, err := open(ctx, c, store, v)
	if err != nil {
		store.Close()
		return nil, err
	}
	return a, nil
}

func open(ctx context.Context, c Config, store cordon.Store, v *vault.Vault) (*App, error) {
	var keys cordon.Sealed
	err := store.View(ctx, func(tx cordon.ReadTx) (err error) {
		if err := v.Check(tx); err != nil {
			return err
		}
		keys, err = tx.Meta(ledgerKeyMeta)
		return err
	})
	if cordon.KindOf(err) == cordon.NotFound {
		return nil, cordon.Errorf(cordon.Invalid, "this database is not set up: run cordon init").Because(err)
	}
	if err != nil {
		return nil, err
	}
	pair, err := v.OpenRoot(ledgerKeyMeta, keys)
	if err != nil {
		return nil, err
	}
	signer, verifier, _ := strings.Cut(string(pair), "\n")
	log, err := ledger.New(store, signer, verifier, c.Clock)
	if err != nil {
		return nil, err
	}
	a := &App{
		config: c, store: store, ledger: log, wrote: make(chan struct{}, 1),
		done: make(chan struct{}), local: rand.Text(), metrics: httpapi.NewMetrics(),
	}
	schemes, err := c.schemes()
	if err != nil {
		return nil, err
	}
	if a.carrier, err = delivery.New(c.Carry); err != nil {
		return nil, err
	}
	a.base = newBase(httpapi.Once(watched{store, a.wrote}), v, schemes, c.Clock)
	a.base.Ledger = log
	provider, err := c.provider()
	if err != nil {
		return nil, err
	}
	a.signIn, err = signin.New(signin.Config{
		Store: a.base.Store, Vault: v, Rules: a.base.Rules, People: a.base, Clock: c.Clock, Origin: c.Origin, Provider: provider,
	})
	if err != nil {
		return nil, err
	}
	a.outbox = &notice.Outbox{Store: a.base.Store, Vault: v, Rules: a.base.Rules, Clock: c.Clock}
	a.handler = httpapi.New(a.services())
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	go a.background(background)
	return a, nil
}

func newBase(store cordon.Store, v *vault.Vault, schemes *marking.Set, clock cordon.Clock) *act.Base {
	return &act.Base{
		Store: store, Vault: v, Rules: reader.NewRuleCache(schemes), Schemes: schemes, Tokens: tokens.New(v.Subkey("tokens")), Clock: clock,
	}
}

func (a *App) services() httpapi.Services {
	c := a.config
	return httpapi.Services{
		Base:         a.base,
		Authenticate: a.authenticate,
		SignIn:       a.signIn,
		Notice: &notice.Service{
			Store: a.base.Store, Vault: a.base.Vault, Rules: a.base.Rules, Clock: c.Clock,
			Carrier: a.carrier, Mail: c.Carry.SMTP != "", PlainWebhooks: c.Carry.Plain(),
		},
		Pages:   webui.New(webui.Services{SignIn: a.signIn, Base: a.base, Log: c.Logger}),
		PagesAt: webui.Paths(),
		Log:     c.Logger, Quantum: c.Quantum, PerPerson: *c.PerPerson, PerAddress: *c.PerAddress, Metrics: a.metrics,
	}
}

// Handler is the API.
func (a *App) Handler() http.Handler { return a.handler }

// Client is an in-process client that acts by the token.
func (a *App) Client(token string) *client.Client { return client.InProcess(a.handler, token) }

// FirstPersonClient is an in-process client that acts as the person who set
// the installation up, for whoever works on the data directly: he holds the
// root key, so there is nothing a token would protect. It goes through the
// same decisions as everybody's and ends with the process.
func (a *App) FirstPersonClient() *client.Client { return a.Client(a.local) }

// authenticate gives what the bearer of a secret may do: of a session's, of a
// token's, or of that of FirstPersonClient.
func (a *App) authenticate(ctx context.Context, secret string) (cordon.Pass, error) {
	if strings.HasPrefix(secret, signin.SessionPrefix) {
		return a.signIn.Authenticate(ctx, secret)
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(a.local)) != 1 {
		return people.Authenticate(ctx, a.base, secret)
	}
	first, err := people.First(ctx, a.base)
	if err != nil {
		return cordon.Pass{}, err
	}
	actor, err := people.Me(ctx, a.base.By(first)) // suspended, he is nobody
	return cordon.Pass{Person: actor.Person.ID, Scopes: cordon.AllScopes()}, err
}

// closeFor bounds how long Close works on what is pending.
const closeFor = 5 * time.Second

// Close ends what runs in the background, finishes what it had to do and
// closes the database.
func (a *App) Close() error {
	var err error
	a.close.Do(func() {
		a.stop()
		<-a.done
		ctx, cancel := context.WithTimeout(context.Background(), closeFor)
		defer cancel()
		// A process may be over before its background has begun. What does
		// not finish here is finished at the next start.
		if e := errors.Join(contain.FinishScrub(ctx, a.base), a.sign(ctx)); e != nil {
			a.logFault("closing", e)
		}
		err = a.store.Close()
	})
	return err
}
