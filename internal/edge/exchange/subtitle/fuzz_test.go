package subtitle_test

import (
	"strings"
	"testing"

	"cordon/internal/edge/exchange/parts"
	"cordon/internal/edge/exchange/subtitle"
)

// No word of a line that is neither a time nor a number of a cue nor a tag is
// lost.
func FuzzSubtitle(f *testing.F) {
	for _, s := range []string{
		"1\n00:00:01,000 --> 00:00:02,000\nThe fox.\n\n2\n00:00:03,000 --> 00:00:04,000\n(S//NF) The dog.\n",
		"WEBVTT - title\n\nNOTE a note\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Bob>The fox.\n",
		"[00:01] ANN: The fox.\n[00:02] BOB: The dog.\n[00:03] ANN: Both.\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if subtitle.Is(text) == "" || len(text) > 64<<10 {
			return
		}
		file := subtitle.Read("a.srt", text)
		read := file.Text().Text
		for l := range strings.SplitSeq(text, "\n") {
			l = strings.TrimSpace(l)
			if parts.Weight(l) == 0 || strings.ContainsAny(l, "<>{}[]()0123456789-–—:") || strings.HasPrefix(l, "WEBVTT") {
				continue
			}
			if !strings.Contains(read, l) {
				t.Errorf("%q is lost of %q: %q", l, text, read)
			}
		}
	})
}
