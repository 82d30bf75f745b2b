package postgres

import (
	"context"
	"testing"

	"cordon"
	"cordon/internal/harness/pgtest"
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

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) cordon.Store { return open(t, prepared(t)) })
}
