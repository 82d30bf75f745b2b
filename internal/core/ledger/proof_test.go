package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// grown is a ledger to make proofs of: three feeds, interleaved.
type grown struct {
	*Ledger
	keys  keyPair
	store *memory
	feeds []cordon.ID
}

func grow(t fataler, entries int) grown {
	g := grown{keys: newKeys(), store: &memory{}, feeds: []cordon.ID{"", cordon.NewID(), cordon.NewID()}}
	g.Ledger = g.keys.open(g.store)
	g.more(t, entries)
	return g
}

func (g grown) more(t fataler, entries int) {
	for i := range entries {
		appendAll(t, g.store, entry(g.feeds[i%len(g.feeds)]))
	}
	ticked(g.Ledger)
}

// viaJSON reads a value as an owner does, from the JSON that was written for
// it.
func viaJSON[T any](v T) (back T) {
	if err := json.Unmarshal(must(json.MarshalIndent(v, "", " ")), &back); err != nil {
		panic(err)
	}
	return back
}

func TestProve(t *testing.T) {
	ctx := context.Background()
	for size := range 20 {
		g := grow(t, size+1)
		for _, r := range leaves(t, g.store) {
			p := viaJSON(must(g.Prove(ctx, r.Entry.Feed, r.FeedSeq)))
			if err := CheckInclusion(p, g.keys.verifier); err != nil {
				t.Fatalf("%d of %d: %v", r.FeedSeq, size+1, err)
			}
			if diff := cmp.Diff(Leaf{r.FeedSeq, r.Entry}, p.Leaf); diff != "" {
				t.Fatal(diff)
			}
		}
	}
	g := grow(t, 5)
	for _, at := range []struct {
		feed cordon.ID
		seq  int64
	}{{"", 0}, {"", -1}, {"", 3}, {cordon.NewID(), 1}, {"", 1 << 40}} {
		if _, err := g.Prove(ctx, at.feed, at.seq); !errors.Is(err, cordon.ErrNotFound) {
			t.Errorf("number %d: %v", at.seq, err)
		}
	}
}

func TestCheckInclusionRefuses(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 11)
	older := must(g.Prove(ctx, "", 2))
	g.more(t, 3)
	good := must(g.Prove(ctx, "", 2))
	other := must(g.Prove(ctx, g.feeds[1], 2))
	for name, c := range map[string]struct {
		edit  func(*Proof)
		check Check
	}{
		"entry":            {func(p *Proof) { p.Leaf.Entry.Words++ }, CheckInclusionPath},
		"number":           {func(p *Proof) { p.Leaf.FeedSeq++ }, CheckInclusionPath},
		"no number":        {func(p *Proof) { p.Leaf.FeedSeq = 0 }, CheckEntry},
		"number beyond":    {func(p *Proof) { p.Leaf.FeedSeq = 1 << 50 }, CheckInclusionPath},
		"path":             {func(p *Proof) { p.Within[1][0] ^= 1 }, CheckInclusionPath},
		"short path":       {func(p *Proof) { p.Within = p.Within[1:] }, CheckInclusionPath},
		"long path":        {func(p *Proof) { p.Within = append(p.Within, tlog.Hash{}) }, CheckInclusionPath},
		"malformed entry":  {func(p *Proof) { p.Leaf.Entry.Act = "" }, CheckEntry},
		"another feed":     {func(p *Proof) { p.Leaf.Entry.Feed = g.feeds[1] }, CheckSlot},
		"another's slot":   {func(p *Proof) { p.Slot = other.Slot }, CheckSlot},
		"size":             {func(p *Proof) { p.Slot.Size++ }, CheckSlot},
		"root":             {func(p *Proof) { p.Slot.Root[0] ^= 1 }, CheckSlot},
		"salt":             {func(p *Proof) { p.Slot.Salt[0] ^= 1 }, CheckSlot},
		"slot's path":      {func(p *Proof) { p.Slot.Path[63][0] ^= 1 }, CheckSlot},
		"slot's path cut":  {func(p *Proof) { p.Slot.Path = p.Slot.Path[:63] }, CheckSlot},
		"older slot":       {func(p *Proof) { p.Slot = older.Slot }, CheckSlot},
		"older tick":       {func(p *Proof) { p.Slot, p.Tick = older.Slot, older.Tick }, CheckTick},
		"time of the tick": {func(p *Proof) { p.Tick.At = p.Tick.At.Add(time.Minute) }, CheckTick},
		"state":            {func(p *Proof) { p.Tick.State[0] ^= 1 }, CheckTick},
		"tick's path":      {func(p *Proof) { p.Path = nil }, CheckTick},
		"older checkpoint": {func(p *Proof) { p.Checkpoint = older.Checkpoint }, CheckTick},
		"no checkpoint":    {func(p *Proof) { p.Checkpoint = "" }, CheckSignature},
		"forged checkpoint": {func(p *Proof) {
			p.Checkpoint = newKeys().note(strings.Split(p.Checkpoint, "\n\n")[0] + "\n")
		}, CheckSignature},
	} {
		p := viaJSON(good)
		c.edit(&p)
		wantFault(t, name, CheckInclusion(p, g.keys.verifier), c.check)
	}
	if err := CheckInclusion(good, g.keys.verifier); err != nil {
		t.Error(err)
	}
	if err := CheckInclusion(good, newKeys().verifier); err == nil {
		t.Error("checked by a key that signed nothing")
	}
}

