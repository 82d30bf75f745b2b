package ledger

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"cordon"
)

// damage is one way to tamper with a ledger of 13 entries in three feeds by turns, the
// first of which has five, and the fault that Verify must then report first: at a number
// of a feed, or at a place in the public log.
type damage struct {
	do     func(*memoryState)
	check  Check
	number int64
	index  int64
}

// rewrite recomputes the tree of the first feed from its leaves as they now are, as
// somebody does who can write to the database and knows how it works. Without the key
// they cannot sign it.
func rewrite(s *memoryState) {
	var tree edge
	from := cordon.LogSpan
	for _, r := range s.leaves {
		if r.Entry.Feed == "" {
			for _, h := range tree.add(must(Leaf{r.FeedSeq, r.Entry}.hash()), nil) {
				s.hashes[from] = h
				from++
			}
		}
	}
	s.heads[0].Root = tree.root()
}

func TestVerifyFindsTheFirstThingWrong(t *testing.T) {
	ctx := context.Background()
	leafHash := func(s *memoryState, i int) {
		s.hashes[cordon.LogSpan+7] = must(Leaf{s.leaves[i].FeedSeq, s.leaves[i].Entry}.hash())
	}
	for name, d := range map[string]damage{
		"entry changed":           {func(s *memoryState) { s.leaves[6].Entry.Words++ }, CheckEntry, 3, -1},
		"last entry changed":      {func(s *memoryState) { s.leaves[12].Entry.Words++ }, CheckEntry, 5, -1},
		"two changed":             {func(s *memoryState) { s.leaves[9].Entry.Words++; s.leaves[3].Entry.Words++ }, CheckEntry, 2, -1},
		"entry malformed":         {func(s *memoryState) { s.leaves[6].Entry.Act = "" }, CheckEntry, 3, -1},
		"changed, then malformed": {func(s *memoryState) { s.leaves[6].Entry.Act = ""; s.leaves[3].Entry.Words++ }, CheckEntry, 2, -1},
		"of another feed":         {func(s *memoryState) { s.leaves[6].Entry.Feed = s.leaves[1].Entry.Feed }, CheckEntry, 3, -1},
		"entry and its hash":      {func(s *memoryState) { s.leaves[12].Entry.Words++; leafHash(s, 12) }, CheckRoot, 0, -1},
		"entry and every hash":    {func(s *memoryState) { s.leaves[6].Entry.Words++; rewrite(s) }, CheckFeedSize, 0, -1},
		"leaf hash":               {func(s *memoryState) { flip(s, cordon.LogSpan+3) }, CheckHash, 3, -1},
		"inner hash":              {func(s *memoryState) { flip(s, cordon.LogSpan+6) }, CheckHash, 1, -1},
		"hash missing":            {func(s *memoryState) { delete(s.hashes, cordon.LogSpan+4) }, CheckHash, 4, -1},
		"entry missing":           {func(s *memoryState) { s.leaves = slices.Delete(s.leaves, 6, 7) }, CheckFeed, 3, -1},
		"last entry missing":      {func(s *memoryState) { s.leaves = s.leaves[:12] }, CheckFeed, 5, -1},
		"entry too many": {func(s *memoryState) {
			extra := s.leaves[12]
			extra.FeedSeq++
			s.leaves = append(s.leaves, extra)
		}, CheckFeed, 6, -1},
		"feed renumbered":     {func(s *memoryState) { s.leaves[6].FeedSeq += 9 }, CheckFeed, 3, -1},
		"size of a feed":      {func(s *memoryState) { s.heads[0].Size++ }, CheckFeedSize, 0, -1},
		"a feed gone":         {func(s *memoryState) { s.heads = s.heads[:2] }, CheckSlot, 0, 1},
		"sizes of before":     {func(s *memoryState) { s.sizes = s.sizes[:2] }, CheckSlot, 0, 1},
		"a tick's time":       {func(s *memoryState) { s.ticks[1].At = s.ticks[1].At.AddDate(0, 0, 1) }, CheckTick, 0, 1},
		"a tick's slots":      {func(s *memoryState) { s.ticks[0].Slots[0] ^= 1 }, CheckTick, 0, 0},
		"a tick missing":      {func(s *memoryState) { s.ticks = s.ticks[1:] }, CheckIndex, 0, 0},
		"a tick too many":     {func(s *memoryState) { k := s.ticks[1]; k.Index++; s.ticks = append(s.ticks, k) }, CheckIndex, 0, 2},
		"the log's hash":      {func(s *memoryState) { flip(s, 0) }, CheckTick, 0, 0},
		"the log's root hash": {func(s *memoryState) { flip(s, 2) }, CheckHash, 0, 0},
		"the log's hash gone": {func(s *memoryState) { delete(s.hashes, 2) }, CheckHash, 0, 0},
		"size":                {func(s *memoryState) { s.size-- }, CheckCheckpoint, 0, -1},
		"no checkpoint":       {func(s *memoryState) { s.checkpoint = "" }, CheckSignature, 0, -1},
		"no log":              {func(s *memoryState) { s.checkpoint, s.size = "", 0 }, CheckIndex, 0, 0},
		"forged checkpoint":   {func(s *memoryState) { s.checkpoint = newKeys().note(strings.Split(s.checkpoint, "\n\n")[0] + "\n") }, CheckSignature, 0, -1},
	} {
		for _, batch := range []int{1, 3, 500} {
			g := grow(t, 12)
			g.more(t, 1)
			g.batch = batch
			if r := must(g.Verify(ctx)); !r.OK() || r.Size != 2 || r.Feeds[""] != 5 {
				t.Fatalf("before any damage: %+v", r)
			}
			d.do(&g.store.state)
			r := must(g.Verify(ctx))
			if r.OK() || r.Fault.Check != d.check || r.Fault.Index != d.index || r.Fault.Number != d.number {
				t.Errorf("%s, read by %d: %+v, want %s at %d or %d", name, batch, r.Fault, d.check, d.number, d.index)
			}
		}
	}
}

