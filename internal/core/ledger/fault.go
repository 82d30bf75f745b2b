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
	// CheckKept: the public log still begins with the one of a checkpoint kept
	// from earlier.
	CheckKept Check = "kept-checkpoint"
	// CheckIndex: the places in the public log are 0, 1, 2, … up to the size.
	CheckIndex Check = "index"
	// CheckTick: a tick is well formed, and the leaf that the public log has there.
	CheckTick Check = "tick"
	// CheckSlot: a tick commits to the feeds, or to the one it is shown for.
	CheckSlot Check = "slot"
	// CheckFeed: a feed's numbers are 1, 2, 3, …, and it begins with what it was.
	CheckFeed Check = "feed-number"
	// CheckFeedSize: a feed has as many entries as is said of it.
	CheckFeedSize Check = "feed-size"
	// CheckEntry: an entry can be read and hashes to its leaf.
	CheckEntry Check = "entry"
	// CheckHash: a stored tree hash is the one its subtree has.
	CheckHash Check = "stored-hash"
	// CheckRoot: a tree's root is the one that was signed.
	CheckRoot Check = "root"
	// CheckInclusionPath: a leaf is in the feed at its place.
	CheckInclusionPath Check = "inclusion"
)

// Fault is the first thing found wrong. It names entries by number and id
// only and is safe to show to people who may see the ledger or the bundle.
type Fault struct {
	Check Check `json:"check"`
	// Index is the place in the public log, -1 where the fault is not in it.
	Index int64 `json:"index"`
	// Number is that of the entry in its feed, 0 where the fault is in none.
	Number int64 `json:"number,omitempty"`
	// Feed and Entry are those concerned, where they are known.
	Feed  cordon.ID `json:"feed,omitempty"`
	Entry cordon.ID `json:"entry,omitempty"`
	// Problem says what is wrong.
	Problem string `json:"problem"`
}

// Error is the check that failed and the problem.
func (f *Fault) Error() string { return fmt.Sprintf("%s: %s", f.Check, f.Problem) }

// faultf is a fault that has no place.
func faultf(check Check, format string, args ...any) *Fault {
	return &Fault{Check: check, Index: -1, Problem: fmt.Sprintf(format, args...)}
}

// at is the fault with its place in the public log.
func (f *Fault) at(index int64) *Fault {
	f.Index = index
	return f
}

// in is the fault with the number in the feed at which it was found; 0 for none.
func (f *Fault) in(feed cordon.ID, number int64) *Fault {
	f.Feed, f.Number = feed, number
	return f
}

// of is the fault with the entry it was found in.
func (f *Fault) of(r cordon.LeafRecord) *Fault {
	f.Feed, f.Number, f.Entry = r.Entry.Feed, r.FeedSeq, r.Entry.ID
	return f
}

// refuse is the error for input that was handed in with the fault.
func refuse(f *Fault) error { return cordon.Errorf(cordon.KindInvalid, "%s", f.Problem).Because(f) }
