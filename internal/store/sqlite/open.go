package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"modernc.org/sqlite"

	"cordon"
	"cordon/internal/store/sqltx"
)

// FileName is the name of the database in its directory.
const FileName = "cordon.db"

// applicationID marks the file as Cordon's, so that a database of something
// else is not taken for an empty one of ours. It reads "Crdn".
const applicationID = 0x4372646e

// busyTimeout is how long to wait for another process that is writing.
const busyTimeout = 10 * time.Second

// Upgrade brings the database in the directory, which must be there, to the
// present schema, and says from which to which. Older programs must not work on
// it any more.
func Upgrade(ctx context.Context, dir string) (from, to int64, err error) {
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, FileName), nil))
	if err != nil {
		return 0, 0, explain(err)
	}
	s := &Store{db: db}
	defer db.Close()
	c, err := s.connect(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer c.close()
	if from, err = c.prepareSchema(ctx, newDialect(), true); err != nil {
		return from, 0, err
	}
	return from, sqltx.Version(), nil
}

// Open opens the store in the directory, making both on first start: the
// directory for its owner alone, and the database in it. A database of an older
// schema is refused, unchanged. The key authenticates what is written; nothing else
// uses it.
func Open(ctx context.Context, dir string, key [32]byte) (*Store, error) {
	return openWith(ctx, dir, key)
}

// openWith is Open with further settings for every connection, for tests.
func openWith(ctx context.Context, dir string, key [32]byte, settings ...string) (*Store, error) {
	// Locks that a stray close elsewhere in the process cannot drop. Where
	// there are none, or it is too late to choose, POSIX locks do.
	_, _ = sqlite.OFDLocking(true)

	path := filepath.Join(dir, FileName)
	if err := create(dir, path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", dsn(path, settings))
	if err != nil {
		return nil, explain(err)
	}
	s := &Store{
		path:    path,
		db:      db,
		shared:  sqltx.Shared{Dialect: newDialect(), Auth: sqltx.NewAuthenticator(key)},
		queue:   make(chan *turn),
		scrubs:  make(chan chan error),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
		readers: make(chan *connection, max(4, runtime.GOMAXPROCS(0))),
	}
	s.shared.Listings = sqltx.NewListingCache(s.View, s.Update)
	w, err := s.connect(ctx)
	if err == nil {
		_, err = w.prepareSchema(ctx, s.shared.Dialect, false)
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	for range cap(s.readers) {
		s.readers <- nil // connected when first needed
	}
	go s.write(w)
	return s, nil
}

// create makes what is missing of the directory and the file. The file is
// made here, not by SQLite, to be its owner's alone from the first moment;
// SQLite gives its WAL the same mode.
func create(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the data directory %s cannot be made", dir).Because(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		info, err := os.Stat(path)
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%s is not a regular file", path)
		}
		if err != nil {
			return cordon.Errorf(cordon.KindUnavailable, "the database in %s cannot be opened", dir).Because(err)
		}
		return nil
	case err != nil:
		return cordon.Errorf(cordon.KindUnavailable, "the data directory %s cannot be written to", dir).Because(err)
	}
	if err := f.Close(); err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the data directory %s cannot be written to", dir).Because(err)
	}
	// The new name has to survive power loss as what is written under it does.
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the data directory %s cannot be read", dir).Because(err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return cordon.Errorf(cordon.KindUnavailable, "the data directory %s cannot be written to", dir).Because(err)
	}
	return nil
}

// dsn names the database with what holds for every connection to it.
func dsn(path string, settings []string) string {
	q := url.Values{"_pragma": append([]string{
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
		"synchronous(FULL)",
		"foreign_keys(ON)",
		"secure_delete(ON)",
		"temp_store(MEMORY)", // nothing of ours in a file elsewhere
		"cache_size(-16384)",
		// In 16 MiB of WAL a page that is changed often is brought to the
		// database a fourth as often as in the 4 MiB that are usual.
		"wal_autocheckpoint(4096)",
		"trusted_schema(OFF)",
	}, settings...), "_defensive": {"1"}, "_dqs": {"0"}, "mode": {"rw"}}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}).String()
}

// prepareSchema makes an empty database ours, brings an older one to the
// present schema where that is asked for, and refuses it otherwise, as it does
// what is not ours or newer. It gives the version that was there.
func (c *connection) prepareSchema(ctx context.Context, d *sqltx.Dialect, upgrade bool) (version int64, err error) {
	err = c.inTransaction(ctx, "BEGIN IMMEDIATE", func() error {
		var application, tables int64
		if version, application, tables, err = c.identity(); err != nil {
			return err
		}
		switch latest := sqltx.Version(); {
		case version == 0 && tables == 0: // new
		case application != applicationID:
			return cordon.Errorf(cordon.KindInvalid, "%s in the data directory is a database of another program", FileName)
		case version < 1:
			return cordon.Errorf(cordon.KindInvalid, "the database has schema %d, which this Cordon does not know", version)
		case version > latest:
			return cordon.Errorf(cordon.KindInvalid,
				"the database was written by a newer Cordon (schema %d, this one knows %d): use that one", version, latest)
		case version == latest:
			return nil
		case !upgrade:
			return sqltx.Older(version)
		}
		_, err := c.conn.ExecContext(ctx, d.Statements(version)+fmt.Sprintf(
			"PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, sqltx.Version()))
		return err
	})
	if err != nil {
		return version, explain(err)
	}
	// The journal mode is a property of the file and cannot change inside a
	// transaction. It is set only once the file is known to be ours.
	var mode string
	if err := c.conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return version, explain(err)
	}
	if mode != "wal" {
		return version, cordon.Errorf(cordon.KindUnavailable, "the database cannot be put in WAL mode").
			Because(fmt.Errorf("journal mode is %q", mode))
	}
	return version, nil
}
