package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"sync"

	"cordon"
	"cordon/internal/store/sqltx"
)

// Store is a cordon.Store in one SQLite database.
type Store struct {
	path   string
	db     *sql.DB
	shared sqltx.Shared

	queue   chan *turn       // Updates that wait for the writer
	scrubs  chan chan error  // Scrubs that do
	readers chan *connection // idle; nil stands for one not yet made
	closing chan struct{}    // closed by Close
	stopped chan struct{}    // closed by the writer when it has ended
	close   sync.Once
}

var _ cordon.Store = (*Store)(nil)

var errClosed = cordon.Errorf(cordon.KindUnavailable, "the database is closed")

// ended is the answer where a context has ended.
func ended(ctx context.Context) error {
	return cordon.Errorf(cordon.KindUnavailable, "the request was cancelled or took too long").Because(context.Cause(ctx))
}

// View implements cordon.Store.
func (s *Store) View(ctx context.Context, fn func(cordon.ReadTx) error) error {
	return s.view(ctx, func(tx *sqltx.Tx) error { return tx.Outcome(fn(tx)) })
}

// Decide implements cordon.Store.
func (s *Store) Decide(ctx context.Context, fn func(cordon.ReadTx) error) (on cordon.Basis, err error) {
	err = s.view(ctx, func(tx *sqltx.Tx) error {
		err := tx.Decides().Outcome(fn(tx))
		on = tx.Basis()
		return err
	})
	return on, err
}

// view runs fn, which ends with the outcome, in a snapshot.
func (s *Store) view(ctx context.Context, fn func(*sqltx.Tx) error) error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	var c *connection
	select {
	case <-ctx.Done():
		return ended(ctx)
	case <-s.closing:
		return errClosed
	case c = <-s.readers:
	}
	// The reader's place is always given back. Its connection is given back with
	// it only if it is known to be sound.
	sound := false
	defer func() {
		if !sound && c != nil {
			c.close()
			c = nil
		}
		s.readers <- c
	}()
	if c == nil {
		var err error
		if c, err = s.connect(ctx); err != nil {
			return err
		}
		if err := c.run("PRAGMA query_only = ON"); err != nil {
			return explain(err)
		}
	}
	before := s.shared.Begin()
	// The snapshot is taken by the first read, which is not before now.
	if err := c.run("BEGIN"); err != nil {
		return explain(err)
	}
	tx := sqltx.NewTx(ctx, c, &s.shared, before, false)
	// Deferred, so that a panic in fn does not leave the snapshot open.
	defer func() { sound = c.run("ROLLBACK") == nil }()
	if err := fn(tx); err != nil {
		return err
	}
	tx.Ended()
	return nil
}

// Commit implements cordon.Store. Nothing need be held: there is one writer.
func (s *Store) Commit(ctx context.Context, on cordon.Basis, fn func(cordon.WriteTx) error) error {
	return s.update(ctx, func(tx *sqltx.Tx) error {
		if err := tx.Hold(on); err != nil {
			return err
		}
		return fn(tx)
	})
}

// Record implements cordon.Store.
func (s *Store) Record(ctx context.Context, on cordon.Basis, log cordon.Log) error {
	return s.update(ctx, func(tx *sqltx.Tx) error {
		if err := tx.Hold(on); err != nil {
			return err
		}
		return tx.WriteLog(log)
	})
}

// Update implements cordon.Store. fn must not call Update: it would wait for
// itself.
func (s *Store) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	return s.update(ctx, func(tx *sqltx.Tx) error { return fn(tx) })
}

func (s *Store) update(ctx context.Context, fn func(*sqltx.Tx) error) error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	t := &turn{ctx: ctx, start: make(chan *sqltx.Tx), done: make(chan error, 1), result: make(chan error, 1)}
	select {
	case <-ctx.Done():
		return ended(ctx)
	case <-s.closing:
		return errClosed
	case s.queue <- t:
	}
	return t.take(fn)
}

// Scrub implements cordon.Store. Deleted rows have been overwritten in the
// database already; what is left of them is in the WAL, which is brought to
// the database and cut to nothing. Views that are open hold that up.
func (s *Store) Scrub(ctx context.Context) error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	result := make(chan error, 1)
	var err error = errViewsOpen
	for try := 0; try < scrubTries && errors.Is(err, errViewsOpen); try++ {
		select {
		case <-ctx.Done():
			return ended(ctx)
		case <-s.closing:
			return errClosed
		case s.scrubs <- result:
			err = <-result
		}
	}
	return err
}

// scrubTries bounds how often Scrub tries while Views are open: ten seconds.
const scrubTries = 100

// Refresh waits until what the store keeps in memory has caught up with the
// database, which it does by itself a little later. It is for tests and
// benchmarks that want to know which they look at.
func (s *Store) Refresh(ctx context.Context) error { return s.shared.Listings.Refresh(ctx) }

// Measures is the size of the database's files, for whoever operates it: by the
// name and labels of a metric.
func (s *Store) Measures(context.Context) (map[string]float64, error) {
	out := make(map[string]float64)
	for name, file := range map[string]string{`bytes{part="data"}`: s.path, `bytes{part="log"}`: s.path + "-wal"} {
		info, err := os.Stat(file)
		if err != nil {
			return out, cordon.Errorf(cordon.KindUnavailable, "the database's files cannot be looked at").Because(err)
		}
		out[name] = float64(info.Size())
	}
	return out, nil
}

// Close implements cordon.Store.
func (s *Store) Close() error {
	var err error
	s.close.Do(func() {
		s.shared.Listings.Close()
		close(s.closing)
		<-s.stopped
		for range cap(s.readers) {
			if c := <-s.readers; c != nil {
				c.close()
			}
		}
		err = explain(s.db.Close())
	})
	return err
}
