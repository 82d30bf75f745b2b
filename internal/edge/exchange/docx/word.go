package docx

import (
	"encoding/xml"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon"
	"cordon/internal/edge/exchange/parts"
)

// What is read and is no text of the document, in the words of a warning.
const (
	deleted     = "deleted text"
	moved       = "moved text"
	reading     = "a reading beside characters"
	instruction = "the instruction of a field"
	again       = "the same again for other programs"
	other       = "other text for other programs"
	described   = "a description"
	named       = "the name of a picture"
	control     = "text of a content control"
)

// pageStart and pageEnd stand around the result of a field that counts pages
// while a part is read. No text has them: they are no characters (Unicode 23.7).
const (
	pageStart = '\uFDD0'
	pageEnd   = '\uFDD1'
)

// maxNesting bounds the depth of lists.
const maxNesting = 64

// paragraph is a paragraph being read; a text box puts one into another.
type paragraph struct {
	no     int
	text   strings.Builder
	style  style
	num    string
	level  int
	list   bool
	noNum  bool
	hidden bool // by its style
	joined bool // its end was deleted, so that the next goes on
	aside  string
	asides map[string]*strings.Builder
}

// table is a table being read; a cell can hold another.
type table struct {
	no    int
	rows  []row
	aside string
}

type row struct {
	cells [][]parts.Block
	gone  bool
}

// run is how the text of a run is shown.
type run struct{ hidden, caps bool }

// mode is what the text within an element is, from the depth of that element on.
type mode struct {
	depth int
	what  string
}

// field is a field being read: its instruction, and then its result.
type field struct {
	code   strings.Builder
	result bool
	pages  bool
	at     int // the depth of a simple one
}

// walker turns the elements of one part into blocks.
type walker struct {
	*reader
	where     string
	relations map[string]parts.Relation
	blocks    []parts.Block

	path   []string
	modes  []mode
	fields []*field
	open   []*paragraph
	tables []*table
	carry  *paragraph // one whose end was deleted, and how deep it stood
	level  [2]int
	runs   []run // the open ones
	count  int   // paragraphs begun
	texts  int   // elements whose characters are text
	tabs   int
	shown  int   // letters of text that was read
	choice []int // shown, when the open alternatives began
	given  []bool
	err    error
}

func (r *reader) part(name, where string, relations map[string]parts.Relation) ([]parts.Block, error) {
	own, err := r.archive.Relations(name)
	if err == nil && where != "" {
		relations = own
	}
	w := &walker{reader: r, where: where, relations: relations}
	if err := r.archive.Walk(name, w.visit); err != nil {
		return nil, err
	}
	w.finish()
	return w.blocks, w.err
}

func (w *walker) visit(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		w.path = append(w.path, t.Name.Local)
		w.start(t)
	case xml.EndElement:
		w.end(t.Name.Local)
		if n := len(w.modes); n > 0 && w.modes[n-1].depth == len(w.path) {
			w.modes = w.modes[:n-1]
		}
		w.path = w.path[:len(w.path)-1]
	case xml.CharData:
		if w.texts > 0 {
			w.write(string(t))
		}
	}
	return w.err
}

// in is the element that is n outside the one that has begun.
func (w *walker) in(n int) string {
	if i := len(w.path) - 1 - n; i >= 0 {
		return w.path[i]
	}
	return ""
}

func (w *walker) push(what string) { w.modes = append(w.modes, mode{len(w.path), what}) }

// mode is what text is that is met now; empty for text of the document.
func (w *walker) mode() string {
	if n := len(w.modes); n > 0 {
		return w.modes[n-1].what
	}
	for _, f := range w.fields {
		if !f.result {
			return instruction
		}
	}
	return ""
}

