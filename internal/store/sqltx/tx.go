package sqltx

import (
	"context"
	"errors"
	"math/bits"
	"sync"
	"sync/atomic"

	"cordon"
	"cordon/internal/store/listing"
)

// Conn runs statements inside a transaction that the store has begun.
type Conn interface {
	// Exec gives the number of rows changed.
	Exec(statement string, args ...any) (int64, error)
	Query(statement string, args ...any) (Rows, error)
	// QueryLast is Query of the last thing that a View does: where a question is a
	// way to another machine, the View ends with it.
	QueryLast(statement string, args ...any) (Rows, error)
	// Ahead asks for what Query is about to be asked for one by one, all at once
	// where that is quicker. Only values of any are scanned from the answers.
	Ahead([]Statement) error
	// Holding is told, in an Update, of a row that is about to be held
	// against change, or has just been. It may have the transaction run again
	// rather than get in the way of one that waits to change the row.
	Holding(row cordon.ID) error
	// Change is Exec of a statement that changes such rows, and may have to
	// wait for those who hold them.
	Change(rows []cordon.ID, statement string, args ...any) (int64, error)
}

// Statement is one with its arguments.
type Statement struct {
	SQL  string
	Args []any
}

// Rows is the result of a query.
type Rows interface {
	Next() bool
	Scan(...any) error
	Err() error
	Close()
}

// Tx implements cordon.WriteTx on a Conn; in a View it is handed out as a
// cordon.ReadTx.
type Tx struct {
	ctx   context.Context
	conn  Conn
	d     *Dialect
	write bool
	kept  *ListingCache
	known *CachedListing  // what was kept before the transaction began
	index *listing.Index  // the same, completed; nil until needed, and after a change
	noted map[string]bool // reports noted as changed
	// termsKept and termsKnown are the same of the terms.
	termsKept  *TermCache
	termsKnown *cachedTerms
	added      int64 // rows added so far to tables that keep an order of adding
	err        error // the first failure of the database; nothing is done after it
	auth       *Authenticator
	m          mac
	began      int64           // before its snapshot; see seenSets
	sets       map[string]*use // those it read or changed
	// ticked are sets that were held against a tick of the ledger.
	ticked []seenMark
	// decides says that what it reads is remembered as a basis, and held are the
	// generations of a basis that it holds.
	decides bool
	held    []seenMark
	// asked says that something has been asked for. Under are the rules of reports, as
	// a View has found them.
	asked  bool
	under  map[cordon.ID][]cordon.RuleNo
	shared *Shared
}

var _ cordon.WriteTx = (*Tx)(nil)

// NewTx makes a transaction of what conn has begun. Only an Update may write.
// Before is what [Shared.Begin] gave before it was begun.
func NewTx(ctx context.Context, conn Conn, s *Shared, before Before, write bool) *Tx {
	return &Tx{ctx: ctx, conn: conn, d: s.Dialect, kept: s.Listings, known: before.listing, termsKept: &s.Terms, termsKnown: before.terms, auth: s.Auth, m: s.Auth.mac(), began: before.moment, write: write, shared: s}
}

// Decides makes a View one whose reads are remembered; see [Tx.Basis].
func (t *Tx) Decides() *Tx {
	t.decides = true
	return t
}

// Shared is what the transactions of one store have in common.
type Shared struct {
	Dialect  *Dialect
	Listings *ListingCache
	Terms    TermCache
	Auth     *Authenticator
	// orgs are the organisations that people were of, and mark is from where on rules
	// were last asked for: guesses at what a View that begins with somebody asks next.
	orgs sync.Map
	mark atomic.Int64
}

// Before is what is known before a transaction takes its snapshot.
type Before struct {
	listing *CachedListing
	terms   *cachedTerms
	moment  int64
}

// Begin is called before a transaction takes its snapshot.
func (s *Shared) Begin() Before {
	return Before{s.Listings.Known(), s.Terms.known.Load(), s.Auth.seen.begin()}
}

