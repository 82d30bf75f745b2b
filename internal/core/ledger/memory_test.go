package ledger

import (
	"context"
	"maps"
	"slices"
	"sync"

	"cordon"
)

// memory is a store that keeps nothing but a ledger, in memory and with no
// mercy: a transaction works on a copy that replaces the original at commit.
// It lets properties run by the thousand. Tests of corruption run on real
// SQLite.
type memory struct {
	cordon.Store // nil: the rest of it is not for a ledger
	mu           sync.Mutex
	state        memoryState
}

type memoryState struct {
	stateFails error
	pending    []cordon.Entry
	leaves     []cordon.LeafRecord
	hashes     map[int64][32]byte
	heads      []cordon.FeedHead
	ticks      []cordon.Tick
	sizes      []sizeAt
	size       int64
	checkpoint string
}

type sizeAt struct {
	feed       cordon.ID
	tick, size int64
}

func (s memoryState) clone() memoryState {
	s.pending = slices.Clone(s.pending)
	s.leaves = slices.Clone(s.leaves)
	s.heads = slices.Clone(s.heads)
	s.ticks = slices.Clone(s.ticks)
	s.sizes = slices.Clone(s.sizes)
	s.hashes = maps.Clone(s.hashes)
	return s
}

func (m *memory) View(ctx context.Context, fn func(cordon.ReadTx) error) error {
	m.mu.Lock()
	state := m.state.clone()
	m.mu.Unlock()
	return fn(&memoryTx{memoryState: state})
}

func (m *memory) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	tx := &memoryTx{memoryState: m.state.clone()}
	if err := fn(tx); err != nil {
		return err
	}
	m.state = tx.memoryState
	return nil
}

func (m *memory) Close() error { return nil }

type memoryTx struct {
	cordon.WriteTx
	memoryState
}

// stateAt is the root of the state that a memory has at a tick.
func stateAt(number int64) [32]byte { return [32]byte{byte(number), 9} }

func (t *memoryTx) TickState(number int64) ([32]byte, error) { return stateAt(number), t.stateFails }

func (t *memoryTx) Append(e cordon.Entry) error {
	t.pending = append(t.pending, e)
	return nil
}

func (t *memoryTx) Pending(limit int) ([]cordon.Entry, error) {
	return slices.Clone(t.pending[:min(limit, len(t.pending))]), nil
}

func (t *memoryTx) Tree() (int64, string, error) { return t.size, t.checkpoint, nil }

func (t *memoryTx) PutTree(size int64, checkpoint string) error {
	t.size, t.checkpoint = size, checkpoint
	return nil
}

func (t *memoryTx) head(feed cordon.ID) int {
	return slices.IndexFunc(t.heads, func(h cordon.FeedHead) bool { return h.Feed == feed })
}

func (t *memoryTx) FeedHead(feed cordon.ID) (cordon.FeedHead, error) {
	if i := t.head(feed); i >= 0 {
		return t.heads[i], nil
	}
	return cordon.FeedHead{Feed: feed, Log: int64(len(t.heads)) + 1}, nil
}

func (t *memoryTx) FeedHeads() ([]cordon.FeedHead, error) { return slices.Clone(t.heads), nil }

func (t *memoryTx) PutFeedHeads(heads []cordon.FeedHead) error {
	for _, h := range heads {
		if i := t.head(h.Feed); i >= 0 {
			h.TickSize, h.TickRoot = t.heads[i].TickSize, t.heads[i].TickRoot
			t.heads[i] = h
		} else {
			t.heads = append(t.heads, h)
		}
	}
	return nil
}

func (t *memoryTx) FeedSizeAt(feed cordon.ID, tick int64) (size int64, err error) {
	for _, s := range t.sizes {
		if s.feed == feed && s.tick <= tick {
			size = s.size
		}
	}
	return size, nil
}

func (t *memoryTx) Ticks(from int64, limit int) (out []cordon.Tick, err error) {
	for _, k := range t.ticks {
		if k.Index >= from && len(out) < limit {
			out = append(out, k)
		}
	}
	return out, nil
}

func (t *memoryTx) PutTick(k cordon.Tick) error {
	t.ticks = append(t.ticks, k)
	for i, h := range t.heads {
		if h.Size != h.TickSize {
			t.sizes = append(t.sizes, sizeAt{h.Feed, k.Index, h.Size})
			t.heads[i].TickSize, t.heads[i].TickRoot = h.Size, h.Root
		}
	}
	return nil
}

func (t *memoryTx) Place(records []cordon.LeafRecord) error {
	for _, r := range records {
		i := slices.IndexFunc(t.pending, func(e cordon.Entry) bool { return e.ID == r.Entry.ID })
		if i < 0 {
			return cordon.Errorf(cordon.KindConflict, "misplaced")
		}
		t.pending = slices.Delete(t.pending, i, i+1)
		t.leaves = append(t.leaves, r)
	}
	return nil
}

func (t *memoryTx) Hashes(indexes []int64) ([][32]byte, error) {
	out := make([][32]byte, len(indexes))
	for i, at := range indexes {
		h, ok := t.hashes[at]
		if !ok {
			return nil, cordon.Errorf(cordon.KindInternal, "no hash")
		}
		out[i] = h
	}
	return out, nil
}

func (t *memoryTx) PutHashes(hashes []cordon.TreeHash) error {
	for _, h := range hashes {
		if _, there := t.hashes[h.Place]; there {
			return cordon.Errorf(cordon.KindConflict, "a hash is there already")
		}
		if t.hashes == nil {
			t.hashes = map[int64][32]byte{}
		}
		t.hashes[h.Place] = h.Hash
	}
	return nil
}

func (t *memoryTx) Feed(feed cordon.ID, after int64, limit int) (out []cordon.LeafRecord, err error) {
	log := int64(-1)
	if i := t.head(feed); i >= 0 {
		log = t.heads[i].Log
	}
	for _, r := range t.leaves {
		if r.Log == log && r.FeedSeq > after && len(out) < limit {
			out = append(out, r)
		}
	}
	return out, nil
}

func (t *memoryTx) HoldTree() (int64, string, error) { return t.Tree() }
