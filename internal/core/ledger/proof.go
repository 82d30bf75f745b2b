package ledger

import (
	"context"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
)

// Inclusion is a leaf, its place, and the path from it to the root: the Merkle
// audit path of RFC 6962, section 2.1.1, from the leaf up.
type Inclusion struct {
	Index int64            `json:"index"`
	Leaf  Leaf             `json:"leaf"`
	Path  tlog.RecordProof `json:"path"`
}

// Proof shows that an entry is in the tree that the checkpoint signs.
type Proof struct {
	Inclusion
	// Checkpoint is a signed checkpoint.
	Checkpoint string `json:"checkpoint"`
}

// Consistency shows that the tree of the checkpoint begins with an earlier
// one, by the proof of RFC 6962, section 2.1.2.
type Consistency struct {
	Path tlog.TreeProof `json:"path"`
	// Checkpoint is the signed checkpoint of the later tree.
	Checkpoint string `json:"checkpoint"`
}

// Prove proves the entry with that number in the feed, under the latest
// checkpoint; ErrNotFound where the feed has none. It proves integrated
// entries only. The caller decides whether the asker may see the feed.
func (l *Ledger) Prove(ctx context.Context, feed cordon.ID, seq int64) (p Proof, err error) {
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		size, signed, err := tx.Tree()
		if err != nil {
			return err
		}
		p.Checkpoint = signed
		records, err := tx.Feed(feed, seq-1, 1)
		if err != nil {
			return err
		}
		if len(records) == 0 || records[0].FeedSeq != seq {
			return cordon.ErrNotFound
		}
		p.Inclusion, err = include(tx, size, records[0])
		return err
	})
	if err != nil {
		return Proof{}, err
	}
	return p, nil
}

func include(tx cordon.LedgerReader, size int64, r cordon.LeafRecord) (Inclusion, error) {
	path, err := tlog.ProveRecord(size, r.Index, hashReader(tx))
	if err != nil {
		return Inclusion{}, unproven(err)
	}
	return Inclusion{Index: r.Index, Leaf: Leaf{FeedSeq: r.FeedSeq, Entry: r.Entry}, Path: path}, nil
}

// ProveConsistency proves that the latest tree begins with the one that had
// oldSize entries. A ledger that is shorter than that has been rolled back,
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
		c.Path, err = provePrefix(tx, size, oldSize)
		return err
	})
	if err != nil {
		return Consistency{}, err
	}
	return c, nil
}

func provePrefix(tx cordon.LedgerReader, size, oldSize int64) (tlog.TreeProof, error) {
	switch {
	case oldSize < 0:
		return nil, cordon.Errorf(cordon.KindInvalid, "a tree's size is not negative")
	case oldSize > size:
		return nil, cordon.Errorf(cordon.KindConflict, "the ledger has %d entries, fewer than the %d of the earlier checkpoint", size, oldSize)
	case oldSize == 0:
		return tlog.TreeProof{}, nil // every tree begins with the empty one
	}
	path, err := tlog.ProveTree(size, oldSize, hashReader(tx))
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
// is signed and that the leaf is in its tree at its place. Invalid, caused by
// a *Fault, when it is not.
func CheckInclusion(p Proof, verifierKey string) error {
	c, err := OpenCheckpoint(p.Checkpoint, verifierKey)
	if err != nil {
		return err
	}
	if f := checkInclusion(p.Inclusion, c); f != nil {
		return refuse(f)
	}
	return nil
}

func checkInclusion(p Inclusion, c Checkpoint) *Fault {
	h, err := p.Leaf.hash()
	if err != nil {
		return faultf(CheckEntry, "entry %d is malformed: %v", p.Index, err).at(p.Index, p.Leaf.Entry)
	}
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, p.Index, h); err != nil {
		return faultf(CheckInclusionPath, "entry %d of the feed is not at place %d of the signed tree", p.Leaf.FeedSeq, p.Index).at(p.Index, p.Leaf.Entry)
	}
	return nil
}

// CheckConsistency checks, with nothing but the public key, that both
// checkpoints are signed and that the later tree begins with the one of the
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
		return faultf(CheckKept, "the ledger had %d entries when it signed the kept checkpoint and has %d now", old.Size, now.Size)
	}
	if err := tlog.CheckTree(path, now.Size, now.Root, old.Size, old.Root); err != nil {
		return faultf(CheckKept, "the tree is not shown to begin with the %d entries of the kept checkpoint", old.Size)
	}
	return nil
}
