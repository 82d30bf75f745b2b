package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"cordon/internal/usecase/audit"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/release"
	"cordon/internal/usecase/writing"

	"cordon"
)

const (
	// gather is how long entries are gathered before they enter their feeds: under
	// load one transaction is for many.
	gather = 250 * time.Millisecond
	// look is how often the ledger is looked at though this process wrote
	// nothing: another may have died with entries pending.
	look = time.Minute
	// retry is the first pause after a fault; it doubles up to look.
	retry = time.Second
	// scrubFor bounds one try to scrub, which waits for readers to finish.
	scrubFor = 30 * time.Second
)

// background keeps the ledger signed, reminds owners and, once after the start, finishes the
// scrub of a containment that was killed before its own.
func (a *App) background(ctx context.Context) {
	defer close(a.done)
	var also sync.WaitGroup
	defer also.Wait()
	also.Go(func() { a.alarms(ctx) })
	also.Go(func() { a.comparing(ctx) })
	scrubbed, rooted, kept, journalled := false, false, false, false
	pause := retry
	asked, ticked := true, time.Time{}
	for ctx.Err() == nil {
		var err error
		if !scrubbed {
			err = a.scrub(ctx)
			scrubbed = err == nil
		}
		if err == nil && !rooted {
			err = a.root(ctx)
			rooted = err == nil
		}
		n, signErr := a.sign(ctx)
		asked = asked || n > 0
		if signErr == nil && asked && time.Since(ticked) >= a.config.TickInterval {
			ticked = time.Now()
			asked, signErr = a.tick(ctx)
		}
		if err := a.keepNewest(); err != nil && !kept {
			a.logFault("in keeping the newest checkpoint", err)
			kept = true // said once
		}
		if err := a.catchUp(ctx); err != nil && !journalled && ctx.Err() == nil {
			a.logFault("in keeping the journal of what was struck", err)
			journalled = true // said once
		}
		err = errors.Join(err, a.remind(ctx), signErr)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.logFault("in the background", err)
			sleep(ctx, pause)
			pause = min(2*pause, look)
			continue
		}
		pause = retry
		wait := look
		if asked {
			wait = max(0, a.config.TickInterval-time.Since(ticked))
		}
		select {
		case <-ctx.Done():
		case <-a.wrote:
			// Whether that wrote an entry is not asked: a refusal of what is withheld
			// and one of what is absent may differ in that, and must not in their tick.
			asked = true
			sleep(ctx, gather)
		case <-time.After(wait):
		}
	}
}

// sign gives pending entries their place in their feeds.
func (a *App) sign(ctx context.Context) (int, error) {
	n, err := a.ledger.Integrate(ctx)
	a.counters.integrated.Add(n)
	return n, err
}

// signLast leaves nothing that no tick commits to.
func (a *App) signLast(ctx context.Context) error {
	_, err := a.ledger.Tick(ctx, 0)
	return errors.Join(err, a.keepNewest(), a.catchUp(ctx))
}

// tick has the public log commit to all feeds, and tells whether it did not because
// another process has just done so.
func (a *App) tick(ctx context.Context) (again bool, err error) {
	before, err := a.ledger.Checkpoint(ctx)
	if err != nil {
		return true, err
	}
	after, err := a.ledger.Tick(ctx, a.config.TickInterval)
	return err != nil || after == before, err
}

// root holds all sets of rows against the last tick, once after the start, and has the
// store remember them.
func (a *App) root(ctx context.Context) error {
	return a.store.View(ctx, func(tx cordon.ReadTx) error {
		faults, err := tx.VerifyRoot(mostAlarms)
		for _, f := range faults {
			select {
			case a.met <- f:
			default: // one alarm is enough
			}
		}
		return err
	})
}

// remind reminds the owners of release requests that expire soon, and officers of what
// waits. Every node does so, and each request and report gets one reminder.
func (a *App) remind(ctx context.Context) error {
	base := a.now.Load().base
	_, err := release.Remind(ctx, base)
	_, tended := writing.Tend(ctx, base)
	return errors.Join(err, tended)
}

// comparing holds what is written against everything: at once where this process has
// written it, and now and then, and after the start, what another has left.
func (a *App) comparing(ctx context.Context) {
	pause := retry
	for ctx.Err() == nil {
		if err := a.compare(ctx); err != nil && ctx.Err() == nil {
			a.logFault("in comparing what was written", err)
			sleep(ctx, pause)
			pause = min(2*pause, look)
			continue
		}
		pause = retry
		select {
		case <-ctx.Done():
		case <-a.written:
		case <-time.After(look):
		}
	}
}

func (a *App) compare(ctx context.Context) error {
	_, err := writing.Compare(ctx, a.now.Load().base)
	return err
}

func (a *App) scrub(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, scrubFor)
	defer cancel()
	return contain.FinishScrub(ctx, a.now.Load().base)
}

// alarmAgain is how long nobody is alarmed again of the same thing.
const alarmAgain = time.Hour

// alarms raises the alarm for what does not verify. The alarm itself works on the same
// database, so where it fails the log and the metric are what is left.
func (a *App) alarms(ctx context.Context) {
	raised := make(map[string]time.Time)
	for {
		select {
		case <-ctx.Done():
			return
		case found := <-a.met:
			a.counters.unverified.Inc()
			now := a.config.Clock.Now()
			if now.Sub(raised[found.What]) < alarmAgain {
				continue
			}
			if len(raised) == mostAlarms {
				clear(raised)
			}
			raised[found.What] = now
			a.config.Logger.Error("the database was changed by something else", "what", found.What, "why", found.Why)
			if err := audit.Alarm(ctx, a.now.Load().base, found); err != nil {
				a.logFault("in raising the alarm", err)
			}
		}
	}
}

// mostAlarms bounds what is remembered of alarms.
const mostAlarms = 1000

// logFault logs a fault outside of any request. The messages of these errors quote
// no protected text.
func (a *App) logFault(doing string, err error) {
	attrs := []slog.Attr{slog.String("doing", doing), slog.String("fault", err.Error())}
	var e *cordon.Error
	if errors.As(err, &e) && errors.Unwrap(e) != nil {
		attrs = append(attrs, slog.String("cause", errors.Unwrap(e).Error()))
	}
	a.counters.faults.Inc()
	a.config.Logger.LogAttrs(context.Background(), slog.LevelError, "fault", attrs...)
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
