package ledger

import (
	"crypto/sha256"
	"math/bits"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
)

// edge is the right edge of a tree: the roots of its full subtrees, the
// largest first, one for each bit set in its size. It is all that is needed
// to grow the tree and to know its root.
type edge struct {
	size  int64
	roots []tlog.Hash
}

// readEdge takes the edge of the tree of that size from its stored hashes.
func readEdge(size int64, r tlog.HashReader) (edge, error) {
	var at []int64
	var leaves int64 // those under the subtrees to the left
	for level := bits.Len64(uint64(size)) - 1; level >= 0; level-- {
		if size>>level&1 == 1 {
			at = append(at, tlog.StoredHashIndex(level, leaves>>level))
			leaves += 1 << level
		}
	}
	if len(at) == 0 {
		return edge{}, nil
	}
	roots, err := r.ReadHashes(at)
	if err != nil {
		return edge{}, err
	}
	return edge{size: size, roots: roots}, nil
}

// add grows the tree by a leaf and appends to stored the hashes to be stored
// for it: its own and those of the subtrees it completes, the lowest first,
// which is the order of their storage indexes.
func (e *edge) add(leaf tlog.Hash, stored []tlog.Hash) []tlog.Hash {
	h := leaf
	stored = append(stored, h)
	for range bits.TrailingZeros64(uint64(e.size + 1)) {
		last := len(e.roots) - 1
		h = tlog.NodeHash(e.roots[last], h)
		e.roots = e.roots[:last]
		stored = append(stored, h)
	}
	e.roots = append(e.roots, h)
	e.size++
	return stored
}

// root is the Merkle tree hash of RFC 6962, section 2.1.
func (e *edge) root() tlog.Hash {
	if e.size == 0 {
		return sha256.Sum256(nil)
	}
	last := len(e.roots) - 1
	h := e.roots[last]
	for i := last - 1; i >= 0; i-- {
		h = tlog.NodeHash(e.roots[i], h)
	}
	return h
}

// hashReader reads the stored hashes of a log inside a transaction.
func hashReader(tx cordon.LedgerReader, log int64) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		at := make([]int64, len(indexes))
		for i, index := range indexes {
			at[i] = log*cordon.LogSpan + index
		}
		raw, err := tx.Hashes(at)
		if err != nil {
			return nil, err
		}
		if len(raw) != len(indexes) {
			return nil, cordon.Errorf(cordon.KindInternal, "the store gave %d tree hashes for %d", len(raw), len(indexes))
		}
		hashes := make([]tlog.Hash, len(raw))
		for i, h := range raw {
			hashes[i] = h
		}
		return hashes, nil
	})
}

// treeHashes places hashes of a log that are stored from the index on.
func treeHashes(log, from int64, hashes []tlog.Hash) []cordon.TreeHash {
	out := make([]cordon.TreeHash, len(hashes))
	for i, h := range hashes {
		out[i] = cordon.TreeHash{Place: log*cordon.LogSpan + from + int64(i), Hash: h}
	}
	return out
}

// edgeLen is how many subtrees the edge of a tree of that size has.
func edgeLen(size int64) int { return bits.OnesCount64(uint64(size)) }
