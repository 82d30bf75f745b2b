package postgres

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"cordon"
	"cordon/internal/harness/pgtest"
	"cordon/internal/store/storetest"
)

func TestCrash(t *testing.T) {
	url := pgtest.Start(t)
	storetest.Crash(t, func() *exec.Cmd { return childOf(url) }, func() cordon.Store { return open(t, url) })
}

// both writes two things that only ever change together.
func both(s cordon.Store, value string, between func()) error {
	return s.Update(context.Background(), func(tx cordon.WriteTx) error {
		if err := tx.PutMeta("one", []byte(value)); err != nil {
			return err
		}
		if between != nil {
			between()
		}
		return tx.PutMeta("other", []byte(value))
	})
}

// read gives what both has written.
func read(t *testing.T, s cordon.Store) string {
	t.Helper()
	var one, other []byte
	err := s.View(t.Context(), func(tx cordon.ReadTx) (err error) {
		if one, err = tx.Meta("one"); err != nil {
			return err
		}
		other, err = tx.Meta("other")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if string(one) != string(other) {
		t.Fatalf("half done: %q and %q", one, other)
	}
	return string(one)
}

func TestLostConnection(t *testing.T) {
	url := pgtest.Start(t)
	direct, p := open(t, url), newProxy(t)
	s := open(t, p.through(t, url))
	for name, c := range map[string]struct {
		cut  string
		pass bool
		want []string // one of these is there afterwards
	}{
		"in the middle":      {"new other", false, []string{"old"}},
		"before the commit":  {"COMMIT", false, []string{"old"}},
		"the answer is lost": {"COMMIT", true, []string{"new"}},
		"at the beginning":   {"BEGIN", false, []string{"old"}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := both(s, "old", nil); err != nil {
				t.Fatal(err)
			}
			before := p.wasCut()
			if c.cut == "new other" {
				if err := both(s, "new", func() { p.cut("other", false) }); cordon.KindOf(err) != cordon.KindUnavailable {
					t.Fatalf("got %v", err)
				}
			} else {
				p.cut(c.cut, c.pass)
				if err := both(s, "new", nil); cordon.KindOf(err) != cordon.KindUnavailable {
					t.Fatalf("got %v", err)
				}
			}
			if p.wasCut() != before+1 {
				t.Fatal("the line was not cut")
			}
			got := read(t, direct)
			if c.pass {
				// The server may still be at it; the row it changes tells.
				for range 1000 {
					if got = read(t, direct); got == "new" {
						break
					}
				}
			}
			if !strings.Contains(strings.Join(c.want, " "), got) {
				t.Errorf("%q is there, want %q", got, c.want)
			}
			if err := both(s, "goes on", nil); err != nil {
				t.Errorf("the next Update: %v", err)
			}
		})
	}
}

func TestTerminated(t *testing.T) {
	s := open(t, pgtest.Start(t))
	var name string
	if err := s.pool.QueryRow(t.Context(), `SELECT current_database()`).Scan(&name); err != nil {
		t.Fatal(err)
	}
	if err := both(s, "old", nil); err != nil {
		t.Fatal(err)
	}
	err := both(s, "new", func() {
		pgtest.Admin(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = '`+name+`' AND state = 'idle in transaction'`)
	})
	if cordon.KindOf(err) != cordon.KindUnavailable {
		t.Errorf("got %v", err)
	}
	if got := read(t, s); got != "old" {
		t.Errorf("%q is there", got)
	}
	// All connections at once, none in use.
	pgtest.Admin(t, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '`+name+`'`)
	for try := 0; ; try++ {
		// A connection that was idle a moment ago is not looked at before it
		// is used; each failure throws one away.
		err := both(s, "goes on", nil)
		if err == nil {
			break
		}
		if cordon.KindOf(err) != cordon.KindUnavailable || try > defaultConns {
			t.Fatal(err)
		}
	}
}

// TestFullDisk keeps the tables on a file system of their own.
func TestFullDisk(t *testing.T) {
	pgtest.Start(t)
	dir := "/tmp/cordon-pg-full-" + string(cordon.NewID())
	if err := syscall.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Rmdir(dir) })
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("mounting a small file system takes root: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	pgtest.Own(t, dir)
	name := "full" + string(cordon.NewID())
	pgtest.Admin(t, "CREATE TABLESPACE "+name+" LOCATION '"+dir+"'")
	t.Cleanup(func() { pgtest.Admin(t, "DROP TABLESPACE "+name) })
	pgtest.Admin(t, "CREATE DATABASE "+name+" TABLESPACE "+name)
	t.Cleanup(func() { pgtest.Admin(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	base := pgtest.Start(t)
	t.Cleanup(func() { // or the server could not put in order what it drops
		if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT, "size=200m"); err != nil {
			t.Error(err)
		}
	})
	url := strings.Replace(base, base[len("postgres:///"):strings.Index(base, "?")], name, 1)
	s := open(t, url)
	var last [4]int
	for i := 0; ; i++ {
		err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
			return errors.Join(tx.PutMeta("last", fmt.Append(nil, i)), tx.PutMeta(fmt.Sprint("big ", i), incompressible()))
		})
		if err == nil {
			continue
		}
		if cordon.KindOf(err) != cordon.KindUnavailable || err.Error() != "the database's disk is full" || i == 0 {
			t.Fatalf("%d: %v (%v)", i, err, errors.Unwrap(err))
		}
		err = s.View(t.Context(), func(tx cordon.ReadTx) error {
			v, err := tx.Meta("last")
			if string(v) != fmt.Sprint(i-1) {
				t.Errorf("the last is %s, want %d", v, i-1)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	storetest.CheckCrashed(t, s, last)
}

// incompressible is data that PostgreSQL cannot make shorter.
func incompressible() []byte {
	var b []byte
	for len(b) < 100_000 {
		b = append(b, cordon.NewID()...)
	}
	return b
}

// waits is how many backends wait for a lock.
func waits(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// until waits for something that is bound to come about.
func until(t *testing.T, what string, come func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !come(); {
		if time.Now().After(deadline) {
			t.Fatalf("%s never came about", what)
		}
	}
}

// seeded is a store with one organisation in it.
func seeded(t *testing.T) (*Store, cordon.Organisation) {
	t.Helper()
	s := open(t, pgtest.Start(t))
	o := cordon.Organisation{ID: cordon.NewID(), Name: "ASTER"}
	if err := s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.PutOrganisation(o) }); err != nil {
		t.Fatal(err)
	}
	return s, o
}

// TestReaderAfterChange has an Update read a row that another has changed and
// not yet committed. It waits, is run again, and sees the change.
func TestReaderAfterChange(t *testing.T) {
	s, o := seeded(t)
	done := make(chan error)
	runs, seen := 0, ""
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
		changed := o
		changed.Title = "changed"
		if err := tx.PutOrganisation(changed); err != nil {
			return err
		}
		go func() {
			done <- s.Update(t.Context(), func(tx cordon.WriteTx) error {
				runs++
				o, err := tx.HoldOrganisation(o.ID)
				seen = o.Title
				return err
			})
		}()
		until(t, "the reader's wait", func() bool { return waits(t, s) == 1 })
		return nil
	})
	if err = errors.Join(err, <-done); err != nil {
		t.Fatal(err)
	}
	if seen != "changed" || runs < 2 {
		t.Errorf("saw %q in %d runs", seen, runs)
	}
}

// TestChangeAfterReader has an Update read a row that another then wants to
// change. The change waits for it, and whoever comes to read the row after
// that waits for the change.
func TestChangeAfterReader(t *testing.T) {
	s, o := seeded(t)
	changed, later := make(chan error, 1), make(chan error, 1)
	var order []string
	var mu sync.Mutex
	say := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, what)
	}
	turnedAway := make(chan struct{}, 1000)
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
		if _, err := tx.HoldOrganisation(o.ID); err != nil {
			return err
		}
		go func() {
			changed <- s.Update(t.Context(), func(tx cordon.WriteTx) error {
				if err := tx.TouchOrganisation(o.ID); err != nil {
					return err
				}
				say("change")
				return nil
			})
		}()
		until(t, "the change's word", func() bool {
			var n int
			if err := s.pool.QueryRow(t.Context(), `SELECT count(*) FROM cordon_waiting`).Scan(&n); err != nil {
				t.Error(err)
			}
			return n == 1
		})
		go func() {
			later <- s.Update(t.Context(), func(tx cordon.WriteTx) error {
				if _, err := tx.HoldOrganisationByName("aster"); err != nil {
					select {
					case turnedAway <- struct{}{}:
					default:
					}
					return err
				}
				say("later reader")
				return nil
			})
		}()
		for range 2 {
			select {
			case <-turnedAway:
			case err := <-later:
				t.Errorf("a later reader went first: %v", err)
				later <- err
			}
		}
		say("first reader")
		return nil
	})
	if err = errors.Join(err, <-changed, <-later); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order, ", "); got != "first reader, change, later reader" {
		t.Errorf("in the order %s", got)
	}
	until(t, "taking the word back", func() bool {
		var n int
		if err := s.pool.QueryRow(t.Context(), `SELECT count(*) FROM cordon_waiting`).Scan(&n); err != nil {
			t.Error(err)
		}
		return n == 0
	})
}

