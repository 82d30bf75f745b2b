package document

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/marked"
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
	// page is set where it stands at the edge of each page.
	page bool
	// guessed is set where kind was told from the look of the text only.
	guessed bool
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
	// fields are the marks in cells behind the name of a field.
	fields []placedMarks
	// banner is set where it is a line that would be the banner of a scheme
	// and could as well be a word: SECRET, H1. Once the scheme of the document
	// is known, it is one or the other.
	banner *furniture
	// heading says that such a line is written as a heading.
	heading bool
	// bad is set where a malformed mark stood on it, which is reported.
	bad bool
	// behind is set where it is the last line of a block and others stand before.
	behind bool
	// notice is the line as it was written where its mark could be the sign of a
	// copyright.
	notice *line
	// label is where the text begins with a letter that counts, as (C) behind (A)
	// and (B); its line has no number where there is none.
	label line

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
	marks, written, rest, err = plainLeading(set, l)
	if err != nil || !marks.Empty() || !strings.ContainsFunc(l.text, isBracket) {
		return marks, written, rest, err
	}
	return foundLeading(set, l)
}

// leading is leading for a text that may quote marks.
func (s *splitter) leading(l line) (marks marking.Marks, written, rest line, err error) {
	marks, written, rest, err = leading(s.set, l)
	if !s.quoted || marks.Empty() && err == nil {
		return marks, written, rest, err
	}
	if i := strings.IndexByte(l.text, ')') + 1; err != nil && i > 0 {
		// (U) //FGI: a mark, and one that is quoted behind it.
		head := l
		head.text = l.text[:i]
		if marks, written, _, err := plainLeading(s.set, head); err == nil && !marks.Empty() {
			rest.text = strings.TrimLeft(l.text[i:], blank)
			rest.no, rest.col = l.no, l.col+utf8.RuneCountInString(l.text)-utf8.RuneCountInString(rest.text)
			return marks, written, rest, nil
		}
	}
	before := []rune(l.text)[:max(0, written.col-l.col)]
	if !slices.ContainsFunc(before, func(r rune) bool { return unicode.IsLetter(r) || strings.ContainsRune("\"'“”„‘’«»", r) }) {
		return marks, written, rest, err
	}
	return plainLeading(s.set, l)
}

// foundLeading takes the mark off a line before which anything stands that may
// stand before one, in brackets of any kind. Quotation marks and no brackets at
// all do not make a mark that gives a portion its marking, since a text about
// markings has them too; the marking has to cover them all the same.
func foundLeading(set *marking.Set, l line) (marks marking.Marks, written, rest line, err error) {
	var said strings.Builder
	start, end := 0, 0
	for f := range set.Find(l.text) {
		opening, width := utf8.DecodeRuneInString(l.text[f.Start:])
		escaped := f.Start > 0 && (l.text[f.Start-1] == '\\' || l.text[0] == '\\')
		if f.Place != marking.Line || f.Bare || escaped || !isBracket(opening) || end > 0 && !isBlank(l.text[end:f.Start]) {
			break
		}
		if len(f.Changed) > 0 && !strings.ContainsAny(f.Text, "/:") {
			break // (Secret): words, which the marking has to cover
		}
		if end == 0 {
			if !headBracket.MatchString(l.text[:f.Start+width]) {
				break // what WriteText and WriteMarkdown would not escape
			}
			start = f.Start
		}
		written = line{text: l.text[start:f.End], no: l.no, col: l.col + utf8.RuneCountInString(l.text[:start])}
		switch {
		case f.Err != nil:
			return nil, written, l, f.Err
		case len(f.Changed) > 0:
			reason := "the mark is not written to the letter: " + strings.Join(f.Changed, ", ")
			return nil, written, l, &marking.Error{Text: written.text, Reason: reason, Suggestion: f.Marks.String()}
		}
		end = f.End
		said.WriteString(f.Marks.String())
	}
	if end == 0 {
		return nil, line{}, l, nil
	}
	if marks, err = set.Parse(said.String()); err != nil {
		return nil, written, l, err
	}
	rest = l
	rest.text = strings.TrimLeft(l.text[end:], blank)
	before := l.text[:start]
	if strings.TrimFunc(before, unseen) == "" {
		before = ""
	}
	rest.text = before + rest.text
	return marks, written, rest.without(l.text, len(before)), nil
}

