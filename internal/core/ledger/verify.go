package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
)

// Report is the result of a verification.
type Report struct {
	// Size is how many entries the tree holds, Feeds how many of them each
	// feed has; both only as far as the verification came.
	Size  int64               `json:"size"`
	Feeds map[cordon.ID]int64 `json:"feeds,omitempty"`
	// Checkpoint is the signed checkpoint that was verified: the thing to
	// keep somewhere else, for the next Verify to be held against.
	Checkpoint string `json:"checkpoint,omitempty"`
	// Fault is the first thing wrong; nil when everything holds.
	Fault *Fault `json:"fault,omitempty"`
}

// OK reports that everything holds.
func (r Report) OK() bool { return r.Fault == nil }

// Verify recomputes the whole tree from the entries in one snapshot and
// checks that the checkpoint is signed by the ledger's key and for the size
// the store gives; that the entries' places and the numbers of every feed are
// without gaps and every feed reads back whole; that every stored hash is the one recomputed; that the root
// is the one signed; and that every checkpoint in kept, signed earlier and
// kept somewhere the database is not, is of a tree this one begins with. It
// changes nothing and says nothing of entries that are still pending.
//
// A fault of the ledger is in the report and is no error. The error is the
// store's when it could not be read through, and Invalid when a kept
// checkpoint is not one of this ledger's.
func (l *Ledger) Verify(ctx context.Context, kept ...string) (Report, error) {
	old := map[int64][]tlog.Hash{}
	for _, signed := range kept {
		c, f := openCheckpoint(signed, l.verifier)
		if f != nil {
			return Report{}, refuse(f)
		}
		old[c.Size] = append(old[c.Size], c.Root)
	}
	report, err := l.verify(ctx, old, l.batch)
	var u *unreadable
	if errors.As(err, &u) && l.batch > 1 {
		// Once more, one by one, to find which it is.
		report, err = l.verify(ctx, old, 1)
	}
	if errors.As(err, &u) {
		report.Fault, err = u.fault, nil
	}
	if err != nil {
		return Report{}, err
	}
	return report, nil
}

func (l *Ledger) verify(ctx context.Context, kept map[int64][]tlog.Hash, batch int) (report Report, err error) {
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		v := verification{tx: tx, batch: batch, kept: kept, feeds: map[cordon.ID]int64{}}
		fault, err := v.run(l.openHead)
		report = Report{Size: v.tree.size, Feeds: v.feeds, Checkpoint: v.signed, Fault: fault}
		return err
	})
	return report, err
}

// unreadable is a part of the ledger that the store cannot give, though it is
// not out of reach. It ends the transaction, for after an error a store
// promises nothing of it, and becomes the report's fault.
type unreadable struct {
	fault *Fault
	cause error
}

func (u *unreadable) Error() string { return u.fault.Problem }
func (u *unreadable) Unwrap() error { return u.cause }

// unread tells a store that is out of reach, which is no finding about the
// ledger, from a ledger that cannot be read.
func unread(cause error, f *Fault) error {
	if cordon.KindOf(cause) == cordon.KindUnavailable {
		return cause
	}
	return &unreadable{f, cause}
}

// verification is one pass over a ledger.
type verification struct {
	tx    cordon.LedgerReader
	batch int
	kept  map[int64][]tlog.Hash

	signed string
	head   Checkpoint
	tree   edge // recomputed so far
	feeds  map[cordon.ID]int64
}

func (v *verification) run(open func(int64, string) (Checkpoint, *Fault)) (*Fault, error) {
	size, signed, err := v.tx.Tree()
	if err != nil {
		return nil, err
	}
	v.signed = signed
	v.head.Root = v.tree.root()
	if size != 0 || signed != "" {
		var f *Fault
		if v.head, f = open(size, signed); f != nil {
			return f, nil
		}
	}
	for at := range v.kept {
		if at > size {
			return faultf(CheckKept, "the ledger had %d entries when it signed a kept checkpoint and has %d now", at, size), nil
		}
	}
	if f := v.checkKept(); f != nil {
		return f, nil
	}
	for {
		records, err := v.tx.Leaves(v.tree.size, v.batch)
		if err != nil {
			return nil, unread(err, faultf(CheckEntry, "entry %d cannot be read", v.tree.size).at(v.tree.size, cordon.Entry{}))
		}
		if len(records) == 0 {
			break
		}
		if f, err := v.addBatch(records); f != nil || err != nil {
			return f, err
		}
	}
	return v.finish()
}

// addBatch grows the recomputed tree by the records and compares the hashes
// they bring with those stored.
func (v *verification) addBatch(records []cordon.LeafRecord) (*Fault, error) {
	from := v.tree.size
	first := tlog.StoredHashCount(from)
	var want []tlog.Hash
	for _, r := range records {
		leaf, f := v.check(r)
		if f != nil {
			// An older fault in this batch's hashes would be the first
			// thing wrong, so those come before.
			if older, err := v.compare(first, want); older != nil || err != nil {
				return older, err
			}
			return f, nil
		}
		want = v.tree.add(leaf, want)
		if f := v.checkKept(); f != nil {
			if older, err := v.compare(first, want); older != nil || err != nil {
				return older, err
			}
			return f, nil
		}
	}
	return v.compare(first, want)
}