// TestTreeHeld has two Updates read the ledger's head, to build on it.
func TestTreeHeld(t *testing.T) {
	s, _ := seeded(t)
	head := func(tx cordon.WriteTx) error { _, _, err := tx.HoldTree(); return err }
	second := make(chan error)
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
		if err := head(tx); err != nil {
			return err
		}
		go func() { second <- s.Update(t.Context(), head) }()
		until(t, "the second's wait", func() bool { return waits(t, s) == 1 })
		return nil
	})
	if err = errors.Join(err, <-second); err != nil {
		t.Fatal(err)
	}
}

// TestCancelledWait cancels an Update that waits for another's lock.
func TestCancelledWait(t *testing.T) {
	s, o := seeded(t)
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
		if err := tx.TouchOrganisation(o.ID); err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			done <- s.Update(ctx, func(tx cordon.WriteTx) error { return tx.TouchOrganisation(o.ID) })
		}()
		until(t, "the wait", func() bool { return waits(t, s) == 1 })
		cancel()
		if err := <-done; cordon.KindOf(err) != cordon.KindUnavailable {
			t.Errorf("got %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestGivesUp has a transaction that can never be serialised.
func TestGivesUp(t *testing.T) {
	s, _ := seeded(t)
	runs := 0
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
		runs++
		return fmt.Errorf("wrapped: %w", explain(&pgconn.PgError{Code: serializationFailure}))
	})
	if cordon.KindOf(err) != cordon.KindUnavailable || runs != maxTries {
		t.Errorf("got %v after %d runs", err, runs)
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		statement string
		message   string
	}{
		"newer":     {"UPDATE cordon_schema SET version = 99", "newer Cordon"},
		"older":     {"UPDATE cordon_schema SET version = 0", "does not know"},
		"another's": {"DROP TABLE cordon_schema", "another program"},
	} {
		t.Run(name, func(t *testing.T) {
			url := pgtest.Start(t)
			s := open(t, url)
			if _, err := s.pool.Exec(t.Context(), c.statement); err != nil {
				t.Fatal(err)
			}
			again, err := Open(t.Context(), url, storetest.Key)
			if err == nil {
				_ = again.Close()
			}
			if cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), c.message) {
				t.Errorf("got %v", err)
			}
		})
	}
	for name, c := range map[string]struct {
		url  string
		kind cordon.Kind
	}{
		"not a URL":       {"postgres://user:hunter2@:port/%", cordon.KindInvalid},
		"nobody there":    {"postgres://user:hunter2@127.0.0.1:1/db?connect_timeout=5", cordon.KindUnavailable},
		"no such user":    {"postgres:///nosuchdatabase?user=hunter2&host=" + strings.TrimSuffix(pgtest.Socket(), "/.s.PGSQL.5432"), cordon.KindUnavailable},
		"no such setting": {"postgres:///x?pool_max_conns=hunter2", cordon.KindInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), c.url, storetest.Key)
			if cordon.KindOf(err) != c.kind || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v (%v)", err, cordon.KindOf(err))
			}
		})
	}
}

