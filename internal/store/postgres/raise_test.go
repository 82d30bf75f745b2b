package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"cordon"
	"cordon/internal/harness/pgtest"
	"cordon/internal/store/sqltx"
	"cordon/internal/store/storetest"
)

// TestRaised upgrades a database that the first version made, several times at
// once: it is brought to the present schema, whole and once, and nothing in it
// is lost. Nothing but that changes it.
func TestRaised(t *testing.T) {
	url := pgtest.Start(t)
	old(t, url)
	if s, err := Open(t.Context(), url, storetest.Key); cordon.KindOf(err) != cordon.KindInvalid || err == nil || !strings.Contains(err.Error(), "run cordon upgrade") {
		if err == nil {
			s.Close()
		}
		t.Errorf("opened as it is: %v", err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if was, is, err := Upgrade(t.Context(), url); err != nil || was < 1 || is != sqltx.Version() {
				t.Errorf("from %d to %d: %v", was, is, err)
				return
			}
			s, err := Open(t.Context(), url, storetest.Key)
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
