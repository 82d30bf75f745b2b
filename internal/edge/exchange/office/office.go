// Package office reads the text of slides (PPTX) and of workbooks (XLSX).
package office

import (
	"encoding/xml"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cordon"
	"cordon/internal/edge/exchange/parts"
)

// The kinds of files, in the words of messages.
const (
	Slides   = "slides (PPTX)"
	Workbook = "a workbook (XLSX)"
)

// Opener reads a file within the document.
type Opener func(name string, src []byte) parts.File

// Is tells which kind an archive is; empty for neither.
func Is(a *parts.Archive) string {
	switch {
	case a.Has("ppt/presentation.xml"):
		return Slides
	case a.Has("xl/workbook.xml"):
		return Workbook
	}
	return ""
}

// Read reads an archive of one of the kinds.
func Read(name, kind string, a *parts.Archive, open Opener) parts.File {
	r := &reader{archive: a, open: open, file: parts.File{Name: name, Kind: kind}, drawn: map[string]bool{}}
	read := r.slides
	if kind == Workbook {
		read = r.workbook
	}
	if err := read(); err != nil {
		f := parts.Unreadable(name, kind, "these are "+kind+", and "+err.Error(), "open it in the program that made it and save it again")
		f.TooLarge = cordon.KindOf(err) == cordon.KindTooLarge
		return f
	}
	r.rest()
	if err := r.beneath(); err != nil {
		r.file.Lose(0, err.Error(), "open it in the program that made it and save it again")
		r.file.TooLarge = r.file.TooLarge || cordon.KindOf(err) == cordon.KindTooLarge
	}
	return r.file
}

type reader struct {
	archive *parts.Archive
	open    Opener
	file    parts.File
	strings []string
	used    []bool          // which of the strings a cell shows
	drawn   map[string]bool // the parts whose text elements were read
}

var digits = regexp.MustCompile(`\d+`)

// numbered are the files whose names match, in the order of their numbers.
func (r *reader) numbered(dir, prefix string) []string {
	var names []string
	for _, name := range r.archive.Names {
		if path.Dir(name) == dir && strings.HasPrefix(path.Base(name), prefix) && path.Ext(name) == ".xml" {
			names = append(names, name)
		}
	}
	number := func(name string) int {
		n, _ := strconv.Atoi(digits.FindString(path.Base(name)))
		return n
	}
	slices.SortStableFunc(names, func(a, b string) int { return number(a) - number(b) })
	return names
}

// slides reads the slides in the order of their numbers, with their notes, and
// what stands on their masters and layouts as asides.
func (r *reader) slides() error {
	for i, name := range r.numbered("ppt/slides", "slide") {
		hidden, blocks, err := r.drawing(name, i+1)
		if err != nil {
			return err
		}
		if hidden {
			r.beside("a hidden slide", blocks)
			continue
		}
		r.file.Blocks = append(r.file.Blocks, blocks...)
	}
	for _, other := range []struct{ dir, prefix, what string }{
		{"ppt/notesSlides", "notesSlide", "notes of the speaker"},
		{"ppt/comments", "", "a comment"},
		{"ppt/slideMasters", "slideMaster", "text of a layout"},
		{"ppt/slideLayouts", "slideLayout", "text of a layout"},
		{"ppt/notesMasters", "", "text of a layout"},
		{"ppt/handoutMasters", "", "text of a layout"},
	} {
		for _, name := range r.numbered(other.dir, other.prefix) {
			_, blocks, err := r.drawing(name, 0)
			if err != nil {
				return err
			}
			r.beside(other.what, blocks)
		}
	}
	return nil
}

func (r *reader) beside(what string, blocks []parts.Block) {
	for _, b := range blocks {
		for _, l := range b.Lines {
			r.file.Asides = append(r.file.Asides, parts.Aside{What: what, Line: l, Plain: what == "text of a layout"})
		}
	}
}

