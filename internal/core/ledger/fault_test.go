package ledger

import (
	"context"
	"errors"
	"testing"

	"cordon"
)

var errInjected = cordon.Errorf(cordon.KindUnavailable, "injected")

// faulty is a store whose failAt-th step in an Update fails; the commit is a
// step too. The wrapped store has to undo everything done until then.
type faulty struct {
	cordon.Store
	failAt, steps int
}

func (f *faulty) step() error {
	if f.steps++; f.steps == f.failAt {
		return errInjected
	}
	return nil
}

func (f *faulty) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	return f.Store.Update(ctx, func(tx cordon.WriteTx) error {
		if err := fn(&faultyTx{tx, f}); err != nil {
			return err
		}
		return f.step()
	})
}

// faultyTx fails before the call or, for a write, after it.
type faultyTx struct {
	cordon.WriteTx
	f *faulty
}

func (t *faultyTx) HoldTree() (int64, string, error) {
	if err := t.f.step(); err != nil {
		return 0, "", err
	}
	return t.WriteTx.HoldTree()
}

func (t *faultyTx) Pending(limit int) ([]cordon.Entry, error) {
	if err := t.f.step(); err != nil {
		return nil, err
	}
	return t.WriteTx.Pending(limit)
}

func (t *faultyTx) FeedHead(feed cordon.ID) (cordon.FeedHead, error) {
	if err := t.f.step(); err != nil {
		return cordon.FeedHead{}, err
	}
	return t.WriteTx.FeedHead(feed)
}

func (t *faultyTx) FeedHeads() ([]cordon.FeedHead, error) {
	if err := t.f.step(); err != nil {
		return nil, err
	}
	return t.WriteTx.FeedHeads()
}

func (t *faultyTx) Ticks(from int64, limit int) ([]cordon.Tick, error) {
	if err := t.f.step(); err != nil {
		return nil, err
	}
	return t.WriteTx.Ticks(from, limit)
}

func (t *faultyTx) PutFeedHeads(heads []cordon.FeedHead) error {
	return errors.Join(t.WriteTx.PutFeedHeads(heads), t.f.step())
}

func (t *faultyTx) PutTick(k cordon.Tick) error {
	return errors.Join(t.WriteTx.PutTick(k), t.f.step())
}

func (t *faultyTx) Hashes(indexes []int64) ([][32]byte, error) {
	if err := t.f.step(); err != nil {
		return nil, err
	}
	return t.WriteTx.Hashes(indexes)
}

func (t *faultyTx) Place(records []cordon.LeafRecord) error {
	return errors.Join(t.WriteTx.Place(records), t.f.step())
}

func (t *faultyTx) PutHashes(hashes []cordon.TreeHash) error {
	return errors.Join(t.WriteTx.PutHashes(hashes), t.f.step())
}

func (t *faultyTx) PutTree(size int64, checkpoint string) error {
	return errors.Join(t.WriteTx.PutTree(size, checkpoint), t.f.step())
}

// TestIntegrateFailsWhole fails every step of an integration and the tick after it in
// turn. The feeds must then be the old ones or those of a whole batch, and the entries
// left must integrate as if nothing had been.
func TestIntegrateFailsWhole(t *testing.T) {
	ctx := context.Background()
	const before, pending, batch = 5, 9, 4
	for failAt := 1; ; failAt++ {
		done := false
		for name, store := range stores(t) {
			keys := newKeys()
			feeds := []cordon.ID{"", cordon.NewID()}
			l := keys.open(store)
			for i := range before {
				appendAll(t, store, entry(feeds[i%2]))
			}
			first := ticked(l)
			for i := range pending {
				appendAll(t, store, entry(feeds[i%2]))
			}
			wrapped := keys.open(&faulty{Store: store, failAt: failAt})
			wrapped.batch = batch
			_, err := wrapped.Tick(ctx, 0)
			if done = err == nil; !done && !errors.Is(err, errInjected) {
				t.Fatalf("%s: step %d: %v", name, failAt, err)
			}
			n := len(leaves(t, store)) - before
			if !done && n%batch != 0 && n != pending || done && n != pending {
				t.Fatalf("%s: step %d: %d integrated", name, failAt, n)
			}
			if signed := must(l.Checkpoint(ctx)); (signed == first) == done {
				t.Fatalf("%s: step %d: ticked %t", name, failAt, signed != first)
			}
			checkAgainstReference(t, l, store, before+pending)
		}
		if done {
			if failAt < 35 {
				t.Fatalf("only %d steps were failed", failAt-1)
			}
			return
		}
	}
}

// again is a store that undoes every Update and runs it a second time, as one
// does after a serialisation conflict; other is run in between.
type again struct {
	cordon.Store
	other func()
}

func (a again) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	a.Store.Update(ctx, func(tx cordon.WriteTx) error { fn(tx); return errInjected })
	a.other()
	return a.Store.Update(ctx, fn)
}

