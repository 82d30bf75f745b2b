package tokens

import (
	"iter"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxWord bounds the bytes of one normalised word; a longer run of letters is
// read as several words, cut at the same places wherever it stands.
const maxWord = 128

// scanner reads a text word by word, in one pass and with little memory.
type scanner struct {
	text string
	pos  int // start of what is not yet read

	// segment is the normalised form of text[from:pos], read up to at.
	segment []byte
	at      int
	from    int
	scratch []byte
	fold    cases.Caser

	// The current word: its normalised form, where a hyphen or apostrophe
	// stood in that, and its bytes in the text.
	key        []byte
	cuts       []int
	start, end int
}

func newScanner(text string) *scanner {
	return &scanner{text: text, fold: cases.Fold()}
}

// next goes to the next word and reports whether there is one. The word is
// never empty, and starts and ends on rune boundaries of the text.
func (s *scanner) next() bool {
	s.key, s.cuts = s.key[:0], s.cuts[:0]
	for {
		r, size := s.peek()
		if size == 0 {
			return len(s.key) > 0
		}
		switch classify(r) {
		case letter:
			if len(s.key) >= maxWord {
				return true
			}
			s.take(size)
		case mark:
			switch {
			case len(s.key) == 0:
				s.skip(size)
			case len(s.key) >= maxWord:
				return true
			default:
				s.take(size)
			}
		case ideograph:
			if len(s.key) > 0 {
				return true
			}
			s.take(size)
			return true
		case invisible:
			s.skip(size)
		case joiner:
			s.skip(size)
			if len(s.key) == 0 {
				continue
			}
			if !s.joins(r) {
				return true
			}
			s.cuts = append(s.cuts, len(s.key))
		default:
			s.skip(size)
			if len(s.key) > 0 {
				return true
			}
		}
	}
}

// parts are what the current word falls into where it was joined.
func (s *scanner) parts() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		from := 0
		for _, cut := range append(s.cuts, len(s.key)) {
			if cut > from && !yield(s.key[from:cut]) {
				return
			}
			from = cut
		}
	}
}

// peek gives the next normalised rune and its size there; size 0 at the end.
func (s *scanner) peek() (rune, int) {
	for s.at >= len(s.segment) {
		if s.pos >= len(s.text) {
			return 0, 0
		}
		s.fill()
	}
	if c := s.segment[s.at]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRune(s.segment[s.at:])
}

// fill normalises the next segment: one ASCII character, or everything up to
// the next place that composition cannot reach across.
func (s *scanner) fill() {
	s.from, s.at = s.pos, 0
	c := s.text[s.pos]
	if c < utf8.RuneSelf && (s.pos+1 == len(s.text) || s.text[s.pos+1] < utf8.RuneSelf) {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		s.segment = append(s.segment[:0], c)
		s.pos++
		return
	}
	n := max(1, norm.NFKC.NextBoundaryInString(s.text[s.pos:], true))
	s.scratch = norm.NFKC.AppendString(s.scratch[:0], s.text[s.pos:s.pos+n])
	s.pos += n
	// Folding gives at most three runes for one.
	if need := 3*utf8.UTFMax*len(s.scratch) + utf8.UTFMax; cap(s.segment) < need {
		s.segment = make([]byte, need)
	}
	s.segment = s.segment[:cap(s.segment)]
	s.fold.Reset()
	n, _, err := s.fold.Transform(s.segment, s.scratch, true)
	if err != nil { // not even then is anything lost: it stays unfolded
		n = copy(s.segment, s.scratch)
	}
	s.segment = s.segment[:n]
}

func (s *scanner) take(size int) {
	if len(s.key) == 0 {
		s.start = s.from
	}
	s.key = append(s.key, s.segment[s.at:s.at+size]...)
	s.at += size
	s.end = s.pos
}

func (s *scanner) skip(size int) { s.at += size }

// joins reports whether the word goes on behind the joiner just skipped: with
// the very next character or, behind a hyphen, in the next line, which may be
// set off by the marks of a quotation or a table. What it skips on the way
// only separates words.
func (s *scanner) joins(joiner rune) bool {
	r, size := s.peek()
	if size > 0 && classify(r) == letter {
		return true
	}
	for broken := false; size > 0 && hyphen(joiner); r, size = s.peek() {
		switch {
		case r == ' ' || r == '\t' || r == '\r' || broken && (r == '>' || r == '|'):
		case r == '\n' && !broken:
			broken = true
		default:
			return broken && classify(r) == letter
		}
		s.skip(size)
	}
	return false
}

type class int

const (
	separator class = iota
	letter          // or digit
	mark            // goes with the letter before it
	ideograph       // a word by itself
	invisible       // as if it were not there
	joiner          // apostrophe or hyphen
)

// classify tells what a normalised rune is.
func classify(r rune) class {
	if r < utf8.RuneSelf {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return letter
		case r == '\'' || r == '-':
			return joiner
		case r == '*' || r == '_' || r == '`' || r == '~': // Markdown
			return invisible
		}
		return separator
	}
	switch {
	case apostrophe(r), hyphen(r):
		return joiner
	case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return invisible
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return ideograph
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return letter
	case unicode.IsMark(r):
		return mark
	}
	return separator
}

func apostrophe(r rune) bool {
	switch r {
	case '\'', '\u2018', '\u2019', '\u2032', '\u02bb', '\u02bc':
		return true
	}
	return false
}

// hyphen also takes the dashes of ranges (1914–18), which copying turns into
// hyphens; an em dash separates.
func hyphen(r rune) bool {
	switch r {
	case '-', '\u00ad', '\u2010', '\u2011', '\u2012', '\u2013', '\u2212':
		return true
	}
	return false
}
