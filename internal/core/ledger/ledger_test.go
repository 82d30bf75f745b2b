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

func leaves(t fataler, store cordon.Store) (records []cordon.LeafRecord) {
	err := store.View(context.Background(), func(tx cordon.ReadTx) (err error) {
		records, err = tx.Leaves(0, 1<<30)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

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

// checkAgainstReference holds a store's tree to the slow one and its feeds to
// gapless numbers.
func checkAgainstReference(t interface {
	fataler
	Fatalf(string, ...any)
}, l *Ledger, store cordon.Store, want int,
) {
	records := leaves(t, store)
	if len(records) != want {
		t.Fatalf("%d entries in the tree, want %d", len(records), want)
	}
	var data [][]byte
	feeds := map[cordon.ID]int64{}
	for i, r := range records {
		feeds[r.Entry.Feed]++
		if r.Index != int64(i) || r.FeedSeq != feeds[r.Entry.Feed] {
			t.Fatalf("record %d has place %d and feed number %d, want %d", i, r.Index, r.FeedSeq, feeds[r.Entry.Feed])
		}
		data = append(data, must(Leaf{r.FeedSeq, r.Entry}.Bytes()))
	}
	signed := must(l.Checkpoint(context.Background()))
	if want == 0 {
		if signed != "" {
			t.Fatal("an empty ledger has a checkpoint")
		}
		return
	}
	cp := must(OpenCheckpoint(signed, l.PublicKey()))
	if cp.Size != int64(want) || cp.Root != tlog.Hash(slowRoot(data)) || cp.Origin != testOrigin {
		t.Fatalf("checkpoint %+v is not for the reference tree of %d", cp, want)
	}
	if r := must(l.Verify(context.Background())); !r.OK() || r.Size != int64(want) {
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
			if cp := must(l.Checkpoint(ctx)); cp != "" {
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
