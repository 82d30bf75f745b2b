package marking

import "strings"

// LeadingMark reads the portion mark that a text begins with, one or several
// side by side, and gives the text after it without the space between.
//
// ok is false, without an error, where the text plainly does not begin with a
// mark: "(b)(3)", "(see below)", "(1)", "(U.S. law)". An *Error is returned
// where it evidently does but the mark is wrong: "(S//NOFRON)", "(s//nf)",
// "(TLP:AMBRE)"; its At counts from the beginning of text. A second, different
// mark of the same scheme is such an error too, since reading only the first
// would lose the stricter one.
func (s *Set) LeadingMark(text string) (marks Marks, rest string, ok bool, err error) {
	at := len(text) - len(strings.TrimLeft(text, " \t"))
	for at < len(text) {
		next := at
		if len(marks) > 0 {
			next += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t"))
		}
		inner, end := group(text, next)
		if end < 0 {
			if s.unclosed(text, next) {
				return nil, text, false, &Error{Text: firstLine(text), At: next, Reason: "the portion mark is not closed"}
			}
			break
		}
		if len(inner) > MaxText || !s.evident(inner) {
			break
		}
		m, err := s.one(inner, next+1, text[:end])
		if err != nil {
			return nil, text, false, err
		}
		if prior := marks.Of(m.Scheme()); prior == nil || prior.Portion() != m.Portion() {
			if marks, err = s.add(marks, m, next, text[:end]); err != nil {
				return nil, text, false, err
			}
		}
		at = end
	}
	if len(marks) == 0 {
		return nil, text, false, nil
	}
	return marks, strings.TrimLeft(text[at:], " \t"), true, nil
}

// evident reports whether what stands in parentheses is a mark of some scheme
// in force, or is meant as one.
func (s *Set) evident(inner string) bool {
	for _, sch := range s.schemes {
		if claims(sch, inner) {
			return true
		}
		if _, err := sch.ParsePortion(inner); err == nil {
			return true
		}
	}
	return false
}

// unclosed reports whether a mark begins at offset at and never ends: what
// follows the parenthesis, up to the first space, is evidently a mark with
// separators of its own.
func (s *Set) unclosed(text string, at int) bool {
	if at >= len(text) || text[at] != '(' {
		return false
	}
	word, _, _ := strings.Cut(firstLine(text[at+1:]), " ")
	if len(word) > MaxText || !strings.ContainsAny(word, "/:") {
		return false
	}
	for _, sch := range s.schemes {
		if claims(sch, word) {
			return true
		}
	}
	return false
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return clip(line)
}
