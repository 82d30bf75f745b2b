package httpapi

import (
	"net/http"
	"time"
)

// settle holds an answer back until a whole multiple of the quantum has passed
// since the request came. An answer that says that nothing is there, or that
// credentials do not hold, is given so whatever was looked at on the way: what
// is withheld takes longer to refuse than what is absent, since its owners are
// told, and by a little would give itself away. A quantum that most requests
// end within hides the difference; one that a loaded machine crosses is
// crossed by both.
func (a *api) settle(r *http.Request) {
	if a.Quantum <= 0 {
		return
	}
	took := time.Since(entryOf(r).began)
	t := time.NewTimer(a.Quantum - took%a.Quantum)
	defer t.Stop()
	select {
	case <-r.Context().Done(): // nobody waits for the answer any more
	case <-t.C:
	}
}
