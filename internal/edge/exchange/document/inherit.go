package document

import (
	"fmt"
	"regexp"

	"cordon"
	"cordon/marking"
)

// loneMarks gives a mark that stands on a line of its own to the unmarked
// piece after it. Before a marked piece, or at the end, it marks nothing but
// itself: that is a text that shows a mark. Where it could as well mark the
// piece before it, right below which it stands or which is the last, and that is
// not marked so, it is refused.
func (a *assembler) loneMarks(pieces []*piece, banner marking.Marks) []*piece {
	out := pieces[:0]
	for i, p := range pieces {
		if p.own.Empty() || !p.empty() {
			out = append(out, p)
			continue
		}
		var next *piece
		if i+1 < len(pieces) && pieces[i+1].own.Empty() && !pieces[i+1].bad {
			next = pieces[i+1]
		}
		if len(out) > 0 && (p.behind || next == nil && out[len(out)-1].own.Empty()) {
			a.behind(out[len(out)-1], p, banner)
		}
		if next != nil {
			next.own = p.own
			continue
		}
		p.lines = []line{{text: p.mark, no: p.start().no, col: p.start().col}}
		out = append(out, p)
	}
	return out
}

// behind reports a mark on a line of its own that could mark the piece before it.
func (a *assembler) behind(before, p *piece, banner marking.Marks) {
	whole := before.own
	if whole.Empty() {
		whole = banner
	}
	if whole.Empty() && !a.Undecided {
		whole = a.DefaultMark
	}
	if a.Schemes.Covers(whole, p.own) || before.bad {
		return
	}
	at := p.start()
	problem := fmt.Sprintf("%s stands on a line of its own behind a %s: it could mark that, or what follows it", p.mark, called(before.kind))
	fix := "put it before the text it marks"
	if a.Quoted || whole.Empty() && a.Undecided {
		a.warn(at.no, at.col, problem, fix)
		return
	}
	a.problems.add(at.no, at.col, problem, fix)
}

// link finds for every piece the one it is a segment of: a list item is one
// of the item it is nested in or of the paragraph that leads into the list, a
// paragraph in a list item is one of that item (manual, section C).
func link(pieces []*piece) {
	var open []*piece // open[d] is the last piece at depth d of this list
	for i, p := range pieces {
		if p.depth == 0 {
			open = open[:0]
			continue
		}
		if len(open) == 0 {
			var lead *piece
			if i > 0 && pieces[i-1].kind == cordon.PortionParagraph {
				lead = pieces[i-1]
			}
			open = append(open, lead)
		}
		if p.kind == cordon.PortionListItem {
			open = open[:min(p.depth, len(open))]
			p.parent = open[len(open)-1]
			open = append(open, p)
		} else {
			p.parent = open[min(p.depth, len(open)-1)]
		}
	}
	for _, p := range pieces {
		if p.own.Empty() {
			continue
		}
		for up := p.parent; up != nil; up = up.parent {
			if !up.own.Empty() && !up.own.Equal(p.own) {
				up.varies = true
			}
		}
	}
}

// tableIs is the sentence by which the manual marks a table as a whole.
var tableIs = regexp.MustCompile(`^(?i:this (?:table|chart)) is ([A-Z][A-Z0-9 /,-]*)\.$`)

// inherited is the mark that a piece without one of its own takes by rule, or
// nothing where there is no rule for it.
func inherited(set *marking.Set, pieces []*piece, i int) marking.Marks {
	p := pieces[i]
	if p.kind == cordon.PortionTable {
		// The caption may stand between the table and the sentence.
		for j := i - 1; j >= 0; j-- {
			if marks := declared(set, pieces[j]); !marks.Empty() || pieces[j].kind != cordon.PortionCaption {
				return marks
			}
		}
		return nil
	}
	for up := p.parent; up != nil; up = up.parent {
		if up.own.Empty() {
			continue
		}
		if up.varies {
			return nil
		}
		return up.own
	}
	return nil
}

// declared reads the sentence before a table that marks it.
func declared(set *marking.Set, p *piece) marking.Marks {
	m := tableIs.FindStringSubmatch(p.text())
	if m == nil {
		return nil
	}
	marks, err := set.ParseBanner(m[1])
	if err != nil {
		return nil
	}
	return marks
}
