package parts_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"cordon/internal/edge/exchange/parts"
)

// pack makes an archive of names and texts; dropped is left out of its directory.
func pack(tb testing.TB, dropped string, all ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(all); i += 2 {
		w, err := z.Create(all[i])
		if err != nil {
			tb.Fatal(err)
		}
		w.Write([]byte(all[i+1]))
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	src := b.Bytes()
	if dropped == "" {
		return src
	}
	directory := bytes.Index(src, []byte("PK\x01\x02"))
	at := directory + bytes.Index(src[directory:], []byte(dropped)) - 46
	src = append(src[:at:at], src[at+46+len(dropped):]...)
	end := bytes.LastIndex(src, []byte("PK\x05\x06"))
	src[end+8]--
	src[end+10]--
	src[end+12] -= byte(46 + len(dropped))
	return src
}

// Bytes of an archive that belong to none of its files are told: other programs may
// show them.
func TestStray(t *testing.T) {
	t.Parallel()
	plain := pack(t, "", "a.txt", "one", "b.txt", "two")
	swap := func(old, new string) []byte { return bytes.Replace(bytes.Clone(plain), []byte(old), []byte(new), 1) }
	second := bytes.Index(plain[4:], []byte("PK\x03\x04")) + 4
	for _, c := range []struct {
		name string
		src  []byte
		want string
	}{
		{"whole", plain, ""},
		{"padded", append(bytes.Clone(plain), 0, 0, 0), ""},
		{"a file that the directory does not name", pack(t, "a.txt", "a.txt", "one", "b.txt", "two"), "the archive holds a file that its directory does not name"},
		{"another name where it lies", swap("a.txt", "c.txt"), `"a.txt" in the archive has another name where it lies`},
		{"text behind", append(bytes.Clone(plain), "the courier"...), "11 bytes stand behind the archive"},
		{"an archive behind", append(bytes.Clone(plain), plain...), "stand"},
	} {
		a, err := parts.OpenArchive(c.src, parts.NewBudget())
		if err != nil {
			if c.want != "stand" {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if a.Stray != c.want && (c.want == "" || !strings.Contains(a.Stray, c.want)) {
			t.Errorf("%s: %q, not %q", c.name, a.Stray, c.want)
		}
	}
	// Text between two files moves what the directory says by its length.
	between := append(append(bytes.Clone(plain[:second]), "PKwords"...), plain[second:]...)
	if a, err := parts.OpenArchive(between, parts.NewBudget()); err == nil && a.Stray == "" {
		t.Error("text between two files is not told")
	}
}

func FuzzStray(f *testing.F) {
	f.Add(pack(f, "", "a.txt", "one", "b/", "", "c.txt", "two"))
	f.Add(pack(f, "a.txt", "a.txt", "one", "b.txt", "two"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if a, err := parts.OpenArchive(src, parts.NewBudget()); err == nil {
			for _, name := range a.Names {
				a.Read(name)
			}
		}
	})
}

func TestBase(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.txt": "a.txt", "in/a.txt": "a.txt", `C:\in\a.txt`: "a.txt", "(S//NF) pier.txt": "(S//NF) pier.txt", "in/(S//NF) pier.txt": "(S//NF) pier.txt",
		"SECRET//NOFORN/a.txt": "a.txt", "/a": "a", "": "",
	} {
		if got := parts.Base(name); got != want {
			t.Errorf("%q gives %q, not %q", name, got, want)
		}
	}
}

func TestShown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"plain", ""},
		{"see \u202eTERCES\u202c here", "see SECRET here"},
		{"\u202e)FN//S(\u202c the pier", "(S//NF) the pier"},
		{"\u202e(FN//S)\u202c the pier", "(S//NF) the pier"},
		{"\u202eשלום\u202c", ""},
		{"\u202dשלום\u202c a", "םולש a"},
		{"\u202eba\ncd", "ab\ncd"},
	} {
		if got, ok := parts.Shown(c.text); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%q shows %q, %v, not %q", c.text, got, ok, c.want)
		}
	}
}
