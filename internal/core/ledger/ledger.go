package ledger

import (
	"context"

	"cordon"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// batchSize is how many entries one transaction integrates or one read of a
// verification takes: enough that signing and syncing cost little for each,
// few enough that the head is not held for long.
const batchSize = 500

// Ledger integrates, verifies and proves the ledger of one store. It holds no
// state of its own besides keys and is safe for use by many goroutines; many
// nodes may have one on the same database.
type Ledger struct {
	store     cordon.Store
	signer    note.Signer
	verifier  note.Verifier
	publicKey string // the text of verifier
	clock     cordon.Clock
	batch     int
}

// New opens the ledger of the store with the pair of keys that GenerateKey
// gave; their name is the ledger's origin. The clock dates feed statements,
// nothing else. Keys that are malformed or not a pair are Invalid.
func New(store cordon.Store, signerKey, verifierKey string, clock cordon.Clock) (*Ledger, error) {
	v, err := parseVerifier(verifierKey)
	if err != nil {
		return nil, err
	}
	s, err := note.NewSigner(signerKey)
	if err != nil {
		// The cause could quote the secret, so it is left out.
		return nil, cordon.Errorf(cordon.KindInvalid, "this is not a ledger's signing key")
	}
	if s.Name() != v.Name() || s.KeyHash() != v.KeyHash() {
		return nil, cordon.Errorf(cordon.KindInvalid, "the ledger's signing key and public key are not a pair")
	}
	return &Ledger{store: store, signer: s, verifier: v, publicKey: verifierKey, clock: clock, batch: batchSize}, nil
}

// Origin is the ledger's name, as its checkpoints give it.
func (l *Ledger) Origin() string { return l.verifier.Name() }

// PublicKey is the text of the key that checks what this ledger signs.
func (l *Ledger) PublicKey() string { return l.publicKey }

// Checkpoint is the latest signed checkpoint; empty before the first entry is
// integrated.
func (l *Ledger) Checkpoint(ctx context.Context) (signed string, err error) {
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		_, signed, err = tx.Tree()
		return err
	})
	return signed, err
}

// Integrate gives every pending entry its place in the tree and its number in
// its feed, in the order they were appended, and signs a checkpoint over each
// batch. It returns how many entries it integrated, also with an error.
//
// A batch is one transaction: entries, tree hashes and checkpoint are all
// there or none is. Any number of nodes may integrate at once. A tree that is
// not the one last signed is not built upon: that is an Internal error, and
// Verify tells how it differs. Errors of the store are returned as they are.
func (l *Ledger) Integrate(ctx context.Context) (n int, err error) {
	for {
		k, err := l.integrateBatch(ctx)
		n += k
		if err != nil || k < l.batch {
			return n, err
		}
	}
}

func (l *Ledger) integrateBatch(ctx context.Context) (n int, err error) {
	err = l.store.Update(ctx, func(tx cordon.WriteTx) error {
		n = 0 // the store may run this again
		// The head is read first: that keeps other integrators from taking
		// the same entries.
		tree, err := l.readHead(cordon.Holding(tx))
		if err != nil {
			return err
		}
		pending, err := tx.Pending(l.batch)
		if err != nil || len(pending) == 0 {
			return err
		}
		from := tlog.StoredHashCount(tree.size)
		records, hashes, err := place(tx, &tree, pending)
		if err != nil {
			return err
		}
		if err := tx.Place(records); err != nil {
			return err
		}
		if err := tx.PutHashes(from, hashes); err != nil {
			return err
		}
		signed, err := Checkpoint{Origin: l.Origin(), Size: tree.size, Root: tree.root()}.sign(l.signer)
		if err != nil {
			return err
		}
		n = len(records)
		return tx.PutTree(tree.size, signed)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// errBroken is the refusal to sign on top of a tree that is not as it was
// signed.
var errBroken = cordon.Errorf(cordon.KindInternal, "the ledger is not as it was last signed; verify it")

// readHead gives the tree's right edge once it is known to be the one that
// the latest checkpoint signed, so that a tampered tree is never signed over.
func (l *Ledger) readHead(tx cordon.LedgerReader) (edge, error) {
	size, signed, err := tx.Tree()
	if err != nil {
		return edge{}, err
	}
	if size == 0 && signed == "" {
		return edge{}, nil
	}
	head, f := l.openHead(size, signed)
	if f != nil {
		return edge{}, errBroken.Because(f)
	}
	tree, err := readEdge(size, hashReader(tx))
	if err != nil {
		return edge{}, err
	}
	if tree.root() != head.Root {
		return edge{}, errBroken.Because(faultf(CheckRoot, "the stored hashes do not give the signed root"))
	}
	return tree, nil
}

// openHead reads the store's checkpoint and holds it to the store's size.
func (l *Ledger) openHead(size int64, signed string) (Checkpoint, *Fault) {
	head, f := openCheckpoint(signed, l.verifier)
	if f != nil {
		return head, f
	}
	if head.Size != size {
		return head, faultf(CheckCheckpoint, "the checkpoint is for %d entries and the store says %d", head.Size, size)
	}
	return head, nil
}

// place numbers the entries, grows the tree by them, and gives the hashes to
// be stored.
func place(tx cordon.LedgerReader, tree *edge, entries []cordon.Entry) ([]cordon.LeafRecord, [][32]byte, error) {
	last := map[cordon.ID]int64{}
	records := make([]cordon.LeafRecord, len(entries))
	var stored []tlog.Hash
	for i, e := range entries {
		if _, known := last[e.Feed]; !known {
			size, err := feedSize(tx, e.Feed)
			if err != nil {
				return nil, nil, err
			}
			last[e.Feed] = size
		}
		last[e.Feed]++
		records[i] = cordon.LeafRecord{Index: tree.size, FeedSeq: last[e.Feed], Entry: e}
		h, err := Leaf{FeedSeq: last[e.Feed], Entry: e}.hash()
		if err != nil {
			return nil, nil, cordon.Errorf(cordon.KindInternal, "ledger entry %s is malformed", e.ID).Because(err)
		}
		stored = tree.add(h, stored)
	}
	hashes := make([][32]byte, len(stored))
	for i, h := range stored {
		hashes[i] = h
	}
	return records, hashes, nil
}

// feedSize is the number of the feed's last entry, once the store's count and
// its entries agree on it: a number is signed for here, and one that is wrong
// could never be taken back.
func feedSize(tx cordon.LedgerReader, feed cordon.ID) (int64, error) {
	size, err := tx.FeedSize(feed)
	if err != nil {
		return 0, err
	}
	tail, err := tx.Feed(feed, max(size-1, 0), 2)
	if err != nil {
		return 0, err
	}
	if size == 0 && len(tail) == 0 || len(tail) == 1 && tail[0].FeedSeq == size {
		return size, nil
	}
	f := faultf(CheckFeedSize, "the store says a feed has %d entries and they say otherwise", size)
	f.Feed = feed
	return 0, errBroken.Because(f)
}
