package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"cordon"
	"cordon/internal/store/sqltx"
)

// newDialect is how SQLite differs. Nothing need be held against change: an
// Update has the database to itself.
func newDialect() *sqltx.Dialect {
	return &sqltx.Dialect{
		Schema:  func(schema string) string { return schema },
		In:      func(p string) string { return "IN (SELECT value FROM json_each(" + p + "))" },
		Each:    func(p string) string { return "json_each(" + p + ")" },
		Strings: func(list []string) any { return asJSON(list) },
		Numbers: func(list []int64) any { return asJSON(list) },
		// A statement that may fail half-way has SQLite keep a journal of
		// its own beside the savepoint's, in time that grows with the pages
		// changed so far: an import took the square of its size. OR FAIL
		// leaves the half, which goes with the whole Update.
		Insert: "INSERT OR FAIL INTO",
		// One writer: the highest number is the last one's.
		Snapshot: `(SELECT '0:' || (max(at) + 1) || ':' FROM report_changes)`,
		Number:   `(SELECT max(at) + 1 FROM report_changes)`,
		// The driver looks up every name among all others.
		Value: func(int) string { return "?" },
		Foreign: []string{
			`SELECT type || ' ' || name FROM sqlite_schema WHERE type IN ('trigger', 'view')`,
		},
		Damage:  []string{`SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`},
		Explain: explain,
	}
}

func asJSON(list any) string {
	b, err := json.Marshal(list)
	if err != nil {
		panic("sqlite: strings and numbers always encode: " + err.Error())
	}
	return string(b)
}

// explain turns an error of SQLite into one that can be shown.
func explain(err error) error {
	var known *cordon.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	unavailable := func(message string) error {
		return cordon.Errorf(cordon.KindUnavailable, "%s", message).Because(err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return unavailable("the request was cancelled or took too long")
	}
	if errors.Is(err, sql.ErrConnDone) || errors.Is(err, fs.ErrClosed) {
		return unavailable("the database is closed")
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return cordon.Errorf(cordon.KindInternal, "the database failed").Because(err)
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_CONSTRAINT:
		return cordon.Errorf(cordon.KindConflict, "this does not fit what is there already").Because(err)
	case lib.SQLITE_FULL:
		return unavailable("the disk is full")
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return unavailable("another process is using the database")
	case lib.SQLITE_READONLY, lib.SQLITE_PERM:
		return unavailable("the database cannot be written to")
	case lib.SQLITE_CANTOPEN:
		return unavailable("the database cannot be opened")
	case lib.SQLITE_IOERR, lib.SQLITE_NOMEM, lib.SQLITE_INTERRUPT, lib.SQLITE_PROTOCOL:
		return unavailable("the database cannot be read or written")
	case lib.SQLITE_NOTADB:
		return cordon.Errorf(cordon.KindInvalid, "%s in the data directory is not a database", FileName).Because(err)
	case lib.SQLITE_CORRUPT:
		return cordon.Errorf(cordon.KindInternal, "the database is damaged: restore a backup").Because(err)
	}
	if strings.Contains(err.Error(), "no such savepoint") {
		return unavailable("the transaction was rolled back")
	}
	return cordon.Errorf(cordon.KindInternal, "the database failed").Because(err)
}
