package marking

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon/marking/nations"
)

// The bounds of a line that is read word by word.
const (
	// maxAlone is the longest one, in bytes.
	maxAlone = 160
	// maxAloneWords is how many words of it are tried as one name.
	maxAloneWords = 8
	// maxUnknown is how many words before a name may be in no register and in no
	// list.
	maxUnknown = 2
)

// beside is what words mean that stand beside the names of markings on a line of
// their own and are in no register.
type beside int

const (
	_ beside = iota // a word of which nothing is known
	// statusWord says in what state a text is.
	statusWord
	// countedWord has a number or a letter behind it.
	countedWord
	// codeWord restricts as a marking does, by a rule that no register here has.
	codeWord
	// ownerWord says whose classification follows.
	ownerWord
	// untilWord begins a condition, which the rest of the line is.
	untilWord
)

var besideWords = func() map[string]beside {
	all := map[string]beside{}
	for kind, words := range map[beside]string{
		statusWord:  "DRAFT DRAFTS WORKING PAPER PAPERS PROVISIONAL INTERIM ADVANCE ENTWURF PROJET BROUILLON BORRADOR BOZZA ONTWERP ПРОЕКТ BEGIN END START",
		countedWord: "ANNEX ANNEXE APPENDIX ENCLOSURE ATTACHMENT COPY PAGE PART VOLUME SERIAL OF ANLAGE ANHANG SEITE AUSFERTIGUNG ALLEGATO ANEXO BIJLAGE",
		codeWord:    "STRAP STRAP1 STRAP2 STRAP3 UMBRA GAMMA COMINT HUMINT ELINT SIGINT CODEWORD NOCONTRACT WNINTEL ACCM CHANNELS JOINTLY ONLY",
		ownerWord:   "EUROPOL EUROJUST INTERPOL FRONTEX OCCAR ESA WEU UEO UN UNO OSCE OSZE ISAF KFOR EUFOR EAPC PFP NATO OTAN EU UE UK US USA GER GB",
		untilWord:   "UNTIL TILL WHEN IF ONCE UNLESS UPON PENDING AFTER BEFORE WITHOUT EXCLUDING EXCEPT BIS WENN SOBALD NACH OHNE JUSQU LORSQUE QUAND SANS APRÈS HASTA CUANDO FINO ZONDER TOT",
	} {
		for w := range wordSet(words) {
			all[w] = kind
		}
	}
	return all
}()

// headings are names that a heading of quite another text has by itself.
var headings = wordSet("RESTRICTED CLASSIFIED LIMITE SAP SAR COSMIC 密 秘")

// languages are those of the Union, as its Council writes them behind a marking.
var languages = wordSet("BG CS DA DE EL EN ES ET FI FR GA HR HU IT LT LV MT NL PL PT RO SK SL SV")

// commonWords make a title of what they stand before: THE SECRET, MY SECRET.
var commonWords = wordSet("A AN THE THIS THAT MY YOUR OUR HIS HER ITS THEIR IS ARE WAS NOT NO IN OF TO FOR OR ON AT BY WITH FROM AS")

// phrases restrict as a part of a marking does, and are in no register by
// themselves.
var phrases = map[string]bool{
	"EYES ONLY": true, "HANDLE VIA": true, "SPECIAL HANDLING": true, "AGAO": true, "SPECIAL ACCESS REQUIRED": true, "SENSITIVE COMPARTMENTED INFORMATION": true,
	"HANDLE VIA COMINT CHANNELS ONLY": true, "HANDLE VIA COMINT CHANNELS": true,
}

// wordLine reads a line, cell or field that is nothing but the words of a marking:
// a name from a register, with what people write beside it, or a part of a marking
// without the rest. DRAFT SECRET, SECRET (Annex A), SECRET until 2030, NOFORN,
// UK TOP SECRET STRAP 2, Europol RESTRICTED.
type wordLine struct {
	f    *finder
	text string
	at   int // how far it has been read
	// start and end are where the first word of a marking begins and the last ends.
	start, end int

	marks   Marks  // of the first level
	levels  int    // names of levels
	parts   int    // parts of markings
	scheme  string // of the first part
	evident bool   // a part is evidently nothing else
	odd     bool   // it says more than a register knows
	owner   bool
	field   bool // it is the value of a field that tells of markings
	unknown int
	small   bool // a name is not in capitals
	counted bool // the word before has a number behind it
	phrase  bool // a part is words or a code that no register has by itself
	last    bool // the word before is a level, or says of what state the text is
	done    bool
}