// drawing reads the paragraphs of DrawingML: shapes, tables, and comments.
func (r *reader) drawing(name string, no int) (hidden bool, blocks []parts.Block, err error) {
	var text strings.Builder
	in, tables, pages := 0, 0, false
	title := false
	bullet := "" // what stands before the paragraph
	var rows [][]string
	var cell []string
	line := func(s string) parts.Line { return parts.Line{Text: s, No: no, Col: 1} }
	r.drawn[name] = true
	err = r.archive.Walk(name, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "sld":
				hidden = parts.Attr(t, "show") == "0"
			case "t", "text":
				in++
			case "cNvPr": // a picture's alternative text
				for _, said := range []string{parts.Attr(t, "title"), parts.Attr(t, "descr")} {
					if parts.Weight(said) > 0 {
						r.file.Asides = append(r.file.Asides, parts.Aside{What: "a description", Line: line(said)})
					}
				}
			case "br":
				text.WriteByte('\n')
			case "tab":
				text.WriteByte('\t')
			case "buChar":
				bullet = parts.Attr(t, "char")
			case "fld":
				pages = pages || parts.Attr(t, "type") == "slidenum"
			case "sp":
				title = false
			case "ph":
				title = strings.Contains(strings.ToLower(parts.Attr(t, "type")), "title")
			case "tbl":
				tables++
			case "tr":
				if tables > 0 {
					rows = append(rows, nil)
				}
			}
		case xml.CharData:
			if in > 0 {
				text.Write(t)
			}
		case xml.EndElement:
			switch local := t.Name.Local; local {
			case "t", "text":
				if in--; local == "text" {
					text.WriteByte('\n')
				}
			case "tc":
				if n := len(rows); n > 0 {
					rows[n-1] = append(rows[n-1], strings.Join(cell, "<br>"))
				}
				cell = nil
			case "tbl":
				if tables--; tables == 0 && len(rows) > 0 {
					blocks = append(blocks, table(rows, no)...)
					rows = nil
				}
			case "p", "cm":
				said := text.String()
				if text.Reset(); parts.Weight(bullet) > 0 && parts.Weight(said) > 0 {
					said = bullet + " " + said
				}
				bullet = ""
				var lines []parts.Line
				for s := range strings.SplitSeq(said, "\n") {
					if s = strings.TrimSpace(s); s != "" {
						lines = append(lines, line(s))
					}
				}
				if tables > 0 {
					for _, l := range lines {
						cell = append(cell, strings.ReplaceAll(l.Text, "|", "\\|"))
					}
				} else if len(lines) > 0 {
					b := parts.Block{Kind: cordon.PortionParagraph, Lines: lines, Furniture: pages && parts.Weight(said) <= 16}
					if title && len(lines) == 1 {
						b.Kind = cordon.PortionHeading
					}
					blocks = append(blocks, b)
				}
				pages = false
			}
		}
		return nil
	})
	if rest := strings.TrimSpace(text.String()); rest != "" {
		blocks = append(blocks, parts.Block{Kind: cordon.PortionParagraph, Lines: []parts.Line{line(rest)}})
	}
	return hidden, blocks, err
}

// maxTable is how many bytes of rows make one table; the next ones make another.
const maxTable = 256 << 10

// table makes blocks of rows.
func table(rows [][]string, no int) []parts.Block {
	var all []parts.Block
	var b parts.Block
	size := 0
	flush := func() {
		if len(b.Lines) > 0 {
			all = append(all, b)
		}
		b, size = parts.Block{Kind: cordon.PortionTable}, 0
	}
	flush()
	for i, row := range rows {
		if parts.Weight(strings.Join(row, "")) == 0 {
			continue
		}
		at := no
		if at < 0 { // rows have numbers of their own
			at = i + 1
		}
		text := "| " + strings.Join(row, " | ") + " |"
		if size += len(text); size > maxTable {
			flush()
		}
		b.Lines = append(b.Lines, parts.Line{Text: text, No: at, Col: 1})
		if len(b.Lines) == 1 {
			b.Lines = append(b.Lines, parts.Line{Text: "|" + strings.Repeat(" --- |", max(1, len(row))), No: at, Col: 1})
		}
	}
	flush()
	return all
}

// workbook reads the sheets, each a table under its name.
func (r *reader) workbook() error {
	if err := r.shared(); err != nil {
		return err
	}
	relations, err := r.archive.Relations("xl/workbook.xml")
	if err != nil {
		return err
	}
	read := map[string]bool{}
	err = r.archive.Walk("xl/workbook.xml", func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "sheet" {
			return nil
		}
		name := relations[parts.Attr(e, "id")].Target
		read[name] = true
		state := parts.Attr(e, "state")
		return r.sheet(name, parts.Attr(e, "name"), state == "hidden" || state == "veryHidden")
	})
	if err != nil {
		return err
	}
	for _, name := range r.numbered("xl/worksheets", "sheet") {
		if !read[name] {
			if err := r.sheet(name, "", true); err != nil {
				return err
			}
		}
	}
	for i, used := range r.used {
		if !used && parts.Weight(r.strings[i]) > 0 {
			r.file.Asides = append(r.file.Asides, parts.Aside{What: "text that no cell shows", Line: parts.Line{Text: r.strings[i]}})
		}
	}
	for _, name := range r.archive.Names {
		base := path.Base(name)
		if path.Ext(name) == ".xml" && (strings.HasPrefix(base, "comments") || strings.HasPrefix(base, "threadedComment") || path.Base(path.Dir(name)) == "drawings") {
			_, blocks, err := r.drawing(name, 0)
			if err != nil {
				return err
			}
			what := "a comment"
			if path.Base(path.Dir(name)) == "drawings" {
				r.file.Blocks = append(r.file.Blocks, blocks...)
				continue
			}
			r.beside(what, blocks)
		}
	}
	return nil
}

