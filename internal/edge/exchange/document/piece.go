package document

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/marking"
)

// block is what a reader of one format finds: lines that belong together.
type block struct {
	kind cordon.PortionKind
	// depth is how many lists it is in.
	depth int
	lines []line
	// whole is set for code, which is not split at marks inside it.
	whole bool
}

// piece is a portion in the making.
type piece struct {
	kind  cordon.PortionKind
	depth int
	lines []line
	whole bool
	// own are the marks that stood on it; empty for none.
	own marking.Marks
	// mark is own as it was written, for a piece that is nothing else.
	mark string
	// inner are the marks found within a piece that is kept whole.
	inner []marking.Marks
	// runIn are the marks between its sentences.
	runIn []placedMarks
	// bad is set where a malformed mark stood on it, which is reported.
	bad bool

	// parent is the piece it is a segment of, or nil.
	parent *piece
	// varies is set where segments under it are marked differently from it.
	varies bool
}

// placedMarks are marks and where they stand.
type placedMarks struct {
	marks marking.Marks
	at    line
}

func (p *piece) start() line {
	if len(p.lines) == 0 {
		return line{}
	}
	return p.lines[0]
}

func (p *piece) text() string {
	if len(p.lines) == 1 {
		return p.lines[0].text
	}
	parts := make([]string, len(p.lines))
	for i, l := range p.lines {
		parts[i] = l.text
	}
	return strings.Join(parts, "\n")
}

// empty reports whether the piece is a mark and nothing else.
func (p *piece) empty() bool {
	for _, l := range p.lines {
		if !isBlank(l.text) {
			return false
		}
	}
	return true
}

// beforeMark is what may stand before a mark on its line: list markers, one
// number or letter, a caption's number, and the opening of emphasis.
var beforeMark = regexp.MustCompile(`^([ \t]*` +
	`(?:[-+*•◦▪·–—][ \t]+)*` +
	`(?:(?:(?i:table|figure|chart|map|exhibit)[ \t]+[0-9A-Za-z.-]{1,8}[.:][ \t]*)` +
	`|(?:(?:[0-9]{1,4}(?:\.[0-9]{1,4}){0,4}|[A-Za-z]|(?i:[ivxlc]{1,6}))[.)][ \t]*))?)` +
	`(\*{1,3}|_{1,3})?\(`)

// captionStart is how the text of a caption begins.
var captionStart = regexp.MustCompile(`^(?i:table|figure|chart|map|exhibit)[ \t]+[0-9A-Za-z.-]{1,8}[.:]([ \t]|$)`)

// leading takes the mark off a line. Where there is one, written is the mark
// with the line's place of it, and rest the line without.
func leading(set *marking.Set, l line) (marks marking.Marks, written, rest line, err error) {
	m := beforeMark.FindStringSubmatchIndex(l.text)
	if m == nil {
		return nil, line{}, l, nil
	}
	prefix, emphasis := l.text[:m[3]], ""
	if m[4] >= 0 {
		emphasis = l.text[m[4]:m[5]]
	}
	at := m[1] - 1
	written = line{no: l.no, col: l.col + utf8.RuneCountInString(l.text[:at])}
	marks, after, ok, err := set.LeadingMark(l.text[at:])
	if err == nil && !ok {
		err = unknownMark(l.text[at:])
	}
	if err != nil || !ok {
		return nil, written, l, err
	}
	written.text = strings.TrimRight(l.text[at:len(l.text)-len(after)], blank)
	rest = l
	if emphasis != "" && strings.HasPrefix(after, emphasis) {
		after, emphasis = strings.TrimLeft(after[len(emphasis):], blank), ""
	}
	rest.text = strings.TrimLeft(prefix+emphasis+after, blank)
	return marks, written, rest, nil
}

// likeMark is a parenthesis in capitals with the separator of categories: it
// is meant as a mark, whichever scheme it is of.
var likeMark = regexp.MustCompile(`^\([A-Z0-9]+//[A-Z0-9 ,/:+&.-]+\)`)

// unknownMark reports what can only be a mark, and is of no scheme in force. As
// text it would inherit, and nobody would learn of the slip.
func unknownMark(text string) error {
	m := likeMark.FindString(text)
	if m == "" {
		return nil
	}
	return &marking.Error{Text: m, At: 1, Reason: "no scheme in force has this marking"}
}

// splitter cuts the blocks of a document into pieces and furniture.
type splitter struct {
	set       *marking.Set
	problems  *problems
	pieces    []*piece
	furniture []placedFurniture
}

// placedFurniture is furniture and how many pieces stand before it.
type placedFurniture struct {
	furniture
	after int
}

func (s *splitter) add(b block) {
	// One more than the portions there may be, because the first can be the
	// title.
	if len(s.pieces) > cordon.MaxPortions+1 || len(s.furniture) > maxFurnitureLines {
		s.problems.tooLarge(b.lines[0].no, "there are more portions than a report may have, %d (MaxPortions)", cordon.MaxPortions)
		return
	}
	if b.whole {
		p := &piece{kind: b.kind, depth: b.depth, lines: b.lines, whole: true}
		for _, l := range b.lines {
			s.within(p, l)
		}
		s.pieces = append(s.pieces, p)
		return
	}
	if b.kind == cordon.PortionHeading && len(b.lines) > 1 {
		// A rule right under a paragraph reads as the underline of a
		// heading, but a heading has one line.
		b.kind = cordon.PortionParagraph
	}
	var open *piece
	for i := 0; i < len(b.lines); i++ {
		l := b.lines[i]
		if s.isFurniture(b, i) {
			continue
		}
		if n := tableLines(b.lines[i:]); n > 0 {
			s.table(b, b.lines[i:i+n])
			open = nil
			i += n - 1
			continue
		}
		marks, written, rest, err := leading(s.set, l)
		if err != nil {
			s.problems.mark(written.no, written.col, err)
		}
		if marks.Empty() && err == nil && open != nil {
			open.lines = append(open.lines, l)
			s.runIn(open, l)
			continue
		}
		open = &piece{kind: kindOf(b.kind, rest.text), depth: b.depth, lines: []line{rest}, own: marks, mark: written.text, bad: err != nil}
		s.runIn(open, rest)
		s.pieces = append(s.pieces, open)
	}
}