// worded reads the line from at on so.
func (f *finder) worded(at int) (Found, bool) {
	if f.beside || f.end-at > maxAlone || !isUpperStart(f.text[at:]) {
		return Found{}, false
	}
	place := f.placeOf(at)
	read := &f.named[0]
	if place == Field {
		read = &f.named[1]
	}
	if !place.Head() || *read {
		return Found{}, false
	}
	*read = true
	if rest := strings.TrimLeft(f.text[at+f.wordLength(at, f.end):f.end], " "); strings.HasPrefix(rest, "= ") {
		return Found{}, false // SECRET = "x"
	}
	w := wordLine{f: f, text: f.text[at:f.end], field: place == Field}
	if !w.read() || place == Cell && w.levels == 0 {
		return f.wordedBefore(at, place)
	}
	return f.wordsFound(&w, at, place), true
}

// wordedBefore reads such words before a sign that parts them from the text they
// mark: UK TOP SECRET STRAP 2: text.
func (f *finder) wordedBefore(at int, place Place) (Found, bool) {
	if n := f.wordLength(at, f.end); !upperWord(f.text[at : at+n]) {
		return Found{}, false
	}
	text := f.text[at:f.end]
	n := strings.IndexAny(text, ":—–")
	for _, sign := range [...]string{" - ", ". "} {
		if i := strings.Index(text, sign); i >= 0 && (n < 0 || i < n) {
			n = i
		}
	}
	if n <= 0 || n > maxSpaced || strings.HasPrefix(text[n:], ":/") {
		return Found{}, false
	}
	text = strings.TrimRight(text[:n], " ")
	if !strings.Contains(text, " ") || f.parting(at+len(text)) < weak {
		return Found{}, false
	}
	if r, ok := f.reading(text); ok && (r.both || r.err == nil) && text == strings.ToUpper(text) {
		return Found{Start: at, End: at + len(text), Lead: f.lead, Text: text, Marks: r.marks, Changed: r.changed, Err: r.err, Place: place, Bare: true}, true
	}
	w := wordLine{f: f, text: text, field: place == Field}
	if !w.read() || w.small || w.unknown > 0 || w.levels == 0 && !w.evident {
		return Found{}, false
	}
	found := f.wordsFound(&w, at, place)
	found.Whole = false
	return found, true
}

// wordsFound is what has been read of a line.
func (f *finder) wordsFound(w *wordLine, at int, place Place) Found {
	found := Found{
		Start: at, End: at + w.end, Lead: f.lead, Text: w.text[:w.end], Place: place, Whole: true, Bare: true,
		Word: w.small || w.levels == 0 && w.end <= 4 && !w.phrase,
	}
	if w.unknown > 0 {
		// THE SECRET is a title, COMPANY CONFIDENTIAL is none.
		found.Start, found.Text, found.Place, found.Whole = at+w.start, w.text[w.start:w.end], Running, false
	}
	if w.levels == 1 && w.parts == 0 && !w.odd {
		found.Marks = w.marks
		found.Changed = []string{"read " + strings.TrimSpace(w.text) + " as " + w.marks.Portion()}
		return found
	}
	found.Err = &Error{Scheme: w.scheme, Text: found.Text, Reason: "this is written as a marking, and no scheme in force has it; write one that has, or put it in a sentence"}
	if name := strings.ToUpper(plain(found.Text)); isName(name) {
		found.Err = &Error{Text: found.Text, Reason: unread(name)}
	}
	if w.levels == 0 {
		found.Err = &Error{Scheme: w.scheme, Text: found.Text, Reason: partAlone}
	}
	return found
}

const partAlone = "this is a part of a marking; write it behind the classification it belongs to"

// isUpperStart reports whether a text begins with a capital, or with a letter of a
// script that has none.
func isUpperStart(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	r = asASCII(r)
	return unicode.IsUpper(r) || unicode.IsLetter(r) && !unicode.IsLower(r)
}

// read reads to the end of the line, and reports whether it is such a one.
func (w *wordLine) read() bool {
	for !w.done {
		w.skip()
		if w.at == len(w.text) {
			break
		}
		r, _ := utf8.DecodeRuneInString(w.text[w.at:])
		switch {
		case isAlnum(r):
			if !w.word() {
				return false
			}
		case closers(r) != nil && r != '<':
			if !w.bracket(closers(r)) {
				return false
			}
		default:
			return false
		}
	}
	switch {
	case w.levels > 0:
		return w.unknown == 0 || !w.small || w.start == 0 && w.end == len(w.text) // Restricted
	case w.unknown > 0:
		return false
	}
	return w.evident || w.parts > 0 && (w.end == 3 || strings.Contains(plain(w.text[:w.end]), "//"))
}

// skip passes over what may stand between the words.
func (w *wordLine) skip() {
	for w.at < len(w.text) {
		if n := tagLength(w.text[w.at:]); n > 0 {
			w.at += n
			continue
		}
		r, n := utf8.DecodeRuneInString(w.text[w.at:])
		if !isBlank(r) && !isInvisible(r) && !strings.ContainsRune("/-,:;.&+*_~=|", asASCII(r)) {
			return
		}
		w.at += n
	}
}

