package postgres

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"cordon/internal/harness/pgtest"
	"cordon/internal/store/storetest"
)

// TestRaised opens a database that the first version made, with several nodes
// at once: one of them brings it to the present schema, whole and once, and
// nothing in it is lost.
func TestRaised(t *testing.T) {
	url := pgtest.Start(t)
	old(t, url)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			s, err := Open(t.Context(), url)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			storetest.Raised(t, s)
		})
	}
	wait.Wait()
}

// old makes a database of schema 1 with something in it.
func old(t *testing.T, url string) {
	t.Helper()
	first, err := os.ReadFile(filepath.Join("..", "sqltx", "schema", "0001_first.sql"))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	statements := `CREATE TABLE cordon_schema (one BIGINT PRIMARY KEY, version BIGINT NOT NULL); INSERT INTO cordon_schema VALUES (1, 1);` +
		waitingSchema + newDialect().Schema(string(first)) + storetest.FirstVersion
	if _, err := conn.Exec(t.Context(), statements, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
}
