package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"sync/atomic"

	"cordon"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// batchSize is how many entries one transaction integrates or one read of a
// verification takes: enough that syncing costs little for each, few enough
// that the head is not held for long.
const batchSize = 500

// Ledger integrates, verifies and proves the ledger of one store. It holds no
// state of its own besides keys and the newest checkpoint, and is safe for use by many goroutines; many
// nodes may have one on the same database.
type Ledger struct {
	store     cordon.Store
	signer    note.Signer
	verifier  note.Verifier
	publicKey string   // the text of verifier
	macKey    [32]byte // of the heads of feeds
	clock     cordon.Clock
	batch     int
	newest    atomic.Pointer[string] // see Newest
}

// New opens the ledger of the store with the pair of keys that GenerateKey
// gave; their name is the ledger's origin. The clock dates ticks, nothing
// else. Keys that are malformed or not a pair are Invalid.
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
	return &Ledger{
		store: store, signer: s, verifier: v, publicKey: verifierKey, macKey: sha256.Sum256([]byte("cordon feed heads\n" + signerKey)),
		clock: clock, batch: batchSize,
	}, nil
}

// Origin is the ledger's name, as its checkpoints give it.
func (l *Ledger) Origin() string { return l.verifier.Name() }

// PublicKey is the text of the key that checks what this ledger signs.
func (l *Ledger) PublicKey() string { return l.publicKey }

// Checkpoint is the latest signed checkpoint; empty before the first tick.
func (l *Ledger) Checkpoint(ctx context.Context) (signed string, err error) {
	err = l.store.View(ctx, func(tx cordon.ReadTx) error {
		_, signed, err = tx.Tree()
		return err
	})
	return signed, err
}

// Integrate gives every pending entry its number in its feed, in the order they
// were appended, and its place in the feed's tree. It returns how many entries it
// integrated, also with an error. The next Tick commits to them.
//
// A batch is one transaction: entries, tree hashes and heads are all there or
// none is. Any number of nodes may integrate at once. A feed that is not as it
// was left is not built upon: that is an Internal error, and Verify tells how it
// differs. Errors of the store are returned as they are.
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
		// The head is held first: that keeps other integrators from taking
		// the same entries.
		size, _, err := tx.HoldTree()
		if err != nil {
			return err
		}
		last, err := lastTick(tx, size)
		if err != nil {
			return err
		}
		if size > 0 && last.Number == 0 {
			if n, err = l.carry(tx); err != nil {
				return err
			}
		}
		pending, err := tx.Pending(l.batch)
		if err != nil {
			return err
		}
		n += len(pending)
		return l.place(tx, pending, nil)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// carry carries the entries of one tree for all feeds, as there was before there
// were ticks, into the trees of their feeds, whole or not at all. They are pending
// before all others, in their order, and must be those that were signed. The public
// log goes on from their tree.
func (l *Ledger) carry(tx cordon.WriteTx) (n int, err error) {
	public, _, err := l.readHead(tx)
	if err != nil {
		return 0, err
	}
	var was edge
	for was.size < public.size {
		pending, err := tx.Pending(int(min(int64(l.batch), public.size-was.size)))
		if err != nil {
			return 0, err
		}
		if len(pending) == 0 {
			break
		}
		if err := l.place(tx, pending, func(leaf tlog.Hash) { was.add(leaf, nil) }); err != nil {
			return 0, err
		}
		n += len(pending)
	}
	if was.root() != public.root() {
		return 0, errBroken.Because(faultf(CheckRoot, "the entries of before are not those that were signed"))
	}
	_, err = l.tick(tx, public, 0)
	return n, err
}

// errBroken is the refusal to sign on top of a ledger that is not as it was
// signed.
var errBroken = cordon.Errorf(cordon.KindInternal, "the ledger is not as it was last signed; verify it")

// readHead holds the public log's head and gives its right edge once it is known to
// be the one that the latest checkpoint signed, so that a tampered tree is never
// signed over, and its last tick.
func (l *Ledger) readHead(tx cordon.WriteTx) (edge, cordon.Tick, error) {
	var last cordon.Tick
	size, signed, err := tx.HoldTree()
	if err != nil || size == 0 && signed == "" {
		return edge{}, last, err
	}
	head, f := l.openHead(size, signed)
	if f != nil {
		return edge{}, last, errBroken.Because(f)
	}
	tree, err := readEdge(size, hashReader(tx, 0))
	if err != nil {
		return edge{}, last, err
	}
	if tree.root() != head.Root {
		return edge{}, last, errBroken.Because(faultf(CheckRoot, "the stored hashes do not give the signed root"))
	}
	last, err = lastTick(tx, size)
	return tree, last, err
}

