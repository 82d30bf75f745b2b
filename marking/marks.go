package marking

import "strings"

// bannerJoin stands between the banners of several schemes.
const bannerJoin = " | "

// Marks is the marking of one portion or whole: at most one marking per
// scheme, in the order of the Set that made it. All of them are enforced.
type Marks []Marking

// Empty reports whether there is no marking at all. What is unmarked is never
// thereby free: whoever decides must refuse it.
func (m Marks) Empty() bool { return len(m) == 0 }

// Of is the marking in the scheme of that name, or nil.
func (m Marks) Of(scheme string) Marking {
	for _, one := range m {
		if one.Scheme() == scheme {
			return one
		}
	}
	return nil
}

// Portion is the canonical portion mark: "S//NF" for one marking,
// "(S//NF)(TLP:AMBER)" for several.
func (m Marks) Portion() string {
	if len(m) == 1 {
		return m[0].Portion()
	}
	var b strings.Builder
	for _, one := range m {
		b.WriteByte('(')
		b.WriteString(one.Portion())
		b.WriteByte(')')
	}
	return b.String()
}

// Banner is the canonical banner line; those of several schemes are joined by
// " | ".
func (m Marks) Banner() string {
	if len(m) == 1 {
		return m[0].Banner()
	}
	parts := make([]string, len(m))
	for i, one := range m {
		parts[i] = one.Banner()
	}
	return strings.Join(parts, bannerJoin)
}

// String is the canonical portion mark in its parentheses, as it stands before
// a text.
func (m Marks) String() string {
	switch len(m) {
	case 0:
		return ""
	case 1:
		return "(" + m[0].Portion() + ")"
	}
	return m.Portion()
}

// Equal reports whether two markings are written the same in every scheme.
func (m Marks) Equal(o Marks) bool {
	if len(m) != len(o) {
		return false
	}
	for i := range m {
		if m[i].Scheme() != o[i].Scheme() || m[i].Portion() != o[i].Portion() {
			return false
		}
	}
	return true
}

// SchemeRule is the rule of one scheme's marking.
type SchemeRule struct {
	// Scheme is the name of the scheme, by which a reader's clearance is
	// found.
	Scheme string
	// Rule is what that scheme's marking asks.
	Rule Rule
}

// Rules are the rules of all its markings. A reader must satisfy every one.
func (m Marks) Rules() []SchemeRule {
	rules := make([]SchemeRule, len(m))
	for i, one := range m {
		rules[i] = SchemeRule{Scheme: one.Scheme(), Rule: one.Rule()}
	}
	return rules
}

// Onward is how far the markings together allow passing on: the least of all
// that say anything about it, and OnwardNone where none does.
func (m Marks) Onward() Onward {
	least, spoken := OnwardAnyone, false
	for _, one := range m {
		if r := one.Rule(); !r.SilentOnward {
			least, spoken = min(least, r.Onward), true
		}
	}
	if !spoken {
		return OnwardNone
	}
	return least
}
