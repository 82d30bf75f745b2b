package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"cordon"
)

// Alone is a Conflict where a Cordon, this process too, has a connection to the
// database. Sessions of another role may be hidden from the one in the URL.
func Alone(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return errURL.Because(err)
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return explain(err)
	}
	defer conn.Close(ctx)
	var others int
	if err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = '`+applicationName+`' AND pid <> pg_backend_pid()`).Scan(&others); err != nil {
		return explain(err)
	}
	if others > 0 {
		return cordon.Errorf(cordon.KindConflict, "another Cordon is connected to this database (%d connections): stop every server first", others)
	}
	return nil
}
