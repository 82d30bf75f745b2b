package postgres

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"cordon"
	"cordon/internal/store/sqltx"
)

// Store is a cordon.Store in a PostgreSQL database.
type Store struct {
	pool    *pgxpool.Pool
	dialect *sqltx.Dialect
}

var _ cordon.Store = (*Store)(nil)

const (
	// maxTries bounds how often a transaction is run because of others.
	maxTries = 40
	// maxUniqueTries does so where a key was taken. That is a race lost, and
	// over with the next try, or else it is a Conflict.
	maxUniqueTries = 4
	// maxPause bounds the pause before the next try.
	maxPause = 100 * time.Millisecond
	// endTimeout bounds COMMIT and ROLLBACK, which go on when the caller's
	// context has ended, so that how a transaction ended is known.
	endTimeout = 30 * time.Second
)

// View implements cordon.Store.
func (s *Store) View(ctx context.Context, fn func(cordon.Tx) error) error {
	return s.repeat(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, fn)
}

// Update implements cordon.Store.
func (s *Store) Update(ctx context.Context, fn func(cordon.Tx) error) error {
	return s.repeat(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable, AccessMode: pgx.ReadWrite}, fn)
}

// repeat runs a transaction until it is not others that keep it from ending.
func (s *Store) repeat(ctx context.Context, options pgx.TxOptions, fn func(cordon.Tx) error) error {
	for try := 1; ; try++ {
		err := s.run(ctx, options, fn)
		switch code(err) {
		case serializationFailure, deadlockDetected:
			if try == maxTries {
				return explain(err)
			}
		case uniqueViolation:
			if try == maxUniqueTries {
				return explain(err)
			}
		default:
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// pause waits before the next try: longer each time, and never as long as
// the others that do the same.
func pause(ctx context.Context, try int) error {
	longest := min(maxPause, time.Millisecond<<min(try, 10))
	timer := time.NewTimer(rand.N(longest))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return explain(ctx.Err())
	case <-timer.C:
		return nil
	}
}

// run runs a transaction once.
func (s *Store) run(ctx context.Context, options pgx.TxOptions, fn func(cordon.Tx) error) error {
	ptx, err := s.pool.BeginTx(ctx, options)
	if err != nil {
		return explain(err)
	}
	// Also on the way of a panic. After a commit it does nothing.
	defer func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
		defer cancel()
		_ = ptx.Rollback(end)
	}()
	tx := sqltx.NewTx(ctx, connection{ctx, ptx}, s.dialect, options.AccessMode == pgx.ReadWrite)
	if err := tx.Outcome(fn(tx)); err != nil {
		return err
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if err := ptx.Commit(end); err != nil {
		if errors.Is(err, pgx.ErrTxCommitRollback) {
			return cordon.Errorf(cordon.Unavailable, "the transaction was rolled back").Because(err)
		}
		return explain(err)
	}
	return nil
}

// connection is a transaction as sqltx takes it.
type connection struct {
	ctx context.Context
	tx  pgx.Tx
}

// Exec implements sqltx.Conn.
func (c connection) Exec(statement string, args ...any) (int64, error) {
	tag, err := c.tx.Exec(c.ctx, statement, args...)
	return tag.RowsAffected(), err
}

// Query implements sqltx.Conn.
func (c connection) Query(statement string, args ...any) (sqltx.Rows, error) {
	return c.tx.Query(c.ctx, statement, args...)
}

// Scrub implements cordon.Store. It rewrites the tables of wrapped keys, so
// that no file of theirs holds one that was deleted, and lets PostgreSQL use
// again what other deleted rows left. What the server keeps besides its tables
// (write-ahead log, replicas, archives, backups) is its operator's to expire;
// without its key, what lies there of a struck portion does not open.
func (s *Store) Scrub(ctx context.Context) error {
	for _, statement := range []string{
		"VACUUM (FULL) portion_keys",
		"VACUUM (FULL) custody_keys",
		"VACUUM portions, search_tokens, fingerprints, portion_tokens, facts, custody, report_rules",
		"CHECKPOINT",
	} {
		_, err := s.pool.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol)
		// Only some roles may ask for a checkpoint; without, it comes later.
		if err != nil && code(err) != noPrivilege {
			return explain(err)
		}
	}
	return nil
}

// Close implements cordon.Store.
func (s *Store) Close() error {
	s.pool.Close()
	return nil
}
