package webui

import (
	"strings"
	"unicode"

	"cordon"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// wordingsPage compares the wordings that a portion has had, each with the one that
// took its place.
type wordingsPage struct {
	frame
	Report  cordon.ID
	Present wire.Shown
	Changes []change
}

// change is an earlier wording beside the one that took its place. Of Before the
// words that were taken out are marked, of After those that were put in.
type change struct {
	Old, New      wire.Shown
	Before, After []piece
	Out, In       int
}

// piece is a run of words that both wordings have, or one of them.
type piece struct {
	Text    string
	Changed bool
}

func wordings(v *visit) error {
	of := wire.OfReportPortion{OfReport: wire.OfReport{Report: string(v.id("report"))}, Portion: v.id("portion")}
	all, err := httpapi.Do(v.Caller, wire.ListWordings, of)
	if err != nil {
		return err
	}
	view := wordingsPage{Report: all.Items[0].Report, Present: all.Items[0]}
	marks := []string{view.Present.Marking}
	for i, old := range all.Items[1:] {
		view.Changes = append(view.Changes, changed(old, all.Items[i]))
		marks = append(marks, old.Marking)
	}
	view.frame = v.frame("Wordings compared", marks...)
	return v.show("wordings", 200, view)
}

func changed(old, new wire.Shown) change {
	c := change{Old: old, New: new}
	c.Before, c.After = compareWords(old.Text, new.Text)
	c.Out, c.In = changedWords(c.Before), changedWords(c.After)
	return c
}

// maxCompared bounds the words of one wording times those of the other: beyond it
// all between what is common at the beginning and at the end counts as changed.
const maxCompared = 4 << 20

// compareWords marks the words that the one text has and the other has not, by the
// longest common subsequence of their words.
func compareWords(before, after string) (old, new []piece) {
	a, b := words(before), words(after)
	from := 0
	for from < min(len(a), len(b)) && a[from] == b[from] {
		from++
	}
	endA, endB := len(a), len(b)
	for endA > from && endB > from && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
	}
	keptA, keptB := common(a[from:endA], b[from:endB])
	at := func(kept []bool, end int) func(int) bool {
		return func(i int) bool { return i >= from && i < end && !kept[i-from] }
	}
	return pieces(a, at(keptA, endA)), pieces(b, at(keptB, endB))
}

// common tells of each word whether it is in the longest common subsequence.
func common(a, b []string) (inA, inB []bool) {
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	if len(a)*len(b) > maxCompared {
		return inA, inB
	}
	// length[i][j] is how long it is of a from i and b from j on.
	length := make([][]uint16, len(a)+1)
	for i := range length {
		length[i] = make([]uint16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			inA[i], inB[j] = true, true
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB
}

// words cuts a text into words, each with the space behind it.
func words(text string) []string {
	var out []string
	for text != "" {
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			return append(out, text)
		}
		rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
		out = append(out, text[:len(text)-len(rest)])
		text = rest
	}
	return out
}

func pieces(words []string, changed func(int) bool) []piece {
	var out []piece
	for i, w := range words {
		if n := len(out); n > 0 && out[n-1].Changed == changed(i) {
			out[n-1].Text += w
		} else {
			out = append(out, piece{w, changed(i)})
		}
	}
	return out
}

func changedWords(all []piece) int {
	n := 0
	for _, p := range all {
		if p.Changed {
			n += len(strings.Fields(p.Text))
		}
	}
	return n
}
