package postgres

import (
	"testing"

	"cordon/internal/harness/pgtest"
	"cordon/internal/store/storetest"
)

// TestFresh has two stores, as of two nodes, on one database.
func TestFresh(t *testing.T) {
	url := pgtest.Start(t)
	storetest.Fresh(t, open(t, url), open(t, url))
}

// TestKeptIsUsed changes the table behind the store's back: what is kept does
// not hear of it, so that an answer from there can be told from one of the
// database's.
func TestKeptIsUsed(t *testing.T) {
	s := open(t, pgtest.Start(t))
	storetest.KeptIsUsed(t, s, func(statement string) error {
		_, err := s.pool.Exec(t.Context(), statement)
		return err
	})
}
