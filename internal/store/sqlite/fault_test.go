package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cordon"
	"cordon/internal/store/storetest"
)

func TestCrash(t *testing.T) {
	dir := t.TempDir()
	storetest.Crash(t, func() *exec.Cmd { return childOf(t, dir) }, func() cordon.Store { return open(t, dir) })
}

// TestSeveralProcesses has three processes write to one directory, two of
// which are killed.
func TestSeveralProcesses(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { storetest.Acknowledged(t, childOf(t, dir), 60) })
	}
	const times = 30
	for i := range times {
		put(t, s, "own", fmt.Sprint(i))
	}
	wg.Wait()
	if got := get(t, s, "own"); got != fmt.Sprint(times-1) {
		t.Errorf("own counter is %s", got)
	}
	storetest.CheckCrashed(t, s, [4]int{})
}

// TestFullDisk writes until a write fails, on a file that may not grow and on
// a file system that is full.
func TestFullDisk(t *testing.T) {
	check := func(t *testing.T, dir string, env ...string) {
		last, failures := storetest.Acknowledged(t, childOf(t, dir, env...), 0)
		if len(failures) == 0 || last[0] == 0 {
			t.Fatalf("the disk was never full: %v, %v", last, failures)
		}
		for _, f := range failures {
			if !strings.HasPrefix(f, "failed unavailable ") {
				t.Errorf("the child said %q", f)
			}
		}
	}
	t.Run("file size", func(t *testing.T) {
		dir := t.TempDir()
		for _, limit := range []string{"900000", "1500000"} {
			check(t, dir, childLimit+"="+limit)
			s := open(t, dir)
			storetest.CheckCrashed(t, s, [4]int{})
			put(t, s, "goes", "on")
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("file system", func(t *testing.T) {
		dir := t.TempDir()
		if err := syscall.Mount("none", dir, "tmpfs", 0, "size=3m"); err != nil {
			t.Skipf("mounting a small file system takes root: %v", err)
		}
		t.Cleanup(func() {
			if err := syscall.Unmount(dir, 0); err != nil {
				t.Error(err)
			}
		})
		check(t, dir)
		if err := syscall.Mount("none", dir, "tmpfs", syscall.MS_REMOUNT, "size=30m"); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir)
		storetest.CheckCrashed(t, s, [4]int{})
		put(t, s, "goes", "on")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestFullDatabase has one Update of a batch ask for more than there is. The
// others may be told that nothing happened, if nothing did.
func TestFullDatabase(t *testing.T) {
	s, err := openWith(t.Context(), t.TempDir(), storetest.Key, "max_page_count(200)")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for round := range 10 {
		var wg sync.WaitGroup
		errs := make([]error, 12)
		for i := range errs {
			wg.Go(func() {
				size := 10
				if i == 5 {
					size = 2 << 20
				}
				errs[i] = s.Update(t.Context(), func(tx cordon.WriteTx) error {
					_ = tx.PutMeta(fmt.Sprintf("big %d %d", round, i), make([]byte, size)) // the function does not care
					_ = tx.PutMeta(fmt.Sprintf("after %d %d", round, i), nil)
					return nil
				})
			})
		}
		wg.Wait()
		if cordon.KindOf(errs[5]) != cordon.KindUnavailable || errs[5].Error() != "the disk is full" {
			t.Fatalf("the one that asked for too much: %v", errs[5])
		}
		for i, err := range errs {
			if err != nil && cordon.KindOf(err) != cordon.KindUnavailable {
				t.Errorf("%d: %v", i, err)
			}
			for _, key := range []string{"big", "after"} {
				there := s.View(t.Context(), func(tx cordon.ReadTx) error {
					_, err := tx.Meta(fmt.Sprintf("%s %d %d", key, round, i))
					return err
				})
				if (err == nil) != (there == nil) {
					t.Errorf("%s of %d: Update said %v, and then %v", key, i, err, there)
				}
			}
		}
	}
}

// TestReadOnly opens a directory that may not be written to.
func TestReadOnly(t *testing.T) {
	for name, prepare := range map[string]func(dir string) error{
		"empty": func(string) error { return nil },
		"with a database": func(dir string) error {
			s, err := Open(context.Background(), dir, storetest.Key)
			if err != nil {
				return err
			}
			return errors.Join(s.Close(), os.Chmod(filepath.Join(dir, FileName), 0o400))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := prepare(dir); err != nil {
				t.Fatal(err)
			}
			before := files(t, dir)
			var env []string
			if os.Geteuid() == 0 { // root may write anywhere
				env = append(env, childUser+"=65534")
			}
			if err := os.Chmod(dir, 0o555); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
			_, failures := storetest.Acknowledged(t, childOf(t, dir, env...), 0)
			if len(failures) != 1 || !strings.Contains(failures[0], "cannot be") {
				t.Errorf("the child said %q", failures)
			}
			same(t, dir, before)
		})
	}
}

// TestRefused opens directories that hold something else, and leaves them as
// they are.
func TestRefused(t *testing.T) {
	database := func(statements string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			s, err := Open(t.Context(), dir, storetest.Key)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.db.Exec(statements); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	file := func(content string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, FileName), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		prepare func(*testing.T, string)
		kind    cordon.Kind
		message string
	}{
		"newer":            {database("PRAGMA user_version = 99"), cordon.KindInvalid, "newer Cordon"},
		"older":            {database("PRAGMA user_version = 0"), cordon.KindInvalid, "does not know"},
		"another's":        {database("PRAGMA application_id = 7"), cordon.KindInvalid, "another program"},
		"not a database":   {file(strings.Repeat("not a database\n", 400)), cordon.KindInvalid, "not a database"},
		"cut short":        {file("SQLite format 3\x00" + strings.Repeat("\x01", 50)), cordon.KindInvalid, "not a database"},
		"a directory":      {func(t *testing.T, dir string) { mkdir(t, filepath.Join(dir, FileName)) }, cordon.KindUnavailable, "cannot be opened"},
		"not a directory":  {func(t *testing.T, dir string) { remove(t, dir); writeFile(t, dir) }, cordon.KindUnavailable, "cannot be made"},
		"damaged database": {func(t *testing.T, dir string) { database("SELECT 1")(t, dir); damage(t, filepath.Join(dir, FileName)) }, cordon.KindInternal, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data ?#%41 é")
			mkdir(t, dir)
			c.prepare(t, dir)
			before := files(t, dir)
			s, err := Open(t.Context(), dir, storetest.Key)
			if err == nil {
				_ = s.Close()
			}
			if cordon.KindOf(err) != c.kind || err == nil || !strings.Contains(err.Error(), c.message) {
				t.Errorf("got %v (%v), want %v: %q", err, cordon.KindOf(err), c.kind, c.message)
			}
			same(t, dir, before)
		})
	}
}

func TestFirstStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "data ?#%41")
	s := open(t, dir)
	put(t, s, "k", "v")
	for path, mode := range map[string]os.FileMode{
		dir:                                 0o700 | os.ModeDir,
		filepath.Join(dir, FileName):        0o600,
		filepath.Join(dir, FileName+"-wal"): 0o600,
		filepath.Join(dir, FileName+"-shm"): 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != mode {
			t.Errorf("%s has mode %v, want %v", filepath.Base(path), info.Mode(), mode)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := get(t, open(t, dir), "k"); got != "v" {
		t.Errorf("opened again: %q", got)
	}
}

// TestScrub looks for what was struck in the bytes of all files.
func TestScrub(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	secret := func(i int) []byte { return fmt.Appendf(nil, "SECRET-%05d-", i) }
	const n = 3000
	var ids []cordon.ID
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
		ids = nil
		r := cordon.Report{ID: cordon.NewID()}
		if err := tx.PutReport(r); err != nil {
			return err
		}
		for i := range n {
			// Bodies of many sizes, in random order of ids, so that pages of
			// the tree split and cells move about.
			p := cordon.Portion{
				ID: cordon.NewID(), Report: r.ID, Rule: 1, State: cordon.PortionLive,
				Body: bytes.Repeat(secret(i), 1+i%40), Key: append([]byte("KEY-"), secret(i)...),
			}
			if i%100 == 0 {
				p.Body = bytes.Repeat(secret(i), 1000)
			}
			if err := tx.PutPortions([]cordon.Portion{p}); err != nil {
				return err
			}
			f := cordon.Fact{ID: cordon.NewID(), Portion: p.ID, Body: secret(i)}
			// A word and a print whose eight bytes can be looked for.
			mark := int64(0x7a7a7a7a_00000000) + int64(i)
			if err := errors.Join(tx.AddFacts([]cordon.Fact{f}), tx.AddTokens([]cordon.PortionTokens{
				{Portion: p.ID, Rule: 1, Words: []int64{mark}, Prints: []int64{mark}},
			})); err != nil {
				return err
			}
			ids = append(ids, p.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	struck := func(i int) bool { return i%3 != 0 }
	for i, id := range ids {
		if struck(i) && i%100 < 50 { // one by one, and many at once
			if err := s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.StrikePortion(id) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = s.Update(t.Context(), func(tx cordon.WriteTx) error {
		for i, id := range ids {
			if struck(i) && i%100 >= 50 {
				if err := tx.StrikePortion(id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	var found [n]bool
	for _, content := range files(t, dir) {
		for _, match := range secretOrMark.FindAllSubmatch(content, -1) {
			i := 0
			if match[1] != nil {
				i, _ = strconv.Atoi(string(match[1]))
			} else {
				i = int(match[2][0])<<8 | int(match[2][1])
			}
			if i < n {
				found[i] = true
			}
		}
	}
	left := 0
	for i := range n {
		if found[i] && struck(i) {
			left++
		}
		if !found[i] && !struck(i) {
			t.Fatalf("live portion %d is not in the files: the test looks in the wrong place", i)
		}
	}
	if left > 0 {
		t.Errorf("%d struck portions are still in the files", left)
	}
}

// secretOrMark finds the secrets of TestScrub, and the words and prints of the
// same number.
var secretOrMark = regexp.MustCompile(`(?s)SECRET-(\d{5})-|zzzz\x00\x00(..)`)

// TestHalfAStatement: where an INSERT of many rows fails half-way, what it did
// is undone with its Update, though the function goes on as if nothing had
// happened: the first of a batch with the transaction, a later one with its
// savepoint, and the others of the batch are on disk.
func TestHalfAStatement(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	if _, err := s.db.Exec(`CREATE TRIGGER half BEFORE INSERT ON search_tokens WHEN NEW.token = 7
		BEGIN SELECT RAISE(FAIL, 'half-way'); END`); err != nil {
		t.Fatal(err)
	}
	write := func(tx cordon.WriteTx, words ...int64) error {
		r := cordon.Report{ID: cordon.NewID()}
		p := cordon.Portion{ID: cordon.NewID(), Report: r.ID, Rule: 1, State: cordon.PortionLive}
		return errors.Join(tx.PutReport(r), tx.PutPortions([]cordon.Portion{p}),
			tx.AddTokens([]cordon.PortionTokens{{Portion: p.ID, Rule: 1, Words: words}}))
	}
	count := func(table string) (n int) {
		t.Helper()
		if err := s.db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	failing := func(tx cordon.WriteTx) error {
		if err := write(tx, 5, 6, 7, 8); err == nil {
			t.Error("the statement did not fail")
		}
		return nil
	}
	if err := s.Update(t.Context(), failing); err == nil {
		t.Error("the first of a batch: no error")
	}
	for _, table := range []string{"search_tokens", "portions", "reports", "portion_tokens"} {
		if n := count(table); n != 0 {
			t.Errorf("the first of a batch left %d rows in %s", n, table)
		}
	}

	// The first holds the writer until the others are in its queue.
	begun, queued := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
			close(begun)
			<-queued
			return write(tx, 1, 2)
		}); err != nil {
			t.Error(err)
		}
	})
	<-begun
	for i := range 6 {
		all.Go(func() {
			if i%2 == 0 {
				if err := s.Update(t.Context(), failing); err == nil {
					t.Error("in a batch: no error")
				}
			} else if err := s.Update(t.Context(), func(tx cordon.WriteTx) error { return write(tx, 1, 2) }); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	close(queued)
	all.Wait()
	if reports, words := count("reports"), count("search_tokens"); reports != 4 || words != 8 {
		t.Errorf("a batch left %d reports and %d words, want 4 and 8", reports, words)
	}
}

// TestScrubWaits has a View hold up a Scrub.
func TestScrubWaits(t *testing.T) {
	s := open(t, t.TempDir())
	put(t, s, "a", "1")
	err := s.View(t.Context(), func(tx cordon.ReadTx) error {
		if _, err := tx.Meta("a"); err != nil {
			return err
		}
		put(t, s, "a", "2")
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- s.Scrub(ctx) }()
		put(t, s, "a", "3") // writing goes on
		cancel()
		if err := <-done; cordon.KindOf(err) != cordon.KindUnavailable {
			t.Errorf("Scrub under an open View: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Errorf("Scrub after the View: %v", err)
	}
}

func put(t *testing.T, s cordon.Store, key, value string) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.PutMeta(key, []byte(value)) }); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s cordon.Store, key string) string {
	t.Helper()
	var value []byte
	if err := s.View(t.Context(), func(tx cordon.ReadTx) (err error) { value, err = tx.Meta(key); return err }); err != nil {
		t.Fatal(err)
	}
	return string(value)
}

// files is the content of every file in the directory, apart from shared
// memory, which holds page numbers and must not be opened and closed here.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	content := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		content[e.Name()] = b
	}
	return content
}

func same(t *testing.T, dir string, before map[string][]byte) {
	t.Helper()
	after := files(t, dir)
	for name, b := range after {
		if old, ok := before[name]; (!ok && len(b) > 0) || (ok && !bytes.Equal(old, b)) {
			t.Errorf("%s has changed", name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			t.Errorf("%s is gone", name)
		}
	}
}

func mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func writeFile(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// damage overwrites the schema, after the header.
func damage(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(bytes.Repeat([]byte{0xee}, 3000), 100); err != nil {
		t.Fatal(err)
	}
}
