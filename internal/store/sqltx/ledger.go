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

// FeedHead implements cordon.LedgerReader.
func (t *Tx) FeedHead(feed cordon.ID) (cordon.FeedHead, error) {
	heads, err := list(t, scanFeedHead, `SELECT `+feedHeadColumns+` FROM ledger_feeds WHERE feed = $1`, feed)
	if err != nil {
		return cordon.FeedHead{}, err
	}
	if len(heads) > 0 {
		return heads[0], nil
	}
	last, err := one(t, scanInt, `SELECT coalesce(max(log), 0) FROM ledger_feeds`)
	return cordon.FeedHead{Feed: feed, Log: last + 1}, err
}

// FeedHeads implements cordon.LedgerReader.
func (t *Tx) FeedHeads() ([]cordon.FeedHead, error) {
	return list(t, scanFeedHead, `SELECT `+feedHeadColumns+` FROM ledger_feeds ORDER BY log`)
}

// PutFeedHeads implements cordon.LedgerWriter.
func (t *Tx) PutFeedHeads(heads []cordon.FeedHead) error {
	rows := make([][]any, len(heads))
	for i, h := range heads {
		rows[i] = []any{h.Feed, h.Log, h.Size, h.Root[:], h.MAC[:], 0, none[:]}
	}
	_, err := t.insertOr(`(feed) DO UPDATE SET log = excluded.log, size = excluded.size, root = excluded.root, mac = excluded.mac`,
		"ledger_feeds", feedHeadColumns, rows)
	return err
}

// none is no hash.
var none [32]byte

const feedHeadColumns = `feed, log, size, root, mac, tick_size, tick_root`

func scanFeedHead(row scanner, h *cordon.FeedHead) error {
	return row.Scan(&h.Feed, &h.Log, &h.Size, digest{&h.Root}, digest{&h.MAC}, &h.TickSize, digest{&h.TickRoot})
}

// FeedSizeAt implements cordon.LedgerReader.
func (t *Tx) FeedSizeAt(feed cordon.ID, tick int64) (int64, error) {
	sizes, err := list(t, scanInt, `SELECT size FROM ledger_sizes WHERE feed = $1 AND tick <= $2 ORDER BY tick DESC LIMIT 1`, feed, tick)
	if err != nil || len(sizes) == 0 {
		return 0, err
	}
	return sizes[0], nil
}

// Ticks implements cordon.LedgerReader.
func (t *Tx) Ticks(from int64, limit int) ([]cordon.Tick, error) {
	scan := func(row scanner, k *cordon.Tick) error {
		return row.Scan(&k.Index, &k.Number, instant{&k.At}, digest{&k.Slots}, digest{&k.State}, digest{&k.Secret})
	}
	return list(t, scan, `SELECT idx, number, at, slots, state, secret FROM ledger_ticks WHERE idx >= $1 ORDER BY idx LIMIT $2`,
		from, int64(max(limit, 0)))
}

// PutTick implements cordon.LedgerWriter.
func (t *Tx) PutTick(k cordon.Tick) error {
	err := t.add("a tick of the ledger", `INSERT INTO ledger_ticks (idx, number, at, slots, state, secret) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, k.Index, k.Number, micros(k.At), k.Slots[:], k.State[:], k.Secret[:])
	if err != nil {
		return err
	}
	if err := t.put(`INSERT INTO ledger_sizes (feed, tick, size) SELECT feed, $1, size FROM ledger_feeds WHERE size <> tick_size`, k.Index); err != nil {
		return err
	}
	return t.put(`UPDATE ledger_feeds SET tick_size = size, tick_root = root WHERE size <> tick_size`)
}

// Place implements cordon.LedgerWriter.
func (t *Tx) Place(leaves []cordon.LeafRecord) error {
	if len(leaves) == 0 {
		return nil
	}
	ids := make([]cordon.ID, len(leaves))
	rows := make([][]any, len(leaves))
	last := leaves[0].Entry.At
	for i, l := range leaves {
		ids[i] = l.Entry.ID
		rows[i] = []any{l.Log*cordon.LogSpan + l.FeedSeq, asJSON(l.Entry)}
		if l.Entry.At.After(last) {
			last = l.Entry.At
		}
	}
	// Pending entries are in order of time, so the bound keeps a long backlog
	// from being read through.
	n, err := t.exec(`DELETE FROM ledger_pending WHERE at <= $1 AND id @in($2)`, micros(last), t.ids(ids))
	if err != nil {
		return err
	}
	if n != int64(len(leaves)) {
		return cordon.Errorf(cordon.KindConflict, "an entry to be placed is not pending")
	}
	return t.insertAll("a leaf of the ledger", "ledger_leaves", "place, entry", rows)
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
func (t *Tx) PutHashes(hashes []cordon.TreeHash) error {
	rows := make([][]any, len(hashes))
	for i := range hashes {
		rows[i] = []any{hashes[i].Place, hashes[i].Hash[:]}
	}
	return t.insertAll("a hash of the ledger's tree", "ledger_hashes", "idx, hash", rows)
}

// Feed implements cordon.LedgerReader.
func (t *Tx) Feed(feed cordon.ID, after int64, limit int) ([]cordon.LeafRecord, error) {
	head, err := t.FeedHead(feed)
	if err != nil {
		return nil, err
	}
	scan := func(row scanner, l *cordon.LeafRecord) error {
		var place int64
		err := row.Scan(&place, fromJSON{&l.Entry})
		l.Log, l.FeedSeq = place/cordon.LogSpan, place%cordon.LogSpan
		return err
	}
	first := head.Log * cordon.LogSpan
	return list(t, scan, `SELECT place, entry FROM ledger_leaves WHERE place > $1 AND place < $2 ORDER BY place LIMIT $3`,
		first+max(0, min(after, cordon.LogSpan-1)), first+cordon.LogSpan, int64(max(limit, 0)))
}
