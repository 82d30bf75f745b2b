package app

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/core/vault"
	"cordon/internal/harness/pgtest"
	"cordon/wire"
)

var (
	hub  = cordon.Organisation{Name: "HUB"}
	root = cordon.Person{Name: "root"}
)

func initialised(t testing.TB) (Config, string) {
	t.Helper()
	c := Config{DataDir: filepath.Join(t.TempDir(), "data")}
	_, token, err := Init(t.Context(), c, hub, root)
	if err != nil {
		t.Fatal(err)
	}
	return c, token
}

func opened(t testing.TB, c Config) *App {
	t.Helper()
	a, err := New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func draft(title string) wire.Draft {
	return wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: title}}
}

func TestInit(t *testing.T) {
	c, token := initialised(t)
	a := opened(t, c)
	for what, api := range map[string]*client.Client{"by token": a.Client(token), "as the first person": a.FirstPersonClient()} {
		me, err := api.Me(t.Context())
		if err != nil || me.Person.Name != "root" || me.Organisation.Name != "HUB" || len(me.Person.Roles) != len(cordon.Roles()) {
			t.Errorf("%s: %+v, %v", what, me, err)
		}
	}
	for name, mode := range map[string]fs.FileMode{"": 0o700, "root.key": 0o600, "cordon.db": 0o600} {
		info, err := os.Stat(filepath.Join(c.DataDir, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%q has mode %v, want %v: %v", name, info.Mode().Perm(), mode, err)
		}
	}
	if _, _, err := Init(t.Context(), c, cordon.Organisation{Name: "OTHER"}, root); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("set up twice: %v", err)
	}
	if _, err := a.Client(token).Me(t.Context()); err != nil {
		t.Errorf("setting it up twice did damage: %v", err)
	}
	v := must(a.FirstPersonClient().VerifyLedger(t.Context(), wire.VerificationDraft{}))(t)
	if !v.OK || v.Size == 0 {
		t.Errorf("verification %+v", v)
	}
}

// TestInitKilled: what a killed Init left is used by the next.
func TestInitKilled(t *testing.T) {
	c := Config{DataDir: filepath.Join(t.TempDir(), "data")}
	if err := os.Mkdir(c.DataDir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := vault.CreateKeyFile(filepath.Join(c.DataDir, KeyFileName)); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), c); err == nil || !strings.Contains(err.Error(), "cordon init") {
		t.Errorf("half set up: %v", err)
	}
	store, err := openStore(t.Context(), c, [32]byte{}) // an empty database too
	if err != nil {
		t.Fatal(err)
	}
	store.Close()
	if _, err := New(t.Context(), c); err == nil || !strings.Contains(err.Error(), "cordon init") {
		t.Errorf("half set up: %v", err)
	}
	if _, _, err := Init(t.Context(), c, hub, root); err != nil {
		t.Fatal(err)
	}
	opened(t, c)
}

// TestLocalTokenIsThisProcessOnly: what FirstPersonClient carries opens no
// other process's door.
func TestLocalTokenIsThisProcessOnly(t *testing.T) {
	c, _ := initialised(t)
	a, b := opened(t, c), opened(t, c)
	if _, err := b.Client(a.local).Me(t.Context()); cordon.KindOf(err) != cordon.KindUnauthenticated {
		t.Errorf("another process took it: %v", err)
	}
	if _, err := a.Client("").Me(t.Context()); cordon.KindOf(err) != cordon.KindUnauthenticated {
		t.Errorf("no token at all: %v", err)
	}
}

