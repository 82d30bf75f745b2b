package vault_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cordon"
	"cordon/internal/core/vault"
)

type fixedKey [32]byte

func (k fixedKey) Root() ([32]byte, error) { return k, nil }

// memory is the small part of a store that a vault needs.
type memory struct {
	cordon.MetaReader
	cordon.MetaWriter
	meta map[string][]byte
	keys map[cordon.ID]cordon.Sealed
}

func newMemory() *memory {
	return &memory{meta: map[string][]byte{}, keys: map[cordon.ID]cordon.Sealed{}}
}

func (m *memory) Meta(key string) ([]byte, error) {
	if v, ok := m.meta[key]; ok {
		return v, nil
	}
	return nil, cordon.ErrNotFound
}

func (m *memory) PutMeta(key string, v []byte) error { m.meta[key] = v; return nil }

func (m *memory) OwnerKey(id cordon.ID) (cordon.Sealed, error) {
	if k, ok := m.keys[id]; ok {
		return k, nil
	}
	return nil, cordon.ErrNotFound
}

func (m *memory) PutOwnerKey(id cordon.ID, k cordon.Sealed) error { m.keys[id] = k; return nil }

func open(t testing.TB, key byte) *vault.Vault {
	t.Helper()
	v, err := vault.New(fixedKey{key})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func binding() vault.Binding {
	rule := cordon.Rule{
		Levels: []cordon.Level{{Scheme: "us", Rank: 2}},
		Owners: []cordon.OwnerPolicy{{Owner: "owner-a", Recipients: []cordon.ID{"owner-c"}}, {Owner: "owner-b"}},
	}
	rule.Normalise()
	return vault.Binding{Portion: "portion-1", Report: "report-1", Mark: "S//NF", Rule: rule}
}

func owners(t testing.TB, v *vault.Vault, m *memory) {
	t.Helper()
	for _, id := range []cordon.ID{"owner-a", "owner-b", "owner-c"} {
		if err := v.NewOwner(m, id); err != nil {
			t.Fatal(err)
		}
	}
}

const secret = "the city is Marrow Quay"

func TestWhatIsSealedOpensUnderTheSameBindingOnly(t *testing.T) {
	v, m := open(t, 1), newMemory()
	owners(t, v, m)
	ring := v.Ring(m)
	body, key, err := ring.Seal(binding(), []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(body, []byte("Marrow")) {
		t.Fatal("the body carries the text")
	}
	text, err := ring.Open(binding(), body, key)
	if err != nil || string(text) != secret {
		t.Fatalf("opened %q, %v", text, err)
	}

	for name, change := range map[string]func(*vault.Binding){
		"marking":      func(b *vault.Binding) { b.Mark = "U" },
		"portion":      func(b *vault.Binding) { b.Portion = "portion-2" },
		"report":       func(b *vault.Binding) { b.Report = "report-2" },
		"level":        func(b *vault.Binding) { b.Rule.Levels = nil },
		"recipients":   func(b *vault.Binding) { b.Rule.Owners[1].Recipients = []cordon.ID{"owner-c"} },
		"an owner":     func(b *vault.Binding) { b.Rule.Owners[1].Owner = "owner-c" },
		"fewer owners": func(b *vault.Binding) { b.Rule.Owners = b.Rule.Owners[:1] },
		"no owners":    func(b *vault.Binding) { b.Rule.Owners = nil },
		"circle":       func(b *vault.Binding) { b.Rule.Circled = true },
		"custody":      func(b *vault.Binding) { b.Custody = "incident-1" },
		"no custody, a joined id": func(b *vault.Binding) {
			b.Portion, b.Report = b.Portion+b.Report[:1], b.Report[1:]
		},
	} {
		b := binding()
		change(&b)
		text, err := v.Ring(m).Open(b, body, key)
		if err == nil || text != nil {
			t.Errorf("%s changed, and it opened", name)
		}
		if err != nil && strings.Contains(err.Error(), "Marrow") {
			t.Errorf("%s changed: the error carries the text", name)
		}
	}
}

func TestTamperedBytesDoNotOpen(t *testing.T) {
	v, m := open(t, 1), newMemory()
	owners(t, v, m)
	body, key, err := v.Ring(m).Seal(binding(), []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		b, k := bytes.Clone(body), bytes.Clone(key)
		target := rapid.SampledFrom([][]byte{b, k}).Draw(t, "part")
		target[rapid.IntRange(0, len(target)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		if _, err := v.Ring(m).Open(binding(), b, k); cordon.KindOf(err) != cordon.KindInternal || err == nil {
			t.Fatalf("a changed byte: %v, want Internal", err)
		}
	})
	for n := range len(body) {
		if _, err := v.Ring(m).Open(binding(), body[:n], key); err == nil {
			t.Fatalf("a body cut to %d bytes opened", n)
		}
	}
}

func TestWithoutAnyOwnersKeyItStaysShut(t *testing.T) {
	v, m := open(t, 1), newMemory()
	owners(t, v, m)
	body, key, err := v.Ring(m).Seal(binding(), []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	for _, owner := range []cordon.ID{"owner-a", "owner-b"} {
		kept := m.keys[owner]
		delete(m.keys, owner)
		if _, err := v.Ring(m).Open(binding(), body, key); err == nil {
			t.Errorf("opened without the key of %s", owner)
		}
		if err := v.NewOwner(m, owner); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Ring(m).Open(binding(), body, key); err == nil {
			t.Errorf("opened with another key of %s", owner)
		}
		m.keys[owner] = kept
	}
	if _, err := v.Ring(m).Open(binding(), body, key); err != nil {
		t.Errorf("with every key again: %v", err)
	}
}

func TestRebindShutsTheOldBinding(t *testing.T) {
	v, m := open(t, 1), newMemory()
	owners(t, v, m)
	ring := v.Ring(m)
	body, key, _ := ring.Seal(binding(), []byte(secret))
	custody := binding()
	custody.Custody = "incident-1"
	newBody, newKey, err := ring.Rebind(binding(), custody, body, key)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := ring.Open(custody, newBody, newKey); err != nil || string(text) != secret {
		t.Errorf("custody opened %q, %v", text, err)
	}
	if _, err := ring.Open(binding(), newBody, newKey); err == nil {
		t.Error("a text in custody opens as a portion in its place")
	}
	if _, err := ring.Open(custody, newBody, key); err == nil {
		t.Error("the old key opens the new body")
	}
}

func TestPreparedRingOpensAfterTheTransaction(t *testing.T) {
	v, m := open(t, 1), newMemory()
	owners(t, v, m)
	body, key, _ := v.Ring(m).Seal(binding(), []byte(secret))
	ring := v.Ring(m)
	if err := ring.Prepare(binding().Rule); err != nil {
		t.Fatal(err)
	}
	clear(m.keys) // the transaction is over: the ring may not ask again
	if text, err := ring.Open(binding(), body, key); err != nil || string(text) != secret {
		t.Errorf("opened %q, %v", text, err)
	}
}

func TestRecordsAreBoundToOwnerAndContext(t *testing.T) {
	v, m := open(t, 1), newMemory()
	owners(t, v, m)
	ring := v.Ring(m)
	sealed, err := ring.SealRecord("owner-a", "name:1", []byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := ring.OpenRecord("owner-a", "name:1", sealed); err != nil || string(text) != secret {
		t.Errorf("opened %q, %v", text, err)
	}
	if _, err := ring.OpenRecord("owner-a", "name:2", sealed); err == nil {
		t.Error("a record opens in another's place")
	}
	if _, err := ring.OpenRecord("owner-b", "name:1", sealed); err == nil {
		t.Error("a record opens for another owner")
	}
	root := v.SealRoot("a", []byte(secret))
	if text, err := v.OpenRoot("a", root); err != nil || string(text) != secret {
		t.Errorf("opened %q, %v", text, err)
	}
	if _, err := v.OpenRoot("b", root); err == nil {
		t.Error("an installation's record opens in another's place")
	}
}

func TestWrongRootKeyIsTold(t *testing.T) {
	right, wrong, m := open(t, 1), open(t, 2), newMemory()
	if err := right.Check(m); cordon.KindOf(err) != cordon.KindNotFound {
		t.Errorf("an empty store: %v, want NotFound", err)
	}
	if err := right.Initialise(m); err != nil {
		t.Fatal(err)
	}
	if err := right.Check(m); err != nil {
		t.Errorf("the right key: %v", err)
	}
	if err := wrong.Check(m); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("a wrong key: %v, want Invalid", err)
	}
	owners(t, right, m)
	if _, err := wrong.Ring(m).SealRecord("owner-a", "x", nil); err == nil {
		t.Error("a wrong root key unwraps an owner's key")
	}
	if right.Subkey("words") == right.Subkey("prints") || right.Subkey("words") == wrong.Subkey("words") {
		t.Error("subkeys of another purpose or root are the same")
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root.key")
	if _, err := vault.KeyFile(path).Root(); cordon.KindOf(err) != cordon.KindUnavailable {
		t.Errorf("no file: %v, want Unavailable", err)
	}
	if err := vault.CreateKeyFile(path); err != nil {
		t.Fatal(err)
	}
	first, err := vault.KeyFile(path).Root()
	if err != nil || first == [32]byte{} {
		t.Fatalf("root %v, %v", first, err)
	}
	if err := vault.CreateKeyFile(path); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("a second key file: %v, want Conflict", err)
	}
	if again, _ := vault.KeyFile(path).Root(); again != first {
		t.Error("a refused second key file changed the first")
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("key file mode %v, want 0600", info.Mode())
	}
	for mode, taken := range map[os.FileMode]bool{0o604: false, 0o602: false, 0o644: false, 0o640: true, 0o400: true} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		root, err := vault.KeyFile(path).Root()
		if taken && (err != nil || root != first) || !taken && (err == nil || cordon.KindOf(err) != cordon.KindInvalid || root != [32]byte{}) {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
	os.Chmod(path, 0o600)
	for _, text := range []string{"", "cordon-root-key-v1", "cordon-root-key-v1 AAAA\n", "secretsecret", "cordon-root-key-v2 " + strings.Repeat("A", 43) + "="} {
		os.WriteFile(path, []byte(text), 0o600)
		_, err := vault.KeyFile(path).Root()
		if cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("key file %q: %v, want Invalid", text, err)
		}
		if text != "" && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error carries the file's contents: %v", err)
		}
	}
}

func BenchmarkOpen50(b *testing.B) {
	v, m := open(b, 1), newMemory()
	owners(b, v, m)
	text := bytes.Repeat([]byte("x"), 1024)
	body, key, err := v.Ring(m).Seal(binding(), text)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		ring := v.Ring(m)
		for range 50 {
			if _, err := ring.Open(binding(), body, key); err != nil {
				b.Fatal(err)
			}
		}
	}
}
