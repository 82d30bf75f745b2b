package us

import (
	"math/bits"
	"strings"

	"cordon/marking"
)

// category is a marking category, in the order in which A.5 and A.6 put them.
type category uint8

const (
	catClassification category = iota
	catSCI
	catSAP
	catAEA
	catFGI
	catDissem
	catNonIC
)

// categoryNames are the categories as people call them, with their templates.
var categoryNames = [...]struct{ name, section string }{
	catClassification: {"classification", "A.6; H.1"},
	catSCI:            {"SCI control systems", "A.6; H.4"},
	catSAP:            {"special access programs", "A.6; H.5"},
	catAEA:            {"Atomic Energy Act information", "A.6; H.6"},
	catFGI:            {"foreign government information", "A.6; H.7"},
	catDissem:         {"dissemination controls", "A.6; H.8"},
	catNonIC:          {"non-IC dissemination controls", "A.6; H.9"},
}

// parser reads one marking, strictly: what it accepts is what the manual
// allows to be written, to the letter.
type parser struct {
	text    string // as given
	base    int    // where s begins in text
	s       string // without parentheses
	form    form
	m       *mark
	entries int
	err     *marking.Error

	// All codes and names of one marking lie in one array, so do its
	// compartments: each list is cut out of it as it is read.
	names []string
	comps []compartment
	ctrls []control
}

// parse reads text in one form. The error carries no suggestion yet.
func parse(text string, f form) (*mark, *marking.Error) {
	p := &parser{text: text, s: text, form: f}
	if len(text) > marking.MaxText {
		p.text = ""
		p.fail(0, "the marking is too long", "")
		return nil, p.err
	}
	if n := len(text); f == portionForm && n >= 2 && text[0] == '(' && text[n-1] == ')' {
		p.s, p.base = text[1:n-1], 1
	}
	names, comps, ok := p.checkCharacters()
	if !ok {
		return nil, p.err
	}
	p.room(names, comps)
	if !p.categories() || !p.validate() {
		return nil, p.err
	}
	return p.m.seal(p.s), nil
}

// page is a mark with the arrays its lists are cut out of, as large as most
// marks need, so that reading one takes one allocation; so is shortPage for those
// without a list, and longPage for the longest that people write.
type page struct {
	mark     mark
	names    [12]string
	comps    [2]compartment
	controls [2]control
}

type shortPage struct {
	mark     mark
	names    [1]string
	controls [1]control
}

type longPage struct {
	mark     mark
	names    [32]string
	comps    [12]compartment
	controls [8]control
}

// room gives the parser a mark, and arrays as large as so many names and
// compartments need.
func (p *parser) room(names, comps int) {
	if names <= len(shortPage{}.names) && comps == 0 {
		page := &shortPage{}
		p.m, p.names, p.ctrls = &page.mark, page.names[:0], page.controls[:0]
		return
	}
	if names <= len(page{}.names) && comps <= len(page{}.comps) {
		page := &page{}
		p.m, p.names, p.comps, p.ctrls = &page.mark, page.names[:0], page.comps[:0], page.controls[:0]
		return
	}
	page := &longPage{}
	p.m, p.names, p.comps, p.ctrls = &page.mark, page.names[:0], page.comps[:0], page.controls[:0]
	if names > len(page.names) {
		p.names = make([]string, 0, min(names, marking.MaxEntries))
	}
	if comps > len(page.comps) {
		p.comps = make([]compartment, 0, min(comps, marking.MaxEntries))
	}
}

// fail records the first error, at an offset in p.s.
func (p *parser) fail(at int, reason, section string) bool {
	if p.err == nil {
		p.err = &marking.Error{Scheme: name, Text: p.text, At: p.base + at, Reason: reason, Section: section}
	}
	return false
}

// checkCharacters refuses what no marking contains, so that the rest need not
// think of it: lower case, tabs, control characters, doubled or stray spaces.
// By the separators it also gives how many names and compartments there may be.
func (p *parser) checkCharacters() (names, comps int, ok bool) {
	if p.s == "" {
		return 0, 0, p.fail(0, "there is no marking", "C.1")
	}
	names = 1
	for i := 0; i < len(p.s); i++ {
		switch c := p.s[i]; {
		case ordinary[c]: // most are
		case c == '-':
			comps++
		case c == ' ' && p.spaceAllowed(i):
			names++
		case c == ',' && i+1 < len(p.s) && p.s[i+1] == ' ':
		default:
			return 0, 0, p.fail(i, whyNot(c), whereNot(c))
		}
	}
	return names, comps, true
}

