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

	// gram is how many words one fingerprint is made of at least, and window how
	// many neighbouring grams one of them is kept from.
	gram   = 5
	window = Guarantee - gram + 1

	// shortestDense is Shortest where words are not told apart: the name of an
	// office has as many characters.
	shortestDense = 7
)

// Prints gives the fingerprints kept for a portion, distinct and sorted: of
// every few neighbouring runs of five words' evidence the one with the least hash
// (winnowing; Schleimer, Wilkerson and Aiken, SIGMOD 2003), about two in five.
//
// Promise: any run of the portion that counts Guarantee words contains one of
// these runs whole. So asking for every such run of another text, as
// [Block.Probes] does, meets each common run of that length, and meets a
// shorter portion that is quoted whole. A portion too short to be traced
// gives none. (Three words fewer still count gram words, whatever their scripts: at
// the first four words of the run a gram begins that ends in it.)
func (t *Tokeniser) Prints(text string) []int64 {
	words := t.readAll(text)
	if least(text, words) == 0 {
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

// grams gives, for each word, the keyed hash of the run that begins there and counts
// gram words, as long as there is one.
func (t *Tokeniser) grams(words []word) []int64 {
	grams := make([]int64, 0, max(0, len(words)-gram+1))
	var b []byte
	counts, to := 0, 0
	for from := range words {
		for ; to < len(words) && counts < gram*wholeWord; to++ {
			counts += int(words[to].evidence)
			b = binary.LittleEndian.AppendUint64(b, words[to].hash)
		}
		if counts < gram*wholeWord {
			break
		}
		grams = append(grams, int64(t.prints.sum(b)))
		counts -= int(words[from].evidence)
		b = append(b[:0], b[8:]...)
	}
	return grams
}

// least is what the words of a passage of the portion count at least, in parts of a
// word: all of them if it is short, 0 if it is too short to be traced.
func least(portion string, words []word) int {
	n, dense := evidence(words), 0
	if n >= Guarantee*wholeWord {
		return Guarantee * wholeWord
	}
	for _, w := range words {
		if w.evidence < wholeWord {
			dense += int(w.evidence)
		}
	}
	if n < Shortest*wholeWord || 2*dense > n && n < shortestDense*wholeWord {
		return 0
	}
	telling := make(map[string]bool)
	for s := newScanner(portion); s.next(); {
		if key := string(s.seen()); !everyday[key] {
			telling[key] = true
		}
	}
	if len(telling) < Telling {
		return 0
	}
	return n
}