// openHead reads the store's checkpoint and holds it to the store's size.
func (l *Ledger) openHead(size int64, signed string) (Checkpoint, *Fault) {
	head, f := openCheckpoint(signed, l.verifier)
	if f != nil {
		return head, f
	}
	if head.Size != size {
		return head, faultf(CheckCheckpoint, "the checkpoint is for %d leaves and the store says %d", head.Size, size)
	}
	return head, nil
}

// growing is a feed's tree while entries are added to it.
type growing struct {
	head  cordon.FeedHead
	tree  edge
	from  int64 // the storage index of the first of stored
	fresh []tlog.Hash
}

// place adds the entries to the trees of their feeds, in order, and calls each for
// the hash of every leaf, if it is not nil.
func (l *Ledger) place(tx cordon.WriteTx, entries []cordon.Entry, each func(tlog.Hash)) error {
	if len(entries) == 0 {
		return nil
	}
	feeds, order := map[cordon.ID]*growing{}, []*growing{}
	created := int64(0)
	records := make([]cordon.LeafRecord, len(entries))
	for i, e := range entries {
		g := feeds[e.Feed]
		if g == nil {
			var err error
			if g, err = l.openFeed(tx, e.Feed); err != nil {
				return err
			}
			if g.head.Size == 0 {
				g.head.Log += created
				created++
			}
			feeds[e.Feed], order = g, append(order, g)
		}
		leaf := Leaf{FeedSeq: g.tree.size + 1, Entry: e}
		h, err := leaf.hash()
		if err != nil {
			return cordon.Errorf(cordon.KindInternal, "ledger entry %s is malformed", e.ID).Because(err)
		}
		if each != nil {
			each(h)
		}
		records[i] = cordon.LeafRecord{Log: g.head.Log, FeedSeq: leaf.FeedSeq, Entry: e}
		g.fresh = g.tree.add(h, g.fresh)
	}
	if err := tx.Place(records); err != nil {
		return err
	}
	heads := make([]cordon.FeedHead, len(order))
	var hashes []cordon.TreeHash
	for i, g := range order {
		hashes = append(hashes, treeHashes(g.head.Log, g.from, g.fresh)...)
		g.head.Size, g.head.Root = g.tree.size, g.tree.root()
		g.head.MAC = l.mac(g.head)
		heads[i] = g.head
	}
	if err := tx.PutHashes(hashes); err != nil {
		return err
	}
	return tx.PutFeedHeads(heads)
}

// openFeed gives the feed's tree once it is known to be as it was left.
func (l *Ledger) openFeed(tx cordon.LedgerReader, feed cordon.ID) (*growing, error) {
	head, err := tx.FeedHead(feed)
	if err != nil || head.Size == 0 {
		return &growing{head: head}, err
	}
	if f := l.checkMAC(head); f != nil {
		return nil, errBroken.Because(f)
	}
	tree, err := readEdge(head.Size, hashReader(tx, head.Log))
	if err != nil {
		return nil, err
	}
	if tree.root() != tlog.Hash(head.Root) {
		f := faultf(CheckRoot, "the stored hashes of a feed do not give its root")
		f.Feed = feed
		return nil, errBroken.Because(f)
	}
	return &growing{head: head, tree: tree, from: tlog.StoredHashCount(head.Size)}, nil
}

// mac authenticates the head of a feed until the next tick commits to it.
func (l *Ledger) mac(h cordon.FeedHead) (sum [32]byte) {
	m := hmac.New(sha256.New, l.macKey[:])
	fmt.Fprintf(m, "%d\n%s\n%d\n%x\n", h.Log, h.Feed, h.Size, h.Root)
	m.Sum(sum[:0])
	return sum
}

func (l *Ledger) checkMAC(h cordon.FeedHead) *Fault {
	if want := l.mac(h); !hmac.Equal(want[:], h.MAC[:]) {
		f := faultf(CheckFeedSize, "the size and root that the store gives for a feed are not those that were left there")
		f.Feed = h.Feed
		return f
	}
	return nil
}