// ordinary are the characters that may stand anywhere in a marking.
var ordinary = func() (set [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/") {
		set[c] = true
	}
	return set
}()

// clean reports whether the text has only characters that markings have.
func (p *parser) clean() bool {
	_, _, ok := p.checkCharacters()
	return ok
}

// whyNot says why a character may not stand where it does.
func whyNot(c byte) string {
	switch {
	case c == ',':
		return "a comma in a list is followed by one space"
	case c == ' ':
		return "a space does not belong here"
	case c >= 'a' && c <= 'z':
		return "markings are written in upper case"
	case c == '(', c == ')':
		return "a portion mark stands in one pair of parentheses"
	}
	return "this character does not occur in markings"
}

// whereNot is the section for whyNot.
func whereNot(c byte) string {
	switch {
	case c >= 'a' && c <= 'z':
		return "D.1"
	case c == '(', c == ')':
		return "C.1"
	}
	return "A.6"
}

// spaceAllowed reports whether the space at i stands between two codes or
// words, and not at an end, beside a separator, or beside another space.
func (p *parser) spaceAllowed(i int) bool {
	if i == 0 || i+1 == len(p.s) {
		return false
	}
	before, after := p.s[i-1], p.s[i+1]
	return before != ' ' && before != '/' && before != '-' && after != ' ' && after != '/' && after != '-' && after != ','
}

// categories reads them one after the other.
func (p *parser) categories() bool {
	start, foreign := 0, false
	if strings.HasPrefix(p.s, "//") {
		start, foreign = 2, true
	}
	last := catClassification
	for at := start; ; {
		end := p.categoryEnd(at)
		if end == at {
			return p.fail(at, "a category is empty; absent categories leave no trace", "D.1")
		}
		if at == start {
			if !p.classification(at, end, foreign) {
				return false
			}
		} else {
			cat := p.classify(p.s[at:end])
			if cat <= last && !p.lesBeforeRelease(cat) {
				return p.misplaced(at, cat, last)
			}
			last = cat
			if !p.category(cat, at, end) {
				return false
			}
		}
		if end == len(p.s) {
			return true
		}
		at = end + 2
	}
}

// categoryEnd is where the category that begins at at ends. Slashes are a few
// bytes apart: a loop is faster than strings.Index.
func (p *parser) categoryEnd(at int) int {
	for i := at; i+1 < len(p.s); i++ {
		if p.s[i] == '/' && p.s[i+1] == '/' {
			return i
		}
	}
	return len(p.s)
}

// lesBeforeRelease admits the one order in which the manual prints a mark
// against its own syntax: (U//LES//REL TO USA, FVEY), H.9 LES, Example Page 3.
func (p *parser) lesBeforeRelease(cat category) bool {
	return cat == catDissem && p.m.nonIC == les && p.m.dissem == 0
}

func (p *parser) misplaced(at int, cat, last category) bool {
	if cat == last {
		return p.fail(at, "a second category of "+categoryNames[cat].name+"; entries of one category are separated by /", "A.6")
	}
	if cat == catSCI {
		word, _, _ := strings.Cut(p.s[at:], "/")
		return p.fail(at, "unknown marking "+word, "G.1")
	}
	return p.fail(at, "wrong order: "+categoryNames[cat].name+" come before "+categoryNames[last].name, "A.6")
}

// classify tells the category of a text by its first entry. What is in no
// register is left to the SCI control systems, some of which have no entry.
func (p *parser) classify(s string) category {
	if published(s) {
		return catSCI
	}
	entry, _, _ := strings.Cut(s, "/")
	if at, ok := placed(entry, p.form); ok {
		return at.cat
	}
	switch {
	case strings.HasPrefix(entry, "SAR-"), strings.HasPrefix(entry, "SPECIAL ACCESS REQUIRED-"), natoIndex(entry) >= 0:
		return catSAP
	case entry == usa || dissemIndex(entry, p.form) >= 0:
		return catDissem
	}
	if _, _, ok := cutFGI(entry, p.form); ok {
		return catFGI
	}
	if i, _ := aeaIndex(entry, p.form); i >= 0 {
		return catAEA
	}
	return catSCI
}

// published reports whether s begins with a control system of the register.
func published(s string) bool {
	n := 3
	switch {
	case strings.HasPrefix(s, "SI"), strings.HasPrefix(s, "TK"):
		n = 2
	case strings.HasPrefix(s, "HCS"), strings.HasPrefix(s, "RSV"), strings.HasPrefix(s, "BUR"), strings.HasPrefix(s, "KLM"), strings.HasPrefix(s, "MVL"):
	default:
		return false
	}
	return len(s) == n || s[n] == '-' || s[n] == '/'
}