// shared reads the strings that cells refer to.
func (r *reader) shared() error {
	var text strings.Builder
	in, reading := 0, 0
	return r.archive.Walk("xl/sharedStrings.xml", func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				in++
			case "rPh":
				reading++
			}
		case xml.CharData:
			if in > 0 {
				if reading > 0 {
					r.file.Asides = append(r.file.Asides, parts.Aside{What: "a reading beside characters", Line: parts.Line{Text: string(t)}})
				} else {
					text.Write(t)
				}
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t":
				in--
			case "rPh":
				reading--
			case "si":
				r.strings = append(r.strings, text.String())
				r.used = append(r.used, false)
				text.Reset()
			}
		}
		return nil
	})
}

// sheet reads one sheet. A string is told from a number by the cell.
func (r *reader) sheet(name, title string, hidden bool) error {
	var rows [][]string
	var text strings.Builder
	kind, in, size := "", 0, 0
	var edges []string
	err := r.archive.Walk(name, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "row":
				rows = append(rows, nil)
			case "c":
				kind = parts.Attr(t, "t")
			case "v", "t", "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
				in++
				text.Reset()
			}
		case xml.CharData:
			if in > 0 {
				text.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "v", "t":
				in--
				value := text.String()
				if i, err := strconv.Atoi(value); kind == "s" && t.Name.Local == "v" && err == nil && i >= 0 && i < len(r.strings) {
					value = r.strings[i]
					r.used[i] = true
				}
				if size += len(value); size > cordon.MaxReportBytes {
					return cordon.Errorf(cordon.KindTooLarge, "its text is longer than that of a report may be, %d bytes (MaxReportBytes)", cordon.MaxReportBytes)
				}
				if n := len(rows); n > 0 {
					value = strings.Join(strings.FieldsFunc(value, func(c rune) bool { return c == '\n' || c == '\r' }), "<br>")
					rows[n-1] = append(rows[n-1], strings.ReplaceAll(value, "|", "\\|"))
				}
			case "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter":
				in--
				edges = append(edges, text.String())
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var blocks []parts.Block
	if title != "" {
		blocks = append(blocks, parts.Block{Kind: cordon.PortionHeading, Lines: []parts.Line{{Text: title}}})
	}
	blocks = append(blocks, table(rows, -1)...)
	if hidden {
		r.beside("a hidden sheet", blocks)
		return nil
	}
	r.file.Blocks = append(r.file.Blocks, blocks...)
	for _, e := range edges {
		for _, section := range sections.Split(e, -1) {
			if section = strings.TrimSpace(codes.ReplaceAllString(section, "")); section != "" {
				r.file.Blocks = append(r.file.Blocks, parts.Block{Kind: cordon.PortionParagraph, Page: true, Lines: []parts.Line{{Text: section}}})
			}
		}
	}
	return nil
}

// The codes of headers and footers of sheets: where a section begins, and what is
// put in by the program.
var (
	sections = regexp.MustCompile(`&[LCR]`)
	codes    = regexp.MustCompile(`&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|[A-Za-z])`)
)

// rest reads what lies in either kind: charts, diagrams, files, pictures.
func (r *reader) rest() {
	for _, name := range r.archive.Names {
		dir, base := path.Base(path.Dir(name)), path.Base(name)
		switch {
		case path.Ext(name) == ".xml" && (dir == "charts" || dir == "diagrams" && strings.HasPrefix(base, "data")):
			if _, blocks, err := r.drawing(name, 0); err == nil {
				r.file.Blocks = append(r.file.Blocks, blocks...)
			}
		case dir == "media":
			r.media(name)
		case dir == "embeddings" && path.Ext(name) == ".bin":
			r.file.Lose(0, base+", an embedded object, was not read", "hand it in by itself")
		case dir == "embeddings" && !strings.HasSuffix(name, "/"):
			if src, err := r.archive.Read(name); err == nil {
				r.file.Files = append(r.file.Files, r.open(r.file.Name+": "+base, src))
			} else {
				r.file.Lose(0, err.Error(), "hand it in by itself")
			}
		case base == "vbaProject.bin":
			r.file.Note(0, base+" was left out: macros are not read", "")
		}
	}
}

// media reads a drawing with text in it (SVG), and names any other picture.
func (r *reader) media(name string) {
	if strings.EqualFold(path.Ext(name), ".svg") {
		src, err := r.archive.Read(name)
		if err != nil {
			r.file.Lose(0, err.Error(), "hand it in by itself")
			return
		}
		if f := r.open(r.file.Name+": "+path.Base(name), src); !f.Media {
			r.file.Files = append(r.file.Files, f)
			return
		}
	}
	r.file.Note(0, parts.Clip(name)+" was left out: pictures, sound and film are not read", "add it as an attachment with a marking of its own")
}
