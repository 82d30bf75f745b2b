package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"cordon"
	"cordon/client"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/refile"
	"cordon/internal/core/tokens"
	"cordon/internal/core/vault"
	"cordon/internal/edge/delivery"
	"cordon/internal/edge/exchange/format"
	"cordon/internal/edge/exchange/pdf"
	"cordon/internal/edge/httpapi"
	"cordon/internal/edge/webui"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/signin"
	"cordon/marking"
)

// App is one process's hold on an installation.
type App struct {
	config Config
	store  measured
	vault  *vault.Vault
	ledger *ledger.Ledger
	ready  readiness

	// measured is all that is counted; requests and counters are in it.
	measured *metrics.Set
	requests *httpapi.Metrics
	counters counters

	// now is the installation as the files that the configuration names have it, and
	// tls the certificates; Reload makes others.
	now atomic.Pointer[assembly]
	tls atomic.Pointer[tls.Config]

	// wrote gets a value after every write; the background waits on it.
	wrote chan struct{}
	// written gets a value after a report was written; the comparison waits on it.
	written chan struct{}
	// keptNewest is the checkpoint in newestFile, as the background wrote it last, and
	// reached the one that the journal reaches to.
	keptNewest, reached string
	// journal is of what was struck. Unjournalled is 1 while it cannot be written.
	journal      *struckJournal
	unjournalled atomic.Int64
	// met gets what does not verify; the background raises the alarm.
	met  chan cordon.Unverified
	stop context.CancelFunc
	done chan struct{} // closed when the background has ended
	// ending is closed when a server begins to end; what would go on without
	// an end of its own ends then.
	ending chan struct{}
	// drain bounds how long requests under way may take after that.
	drain time.Duration
	end   sync.Once
	close sync.Once

	// pdfs reads PDF files one at a time.
	pdfs *pdf.Reader

	// local is the token of FirstPersonClient. It is random, in no store, and
	// dies with the process.
	local string
}

