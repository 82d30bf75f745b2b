package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"time"

	"cordon"
)

// aloneFor is how long Alone waits for a connection of another to end.
const aloneFor = 2 * time.Second

// Alone is a Conflict where any process, this one too, has the database in the
// directory open.
func Alone(ctx context.Context, dir string) error {
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, FileName), []string{fmt.Sprintf("busy_timeout(%d)", aloneFor.Milliseconds())}))
	if err != nil {
		return explain(err)
	}
	defer db.Close()
	// SQLite leaves WAL mode, and so does this, if nobody else has the file open. The
	// next who opens it puts it back.
	var mode string
	err = db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
	if err == nil && mode == "delete" {
		return nil
	}
	if err == nil || cordon.KindOf(explain(err)) == cordon.KindUnavailable {
		return cordon.Errorf(cordon.KindConflict, "another process has the database in %s open: stop the server first", dir).Because(err)
	}
	return explain(err)
}
