package tty

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Clean makes other people's text safe to show. Control characters, by which
// it could command the terminal, and marks that reverse the order of letters,
// by which it could read as another text, show as the replacement character.
// Lines and tabs stay.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r),
			r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// Line is Clean of a text that takes one line, such as a name: breaks of lines, by
// which it could pass for lines of Cordon's own, show as \n.
func Line(text string) string {
	return strings.NewReplacer("\n", `\n`, "\u2028", `\n`, "\u2029", `\n`).Replace(Clean(text))
}

// Width is how many columns a text takes, escape sequences of this package
// left out.
func Width(text string) int {
	n := 0
	for i := 0; i < len(text); {
		if text[i] == '\x1b' {
			end := strings.IndexByte(text[i:], 'm')
			if end < 0 {
				break
			}
			i += end + 1
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		n += runeWidth(r)
		i += size
	}
	return n
}

func runeWidth(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Wrap breaks a text at blanks into lines of at most columns. A word that is
// longer stands on a line of its own, whole: names can be copied. Columns of
// 0 or less wrap nothing; breaks that are there stay.
func Wrap(text string, columns int) []string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		if columns <= 0 || Width(paragraph) <= columns {
			lines = append(lines, paragraph)
			continue
		}
		line, used := "", 0
		for _, word := range strings.Fields(paragraph) {
			w := Width(word)
			if used > 0 && used+1+w > columns {
				lines = append(lines, line)
				line, used = "", 0
			}
			if used > 0 {
				line += " "
				used++
			}
			line += word
			used += w
		}
		lines = append(lines, line)
	}
	return lines
}

// Indent puts the prefix before every line of the wrapped text.
func Indent(text, prefix string, columns int) string {
	if columns > 0 {
		columns = max(20, columns-Width(prefix))
	}
	lines := Wrap(text, columns)
	return prefix + strings.Join(lines, "\n"+prefix)
}
