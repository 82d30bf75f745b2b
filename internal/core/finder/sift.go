package finder

import (
	"cmp"
	"slices"
	"sort"

	"cordon"
	"cordon/internal/core/tokens"
)

// Sift leaves out echoes: portions whose passages in the text all lie inside
// a longer passage of another portion that all their owners own too. A text
// that quotes a paragraph quotes the stock phrases in it, though its writer
// has not seen the other paragraphs where they stand. An owner of the echo is
// an owner of the longer passage, so nobody's information is lost sight of.
// Of portions with the very same words, all stay.
//
// The caller hands it portions that may be told together: an answer sifted by
// portions that its reader may not see would tell of them. It leaves found as
// it is.
func Sift(found []Quotation) []Quotation {
	groups := byOwners(found)
	kept := make([]Quotation, 0, len(found))
	for _, f := range found {
		if !inside(f, groups, group.surrounds) {
			kept = append(kept, f)
		}
	}
	return kept
}

// Cover is the passages of some portions, by owner.
type Cover struct{ groups []group }

// NewCover makes the cover of the portions.
func NewCover(by []Quotation) Cover { return Cover{byOwners(by)} }

// Has reports whether every passage of f lies in passages that its owners
// have let stand in the portions of the cover as well. A reader who may have
// those may have these words, though not from f.
func (c Cover) Has(f Quotation) bool { return inside(f, c.groups, group.contains) }

func inside(f Quotation, groups []group, in func(group, tokens.Passage) bool) bool {
	owners := f.Rule.OwnerIDs()
	return all(f.Passages, func(p tokens.Passage) bool {
		return slices.ContainsFunc(groups, func(g group) bool { return g.ownedBy(owners) && in(g, p) })
	})
}

// group is the passages of the portions of the same owners, by where they
// start, longer ones first; reach is how far those up to each one extend.
type group struct {
	owners   []cordon.ID
	passages []tokens.Passage
	reach    []int
}

func byOwners(found []Quotation) []group {
	var groups []group
	for _, f := range found {
		owners := f.Rule.OwnerIDs()
		i := slices.IndexFunc(groups, func(g group) bool { return slices.Equal(g.owners, owners) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{owners: owners})
		}
		groups[i].passages = append(groups[i].passages, f.Passages...)
	}
	for i := range groups {
		g := &groups[i]
		slices.SortFunc(g.passages, func(a, b tokens.Passage) int {
			return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
		})
		g.reach = make([]int, len(g.passages))
		reach := 0
		for j, p := range g.passages {
			reach = max(reach, p.End)
			g.reach[j] = reach
		}
	}
	return groups
}

// ownedBy reports whether every one of the owners owns the group's portions.
func (g group) ownedBy(owners []cordon.ID) bool {
	return all(owners, func(o cordon.ID) bool { return slices.Contains(g.owners, o) })
}

// surrounds reports whether p lies in a longer passage of the group.
func (g group) surrounds(p tokens.Passage) bool {
	i := g.search(p.Start)
	return i > 0 && g.reach[i-1] >= p.End ||
		i < len(g.passages) && g.passages[i].Start == p.Start && g.passages[i].End > p.End
}

// contains reports whether p lies in a passage of the group.
func (g group) contains(p tokens.Passage) bool {
	i := g.search(p.Start + 1)
	return i > 0 && g.reach[i-1] >= p.End
}

// search is the first of the passages that starts there or later.
func (g group) search(start int) int {
	return sort.Search(len(g.passages), func(i int) bool { return g.passages[i].Start >= start })
}

func all[T any](list []T, holds func(T) bool) bool {
	return !slices.ContainsFunc(list, func(x T) bool { return !holds(x) })
}
