package ledger

import (
	"context"

	"cordon"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Commitment shows what the checkpoint's last tick says of one feed: how many entries
// it has, and the root of its tree.
type Commitment struct {
	// Checkpoint is the signed checkpoint of the public log.
	Checkpoint string `json:"checkpoint"`
	// Tick is the log's last leaf, and Path that from it to the log's root: the
	// Merkle audit path of RFC 6962, section 2.1.1, from the leaf up.
	Tick Tick             `json:"tick"`
	Path tlog.RecordProof `json:"path"`
	Slot Slot             `json:"slot"`
}

// Proof shows that an entry is in the feed that the checkpoint commits to. It shows
// nothing else of the feed but its size, so its owner can hand it to others.
type Proof struct {
	Commitment
	Leaf Leaf `json:"leaf"`
	// Within is the path from the leaf to the root of the feed's tree.
	Within tlog.RecordProof `json:"within"`
}

// Consistency shows that the public log of the checkpoint begins with an earlier
// one, by the proof of RFC 6962, section 2.1.2.
type Consistency struct {
	Path tlog.TreeProof `json:"path"`
	// Checkpoint is the signed checkpoint of the later log.
	Checkpoint string `json:"checkpoint"`
}

// Prove proves the entry with that number in the feed, under the latest
// checkpoint; ErrNotFound where the feed had none at its tick. The caller decides
// whether the asker may see the feed.
func (l *Ledger) Prove(ctx context.Context, feed cordon.ID, seq int64) (p Proof, err error) {
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		var head cordon.FeedHead
		if p.Commitment, head, err = l.commitment(tx, feed); err != nil {
			return err
		}
		if seq < 1 || seq > p.Slot.Size {
			return cordon.ErrNotFound
		}
		records, err := tx.Feed(feed, seq-1, 1)
		if err != nil {
			return err
		}
		if len(records) == 0 || records[0].FeedSeq != seq {
			return errBroken.Because(faultf(CheckFeed, "number %d of a feed is missing", seq).in(feed, seq))
		}
		p.Leaf = Leaf{FeedSeq: seq, Entry: records[0].Entry}
		if p.Within, err = tlog.ProveRecord(p.Slot.Size, seq-1, hashReader(tx, head.Log)); err != nil {
			return unproven(err)
		}
		return nil
	})
	if err != nil {
		return Proof{}, err
	}
	return p, nil
}

// commitment shows the feed under the latest checkpoint; ErrNotFound where it had no
// entry at the last tick.
func (l *Ledger) commitment(tx cordon.LedgerReader, feed cordon.ID) (c Commitment, head cordon.FeedHead, err error) {
	size, signed, err := tx.Tree()
	if err != nil {
		return c, head, err
	}
	last, err := lastTick(tx, size)
	if err != nil {
		return c, head, err
	}
	if last.Number == 0 {
		return c, head, cordon.ErrNotFound
	}
	if head, err = tx.FeedHead(feed); err != nil {
		return c, head, err
	}
	tree, err := slotsNow(tx, last)
	if err != nil {
		return c, head, err
	}
	slot, ok := tree.slot(feed)
	if !ok {
		return c, head, cordon.ErrNotFound
	}
	path, err := tlog.ProveRecord(size, size-1, hashReader(tx, 0))
	if err != nil {
		return c, head, unproven(err)
	}
	return Commitment{Checkpoint: signed, Tick: tickOf(last), Path: path, Slot: slot}, head, nil
}

// ProveConsistency proves that the latest public log begins with the one that had
// oldSize leaves. A ledger that is shorter than that has been rolled back,
// which is a Conflict; one without a checkpoint is ErrNotFound.
func (l *Ledger) ProveConsistency(ctx context.Context, oldSize int64) (c Consistency, err error) {
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		size, signed, err := tx.Tree()
		if err != nil {
			return err
		}
		if signed == "" {
			return cordon.ErrNotFound
		}
		c.Checkpoint = signed
		c.Path, err = provePrefix(tx, 0, size, oldSize)
		return err
	})
	if err != nil {
		return Consistency{}, err
	}
	return c, nil
}

