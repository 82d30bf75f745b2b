package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"cordon"
	"cordon/internal/core/ledger"
	"cordon/internal/core/vault"
	"cordon/internal/store/postgres"
	"cordon/internal/store/sqlite"
)

// Carried says what a database was made of.
type Carried struct {
	cordon.DumpHead
	Rows int64
}

// ledgerKeys are the ledger's signing and public key, as the database has them.
func ledgerKeys(tx cordon.MetaReader, v *vault.Vault) (signer, verifier string, err error) {
	sealed, err := tx.Meta(ledgerKeyMeta)
	if err != nil {
		return "", "", err
	}
	pair, err := v.OpenRoot(ledgerKeyMeta, sealed)
	if err != nil {
		return "", "", err
	}
	signer, verifier, _ = strings.Cut(string(pair), "\n")
	return signer, verifier, nil
}

// inside is the store as one transaction sees it.
type inside struct {
	cordon.Store
	tx cordon.ReadTx
}

// View implements cordon.Store.
func (s inside) View(_ context.Context, fn func(cordon.ReadTx) error) error { return fn(s.tx) }

// take loads a dump into a database in which nothing is kept yet. Before anything of it
// is committed all of it is verified, the ledger too, which has to go on from the
// checkpoints that kept gives. Then is what else is done in the same transaction. From
// is opened anew where the transaction is run again.
func take(ctx context.Context, to Config, v *vault.Vault, kept func(verifier string, head cordon.DumpHead) ([]string, error),
	from func(context.Context) (io.ReadCloser, error), then func(cordon.WriteTx, Carried) error,
) (Carried, error) {
	store, err := openStore(ctx, to, v.Subkey(stateKey))
	if err != nil {
		return Carried{}, err
	}
	defer store.Close()
	return cordon.Update(ctx, store, func(tx cordon.WriteTx) (done Carried, err error) {
		dump, err := from(ctx)
		if err != nil {
			return done, err
		}
		done.DumpHead, done.Rows, err = tx.Load(dump)
		if err = errors.Join(err, dump.Close()); err != nil {
			return done, otherKey(err)
		}
		if err := verifyInside(ctx, inside{store, tx}, v, to.Clock, done.DumpHead, kept); err != nil {
			return done, err
		}
		return done, then(tx, done)
	})
}

// verifyInside holds all that a transaction sees against the key and the ledger.
func verifyInside(ctx context.Context, within inside, v *vault.Vault, clock cordon.Clock, head cordon.DumpHead,
	kept func(string, cordon.DumpHead) ([]string, error),
) error {
	if err := v.Check(within.tx); err != nil {
		return err
	}
	state, err := within.tx.VerifyState(1)
	if err != nil {
		return err
	}
	if len(state.Faults) > 0 {
		return cordon.Errorf(cordon.KindInvalid, "what was copied does not verify: %s: %s", state.Faults[0].What, state.Faults[0].Why).Because(&state.Faults[0])
	}
	signer, verifier, err := ledgerKeys(within.tx, v)
	if err != nil {
		return err
	}
	log, err := ledger.New(within, signer, verifier, clock)
	if err != nil {
		return err
	}
	old, err := kept(verifier, head)
	if err != nil {
		return err
	}
	report, err := log.Verify(ctx, old...)
	if err == nil && !report.OK() {
		err = cordon.Errorf(cordon.KindInvalid, "the ledger that was copied does not verify: %s", report.Fault.Problem).Because(report.Fault)
	}
	return err
}

// movedMeta says that an installation is being moved, or was moved, to another
// database; it is empty or not there otherwise.
const movedMeta = "app.moved"

// What stands there.
const (
	moving = "moving"
	moved  = "moved"
)

// checkMoved refuses an installation that lives elsewhere now.
func checkMoved(tx cordon.MetaReader) error {
	mark, err := tx.Meta(movedMeta)
	switch {
	case cordon.KindOf(err) == cordon.KindNotFound, err == nil && len(mark) == 0:
		return nil
	case err != nil:
		return err
	case string(mark) == moving:
		return cordon.Errorf(cordon.KindConflict, "this installation is being moved to another database, or a move of it was cut short: "+
			"give the same cordon migrate again, or cordon migrate --back to stay here")
	}
	return cordon.Errorf(cordon.KindConflict, "this installation was moved to another database by cordon migrate: use that one. "+
		"Where nobody has worked on it there, cordon migrate --back returns here")
}

// alone is a Conflict where a Cordon has the database open.
func (c Config) alone(ctx context.Context) error {
	if c.PostgresURL != "" {
		return postgres.Alone(ctx, c.PostgresURL)
	}
	return sqlite.Alone(ctx, c.DataDir)
}

