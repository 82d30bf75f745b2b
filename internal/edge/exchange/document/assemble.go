package document

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/marked"
	"cordon/internal/edge/exchange/parts"
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
	a := &assembler{
		Options: o, name: name, problems: p, decode: decode,
		split: splitter{set: o.Schemes, quoted: o.Quoted, problems: p},
	}
	a.split.warn = a.warn
	return a
}

// warn notes what a person should know of a document that is imported. The
// last warning there is room for says how many more there are.
func (a *assembler) warn(line, col int, problem, fix string) {
	if n := len(a.warnings); n == maxWarnings {
		a.warnings[n-1].More++
		return
	}
	a.warnings = append(a.warnings, cordon.Issue{File: a.name, Line: line, Column: col, Problem: problem, Fix: fix})
}

// document is the end of reading: titles, marks, bounds, and the banner.
func (a *assembler) document() (Document, error) {
	d := Document{Line: 1}
	if a.Undecided {
		a.split.settle(nil)
	} else {
		a.split.settle(a.DefaultMark)
	}
	banner, at := a.banner(&d)
	a.taken(&d)
	a.notices(a.split.pieces)
	pieces := a.loneMarks(a.split.pieces, banner)
	link(pieces)
	portions := make([]Portion, 0, len(pieces))
	for i := range pieces {
		if portion, ok := a.portion(pieces, i, banner); ok {
			portions = append(portions, portion)
		}
	}
	a.title(&d, portions, banner)
	checkWhole(a.Options, a.problems, &d, banner, at)
	if a.problems.large == nil && d.Title.Line == 0 {
		a.hold(&piece{lines: []line{{text: d.Title.Text}}}, d.Title)
	}
	a.authority(pieces, d.Marks)
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
	for _, f := range p.fields {
		if !out.Marks.Empty() && !a.Quoted && !a.Schemes.Covers(out.Marks, f.marks) {
			a.problems.add(f.at.no, f.at.col, fmt.Sprintf("%s stands in a field that tells of the marking, and the portion is marked %s, which does not cover it", f.at.text, out.Marks),
				"mark the portions so, or put a banner on the first line")
		}
	}
	if len(p.inner) > 0 && !out.Marks.Empty() {
		joined, err := a.Schemes.RollUp(append([]marking.Marks{out.Marks}, p.inner...))
		if err != nil {
			a.problems.mark(at.no, at.col, err)
		}
		out.Marks = joined
	}
	a.hold(p, out)
	a.apart(pieces, i, out)
	return out, true
}

// apart holds the value of a marking whose name is the piece before: RED in the item
// below TLP, in the next cue or in the next box.
func (a *assembler) apart(pieces []*piece, i int, out Portion) {
	if i == 0 || out.Marks.Empty() || a.Quoted || out.Inherited && a.Undecided && out.Marks.Equal(a.DefaultMark) {
		return
	}
	if len(pieces[i].lines) == 0 || len(pieces[i-1].lines) == 0 {
		return
	}
	before, at := pieces[i-1].lines[len(pieces[i-1].lines)-1].text, pieces[i].start()
	if len(before) > maxFurniture || len(at.text) > maxFurniture {
		return
	}
	lead := before + "\n"
	for f := range a.Schemes.Find(lead + at.text) {
		if f.Start < len(lead) || f.Place != marking.Field || f.Err == nil && a.Schemes.Covers(out.Marks, f.Marks) || a.foundIn(at.text, f.Start-len(lead)) {
			continue
		}
		said := f.Text
		if f.Err == nil {
			said = f.Marks.String()
		}
		a.problems.add(at.no, at.column(utf8.RuneCountInString(at.text[:f.Start-len(lead)])),
			fmt.Sprintf("below %q this says %s, and the portion is marked %s, which does not cover it", clip(strings.TrimSpace(before)), said, out.Marks),
			"mark the portions so, or put a banner on the first line")
	}
}

// foundIn reports whether a mark is found at an offset of a text by itself, as one
// in a field.
func (a *assembler) foundIn(text string, offset int) bool {
	for f := range a.Schemes.Find(text) {
		if f.Start == offset && f.Place == marking.Field {
			return true
		}
	}
	return false
}

// hold holds the marks in a portion against its marking: see package marked.
func (a *assembler) hold(p *piece, out Portion) {
	if out.Marks.Empty() || out.Inherited && a.Undecided && out.Marks.Equal(a.DefaultMark) {
		return
	}
	source := p.text()
	marks, err := marked.Find(a.Schemes, source)
	if err != nil {
		a.problems.tooLarge(p.start().no, "%s", err)
		return
	}
	refuse, warn := a.Options.held(out.Marks, marks)
	if out.Kind == cordon.PortionHeading && !a.Quoted {
		refuse, warn = marked.InHeading(refuse, warn)
	}
	for _, m := range refuse {
		i := m.Issue(out.Marks)
		at := p.at(m)
		if !p.told(at) && !p.labelled(at) {
			a.problems.add(at.no, at.col, i.Problem, i.Fix)
		}
	}
	for _, m := range warn {
		i := m.Issue(out.Marks)
		at := p.at(m)
		a.warn(at.no, at.col, i.Problem, i.Fix)
	}
	a.holdShown(p, out)
	if out.Text == source {
		return
	}
	if p.label.no > 0 {
		return
	}
	// What only the decoded text shows: &#40;S) is a mark to its readers.
	decoded, err := marked.Find(a.Schemes, out.Text)
	if err != nil {
		return
	}
	known := map[string]bool{}
	for _, m := range refuse {
		known[m.Marks.Portion()] = true
	}
	refuse, _ = a.Options.held(out.Marks, decoded)
	for _, m := range refuse {
		if !known[m.Marks.Portion()] {
			i := m.Issue(out.Marks)
			a.problems.add(p.start().no, p.start().col, i.Problem, i.Fix)
		}
	}
}

