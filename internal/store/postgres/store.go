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
	pool   *pgxpool.Pool
	shared sqltx.Shared
	gate   *gate // of Updates
	// update begins an Update, record a Record.
	update, record []string
}

var _ cordon.Store = (*Store)(nil)

const (
	// maxTries bounds how often a transaction is run because of others.
	maxTries = 40
	// maxUniqueTries does so where a key was taken. Such a race is over with the
	// next try; otherwise it is a Conflict.
	maxUniqueTries = 4
	// maxPause bounds the pause before the next try.
	maxPause = 100 * time.Millisecond
	// endTimeout bounds COMMIT and ROLLBACK, which go on when the caller's
	// context has ended, so that how a transaction ended is known.
	endTimeout = 30 * time.Second
)

var beginView = []string{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}

const (
	// Not READ WRITE: where whoever runs the database has made it read only
	// (default_transaction_read_only), it is.
	beginUpdate = "BEGIN ISOLATION LEVEL SERIALIZABLE"
	// A Record reads nothing but the heads, which it locks, and changes nothing that
	// anybody decides on. So each of its statements may see what has been committed.
	beginRecord = "BEGIN ISOLATION LEVEL READ COMMITTED"
	// durable has the transaction's commit wait for the disk, and for the
	// replicas that the server waits for, where a setting of the server, the
	// database, the role or the URL says that it need not. More than that is left
	// as it is.
	durable = "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local')"
)

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

// Commit implements cordon.Store.
func (s *Store) Commit(ctx context.Context, on cordon.Basis, fn func(cordon.WriteTx) error) error {
	return s.updating(ctx, func(tx *sqltx.Tx) error {
		if err := tx.Hold(on); err != nil {
			return err
		}
		return fn(tx)
	})
}

// Record implements cordon.Store.
func (s *Store) Record(ctx context.Context, on cordon.Basis, log cordon.Log) error {
	if len(log.Steps) > 0 {
		// A step changes the set of its arrangement's.
		return s.Commit(ctx, on, func(tx cordon.WriteTx) error { return log.Write(tx) })
	}
	return s.again(ctx, func(bool) {}, func() error { return s.recordOnce(ctx, on, log) })
}

// recordOnce tries to record, in two steps: one holds the heads, the other writes and
// commits.
func (s *Store) recordOnce(ctx context.Context, on cordon.Basis, log cordon.Log) error {
	return s.on(ctx, func(conn *pgxpool.Conn) error {
		before := s.shared.Begin()
		c := &connection{ctx: ctx, store: s, conn: conn.Conn(), begin: s.record}
		tx := sqltx.NewTx(ctx, c, &s.shared, before, true)
		if err := tx.Outcome(tx.Hold(on)); err != nil {
			return err
		}
		if err := c.finish(tx.LogStatements(log)); err != nil {
			return explain(err)
		}
		tx.Committed()
		return nil
	})
}

// Update implements cordon.Store.
func (s *Store) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	return s.updating(ctx, func(tx *sqltx.Tx) error { return fn(tx) })
}

func (s *Store) updating(ctx context.Context, fn func(*sqltx.Tx) error) error {
	if err := s.gate.enter(ctx); err != nil {
		return explain(err)
	}
	defer s.gate.leave()
	return s.again(ctx, s.gate.fared, func() error {
		return s.run(ctx, s.update, true, func(tx *sqltx.Tx) error { return tx.Outcome(fn(tx)) })
	})
}

// view runs a View, of which fn gives the outcome.
func (s *Store) view(ctx context.Context, fn func(*sqltx.Tx) error) error {
	return s.again(ctx, func(bool) {}, func() error { return s.run(ctx, beginView, false, fn) })
}

