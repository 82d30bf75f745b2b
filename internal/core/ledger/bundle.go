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
	// Checkpoint is the signed checkpoint that all of it is held against.
	Checkpoint string `json:"checkpoint"`
	// Statement is the signed statement of the feed's size under that
	// checkpoint.
	Statement string `json:"statement"`
	// Entries are in the order of their numbers.
	Entries []Inclusion `json:"entries"`
	// Consistency shows that the tree begins with the one of the checkpoint
	// the owner holds; empty where it holds none.
	Consistency tlog.TreeProof `json:"consistency,omitempty"`
}

// Verified is kept by an owner from a verified bundle: its place in the feed and
// the signed texts that would show a later contradiction. It begins with
// Verified{Feed: id of the organisation}.
type Verified struct {
	Feed cordon.ID `json:"feed,omitempty"`
	// Seq is the number of the last entry verified.
	Seq int64 `json:"seq"`
	// FeedSize is how many entries Statement says the feed has.
	FeedSize int64 `json:"feedSize"`
	// Checkpoint and Statement are signed; empty at the beginning.
	Checkpoint string `json:"checkpoint,omitempty"`
	Statement  string `json:"statement,omitempty"`
}

// Complete reports that the owner has every entry the feed was stated to
// have. Where it says no after the last bundle, entries are kept back.
func (h Verified) Complete() bool { return h.Seq == h.FeedSize }

// Bundle hands over a feed's entries after the number, at most limit and
// MaxBundle of them, for an owner whose kept checkpoint is of a tree of
// oldSize entries (0 for none). Pending entries are not in it: integrate
// first. ErrNotFound where nothing has been signed yet, Conflict where the
// tree is shorter than oldSize. The caller decides whether the asker may see
// the feed.
func (l *Ledger) Bundle(ctx context.Context, feed cordon.ID, after, oldSize int64, limit int) (b Bundle, err error) {
	if after < 0 || limit < 0 {
		return Bundle{}, cordon.Errorf(cordon.KindInvalid, "a place in a feed and a limit are not negative")
	}
	limit = min(limit, MaxBundle)
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		b = Bundle{Feed: feed, Entries: []Inclusion{}}
		size, signed, err := tx.Tree()
		if err != nil {
			return err
		}
		if signed == "" {
			return cordon.ErrNotFound
		}
		b.Checkpoint = signed
		if b.Statement, err = l.state(tx, feed, size, signed); err != nil {
			return err
		}
		if b.Consistency, err = provePrefix(tx, size, oldSize); err != nil {
			return err
		}
		if limit == 0 {
			return nil
		}
		records, err := tx.Feed(feed, after, limit)
		if err != nil {
			return err
		}
		for _, r := range records {
			in, err := include(tx, size, r)
			if err != nil {
				return err
			}
			b.Entries = append(b.Entries, in)
		}
		return nil
	})
	if err != nil {
		return Bundle{}, err
	}
	return b, nil
}

// state signs the feed's size under the checkpoint.
func (l *Ledger) state(tx cordon.LedgerReader, feed cordon.ID, size int64, signed string) (string, error) {
	head, f := l.openHead(size, signed)
	if f != nil {
		return "", errBroken.Because(f)
	}
	n, err := feedSize(tx, feed)
	if err != nil {
		return "", err
	}
	return Statement{
		Origin: head.Origin, Feed: feed, FeedSize: n,
		TreeSize: head.Size, Root: head.Root, At: l.clock.Now(),
	}.sign(l.signer)
}

// VerifyBundle checks a bundle with nothing but the public key and the
// owner's Verified, and gives the Verified to keep from now on:
//
//   - checkpoint and statement are signed and speak of the same tree, and the
//     statement of the held feed;
//   - the tree begins with the one of the held checkpoint;
//   - the entries follow the last one held, without a gap, in the order of
//     the tree, each with a proof that it is there, and none beyond the
//     number stated;
//   - what the held statement said still stands: the feed has not become
//     shorter, and the entries it counted, and no others of the feed, are in
//     the part of the tree it spoke of.
//
// Invalid, caused by the first *Fault found, when any of that does not hold;
// the owner's Verified stays as it was. A bundle that ends before the stated
// number passes and the result is not Complete: ask for the rest.
func VerifyBundle(b Bundle, verifierKey string, held Verified) (Verified, error) {
	v, err := parseVerifier(verifierKey)
	if err != nil {
		return held, err
	}
	next, f := verifyBundle(b, v, held)
	if f != nil {
		return held, refuse(f)
	}
	return next, nil
}

func verifyBundle(b Bundle, v note.Verifier, held Verified) (Verified, *Fault) {
	if b.Feed != held.Feed {
		return held, faultf(CheckStatement, "the bundle is of another feed than the one held")
	}
	now, f := openCheckpoint(b.Checkpoint, v)
	if f != nil {
		return held, f
	}
	stated, f := openStatement(b.Statement, v)
	if f != nil {
		return held, f
	}
	if stated.Feed != b.Feed || stated.TreeSize != now.Size || stated.Root != now.Root {
		return held, faultf(CheckStatement, "the feed statement speaks of another feed or tree than the bundle")
	}
	var old Checkpoint // empty, like the tree of one who holds nothing
	if held.Checkpoint != "" {
		if old, f = openCheckpoint(held.Checkpoint, v); f != nil {
			return held, f
		}
		if f := checkPrefix(b.Consistency, now, old); f != nil {
			return held, f
		}
	}
	if stated.FeedSize < held.FeedSize || old.Size == now.Size && stated.FeedSize != held.FeedSize {
		return held, faultf(CheckFeedSize, "the feed was stated to have %d entries and is stated to have %d now", held.FeedSize, stated.FeedSize)
	}
	seq, index := held.Seq, int64(-1)
	for _, in := range b.Entries {
		seq++
		if f := checkNext(in, b.Feed, seq, index); f != nil {
			return held, f
		}
		if f := checkInclusion(in, now); f != nil {
			return held, f
		}
		if (seq <= held.FeedSize) != (in.Index < old.Size) {
			return held, faultf(CheckFeedSize, "entry %d of the feed contradicts the held statement of %d entries", seq, held.FeedSize).at(in.Index, in.Leaf.Entry)
		}
		index = in.Index
	}
	if seq > stated.FeedSize {
		return held, faultf(CheckFeedSize, "the bundle goes to entry %d of a feed stated to have %d", seq, stated.FeedSize)
	}
	return Verified{Feed: b.Feed, Seq: seq, FeedSize: stated.FeedSize, Checkpoint: b.Checkpoint, Statement: b.Statement}, nil
}

// checkNext holds an entry to be the one with that number in the feed, after
// the place of the one before.
func checkNext(in Inclusion, feed cordon.ID, seq, before int64) *Fault {
	switch {
	case in.Leaf.Entry.Feed != feed:
		return faultf(CheckFeed, "an entry of another feed stands where number %d should", seq).at(in.Index, in.Leaf.Entry)
	case in.Leaf.FeedSeq != seq:
		return faultf(CheckFeed, "number %d of the feed stands where %d should", in.Leaf.FeedSeq, seq).at(in.Index, in.Leaf.Entry)
	case in.Index <= before:
		return faultf(CheckIndex, "number %d of the feed stands before the one that it follows", seq).at(in.Index, in.Leaf.Entry)
	}
	return nil
}