// check holds a record to the next place in the tree and in its feed, and
// gives the hash of its leaf.
func (v *verification) check(r cordon.LeafRecord) (tlog.Hash, *Fault) {
	next := v.tree.size
	switch {
	case next >= v.head.Size:
		return tlog.Hash{}, faultf(CheckIndex, "entry %d stands beyond the %d entries that were signed", r.Index, v.head.Size).at(r.Index, r.Entry)
	case r.Index > next:
		return tlog.Hash{}, faultf(CheckIndex, "entry %d is missing", next).at(next, cordon.Entry{})
	case r.Index < next:
		return tlog.Hash{}, faultf(CheckIndex, "entry %d is there twice", r.Index).at(r.Index, r.Entry)
	}
	if want := v.feeds[r.Entry.Feed] + 1; r.FeedSeq != want {
		return tlog.Hash{}, faultf(CheckFeed, "entry %d has number %d in its feed and should have %d", next, r.FeedSeq, want).at(next, r.Entry)
	}
	h, err := Leaf{FeedSeq: r.FeedSeq, Entry: r.Entry}.hash()
	if err != nil {
		return tlog.Hash{}, faultf(CheckEntry, "entry %d is malformed: %v", next, err).at(next, r.Entry)
	}
	v.feeds[r.Entry.Feed]++
	return h, nil
}

// compare holds recomputed hashes to those stored from the storage index on.
func (v *verification) compare(first int64, want []tlog.Hash) (*Fault, error) {
	step := max(len(want), 1)
	if v.batch == 1 {
		step = 1
	}
	for part := range slices.Chunk(want, step) {
		if f, err := v.compareRead(first, part); f != nil || err != nil {
			return f, err
		}
		first += int64(len(part))
	}
	return nil, nil
}

// compareRead is compare in one read.
func (v *verification) compareRead(first int64, want []tlog.Hash) (*Fault, error) {
	at := make([]int64, len(want))
	for i := range at {
		at[i] = first + int64(i)
	}
	have, err := hashReader(v.tx).ReadHashes(at)
	if err != nil {
		level, n := tlog.SplitStoredHashIndex(first)
		return nil, unread(err, faultf(CheckHash, "the stored hash of %s cannot be read", span(level, n)).at(n<<level, cordon.Entry{}))
	}
	for i := range want {
		if have[i] != want[i] {
			return v.blame(at[i], want[i], have[i])
		}
	}
	return nil, nil
}

// blame tells which of two differing hashes is at fault. The stored leaf hash
// is genuine if it leads to the signed root; then the entry was changed.
func (v *verification) blame(stored int64, want, have tlog.Hash) (*Fault, error) {
	level, n := tlog.SplitStoredHashIndex(stored)
	if level > 0 {
		return faultf(CheckHash, "the stored hash of %s is not theirs", span(level, n)).at(n<<level, cordon.Entry{}), nil
	}
	var e cordon.Entry
	if r, err := v.tx.Leaves(n, 1); err != nil {
		return nil, err
	} else if len(r) > 0 {
		e = r[0].Entry
	}
	path, err := tlog.ProveRecord(v.head.Size, n, hashReader(v.tx))
	if err != nil {
		return nil, unread(err, faultf(CheckHash, "the tree hashes above entry %d cannot be read", n).at(n, e))
	}
	switch {
	case tlog.CheckRecord(path, v.head.Size, v.head.Root, n, have) == nil:
		return faultf(CheckEntry, "entry %d is not what was signed; it was changed", n).at(n, e), nil
	case tlog.CheckRecord(path, v.head.Size, v.head.Root, n, want) == nil:
		return faultf(CheckHash, "the stored hash of entry %d is not its own; the entry is what was signed", n).at(n, e), nil
	default:
		return faultf(CheckHash, "the stored hash of entry %d is not its own", n).at(n, e), nil
	}
}

// checkKept compares the tree so far with kept checkpoints of its size.
func (v *verification) checkKept() *Fault {
	for _, root := range v.kept[v.tree.size] {
		if root != v.tree.root() {
			return faultf(CheckKept, "the first %d entries are not those of a kept checkpoint", v.tree.size)
		}
	}
	return nil
}

// finish makes the checks that are possible at the end only.
func (v *verification) finish() (*Fault, error) {
	if v.tree.size < v.head.Size {
		return faultf(CheckIndex, "entry %d is missing", v.tree.size).at(v.tree.size, cordon.Entry{}), nil
	}
	if v.tree.root() != v.head.Root {
		return faultf(CheckRoot, "the entries and the stored hashes agree and do not give the signed root"), nil
	}
	for _, feed := range slices.Sorted(maps.Keys(v.feeds)) {
		if f, err := v.readFeed(feed); f != nil || err != nil {
			return f, err
		}
	}
	return nil, nil
}

// readFeed reads a feed the way its owner is served and holds it to the
// feed's entries in the tree. A store finds a feed's entries by an index of
// its own, which is no part of what is signed.
func (v *verification) readFeed(feed cordon.ID) (*Fault, error) {
	counted := v.feeds[feed]
	said, err := v.tx.FeedSize(feed)
	if err != nil {
		return nil, err
	}
	if said != counted {
		f := faultf(CheckFeedSize, "a feed has %d entries and the store says %d", counted, said)
		f.Feed = feed
		return f, nil
	}
	for seq := int64(0); seq < counted; {
		records, err := v.tx.Feed(feed, seq, v.batch)
		if err != nil {
			return nil, err
		}
		if len(records) == 0 {
			records = []cordon.LeafRecord{{}} // the rest is missing
		}
		for _, r := range records {
			seq++
			if r.FeedSeq != seq || r.Entry.Feed != feed {
				f := faultf(CheckFeed, "entry %d of a feed is in the tree and not found in the feed", seq)
				f.Feed = feed
				return f, nil
			}
		}
	}
	return nil, nil
}

// span names the entries under a stored hash.
func span(level int, n int64) string {
	if level == 0 {
		return fmt.Sprintf("entry %d", n)
	}
	return fmt.Sprintf("entries %d to %d", n<<level, (n+1)<<level-1)
}
