package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
)

// TestTamperedDatabase changes the database by SQL, behind the store's back,
// and wants each change found and named.
func TestTamperedDatabase(t *testing.T) {
	ctx := context.Background()
	const entries = 13 // in three feeds by turns: the first has 1, 4, 7, 10 and 13
	at := func(log, n int64) string { return fmt.Sprint(log*cordon.LogSpan + n) }
	entry3, entry5, leaf3, inner := at(1, 3), at(1, 5), at(1, 3), at(1, 6)
	for name, c := range map[string]struct {
		sql    string
		check  Check
		number int64
		index  int64
	}{
		"a byte of an entry": {`UPDATE ledger_leaves SET entry = replace(entry, '"read"', '"reed"') WHERE place = ` + entry3, CheckEntry, 3, -1},
		"the last entry":     {`UPDATE ledger_leaves SET entry = replace(entry, 'allowed', 'refused') WHERE place = ` + entry5, CheckEntry, 5, -1},
		"a portion of it":    {`UPDATE ledger_leaves SET entry = json_remove(entry, '$.portions[1]') WHERE place = ` + entry3, CheckEntry, 3, -1},
		"its time":           {`UPDATE ledger_leaves SET entry = json_set(entry, '$.at', '2031-05-04T03:02:01.123457Z') WHERE place = ` + entry3, CheckEntry, 3, -1},
		"its id":             {`UPDATE ledger_leaves SET entry = json_set(entry, '$.id', '` + string(idOf("x")) + `') WHERE place = ` + entry3, CheckEntry, 3, -1},
		"no JSON":            {`UPDATE ledger_leaves SET entry = substr(entry, 2) WHERE place = ` + entry3, CheckEntry, 3, -1},
		"deleted":            {`DELETE FROM ledger_leaves WHERE place = ` + entry3, CheckFeed, 3, -1},
		"first deleted":      {`DELETE FROM ledger_leaves WHERE place = ` + at(1, 1), CheckFeed, 1, -1},
		"last deleted":       {`DELETE FROM ledger_leaves WHERE place = ` + entry5, CheckFeed, 5, -1},
		"all deleted":        {`DELETE FROM ledger_leaves`, CheckFeed, 1, -1},
		"one too many":       {`INSERT INTO ledger_leaves SELECT place + 1, entry FROM ledger_leaves WHERE place = ` + entry5, CheckFeed, 6, -1},
		"moved up":           {`DELETE FROM ledger_leaves WHERE place = ` + entry3 + `; UPDATE ledger_leaves SET place = place - 1 WHERE place = ` + at(1, 4), CheckEntry, 3, -1},
		"two swapped": {`UPDATE ledger_leaves SET place = -1 WHERE place = ` + entry3 + `;
			UPDATE ledger_leaves SET place = ` + entry3 + ` WHERE place = ` + entry5 + `; UPDATE ledger_leaves SET place = ` + entry5 + ` WHERE place = -1`, CheckEntry, 3, -1},
		"another feed's": {`DELETE FROM ledger_leaves WHERE place = ` + entry3 + `;
			UPDATE ledger_leaves SET place = ` + entry3 + ` WHERE place = ` + at(2, 3), CheckEntry, 3, -1},
		"feeds swapped": {`UPDATE ledger_feeds SET log = 9 WHERE log = 2; UPDATE ledger_feeds SET log = 2 WHERE log = 3;
			UPDATE ledger_feeds SET log = 3 WHERE log = 9`, CheckFeedSize, 0, -1},
		"a feed renamed":     {`UPDATE ledger_feeds SET feed = '` + string(idOf("x")) + `' WHERE log = 2`, CheckFeedSize, 0, -1},
		"a feed gone":        {`DELETE FROM ledger_feeds WHERE log = 2`, CheckSlot, 0, 1},
		"a feed shorter":     {`UPDATE ledger_feeds SET size = 4 WHERE log = 1`, CheckFeedSize, 0, -1},
		"older head":         {`UPDATE ledger_head SET size = 1, checkpoint = '@old'`, CheckIndex, 0, 1},
		"older size":         {`UPDATE ledger_head SET size = 1`, CheckCheckpoint, 0, -1},
		"no head":            {`UPDATE ledger_head SET size = 0, checkpoint = ''`, CheckIndex, 0, 0},
		"forged checkpoint":  {`UPDATE ledger_head SET checkpoint = '@forged'`, CheckSignature, 0, -1},
		"edited checkpoint":  {`UPDATE ledger_head SET size = 1, checkpoint = replace(checkpoint, char(10) || '2' || char(10), char(10) || '1' || char(10))`, CheckSignature, 0, -1},
		"a tick's time":      {`UPDATE ledger_ticks SET at = at + 1 WHERE idx = 1`, CheckTick, 0, 1},
		"a tick's secret":    {`UPDATE ledger_ticks SET secret = slots WHERE idx = 1`, CheckSlot, 0, 1},
		"a tick renumbered":  {`UPDATE ledger_ticks SET number = 3 WHERE idx = 1`, CheckTick, 0, 1},
		"a tick deleted":     {`DELETE FROM ledger_ticks WHERE idx = 0`, CheckIndex, 0, 0},
		"sizes of before":    {`DELETE FROM ledger_sizes WHERE tick = 1`, CheckSlot, 0, 1},
		"a tick's hash":      {`UPDATE ledger_hashes SET hash = zeroblob(32) WHERE idx = 1`, CheckTick, 0, 1},
		"a leaf's hash":      {`UPDATE ledger_hashes SET hash = zeroblob(32) WHERE idx = ` + leaf3, CheckHash, 3, -1},
		"an inner hash":      {`UPDATE ledger_hashes SET hash = zeroblob(32) WHERE idx = ` + inner, CheckHash, 1, -1},
		"a hash cut short":   {`UPDATE ledger_hashes SET hash = substr(hash, 1, 31) WHERE idx = ` + leaf3, CheckHash, 3, -1},
		"a hash deleted":     {`DELETE FROM ledger_hashes WHERE idx = ` + leaf3, CheckHash, 3, -1},
		"an inner hash gone": {`DELETE FROM ledger_hashes WHERE idx = ` + inner, CheckHash, 1, -1},
		"two hashes swapped": {`UPDATE ledger_hashes SET idx = -1 WHERE idx = ` + leaf3 + `;
			UPDATE ledger_hashes SET idx = ` + leaf3 + ` WHERE idx = ` + at(1, 4) + `; UPDATE ledger_hashes SET idx = ` + at(1, 4) + ` WHERE idx = -1`, CheckHash, 3, -1},
		"rolled back": {`DELETE FROM ledger_ticks WHERE idx = 1; DELETE FROM ledger_sizes WHERE tick = 1; DELETE FROM ledger_hashes WHERE idx IN (1, 2);
			UPDATE ledger_head SET size = 1, checkpoint = '@old'`, CheckKept, 0, -1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			keys := newKeys()
			feeds := []cordon.ID{"", cordon.NewID(), cordon.NewID()}
			store := must(sqlite.Open(ctx, dir, storetest.Key))
			l := keys.open(store)
			var list []cordon.Entry
			for i := range entries {
				list = append(list, entry(feeds[i%3]))
			}
			appendAll(t, store, list[:5]...)
			old := ticked(l)
			appendAll(t, store, list[5:]...)
			kept := ticked(l)
			if r := must(l.Verify(ctx, old, kept)); !r.OK() {
				t.Fatalf("before any damage: %+v", r.Fault)
			}
			store.Close()

			forged := newKeys().note(strings.Split(kept, "\n\n")[0] + "\n")
			edit(t, dir, strings.NewReplacer("@old", old, "@forged", forged).Replace(c.sql))

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
			if r.OK() || r.Fault.Check != c.check || r.Fault.Number != c.number || r.Fault.Index != c.index {
				t.Errorf("%+v, want %s at %d or %d", r.Fault, c.check, c.number, c.index)
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

// entryJSON is an entry as the database keeps it.
func entryJSON(e cordon.Entry) string { return string(must(json.Marshal(e))) }
