package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"cordon"
)

// An Update that changes a person, an organisation, a report or an incident
// waits for those that have read it and hold it FOR SHARE. PostgreSQL lets
// others join them meanwhile, for as long as there is one: where an
// organisation's people read without a pause, a grant to it would never be
// revoked. (Measured: with 24 readers, touching their organisation took 4 s in
// the mean and 22 s at worst.)
//
// So an Update that has waited for more than a moment says so in a table. Another
// that begins after that and is about to hold the row gives up, lets go of its
// rows, and is run again a little later. Those that hold the row finish; the change
// goes through; the word is taken back. An Update reads the
// table, which is empty nearly always, with its BEGIN, so that it costs
// nothing to look.
//
// The word holds for a second and is given again after another, so that one
// that holds the row for long (an import) makes the change wait and not
// everybody else, and so that the word of a node that died is soon void.

const waitingSchema = `CREATE TABLE cordon_waiting (
	row_id TEXT NOT NULL,
	by_try TEXT NOT NULL,
	until  BIGINT NOT NULL,
	PRIMARY KEY (row_id, by_try)
);
`

const (
	// patience is how long a change waits before it says so.
	patience = 10 * time.Millisecond
	// wordAgain is how long after its word a change gives it again.
	wordAgain = 2 * time.Second

	clock       = `(extract(epoch FROM clock_timestamp()) * 1000000)::bigint`
	listWaiting = `SELECT row_id FROM cordon_waiting WHERE until > ` + clock
	sayWaiting  = `INSERT INTO cordon_waiting (row_id, by_try, until) VALUES ($1, $2, ` + clock + ` + 1000000)
		ON CONFLICT (row_id, by_try) DO UPDATE SET until = excluded.until`
	// unsayWaiting also clears away what nodes that died left, long void.
	unsayWaiting = `DELETE FROM cordon_waiting WHERE (row_id = $1 AND by_try = $2) OR until < ` + clock + ` - 3600000000`
)

// errWaiting has an Update run again because another waits to change what it
// would hold.
var errWaiting = cordon.Errorf(cordon.KindUnavailable, "too many are changing the same thing at once: try again")

// waitingRows reads the result of listWaiting, the last of several.
func waitingRows(results []*pgconn.Result) map[cordon.ID]bool {
	rows := results[len(results)-1].Rows
	waiting := make(map[cordon.ID]bool, len(rows))
	for _, row := range rows {
		waiting[cordon.ID(row[0])] = true
	}
	return waiting
}

// Holding implements sqltx.Conn.
func (c *connection) Holding(row cordon.ID) error {
	if c.waiting[row] {
		return errWaiting
	}
	return nil
}

// Change implements sqltx.Conn.
func (c *connection) Change(rows []cordon.ID, statement string, args ...any) (int64, error) {
	// done ends the wait of the goroutine below, over says that it has ended.
	done, end := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		c.store.sayIfLong(done, rows)
	}()
	n, err := c.Exec(statement, args...)
	end()
	<-over
	return n, err
}

// sayIfLong says that the rows are waited for, if that takes long, until it is
// done. A failure here makes the wait longer and nothing worse.
func (s *Store) sayIfLong(done context.Context, rows []cordon.ID) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-done.Done():
		return
	case <-timer.C:
	}
	conn, err := s.pool.Acquire(done)
	if err != nil {
		return
	}
	defer conn.Release()
	try := cordon.NewID()
	// Saying so is not broken off: the word could be given after it was
	// taken back.
	say := func(statement string) error {
		ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
		defer cancel()
		for _, row := range rows {
			if _, err := conn.Exec(ctx, statement, row, try); err != nil {
				return err
			}
		}
		return nil
	}
	defer func() { _ = say(unsayWaiting) }()
	for {
		if err := say(sayWaiting); err != nil {
			return
		}
		timer.Reset(wordAgain)
		select {
		case <-done.Done():
			return
		case <-timer.C:
		}
	}
}
