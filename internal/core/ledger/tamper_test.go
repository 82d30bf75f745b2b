package ledger

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/store/sqlite"
)

// TestTamperedDatabase changes the database by SQL, behind the store's back,
// and wants each change found and named.
func TestTamperedDatabase(t *testing.T) {
	ctx := context.Background()
	const entries = 13 // in three feeds by turns: feed 1 has 1, 4, 7, 10
	for name, c := range map[string]struct {
		sql   string
		check Check
		index int64
	}{
		"a byte of an entry": {`UPDATE ledger_leaves SET entry = replace(entry, '"read"', '"reed"') WHERE idx = 4`, CheckEntry, 4},
		"the last entry":     {`UPDATE ledger_leaves SET entry = replace(entry, 'allowed', 'refused') WHERE idx = 12`, CheckEntry, 12},
		"a portion of it":    {`UPDATE ledger_leaves SET entry = json_remove(entry, '$.portions[1]') WHERE idx = 4`, CheckEntry, 4},
		"its time":           {`UPDATE ledger_leaves SET entry = json_set(entry, '$.at', '2031-05-04T03:02:01.123457Z') WHERE idx = 4`, CheckEntry, 4},
		"its id":             {`UPDATE ledger_leaves SET entry = json_set(entry, '$.id', '` + string(idOf("x")) + `') WHERE idx = 4`, CheckEntry, 4},
		"no JSON":            {`UPDATE ledger_leaves SET entry = substr(entry, 2) WHERE idx = 4`, CheckEntry, 4},
		"deleted":            {`DELETE FROM ledger_leaves WHERE idx = 4`, CheckIndex, 4},
		"first deleted":      {`DELETE FROM ledger_leaves WHERE idx = 0`, CheckIndex, 0},
		"last deleted":       {`DELETE FROM ledger_leaves WHERE idx = 12`, CheckIndex, 12},
		"all deleted":        {`DELETE FROM ledger_leaves`, CheckIndex, 0},
		"moved up": {`DELETE FROM ledger_leaves WHERE idx = 4;
			UPDATE ledger_leaves SET idx = -idx WHERE idx > 4; UPDATE ledger_leaves SET idx = -idx - 1 WHERE idx < 0`, CheckEntry, 4},
		"two swapped": {`UPDATE ledger_leaves SET idx = -1 WHERE idx = 4;
			UPDATE ledger_leaves SET idx = 4 WHERE idx = 5; UPDATE ledger_leaves SET idx = 5 WHERE idx = -1`, CheckEntry, 4},
		"two of a feed swapped": {`UPDATE ledger_leaves SET idx = -1 WHERE idx = 4;
			UPDATE ledger_leaves SET idx = 4 WHERE idx = 7; UPDATE ledger_leaves SET idx = 7 WHERE idx = -1`, CheckFeed, 4},
		"a feed renumbered": {`UPDATE ledger_leaves SET feed_seq = -feed_seq WHERE feed = '@1';
			UPDATE ledger_leaves SET feed_seq = 1 - feed_seq WHERE feed = '@1'`, CheckFeed, 1},
		"a feed's tail renumbered": {`UPDATE ledger_leaves SET feed_seq = 5 WHERE idx = 10`, CheckFeed, 10},
		"filed under another feed": {`UPDATE ledger_leaves SET feed = '@2', feed_seq = 5 WHERE idx = 4`, CheckFeed, 4},
		"filed under each other's feed": {`UPDATE ledger_leaves SET feed = 'x' WHERE idx = 4;
			UPDATE ledger_leaves SET feed = '@1' WHERE idx = 3; UPDATE ledger_leaves SET feed = '' WHERE feed = 'x' `, CheckFeed, -1},
		"filed under no feed": {`UPDATE ledger_leaves SET feed = 'nowhere' WHERE idx = 4`, CheckFeed, -1},
		"tail filed away":     {`UPDATE ledger_leaves SET feed = 'nowhere' WHERE idx = 10`, CheckFeedSize, -1},
		"older head":          {`UPDATE ledger_head SET size = 5, checkpoint = '@old'`, CheckIndex, 5},
		"older size":          {`UPDATE ledger_head SET size = 5`, CheckCheckpoint, -1},
		"no head":             {`UPDATE ledger_head SET size = 0, checkpoint = ''`, CheckIndex, 0},
		"forged checkpoint":   {`UPDATE ledger_head SET checkpoint = '@forged'`, CheckSignature, -1},
		"edited checkpoint":   {`UPDATE ledger_head SET size = 12, checkpoint = replace(checkpoint, char(10) || '13' || char(10), char(10) || '12' || char(10))`, CheckSignature, -1},
		"a leaf's hash":       {`UPDATE ledger_hashes SET hash = zeroblob(32) WHERE idx = 7`, CheckHash, 4},
		"an inner hash":       {`UPDATE ledger_hashes SET hash = zeroblob(32) WHERE idx = 6`, CheckHash, 0},
		"a hash cut short":    {`UPDATE ledger_hashes SET hash = substr(hash, 1, 31) WHERE idx = 7`, CheckHash, 4},
		"a hash deleted":      {`DELETE FROM ledger_hashes WHERE idx = 7`, CheckHash, 4},
		"an inner hash gone":  {`DELETE FROM ledger_hashes WHERE idx = 6`, CheckHash, 0},
		"two hashes swapped": {`UPDATE ledger_hashes SET idx = -1 WHERE idx = 7;
			UPDATE ledger_hashes SET idx = 7 WHERE idx = 8; UPDATE ledger_hashes SET idx = 8 WHERE idx = -1`, CheckHash, 4},
		"rolled back whole": {`DELETE FROM ledger_leaves WHERE idx >= 5; DELETE FROM ledger_hashes WHERE idx >= 8;
			UPDATE ledger_head SET size = 5, checkpoint = '@old'`, CheckKept, -1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			keys := newKeys()
			feeds := []cordon.ID{"", cordon.NewID(), cordon.NewID()}
			store := must(sqlite.Open(ctx, dir))
			l := keys.open(store)
			var list []cordon.Entry
			for i := range entries {
				list = append(list, entry(feeds[i%3]))
			}
			appendAll(t, store, list[:5]...)
			must(l.Integrate(ctx))
			old := must(l.Checkpoint(ctx))
			appendAll(t, store, list[5:]...)
			must(l.Integrate(ctx))
			kept := must(l.Checkpoint(ctx))
			if r := must(l.Verify(ctx, old, kept)); !r.OK() {
				t.Fatalf("before any damage: %+v", r.Fault)
			}
			store.Close()

			forged := newKeys().note(strings.Split(kept, "\n\n")[0] + "\n")
			edit(t, dir, strings.NewReplacer("@1", string(feeds[1]), "@2", string(feeds[2]), "@old", old, "@forged", forged).Replace(c.sql))

			l = keys.open(newSQLite(t, dir))
			var against []string
			if c.check == CheckKept {
				// Nothing in the database tells; the kept checkpoint does.
				if r := must(l.Verify(ctx)); !r.OK() {
					t.Fatalf("without the kept checkpoint: %+v", r.Fault)
				}
				against = []string{kept}
			}
			r := must(l.Verify(ctx, against...))
			if r.OK() || r.Fault.Check != c.check || r.Fault.Index != c.index {
				t.Errorf("%+v, want %s at %d", r.Fault, c.check, c.index)
			}
		})
	}
}

func edit(t *testing.T, dir, statements string) {
	db := must(sql.Open("sqlite", filepath.Join(dir, sqlite.FileName)))
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
}