func (w *walker) start(e xml.StartElement) {
	w.described(e)
	switch local := e.Name.Local; local {
	case "p":
		w.begin()
	case "t", "delText", "instrText", "delInstrText":
		w.texts++
		if local == "delText" && w.mode() == "" {
			w.push(deleted)
		}
	case "r":
		w.runs = append(w.runs, run{caps: len(w.open) > 0 && w.open[len(w.open)-1].style.caps})
	case "vanish", "webHidden":
		if n := len(w.runs); n > 0 && w.in(1) == "rPr" && w.in(2) == "r" {
			w.runs[n-1].hidden = on(e) && local == "vanish"
		}
	case "caps", "smallCaps":
		if n := len(w.runs); n > 0 && w.in(1) == "rPr" && w.in(2) == "r" {
			w.runs[n-1].caps = on(e)
		}
	case "rStyle":
		if n := len(w.runs); n > 0 {
			id := parts.Attr(e, "val")
			w.runs[n-1].hidden = w.runs[n-1].hidden || w.styles.hidden(id)
			w.runs[n-1].caps = w.runs[n-1].caps || w.styles.resolved(id).caps
		}
	case "tabs":
		w.tabs++
	case "tab", "ptab":
		if w.tabs == 0 {
			w.write("\t")
		}
	case "br", "cr":
		w.write("\n")
	case "noBreakHyphen":
		w.write("-")
	case "sym":
		if n, err := strconv.ParseUint(parts.Attr(e, "char"), 16, 32); err == nil && utf8.ValidRune(rune(n)) && !unicode.IsControl(rune(n)) {
			w.write(string(symbol(rune(n), parts.Attr(e, "font"))))
		}
	case "textpath":
		w.lone(parts.Attr(e, "string"))
	case "pStyle":
		w.with(func(p *paragraph) {
			id := parts.Attr(e, "val")
			p.style, p.hidden = w.styles.resolved(id), w.styles.hidden(id)
		})
	case "outlineLvl":
		w.with(func(p *paragraph) { p.style.outline = parts.Attr(e, "val") != "9" })
	case "ilvl":
		n, _ := strconv.Atoi(parts.Attr(e, "val"))
		w.with(func(p *paragraph) { p.list, p.level = true, min(max(n, 0), maxNesting) })
	case "numId":
		w.with(func(p *paragraph) { p.num, p.noNum, p.list = parts.Attr(e, "val"), parts.Attr(e, "val") == "0", true })
	case "tbl":
		w.flush()
		w.tables = append(w.tables, &table{no: w.count + 1, aside: w.mode()})
	case "tr":
		w.inTable(func(t *table) { t.rows = append(t.rows, row{}) })
	case "tc":
		w.inTable(func(t *table) {
			if len(t.rows) == 0 {
				t.rows = append(t.rows, row{})
			}
			row := &t.rows[len(t.rows)-1]
			row.cells = append(row.cells, nil)
		})
	case "AlternateContent":
		w.choice, w.given = append(w.choice, w.shown), append(w.given, false)
	case "Choice", "Fallback":
		if n := len(w.choice); n > 0 && w.given[n-1] {
			w.push(again)
		}
	case "del", "moveFrom", "cellDel":
		w.removed(local)
	case "rt":
		w.push(reading)
	case "bdo": // the letters of what is in it run one way, whatever they are
		w.write(map[string]string{"rtl": parts.RightToLeft, "ltr": parts.LeftToRight}[parts.Attr(e, "val")])
	case "subDoc":
		w.subDocument(parts.Attr(e, "id"))
	case "fldSimple":
		f := &field{result: true, at: len(w.path)}
		f.code.WriteString(parts.Attr(e, "instr"))
		w.fields = append(w.fields, f)
		w.said(f)
		w.result(f)
	case "fldChar":
		w.fieldChar(parts.Attr(e, "fldCharType"))
	case "altChunk":
		w.chunk(parts.Attr(e, "id"))
	}
}

// described puts aside what an element says without showing it: the alternative
// text of a picture, a tooltip, the names and choices of a content control or of a
// field of a form.
func (w *walker) described(e xml.StartElement) {
	say := func(what string, names ...string) {
		for _, name := range names {
			if text := parts.Attr(e, name); parts.Weight(text) > 0 {
				w.put(parts.Block{Lines: lines(text, 0)}, what)
			}
		}
	}
	switch e.Name.Local {
	case "docPr", "cNvPr":
		say(described, "title", "descr")
		if name := parts.Attr(e, "name"); !madeName.MatchString(name) {
			say(named, "name")
		}
	case "shape", "rect", "oval", "roundrect", "line", "group":
		say(described, "alt", "title")
	case "hyperlink", "hlinkClick", "hlinkHover":
		say("a tooltip", "tooltip")
	case "tblCaption", "tblDescription":
		say(described, "val")
	case "alias", "tag", "statusText", "helpText", "default":
		if in := w.in(1); in == "sdtPr" || in == "ffData" || in == "textInput" {
			say(control, "val")
		}
	case "listItem":
		say(control, "displayText", "value")
	case "listEntry":
		say(control, "val")
	}
}