func TestConsistency(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 1)
	var kept []string
	for range 17 {
		kept = append(kept, must(g.Checkpoint(ctx)))
		g.more(t, 1)
	}
	for i, old := range kept {
		size := int64(i + 1)
		c := viaJSON(must(g.ProveConsistency(ctx, size)))
		if err := CheckConsistency(c, old, g.keys.verifier); err != nil {
			t.Fatalf("from %d: %v", size, err)
		}
		// The same proof says nothing of another tree of that size.
		c.Path = append(slices.Clone(c.Path), tlog.Hash{})
		wantFault(t, "longer path", CheckConsistency(c, old, g.keys.verifier), CheckKept)
	}
	fork := Checkpoint{Origin: testOrigin, Size: 9, Root: tlog.RecordHash([]byte("another history"))}
	forked := must(fork.sign(must(note.NewSigner(g.keys.signer))))
	c := must(g.ProveConsistency(ctx, 9))
	wantFault(t, "fork", CheckConsistency(c, forked, g.keys.verifier), CheckKept)
	back := Consistency{Checkpoint: kept[3]}
	wantFault(t, "rolled back", CheckConsistency(back, kept[9], g.keys.verifier), CheckKept)
	wantFault(t, "not signed", CheckConsistency(c, newKeys().note("x\n"), g.keys.verifier), CheckSignature)
	wantFault(t, "not signed", CheckConsistency(Consistency{}, kept[9], g.keys.verifier), CheckSignature)

	if c := must(g.ProveConsistency(ctx, 0)); len(c.Path) != 0 {
		t.Error("a proof from the empty tree has a path")
	}
	if _, err := g.ProveConsistency(ctx, 19); cordon.KindOf(err) != cordon.KindConflict {
		t.Error(err)
	}
	if _, err := g.ProveConsistency(ctx, -1); cordon.KindOf(err) != cordon.KindInvalid {
		t.Error(err)
	}
	if _, err := newKeys().open(&memory{}).ProveConsistency(ctx, 0); !errors.Is(err, cordon.ErrNotFound) {
		t.Error(err)
	}
}

