package postgres

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// TestGateHoldsTheLine: no more are inside than are allowed, all come in, and
// in the order in which they came.
func TestGateHoldsTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(3)
		var inside, most, came atomic.Int64
		order := make(chan int, 50)
		leave := make(chan struct{})
		for i := range 50 {
			go func() {
				if err := g.enter(t.Context()); err != nil {
					t.Error(err)
					return
				}
				order <- i
				most.Store(max(most.Load(), inside.Add(1)))
				came.Add(1)
				<-leave
				inside.Add(-1)
				g.leave()
			}()
			synctest.Wait()
		}
		if n := inside.Load(); n != 3 {
			t.Errorf("%d are inside", n)
		}
		for range 50 {
			leave <- struct{}{}
			synctest.Wait()
		}
		if most.Load() != 3 || came.Load() != 50 || inside.Load() != 0 || g.inside != 0 {
			t.Errorf("at most %d inside, %d came, %d and %d are left", most.Load(), came.Load(), inside.Load(), g.inside)
		}
		for want := range 50 {
			if got := <-order; got != want {
				t.Fatalf("%d came in place of %d", got, want)
			}
		}
	})
}

// TestGateNarrowsAndWidens: tries in vain narrow it, to leastInside and no
// further, and those that were not widen it again, to what it began with.
func TestGateNarrowsAndWidens(t *testing.T) {
	g := newGate(32)
	for range 100 {
		g.fared(true)
	}
	if g.allowed != leastInside {
		t.Errorf("%v are allowed", g.allowed)
	}
	// One in five in vain is too many, one in fifty is not.
	for i := range 1000 {
		g.fared(i%5 == 0)
	}
	if int(g.allowed) != leastInside {
		t.Errorf("with one try of five in vain %v are allowed", g.allowed)
	}
	for i := range 1000 {
		g.fared(i%50 == 0)
	}
	if g.allowed < 25 || g.allowed > 32 {
		t.Errorf("with one try of fifty in vain %v are allowed", g.allowed)
	}
}

// TestGateWidensForThoseInLine: who waits comes in when more are allowed, not
// only when another leaves.
func TestGateWidensForThoseInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(4)
		for range 100 {
			g.fared(true)
		}
		var inside atomic.Int64
		for range 4 {
			go func() {
				if g.enter(t.Context()) == nil {
					inside.Add(1)
				}
			}()
		}
		synctest.Wait()
		if n := inside.Load(); n != leastInside {
			t.Errorf("%d are inside", n)
		}
		for range 100 {
			g.fared(false)
		}
		synctest.Wait()
		if n := inside.Load(); n != 4 {
			t.Errorf("%d are inside when it is wide again", n)
		}
	})
}

// TestGateLosesNoPlace: an Update that gives up, in line or at the moment in which
// its turn comes, takes no place with it.
func TestGateLosesNoPlace(t *testing.T) {
	g := newGate(2)
	var all sync.WaitGroup
	for range 200 {
		ctx, cancel := context.WithCancel(t.Context())
		all.Go(cancel)
		all.Go(func() {
			switch err := g.enter(ctx); {
			case err == nil:
				g.leave()
			case !errors.Is(err, context.Canceled):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if g.inside != 0 || len(g.line) != 0 {
		t.Errorf("%d are left inside and %d in line", g.inside, len(g.line))
	}
}
