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

func (t *faultyTx) FeedSize(feed cordon.ID) (int64, error) {
	if err := t.f.step(); err != nil {
		return 0, err
	}
	return t.WriteTx.FeedSize(feed)
}

func (t *faultyTx) Feed(feed cordon.ID, after int64, limit int) ([]cordon.LeafRecord, error) {
	if err := t.f.step(); err != nil {
		return nil, err
	}
	return t.WriteTx.Feed(feed, after, limit)
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

func (t *faultyTx) PutHashes(from int64, hashes [][32]byte) error {
	return errors.Join(t.WriteTx.PutHashes(from, hashes), t.f.step())
}

func (t *faultyTx) PutTree(size int64, checkpoint string) error {
	return errors.Join(t.WriteTx.PutTree(size, checkpoint), t.f.step())
}

// TestIntegrateFailsWhole fails every step of an integration in turn. The
// head must then be the old one or that of a whole batch, and the entries
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
			must(l.Integrate(ctx))
			for i := range pending {
				appendAll(t, store, entry(feeds[i%2]))
			}
			wrapped := keys.open(&faulty{Store: store, failAt: failAt})
			wrapped.batch = batch
			n, err := wrapped.Integrate(ctx)
			if done = err == nil; !done && !errors.Is(err, errInjected) {
				t.Fatalf("%s: step %d: %v", name, failAt, err)
			}
			if !done && n%batch != 0 || done && n != pending {
				t.Fatalf("%s: step %d: %d integrated", name, failAt, n)
			}
			checkAgainstReference(t, l, store, before+n)
			if rest := must(l.Integrate(ctx)); rest != pending-n {
				t.Fatalf("%s: step %d: %d integrated after %d", name, failAt, rest, n)
			}
			checkAgainstReference(t, l, store, before+pending)
		}
		if done {
			if failAt < 20 {
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

// TestNothingIsSignedOnTopOfDamage: neither a checkpoint nor a statement.
func TestNothingIsSignedOnTopOfDamage(t *testing.T) {
	ctx := context.Background()
	for name, damage := range map[string]func(g grown){
		"hash":        func(g grown) { g.store.state.hashes[14][0] ^= 1 }, // of entries 0 to 7
		"hash gone":   func(g grown) { g.store.state.hashes = nil },
		"size":        func(g grown) { g.store.state.size-- },
		"checkpoint":  func(g grown) { g.store.state.checkpoint = newKeys().note("x\n") },
		"feed longer": func(g grown) { g.store.state.feeds[""]++ },
		"feed shorter": func(g grown) {
			g.store.state.feeds[""]--
		},
		"feed forgotten": func(g grown) { delete(g.store.state.feeds, "") },
	} {
		g := grow(t, 9)
		damage(g)
		appendAll(t, g.store, entry(""))
		if n, err := g.Integrate(ctx); n != 0 || cordon.KindOf(err) != cordon.KindInternal {
			t.Errorf("%s: %d integrated, %v", name, n, err)
		}
		if name == "hash" || name == "hash gone" {
			continue // a statement rests on the checkpoint and the feed
		}
		if _, err := g.Bundle(ctx, "", 0, 0, 10); cordon.KindOf(err) != cordon.KindInternal {
			t.Errorf("%s: a bundle in spite of it: %v", name, err)
		}
	}
}
