package ledger

import (
	"context"

	"cordon"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// MaxBundle bounds the entries of one bundle; a longer feed is handed over in
// several.
const MaxBundle = 1000

// Bundle is a stretch of a feed with everything its owner needs to check it.
// The owner is given its JSON.
type Bundle struct {
	Feed cordon.ID `json:"feed,omitempty"`
	// Commitment says how many entries the feed has, and their root.
	Commitment
	// Entries are in the order of their numbers.
	Entries []Leaf `json:"entries"`
	// Follows shows that the feed begins with all entries up to the last of these.
	Follows tlog.TreeProof `json:"follows,omitempty"`
	// Grew shows that the feed begins with what the earlier checkpoint committed to.
	Grew tlog.TreeProof `json:"grew,omitempty"`
	// Consistency shows that the public log begins with the one of the earlier
	// checkpoint; it and Grew are empty where the owner holds none.
	Consistency tlog.TreeProof `json:"consistency,omitempty"`
}

// Verified is kept by an owner from a verified bundle: its place in the feed and
// what would show a later contradiction. It begins with
// Verified{Feed: id of the organisation}.
type Verified struct {
	Feed cordon.ID `json:"feed,omitempty"`
	// Seq is the number of the last entry verified, and Edge the right edge of the
	// tree of the entries up to it: the roots of its full subtrees, the largest first.
	Seq  int64       `json:"seq"`
	Edge []tlog.Hash `json:"edge,omitempty"`
	// FeedSize and FeedRoot are what Checkpoint, which is signed, commits to.
	FeedSize   int64     `json:"feedSize"`
	FeedRoot   tlog.Hash `json:"feedRoot"`
	Checkpoint string    `json:"checkpoint,omitempty"`
}

// Complete reports that the owner has every entry that the checkpoint commits
// to. Where it says no after the last bundle, entries are kept back.
func (h Verified) Complete() bool { return h.Seq == h.FeedSize }

// Bundle hands over a feed's entries after the number, at most limit and
// MaxBundle of them, for an owner whose kept checkpoint is of a public log of
// oldSize leaves (0 for none). What came after the last tick is not in it: tick
// first. ErrNotFound where the feed had no entry then, Conflict where the
// log is shorter than oldSize or the feed than after. The caller decides whether
// the asker may see the feed.
func (l *Ledger) Bundle(ctx context.Context, feed cordon.ID, after, oldSize int64, limit int) (b Bundle, err error) {
	if after < 0 || limit < 0 {
		return Bundle{}, cordon.Errorf(cordon.KindInvalid, "a place in a feed and a limit are not negative")
	}
	limit = min(limit, MaxBundle)
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		b = Bundle{Feed: feed, Entries: []Leaf{}}
		var head cordon.FeedHead
		if b.Commitment, head, err = l.commitment(tx, feed); err != nil {
			return err
		}
		public, _, err := tx.Tree()
		if err != nil {
			return err
		}
		if b.Consistency, err = provePrefix(tx, 0, public, oldSize); err != nil {
			return err
		}
		held, err := tx.FeedSizeAt(feed, oldSize-1)
		if err != nil {
			return err
		}
		if b.Grew, err = provePrefix(tx, head.Log, b.Slot.Size, held); err != nil {
			return err
		}
		records, err := tx.Feed(feed, after, int(min(int64(limit), max(b.Slot.Size-after, 0))))
		if err != nil {
			return err
		}
		for _, r := range records {
			b.Entries = append(b.Entries, Leaf{FeedSeq: r.FeedSeq, Entry: r.Entry})
		}
		b.Follows, err = provePrefix(tx, head.Log, b.Slot.Size, after+int64(len(records)))
		return err
	})
	if err != nil {
		return Bundle{}, err
	}
	return b, nil
}

