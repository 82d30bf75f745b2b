package marking

import (
	"errors"
	"strings"
)

// Repairer is implemented by a scheme that can read what is badly written but
// has only one reading.
type Repairer interface {
	// Repair reads text as ParsePortion or ParseBanner would, and where both
	// refuse it, in its one evident meaning. changed says what was done and
	// is empty where nothing was. It never adds to what a marking says, nor
	// takes anything away.
	Repair(text string) (m Marking, changed []string, err error)
}

// Resolver is implemented by a scheme in which a portion mark may leave
// something to the banner of its document: S//REL has the banner's list.
type Resolver interface {
	// Resolve gives the portion what it leaves to the banner; a portion
	// that leaves nothing is returned unchanged.
	Resolve(portion, banner Marking) (Marking, error)
}

// Explainer is implemented by a scheme that can say why a roll-up is what it
// is.
type Explainer interface {
	// Explain gives the rules that made the roll-up of the portions, in the
	// order of the parts of the marking.
	Explain(portions []Marking) ([]Step, error)
}

// Step is one rule that took part in a roll-up.
type Step struct {
	// Scheme is the scheme the rule belongs to.
	Scheme string `json:"scheme"`
	// Part is the part of the marking: "classification", "SCI".
	Part string `json:"part"`
	// Result is that part of the banner; empty where the rule left it out.
	Result string `json:"result"`
	// Rule says what the rule does, in a sentence.
	Rule string `json:"rule"`
	// Section is the place in the scheme's manual it comes from.
	Section string `json:"section"`
	// Portions are the indices of the portions that made it so.
	Portions []int `json:"portions"`
}

// Resolve gives a portion what its marks leave to the banner of its document.
// Every error is an *Error.
func (s *Set) Resolve(portion, banner Marks) (Marks, error) {
	out := make(Marks, len(portion))
	for i, p := range portion {
		out[i] = p
		sch, _ := s.Scheme(p.Scheme())
		r, ok := sch.(Resolver)
		b := banner.Of(p.Scheme())
		if !ok || b == nil {
			continue
		}
		m, err := r.Resolve(p, b)
		if err != nil {
			return nil, err
		}
		out[i] = m
	}
	return out, nil
}

// Repair reads a text as Parse or ParseBanner would, and where they refuse it,
// each marking in its one evident meaning. changed says what was repaired.
// Nothing of the text is passed over: what stands beside a bracket is read too,
// and where that gives two markings of one scheme, both are possible and neither
// is chosen. Every error is an *Error, that of the strict reading or one that
// names the two readings.
func (s *Set) Repair(text string) (marks Marks, changed []string, err error) {
	strict, err := s.Parse(text)
	if err == nil {
		return strict, nil, nil
	}
	if strict, err2 := s.ParseBanner(text); err2 == nil {
		return strict, nil, nil
	}
	if len(text) > 2*MaxText {
		return nil, nil, err
	}
	for at, part := range sideBySide(text) {
		m, did, both := s.repairOne(part)
		if both != nil {
			return nil, nil, place(both, max(strings.Index(text, part), 0), text)
		}
		if m == nil {
			return nil, nil, err
		}
		changed = append(changed, did...)
		if prior := marks.Of(m.Scheme()); prior != nil {
			if prior.Portion() != m.Portion() {
				return nil, nil, Ambiguous(m.Scheme(), text, []string{prior.Portion(), m.Portion()})
			}
			changed = append(changed, "read "+m.Portion()+" once")
			continue
		}
		if marks, _ = s.add(marks, m, at, text); marks == nil {
			return nil, nil, err
		}
	}
	if len(marks) == 0 {
		return nil, nil, err
	}
	return marks, changed, nil
}

// repairOne reads one marking: strictly by the first scheme that can, else
// leniently where only one can. both is the error where it has two readings.
func (s *Set) repairOne(text string) (found Marking, changed []string, both error) {
	if m, ok := s.match(text, nil); ok {
		return m, nil, nil
	}
	for _, sch := range s.schemes {
		r, ok := sch.(Repairer)
		if !ok {
			continue
		}
		m, did, err := r.Repair(text)
		var e *Error
		switch {
		case err == nil && found != nil:
			return nil, nil, Ambiguous("", text, []string{found.Portion(), m.Portion()})
		case err == nil:
			found, changed = m, did
		case errors.As(err, &e) && len(e.Readings) > 0:
			both = err
		}
	}
	if both != nil {
		return nil, nil, both
	}
	return found, changed, nil
}

// sideBySide cuts a text into its markings: what stands in brackets and what
// stands between and beside them, else what bars and line ends part. There are never more
// than MaxMarks+1.
func sideBySide(text string) []string {
	text = strings.TrimSpace(text)
	if !strings.ContainsAny(text, "()") {
		var out []string
		for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '|' || isLineEnd(r) }) {
			if out = append(out, part); len(out) > MaxMarks {
				break
			}
		}
		return out
	}
	var out []string
	for text != "" && len(out) <= MaxMarks {
		n := strings.IndexByte(text, '(')
		switch {
		case n < 0:
			n = len(text)
		case n == 0:
			inner, end := group(text, 0)
			if end < 0 {
				return append(out, text)
			}
			out = append(out, inner)
			text = strings.TrimLeft(text[end:], " \t")
			continue
		}
		if part := strings.TrimSpace(strings.Trim(text[:n], " |")); part != "" {
			out = append(out, part)
		}
		text = text[n:]
	}
	if text != "" {
		out = append(out, text)
	}
	return out
}

// Explain gives the rules that made the roll-up of the portions, scheme by
// scheme. A scheme that cannot explain itself gives one step with its result.
func (s *Set) Explain(portions []Marks) ([]Step, error) {
	whole, err := s.RollUp(portions)
	if err != nil {
		return nil, err
	}
	var steps []Step
	for _, m := range whole {
		sch, _ := s.Scheme(m.Scheme())
		var parts []Marking
		var index []int
		for i, p := range portions {
			if one := p.Of(m.Scheme()); one != nil {
				parts, index = append(parts, one), append(index, i)
			}
		}
		e, ok := sch.(Explainer)
		if !ok {
			steps = append(steps, Step{Scheme: m.Scheme(), Part: sch.Title(), Result: m.Banner(), Rule: "the strictest of the portions", Portions: index})
			continue
		}
		own, err := e.Explain(parts)
		if err != nil {
			return nil, renumber(err, index)
		}
		for _, st := range own {
			st.Scheme = m.Scheme()
			for i, p := range st.Portions {
				st.Portions[i] = index[p]
			}
			steps = append(steps, st)
		}
	}
	return steps, nil
}
