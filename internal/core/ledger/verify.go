package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
)

// Report is the result of a verification.
type Report struct {
	// Size is how many leaves the public log has, Feeds how many entries each
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

// Verify recomputes the public log and every feed in one snapshot and checks:
//
//   - the checkpoint is signed by the ledger's key and for the size that the store
//     gives, the ticks are numbered without gaps, and their tree has the signed root;
//   - the numbers of every feed are without gaps, every stored hash is the one
//     recomputed, and each feed's head is the one that was left there;
//   - the last tick commits to exactly these feeds, as far as they went then;
//   - every checkpoint in kept, signed earlier and kept somewhere the database is
//     not, is of a log this one begins with, and its last tick commits to what the
//     feeds still begin with;
//   - the public log begins with the newest checkpoint of this process.
//
// It changes nothing and says nothing of entries that are still pending. What the
// ticks between committed to is not recomputed.
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
	if newest := l.Newest(); report.Fault == nil && newest != "" {
		report.Fault, err = l.goesOn(ctx, newest)
	}
	return report, err
}

func (l *Ledger) verify(ctx context.Context, kept map[int64][]tlog.Hash, batch int) (report Report, err error) {
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		v := verification{ledger: l, tx: tx, batch: batch, kept: kept, feeds: map[cordon.ID]int64{}}
		fault, err := v.run()
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
	ledger *Ledger
	tx     cordon.LedgerReader
	batch  int
	kept   map[int64][]tlog.Hash

	signed string
	head   Checkpoint
	tree   edge // of the public log, recomputed so far
	feeds  map[cordon.ID]int64
	// held are the ticks whose slots are recomputed: the last of all, and of each
	// kept checkpoint.
	held []*heldTick
}

// heldTick is a tick and the feeds as they were at it, recomputed.
type heldTick struct {
	cordon.Tick
	feeds []placed
}

func (v *verification) run() (*Fault, error) {
	size, signed, err := v.tx.Tree()
	if err != nil {
		return nil, err
	}
	v.signed = signed
	v.head.Root = v.tree.root()
	if size != 0 || signed != "" {
		var f *Fault
		if v.head, f = v.ledger.openHead(size, signed); f != nil {
			return f, nil
		}
	}
	for at := range v.kept {
		if at > size {
			return faultf(CheckKept, "the public log had %d leaves when a kept checkpoint was signed and has %d now", at, size), nil
		}
	}
	if f, err := v.public(); f != nil || err != nil {
		return f, err
	}
	heads, err := v.tx.FeedHeads()
	if err != nil {
		return nil, unread(err, faultf(CheckFeedSize, "the heads of the feeds cannot be read"))
	}
	for _, h := range heads {
		if f, err := v.feed(h); f != nil || err != nil {
			return f, err
		}
	}
	for _, t := range v.held {
		tree, err := newSlots(t.Secret, t.feeds)
		if err != nil {
			return nil, err
		}
		if tree.root() != t.Slots {
			return faultf(CheckSlot, "the feeds do not begin with those that tick %d commits to: one of them was changed, cut or taken away", t.Number).at(t.Index), nil
		}
	}
	return nil, nil
}

// public recomputes the public log.
func (v *verification) public() (*Fault, error) {
	if f := v.checkKept(); f != nil {
		return f, nil
	}
	last, err := lastTick(v.tx, v.head.Size)
	if err != nil {
		return nil, unread(err, faultf(CheckTick, "the last tick cannot be read").at(v.head.Size-1))
	}
	if last.Number == 0 && v.head.Size > 0 {
		return faultf(CheckTick, "the log does not end with a tick: entries of before there were ticks are not carried into their feeds, or it was taken away").at(v.head.Size - 1), nil
	}
	// Before the ticks stand the leaves of the one tree of before, by their hashes.
	first := v.head.Size - last.Number
	if first < 0 {
		return faultf(CheckTick, "the last tick has number %d in a log of %d leaves", last.Number, v.head.Size).at(v.head.Size - 1), nil
	}
	for v.tree.size < first {
		at := make([]int64, min(int64(v.batch), first-v.tree.size))
		for i := range at {
			at[i] = tlog.StoredHashIndex(0, v.tree.size+int64(i))
		}
		leaves, err := hashReader(v.tx, 0).ReadHashes(at)
		if err != nil {
			return nil, unread(err, faultf(CheckHash, "the stored hash of leaf %d cannot be read", v.tree.size).at(v.tree.size))
		}
		if f, err := v.grow(leaves); f != nil || err != nil {
			return f, err
		}
	}
	for v.tree.size < v.head.Size {
		ticks, err := v.tx.Ticks(v.tree.size, v.batch)
		if err != nil {
			return nil, unread(err, faultf(CheckTick, "the tick at place %d cannot be read", v.tree.size).at(v.tree.size))
		}
		var leaves []tlog.Hash
		for _, k := range ticks {
			at := v.tree.size + int64(len(leaves))
			if k.Index != at || k.Number != at-first+1 {
				break
			}
			leaves = append(leaves, tickOf(k).hash())
			if _, kept := v.kept[at+1]; kept || at+1 == v.head.Size {
				v.held = append(v.held, &heldTick{Tick: k})
			}
		}
		if f, err := v.grow(leaves); f != nil || err != nil {
			return f, err
		}
		if len(leaves) < len(ticks) || len(ticks) == 0 {
			return faultf(CheckIndex, "the tick at place %d is missing", v.tree.size).at(v.tree.size), nil
		}
	}
	if beyond, err := v.tx.Ticks(v.head.Size, 1); err != nil || len(beyond) > 0 {
		return faultf(CheckIndex, "a tick stands beyond the %d leaves that were signed", v.head.Size).at(v.head.Size), err
	}
	if v.tree.root() != v.head.Root {
		return faultf(CheckRoot, "the ticks and the stored hashes agree and do not give the signed root"), nil
	}
	return nil, nil
}

