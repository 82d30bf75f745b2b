package sqlite

import (
	"context"
	"fmt"

	"cordon"
	"cordon/internal/store/sqltx"
)

// maxBatch bounds how many Updates share one commit, and so how long the
// first of them waits for the last.
const maxBatch = 256

// A turn is one Update's turn with the one connection that writes. The writer
// hands the transaction over and waits; the function runs in the goroutine
// that called Update, so that a panic or a runtime.Goexit in it takes its
// natural way and leaves the writer alone.
type turn struct {
	ctx context.Context
	// start hands over the transaction. It has no buffer: either both sides
	// know that the turn has begun, or the caller has gone.
	start chan *sqltx.Tx
	// done says how the function ended, nil if it wants a commit.
	done chan error
	// tx is the transaction, once it was handed over.
	tx *sqltx.Tx
	// result is what Update returns, once the batch is on disk or is not.
	result chan error
}

// take is the caller's side of a turn.
func (t *turn) take(fn func(*sqltx.Tx) error) error {
	var tx *sqltx.Tx
	select {
	case <-t.ctx.Done():
		return ended(t.ctx)
	case err := <-t.result: // the batch never began
		return err
	case tx = <-t.start:
	}
	t.run(tx, fn)
	// From here on the answer is certain, and is waited for.
	return <-t.result
}

func (t *turn) run(tx *sqltx.Tx, fn func(*sqltx.Tx) error) {
	err := error(cordon.Errorf(cordon.KindInternal, "the transaction was abandoned"))
	defer func() { t.done <- err }() // also on the way of a panic
	err = tx.Outcome(fn(tx))
}

// write is the writer: it runs the turns in the queue, batch by batch, until
// the store is closed.
func (s *Store) write(c *connection) {
	defer close(s.stopped)
	defer c.close()
	for {
		select {
		case <-s.closing:
			return
		case result := <-s.scrubs:
			result <- c.truncateWAL()
		case t := <-s.queue:
			s.batch(c, t)
		}
	}
}

// batch runs a turn and those that queue up meanwhile in one transaction, and
// answers all of them.
func (s *Store) batch(c *connection, t *turn) {
	if err := c.run("BEGIN IMMEDIATE"); err != nil {
		t.result <- explain(err)
		return
	}
	type ending struct {
		turn *turn
		err  error
	}
	var endings []ending
	var broken error // why the transaction is lost
	for t != nil {
		first := len(endings) == 0
		started, err, lost := s.runTurn(c, t, first)
		if first && err != nil {
			// Nobody else is in the transaction yet.
			_ = c.run("ROLLBACK") // fails where SQLite has rolled back already
			if started {
				t.result <- err
			}
			return
		}
		if started {
			endings = append(endings, ending{t, err})
		}
		if broken = lost; broken != nil || len(endings) == maxBatch {
			break
		}
		select {
		case t = <-s.queue:
		default:
			t = nil
		}
	}
	if broken == nil {
		if err := c.run("COMMIT"); err != nil {
			broken = explain(err)
		}
	}
	if broken != nil {
		_ = c.run("ROLLBACK") // fails where SQLite has rolled back already
	}
	for _, e := range endings {
		// A function that failed may have done so because of what another
		// did in the same batch, so that its answer waits for the commit too.
		if broken != nil && cordon.KindOf(e.err) != cordon.KindUnavailable {
			e.err = broken
		}
		if e.err == nil {
			e.turn.tx.Committed()
		}
		e.turn.result <- e.err
	}
}

// runTurn runs one turn, in a savepoint unless it is the first of its batch
// and can be undone with the whole transaction: SQLite copies every page that
// is changed in a savepoint. It says whether the caller was still there, how
// the turn ended, and, where the whole transaction went down with it, why.
func (s *Store) runTurn(c *connection, t *turn, first bool) (started bool, err, lost error) {
	tx := sqltx.NewTx(t.ctx, c, &s.shared, s.shared.Begin(), true)
	if !first {
		if err := c.run("SAVEPOINT turn"); err != nil {
			t.result <- explain(err)
			return false, nil, explain(err)
		}
	}
	select {
	case <-t.ctx.Done():
		err = ended(t.ctx)
	case t.start <- tx:
		t.tx = tx
		started, err = true, <-t.done
	}
	if first {
		return started, err, nil
	}
	if err != nil {
		lost = c.run("ROLLBACK TO turn")
	}
	// If SQLite has rolled back everything by itself, as it may when the disk
	// is full, there is no savepoint left, and this says so.
	if lost == nil {
		lost = c.run("RELEASE turn")
	}
	return started, err, explain(lost)
}

// scrubPatience is how long a checkpoint waits for Views that are open before
// it lets the Updates that wait go first and tries again.
const scrubPatience = 100 // milliseconds

// errViewsOpen is the answer of one try.
var errViewsOpen = cordon.Errorf(cordon.KindUnavailable, "a long read is holding up the removal of what was deleted")

// truncateWAL brings the WAL to the database and cuts it to nothing.
func (c *connection) truncateWAL() error {
	if err := c.run(fmt.Sprintf("PRAGMA busy_timeout = %d", scrubPatience)); err != nil {
		return explain(err)
	}
	defer func() { _ = c.run(fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout.Milliseconds())) }()
	var busy, frames, done int
	err := c.conn.QueryRowContext(background, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &done)
	if err == nil && busy != 0 {
		return errViewsOpen
	}
	return explain(err)
}