// madeName is a name that Word gives by itself: "Picture 1".
var madeName = regexp.MustCompile(`^[\pL ]{0,24} ?\d*$`)

// removed is a deletion or the place that something was moved away from: of a
// run, of the end of a paragraph, or of a row.
func (w *walker) removed(local string) {
	w.gone = true
	what := deleted
	if local == "moveFrom" {
		what = moved
	}
	switch {
	case w.in(1) == "rPr" && w.in(2) == "pPr":
		w.with(func(p *paragraph) { p.joined = true })
	case w.in(1) == "trPr":
		w.inTable(func(t *table) {
			if n := len(t.rows); n > 0 {
				t.rows[n-1].gone = true
			}
		})
	case w.in(1) == "tcPr", w.in(1) == "rPr", w.in(1) == "numPr":
	default:
		w.push(what)
	}
}

func (w *walker) fieldChar(kind string) {
	n := len(w.fields)
	switch {
	case kind == "begin":
		w.fields = append(w.fields, &field{at: -1})
	case n == 0 || w.fields[n-1].at >= 0:
	case kind == "separate":
		w.fields[n-1].result = true
		w.said(w.fields[n-1])
		w.result(w.fields[n-1])
	case kind == "end":
		w.ended()
	}
}

// said keeps the instruction of a simple field, which is no text element.
func (w *walker) said(f *field) {
	if code := strings.TrimSpace(f.code.String()); f.at >= 0 && code != "" {
		w.aside(instruction, code)
	}
}

// result begins what a field shows.
func (w *walker) result(f *field) {
	if first, _, _ := strings.Cut(strings.TrimSpace(f.code.String())+" ", " "); first != "" {
		switch strings.ToUpper(first) {
		case "PAGE", "NUMPAGES", "SECTIONPAGES":
			f.pages = true
			w.raw(pageStart)
		}
	}
}

// ended ends the innermost field.
func (w *walker) ended() {
	n := len(w.fields)
	if w.fields[n-1].pages {
		w.raw(pageEnd)
	}
	w.fields = w.fields[:n-1]
}

func (w *walker) end(local string) {
	switch local {
	case "p":
		if n := len(w.open); n > 0 {
			p := w.open[n-1]
			w.open = w.open[:n-1]
			w.done(p)
		}
	case "t", "delText", "instrText", "delInstrText":
		w.texts = max(0, w.texts-1)
	case "r":
		if n := len(w.runs); n > 0 {
			w.runs = w.runs[:n-1]
		}
	case "bdo":
		w.write(parts.EndOverride)
	case "tabs":
		w.tabs = max(0, w.tabs-1)
	case "fldSimple":
		if n := len(w.fields); n > 0 && w.fields[n-1].at >= 0 {
			w.ended()
		}
	case "Choice":
		if n := len(w.choice); n > 0 && w.shown > w.choice[n-1] {
			w.given[n-1] = true
		}
	case "AlternateContent":
		if n := len(w.choice); n > 0 {
			w.choice, w.given = w.choice[:n-1], w.given[:n-1]
		}
	case "tc", "txbxContent", "body", "hdr", "ftr", "footnote", "endnote", "comment":
		w.flush()
	case "tbl":
		w.flush()
		if n := len(w.tables); n > 0 {
			t := w.tables[n-1]
			w.tables = w.tables[:n-1]
			w.table(t)
		}
	}
}

// begin begins a paragraph, or goes on with one whose end was deleted.
func (w *walker) begin() {
	w.count++
	p := &paragraph{no: w.count, aside: w.mode(), style: w.styles.resolved(usual), hidden: w.styles.hidden(usual)}
	if p.aside == instruction {
		p.aside = "" // only what is written in it is one
	}
	if c := w.carry; c != nil && w.level == [2]int{len(w.open), len(w.tables)} {
		p.no, p.asides = c.no, c.asides
		p.text.WriteString(c.text.String())
		w.carry = nil
	}
	w.open = append(w.open, p)
}

