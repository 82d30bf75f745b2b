package document

import (
	"io"
	"regexp"
	"strings"
	"unicode"

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
	splitText(a, src)
	return a.document()
}

// splitText hands the blocks of a source to the assembler.
func splitText(a *assembler, src source) {
	t := textBlocks{emit: a.split.add}
	i := 0
	for l := range strings.Lines(string(src.text)) {
		at := src.at(i)
		at.text = strings.TrimSuffix(l, "\n")
		t.line(at)
		i++
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

func (t *textBlocks) line(l line) {
	if isBlank(l.text) || textRule.MatchString(l.text) {
		t.flush()
		return
	}
	if m := bullet.FindStringIndex(l.text); m != nil {
		t.flush()
		t.open = block{kind: cordon.PortionListItem, depth: 1}
		t.put(l, m[1])
		return
	}
	if len(t.open.lines) == 0 {
		t.open.kind = cordon.PortionParagraph
		t.put(l, len(l.text)-len(strings.TrimLeft(l.text, blank)))
		return
	}
	t.put(l, 0)
}

// put adds a line without its first bytes.
func (t *textBlocks) put(l line, skip int) {
	t.open.lines = append(t.open.lines, l.part(skip, len(l.text)))
}

func (t *textBlocks) flush() {
	if len(t.open.lines) == 0 {
		return
	}
	if t.open.kind == cordon.PortionParagraph && len(t.open.lines) == 1 && looksLikeHeading(t.open.lines[0].text) {
		t.open.kind, t.open.guessed = cordon.PortionHeading, true
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
