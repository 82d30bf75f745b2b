package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/core/vault"
	"cordon/internal/store/postgres"
	"cordon/internal/store/sqlite"
)

// openStore opens the database, which need not have been set up. The key
// authenticates what is in it.
func openStore(ctx context.Context, c Config, key [32]byte) (cordon.Store, error) {
	if c.PostgresURL != "" {
		return postgres.Open(ctx, c.PostgresURL, key)
	}
	return sqlite.Open(ctx, c.DataDir, key)
}

// stateKey is the purpose of the root key's subkey that authenticates the database.
const stateKey = "state"

// Upgrade brings the database of an installation to the schema of this program,
// and says from which to which. It needs no key. Every server on it has to be
// stopped before.
func Upgrade(ctx context.Context, c Config) (from, to int64, err error) {
	if c.PostgresURL != "" {
		return postgres.Upgrade(ctx, c.PostgresURL)
	}
	if err := checkDatabase(c); err != nil {
		return 0, 0, err
	}
	return sqlite.Upgrade(ctx, c.DataDir)
}

// SignRows gives the rows of a database of before the MACs that they lack, and says
// how many there were. It stands in the installation's feed. It is a Conflict where rows
// were signed before, and where this node has a checkpoint of such a time: whoever could
// strip the MACs would otherwise have their own rows signed.
func SignRows(ctx context.Context, config Config) (rows int64, err error) {
	c, err := config.withDefaults()
	if err != nil {
		return 0, err
	}
	if err := checkPresent(c); err != nil {
		return 0, err
	}
	if _, err := os.Stat(c.newestFile()); err == nil {
		return 0, cordon.Errorf(cordon.KindConflict, "%s says that the rows of this installation were signed: what lacks a MAC was put there by something else", c.newestFile())
	}
	v, err := vault.New(vault.KeyFile(c.KeyFile))
	if err != nil {
		return 0, err
	}
	store, err := openStore(ctx, c, v.Subkey(stateKey))
	if err != nil {
		return 0, err
	}
	defer store.Close()
	return cordon.Update(ctx, store, func(tx cordon.WriteTx) (int64, error) {
		rows, err := tx.SignState()
		if err == nil {
			err = v.Check(tx)
		}
		if cordon.KindOf(err) == cordon.KindNotFound {
			return 0, cordon.Errorf(cordon.KindInvalid, "this database is not set up: run cordon init").Because(err)
		}
		if err != nil {
			return 0, err
		}
		return rows, ledger.Append(tx, cordon.Entry{At: c.Clock.Now(), Act: cordon.ActSignRows, Outcome: cordon.OutcomeAllowed})
	})
}

// checkPresent checks before anything is made, since opening would make an empty
// database where there is none.
func checkPresent(c Config) error {
	if err := checkDatabase(c); err != nil {
		return err
	}
	return checkKey(c)
}

// checkKey is the part of checkPresent that is about the root key.
func checkKey(c Config) error {
	if _, err := os.Stat(c.KeyFile); errors.Is(err, fs.ErrNotExist) {
		return cordon.Errorf(cordon.KindInvalid,
			"the root key file %s is not there: without it nothing opens; bring it back from where it is kept, or say where it is", c.KeyFile).Because(ErrAbsent)
	}
	return nil
}

// ErrAbsent is the cause where the data directory has no Cordon in it, or the root key
// is not there.
var ErrAbsent = errors.New("absent")

// ErrKey is the cause where the root key cannot be used.
var ErrKey = vault.ErrKey

func checkDatabase(c Config) error {
	if c.PostgresURL != "" {
		return nil
	}
	_, err := os.Stat(c.database())
	if errors.Is(err, fs.ErrNotExist) {
		return cordon.Errorf(cordon.KindInvalid, "there is no Cordon in %s: make one with cordon init --data %s", c.DataDir, c.DataDir).Because(ErrAbsent)
	}
	if err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the data directory %s cannot be read", c.DataDir).Because(err)
	}
	return nil
}

// makeDirs makes the directories that data and key lie in, for their owner
// alone.
func makeDirs(c Config) error {
	for _, dir := range []string{c.DataDir, filepath.Dir(c.KeyFile)} {
		if dir == "" {
			continue
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return cordon.Errorf(cordon.KindUnavailable, "the directory %s cannot be made", dir).Because(err)
		}
	}
	return nil
}

// watched is a store that tells when something was written, and when it met something
// in the database that it has not written.
type watched struct {
	cordon.Store
	wrote chan struct{}
	met   chan cordon.Unverified
}

// View implements cordon.Store.
func (w watched) View(ctx context.Context, fn func(cordon.ReadTx) error) error {
	return w.told(w.Store.View(ctx, fn))
}

// Decide implements cordon.Store.
func (w watched) Decide(ctx context.Context, fn func(cordon.ReadTx) error) (cordon.Basis, error) {
	on, err := w.Store.Decide(ctx, fn)
	return on, w.told(err)
}

// Commit implements cordon.Store.
func (w watched) Commit(ctx context.Context, on cordon.Basis, fn func(cordon.WriteTx) error) error {
	return w.writing(w.Store.Commit(ctx, on, fn))
}

// Record implements cordon.Store.
func (w watched) Record(ctx context.Context, on cordon.Basis, log cordon.Log) error {
	return w.writing(w.Store.Record(ctx, on, log))
}

// told tells of what does not verify, unless something else was told and waits.
func (w watched) told(err error) error {
	if foreign := (*cordon.Unverified)(nil); errors.As(err, &foreign) {
		select {
		case w.met <- *foreign:
		default:
		}
	}
	return err
}

// Update implements cordon.Store.
func (w watched) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	return w.writing(w.Store.Update(ctx, fn))
}

// writing tells how something that writes has ended.
func (w watched) writing(err error) error {
	if w.told(err) == nil {
		select {
		case w.wrote <- struct{}{}:
		default: // told already
		}
	}
	return err
}
