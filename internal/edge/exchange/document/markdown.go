package document

import (
	"bytes"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"cordon"
)

// ReadMarkdown reads one Markdown document. Name is what issues call it.
//
// Headings, paragraphs, list items and tables are portions. Raw HTML, link
// definitions and comments are text like any other, so that nothing hides in
// them; a fenced block is one portion, fences and all. The error is of kind
// Invalid, TooLarge or Unavailable.
func ReadMarkdown(name string, r io.Reader, o Options) (Document, error) {
	p := &problems{file: name}
	src, err := loadText(name, r, p)
	if err != nil {
		return Document{}, err
	}
	a := newAssembler(name, o, p, unescapeMarkdown)
	a.split.markup = true
	if err := splitMarkdown(a, src); err != nil {
		return Document{}, err
	}
	return a.document()
}

// splitMarkdown hands the blocks of a source to the assembler, all of them: it
// counts, because a parser that meets what it does not know may stop.
func splitMarkdown(a *assembler, from source) error {
	src := from.text
	if bytes.Count(src, []byte("\n")) > maxMarkdownLines {
		a.problems.tooLarge(0, "there are more lines than a Markdown document may have, %d", maxMarkdownLines)
		return a.problems.err()
	}
	if no, deep := tooDeep(src); deep {
		a.problems.add(no, 1, fmt.Sprintf("quotes and lists are nested more than %d deep", maxNesting), "")
		return a.problems.err()
	}
	w := &markdownWalker{src: src, from: from, starts: lineStarts(src), add: a.split.add}
	w.children(blockParser().Parse(text.NewReader(src)), 0)
	if content(src) != w.content {
		return cordon.Errorf(cordon.KindInternal, "%s: part of the text was lost in reading, so nothing is imported", a.name)
	}
	return nil
}

// content counts the bytes that mean something to a reader: letters, digits,
// and whatever is not ASCII. The syntax of blocks has none of them, so a file
// and its blocks must have the same number.
func content(text []byte) int {
	n := 0
	for _, c := range text {
		if c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' {
			n++
		}
	}
	return n
}

// blockParser finds blocks only. Inline markup stays as it was written. Left
// out are the parsers whose blocks would take text away: HTML, and link
// definitions, which are a paragraph transformer.
func blockParser() parser.Parser {
	return parser.NewParser(parser.WithBlockParsers(
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	))
}

// tooDeep finds a line that opens more containers than anybody nests. The
// parser would build a tree as deep as the line is long.
func tooDeep(src []byte) (no int, deep bool) {
	for rest := src; len(rest) > 0; {
		no++
		var l []byte
		l, rest, _ = bytes.Cut(rest, []byte("\n"))
		prefix := len(l) - len(bytes.TrimLeft(l, " \t>-+*0123456789.)"))
		n := 0
		for _, c := range l[:prefix] {
			if c == '>' || c == '-' || c == '+' || c == '*' || c == '.' || c == ')' {
				n++
			}
		}
		if n > maxNesting && !rule(l) {
			return no, true
		}
	}
	return 0, false
}

// rule reports whether a line is one character over and over, which opens
// nothing however long it is.
func rule(l []byte) bool {
	l = bytes.ReplaceAll(bytes.TrimSpace(l), []byte(" "), nil)
	return len(l) > 0 && l[0] != '>' && len(bytes.Trim(l, string(l[:1]))) == 0
}

// markdownWalker turns the tree of blocks into the list of them.
type markdownWalker struct {
	src    []byte
	from   source
	starts []int
	add    func(block)
	// content counts that of all blocks found.
	content int
	// number is the number of a list item, or of several nested in each
	// other, kept for the first block.
	number line
}

func (w *markdownWalker) children(n ast.Node, depth int) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.block(c, depth, cordon.PortionParagraph)
	}
}

func (w *markdownWalker) block(n ast.Node, depth int, as cordon.PortionKind) {
	switch n := n.(type) {
	case *ast.Heading:
		w.leaf(n, cordon.PortionHeading, depth)
	case *ast.Paragraph, *ast.TextBlock:
		w.leaf(n, as, depth)
	case *ast.CodeBlock:
		// An indented block is an indented paragraph more often than a
		// program, and its blank lines part it like any other.
		w.leaf(n, as, depth)
	case *ast.FencedCodeBlock:
		w.fence(n, depth)
	case *ast.ListItem:
		w.item(n, depth)
	case *ast.List:
		w.children(n, depth+1)
	case *ast.ThematicBreak:
	default:
		w.children(n, depth)
	}
}

