package ledger

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"cordon"

	"golang.org/x/mod/sumdb/note"
)

// damage is one way to tamper with a ledger of 13 entries in three feeds, and
// the fault that Verify must then report first.
type damage struct {
	do    func(*memoryState)
	check Check
	index int64
}

// rewrite recomputes the tree from the leaves as they now are, as somebody
// does who can write to the database and knows how it works. Without the key
// they cannot sign it.
func rewrite(s *memoryState) {
	var tree edge
	s.hashes = nil
	for _, r := range s.leaves {
		for _, h := range tree.add(must(Leaf{r.FeedSeq, r.Entry}.hash()), nil) {
			s.hashes = append(s.hashes, h)
		}
	}
}

func TestVerifyFindsTheFirstThingWrong(t *testing.T) {
	ctx := context.Background()
	for name, d := range map[string]damage{
		"entry changed":           {func(s *memoryState) { s.leaves[4].Entry.Words++ }, CheckEntry, 4},
		"last entry changed":      {func(s *memoryState) { s.leaves[12].Entry.Words++ }, CheckEntry, 12},
		"two changed":             {func(s *memoryState) { s.leaves[7].Entry.Words++; s.leaves[3].Entry.Words++ }, CheckEntry, 3},
		"entry malformed":         {func(s *memoryState) { s.leaves[4].Entry.Act = "" }, CheckEntry, 4},
		"changed, then malformed": {func(s *memoryState) { s.leaves[4].Entry.Act = ""; s.leaves[3].Entry.Words++ }, CheckEntry, 3},
		"entry and its hash": {func(s *memoryState) {
			s.leaves[4].Entry.Words++
			s.hashes[7] = must(Leaf{s.leaves[4].FeedSeq, s.leaves[4].Entry}.hash())
		}, CheckHash, 4},
		"entry and every hash": {func(s *memoryState) { s.leaves[4].Entry.Words++; rewrite(s) }, CheckRoot, -1},
		"leaf hash":            {func(s *memoryState) { s.hashes[7][0] ^= 1 }, CheckHash, 4},
		"inner hash":           {func(s *memoryState) { s.hashes[6][0] ^= 1 }, CheckHash, 0},
		"hash missing":         {func(s *memoryState) { s.hashes = s.hashes[:16] }, CheckHash, 9},
		"entry missing":        {func(s *memoryState) { s.leaves = slices.Delete(s.leaves, 4, 5) }, CheckIndex, 4},
		"last entry missing":   {func(s *memoryState) { s.leaves = s.leaves[:12] }, CheckIndex, 12},
		"entry twice":          {func(s *memoryState) { s.leaves = slices.Insert(s.leaves, 4, s.leaves[3]) }, CheckIndex, 3},
		"entry too many": {func(s *memoryState) {
			extra := s.leaves[12]
			extra.Index, extra.FeedSeq = 13, extra.FeedSeq+1
			s.leaves = append(s.leaves, extra)
		}, CheckIndex, 13},
		"feed renumbered": {func(s *memoryState) { s.leaves[4].FeedSeq++ }, CheckFeed, 4},
		"feed renumbered from the first": {func(s *memoryState) {
			for i := range s.leaves {
				s.leaves[i].FeedSeq++
			}
			rewrite(s)
		}, CheckFeed, 0},
		"size of a feed":    {func(s *memoryState) { s.feeds[""]++ }, CheckFeedSize, -1},
		"size":              {func(s *memoryState) { s.size-- }, CheckCheckpoint, -1},
		"no checkpoint":     {func(s *memoryState) { s.checkpoint = "" }, CheckSignature, -1},
		"no tree":           {func(s *memoryState) { s.checkpoint, s.size = "", 0 }, CheckIndex, 0},
		"forged checkpoint": {func(s *memoryState) { s.checkpoint = newKeys().note(strings.Split(s.checkpoint, "\n\n")[0] + "\n") }, CheckSignature, -1},
	} {
		for _, batch := range []int{1, 3, 500} {
			g := grow(t, 13)
			g.batch = batch
			if r := must(g.Verify(ctx)); !r.OK() || r.Size != 13 || r.Feeds[""] != 5 {
				t.Fatalf("before any damage: %+v", r)
			}
			d.do(&g.store.state)
			r := must(g.Verify(ctx))
			if r.OK() || r.Fault.Check != d.check || r.Fault.Index != d.index {
				t.Errorf("%s, read by %d: %+v, want %s at %d", name, batch, r.Fault, d.check, d.index)
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

	g.store.state = state
	if r := must(g.Verify(ctx, early)); !r.OK() {
		t.Fatal(r.Fault)
	}
	if r := must(g.Verify(ctx, early, late)); r.OK() || r.Fault.Check != CheckKept {
		t.Errorf("rolled back: %+v", r.Fault)
	}

	s := &g.store.state
	s.leaves[2].Entry.Words++
	rewrite(s)
	var tree edge
	for _, r := range s.leaves {
		tree.add(must(Leaf{r.FeedSeq, r.Entry}.hash()), nil)
	}
	s.checkpoint = must(Checkpoint{Origin: testOrigin, Size: 5, Root: tree.root()}.sign(must(note.NewSigner(g.keys.signer))))
	if r := must(g.Verify(ctx)); !r.OK() {
		t.Fatal(r.Fault)
	}
	if r := must(g.Verify(ctx, early)); r.OK() || r.Fault.Check != CheckKept {
		t.Errorf("rewritten: %+v", r.Fault)
	}
	g.more(t, 4)
	if r := must(g.Verify(ctx, early)); r.OK() || r.Fault.Check != CheckKept {
		t.Errorf("rewritten and grown: %+v", r.Fault)
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
	appendAll(t, g.store, entry("")) // pending is not its business
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

func (t halfReadTx) Leaves(from int64, limit int) ([]cordon.LeafRecord, error) {
	if from+int64(limit) > t.u.from {
		return nil, t.u.err
	}
	return t.ReadTx.Leaves(from, limit)
}

// TestVerifyUnreadable: an entry that cannot be decoded is a finding, a store
// that is out of reach is none.
func TestVerifyUnreadable(t *testing.T) {
	ctx := context.Background()
	g := grow(t, 13)
	broken := g.keys.open(halfRead{g.store, 5, cordon.Errorf(cordon.KindInternal, "not JSON")})
	if r := must(broken.Verify(ctx)); r.OK() || r.Fault.Check != CheckEntry || r.Fault.Index != 5 {
		t.Errorf("%+v", r.Fault)
	}
	away := g.keys.open(halfRead{g.store, 5, errInjected})
	if r, err := away.Verify(ctx); !errors.Is(err, errInjected) || r.Fault != nil {
		t.Errorf("%+v, %v", r, err)
	}
}
