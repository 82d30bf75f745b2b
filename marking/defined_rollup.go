package marking

import (
	"slices"
	"strings"
	"unicode"
)

// RollUp joins level with level, group with group and list with list, as the
// definition says.
func (s *defined) RollUp(portions []Marking) (Marking, error) {
	if len(portions) == 0 {
		return nil, &Error{Scheme: s.d.Name, Reason: "there is nothing to roll up"}
	}
	out := s.empty()
	joined, some := make([]bool, len(s.d.Lists)), make([]bool, len(s.d.Lists))
	ends := end{all: true}
	for i, p := range portions {
		m, ok := p.(*definedMark)
		if !ok || m.s.d.Name != s.d.Name {
			return nil, &Error{Scheme: s.d.Name, Reason: "a portion is not marked in this scheme", Portions: []int{i}}
		}
		out.level = max(out.level, m.level)
		for g, set := range m.codes {
			if i == 0 {
				copy(out.codes[g], set)
				out.free[g] = m.free[g]
				continue
			}
			out.codes[g].joinIn(s.d.Groups[g].Join, set)
			if len(m.free[g]) > 0 {
				out.free[g] = slices.Concat(out.free[g], m.free[g])
				slices.Sort(out.free[g])
				out.free[g] = slices.Compact(out.free[g])
			}
		}
		for l := range m.lists {
			some[l] = some[l] || m.listed[l]
			if s.votes(m, l) {
				out.joinList(l, m, joined[l])
				joined[l] = true
			}
		}
		if m.level < 0 || !s.d.Levels[m.level].Open {
			ends.join(m.until)
		}
	}
	out.until = ends.text
	for l := range out.lists {
		list := &s.d.Lists[l]
		g, k := s.find(list.Fallback)
		switch {
		case !out.listed[l]:
			continue
		case g >= 0 && some[l] && (out.codes[g].has(k) || list.nobodyElse(out.lists[l])):
			out.codes[g].add(k)
		case len(out.lists[l]) > 0:
			continue
		case list.Kind == "only":
			return nil, &Error{Scheme: s.d.Name, Reason: "nobody is on every list: " + strings.TrimSpace(list.Before+list.After), Section: list.Section, Portions: withList(portions, l)}
		}
		out.lists[l], out.listed[l] = nil, false
	}
	if reason, section := out.broken(); reason != "" {
		return nil, &Error{Scheme: s.d.Name, Reason: "the roll-up would be invalid: " + reason, Section: section}
	}
	return out.seal(), nil
}

// end joins when markings end: the latest date, or the event that all have.
type end struct {
	all  bool // so far every one has such an end
	some bool
	text string
}

