package document

import (
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon"
)

// ReadText reads one document of plain text. Paragraphs are parted by blank
// lines; a line that begins with "- ", "* " or "•" is a list item; a line in
// capitals that stands alone, is short and ends without a full stop is a
// heading. A backslash at the beginning of a line makes what follows ordinary
// text, where it would have been taken for something else; WriteText puts it
// there. The error is of kind Invalid, TooLarge or Unavailable.
func ReadText(name string, r io.Reader, o Options) (Document, error) {
	p := &problems{file: name}
	src, err := loadText(name, r, p)
	if err != nil {
		return Document{}, err
	}
	a := newAssembler(name, o, p, unescapeText)
	splitText(a, string(src))
	return a.document()
}

// splitText hands the blocks of a source to the assembler.
func splitText(a *assembler, src string) {
	t := textBlocks{emit: a.split.add}
	no := 0
	for l := range strings.Lines(src) {
		no++
		t.line(strings.TrimSuffix(l, "\n"), no)
	}
	t.flush()
}

// textBlocks gathers lines into blocks.
type textBlocks struct {
	emit func(block)
	open block
}

// bullet is a list item's marker in plain text.
var bullet = regexp.MustCompile(`^[ \t]*([-*•◦▪·–—])[ \t]+`)

// textRule is a line that only parts what is above from what is below.
var textRule = regexp.MustCompile(`^[ \t]*(?:(?:-[ \t]*){3,}|(?:=[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$`)

func (t *textBlocks) line(text string, no int) {
	if isBlank(text) || textRule.MatchString(text) {
		t.flush()
		return
	}
	if m := bullet.FindStringIndex(text); m != nil {
		t.flush()
		t.open = block{kind: cordon.PortionListItem, depth: 1}
		t.put(text, m[1], no)
		return
	}
	indent := len(text) - len(strings.TrimLeft(text, blank))
	if len(t.open.lines) == 0 {
		t.open.kind = cordon.PortionParagraph
		t.put(text, indent, no)
		return
	}
	t.put(text, 0, no)
}

// put adds a line without its first bytes.
func (t *textBlocks) put(text string, skip, no int) {
	t.open.lines = append(t.open.lines, line{text: text[skip:], no: no, col: 1 + utf8.RuneCountInString(text[:skip])})
}

func (t *textBlocks) flush() {
	if len(t.open.lines) == 0 {
		return
	}
	if t.open.kind == cordon.PortionParagraph && len(t.open.lines) == 1 && looksLikeHeading(t.open.lines[0].text) {
		t.open.kind = cordon.PortionHeading
	}
	t.emit(t.open)
	t.open = block{}
}

// looksLikeHeading is deliberately narrow: a paragraph taken for a heading
// changes nothing but its look.
func looksLikeHeading(text string) bool {
	const longest = 80
	// A mark before it says nothing of the case of the words.
	if i := strings.IndexByte(text, ')'); strings.HasPrefix(text, "(") && i > 0 {
		text = text[i+1:]
	}
	text = trim(text)
	if text == "" || len(text) > longest || strings.ContainsAny(text[len(text)-1:], ".,;:!?") || text[0] == '|' {
		return false
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 3
}
