package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"cordon"
	"cordon/internal/harness/pgtest"
)

// otherKey is a root key of another installation.
func anotherKey(t *testing.T, key string) string {
	t.Helper()
	text, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)-10] ^= 1
	other := filepath.Join(t.TempDir(), "other.key")
	if err := os.WriteFile(other, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return other
}

func identity(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestBackup(t *testing.T) {
	t.Parallel()
	c, _ := initialised(t)
	w := small(t, c)
	key := filepath.Join(c.DataDir, KeyFileName)
	mine, second := identity(t), identity(t)
	file := filepath.Join(t.TempDir(), "backup.age")
	running := opened(t, c) // as a server would
	done, err := Backup(t.Context(), c, file, []age.Recipient{mine.Recipient(), second.Recipient()})
	if err != nil || done.Rows < 50 {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := Backup(t.Context(), c, file, []age.Recipient{mine.Recipient()}); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("over a file that is there: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); err != nil || len(left) != 1 {
		t.Errorf("there are %v, %v", left, err)
	}
	running.Close()
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"courier", "HUB", "cordon dump", w.token} {
		if bytes.Contains(whole, []byte(word)) {
			t.Errorf("the backup has %q in it", word)
		}
	}
	for _, id := range []age.Identity{mine, second} {
		if read, err := CheckBackup(file, []age.Identity{id}, key); err != nil || read != done {
			t.Errorf("it is %+v and was %+v: %v", read, done, err)
		}
	}
	if _, err := CheckBackup(file, []age.Identity{mine}, ""); err != nil {
		t.Errorf("without the root key: %v", err)
	}
	refused := func(what, want string, data []byte, id age.Identity, key string) {
		t.Helper()
		name := filepath.Join(t.TempDir(), "b.age")
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := CheckBackup(name, []age.Identity{id}, key)
		if cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: verified it is %v", what, err)
		}
		to := Config{DataDir: filepath.Join(t.TempDir(), "data"), KeyFile: key}
		if _, err := Restore(t.Context(), to, Restoring{File: name, With: []age.Identity{id}, WithoutJournal: true}); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("%s: restored it is %v", what, err)
		}
		if _, err := New(t.Context(), to); err == nil {
			t.Errorf("%s: something is there", what)
		}
	}
	refused("cut off", "cut off", whole[:len(whole)-20_000], mine, key)
	refused("cut off where a chunk ends", "cut off", whole[:len(whole)-len(whole)%1000], mine, key)
	for _, at := range []int{40, len(whole) / 2, len(whole) - 5} {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 4
		refused("with a bit flipped", "altered", flipped, mine, key)
	}
	refused("with another identity", "does not open", whole, identity(t), key)
	refused("with another root key", "not the one", whole, mine, anotherKey(t, key))

	// What was changed in the database by something else is not backed up.
	rewrite(t, c, `UPDATE portions SET mark = 'S' WHERE ordinal = 1`)
	if _, err := Backup(t.Context(), c, file+"2", []age.Recipient{mine.Recipient()}); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "portions/") {
		t.Errorf("of a rewritten database: %v", err)
	}
	if _, err := os.Stat(file + "2"); err == nil {
		t.Error("it is there")
	}
}

// TestRestore puts a backup back, on the other engine too, after more was done.
func TestRestore(t *testing.T) {
	t.Parallel()
	c, _ := initialised(t)
	w := small(t, c)
	key := filepath.Join(c.DataDir, KeyFileName)
	mine := identity(t)
	file := filepath.Join(t.TempDir(), "backup.age")
	if _, err := Backup(t.Context(), c, file, []age.Recipient{mine.Recipient()}); err != nil {
		t.Fatal(err)
	}
	later := opened(t, c)
	if _, err := later.FirstPersonClient().Publish(t.Context(), draft("Afterwards")); err != nil {
		t.Fatal(err)
	}
	if _, err := later.ledger.Tick(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	later.Close()

	r := Restoring{File: file, With: []age.Identity{mine}, WithoutJournal: true}
	if _, err := Restore(t.Context(), c, r); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("over what is there: %v", err)
	}
	newest, err := os.ReadFile(key + ".newest")
	if err != nil {
		t.Fatal(err)
	}
	for _, to := range []Config{{DataDir: filepath.Join(t.TempDir(), "data"), KeyFile: key}, {PostgresURL: pgtest.Start(t), KeyFile: key}} {
		if err := os.WriteFile(key+".newest", newest, 0o600); err != nil {
			t.Fatal(err)
		}
		done, err := Restore(t.Context(), to, r)
		if err != nil {
			t.Fatal(err)
		}
		if done.Newest <= done.Size {
			t.Errorf("nothing is said to be lost: %+v", done)
		}
		w.reads(t, to, "courier", "quartermaster")
	}
}
