package ledger

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"

	"golang.org/x/mod/sumdb/note"
)

// before makes a database with entries as they were kept before each feed was a log of
// its own, in one tree, and takes the step of the schema that ends that. It gives a
// checkpoint of when there were five, and the last.
func before(t *testing.T, dir string, keys keyPair, entries []cordon.Entry, change string) (early, last string) {
	t.Helper()
	store := must(sqlite.Open(context.Background(), dir, storetest.Key))
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	var sql strings.Builder
	sql.WriteString(`DROP TABLE ledger_leaves; DROP TABLE ledger_feeds; DROP TABLE ledger_ticks; DROP TABLE ledger_sizes;
		CREATE TABLE ledger_leaves (idx INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, feed TEXT NOT NULL, feed_seq INTEGER NOT NULL,
			entry TEXT NOT NULL, UNIQUE (feed, feed_seq)) STRICT;`)
	signer := must(note.NewSigner(keys.signer))
	var tree edge
	stored, seq := 0, map[cordon.ID]int64{}
	for i, e := range entries {
		seq[e.Feed]++
		leaf := Leaf{seq[e.Feed], e}
		for _, h := range tree.add(must(leaf.hash()), nil) {
			fmt.Fprintf(&sql, "INSERT INTO ledger_hashes VALUES (%d, x'%x');\n", stored, h[:])
			stored++
		}
		fmt.Fprintf(&sql, "INSERT INTO ledger_leaves VALUES (%d, '%s', '%s', %d, '%s');\n", i, e.ID, e.Feed, seq[e.Feed], entryJSON(e))
		last = must(Checkpoint{Origin: testOrigin, Size: tree.size, Root: tree.root()}.sign(signer))
		if i == 4 {
			early = last
		}
	}
	fmt.Fprintf(&sql, "UPDATE ledger_head SET size = %d, checkpoint = '%s';\n", tree.size, last)
	step := must(os.ReadFile(filepath.Join("..", "..", "store", "sqltx", "schema", "0012_feeds.sql")))
	edit(t, dir, sql.String()+change+string(step))
	return early, last
}

// TestCarried: entries of the one tree of before are in their feeds with their numbers,
// the public log goes on from that tree, and nothing that was changed meanwhile is
// carried.
func TestCarried(t *testing.T) {
	ctx := context.Background()
	keys := newKeys()
	feeds := []cordon.ID{"", cordon.NewID(), cordon.NewID()}
	var entries []cordon.Entry
	for i := range 13 {
		e := canonical(entry(feeds[i%3]))
		e.At = e.At.AddDate(0, 0, -i) // the order is that of the tree, not of time
		entries = append(entries, e)
	}
	for _, batch := range []int{2, 13, 500} {
		dir := t.TempDir()
		early, last := before(t, dir, keys, entries, "")
		store := newSQLite(t, dir)
		appendAll(t, store, entry(feeds[1]))
		l := keys.open(store)
		l.batch = batch
		if n := must(l.Integrate(ctx)); n != 14 {
			t.Errorf("%d carried and integrated, want 14", n)
		}
		checkAgainstReference(t, l, store, 14)
		if r := must(l.Verify(ctx, early, last)); !r.OK() || r.Size != 15 || r.Feeds[feeds[1]] != 5 {
			t.Errorf("%+v, %v", r, r.Fault)
		}
		for _, kept := range []string{early, last} {
			size := must(OpenCheckpoint(kept, keys.verifier)).Size
			if err := CheckConsistency(must(l.ProveConsistency(ctx, size)), kept, keys.verifier); err != nil {
				t.Error(err)
			}
		}
		b := must(l.Bundle(ctx, feeds[2], 0, 13, 10))
		now := must(VerifyBundle(b, keys.verifier, Verified{Feed: feeds[2], Checkpoint: last}))
		if !now.Complete() || now.Seq != 4 || b.Entries[0].Entry.ID != entries[2].ID || b.Entries[3].Entry.ID != entries[11].ID {
			t.Errorf("carried %+v", b.Entries)
		}
	}
	for name, change := range map[string]string{
		"changed":    `UPDATE ledger_leaves SET entry = replace(entry, '"read"', '"list"') WHERE idx = 4;`,
		"taken away": `DELETE FROM ledger_leaves WHERE idx = 4;`,
		"the last":   `DELETE FROM ledger_leaves WHERE idx = 12;`,
		"swapped":    `UPDATE ledger_leaves SET idx = 99 WHERE idx = 4; UPDATE ledger_leaves SET idx = 4 WHERE idx = 7; UPDATE ledger_leaves SET idx = 7 WHERE idx = 99;`,
		"head":       `UPDATE ledger_head SET size = 12;`,
	} {
		dir := t.TempDir()
		before(t, dir, keys, entries, change)
		store := newSQLite(t, dir)
		l := keys.open(store)
		l.batch = 3
		if n, err := l.Integrate(ctx); n != 0 || cordon.KindOf(err) != cordon.KindInternal {
			t.Errorf("%s: %d carried, %v", name, n, err)
		}
		if there := leaves(t, store); len(there) > 0 {
			t.Errorf("%s: %d were carried", name, len(there))
		}
		if r := must(l.Verify(ctx)); r.OK() {
			t.Errorf("%s: it verifies", name)
		}
	}
}
