package httpapi

import (
	"net/http"
	"time"
)

// delayRefusal holds an answer back until a whole multiple of the interval has
// passed since the request came. It is used for every answer that something is
// absent or that credentials do not hold. A withheld thing takes longer to refuse
// than an absent one, since its owners are told, and the time would give it away.
// An interval within which most requests end hides the difference; on a loaded
// machine both kinds take more than one.
func (a *api) delayRefusal(r *http.Request) { delay(r, a.RefusalInterval) }

// onBeat holds an answer to whoever writes back until a whole multiple of the beat has
// passed since the request came. By then what they wrote has mostly been compared with
// everything, so that others see it, and how long anything took does not show. The answer
// does not wait for the comparison: that would tell what there is to be compared with.
func (c *call) onBeat() { delay(c.Request, c.Beat) }

func delay(r *http.Request, interval time.Duration) {
	if interval <= 0 {
		return
	}
	took := time.Since(entryOf(r).began)
	t := time.NewTimer(interval - took%interval)
	defer t.Stop()
	select {
	case <-r.Context().Done(): // nobody waits for the answer any more
	case <-t.C:
	}
}
