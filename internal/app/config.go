// Package app wires Cordon together: the store, the keys, the use-cases, the
// API over them and what runs in the background. Several processes can work
// on one data directory, or one PostgreSQL database, at a time: a server, and
// a command line that is given --data.
package app

import (
	"cmp"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"time"

	"cordon"
	"cordon/internal/edge/delivery"
	"cordon/internal/edge/httpapi"
	"cordon/internal/edge/proxy"
	"cordon/internal/edge/webui"
	"cordon/internal/store/sqlite"
	"cordon/internal/usecase/signin"
)

// Config says what an installation consists of.
type Config struct {
	// DataDir is the data directory: the embedded database and, unless
	// KeyFile says otherwise, the root key.
	DataDir string
	// PostgresURL, where it is set, is the database in place of the embedded
	// one.
	PostgresURL string
	// KeyFile is the file with the root key; root.key in DataDir if empty.
	KeyFile string
	// Listen is the address Run serves on; DefaultListen if empty.
	Listen string
	// Origin is where browsers find this installation, as https://cordon.example;
	// localhost at the port of Listen if empty. Passkeys belong to it.
	Origin string
	// Cast are the people of a demonstration, whom everybody on the machine may
	// sign in as; nil in earnest.
	Cast *Cast
	// TLSCert and TLSKey are the files with the certificate and key to serve
	// with; plain HTTP where they are empty. ClientCA is the file with the
	// authorities whose client certificates are looked at; none if empty.
	TLSCert, TLSKey, ClientCA string
	// ProviderFile describes the OpenID provider whose people may sign in; none
	// if empty.
	ProviderFile string
	// SchemeFiles are files in which marking schemes are defined, besides
	// those in the data directory's schemes folder.
	SchemeFiles []string
	// PlainHTTP lets Listen be beyond loopback without TLS, and MetricsListen
	// beyond loopback.
	PlainHTTP bool
	// TrustedProxies are believed about the client they pass a request on for:
	// by ProxyHeader (X-Forwarded-For if empty), or where ProxyProtocol is set
	// by the PROXY protocol, which each of their connections then begins with.
	TrustedProxies proxy.Trusted
	ProxyHeader    proxy.Header
	ProxyProtocol  bool
	// MetricsListen is the address that Prometheus metrics are served on, for
	// the operator's collector alone; nowhere if empty.
	MetricsListen string
	// RefusalInterval is the time at whole multiples of which an answer goes out that
	// says that nothing is there; DefaultRefusalInterval if zero.
	RefusalInterval time.Duration
	// TickInterval is how often the ledger ticks while something is asked of the
	// installation; DefaultTickInterval if zero. Tests that compare what ticks tell take a
	// longer one, so that they do not depend on how long they run.
	TickInterval time.Duration
	// Beat is the time at whole multiples of which an answer to whoever writes goes out;
	// DefaultBeat if zero. Where it is negative the answer waits until what was written has
	// been compared with everything: others see it then, and how long that took tells of what
	// there is. That is for tests and for a story.
	Beat time.Duration
	// PerPerson and PerAddress bound the requests that this process takes, of
	// a person and of an address; DefaultRates if nil.
	PerPerson, PerAddress *Rate
	// Delivery says how notices leave: the mail server, and which addresses
	// webhooks may reach.
	Delivery delivery.Config
	// Version and Commit say what this program was built from, for the metrics.
	Version, Commit string
	// Clock is cordon.SystemClock if nil.
	Clock cordon.Clock
	// Logger gets what operators need to know and nothing protected; nothing
	// is logged if nil.
	Logger *slog.Logger
}

// DefaultListen is loopback only. An installation is reachable from elsewhere if
// its configuration says so.
const DefaultListen = "127.0.0.1:7878"

// DefaultRefusalInterval is longer than refusing takes, on either store, on a machine
// that is not overloaded, and shorter than anybody waits for.
const DefaultRefusalInterval = 20 * time.Millisecond

// DefaultTickInterval is how long what was done can be unsigned at most.
const DefaultTickInterval = time.Minute

// DefaultBeat is longer than writing and comparing mostly take, and shorter than anybody
// waits for.
const DefaultBeat = 50 * time.Millisecond

// Rate is how many requests a second are taken on average, and how many at
// once; the zero value takes any number.
type Rate = httpapi.Rate

// DefaultRates leave room for a program that works through a long list,
// and for an office behind one address.
func DefaultRates() (perPerson, perAddress Rate) {
	return Rate{PerSecond: 50, Burst: 500}, Rate{PerSecond: 500, Burst: 2000}
}

// KeyFileName is the root key's name in the data directory.
const KeyFileName = "root.key"