// again tries until it is not others that keep it from ending, and tells fared of each
// try whether it collided.
func (s *Store) again(ctx context.Context, fared func(collided bool), run func() error) error {
	for try := 1; ; try++ {
		err := run()
		state := code(err)
		fared(state == serializationFailure || state == deadlockDetected)
		switch {
		case state == serializationFailure, state == deadlockDetected, errors.Is(err, errWaiting):
			if try == maxTries {
				return err
			}
		case state == uniqueViolation:
			if try == maxUniqueTries {
				return err
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

// on has fn use a connection. A transaction that fn leaves open is rolled back, also on
// the way of a panic.
func (s *Store) on(ctx context.Context, fn func(*pgxpool.Conn) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return explain(err)
	}
	defer conn.Release()
	defer func() {
		if conn.Conn().PgConn().TxStatus() != 'I' {
			_, _ = s.end(ctx, conn, "ROLLBACK")
		}
	}()
	return fn(conn)
}

// run runs a transaction once.
func (s *Store) run(ctx context.Context, begin []string, write bool, fn func(*sqltx.Tx) error) error {
	return s.on(ctx, func(conn *pgxpool.Conn) error {
		before := s.shared.Begin()
		c := &connection{ctx: ctx, store: s, conn: conn.Conn(), begin: begin}
		if write {
			if err := c.beginNow(); err != nil {
				return explain(err) // the connection is closed, or not in a transaction
			}
		}
		tx := sqltx.NewTx(ctx, c, &s.shared, before, write)
		if err := fn(tx); err != nil {
			return err
		}
		if !c.ended && c.begin == nil {
			ending, err := s.end(ctx, conn, "COMMIT")
			if err == nil && ending != "COMMIT" {
				return cordon.Errorf(cordon.KindUnavailable, "the transaction was rolled back")
			}
			if err != nil {
				return explain(err)
			}
		}
		tx.Committed()
		return nil
	})
}

// end ends a transaction and says how, whether or not the caller's context
// has ended.
func (s *Store) end(ctx context.Context, conn *pgxpool.Conn, statement string) (string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	tag, err := conn.Exec(ctx, statement)
	return tag.String(), err
}

// Scrub implements cordon.Store. It rewrites the tables of wrapped keys, so
// that no file of theirs holds one that was deleted, and lets PostgreSQL use
// again the space of other deleted rows. The server's other copies (write-ahead
// log, replicas, archives, backups) are its operator's to expire; a struck portion
// does not open from them, since its key is gone.
func (s *Store) Scrub(ctx context.Context) error {
	for _, statement := range []string{
		"VACUUM (FULL) portion_keys",
		"VACUUM (FULL) custody_keys",
		"VACUUM portions, search_tokens, fingerprints, portion_tokens, facts, custody, report_rules, report_changes",
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

// Refresh waits until what the store keeps in memory has caught up with the
// database, which it does by itself a little later. It is for tests and
// benchmarks that want to know which they look at.
func (s *Store) Refresh(ctx context.Context) error { return s.shared.Listings.Refresh(ctx) }

// Measures is the size of the database, and how this node's connections and
// Updates fare, for whoever operates it: by the name and labels of a metric.
func (s *Store) Measures(ctx context.Context) (map[string]float64, error) {
	stat := s.pool.Stat()
	allowed, inside, waiting := s.gate.state()
	out := map[string]float64{
		`connections{state="used"}`: float64(stat.AcquiredConns()),
		`connections{state="idle"}`: float64(stat.IdleConns()),
		`connections_max`:           float64(stat.MaxConns()),
		`connection_waits_total`:    float64(stat.EmptyAcquireCount()),
		`updates{state="allowed"}`:  float64(allowed),
		`updates{state="inside"}`:   float64(inside),
		`updates{state="waiting"}`:  float64(waiting),
	}
	var size int64
	err := s.pool.QueryRow(ctx, "SELECT pg_database_size(current_database())").Scan(&size)
	switch code(err) {
	case "":
	case undefinedFunction, notSupported, noPrivilege:
		return out, nil // engines that do not know, or do not say
	}
	if err != nil {
		return out, explain(err)
	}
	out[`bytes{part="data"}`] = float64(size)
	return out, nil
}

// Close implements cordon.Store.
func (s *Store) Close() error {
	s.shared.Listings.Close()
	s.pool.Close()
	return nil
}