// assembly is what acts, made for one reading of the files that the
// configuration names. It keeps nothing that has to outlive it.
type assembly struct {
	base    *act.Base
	signIn  *signin.Methods
	deliver notice.DeliverFunc
	handler http.Handler
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
	store, err := openStore(ctx, c, v.Subkey(stateKey))
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

var errUnsigned = cordon.Errorf(cordon.KindInvalid, "the rows of this database are not signed yet: an older Cordon has written them. "+
	"See that nothing else has, and run cordon upgrade --sign-rows")

func open(ctx context.Context, c Config, store cordon.Store, v *vault.Vault) (*App, error) {
	var signer, verifier string
	err := store.View(ctx, func(tx cordon.ReadTx) (err error) {
		if signed, err := tx.Signed(); err != nil || !signed {
			return cmp.Or(err, error(errUnsigned))
		}
		if err := v.Check(tx); err != nil {
			return err
		}
		if err := checkMoved(tx); err != nil {
			return err
		}
		signer, verifier, err = ledgerKeys(tx, v)
		return err
	})
	if err != nil {
		return nil, notSetUp(err)
	}
	set := metrics.NewSet()
	counted := newMeasured(store, set)
	log, err := ledger.New(counted, signer, verifier, c.Clock)
	if err != nil {
		return nil, err
	}
	a := &App{
		config: c, store: counted, vault: v, ledger: log, wrote: make(chan struct{}, 1), written: make(chan struct{}, 1), met: make(chan cordon.Unverified, 1),
		done: make(chan struct{}), ending: make(chan struct{}), drain: drainTimeout, local: rand.Text(), pdfs: &pdf.Reader{Longest: longestPDF},
		measured: set, requests: httpapi.NewMetrics(set), counters: newCounters(set),
	}
	a.journal = newJournal(c.struckFile(), v.Subkey(struckKey))
	set.NewGauge("cordon_struck_unjournalled", func() float64 { return float64(a.unjournalled.Load()) })
	set.NewGauge("cordon_started_timestamp_seconds", nil).Set(float64(c.Clock.Now().Unix()))
	if err := a.resume(ctx); err != nil {
		return nil, err
	}
	a.ready = readiness{clock: c.Clock, look: a.canWrite}
	if err := a.load(ctx); err != nil {
		return nil, err
	}
	a.refile(ctx)
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	a.stop = stop
	go a.background(background)
	return a, nil
}

// refile makes the tokens of an older version anew before anything is asked, so that
// nothing goes unfound. Where that fails, as it does while rows are not signed, the next
// start tries again.
func (a *App) refile(ctx context.Context) {
	made, left, err := refile.Finish(ctx, a.now.Load().base)
	if made > 0 {
		a.config.Logger.Info("tokens of an older version were made anew", "portions", made)
	}
	if left > 0 {
		a.config.Logger.Error("portions do not open and are found by nothing: run cordon ledger verify", "portions", left)
	}
	if err != nil {
		a.logFault("making tokens anew", err)
	}
}

// Reload reads anew the files that the configuration names: certificates and
// client authorities, marking schemes, the OpenID provider and its secret, the
// mail server's password. From the next request or connection on they rule;
// what is under way ends as it began. Where one cannot be used the error says
// which, and everything stays as it was.
func (a *App) Reload() error {
	err := a.load(context.Background())
	if err != nil {
		a.counters.refused.Inc()
		return err
	}
	a.counters.reloaded.Inc()
	return nil
}

func (a *App) load(ctx context.Context) error {
	certificates, err := a.config.certificates()
	if err != nil {
		return err
	}
	next, err := a.assemble(ctx)
	if err != nil {
		return err
	}
	a.tls.Store(certificates)
	a.now.Store(next)
	return nil
}

func (a *App) assemble(ctx context.Context) (*assembly, error) {
	c := a.config
	schemes, err := c.schemes()
	if err != nil {
		return nil, err
	}
	var now assembly
	if now.deliver, err = delivery.New(c.Delivery); err != nil {
		return nil, err
	}
	now.base = newBase(httpapi.Idempotent(journalled{watched{a.store, a.wrote, a.met}, a.writeStruck}), a.vault, schemes, c.Clock)
	now.base.Ledger = a.ledger
	if c.Beat > 0 {
		now.base.Compare = func() {
			select {
			case a.written <- struct{}{}:
			default:
			}
		}
	}
	provider, err := c.provider()
	if err != nil {
		return nil, err
	}
	if provider != nil {
		if err := provider.Check(ctx, now.base); err != nil {
			return nil, err
		}
	}
	now.signIn, err = signin.New(now.base, signin.Config{Origin: c.Origin, Provider: provider})
	if err != nil {
		return nil, err
	}
	services := a.services(&now)
	services.Pages = webui.New(webui.Services{
		SignIn: now.signIn, Base: now.base, Inside: httpapi.NewInside(services), Open: services.Open, Log: c.Logger, Cast: c.Cast, Ending: a.ending,
	})
	services.PagesAt = webui.Paths()
	now.handler = httpapi.New(services)
	return &now, nil
}

func newBase(store cordon.Store, v *vault.Vault, schemes *marking.Set, clock cordon.Clock) *act.Base {
	return &act.Base{
		Store: store, Vault: v, Rules: reader.NewRuleCache(schemes), Schemes: schemes, Tokens: tokens.New(v.Subkey("tokens")), Clock: clock,
	}
}

func (a *App) services(now *assembly) httpapi.Services {
	c := a.config
	return httpapi.Services{
		Base:         now.base,
		Authenticate: a.authenticate,
		Ready:        a.ready.ready,
		SignIn:       now.signIn,
		Open:         format.Opener{PDF: a.pdfs},
		Channels:     notice.ChannelConfig{Deliver: now.deliver, Mail: c.Delivery.SMTP != "", PlainWebhooks: c.Delivery.Plain()},
		Log:          c.Logger, RefusalInterval: c.RefusalInterval, Beat: c.Beat, PerPerson: *c.PerPerson, PerAddress: *c.PerAddress, Metrics: a.requests,
	}
}

// Handler is the API.
func (a *App) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.now.Load().handler.ServeHTTP(w, r) })
}

// Client is an in-process client that acts by the token.
func (a *App) Client(token string) *client.Client { return client.InProcess(a.Handler(), token) }

// FirstPersonClient is an in-process client that acts as the person who set
// the installation up, for people who work on the data directly: they hold the
// root key, so there is nothing a token would protect, and every organisation's
// people are theirs to look after. It goes through the same decisions on reading
// as everybody's and ends with the process.
func (a *App) FirstPersonClient() *client.Client { return a.Client(a.local) }

// FirstPersonToken is the token of FirstPersonClient. It is good in this process.
func (a *App) FirstPersonToken() string { return a.local }

// authenticate gives the principal of a secret: a session's, a token's, or that of
// FirstPersonClient.
func (a *App) authenticate(ctx context.Context, secret string) (cordon.Principal, error) {
	now := a.now.Load()
	if strings.HasPrefix(secret, signin.SessionPrefix) {
		return now.signIn.Authenticate(ctx, secret)
	}
	if subtle.ConstantTimeCompare([]byte(secret), []byte(a.local)) != 1 {
		return people.Authenticate(ctx, now.base, secret)
	}
	first, err := people.First(ctx, now.base)
	return cordon.Principal{Person: first, Scopes: cordon.AllScopes(), Local: true}, err
}

// longestPDF is how long the PDF files in one request may take.
const longestPDF = time.Minute

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
		// A process may be over before its background has begun. Work that does
		// not finish here is finished at the next start.
		if e := errors.Join(contain.FinishScrub(ctx, a.now.Load().base), a.compare(ctx), a.signLast(ctx)); e != nil {
			a.logFault("closing", e)
		}
		a.pdfs.Close()
		err = a.store.Close()
	})
	return err
}
