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
	m, _ := repair(text, true)
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
	case v.token == "FOUO":
		m.dissem &^= fouo // H.8: not in a classified portion, nor beside other controls
	case m.level != levelU && (v.token == "SBU" || v.token == "DS"):
		m.nonIC &^= sbu | limdis // H.9: the classification protects it
	case v.token == "XD" && m.nonIC&nodis != 0:
		m.nonIC &^= exdis // H.9: NODIS supersedes EXDIS
	case (v.token == "XD" || v.token == "ND") && m.nonIC&(sbu|sbuNF) != 0:
		m.nonIC &^= sbu | sbuNF // H.9: EXDIS and NODIS supersede SBU
	case v.token == "SBU-NF" && m.nonIC&sbu != 0:
		m.nonIC &^= sbu // H.9: SBU NOFORN holds SBU
	case v.token == "LES-NF" && m.nonIC&les != 0:
		m.nonIC &^= les // H.9: LES NOFORN holds LES
	default:
		return false
	}
	return true
}

// Repair reads a text that is not written to the letter, where it has only one
// reading: lower case, stray spaces, wrong dashes and separators, blanks for
// separators, wrong order, titles for abbreviations, retired names, the older
// forms S-NF and FOUO, one mistyped letter in a long word. It never adds a
// control, nor leaves one out. Where nothing fits the strict reading's error is
// returned, and where two readings do, one that names both. changed says what
// was done.
func (s scheme) Repair(text string) (m marking.Marking, changed []string, err error) {
	if m, ok := s.Match(strings.TrimSuffix(strings.TrimPrefix(text, "("), ")")); ok {
		return m, nil, nil
	}
	strict := func() error { _, err := s.ParsePortion(text); return err }
	if len(text) > marking.MaxText {
		return nil, nil, strict()
	}
	fixed, readings := repair(text, false)
	if len(readings) > 0 {
		return nil, nil, marking.Ambiguous(name, text, readings)
	}
	if fixed == nil || fixed.check() != nil {
		return nil, nil, strict()
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
	// written is the entry as it stands in the text, and same is set where a
	// single slash stands before it.
	written string
	same    bool
	// other is a second reading; empty for most.
	other string
}

// repair takes a text apart at its slashes, recognises each entry by itself,
// and puts the marking together again. It gives nil where an entry has no
// reading, and the readings where there are two. The result is not checked
// against the templates. With guessing, an entry without a reading is taken for
// what was likely meant, which is good enough to ask a person.
func repair(text string, guessing bool) (m *mark, readings []string) {
	s := modern(tidy(text))
	foreign := strings.HasPrefix(s, "/")
	entries := splitEntries(strings.TrimLeft(s, "/"))
	if len(entries) == 0 || len(entries) > marking.MaxEntries {
		return nil, nil
	}
	head, pieces, ok := readHead(entries[0].text, foreign, guessing)
	if !ok {
		return nil, nil
	}
	inSAP := false
	for _, e := range entries[1:] {
		// After a program only a single slash goes on with programs.
		found := entryPieces(e.text, inSAP && e.same, guessing)
		if found == nil {
			return nil, nil
		}
		inSAP = found[len(found)-1].cat == catSAP
		found[0].same = e.same
		pieces = append(pieces, found...)
	}
	if len(pieces) == 0 && strings.HasSuffix(s, "/") {
		return nil, nil // something stood behind it
	}
	if other := secondReading(pieces); other != nil {
		return nil, []string{assembled(head, pieces), assembled(head, other)}
	}
	p := parser{s: assemble(head, pieces), form: portionForm, m: &mark{}}
	if !p.clean() || !p.categories() {
		return nil, nil
	}
	return p.m, nil
}

// readHead reads the first entry: a classification, and what follows it with
// a blank for a separator.
func readHead(s string, foreign, guessing bool) (head string, pieces []piece, ok bool) {
	if head, ok := repairHead(s, foreign); ok {
		return head, nil, true
	}
	words := strings.Fields(s)
	for n := min(len(words)-1, 6); n > 0; n-- {
		if head, ok := repairHead(strings.Join(words[:n], " "), foreign); ok {
			if pieces := splitWords(words[n:]); pieces != nil {
				return head, pieces, true
			}
		}
	}
	if guessing && !foreign {
		head, ok := guessHead(s)
		return head, nil, ok
	}
	return "", nil, false
}

// entryPieces recognises one entry; nil where it has no reading.
func entryPieces(entry string, inSAP, guessing bool) []piece {
	if p, ok := recognise(entry, inSAP); ok {
		return []piece{p}
	}
	if strings.Contains(entry, " ") {
		if pieces := splitWords(strings.Fields(entry)); pieces != nil {
			return pieces
		}
	}
	if guessing {
		return guessEntry(entry)
	}
	return nil
}

// maxSplit bounds how many words are read with blanks for separators.
const maxSplit = 24

// splitWords reads words as entries with blanks for separators, each entry as
// long as it can be; nil where they cannot be read so.
func splitWords(words []string) []piece {
	if len(words) == 0 || len(words) > maxSplit {
		return nil
	}
	var out []piece
	for len(words) > 0 {
		n := len(words)
		for ; n > 0; n-- {
			if p, ok := recogniseExactly(strings.Join(words[:n], " ")); ok {
				out = append(out, p)
				break
			}
		}
		if n == 0 {
			return nil
		}
		words = words[n:]
	}
	return out
}

// recogniseExactly is recognise without the control systems and compartments
// that are in no register, and without slips: between blanks these could be
// words.
func recogniseExactly(entry string) (piece, bool) {
	for _, f := range [...]form{portionForm, bannerForm} {
		if p, ok := registered(entry, f); ok {
			return p, true
		}
	}
	if p, ok := released(entry); ok {
		return p, true
	}
	if i := natoIndex(entry); i >= 0 {
		return piece{cat: catSAP, rank: 1 + i, text: entry}, true
	}
	if !published(entry) || strings.Contains(entry, " ") {
		return piece{}, false
	}
	return asSCI(entry)
}

// assemble puts the pieces in order behind the classification.
func assemble(head string, pieces []piece) string {
	pieces = slices.Clone(pieces)
	slices.SortStableFunc(pieces, func(a, b piece) int {
		if a.cat != b.cat {
			return int(a.cat) - int(b.cat)
		}
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return strings.Compare(a.text, b.text)
	})
	pieces = slices.CompactFunc(pieces, func(a, b piece) bool { return a.cat == b.cat && a.text == b.text })
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
	return b.String()
}

// assembled is the canonical text of the pieces, or what is nearest to it.
func assembled(head string, pieces []piece) string {
	text := assemble(head, pieces)
	if m, err := parse(text, portionForm); err == nil {
		return m.portion
	}
	return text
}

// secondReading gives the pieces as they could be read too, or nil: a list that
// can be read in two ways; or an entry that stands where its category does not
// belong and is one letter off a marking that belongs there, such as SSI in
// TS//SSI/TK//NF. Putting it in order would lose the SI that was meant.
func secondReading(pieces []piece) []piece {
	for i, p := range pieces {
		if p.other != "" {
			out := slices.Clone(pieces)
			out[i].text = p.other
			return out
		}
		if len(p.written) < 3 || strings.Contains(p.written, " ") || inPlace(pieces, i) {
			continue
		}
		for n := range names() {
			if len(n) < 2 || n == p.written || !near(p.written, n, 1) {
				continue
			}
			for _, f := range [...]form{portionForm, bannerForm} {
				q, ok := registered(n, f)
				if !ok {
					q, ok = asSCI(n)
				}
				q.same = p.same
				out := slices.Clone(pieces)
				out[i] = q
				if ok && q.cat != p.cat && inPlace(out, i) {
					return out
				}
			}
		}
	}
	return nil
}

// inPlace reports whether piece i stands in the order of the categories, and
// beside a single slash with its own only.
func inPlace(pieces []piece, i int) bool {
	fits := func(a, b piece) bool {
		if b.same {
			return a.cat == b.cat
		}
		return a.cat < b.cat
	}
	return (i == 0 || fits(pieces[i-1], pieces[i])) && (i+1 == len(pieces) || fits(pieces[i], pieces[i+1]))
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
	text := "//" + strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }), " ")
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
	p, ok := recogniseName(entry, inSAP)
	p.written = entry
	return p, ok
}

