package tokens

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestLongExcerptsAreCutInTheMiddle(t *testing.T) {
	long := "start" + strings.Repeat("é", 1000) + "end"
	for most := 30; most < 60; most++ { // wherever a character would be cut
		got := Excerpt(long, most)
		if len(got) > most || !utf8.ValidString(got) || !strings.HasPrefix(got, "starté") || !strings.HasSuffix(got, "éend") || !strings.Contains(got, " … ") {
			t.Errorf("in %d bytes: %q", most, got)
		}
	}
	if got := Excerpt("short\xff", 30); got != "short?" {
		t.Errorf("%q", got)
	}
}
