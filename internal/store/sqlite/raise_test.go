package sqlite

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/store/sqltx"
	"cordon/internal/store/storetest"
)

// TestRaised upgrades a database that the first version made: it is brought to
// the present schema, whole and once, and nothing in it is lost. Nothing but
// that changes it.
func TestRaised(t *testing.T) {
	dir := t.TempDir()
	old(t, dir)
	before, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := Open(t.Context(), dir, storetest.Key); cordon.KindOf(err) != cordon.KindInvalid || err == nil || !strings.Contains(err.Error(), "run cordon upgrade") {
		if err == nil {
			s.Close()
		}
		t.Errorf("opened as it is: %v", err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, FileName)); err != nil || !bytes.Equal(before, after) {
		t.Errorf("opening changed it: %v", err)
	}
	for _, from := range []int64{1, sqltx.Version()} { // the second time there is nothing to do
		was, is, err := Upgrade(t.Context(), dir)
		if err != nil || was != from || is != sqltx.Version() {
			t.Fatalf("from %d to %d: %v", was, is, err)
		}
		s, err := Open(t.Context(), dir, storetest.Key)
		if err != nil {
			t.Fatal(err)
		}
		storetest.Raised(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := Upgrade(t.Context(), t.TempDir()); err == nil {
		t.Error("it upgrades what is not there")
	}
}

// old makes a database of schema 1 with something in it.
func old(t *testing.T, dir string) {
	t.Helper()
	first, err := os.ReadFile(filepath.Join("..", "sqltx", "schema", "0001_first.sql"))
	if err != nil {
		t.Fatal(err)
	}
	if err := create(dir, filepath.Join(dir, FileName)); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, FileName), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows := regexp.MustCompile(`'\\x([0-9a-f]*)'`).ReplaceAllString(storetest.FirstVersion, "x'$1'")
	for _, statements := range []string{
		string(first), rows, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = 1", applicationID),
	} {
		if _, err := db.Exec(statements); err != nil {
			t.Fatal(err)
		}
	}
}
