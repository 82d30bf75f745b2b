package httpapi

import (
	"net/http"
	"time"
)

// delayRefusal holds an answer back until a whole multiple of the interval has
// passed since the request came. An answer that says that nothing is there, or
// that credentials do not hold, is given so whatever was looked at on the way:
// a thing that is withheld takes longer to refuse than one that is absent, since
// its owners are told, and by a little would give itself away. An interval that
// most requests end within hides the difference; one that a loaded machine
// crosses is crossed by both.
func (a *api) delayRefusal(r *http.Request) {
	if a.RefusalInterval <= 0 {
		return
	}
	took := time.Since(entryOf(r).began)
	t := time.NewTimer(a.RefusalInterval - took%a.RefusalInterval)
	defer t.Stop()
	select {
	case <-r.Context().Done(): // nobody waits for the answer any more
	case <-t.C:
	}
}
