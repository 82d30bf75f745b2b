package webui

import (
	"fmt"
	"net/http"
	"time"

	"cordon/internal/edge/cookie"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// eventsEvery is how often it is looked whether something changed for somebody,
// and eventsFor how long one connection is kept.
const (
	eventsEvery = 3 * time.Second
	eventsFor   = 10 * time.Minute
)

// events tells an open page that something changed: that, and nothing of what. It
// ends with the session that it was opened in.
func events(v *visit) error {
	out := http.NewResponseController(v.w)
	v.w.Header().Set("Content-Type", "text/event-stream")
	v.w.WriteHeader(http.StatusOK)
	send := func(name string) error {
		if _, err := fmt.Fprintf(v.w, "event: %s\ndata:\n\n", name); err != nil {
			return err
		}
		return out.Flush()
	}
	if send("open") != nil {
		return nil
	}
	seen := v.waiting
	tick := time.NewTicker(eventsEvery)
	defer tick.Stop()
	end := time.After(eventsFor)
	for {
		select {
		case <-v.r.Context().Done():
			return nil
		case <-end:
			return nil
		case <-v.Ending:
			return nil
		case <-tick.C:
		}
		// The right is looked at anew each time, as for any request.
		principal, err := v.SignIn.Authenticate(v.r.Context(), cookie.Secret(v.r))
		if err != nil {
			send("over")
			return nil
		}
		unread, err := httpapi.Do(v.Inside.Caller(v.r, principal), wire.CountUnread, wire.None{})
		if err != nil {
			send("over")
			return nil
		}
		if unread.Unread != seen {
			seen = unread.Unread
			if send("changed") != nil {
				return nil
			}
		}
	}
}
