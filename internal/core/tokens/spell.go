package tokens

import (
	"iter"
	"slices"
	"unicode/utf8"
)

// Spelling is one word of a text, as a search meets it.
type Spelling struct {
	// Key is the word as it is compared: folded, without hyphens. It holds
	// only until the next word is asked for.
	Key []byte
	// Token is that of the whole word, and Parts those of what it falls into
	// at hyphens and apostrophes; nil where there are none.
	Token int64
	Parts []int64
	// Start and End are its bytes in the text.
	Start, End int
}

// Spell reads a text word by word.
func (t *Tokeniser) Spell(text string) iter.Seq[Spelling] {
	return func(yield func(Spelling) bool) {
		for s := newScanner(text); s.next(); {
			w := Spelling{Key: s.key, Token: t.word(s.key), Start: s.start, End: s.end}
			if len(s.cuts) > 0 {
				for part := range s.parts() {
					w.Parts = append(w.Parts, t.word(part))
				}
			}
			if !yield(w) {
				return
			}
		}
	}
}

// Asked gives the tokens that a text must have for a query's words to be in
// it, distinct, and how many words those are. A word with a hyphen asks for its
// parts, so that it finds them written apart as well; a part of one letter,
// the s of a genitive, asks for nothing. A number asks for itself, however its digits
// are grouped.
func (t *Tokeniser) Asked(q string) (tokens []int64, words int) {
	for s := newScanner(q); s.next(); words++ {
		asked := len(tokens)
		if len(s.cuts) > 0 && s.groups == 0 {
			for part := range s.parts() {
				if utf8.RuneCount(part) > 1 {
					tokens = append(tokens, t.word(part))
				}
			}
		}
		if len(tokens) == asked {
			tokens = append(tokens, t.word(s.key))
		}
	}
	return distinct(tokens), words
}

// Has reports whether the token is the word's, or that of a part of it.
func (w Spelling) Has(token int64) bool { return w.Token == token || slices.Contains(w.Parts, token) }
