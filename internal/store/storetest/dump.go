package storetest

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"cordon"
)

// Carry carries all that other tests have left in a store into an empty one, perhaps on
// another engine, and tries what must not be carried before.
func Carry(t *testing.T, from, to cordon.Store) {
	t.Helper()
	var whole bytes.Buffer
	rows := look(t, from, func(tx cordon.ReadTx) (int64, error) {
		whole.Reset()
		return tx.Dump(&whole, cordon.DumpHead{At: base})
	})
	if rows < 100 {
		t.Fatalf("the store has %d rows only: other tests leave more", rows)
	}
	load := func(from io.Reader) (rows int64, err error) {
		err = to.Update(t.Context(), func(tx cordon.WriteTx) (err error) {
			_, rows, err = tx.Load(from)
			return err
		})
		return rows, err
	}
	_, err := load(bytes.NewReader(whole.Bytes()[:whole.Len()-1]))
	wantKind(t, "a dump that is cut off", err, cordon.KindInvalid)
	altered := bytes.Clone(whole.Bytes())
	altered[len(altered)/2] ^= 1
	_, err = load(bytes.NewReader(altered))
	wantKind(t, "a dump that was altered", err, cordon.KindInvalid)
	if _, err := load(io.MultiReader(bytes.NewReader(whole.Bytes()[:whole.Len()/2]), broken{})); !errors.Is(err, errBroken) {
		t.Fatalf("a dump that cannot be read on: %v", err)
	}
	// Nothing of those is there, or this would be a Conflict.
	n, err := load(bytes.NewReader(whole.Bytes()))
	if err != nil || n != rows {
		t.Fatalf("%d of %d rows: %v (%v)", n, rows, err, errors.Unwrap(err))
	}
	_, err = load(bytes.NewReader(whole.Bytes()))
	wantKind(t, "a dump into a store that is not empty", err, cordon.KindConflict)

	// Renditions that the tests made have no entry in the ledger, here and there.
	equal(t, "what verifies", state(t, to), state(t, from))
	var again bytes.Buffer
	if n := look(t, to, func(tx cordon.ReadTx) (int64, error) {
		again.Reset()
		return tx.Dump(&again, cordon.DumpHead{At: base})
	}); n != rows || again.Len() != whole.Len() {
		t.Errorf("dumped again it is %d rows in %d bytes, of %d in %d", n, again.Len(), rows, whole.Len())
	}
	if _, err := cordon.View(t.Context(), from, func(tx cordon.ReadTx) (int64, error) {
		return tx.Dump(broken{}, cordon.DumpHead{At: base})
	}); !errors.Is(err, errBroken) {
		t.Errorf("a dump that cannot be written: %v", err)
	}
}

func state(t *testing.T, s cordon.Store) cordon.StateReport {
	return look(t, s, func(tx cordon.ReadTx) (cordon.StateReport, error) { return tx.VerifyState(10) })
}

// broken can neither be read nor written.
type broken struct{}

var errBroken = errors.New("broken")

func (broken) Read([]byte) (int, error)  { return 0, errBroken }
func (broken) Write([]byte) (int, error) { return 0, errBroken }