func TestClearErrorsAndNoDamage(t *testing.T) {
	good, token := initialised(t)
	other, _ := initialised(t)
	empty := t.TempDir()
	file := filepath.Join(empty, "a-file")
	if err := os.WriteFile(file, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	newer, _ := initialised(t)
	execute(t, newer, "PRAGMA user_version = 9999")
	foreign := Config{DataDir: t.TempDir(), KeyFile: filepath.Join(good.DataDir, KeyFileName)}
	if err := os.WriteFile(filepath.Join(foreign.DataDir, "cordon.db"), []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	before := contents(t, good.DataDir, newer.DataDir, foreign.DataDir)
	for _, c := range []struct {
		name   string
		config Config
		kind   cordon.Kind
		says   []string
	}{
		{"nothing said", Config{}, cordon.KindInvalid, []string{"data directory", "PostgreSQL"}},
		{"no directory", Config{DataDir: filepath.Join(empty, "absent")}, cordon.KindInvalid, []string{"absent", "cordon init --data"}},
		{"an empty directory", Config{DataDir: empty}, cordon.KindInvalid, []string{"cordon init --data"}},
		{"no key", Config{DataDir: good.DataDir, KeyFile: filepath.Join(empty, "no.key")}, cordon.KindInvalid, []string{"no.key", "nothing opens"}},
		{"no key file", Config{DataDir: good.DataDir, KeyFile: file}, cordon.KindInvalid, []string{"a-file", "not a Cordon root key"}},
		{"another key", Config{DataDir: good.DataDir, KeyFile: filepath.Join(other.DataDir, KeyFileName)}, cordon.KindInvalid, []string{"not the one the data was sealed with"}},
		{"a newer database", newer, cordon.KindInvalid, []string{"newer Cordon"}},
		{"no database", foreign, cordon.KindInvalid, nil},
		{"no PostgreSQL", Config{PostgresURL: "postgres://127.0.0.1:1/x?sslmode=disable", KeyFile: filepath.Join(good.DataDir, KeyFileName)}, cordon.KindUnavailable, nil},
		{"PostgreSQL without a key", Config{PostgresURL: "postgres:///x"}, cordon.KindInvalid, []string{"root key"}},
		{"a malformed URL", Config{PostgresURL: "postgres://u:secret@[::1", KeyFile: filepath.Join(good.DataDir, KeyFileName)}, cordon.KindInvalid, []string{"PostgreSQL URL"}},
	} {
		a, err := New(t.Context(), c.config)
		if err == nil {
			a.Close()
			t.Errorf("%s: opened", c.name)
			continue
		}
		if cordon.KindOf(err) != c.kind || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v: %v", c.name, cordon.KindOf(err), err)
		}
		for _, want := range c.says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not say %q", c.name, err, want)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(empty, "absent")); err == nil {
		t.Error("a directory that was not there was made")
	}
	if entries, _ := os.ReadDir(empty); len(entries) != 1 {
		t.Errorf("something was made in an empty directory: %v", entries)
	}
	for name, data := range contents(t, good.DataDir, newer.DataDir, foreign.DataDir) {
		if base := filepath.Base(name); base != "cordon.db-wal" && base != "cordon.db-shm" && before[name] != data {
			t.Errorf("%s was changed", name)
		}
	}
	if _, err := opened(t, good).Client(token).Me(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestReadOnlyDirectory opens as somebody who may not write there. The test
// usually runs as root, who may write everywhere; so its thread gives that up.
func TestReadOnlyDirectory(t *testing.T) {
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("needs Linux and root to become somebody else")
	}
	c, token := initialised(t)
	for dir := c.DataDir; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o555 == 0o555 {
			continue
		}
		if err := os.Chmod(dir, info.Mode().Perm()|0o555); err != nil {
			t.Fatal(err)
		}
	}
	key := filepath.Join(c.DataDir, KeyFileName)
	for _, err := range []error{os.Chmod(filepath.Join(c.DataDir, "cordon.db"), 0o444), os.Chmod(key, 0o400), os.Chown(key, 65534, 65534)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	err := func() error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := syscall.Setfsuid(65534); err != nil {
			t.Fatal(err)
		}
		defer syscall.Setfsuid(0)
		_, err := New(t.Context(), c)
		return err
	}()
	if cordon.KindOf(err) != cordon.KindUnavailable && cordon.KindOf(err) != cordon.KindInvalid || err == nil {
		t.Fatalf("%v: %v", cordon.KindOf(err), err)
	}
	t.Logf("says: %v", err)
	if _, err := opened(t, c).Client(token).Me(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestPortInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, _ := initialised(t)
	c.PlainHTTP = true
	for listen, says := range map[string]string{l.Addr().String(): "is in use", "192.0.2.1:1": "HOST:PORT"} {
		c.Listen = listen
		a := opened(t, c)
		if err := a.Run(t.Context()); cordon.KindOf(err) != cordon.KindUnavailable || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", listen, err)
		}
	}
}

// TestAStalledRequestKeepsNoServer: a client that sends half of a request and then
// nothing is broken off, and what was acknowledged stays.
func TestAStalledRequestKeepsNoServer(t *testing.T) {
	t.Parallel()
	c, token := initialised(t)
	c.Listen = "127.0.0.1:0"
	server := opened(t, c)
	server.drain = 10 * time.Millisecond
	l, err := server.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, l) }()
	if _, err := client.New(&url.URL{Scheme: "http", Host: l.Addr().String()}, token, nil).Publish(t.Context(), draft("Acknowledged")); err != nil {
		t.Fatal(err)
	}
	stalled, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer stalled.Close()
	// The server asks for the rest once it has begun to read: then it is under way.
	if _, err := fmt.Fprintf(stalled, "POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n", token); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stalled).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
		t.Fatalf("%q, %v", line, err)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	list, err := server.FirstPersonClient().Reports(t.Context(), wire.Page{})
	if err != nil || len(list.Items) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestServe serves on a socket beside a command line on the same directory,