// done ends a paragraph.
func (w *walker) done(p *paragraph) {
	if p.joined {
		w.flush()
		w.carry, w.level = p, [2]int{len(w.open), len(w.tables)}
		return
	}
	for _, what := range []string{deleted, moved, reading, instruction, again} {
		if b := p.asides[what]; b != nil {
			w.put(parts.Block{Lines: lines(b.String(), p.no)}, what)
		}
	}
	w.put(w.block(p), p.aside)
}

// flush ends a paragraph that should have gone on in the next, where there is
// none.
func (w *walker) flush() {
	if p := w.carry; p != nil {
		w.carry, p.joined = nil, false
		w.done(p)
	}
}

func (w *walker) finish() {
	for len(w.open) > 0 {
		w.end("p")
	}
	w.flush()
	for len(w.tables) > 0 {
		w.end("tbl")
	}
}

// write adds text to the paragraph being read; text outside of one begins one.
func (w *walker) write(text string) {
	what := w.mode()
	if n := len(w.runs); n > 0 && w.runs[n-1].caps && w.in(0) == "t" {
		text = strings.ToUpper(text) // as it is shown
	}
	if local := w.in(0); what == instruction && len(w.fields) > 0 && local == "instrText" {
		if f := w.fields[len(w.fields)-1]; !f.result && f.code.Len() < 1024 {
			f.code.WriteString(text)
		}
	} else if local == "instrText" && what == "" {
		what = instruction
	}
	if what == "" {
		w.shown += parts.Weight(text)
	}
	if len(w.open) == 0 {
		if strings.TrimSpace(text) != "" {
			w.put(parts.Block{Kind: cordon.PortionParagraph, Lines: lines(text, w.count)}, what)
		}
		return
	}
	p := w.open[len(w.open)-1]
	if what != p.aside {
		w.aside(what, text)
		return
	}
	if n := len(w.runs); what == "" && strings.TrimSpace(text) != "" && (p.hidden || n > 0 && w.runs[n-1].hidden) {
		if w.hidden.places++; w.hidden.places == 1 && w.where == "" {
			w.hidden.first = p.no
		}
	}
	if p.text.Len()+len(text) > cordon.MaxReportBytes {
		w.err = cordon.Errorf(cordon.KindTooLarge, "a paragraph is longer than a report may be, %d bytes (MaxReportBytes)", cordon.MaxReportBytes)
		return
	}
	p.text.WriteString(text)
}

// raw adds a sign of ours to the text.
func (w *walker) raw(r rune) {
	if n := len(w.open); n > 0 && w.mode() == "" {
		w.open[n-1].text.WriteRune(r)
	}
}

// aside adds text that is none of the document's.
func (w *walker) aside(what, text string) {
	if len(w.open) == 0 || what == "" {
		w.put(parts.Block{Kind: cordon.PortionParagraph, Lines: lines(text, w.count)}, what)
		return
	}
	p := w.open[len(w.open)-1]
	if p.asides == nil {
		p.asides = map[string]*strings.Builder{}
	}
	if p.asides[what] == nil {
		p.asides[what] = &strings.Builder{}
	}
	p.asides[what].WriteString(text)
}

// lone adds a text that is a paragraph of its own: WordArt.
func (w *walker) lone(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if what := w.mode(); what == "" {
		w.shown += parts.Weight(text)
	}
	w.put(parts.Block{Kind: cordon.PortionParagraph, Lines: lines(text, 0)}, w.mode())
}

// chunk reads a file that stands in the place of text.
func (w *walker) chunk(id string) {
	rel, ok := w.relations[id]
	if !ok || rel.External {
		w.file.Lose(0, "a chunk of another file is linked and not in the document", "put its text into the document")
		return
	}
	w.read[rel.Target] = true
	src, err := w.archive.Read(rel.Target)
	if err != nil {
		w.err = err
		return
	}
	f := w.reader.open(w.file.Name+": "+path.Base(rel.Target), src)
	w.flush()
	if f.Raw != "" {
		for text := range strings.SplitSeq(f.Raw, "\n\n") {
			w.put(parts.Block{Kind: cordon.PortionParagraph, Lines: lines(text, 0)}, w.mode())
		}
	}
	for _, b := range f.Blocks {
		for i := range b.Lines {
			b.Lines[i].No, b.Lines[i].Col = 0, 0
		}
		w.put(b, w.mode())
	}
	w.file.Asides = append(w.file.Asides, f.Asides...)
	w.file.Files = append(w.file.Files, f.Files...)
	w.file.Notes = append(w.file.Notes, f.Notes...)
	w.file.Lost = append(w.file.Lost, f.Lost...)
}