func recogniseName(entry string, inSAP bool) (piece, bool) {
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
		return piece{cat: catSAP, rank: 1 + i, text: entry}, true
	}
	if inSAP {
		return piece{cat: catSAP, text: ascending(entry)}, true
	}
	if rest, ok := strings.CutPrefix(entry, "SI-ECI "); ok {
		entry = "SI-" + rest // H.4 SI-[COMPARTMENT]
	}
	if p, ok := asSCI(entry); ok {
		return p, true
	}
	if meant := slip(entry); meant != "" && meant != entry {
		return recogniseName(meant, false)
	}
	return piece{}, false
}

// asSCI reads an entry as a control system.
func asSCI(entry string) (piece, bool) {
	for _, f := range [...]form{portionForm, bannerForm} {
		p := parser{s: ascending(entry), form: f, m: &mark{}}
		if p.clean() && p.sci(0, len(p.s)) {
			return piece{cat: catSCI, text: string(appendControls(nil, p.m.sci))}, true
		}
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
		return piece{cat: catDissem, rank: i, text: dissemRegister[i].portion}, true
	}
	if i := nonICIndex(entry, f); i >= 0 {
		return piece{cat: catNonIC, rank: i, text: nonICRegister[i].portion}, true
	}
	if i, _ := aeaIndex(entry, f); i >= 0 {
		p := parser{s: entry, form: f, m: &mark{}}
		if p.aea(0, len(entry)) {
			return piece{cat: catAEA, rank: i, text: strings.TrimPrefix(string(p.m.writeAEA(nil, portionForm)), "//")}, true
		}
	}
	if rest, _, ok := cutFGI(entry, f); ok {
		if rest == "" {
			return piece{cat: catFGI, text: "FGI"}, true
		}
		list, _, ok := repairCodes(rest)
		return piece{cat: catFGI, text: "FGI" + string(list.append(nil, " "))}, ok && !list.empty()
	}
	return piece{}, false
}

