package us

import (
	"math/bits"
	"slices"
	"strings"

	"cordon/marking"
)

// suggest gives the canonical text that a refused one was probably meant as:
// its one repair, with a missing control added and a control that may not
// stand there left out. Adding and leaving out change what is said, so a
// lenient reading does not do that.
func suggest(text string, f form) string {
	if len(text) > marking.MaxText {
		return ""
	}
	m := repair(text, true)
	for range 4 {
		if m == nil {
			return ""
		}
		v := m.check()
		if v == nil {
			m.seal()
			text := m.portion
			if f == bannerForm {
				text = m.banner
			}
			if _, err := parse(text, f); err != nil {
				return "" // such as REL, which has no banner form
			}
			return text
		}
		if !m.mend(v) {
			return ""
		}
	}
	return ""
}

// mend does what a violation says, where that is one thing only.
func (m *mark) mend(v *violation) bool {
	switch {
	case v.missing&^(noforn|orcon) == 0 && v.missing != 0:
		if m.dissem&(fdr&^noforn) != 0 || m.dissem&usgov != 0 {
			return false
		}
		m.dissem |= v.missing
	case v.surplus == usgov && m.dissem&orcon != 0:
		m.dissem &^= usgov // H.8: ORCON takes precedence
	case v.token == "FOUO" && m.level != levelU:
		m.dissem &^= fouo // H.8: not in a classified portion
	case m.level != levelU && (v.token == "SBU" || v.token == "DS"):
		m.nonIC &^= sbu | limdis // H.9: the classification protects it
	case v.token == "XD" && m.nonIC&nodis != 0:
		m.nonIC &^= exdis // H.9: NODIS supersedes EXDIS
	default:
		return false
	}
	return true
}

// Repair reads a text that is not written to the letter, where it has only one
// reading: lower case, stray spaces, wrong dashes and separators, wrong order,
// titles for abbreviations, retired names, one mistyped letter in a long word.
// It never adds a control, nor leaves one out, and where nothing fits the
// strict reading's error is returned. changed says what was done.
func (s scheme) Repair(text string) (m marking.Marking, changed []string, err error) {
	if m, err := s.ParsePortion(text); err == nil {
		return m, nil, nil
	}
	if m, err := s.ParseBanner(text); err == nil {
		return m, nil, nil
	}
	_, err = s.ParsePortion(text)
	if len(text) > marking.MaxText {
		return nil, nil, err
	}
	fixed := repair(text, false)
	if fixed == nil || fixed.check() != nil {
		return nil, nil, err
	}
	fixed.seal()
	return fixed, []string{"read " + text + " as " + fixed.portion}, nil
}

// piece is one entry of a text being repaired: its category, its place within
// the category, and its text as a portion mark.
type piece struct {
	cat  category
	rank int
	text string
}

// repair takes a text apart at its slashes, recognises each entry by itself,
// and puts the marking together again. It gives nil where an entry has no
// reading or more than one. The result is not checked against the templates.
// With guessing, an entry without a reading is taken for what was likely
// meant, which is good enough to ask a person.
func repair(text string, guessing bool) *mark {
	s := modern(tidy(text))
	foreign := strings.HasPrefix(s, "/")
	var pieces []piece
	first := ""
	inSAP := false
	for i, e := range splitEntries(strings.TrimLeft(s, "/")) {
		if i > marking.MaxEntries {
			return nil
		}
		if i == 0 {
			first = e.text
			continue
		}
		// After a program only a single slash goes on with programs.
		p, ok := recognise(e.text, inSAP && e.same)
		if ok {
			inSAP = p.cat == catSAP
			pieces = append(pieces, p)
			continue
		}
		meant := []piece(nil)
		if guessing {
			meant = guessEntry(e.text)
		}
		if meant == nil {
			return nil
		}
		inSAP = false
		pieces = append(pieces, meant...)
	}
	head, ok := repairHead(first, foreign)
	if !ok && guessing && !foreign {
		head, ok = guessHead(first)
	}
	if !ok {
		return nil
	}
	slices.SortStableFunc(pieces, func(a, b piece) int {
		if a.cat != b.cat {
			return int(a.cat) - int(b.cat)
		}
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return strings.Compare(a.text, b.text)
	})
	pieces = slices.Compact(pieces)
	var b strings.Builder
	b.WriteString(head)
	for i, p := range pieces {
		switch {
		case i > 0 && pieces[i-1].cat == p.cat:
			b.WriteString("/")
		case p.cat == catSAP && natoIndex(p.text) < 0:
			b.WriteString("//SAR-")
		default:
			b.WriteString("//")
		}
		b.WriteString(p.text)
	}
	p := parser{s: b.String(), form: portionForm, m: &mark{}}
	if !p.clean() || !p.categories() {
		return nil
	}
	return p.m
}

