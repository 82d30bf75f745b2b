package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"cordon/internal/app"
	"cordon/internal/edge/delivery"
	"cordon/internal/edge/proxy"
)

func (c *cli) serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the API",
		Long: `Serve serves the JSON API on a data directory or a PostgreSQL database until it is
interrupted; requests under way are finished. Several nodes can serve one database.
The log holds nothing protected.

For use over a network give it a certificate (--tls-cert), or put a proxy that speaks
TLS in front of it. Say with --origin where browsers find it: passkeys belong to
that. With --client-ca, programs can show client certificates.

Behind a proxy, name the proxy with --trusted-proxy. Requests are then counted and
logged by the client that the proxy names, and not all as the proxy's own.

At SIGHUP it reads its files anew (certificates, marking schemes, the OpenID
provider, the mail password). Where one cannot be used, it says so in the log and
goes on with the old one.

With --smtp, organisations can have notices mailed. Webhooks reach the public
internet, by https. Name in --webhook-allow where else they may go; if loopback is
among it, webhooks to loopback may be http.`,
		Example: `  cordon serve
  cordon serve --data /srv/cordon --listen 127.0.0.1:7878
  cordon serve --listen :443 --origin https://cordon.example --tls-cert cert.pem --tls-key key.pem
  cordon serve --listen 127.0.0.1:7878 --origin https://cordon.example --trusted-proxy 127.0.0.1
  cordon serve --postgres postgres://cordon@db/cordon --key /run/keys/cordon.key
  cordon serve --smtp smtp://cordon@mail.example.org --smtp-from cordon@example.org --smtp-password-file /run/keys/smtp`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.where.server != "" {
				return usagef("serve needs --data or --postgres: %s names another server", c.origins["server"].name)
			}
			if err := c.resolve(); err != nil {
				return err
			}
			config, err := o.config(c)
			if err != nil {
				return err
			}
			c.strangers()
			if o.upgrade {
				if _, _, err := app.Upgrade(cmd.Context(), config); err != nil {
					return err
				}
			}
			return c.serve(cmd.Context(), config)
		},
	}
	o.flags(cmd)
	return cmd
}

// serveOptions are what the flags of serve say.
type serveOptions struct {
	listen, metrics       string
	origin                string
	tlsCert, tlsKey       string
	clientCA, oidc        string
	perPerson, perAddress app.Rate
	logLevel, logFormat   string
	ways                  delivery.Config
	plainHTTP             bool
	trusted               proxy.Trusted
	proxyHeader           string
	proxyProtocol         bool
	upgrade               bool
}

func (o *serveOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	perPerson, perAddress := app.DefaultRates()
	f.StringVar(&o.listen, "listen", app.DefaultListen, "the `address` to listen on")
	f.BoolVar(&o.plainHTTP, "plain-http", false, "listen beyond this machine without TLS: a proxy on the way speaks it")
	f.Var(&prefixes{(*[]netip.Prefix)(&o.trusted)}, "trusted-proxy", "an address or `range` of proxies that are believed about their clients; can be repeated")
	f.StringVar(&o.proxyHeader, "proxy-header", string(proxy.XForwardedFor), "the `header` by which proxies name their clients: X-Forwarded-For or Forwarded")
	f.BoolVar(&o.proxyProtocol, "proxy-protocol", false, "trusted proxies begin each connection by the PROXY protocol")
	f.StringVar(&o.origin, "origin", "", "where browsers find it, an `origin` such as https://cordon.example; localhost where it is left out")
	f.StringVar(&o.tlsCert, "tls-cert", "", "serve TLS with the certificate in this `file` (PEM)")
	f.StringVar(&o.tlsKey, "tls-key", "", "the certificate's key, a `file` (PEM)")
	f.StringVar(&o.oidc, "oidc", "", "let people sign in by the OpenID provider that this `file` describes (JSON)")
	f.StringVar(&o.clientCA, "client-ca", "", "take client certificates of the authorities in this `file` (PEM)")
	f.StringVar(&o.metrics, "metrics-listen", "", "serve Prometheus metrics on this `address`, for the collector alone")
	f.Float64Var(&o.perPerson.PerSecond, "rate-person", perPerson.PerSecond, "requests a second that one person may send on average; 0 for any number")
	f.IntVar(&o.perPerson.Burst, "burst-person", perPerson.Burst, "requests that one person may send at once")
	f.Float64Var(&o.perAddress.PerSecond, "rate-address", perAddress.PerSecond, "requests a second that may come from one address; 0 for any number")
	f.IntVar(&o.perAddress.Burst, "burst-address", perAddress.Burst, "requests that may come from one address at once")
	f.BoolVar(&o.upgrade, "upgrade", false, "bring a database of an older Cordon to this version first: no other server may be on it")
	f.StringVar(&o.logLevel, "log-level", "warn", "log on standard error from this `level` on: debug, info (a line for each request), warn or error")
	f.StringVar(&o.logFormat, "log-format", "text", "write the log as `text` or json")
	f.StringVar(&o.ways.SMTP, "smtp", "", "the mail server's `URL`: smtp://USER@HOST:PORT (STARTTLS), smtps:// (TLS), smtp+plain:// (no TLS)")
	f.StringVar(&o.ways.SMTPPasswordFile, "smtp-password-file", "", "the `file` with the password for the mail server")
	f.StringVar(&o.ways.From, "smtp-from", "", "the `address` that mail comes from")
	f.Var(&prefixes{&o.ways.Allow}, "webhook-allow", "an address or `range` that webhooks may reach besides the public internet; can be repeated")
	namesFiles(f, "tls-cert", "tls-key", "oidc", "client-ca", "smtp-password-file")
}

