package document

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"cordon"
)

// wordStyle is what a paragraph style says of a paragraph's kind.
type wordStyle struct {
	name    string
	outline bool
	list    bool
}

// kind goes by the built-in names of styles, which are the same in every
// language of Word.
func (s wordStyle) kind() cordon.PortionKind {
	name := strings.ToLower(s.name)
	switch {
	case name == "title", strings.HasPrefix(name, "heading "), s.outline:
		return cordon.PortionHeading
	case name == "caption":
		return cordon.PortionCaption
	case s.list, strings.HasPrefix(name, "list bullet"), strings.HasPrefix(name, "list number"):
		return cordon.PortionListItem
	}
	return cordon.PortionParagraph
}

func readStyles(pkg *docxPackage, part string) (map[string]wordStyle, error) {
	styles := map[string]wordStyle{}
	id := ""
	err := pkg.walk(part, func(_ *xml.Decoder, t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		s := styles[id]
		switch e.Name.Local {
		case "style":
			id = attr(e, "styleId")
			return nil
		case "name":
			s.name = attr(e, "val")
		case "outlineLvl":
			s.outline = attr(e, "val") != "9"
		case "numId":
			s.list = attr(e, "val") != "0"
		default:
			return nil
		}
		styles[id] = s
		return nil
	})
	delete(styles, "")
	return styles, err
}

// wordReader turns the elements of one part into blocks.
type wordReader struct {
	a      *assembler
	styles map[string]wordStyle
	body   bool
	blocks []block

	count  int // paragraphs begun
	open   []*wordParagraph
	tables []*wordTable
	// texts is how many elements whose characters are text are open.
	texts int
	// chosen says for every open AlternateContent whether a choice was read.
	chosen  []bool
	inTabs  int
	removed int
}

// wordParagraph is a paragraph being read; a text box puts one into another.
type wordParagraph struct {
	no    int
	text  strings.Builder
	style wordStyle
	list  int // depth, 0 for none
	noNum bool
}

// wordTable is a table being read; a cell can hold another.
type wordTable struct {
	no   int
	rows [][][]block
}

func (w *wordReader) visit(_ *xml.Decoder, t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return w.start(t)
	case xml.EndElement:
		w.end(t.Name.Local)
	case xml.CharData:
		if w.texts > 0 {
			return w.write(string(t))
		}
	}
	return nil
}

func (w *wordReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "p":
		w.count++
		w.open = append(w.open, &wordParagraph{no: w.count})
	case "t":
		w.texts++
	case "tabs":
		w.inTabs++
	case "tab":
		if w.inTabs == 0 {
			return w.write("\t")
		}
	case "br", "cr":
		return w.write("\n")
	case "noBreakHyphen":
		return w.write("-")
	case "sym":
		if n, err := strconv.ParseUint(attr(e, "char"), 16, 32); err == nil && utf8.ValidRune(rune(n)) {
			return w.write(string(rune(n)))
		}
	case "pStyle":
		w.with(func(p *wordParagraph) { p.style = w.styles[attr(e, "val")] })
	case "outlineLvl":
		w.with(func(p *wordParagraph) { p.style.outline = attr(e, "val") != "9" })
	case "ilvl":
		n, _ := strconv.Atoi(attr(e, "val"))
		w.with(func(p *wordParagraph) { p.list = 1 + min(max(n, 0), maxNesting) })
	case "numId":
		w.with(func(p *wordParagraph) { p.noNum, p.list = attr(e, "val") == "0", max(p.list, 1) })
	case "tbl":
		w.tables = append(w.tables, &wordTable{no: w.count + 1})
	case "tr":
		w.inTable(func(t *wordTable) { t.rows = append(t.rows, nil) })
	case "tc":
		w.inTable(func(t *wordTable) {
			if len(t.rows) == 0 {
				t.rows = append(t.rows, nil)
			}
			row := &t.rows[len(t.rows)-1]
			*row = append(*row, nil)
		})
	case "AlternateContent":
		w.chosen = append(w.chosen, false)
	case "Choice":
		if n := len(w.chosen); n > 0 {
			w.chosen[n-1] = true
		}
	case "Fallback":
		if n := len(w.chosen); n > 0 && w.chosen[n-1] {
			return errSkip // the same content again, for old readers
		}
	case "del", "moveFrom":
		w.removed++
		return errSkip
	case "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "instrText":
		return errSkip
	case "blip", "imagedata":
		w.left("a picture")
	case "OLEObject", "control", "altChunk", "subDoc", "contentPart":
		w.left("an embedded object")
	case "chart", "relIds":
		w.left("a chart or diagram")
	}
	return nil
}