// subDocument names a document that stands in the place of text and is kept in a
// file of its own.
func (w *walker) subDocument(id string) {
	rel, ok := w.relations[id]
	if ok && !rel.External && w.archive.Has(rel.Target) {
		w.chunk(id)
		return
	}
	w.file.Lose(w.count, "a part of the document is kept in a file of its own ("+parts.Clip(rel.Target)+") and was not read", "put its text into the document, or hand it in by itself")
}

func (w *walker) with(f func(*paragraph)) {
	if n := len(w.open); n > 0 {
		f(w.open[n-1])
	}
}

func (w *walker) inTable(f func(*table)) {
	if n := len(w.tables); n > 0 {
		f(w.tables[n-1])
	}
}

// put hands a block to the cell it is in, or to the document; or to what stands
// beside the text.
func (w *walker) put(b parts.Block, what string) {
	b.Lines = slices.DeleteFunc(b.Lines, func(l parts.Line) bool { return strings.TrimSpace(l.Text) == "" })
	if len(b.Lines) == 0 {
		return
	}
	if what != "" {
		for _, l := range b.Lines {
			if w.where != "" {
				l.No, l.Col = 0, 0
			}
			w.file.Asides = append(w.file.Asides, parts.Aside{What: what, Line: l, Again: what == again, Plain: what == named || what == instruction && plainField(l.Text)})
		}
		return
	}
	if n := len(w.tables); n > 0 {
		t := w.tables[n-1]
		if r := len(t.rows); r > 0 && len(t.rows[r-1].cells) > 0 {
			cells := t.rows[r-1].cells
			cells[len(cells)-1] = append(cells[len(cells)-1], b)
			return
		}
	}
	w.blocks = append(w.blocks, b)
}

// plainField tells an instruction that says nothing of its own.
func plainField(code string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(code)+" ", " ")
	switch strings.ToUpper(first) {
	case "PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "TOC", "REF", "SEQ", "STYLEREF", "DATE", "TIME", "HYPERLINK", "NOTEREF", "FILENAME", "CREATEDATE", "SAVEDATE", "PRINTDATE":
		return true
	}
	return false
}

// block is the paragraph as one.
func (w *walker) block(p *paragraph) parts.Block {
	b := parts.Block{Kind: p.style.kind()}
	num, level := p.num, p.level
	if num == "" {
		num, level = p.style.num, max(p.level, p.style.level)
	}
	if p.list && !p.noNum && b.Kind == cordon.PortionParagraph {
		b.Kind = cordon.PortionListItem
	}
	if b.Kind == cordon.PortionListItem {
		b.Depth = 1 + p.level
	}
	// A no-break space after a mark is how Word keeps it with its text.
	text := strings.ReplaceAll(p.text.String(), ")\u00a0", ") ")
	if !p.noNum && strings.TrimSpace(text) != "" {
		text = w.numbers.bullet(num, level, w.styles) + text
	}
	page := w.where == "header" || w.where == "footer"
	if !page {
		text = strings.Map(func(r rune) rune {
			if r == pageStart || r == pageEnd {
				return -1
			}
			return r
		}, text)
	}
	b.Lines, b.Page = lines(text, p.no), page
	return b
}

// lines are those of a text that are not blank.
func lines(text string, no int) []parts.Line {
	var all []parts.Line
	col := 1
	for l := range strings.SplitSeq(text, "\n") {
		if strings.Trim(l, " \t") != "" {
			left := len(l) - len(strings.TrimLeft(l, " \t"))
			all = append(all, parts.Line{Text: strings.Trim(l, " \t"), No: no, Col: col + left})
		}
		col += utf8.RuneCountInString(l) + 1
	}
	return all
}