// config is what the flags say of a server. What no server would take is a
// usage error.
func (o *serveOptions) config(c *cli) (app.Config, error) {
	config := c.config()
	config.Version, config.Commit = thisVersion().Version, thisVersion().Commit
	config.Listen, config.MetricsListen, config.Delivery, config.Origin = o.listen, o.metrics, o.ways, o.origin
	config.Delivery.SMTPPasswordFile = c.path(o.ways.SMTPPasswordFile)
	config.ProviderFile = c.path(o.oidc)
	config.TLSCert, config.TLSKey, config.ClientCA = c.path(o.tlsCert), c.path(o.tlsKey), c.path(o.clientCA)
	config.PerPerson, config.PerAddress = &o.perPerson, &o.perAddress
	config.PlainHTTP, config.TrustedProxies, config.ProxyProtocol = o.plainHTTP, o.trusted, o.proxyProtocol
	var err error
	if config.ProxyHeader, err = proxy.ParseHeader(o.proxyHeader); err != nil {
		return config, usageError{err}
	}
	if config.Logger, err = c.serverLog(o.logLevel, o.logFormat); err != nil {
		return config, err
	}
	if err := config.Check(); err != nil {
		return config, usageError{err}
	}
	return config, nil
}

// serverLog is the log of a server, on standard error.
func (c *cli) serverLog(level, format string) (*slog.Logger, error) {
	var from slog.Level
	if err := from.UnmarshalText([]byte(level)); err != nil {
		return nil, usagef("log-level: %q is not a level: give debug, info, warn or error", level)
	}
	options := &slog.HandlerOptions{Level: from}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(c.err, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(c.err, options)), nil
	}
	return nil, usagef("log-format: %q is not a format: give text or json", format)
}

func (c *cli) serve(ctx context.Context, config app.Config) error {
	a, err := app.New(ctx, config)
	if err != nil {
		return err
	}
	l, err := a.Listen()
	if err != nil {
		a.Close()
		return err
	}
	m, err := a.ListenMetrics()
	if err != nil {
		l.Close()
		a.Close()
		return err
	}
	lines := map[string]string{"serving": a.Scheme() + "://" + l.Addr().String()}
	if m != nil {
		lines["metrics"] = "http://" + m.Addr().String() + "/metrics"
	}
	err = c.showLine(lines, func() {
		c.out.Printf("serving %s\n", lines["serving"])
		if m != nil {
			c.out.Printf("metrics %s\n", lines["metrics"])
		}
	})
	if err == nil {
		err = c.serveBoth(ctx, a, l, m, config.Logger)
	}
	if closing := a.Close(); err == nil {
		err = closing
	}
	return err
}

// serveBoth serves the API, and the metrics where there is a socket for them,
// until the context ends or one of them does. Meanwhile it reads files anew
// when it is told to, and keeps the service manager informed.
func (c *cli) serveBoth(ctx context.Context, a *app.App, l, metrics net.Listener, log *slog.Logger) error {
	manager := manager{c.env("NOTIFY_SOCKET")}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.Serve(ctx, l) })
	if metrics != nil {
		group.Go(func() error { return a.ServeMetrics(ctx, metrics) })
	}
	group.Go(func() error {
		const status = "serving"
		manager.ready(status)
		for {
			select {
			case <-ctx.Done():
				manager.stopping("finishing the requests under way")
				return nil
			case <-hangups:
				manager.reloading()
				reload(a, log)
				manager.ready(status)
			}
		}
	})
	return group.Wait()
}

// reload has the files read anew, and logs the outcome.
func reload(a *app.App, log *slog.Logger) {
	if err := a.Reload(); err != nil {
		attrs := []any{slog.String("fault", message(err))}
		if cause := errors.Unwrap(err); cause != nil {
			attrs = append(attrs, slog.String("cause", cause.Error()))
		}
		log.Error("the files were not read anew: the server goes on with the old ones", attrs...)
		return
	}
	log.Info("the files were read anew")
}

// logger tells operators, on standard error, what they need to know.
func (c *cli) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
}