// TestFirstStart has several nodes start at once on an empty database.
func TestFirstStart(t *testing.T) {
	url := pgtest.Start(t)
	var wg sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		wg.Go(func() {
			s, err := Open(t.Context(), url, storetest.Key)
			if err == nil {
				err = errors.Join(both(s, fmt.Sprint(i), nil), s.Close())
			}
			errs[i] = err
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			t.Errorf("%v (%v)", err, errors.Unwrap(err))
		}
	}
}

// TestSettings looks at what every session is to have.
func TestSettings(t *testing.T) {
	url := pgtest.Start(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$`); err != nil {
		t.Fatal(err)
	}
	s := open(t, url)
	for setting, want := range map[string]string{
		"plan_cache_mode": "force_custom_plan", "jit": "off", "enable_seqscan": "off",
	} {
		var got string
		if err := s.pool.QueryRow(t.Context(), "SHOW "+setting).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", setting, got, want)
		}
	}
	if commit := commitOf(t, s); commit != "on" {
		t.Errorf("an Update commits with synchronous_commit %s", commit)
	}
}

func TestExplain(t *testing.T) {
	for state, kind := range map[string]cordon.Kind{
		"53100": cordon.KindUnavailable, "53300": cordon.KindUnavailable, "57P01": cordon.KindUnavailable, "57014": cordon.KindUnavailable,
		"25006": cordon.KindUnavailable, "40001": cordon.KindUnavailable, "40P01": cordon.KindUnavailable, "08006": cordon.KindUnavailable,
		"58030": cordon.KindUnavailable, "28P01": cordon.KindUnavailable, "3D000": cordon.KindUnavailable,
		"23505": cordon.KindConflict, "23503": cordon.KindConflict, "42601": cordon.KindInternal, "XX001": cordon.KindInternal,
	} {
		cause := &pgconn.PgError{Code: state, Message: "hunter2"}
		err := explain(cause)
		if cordon.KindOf(err) != kind || strings.Contains(err.Error(), "hunter2") || !errors.Is(err, cause) {
			t.Errorf("%s: %v (%v)", state, err, cordon.KindOf(err))
		}
	}
}