// tidy makes upper case of a text, slashes and hyphens of what looks like
// them, and drops the parentheses and the spaces beside separators.
func tidy(text string) string {
	s := strings.ToUpper(strings.NewReplacer(
		"\u2013", "-", "\u2014", "-", "\u2010", "-", "\u2011", "-", "\u00a0", " ", "\t", " ", "\\", "/", ";", ",",
	).Replace(text))
	s = strings.Trim(strings.TrimSpace(s), "()[] ")
	s = strings.Join(strings.Fields(s), " ")
	for _, sep := range []string{"/", "-"} {
		s = strings.ReplaceAll(s, " "+sep, sep)
		s = strings.ReplaceAll(s, sep+" ", sep)
	}
	return s
}

// slashed is a text between slashes; same is set where a single one, which
// separates entries of one category, stands before it.
type slashed struct {
	text string
	same bool
}

// splitEntries cuts at every slash, but keeps USA/CAN/GBR EYES ONLY together.
func splitEntries(s string) []slashed {
	var out []slashed
	eyesAt := -1
	for s != "" {
		n := strings.IndexByte(s, '/')
		if n < 0 {
			n = len(s)
		}
		text := s[:n]
		rest := strings.TrimLeft(s[n:], "/")
		if text == usa {
			eyesAt = len(out)
		}
		out = append(out, slashed{text: text, same: len(out) > 0})
		if eyesAt >= 0 && strings.HasSuffix(text, " EYES ONLY") {
			for _, more := range out[eyesAt+1:] {
				out[eyesAt].text += "/" + more.text
			}
			out = out[:eyesAt+1]
			eyesAt = -1
		}
		if double := len(s) - n - len(rest); double > 1 {
			out = append(out, slashed{}) // marks the break; taken out below
		}
		s = rest
	}
	kept := out[:0]
	broken := false
	for _, e := range out {
		if e.text == "" {
			broken = true
			continue
		}
		e.same = e.same && !broken
		broken = false
		kept = append(kept, e)
	}
	return kept
}

// repairHead reads the classification in whichever form.
func repairHead(s string, foreign bool) (string, bool) {
	if !foreign {
		for _, f := range [...]form{portionForm, bannerForm} {
			if l, ok := levelOf(s, f); ok {
				return l.name(portionForm), l != levelR
			}
		}
		for _, n := range levelNames {
			if near(s, n.banner, 1) && len(s) > 4 {
				return n.portion, n.portion != "R"
			}
		}
		return "", false
	}
	text := "//" + strings.ReplaceAll(s, ",", "")
	for _, f := range [...]form{portionForm, bannerForm} {
		p := parser{s: text, form: f, m: &mark{}}
		if p.clean() && p.categories() {
			return string(p.m.writeClassification(nil, portionForm)), true
		}
	}
	return "", false
}

// retired are names that the manual, or the form of the register, says to
// write otherwise.
var retired = map[string]string{
	"COMINT":            "SI",                    // H.4 SPECIAL INTELLIGENCE, Note
	"KDK-BLUEFISH":      "TK-BLFH",               // H.4 BLUEFISH
	"KDK-BLFH":          "TK-BLFH",               // H.4 BLUEFISH
	"KDK-IDITAROD":      "TK-IDIT",               // H.4 IDITAROD
	"KDK-IDIT":          "TK-IDIT",               // H.4 IDITAROD
	"KDK-KANDIK":        "TK-KAND",               // H.4 KANDIK
	"KDK-KAND":          "TK-KAND",               // H.4 KANDIK
	"EL-ECRU":           "SI-EU",                 // H.4 ECRU
	"EL-EU":             "SI-EU",                 // H.4 ECRU
	"EL-NONBOOK":        "SI-NK",                 // H.4 NONBOOK
	"EL-NK":             "SI-NK",                 // H.4 NONBOOK
	"RD-N":              "RD-CNWDI",              // H.6 CNWDI, Derivative Use
	"RESTRICTED DATA-N": "RESTRICTED DATA-CNWDI", // H.6 CNWDI, Derivative Use
	"LES NF":            "LES-NF",                // A.6
	"SBU NF":            "SBU-NF",                // A.6
}

// recognise tells what an entry is by itself.
func recognise(entry string, inSAP bool) (piece, bool) {
	if r, ok := retired[entry]; ok {
		entry = r
	}
	for _, f := range [...]form{portionForm, bannerForm} {
		if p, ok := registered(entry, f); ok {
			return p, true
		}
	}
	if p, ok := released(entry); ok {
		return p, true
	}
	for _, prefix := range [...]string{"SAR-", "SPECIAL ACCESS REQUIRED-", "SAR "} {
		if rest, ok := strings.CutPrefix(entry, prefix); ok {
			return piece{cat: catSAP, text: ascending(rest)}, true
		}
	}
	if i := natoIndex(entry); i >= 0 {
		return piece{catSAP, 1 + i, entry}, true
	}
	if inSAP {
		return piece{cat: catSAP, text: ascending(entry)}, true
	}
	if rest, ok := strings.CutPrefix(entry, "SI-ECI "); ok {
		entry = "SI-" + rest // H.4 SI-[COMPARTMENT]
	}
	for _, f := range [...]form{portionForm, bannerForm} {
		p := parser{s: ascending(entry), form: f, m: &mark{}}
		if p.clean() && p.sci(0, len(p.s)) {
			return piece{cat: catSCI, text: string(appendControls(nil, p.m.sci))}, true
		}
	}
	if meant := slip(entry); meant != "" && meant != entry {
		return recognise(meant, false)
	}
	return piece{}, false
}

