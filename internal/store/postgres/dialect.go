package postgres

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"cordon"
	"cordon/internal/store/sqltx"
)

func newDialect() *sqltx.Dialect {
	return &sqltx.Dialect{
		Schema: func(schema string) string {
			return strings.NewReplacer("INTEGER", "BIGINT", "BLOB", "BYTEA",
				") STRICT, WITHOUT ROWID;", ");", ") STRICT;", ");").Replace(schema)
		},
		In:         func(p string) string { return "= ANY(" + p + ")" },
		Each:       func(p string) string { return "(SELECT unnest(" + p + "::bigint[]) AS value)" },
		Strings:    func(list []string) any { return list },
		Numbers:    func(list []int64) any { return list },
		Insert:     "INSERT INTO",
		Value:      func(n int) string { return "$" + strconv.Itoa(n) },
		HoldShare:  " FOR SHARE",
		HoldUpdate: " FOR UPDATE",
		ByBytes:    ` COLLATE "C"`,
		Foreign: []string{
			`SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
				WHERE NOT t.tgisinternal AND n.nspname = current_schema()`,
			`SELECT 'rule ' || rulename FROM pg_rules WHERE schemaname = current_schema()`,
		},
		Explain: explain,
	}
}

// explain turns an error of PostgreSQL, or of the way to it, into one that can
// be shown.
func explain(err error) error {
	var known *cordon.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	as := func(kind cordon.Kind, message string) error { return cordon.Errorf(kind, "%s", message).Because(err) }
	var scan pgx.ScanArgError
	state := code(err)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), state == queryCanceled:
		return as(cordon.KindUnavailable, "the request was cancelled or took too long")
	case errors.As(err, &scan):
		return as(cordon.KindInternal, "the database holds something unexpected")
	case state == "":
		return as(cordon.KindUnavailable, "the database is out of reach")
	case state == serializationFailure, state == deadlockDetected, state == lockNotAvailable:
		return as(cordon.KindUnavailable, "too many are changing the same thing at once: try again")
	case state == diskFull:
		return as(cordon.KindUnavailable, "the database's disk is full")
	case state == readOnly:
		return as(cordon.KindUnavailable, "the database cannot be written to")
	}
	switch state[:2] {
	case "23":
		return as(cordon.KindConflict, "this does not fit what is there already")
	case "28":
		return as(cordon.KindUnavailable, "the database does not take these credentials")
	case "3D":
		return as(cordon.KindUnavailable, "there is no such database on the server: make it with createdb")
	case "08", "53", "57", "58": // connection, resources, shutdown, system
		return as(cordon.KindUnavailable, "the database is out of reach")
	}
	return as(cordon.KindInternal, "the database failed")
}