// kindOf tells a caption from the paragraph it looks like.
func kindOf(k cordon.PortionKind, text string) cordon.PortionKind {
	if k == cordon.PortionParagraph && captionStart.MatchString(text) {
		return cordon.PortionCaption
	}
	return k
}

// isFurniture takes line i of the block out where it is furniture. A bare
// banner is that only where it is a block of its own or stands right before a
// marked line: in a wrapped paragraph it is a word.
func (s *splitter) isFurniture(b block, i int) bool {
	if b.depth > 0 && b.kind == cordon.PortionListItem && i == 0 {
		return false
	}
	l := b.lines[i]
	if len(l.text) > maxFurniture {
		return false
	}
	f, ok, err := asFurniture(s.set, l)
	if err != nil && len(b.lines) == 1 {
		s.problems.mark(l.no, l.col+strings.Index(l.text, undecorated(l.text)), err)
		return true
	}
	if !ok || !f.paged && !s.alone(b, i) {
		return false
	}
	s.furniture = append(s.furniture, placedFurniture{f, len(s.pieces)})
	return true
}

func (s *splitter) alone(b block, i int) bool {
	if len(b.lines) == 1 {
		return true
	}
	if i > 0 {
		return false
	}
	next := b.lines[1]
	if marks, _, _, err := leading(s.set, next); err != nil || !marks.Empty() {
		return true
	}
	f, ok, _ := asFurniture(s.set, next)
	return ok && f.paged
}

// delimiterRow is the second row of a Markdown table.
var delimiterRow = regexp.MustCompile(`^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$`)

// tableLines counts the lines at the beginning that are a table: lines that
// begin with a pipe, or everything from a row with a pipe over a delimiter row.
// The rows are kept as they were written, because a Markdown parser drops the
// cells of a row that is longer than the first.
func tableLines(lines []line) int {
	n := 0
	for n < len(lines) && strings.HasPrefix(strings.TrimLeft(lines[n].text, blank), "|") {
		n++
	}
	if n > 0 || len(lines) < 2 {
		return n
	}
	if strings.Contains(lines[0].text, "|") && strings.Contains(lines[1].text, "|") && delimiterRow.MatchString(lines[1].text) {
		for n < len(lines) && strings.Contains(lines[n].text, "|") {
			n++
		}
	}
	return n
}

func (s *splitter) table(b block, lines []line) {
	p := &piece{kind: cordon.PortionTable, depth: b.depth, whole: true}
	for _, l := range lines {
		l.text = trim(l.text)
		p.lines = append(p.lines, l)
		for _, cell := range cells(l) {
			for part := range strings.SplitSeq(cell.text, cellBreak) {
				s.within(p, line{text: part, no: cell.no, col: cell.col})
			}
		}
	}
	s.pieces = append(s.pieces, p)
}

// cellBreak parts the lines of a cell, in Markdown and in what is made of Word.
const cellBreak = "<br>"

// cells cuts a row at its pipes.
func cells(row line) []line {
	var out []line
	col, from := row.col, 0
	for i := 0; i <= len(row.text); i++ {
		if i < len(row.text) && (row.text[i] != '|' || i > 0 && row.text[i-1] == '\\') {
			continue
		}
		out = append(out, line{text: row.text[from:i], no: row.no, col: col})
		if i < len(row.text) {
			col += utf8.RuneCountInString(row.text[from : i+1])
			from = i + 1
		}
	}
	return out
}

// within notes a mark in a piece that is kept whole. A malformed mark with
// nothing after it is a cell that talks of marks; one before text is an error.
func (s *splitter) within(p *piece, l line) {
	marks, written, _, err := leading(s.set, l)
	if err != nil {
		if end := strings.LastIndexByte(l.text, ')'); end < 0 || !isBlank(l.text[end+1:]) {
			s.problems.mark(written.no, written.col, err)
		}
		return
	}
	if !marks.Empty() {
		p.inner = append(p.inner, marks)
	}
}

// afterSentence finds where a mark may stand between two sentences of one
// line, as in "…of the port. (S//NF) The source…".
var afterSentence = regexp.MustCompile(`[.?!][”"')\]]*[ \t]+(\([^()]{1,256}\))[ \t]+\S`)

// runIn notes marks between the sentences of a portion. They begin no portion:
// the manual puts a mark before its portion, and shows its example pages as
// running text. A person is told of those that ask for more than the portion.
func (s *splitter) runIn(p *piece, l line) {
	if strings.IndexByte(l.text, '(') < 0 {
		return
	}
	counted, col := 0, l.col
	for _, m := range afterSentence.FindAllStringSubmatchIndex(l.text, maxWarnings) {
		col += utf8.RuneCountInString(l.text[counted:m[2]])
		counted = m[2]
		at := line{text: l.text[m[2]:m[3]], no: l.no, col: col}
		if marks, _, ok, err := s.set.LeadingMark(at.text); err == nil && ok {
			p.runIn = append(p.runIn, placedMarks{marks, at})
		}
	}
}
