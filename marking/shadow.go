package marking

import (
	"maps"
	"reflect"
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
	texts := textsOf(sch)
	for _, text := range texts {
		m, ok := readBy(sch, text)
		if !ok {
			return refuse(text, "the scheme writes this and cannot read it back")
		}
		if form := otherwise(sch, m); form != "" {
			return refuse(form, "the scheme writes this and reads it as something else")
		}
		if other := s.takenBy(text); other != nil {
			return refuse(text, "the scheme "+other.Name()+", which is in force, reads this as a marking of its own; write another word or a prefix before it")
		}
	}
	if d, ok := sch.(*defined); ok {
		if form := d.unreadable(); form != "" {
			return refuse(form, "a roll-up is written so, and the scheme reads it as something else")
		}
	}
	for _, other := range s.schemes {
		for _, text := range textsOf(other) {
			if _, ok := readBy(sch, text); ok {
				return refuse(text, "the scheme would take this from "+other.Name()+", which is in force; write another word or a prefix before it")
			}
		}
	}
	return NewSet(append(s.Schemes(), sch)...), nil
}

// otherwise gives the form in which a scheme writes a marking and reads another;
// it is empty where there is none.
func otherwise(sch Scheme, m Marking) string {
	for _, form := range [...]string{m.Portion(), m.Banner()} {
		if again, ok := readBy(sch, form); !ok || again.Portion() != m.Portion() {
			return form
		}
	}
	return ""
}

// unreadable gives a roll-up of two markings that the scheme writes and reads as
// something else; it is empty where there is none.
func (s *defined) unreadable() string {
	var marks []Marking
	for _, e := range s.Register() {
		if m, ok := s.Match(e.Example); ok {
			marks = append(marks, m)
		}
	}
	for i, a := range marks {
		for _, b := range marks[:i] {
			m, err := s.RollUp([]Marking{a, b})
			if err != nil {
				continue
			}
			for form, text := range m.(*definedMark).texts {
				if again, err := s.strict(text, form); err != nil || !reflect.DeepEqual(again, m) {
					return text
				}
			}
		}
	}
	return ""
}

// takenBy is the scheme in force that reads a text, or nil.
func (s *Set) takenBy(text string) Scheme {
	for _, sch := range s.schemes {
		if _, ok := readBy(sch, text); ok {
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
		out = slices.AppendSeq(out, maps.Keys(d.d.Synonyms))
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
