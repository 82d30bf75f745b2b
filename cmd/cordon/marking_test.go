package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"cordon"
)

// A line of any length is one line; one that is too long is told, and the next
// is read as if it had not been there.
func TestEachLine(t *testing.T) {
	text := strings.Join([]string{
		"a", "", " \t", " b\r", strings.Repeat("c", 200<<10), strings.Repeat("d", cordon.MaxLineBytes+1), "e", strings.Repeat(" ", 100<<10) + "f",
	}, "\n")
	var got []string
	err := eachLine(strings.NewReader(text), func(line []byte, tooLong bool) error {
		if tooLong {
			got = append(got, "too long")
			return nil
		}
		got = append(got, fmt.Sprintf("%.1s%d", line, len(line)))
		return nil
	})
	if want := "[a1 b1 c204800 too long e1 f1]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("%v, %v, want %s", got, err, want)
	}
}

func TestRanges(t *testing.T) {
	for want, numbers := range map[string][]int{
		"":           nil,
		"1":          {1},
		"1, 2":       {1, 2},
		"1-3":        {1, 2, 3},
		"2, 4-6, 9":  {2, 4, 5, 6, 9},
		"1-3, 5, 6":  {1, 2, 3, 5, 6},
		"1, 3, 5, 7": {1, 3, 5, 7},
	} {
		if got := ranges(numbers); got != want {
			t.Errorf("%v is %q, want %q", numbers, got, want)
		}
	}
}

// It compares reading a thousand lines with parsing their marks.
func BenchmarkRollUpLines(b *testing.B) {
	const line = `{"portions":["S//REL TO USA, GBR","U","TS//SI//NF"]}` + "\n"
	in := []byte(strings.Repeat(line, 1000))
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		n := 0
		err := eachInput(bytes.NewReader(in), nil, allTogether, func(in input) error {
			_, bad := in.whole()
			if n++; bad != nil {
				b.Fatal(bad.Message)
			}
			return nil
		})
		if err != nil || n != 1000 {
			b.Fatal(n, err)
		}
	}
}
