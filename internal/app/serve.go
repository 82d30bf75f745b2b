package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"cordon"
)

// The server's time limits. The largest report goes up or down a line of some
// 2 Mbit/s within them.
const (
	headerTimeout = 10 * time.Second
	bodyTimeout   = 6 * time.Minute
	answerTimeout = 12 * time.Minute
	idleTimeout   = 2 * time.Minute
	drainTimeout  = 20 * time.Second
	maxHeader     = 64 << 10
)

// Listen opens the socket that Serve serves on. Its error says whether the port is
// in use or the address is none.
func (a *App) Listen() (net.Listener, error) {
	l, err := listen(a.config.Listen)
	if err != nil {
		return nil, err
	}
	if a.config.ProxyProtocol {
		l = a.config.TrustedProxies.Listener(l)
	}
	return a.secured(l), nil
}

// ListenMetrics opens the socket that ServeMetrics serves on; nil where the
// configuration names none.
func (a *App) ListenMetrics() (net.Listener, error) {
	if a.config.MetricsListen == "" {
		return nil, nil
	}
	return listen(a.config.MetricsListen)
}

func listen(address string) (net.Listener, error) {
	l, err := net.Listen(network(address), address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, cordon.Errorf(cordon.KindUnavailable, "%s is in use: another server listens there; choose another address", address).Because(err)
	case errors.Is(err, syscall.EACCES):
		return nil, cordon.Errorf(cordon.KindUnavailable, "%s may not be listened on: ports below 1024 need privileges", address).Because(err)
	case err != nil:
		return nil, cordon.Errorf(cordon.KindUnavailable, "cannot listen on %s: give HOST:PORT", address).Because(err)
	}
	return l, nil
}

// network is what an address is listened on by: one of IPv4 by IPv4 alone, so that
// 0.0.0.0 does not open IPv6 too.
func network(address string) string {
	host, _, err := net.SplitHostPort(address)
	if ip, parsed := netip.ParseAddr(host); err == nil && parsed == nil && ip.Is4() {
		return "tcp4"
	}
	return "tcp"
}

// Serve serves the API and delivers the outbox until the context
// ends, then lets requests and deliveries under way finish. The listener is
// closed when it returns.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	ctx, end := context.WithCancel(ctx)
	delivered := make(chan struct{})
	go func() {
		defer close(delivered)
		a.deliver(ctx)
	}()
	defer func() {
		end()
		<-delivered
	}()
	return a.serve(ctx, l, a.behindProxies(a.Handler()))
}

// behindProxies gives the handler requests with the addresses of their clients.
// A proxy that is not trusted is logged once: all requests that come through it
// count as one client's.
func (a *App) behindProxies(h http.Handler) http.Handler {
	var once sync.Once
	return a.config.TrustedProxies.Handler(h, a.config.ProxyHeader, func(peer netip.Addr) {
		once.Do(func() {
			a.config.Logger.Warn("requests come by a proxy that is not trusted, and all of them count as one client: "+
				"if it is yours, name it by --trusted-proxy", slog.String("peer", peer.String()))
		})
	})
}

// ServeMetrics serves Prometheus metrics under /metrics until the context ends.
func (a *App) ServeMetrics(ctx context.Context, l net.Listener) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", a.serveMetrics)
	return a.serve(ctx, l, mux)
}

func (a *App) serve(ctx context.Context, l net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       bodyTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(a.config.Logger.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(func() { a.end.Do(func() { close(a.ending) }) })
	drained := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.drain)
		defer cancel()
		drained <- server.Shutdown(limit)
	})
	err := server.Serve(l)
	if stop() { // it ended by itself
		return cordon.Errorf(cordon.KindUnavailable, "the server stopped").Because(err)
	}
	if err := <-drained; err != nil {
		server.Close()
		a.config.Logger.Warn("some requests did not finish in time and were broken off", slog.Duration("waited", a.drain))
	}
	return nil
}

// Run is Listen and Serve.
func (a *App) Run(ctx context.Context) error {
	l, err := a.Listen()
	if err != nil {
		return err
	}
	return a.Serve(ctx, l)
}

// Scheme is http or https, as it is served.
func (a *App) Scheme() string {
	if a.config.TLSCert != "" {
		return "https"
	}
	return "http"
}
