package postgres

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"cordon"
	"cordon/internal/store/sqltx"
)

// defaultConns is how many connections a node opens unless the URL says
// otherwise with pool_max_conns. A commit waits for the disk, so there are
// more of them than processors.
const defaultConns = 32

// Upgrade brings the database at the URL to the present schema, and says from
// which to which. Older programs must not work on it any more.
func Upgrade(ctx context.Context, url string) (from, to int64, err error) {
	s, err := connect(ctx, url)
	if err != nil {
		return 0, 0, err
	}
	defer s.pool.Close()
	if from, err = s.prepareSchema(ctx, true); err != nil {
		return from, 0, err
	}
	return from, sqltx.Version(), nil
}

// Open opens the store at a PostgreSQL URL and makes its tables in a database
// that is empty. A database of an older schema is refused, unchanged. The key
// authenticates what is written; nothing else uses it.
func Open(ctx context.Context, url string, key [32]byte) (*Store, error) {
	s, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	s.shared.Auth = sqltx.NewAuthenticator(key)
	s.shared.Listings = sqltx.NewListingCache(s.View, s.Update)
	if err = s.prepareUpdate(ctx); err == nil {
		_, err = s.prepareSchema(ctx, false)
	}
	if err == nil {
		err = s.prepareListing(ctx)
	}
	if err != nil {
		s.pool.Close()
		return nil, err
	}
	return s, nil
}

// errURL does not quote its cause, in which the password may be.
var errURL = cordon.Errorf(cordon.KindInvalid, "the PostgreSQL URL cannot be read: write postgres://user@host/database")

// applicationName is how the server knows Cordon's sessions.
const applicationName = "cordon"

func connect(ctx context.Context, url string) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errURL.Because(err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = defaultConns
	}
	config.AfterConnect = settings
	if err := checkSessions(ctx, config.ConnConfig); err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, explain(err)
	}
	return &Store{pool: pool, shared: sqltx.Shared{Dialect: newDialect()}, gate: newGate(int(config.MaxConns))}, nil
}

// settings prepares a connection. An engine that does not know a setting does not
// need it.
func settings(ctx context.Context, conn *pgx.Conn) error {
	for _, setting := range []string{
		// A plan made for any list of rules is up to 600 times slower than
		// one made for the list at hand, and so is compiling it.
		"SET plan_cache_mode = force_custom_plan",
		"SET jit = off",
		// A scan of a whole table reads, for SERIALIZABLE, the whole table,
		// and collides with whoever changes any of it.
		"SET enable_seqscan = off",
		"SET application_name = '" + applicationName + "'",
	} {
		if _, err := conn.Exec(ctx, setting); err != nil && code(err) != undefinedObject && code(err) != notSupported {
			return err
		}
	}
	return nil
}

// checkSessions refuses a pooler that hands a session to one client after another
// in between transactions: settings and prepared statements of one are then
// another's, or nobody's. Of two connections, the second must not find what the
// first has set. An engine that cannot be asked has no pooler of this kind.
func checkSessions(ctx context.Context, config *pgx.ConnConfig) error {
	config = config.Copy()
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	mark := string(cordon.NewID())
	var found string
	for range 2 {
		conn, err := pgx.ConnectConfig(ctx, config)
		if err != nil {
			return explain(err)
		}
		defer conn.Close(ctx)
		err = conn.QueryRow(ctx, "SELECT coalesce(current_setting('cordon.session', true), '')").Scan(&found)
		if err == nil && found == "" {
			_, err = conn.Exec(ctx, "SELECT set_config('cordon.session', '"+mark+"', false)")
		}
		switch code(err) {
		case undefinedObject, undefinedFunction, notSupported:
			return nil
		}
		if err != nil {
			return explain(err)
		}
	}
	if found != "" {
		return cordon.Errorf(cordon.KindInvalid, "the PostgreSQL URL leads to a pooler that gives each transaction another session, and Cordon needs its own: "+
			"give the server itself, or have the pooler pool sessions (pgbouncer: pool_mode = session)")
	}
	return nil
}

// prepareUpdate finds out whether the engine can be told that a commit waits for
// the disk.
func (s *Store) prepareUpdate(ctx context.Context) error {
	var known bool
	err := s.pool.QueryRow(ctx, "SELECT current_setting('synchronous_commit', true) IS NOT NULL").Scan(&known)
	switch code(err) {
	case undefinedFunction, undefinedObject, notSupported:
		err = nil
	}
	s.update, s.record = []string{beginUpdate}, []string{beginRecord}
	if known {
		s.update, s.record = append(s.update, durable), append(s.record, durable)
	}
	s.update, s.record = append(s.update, listWaiting), append(s.record, listWaiting)
	return explain(err)
}

