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
	// outboxPause is the longest pause between two looks at the outbox. Each
	// pause is drawn from the upper half of it, so that nodes that were started
	// together do not look together.
	outboxPause = 2 * time.Second
	// maxDelivering is how many channels this process delivers to at a time. A
	// slow one holds up no other until so many are slow.
	maxDelivering = 64
)

// deliver delivers the outbox until the context ends. It returns once every
// attempt under way has succeeded or failed.
func (a *App) deliver(ctx context.Context) {
	c := deliveries{app: a, busy: make(map[cordon.ID]bool), failing: make(map[cordon.ID]bool)}
	defer c.running.Wait()
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
		sleep(ctx, outboxPause/2+rand.N(outboxPause/2))
	}
}

// deliveries are the attempts under way, one for each channel.
type deliveries struct {
	app     *App
	running sync.WaitGroup

	mu      sync.Mutex // guards what follows
	busy    map[cordon.ID]bool
	failing map[cordon.ID]bool // those whose last delivery failed
}

// count counts how an attempt ended, and notes whether its channel fails.
func (c *deliveries) count(p notice.Parcel, failed bool) {
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

// start begins to deliver to the channel, unless that is under way or as many
// channels are as may be.
func (c *deliveries) start(ctx context.Context, channel cordon.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[channel] || len(c.busy) >= maxDelivering {
		return
	}
	c.busy[channel] = true
	c.app.counters.busy.Set(float64(len(c.busy)))
	c.running.Go(func() {
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

// one makes one attempt to deliver to the channel, and reports whether to go on
// with the next: not where nothing is due or something went wrong. An attempt
// that has begun is finished though the context ends.
func (c *deliveries) one(ctx context.Context, channel cordon.ID) bool {
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
	limited, cancel := context.WithTimeout(ctx, notice.DeliveryTimeout)
	defer cancel()
	failure := now.deliver(limited, parcel)
	c.count(parcel, failure != nil)
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