// bracket passes over a remark in brackets behind a name: SECRET (Annex A).
func (w *wordLine) bracket(closes func(rune) bool) bool {
	_, n := utf8.DecodeRuneInString(w.text[w.at:])
	inner := w.text[w.at+n:]
	end := strings.IndexFunc(inner, closes)
	if end < 0 || w.levels == 0 {
		return false
	}
	if part, _ := w.f.set.part(plain(inner[:end])); part {
		w.parts++
	}
	for word := range strings.FieldsSeq(plain(inner[:end])) {
		w.odd = w.odd || besideWords[strings.ToUpper(word)] == codeWord && word != "only"
	}
	_, width := utf8.DecodeRuneInString(inner[end:])
	w.at += n + end + width
	return true
}

// word reads one name or one word.
func (w *wordLine) word() bool {
	run, ends := bareRun(w.text[w.at:])
	if len(ends) == 0 {
		return false
	}
	for k := min(len(ends), maxAloneWords) - 1; k >= 0; k-- {
		if ends[k] <= maxSpaced && w.name(run[:ends[k]]) {
			return true
		}
	}
	written := run[:ends[0]]
	word := strings.ToUpper(plain(written))
	counted, last := w.counted, w.last
	w.counted, w.last = false, false
	kind := besideWords[word]
	if w.levels == 1 && languages[word] && upperWord(written) && strings.HasSuffix(w.text[w.start:w.end], "LIMITE") { // LIMITE EN
		w.unknown = 0
		w.at += len(written)
		return true
	}
	switch {
	case counted && (len(word) == 1 || strings.ContainsFunc(word, unicode.IsNumber)):
		if w.end > 0 {
			w.end = w.at + len(written)
		}
	case last && isDate(word):
		w.at += len(run)
		w.last = true
		return true
	case kind == statusWord:
		w.last = w.levels > 0
	case kind == countedWord:
		w.counted = true
	case kind == codeWord && (w.levels > 0 || w.evident || w.f.below):
		w.odd, w.counted = true, true
		w.end = w.at + len(written)
	case kind == untilWord && last && (!w.small || startsDate(w.text[w.at+len(written):])):
		w.done = true
	case kind == ownerWord, isNation(written):
		w.owner = true
	case w.levels == 0 && w.parts == 0 && !commonWords[word] && !fieldNames[strings.ToLower(word)] && upperWord(written) && !strings.ContainsFunc(word, unicode.IsNumber) && len(word) > 1:
		w.unknown++
		w.at += len(written)
		return w.unknown <= maxUnknown
	default:
		return false
	}
	w.at += len(written)
	return true
}

// name reads the name of a level or of a part.
func (w *wordLine) name(written string) bool {
	name := strings.ToUpper(plain(written))
	if len(name) < 3 {
		return false
	}
	if phrases[name] {
		w.parts, w.evident, w.odd, w.phrase = w.parts+1, true, true, true
		w.named(written, name)
		return true
	}
	if starts := w.f.set.starts[startOf(name)]; len(starts) > 0 && (longestRun(name) >= 4 || distinct(name)) {
		w.f.work += len(name)
		if m, ok := w.f.set.match(name, starts); ok {
			w.level(written, Marks{m})
			return true
		}
	}
	if isName(name) && !w.small && (!everyday[name] || strings.ToUpper(plain(written)) == plain(written) || name == "RESTRICTED" && w.at+len(written) == len(w.text)) {
		w.level(written, nil)
		if w.odd = true; !w.owner && !w.field && headings[name] {
			w.unknown++
		}
		return true
	}
	part, evident, scheme := w.f.set.partOf(name)
	if !part {
		return false
	}
	if w.parts++; w.parts == 1 {
		w.scheme = scheme
	}
	w.evident = w.evident || evident
	w.named(written, name)
	return true
}

func (w *wordLine) level(written string, marks Marks) {
	if w.levels++; w.levels == 1 {
		w.marks = marks
	}
	w.odd = w.odd || w.owner
	w.named(written, strings.ToUpper(plain(written)))
	w.last = true
}

// named goes on behind a name.
func (w *wordLine) named(written, name string) {
	if w.end == 0 {
		w.start = w.at
	}
	level := plain(written)
	level = level[strings.LastIndexByte(level, ' ')+1:]
	w.small = w.small || !strings.HasSuffix(name, level)
	w.counted, w.last = false, false
	w.at += len(written)
	w.end = w.at
}

// isDate reports whether a text begins as a date does: with four digits or more.
func isDate(word string) bool {
	return len(word) >= 4 && strings.Trim(word, "0123456789") == ""
}

// startsDate reports whether a text begins with a number.
func startsDate(text string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(text, isBlank))
	return unicode.IsNumber(r)
}

// isNation reports whether a word is the code or the name of a country.
func isNation(word string) bool {
	if len(word) == 3 {
		_, ok := nations.Name(word)
		return ok
	}
	_, ok := nations.Code(word)
	return ok && len(word) > 3
}
