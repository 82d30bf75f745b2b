package postgres

import (
	"testing"

	"cordon"
	"cordon/internal/harness/pgtest"
	"cordon/internal/store/storetest"
)

func open(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url)
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

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) cordon.Store { return open(t, pgtest.Start(t)) })
}
