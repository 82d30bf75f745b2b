package ledger

import (
	"fmt"

	"cordon"
)

// Check is the closed set of checks of a ledger, a proof or a bundle.
type Check string

// The checks.
const (
	// CheckSignature: the note is signed by the ledger's key.
	CheckSignature Check = "signature"
	// CheckCheckpoint: the checkpoint is well formed, for this origin and
	// for the size the store holds.
	CheckCheckpoint Check = "checkpoint"
	// CheckKept: the tree still begins with the one of a checkpoint kept
	// from earlier.
	CheckKept Check = "kept-checkpoint"
	// CheckIndex: the entries' places are 0, 1, 2, … up to the size.
	CheckIndex Check = "index"
	// CheckFeed: a feed's numbers are 1, 2, 3, … in the order of the tree.
	CheckFeed Check = "feed-number"
	// CheckFeedSize: a feed has as many entries as is said of it.
	CheckFeedSize Check = "feed-size"
	// CheckEntry: an entry can be read and hashes to its leaf.
	CheckEntry Check = "entry"
	// CheckHash: a stored tree hash is the one its subtree has.
	CheckHash Check = "stored-hash"
	// CheckRoot: the tree's root is the one that was signed.
	CheckRoot Check = "root"
	// CheckInclusionPath: a leaf is in the tree at its place.
	CheckInclusionPath Check = "inclusion"
	// CheckStatement: a feed statement is well formed and speaks of the
	// bundle's feed and checkpoint.
	CheckStatement Check = "statement"
)

// Fault is the first thing found wrong. It names entries by number and id
// only and is safe to show to people who may see the ledger or the bundle.
type Fault struct {
	Check Check `json:"check"`
	// Index is the place in the tree, -1 where the fault has none.
	Index int64 `json:"index"`
	// Feed and Entry are those concerned, where they are known.
	Feed  cordon.ID `json:"feed,omitempty"`
	Entry cordon.ID `json:"entry,omitempty"`
	// Problem says what is wrong.
	Problem string `json:"problem"`
}

// Error is the check that failed and the problem.
func (f *Fault) Error() string { return fmt.Sprintf("%s: %s", f.Check, f.Problem) }

// faultf is a fault that has no place in the tree.
func faultf(check Check, format string, args ...any) *Fault {
	return &Fault{Check: check, Index: -1, Problem: fmt.Sprintf(format, args...)}
}

// at is the fault with the leaf it was found in.
func (f *Fault) at(index int64, e cordon.Entry) *Fault {
	f.Index, f.Feed, f.Entry = index, e.Feed, e.ID
	return f
}

// refuse is the error for input that was handed in with the fault.
func refuse(f *Fault) error { return cordon.Errorf(cordon.KindInvalid, "%s", f.Problem).Because(f) }
