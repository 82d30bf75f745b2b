package sqltx

import (
	"database/sql"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"
)

// TestEveryTableIsDumped holds the tables and columns of a dump against the schema, so
// that one which is added later is not lost in a backup.
func TestEveryTableIsDumped(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	d := &Dialect{Schema: func(s string) string { return s }}
	if _, err := db.Exec(d.Statements(0)); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	inSchema := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		inSchema[table] = append(inSchema[table], column)
	}
	// The numbers of one database's transactions.
	delete(inSchema, "report_changes")
	inDump := map[string][]string{}
	for _, tb := range dumpedTables() {
		inDump[tb.name] = slices.Clone(tb.columns)
		if tb.held {
			inDump[tb.name] = append(inDump[tb.name], "generation")
		}
	}
	for _, tables := range []map[string][]string{inSchema, inDump} {
		for table := range maps.Keys(tables) {
			slices.Sort(tables[table])
		}
	}
	if diff := cmp.Diff(inSchema, inDump); diff != "" {
		t.Errorf("the schema and the dump differ (-schema +dump):\n%s", diff)
	}
}