// released finds REL TO, EYES ONLY and DISPLAY ONLY with whatever separators
// their lists have.
func released(entry string) (piece, bool) {
	at := func(control dissem, text string) piece {
		return piece{cat: catDissem, rank: bits.TrailingZeros16(uint16(control)), text: text}
	}
	switch entry {
	case "REL":
		return at(rel, entry), true
	case "EYES":
		return at(eyes, entry), true
	}
	if list, ok := strings.CutSuffix(entry, " EYES ONLY"); ok {
		// Without USA it is another country's: UK EYES ONLY lets nobody else in.
		c, _, ok := repairCodes(list)
		ok = ok && slices.Contains(strings.FieldsFunc(list, func(r rune) bool { return r < 'A' || r > 'Z' }), usa)
		return at(eyes, usa+string(c.append(nil, "/"))+" EYES ONLY"), ok && !c.empty()
	}
	for _, prefix := range [...]string{"AUTHORIZED FOR RELEASE TO ", "RELEASABLE TO ", "REL TO ", "RELTO ", "REL "} {
		if list, ok := strings.CutPrefix(entry, prefix); ok {
			c, other, ok := repairCodes(list)
			p := at(rel, "REL TO USA"+string(c.append(nil, ", ")))
			if other != nil {
				p.other = "REL TO USA" + string(other.append(nil, ", "))
			}
			return p, ok && !c.empty()
		}
	}
	for _, prefix := range [...]string{"DISPLAY ONLY TO ", "FOR DISPLAY ONLY ", "DISPLAY ONLY ", "DISPLAYONLY "} {
		if list, ok := strings.CutPrefix(entry, prefix); ok {
			c, _, ok := repairCodes(list)
			return at(display, "DISPLAY ONLY "+strings.TrimPrefix(string(c.append(nil, ", ")), ", ")), ok && !c.empty()
		}
	}
	return piece{}, false
}