// table puts a table as rows between pipes; a table of one cell is a frame around
// what is in it.
func (w *walker) table(t *table) {
	var rows []row
	for _, r := range t.rows {
		if !r.gone {
			rows = append(rows, r)
			continue
		}
		for _, cell := range r.cells {
			for _, b := range cell {
				w.put(b, "a deleted row of a table")
			}
		}
	}
	if len(rows) == 1 && len(rows[0].cells) == 1 {
		for _, b := range rows[0].cells[0] {
			w.put(b, t.aside)
		}
		return
	}
	empty := true
	for _, r := range rows {
		empty = empty && !slices.ContainsFunc(r.cells, func(cell []parts.Block) bool { return len(cell) > 0 })
	}
	if empty {
		return
	}
	b := parts.Block{Kind: cordon.PortionTable, Page: w.where == "header" || w.where == "footer"}
	for i, r := range rows {
		var text, rule strings.Builder
		text.WriteString("|")
		rule.WriteString("|")
		for _, cell := range r.cells {
			text.WriteString(" " + cellText(cell) + " |")
			rule.WriteString(" --- |")
		}
		b.Lines = append(b.Lines, parts.Line{Text: text.String(), No: t.no, Col: 1})
		if i == 0 {
			b.Lines = append(b.Lines, parts.Line{Text: rule.String(), No: t.no, Col: 1})
		}
	}
	w.put(b, t.aside)
}

// cellBreak parts the lines of a cell.
const cellBreak = "<br>"

// cellText is what is in a cell, on one line.
func cellText(cell []parts.Block) string {
	var all []string
	for _, b := range cell {
		for _, l := range b.Lines {
			text := l.Text
			if b.Kind == cordon.PortionTable {
				text = strings.Trim(strings.Trim(text, "|"), " \t")
			}
			all = append(all, strings.ReplaceAll(text, "|", "\\|"))
		}
	}
	return strings.Join(all, cellBreak)
}

// pictorial are the fonts whose letters are pictures.
var pictorial = regexp.MustCompile(`(?i)symbol|dings|webdings|marlett|icon|emoji|awesome|extra`)

// symbol is what a sign shows: in a font of text, those of the private use area that
// Word writes for its first ones (ECMA-376, 17.3.3.30) are these.
func symbol(r rune, font string) rune {
	if r >= 0xf020 && r <= 0xf0ff && !pictorial.MatchString(font) {
		return r - 0xf000
	}
	return r
}

// columns cuts the lines of headers and footers at their tabs, which set the
// banner in the middle and the page number at the side.
func columns(blocks []parts.Block) []parts.Block {
	var out []parts.Block
	for _, b := range blocks {
		if b.Kind == cordon.PortionTable {
			out = append(out, clean(b))
			continue
		}
		for _, l := range b.Lines {
			for text := range strings.SplitSeq(l.Text, "\t") {
				if strings.TrimSpace(text) != "" {
					one := parts.Block{Kind: cordon.PortionParagraph, Page: true, Lines: []parts.Line{{Text: strings.Trim(text, " \t"), No: l.No, Col: l.Col}}}
					out = append(out, clean(one))
				}
			}
		}
	}
	return out
}

// clean takes out the signs around page numbers. A line that is one, with no more
// than three words beside it ("Page 3 of 7"), is furniture.
func clean(b parts.Block) parts.Block {
	for i, l := range b.Lines {
		if !strings.ContainsRune(l.Text, pageStart) {
			continue
		}
		var text, beside strings.Builder
		in := false
		for _, r := range l.Text {
			switch {
			case r == pageStart, r == pageEnd:
				in = r == pageStart
				beside.WriteByte(' ')
			default:
				text.WriteRune(r)
				if !in {
					beside.WriteRune(r)
				}
			}
		}
		b.Lines[i].Text = text.String()
		words := strings.FieldsFunc(beside.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		b.Furniture = len(b.Lines) == 1 && len(words) <= 2 && !strings.ContainsFunc(beside.String(), isBracket) && parts.Weight(beside.String()) <= 16
	}
	return b
}

func isBracket(r rune) bool { return unicode.Is(unicode.Ps, r) || r == '/' || r == ':' }