func (c Config) withDefaults() (Config, error) {
	if c.Clock == nil {
		c.Clock = cordon.SystemClock{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.RefusalInterval == 0 {
		c.RefusalInterval = DefaultRefusalInterval
	}
	if c.TickInterval == 0 {
		c.TickInterval = DefaultTickInterval
	}
	if c.Beat == 0 {
		c.Beat = DefaultBeat
	}
	perPerson, perAddress := DefaultRates()
	c.PerPerson = cmp.Or(c.PerPerson, &perPerson)
	c.PerAddress = cmp.Or(c.PerAddress, &perAddress)
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	if c.KeyFile == "" && c.DataDir != "" {
		c.KeyFile = filepath.Join(c.DataDir, KeyFileName)
	}
	if c.Origin == "" {
		c.Origin = c.localhost()
	}
	c.ProxyHeader = cmp.Or(c.ProxyHeader, proxy.XForwardedFor)
	if err := c.checkSettings(); err != nil {
		return c, err
	}
	switch {
	case c.DataDir == "" && c.PostgresURL == "":
		return c, cordon.Errorf(cordon.KindInvalid, "say where the data is: a data directory, or the URL of a PostgreSQL database")
	case c.KeyFile == "":
		return c, cordon.Errorf(cordon.KindInvalid, "say where the root key is: a key file, or a data directory to keep it in")
	}
	return c, nil
}

// Check says what New would refuse of the settings that a server is given,
// whatever database it is to run on, and of the files that they name. Its errors are
// Invalid.
func (c Config) Check() error {
	if err := c.checkSettings(); err != nil {
		return err
	}
	if _, err := c.certificates(); err != nil {
		return err
	}
	if _, err := c.schemes(); err != nil {
		return err
	}
	if _, err := c.provider(); err != nil {
		return err
	}
	_, err := delivery.New(c.Delivery)
	return err
}

func (c Config) checkSettings() error {
	for setting, address := range map[string]string{"listen": c.Listen, "metrics-listen": c.MetricsListen} {
		if err := checkAddress(setting, address); err != nil {
			return err
		}
	}
	for whose, rate := range map[string]*Rate{"person": c.PerPerson, "address": c.PerAddress} {
		if err := checkRate(whose, rate); err != nil {
			return err
		}
	}
	if c.Origin != "" {
		if err := signin.CheckOrigin(c.Origin); err != nil {
			return err
		}
	}
	switch {
	case (c.TLSCert == "") != (c.TLSKey == ""), c.ClientCA != "" && c.TLSCert == "":
		return cordon.Errorf(cordon.KindInvalid, "TLS needs a certificate and its key, and client certificates need TLS")
	case !c.PlainHTTP && c.TLSCert == "" && beyond(c.Listen):
		return cordon.Errorf(cordon.KindInvalid, "without TLS anybody on the way reads what %s answers, and tokens with it: "+
			"give a certificate (--tls-cert, --tls-key), listen on loopback behind a proxy that speaks TLS, or say --plain-http", c.Listen)
	case !c.PlainHTTP && beyond(c.MetricsListen):
		return cordon.Errorf(cordon.KindInvalid, "the metrics on %s would be open to the network: serve them on loopback, or say --plain-http", c.MetricsListen)
	case c.ProxyProtocol && len(c.TrustedProxies) == 0:
		return cordon.Errorf(cordon.KindInvalid, "the PROXY protocol is taken from trusted proxies only: name them by --trusted-proxy")
	}
	return nil
}

// checkAddress refuses what cannot be listened on, whatever the machine. An
// address that is left out is none to refuse.
func checkAddress(setting, address string) error {
	if address == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return cordon.Errorf(cordon.KindInvalid, "%s: %q is no address: give HOST:PORT, such as 127.0.0.1:7878", setting, address)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return cordon.Errorf(cordon.KindInvalid, "%s: %q is no port: give a number from 0 to 65535", setting, port)
	}
	return nil
}

func checkRate(whose string, r *Rate) error {
	switch {
	case r == nil:
		return nil
	case !(r.PerSecond >= 0) || math.IsInf(r.PerSecond, 0):
		return cordon.Errorf(cordon.KindInvalid, "rate-%s: %v is no number of requests a second: give 0 for any number, or more", whose, r.PerSecond)
	case r.Burst < 0, r.Burst == 0 && r.PerSecond > 0:
		return cordon.Errorf(cordon.KindInvalid, "burst-%s: %d lets no request through: give 1 or more, or rate-%s 0 for any number", whose, r.Burst, whose)
	}
	return nil
}

// beyond reports whether who listens there can be reached from another machine,
// as far as the address says so: what is none is not listened on anyway.
func beyond(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "localhost" {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err != nil || !ip.Unmap().IsLoopback()
}

func (c Config) database() string { return filepath.Join(c.DataDir, sqlite.FileName) }

// localhost is the origin of an installation that is reached on its own
// machine.
func (c Config) localhost() string {
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return scheme + "://localhost"
	}
	return scheme + "://localhost:" + port
}

// Cast and Role are the people of a demonstration; see Config.
type (
	Cast = webui.Cast
	Role = webui.Role
)