// isBracket reports whether a mark can stand between r and what closes it.
func isBracket(r rune) bool {
	return r == '(' || r == '[' || r == '{' || r >= utf8.RuneSelf && unicode.Is(unicode.Ps, r) && !unicode.Is(unicode.Quotation_Mark, r)
}

// unseen reports whether a reader sees nothing of r.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Zs)
}

// plainLeading is the same for what people write most: a parenthesis behind a
// list marker, a number or nothing.
func plainLeading(set *marking.Set, l line) (marks marking.Marks, written, rest line, err error) {
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
	kept := max(0, len(rest.text)-len(after))
	return marks, written, rest.without(l.text, kept), nil
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
	set *marking.Set
	// quoted is set where the text quotes marks: behind words or a quotation mark
	// none marks a portion.
	quoted bool
	// markup is set where <br> ends a line.
	markup    bool
	warn      func(line, col int, problem, fix string)
	problems  *problems
	labels    labels
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
	if s.markup {
		b = s.broken(b)
	}
	if b.kind == cordon.PortionHeading && len(b.lines) > 1 {
		// A rule right under a paragraph reads as the underline of a
		// heading, but a heading has one line.
		b.kind = cordon.PortionParagraph
	}
	var open *piece
	before := len(s.pieces)
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
		if label, ok := s.labels.next(l); ok {
			s.warn(label.no, label.col, fmt.Sprintf("%s was read as the label of an item, since those before it stand before", label.text), "put another bracket behind it, as in "+label.text+" (U), to mark the item")
			open = &piece{kind: kindOf(b.kind, l.text), depth: b.depth, lines: []line{l}, label: label}
			s.pieces = append(s.pieces, open)
			continue
		}
		marks, written, rest, err := s.leading(l)
		if err != nil {
			s.problems.mark(written.no, written.col, err)
		}
		if marks.Empty() && err == nil && open != nil {
			open.lines = append(open.lines, l)
			continue
		}
		open = &piece{kind: kindOf(b.kind, rest.text), depth: b.depth, lines: []line{rest}, own: marks, mark: written.text, bad: err != nil}
		if !marks.Empty() && marked.IsCopyright(written.text, rest.text) {
			open.notice = &l
		}
		s.pieces = append(s.pieces, open)
	}
	if open != nil {
		open.behind = len(s.pieces) > before+1
	}
}

// broken ends a line at a line break of HTML behind which a mark stands: what
// follows is a portion of its own. The break stays at the end of its line.
func (s *splitter) broken(b block) block {
	var lines []line
	for _, l := range b.lines {
		if !strings.Contains(strings.ToLower(l.text), "<br") || strings.HasPrefix(l.text, "|") {
			lines = append(lines, l)
			continue
		}
		from := 0
		for f := range s.set.Find(l.text) {
			tag := strings.LastIndexByte(l.text[:f.Lead], '<')
			if f.Place != marking.Break || f.Bare || f.Lead <= from || tag < 0 || !strings.HasPrefix(strings.ToLower(l.text[tag:]), "<br") || tag > 0 && l.text[tag-1] == '\\' {
				continue
			}
			lines = append(lines, l.part(from, f.Lead))
			from = f.Lead
			s.warn(l.no, l.column(utf8.RuneCountInString(l.text[:f.Start])), fmt.Sprintf("behind a line break, a portion begins with %s", f.Marks), "")
		}
		lines = append(lines, l.part(from, len(l.text)))
	}
	b.lines = lines
	return b
}

