package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"cordon"
	"cordon/internal/core/vault"
	"cordon/internal/harness/pgtest"
	"cordon/wire"
)

// anotherKey is a root key of another installation.
func anotherKey(t *testing.T) string {
	t.Helper()
	other := filepath.Join(t.TempDir(), "other.key")
	if err := vault.CreateKeyFile(other); err != nil {
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
	for at, want := range map[int]string{40: "", len(whole) / 2: "altered", len(whole) - 5: "altered"} { // 40 is in who can open it
		flipped := bytes.Clone(whole)
		flipped[at] ^= 4
		refused("with a bit flipped", want, flipped, mine, key)
	}
	refused("with another identity", "does not open", whole, identity(t), key)
	refused("with another root key", "not the one", whole, mine, anotherKey(t))

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

// TestStruckStaysStruck: what was struck after a backup, and what was destroyed, does not
// come back with it, unless somebody says so.
func TestStruckStaysStruck(t *testing.T) {
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
	api := later.FirstPersonClient()
	incident, err := api.OpenIncident(t.Context(), wire.IncidentDraft{Title: "The Monday meeting"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.Contain(t.Context(), incident.ID, wire.Plan{Strike: []cordon.ID{w.portions[1], w.portions[3]}}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(key + ".struck"); err != nil || bytes.Count(text, []byte("struck "+string(w.portions[1]))) != 1 || bytes.Contains(text, []byte("courier")) {
		t.Errorf("the journal when contain has answered: %s, %v", text, err)
	}
	if err := api.Destroy(t.Context(), w.portions[3]); err != nil {
		t.Fatal(err)
	}
	if _, err := later.ledger.Tick(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	later.Close()

	// Kept as they are now, since a restore begins a new one beside its key.
	keep := func(name string) string {
		text, err := os.ReadFile(key + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	newest, journal, reach := keep(".newest"), keep(".struck"), keep(".struck.reach")
	restore := func(r Restoring, newest, journal, reach string) (Config, Restored, error) {
		t.Helper()
		to := Config{DataDir: t.TempDir()}
		text, err := os.ReadFile(key)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string]string{"": string(text), ".newest": newest, ".struck": journal, ".struck.reach": reach} {
			if text == "" {
				continue
			}
			if err := os.WriteFile(filepath.Join(to.DataDir, KeyFileName+name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r.File, r.With = file, []age.Identity{mine}
		done, err := Restore(t.Context(), to, r)
		return to, done, err
	}

	to, done, err := restore(Restoring{}, newest, journal, reach)
	if err != nil || done.Struck != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	w.reads(t, to, "Night shift", "courier")
	w.reads(t, to, "Night shift", "Nothing else")
	again := opened(t, to)
	if got, err := again.FirstPersonClient().Custody(t.Context(), w.portions[1]); err != nil || !strings.Contains(got.Text, "courier") || got.Incident != incident.ID {
		t.Errorf("in custody is %+v, %v", got, err)
	}
	if got, err := again.FirstPersonClient().Custody(t.Context(), w.portions[3]); cordon.KindOf(err) != cordon.KindNotFound || err == nil {
		t.Errorf("what was destroyed is %+v, %v", got, err)
	}
	again.Close()

	for what, try := range map[string][3]string{
		"no journal":                         {newest, "", ""},
		"a journal that nobody vouches for":  {newest, journal, ""},
		"a journal cut short":                {newest, journal[:strings.Index(journal, "\n")+1], reach},
		"a journal of before":                {newest, "", `{"lines":0}`},
		"no journal and no newer checkpoint": {"", "", ""},
	} {
		to, _, err := restore(Restoring{}, try[0], try[1], try[2])
		if cordon.KindOf(err) != cordon.KindConflict {
			t.Errorf("with %s: %v", what, err)
		}
		if _, err := New(t.Context(), to); err == nil {
			t.Errorf("with %s something is there", what)
		}
	}
	if _, _, err := restore(Restoring{}, newest, strings.Replace(journal, "destroyed", "destroyee", 1), reach); err == nil || !strings.Contains(err.Error(), "altered") {
		t.Errorf("with an altered journal: %v", err)
	}

	to, done, err = restore(Restoring{WithoutJournal: true}, newest, "", "")
	if err != nil || done.Struck != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	w.reads(t, to, "courier", "quartermaster")
	said := opened(t, to)
	entries := 0
	err = said.store.View(t.Context(), func(tx cordon.ReadTx) error {
		all, err := tx.Feed("", 0, 1000)
		for _, e := range all {
			if e.Entry.Act == cordon.ActRestore && len(e.Entry.Reasons) == 1 && e.Entry.Reasons[0] == ReasonWithoutJournal {
				entries++
			}
		}
		return err
	})
	if err != nil || entries != 1 {
		t.Errorf("the ledger has it %d times: %v", entries, err)
	}
}
