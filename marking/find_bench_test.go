package marking_test

import (
	"strings"
	"testing"

	"cordon/marking"
)

// Looking for marks in prose, a megabyte of which has a thousand of them.
func BenchmarkFind(b *testing.B) {
	set := marking.NewSet(all()...)
	text := strings.Repeat("(S//NF) The courier met the quartermaster at the north pier, \"said nothing\" and it's told that U.S. ships (two of them) left at 4. NATO and the EU know; see https://example.com/a/b.html.\n\nHe took eleven crates, and nobody asked what was in them. He was seen again by the pier in the evening.\n", 1000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range set.Find(text) {
			n++
		}
		if n != 1000 {
			b.Fatal(n)
		}
	}
}