// TestBundles has an owner follow its feed in pieces of any size, while the
// ledger grows.
func TestBundles(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		g := grow(t, rapid.IntRange(3, 20).Draw(t, "entries"))
		feed := rapid.SampledFrom(g.feeds).Draw(t, "feed")
		held := Verified{Feed: feed}
		var seen []Leaf
		for round := 0; ; round++ {
			var oldSize int64
			if held.Checkpoint != "" {
				oldSize = must(OpenCheckpoint(held.Checkpoint, g.keys.verifier)).Size
			}
			b := viaJSON(must(g.Bundle(ctx, feed, held.Seq, oldSize, rapid.IntRange(1, 5).Draw(t, "limit"))))
			var err error
			if held, err = VerifyBundle(b, g.keys.verifier, held); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			seen = append(seen, b.Entries...)
			if round < 4 {
				g.more(t, rapid.IntRange(0, 6).Draw(t, "more"))
			} else if held.Complete() {
				break
			}
		}
		var want []Leaf
		for _, r := range leaves(t, g.store) {
			if r.Entry.Feed == feed {
				want = append(want, Leaf{r.FeedSeq, r.Entry})
			}
		}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestVerifyBundleRefuses plays a server that holds the key and lies.
func TestVerifyBundleRefuses(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 9) // three entries in each feed
	feed := g.feeds[1]
	first := must(g.Bundle(ctx, feed, 0, 0, 2))
	held := must(VerifyBundle(first, g.keys.verifier, Verified{Feed: feed}))
	if held.Complete() || held.Seq != 2 || held.FeedSize != 3 {
		t.Fatalf("held %+v after two of three", held)
	}
	g.more(t, 9)
	good := must(g.Bundle(ctx, feed, 2, 1, 10))
	if now := must(VerifyBundle(good, g.keys.verifier, held)); !now.Complete() || now.Seq != 6 {
		t.Fatalf("held %+v", now)
	}
	other := must(g.Bundle(ctx, g.feeds[2], 2, 1, 10))
	// Another installation with the same keys and feeds, which tells another story.
	lies := grown{keys: g.keys, store: &memory{}, feeds: g.feeds}
	lies.Ledger = lies.keys.open(lies.store)
	lies.more(t, 9)
	lied := must(lies.Bundle(ctx, feed, 0, 0, 10))
	lies.more(t, 9)
	lying := must(lies.Bundle(ctx, feed, 2, 1, 10))

	for name, c := range map[string]struct {
		edit  func(*Bundle, *Verified)
		check Check
	}{
		"an entry is left out":        {func(b *Bundle, h *Verified) { b.Entries = slices.Delete(b.Entries, 1, 2) }, CheckFeed},
		"the first is left out":       {func(b *Bundle, h *Verified) { b.Entries = b.Entries[1:] }, CheckFeed},
		"one is there twice":          {func(b *Bundle, h *Verified) { b.Entries = slices.Insert(b.Entries, 1, b.Entries[0]) }, CheckFeed},
		"two are swapped":             {func(b *Bundle, h *Verified) { b.Entries[0], b.Entries[1] = b.Entries[1], b.Entries[0] }, CheckFeed},
		"another feed's entry":        {func(b *Bundle, h *Verified) { b.Entries[0] = other.Entries[0] }, CheckFeed},
		"another feed":                {func(b *Bundle, h *Verified) { *b = other }, CheckFeed},
		"another feed under its name": {func(b *Bundle, h *Verified) { *b = other; b.Feed = feed }, CheckSlot},
		"an older commitment":         {func(b *Bundle, h *Verified) { b.Slot, b.Tick, b.Path = first.Slot, first.Tick, first.Path }, CheckTick},
		"an entry is changed":         {func(b *Bundle, h *Verified) { b.Entries[0].Entry.Words++ }, CheckFeed},
		"the last is changed":         {func(b *Bundle, h *Verified) { b.Entries[3].Entry.Words++ }, CheckFeed},
		"no proof that it follows":    {func(b *Bundle, h *Verified) { b.Entries, b.Follows = b.Entries[:2], nil }, CheckFeed},
		"more than there are": {func(b *Bundle, h *Verified) {
			b.Entries = append(b.Entries, b.Entries[3])
			b.Entries[4].FeedSeq++
		}, CheckFeedSize},
		"the feed became shorter": {func(b *Bundle, h *Verified) { h.FeedSize = 7 }, CheckFeedSize},
		"the feed was another":    {func(b *Bundle, h *Verified) { h.FeedRoot[0] ^= 1 }, CheckFeed},
		"no proof that it grew":   {func(b *Bundle, h *Verified) { b.Grew = nil }, CheckFeed},
		"another feed at the same tick": {func(b *Bundle, h *Verified) {
			h.Checkpoint, h.FeedSize = b.Checkpoint, 5
			b.Consistency = nil
		}, CheckSlot},
		"the entries held were others": {func(b *Bundle, h *Verified) { h.Edge = []tlog.Hash{{1}} }, CheckFeed},
		"no consistency":               {func(b *Bundle, h *Verified) { b.Consistency = nil }, CheckKept},
		"another history":              {func(b *Bundle, h *Verified) { *b = lying }, CheckKept},
		"another history of the feed":  {func(b *Bundle, h *Verified) { *b, h.Checkpoint = lying, lied.Checkpoint }, CheckFeed},
		"held is not ours":             {func(b *Bundle, h *Verified) { h.Checkpoint = newKeys().note("x\n") }, CheckSignature},
		"rolled back":                  {func(b *Bundle, h *Verified) { *b = first; h.Checkpoint = good.Checkpoint }, CheckKept},
		"signed by another":            {func(b *Bundle, h *Verified) { b.Checkpoint = newKeys().note("x\n") }, CheckSignature},
	} {
		b, h := viaJSON(good), viaJSON(held)
		c.edit(&b, &h)
		before := viaJSON(h)
		after, err := VerifyBundle(b, g.keys.verifier, h)
		wantFault(t, name, err, c.check)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("%s: what is held changed: %s", name, diff)
		}
	}

	short := viaJSON(good)
	short.Entries = short.Entries[:3] // the last is kept back
	short.Follows = must(g.Bundle(ctx, feed, 2, 1, 3)).Follows
	if now := must(VerifyBundle(short, g.keys.verifier, held)); now.Complete() {
		t.Error("an entry left off at the end is not noticed")
	}
	if _, err := VerifyBundle(good, g.keys.verifier, Verified{Feed: feed, Seq: 2}); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("held from before feeds were logs of their own: %v", err)
	}
}

