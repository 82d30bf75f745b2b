package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"cordon"
)

// newestFile is the file, beside the root key, with the newest checkpoint of the ledger
// that this node knows to be on disk. It is what tells an old database that was put
// back while nothing ran.
func (c Config) newestFile() string { return c.KeyFile + ".newest" }

// resume holds the ledger against what this node has kept.
func (a *App) resume(ctx context.Context) error {
	kept, err := os.ReadFile(a.config.newestFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the file %s cannot be read", a.config.newestFile()).Because(err)
	}
	if err := a.ledger.Resume(ctx, string(kept)); err != nil {
		var known *cordon.Error
		if errors.As(err, &known) && known.Kind != cordon.KindUnavailable {
			return cordon.Errorf(cordon.KindConflict, "%s. If you have put a backup back on purpose, remove %s first: what was decided since then is undone", known.Message,
				a.config.newestFile()).Because(err)
		}
		return err
	}
	return nil
}

// keepNewest writes down the newest checkpoint, if there is a newer one than was kept
// last.
func (a *App) keepNewest() error {
	newest := a.ledger.Newest()
	if newest == "" || newest == a.keptNewest {
		return nil
	}
	if err := replaceFile(a.config.newestFile(), newest); err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the file %s cannot be written", a.config.newestFile()).Because(err)
	}
	a.keptNewest = newest
	return nil
}

// replaceFile writes a file whole or not at all.
func replaceFile(name, text string) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}
