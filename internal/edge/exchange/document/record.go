package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/marked"
	"cordon/marking"
)

// field is a string of a JSON line and the column it begins at; col is zero
// where the field was not given.
type field struct {
	text string
	col  int
}

// record is one JSON line as written.
type record struct {
	no                                int
	title, ref, marking, titleMarking field
	portions                          []recordPortion
}

type recordPortion struct {
	col                      int
	kind, ref, marking, text field
}

// recordParser reads a JSON line by its tokens rather than into a struct, so
// that every complaint has a column, and because the standard decoder takes
// the last of two equal names and any case of a name: two readers of one line
// could see two markings.
type recordParser struct {
	dec *json.Decoder
	raw []byte
	p   *problems
	no  int
	// counted and runes are the offset up to which characters have been
	// counted, and their number: columns are asked for from left to right.
	counted, runes int
}

// errShape says that the line is not of the form, and has been reported.
var errShape = errors.New("not a document")

// parseRecord reads one line. ok is false where it has not the form of a
// document, so that there is nothing more to say about it.
func parseRecord(p *problems, no int, raw []byte) (rec record, ok bool) {
	x := &recordParser{dec: json.NewDecoder(bytes.NewReader(raw)), raw: raw, p: p, no: no}
	rec.no = no
	err := x.object("a document", map[string]func() error{
		"title":        func() error { return x.text(&rec.title) },
		"ref":          func() error { return x.text(&rec.ref) },
		"marking":      func() error { return x.text(&rec.marking) },
		"titleMarking": func() error { return x.text(&rec.titleMarking) },
		"portions":     func() error { return x.portions(&rec.portions) },
	})
	if err == nil {
		if _, end := x.dec.Token(); !errors.Is(end, io.EOF) {
			x.fail("something follows the document on its line", "put each document on a line of its own")
		}
		return rec, true
	}
	if !errors.Is(err, errShape) {
		x.syntax(err)
	}
	return rec, false
}

// column is where the next token begins.
func (x *recordParser) column() int {
	at := int(x.dec.InputOffset())
	for at < len(x.raw) && strings.IndexByte(" \t:,", x.raw[at]) >= 0 {
		at++
	}
	x.runes += utf8.RuneCount(x.raw[x.counted:at])
	x.counted = at
	return 1 + x.runes
}

func (x *recordParser) fail(problem, fix string) {
	x.p.add(x.no, x.column(), problem, fix)
}

func (x *recordParser) syntax(err error) {
	at := int(x.dec.InputOffset())
	var s *json.SyntaxError
	if errors.As(err, &s) {
		at = int(s.Offset) - 1
	}
	at = min(max(at, 0), len(x.raw))
	problem := "this is not JSON: " + err.Error()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		at, problem = len(x.raw), "the JSON ends too early"
	}
	x.p.add(x.no, 1+utf8.RuneCount(x.raw[:at]), problem, "write each document as one JSON object on one line")
}

// open reads the delimiter that begins a value.
func (x *recordParser) open(want json.Delim, what string) error {
	col := x.column()
	t, err := x.dec.Token()
	if err != nil {
		return err
	}
	if t != want {
		x.p.add(x.no, col, fmt.Sprintf("%s must begin with %q", what, want.String()), "")
		return errShape
	}
	return nil
}

// object reads an object of which every field is known. An unknown or doubled
// field is reported and passed over, so that all of them are.
func (x *recordParser) object(what string, fields map[string]func() error) error {
	if err := x.open('{', what); err != nil {
		return err
	}
	seen := map[string]bool{}
	for x.dec.More() {
		col := x.column()
		t, err := x.dec.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		read := fields[name]
		switch {
		case read == nil:
			x.p.add(x.no, col, fmt.Sprintf("%s has no field %q", what, clip(name)), "the fields are "+names(fields))
			read = x.skip
		case seen[name]:
			x.p.add(x.no, col, fmt.Sprintf("the field %q is given twice", name), "leave one out")
			read = x.skip
		}
		seen[name] = true
		if err := read(); err != nil {
			return err
		}
	}
	_, err := x.dec.Token()
	return err
}

