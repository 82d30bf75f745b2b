package tokens

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxWord bounds the bytes of one folded word; a longer run of letters is
// read as several words, cut at the same places wherever it stands.
const maxWord = 128

// scanner reads a text word by word, in one pass and with little memory.
type scanner struct {
	text string
	pos  int // start of what is not yet read

	// segment is the folded form of text[from:pos], read up to at.
	segment []byte
	at      int
	from    int
	folding *folding

	// The current word: its folded form, where a hyphen, an apostrophe or a
	// mark between groups of digits stood in that, and its bytes in the text.
	key        []byte
	cuts       []int
	start, end int
	// evidence is what the word counts, in parts of a word.
	evidence uint8
	// scripts are those of its letters, as far as they look alike.
	scripts scripts
	// letters says that it is not of digits alone, and groups is behind the last
	// group of its digits.
	letters bool
	groups  int
}

func newScanner(text string) *scanner {
	return &scanner{text: text}
}

// next goes to the next word and reports whether there is one. The word is
// never empty, and starts and ends on rune boundaries of the text.
func (s *scanner) next() bool {
	s.key, s.cuts = s.key[:0], s.cuts[:0]
	s.evidence, s.scripts, s.letters, s.groups = wholeWord, 0, false, 0
	for {
		if s.at >= len(s.segment) {
			s.plain()
		}
		r, size := s.peek()
		if size == 0 {
			return len(s.key) > 0
		}
		switch class := classify(r); class {
		case letter:
			if len(s.key) >= maxWord {
				return true
			}
			s.scripts |= scriptOf(r)
			s.letters = s.letters || r >= utf8.RuneSelf || r > '9'
			s.take(size)
		case mark:
			switch {
			case len(s.key) == 0:
				s.skip(size)
			case len(s.key) >= maxWord:
				return true
			default:
				s.letters = true
				s.take(size)
			}
		case ideograph, kana, cluster:
			if len(s.key) > 0 {
				return true
			}
			s.evidence, s.letters = evidenceOf[class], true
			s.take(size)
			return s.marks()
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
			if len(s.key) == 0 {
				continue
			}
			if !s.grouped(r) && !s.hanging(r) {
				return true
			}
			s.cuts = append(s.cuts, len(s.key))
		}
	}
}

// plain takes the ASCII letters and digits that come next, which need no
// folding but of their case. The last one before another character is left to
// peek: an accent may follow.
func (s *scanner) plain() {
	i := s.pos
	for ; i+1 < len(s.text) && len(s.key) < maxWord; i++ {
		c := s.text[i]
		switch {
		case 'a' <= c && c <= 'z':
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case '0' <= c && c <= '9' && s.text[i+1] < utf8.RuneSelf:
			s.append(i, c)
			continue
		default:
			s.pos = i
			return
		}
		if s.text[i+1] >= utf8.RuneSelf {
			break
		}
		s.scripts |= latin
		s.letters = true
		s.append(i, c)
	}
	s.pos = i
}

func (s *scanner) append(at int, c byte) {
	if len(s.key) == 0 {
		s.start = at
	}
	s.key = append(s.key, c)
	s.end = at + 1
}

