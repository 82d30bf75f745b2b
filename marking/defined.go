package marking

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"cordon/marking/nations"
)

// defined is a scheme made of a definition. It is immutable.
type defined struct {
	d     definition
	parts map[string]bool // what Part finds
}

// definedMark is one marking of such a scheme.
type definedMark struct {
	s      *defined
	level  int        // index of the level, -1 where the scheme has none
	codes  []codeSet  // per group, the set of codes
	free   [][]string // per group, its codewords, sorted
	until  string     // a date or an event
	lists  [][]string
	listed []bool // per list, whether the marking has it
	texts  [2]string
}

const (
	asPortion = 0
	asBanner  = 1
)

func (m *definedMark) Scheme() string  { return m.s.d.Name }
func (m *definedMark) Portion() string { return m.texts[asPortion] }
func (m *definedMark) Banner() string  { return m.texts[asBanner] }
func (m *definedMark) String() string  { return m.texts[asPortion] }

// Rule compiles the marking as the definition says.
func (m *definedMark) Rule() Rule {
	d := &m.s.d
	r := Rule{SilentOnward: d.SilentOnward}
	open := false
	if m.level >= 0 {
		l := &d.Levels[m.level]
		r.Level, _ = m.s.clearance(l.Clearance)
		r.Named = l.Named
		r.Onward = onwards[l.Onward]
		open = l.Open
	}
	for g, set := range m.codes {
		for k, c := range d.Groups[g].Codes {
			if !set.has(k) {
				continue
			}
			r.Named = r.Named || c.Named
			if c.ReadIn != "" {
				r.ReadIns = append(r.ReadIns, c.ReadIn)
			}
			if c.Audience != nil {
				r.Audience = append(r.Audience, Audience{slices.Clone(c.Audience.Countries), slices.Clone(c.Audience.Communities)}.plus(nil))
			}
		}
		if f := d.Groups[g].Free; f != nil && f.ReadIn {
			r.ReadIns = append(r.ReadIns, m.free[g]...)
		}
	}
	slices.Sort(r.ReadIns)
	r.ReadIns = slices.Compact(r.ReadIns)
	released := d.Audience != nil && !open
	var base Audience
	if d.Audience != nil {
		base.Countries = slices.Clone(d.Audience.Countries)
		base.Communities = slices.Clone(d.Audience.Communities)
	}
	for i, l := range d.Lists {
		switch {
		case !m.listed[i]:
		case l.Kind == "release":
			released = true
			base = base.plus(m.lists[i])
		default:
			r.Audience = append(r.Audience, Audience{}.plus(m.lists[i]))
		}
	}
	if released {
		r.Audience = append(r.Audience, base.plus(nil))
	}
	return r
}

// plus adds codes: three letters are a country, everything else a community.
func (a Audience) plus(codes []string) Audience {
	for _, c := range codes {
		if len(c) == 3 {
			a.Countries = append(a.Countries, c)
		} else {
			a.Communities = append(a.Communities, c)
		}
	}
	slices.Sort(a.Countries)
	slices.Sort(a.Communities)
	a.Countries, a.Communities = slices.Compact(a.Countries), slices.Compact(a.Communities)
	return a
}

func (s *defined) Name() string     { return s.d.Name }
func (s *defined) Title() string    { return s.d.Title }
func (s *defined) Ladder() []string { return slices.Clone(s.d.Clearances) }

// Style is the colours of the marking's level, or of its strictest code.
func (s *defined) Style(m Marking) Style {
	d, ok := m.(*definedMark)
	if !ok || d.s.d.Name != s.d.Name {
		return Style{}
	}
	if d.level >= 0 {
		return s.d.Levels[d.level].Style
	}
	for g, set := range d.codes {
		for k := len(s.d.Groups[g].Codes) - 1; k >= 0; k-- {
			if set.has(k) {
				return s.d.Groups[g].Codes[k].Style
			}
		}
	}
	return Style{}
}