func (p *parser) category(cat category, at, end int) bool {
	switch cat {
	case catSCI:
		return p.sci(at, end)
	case catSAP:
		return p.sap(at, end)
	case catAEA:
		return p.aea(at, end)
	case catFGI:
		return p.fgi(at, end)
	case catDissem:
		return p.dissem(at, end)
	default:
		return p.nonIC(at, end)
	}
}

// count bounds the number of codes in one marking.
func (p *parser) count(at int) bool {
	p.entries++
	if p.entries > marking.MaxEntries {
		return p.fail(at, "the marking has too many entries", "")
	}
	return true
}

// next gives the end of the piece that begins at at and reaches to the
// separator or to end, and where the piece after it begins (past end when
// there is none).
func (p *parser) next(at, end int, sep string) (stop, after int) {
	// The pieces are a few bytes long: a loop is faster than strings.Index.
	// What follows the first byte of ", " has been checked before.
	for i := at; i < end; i++ {
		if p.s[i] == sep[0] {
			return i, i + len(sep)
		}
	}
	return end, end + 1
}

func (p *parser) fgi(at, end int) bool {
	rest, skipped, ok := cutFGI(p.s[at:end], p.form)
	if !ok || strings.Contains(rest, "/") {
		return p.fail(at, "foreign government information is FGI, or FGI and the codes of its sources separated by spaces", "A.6; H.7")
	}
	p.m.fgi = true
	if rest == "" {
		return true
	}
	list, ok := p.codes(at+skipped, end, " ", false, "H.7 FGI")
	p.m.fgiList = list
	return ok
}

// cutFGI takes FGI and the space after it from the beginning of an entry.
func cutFGI(s string, f form) (rest string, skipped int, ok bool) {
	for _, word := range [...]string{"FGI", "FOREIGN GOVERNMENT INFORMATION"} {
		if f == portionForm && word != "FGI" {
			continue
		}
		if s == word {
			return "", len(word), true
		}
		if strings.HasPrefix(s, word) && s[len(word)] == ' ' {
			return s[len(word)+1:], len(word) + 1, true
		}
	}
	return "", 0, false
}

// codes reads a list of trigraphs and tetragraphs in their order (A.6). Where
// release is set it is one to which USA belongs: REL TO begins with USA.
func (p *parser) codes(at, end int, sep string, release bool, section string) (codes, bool) {
	var out codes
	start := len(p.names)
	countries := start
	prev, prevGroup := "", false
	for first := true; at <= end; first = false {
		stop, after := p.next(at, end, sep)
		code := p.s[at:stop]
		if !p.count(at) {
			return out, false
		}
		switch {
		case first && release:
			if code != usa {
				return out, p.fail(at, "a release list begins with USA", section)
			}
		case code == usa && section == "H.8 DISPLAY ONLY" && first:
			// ODNI's roll-up scenarios write DISPLAY ONLY USA, AUS. What
			// is shown to anybody is open to USA, so the code is dropped.
		case code == usa:
			return out, p.fail(at, "USA does not belong in this place", section)
		case len(code) == 3 && !isCountry(code) || len(code) != 3 && !isGroup(code):
			return out, p.fail(at, "unknown country or organisation code "+code, "G.1 Annex A, B")
		default:
			group := len(code) != 3
			if group == prevGroup && code == prev {
				return out, p.fail(at, "the code "+code+" is repeated", "A.6")
			}
			if prevGroup && !group || group == prevGroup && code < prev {
				return out, p.fail(at, "codes stand in alphabetical order, countries before organisations", "A.6")
			}
			prev, prevGroup = code, group
			p.names = append(p.names, code)
			if !group {
				countries = len(p.names)
			}
		}
		at = after
	}
	out = codes{cut(p.names, start, countries), cut(p.names, countries, len(p.names))}
	if out.empty() {
		return out, p.fail(end-len(usa), "the list names nobody beside USA", section)
	}
	return out, true
}

// cut takes a list out of an array so that appending to it copies it; an empty
// list is nil.
func cut[T any](array []T, from, to int) []T {
	if from == to {
		return nil
	}
	return array[from:to:to]
}

func (p *parser) dissem(at, end int) bool {
	var seen dissem
	for at <= end {
		stop, after := p.next(at, end, "/")
		if p.s[at:stop] == usa {
			if n := strings.Index(p.s[at:end], " EYES ONLY"); n >= 0 {
				stop = at + n + len(" EYES ONLY")
				after = stop + 1
			}
		}
		entry := p.s[at:stop]
		i := dissemIndex(entry, p.form)
		if i < 0 {
			return p.unknown(at, entry)
		}
		bit := dissem(1) << i
		if !p.count(at) {
			return false
		}
		if seen&bit != 0 {
			return p.fail(at, "the control is repeated", "D.1")
		}
		if seen > bit {
			return p.fail(at, "dissemination controls stand in the order of the register", "A.6; G.1")
		}
		seen |= bit
		if !p.release(bit, at, stop) {
			return false
		}
		at = after
	}
	p.m.dissem = seen
	return true
}