// marks takes the marks that go with the character just taken.
func (s *scanner) marks() bool {
	for {
		r, size := s.peek()
		if size == 0 || len(s.key) >= maxWord {
			return true
		}
		switch classify(r) {
		case mark:
			s.take(size)
		case invisible:
			s.skip(size)
		default:
			return true
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

// peek gives the next folded rune and its size there; size 0 at the end.
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

// fill folds the next segment: one character, or everything up to the next
// place that composition cannot reach across.
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
	if s.folding == nil { // most texts never need it
		s.folding = newFolding()
	}
	var n int
	s.segment, n = s.folding.next(s.segment[:0], s.text[s.pos:])
	s.pos += n
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
// set off by the marks of a quotation or a table, or behind the one space that
// the line's break has become. What it skips on the way only separates words.
func (s *scanner) joins(joiner rune) bool {
	r, size := s.peek()
	if size > 0 && classify(r) == letter {
		return true
	}
	lines := 0
	for blank := false; size > 0 && hyphen(joiner); r, size = s.peek() {
		switch {
		case r == ' ' || r == '\t' || r == '\r' || lines > 0 && (r == '>' || r == '|'):
			blank = true
		case r == '\n' && lines < 2:
			lines++
		case lines == 1 && classify(r) == letter:
			return true
		case classify(r) == letter && (lines == 2 || blank && broken(joiner)):
			return goesOn(s.text[s.from:])
		default:
			return false
		}
		s.skip(size)
	}
	return false
}

// hanging reports whether the word goes on behind a line that has nothing but a
// hyphen, and goes there.
func (s *scanner) hanging(r rune) bool {
	if r != '\n' && r != '\r' || s.at < len(s.segment) {
		return false
	}
	rest := strings.TrimLeft(s.text[s.pos:min(len(s.text), s.pos+maxAside)], layout+"\n")
	h, size := utf8.DecodeRuneInString(rest)
	if !broken(h) {
		return false
	}
	rest = strings.TrimLeft(rest[size:], " \t\r")
	if !strings.HasPrefix(rest, "\n") {
		return false
	}
	rest = strings.TrimLeft(rest[1:], layout)
	end := s.pos + min(len(s.text)-s.pos, maxAside)
	if next, _ := utf8.DecodeRuneInString(rest); !unicode.IsLower(next) {
		return false
	}
	s.pos = end - len(rest)
	return true
}

// layout are the marks that set off a quotation or a table, and maxAside how far a
// broken word is followed through them.
const (
	layout   = " \t\r>|"
	maxAside = 64
)

// goesOn reports whether what follows a hyphen and a space is the rest of a word:
// it begins with a small letter, or one of a script that has no others, and is no
// word that joins what hangs on a hyphen: "pre- and post-war".
func goesOn(rest string) bool {
	if r, _ := utf8.DecodeRuneInString(rest); unicode.IsUpper(r) || !unicode.IsLetter(r) {
		return false
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(rest)
	}
	return !conjunctions[rest[:end]]
}

var conjunctions = set(`and or nor to and/or und oder bis sowie et ou y o e u en of och eller og и или і та або i a lub oraz ja tai ve veya`)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// grouped reports whether the separator just skipped stands between groups of the
// digits of one number: 12,500 or 12 500 or 12.500, of three digits each but for the
// first, which has three at most and no leading zero; behind commas there may be
// groups of two in the middle, as in India. One number has one kind of separator.
func (s *scanner) grouped(r rune) bool {
	if s.letters || s.at < len(s.segment) {
		return false
	}
	if s.pos < s.groups {
		return true
	}
	if s.groups > 0 || len(s.key) > 3 || s.key[0] == '0' || !strings.ContainsRune(", .\u066c", r) {
		return false
	}
	separator := s.text[s.from:s.pos]
	groups := 0
	last := 0
	at := s.pos
	for {
		n := 0
		for n < 4 && at < len(s.text) {
			d, size := utf8.DecodeRuneInString(s.text[at:])
			if !unicode.Is(unicode.Nd, d) {
				break
			}
			n, at = n+1, at+size
		}
		if n != 3 && !(n == 2 && r == ',') {
			if n > 0 || groups == 0 || r == '.' {
				return false
			}
			break // what follows is no group, as in "12,500, and"
		}
		groups, last = groups+1, n
		s.groups = at
		if !strings.HasPrefix(s.text[at:], separator) {
			break
		}
		next, _ := utf8.DecodeRuneInString(s.text[at+len(separator):])
		if !unicode.Is(unicode.Nd, next) {
			break
		}
		at += len(separator)
	}
	next, size := utf8.DecodeRuneInString(s.text[s.groups:])
	another := (next == '.' || next == ',') && threeDigits(s.text[s.groups+size:]) // of another number: 3 192.168.1.1
	if last != 3 || another || unicode.In(next, unicode.Nd, unicode.L) {
		s.groups = 0
		return false
	}
	return true
}

func threeDigits(text string) bool {
	return len(text) >= 3 && strings.Trim(text[:3], "0123456789") == ""
}

type class int

const (
	separator class = iota
	letter          // or digit
	mark            // goes with the letter before it
	ideograph       // a Han character, a word by itself
	kana            // the same of Hiragana and Katakana
	cluster         // the same of scripts in which words are not told apart
	invisible       // as if it were not there
	joiner          // apostrophe or hyphen
)

// wholeWord is the evidence of a word: what a common run of words proves is
// counted in twelfths of a word of a language that separates them. A Han character
// stands for half a word, a syllable of Kana for a third, a letter of Thai and
// its like for a quarter.
const wholeWord = 12

var evidenceOf = map[class]uint8{ideograph: 6, kana: 4, cluster: 3}

// unspaced are the scripts besides Chinese and Japanese that put no spaces between
// words. Each letter with its marks is read as a word.
var unspaced = []*unicode.RangeTable{
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Javanese, unicode.Balinese, unicode.Tai_Le, unicode.New_Tai_Lue, unicode.Tai_Tham, unicode.Tai_Viet,
}

// classify tells what a folded rune is.
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
	case r < 0x0370: // Latin, and the marks that go with it
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return letter
		}
	case r >= 0x0400 && r < 0x0482 || r >= 0x048a && r < 0x0530, r >= 0x0620 && r < 0x0640, r >= 0x05d0 && r < 0x05eb, r >= 0xac00 && r < 0xd7a4:
		return letter
	case r >= 0x4e00 && r < 0xa000:
		return ideograph
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return kana
	case unicode.Is(unicode.Han, r):
		return ideograph
	}
	switch {
	case r == tatweel, unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return invisible
	case unicode.IsMark(r):
		return mark
	case unicode.IsLetter(r) && r >= 0x0e00 && unicode.In(r, unspaced...):
		return cluster
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return letter
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
func hyphen(r rune) bool { return broken(r) || r == '\u2012' || r == '\u2013' || r == '\u2212' }

// broken is the hyphens that break words.
func broken(r rune) bool {
	switch r {
	case '-', '\u00ad', '\u2010', '\u2011':
		return true
	}
	return false
}

// tatweel lengthens an Arabic word and says nothing.
const tatweel = '\u0640'

// folding folds characters to what a reader takes them for: Unicode NFKC, full
// case folding, digits of all scripts as ASCII digits, and without the marks that
// are put on letters of alphabets: accents, Arabic vowels, Hebrew points. Marks of
// other scripts are part of the letter.
type folding struct {
	cased   cases.Caser
	scratch []byte
	wide    []byte
	known   [1 << 10]folded // by the low bits of the character
}

type folded struct {
	r    rune
	n    uint8
	form [11]byte
	// starts says that nothing before the character composes with it.
	starts bool
}

func newFolding() *folding { return &folding{cased: cases.Fold()} }

// next appends the folded form of the first segment of the text, and says how long
// that segment is there.
func (f *folding) next(to []byte, text string) ([]byte, int) {
	r, n := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && n == 1 {
		return append(to, text[0]), 1
	}
	if r >= utf8.RuneSelf {
		if k := f.look(r); k.n > 0 && f.startsAt(text[n:]) {
			return append(to, k.form[:k.n]...), n
		}
	}
	n = max(n, norm.NFKC.NextBoundaryInString(text, true))
	return f.fold(to, text[:n]), n
}

func (f *folding) startsAt(text string) bool {
	if text == "" || text[0] < utf8.RuneSelf {
		return true
	}
	r, n := utf8.DecodeRuneInString(text)
	return n > 1 && f.look(r).starts
}

// look gives what is known of a character; its form is missing where it is long.
func (f *folding) look(r rune) *folded {
	k := &f.known[r&(1<<10-1)]
	if k.r == r {
		return k
	}
	s := string(r)
	*k = folded{r: r, starts: norm.NFKC.PropertiesString(s).BoundaryBefore()}
	if form := f.fold(nil, s); len(form) <= len(k.form) {
		k.n = uint8(copy(k.form[:], form))
	}
	return k
}

func (f *folding) fold(to []byte, text string) []byte {
	f.scratch = norm.NFKC.AppendString(f.scratch[:0], text)
	// Folding gives at most three runes for one.
	if need := 3*utf8.UTFMax*len(f.scratch) + utf8.UTFMax; len(f.wide) < need {
		f.wide = make([]byte, need)
	}
	f.cased.Reset()
	n, _, err := f.cased.Transform(f.wide, f.scratch, true)
	if err != nil { // not even then is anything lost: it stays unfolded
		n = copy(f.wide, f.scratch)
	}
	f.scratch = norm.NFKD.Append(f.scratch[:0], f.wide[:n]...)
	bare := f.wide[:0]
	for rest := f.scratch; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			bare = append(bare, rest[0])
		case ornament(r):
		default:
			if d, ok := digit(r); ok {
				r = '0' + d
			} else if 0x13a0 <= r && r < 0x13f0 {
				r += 0xab70 - 0x13a0 // Cherokee capitals, which x/text folds to and fro
			}
			bare = utf8.AppendRune(bare, r)
		}
		rest = rest[size:]
	}
	f.wide = f.wide[:cap(f.wide)]
	return norm.NFC.Append(to, bare...)
}

// ornament reports whether a mark is one that alphabets put on letters, or strokes
// and circles around them. The voice marks of Kana are none.
func ornament(r rune) bool {
	return r >= 0x0300 && r != 0x3099 && r != 0x309a && unicode.In(r, unicode.Mn, unicode.Me) &&
		unicode.In(r, unicode.Inherited, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Cyrillic, unicode.Greek)
}

// digit gives the value of a decimal digit of another script. Their ranges are of ten
// each, from zero.
func digit(r rune) (rune, bool) {
	if r < 0x0660 || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, in := range unicode.Nd.R16 {
		if rune(in.Lo) <= r && r <= rune(in.Hi) {
			return (r - rune(in.Lo)) % 10, true
		}
	}
	for _, in := range unicode.Nd.R32 {
		if rune(in.Lo) <= r && r <= rune(in.Hi) {
			return (r - rune(in.Lo)) % 10, true
		}
	}
	return 0, false
}
