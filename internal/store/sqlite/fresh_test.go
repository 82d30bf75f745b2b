package sqlite

import (
	"testing"

	"cordon/internal/store/storetest"
)

// TestFresh has two stores, as of two processes, on one file.
func TestFresh(t *testing.T) {
	dir := t.TempDir()
	storetest.Fresh(t, open(t, dir), open(t, dir))
}

// TestKeptIsUsed changes the table behind the store's back: what is kept does
// not hear of it, so that an answer from there can be told from one of the
// database's.
func TestKeptIsUsed(t *testing.T) {
	s := open(t, t.TempDir())
	storetest.KeptIsUsed(t, s, func(statement string) error {
		_, err := s.db.Exec(statement)
		return err
	})
}
