// Package docx reads the text of Word documents: the body, headers, footers,
// footnotes, endnotes, text boxes, charts and diagrams as blocks; comments,
// deleted text, field instructions and readings beside characters as asides.
//
// Every text element (w:t) of a file is in a block or an aside. Numbers that
// Word makes by itself are not in the file; the text of a list's bullet is read
// where it has a word in it, such as a marking.
package docx

import (
	"encoding/xml"
	"path"
	"slices"
	"strings"
	"unicode"

	"cordon"
	"cordon/internal/edge/exchange/parts"
)

// Kind is what messages call such a file.
const Kind = "a Word document"

// Opener reads a file within the document.
type Opener func(name string, src []byte) parts.File

// Is reports whether the archive is a Word document, and where its text is.
func Is(a *parts.Archive) (main string, ok bool) {
	relations, err := a.Relations("")
	if err == nil {
		for _, r := range relations {
			if r.Type == "officeDocument" && a.Has(r.Target) && (strings.Contains(r.Target, "word") || strings.Contains(r.Target, "document")) {
				return r.Target, true
			}
		}
	}
	return "word/document.xml", a.Has("word/document.xml")
}

// Read reads the document whose text is in the part main.
func Read(name string, a *parts.Archive, main string, open Opener) parts.File {
	r := &reader{archive: a, open: open, file: parts.File{Name: name, Kind: Kind}, read: map[string]bool{main: true}}
	if err := r.document(main); err != nil {
		return parts.File{Name: name, Kind: Kind, Lost: []cordon.Issue{{
			File: name, Problem: "this is " + Kind + ", and " + err.Error(), Fix: "open it in a word processor and save it again",
		}}, TooLarge: cordon.KindOf(err) == cordon.KindTooLarge}
	}
	return r.file
}

// reader reads one document.
type reader struct {
	archive *parts.Archive
	open    Opener
	file    parts.File
	styles  styles
	numbers numbering
	read    map[string]bool
	hidden  hiddenText
	gone    bool // tracked changes were met
}

// hiddenText is how much text is formatted not to be shown.
type hiddenText struct{ places, first int }

func (r *reader) document(main string) error {
	relations, err := r.archive.Relations(main)
	if err != nil {
		return err
	}
	of := func(kinds ...string) []string {
		var names []string
		for _, rel := range relations {
			if !rel.External && slices.Contains(kinds, rel.Type) && !slices.Contains(names, rel.Target) {
				names = append(names, rel.Target)
			}
		}
		slices.Sort(names)
		return names
	}
	for _, name := range append(of("styles"), path.Join(path.Dir(main), "styles.xml")) {
		if len(r.styles) == 0 {
			if r.styles, err = readStyles(r.archive, name); err != nil {
				return err
			}
		}
	}
	for _, name := range append(of("numbering"), path.Join(path.Dir(main), "numbering.xml")) {
		if len(r.numbers.levels) == 0 {
			if r.numbers, err = readNumbering(r.archive, name); err != nil {
				return err
			}
		}
	}
	body, err := r.part(main, "", relations)
	if err != nil {
		return err
	}
	r.file.Blocks = append(r.file.Blocks, body...)
	// What is linked, and what lies there by its usual name though nothing
	// links to it.
	unlinked := func(prefix string) []string {
		var names []string
		for _, name := range r.archive.Names {
			if path.Dir(name) == path.Dir(main) && strings.HasPrefix(path.Base(name), prefix) && path.Ext(name) == ".xml" {
				names = append(names, name)
			}
		}
		return names
	}
	for _, kind := range []string{"footnotes", "endnotes", "header", "footer"} {
		names := append(of(kind), unlinked(kind)...)
		for _, name := range names {
			if r.read[name] {
				continue
			}
			r.read[name] = true
			blocks, err := r.part(name, kind, relations)
			if err != nil {
				return err
			}
			if kind == "header" || kind == "footer" {
				blocks = columns(blocks)
			}
			for i := range blocks {
				for j := range blocks[i].Lines {
					blocks[i].Lines[j].No, blocks[i].Lines[j].Col = 0, 0
				}
			}
			r.file.Blocks = append(r.file.Blocks, blocks...)
		}
	}
	for _, name := range r.archive.Names {
		if err := r.other(name); err != nil {
			return err
		}
	}
	r.numbers.each(func(text string) {
		if !strings.Contains(text, "%") || parts.Weight(counter.ReplaceAllString(text, "")) > 0 {
			if parts.Weight(text) > 1 {
				r.file.Asides = append(r.file.Asides, parts.Aside{What: "text before the items of a list", Line: parts.Line{Text: text}, Plain: true})
			}
		}
	})
	r.fallbacks()
	r.told()
	return nil
}

// fallbacks compares what stands in the document for other programs with what it
// shows: where it says something else, it is text that nobody was shown.
func (r *reader) fallbacks() {
	var shown strings.Builder
	for _, b := range r.file.Blocks {
		shown.WriteString(letters(b.Text()))
	}
	for i, a := range r.file.Asides {
		if a.Again && !strings.Contains(shown.String(), letters(a.Line.Text)) {
			r.file.Asides[i].Again, r.file.Asides[i].What = false, other
		}
	}
}

// letters are those of a text, without what sets them apart.
func letters(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsNumber(c) {
			return c
		}
		return -1
	}, strings.ReplaceAll(s, cellBreak, ""))
}