// grow adds leaves to the recomputed public log and compares the hashes they bring
// with those stored.
func (v *verification) grow(leaves []tlog.Hash) (*Fault, error) {
	from := tlog.StoredHashCount(v.tree.size)
	var want []tlog.Hash
	for _, leaf := range leaves {
		want = v.tree.add(leaf, want)
		if f := v.checkKept(); f != nil {
			return f, nil
		}
	}
	at, have, err := v.compare(0, from, want)
	if err != nil || at < 0 {
		return nil, err
	}
	level, n := tlog.SplitStoredHashIndex(from + int64(at))
	if have == nil {
		return faultf(CheckHash, "the stored hash of %s cannot be read", span("leaf", level, n)).at(n << level), nil
	}
	if level > 0 {
		return faultf(CheckHash, "the stored hash of %s is not theirs", span("leaf", level, n)).at(n << level), nil
	}
	return faultf(CheckTick, "the tick at place %d and its stored hash differ", n).at(n), nil
}

// compare gives the first of the hashes, which are stored from the index on, that is
// not the stored one, and that, nil where it cannot be read; -1 where all are.
func (v *verification) compare(log, from int64, want []tlog.Hash) (int, *tlog.Hash, error) {
	step := max(len(want), 1)
	if v.batch == 1 {
		step = 1
	}
	done := 0
	for part := range slices.Chunk(want, step) {
		at := make([]int64, len(part))
		for i := range at {
			at[i] = from + int64(done+i)
		}
		have, err := hashReader(v.tx, log).ReadHashes(at)
		switch {
		case err != nil && cordon.KindOf(err) == cordon.KindUnavailable:
			return 0, nil, err
		case err != nil && v.batch > 1:
			return 0, nil, &unreadable{faultf(CheckHash, "a stored hash cannot be read"), err}
		case err != nil:
			return done, nil, nil
		}
		for i := range part {
			if have[i] != part[i] {
				return done + i, &have[i], nil
			}
		}
		done += len(part)
	}
	return -1, nil, nil
}

