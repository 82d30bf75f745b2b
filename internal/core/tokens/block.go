package tokens

import (
	"iter"
	"math"

	"cordon"
)

// word is one word of a text that is being read.
type word struct {
	hash       uint64
	start, end uint32
	evidence   uint8
}

// sums are what the words before each place count together, and all of them.
func sums(words []word) []int {
	sums := make([]int, len(words)+1)
	for i, w := range words {
		sums[i+1] = sums[i] + int(w.evidence)
	}
	return sums
}

// evidence is what the words count together.
func evidence(words []word) (n int) {
	for _, w := range words {
		n += int(w.evidence)
	}
	return n
}

func (t *Tokeniser) readAll(text string) []word {
	words := make([]word, 0, len(text)/5)
	for s := newScanner(text); s.next(); {
		words = append(words, t.read(s))
	}
	return words
}

func (t *Tokeniser) read(s *scanner) word {
	return word{t.reading.sum(s.seen()), uint32(s.start), uint32(s.end), s.evidence}
}

// halfBlock is the most words a portion can have, so that a run of them that
// starts in the first half of a block ends inside the block.
const halfBlock = cordon.MaxPortionBytes / 2

// Block is a stretch of a long text, read into words. A text is compared block
// by block so that memory does not grow with it: a block is a million words at
// most (40 MiB with its probes), and two neighbours share half a block so that
// no passage is lost between them.
type Block struct {
	words  []word
	final  bool
	probes []int64
}

// Blocks reads the text block by block; most texts are one. A block holds only
// until the next is asked for. Texts of 4 GiB and more are beyond it: callers
// bound what they take in.
func (t *Tokeniser) Blocks(text string) iter.Seq[*Block] {
	return t.blocks(text, halfBlock)
}

func (t *Tokeniser) blocks(text string, half int) iter.Seq[*Block] {
	if uint64(len(text)) > math.MaxUint32 {
		panic("tokens: a text of 4 GiB was not bounded by the caller")
	}
	return func(yield func(*Block) bool) {
		b := &Block{}
		s := newScanner(text)
		for more := true; more; {
			for more = s.next(); more; more = s.next() {
				if b.words = append(b.words, t.read(s)); len(b.words) > 2*half {
					break
				}
			}
			kept := b.words
			if more { // the last word read only showed that there is one
				b.words = kept[:2*half]
			}
			b.final = !more
			b.probes = t.grams(b.words)
			if !yield(b) || b.final {
				return
			}
			b.words = append(kept[:0], kept[half:]...)
		}
	}
}

// Probes gives the fingerprint that begins at each word, in order, as far as they
// reach: those to ask an index of Prints for. The index of one is its place, for
// [Pattern.Match]. The caller does not change them.
func (b *Block) Probes() []int64 { return b.probes }

// Final reports whether the text ends in the block.
func (b *Block) Final() bool { return b.final }
