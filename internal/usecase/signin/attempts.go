package signin

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"cordon"
)

// A limit is how many failures are free, and how long the next attempt has to
// wait after one more: a second, twice as long after each, up to a bound.
type limit struct {
	free    int
	longest time.Duration
}

// Failures are counted in three ways. Somebody who guesses at one person's
// password from one place is soon kept waiting, for a quarter of an hour at
// most. From many places they are kept waiting by the count for the name, but
// briefly, since that keeps the person waiting too; those who try many names
// are by the count for the place.
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

// counts are those of an attempt, by keyed hashes: names that nobody has are
// counted like others, and none of them is kept.
func (m *Methods) counts(name, from string) []count {
	// As an organisation's name is compared: in other case it is no other.
	name, from = strings.ToLower(strings.ToUpper(name)), place(from)
	return []count{
		{m.keyed("attempts at a name from a place", name+"\x00"+from), ofPair},
		{m.keyed("attempts at a name", name), ofName},
		{m.keyed("attempts from a place", from), ofAddress},
	}
}

// place is where an attempt comes from as it is counted: an IPv6 network of 64
// bits is one place, as those who have one address in it have them all.
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
// one before it is heard, so that many at once are not heard for one. It is
// TooMany where the attempt has to wait.
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
		return nil, cordon.Errorf(cordon.KindTooMany, "too many attempts to sign in failed: try again in %s, or sign in another way", spell(wait))
	}
	return next, nil
}

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

// succeeded takes back what was counted for an attempt that succeeded: the
// person's counts begin anew, the place is one failure short.
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
