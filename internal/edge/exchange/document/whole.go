package document

import (
	"fmt"

	"cordon"
	"cordon/marking"
)

const portionTooLong = "a portion is longer than one may be, %d bytes (MaxPortionBytes)"

// checkWhole gives the document its marking: it rolls the portions up, holds
// the declared banner against that, and checks the bounds of a report. It also
// gives a title that has no marks those of the whole. at is where the banner
// stands.
func checkWhole(o Options, p *problems, d *Document, banner marking.Marks, at line) {
	if len(d.Portions) > cordon.MaxPortions {
		p.tooLarge(d.Line, "there are %d portions, more than a report may have, %d (MaxPortions)", len(d.Portions), cordon.MaxPortions)
		return
	}
	resolve(o.Schemes, p, d, banner)
	all := d.Portions
	if !d.Title.Inherited {
		all = append([]Portion{d.Title}, all...)
	}
	total := len(d.Title.Text)
	for _, portion := range d.Portions {
		total += len(portion.Text)
		if len(portion.Text) > cordon.MaxPortionBytes {
			p.tooLarge(portion.Line, portionTooLong, cordon.MaxPortionBytes)
		}
	}
	if len(d.Title.Text) > cordon.MaxPortionBytes {
		p.tooLarge(d.Title.Line, portionTooLong, cordon.MaxPortionBytes)
	}
	if total > cordon.MaxReportBytes {
		p.tooLarge(d.Line, "the text is longer than that of a report may be, %d bytes (MaxReportBytes)", cordon.MaxReportBytes)
	}
	if p.large != nil || p.count > 0 {
		return // what is missing or malformed would only be reported again
	}
	if len(all) == 0 {
		if d.Title.Line > 0 {
			p.add(d.Title.Line, d.Title.Column, "this is a heading, and there is no text under it", "write the text below it, or give the heading a mark of its own")
			return
		}
		p.add(d.Line, 0, "there is no text in it", "")
		return
	}
	rolled, ok := rollUp(o.Schemes, p, all)
	if !ok {
		return
	}
	d.Marks = rolled
	if !banner.Empty() {
		checkBanner(o, p, d, all, banner, rolled, at)
		d.Marks = banner
	}
	if d.Title.Marks.Empty() {
		d.Title.Marks = d.Marks
	}
}

// resolve gives portions what their marks leave to the banner: (S//REL) has the
// release list of the document (manual, H.8 REL TO).
func resolve(set *marking.Set, p *problems, d *Document, banner marking.Marks) {
	for _, portion := range append([]*Portion{&d.Title}, pointers(d.Portions)...) {
		marks, err := set.Resolve(portion.Marks, banner)
		if err != nil {
			p.mark(portion.Line, portion.Column, err)
			continue
		}
		portion.Marks = marks
	}
}

func pointers(portions []Portion) []*Portion {
	out := make([]*Portion, len(portions))
	for i := range portions {
		out[i] = &portions[i]
	}
	return out
}

// rollUp joins the marks of the portions, each distinct one once.
func rollUp(set *marking.Set, p *problems, portions []Portion) (marking.Marks, bool) {
	var distinct []marking.Marks
	var at []Portion
	seen := map[string]bool{}
	for _, portion := range portions {
		if key := portion.Marks.Portion(); !seen[key] {
			seen[key] = true
			distinct, at = append(distinct, portion.Marks), append(at, portion)
		}
	}
	rolled, err := set.RollUp(distinct)
	if err == nil {
		return rolled, true
	}
	conflict := at[0]
	if e, ok := err.(*marking.Error); ok && len(e.Portions) > 0 {
		conflict = at[e.Portions[len(e.Portions)-1]]
	}
	p.mark(conflict.Line, conflict.Column, err)
	return nil, false
}

// checkBanner holds the declared banner against the portions: lower than one
// of them is always refused, higher than all together unless a person has said
// that the compilation is classified.
func checkBanner(o Options, p *problems, d *Document, portions []Portion, banner, rolled marking.Marks, at line) {
	lower := false
	for _, portion := range portions {
		if !o.Schemes.Covers(banner, portion.Marks) {
			lower = true
			p.add(portion.Line, portion.Column,
				fmt.Sprintf("this portion is marked %s, which the banner %s does not cover", portion.Marks, banner.Banner()),
				fmt.Sprintf("the banner for these portions is %s", rolled.Banner()))
		}
	}
	switch {
	case lower:
	case !o.Schemes.Covers(banner, rolled):
		p.add(at.no, at.col, fmt.Sprintf("the banner %s is lower than the portions together, %s", banner.Banner(), rolled.Banner()),
			fmt.Sprintf("the banner for these portions is %s", rolled.Banner()))
	case !o.Schemes.Covers(rolled, banner):
		if o.Compilation {
			d.Compilation = true
			return
		}
		p.add(at.no, at.col, fmt.Sprintf("the banner %s is higher than the portions together, %s", banner.Banner(), rolled.Banner()),
			fmt.Sprintf("write %s, or import it with the compilation flag if the whole is classified by compilation", rolled.Banner()))
	}
}
