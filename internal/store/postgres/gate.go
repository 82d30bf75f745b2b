package postgres

import (
	"context"
	"sync"
)

// A gate bounds how many Updates a store has under way, by how often they collide.
//
// Updates that read and write the same pages of the same indexes at the same
// time cannot all commit: PostgreSQL lets one through and ends the others,
// which begin again. Where there are many, most of the work is thrown away,
// and the more of them there are the more so, until hardly any commits.
// (Measured: docs/benchmarks.md, the load.) Where they do not collide, many at
// once share the waits for the disk.
//
// So the bound widens a little with each Update that ends without a collision, and
// narrows with each try that collided, by ten times as much: it settles where one
// try in ten or so is in vain. Nodes know nothing of each other here; each finds
// its own share. An Update beyond the bound waits in line.
type gate struct {
	mu      sync.Mutex // guards what follows
	allowed float64
	most    float64
	inside  int
	line    []chan struct{} // closed when its turn has come
}

const (
	// leastInside go on always, so that one that takes long (an import, one
	// that waits for a row) does not keep all others out.
	leastInside = 2

	widen  = 1.01
	narrow = 0.9
)

func newGate(most int) *gate {
	return &gate{allowed: max(float64(most), leastInside), most: max(float64(most), leastInside)}
}

// enter waits for its turn, or until the context ends. Each enter without an error
// is followed by one leave.
func (g *gate) enter(ctx context.Context) error {
	g.mu.Lock()
	turn := make(chan struct{})
	g.line = append(g.line, turn)
	g.admit()
	g.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, waits := range g.line {
		if waits == turn {
			g.line = append(g.line[:i], g.line[i+1:]...)
			return ctx.Err()
		}
	}
	g.inside-- // its turn came at the same moment
	g.admit()
	return ctx.Err()
}

// state is how many are allowed inside, are, and wait in line.
func (g *gate) state() (allowed, inside, waiting int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return int(g.allowed), g.inside, len(g.line)
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	g.admit()
}

// fared notes whether a try of an Update inside collided.
func (g *gate) fared(collided bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if collided {
		g.allowed = max(g.allowed*narrow, leastInside)
		return
	}
	g.allowed = min(g.allowed*widen, g.most)
	g.admit()
}

// admit lets in the first in line, as far as the bound allows.
func (g *gate) admit() {
	for len(g.line) > 0 && g.inside < int(g.allowed) {
		close(g.line[0])
		g.line = g.line[1:]
		g.inside++
	}
}
