package document

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/marked"
	"cordon/internal/edge/exchange/mail"
	"cordon/internal/edge/exchange/parts"
	"cordon/internal/edge/exchange/threat"
	"cordon/marking"
)

// fromFile makes a document of one file.
func fromFile(f *parts.File, o Options) (Document, error) {
	p := &problems{file: f.Name}
	if f.Raw == "" && len(f.Blocks) == 0 && f.Subject == nil && len(f.Lost) > 0 {
		for _, i := range f.Lost {
			p.add(i.Line, 0, i.Problem, i.Fix)
		}
		switch {
		case f.TooLarge:
			p.tooLarge(0, "%s", f.Lost[0].Problem)
		case f.Busy:
			return Document{}, cordon.Errorf(cordon.KindUnavailable, "%s: %s", f.Name, f.Lost[0].Problem).With(f.Lost...)
		}
		return Document{}, p.err()
	}
	o.called = f.Called
	for _, i := range f.Refused {
		p.add(i.Line, i.Column, i.Problem, i.Fix)
	}
	if f.Raw != "" && len(f.Refused) == 0 {
		d, err := readPlain(f.Name, f.Raw, []byte(f.Raw), o)
		if err != nil {
			return d, err
		}
		a := newAssembler(f.Name, o, p, nil)
		a.warnings = d.Warnings
		a.leftOut(f)
		return a.beside(f, d)
	}
	if f.Kind == threat.Other {
		p.add(1, 1, "this is JSON, and neither a document, a STIX bundle nor a MISP event", "write each document as one JSON object on one line, with title, marking and portions")
	}
	if len(f.Refused) > 0 || f.Kind == threat.Other {
		return Document{}, p.err()
	}
	if f.Kind == mail.Kind && f.Subject != nil {
		if m, ok := o.unread(f.Subject.Text); ok {
			p.mark(f.Subject.No, f.Subject.Col+utf8.RuneCountInString(f.Subject.Text[:m.Start]), m.Err)
			return Document{}, p.err()
		}
		o = o.subject(f.Subject.Text)
	}
	a := newAssembler(f.Name, o, p, nil)
	if f.Subject != nil {
		a.split.add(block{kind: cordon.PortionHeading, lines: []line{{text: f.Subject.Text, no: f.Subject.No, col: f.Subject.Col}}})
	}
	for _, b := range f.Blocks {
		a.split.put(b)
	}
	a.leftOut(f)
	d, err := a.document()
	if err != nil {
		return d, err
	}
	return a.beside(f, d)
}

// leftOut names what was not read of a file, and what has no text.
func (a *assembler) leftOut(f *parts.File) {
	for _, i := range slices.Concat(f.Lost, f.Notes) {
		a.warn(i.Line, i.Column, i.Problem, i.Fix)
	}
}

// beside names the text in the file that stands beside that of its document.
func (a *assembler) beside(f *parts.File, d Document) (Document, error) {
	a.asides(f.Asides, d)
	d.Warnings, d.File = a.warnings, f.Name
	if err := a.problems.err(); err != nil {
		return Document{}, err
	}
	return d, nil
}

// subject is the options for a mail of that subject. A mark in it says how the
// whole mail is marked (TLP 2.0, Usage, "How to use TLP in messaging"), so that
// unmarked text does not come in freer.
func (o Options) subject(text string) Options {
	if o.Quoted {
		return o
	}
	all := []marking.Marks{}
	for f := range o.Schemes.Find(text) {
		if f.Err == nil && (!f.Word || f.Place.Head()) {
			all = append(all, f.Marks)
		}
	}
	return o.atLeast(all)
}

// atLeast is the options for a file whose unmarked text is marked as all of these
// together.
func (o Options) atLeast(all []marking.Marks) Options {
	if len(all) == 0 {
		return o
	}
	if !o.DefaultMark.Empty() && !o.Undecided {
		all = append(all, o.DefaultMark)
	}
	if joined, err := o.Schemes.RollUp(all); err == nil {
		o.DefaultMark, o.Undecided = joined, false
	}
	return o
}

