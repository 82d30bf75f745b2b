package httpapi

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"cordon"
)

// Rate is how many requests a second are taken on average, and how many at
// once. The zero value takes any number.
type Rate struct {
	PerSecond float64
	Burst     int
}

// limiter keeps a bucket for each recent client. It belongs to one node, so a client
// of several nodes has as many buckets.
type limiter struct {
	rate Rate

	mu      sync.Mutex // guards the two
	buckets map[string]*bucket
	swept   time.Time
}

type bucket struct {
	*rate.Limiter
	used time.Time
}

// maxBuckets bounds what a limiter remembers. Beyond it those that are full
// again, which say nothing, are forgotten, and if none is, all: for a moment
// more is taken than should be, which is better than an exhausted memory.
const maxBuckets = 100_000

func newLimiter(r Rate) *limiter {
	return &limiter{rate: r, buckets: make(map[string]*bucket)}
}

// take takes one request of somebody, or says how long they are to wait.
func (l *limiter) take(whom string, now time.Time) error {
	if l.rate.PerSecond <= 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[whom]
	if b == nil {
		l.sweep(now)
		b = &bucket{Limiter: rate.NewLimiter(rate.Limit(l.rate.PerSecond), max(1, l.rate.Burst))}
		l.buckets[whom] = b
	}
	b.used = now
	if b.AllowN(now, 1) {
		return nil
	}
	wait := time.Duration((1 - b.TokensAt(now)) / l.rate.PerSecond * float64(time.Second))
	return &tooMany{cordon.Errorf(cordon.KindTooMany, "too many requests: try again in %d s", seconds(wait)), wait}
}

// sweep forgets buckets that have filled up again.
func (l *limiter) sweep(now time.Time) {
	full := time.Duration(float64(l.rate.Burst) / l.rate.PerSecond * float64(time.Second))
	if len(l.buckets) < maxBuckets && now.Sub(l.swept) < full+time.Minute {
		return
	}
	l.swept = now
	for whom, b := range l.buckets {
		if now.Sub(b.used) > full {
			delete(l.buckets, whom)
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}

// tooMany is a TooMany error with the time to wait.
type tooMany struct {
	shown error
	wait  time.Duration
}

func (t *tooMany) Error() string { return t.shown.Error() }

func (t *tooMany) Unwrap() error { return t.shown }

func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }

// limit counts the request against its client's bucket. Requests in process are not
// limited, since the process itself would have to wait, nor are health checks: a
// load balancer that is told to wait takes the node out.
func (a *api) limit(l *limiter, r *http.Request, whom string) error {
	if address(r) == "" || healthCheck(r) {
		return nil
	}
	return l.take(whom, a.Clock.Now())
}

// unavailableFor is after how many seconds a request that met a fault of the
// moment, such as a database out of reach, is to be tried again.
const unavailableFor = "1"

func retryAfter(w http.ResponseWriter, t *tooMany) {
	w.Header().Set("Retry-After", strconv.Itoa(seconds(t.wait)))
}

// clientAddress is where a request comes from, without the port: a trusted
// proxy's client (package proxy has put it there) or else whoever connected;
// not valid in process.
func clientAddress(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap().WithZone("")
}

// address is whose requests are counted together: those of a client, and those
// of an IPv6 network of 64 bits, since one who has an address in it has them all.
// It is empty in process, where nothing is limited.
func address(r *http.Request) string {
	from := clientAddress(r)
	switch {
	case !from.IsValid():
		return ""
	case from.Is6():
		return netip.PrefixFrom(from, 64).Masked().String()
	}
	return from.String()
}
