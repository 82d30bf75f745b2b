package app

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/pgtest"
)

// stopped is a clock that goes on when it is told to.
type stopped struct {
	mu  sync.Mutex
	now time.Time
}

func (s *stopped) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stopped) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// answers asks for a page and gives the status and the body.
func answers(a *App, path string) (int, string) {
	rec := httptest.NewRecorder()
	a.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	return rec.Code, rec.Body.String()
}

// wantReady asks for readiness as it is after a moment; says is what the answer
// has to name where it is not ready.
func wantReady(t *testing.T, when string, a *App, clock *stopped, says string) {
	t.Helper()
	clock.advance(readyFor)
	status, body := answers(a, "/readyz")
	if says == "" && status != http.StatusOK || says != "" && (status != http.StatusServiceUnavailable || !strings.Contains(body, says)) {
		t.Errorf("%s: %d %s", when, status, body)
	}
	if status, body := answers(a, "/healthz"); status != http.StatusOK {
		t.Errorf("%s, the process itself: %d %s", when, status, body)
	}
}

// TestReadyIsLookedAtOnceASecond: whoever asks without end does not have the
// disk written to without end.
func TestReadyIsLookedAtOnceASecond(t *testing.T) {
	looks := 0
	clock := &stopped{now: time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)}
	r := readiness{clock: clock, look: func(ctx context.Context) error {
		if _, bounded := ctx.Deadline(); !bounded || ctx.Err() != nil {
			t.Error("a look goes by the patience of whoever asks first")
		}
		if looks++; looks == 2 {
			return cordon.Errorf(cordon.KindUnavailable, "full")
		}
		return nil
	}}
	impatient, gone := context.WithCancel(t.Context())
	gone()
	for i, want := range []struct {
		after time.Duration
		looks int
		ready bool
	}{{0, 1, true}, {readyFor / 2, 1, true}, {readyFor / 2, 2, false}, {0, 2, false}, {readyFor, 3, true}, {-time.Hour, 4, true}} {
		clock.advance(want.after)
		if err := r.ready(impatient); (err == nil) != want.ready || looks != want.looks {
			t.Errorf("ask %d: %v after %d looks, want ready %v after %d", i, err, looks, want.ready, want.looks)
		}
	}
}

// TestNotReadyOnAFullDisk fills a small file system under a server.
func TestNotReadyOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("mounting a small file system takes root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	clock := &stopped{now: time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)}
	c := Config{DataDir: filepath.Join(dir, "data"), Clock: clock}
	if _, _, err := Init(t.Context(), c, hub, root); err != nil {
		t.Fatal(err)
	}
	a, err := New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	wantReady(t, "at first", a, clock, "")
	filler := filepath.Join(dir, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for full := false; !full; {
		_, err := f.Write(make([]byte, 4096))
		full = err != nil
	}
	wantReady(t, "full", a, clock, "the disk is full")
	// Room for what a look writes in the database, and for little more.
	size, err := f.Seek(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(size - roomBytes/2); err != nil {
		t.Fatal(err)
	}
	wantReady(t, "all but full", a, clock, "no room for")
	if err := f.Truncate(0); err != nil {
		t.Fatal(err)
	}
	wantReady(t, "with room again", a, clock, "")
	if _, err := os.Stat(filepath.Join(c.DataDir, roomFile)); !os.IsNotExist(err) {
		t.Errorf("what was written to find out is still there: %v", err)
	}
}

// TestNotReadyOnADirectoryThatIsReadOnly takes the rights away as they are
// taken from a server, which is not root: in a process of its own.
func TestNotReadyOnADirectoryThatIsReadOnly(t *testing.T) {
	const nobody = 65534
	if os.Getenv("CORDON_TEST_READONLY") == "" && os.Getuid() == 0 {
		dir, err := os.MkdirTemp("", "cordon-readonly")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		self := filepath.Join(dir, "self") // where it may be executed
		program, err := os.ReadFile(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(self, program, 0o755); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self, "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CORDON_TEST_READONLY=1", "TMPDIR="+dir)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		out, err := cmd.CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	clock := &stopped{now: time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)}
	c, _ := initialised(t)
	c.Clock = clock
	a := opened(t, c)
	wantReady(t, "at first", a, clock, "")
	for name, mode := range map[string]os.FileMode{"cordon.db": 0o400, "": 0o500} {
		if err := os.Chmod(filepath.Join(c.DataDir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(c.DataDir, 0o700) })
	wantReady(t, "read only", a, clock, "cannot be written to")
	// A server that is started on it now is not either.
	wantReady(t, "started read only", opened(t, c), clock, "cannot be written to")
	for name, mode := range map[string]os.FileMode{"cordon.db": 0o600, "": 0o700} {
		if err := os.Chmod(filepath.Join(c.DataDir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	wantReady(t, "with its rights again", a, clock, "")
}

// TestNotReadyOnAReadOnlyDatabase has PostgreSQL's operator make the database
// read only under a server.
func TestNotReadyOnAReadOnlyDatabase(t *testing.T) {
	url := pgtest.Start(t)
	clock := &stopped{now: time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)}
	c := Config{PostgresURL: url, KeyFile: filepath.Join(t.TempDir(), "root.key"), Clock: clock}
	if _, _, err := Init(t.Context(), c, hub, root); err != nil {
		t.Fatal(err)
	}
	a := opened(t, c)
	name := strings.TrimPrefix(must(http.NewRequest("GET", url, nil))(t).URL.Path, "/")
	wantReady(t, "at first", a, clock, "")
	turn := func(setting string) {
		t.Helper()
		pgtest.Admin(t, "ALTER DATABASE "+name+" SET default_transaction_read_only = "+setting)
		// It holds for connections made from now on.
		pgtest.Admin(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+name+"' AND pid <> pg_backend_pid()")
	}
	turn("on")
	// Connections that were ended are found out about as they are used.
	for range 3 {
		clock.advance(readyFor)
		answers(a, "/readyz")
	}
	wantReady(t, "read only", a, clock, "cannot be written to")
	if _, err := a.FirstPersonClient().Publish(t.Context(), draft("a report")); cordon.KindOf(err) != cordon.KindUnavailable || err == nil {
		t.Errorf("an act is taken: %v", err)
	}
	turn("off")
	for range 3 {
		clock.advance(readyFor)
		answers(a, "/readyz")
	}
	wantReady(t, "as it was", a, clock, "")
	if _, err := a.FirstPersonClient().Publish(t.Context(), draft("a report")); err != nil {
		t.Error(err)
	}
}
