package tty

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestWidth(t *testing.T) {
	for text, want := range map[string]int{
		"":                    0,
		"abc":                 3,
		"é":                   1,
		"e\u0301":             1, // a letter and an accent of its own
		"漢字":                  4,
		"\x1b[1mbold\x1b[0m":  4,
		"a\u200bb":            2, // a blank of no width
		"„so“":                4,
		"\x1b[31mnever ended": 11,
	} {
		if got := Width(text); got != want {
			t.Errorf("Width(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"plain\ntext":          "plain\ntext",
		"\x1b]0;title\x07":     "\ufffd]0;title\ufffd",
		"\u009b31m":            "\ufffd31m",
		"a\tb":                 "a b",
		"safe\u202eexe.txt":    "safe\ufffdexe.txt",
		"\u2066isolated\u2069": "\ufffdisolated\ufffd",
		"back\rover":           "back\ufffdover",
	} {
		if got := Clean(text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                      "plain",
		"p\nstate  released":         `p\nstate  released`,
		"a\r\nb\u2028c\u2029d\u0085": "a\ufffd\\nb\\nc\\nd\ufffd",
	} {
		if got := Line(text); got != want {
			t.Errorf("Line(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"one two three", 7, "one two|three"},
		{"one two three", 0, "one two three"},
		{"a verylongword b", 4, "a|verylongword|b"},
		{"漢字 漢字", 4, "漢字|漢字"},
		{"line\nline", 10, "line|line"},
		{"", 10, ""},
	} {
		if got := strings.Join(Wrap(c.text, c.columns), "|"); got != c.want {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	head := []string{"NAME", "TEXT", "ID"}
	rows := [][]string{{"漢字", "one two three four", "x1"}, {"é", "five\nsix", "x2"}}
	for _, c := range []struct {
		width int
		want  string
	}{
		{0, "" +
			"NAME  TEXT                ID\n" +
			"漢字  one two three four  x1\n" +
			"é     five six            x2\n"},
		{20, "" +
			"NAME  TEXT        ID\n" +
			"漢字  one two     x1\n" +
			"      three four\n" +
			"é     five        x2\n" +
			"      six\n"},
	} {
		var b bytes.Buffer
		(&Screen{Writer: &b, Width: c.width}).Table(head, rows)
		if b.String() != c.want {
			t.Errorf("width %d:\n%swant\n%s", c.width, b.String(), c.want)
		}
	}
}

// TestNothingIsBroken holds that a name too long for the screen stays whole,
// so that it can be copied.
func TestNothingIsBroken(t *testing.T) {
	id := strings.Repeat("x", 26)
	var b bytes.Buffer
	(&Screen{Writer: &b, Width: 20}).Table([]string{"A", "B"}, [][]string{{id, "some more words"}})
	if !strings.Contains(b.String(), id) {
		t.Errorf("the id is broken:\n%s", b.String())
	}
}

func TestBar(t *testing.T) {
	c := Colours{Letters: "#ffffff", Behind: "#c8102e"}
	plain := &Screen{Width: 20}
	if got := plain.Bar("SECRET", c); got != "       SECRET" {
		t.Errorf("without colour: %q", got)
	}
	coloured := &Screen{Width: 20, Colour: true}
	if got := coloured.Bar("SECRET", c); !strings.HasPrefix(got, "\x1b[1;38;5;231;48;5;160m") || Width(got) != 20 || !strings.Contains(got, "SECRET") {
		t.Errorf("with colour: %q", got)
	}
	if got := coloured.Bar("H2", Colours{}); strings.Contains(got, "\x1b") {
		t.Errorf("a marking without colours: %q", got)
	}
}

func TestAFileTakesNoColour(t *testing.T) {
	f, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := New(f, func(string) string { return "" })
	if s.Colour || s.Terminal || s.Width != 0 {
		t.Errorf("%+v", s)
	}
	if got := s.Bold("x") + s.Red("y"); got != "xy" {
		t.Errorf("%q", got)
	}
}
