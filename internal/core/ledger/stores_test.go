package ledger

import (
	"context"
	"testing"

	"cordon"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
)

// stores are new and empty ones, of each kind that tests are run on.
func stores(t *testing.T) map[string]cordon.Store {
	return map[string]cordon.Store{"memory": &memory{}, "sqlite": newSQLite(t, t.TempDir())}
}

func newSQLite(t testing.TB, dir string) cordon.Store {
	store, err := sqlite.Open(context.Background(), dir, storetest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}
