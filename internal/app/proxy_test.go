package app

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/edge/proxy"
	"cordon/wire"
)

// journal is a log that many goroutines write to.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// forwarding is a proxy's transport: it says for whom it asks.
type forwarding struct{ client string }

func (f forwarding) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Forwarded-For", "203.0.113.99, "+f.client)
	return http.DefaultTransport.RoundTrip(r)
}

// served serves the configuration and gives its address, a client as it comes by a proxy on
// this machine from an address, and the log.
func served(t *testing.T, c Config) (base *url.URL, by func(address string) *client.Client, log *journal) {
	t.Helper()
	log = &journal{}
	c.Logger = slog.New(slog.NewTextHandler(log, nil))
	c.Listen = "127.0.0.1:0"
	a := opened(t, c)
	l := must(a.Listen())(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- a.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("serving: %v", err)
		}
	})
	base = must(url.Parse("http://" + l.Addr().String()))(t)
	return base, func(address string) *client.Client {
		return client.New(base, "", &http.Client{Timeout: time.Minute, Transport: forwarding{address}})
	}, log
}

// TestOneClientLocksNobodyOut: who guesses at passwords behind a proxy keeps
// themselves waiting, and nobody else who comes by it.
func TestOneClientLocksNobodyOut(t *testing.T) {
	const password = "a long enough password"
	for _, trusted := range []bool{true, false} {
		t.Run(fmt.Sprintf("trusted %v", trusted), func(t *testing.T) {
			c, _ := initialised(t)
			if trusted {
				c.TrustedProxies = proxy.Trusted{netip.MustParsePrefix("127.0.0.0/8")}
			}
			_, by, log := served(t, c)
			enrolment, err := opened(t, c).FirstPersonClient().Enrol(t.Context(), "HUB/root")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := by("192.0.2.2").UseEnrolment(t.Context(), wire.EnrolmentUse{Secret: enrolment.Secret, Password: password}); err != nil {
				t.Fatal(err)
			}
			guesser := by("192.0.2.1")
			for i := range 31 {
				_, err := guesser.SignIn(t.Context(), wire.Credentials{Name: fmt.Sprintf("HUB/somebody %d", i), Password: "wrong"})
				if cordon.KindOf(err) != cordon.KindUnauthenticated {
					t.Fatalf("guess %d: %v", i, err)
				}
			}
			if _, err := guesser.SignIn(t.Context(), wire.Credentials{Name: "HUB/another", Password: "wrong"}); cordon.KindOf(err) != cordon.KindTooMany {
				t.Errorf("who guessed goes on: %v", err)
			}
			_, err = by("192.0.2.2").SignIn(t.Context(), wire.Credentials{Name: "HUB/root", Password: password})
			const stray = "requests come by a proxy that is not trusted"
			if trusted {
				if err != nil {
					t.Errorf("another client: %v", err)
				}
				if strings.Contains(log.String(), stray) || !strings.Contains(log.String(), "client=192.0.2.1") || !strings.Contains(log.String(), "client=192.0.2.2") {
					t.Errorf("the log:\n%s", log)
				}
				return
			}
			// The same without a word on the proxy: all are one client, which
			// is said, once.
			if cordon.KindOf(err) != cordon.KindTooMany {
				t.Errorf("another client by an unknown proxy: %v", err)
			}
			if strings.Count(log.String(), stray) != 1 || strings.Contains(log.String(), "client=192.0.2") {
				t.Errorf("the log:\n%s", log)
			}
		})
	}
}

// TestOneClientTakesNobodysRequests: who does not heed that there were too many
// is refused, others behind the same proxy are not, and health checks never.
func TestOneClientTakesNobodysRequests(t *testing.T) {
	c, token := initialised(t)
	c.TrustedProxies = proxy.Trusted{netip.MustParsePrefix("127.0.0.1/32")}
	c.PerAddress, c.PerPerson = &Rate{PerSecond: 0.001, Burst: 5}, &Rate{}
	base, _, _ := served(t, c)
	ask := func(address, path string) int {
		r := must(http.NewRequestWithContext(t.Context(), http.MethodGet, base.JoinPath(path).String(), nil))(t)
		r.Header.Set("Authorization", "Bearer "+token)
		res := must(forwarding{address}.RoundTrip(r))(t)
		res.Body.Close()
		return res.StatusCode
	}
	for i := range 20 {
		want := http.StatusOK
		if i >= 5 {
			want = http.StatusTooManyRequests
		}
		if got := ask("192.0.2.1", "/api/v1/me"); got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		for range 20 {
			if got := ask("192.0.2.1", path); got != http.StatusOK {
				t.Fatalf("%s: %d", path, got)
			}
		}
	}
	if got := ask("192.0.2.2", "/api/v1/me"); got != http.StatusOK {
		t.Errorf("another client: %d", got)
	}
	// A network of 64 bits is one client.
	for i := range 6 {
		want := http.StatusOK
		if i == 5 {
			want = http.StatusTooManyRequests
		}
		if got := ask(fmt.Sprintf("2001:db8::%d", i+1), "/api/v1/me"); got != want {
			t.Errorf("address %d of a network: %d, want %d", i, got, want)
		}
	}
	if got := ask("2001:db8:0:1::1", "/api/v1/me"); got != http.StatusOK {
		t.Errorf("another network: %d", got)
	}
}