// VerifyBundle checks a bundle with nothing but the public key and the
// owner's Verified, and gives the Verified to keep from now on:
//
//   - the checkpoint is signed, its last tick commits to the feed's slot, and so to
//     the number of entries in the feed and to each of them;
//   - the public log begins with the one of the held checkpoint, and the feed with
//     what that committed to;
//   - the entries follow the last one held, without a gap, and the feed begins with
//     all of them.
//
// Invalid, caused by the first *Fault found, when any of that does not hold;
// the owner's Verified stays as it was. A bundle that ends before the feed does
// passes and the result is not Complete: ask for the rest.
func VerifyBundle(b Bundle, verifierKey string, held Verified) (Verified, error) {
	v, err := parseVerifier(verifierKey)
	if err != nil {
		return held, err
	}
	if held.Seq < 0 || held.FeedSize < 0 || len(held.Edge) != edgeLen(held.Seq) {
		return held, cordon.Errorf(cordon.KindInvalid, "what is held is not the result of an earlier verification: begin anew without it. "+
			"One from before each feed was a log of its own cannot go on; the entries and their numbers are the same")
	}
	next, f := verifyBundle(b, v, held)
	if f != nil {
		return held, refuse(f)
	}
	return next, nil
}

func verifyBundle(b Bundle, v note.Verifier, held Verified) (Verified, *Fault) {
	if b.Feed != held.Feed {
		return held, faultf(CheckFeed, "the bundle is of another feed than the one held")
	}
	now, f := checkCommitment(b.Commitment, b.Feed, v)
	if f != nil {
		return held, f
	}
	if held.Checkpoint != "" {
		old, f := openCheckpoint(held.Checkpoint, v)
		if f != nil {
			return held, f
		}
		if f := checkPrefix(b.Consistency, now, old); f != nil {
			return held, f
		}
		if old.Size == now.Size && (b.Slot.Size != held.FeedSize || b.Slot.Root != held.FeedRoot) {
			return held, faultf(CheckSlot, "the same tick committed to another feed when it was held")
		}
	}
	if f := checkFeedPrefix(b.Grew, b.Slot, held.FeedSize, held.FeedRoot); f != nil {
		return held, f
	}
	tree := edge{size: held.Seq, roots: append([]tlog.Hash(nil), held.Edge...)}
	for _, leaf := range b.Entries {
		if f := checkNext(leaf, b.Feed, tree.size+1); f != nil {
			return held, f
		}
		h, err := leaf.hash()
		if err != nil {
			return held, faultf(CheckEntry, "entry %d of the feed is malformed: %v", leaf.FeedSeq, err).in(b.Feed, leaf.FeedSeq)
		}
		tree.add(h, nil)
	}
	if tree.size > b.Slot.Size {
		return held, faultf(CheckFeedSize, "the bundle goes to entry %d of a feed that has %d", tree.size, b.Slot.Size)
	}
	if f := checkFeedPrefix(b.Follows, b.Slot, tree.size, tree.root()); f != nil {
		return held, f
	}
	return Verified{
		Feed: b.Feed, Seq: tree.size, Edge: tree.roots,
		FeedSize: b.Slot.Size, FeedRoot: b.Slot.Root, Checkpoint: b.Checkpoint,
	}, nil
}

// checkFeedPrefix holds a feed to begin with the tree of that size and root.
func checkFeedPrefix(path tlog.TreeProof, slot Slot, size int64, root tlog.Hash) *Fault {
	switch {
	case size > slot.Size:
		return faultf(CheckFeedSize, "the feed had %d entries and is committed to with %d now", size, slot.Size)
	case size == 0:
		return nil
	}
	if err := tlog.CheckTree(path, slot.Size, slot.Root, size, root); err != nil {
		return faultf(CheckFeed, "the feed that the tick commits to does not begin with these %d entries", size)
	}
	return nil
}

// checkNext holds an entry to be the one with that number in the feed.
func checkNext(leaf Leaf, feed cordon.ID, seq int64) *Fault {
	switch {
	case leaf.Entry.Feed != feed:
		return faultf(CheckFeed, "an entry of another feed stands where number %d should", seq).in(feed, seq)
	case leaf.FeedSeq != seq:
		return faultf(CheckFeed, "number %d of the feed stands where %d should", leaf.FeedSeq, seq).in(feed, seq)
	}
	return nil
}