// prepareSchema makes an empty database ours, brings an older one to the
// present schema where that is asked for, and refuses it otherwise, as it does
// what is not ours or newer. It gives the version that was there. Nodes that
// start at the same moment may all try; one succeeds, and the others look again.
func (s *Store) prepareSchema(ctx context.Context, upgrade bool) (was int64, err error) {
	for try := range 5 {
		var version int64
		if version, err = s.version(ctx); err != nil {
			return was, err
		}
		if try == 0 {
			was = version
		}
		switch {
		case version == sqltx.Version():
			return was, nil
		case version == 0:
			err = s.createSchema(ctx)
		case upgrade:
			err = s.raiseSchema(ctx)
		default:
			return was, sqltx.Older(version)
		}
		switch code(err) {
		case uniqueViolation, duplicateTable, duplicateObject, duplicateColumn, serializationFailure, deadlockDetected:
		default:
			return was, explain(err)
		}
	}
	return was, explain(err)
}

// version is the schema's of the database; 0 for an empty one.
func (s *Store) version(ctx context.Context) (int64, error) {
	var encoding string
	if err := s.pool.QueryRow(ctx, "SHOW server_encoding", pgx.QueryExecModeSimpleProtocol).Scan(&encoding); err == nil && encoding != "UTF8" {
		return 0, cordon.Errorf(cordon.KindInvalid, "the database keeps text as %s: give one that keeps UTF8 (createdb --encoding=UTF8 --template=template0)", encoding)
	}
	var tables, versions int64
	if err := s.pool.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE table_name = 'cordon_schema')
		FROM information_schema.tables WHERE table_schema = current_schema()`).Scan(&tables, &versions); err != nil {
		return 0, explain(err)
	}
	if versions == 0 {
		if tables > 0 {
			return 0, cordon.Errorf(cordon.KindInvalid, "the database holds tables of another program: give Cordon an empty one")
		}
		return 0, nil
	}
	var version int64
	if err := s.pool.QueryRow(ctx, `SELECT version FROM cordon_schema`).Scan(&version); err != nil {
		return 0, explain(err)
	}
	switch latest := sqltx.Version(); {
	case version < 1:
		return 0, cordon.Errorf(cordon.KindInvalid, "the database has schema %d, which this Cordon does not know", version)
	case version > latest:
		return 0, cordon.Errorf(cordon.KindInvalid,
			"the database was written by a newer Cordon (schema %d, this one knows %d): use that one", version, latest)
	}
	return version, nil
}

func (s *Store) createSchema(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `CREATE TABLE cordon_schema (one BIGINT PRIMARY KEY, version BIGINT NOT NULL)`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, waitingSchema+s.shared.Dialect.Statements(0), pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		// Last, so that where a schema is not changed in one transaction, as by some
		// engines, half a schema has no version.
		_, err := tx.Exec(ctx, `INSERT INTO cordon_schema (one, version) VALUES (1, $1)`, sqltx.Version())
		return err
	})
}

// raiseSchema takes the steps that an older database lacks. The row of the
// version is held, so that of several nodes one takes them.
func (s *Store) raiseSchema(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var version int64
		if err := tx.QueryRow(ctx, `SELECT version FROM cordon_schema FOR UPDATE`).Scan(&version); err != nil {
			return err
		}
		if version >= sqltx.Version() {
			return nil
		}
		if _, err := tx.Exec(ctx, s.shared.Dialect.Statements(version), pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE cordon_schema SET version = $1`, sqltx.Version())
		return err
	})
}

// prepareListing finds out whether the engine numbers its transactions and
// says which of them a snapshot has seen. Those that run on several machines
// do not, or mean one of the machines; the store does without, then.
//
// Changes numbered higher than any transaction yet came with a copy of the
// database from another server. They say nothing new and are cleared away.
func (s *Store) prepareListing(ctx context.Context) error {
	var spread bool
	err := s.pool.QueryRow(ctx, `SELECT pg_current_snapshot()::text = '' OR version() ~ '(-YB-|Cockroach)'
		OR EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')`).Scan(&spread)
	switch code(err) {
	case undefinedFunction, undefinedTable, notSupported:
		return nil
	}
	if err != nil || spread {
		return explain(err)
	}
	s.shared.Dialect.Snapshot = `pg_current_snapshot()::text || ' ' || pg_postmaster_start_time()::text`
	s.shared.Dialect.Number = `pg_current_xact_id()::text::bigint`
	_, err = s.pool.Exec(ctx, `DELETE FROM report_changes WHERE at >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint`)
	return explain(err)
}

// code is the SQLSTATE of an error, empty where it has none.
func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// The SQLSTATEs told apart.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	undefinedObject      = "42704"
	undefinedFunction    = "42883"
	undefinedTable       = "42P01"
	duplicateTable       = "42P07"
	duplicateColumn      = "42701"
	duplicateObject      = "42710" // the type that comes with a table
	notSupported         = "0A000"
	noPrivilege          = "42501"
	diskFull             = "53100"
	readOnly             = "25006"
	queryCanceled        = "57014"
	lockNotAvailable     = "55P03"
)