func names(fields map[string]func() error) string {
	all := make([]string, 0, len(fields))
	for name := range fields {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func (x *recordParser) skip() error {
	var v json.RawMessage
	return x.dec.Decode(&v)
}

func (x *recordParser) text(f *field) error {
	f.col = x.column()
	t, err := x.dec.Token()
	if err != nil {
		return err
	}
	s, ok := t.(string)
	if !ok {
		x.p.add(x.no, f.col, "this must be a string", "")
		return errShape
	}
	f.text = s
	return nil
}

func (x *recordParser) portions(out *[]recordPortion) error {
	if err := x.open('[', "the list of portions"); err != nil {
		return err
	}
	for x.dec.More() {
		if len(*out) == cordon.MaxPortions {
			x.p.tooLarge(x.no, "there are more portions than a report may have, %d (MaxPortions)", cordon.MaxPortions)
			return errShape
		}
		p := recordPortion{col: x.column()}
		err := x.object("a portion", map[string]func() error{
			"kind":    func() error { return x.text(&p.kind) },
			"ref":     func() error { return x.text(&p.ref) },
			"marking": func() error { return x.text(&p.marking) },
			"text":    func() error { return x.text(&p.text) },
		})
		if err != nil {
			return err
		}
		*out = append(*out, p)
	}
	_, err := x.dec.Token()
	return err
}

// document makes a document of the line, or says what is wrong with it.
func (rec record) document(p *problems, o Options) (Document, error) {
	d := Document{Ref: rec.ref.text, Line: rec.no}
	refs := map[string]bool{}
	rec.ref.checkRef(p, rec.no, nil)
	banner := rec.banner(p, o)
	if !banner.Empty() {
		d.Banner = trim(rec.marking.text)
	}
	d.Title = rec.titlePortion(p, o, banner)
	for _, in := range rec.portions {
		in.ref.checkRef(p, rec.no, refs)
		d.Portions = append(d.Portions, in.portion(p, rec.no, o, banner))
	}
	checkWhole(o, p, &d, banner, line{no: rec.no, col: rec.marking.col})
	d.Warnings = rec.hold(p, o, d)
	rec.holdRefs(p, o, d)
	if !d.Marks.Empty() && !o.Undecided && !o.Quoted {
		texts := []string{d.Title.Text}
		for _, portion := range d.Portions {
			texts = append(texts, portion.Text)
		}
		if i, bad := marked.HoldAuthority(o.Schemes, d.Marks, texts); bad {
			p.add(rec.no, 0, i.Problem, i.Fix)
		}
	}
	if err := p.err(); err != nil {
		return Document{}, err
	}
	return d, nil
}

// hold holds the marks in the texts against their markings: see package marked.
func (rec record) hold(p *problems, o Options, d Document) (warnings []cordon.Issue) {
	for _, portion := range append([]Portion{d.Title}, d.Portions...) {
		if portion.Marks.Empty() || portion.Inherited && o.Undecided && portion.Marks.Equal(o.DefaultMark) {
			continue
		}
		marks, err := marked.Find(o.Schemes, portion.Text)
		if err != nil {
			p.tooLarge(rec.no, "%s", err)
			return warnings
		}
		refuse, warn := o.held(portion.Marks, marks)
		if (portion.Kind == cordon.PortionHeading || portion.Kind == cordon.PortionTitle) && !o.Quoted {
			refuse, warn = marked.InHeading(refuse, warn)
		}
		for _, m := range refuse {
			i := m.Issue(portion.Marks)
			p.add(rec.no, portion.Column, i.Problem, i.Fix)
		}
		for _, m := range warn {
			if i := m.Issue(portion.Marks); len(warnings) < maxWarnings {
				warnings = append(warnings, cordon.Issue{File: p.file, Line: rec.no, Column: portion.Column, Problem: i.Problem, Fix: i.Fix})
			}
		}
	}
	return warnings
}

// holdRefs holds the marks in refs against the marking of the whole: a ref is shown
// wherever the portion is named.
func (rec record) holdRefs(p *problems, o Options, d Document) {
	if d.Marks.Empty() || o.Quoted || o.Undecided {
		return
	}
	refs := []field{rec.ref}
	for _, in := range rec.portions {
		refs = append(refs, in.ref)
	}
	for _, ref := range refs {
		marks, err := marked.Find(o.Schemes, ref.text)
		if err != nil {
			continue
		}
		refuse, _ := marked.Hold(o.Schemes, d.Marks, marks)
		for _, m := range refuse {
			if utf8.RuneCountInString(m.Text) > 1 && !m.Word { // a number is often behind one letter
				p.add(rec.no, ref.col, "in a ref, "+m.Issue(d.Marks).Problem, "correct the ref")
			}
		}
	}
}

// banner is the marking of the whole. What does not parse as a banner may be
// a portion mark; the complaint is that of the form it looks like.
func (rec record) banner(p *problems, o Options) marking.Marks {
	f := rec.marking
	if f.col == 0 {
		return nil
	}
	marks, err := o.Schemes.ParseBanner(trim(f.text))
	if err != nil {
		marks, err = o.Schemes.Parse(trim(f.text))
	}
	if err != nil {
		p.mark(rec.no, f.col, err)
	}
	return marks
}

func (rec record) titlePortion(p *problems, o Options, banner marking.Marks) Portion {
	t := Portion{Kind: cordon.PortionTitle, Line: rec.no, Column: rec.title.col}
	var own marking.Marks
	if rec.title.col == 0 {
		p.add(rec.no, 0, "this document has no title", `give it one, as in "title": "Harbour notes"`)
	} else if rec.titleMarking.col > 0 {
		own = rec.titleMarking.marks(p, rec.no, o)
		t.Text = rec.title.clean(p, rec.no, "a title")
	} else {
		marks, rest, ok, err := o.Schemes.LeadingMark(rec.title.text)
		if err != nil {
			p.mark(rec.no, rec.title.col, err)
		}
		f := rec.title
		if ok {
			own, f.text = marks, rest
		}
		t.Text = f.clean(p, rec.no, "a title")
	}
	t.Marks = own
	if own.Empty() {
		t.Inherited, t.Marks = true, banner
		if banner.Empty() {
			t.Marks = o.DefaultMark
		}
	}
	return t
}

func (in recordPortion) portion(p *problems, no int, o Options, banner marking.Marks) Portion {
	out := Portion{Kind: cordon.PortionParagraph, Ref: in.ref.text, Line: no, Column: in.col}
	out.Text = in.text.clean(p, no, "a portion")
	if in.kind.col > 0 {
		out.Kind = cordon.PortionKind(in.kind.text)
		if out.Kind == cordon.PortionTitle || !slices.Contains(cordon.PortionKinds(), out.Kind) {
			p.add(no, in.kind.col, fmt.Sprintf("%q is no kind of portion", clip(in.kind.text)), "one of "+kinds())
		}
	}
	switch {
	case in.marking.col > 0:
		out.Marks = in.marking.marks(p, no, o)
	case o.Unmarked == Refuse:
		p.add(no, in.col, "this portion has no marking", `give it one, as in "marking": "U"`)
	case !banner.Empty():
		out.Marks, out.Inherited = banner, true
	case !o.DefaultMark.Empty():
		out.Marks, out.Inherited = o.DefaultMark, true
	default:
		p.add(no, in.col, "this portion has no marking, and the document has none to inherit", `give it one, as in "marking": "U"`)
	}
	return out
}

func kinds() string {
	var all []string
	for _, k := range cordon.PortionKinds() {
		if k != cordon.PortionTitle {
			all = append(all, string(k))
		}
	}
	return strings.Join(all, ", ")
}

// marks reads a marking in either form, with or without parentheses.
func (f field) marks(p *problems, no int, o Options) marking.Marks {
	marks, err := o.Schemes.Parse(trim(f.text))
	if err != nil {
		p.mark(no, f.col, err)
	}
	return marks
}

// clean is the text with its lines ended by "\n". A text that is missing,
// empty, or not text is reported.
func (f field) clean(p *problems, no int, what string) string {
	text := strings.ReplaceAll(f.text, "\r\n", "\n")
	if strings.TrimSpace(text) == "" {
		p.add(no, f.col, what+" has no text", "")
	}
	if r, bad := controlIn(text); bad {
		p.add(no, f.col, fmt.Sprintf("control character %U", r), "remove it")
	}
	return text
}

// checkRef reports a ref that is too long, no text, or in seen already.
func (f field) checkRef(p *problems, no int, seen map[string]bool) {
	if f.text == "" {
		return
	}
	if len(f.text) > cordon.MaxNameBytes {
		p.tooLarge(no, "a ref is longer than one may be, %d bytes (MaxNameBytes)", cordon.MaxNameBytes)
		return
	}
	if r, bad := controlIn(f.text); bad || strings.ContainsAny(f.text, "\n\t") {
		p.add(no, f.col, fmt.Sprintf("control character %U in a ref", r), "remove it")
	}
	if seen[f.text] {
		p.add(no, f.col, fmt.Sprintf("the ref %q is given twice in one document", clip(f.text)), "give each portion a ref of its own")
	}
	if seen != nil {
		seen[f.text] = true
	}
}
