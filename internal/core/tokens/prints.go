package tokens

import (
	"encoding/binary"
	"slices"
)

// The bounds of tracing; the package comment says why these.
const (
	// Guarantee is the least number of common words in a row that is always
	// found, in any surroundings.
	Guarantee = 8
	// Shortest is the least number of words of a portion that is found at
	// all, where it is quoted whole.
	Shortest = 5
	// Telling is how many different words that are not everyday English a
	// portion of fewer than Guarantee words must have to be found.
	Telling = 3

	// gram is how many words one fingerprint is made of, and window how
	// many neighbouring grams one of them is kept from.
	gram   = 5
	window = Guarantee - gram + 1
)

// Prints gives the fingerprints kept for a portion, distinct and sorted: of
// every few neighbouring runs of five words the one with the least hash
// (winnowing; Schleimer, Wilkerson and Aiken, SIGMOD 2003), about two in five.
//
// Promise: any Guarantee consecutive words of the portion contain one of
// these runs whole. So asking for every five words of another text, as
// [Block.Probes] does, meets each common run of that length, and meets a
// shorter portion that is quoted whole. A portion too short to be traced
// gives none.
func (t *Tokeniser) Prints(text string) []int64 {
	words := t.readAll(text)
	if least(text, len(words)) == 0 {
		return nil
	}
	grams := t.grams(words)
	var prints []int64
	for i := range max(1, len(grams)-window+1) {
		prints = append(prints, slices.Min(grams[i:min(i+window, len(grams))]))
		if n := len(prints); n > 1 && prints[n-1] == prints[n-2] {
			prints = prints[:n-1]
		}
	}
	return distinct(prints)
}

// grams gives the keyed hash of every five words in a row.
func (t *Tokeniser) grams(words []word) []int64 {
	grams := make([]int64, 0, max(0, len(words)-gram+1))
	var b [8 * gram]byte
	for i := range words {
		copy(b[:], b[8:])
		binary.LittleEndian.PutUint64(b[8*(gram-1):], words[i].hash)
		if i >= gram-1 {
			grams = append(grams, int64(t.prints.sum(b[:])))
		}
	}
	return grams
}

// least is how many words in a row of the portion make a passage: all of them
// if it is short, 0 if it is too short to be traced. n is how many it has.
func least(portion string, n int) int {
	switch {
	case n >= Guarantee:
		return Guarantee
	case n < Shortest:
		return 0
	}
	telling := make(map[string]bool)
	for s := newScanner(portion); s.next(); {
		if !everyday[string(s.key)] {
			telling[string(s.key)] = true
		}
	}
	if len(telling) < Telling {
		return 0
	}
	return n
}