func TestIntegrateRunAgain(t *testing.T) {
	ctx := context.Background()
	for name, store := range stores(t) {
		keys := newKeys()
		plain := keys.open(store)
		l := keys.open(again{store, func() {}})
		l.batch = 4
		for range 10 {
			appendAll(t, store, entry(""))
		}
		if n := must(l.Integrate(ctx)); n != 10 {
			t.Errorf("%s: %d integrated", name, n)
		}
		appendAll(t, store, entry(""))
		overtaken := keys.open(again{store, func() { must(plain.Integrate(ctx)) }})
		if n := must(overtaken.Integrate(ctx)); n != 0 {
			t.Errorf("%s: %d integrated that another node did", name, n)
		}
		checkAgainstReference(t, plain, store, 11)
	}
}

// TestIntegrateRefusesWhatIsMalformed: an entry that got past Append is not
// signed for, and the error names it.
func TestIntegrateRefusesWhatIsMalformed(t *testing.T) {
	ctx := context.Background()
	store := &memory{}
	l := newKeys().open(store)
	bad := entry("")
	bad.ID, bad.Portions = cordon.NewID(), []cordon.ID{idOf("b"), idOf("a")}
	if err := store.Update(ctx, func(tx cordon.WriteTx) error { return tx.Append(bad) }); err != nil {
		t.Fatal(err)
	}
	if n, err := l.Integrate(ctx); n != 0 || cordon.KindOf(err) != cordon.KindInternal || errors.Unwrap(err) == nil {
		t.Fatal(n, err)
	}
}

// TestNothingIsSignedOnTopOfDamage: neither a feed's head nor a tick.
func TestNothingIsSignedOnTopOfDamage(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		damage     func(s *memoryState)
		integrates bool
	}{
		"a feed's hash":      {damage: func(s *memoryState) { flip(s, cordon.LogSpan+3) }}, // that of its third entry
		"a feed's hash gone": {damage: func(s *memoryState) { delete(s.hashes, cordon.LogSpan+3) }},
		"a feed longer":      {damage: func(s *memoryState) { s.heads[0].Size++ }},
		"a feed shorter":     {damage: func(s *memoryState) { s.heads[0].Size-- }},
		"a feed's root":      {damage: func(s *memoryState) { s.heads[0].Root[0] ^= 1 }},
		"another's head":     {damage: func(s *memoryState) { s.heads[0], s.heads[1].Log = s.heads[1], 1; s.heads[0].Feed = "" }},
		"another feed's":     {damage: func(s *memoryState) { s.heads[1].Size-- }, integrates: true},
		"the log's hash":     {damage: func(s *memoryState) { flip(s, 0) }, integrates: true},
		"checkpoint":         {damage: func(s *memoryState) { s.checkpoint = newKeys().note("x\n") }, integrates: true},
		"size":               {damage: func(s *memoryState) { s.size = 0 }, integrates: true},
		"last tick gone":     {damage: func(s *memoryState) { s.ticks = nil }},
	} {
		g := grow(t, 9)
		c.damage(&g.store.state)
		appendAll(t, g.store, entry(""))
		if n, err := g.Integrate(ctx); c.integrates != (err == nil) || err != nil && (n != 0 || cordon.KindOf(err) != cordon.KindInternal) {
			t.Errorf("%s: %d integrated, %v", name, n, err)
		}
		if signed, err := g.Tick(ctx, 0); signed != "" || cordon.KindOf(err) != cordon.KindInternal {
			t.Errorf("%s: ticked %q, %v", name, signed, err)
		}
	}
	// Nor is proved what the last tick does not commit to.
	for name, damage := range map[string]func(s *memoryState){
		"a feed longer": func(s *memoryState) { s.heads[0].TickSize++ },
		"a feed's root": func(s *memoryState) { s.heads[1].TickRoot[0] ^= 1 },
		"a feed gone":   func(s *memoryState) { s.heads = s.heads[:2] },
		"the secret":    func(s *memoryState) { s.ticks[0].Secret[0] ^= 1 },
		"what it is of": func(s *memoryState) { s.ticks[0].Slots[0] ^= 1 },
	} {
		g := grow(t, 9)
		damage(&g.store.state)
		if _, err := g.Bundle(ctx, "", 0, 0, 10); cordon.KindOf(err) != cordon.KindInternal {
			t.Errorf("%s: a bundle in spite of it: %v", name, err)
		}
		if _, err := g.Prove(ctx, "", 1); cordon.KindOf(err) != cordon.KindInternal {
			t.Errorf("%s: a proof in spite of it: %v", name, err)
		}
	}
}

// flip changes a stored hash.
func flip(s *memoryState, at int64) {
	h := s.hashes[at]
	h[0] ^= 1
	s.hashes[at] = h
}
