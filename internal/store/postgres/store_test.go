package postgres

import (
	"context"
	"testing"

	"cordon"
	"cordon/internal/harness/pgtest"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
)

func open(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, storetest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// prepared gives the URL of a new database with the tables.
func prepared(t *testing.T) string {
	t.Helper()
	return pgtest.Prepared(t, func(ctx context.Context, url string) error {
		s, err := Open(ctx, url, storetest.Key)
		if err != nil {
			return err
		}
		return s.Close()
	})
}

// TestContract also carries what it leaves in a database to the other engine and back.
func TestContract(t *testing.T) {
	var common *Store
	storetest.Run(t, func(t *testing.T) cordon.Store {
		s := open(t, prepared(t))
		if common == nil {
			common = s
		}
		return s
	})
	other, err := sqlite.Open(t.Context(), t.TempDir(), storetest.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	t.Run("Carry", func(t *testing.T) { storetest.Carry(t, common, other) })
	t.Run("CarryBack", func(t *testing.T) { storetest.Carry(t, other, open(t, prepared(t))) })
}
