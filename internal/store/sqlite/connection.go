package sqlite

import (
	"context"
	"database/sql"

	"cordon"
	"cordon/internal/store/sqltx"
)

// connection is one SQLite connection with its prepared statements. One
// goroutine uses it at a time.
//
// Statements run without the caller's context: with it, the driver starts a
// goroutine for each to watch it. sqltx looks at the context between
// statements and rows instead, and no statement takes long.
type connection struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

var background = context.Background()

func (s *Store) connect(ctx context.Context) (*connection, error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, explain(err)
	}
	return &connection{conn: conn, stmts: make(map[string]*sql.Stmt)}, nil
}

func (c *connection) prepare(statement string) (*sql.Stmt, error) {
	if s, ok := c.stmts[statement]; ok {
		return s, nil
	}
	s, err := c.conn.PrepareContext(background, statement)
	if err == nil {
		c.stmts[statement] = s
	}
	return s, err
}

// Exec implements sqltx.Conn.
func (c *connection) Exec(statement string, args ...any) (int64, error) {
	s, err := c.prepare(statement)
	if err != nil {
		return 0, err
	}
	r, err := s.Exec(args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// Query implements sqltx.Conn.
func (c *connection) Query(statement string, args ...any) (sqltx.Rows, error) {
	s, err := c.prepare(statement)
	if err != nil {
		return nil, err
	}
	r, err := s.Query(args...)
	if err != nil {
		return nil, err
	}
	return rows{r}, nil
}

// QueryLast implements sqltx.Conn.
func (c *connection) QueryLast(statement string, args ...any) (sqltx.Rows, error) {
	return c.Query(statement, args...)
}

// Ahead implements sqltx.Conn: a question costs no way.
func (c *connection) Ahead([]sqltx.Statement) error { return nil }

// Holding implements sqltx.Conn: an Update has the database to itself.
func (c *connection) Holding(cordon.ID) error { return nil }

// Change implements sqltx.Conn.
func (c *connection) Change(_ []cordon.ID, statement string, args ...any) (int64, error) {
	return c.Exec(statement, args...)
}

// rows are sql.Rows as sqltx takes them. Err has already given the error of Close.
type rows struct{ *sql.Rows }

func (r rows) Close() { _ = r.Rows.Close() }

var _ sqltx.Conn = (*connection)(nil)

// run runs a statement without arguments or result.
func (c *connection) run(statement string) error {
	_, err := c.Exec(statement)
	return err
}

// inTransaction runs fn between begin and COMMIT, or ROLLBACK if it fails.
func (c *connection) inTransaction(ctx context.Context, begin string, fn func() error) error {
	if _, err := c.conn.ExecContext(ctx, begin); err != nil {
		return err
	}
	err := fn()
	if err == nil {
		err = c.run("COMMIT")
	}
	if err != nil {
		_ = c.run("ROLLBACK") // fails where SQLite has rolled back already
	}
	return err
}

// identity is what says whose database it is.
func (c *connection) identity() (version, application, tables int64, err error) {
	err = c.conn.QueryRowContext(background, `SELECT user_version, application_id, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_user_version, pragma_application_id`).Scan(&version, &application, &tables)
	return version, application, tables, err
}

func (c *connection) close() {
	for _, s := range c.stmts {
		_ = s.Close()
	}
	_ = c.conn.Close()
}
