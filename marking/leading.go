package marking

import "strings"

// LeadingMark reads the portion mark that a text begins with, one or several
// side by side, and gives the text after it without the space between. It finds
// what Find finds there and reads it strictly.
//
// ok is false, without an error, where the text does not begin with a mark:
// "(b)(3)", "(see below)", "(1)", "(U.S. law)". An *Error is returned where it
// does but the mark is wrong: "(S//NOFRON)", "(s//nf)", "(TLP:AMBRE)", or is not
// closed; its At counts from the beginning of text. A second, different mark of
// the same scheme is such an error too, since reading only the first would lose
// the stricter one.
func (s *Set) LeadingMark(text string) (marks Marks, rest string, ok bool, err error) {
	end, _ := lineEnd(text, 0)
	at := 0
	for found := range s.Find(text[:end]) {
		start := at + len(text[at:end]) - len(strings.TrimLeft(text[at:end], " \t"))
		inner, after := group(text[:end], start)
		switch {
		case text[start] != '(' || found.Start > start+1:
			// Something else stands before it.
		case after < 0 && found.Bare:
			return nil, text, false, &Error{Text: clip(text[:end]), At: start, Reason: "the portion mark is not closed"}
		case after < found.End:
			// In a bracket of its own, within this one.
		default:
			m, err := s.one(inner, start+1, text[:after])
			if err != nil {
				return nil, text, false, err
			}
			if prior := marks.Of(m.Scheme()); prior == nil || prior.Portion() != m.Portion() {
				if marks, err = s.add(marks, m, start, text[:after]); err != nil {
					return nil, text, false, err
				}
			}
			at = after
			continue
		}
		break
	}
	if len(marks) == 0 {
		return nil, text, false, nil
	}
	return marks, strings.TrimLeft(text[at:], " \t"), true, nil
}
