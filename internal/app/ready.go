package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cordon"
)

const (
	// readyFor is how long an answer about readiness holds: anybody may ask,
	// as often as they like, and a look is a write to disk.
	readyFor = time.Second
	// lookFor bounds one look.
	lookFor = 5 * time.Second
	// roomBytes is how much more the disk has to have room for.
	roomBytes = 1 << 20
	// roomFile is what is written, beside the database, to find out.
	roomFile = "room.tmp"
	// readyMeta is what is written in the database to find out.
	readyMeta = "ready"
)

// readiness answers whether what is asked can be done now.
type readiness struct {
	clock cordon.Clock
	look  func(context.Context) error

	mu  sync.Mutex // guards what follows; held while somebody looks
	at  time.Time
	err error
}

// ready is nil where requests can be answered, and says why where they cannot.
func (r *readiness) ready(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.clock.Now(); r.at.IsZero() || now.Before(r.at) || now.Sub(r.at) >= readyFor {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookFor)
		defer cancel()
		r.err = r.look(ctx)
		r.at = now
	}
	return r.err
}

// canWrite finds out by writing: a database that can be read only, and a disk
// that is full, answer every read and no act.
func (a *App) canWrite(ctx context.Context) error {
	text, err := a.config.Clock.Now().MarshalText()
	if err != nil {
		return cordon.Errorf(cordon.KindInternal, "the clock shows a time that cannot be written").Because(err)
	}
	if err := a.store.Update(ctx, func(tx cordon.WriteTx) error { return tx.PutMeta(readyMeta, text) }); err != nil {
		return err
	}
	if a.config.DataDir == "" {
		return nil
	}
	// The database writes over what it has of its log before it asks for more,
	// so that a little can be written to it though the disk is full.
	return room(a.config.DataDir)
}

// room reports whether the directory has room for roomBytes more.
func room(dir string) error {
	name := filepath.Join(dir, roomFile)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the data directory cannot be written to").Because(err)
	}
	_, err = f.Write(make([]byte, roomBytes))
	err = errors.Join(err, f.Close())
	// Another process on the same directory may have removed it first.
	if e := os.Remove(name); e != nil && !errors.Is(e, fs.ErrNotExist) {
		err = errors.Join(err, e)
	}
	if err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the disk is full: there is no room for %d bytes more in the data directory", roomBytes).Because(err)
	}
	return nil
}
