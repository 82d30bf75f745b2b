package sqltx

import (
	"fmt"

	"cordon"
)

// Append implements cordon.LedgerWriter.
func (t *Tx) Append(e cordon.Entry) error {
	return t.add("the entry", `INSERT INTO ledger_pending (at, n, id, entry) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, micros(e.At), t.next(), e.ID, asJSON(e))
}

// Pending implements cordon.LedgerReader.
func (t *Tx) Pending(limit int) ([]cordon.Entry, error) {
	scan := func(row scanner, e *cordon.Entry) error { return row.Scan(fromJSON{e}) }
	return list(t, scan, `SELECT entry FROM ledger_pending ORDER BY at, n, id LIMIT $1`, int64(max(limit, 0)))
}

// Tree implements cordon.LedgerReader.
func (t *Tx) Tree() (size int64, checkpoint string, err error) { return t.tree("") }

// HoldTree implements cordon.Holder.
func (t *Tx) HoldTree() (size int64, checkpoint string, err error) { return t.tree(t.d.HoldUpdate) }

func (t *Tx) tree(held string) (size int64, checkpoint string, err error) {
	type head struct {
		size       int64
		checkpoint string
	}
	scan := func(row scanner, h *head) error { return row.Scan(&h.size, &h.checkpoint) }
	h, err := one(t, scan, `SELECT size, checkpoint FROM ledger_head WHERE one = 1`+held)
	return h.size, h.checkpoint, err
}

// PutTree implements cordon.LedgerWriter.
func (t *Tx) PutTree(size int64, checkpoint string) error {
	return t.change(`UPDATE ledger_head SET size = $1, checkpoint = $2 WHERE one = 1`, size, checkpoint)
}

// FeedSize implements cordon.LedgerReader.
func (t *Tx) FeedSize(feed cordon.ID) (int64, error) {
	return one(t, scanInt, `SELECT coalesce(max(feed_seq), 0) FROM ledger_leaves WHERE feed = $1`, feed)
}

// Place implements cordon.LedgerWriter.
func (t *Tx) Place(leaves []cordon.LeafRecord) error {
	if len(leaves) == 0 {
		return nil
	}
	ids := make([]cordon.ID, len(leaves))
	rows := make([][]any, len(leaves))
	first, last := leaves[0].Entry.At, leaves[0].Entry.At
	for i, l := range leaves {
		ids[i] = l.Entry.ID
		rows[i] = []any{l.Index, l.Entry.ID, l.Entry.Feed, l.FeedSeq, asJSON(l.Entry)}
		if l.Entry.At.Before(first) {
			first = l.Entry.At
		}
		if l.Entry.At.After(last) {
			last = l.Entry.At
		}
	}
	// Pending entries are in order of time, so the range keeps a long
	// backlog from being read through.
	n, err := t.exec(`DELETE FROM ledger_pending WHERE at >= $1 AND at <= $2 AND id @in($3)`,
		micros(first), micros(last), t.ids(ids))
	if err != nil {
		return err
	}
	if n != int64(len(leaves)) {
		return cordon.Errorf(cordon.KindConflict, "an entry to be placed is not pending")
	}
	return t.insertAll("a leaf of the ledger", "ledger_leaves", "idx, id, feed, feed_seq, entry", rows)
}

// Hashes implements cordon.LedgerReader.
func (t *Tx) Hashes(indexes []int64) ([][32]byte, error) {
	type stored struct {
		index int64
		hash  []byte
	}
	scan := func(row scanner, s *stored) error { return row.Scan(&s.index, &s.hash) }
	found, err := list(t, scan, `SELECT idx, hash FROM ledger_hashes WHERE idx @in($1)`, t.d.Numbers(indexes))
	if err != nil {
		return nil, err
	}
	byIndex := make(map[int64][]byte, len(found))
	for _, s := range found {
		byIndex[s.index] = s.hash
	}
	hashes := make([][32]byte, len(indexes))
	for i, index := range indexes {
		if copy(hashes[i][:], byIndex[index]) != len(hashes[i]) {
			return nil, cordon.Errorf(cordon.KindInternal, "the ledger's tree is damaged").
				Because(fmt.Errorf("hash %d is missing", index))
		}
	}
	return hashes, nil
}

// PutHashes implements cordon.LedgerWriter.
func (t *Tx) PutHashes(from int64, hashes [][32]byte) error {
	rows := make([][]any, len(hashes))
	for i, h := range hashes {
		rows[i] = []any{from + int64(i), h[:]}
	}
	return t.insertAll("a hash of the ledger's tree", "ledger_hashes", "idx, hash", rows)
}

const leafColumns = `idx, feed_seq, entry`

func scanLeaf(row scanner, l *cordon.LeafRecord) error {
	return row.Scan(&l.Index, &l.FeedSeq, fromJSON{&l.Entry})
}

// Feed implements cordon.LedgerReader.
func (t *Tx) Feed(feed cordon.ID, after int64, limit int) ([]cordon.LeafRecord, error) {
	return list(t, scanLeaf, `SELECT `+leafColumns+` FROM ledger_leaves
		WHERE feed = $1 AND feed_seq > $2 ORDER BY feed_seq LIMIT $3`, feed, after, int64(max(limit, 0)))
}

// Leaves implements cordon.LedgerReader.
func (t *Tx) Leaves(from int64, limit int) ([]cordon.LeafRecord, error) {
	return list(t, scanLeaf, `SELECT `+leafColumns+` FROM ledger_leaves WHERE idx >= $1 ORDER BY idx LIMIT $2`,
		from, int64(max(limit, 0)))
}

// Leaf implements cordon.LedgerReader.
func (t *Tx) Leaf(id cordon.ID) (cordon.LeafRecord, error) {
	return one(t, scanLeaf, `SELECT `+leafColumns+` FROM ledger_leaves WHERE id = $1`, id)
}