// other reads what else lies in the archive.
func (r *reader) other(name string) error {
	base, dir := path.Base(name), path.Base(path.Dir(name))
	aside := func(what string) error {
		r.read[name] = true
		blocks, err := r.part(name, what, nil)
		for _, b := range blocks {
			for _, l := range b.Lines {
				l.No, l.Col = 0, 0
				r.file.Asides = append(r.file.Asides, parts.Aside{What: what, Line: l})
			}
		}
		return err
	}
	xmlFile := path.Ext(name) == ".xml"
	switch {
	case r.read[name], strings.HasSuffix(name, "/"):
	case xmlFile && strings.HasPrefix(base, "comments") && !strings.HasPrefix(base, "commentsE") && !strings.HasPrefix(base, "commentsI"):
		return aside("a comment")
	case xmlFile && dir == "glossary" && base == "document.xml":
		return aside("a building block")
	case name == "docProps/core.xml" || name == "docProps/custom.xml":
		return r.properties(name)
	case xmlFile && (dir == "charts" || dir == "diagrams" && strings.HasPrefix(base, "data")):
		return r.drawing(name)
	case dir == "media":
		return r.media(name)
	case dir == "embeddings", strings.Contains(strings.ToLower(base), "afchunk"):
		return r.embedded(name)
	case base == "vbaProject.bin":
		r.file.Note(0, parts.Clip(name)+" was left out: macros are not read", "")
	case xmlFile && (strings.HasPrefix(name, "customXml/item") && !strings.HasPrefix(base, "itemProps") || base == "LabelInfo.xml" || base == "settings.xml"):
		return r.data(name)
	case xmlFile && !known(base):
		return r.unknown(name)
	}
	return nil
}

// known reports parts that hold no text of the document.
func known(base string) bool {
	switch base {
	case "styles.xml", "stylesWithEffects.xml", "settings.xml", "fontTable.xml", "webSettings.xml", "numbering.xml", "[Content_Types].xml", "people.xml",
		"app.xml", "commentsExtended.xml", "commentsIds.xml", "commentsExtensible.xml":
		return true
	}
	return strings.HasPrefix(base, "theme")
}

// unknown reads a part that nobody expects, if it has text elements.
func (r *reader) unknown(name string) error {
	blocks, err := r.part(name, "text that nothing shows", nil)
	if err != nil { // any XML may lie in the archive
		return nil
	}
	for _, b := range blocks {
		for _, l := range b.Lines {
			l.No, l.Col = 0, 0
			r.file.Asides = append(r.file.Asides, parts.Aside{What: "text that nothing shows", Line: l})
		}
	}
	return nil
}

// properties reads the document's title, subject, keywords and the like.
func (r *reader) properties(name string) error {
	return r.archive.Properties(name, func(a parts.Aside) { r.file.Asides = append(r.file.Asides, a) })
}

// drawing reads the words of a chart or a diagram, which a reader sees.
func (r *reader) drawing(name string) error {
	var b strings.Builder
	in := 0
	return r.archive.Walk(name, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			if local := t.Name.Local; local == "t" || local == "v" {
				in++
			}
		case xml.CharData:
			if in > 0 {
				b.Write(t)
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "t", "v":
				in--
				if t.Name.Local == "v" {
					b.WriteByte(' ')
				}
			case "p", "cat", "tx", "val":
				r.file.Add(cordon.PortionParagraph, b.String(), 0)
				b.Reset()
			}
		}
		return nil
	})
}

// embedded reads a file in the document in its own right.
func (r *reader) embedded(name string) error {
	r.read[name] = true
	if path.Ext(name) == ".bin" {
		r.file.Lose(0, path.Base(name)+", an embedded object, was not read", "put its text into the document, or hand it in by itself")
		return nil
	}
	src, err := r.archive.Read(name)
	if err != nil {
		return err
	}
	r.file.Files = append(r.file.Files, r.open(r.file.Name+": "+path.Base(name), src))
	return nil
}

// told names what was met on the way.
func (r *reader) told() {
	if r.hidden.places > 0 {
		r.file.Notes = append(r.file.Notes, cordon.Issue{
			File: r.file.Name, Line: r.hidden.first, Problem: "hidden text was read as text (" + count(r.hidden.places, "place") + ")", Fix: "take it out where it does not belong to the report",
		})
	}
}

// media reads a drawing with text in it (SVG), and names any other picture.
func (r *reader) media(name string) error {
	if strings.EqualFold(path.Ext(name), ".svg") {
		src, err := r.archive.Read(name)
		if err != nil {
			return err
		}
		if f := r.open(r.file.Name+": "+path.Base(name), src); !f.Media {
			r.file.Files = append(r.file.Files, f)
			return nil
		}
	}
	r.file.Note(0, parts.Clip(name)+" was left out: pictures, sound and film are not read", "add it as an attachment with a marking of its own")
	return nil
}

// data reads what an XML part that is no document says: its texts, and the
// attributes in which Office keeps the values of variables and labels.
func (r *reader) data(name string) error {
	return r.archive.Walk(name, func(t xml.Token) error {
		say := func(text string) {
			if text = strings.TrimSpace(text); parts.Weight(text) > 0 {
				a := parts.Aside{What: "data in the document", Line: parts.Line{Text: text}, Plain: path.Base(name) == "settings.xml"}
				if path.Base(name) == "LabelInfo.xml" {
					a.Tells = text
				}
				r.file.Asides = append(r.file.Asides, a)
			}
		}
		switch t := t.(type) {
		case xml.CharData:
			say(string(t))
		case xml.StartElement:
			switch t.Name.Local {
			case "docVar":
				say(parts.Attr(t, "val"))
			case "label":
				say(parts.Attr(t, "name"))
				say(parts.Attr(t, "contentMark"))
			}
		}
		return nil
	})
}
