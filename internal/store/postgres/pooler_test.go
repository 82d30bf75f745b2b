package postgres

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/pgtest"
	"cordon/internal/store/storetest"
)

// pooler starts pgbouncer in front of the server at the URL, and gives the URL
// through it.
func pooler(t *testing.T, address, mode string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer"
	}
	if _, err := os.Stat(program); err != nil && os.Getenv(pgtest.Require) == "1" {
		t.Fatal(err)
	} else if err != nil {
		t.Skip("pgbouncer is not installed (Debian package pgbouncer)")
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	dir := t.TempDir()
	config := filepath.Join(dir, "pgbouncer.ini")
	text := fmt.Sprintf("[databases]\n%s = user=postgres host=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\nauth_type = any\n"+
		"pool_mode = %s\nmax_client_conn = 200\ndefault_pool_size = 50\nuser = postgres\n",
		name, filepath.Dir(pgtest.Socket()), port, mode)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	pgtest.Own(t, dir)
	cmd := exec.Command(program, config)
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for range 500 {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			conn.Close()
			return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s", port, name)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("pgbouncer does not listen: %s", log.String())
	return ""
}

// TestPooler: a pooler that gives each transaction another session is refused with
// the reason, and nothing is made in its database. Through one that pools sessions
// each Update waits for the disk, whatever the database says.
func TestPooler(t *testing.T) {
	t.Parallel()
	address := pgtest.Start(t)
	for _, mode := range []string{"transaction", "statement"} {
		through := pooler(t, address, mode)
		for range 3 {
			s, err := Open(t.Context(), through, storetest.Key)
			if err == nil {
				s.Close()
			}
			if cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "pool_mode = session") {
				t.Fatalf("%s: %v", mode, err)
			}
		}
	}
	through := pooler(t, address, "session")
	name := through[strings.LastIndex(through, "/")+1:]
	pgtest.Admin(t, "ALTER DATABASE "+name+" SET synchronous_commit = off")
	s := open(t, through)
	if commit := commitOf(t, s); commit != "on" {
		t.Errorf("an Update through a pooler commits with synchronous_commit %s", commit)
	}
}

// commitOf is how the store's Updates commit.
func commitOf(t *testing.T, s *Store) (commit string) {
	t.Helper()
	conn, err := s.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Conn().PgConn().Exec(t.Context(), strings.Join(s.update, "; ")).ReadAll(); err != nil {
		t.Fatal(err)
	}
	defer conn.Exec(context.Background(), "ROLLBACK")
	if err := conn.QueryRow(t.Context(), "SHOW synchronous_commit").Scan(&commit); err != nil {
		t.Fatal(err)
	}
	return commit
}
