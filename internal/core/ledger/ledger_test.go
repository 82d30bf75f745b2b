package ledger

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"cordon"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

const testOrigin = "ledger.example/test"

// stopped is a clock that stands still.
type stopped struct{}

func (stopped) Now() time.Time { return time.Date(2031, 5, 4, 3, 2, 1, 123456000, time.UTC) }

type fataler interface{ Fatal(args ...any) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// keyPair is one pair of keys and the ledger on a store under it.
type keyPair struct{ signer, verifier string }

func newKeys() keyPair {
	s, v, err := GenerateKey(testOrigin)
	if err != nil {
		panic(err)
	}
	return keyPair{s, v}
}

func (k keyPair) open(store cordon.Store) *Ledger {
	return must(New(store, k.signer, k.verifier, stopped{}))
}

func entry(feed cordon.ID) cordon.Entry {
	return cordon.Entry{
		At: stopped{}.Now(), Feed: feed, Act: cordon.ActRead, Outcome: cordon.OutcomeAllowed,
		Actor: cordon.NewID(), Subject: cordon.NewID(), Portions: []cordon.ID{cordon.NewID(), cordon.NewID()},
	}
}

func appendAll(t fataler, store cordon.Store, entries ...cordon.Entry) {
	err := store.Update(context.Background(), func(tx cordon.WriteTx) error {
		for _, e := range entries {
			if err := Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// leaves are the entries of all feeds, feed by feed.
func leaves(t fataler, store cordon.Store) (records []cordon.LeafRecord) {
	err := store.View(context.Background(), func(tx cordon.ReadTx) error {
		records = nil
		heads, err := tx.FeedHeads()
		if err != nil {
			return err
		}
		for _, h := range heads {
			feed, err := tx.Feed(h.Feed, 0, 1<<30)
			if err != nil {
				return err
			}
			records = append(records, feed...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// ticked integrates and ticks, and gives the checkpoint.
func ticked(l *Ledger) string { return must(l.Tick(context.Background(), 0)) }

// slowRoot is MTH of RFC 6962, section 2.1, as it is written there.
func slowRoot(data [][]byte) [32]byte {
	switch len(data) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, data[0]...))
	}
	k := 1
	for k*2 < len(data) {
		k *= 2
	}
	l, r := slowRoot(data[:k]), slowRoot(data[k:])
	return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
}

// checkAgainstReference holds a store's feeds to the slow tree and gapless numbers,
// and what the next tick commits to.
func checkAgainstReference(t interface {
	fataler
	Fatalf(string, ...any)
}, l *Ledger, store cordon.Store, want int,
) {
	signed := ticked(l)
	records := leaves(t, store)
	if len(records) != want {
		t.Fatalf("%d entries in the feeds, want %d", len(records), want)
	}
	data := map[cordon.ID][][]byte{}
	for i, r := range records {
		feed := r.Entry.Feed
		if r.FeedSeq != int64(len(data[feed]))+1 {
			t.Fatalf("record %d has feed number %d, want %d", i, r.FeedSeq, len(data[feed])+1)
		}
		data[feed] = append(data[feed], must(Leaf{r.FeedSeq, r.Entry}.Bytes()))
	}
	if want == 0 {
		if signed != "" {
			t.Fatal("an empty ledger has a checkpoint")
		}
		return
	}
	for feed, entries := range data {
		b := must(l.Bundle(context.Background(), feed, 0, 0, 0))
		if b.Checkpoint != signed || b.Slot.Size != int64(len(entries)) || b.Slot.Root != tlog.Hash(slowRoot(entries)) {
			t.Fatalf("the slot %+v is not for the reference tree of %d", b.Slot, len(entries))
		}
		if _, f := checkCommitment(b.Commitment, feed, l.verifier); f != nil {
			t.Fatal(f)
		}
	}
	r := must(l.Verify(context.Background()))
	total := int64(0)
	for _, n := range r.Feeds {
		total += n
	}
	if !r.OK() || total != int64(want) {
		t.Fatalf("verify: %+v", r)
	}
}

func TestIntegrateEqualsReference(t *testing.T) {
	ctx := context.Background()
	keys := newKeys()
	rapid.Check(t, func(t *rapid.T) {
		store := &memory{}
		l := keys.open(store)
		l.batch = rapid.IntRange(1, 9).Draw(t, "batch")
		feeds := []cordon.ID{"", cordon.NewID(), cordon.NewID(), cordon.NewID()}
		total := 0
		var kept []string
		for range rapid.IntRange(0, 6).Draw(t, "rounds") {
			n := rapid.IntRange(0, 30).Draw(t, "appended")
			for range n {
				appendAll(t, store, entry(rapid.SampledFrom(feeds).Draw(t, "feed")))
			}
			if got := must(l.Integrate(ctx)); got != n {
				t.Fatalf("integrated %d of %d", got, n)
			}
			total += n
			if cp := ticked(l); cp != "" {
				kept = append(kept, cp)
			}
		}
		checkAgainstReference(t, l, store, total)
		if r := must(l.Verify(ctx, kept...)); !r.OK() {
			t.Fatalf("against kept checkpoints: %v", r.Fault)
		}
	})
}

// TestManyIntegrators has nodes append and integrate at once.
func TestManyIntegrators(t *testing.T) {
	for name, store := range stores(t) {
		t.Run(name, func(t *testing.T) {
			const nodes, rounds, each = 4, 10, 3
			keys := newKeys()
			feeds := []cordon.ID{"", cordon.NewID(), cordon.NewID()}
			var wg sync.WaitGroup
			errs := make(chan error, nodes)
			for node := range nodes {
				wg.Go(func() {
					l := keys.open(store)
					l.batch = 1 + node*3
					for range rounds {
						for k := range each {
							appendAll(t, store, entry(feeds[(node+k)%len(feeds)]))
						}
						if _, err := l.Integrate(context.Background()); err != nil {
							errs <- err
							return
						}
					}
				})
			}
			wg.Wait()
			close(errs)
			for err := range errs {
				t.Fatal(err, errors.Unwrap(err))
			}
			l := keys.open(store)
			must(l.Integrate(context.Background()))
			checkAgainstReference(t, l, store, nodes*rounds*each)
		})
	}
}

func TestIntegrateKeepsTheOrderOfAppending(t *testing.T) {
	store := &memory{}
	l := newKeys().open(store)
	var ids []cordon.ID
	for range 25 {
		e := entry("")
		e.ID = cordon.NewID()
		ids = append(ids, e.ID)
		appendAll(t, store, e)
	}
	l.batch = 4
	must(l.Integrate(context.Background()))
	for i, r := range leaves(t, store) {
		if r.Entry.ID != ids[i] {
			t.Fatalf("place %d holds another entry than was appended there", i)
		}
	}
}

func TestEdge(t *testing.T) {
	var tree edge
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range at {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for n := int64(0); n < 130; n++ {
		if got := int64(len(stored)); got != tlog.StoredHashCount(n) {
			t.Fatalf("%d hashes stored for %d leaves, want %d", got, n, tlog.StoredHashCount(n))
		}
		if tree.root() != must(tlog.TreeHash(n, reader)) {
			t.Fatalf("root of %d leaves", n)
		}
		again := must(readEdge(n, reader))
		if again.size != n || again.root() != tree.root() {
			t.Fatalf("edge of %d leaves read back differs", n)
		}
		want := must(tlog.StoredHashes(n, fmt.Append(nil, n), reader))
		before := len(stored)
		stored = tree.add(tlog.RecordHash(fmt.Append(nil, n)), stored)
		if fmt.Sprint(stored[before:]) != fmt.Sprint(want) {
			t.Fatalf("hashes stored for leaf %d", n)
		}
	}
}

func TestNewRefusesWhatIsNotAPair(t *testing.T) {
	a, b := newKeys(), newKeys()
	for name, k := range map[string]keyPair{
		"other key":   {a.signer, b.verifier},
		"no signer":   {"", a.verifier},
		"no verifier": {a.signer, ""},
		"swapped":     {a.verifier, a.signer},
	} {
		if _, err := New(&memory{}, k.signer, k.verifier, stopped{}); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, origin := range []string{"", "a b", "a+b", "a\nb", "\xff"} {
		if _, _, err := GenerateKey(origin); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("origin %q: %v", origin, err)
		}
	}
}

// later is the stopped clock so many seconds on.
type later struct{ seconds int }

func (l later) Now() time.Time { return stopped{}.Now().Add(time.Duration(l.seconds) * time.Second) }
