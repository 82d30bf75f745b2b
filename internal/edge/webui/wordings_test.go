package webui

import (
	"strings"
	"testing"
)

// TestCompareWords: what is marked is what the one has and the other has not, and
// nothing is lost of either.
func TestCompareWords(t *testing.T) {
	t.Parallel()
	marked := func(all []piece) (marked, whole string) {
		for _, p := range all {
			whole += p.Text
			if p.Changed {
				p.Text = "[" + p.Text + "]"
			}
			marked += p.Text
		}
		return marked, whole
	}
	long := strings.Repeat("word ", 20_000)
	for _, c := range []struct{ before, after, old, new string }{
		{"The city is Velmora.", "It is a port city.", "The city is Velmora.", ""},
		{"a b c", "a x c", "a [b ]c", "a [x ]c"},
		{"a b c", "a c", "a [b ]c", "a c"},
		{"a\n\nb", "a b", "[a\n\n]b", "[a ]b"},
		{"", "new", "", "[new]"},
		{"same", "same", "same", "same"},
		{"x " + long + "y", "y " + long + "x", "", ""},
	} {
		old, new := compareWords(c.before, c.after)
		a, wholeA := marked(old)
		b, wholeB := marked(new)
		if wholeA != c.before || wholeB != c.after || c.new != "" && (a != c.old || b != c.new) {
			t.Errorf("%.40q beside %.40q: %.80q and %.80q", c.before, c.after, a, b)
		}
	}
}
