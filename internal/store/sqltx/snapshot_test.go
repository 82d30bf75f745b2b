package sqltx

import "testing"

// TestWhatASnapshotSaw: what is kept may be used only by a transaction that
// has seen all of it.
func TestWhatASnapshotSaw(t *testing.T) {
	parse := func(text string) snapshot {
		s, err := parseSnapshot(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, c := range []struct {
		kept, now string
		within    bool
	}{
		{"5:5:", "5:5:", true},
		{"5:5:", "5:6:5", true},
		{"5:9:5,7", "5:9:5,7", true},
		{"5:9:5,7", "7:9:7", true},
		{"5:9:5,7", "9:12:", true},
		{"7:9:7", "5:9:5,7", false},   // 5 was seen
		{"5:9:5,7", "5:9:5,6", false}, // 6 was
		{"9:9:", "5:8:", false},       // 8 was
		{"9:9:", "8:9:8", false},
		{"9:9: here", "9:12: there", false}, // another server, or after it was started again
	} {
		if got := parse(c.kept).within(parse(c.now)); got != c.within {
			t.Errorf("%q within %q: %v", c.kept, c.now, got)
		}
	}
	if got := parse("5:9:7,5").least(); got != 5 {
		t.Errorf("the least not seen is %d", got)
	}
	for _, text := range []string{"", "5", "5:6", "a:b:c", "5:6:7,x", "5:6:7:8"} {
		if _, err := parseSnapshot(text); err == nil {
			t.Errorf("%q is a snapshot", text)
		}
	}
}
