package corpus

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "modernc.org/sqlite"
)

// rewritten is which tables have been gone through, by whichever play had enough in
// them.
var rewritten = struct {
	sync.Mutex
	tables map[string]string
	all    []string // but those of the ledger
}{tables: make(map[string]string)}

// unguarded are the tables that hold nothing which an answer rests on, and why. Those
// of the ledger prove themselves; package ledger tests that.
var unguarded = map[string]string{
	"report_changes": "it says only which reports to look up again",
}

// rewriteState changes the database behind the running program, as somebody does who
// can write to it and has no key: in each table it deletes a row, adds one, changes
// each column, exchanges two rows, and puts back what was there before. Each must show
// when the installation is verified, and nothing may once it is undone.
func (x *play) rewriteState() {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(x.dir, "cordon.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		x.t.Fatal(err)
	}
	defer db.Close()
	if why := x.verification(); why != "" {
		x.t.Errorf("%s: as it was played it does not verify: %s", x.script, why)
		return
	}
	tables := column[string](x.t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'ledger_%' ORDER BY name`)
	rewritten.Lock()
	rewritten.all = tables
	rewritten.Unlock()
	for _, table := range tables {
		if unguarded[table] != "" || !claim(x.t, db, table, x.script) {
			continue
		}
		r := &rewrite{play: x, db: db, table: table}
		r.load()
		r.all()
		if why := x.verification(); why != "" {
			x.t.Fatalf("%s: it does not verify once all is undone in %s: %s", x.script, table, why)
		}
	}
	x.rewriteSchema(db)
	for _, old := range x.old {
		putBack(x, db, old)
	}
}

// rewriteSchema does what changes no row by itself: it adds a trigger that undoes what a
// transaction does, and a view.
func (x *play) rewriteSchema(db *sql.DB) {
	for _, c := range []struct{ what, do, undo string }{
		{"a trigger", `CREATE TRIGGER z AFTER INSERT ON renditions BEGIN DELETE FROM renditions WHERE id = new.id; END`, `DROP TRIGGER z`},
		{"a view", `CREATE VIEW z AS SELECT 1`, `DROP VIEW z`},
	} {
		if _, err := db.Exec(c.do); err != nil {
			x.t.Fatal(err)
		}
		if x.verification() == "" {
			x.t.Errorf("%s: nobody notices %s", x.script, c.what)
		}
		if _, err := db.Exec(c.undo); err != nil {
			x.t.Fatal(err)
		}
	}
	if why := x.verification(); why != "" {
		x.t.Errorf("%s: it does not verify once the schema is undone: %s", x.script, why)
	}
}

// everyTable fails where a table was not gone through.
func everyTable(t *testing.T) {
	rewritten.Lock()
	defer rewritten.Unlock()
	for _, table := range rewritten.all {
		if rewritten.tables[table] == "" && unguarded[table] == "" {
			t.Errorf("no play has two rows in %s to be rewritten", table)
		}
	}
}

// claim takes a table for a play that has at least two rows in it.
func claim(t *testing.T, db *sql.DB, table, script string) bool {
	rows := column[int](t, db, `SELECT count(*) FROM `+table)[0]
	rewritten.Lock()
	defer rewritten.Unlock()
	if rows < 2 && !(rows == 1 && table == "state_root") || rewritten.tables[table] != "" {
		return false
	}
	rewritten.tables[table] = script
	return true
}

// verification asks for one and says what it found; empty where all is well.
func (x *play) verification() string {
	r := httptest.NewRequest("POST", "/api/v1/ledger/verification", strings.NewReader("{}"))
	r.Header.Set("Authorization", "Bearer "+x.token["root"])
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	x.handler.ServeHTTP(rec, r)
	var answer struct{ OK bool }
	if err := json.Unmarshal(rec.Body.Bytes(), &answer); err == nil && rec.Code == 200 && answer.OK {
		return ""
	}
	return fmt.Sprintf("%d %.600s", rec.Code, rec.Body)
}

// rewrite is a table being rewritten.
type rewrite struct {
	*play
	db      *sql.DB
	table   string
	columns []string
	key     []string
	whole   map[string]bool // columns without NULL
	rows    []map[string]any
}

func (r *rewrite) load() {
	r.columns = column[string](r.t, r.db, `SELECT name FROM pragma_table_info('`+r.table+`')`)
	r.key = column[string](r.t, r.db, `SELECT name FROM pragma_table_info('`+r.table+`') WHERE pk > 0 ORDER BY pk`)
	r.whole = make(map[string]bool)
	for _, c := range column[string](r.t, r.db, `SELECT name FROM pragma_table_info('`+r.table+`') WHERE "notnull" = 1`) {
		r.whole[c] = true
	}
	r.rows = all(r.t, r.db, `SELECT * FROM `+r.table)
}

func (r *rewrite) all() {
	first, last := r.rows[0], r.rows[len(r.rows)-1]
	r.noticed("delete a row", func() { r.delete(first) }, func() { r.insert(first) })
	for _, c := range r.columns {
		if c == "generation" { // it only orders who waits for whom
			continue
		}
		changed := clone(last)
		changed[c] = another(last[c])
		r.noticed("change "+c, func() { r.delete(last); r.insert(changed) }, func() { r.delete(changed); r.insert(last) })
	}
	added := clone(last)
	for _, c := range column[string](r.t, r.db, `SELECT DISTINCT i.name FROM pragma_index_list('`+r.table+`') l, pragma_index_info(l.name) i WHERE l."unique" = 1
		UNION SELECT name FROM pragma_table_info('`+r.table+`') WHERE pk = 1`) {
		added[c] = third(last[c])
	}
	r.noticed("add a row", func() { r.insert(added) }, func() { r.delete(added) })
	if len(r.columns) > len(r.key) {
		a, b := clone(first), clone(last)
		for _, c := range r.columns {
			if !slices.Contains(r.key, c) {
				a[c], b[c] = b[c], a[c]
			}
		}
		if fmt.Sprint(a) != fmt.Sprint(first) {
			r.noticed("exchange two rows", func() { r.delete(first); r.delete(last); r.insert(a); r.insert(b) },
				func() { r.delete(a); r.delete(b); r.insert(first); r.insert(last) })
		}
	}
	for _, old := range r.old {
		r.replay(old)
	}
}

// replay puts back a row as it was, and one that was taken away since.
func (r *rewrite) replay(old string) {
	db, err := sql.Open("sqlite", old)
	if err != nil {
		r.t.Fatal(err)
	}
	defer db.Close()
	now := make(map[string]map[string]any)
	for _, row := range r.rows {
		now[r.keyOf(row)] = row
	}
	changed, gone := 0, 0
	for _, was := range all(r.t, db, `SELECT * FROM `+r.table) {
		is := now[r.keyOf(was)]
		switch {
		case is == nil && gone == 0:
			gone++
			r.noticed("put back a row that was taken away", func() { r.insert(was) }, func() { r.delete(was) })
		case is != nil && changed == 0 && fmt.Sprint(is["mac"]) != fmt.Sprint(was["mac"]):
			changed++
			r.noticed("put back a row as it was", func() { r.delete(is); r.insert(was) }, func() { r.delete(was); r.insert(is) })
		}
	}
}

// noticed does something, holds that it shows, and undoes it.
func (r *rewrite) noticed(what string, do, undo func()) {
	r.t.Helper()
	do()
	if r.verification() == "" {
		r.t.Errorf("%s: nobody notices in %s: %s", r.script, r.table, what)
	}
	undo()
}

func (r *rewrite) keyOf(row map[string]any) string {
	parts := make([]string, len(r.key))
	for i, c := range r.key {
		parts[i] = fmt.Sprint(row[c])
	}
	return strings.Join(parts, "/")
}

func (r *rewrite) delete(row map[string]any) {
	where, args := make([]string, len(r.key)), make([]any, len(r.key))
	for i, c := range r.key {
		where[i], args[i] = c+" = ?", row[c]
	}
	r.exec(`DELETE FROM `+r.table+` WHERE `+strings.Join(where, " AND "), args...)
}

func (r *rewrite) insert(row map[string]any) {
	var marks []string
	var args []any
	for _, c := range r.columns {
		if b, ok := row[c].([]byte); row[c] == nil && r.whole[c] || ok && len(b) == 0 { // no bytes are read as NULL
			marks = append(marks, "zeroblob(0)")
			continue
		}
		marks, args = append(marks, "?"), append(args, row[c])
	}
	r.exec(`INSERT INTO `+r.table+` (`+strings.Join(r.columns, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)`, args...)
}

func (r *rewrite) exec(statement string, args ...any) {
	r.t.Helper()
	if _, err := r.db.Exec(statement, args...); err != nil {
		r.t.Fatalf("%s in %s: %v", statement, r.table, err)
	}
}

// third is a value of the same type that is neither v nor another(v).
func third(v any) any {
	switch v := v.(type) {
	case int64:
		return v + 1_000_003
	case string:
		return v[:max(0, len(v)-1)] + "q"
	case []byte:
		return append(slices.Clone(v), 1)
	}
	return []byte{1}
}

// another is a value of the same type that is not the same.
func another(v any) any {
	switch v := v.(type) {
	case int64:
		return v + 1
	case string:
		switch {
		case v == "":
			return "x"
		case v == "null":
			return `["x"]`
		case v[len(v)-1] == 'a':
			return v[:len(v)-1] + "b"
		}
		return v[:len(v)-1] + "a"
	case []byte:
		if len(v) == 0 {
			return []byte{1}
		}
		b := slices.Clone(v)
		b[len(b)-1]++
		return b
	}
	return []byte{1}
}

func clone(row map[string]any) map[string]any {
	out := make(map[string]any, len(row))
	for c, v := range row {
		out[c] = v
	}
	return out
}

// copyDatabase keeps the database as it is now.
func (x *play) copyDatabase() {
	file := filepath.Join(x.t.TempDir(), "old.db")
	db, err := sql.Open("sqlite", "file:"+filepath.Join(x.dir, "cordon.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		x.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`VACUUM INTO ?`, file); err != nil {
		x.t.Fatal(err)
	}
	x.old = append(x.old, file)
}

// putBack puts an old database back under the running program, whole.
func putBack(x *play, db *sql.DB, old string) {
	tables := column[string](x.t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	statements := "PRAGMA foreign_keys = OFF; ATTACH '" + old + "' AS old; BEGIN IMMEDIATE;"
	for _, table := range tables {
		statements += "DELETE FROM main." + table + "; INSERT INTO main." + table + " SELECT * FROM old." + table + ";"
	}
	conn, err := db.Conn(x.t.Context())
	if err != nil {
		x.t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(x.t.Context(), statements+"COMMIT; DETACH old;"); err != nil {
		x.t.Fatal(err)
	}
	if x.verification() == "" {
		x.t.Errorf("%s: nobody notices that an old database was put back", x.script)
	}
}

// column reads the one column of a query.
func column[T any](t *testing.T, db *sql.DB, query string) (out []T) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// all reads whole rows.
func all(t *testing.T, db *sql.DB, query string) (out []map[string]any) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row := make(map[string]any, len(names))
		for i, name := range names {
			row[name] = values[i]
		}
		out = append(out, row)
	}
	return out
}