func (e *end) join(text string) {
	date := func(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
	switch {
	case !e.all:
	case text == "":
		e.all, e.text = false, ""
	case !e.some:
		e.text = text
	case date(e.text) && date(text):
		e.text = max(e.text, text)
	case e.text != text:
		e.all, e.text = false, ""
	}
	e.some = true
}

// votes reports whether a marking takes part in the roll-up of a list.
func (s *defined) votes(m *definedMark, l int) bool {
	if m.listed[l] {
		return true
	}
	if s.d.Lists[l].Kind == "only" {
		return false
	}
	return m.level < 0 || !s.d.Levels[m.level].Open
}

func (m *definedMark) joinList(l int, part *definedMark, joined bool) {
	if !joined {
		m.lists[l], m.listed[l] = part.lists[l], true
		return
	}
	var both []string
	for _, c := range m.lists[l] {
		if slices.Contains(part.lists[l], c) {
			both = append(both, c)
		}
	}
	m.lists[l] = both
}

func withList(portions []Marking, l int) []int {
	var out []int
	for i, p := range portions {
		if m, ok := p.(*definedMark); ok && m.listed[l] {
			out = append(out, i)
		}
	}
	return out
}

// Covers reports whether rolling part into whole changes nothing.
func (s *defined) Covers(whole, part Marking) bool {
	both, err := s.RollUp([]Marking{whole, part})
	return err == nil && both.Portion() == whole.Portion()
}

// suggest gives the one marking of the scheme that text is evidently meant as.
func (s *defined) suggest(text string, form int) string {
	if len(text) > 200 || strings.ContainsAny(text, "()[]{}|") {
		return "" // perhaps two marks beside each other
	}
	if instead, ok := s.d.Retired[squeeze(text)]; ok {
		return instead
	}
	squeezed := s.joined(text)
	if m, err := s.strict(squeezed, form); err == nil {
		return m.texts[form]
	}
	if m, err := s.strict(strings.Join(strings.Fields(strings.ToUpper(text)), " "), form); err == nil {
		return m.texts[form]
	}
	if meant := s.sameLetters(text, form); meant != "" {
		return meant
	}
	for _, loose := range [...]bool{false, true} {
		for _, t := range [...]string{squeezed, strings.Join(strings.Fields(text), " ")} {
			p := definedParser{s: s, rest: t, form: form, fold: true, loose: loose, m: s.empty()}
			if p.read() {
				return p.m.seal().texts[form]
			}
		}
	}
	if m := s.sorted(text); m != nil {
		return m.texts[form]
	}
	found := ""
	for _, l := range s.d.Levels {
		n := pick(form, l.Portion, l.Banner)
		if mistyped(tight(text), tight(n)) {
			if found != "" {
				return ""
			}
			found = n
		}
	}
	return found
}

// joined writes a text in upper case without its blanks; where no prefix tells
// a marking, only without those beside its signs, since C TS is not CTS.
func (s *defined) joined(text string) string {
	if s.d.Prefix != "" {
		return squeeze(text)
	}
	return tight(text)
}

// tight writes a text in upper case, with single blanks between words and none
// beside signs.
func tight(text string) string {
	words := strings.Fields(strings.ToUpper(text))
	var b strings.Builder
	for i, w := range words {
		if i > 0 && isAlnum(rune(w[0])) && isAlnum(rune(words[i-1][len(words[i-1])-1])) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// sameLetters gives the level whose name has the letters and digits of the text,
// whatever stands between them.
func (s *defined) sameLetters(text string, form int) string {
	letters := onlyAlnum(text)
	if s.d.Prefix == "" && (len(letters) < 6 || strings.Contains(text, "//")) {
		return "" // two short marks beside each other, or a US one
	}
	found := ""
	for i := range s.d.Levels {
		l := &s.d.Levels[i]
		for _, n := range append([]string{l.Portion, l.Banner}, l.Also...) {
			if onlyAlnum(n) != letters || found == pick(form, l.Portion, l.Banner) {
				continue
			}
			if found != "" {
				return ""
			}
			found = pick(form, l.Portion, l.Banner)
		}
	}
	return found
}

// onlyAlnum writes a text in upper case without anything but letters and digits.
func onlyAlnum(s string) string {
	return strings.Map(func(r rune) rune {
		if !isAlnum(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
}

// sorted reads the codes of a scheme that has nothing else, in any order and
// with any separators.
func (s *defined) sorted(text string) *definedMark {
	if len(s.d.Levels) > 0 || len(s.d.Groups) != 1 {
		return nil
	}
	m := s.empty()
	words := strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return strings.ContainsRune(" /,+;&", r) })
	for _, w := range words {
		k := slices.IndexFunc(s.d.Groups[0].Codes, func(c defCode) bool { return strings.ToUpper(c.Portion) == w || strings.ToUpper(c.Banner) == w })
		if k < 0 {
			return nil
		}
		m.codes[0].add(k)
	}
	if len(words) == 0 || s.d.Groups[0].Join == "highest" && len(words) > 1 {
		return nil
	}
	return m.seal()
}

// Repair reads a text as strictly as it can, else as the one marking of the
// scheme that it is evidently meant as.
func (s *defined) Repair(text string) (m Marking, changed []string, err error) {
	if m, err := s.ParsePortion(text); err == nil {
		return m, nil, nil
	}
	if m, err := s.ParseBanner(text); err == nil {
		return m, nil, nil
	}
	inner := strings.Trim(strings.TrimSpace(text), "() ")
	for form := range 2 {
		if meant := s.suggest(inner, form); meant != "" {
			if m, err := s.strict(meant, form); err == nil {
				return m, []string{"read " + text + " as " + m.Portion()}, nil
			}
		}
	}
	_, err = s.ParsePortion(text)
	return nil, nil, err
}

// strict parses without looking for a suggestion.
func (s *defined) strict(text string, form int) (*definedMark, error) {
	p := definedParser{s: s, rest: text, form: form, m: s.empty()}
	if !p.read() {
		return nil, &Error{Scheme: s.d.Name, Reason: p.reason}
	}
	return p.m.seal(), nil
}

// mistyped reports whether a letter of b was mistyped in a. Signs are never: U;TS
// is no slip for UK TS. Nor are the short words that tell whose marking it is: UE
// SECRET is none for UK SECRET.
func mistyped(a, b string) bool {
	const short = 3
	said, meant := strings.Fields(a), strings.Fields(b)
	for i := range min(len(said), len(meant)) {
		if said[i] != meant[i] && len(said[i]) <= short && len(meant[i]) <= short {
			return false
		}
	}
	signs := func(s string) string {
		return strings.Map(func(r rune) rune {
			if isAlnum(r) {
				return -1
			}
			return r
		}, s)
	}
	return signs(a) == signs(b) && nearly(onlyAlnum(a), onlyAlnum(b))
}

// nearly reports whether one edit, or one exchange of neighbours, makes a of b.
func nearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(a) < 5 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) < len(b):
		return a[i:] == b[i+1:]
	case i == len(a), a[i+1:] == b[i+1:]:
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