// part is the line from one of its bytes up to another.
func (l line) part(from, to int) line {
	return line{text: l.text[from:to], no: l.no, col: l.col + utf8.RuneCountInString(l.text[:from])}
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
	f.page = b.page
	if err != nil && len(b.lines) == 1 {
		s.problems.mark(l.no, l.col+strings.Index(l.text, undecorated(l.text)), err)
		return true
	}
	if !ok || !f.paged && !s.alone(b, i) {
		return false
	}
	if !f.paged && couldBeWord(s.set, l.text) {
		kind := kindOf(b.kind, l.text)
		s.pieces = append(s.pieces, &piece{kind: kind, depth: b.depth, lines: []line{l}, banner: &f, heading: b.kind == cordon.PortionHeading && !b.guessed})
		return true
	}
	s.furniture = append(s.furniture, placedFurniture{f, len(s.pieces)})
	return true
}

// couldBeWord reports whether a banner could as well be a word or a code that
// has nothing to do with markings.
func couldBeWord(set *marking.Set, text string) bool {
	for f := range set.Find(text) {
		return f.Word && f.Whole
	}
	return false
}

// settle tells banners from words once all of the document is known: such a line
// is a banner in a document of its scheme. Where nothing else says of which
// scheme the document is, it is one unless it is written as a heading.
func (s *splitter) settle(also marking.Marks) {
	in := map[string]bool{}
	add := func(marks marking.Marks) {
		for _, m := range marks {
			in[m.Scheme()] = true
		}
	}
	add(also)
	for _, p := range s.pieces {
		add(p.own)
		for _, inner := range p.inner {
			add(inner)
		}
	}
	for _, f := range s.furniture {
		add(f.marks)
	}
	if len(in) == 0 {
		for _, p := range s.pieces {
			if p.banner != nil && !p.heading {
				add(p.banner.marks)
				break
			}
		}
	}
	var pieces []*piece
	var all []placedFurniture
	for i, p := range s.pieces {
		for len(s.furniture) > 0 && s.furniture[0].after <= i {
			all = append(all, placedFurniture{s.furniture[0].furniture, len(pieces)})
			s.furniture = s.furniture[1:]
		}
		if p.banner != nil && in[p.banner.marks[0].Scheme()] {
			all = append(all, placedFurniture{*p.banner, len(pieces)})
			continue
		}
		pieces = append(pieces, p)
	}
	for _, f := range s.furniture {
		all = append(all, placedFurniture{f.furniture, len(pieces)})
	}
	s.pieces, s.furniture = pieces, all
}

func (s *splitter) alone(b block, i int) bool {
	if len(b.lines) == 1 {
		return true
	}
	if i > 0 {
		return false
	}
	next := b.lines[1]
	if marks, _, _, err := s.leading(next); err != nil || !marks.Empty() {
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
		before := ""
		for _, cell := range cells(l) {
			s.field(p, before, cell)
			for part := range strings.SplitSeq(cell.text, cellBreak) {
				s.within(p, line{text: part, no: cell.no, col: cell.col})
			}
			before = trim(cell.text)
		}
	}
	s.pieces = append(s.pieces, p)
}

// field notes a mark in a cell behind the name of a field, as in a table with
// Classification and TLP:RED in one row. It says of the document what a banner
// would.
func (s *splitter) field(p *piece, name string, cell line) {
	if name == "" || len(name) > maxFurniture || len(cell.text) > maxFurniture {
		return
	}
	value := strings.TrimLeft(cell.text, blank)
	lead := name + ": "
	for f := range s.set.Find(lead + value) {
		if f.Place == marking.Field && f.Err == nil && f.Start >= len(lead) {
			at := line{text: f.Text, no: cell.no, col: cell.col + utf8.RuneCountInString(cell.text) - utf8.RuneCountInString(value)}
			p.fields = append(p.fields, placedMarks{f.Marks, at})
		}
		return
	}
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
	marks, written, _, err := s.leading(l)
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
