package parts

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"cordon"
)

// bullet is a list item's marker in plain text.
var bullet = regexp.MustCompile(`^[ \t]*[-*•◦▪·–—][ \t]+`)

// quote is what stands before a line that is quoted from another mail.
var quote = regexp.MustCompile(`^[ \t]?(?:>[ \t]?)+`)

// Paragraphs cuts a plain text into blocks at blank lines, before list items and
// where quoting begins and ends; the signs of quoting go. The first line has the
// number first; zero where lines have none.
func Paragraphs(text string, first int) []Block {
	var all []Block
	var open Block
	depth := 0
	flush := func() {
		if len(open.Lines) > 0 {
			all = append(all, open)
		}
		open = Block{Kind: cordon.PortionParagraph}
	}
	flush()
	no := first
	for l := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		l = strings.TrimRight(l, "\r")
		lead := quote.FindString(l)
		if n := strings.Count(lead, ">"); n != depth {
			flush()
			depth = n
		}
		rest := l[len(lead):]
		if m := bullet.FindString(rest); m != "" {
			flush()
			open.Kind, open.Depth = cordon.PortionListItem, 1
			lead += m
			rest = rest[len(m):]
		}
		if strings.TrimSpace(rest) == "" {
			flush()
		} else {
			left := len(rest) - len(strings.TrimLeft(rest, " \t"))
			line := Line{Text: strings.Trim(rest, " \t"), No: no}
			if no > 0 {
				line.Col = 1 + utf8.RuneCountInString(lead) + left
			}
			open.Lines = append(open.Lines, line)
		}
		if first > 0 {
			no++
		}
	}
	flush()
	return all
}
