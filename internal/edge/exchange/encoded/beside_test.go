package encoded_test

import (
	"strings"
	"testing"

	"cordon/internal/edge/exchange/encoded"
)

// Text in percent-encoding and in the escapes of programs is compared as it reads.
func TestBeside(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"mailto:a@b.example?subject=x&body=The%20courier%20met%20nobody.", "body=The courier met nobody."},
		{"see https://x.example/?q=the+courier%20met now", "q=the courier met"},
		{"100% sure, 50%ab", ""},
		{`var a = "\x54\x68\x65\x20courier";`, `var a = "The courier";`},
		{`"\u0054\u0068\u{65}\040courier"`, `"The courier"`},
		{`C:\x86\temp`, ""},
		{"%FF%FE%00", ""},
	} {
		if got := strings.Join(encoded.Beside(c.text), "\n"); got != c.want {
			t.Errorf("%q: %q, not %q", c.text, got, c.want)
		}
	}
}
