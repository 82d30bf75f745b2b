package marking

import (
	"slices"
	"strings"
)

// With puts one more scheme in force, after the others. It is refused where its
// name is taken, where a marking that it writes could not be read back, and
// where a text would be a marking of it and of a scheme in force too: one of them
// would read what the other means. Every error is an *Error.
func (s *Set) With(sch Scheme) (*Set, error) {
	refuse := func(text, reason string) (*Set, error) {
		return nil, &Error{Scheme: sch.Name(), Text: text, Reason: reason}
	}
	if _, taken := s.Scheme(sch.Name()); taken {
		return refuse("", "there is a scheme of this name already")
	}
	own, texts := NewSet(sch), textsOf(sch)
	for _, text := range texts {
		m, ok := own.match(text, nil)
		if !ok {
			return refuse(text, "the scheme writes this and cannot read it back")
		}
		for _, form := range [...]string{m.Portion(), m.Banner()} {
			if again, ok := own.match(form, nil); !ok || again.Portion() != m.Portion() {
				return refuse(form, "the scheme writes this and reads it as something else")
			}
		}
		if other := s.takenBy(text); other != nil {
			return refuse(text, "the scheme "+other.Name()+", which is in force, reads this as a marking of its own; write another word or a prefix before it")
		}
	}
	for _, other := range s.schemes {
		for _, text := range textsOf(other) {
			if _, ok := own.match(text, nil); ok {
				return refuse(text, "the scheme would take this from "+other.Name()+", which is in force; write another word or a prefix before it")
			}
		}
	}
	return NewSet(append(s.Schemes(), sch)...), nil
}

// takenBy is the scheme in force that reads a text, or nil.
func (s *Set) takenBy(text string) Scheme {
	for _, sch := range s.schemes {
		if _, ok := NewSet(sch).match(text, nil); ok {
			return sch
		}
	}
	return nil
}

// textsOf are the texts that a scheme's markings are written with, each a whole
// marking: those of its register in both forms, and every name of its levels.
func textsOf(sch Scheme) []string {
	var out []string
	if r, ok := sch.(Registrar); ok {
		for _, e := range r.Register() {
			out = append(out, e.Example)
			if m, err := sch.ParsePortion(e.Example); err == nil {
				out = append(out, m.Banner())
			}
		}
	}
	if d, ok := sch.(*defined); ok {
		required := slices.ContainsFunc(d.d.Groups, func(g defGroup) bool { return g.Required })
		for _, l := range d.d.Levels {
			if !required {
				out = append(append(out, l.Portion, l.Banner), l.Also...)
			}
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(t string) bool { return strings.TrimSpace(t) == "" })
}
