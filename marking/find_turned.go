package marking

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// override makes what follows it be shown from right to left, letter by letter.
const override = '\u202e'

// mirrored are the signs that are shown as each other then.
var mirrored = map[rune]rune{'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<', '«': '»', '»': '«'}

// turned finds a mark that readers see, in letters that are written in reverse.
func (f *finder) turned(at int) (Found, bool) {
	from := at + utf8.RuneLen(override)
	rest := f.text[from:min(f.end, from+maxQuoted)]
	if n := strings.IndexAny(rest, "\u202c\u2069"); n >= 0 {
		rest = rest[:n]
	}
	shown := []rune(rest)
	for i, j := 0, len(shown)-1; i < j; i, j = i+1, j-1 {
		shown[i], shown[j] = shown[j], shown[i]
	}
	for i, r := range shown {
		if m, ok := mirrored[r]; ok {
			shown[i] = m
		}
	}
	for seen := range f.set.Find(strings.Trim(string(shown), " ")) {
		said := seen.Text
		if seen.Err == nil {
			said = seen.Marks.Portion()
		}
		return Found{
			Start: at, End: from + len(rest), Lead: f.lead, Text: rest, Place: f.placeOf(at),
			Err: &Error{Text: rest, Reason: "it is written in reverse behind U+202E, and shows as " + said + "; write it as it reads"},
		}, true
	}
	return Found{}, false
}

// enclosedLetter finds a mark in letters each of which is one sign with what
// encloses it: Ⓢ and ⒮, and whole words of them.
func (f *finder) enclosedLetter(at int, r rune, width int) (Found, bool) {
	letter := asASCII(r)
	if !isASCIILetter(letter) || !unicode.Is(unicode.So, r) {
		return Found{}, false
	}
	if found, ok := f.enclosedWord(at); ok {
		return found, true
	}
	if !f.placeOf(at).Head() || r >= '\U0001F1E6' { // letters of flags come in pairs
		return Found{}, false
	}
	text := f.text[at : at+width]
	next, _ := utf8.DecodeRuneInString(f.text[at+width : f.end])
	said, ok := f.said([]slipWord{{string(letter), true}})
	if !ok || !isBlank(next) {
		return Found{}, false
	}
	m := said.levels[0]
	return Found{
		Start: at, End: at + width, Lead: f.lead, Text: text, Place: f.placeOf(at),
		Err: &Error{Text: text, Suggestion: m.String(), Reason: "it could be the mark " + m.String() + ": " + strangeLetters(text)},
	}, true
}

// enclosedWord reads a mark of several such letters, with other letters and the
// signs of markings between.
func (f *finder) enclosedWord(at int) (Found, bool) {
	var b strings.Builder
	var ends []int       // where what each byte of it stands for ends
	letters, row := 0, 0 // those in a row that begin it
	for i := at; i < min(f.end, at+maxQuoted); {
		r, n := utf8.DecodeRuneInString(f.text[i:])
		c := asASCII(r)
		enclosed := isASCIILetter(c) && unicode.Is(unicode.So, r)
		if !enclosed && (c >= utf8.RuneSelf || !isAlnum(c) && !strings.ContainsRune(" /:-+,", c)) && !isInvisible(r) {
			break
		}
		if i += n; isInvisible(r) && !enclosed {
			continue
		}
		if enclosed {
			letters++
		}
		if enclosed && letters == len(ends)+1 {
			row++
		}
		b.WriteRune(c)
		ends = append(ends, i)
	}
	shown := b.String()
	if row < 3 && !strings.Contains(shown, "//") {
		return Found{}, false
	}
	for seen := range f.set.Find(shown) {
		if seen.Start > 0 {
			break
		}
		said := seen.Text
		if seen.Err == nil {
			said = seen.Marks.String()
		}
		end := ends[seen.End-1]
		text := f.text[at:end]
		return Found{
			Start: at, End: end, Lead: f.lead, Text: text, Place: f.placeOf(at),
			Err: &Error{Text: text, Suggestion: said, Reason: "it shows as " + said + " in enclosed letters; write it in plain ones"},
		}, true
	}
	return Found{}, false
}
