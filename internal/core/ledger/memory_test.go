package ledger

import (
	"context"
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
	pending    []cordon.Entry
	leaves     []cordon.LeafRecord
	hashes     [][32]byte
	feeds      map[cordon.ID]int64
	size       int64
	checkpoint string
}

func (s memoryState) clone() memoryState {
	s.pending = slices.Clone(s.pending)
	s.leaves = slices.Clone(s.leaves)
	s.hashes = slices.Clone(s.hashes)
	feeds := map[cordon.ID]int64{}
	for k, v := range s.feeds {
		feeds[k] = v
	}
	s.feeds = feeds
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

func (t *memoryTx) FeedSize(feed cordon.ID) (int64, error) { return t.feeds[feed], nil }

func (t *memoryTx) Place(records []cordon.LeafRecord) error {
	for _, r := range records {
		i := slices.IndexFunc(t.pending, func(e cordon.Entry) bool { return e.ID == r.Entry.ID })
		if i < 0 || r.Index != int64(len(t.leaves)) {
			return cordon.Errorf(cordon.KindConflict, "misplaced")
		}
		t.pending = slices.Delete(t.pending, i, i+1)
		t.leaves = append(t.leaves, r)
		t.feeds[r.Entry.Feed] = r.FeedSeq
	}
	return nil
}

func (t *memoryTx) Hashes(indexes []int64) ([][32]byte, error) {
	out := make([][32]byte, len(indexes))
	for i, at := range indexes {
		if at < 0 || at >= int64(len(t.hashes)) {
			return nil, cordon.Errorf(cordon.KindInternal, "no hash")
		}
		out[i] = t.hashes[at]
	}
	return out, nil
}

func (t *memoryTx) PutHashes(from int64, hashes [][32]byte) error {
	if from != int64(len(t.hashes)) {
		return cordon.Errorf(cordon.KindConflict, "hashes out of order")
	}
	t.hashes = append(t.hashes, hashes...)
	return nil
}

func (t *memoryTx) Feed(feed cordon.ID, after int64, limit int) ([]cordon.LeafRecord, error) {
	var out []cordon.LeafRecord
	for _, r := range t.leaves {
		if r.Entry.Feed == feed && r.FeedSeq > after && len(out) < limit {
			out = append(out, r)
		}
	}
	return out, nil
}

func (t *memoryTx) Leaves(from int64, limit int) ([]cordon.LeafRecord, error) {
	from = min(from, int64(len(t.leaves)))
	rest := t.leaves[from:]
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

func (t *memoryTx) Leaf(id cordon.ID) (cordon.LeafRecord, error) {
	for _, r := range t.leaves {
		if r.Entry.ID == id {
			return r, nil
		}
	}
	return cordon.LeafRecord{}, cordon.ErrNotFound
}

func (t *memoryTx) HoldTree() (int64, string, error) { return t.Tree() }