// Err is the failure that has spoilt the transaction, whatever the function
// that ran in it says. After one a database may have rolled back already, and
// a statement run all the same would be a transaction of its own, so nothing
// more is run.
func (t *Tx) Err() error {
	if t.err == nil && t.ctx.Err() != nil {
		t.err = cordon.Errorf(cordon.KindUnavailable, "the request was cancelled or took too long").Because(context.Cause(t.ctx))
	}
	return t.err
}

// Outcome is how the transaction ends, given what the function that ran in it
// returned: nil only if nothing failed, even where the function did not care. What
// was read is held against the sets that it belongs to before.
func (t *Tx) Outcome(err error) error {
	if t.Err() == nil {
		_ = t.settle(t.write && err == nil) // a failure of it spoils the transaction
	}
	if spoilt := t.Err(); spoilt != nil && !errors.Is(err, spoilt) {
		return spoilt
	}
	return err
}

// spoil records a failure of the database and gives it as a cordon.Error.
func (t *Tx) spoil(err error) error {
	if t.err == nil {
		t.err = t.d.Explain(err)
	}
	return t.err
}

// exec runs a statement that changes something and gives how many rows it did.
func (t *Tx) exec(statement string, args ...any) (int64, error) {
	return t.execBy(t.conn.Exec, statement, args...)
}

func (t *Tx) execBy(run func(string, ...any) (int64, error), statement string, args ...any) (int64, error) {
	if err := t.Err(); err != nil {
		return 0, err
	}
	if !t.write {
		return 0, cordon.Errorf(cordon.KindInternal, "a View cannot write")
	}
	n, err := run(t.d.SQL(statement), args...)
	if err != nil {
		return 0, t.spoil(err)
	}
	return n, nil
}

// put runs a statement of which the number of rows does not matter.
func (t *Tx) put(statement string, args ...any) error {
	_, err := t.exec(statement, args...)
	return err
}

// add runs an INSERT … ON CONFLICT DO NOTHING; adding nothing is a Conflict.
// The conflict is looked for this way because a constraint that is violated
// ends a PostgreSQL transaction, and the caller may want to go on.
func (t *Tx) add(what, statement string, args ...any) error {
	n, err := t.exec(statement, args...)
	if err == nil && n == 0 {
		err = conflict(what)
	}
	return err
}

// change runs an UPDATE or DELETE of one row; changing none is ErrNotFound.
func (t *Tx) change(statement string, args ...any) error {
	return atLeastOne(t.exec(statement, args...))
}

// atLeastOne is ErrNotFound where no row was changed.
func atLeastOne(n int64, err error) error {
	if err == nil && n == 0 {
		err = cordon.ErrNotFound
	}
	return err
}

func conflict(what string) error {
	return cordon.Errorf(cordon.KindConflict, "%s exists already", what)
}

// rowBatch is how many rows one INSERT adds at most.
const rowBatch = 256

// insert adds rows to a table, many with one statement, and gives how many
// were added; those that would break a key are left out. A statement has as
// many rows as a power of two, so that few are prepared. Where it fails, part
// of it may stay: the failure spoils the transaction, which undoes it all.
func (t *Tx) insert(table, columns string, rows [][]any) (int64, error) {
	return t.insertOr("DO NOTHING", table, columns, rows)
}

// insertOr is insert with something else done with rows that would break a
// key.
func (t *Tx) insertOr(conflict, table, columns string, rows [][]any) (int64, error) {
	return t.insertBy(t.conn.Exec, conflict, table, columns, rows)
}

func (t *Tx) insertBy(run func(string, ...any) (int64, error), conflict, table, columns string, rows [][]any) (int64, error) {
	var added int64
	for len(rows) > 0 {
		n := min(rowBatch, 1<<(bits.Len(uint(len(rows)))-1))
		args := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		rows = rows[n:]
		k, err := t.execBy(run, t.d.insertSQL(table, columns, n, conflict), args...)
		if err != nil {
			return added, err
		}
		added += k
	}
	return added, nil
}

