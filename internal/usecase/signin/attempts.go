package signin

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"cordon"
)

// A limit is how many failures are free, and how long the next attempt waits
// after one more: first a second, then twice as long after each, up to a bound.
type limit struct {
	free    int
	longest time.Duration
}

// Failures are counted in three ways. Guesses at one person's password from one
// place are soon delayed, by a quarter of an hour at most. Guesses from many
// places are delayed by the count for the name, but briefly, since that delays
// the person too. Guesses at many names are delayed by the count for the place.
var (
	ofPair    = limit{free: 5, longest: 15 * time.Minute}
	ofName    = limit{free: 50, longest: time.Minute}
	ofAddress = limit{free: 30, longest: 15 * time.Minute}
)

// forgetAfter is how long failures are remembered.
const forgetAfter = 24 * time.Hour

// count is one of the counts that an attempt falls under.
type count struct {
	key   []byte
	limit limit
}

// counts are the counts of an attempt, by keyed hashes. Names that nobody has
// are counted like others, and no name is kept.
func (m *Methods) counts(name, from string) []count {
	// As an organisation's name is compared: in other case it is no other.
	name, from = strings.ToLower(strings.ToUpper(name)), place(from)
	return []count{
		{m.keyed("attempts at a name from a place", name+"\x00"+from), ofPair},
		{m.keyed("attempts at a name", name), ofName},
		{m.keyed("attempts from a place", from), ofAddress},
	}
}

// place is the place of an attempt as it is counted. An IPv6 network of 64 bits
// is one place, since one who has an address in it has them all.
func place(from string) string {
	if ap, err := netip.ParseAddrPort(from); err == nil {
		from = ap.Addr().String()
	}
	a, err := netip.ParseAddr(from)
	if err != nil {
		return from
	}
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// counted is each of the counts with one failure more: an attempt is counted as
// a failure before it is checked, so that many at once are not checked for the
// price of one. It is TooMany where the attempt has to wait.
func counted(tx cordon.SignInReader, counts []count, now time.Time) ([]cordon.Attempts, error) {
	next := make([]cordon.Attempts, len(counts))
	var wait time.Duration
	for i, c := range counts {
		a, err := tx.Attempts(c.key)
		if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
			return nil, err
		}
		wait = max(wait, a.Until.Sub(now))
		if now.Sub(a.At) >= forgetAfter {
			a.Failures = 0
		}
		a.Key, a.At, a.Failures = c.key, now, a.Failures+1
		a.Until = time.Time{} // not now: another node's clock may be behind
		if after := c.limit.after(a.Failures); after > 0 {
			a.Until = now.Add(after)
		}
		next[i] = a
	}
	if wait > 0 {
		return nil, cordon.Errorf(cordon.KindTooMany, "too many attempts to sign in failed: try again in %s, or sign in another way", spell(wait)).Because(Wait(wait))
	}
	return next, nil
}

// Wait is the cause of a TooMany error: how long to wait.
type Wait time.Duration

func (w Wait) Error() string { return "the next attempt waits " + time.Duration(w).String() }

// after is how long the next attempt waits after so many failures.
func (l limit) after(failures int) time.Duration {
	n := failures - l.free
	if n <= 0 {
		return 0
	}
	if n > 30 {
		return l.longest
	}
	return min(l.longest, time.Second<<(n-1))
}

// spell is a time to wait in words, rounded up.
func spell(d time.Duration) string {
	n, unit := int((d+time.Second-1)/time.Second), "second"
	if n > 60 {
		n, unit = (n+59)/60, "minute"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// succeeded takes back the count of an attempt that succeeded: the person's
// counts begin anew, and the place has one failure less.
func succeeded(tx cordon.WriteTx, counts []count) error {
	for _, c := range counts {
		a, err := tx.Attempts(c.key)
		if cordon.KindOf(err) == cordon.KindNotFound {
			continue
		}
		if err != nil {
			return err
		}
		if c.limit == ofAddress {
			a.Failures = max(0, a.Failures-1)
		} else {
			a.Failures = 0
		}
		a.Until = time.Time{}
		if err := tx.PutAttempts(a); err != nil {
			return err
		}
	}
	return nil
}
