package settings

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	known := func(key string) bool { return key != "other" && !strings.Contains(key, ".") }
	got, err := Parse("f", []byte("a = \"x\"\nb = 2\n\nc = true\nd = [\n\"y\",\n\"z\"]\ne = 2.5\n"), known)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]Setting{
		"a": {[]string{"x"}, 1}, "b": {[]string{"2"}, 2}, "c": {[]string{"true"}, 4}, "d": {[]string{"y", "z"}, 5}, "e": {[]string{"2.5"}, 8},
	} {
		if g := got[key]; g.Line != want.Line || !slices.Equal(g.Values, want.Values) {
			t.Errorf("%s is %v, want %v", key, g, want)
		}
	}
	for text, says := range map[string]string{
		"\nother = 1":                  "f:2:1: there is no setting \"other\"",
		"[table]\nx = 1":               "f:1:2: ",
		"a.b = 1":                      "f:1:1: there is no setting \"a.b\"",
		"a = 1\na = 2":                 "f:",
		"a":                            "f:1:",
		"a = 2026-05-15":               "f:1:1: a takes",
		"a = [1]":                      "f:1:1: a takes",
		"a = {b = 1}":                  "f:1:1: a takes",
		"a = \"x\" # \xff":             "f:",
		strings.Repeat("#", MaxFile+1): "larger than",
	} {
		if _, err := Parse("f", []byte(text), known); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40q: %v, want %q", text, err, says)
		}
	}
	if _, err := Parse("f", []byte("other = 1"), known); !errors.Is(err, ErrUnknown) {
		t.Errorf("an unknown key: %v", err)
	}
	if got, err := Parse("f", nil, known); err != nil || len(got) != 0 {
		t.Errorf("nothing: %v, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"listen = \":1\"\nrate = 2.5\n", "[a]\nb = 1", "a.b = 1", "list = [\"x\", 1]", "listen = { a = 1 }", "listen", "\xff", "[[a]]\n", "listen = 1\nlisten = 2",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		out, err := Parse("f", text, func(key string) bool { return key == "listen" || key == "list" })
		if err != nil {
			if !strings.Contains(err.Error(), "f:") {
				t.Errorf("%q does not say where", err)
			}
			return
		}
		for key, c := range out {
			if key != "listen" && key != "list" || c.Line < 1 || c.Line > 1+strings.Count(string(text), "\n") {
				t.Errorf("%q on line %d", key, c.Line)
			}
		}
	})
}
