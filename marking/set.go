package marking

import (
	"errors"
	"strings"
)

// Claimer is implemented by a scheme that can tell, without parsing, that a
// text is evidently meant as one of its markings, well formed or not. It lets
// a malformed mark be reported instead of being taken for ordinary text.
type Claimer interface {
	// Claims reports whether text, given without parentheses, is evidently
	// meant as a marking of the scheme.
	Claims(text string) bool
}

// Set is the schemes in force, in the fixed order in which their markings are
// printed side by side. It is immutable and safe for concurrent use.
type Set struct {
	schemes []Scheme
	// starts are the schemes, by their places, that have a marking which
	// begins with a word; spotted is set where all of them say so.
	starts  map[string][]int
	spotted bool
}

// NewSet puts the schemes in force, in the order given. Where two of them
// read the same text, the first one has it; of two with one name, the first
// is kept.
func NewSet(schemes ...Scheme) *Set {
	s := &Set{starts: map[string][]int{}, spotted: true}
	for _, sch := range schemes {
		if _, dup := s.Scheme(sch.Name()); dup {
			continue
		}
		spotter, ok := sch.(Spotter)
		s.spotted = s.spotted && ok
		if ok {
			for _, word := range spotter.Starts() {
				s.starts[word] = append(s.starts[word], len(s.schemes))
			}
		}
		s.schemes = append(s.schemes, sch)
	}
	return s
}

// Schemes are the schemes in force, in their order.
func (s *Set) Schemes() []Scheme { return append([]Scheme(nil), s.schemes...) }

// Scheme finds a scheme by its name.
func (s *Set) Scheme(name string) (Scheme, bool) {
	if i := s.rank(name); i >= 0 {
		return s.schemes[i], true
	}
	return nil, false
}

func (s *Set) rank(name string) int {
	for i, sch := range s.schemes {
		if sch.Name() == name {
			return i
		}
	}
	return -1
}

// Parse reads a portion mark: "S//NF", "(S//NF)", "TLP:AMBER", or several side
// by side, "(S//NF)(TLP:AMBER)", also with one space between. The banner form
// of a marking is read too, so "SECRET//NOFORN" gives the same as "S//NF".
// Parse(m.Portion()) gives m. Every error is an *Error.
func (s *Set) Parse(text string) (Marks, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(text, "(") {
		m, err := s.one(text, 0, text)
		if err != nil {
			return nil, err
		}
		return Marks{m}, nil
	}
	var marks Marks
	for at := 0; at < len(text); {
		if at > 0 && text[at] == ' ' {
			at++
		}
		inner, end := group(text, at)
		if end < 0 {
			return nil, &Error{Text: text, At: at, Reason: "a portion mark stands in one pair of parentheses"}
		}
		m, err := s.one(inner, at+1, text)
		if err != nil {
			return nil, err
		}
		if marks, err = s.add(marks, m, at, text); err != nil {
			return nil, err
		}
		at = end
	}
	return marks, nil
}

// ParseBanner reads a banner line, or several joined by " | ". Every error is
// an *Error.
func (s *Set) ParseBanner(text string) (Marks, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	var marks Marks
	at := 0
	for _, part := range strings.Split(text, bannerJoin) {
		m, err := s.banner(part, at, text)
		if err != nil {
			return nil, err
		}
		if marks, err = s.add(marks, m, at, text); err != nil {
			return nil, err
		}
		at += len(part) + len(bannerJoin)
	}
	return marks, nil
}

// RollUp gives the marking of a whole made of the portions: scheme by scheme,
// side by side, in the order of the set. A scheme that no portion carries does
// not appear. A portion without any marking, and a roll-up of nothing, are
// refused: what is unmarked is not free. Every error is an *Error.
func (s *Set) RollUp(portions []Marks) (Marks, error) {
	if len(portions) == 0 {
		return nil, &Error{Reason: "there is nothing to roll up"}
	}
	for i, p := range portions {
		if p.Empty() {
			return nil, &Error{Reason: "a portion has no marking", Portions: []int{i}}
		}
		for _, m := range p {
			if s.rank(m.Scheme()) < 0 {
				return nil, &Error{Scheme: m.Scheme(), Reason: "the scheme of a portion's marking is not in force", Portions: []int{i}}
			}
		}
	}
	var whole Marks
	parts := make([]Marking, 0, len(portions))
	index := make([]int, 0, len(portions))
	for _, sch := range s.schemes {
		parts, index = parts[:0], index[:0]
		for i, p := range portions {
			if m := p.Of(sch.Name()); m != nil {
				parts, index = append(parts, m), append(index, i)
			}
		}
		if len(parts) == 0 {
			continue
		}
		m, err := sch.RollUp(parts)
		if err != nil {
			return nil, renumber(err, index)
		}
		whole = append(whole, m)
	}
	return whole, nil
}

// renumber turns the portion numbers of one scheme's error, which count only
// the portions marked in that scheme, into those of the whole.
func renumber(err error, index []int) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	out := *e
	out.Portions = make([]int, 0, len(e.Portions))
	for _, p := range e.Portions {
		if p >= 0 && p < len(index) {
			out.Portions = append(out.Portions, index[p])
		}
	}
	return &out
}

// Covers reports whether whole is at least as restrictive as part in every
// scheme part is marked in, so that a text marked whole may contain one marked
// part. Nothing covers, or is covered by, an empty marking.
func (s *Set) Covers(whole, part Marks) bool {
	if whole.Empty() || part.Empty() {
		return false
	}
	for _, p := range part {
		sch, ok := s.Scheme(p.Scheme())
		if !ok {
			return false
		}
		w := whole.Of(p.Scheme())
		if w == nil || !sch.Covers(w, p) {
			return false
		}
	}
	return true
}

