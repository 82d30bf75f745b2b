package webui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cordon"
	"cordon/internal/usecase/trace"
	"cordon/wire"
)

// drawing is lineage laid out from left to right, sources first, and the table
// equal to it.
type drawing struct {
	Nodes         []node
	Edges         []edge
	Width, Height int
}

// node is one portion in the drawing.
type node struct {
	trace.Member
	Holder string
	Here   bool
	// Called is the title of its report with its marking, as far as the person may
	// see it; nil where they may not.
	Called *thing
	X, Y   int
	// Sources are what the table says it was made from.
	Sources []source
	column  int
}

type source struct {
	trace.Member
	How    cordon.DerivationHow
	Called *thing
}

// Short is the title as far as it has room in the drawing.
func (n node) Short() string {
	const most = 27
	title := []rune(n.Called.Name)
	if len(title) <= most {
		return n.Called.Name
	}
	return strings.TrimSpace(string(title[:most-1])) + "…"
}

// reports are those whose portions are drawn.
func (d drawing) reports() []cordon.ID {
	var out []cordon.ID
	for _, n := range d.Nodes {
		out = append(out, n.Report)
	}
	return out
}

// call gives the portions the titles of their reports, and gives the markings of
// those.
func (d drawing) call(titles map[cordon.ID]thing) (marks []string) {
	called := func(report cordon.ID) *thing {
		if t, ok := titles[report]; ok && t.Name != "" {
			marks = append(marks, t.Mark)
			return &t
		}
		return nil
	}
	for i := range d.Nodes {
		n := &d.Nodes[i]
		n.Called = called(n.Report)
		for j := range n.Sources {
			n.Sources[j].Called = called(n.Sources[j].Report)
		}
	}
	return marks
}

// edge leads from a source to what was made from it.
type edge struct {
	Path  string
	Found bool
}

const (
	nodeWidth, nodeHeight = 210, 62
	columnGap, rowGap     = 70, 14
	margin                = 8
)

// W and H are the size of a node, for the template.
func (node) W() int { return nodeWidth }
func (node) H() int { return nodeHeight }

// draw lays a family out. A portion made of nothing stands left; each stands
// right of all that it was made from.
func draw(f trace.Family, here cordon.ID, orgs []wire.Organisation) drawing {
	if len(f.Steps) == 0 {
		return drawing{}
	}
	at := make(map[cordon.ID]*node)
	var nodes []*node
	for _, m := range f.Members {
		if !slices.ContainsFunc(f.Steps, func(s cordon.Derivation) bool { return s.Portion == m.Portion || s.Source == m.Portion }) {
			continue
		}
		n := &node{Member: m, Here: m.Report == here}
		for _, o := range orgs {
			if o.ID == m.Holder {
				n.Holder = o.Name
			}
		}
		at[m.Portion], nodes = n, append(nodes, n)
	}
	// As many rounds as there are nodes settle every path that is no circle.
	for range nodes {
		moved := false
		for _, s := range f.Steps {
			if to, from := at[s.Portion], at[s.Source]; to.column <= from.column && from.column < len(nodes) {
				to.column, moved = from.column+1, true
			}
		}
		if !moved {
			break
		}
	}
	slices.SortStableFunc(nodes, func(a, b *node) int {
		return cmp.Or(cmp.Compare(a.column, b.column), cmp.Compare(a.Report, b.Report))
	})
	var out drawing
	rows := make(map[int]int)
	for _, n := range nodes {
		n.X = margin + n.column*(nodeWidth+columnGap)
		n.Y = margin + rows[n.column]*(nodeHeight+rowGap)
		rows[n.column]++
		out.Width, out.Height = max(out.Width, n.X+nodeWidth+margin), max(out.Height, n.Y+nodeHeight+margin)
	}
	for _, s := range f.Steps {
		from, to := at[s.Source], at[s.Portion]
		to.Sources = append(to.Sources, source{Member: from.Member, How: s.How})
		x1, y1, x2, y2 := from.X+nodeWidth, from.Y+nodeHeight/2, to.X, to.Y+nodeHeight/2
		bend := columnGap / 2
		out.Edges = append(out.Edges, edge{fmt.Sprintf("M%d %dC%d %d %d %d %d %d", x1, y1, x1+bend, y1, x2-bend, y2, x2, y2), s.How == cordon.DerivationFound})
	}
	for _, n := range nodes {
		out.Nodes = append(out.Nodes, *n)
	}
	return out
}