func TestBundleBounds(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 7)
	if _, err := g.Bundle(ctx, "", 0, 8, 10); cordon.KindOf(err) != cordon.KindConflict {
		t.Error(err)
	}
	for _, c := range [][3]int64{{-1, 0, 1}, {0, -1, 1}, {0, 0, -1}} {
		if _, err := g.Bundle(ctx, "", c[0], c[1], int(c[2])); cordon.KindOf(err) != cordon.KindInvalid {
			t.Error(c, err)
		}
	}
	if _, err := newKeys().open(&memory{}).Bundle(ctx, "", 0, 0, 1); !errors.Is(err, cordon.ErrNotFound) {
		t.Error(err)
	}
	long := cordon.NewID()
	var many []cordon.Entry
	for range MaxBundle + 1 {
		many = append(many, entry(long))
	}
	appendAll(t, g.store, many...)
	ticked(g.Ledger)
	if b := must(g.Bundle(ctx, long, 0, 0, 2*MaxBundle)); len(b.Entries) != MaxBundle {
		t.Errorf("a bundle of %d entries", len(b.Entries))
	}
	if _, err := g.Bundle(ctx, cordon.NewID(), 0, 0, 10); !errors.Is(err, cordon.ErrNotFound) {
		t.Errorf("of a feed without entries: %v", err)
	}
	if _, err := g.Bundle(ctx, long, MaxBundle+2, 0, 10); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("after more entries than there are: %v", err)
	}
}