// Claims reports whether text begins with the scheme's prefix, in whatever
// case and however spaced, or with the name of one of its levels and nothing, or
// a separator, behind it.
func (s *defined) Claims(text string) bool {
	t := squeeze(text)
	if p := squeeze(s.d.Prefix); p != "" && strings.HasPrefix(t, p) {
		return true
	}
	if s.d.Prefix != "" {
		return false
	}
	p := definedParser{s: s}
	for _, l := range s.d.Levels {
		for _, n := range append([]string{l.Portion, l.Banner}, l.Also...) {
			if rest, ok := strings.CutPrefix(text, n); ok && (rest == "" || strings.HasPrefix(rest, "//") || p.continues(rest)) {
				return true
			}
		}
	}
	return false
}

// Starts are the first words of its levels, codes and lists.
func (s *defined) Starts() []string {
	d := &s.d
	var texts []string
	for _, l := range d.Levels {
		texts = append(append(texts, l.Portion, l.Banner), l.Also...)
	}
	if len(d.Levels) == 0 {
		for _, g := range d.Groups {
			for _, c := range g.Codes {
				texts = append(texts, g.Before+c.Portion, g.Banner+c.Banner)
			}
		}
	}
	for t := range d.Retired {
		texts = append(texts, t)
	}
	texts = append(texts, d.Prefix)
	for t := range d.Synonyms {
		texts = append(texts, t)
	}
	var out []string
	for _, t := range texts {
		if word := startOf(t); word != "" {
			out = append(out, word)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Match reads a text in either form.
func (s *defined) Match(text string) (Marking, bool) {
	if len(text) > MaxText {
		return nil, false
	}
	if means, ok := s.d.Synonyms[text]; ok {
		text = means
	}
	if len(s.d.Levels) > 0 && !s.beginsLevel(text) {
		return nil, false
	}
	for form := range 2 {
		if m, err := s.strict(text, form); err == nil {
			return m, true
		}
	}
	return nil, false
}

// beginsLevel tells quickly whether the text begins with the name of a level.
func (s *defined) beginsLevel(text string) bool {
	for i := range s.d.Levels {
		l := &s.d.Levels[i]
		if strings.HasPrefix(text, l.Portion) || strings.HasPrefix(text, l.Banner) {
			return true
		}
		for _, n := range l.Also {
			if strings.HasPrefix(text, n) {
				return true
			}
		}
	}
	return false
}

// squeeze writes a text in upper case without its spaces.
func squeeze(s string) string {
	return strings.ToUpper(strings.Join(strings.Fields(s), ""))
}

func (s *defined) ParsePortion(text string) (Marking, error) {
	inner := text
	if n := len(text); n >= 2 && text[0] == '(' && text[n-1] == ')' {
		inner = text[1 : n-1]
	}
	return s.parse(text, inner, asPortion)
}

func (s *defined) ParseBanner(text string) (Marking, error) { return s.parse(text, text, asBanner) }

// parse reads inner, which stands in text, in one form.
func (s *defined) parse(text, inner string, form int) (Marking, error) {
	if len(inner) > MaxText {
		return nil, &Error{Scheme: s.d.Name, Reason: "the marking is too long"}
	}
	if _, ok := s.d.Synonyms[inner]; ok && inner == text {
		m, _ := s.Match(inner)
		return m, nil
	}
	p := definedParser{s: s, rest: inner, form: form, m: s.empty()}
	if !p.read() {
		e := &Error{Scheme: s.d.Name, Text: text, At: len(text) - len(inner) + p.at, Reason: p.reason, Section: p.section}
		if inner != text {
			e.At = 1 + p.at
		}
		if readings := s.d.Unclear[squeeze(inner)]; readings != nil {
			return nil, Ambiguous(s.d.Name, text, readings)
		}
		e.Suggestion = s.suggest(inner, form)
		return nil, e
	}
	return p.m.seal(), nil
}

func (s *defined) empty() *definedMark {
	m := &definedMark{
		s: s, level: -1,
		codes:  make([]codeSet, len(s.d.Groups)),
		free:   make([][]string, len(s.d.Groups)),
		lists:  make([][]string, len(s.d.Lists)),
		listed: make([]bool, len(s.d.Lists)),
	}
	for g := range m.codes {
		m.codes[g] = make(codeSet, (len(s.d.Groups[g].Codes)+63)/64)
	}
	return m
}

// seal writes the texts; afterwards the mark does not change.
func (m *definedMark) seal() *definedMark {
	for form := range m.texts {
		m.texts[form] = m.write(form)
	}
	return m
}

func (m *definedMark) write(form int) string {
	d := &m.s.d
	var b strings.Builder
	if m.level >= 0 {
		b.WriteString(pick(form, d.Levels[m.level].Portion, d.Levels[m.level].Banner))
	}
	for g, set := range m.codes {
		sep := pick(form, d.Groups[g].Before, d.Groups[g].Banner)
		for k, c := range d.Groups[g].Codes {
			if set.has(k) {
				b.WriteString(sep)
				b.WriteString(pick(form, c.Portion, c.Banner))
				sep = d.Groups[g].Between
			}
		}
		for _, word := range m.free[g] {
			b.WriteString(sep)
			b.WriteString(word)
			sep = d.Groups[g].Between
		}
	}
	for i, l := range d.Lists {
		if m.listed[i] {
			b.WriteString(l.Before)
			for k, c := range l.written(m.lists[i]) {
				if k > 0 {
					b.WriteString(l.Between)
				}
				b.WriteString(c)
			}
			b.WriteString(l.After)
		}
	}
	if m.until != "" {
		b.WriteString(d.Until.Before)
		b.WriteString(m.until)
	}
	return b.String()
}

func pick(form int, portion, banner string) string {
	if form == asPortion {
		return portion
	}
	return banner
}

// written are the codes of a list as the scheme writes them, its first code
// first and the rest in alphabetical order.
func (l *defList) written(codes []string) []string {
	out := make([]string, 0, len(codes))
	for _, c := range codes {
		for short, long := range l.Codes {
			if long == c {
				c = short
			}
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b string) int {
		if (a == l.First) != (b == l.First) {
			if a == l.First {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return out
}

// definedParser reads a marking from the front to the end of rest.
type definedParser struct {
	s       *defined
	m       *definedMark
	rest    string
	form    int
	fold    bool // case does not matter
	loose   bool // nor does the order of codes, and which of the scheme's separators stands before one
	at      int
	reason  string
	section string
}

// has reports whether a text begins with what a definition says.
func (p *definedParser) has(text, begin string) bool {
	if !p.fold {
		return strings.HasPrefix(text, begin)
	}
	return len(text) >= len(begin) && strings.EqualFold(text[:len(begin)], begin)
}

func (p *definedParser) fail(reason, section string) bool {
	if p.reason == "" {
		p.reason, p.section = reason, section
		if p.section == "" {
			p.section = p.s.d.Source
		}
	}
	return false
}

func (p *definedParser) take(n int) {
	p.rest = p.rest[n:]
	p.at += n
}

func (p *definedParser) read() bool {
	d := &p.s.d
	if p.rest == "" {
		return p.fail("there is no marking", "")
	}
	if len(d.Levels) > 0 && !p.level() {
		return p.fail("unknown marking of "+d.Title, "")
	}
	if p.loose {
		p.codesInAnyOrder()
	} else {
		for g := range d.Groups {
			if !p.group(g) {
				return false
			}
		}
	}
	for i := range d.Lists {
		if !p.list(i) {
			return false
		}
	}
	if !p.until() {
		return false
	}
	if p.rest != "" {
		return p.fail("nothing known follows here", "")
	}
	if reason, section := p.m.broken(); reason != "" {
		return p.fail(reason, section)
	}
	return true
}

// until reads the date or event at which the marking ends.
func (p *definedParser) until() bool {
	u := p.s.d.Until
	if u == nil || !p.has(p.rest, u.Before) {
		return true
	}
	p.take(len(u.Before))
	end := p.rest
	layout := time.DateOnly
	if u.Year {
		layout = "2006"
	}
	if _, err := time.Parse(layout, end); err == nil {
		p.m.until = end
	}
	for _, e := range u.Events {
		if end == e || p.fold && strings.EqualFold(end, e) {
			p.m.until = e
		}
	}
	if p.m.until == "" {
		return p.fail("here stands a date ("+layout+") or one of the events of the scheme", u.Section)
	}
	p.take(len(end))
	return true
}

// broken says which rule between its parts a marking breaks.
func (m *definedMark) broken() (reason, section string) {
	for g, set := range m.codes {
		for k := range m.s.d.Groups[g].Codes {
			c := &m.s.d.Groups[g].Codes[k]
			if !set.has(k) {
				continue
			}
			for _, other := range c.Requires {
				if og, ok := m.s.find(other); !m.codes[og].has(ok) {
					return c.Portion + " requires " + other, c.Section
				}
			}
			for _, other := range c.Excludes {
				if og, ok := m.s.find(other); m.codes[og].has(ok) {
					return c.Portion + " may not be used with " + other, c.Section
				}
			}
		}
	}
	for i := range m.s.d.Lists {
		l := &m.s.d.Lists[i]
		if !m.listed[i] {
			continue
		}
		if !m.s.allowed(l.Levels, m.level) {
			return "the list " + l.Name + " may only be used with " + strings.Join(l.Levels, ", "), l.Section
		}
		if g, k := m.s.find(l.Fallback); g >= 0 {
			if m.codes[g].has(k) {
				return "no list stands beside " + l.Fallback, l.Section
			}
			if l.nobodyElse(m.lists[i]) {
				return "a list of " + l.First + " alone is written " + l.Fallback, l.Section
			}
		}
	}
	return "", ""
}

// level reads the longest name of a level that rest begins with.
func (p *definedParser) level() bool {
	best := 0
	for i, l := range p.s.d.Levels {
		for _, n := range append([]string{pick(p.form, l.Portion, l.Banner)}, l.Also...) {
			if len(n) > best && p.has(p.rest, n) && (len(p.rest) == len(n) || p.continues(p.rest[len(n):])) {
				best, p.m.level = len(n), i
			}
		}
	}
	p.take(best)
	return best > 0
}

// continues reports whether rest may follow a level or a code.
func (p *definedParser) continues(rest string) bool {
	d := &p.s.d
	for i := range d.Groups {
		g := &d.Groups[i]
		if sep := pick(p.form, g.Before, g.Banner); sep != "" && p.has(rest, sep) || g.AlsoBefore != "" && p.has(rest, g.AlsoBefore) || g.Between != "" && p.has(rest, g.Between) {
			return true
		}
	}
	for i := range d.Lists {
		if _, ok := d.Lists[i].begins(rest, p.fold); ok {
			return true
		}
	}
	return d.Until != nil && p.has(rest, d.Until.Before)
}

func (p *definedParser) group(g int) bool {
	group := &p.s.d.Groups[g]
	sep := pick(p.form, group.Before, group.Banner)
	if also := group.AlsoBefore; also != "" && !p.has(p.rest, sep) {
		sep = also
	}
	last := -1
	for p.rest != "" && p.has(p.rest, sep) {
		k, width := p.code(group, p.rest[len(sep):])
		if k < 0 {
			if word := p.codeword(group, p.rest[len(sep):]); word != "" {
				if !p.takeWord(g, sep, word) {
					return false
				}
				last, sep = len(group.Codes), group.Between
				continue
			}
			if (sep == "" || last >= 0) && !p.otherPart(g) {
				return p.fail("unknown code", group.Section)
			}
			break // the next group or a list
		}
		c := &group.Codes[k]
		p.take(len(sep))
		switch {
		case k == last:
			return p.fail(c.Portion+" is repeated", group.Section)
		case k < last:
			return p.fail("codes stand in the order of the scheme", group.Section)
		case last >= 0 && group.Join == "highest":
			return p.fail("only one "+group.Name+" stands in a marking", group.Section)
		case !p.s.allowed(c.Levels, p.m.level):
			return p.fail(c.Portion+" may only be used with "+strings.Join(c.Levels, ", "), c.Section)
		}
		p.m.codes[g].add(k)
		last = k
		p.take(width)
		sep = group.Between
		if sep == "" {
			break
		}
	}
	if last < 0 && group.Required {
		return p.fail("a "+group.Name+" is required", group.Section)
	}
	return true
}

// codesInAnyOrder reads codes as long as there are any.
func (p *definedParser) codesInAnyOrder() {
	for p.anyCode() {
	}
}

func (p *definedParser) anyCode() bool {
	for g := range p.s.d.Groups {
		group := &p.s.d.Groups[g]
		for _, sep := range [...]string{group.Before, group.Banner, group.AlsoBefore, group.Between} {
			if sep == "" || !p.has(p.rest, sep) {
				continue
			}
			k, width := p.code(group, p.rest[len(sep):])
			if k < 0 || group.Join == "highest" && !p.m.codes[g].empty() || !p.s.allowed(group.Codes[k].Levels, p.m.level) {
				continue
			}
			p.m.codes[g].add(k)
			p.take(len(sep) + width)
			return true
		}
	}
	return false
}

// otherPart reports whether the rest begins another part of the marking: what
// stands between the codes of this one may begin what stands before it.
func (p *definedParser) otherPart(g int) bool {
	d := &p.s.d
	for i := g + 1; i < len(d.Groups); i++ {
		if p.has(p.rest, pick(p.form, d.Groups[i].Before, d.Groups[i].Banner)) {
			return true
		}
	}
	for i := range d.Lists {
		if _, ok := d.Lists[i].begins(p.rest, p.fold); ok {
			return true
		}
	}
	return d.Until != nil && p.has(p.rest, d.Until.Before)
}

// codeword is the codeword of the group that a text begins with, or empty.
func (p *definedParser) codeword(g *defGroup, text string) string {
	if g.Free == nil {
		return ""
	}
	n := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune(upperAlnum, r) })
	if n < 0 {
		n = len(text)
	}
	word := text[:n]
	if len(word) < g.Free.Shortest || len(word) > g.Free.Longest || word[0] <= '9' || n < len(text) && !p.continues(text[n:]) || p.s.resembles(word) {
		return ""
	}
	return word
}

// resembles reports whether a word is, or is a slip for, a code or a level: it
// is no codeword then, since a restriction would vanish into it.
func (s *defined) resembles(word string) bool {
	like := func(name string) bool {
		return strings.EqualFold(name, word) || nearly(onlyAlnum(name), word)
	}
	for _, g := range s.d.Groups {
		if slices.ContainsFunc(g.Codes, func(c defCode) bool { return like(c.Portion) || like(c.Banner) }) {
			return true
		}
	}
	return slices.ContainsFunc(s.d.Levels, func(l defLevel) bool {
		return like(l.Portion) || like(l.Banner) || slices.ContainsFunc(l.Also, like)
	})
}

func (p *definedParser) takeWord(g int, sep, word string) bool {
	p.take(len(sep))
	words := p.m.free[g]
	switch section := p.s.d.Groups[g].Section; {
	case len(words) >= MaxEntries:
		return p.fail("there are too many codewords", section)
	case len(words) > 0 && words[len(words)-1] == word:
		return p.fail(word+" is repeated", section)
	case len(words) > 0 && words[len(words)-1] > word:
		return p.fail("codewords stand in alphabetical order", section)
	}
	p.m.free[g] = append(words, word)
	p.take(len(word))
	return true
}

// allowed reports whether a code or list that is limited to levels may stand
// with a level.
func (s *defined) allowed(levels []string, level int) bool {
	return len(levels) == 0 || level >= 0 && slices.Contains(levels, s.d.Levels[level].Portion)
}

// code finds the longest code that text begins with.
func (p *definedParser) code(g *defGroup, text string) (index, width int) {
	index = -1
	for k, c := range g.Codes {
		name := pick(p.form, c.Portion, c.Banner)
		for _, n := range [...]string{name, unaccented(name)} {
			if len(n) > width && p.has(text, n) && (len(text) == len(n) || p.continues(text[len(n):])) {
				index, width = k, len(n)
			}
		}
	}
	return index, width
}

// begins gives the length of what stands before a list that text begins with.
func (l *defList) begins(text string, fold bool) (width int, ok bool) {
	p := definedParser{fold: fold}
	if p.has(text, l.Before) {
		return len(l.Before), true
	}
	for _, b := range l.AlsoBefore {
		if p.has(text, b) {
			return len(b), true
		}
	}
	return 0, false
}

// How an entry of a list names whom it is for.
const (
	noCode = iota
	shortCode
	nationName
)

// code gives the code that an entry of the list stands for, and how.
func (l *defList) code(entry string) (code string, kind int) {
	if long, ok := l.Codes[entry]; ok {
		return long, shortCode
	}
	switch {
	case len(entry) == 3 && nations.Known(entry), slices.Contains(l.Bodies, entry):
		return entry, shortCode
	case l.Bodies == nil && !l.Countries && len(entry) >= 2 && len(entry) <= 24 && strings.Trim(entry, upperAlnum) == "":
		return entry, shortCode
	}
	if code, ok := nations.Code(entry); ok && len(entry) > 3 {
		return code, nationName
	}
	return "", noCode
}

func (p *definedParser) list(i int) bool {
	l := &p.s.d.Lists[i]
	before, ok := l.begins(p.rest, p.fold)
	whole := p.rest
	if u := p.s.d.Until; ok && u != nil {
		if n := strings.Index(whole, u.Before); n >= before {
			whole = whole[:n]
		}
	}
	if !ok || len(whole) < before+len(l.After) || l.After != "" && !p.has(whole[len(whole)-len(l.After):], l.After) {
		return true
	}
	body := whole[before : len(whole)-len(l.After)]
	p.take(before)
	var shorts, codes []string
	named := false // some nation is written by its name, for which there is no order
	for first := true; ; first = false {
		short, rest, more := strings.Cut(body, l.Between)
		code, kind := l.code(short)
		named = named || kind == nationName
		switch {
		case kind == noCode && l.Countries:
			return p.fail("a list is codes of nations, and "+strconv.Quote(clip(short))+" is none", l.Section)
		case kind == noCode:
			return p.fail("a list is codes of nations or organisations, and "+strconv.Quote(clip(short))+" is none", l.Section)
		case len(codes) >= MaxEntries:
			return p.fail("the list is too long", l.Section)
		case p.loose:
			named = true
		case first && l.First != "" && short != l.First:
			return p.fail("the list begins with "+l.First, l.Section)
		case slices.Contains(codes, code):
			return p.fail("the code "+short+" is repeated", l.Section)
		case !named && len(shorts) > 0 && shorts[len(shorts)-1] > short && shorts[len(shorts)-1] != l.First:
			return p.fail("codes stand in alphabetical order", l.Section)
		}
		shorts, codes = append(shorts, short), append(codes, code)
		p.take(len(short))
		if !more {
			break
		}
		p.take(len(l.Between))
		body = rest
	}
	if !named && slices.Compare(shorts, l.written(codes)) != 0 {
		return p.fail("a code is written otherwise", l.Section)
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	if l.First != "" && !slices.Contains(codes, l.firstCode()) {
		return p.fail("the list begins with "+l.First, l.Section)
	}
	p.m.lists[i], p.m.listed[i] = codes, true
	p.take(len(l.After))
	return true
}

// Part reports whether text is a code or a list that stands behind a level, or
// what makes one level of another: the STRICT of TLP:AMBER+STRICT.
func (s *defined) Part(text string) (part, evident bool) {
	if evident, ok := s.parts[text]; ok {
		return true, evident
	}
	if len(s.d.Levels) == 0 {
		return false, false
	}
	if strings.Contains(text, "/") {
		n := 0
		part = true
		for one := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '/' }) {
			is, sure := s.Part(one)
			part, evident = part && is, evident || sure
			n++
		}
		if part && n > 1 {
			return true, evident
		}
		part, evident = false, false
	}
	for i := range s.d.Lists {
		l := &s.d.Lists[i]
		before := strings.Trim(l.Before, " -/")
		if strings.ContainsAny(text, ":;") {
			break
		}
		if before != "" && strings.HasPrefix(text, before) && strings.HasPrefix(text[len(before):], " ") || l.After != "" && strings.HasSuffix(text, l.After) {
			return true, true
		}
	}
	return false, false
}

// partsOf are those of them that are no lists, and whether each is evidently
// nothing else.
func (s *defined) partsOf() map[string]bool {
	parts := map[string]bool{}
	if len(s.d.Levels) == 0 {
		return parts
	}
	for _, a := range s.d.Levels {
		for _, b := range s.d.Levels {
			if more, ok := strings.CutPrefix(b.Portion, a.Portion); ok && more != "" && !isAlnum(rune(more[0])) {
				parts[onlyAlnum(more)] = false
			}
		}
	}
	for _, g := range s.d.Groups {
		for _, c := range g.Codes {
			for _, name := range [...]string{c.Portion, c.Banner} {
				if len(name) > 1 {
					evident := len(name) > 4 && (c.Audience != nil || c.Named)
					parts[name], parts[unaccented(name)] = evident, evident
				}
			}
		}
	}
	return parts
}
