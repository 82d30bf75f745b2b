package document

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon"
	"cordon/internal/edge/exchange/format"
)

// line is one line of a source without the syntax of its format around it.
type line struct {
	text string
	// no and col are where text begins, from 1; col counts characters.
	no, col int
	// cut characters were taken out behind the first kept of them: a mark.
	kept, cut int
}

// column is the column of the character with the number, counted from 0.
func (l line) column(n int) int {
	if n >= l.kept {
		n += l.cut
	}
	return l.col + n
}

// without says how much the line has lost of what it was, behind its first
// bytes.
func (l line) without(was string, first int) line {
	l.kept = utf8.RuneCountInString(l.text[:first])
	l.cut = utf8.RuneCountInString(was) - utf8.RuneCountInString(l.text)
	return l
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

// source is the text of a file, in lines ended by "\n", and where each of them
// begins in the file.
type source struct {
	text []byte
	// begins is nil where each line is one of the file.
	begins []line
}

// at is where line i begins, counted from 0.
func (s source) at(i int) line {
	if s.begins == nil {
		return line{no: i + 1, col: 1}
	}
	return s.begins[i]
}

// loadText reads a file of UTF-8 text. A byte order mark goes. A line of it also
// ends at U+2028 and U+2029, and at a form feed, which is how plain text breaks
// pages; where it has no line feed, at a carriage return. Lines are counted as
// editors do, which take no notice of the first three.
func loadText(name string, r io.Reader, p *problems) (source, error) {
	src, err := load(name, r)
	if err != nil {
		return source{}, err
	}
	if problem, fix, ok := format.Foreign(src); ok {
		p.add(0, 0, problem, fix)
		return source{}, p.err()
	}
	if what := notText(src); what != "" {
		p.add(1, 1, "this is "+what, "save it as text in UTF-8")
		return source{}, p.err()
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	if bytes.IndexByte(src, '\n') < 0 {
		src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	}
	out := source{text: src}
	if bytes.ContainsAny(src, "\f\u2028\u2029") {
		out = broken(src)
	}
	no := 0
	for rest := out.text; len(rest) > 0; {
		var l []byte
		l, rest, _ = bytes.Cut(rest, []byte("\n"))
		at := out.at(no)
		no++
		if len(l) > cordon.MaxLineBytes {
			p.tooLarge(at.no, "line %d is longer than a line may be, %d bytes (MaxLineBytes)", at.no, cordon.MaxLineBytes)
			break
		}
		checkLine(p, at, l)
	}
	return out, p.err()
}

// broken ends lines where plain text and Unicode end them without a line feed.
func broken(src []byte) source {
	out := source{text: make([]byte, 0, len(src)), begins: []line{{no: 1, col: 1}}}
	at := line{no: 1, col: 1}
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		at.col++
		switch r {
		case '\n':
			at = line{no: at.no + 1, col: 1}
			fallthrough
		case '\f', '\u2028', '\u2029':
			out.text = append(out.text, '\n')
			out.begins = append(out.begins, at)
		default:
			out.text = append(out.text, src[:n]...)
		}
		src = src[n:]
	}
	return out
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
	case !utf8.Valid(src) && format.EBCDIC(src):
		return "text in EBCDIC"
	}
	return ""
}

// checkLine reports the first byte of a line that is no text.
func checkLine(p *problems, at line, l []byte) {
	no, col := at.no, at.col-1
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
			fix := "remove it"
			if r == '\r' {
				fix = "some lines of the file end in a carriage return alone: save it with one kind of line ends"
			}
			p.add(no, col, fmt.Sprintf("control character %U", r), fix)
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
