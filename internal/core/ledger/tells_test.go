package ledger

import (
	"context"
	"encoding/json"
	"regexp"
	"testing"

	"cordon"

	"github.com/google/go-cmp/cmp"
)

// anyHash are hashes and signatures, which differ by their nature.
var anyHash = regexp.MustCompile(`[A-Za-z0-9+/]{43,}={0,2}`)

// shown is all that an owner is given of the ledger, without hashes, signatures and ids.
func shown(l *Ledger, feed cordon.ID) (all []string) {
	ctx := context.Background()
	checkpoint := ticked(l)
	size := must(OpenCheckpoint(checkpoint, l.PublicKey())).Size
	for _, v := range []any{
		checkpoint, must(l.Bundle(ctx, feed, 0, 0, MaxBundle)), must(l.Bundle(ctx, feed, 1, size-1, MaxBundle)),
		must(l.Prove(ctx, feed, 2)), must(l.ProveConsistency(ctx, size-1)),
	} {
		all = append(all, anyHash.ReplaceAllString(string(must(json.Marshal(v))), "#"))
	}
	return all
}

// TestItsSizeTellsNothing has two histories that differ in what other organisations
// have in their feeds, in how much, and in how many they are. An owner is shown the same
// of both, but for hashes.
func TestItsSizeTellsNothing(t *testing.T) {
	keys := newKeys()
	mine := []cordon.Entry{entry(cordon.NewID())}
	for range 2 {
		e := entry(mine[0].Feed)
		e.ID = cordon.NewID()
		mine = append(mine, e)
	}
	mine[0].ID = cordon.NewID()
	play := func(others int) (all []string) {
		store := &memory{}
		l := keys.open(store)
		for _, e := range mine {
			for i := range others {
				appendAll(t, store, entry(""), entry(cordon.NewID()))
				if i%2 == 0 {
					must(l.Integrate(context.Background()))
				}
			}
			appendAll(t, store, e)
			ticked(l)
		}
		for range 3 {
			for range others {
				appendAll(t, store, entry(""))
			}
			all = append(all, shown(l, mine[0].Feed)...)
		}
		return all
	}
	quiet := play(0)
	for _, others := range []int{1, 7} {
		if diff := cmp.Diff(quiet, play(others)); diff != "" {
			t.Errorf("with %d others:\n%s", others, diff)
		}
	}
}

// TestSaltedAnew: nothing beside an owner's slot stays from one tick to the next, though
// nothing was recorded between, so that who was active cannot be told from what changed.
func TestSaltedAnew(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 9)
	seen := map[string]bool{}
	for range 4 {
		ticked(g.Ledger)
		b := must(g.Bundle(ctx, g.feeds[1], 0, 0, 0))
		all := append([]string{b.Slot.Salt.String(), b.Tick.Slots.String()}, nil...)
		for _, h := range b.Slot.Path {
			all = append(all, h.String())
		}
		for _, h := range all {
			if seen[h] {
				t.Fatalf("%s was there before", h)
			}
			seen[h] = true
		}
	}
}

// TestOneSlot: a tick has one slot for each feed, at the place that its id says, and
// none for a feed without entries.
func TestOneSlot(t *testing.T) {
	secret := [32]byte{1}
	var feeds []placed
	for i := range 50 {
		feeds = append(feeds, placed{feed: cordon.NewID(), size: int64(i + 1), root: [32]byte{byte(i)}})
	}
	feeds = append(feeds, placed{feed: "", size: 3}, placed{feed: cordon.NewID()})
	tree := must(newSlots(secret, feeds))
	for _, f := range feeds {
		slot, ok := tree.slot(f.feed)
		if ok != (f.size > 0) {
			t.Fatalf("a feed of %d entries has a slot: %t", f.size, ok)
		}
		if !ok {
			continue
		}
		if root, fault := slot.slotsRoot(f.feed); fault != nil || root != tree.root() || slot.Size != f.size || slot.Root != f.root {
			t.Fatalf("the slot %+v does not lead to the root: %v", slot, fault)
		}
		if root, _ := slot.slotsRoot(cordon.NewID()); root == tree.root() {
			t.Fatal("a slot is good for another feed")
		}
	}
	if _, err := newSlots(secret, []placed{feeds[0], feeds[0]}); err == nil {
		t.Error("one feed has two slots")
	}
}

// TestState: a tick commits to the root that the store gives for it, and is not made
// without.
func TestState(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 3)
	b := must(g.Bundle(ctx, "", 0, 0, 0))
	if b.Tick.State != stateAt(b.Tick.Number) {
		t.Errorf("the state of tick %d is %s", b.Tick.Number, b.Tick.State)
	}
	g.store.state.stateFails = errInjected
	if signed, err := g.Tick(ctx, 0); err == nil {
		t.Errorf("ticked without the state: %s", signed)
	}
}

// TestTickUnlessYounger: a tick each minute is one, however many processes there are.
func TestTickUnlessYounger(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 3)
	first := must(g.Checkpoint(ctx))
	for _, c := range []struct {
		age  int
		more bool
	}{{0, false}, {59, false}, {60, true}, {-5, true}} {
		l := g.keys.open(g.store)
		l.clock = later{c.age}
		now := must(l.Tick(ctx, 60e9))
		if (now != first) != c.more {
			t.Errorf("a tick of %d s before: ticked %t", c.age, now != first)
		}
		if c.more {
			g = grow(t, 3)
			first = must(g.Checkpoint(ctx))
		}
	}
	if signed := must(newKeys().open(&memory{}).Tick(ctx, 0)); signed != "" {
		t.Errorf("a ledger without entries has a checkpoint %q", signed)
	}
}
