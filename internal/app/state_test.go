package app

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"cordon"
)

// rewrite runs statements on the database as somebody does who has no key.
func rewrite(t *testing.T, c Config, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.DataDir, "cordon.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func ask(t *testing.T, a *App, token, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// TestRewrittenRow: a row that something else has changed is answered as an absence, and
// the log, the feeds and a notice say so.
func TestRewrittenRow(t *testing.T) {
	c, token := initialised(t)
	var log lockedBuffer
	c.Logger = slog.New(slog.NewTextHandler(&log, nil))
	a, err := New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	code, body := ask(t, a, token, "POST", "/reports", `{"kind":"report","title":{"marking":"U","text":"Night shift"},"portions":[{"marking":"U","text":"The courier comes at nine."}]}`)
	var published struct{ Report cordon.ID }
	if err := json.Unmarshal([]byte(body), &published); code != 201 || err != nil {
		t.Fatalf("%d %s", code, body)
	}
	open := "/reports/" + string(published.Report)
	if code, body := ask(t, a, token, "GET", open, ""); code != 200 || !strings.Contains(body, "courier") {
		t.Fatalf("as it was written: %d %s", code, body)
	}
	rewrite(t, c, `UPDATE portions SET mark = 'S' WHERE ordinal = 1`)
	if code, body := ask(t, a, token, "GET", open, ""); code != 404 || strings.Contains(body, "courier") {
		t.Errorf("a rewritten portion: %d %s", code, body)
	}
	var feed string
	for range 100 {
		if _, feed = ask(t, a, token, "GET", "/ledger/feed?limit=200", ""); strings.Contains(feed, `"unverified"`) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !strings.Contains(feed, `"unverified"`) {
		t.Errorf("the feed has nothing of it: %s", feed)
	}
	if _, body := ask(t, a, token, "GET", "/notices", ""); !strings.Contains(body, "changed by something other than Cordon") {
		t.Errorf("nobody is told: %s", body)
	}
	if !strings.Contains(log.String(), "portions/") {
		t.Errorf("the log does not name it: %s", log.String())
	}
	rewrite(t, c, `UPDATE portions SET mark = 'U' WHERE ordinal = 1`)
	if code, body := ask(t, a, token, "GET", open, ""); code != 200 || !strings.Contains(body, "courier") {
		t.Errorf("mended: %d %s", code, body)
	}
}

// TestOldDatabase: a database that is put back while nothing runs is refused by the
// checkpoint beside the key.
func TestOldDatabase(t *testing.T) {
	c, token := initialised(t)
	database := filepath.Join(c.DataDir, "cordon.db")
	run := func(requests ...string) {
		t.Helper()
		a, err := New(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		for _, name := range requests {
			if code, body := ask(t, a, token, "POST", "/groups", `{"name":"`+name+`","everyone":true}`); code != 201 {
				t.Fatalf("%d %s", code, body)
			}
		}
		if _, err := a.ledger.Tick(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		if err := a.keepNewest(); err != nil {
			t.Fatal(err)
		}
	}
	run("first")
	rewrite(t, c, `PRAGMA wal_checkpoint(TRUNCATE)`)
	old, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	run("second")
	rewrite(t, c, `PRAGMA wal_checkpoint(TRUNCATE)`)
	if err := os.WriteFile(database, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if a, err := New(t.Context(), c); cordon.KindOf(err) != cordon.KindConflict || !strings.Contains(err.Error(), "put back") {
		if err == nil {
			a.Close()
		}
		t.Fatalf("opened: %v", err)
	}
	if err := os.Remove(filepath.Join(c.DataDir, KeyFileName+".newest")); err != nil {
		t.Fatal(err)
	}
	run("after a backup was put back on purpose")
}

// TestSignRows: nothing opens on rows that are not signed; they are signed once, and
// never where they were signed before.
func TestSignRows(t *testing.T) {
	c, token := initialised(t)
	strip := []string{`DELETE FROM state_sets`, `DELETE FROM log_sets`, `DELETE FROM state_root`}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.DataDir, "cordon.db"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'mac'
		AND m.name NOT IN ('state_sets', 'log_sets', 'ledger_feeds')`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		strip = append(strip, `UPDATE `+table+` SET mac = NULL`)
	}
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := SignRows(t.Context(), c); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("signed again: %v", err)
	}
	rewrite(t, c, strip...)
	if a, err := New(t.Context(), c); err == nil || !strings.Contains(err.Error(), "--sign-rows") {
		if err == nil {
			a.Close()
		}
		t.Fatalf("opened without: %v", err)
	}
	if n, err := SignRows(t.Context(), c); err != nil || n == 0 {
		t.Fatalf("signed %d: %v", n, err)
	}
	a, err := New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var verified struct{ OK bool }
	if _, body := ask(t, a, token, "POST", "/ledger/verification", "{}"); json.Unmarshal([]byte(body), &verified) != nil || !verified.OK {
		t.Errorf("signed, and yet: %s", body)
	}
	if err := a.keepNewest(); err != nil {
		t.Fatal(err)
	}
	rewrite(t, c, strip...)
	if _, err := SignRows(t.Context(), c); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("stripped, and signed again: %v", err)
	}
}

// TestFirstPersonSuspended: the only administrator can be suspended by whoever works on
// the data itself, who restores them too.
func TestFirstPersonSuspended(t *testing.T) {
	c, token := initialised(t)
	a, err := New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	_, body := ask(t, a, token, "GET", "/me", "")
	var me struct {
		Person struct{ ID, Name string }
	}
	if err := json.Unmarshal([]byte(body), &me); err != nil || me.Person.ID == "" {
		t.Fatalf("%s, %v", body, err)
	}
	roles, err := json.Marshal(cordon.Roles())
	if err != nil {
		t.Fatal(err)
	}
	person := `{"organisation":"HUB","name":"root","clearances":{"us":"TS"},"roles":` + string(roles) + `}`
	suspended := strings.Replace(person, "{", `{"suspended":true,`, 1)
	if code, body := ask(t, a, token, "PUT", "/people/"+me.Person.ID, suspended); code != 409 {
		t.Fatalf("suspending themself over the API: %d %s", code, body)
	}
	if code, body := ask(t, a, a.FirstPersonToken(), "PUT", "/people/"+me.Person.ID, suspended); code != 200 {
		t.Fatalf("suspending: %d %s", code, body)
	}
	if code, _ := ask(t, a, token, "GET", "/me", ""); code != 401 {
		t.Errorf("suspended, their own token: %d", code)
	}
	if code, body := ask(t, a, a.FirstPersonToken(), "PUT", "/people/"+me.Person.ID, person); code != 200 {
		t.Errorf("restoring on the data itself: %d %s", code, body)
	}
	if code, _ := ask(t, a, token, "GET", "/me", ""); code != 200 {
		t.Errorf("restored, their own token: %d", code)
	}
}

// lockedBuffer is a buffer that is written and read at once.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
