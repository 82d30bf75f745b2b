package dump

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var columns = []string{"a", "b", "c"}

func sample(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, []byte("head"), func(d [32]byte) [32]byte { d[0]++; return d })
	for _, name := range []string{"first", "second"} {
		if err := w.Table(name, columns); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if err := w.Row(row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n, err := w.Close(); err != nil || n != 4 {
		t.Fatal(n, err)
	}
	return b.Bytes()
}

var rows = [][]any{{int64(-5), "text", []byte{1, 2}}, {nil, "", []byte{}}}

// read reads a dump of those two tables.
func read(data []byte) (all [][]any, err error) {
	r, _, err := NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"first", "second"} {
		if err := r.Table(name, columns, func(row []any) error { all = append(all, row); return nil }); err != nil {
			return nil, err
		}
	}
	_, digest, sum, err := r.Close()
	if digest[0]++; err == nil && sum != digest {
		err = errors.New("another sum")
	}
	return all, err
}

func TestRoundTrip(t *testing.T) {
	got, err := read(sample(t))
	if diff := cmp.Diff(append(rows, rows...), got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// TestAnyOtherByte cuts a dump at each place and changes each of its bytes.
func TestAnyOtherByte(t *testing.T) {
	whole := sample(t)
	for i := range whole {
		if _, err := read(whole[:i]); !errors.Is(err, ErrBroken) {
			t.Errorf("cut at %d: %v", i, err)
		}
		changed := bytes.Clone(whole)
		changed[i] ^= 0x10
		if _, err := read(changed); err == nil { // the sum, at the end, is the store's to hold
			t.Errorf("changed at %d it is read", i)
		}
	}
	if _, err := read(append(bytes.Clone(whole), 0)); err == nil {
		t.Error("with something after its end it is read")
	}
}

func TestAFrameIsBounded(t *testing.T) {
	w := NewWriter(&bytes.Buffer{}, nil, func(d [32]byte) [32]byte { return d })
	if err := w.Row([]any{make([]byte, MaxFrame)}); err == nil {
		t.Error("a row larger than a frame is written")
	}
}

// FuzzRead: whatever is read neither panics nor takes more memory than it has bytes.
func FuzzRead(f *testing.F) {
	f.Add(sample(f))
	f.Add([]byte(first + "\xff\xff\xff\x1fH"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if all, err := read(data); err == nil && len(all) > len(data) {
			t.Errorf("%d rows of %d bytes", len(all), len(data))
		}
	})
}