// feed recomputes one feed.
func (v *verification) feed(head cordon.FeedHead) (*Fault, error) {
	if f := v.ledger.checkMAC(head); f != nil {
		return f, nil
	}
	// What the held ticks commit to of it.
	sizes := make([]int64, len(v.held))
	for i, t := range v.held {
		var err error
		if sizes[i], err = v.tx.FeedSizeAt(head.Feed, t.Index); err != nil {
			return nil, err
		}
	}
	var tree edge
	for tree.size < head.Size {
		next := tree.size + 1
		records, err := v.tx.Feed(head.Feed, tree.size, int(min(int64(v.batch), head.Size-tree.size)))
		if err != nil {
			return nil, unread(err, faultf(CheckEntry, "entry %d of a feed cannot be read", next).in(head.Feed, next))
		}
		if len(records) == 0 {
			return faultf(CheckFeed, "entry %d of a feed is missing", next).in(head.Feed, next), nil
		}
		from := tlog.StoredHashCount(tree.size)
		var want []tlog.Hash
		var fault *Fault
		for _, r := range records {
			h, f := checkRecord(r, head, tree.size+1)
			if f != nil {
				fault = f
				break
			}
			want = tree.add(h, want)
			for i, t := range v.held {
				if tree.size == sizes[i] {
					t.feeds = append(t.feeds, placed{feed: head.Feed, size: tree.size, root: tree.root()})
				}
			}
		}
		// An older fault in the hashes of these is the first thing wrong.
		if at, have, err := v.compare(head.Log, from, want); err != nil || at >= 0 {
			if err != nil {
				return nil, err
			}
			return v.blame(head, from+int64(at), want[at], have)
		}
		if fault != nil {
			return fault, nil
		}
		v.feeds[head.Feed] = tree.size
	}
	if beyond, err := v.tx.Feed(head.Feed, head.Size, 1); err != nil || len(beyond) > 0 {
		return faultf(CheckFeed, "an entry stands beyond the %d of a feed", head.Size).in(head.Feed, head.Size+1), err
	}
	if tree.root() != tlog.Hash(head.Root) {
		return faultf(CheckRoot, "the entries of a feed and their stored hashes agree and do not give its root").in(head.Feed, 0), nil
	}
	return nil, nil
}

// checkRecord holds a record to be the one with that number in its feed, and gives the
// hash of its leaf.
func checkRecord(r cordon.LeafRecord, head cordon.FeedHead, next int64) (tlog.Hash, *Fault) {
	switch {
	case r.FeedSeq != next:
		return tlog.Hash{}, faultf(CheckFeed, "entry %d of a feed is missing", next).in(head.Feed, next)
	case r.Entry.Feed != head.Feed:
		return tlog.Hash{}, faultf(CheckEntry, "entry %d of a feed is one of another feed", next).in(head.Feed, next)
	}
	h, err := Leaf{FeedSeq: r.FeedSeq, Entry: r.Entry}.hash()
	if err != nil {
		return tlog.Hash{}, faultf(CheckEntry, "entry %d of a feed is malformed: %v", next, err).of(r)
	}
	return h, nil
}

// blame tells which of two differing hashes is at fault. The stored leaf hash
// is genuine if it leads to the feed's root; then the entry was changed.
func (v *verification) blame(head cordon.FeedHead, stored int64, want tlog.Hash, have *tlog.Hash) (*Fault, error) {
	level, n := tlog.SplitStoredHashIndex(stored)
	number := n<<level + 1
	if have == nil {
		return faultf(CheckHash, "the stored hash of %s of a feed cannot be read", span("entry", level, n)).in(head.Feed, number), nil
	}
	if level > 0 {
		return faultf(CheckHash, "the stored hash of %s of a feed is not theirs", span("entry", level, n)).in(head.Feed, number), nil
	}
	r := cordon.LeafRecord{FeedSeq: number, Entry: cordon.Entry{Feed: head.Feed}}
	if found, err := v.tx.Feed(head.Feed, n, 1); err != nil {
		return nil, err
	} else if len(found) > 0 {
		r = found[0]
	}
	path, err := tlog.ProveRecord(head.Size, n, hashReader(v.tx, head.Log))
	if err != nil {
		return nil, unread(err, faultf(CheckHash, "the tree hashes above entry %d of a feed cannot be read", number).of(r))
	}
	switch {
	case tlog.CheckRecord(path, head.Size, head.Root, n, *have) == nil:
		return faultf(CheckEntry, "entry %d of a feed is not what was recorded; it was changed", number).of(r), nil
	case tlog.CheckRecord(path, head.Size, head.Root, n, want) == nil:
		return faultf(CheckHash, "the stored hash of entry %d of a feed is not its own; the entry is what was recorded", number).of(r), nil
	default:
		return faultf(CheckHash, "the stored hash of entry %d of a feed is not its own", number).of(r), nil
	}
}

// checkKept compares the public log so far with kept checkpoints of its size.
func (v *verification) checkKept() *Fault {
	for _, root := range v.kept[v.tree.size] {
		if root != v.tree.root() {
			return faultf(CheckKept, "the first %d leaves of the public log are not those of a kept checkpoint", v.tree.size)
		}
	}
	return nil
}

// span names the leaves under a stored hash, from 0 in the public log and from 1 in a
// feed.
func span(what string, level int, n int64) string {
	first, last := n<<level, (n+1)<<level-1
	many := "leaves"
	if what == "entry" {
		first, last, many = first+1, last+1, "entries"
	}
	if level == 0 {
		return fmt.Sprintf("%s %d", what, first)
	}
	return fmt.Sprintf("%s %d to %d", many, first, last)
}