// provePrefix proves that a log of that size begins with the one of oldSize leaves.
func provePrefix(tx cordon.LedgerReader, log, size, oldSize int64) (tlog.TreeProof, error) {
	switch {
	case oldSize < 0:
		return nil, cordon.Errorf(cordon.KindInvalid, "a tree's size is not negative")
	case oldSize > size:
		return nil, cordon.Errorf(cordon.KindConflict, "the log has %d leaves, fewer than the %d of the earlier one", size, oldSize)
	case oldSize == 0:
		return tlog.TreeProof{}, nil // every tree begins with the empty one
	}
	path, err := tlog.ProveTree(size, oldSize, hashReader(tx, log))
	if err != nil {
		return nil, unproven(err)
	}
	return path, nil
}

// unproven leaves the store's errors as they are; tlog's own have no kind and
// mean a tree that is not what its head says.
func unproven(err error) error {
	if cordon.KindOf(err) != cordon.KindInternal {
		return err
	}
	return errBroken.Because(err)
}

// CheckInclusion checks, with nothing but the public key, that the checkpoint
// is signed, that its last tick commits to the feed, and that the leaf is in the feed
// at its number. Invalid, caused by a *Fault, when it is not.
func CheckInclusion(p Proof, verifierKey string) error {
	v, err := parseVerifier(verifierKey)
	if err != nil {
		return err
	}
	feed := p.Leaf.Entry.Feed
	if _, f := checkCommitment(p.Commitment, feed, v); f != nil {
		return refuse(f)
	}
	h, err := p.Leaf.hash()
	if err != nil {
		return refuse(faultf(CheckEntry, "entry %d of the feed is malformed: %v", p.Leaf.FeedSeq, err).in(feed, p.Leaf.FeedSeq))
	}
	if err := tlog.CheckRecord(p.Within, p.Slot.Size, p.Slot.Root, p.Leaf.FeedSeq-1, h); err != nil {
		return refuse(faultf(CheckInclusionPath, "entry %d is not at its place in the feed", p.Leaf.FeedSeq).in(feed, p.Leaf.FeedSeq))
	}
	return nil
}

// checkCommitment checks all of a commitment and gives the checkpoint.
func checkCommitment(c Commitment, feed cordon.ID, v note.Verifier) (Checkpoint, *Fault) {
	head, f := openCheckpoint(c.Checkpoint, v)
	if f != nil {
		return head, f
	}
	if err := tlog.CheckRecord(c.Path, head.Size, head.Root, head.Size-1, c.Tick.hash()); err != nil {
		return head, faultf(CheckTick, "the tick is not the last leaf of the signed log")
	}
	root, f := c.Slot.slotsRoot(feed)
	if f != nil {
		return head, f
	}
	if root != c.Tick.Slots || c.Slot.Size < 1 || c.Slot.Size > cordon.LogSpan {
		return head, faultf(CheckSlot, "the tick does not commit to this size and root of the feed")
	}
	return head, nil
}

// CheckConsistency checks, with nothing but the public key, that both
// checkpoints are signed and that the later log begins with the one of the
// signed checkpoint kept. Invalid, caused by a *Fault, when it does not.
func CheckConsistency(c Consistency, kept, verifierKey string) error {
	old, err := OpenCheckpoint(kept, verifierKey)
	if err != nil {
		return err
	}
	now, err := OpenCheckpoint(c.Checkpoint, verifierKey)
	if err != nil {
		return err
	}
	if f := checkPrefix(c.Path, now, old); f != nil {
		return refuse(f)
	}
	return nil
}

func checkPrefix(path tlog.TreeProof, now, old Checkpoint) *Fault {
	if old.Size > now.Size {
		return faultf(CheckKept, "the public log had %d leaves when the kept checkpoint was signed and has %d now", old.Size, now.Size)
	}
	if err := tlog.CheckTree(path, now.Size, now.Root, old.Size, old.Root); err != nil {
		return faultf(CheckKept, "the public log is not shown to begin with the %d leaves of the kept checkpoint", old.Size)
	}
	return nil
}
