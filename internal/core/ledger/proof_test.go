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
	must(g.Integrate(context.Background()))
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
				t.Fatalf("%d of %d: %v", r.Index, size+1, err)
			}
			if diff := cmp.Diff(Leaf{r.FeedSeq, r.Entry}, p.Leaf); diff != "" || p.Index != r.Index {
				t.Fatal(p.Index, diff)
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
	older := must(g.Checkpoint(ctx))
	g.more(t, 3)
	good := must(g.Prove(ctx, "", 2))
	for name, c := range map[string]struct {
		edit  func(*Proof)
		check Check
	}{
		"entry":            {func(p *Proof) { p.Leaf.Entry.Words++ }, CheckInclusionPath},
		"feed number":      {func(p *Proof) { p.Leaf.FeedSeq++ }, CheckInclusionPath},
		"place":            {func(p *Proof) { p.Index++ }, CheckInclusionPath},
		"place below":      {func(p *Proof) { p.Index = -1 }, CheckInclusionPath},
		"place beyond":     {func(p *Proof) { p.Index = 1 << 50 }, CheckInclusionPath},
		"path":             {func(p *Proof) { p.Path = slices.Clone(p.Path); p.Path[1][0] ^= 1 }, CheckInclusionPath},
		"short path":       {func(p *Proof) { p.Path = p.Path[1:] }, CheckInclusionPath},
		"long path":        {func(p *Proof) { p.Path = append(slices.Clone(p.Path), tlog.Hash{}) }, CheckInclusionPath},
		"older checkpoint": {func(p *Proof) { p.Checkpoint = older }, CheckInclusionPath},
		"malformed entry":  {func(p *Proof) { p.Leaf.Entry.Act = "" }, CheckEntry},
		"no checkpoint":    {func(p *Proof) { p.Checkpoint = "" }, CheckSignature},
		"forged checkpoint": {func(p *Proof) {
			p.Checkpoint = newKeys().note(strings.Split(p.Checkpoint, "\n\n")[0] + "\n")
		}, CheckSignature},
	} {
		p := good
		c.edit(&p)
		wantFault(t, name, CheckInclusion(p, g.keys.verifier), c.check)
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
		g := grow(t, rapid.IntRange(1, 20).Draw(t, "entries"))
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
			for _, in := range b.Entries {
				seen = append(seen, in.Leaf)
			}
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

// state and stateUnder sign a server's statement of a feed, true or not.
func (g grown) state(feed cordon.ID, feedSize int64, checkpoint string) string {
	return g.stateUnder(feed, feedSize, must(OpenCheckpoint(checkpoint, g.keys.verifier)))
}

func (g grown) stateUnder(feed cordon.ID, feedSize int64, c Checkpoint) string {
	s := Statement{Origin: testOrigin, Feed: feed, FeedSize: feedSize, TreeSize: c.Size, Root: c.Root, At: stopped{}.Now()}
	return must(s.sign(must(note.NewSigner(g.keys.signer))))
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
	good := must(g.Bundle(ctx, feed, 2, 9, 10))
	if now := must(VerifyBundle(good, g.keys.verifier, held)); !now.Complete() || now.Seq != 6 {
		t.Fatalf("held %+v", now)
	}
	other := must(g.Bundle(ctx, g.feeds[2], 2, 9, 10))
	fork := must(Checkpoint{Origin: testOrigin, Size: 9, Root: tlog.Hash{1}}.sign(must(note.NewSigner(g.keys.signer))))

	now := must(OpenCheckpoint(good.Checkpoint, g.keys.verifier))
	for name, c := range map[string]struct {
		edit  func(*Bundle, *Verified)
		check Check
	}{
		"an entry is left out":     {func(b *Bundle, h *Verified) { b.Entries = slices.Delete(b.Entries, 1, 2) }, CheckFeed},
		"the first is left out":    {func(b *Bundle, h *Verified) { b.Entries = b.Entries[1:] }, CheckFeed},
		"one is there twice":       {func(b *Bundle, h *Verified) { b.Entries = slices.Insert(b.Entries, 1, b.Entries[0]) }, CheckFeed},
		"two are swapped":          {func(b *Bundle, h *Verified) { b.Entries[0], b.Entries[1] = b.Entries[1], b.Entries[0] }, CheckFeed},
		"another feed's entry":     {func(b *Bundle, h *Verified) { b.Entries[0] = other.Entries[0] }, CheckFeed},
		"another feed":             {func(b *Bundle, h *Verified) { *b = other }, CheckStatement},
		"another feed's statement": {func(b *Bundle, h *Verified) { b.Statement = other.Statement }, CheckStatement},
		"an older statement":       {func(b *Bundle, h *Verified) { b.Statement = first.Statement }, CheckStatement},
		"statement of another size": {func(b *Bundle, h *Verified) {
			b.Statement = g.stateUnder(feed, 6, Checkpoint{Size: now.Size + 1, Root: now.Root})
		}, CheckStatement},
		"statement of another root": {func(b *Bundle, h *Verified) {
			b.Statement = g.stateUnder(feed, 6, Checkpoint{Size: now.Size})
		}, CheckStatement},
		"no statement":            {func(b *Bundle, h *Verified) { b.Statement = "" }, CheckSignature},
		"checkpoint as statement": {func(b *Bundle, h *Verified) { b.Statement = b.Checkpoint }, CheckStatement},
		"statement as checkpoint": {func(b *Bundle, h *Verified) { b.Checkpoint = b.Statement }, CheckCheckpoint},
		"an entry is changed":     {func(b *Bundle, h *Verified) { b.Entries[0].Leaf.Entry.Words++ }, CheckInclusionPath},
		"more than is stated":     {func(b *Bundle, h *Verified) { b.Statement = g.state(feed, 5, b.Checkpoint) }, CheckFeedSize},
		"the feed became shorter": {func(b *Bundle, h *Verified) {
			b.Statement, b.Entries = g.state(feed, 2, b.Checkpoint), nil
		}, CheckFeedSize},
		"another size for the same tree": {func(b *Bundle, h *Verified) {
			*b = first
			b.Entries, b.Statement = nil, g.state(feed, 4, b.Checkpoint)
		}, CheckFeedSize},
		"an entry was denied": {func(b *Bundle, h *Verified) {
			// The held statement gave two; the third was in the tree.
			h.FeedSize, h.Statement = 2, g.state(feed, 2, h.Checkpoint)
		}, CheckFeedSize},
		"an entry came late": {func(b *Bundle, h *Verified) {
			// It gave four; the fourth was not there.
			h.FeedSize, h.Statement = 4, g.state(feed, 4, h.Checkpoint)
		}, CheckFeedSize},
		"no consistency":    {func(b *Bundle, h *Verified) { b.Consistency = nil }, CheckKept},
		"another history":   {func(b *Bundle, h *Verified) { h.Checkpoint = fork }, CheckKept},
		"held is not ours":  {func(b *Bundle, h *Verified) { h.Checkpoint = newKeys().note("x\n") }, CheckSignature},
		"rolled back":       {func(b *Bundle, h *Verified) { *b = first; h.Checkpoint = good.Checkpoint }, CheckKept},
		"signed by another": {func(b *Bundle, h *Verified) { b.Checkpoint = newKeys().note("x\n") }, CheckSignature},
	} {
		b, h := viaJSON(good), held
		c.edit(&b, &h)
		after, err := VerifyBundle(b, g.keys.verifier, h)
		wantFault(t, name, err, c.check)
		if after != h {
			t.Errorf("%s: what is held changed", name)
		}
	}

	short := viaJSON(good)
	short.Entries = short.Entries[:3] // the last is kept back
	if now := must(VerifyBundle(short, g.keys.verifier, held)); now.Complete() {
		t.Error("an entry left off at the end is not noticed")
	}
}

// TestFeedRisesWithTheTree has a server sign a tree in which number 2 stands
// before number 1.
func TestFeedRisesWithTheTree(t *testing.T) {
	keys := newKeys()
	feed := idOf("b")
	e := func(id string) cordon.Entry {
		return cordon.Entry{ID: idOf(id), Feed: feed, At: time.Unix(0, 0).UTC(), Act: cordon.ActRead, Outcome: cordon.OutcomeAllowed}
	}
	one, two := Leaf{1, e("c")}, Leaf{2, e("d")}
	var tree edge
	tree.add(must(two.hash()), nil)
	tree.add(must(one.hash()), nil)
	signer := must(note.NewSigner(keys.signer))
	c := Checkpoint{Origin: testOrigin, Size: 2, Root: tree.root()}
	b := Bundle{
		Feed: feed, Checkpoint: must(c.sign(signer)),
		Statement: must(Statement{Origin: testOrigin, Feed: feed, FeedSize: 2, TreeSize: 2, Root: c.Root, At: stopped{}.Now()}.sign(signer)),
		Entries: []Inclusion{
			{Index: 1, Leaf: one, Path: tlog.RecordProof{must(two.hash())}},
			{Index: 0, Leaf: two, Path: tlog.RecordProof{must(one.hash())}},
		},
	}
	_, err := VerifyBundle(b, keys.verifier, Verified{Feed: feed})
	wantFault(t, "out of order", err, CheckIndex)
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
	must(g.Integrate(ctx))
	if b := must(g.Bundle(ctx, long, 0, 0, 2*MaxBundle)); len(b.Entries) != MaxBundle {
		t.Errorf("a bundle of %d entries", len(b.Entries))
	}
	// A feed without entries can be shown to have none.
	feed := cordon.NewID()
	b := must(g.Bundle(ctx, feed, 0, 0, 10))
	if held := must(VerifyBundle(b, g.keys.verifier, Verified{Feed: feed})); !held.Complete() || held.Seq != 0 {
		t.Errorf("%+v", held)
	}
}