// Migrate moves an installation to an empty database, as it is: its root key, and
// everything that people hold, stay the same. No server may have the source open
// meanwhile (a Conflict), and none opens it afterwards. Where it fails the source stays
// what it was.
func Migrate(ctx context.Context, source, target Config) (Carried, error) {
	from, to, v, err := migration(source, target)
	if err != nil {
		return Carried{}, err
	}
	if err := from.alone(ctx); err != nil {
		return Carried{}, err
	}
	if err := setMoved(ctx, from, v, moving, ""); err != nil {
		return Carried{}, err
	}
	// Nobody opens it any more; and nobody has before that was committed.
	if err := from.alone(ctx); err != nil {
		return Carried{}, errors.Join(err, setMoved(ctx, from, v, "", moving))
	}
	done, err := move(ctx, from, to, v)
	if err != nil {
		return Carried{}, errors.Join(err, setMoved(context.WithoutCancel(ctx), from, v, "", moving))
	}
	return done, setMoved(context.WithoutCancel(ctx), from, v, moved, moving)
}

// StayBack takes back what Migrate has marked the source with. It says nothing to the
// target, on which nobody may have worked.
func StayBack(ctx context.Context, source Config) error {
	from, _, v, err := migration(source, source)
	if err != nil {
		return err
	}
	return setMoved(ctx, from, v, "", moved)
}

// migration checks what is given before anything is done.
func migration(source, target Config) (from, to Config, v *vault.Vault, err error) {
	if from, err = source.withDefaults(); err != nil {
		return from, to, nil, err
	}
	if target.KeyFile == "" {
		target.KeyFile = from.KeyFile
	}
	if to, err = target.withDefaults(); err != nil {
		return from, to, nil, err
	}
	if err = checkPresent(from); err != nil {
		return from, to, nil, err
	}
	v, err = vault.New(vault.KeyFile(from.KeyFile))
	return from, to, v, err
}

// setMoved sets the mark. Where it is another already than the one that was left, or
// none, that is told like checkMoved does.
func setMoved(ctx context.Context, c Config, v *vault.Vault, mark, left string) error {
	store, err := openStore(ctx, c, v.Subkey(stateKey))
	if err != nil {
		return err
	}
	defer store.Close()
	return store.Update(ctx, func(tx cordon.WriteTx) error {
		if err := v.Check(tx); err != nil {
			return notSetUp(err)
		}
		now, err := tx.Meta(movedMeta)
		if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
			return err
		}
		if string(now) == moved && left != moved {
			return checkMoved(tx)
		}
		return tx.PutMeta(movedMeta, []byte(mark))
	})
}

// notSetUp explains that the key's check value does not hold, or is not there.
func notSetUp(err error) error {
	if foreign := (*cordon.Unverified)(nil); errors.As(err, &foreign) {
		return cordon.Errorf(cordon.KindInvalid, "this root key is not the one the data was sealed with: give the key file that was made with this installation. "+
			"If it is, something else has written to the database").Because(errors.Join(ErrKey, err))
	}
	if cordon.KindOf(err) == cordon.KindNotFound {
		return cordon.Errorf(cordon.KindInvalid, "this database is not set up: run cordon init").Because(err)
	}
	return err
}

// move copies what is in one database into the other.
func move(ctx context.Context, from, to Config, v *vault.Vault) (Carried, error) {
	source, err := openStore(ctx, from, v.Subkey(stateKey))
	if err != nil {
		return Carried{}, err
	}
	defer source.Close()
	kept := func(string, cordon.DumpHead) ([]string, error) { return from.newest() }
	return take(ctx, to, v, kept, func(ctx context.Context) (io.ReadCloser, error) {
		return dumping(ctx, source, from.Clock), nil
	}, func(tx cordon.WriteTx, _ Carried) error {
		if err := tx.PutMeta(movedMeta, nil); err != nil {
			return err
		}
		return ledger.Append(tx, cordon.Entry{At: to.Clock.Now(), Act: cordon.ActMigrate, Outcome: cordon.OutcomeAllowed})
	})
}

// dumping is a dump of the store, made while it is read.
func dumping(ctx context.Context, store cordon.Store, clock cordon.Clock) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		w.CloseWithError(store.View(ctx, func(tx cordon.ReadTx) error {
			_, err := tx.Dump(w, cordon.DumpHead{At: clock.Now()})
			return err
		}))
	}()
	return r
}

// newest is the newest checkpoint that this node has kept beside the key, if any.
func (c Config) newest() ([]string, error) {
	text, err := os.ReadFile(c.newestFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, cordon.Errorf(cordon.KindUnavailable, "the file %s cannot be read", c.newestFile()).Because(err)
	}
	return []string{string(text)}, nil
}
