package document

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/marking"
)

// assembler turns the blocks of one file into a document.
type assembler struct {
	Options
	name     string
	problems *problems
	warnings []cordon.Issue
	// decode resolves the escapes of the format in a text.
	decode func(string) string
	split  splitter
}

func newAssembler(name string, o Options, p *problems, decode func(string) string) *assembler {
	return &assembler{
		Options: o, name: name, problems: p, decode: decode,
		split: splitter{set: o.Schemes, problems: p},
	}
}

// warn notes what a person should know of a document that is imported. The
// last warning there is room for says that there are more.
func (a *assembler) warn(line, col int, problem, fix string) {
	switch n := len(a.warnings); {
	case n < maxWarnings-1:
		a.warnings = append(a.warnings, cordon.Issue{File: a.name, Line: line, Column: col, Problem: problem, Fix: fix})
	case n == maxWarnings-1:
		a.warnings = append(a.warnings, cordon.Issue{File: a.name, Problem: "there are more warnings than are listed"})
	}
}

// document is the end of reading: titles, marks, bounds, and the banner.
func (a *assembler) document() (Document, error) {
	d := Document{Line: 1}
	banner := a.banner(&d)
	pieces := loneMarks(a.split.pieces)
	link(pieces)
	portions := make([]Portion, 0, len(pieces))
	for i := range pieces {
		if portion, ok := a.portion(pieces, i, banner); ok {
			portions = append(portions, portion)
		}
	}
	a.title(&d, portions, banner)
	checkWhole(a.Options, a.problems, &d, banner)
	d.Warnings = a.warnings
	if err := a.problems.err(); err != nil {
		return Document{}, err
	}
	return d, nil
}

// portion finishes piece i. ok is false where it has no text.
func (a *assembler) portion(pieces []*piece, i int, banner marking.Marks) (Portion, bool) {
	p := pieces[i]
	at := p.start()
	text := p.text()
	if len(text) > cordon.MaxPortionBytes {
		a.problems.tooLarge(at.no, portionTooLong, cordon.MaxPortionBytes)
		return Portion{}, false
	}
	if !p.whole && a.decode != nil {
		text = a.decode(text)
	}
	if strings.TrimSpace(text) == "" {
		return Portion{}, false
	}
	if r, bad := controlIn(text); bad {
		a.problems.add(at.no, at.col, fmt.Sprintf("control character %U", r), "remove it")
	}
	out := Portion{Kind: p.kind, Text: text, Marks: p.own, Line: at.no, Column: at.col}
	if out.Marks.Empty() && !p.bad {
		out.Marks = a.unmarked(pieces, i, banner)
		out.Inherited = true
	}
	if len(p.inner) > 0 && !out.Marks.Empty() {
		joined, err := a.Schemes.RollUp(append([]marking.Marks{out.Marks}, p.inner...))
		if err != nil {
			a.problems.mark(at.no, at.col, err)
		}
		out.Marks = joined
	}
	for _, m := range p.runIn {
		if !out.Marks.Empty() && !a.Schemes.Covers(out.Marks, m.marks) {
			a.warn(m.at.no, m.at.col, fmt.Sprintf("%s stands between the sentences of a portion marked %s and marks nothing there", m.at.text, out.Marks),
				"begin a new line with it if it marks what follows")
		}
	}
	return out, true
}

// unmarked finds the marks of a piece that has none, or reports it.
func (a *assembler) unmarked(pieces []*piece, i int, banner marking.Marks) marking.Marks {
	p, at := pieces[i], pieces[i].start()
	marks := inherited(a.Schemes, pieces, i)
	if a.Unmarked == Refuse && !(p.kind == cordon.PortionTable && !marks.Empty()) {
		a.problems.add(at.no, at.col, fmt.Sprintf("this %s has no portion mark", called(p.kind)), "put its mark in parentheses before it, as in (U)")
		return nil
	}
	switch {
	case !marks.Empty():
		return marks
	case !banner.Empty():
		return banner
	case !a.DefaultMark.Empty():
		return a.DefaultMark
	}
	a.problems.add(at.no, at.col, fmt.Sprintf("this %s has no portion mark, and the document has no banner to inherit", called(p.kind)),
		"put its mark in parentheses before it, or a banner on the first line")
	return nil
}

// called is what people call a kind of portion.
func called(k cordon.PortionKind) string {
	if k == cordon.PortionListItem {
		return "list item"
	}
	return string(k)
}

// banner finds the declared banner among the furniture and checks the others
// against it.
func (a *assembler) banner(d *Document) marking.Marks {
	var banners []placedFurniture
	for _, f := range a.split.furniture {
		if !f.marks.Empty() {
			banners = append(banners, f)
		}
	}
	if len(banners) == 0 {
		return nil
	}
	first, last := banners[0], banners[len(banners)-1]
	top, bottom := first.after == 0, last.after == len(a.split.pieces)
	whole := first
	switch {
	case top && bottom && !first.marks.Equal(last.marks):
		a.problems.add(last.no, last.col,
			fmt.Sprintf("the banner at the end, %s, is not the one at the beginning, %s", last.marks.Banner(), first.marks.Banner()),
			"make them the same")
	case !top && bottom:
		whole = last
	case !top:
		return nil
	}
	d.Banner = bannerText(whole.text)
	for _, f := range banners {
		if f.line == whole.line || f.line == last.line && bottom {
			continue
		}
		if !a.Schemes.Covers(whole.marks, f.marks) {
			a.problems.add(f.no, f.col,
				fmt.Sprintf("the page banner %s is not covered by the banner of the document, %s", f.marks.Banner(), whole.marks.Banner()),
				"correct the page or raise the document's banner")
		}
	}
	return whole.marks
}

// bannerText is the banner on a line of furniture as it was written.
func bannerText(text string) string {
	text = undecorated(text)
	if rest, _, ok := splitPage(text); ok {
		return undecorated(rest)
	}
	return text
}

// maxTitle is how long a marked line may be to be taken for the title.
const maxTitle = 200

// title takes the title from the front of the portions.
func (a *assembler) title(d *Document, portions []Portion, banner marking.Marks) {
	if len(portions) > 0 && isTitle(portions) {
		d.Title, d.Portions = portions[0], portions[1:]
		d.Title.Kind = cordon.PortionTitle
		return
	}
	d.Portions = portions
	base := filepath.Base(a.name)
	name := strings.TrimSpace(strings.TrimSuffix(base, filepath.Ext(base)))
	if name == "" || a.name == "-" {
		name = "untitled"
	}
	d.Title = Portion{Kind: cordon.PortionTitle, Text: name, Inherited: true, Marks: banner}
}

func isTitle(portions []Portion) bool {
	first := portions[0]
	if first.Kind == cordon.PortionHeading {
		return true
	}
	return first.Kind == cordon.PortionParagraph && !first.Inherited && len(portions) > 1 &&
		!strings.Contains(first.Text, "\n") && utf8.RuneCountInString(first.Text) <= maxTitle
}