// TestVerifyAgainstKept: a history rolled back or rewritten by one who holds
// the key is consistent in itself, and only a kept checkpoint shows it.
func TestVerifyAgainstKept(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 5)
	early, state := must(g.Checkpoint(ctx)), g.store.state.clone()
	g.more(t, 4)
	late := must(g.Checkpoint(ctx))
	if r := must(g.Verify(ctx, late, early, early)); !r.OK() {
		t.Fatal(r.Fault)
	}
	later := g.store.state.clone()

	g.store.state = state
	if r := must(g.Verify(ctx, early)); r.OK() || r.Fault.Check != CheckKept {
		t.Errorf("rolled back under the process that signed: %+v", r.Fault)
	}
	if err := g.Resume(ctx, late); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("gone on with, rolled back: %v", err)
	}
	g.Ledger = g.keys.open(g.store)
	if r := must(g.Verify(ctx, early)); !r.OK() {
		t.Fatal(r.Fault)
	}
	if err := g.Resume(ctx, early); err != nil {
		t.Errorf("gone on with: %v", err)
	}
	if r := must(g.Verify(ctx, early, late)); r.OK() || r.Fault.Check != CheckKept {
		t.Errorf("rolled back: %+v", r.Fault)
	}

	// Somebody with the key rewrites an entry and lets the next tick commit to that.
	g.store.state = later
	s := &g.store.state
	s.leaves[0].Entry.Words++
	rewrite(s)
	s.heads[0].MAC = g.mac(s.heads[0])
	g.more(t, 1)
	if r := must(g.Verify(ctx)); !r.OK() {
		t.Fatal(r.Fault)
	}
	for _, kept := range []string{early, late} {
		if r := must(g.Verify(ctx, kept)); r.OK() || r.Fault.Check != CheckSlot {
			t.Errorf("rewritten: %+v", r.Fault)
		}
	}

	_, err := g.Verify(ctx, newKeys().note("x\n"))
	wantFault(t, "kept from elsewhere", err, CheckSignature)
}

func TestVerifyEmpty(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 0)
	if r := must(g.Verify(ctx)); !r.OK() || r.Size != 0 || r.Checkpoint != "" {
		t.Errorf("%+v", r)
	}
	appendAll(t, g.store, entry("")) // what is pending is not its business
	if r := must(g.Verify(ctx)); !r.OK() || r.Size != 0 {
		t.Errorf("%+v", r)
	}
}

// halfRead is a store whose reads of the ledger fail from one place on.
type halfRead struct {
	cordon.Store
	from int64
	err  error
}

type halfReadTx struct {
	cordon.ReadTx
	u halfRead
}

func (u halfRead) View(ctx context.Context, fn func(cordon.ReadTx) error) error {
	return u.Store.View(ctx, func(tx cordon.ReadTx) error { return fn(halfReadTx{tx, u}) })
}

func (t halfReadTx) Feed(feed cordon.ID, after int64, limit int) ([]cordon.LeafRecord, error) {
	if feed == "" && after+int64(limit) > t.u.from {
		return nil, t.u.err
	}
	return t.ReadTx.Feed(feed, after, limit)
}

// TestVerifyUnreadable: an entry that cannot be decoded is a finding, a store
// that is out of reach is none.
func TestVerifyUnreadable(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 13)
	broken := g.keys.open(halfRead{g.store, 2, cordon.Errorf(cordon.KindInternal, "not JSON")})
	if r := must(broken.Verify(ctx)); r.OK() || r.Fault.Check != CheckEntry || r.Fault.Number != 3 {
		t.Errorf("%+v", r.Fault)
	}
	away := g.keys.open(halfRead{g.store, 2, errInjected})
	if r, err := away.Verify(ctx); !errors.Is(err, errInjected) || r.Fault != nil {
		t.Errorf("%+v, %v", r, err)
	}
}