// ends when it is told to, and has signed what was recorded.
func TestServe(t *testing.T) {
	c, token := initialised(t)
	c.Listen = "127.0.0.1:0"
	server, beside := opened(t, c), opened(t, c)
	l, err := server.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, l) }()
	remote := client.New(&url.URL{Scheme: "http", Host: l.Addr().String()}, token, nil)
	for i := range 10 {
		p, err := remote.Publish(t.Context(), draft("Over the socket"))
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			p, err = beside.FirstPersonClient().Publish(t.Context(), draft("Beside it"))
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := remote.Open(t.Context(), string(p.Report)); err != nil {
			t.Error(err)
		}
		if _, err := beside.FirstPersonClient().Open(t.Context(), string(p.Report)); err != nil {
			t.Error(err)
		}
	}
	if _, err := client.New(&url.URL{Scheme: "http", Host: l.Addr().String()}, "wrong", nil).Me(t.Context()); cordon.KindOf(err) != cordon.KindUnauthenticated {
		t.Errorf("a wrong token over the socket: %v", err)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	if _, err := http.Get("http://" + l.Addr().String() + "/healthz"); err == nil {
		t.Error("it goes on serving")
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if err := beside.store.View(t.Context(), func(tx cordon.ReadTx) error {
		pending, err := tx.Pending(10)
		if err == nil && len(pending) > 0 {
			t.Errorf("%d entries are not signed", len(pending))
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	if v := must(beside.FirstPersonClient().VerifyLedger(t.Context(), wire.VerificationDraft{}))(t); !v.OK {
		t.Errorf("%+v", v.Fault)
	}
}

func TestOnPostgreSQL(t *testing.T) {
	dir := t.TempDir()
	c := Config{PostgresURL: pgtest.Start(t), KeyFile: filepath.Join(dir, "keys", "root.key")}
	if _, err := New(t.Context(), c); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "root key") {
		t.Errorf("before it is set up: %v", err)
	}
	if _, _, err := Init(t.Context(), c, hub, root); err != nil {
		t.Fatal(err)
	}
	one, two := opened(t, c), opened(t, c)
	p := must(one.FirstPersonClient().Publish(t.Context(), draft("On one node")))(t)
	if _, err := two.FirstPersonClient().Open(t.Context(), string(p.Report)); err != nil {
		t.Error(err)
	}
	wrong := c
	wrong.KeyFile = filepath.Join(dir, "wrong.key")
	if err := vault.CreateKeyFile(wrong.KeyFile); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), wrong); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "sealed with") {
		t.Errorf("with another key: %v", err)
	}
}

// TestScrubAfterAKill: a containment whose process died before its scrub is
// scrubbed when the next one starts.
func TestScrubAfterAKill(t *testing.T) {
	c, _ := initialised(t)
	a := opened(t, c)
	api := a.FirstPersonClient()
	p := must(api.Publish(t.Context(), wire.Draft{
		Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: "T"},
		Portions: []wire.PortionDraft{{Marking: "U", Text: "To be struck."}},
	}))(t)
	i := must(api.OpenIncident(t.Context(), wire.IncidentDraft{Title: "I"}))(t)
	if done := must(api.Contain(t.Context(), i.ID, wire.Plan{Strike: []cordon.ID{p.Portions[1].ID}}))(t); !done.Scrubbed {
		t.Fatal("not scrubbed")
	}
	due := func(set []byte) (value []byte) {
		if err := a.store.Update(t.Context(), func(tx cordon.WriteTx) (err error) {
			if set != nil {
				return tx.PutMeta("contain.scrub", set)
			}
			value, err = tx.Meta("contain.scrub")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return value
	}
	if v := due(nil); len(v) != 0 {
		t.Errorf("after a scrub another is due: %q", v)
	}
	due([]byte("left by a killed process"))
	b := opened(t, c)
	b.Close() // finishes what the background had to do
	if v := due(nil); len(v) != 0 {
		t.Errorf("the next start did not scrub: %q", v)
	}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func execute(t testing.TB, c Config, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", c.database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func contents(t testing.TB, dirs ...string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			all[path] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