// holdShown holds the marks that a portion shows and its text has not, since its
// letters run against their direction there.
func (a *assembler) holdShown(p *piece, out Portion) {
	shown, ok := parts.Shown(p.text())
	if !ok {
		return
	}
	at := p.start()
	a.warn(at.no, at.col, fmt.Sprintf("letters of it run against their direction (U+202D, U+202E); it shows %q", clip(shown)), "write the text as it is to be read")
	marks, err := marked.Find(a.Schemes, shown)
	if err != nil {
		return
	}
	refuse, warn := a.Options.held(out.Marks, marks)
	for _, m := range refuse {
		a.problems.add(at.no, at.col, "as it is shown, "+m.Issue(out.Marks).Problem, "write the text as it is to be read")
	}
	for _, m := range warn {
		a.warn(at.no, at.col, "as it is shown, "+m.Issue(out.Marks).Problem, "write the text as it is to be read")
	}
}

// held parts the marks that the portion's marking does not cover into those that
// are refused and those that are warned of.
func (o Options) held(portion marking.Marks, marks []marked.Mark) (refuse, warn []marked.Mark) {
	refuse, warn = marked.Hold(o.Schemes, portion, marks)
	if o.Quoted {
		return nil, append(refuse, warn...)
	}
	return refuse, warn
}

// authority holds the classification authority block against the document's
// marking: it says that something in the document is classified.
func (a *assembler) authority(pieces []*piece, whole marking.Marks) {
	if whole.Empty() || a.Undecided || a.Quoted {
		return
	}
	for _, p := range pieces {
		if said, l, col := marked.Authority(p.text()); said != "" && !marked.Classified(a.Schemes, whole) {
			at := p.at(marked.Mark{Line: l, Column: col})
			problem, fix := marked.UnclassifiedAuthority(said, whole)
			a.problems.add(at.no, at.col, problem, fix)
			return
		}
	}
}

// at is where a mark in the text of the piece stands in its file.
func (p *piece) at(m marked.Mark) line {
	l := p.lines[min(m.Line, len(p.lines))-1]
	return line{no: l.no, col: l.column(m.Column - 1)}
}

// labelled reports whether what is read as a mark there is a label.
func (p *piece) labelled(at line) bool {
	return p.label.no > 0 && p.label.no == at.no && p.label.col == at.col
}

// told reports whether a mark in a field there has been refused.
func (p *piece) told(at line) bool {
	return slices.ContainsFunc(p.fields, func(f placedMarks) bool { return f.at.no == at.no && f.at.col == at.col })
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

// banner finds the declared banner among the furniture, and where it stands,
// and checks the others against it. Where banners stand only in the middle, on
// pages or after a cover sheet, the banner is all of them together.
func (a *assembler) banner(d *Document) (marking.Marks, line) {
	var banners []placedFurniture
	for _, f := range a.split.furniture {
		if !f.marks.Empty() {
			banners = append(banners, f)
		}
	}
	if len(banners) == 0 {
		return nil, line{}
	}
	first, last := banners[0], banners[len(banners)-1]
	top, bottom := first.after == 0, last.after == len(a.split.pieces)
	whole := first
	onPages := func(f placedFurniture) bool { return f.page }
	if slices.ContainsFunc(banners, onPages) && !slices.ContainsFunc(banners, func(f placedFurniture) bool { return !onPages(f) }) {
		return a.pageBanners(d, banners)
	}
	switch {
	case top && bottom && !first.marks.Equal(last.marks):
		a.problems.add(last.no, last.col,
			fmt.Sprintf("the banner at the end, %s, is not the one at the beginning, %s", last.marks.Banner(), first.marks.Banner()),
			"make them the same")
	case !top && bottom:
		whole = last
	case !top:
		return a.pageBanners(d, banners)
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
	return whole.marks, whole.line
}

// pageBanners is the banner that the pages have together.
func (a *assembler) pageBanners(d *Document, banners []placedFurniture) (marking.Marks, line) {
	all := make([]marking.Marks, len(banners))
	for i, f := range banners {
		all[i] = f.marks
	}
	marks, err := a.Schemes.RollUp(all)
	if err != nil {
		a.problems.mark(banners[0].no, banners[0].col, err)
		return nil, line{}
	}
	d.Banner = marks.Banner()
	for _, f := range banners {
		if f.marks.Equal(marks) {
			return marks, f.line
		}
	}
	return marks, banners[0].line
}

// taken tells what was taken out as page furniture, but for the banner of the
// document at its beginning and its end, which the document says itself.
func (a *assembler) taken(d *Document) {
	first := map[string]line{}
	count := map[string]int{}
	var texts []string
	for _, f := range a.split.furniture {
		text := trim(f.text)
		if undecorated(text) == d.Banner && (f.page || f.after == 0 || f.after == len(a.split.pieces)) {
			continue
		}
		if count[text]++; count[text] == 1 {
			first[text] = f.line
			texts = append(texts, text)
		}
	}
	for _, text := range texts {
		more := ""
		if n := count[text]; n > 1 {
			more = fmt.Sprintf(", %d times", n)
		}
		a.warn(first[text].no, first[text].col, fmt.Sprintf("%q was taken out as page furniture%s", clip(text), more), "")
	}
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
	if a.called != "" {
		base = parts.Base(a.called)
	}
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
