package app

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"cordon"
	"cordon/internal/core/notice"
)

const (
	// lookOut is how often the outbox is looked at, twice as often at most:
	// nodes that were started together do not look together.
	lookOut = 2 * time.Second
	// maxCarried is how many channels this process carries to at a time. One
	// that is slow holds up no other until as many are.
	maxCarried = 64
)

// carry carries what is due in the outbox until the context ends, and returns
// when what was under way then has arrived or has not.
func (a *App) carry(ctx context.Context) {
	c := carriage{app: a, busy: make(map[cordon.ID]bool), failing: make(map[cordon.ID]bool)}
	defer c.under.Wait()
	for ctx.Err() == nil {
		channels, err := notice.Due(ctx, a.now.Load().base)
		if err != nil && ctx.Err() == nil {
			a.logFault("looking at the outbox", err)
		}
		if err == nil {
			a.counters.due.Set(float64(len(channels)))
			a.counters.looked.Set(float64(a.config.Clock.Now().Unix()))
		}
		for _, channel := range channels {
			c.start(ctx, channel)
		}
		sleep(ctx, lookOut/2+rand.N(lookOut/2))
	}
}

// carriage is the channels that are being carried to.
type carriage struct {
	app   *App
	under sync.WaitGroup

	mu      sync.Mutex // guards what follows
	busy    map[cordon.ID]bool
	failing map[cordon.ID]bool // those whose last delivery failed
}

// fared notes how a delivery to the channel went.
func (c *carriage) fared(p notice.Parcel, failed bool) {
	outcome := "delivered"
	if failed {
		outcome = "failed"
	}
	c.app.delivered(p.Kind, outcome)
	c.mu.Lock()
	defer c.mu.Unlock()
	if failed {
		c.failing[p.Channel] = true
	} else {
		delete(c.failing, p.Channel)
	}
	c.app.counters.failing.Set(float64(len(c.failing)))
}

// start begins to carry to the channel unless it is being carried to, or as
// many are as may be.
func (c *carriage) start(ctx context.Context, channel cordon.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[channel] || len(c.busy) >= maxCarried {
		return
	}
	c.busy[channel] = true
	c.app.counters.busy.Set(float64(len(c.busy)))
	c.under.Go(func() {
		defer func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			delete(c.busy, channel)
			c.app.counters.busy.Set(float64(len(c.busy)))
		}()
		for ctx.Err() == nil && c.one(ctx, channel) {
		}
	})
}

// one carries one delivery to the channel, and reports whether to go on with
// the next: not where nothing is due or something went wrong. What was taken
// is seen to its end though the context ends.
func (c *carriage) one(ctx context.Context, channel cordon.ID) bool {
	a, now := c.app, c.app.now.Load()
	taken, err := notice.Take(ctx, now.base, channel)
	if err != nil {
		if ctx.Err() == nil {
			a.logFault("taking from the outbox", err)
		}
		return false
	}
	if taken.Parcel == nil {
		return taken.Due
	}
	parcel := *taken.Parcel
	ctx = context.WithoutCancel(ctx)
	limited, cancel := context.WithTimeout(ctx, notice.CarryFor)
	defer cancel()
	failure := now.carrier(limited, parcel)
	c.fared(parcel, failure != nil)
	if failure != nil {
		// The message names neither address nor text; the cause may.
		a.config.Logger.LogAttrs(ctx, slog.LevelWarn, "not delivered", slog.String("channel", string(channel)),
			slog.Int("attempt", parcel.Attempt), slog.String("why", failure.Error()))
		if err := notice.Failed(ctx, now.base, parcel); err != nil {
			a.logFault("putting back into the outbox", err)
		}
		return false
	}
	if err := notice.Arrived(ctx, now.base, parcel); err != nil {
		// It comes again when the lease is over: at least once.
		a.logFault("taking out of the outbox", err)
		return false
	}
	return true
}
