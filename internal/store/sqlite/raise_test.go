package sqlite

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"cordon/internal/store/storetest"
)

// TestRaised opens a database that the first version made: it is brought to
// the present schema, whole and once, and nothing in it is lost.
func TestRaised(t *testing.T) {
	dir := t.TempDir()
	old(t, dir)
	for range 2 { // the second time there is nothing to do
		s, err := Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		storetest.Raised(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
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