// ascending puts the compartments of one control, and the sub-compartments of
// each, in order.
func ascending(entry string) string {
	system, rest, found := strings.Cut(entry, "-")
	if !found {
		return entry
	}
	comps := strings.Split(rest, "-")
	for i, c := range comps {
		names := strings.Split(c, " ")
		slices.Sort(names[1:])
		comps[i] = strings.Join(names, " ")
	}
	slices.Sort(comps)
	return system + "-" + strings.Join(comps, "-")
}

// registered finds an entry of the categories whose entries need no context.
func registered(entry string, f form) (piece, bool) {
	if i := dissemIndex(entry, f); i >= 0 && !dissemRegister[i].list {
		return piece{catDissem, i, dissemRegister[i].portion}, true
	}
	if i := nonICIndex(entry, f); i >= 0 {
		return piece{catNonIC, i, nonICRegister[i].portion}, true
	}
	if i, _ := aeaIndex(entry, f); i >= 0 {
		p := parser{s: entry, form: f, m: &mark{}}
		if p.aea(0, len(entry)) {
			return piece{catAEA, i, strings.TrimPrefix(string(p.m.writeAEA(nil, portionForm)), "//")}, true
		}
	}
	if rest, _, ok := cutFGI(entry, f); ok {
		if rest == "" {
			return piece{cat: catFGI, text: "FGI"}, true
		}
		list, ok := repairCodes(rest)
		return piece{cat: catFGI, text: "FGI" + string(list.append(nil, " "))}, ok && !list.empty()
	}
	return piece{}, false
}

// released finds REL TO, EYES ONLY and DISPLAY ONLY with whatever separators
// their lists have.
func released(entry string) (piece, bool) {
	relIndex, eyesIndex, displayIndex := bits.TrailingZeros16(uint16(rel)), bits.TrailingZeros16(uint16(eyes)), bits.TrailingZeros16(uint16(display))
	switch entry {
	case "REL":
		return piece{catDissem, relIndex, entry}, true
	case "EYES":
		return piece{catDissem, eyesIndex, entry}, true
	}
	if list, ok := strings.CutSuffix(entry, " EYES ONLY"); ok {
		c, ok := repairCodes(list)
		return piece{catDissem, eyesIndex, usa + string(c.append(nil, "/")) + " EYES ONLY"}, ok && !c.empty()
	}
	for _, prefix := range [...]string{"AUTHORIZED FOR RELEASE TO ", "RELEASABLE TO ", "REL TO ", "RELTO ", "REL "} {
		if list, ok := strings.CutPrefix(entry, prefix); ok {
			c, ok := repairCodes(list)
			return piece{catDissem, relIndex, "REL TO USA" + string(c.append(nil, ", "))}, ok && !c.empty()
		}
	}
	for _, prefix := range [...]string{"DISPLAY ONLY TO ", "FOR DISPLAY ONLY ", "DISPLAY ONLY ", "DISPLAYONLY "} {
		if list, ok := strings.CutPrefix(entry, prefix); ok {
			c, ok := repairCodes(list)
			return piece{catDissem, displayIndex, "DISPLAY ONLY " + strings.TrimPrefix(string(c.append(nil, ", ")), ", ")}, ok && !c.empty()
		}
	}
	return piece{}, false
}

// twoLetter are the country names people write in place of a trigraph.
var twoLetter = map[string]string{"UK": "GBR", "GB": "GBR", "US": "USA", "NZ": "NZL", "AU": "AUS", "CA": "CAN", "DE": "DEU", "FR": "FRA"}

// repairCodes reads a list with any separators in any order, without USA.
func repairCodes(s string) (codes, bool) {
	var out codes
	for _, c := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '/' }) {
		if long, ok := twoLetter[c]; ok {
			c = long
		}
		switch {
		case c == usa || c == "AND":
		case isCountry(c):
			out.countries = append(out.countries, c)
		case isGroup(c):
			out.groups = append(out.groups, c)
		default:
			return codes{}, false
		}
	}
	slices.Sort(out.countries)
	slices.Sort(out.groups)
	out.countries, out.groups = slices.Compact(out.countries), slices.Compact(out.groups)
	return out, true
}
