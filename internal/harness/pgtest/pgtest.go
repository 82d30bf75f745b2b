// Package pgtest gives tests a real PostgreSQL: one server for each test
// process, or the one that was started for all of them, in a temporary
// directory, and a fresh database for each test.
//
// The server runs with fsync off: no test here pulls the plug of the machine,
// and a server that is killed loses nothing by it. CORDON_PGTEST_FSYNC=on
// turns it on, for benchmarks.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"cordon"
)

// Require is the environment variable that, set to 1, makes a test that needs
// PostgreSQL fail where there is none, rather than be skipped.
const Require = "CORDON_REQUIRE_POSTGRES"

// shared is the environment variable that names the directory of the server
// that Shared started.
const shared = "CORDON_PGTEST_DIR"

// server is the one server of this process; started under once.
var server struct {
	once sync.Once
	dir  string
	err  error
}

var errAbsent = errors.New("PostgreSQL is not installed: install Debian's package postgresql")

// Start gives the URL of a fresh, empty database that is dropped when the
// test ends. The first call in a process starts the server.
func Start(t testing.TB) string {
	t.Helper()
	require(t)
	return create(t, "")
}

// Prepared is Start with a database that is as prepare left one, which is asked
// once on each server: making the tables takes longer than copying them. All
// the tests of a run give the same prepare.
func Prepared(t testing.TB, prepare func(ctx context.Context, url string) error) string {
	t.Helper()
	require(t)
	if err := makeTemplate(t.Context(), prepare); err != nil {
		t.Fatal(err)
	}
	return create(t, " TEMPLATE prepared STRATEGY file_copy")
}

// makeTemplate makes the database that Prepared copies, unless there is one. No
// two processes do so at once, and one that is killed leaves none.
func makeTemplate(ctx context.Context, prepare func(ctx context.Context, url string) error) error {
	conn, err := pgx.Connect(ctx, address(server.dir, "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(1)"); err != nil {
		return err
	}
	var made bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'prepared')").Scan(&made)
	if err != nil || made {
		return err
	}
	for _, statement := range []string{"DROP DATABASE IF EXISTS preparing WITH (FORCE)", "CREATE DATABASE preparing"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	if err := prepare(ctx, address(server.dir, "preparing")); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE preparing RENAME TO prepared")
	return err
}

// create makes a database that is dropped when the test ends.
func create(t testing.TB, as string) string {
	t.Helper()
	name := "t" + string(cordon.NewID())
	Admin(t, "CREATE DATABASE "+name+as)
	t.Cleanup(func() { Admin(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	return address(server.dir, name)
}

// require starts the server once, and skips or fails the test where there is
// none.
func require(t testing.TB) {
	t.Helper()
	server.once.Do(func() {
		if server.dir = os.Getenv(shared); server.dir == "" {
			server.dir, server.err = start()
		}
	})
	if errors.Is(server.err, errAbsent) && os.Getenv(Require) != "1" {
		t.Skip(server.err)
	}
	if server.err != nil {
		t.Fatal(server.err)
	}
}

// Shared does something while a server runs that all the processes use which are
// given the environment variable; an empty one where PostgreSQL is not installed.
func Shared(do func(env string) int) (code int, err error) {
	dir, err := start()
	if err != nil && !errors.Is(err, errAbsent) {
		return 0, err
	}
	return do(shared + "=" + dir), nil
}

// Fork gives the URL of a new database that is as the one of the URL, to which
// nobody may be connected, and what drops it again: for tests that need many
// alike, and would not wait for each to be made.
func Fork(t testing.TB, of string) (fork string, drop func()) {
	t.Helper()
	u, err := url.Parse(of)
	if err != nil {
		t.Fatal(err)
	}
	name := "t" + string(cordon.NewID())
	Admin(t, "CREATE DATABASE "+name+" TEMPLATE "+strings.TrimPrefix(u.Path, "/"))
	return address(server.dir, name), func() { Admin(t, "DROP DATABASE "+name+" WITH (FORCE)") }
}

// Socket is the path of the Unix socket that a database of Start listens on,
// for tests that come between the store and its server.
func Socket() string { return filepath.Join(server.dir, ".s.PGSQL.5432") }

func address(dir, database string) string {
	q := url.Values{"host": {dir}, "user": {"postgres"}, "sslmode": {"disable"}}
	return "postgres:///" + database + "?" + q.Encode()
}

// Admin runs a statement as the server's administrator, once the server has
// been started.
func Admin(t testing.TB, statement string) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address(server.dir, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal(err)
	}
}

// supervise runs the server until standard input ends, which is when the test
// process does, however it does, and leaves nothing behind. Its arguments are
// the program, the directory and further options.
const supervise = `
server=$1 dir=$2
shift 2
"$server" -D "$dir/data" -k "$dir" "$@" </dev/null >"$dir/log" 2>&1 &
read -r _
kill -QUIT $!
wait $!
rm -rf "$dir"`

// start makes a cluster and runs a server on it, and gives the directory of
// its socket.
func start() (dir string, err error) {
	bin, err := programs()
	if err != nil {
		return "", err
	}
	who, err := credential()
	if err != nil {
		return "", err
	}
	if dir, err = os.MkdirTemp("", "cordon-pg"); err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(dir)
		}
	}()
	if who != nil {
		if err = os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return "", err
		}
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres",
		"--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	initdb.Dir = dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	fsync := os.Getenv("CORDON_PGTEST_FSYNC")
	if fsync == "" {
		fsync = "off"
	}
	cmd := exec.Command("sh", "-c", supervise, "supervise", filepath.Join(bin, "postgres"), dir,
		"-c", "listen_addresses=", "-c", "fsync="+fsync, "-c", "full_page_writes="+fsync, "-c", "max_connections=1000",
		// Nobody replicates it, and no database lives long enough to be vacuumed.
		"-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "autovacuum=off", "-c", "checkpoint_timeout=1h")
	cmd.Dir = dir
	// In a group of its own, it outlives an interrupt from the keyboard and
	// cleans up after the tests that the interrupt ends.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Setpgid: true}
	if _, err := cmd.StdinPipe(); err != nil { // stays open as long as this process
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	return dir, await(dir, exited)
}

// await waits until the server answers.
func await(dir string, exited <-chan error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, address(dir, "postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		select {
		case <-exited:
			return fmt.Errorf("PostgreSQL ended at once:\n%s", log)
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// programs is the directory of initdb and postgres: that of the newest version
// of Debian's packages, or where PATH says.
func programs() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		version := func(p string) int {
			n, _ := strconv.Atoi(strings.Split(p, "/")[4])
			return n
		}
		return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", errAbsent
}

// Own gives a directory to the user that the server runs as.
func Own(t testing.TB, dir string) {
	t.Helper()
	who, err := credential()
	if err == nil && who != nil {
		err = os.Chown(dir, int(who.Uid), int(who.Gid))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// credential is who runs the server: PostgreSQL refuses to run as root, where
// the package's user postgres does. It is nil for anybody else.
func credential() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
