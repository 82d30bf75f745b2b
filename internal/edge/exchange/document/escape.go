package document

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"
)

// unescapeMarkdown resolves backslash escapes and character references, except
// in code spans, where they mean themselves. All other markup stays.
func unescapeMarkdown(text string) string {
	if !strings.ContainsAny(text, "\\&") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && isPunct(text[i+1]):
			b.WriteByte(text[i+1])
			i += 2
		case c == '\\' && i+1 < len(text) && text[i+1] == '\n':
			i++ // a hard break
		case c == '`':
			n := codeSpan(text[i:])
			b.WriteString(text[i : i+n])
			i += n
		case c == '&':
			ref := reference(text[i:])
			b.WriteString(html.UnescapeString(ref))
			i += len(ref)
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// codeSpan is the length of the code span that text begins with, or of its
// run of backticks where that closes nowhere.
func codeSpan(text string) int {
	run := len(text) - len(strings.TrimLeft(text, "`"))
	for i := run; i < len(text); {
		at := strings.IndexByte(text[i:], '`')
		if at < 0 {
			break
		}
		i += at
		n := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
		if n == run {
			return i + n
		}
		i += n
	}
	return run
}

// reference is the character reference that text begins with, or its "&".
func reference(text string) string {
	const longest = 33
	for i := 1; i < len(text) && i < longest; i++ {
		switch c := text[i]; {
		case c == ';' && i > 1:
			return text[:i+1]
		case c == '#' && i == 1, '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		default:
			return text[:1]
		}
	}
	return text[:1]
}

// isPunct is the ASCII punctuation that Markdown lets be escaped.
func isPunct(c byte) bool {
	return c >= '!' && c <= '/' || c >= ':' && c <= '@' || c >= '[' && c <= '`' || c >= '{' && c <= '~'
}

// unescapeText takes the backslash off the lines that have it only because
// they would mean something without.
func unescapeText(text string) string {
	if !strings.Contains(text, "\\") {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if rest, ok := strings.CutPrefix(l, "\\"); ok && special(rest) {
			lines[i] = rest
		}
	}
	return strings.Join(lines, "\n")
}

// headBracket finds brackets where a mark may stand, behind two words or fewer
// or the name of a speaker.
var headBracket = regexp.MustCompile(`^[^\p{L}]*(?:\p{L}{1,14}[^\p{L}]+)?(?:\p{L}{1,7}[^\p{L}]*)?\p{Ps}|:[^\p{L}]{0,40}\p{Ps}`)

// special reports whether a line of plain text would be read as something
// else than text of the paragraph it is in, or begins with backslashes before
// such a thing.
func special(l string) bool {
	l = strings.TrimLeft(l, "\\")
	if isBlank(l) || strings.ContainsRune(blank, rune(l[0])) {
		return true
	}
	_, _, paged := splitPage(undecorated(l))
	return paged || headBracket.MatchString(l) || l[0] == '|' || delimiterRow.MatchString(l) || bullet.MatchString(l) || textRule.MatchString(l) || beforeMark.MatchString(l)
}

// markdownLine escapes a text so that Markdown shows it and reads it back as it
// is, on one line. atStart says that it begins its line; else it stands after
// a mark.
func markdownLine(l string, atStart bool) string {
	var b strings.Builder
	b.Grow(len(l) + 8)
	paren := -1 // where what could be a mark begins
	if m := beforeMark.FindStringIndex(l); m != nil {
		paren = m[1] - 1
	}
	number, paged, brackets := -1, false, false
	if atStart {
		brackets = headBracket.MatchString(l)
		number = numberDelimiter(l)
		_, _, paged = splitPage(undecorated(l))
	}
	for i, r := range l {
		first, last := i == 0, i+utf8.RuneLen(r) == len(l)
		switch {
		case r == '\n', r == '\u2028', r == '\u2029', brackets && r >= utf8.RuneSelf && isBracket(r), first && paged, (first || last) && (r == ' ' || r == '\t'):
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		case i == paren, i == number, brackets && isBracket(r),
			first && atStart && strings.ContainsRune("#>-+=|:", r), last && r == '#',
			strings.ContainsRune("\\`*[<~", r),
			r == '_' && !(alnumAt(l, i-1) && alnumAt(l, i+1)),
			r == '&' && len(reference(l[i:])) > 1:
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// numberDelimiter is where the delimiter stands of a number that would begin a
// list item, or -1.
func numberDelimiter(l string) int {
	n := len(l) - len(strings.TrimLeft(l, "0123456789"))
	if n > 0 && n < len(l) && (l[n] == '.' || l[n] == ')') {
		return n
	}
	return -1
}

func alnumAt(s string, i int) bool {
	return i >= 0 && i < len(s) && content([]byte{s[i]}) == 1
}