// item gives the first block of a list item the kind, and the number if the
// list has numbers. An item without blocks still has its number.
func (w *markdownWalker) item(n *ast.ListItem, depth int) {
	if list, ok := n.Parent().(*ast.List); ok && list.IsOrdered() {
		number := w.at(n.Pos(), numberAt(w.src[n.Pos():]))
		if w.number.text != "" { // an item of nothing but a list
			number = w.number.before(number)
		}
		w.number = number
	}
	as := cordon.PortionListItem
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.block(c, depth, as)
		as = cordon.PortionParagraph
	}
	if w.number.text != "" {
		alone := w.number
		w.number = line{}
		w.emit(block{kind: cordon.PortionListItem, depth: depth, lines: []line{alone}})
	}
}

// numberAt is the number that a list item begins with: "12." or "3)".
func numberAt(src []byte) string {
	n := 0
	for n < len(src) && src[n] >= '0' && src[n] <= '9' {
		n++
	}
	return string(src[:min(n+1, len(src))])
}

func (w *markdownWalker) leaf(n ast.Node, kind cordon.PortionKind, depth int) {
	b := block{kind: kind, depth: depth}
	segments := n.Lines()
	for i := range segments.Len() {
		seg := segments.At(i)
		raw := w.src[seg.Start:seg.Stop]
		left := len(raw) - len(bytes.TrimLeft(raw, blank))
		text := strings.TrimRight(string(raw[left:]), " \t\n")
		if text == "" {
			w.emit(b)
			b.lines = nil
			continue
		}
		b.lines = append(b.lines, w.at(seg.Start+left, text))
	}
	w.emit(b)
}

// emit hands a block on, if there is anything in it.
func (w *markdownWalker) emit(b block) {
	if len(b.lines) == 0 {
		return
	}
	b = w.numbered(b)
	for _, l := range b.lines {
		w.content += content([]byte(l.text))
	}
	w.add(b)
}

// numbered puts the number of the list item before the first line of it.
func (w *markdownWalker) numbered(b block) block {
	if w.number.text == "" {
		return b
	}
	if b.whole {
		b.lines = append([]line{w.number}, b.lines...)
	} else {
		b.lines[0] = w.number.before(b.lines[0])
	}
	w.number = line{}
	return b
}

// before joins a number and what follows it; on one line as far apart as they
// were, so that columns stay true.
func (l line) before(next line) line {
	gap := 1
	if l.no == next.no {
		gap = max(1, next.col-l.col-utf8.RuneCountInString(l.text))
	}
	return line{text: l.text + strings.Repeat(" ", gap) + next.text, no: l.no, col: l.col}
}

// fence keeps a fenced block as it was written.
func (w *markdownWalker) fence(n *ast.FencedCodeBlock, depth int) {
	opening, _, _ := bytes.Cut(w.src[n.Pos():], []byte("\n"))
	first := w.at(n.Pos(), strings.TrimRight(string(opening), blank))
	b := block{kind: cordon.PortionParagraph, depth: depth, whole: true, lines: []line{first}}
	segments := n.Lines()
	for i := range segments.Len() {
		seg := segments.At(i)
		b.lines = append(b.lines, w.at(seg.Start, strings.TrimRight(string(seg.Value(w.src)), "\n")))
	}
	run := len(first.text) - len(strings.TrimLeft(first.text, first.text[:1]))
	last := b.lines[len(b.lines)-1]
	b.lines = append(b.lines, line{text: first.text[:run], no: last.no + 1, col: first.col})
	w.emit(b)
}

// at is a line of text that begins at the offset.
func (w *markdownWalker) at(offset int, text string) line {
	i := sort.SearchInts(w.starts, offset+1) - 1
	at := w.from.at(i)
	return line{text: text, no: at.no, col: at.col + utf8.RuneCount(w.src[w.starts[i]:offset])}
}

// lineStarts are the offsets at which lines begin.
func lineStarts(src []byte) []int {
	starts := []int{0}
	for i, c := range src {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}