func (w *wordReader) end(local string) {
	switch local {
	case "p":
		if n := len(w.open); n > 0 {
			p := w.open[n-1]
			w.open = w.open[:n-1]
			w.put(p.block())
		}
	case "t":
		w.texts = max(0, w.texts-1)
	case "tabs":
		w.inTabs = max(0, w.inTabs-1)
	case "AlternateContent":
		if n := len(w.chosen); n > 0 {
			w.chosen = w.chosen[:n-1]
		}
	case "tbl":
		if n := len(w.tables); n > 0 {
			t := w.tables[n-1]
			w.tables = w.tables[:n-1]
			for _, b := range t.blocks() {
				w.put(b)
			}
		}
	}
}

// finish notes what was passed over on the way.
func (w *wordReader) finish() {
	if w.removed > 0 {
		w.a.warn(0, 0, fmt.Sprintf("deleted or moved text of tracked changes was left out (%d places)", w.removed), "accept or reject the changes before importing")
	}
}

func (w *wordReader) left(what string) {
	no := 0
	if n := len(w.open); n > 0 && w.body {
		no = w.open[n-1].no
	}
	w.a.warn(no, 0, what+" was left out", "add it as an attachment with a marking of its own")
}

// write adds text to the paragraph being read; text outside of one begins one.
func (w *wordReader) write(text string) error {
	if len(w.open) == 0 {
		if isBlank(strings.ReplaceAll(text, "\n", "")) {
			return nil
		}
		w.put((&wordParagraph{no: w.count}).from(text))
		return nil
	}
	p := w.open[len(w.open)-1]
	if p.text.Len()+len(text) > cordon.MaxPortionBytes {
		w.a.problems.tooLarge(p.no, portionTooLong, cordon.MaxPortionBytes)
		return w.a.problems.err()
	}
	p.text.WriteString(text)
	return nil
}

func (w *wordReader) with(f func(*wordParagraph)) {
	if n := len(w.open); n > 0 {
		f(w.open[n-1])
	}
}

func (w *wordReader) inTable(f func(*wordTable)) {
	if n := len(w.tables); n > 0 {
		f(w.tables[n-1])
	}
}

// put hands a block to the cell it is in, or to the document.
func (w *wordReader) put(b block) {
	if len(b.lines) == 0 {
		return
	}
	if n := len(w.tables); n > 0 {
		t := w.tables[n-1]
		if r := len(t.rows); r > 0 && len(t.rows[r-1]) > 0 {
			row := t.rows[r-1]
			row[len(row)-1] = append(row[len(row)-1], b)
			return
		}
	}
	if !w.body {
		for i := range b.lines {
			b.lines[i].no, b.lines[i].col = 0, 0
		}
	}
	w.blocks = append(w.blocks, b)
}

func (p *wordParagraph) from(text string) block {
	p.text.WriteString(text)
	return p.block()
}

func (p *wordParagraph) block() block {
	b := block{kind: p.style.kind()}
	if p.list > 0 && !p.noNum && b.kind == cordon.PortionParagraph {
		b.kind = cordon.PortionListItem
	}
	if b.kind == cordon.PortionListItem {
		b.depth = max(p.list, 1)
	}
	col := 1
	// A no-break space after a mark is how Word keeps it with its text.
	text := strings.ReplaceAll(p.text.String(), ")\u00a0", ") ")
	for l := range strings.SplitSeq(text, "\n") {
		if !isBlank(l) {
			b.lines = append(b.lines, line{text: trim(l), no: p.no, col: col})
		}
		col += utf8.RuneCountInString(l) + 1
	}
	return b
}

// blocks is the table as rows between pipes; a table of one cell is a frame
// around what is in it.
func (t *wordTable) blocks() []block {
	if len(t.rows) == 1 && len(t.rows[0]) == 1 {
		return t.rows[0][0]
	}
	b := block{kind: cordon.PortionTable}
	for i, row := range t.rows {
		var text, rule strings.Builder
		text.WriteString("|")
		rule.WriteString("|")
		for _, cell := range row {
			text.WriteString(" " + cellText(cell) + " |")
			rule.WriteString(" --- |")
		}
		b.lines = append(b.lines, line{text: text.String(), no: t.no, col: 1})
		if i == 0 {
			b.lines = append(b.lines, line{text: rule.String(), no: t.no, col: 1})
		}
	}
	if len(b.lines) == 0 {
		return nil
	}
	return []block{b}
}

// cellText is what is in a cell, on one line.
func cellText(cell []block) string {
	var parts []string
	for _, b := range cell {
		for _, l := range b.lines {
			text := l.text
			if b.kind == cordon.PortionTable {
				text = trim(strings.Trim(text, "|"))
			}
			parts = append(parts, strings.ReplaceAll(text, "|", "\\|"))
		}
	}
	return strings.Join(parts, cellBreak)
}