// ByCompilation reports whether the banner of a whole is stricter than the
// roll-up of its portions: somebody decided that together they say more than
// each of them. Nothing recomputed from the portions, after one was taken out
// say, may then replace the banner without a person's decision. A banner that
// does not cover its portions is an *Error, since it was never right.
func (s *Set) ByCompilation(banner Marks, portions []Marks) (bool, error) {
	rolled, err := s.RollUp(portions)
	if err != nil {
		return false, err
	}
	if !s.Covers(banner, rolled) {
		return false, &Error{Text: banner.Banner(), Reason: "the banner is lower than its portions, which make " + rolled.Banner()}
	}
	return !s.Covers(rolled, banner), nil
}

// one reads a single marking in portion or banner form. In errors it is shown
// as the part of whole that begins at offset at.
func (s *Set) one(text string, at int, whole string) (Marking, error) {
	m, err := s.try(text, Scheme.ParsePortion)
	if err == nil {
		return m, nil
	}
	m, banner := s.try(text, Scheme.ParseBanner)
	if banner == nil {
		return m, nil
	}
	// The form in which more of the text could be read is the one meant.
	if reached(banner) > reached(err) {
		err = banner
	}
	var e *Error
	if !errors.As(err, &e) || len(e.Readings) > 0 || len(text) > maxQuoted {
		return nil, place(err, at, whole)
	}
	if strange := strangeLetters(text); strange != "" {
		withWhy := *e
		withWhy.Reason += ": " + strange
		e = &withWhy
		err = e
	}
	if _, _, both := s.repairOne(text); both != nil {
		return nil, place(both, at, whole)
	}
	if e.Suggestion == "" {
		withOne := *e
		withOne.Suggestion = s.suggest(text)
		err = &withOne
	}
	return nil, place(err, at, whole)
}

// suggest gives what a text was probably meant as where the scheme that claims it
// has no suggestion: its lenient reading without brackets, or the one suggestion
// of all other schemes.
func (s *Set) suggest(text string) string {
	text = strings.Trim(plain(text), "()[]{}<>`\"'“”„«»*_ ")
	if text == "" {
		return ""
	}
	if m, _, both := s.repairOne(text); m != nil || both != nil {
		if m == nil {
			return ""
		}
		return m.Portion()
	}
	found := ""
	for _, sch := range s.schemes {
		_, err := sch.ParsePortion(text)
		var e *Error
		if !errors.As(err, &e) || e.Suggestion == "" || e.Suggestion == found {
			continue
		}
		if found != "" {
			return ""
		}
		found = e.Suggestion
	}
	return found
}

func reached(err error) int {
	var e *Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.At
}

func (s *Set) banner(text string, at int, whole string) (Marking, error) {
	m, err := s.try(text, Scheme.ParseBanner)
	if err != nil {
		return nil, place(err, at, whole)
	}
	return m, nil
}

// try gives the text to every scheme in turn. The error returned is that of
// the first scheme that claims the text, since that is the one meant.
func (s *Set) try(text string, parse func(Scheme, string) (Marking, error)) (Marking, error) {
	var claimed error
	for _, sch := range s.schemes {
		m, err := parse(sch, text)
		if err == nil {
			return m, nil
		}
		if claimed == nil && claims(sch, text) {
			claimed = err
		}
	}
	if claimed != nil {
		return nil, claimed
	}
	return nil, &Error{Text: text, Reason: "no scheme in force has this marking"}
}

func claims(sch Scheme, text string) bool {
	c, ok := sch.(Claimer)
	return ok && c.Claims(text)
}

// add puts m at its place in the order of the set, and refuses a second
// marking of one scheme.
func (s *Set) add(marks Marks, m Marking, at int, whole string) (Marks, error) {
	if marks.Of(m.Scheme()) != nil {
		return nil, &Error{Scheme: m.Scheme(), Text: whole, At: at, Reason: "a second marking of the same scheme"}
	}
	if len(marks) >= MaxMarks {
		return nil, &Error{Text: whole, At: at, Reason: "too many markings side by side"}
	}
	rank := s.rank(m.Scheme())
	i := len(marks)
	for i > 0 && s.rank(marks[i-1].Scheme()) > rank {
		i--
	}
	marks = append(marks, nil)
	copy(marks[i+1:], marks[i:])
	marks[i] = m
	return marks, nil
}

// place moves an error in one marking to its place in the text it stands in.
func place(err error, at int, whole string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	out := *e
	out.At += at
	out.Text = whole
	return &out
}

// group gives what stands between the parenthesis at offset at and the next
// closing one, and the offset after that; end is -1 where there is none within
// the length a marking may have.
func group(text string, at int) (inner string, end int) {
	if at >= len(text) || text[at] != '(' {
		return "", -1
	}
	n := strings.IndexAny(text[at+1:min(len(text), at+2+MaxText)], "()")
	if n < 0 || text[at+1+n] != ')' {
		return "", -1
	}
	return text[at+1 : at+1+n], at + n + 2
}

func checkText(text string) error {
	switch {
	case text == "":
		return &Error{Reason: "there is no marking"}
	case len(text) > MaxText*2:
		return &Error{Text: clip(text), At: 0, Reason: "the marking is too long"}
	}
	return nil
}
