package document

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon"
)

// line is one line of a source without the syntax of its format around it.
type line struct {
	text string
	// no and col are where text begins, from 1; col counts characters.
	no, col int
}

// load reads a whole file, of which no more than cordon.MaxFileBytes is ever
// held.
func load(name string, r io.Reader) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(r, cordon.MaxFileBytes+1))
	if err != nil {
		return nil, cordon.Errorf(cordon.KindUnavailable, "%s could not be read", name).Because(err)
	}
	if len(src) > cordon.MaxFileBytes {
		return nil, cordon.Errorf(cordon.KindTooLarge, "%s is larger than a file may be, %d bytes (MaxFileBytes): split it into several documents", name, cordon.MaxFileBytes)
	}
	return src, nil
}

// loadText reads a file of UTF-8 text into lines ended by "\n". A byte order
// mark goes, and a form feed, which is how plain text breaks pages, is a space.
func loadText(name string, r io.Reader, p *problems) ([]byte, error) {
	src, err := load(name, r)
	if err != nil {
		return nil, err
	}
	if what := notText(src); what != "" {
		p.add(1, 1, "this is "+what, "save it as text in UTF-8")
		return nil, p.err()
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	for i, b := range src {
		if b == '\f' {
			src[i] = ' '
		}
	}
	no := 0
	for rest := src; len(rest) > 0; {
		no++
		var l []byte
		l, rest, _ = bytes.Cut(rest, []byte("\n"))
		if len(l) > cordon.MaxLineBytes {
			p.tooLarge(no, "line %d is longer than a line may be, %d bytes (MaxLineBytes)", no, cordon.MaxLineBytes)
			break
		}
		checkLine(p, no, l)
	}
	return src, p.err()
}

// notText says what a file is that is no UTF-8 from its beginning; otherwise it
// would be called wrong line by line.
func notText(src []byte) string {
	head := src[:min(len(src), 4096)]
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return "text in UTF-16"
	case bytes.Count(head, []byte{0}) > 1:
		return "a binary file"
	}
	return ""
}

// checkLine reports the first byte of a line that is no text.
func checkLine(p *problems, no int, l []byte) {
	col := 0
	for i := 0; i < len(l); {
		col++
		if b := l[i]; b >= ' ' && b < 0x7f || b == '\t' {
			i++
			continue
		}
		r, n := utf8.DecodeRune(l[i:])
		if r == utf8.RuneError && n == 1 {
			p.add(no, col, fmt.Sprintf("byte %d of the line (%#02x) is not UTF-8", i+1, l[i]), "save the file as UTF-8")
			return
		}
		if unicode.IsControl(r) {
			p.add(no, col, fmt.Sprintf("control character %U", r), "remove it")
			return
		}
		i += n
	}
}

// controlIn gives the first control character of a portion's text that is
// neither a tab nor the end of a line.
func controlIn(text string) (rune, bool) {
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return r, true
		}
	}
	return 0, false
}

// blank is the blank of Markdown and of plain text: wider spaces are content.
const blank = " \t"

func trim(s string) string { return strings.Trim(s, blank) }

func isBlank(s string) bool { return trim(s) == "" }