// insertAll is insert where a row that is there already is a Conflict.
func (t *Tx) insertAll(what, table, columns string, rows [][]any) error {
	n, err := t.insert(table, columns, rows)
	if err == nil && n != int64(len(rows)) {
		err = conflict(what)
	}
	return err
}

// list runs a SELECT and scans every row.
func list[T any](t *Tx, scan func(scanner, *T) error, statement string, args ...any) ([]T, error) {
	return listBy(t, t.conn.Query, scan, statement, args...)
}

func listBy[T any](t *Tx, query func(string, ...any) (Rows, error), scan func(scanner, *T) error, statement string, args ...any) ([]T, error) {
	if err := t.Err(); err != nil {
		return nil, err
	}
	t.asked = true
	rows, err := query(t.d.SQL(statement), args...)
	if err != nil {
		return nil, t.spoil(err)
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		var v T
		if err := scan(rows, &v); err != nil {
			return nil, t.spoil(err)
		}
		out = append(out, v)
		// A long list must not outlive the request that asked for it.
		if len(out)%1024 == 0 && t.Err() != nil {
			return nil, t.err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, t.spoil(err)
	}
	return out, nil
}

// one is the first row of a SELECT, or ErrNotFound.
func one[T any](t *Tx, scan func(scanner, *T) error, statement string, args ...any) (T, error) {
	var zero T
	rows, err := list(t, scan, statement, args...)
	if err != nil {
		return zero, err
	}
	if len(rows) == 0 {
		return zero, cordon.ErrNotFound
	}
	return rows[0], nil
}

// hold is findOne with the row held against change until commit. The row is looked
// up by its id or by something else, and idOf gives its id. Head says that the row is
// the only one of its set.
func hold[T any](t *Tx, tb *table, scan func(scanner, *T) error, idOf func(*T) cordon.ID, head bool, where string, key any) (T, error) {
	if id, ok := key.(cordon.ID); ok {
		if err := t.holding(id); err != nil {
			var zero T
			return zero, err
		}
	}
	all, macs, err := findJoined(t, tb, nil, scan, where+t.d.HoldShare, key)
	v, err := first(all, err)
	if id, ok := key.(cordon.ID); head && (err == nil || ok && isNotFound(err)) {
		if err == nil {
			id = idOf(&v)
		}
		t.whole(tb, setOf(tb, id), macs)
	}
	if err == nil {
		err = t.holding(idOf(&v))
	}
	return v, err
}

func (t *Tx) holding(id cordon.ID) error {
	if err := t.Err(); err != nil {
		return err
	}
	if err := t.conn.Holding(id); err != nil {
		return t.spoil(err)
	}
	return nil
}

// alter is exec of a statement that changes a row that others may hold.
func (t *Tx) alter(id cordon.ID, statement string, args ...any) (int64, error) {
	return t.execBy(t.changing(id), statement, args...)
}

// changing runs a statement that changes the rows.
func (t *Tx) changing(rows ...cordon.ID) func(string, ...any) (int64, error) {
	return func(statement string, args ...any) (int64, error) { return t.conn.Change(rows, statement, args...) }
}

// touch raises the generation of a row and of its head; where there is none it is
// ErrNotFound.
func (t *Tx) touch(tb *table, id cordon.ID) error {
	err := atLeastOne(t.alter(id, `UPDATE `+tb.name+` SET generation = `+nextGeneration("generation")+` WHERE id = $1`, id))
	if err == nil {
		t.touchHead(tb, id)
	}
	return err
}

// next is the number of a row in the order in which the transaction adds.
func (t *Tx) next() int64 {
	t.added++
	return t.added
}

func isNotFound(err error) bool { return errors.Is(err, cordon.ErrNotFound) }