// named are the marks in the name that a file has in another and in the folders
// before it, as in "SECRET//NOFORN/(S) plan.txt". Such a name says how the file is
// marked, so that what is unmarked in it does not come in freer. Unread is a mark
// that cannot be read.
func (o Options) named(called string) (all []marking.Marks, unread string) {
	if o.Quoted || called == "" {
		return nil, ""
	}
	name := parts.Base(called)
	folders := strings.TrimSuffix(strings.TrimSuffix(called, name), "/")
	elements := []string{strings.TrimSuffix(name, path.Ext(name))}
	for folders != "" {
		last := parts.Base(folders)
		elements = append(elements, last)
		folders = strings.TrimSuffix(strings.TrimSuffix(folders, last), "/")
	}
	for _, text := range elements {
		for f := range o.Schemes.Find("Classification: " + text) {
			switch {
			case f.Err != nil:
				unread = f.Text
			case !f.Word || utf8.RuneCountInString(f.Text) > 1: // a drive is C, and a list may be A
				all = append(all, f.Marks)
			}
		}
	}
	return all, unread
}

// unread finds a mark in the subject of a mail that cannot be read; the mail could
// then come in freer.
func (o Options) unread(subject string) (m marking.Found, ok bool) {
	for f := range o.Schemes.Find(subject) {
		if f.Err != nil && !f.Word && !o.Quoted {
			return f, true
		}
	}
	return m, false
}

// put takes a block of a file.
func (s *splitter) put(b parts.Block) {
	out := block{kind: b.Kind, depth: b.Depth, page: b.Page}
	for _, l := range b.Lines {
		for text := range strings.FieldsFuncSeq(l.Text, isLineEnd) {
			at := line{text: trim(text), no: l.No, col: l.Col}
			if i := strings.Index(l.Text, text); i > 0 && l.Col > 0 {
				at.col += utf8.RuneCountInString(l.Text[:i])
			}
			out.lines = append(out.lines, at)
		}
	}
	if len(out.lines) == 0 {
		return
	}
	if b.Furniture && !s.anyMark(b.Text()) {
		s.furniture = append(s.furniture, placedFurniture{furniture{line: out.lines[0], paged: true, page: b.Page}, len(s.pieces)})
		return
	}
	s.add(out)
}

// isLineEnd reports whether Unicode ends a line at r.
func isLineEnd(r rune) bool { return r == '\n' || r == '\f' || r == '\u2028' || r == '\u2029' }

// anyMark reports whether a mark can be read in a text.
func (s *splitter) anyMark(text string) bool {
	for range s.set.Find(text) {
		return true
	}
	return false
}

// asides names the text that stands beside that of the document, and what of it
// asks for more than the document's marking. Where it tells of the whole, as a
// property does, that is refused.
func (a *assembler) asides(all []parts.Aside, d Document) {
	var kinds []string
	count, first := map[string]int{}, map[string]parts.Aside{}
	for _, one := range all {
		if one.Tells != "" && a.tells(one, d) || one.Again {
			continue
		}
		if one.Plain {
			a.uncovered(one, d)
			continue
		}
		if count[one.What]++; count[one.What] == 1 {
			kinds = append(kinds, one.What)
			first[one.What] = one
		}
		a.uncovered(one, d)
	}
	for _, what := range kinds {
		more := ""
		if n := count[what]; n > 1 {
			more = fmt.Sprintf(", and %d more like it", n-1)
		}
		a.warn(first[what].Line.No, 0, fmt.Sprintf("%s was left out: %q%s", what, parts.Clip(first[what].Line.Text), more), "put into the text what belongs to the report")
	}
}

// uncovered warns of marks in an aside that the document's marking does not cover.
func (a *assembler) uncovered(one parts.Aside, d Document) {
	marks, err := marked.Find(a.Schemes, one.Line.Text)
	if err != nil {
		return
	}
	refuse, warn := marked.Hold(a.Schemes, d.Marks, marks)
	for _, m := range append(refuse, warn...) {
		a.warn(one.Line.No, 0, fmt.Sprintf("%s, which is left out, is marked %s, and the document is marked %s", one.What, parts.Clip(m.Text), d.Marks), "see whether the document needs the higher marking")
	}
}

// tells refuses the document where something in the file says that all of it is
// marked as the document's marking does not cover. It reports whether it did.
func (a *assembler) tells(one parts.Aside, d Document) bool {
	marks, err := marked.Find(a.Schemes, "Classification: "+one.Tells)
	if err != nil || a.Quoted {
		return false
	}
	refuse, _ := marked.Hold(a.Schemes, d.Marks, marks)
	for _, m := range refuse {
		a.problems.add(one.Line.No, one.Line.Col, fmt.Sprintf("%s says that it is marked %s, and its text is marked %s, which does not cover it: %s", one.What, parts.Clip(m.Text), d.Marks, parts.Clip(one.Line.Text)),
			"put the mark on the first line of the text, or import it with that as its default marking")
	}
	return len(refuse) > 0
}