// release reads the list of REL TO, EYES ONLY and DISPLAY ONLY.
func (p *parser) release(bit dissem, at, end int) (ok bool) {
	entry := p.s[at:end]
	switch bit {
	case rel:
		if entry == "REL" {
			p.m.shortREL = true
			return true
		}
		skip := strings.Index(entry, " TO ") + len(" TO ")
		p.m.relTo, ok = p.codes(at+skip, end, ", ", true, "H.8 REL TO")
		return ok
	case eyes:
		if entry == "EYES" {
			p.m.shortREL = true
			return true
		}
		p.m.relTo, ok = p.codes(at, end-len(" EYES ONLY"), "/", true, "H.8 EYES ONLY")
		return ok
	case display:
		p.m.displayTo, ok = p.codes(at+len("DISPLAY ONLY "), end, ", ", false, "H.8 DISPLAY ONLY")
		return ok
	}
	return true
}

// dissemIndex is the bit of the control an entry is, or -1.
func dissemIndex(entry string, f form) int {
	if i := find(entry, f, catDissem); i >= 0 {
		return i
	}
	for _, bit := range [...]dissem{rel, eyes, display} {
		i := bits.TrailingZeros16(uint16(bit))
		if listed(entry, bit, &dissemRegister[i], f) {
			return i
		}
	}
	return -1
}

func listed(entry string, bit dissem, e *entry, f form) bool {
	switch bit {
	case rel:
		return strings.HasPrefix(entry, "REL TO ") || f == portionForm && entry == "REL" ||
			f == bannerForm && strings.HasPrefix(entry, e.title) && len(entry) > len(e.title) && entry[len(e.title)] == ' '
	case eyes:
		return strings.HasPrefix(entry, "USA/") && strings.HasSuffix(entry, " EYES ONLY") || f == portionForm && entry == "EYES"
	default:
		return strings.HasPrefix(entry, "DISPLAY ONLY ")
	}
}

func (p *parser) nonIC(at, end int) bool {
	var seen nonIC
	for at <= end {
		stop, after := p.next(at, end, "/")
		i := nonICIndex(p.s[at:stop], p.form)
		if i < 0 {
			return p.unknown(at, p.s[at:stop])
		}
		bit := nonIC(1) << i
		if !p.count(at) {
			return false
		}
		if seen&bit != 0 {
			return p.fail(at, "the control is repeated", "D.1")
		}
		if seen > bit {
			return p.fail(at, "non-IC controls stand in the order of the register", "A.6; G.1")
		}
		seen |= bit
		at = after
	}
	p.m.nonIC = seen
	return true
}

func nonICIndex(entry string, f form) int { return find(entry, f, catNonIC) }

func natoIndex(entry string) int { return find(entry, portionForm, catSAP) }

// unknown refuses an entry, telling what is in no register from what stands
// in the wrong place.
func (p *parser) unknown(at int, entry string) bool {
	if entry == "" {
		return p.fail(at, "an entry is empty", "D.1")
	}
	if cat, ok := known(entry); ok {
		return p.fail(at, entry+" is written otherwise here, or belongs among the "+categoryNames[cat].name, "A.6; G.1")
	}
	return p.fail(at, "unknown marking "+entry, "G.1")
}

// known reports whether an entry is in the register in either form, and in
// which category.
func known(entry string) (category, bool) {
	for _, f := range [...]form{portionForm, bannerForm} {
		if _, ok := levelOf(entry, f); ok {
			return catClassification, true
		}
		if dissemIndex(entry, f) >= 0 {
			return catDissem, true
		}
		if nonICIndex(entry, f) >= 0 {
			return catNonIC, true
		}
		if i, _ := aeaIndex(entry, f); i >= 0 {
			return catAEA, true
		}
		if _, _, ok := cutFGI(entry, f); ok {
			return catFGI, true
		}
	}
	if natoIndex(entry) >= 0 {
		return catSAP, true
	}
	switch entry {
	case "SAR", "JOINT", "REL", "EYES", "RELTO", usa, "NATO", "COSMIC", "CTS", "ORCON", "CNWDI", "SIGMA":
		return catDissem, true
	}
	return 0, false
}
