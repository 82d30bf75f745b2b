package reader

import (
	"slices"

	"cordon"
	"cordon/internal/core/access"
)

// ruleFilter picks the rules that admit the reader of a view, given owners'
// waivers that are taken to hold for every portion alike.
type ruleFilter struct {
	view    *View
	subject access.Subject
	waivers access.Waivers
}

// ungranted filters for the reader without any grant.
func (v *View) ungranted() ruleFilter { return ruleFilter{view: v, subject: v.subject} }

// ifGranted filters for the reader as they would be if each owner that granted
// their organisation anything had granted it everything. No grant opens a rule
// to them that this leaves shut.
func (v *View) ifGranted() ruleFilter {
	f := ruleFilter{view: v}
	for _, g := range v.grants {
		if !slices.Contains(f.waivers, g.Owner) {
			f.waivers = append(f.waivers, g.Owner)
		}
	}
	f.subject = v.rules.Subject(v.Reader, f.waivers)
	return f
}

// admits decides on one rule: in the compiled form, or by the definition if the
// rule was learned after the reader was compiled.
func (f ruleFilter) admits(no cordon.RuleNo) bool {
	if rule, ok := f.view.learned[no]; ok {
		return access.Decide(rule, f.view.Reader, f.waivers).Allowed()
	}
	return f.subject.Allows(no)
}

// all lists the rules that admit them, in ascending order.
func (f ruleFilter) all() []cordon.RuleNo {
	seen := f.subject.Allowed()
	for no := range f.view.learned {
		if f.admits(no) {
			seen = append(seen, no)
		}
	}
	slices.Sort(seen)
	return seen
}

// among lists those of the rules that admit them, each once, in ascending
// order.
func (f ruleFilter) among(numbers []cordon.RuleNo) []cordon.RuleNo {
	var seen []cordon.RuleNo
	for _, no := range numbers {
		if f.admits(no) {
			seen = append(seen, no)
		}
	}
	slices.Sort(seen)
	return slices.Compact(seen)
}
