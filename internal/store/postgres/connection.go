package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"cordon"
	"cordon/internal/store/sqltx"
)

// connection is a transaction as sqltx takes it. What a statement costs is mostly the
// way to the server and back, so a View begins with its first question, asks several
// at once where it can, and ends with its last.
type connection struct {
	ctx   context.Context
	store *Store
	conn  *pgx.Conn
	// begin begins the transaction with the next statement; empty once it has begun. Where
	// it is more than one statement, the last is listWaiting.
	begin []string
	// ended says that COMMIT was sent with the last question.
	ended bool
	// ahead are answers to questions that were not asked yet.
	ahead map[string][][]any
	// waiting are the rows that others waited to change when it began.
	waiting map[cordon.ID]bool
}

// beginNow begins an Update: statements of which the last lists what others wait for.
func (c *connection) beginNow() error {
	results, err := c.conn.PgConn().Exec(c.ctx, strings.Join(c.begin, "; ")).ReadAll()
	if err != nil {
		return err
	}
	c.begin, c.waiting = nil, waitingRows(results)
	return nil
}

// Exec implements sqltx.Conn.
func (c *connection) Exec(statement string, args ...any) (int64, error) {
	tag, err := c.conn.Exec(c.ctx, statement, args...)
	return tag.RowsAffected(), err
}

// Query implements sqltx.Conn.
func (c *connection) Query(statement string, args ...any) (sqltx.Rows, error) {
	if c.ahead != nil {
		key := asked(statement, args)
		if values, ok := c.ahead[key]; ok {
			delete(c.ahead, key)
			return &fetched{values: values}, nil
		}
	}
	if c.begin == nil {
		return c.conn.Query(c.ctx, statement, args...)
	}
	return c.together([]sqltx.Statement{{SQL: statement, Args: args}}, "")
}

// QueryLast implements sqltx.Conn.
func (c *connection) QueryLast(statement string, args ...any) (sqltx.Rows, error) {
	c.ended = true
	return c.together([]sqltx.Statement{{SQL: statement, Args: args}}, "COMMIT")
}

// Ahead implements sqltx.Conn.
func (c *connection) Ahead(all []sqltx.Statement) error {
	rows, err := c.together(all, "")
	if err != nil {
		return err
	}
	defer rows.Close()
	c.ahead = make(map[string][][]any, len(all))
	for i, s := range all {
		if i > 0 && !rows.next() {
			break
		}
		values := [][]any{}
		for rows.Next() {
			v, err := rows.Values()
			if err != nil {
				return err
			}
			values = append(values, v)
		}
		if err := rows.Rows.Err(); err != nil {
			return err
		}
		c.ahead[asked(s.SQL, s.Args)] = values
	}
	rows.Close()
	return rows.err
}

// asked is a question as a key.
func asked(statement string, args []any) string { return statement + "\x00" + fmt.Sprint(args...) }

// together sends the statements, after BEGIN where the transaction has not begun, and
// before end if that is not empty, and gives the answers in turn.
func (c *connection) together(all []sqltx.Statement, end string) (*answers, error) {
	batch := &pgx.Batch{}
	opening := c.queueBegin(batch)
	for _, s := range all {
		batch.Queue(s.SQL, s.Args...)
	}
	if end != "" {
		batch.Queue(end)
	}
	a := &answers{results: c.conn.SendBatch(c.ctx, batch), left: len(all), end: end != ""}
	if err := c.begun(a.results, opening); err != nil {
		return nil, errors.Join(err, a.results.Close())
	}
	if !a.next() {
		a.Close()
		return nil, a.err
	}
	return a, nil
}

// queueBegin has the transaction begin with the batch, if it has not begun, and gives
// how many statements that takes.
func (c *connection) queueBegin(batch *pgx.Batch) int {
	n := len(c.begin)
	for _, s := range c.begin {
		batch.Queue(s)
	}
	c.begin = nil
	return n
}

// begun reads the answers to so many statements that begin.
func (c *connection) begun(results pgx.BatchResults, n int) error {
	for i := range n {
		if n == 1 || i < n-1 {
			if _, err := results.Exec(); err != nil {
				return err
			}
			continue
		}
		rows, err := results.Query()
		if err != nil {
			return err
		}
		waiting, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		c.waiting = make(map[cordon.ID]bool, len(waiting))
		for _, id := range waiting {
			c.waiting[cordon.ID(id)] = true
		}
	}
	return nil
}

// finish runs the statements and commits, in one step. How it ended is known.
func (c *connection) finish(all []sqltx.Statement) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), endTimeout)
	defer cancel()
	batch := &pgx.Batch{}
	opening := c.queueBegin(batch)
	for _, s := range all {
		batch.Queue(s.SQL, s.Args...)
	}
	batch.Queue("COMMIT")
	results := c.conn.SendBatch(ctx, batch)
	err := c.begun(results, opening)
	for range len(all) {
		if err == nil {
			_, err = results.Exec()
		}
	}
	if err == nil {
		var tag pgconn.CommandTag
		if tag, err = results.Exec(); err == nil && tag.String() != "COMMIT" {
			err = cordon.Errorf(cordon.KindUnavailable, "the transaction was rolled back")
		}
	}
	return errors.Join(err, results.Close())
}

// answers are those to several statements. They are rows of the present one.
type answers struct {
	pgx.Rows
	results pgx.BatchResults
	left    int
	end     bool // whether the last is no question
	closed  bool
	err     error
}

// next goes on to the next answer.
func (a *answers) next() bool {
	if a.left == 0 {
		return false
	}
	a.left--
	a.Rows, a.err = a.results.Query()
	return a.err == nil
}

// Close implements sqltx.Rows.
func (a *answers) Close() {
	if a.closed {
		return
	}
	a.closed = true
	if a.Rows != nil {
		a.Rows.Close()
	}
	if a.end && a.err == nil {
		_, a.err = a.results.Exec()
	}
	if err := a.results.Close(); a.err == nil {
		a.err = err
	}
}

// Err implements sqltx.Rows: that of the last answer, and of what ends with it.
func (a *answers) Err() error {
	if err := a.Rows.Err(); err != nil || a.left > 0 {
		return err
	}
	a.Close()
	return a.err
}

// fetched are rows that were fetched before.
type fetched struct {
	values [][]any
	at     int
}

// Next implements sqltx.Rows.
func (f *fetched) Next() bool {
	f.at++
	return f.at <= len(f.values)
}

// Scan implements sqltx.Rows, into values of any.
func (f *fetched) Scan(into ...any) error {
	for i, to := range into {
		p, ok := to.(*any)
		if !ok {
			return fmt.Errorf("a row that was fetched before is not scanned into %T", to)
		}
		*p = f.values[f.at-1][i]
	}
	return nil
}

// Err implements sqltx.Rows.
func (f *fetched) Err() error { return nil }

// Close implements sqltx.Rows.
func (f *fetched) Close() {}
