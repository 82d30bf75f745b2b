package reader

import (
	"slices"

	"cordon"
	"cordon/internal/core/access"
)

// beholder is the reader of a view, with owners' waivers that are taken to
// hold for every portion alike.
type beholder struct {
	view    *View
	subject access.Subject
	waivers access.Waivers
}

// alone is the reader without any grant.
func (v *View) alone() beholder { return beholder{view: v, subject: v.subject} }

// ifGranted is the reader as they would be if each owner that granted their
// organisation anything had granted it everything: no grant opens a rule to
// them that this leaves shut.
func (v *View) ifGranted() beholder {
	b := beholder{view: v}
	for _, g := range v.grants {
		if !slices.Contains(b.waivers, g.Owner) {
			b.waivers = append(b.waivers, g.Owner)
		}
	}
	b.subject = v.rules.Subject(v.Reader, b.waivers)
	return b
}

// sees decides on one rule: in the compiled form, or by the definition if the
// rule was learned after the reader was compiled.
func (b beholder) sees(no cordon.RuleNo) bool {
	if rule, ok := b.view.learned[no]; ok {
		return access.Decide(rule, b.view.Reader, b.waivers).Allowed()
	}
	return b.subject.Allows(no)
}

// all lists the rules they see, in ascending order.
func (b beholder) all() []cordon.RuleNo {
	seen := b.subject.Allowed()
	for no := range b.view.learned {
		if b.sees(no) {
			seen = append(seen, no)
		}
	}
	slices.Sort(seen)
	return seen
}

// among lists those of the rules that they see, each once, in ascending
// order.
func (b beholder) among(numbers []cordon.RuleNo) []cordon.RuleNo {
	var seen []cordon.RuleNo
	for _, no := range numbers {
		if b.sees(no) {
			seen = append(seen, no)
		}
	}
	slices.Sort(seen)
	return slices.Compact(seen)
}
