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

// enclosedLetter finds a mark of one letter that is one sign with what encloses
// it: Ⓢ and ⒮.
func (f *finder) enclosedLetter(at int, r rune, width int) (Found, bool) {
	letter := asASCII(r)
	if !isASCIILetter(letter) || !unicode.Is(unicode.So, r) || !f.placeOf(at).Head() {
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
