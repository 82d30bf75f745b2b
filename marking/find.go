package marking

import (
	"errors"
	"html"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Spotter is implemented by a scheme whose markings can be found in running
// text without a bracket that tells where one begins.
type Spotter interface {
	// Starts are the first words of its markings, in upper case; a word is
	// letters and digits. A marking that begins with a sign has none.
	Starts() []string
	// Match reads text as ParsePortion and ParseBanner would, and says only
	// whether one of them does.
	Match(text string) (Marking, bool)
}

// Found is one mark in a running text.
type Found struct {
	// Start and End are the byte offsets of the mark in the text, with the
	// brackets or quotation marks it stands in.
	Start, End int
	// Lead is the byte offset at which its line, cell or field begins:
	// between Lead and Start stands what leads to a mark at the head of one.
	Lead int
	// Text is the mark as it was written, without its brackets.
	Text string
	// Marks is its one marking; empty where Err is set.
	Marks Marks
	// Changed says how it was read where it is not written to the letter.
	Changed []string
	// Err is why what is evidently meant as a mark cannot be read, an *Error;
	// its At counts from the beginning of Text.
	Err error
	// Place is where in the text it stands.
	Place Place
	// Whole is set where its line, cell or field is nothing but the mark.
	Whole bool
	// Bare is set where no bracket is around it.
	Bare bool
	// Word is set where it is a short code or ordinary words, without
	// bracket and separator, that other texts hold too: H1, SECRET. It is
	// found only where it is the whole of a line, cell or field.
	Word bool
}

// The bounds of Find.
const (
	// maxQuoted is the longest text between quotation marks that is read.
	maxQuoted = 256
	// maxBare is the longest mark without brackets, in bytes, and
	// maxBareEnds in how many ways its end is looked for.
	// maxWords is the most words of a mark without brackets and without
	// categories. A list of more is read less than whole, which admits
	// fewer readers.
	maxWords = 12
	// maxSpaced is the longest mark with blanks for separators.
	maxSpaced   = 60
	maxBare     = 512
	maxBareEnds = 48
	// maxReadings bounds what is remembered of one text.
	maxReadings = 4096
)

// Find gives every mark in a text, of all schemes in force, in order: in
// brackets of any kind, quotation marks and backquotes; without them where it
// has the separators of a marking ("SECRET//NOFORN", "TLP:RED") or is the whole
// of a line, cell or field; written strictly, or leniently as Repair reads it.
// What is evidently meant as a mark and cannot be read is found with its error.
// Marks side by side are found one by one.
//
// It tells for each whether a portion mark may stand there. The text is covered
// where its marking covers every one that is found: a mark at the head of a
// line, cell or field that is not covered marks what follows it; one in running
// text at least tells of something marked.
//
// It takes time that grows with the length of the text, whatever stands in it,
// and holds no more than a bounded part of it.
func (s *Set) Find(text string) iter.Seq[Found] {
	return func(yield func(Found) bool) {
		f := finder{set: s, text: text, read: map[string]reading{}, yield: yield}
		f.walk()
	}
}

func (f *finder) walk() {
	for at := 0; at < len(f.text) && !f.done; {
		end, next := lineEnd(f.text, at)
		f.line(at, end)
		at = next
	}
}

// lineEnd gives the end of the line that begins at at, and where the next does.
func lineEnd(text string, at int) (end, next int) {
	for i, r := range text[at:] {
		if isLineEnd(r) {
			return at + i, at + i + utf8.RuneLen(r)
		}
	}
	return len(text), len(text)
}

// finder walks through a text.
type finder struct {
	set   *Set
	text  string
	read  map[string]reading // what was read before, by its text
	yield func(Found) bool
	done  bool
	work  int // the bytes handed to schemes, for a test

	lead   int     // where the line, cell or field begins, or the mark before ends
	before leadIn  // what stands between there and where the finder is
	beside bool    // a mark stands before
	end    int     // where it ends
	place  Place   // what a mark at its head stands in
	tried  bool    // the whole of it has been read
	named  [2]bool // it has been read word by word, and so has the value of a field in it
	below  bool    // the line before is nothing but a mark
	wholly bool    // so is this one
	last   string  // the line before, blank ones passed over
	from   int     // where the line or cell begins, whatever marks are in it
	above  string  // the prefix that is the whole of the line or cell before
	this   string
	columns
}

// line finds the marks of one line.
func (f *finder) line(at, end int) {
	if text := strings.TrimSpace(f.text[at:end]); text != "" {
		f.below, f.wholly = f.wholly, false
		f.last, f.this = f.this, text
	}
	f.table(f.text[at:end])
	f.begin(at, Line)
	f.end = f.segment(at, end)
	for i := at; i < end && !f.done; {
		if i > f.end { // a bracket went on into the next cell
			f.columns.cell += strings.Count(f.text[f.end:i], string(f.columns.sign))
			f.end = f.segment(i, end)
		}
		if i == f.end {
			f.next(i, end)
		}
		if n := breakLength(f.text[i:end]); n > 0 {
			i += n
			f.begin(i, Break)
			continue
		}
		r, n := rune(f.text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(f.text[i:])
		}
		var found Found
		ok := false
		switch {
		case isAlnum(r) && f.variable(i, end):
			n = f.wordLength(i, end)
		case isAlnum(r):
			n = f.wordLength(i, end)
			if found, ok = f.colored(i); !ok && (f.mayStart(f.text[i:i+n]) || n == 2 && tagRun(f.text[i:end]) > 0 || spelledOut(f.text[i:end]) > 0) {
				found, ok = f.bare(i)
			}
			if !ok && isSingle(f.text[i:end], n) {
				found, ok = f.spacedOut(i)
			}
			if !ok {
				found, ok = f.apart(i, n)
			}
			if !ok && i+longestPart > f.end && upperWord(f.text[i:i+n]) {
				found, ok = f.aloneAt(i)
			}
			if !ok {
				found, ok = f.worded(i)
			}
			if !ok && (upperWord(f.text[i:i+n]) || f.placeOf(i).Head() || f.mayStart(f.text[i:i+n]) && (f.nothingAfter(i+n) || strings.HasSuffix(f.text[:i], " - "))) {
				found, ok = f.headed(i)
			}
			n += joinedLength(f.text[i+n : end])
		case r == '/':
			n = len(f.text[i:end]) - len(strings.TrimLeft(f.text[i:end], "/"))
			if n == 2 && (i == at || f.text[i-1] != ':') && i+n < end && f.text[i+n] >= 'A' && f.text[i+n] <= 'Z' {
				found, ok = f.bare(i)
			}
		case closers(r) != nil:
			found, ok = f.enclosed(i, end, n, closers(r))
		case r == override:
			found, ok = f.turned(i)
		case r >= '\u249c':
			found, ok = f.enclosedLetter(i, r, n)
		}
		if ok {
			if f.inMarked() && f.vague>>f.cell&1 != 0 && len(found.Text) <= 2 && found.Place == Field {
				found.Place = Cell // C under "class"
			}
			if ok = !f.ofThings(&found); !ok {
				i += n
				continue
			}
			if found.Place.Head() && found.Err == nil {
				for end := 0; end < found.End && found.Err == nil; {
					end = found.End
					found = f.withFollowing(found)
				}
				found = f.broken(found)
			}
			if found.Place.Head() {
				f.beginAt(found.End)
				f.beside = true
			}
			f.wholly = f.wholly || found.Whole && found.Place == Line
			f.done = !f.yield(found)
			n = found.End - i
		}
		i += n
	}
}

// variable reports whether the word at an offset is the name of a variable: $SECRET.
func (f *finder) variable(at, end int) bool {
	before := f.text[:at]
	if !strings.HasSuffix(before, "$") && !strings.HasSuffix(before, "${") {
		return false
	}
	n := at + f.wordLength(at, end)
	return n == end || f.text[n] != '/'
}

// ofThings changes what could as well be said of a thing and not of the text, and
// reports whether it is said of a thing certainly.
func (f *finder) ofThings(found *Found) bool {
	written := f.text[found.Start:found.End]
	switch {
	case found.Place == Field && len(found.Text) == 1 && !f.inMarked() && f.before.vague():
		found.Place, found.Word = Cell, true // Tags: C, C++
	case found.Place == Line && found.Word && found.Bare && found.Whole && titled(written) && !upperWord(written) && !strings.Contains(written, " ") && f.lowerName(found.Start):
		found.Place, found.Word = Running, false // kind: Secret
	case found.Bare && found.Err == nil && f.wordFollows(found.End):
		name, value, ok := strings.Cut(written, ":")
		return ok && titled(name) && !upperWord(name) && strings.TrimSpace(value) == strings.ToLower(strings.TrimSpace(value)) // Pap: red smear
	}
	return false
}

// lowerName reports whether nothing but a name in small letters and its colon
// stands before an offset.
func (f *finder) lowerName(at int) bool {
	name, ok := strings.CutSuffix(strings.TrimSpace(f.text[min(f.lead, at):at]), ":")
	return ok && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_-. \t") == ""
}

// breakLength is the length of the tag that text begins with and behind which a
// line, a paragraph or a cell begins: <br>, <p>, <td>; else 0.
func breakLength(text string) int {
	if len(text) < 3 || text[0] != '<' || !isASCIILetter(rune(text[1])) {
		return 0
	}
	n := 1
	for n < min(len(text), 12) && (isASCIILetter(rune(text[n])) || text[n] >= '0' && text[n] <= '9') {
		n++
	}
	if !blockTags[strings.ToLower(text[1:n])] {
		return 0
	}
	return tagLength(text)
}

// blockTags are the elements that begin a line of their own.
var blockTags = wordSet("br p div td th tr li dt dd h1 h2 h3 h4 h5 h6 caption blockquote section article summary option figcaption title header footer")

// wordLength is the length of the word at at, with what is invisible in it.
func (f *finder) wordLength(at, end int) int {
	i := at
	for i < end {
		c := f.text[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(f.text[i:])
			if !isAlnum(r) && !isInvisible(r) {
				break
			}
			i += n
			continue
		}
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			break
		}
		i++
	}
	return i - at
}

// mayStart reports whether a marking of some scheme begins with the word.
func (f *finder) mayStart(word string) bool {
	var upper [24]byte
	if len(word) > 4*len(upper) {
		return false
	}
	small := true
	for i := 0; i < len(word); i++ {
		c := word[i]
		if c >= utf8.RuneSelf {
			return len(f.set.starts[startOf(plain(word))]) > 0 || len(f.set.starts[startOf(plain(word+"//"))]) > 0
		}
		if i == len(upper) {
			return false
		}
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		} else {
			small = false
		}
		upper[i] = c
	}
	if small && len(word) < 3 {
		return false
	}
	return len(f.set.starts[string(upper[:len(word)])]) > 0
}

// joinedLength is the length of what belongs to the word before: the rest of
// an address or a name with points, in which no mark begins.
func joinedLength(text string) int {
	if len(text) < 2 {
		return 0
	}
	switch {
	case strings.HasPrefix(text, "://"):
	case strings.IndexByte("._@", text[0]) >= 0 && (isASCIILetter(rune(text[1])) || text[1] == '_'):
	default:
		return 0
	}
	if n := strings.IndexFunc(text, func(r rune) bool { return isBlank(r) || strings.ContainsRune("<>()[]\"|", r) }); n >= 0 {
		return n
	}
	return len(text)
}

// segment gives the end of the cell that begins at at in a line.
func (f *finder) segment(at, end int) int {
	if s := f.columns.sign; s == ',' || s == ';' {
		return f.cellEnd(at, end)
	}
	if n := strings.IndexAny(f.text[at:end], "|\t"); n >= 0 {
		return at + n
	}
	return end
}

// next begins the cell behind a pipe or a tab. Behind a tab that only follows a
// bullet or a number, or indents, a line still begins.
func (f *finder) next(at, end int) {
	if f.text[at] == f.columns.sign {
		f.columns.cell++
	}
	indent := f.text[at] == '\t' && f.place == Line && f.placeOf(at).Head()
	f.end = f.segment(at+1, end)
	if !indent {
		f.begin(at+1, Cell)
	}
}

// apart finds a mark whose name and value stand apart from each other. It is asked
// of every word, and looks closer at few.
func (f *finder) apart(at, n int) (found Found, ok bool) {
	if f.above != "" {
		if found, ok = f.labelled(at); ok {
			return found, true
		}
	}
	if f.columns.parts != nil {
		if found, ok = f.ticked(at); ok {
			return found, true
		}
	}
	switch f.text[at] | 0x20 {
	case 'r', 'a':
		if n == len("RED") || n == len("AMBER") {
			return f.hued(at)
		}
	case 'c':
		if n == len("CUI") {
			return f.designated(at)
		}
	case 'd':
		if n == len("distribution") {
			return f.statement(at)
		}
	case 't', 'p':
		return f.joinedValue(at, n)
	}
	return found, false
}

// begin begins a line or cell.
func (f *finder) begin(at int, place Place) {
	if place == Line {
		f.above = f.label(f.last)
	} else {
		f.above = f.label(f.text[min(f.from, at):at])
	}
	f.from = at
	f.beginAt(at)
	if f.inMarked() {
		place = Field
	}
	f.place, f.beside, f.tried, f.named = place, false, false, [2]bool{}
}

func (f *finder) beginAt(at int) {
	f.lead = at
	f.before = leadIn{words: f.before.words[:0], at: at}
}

// closers gives what ends a text that the rune begins; nil where it begins none.
func closers(r rune) func(rune) bool {
	switch r {
	case '"', '\'', '`', '´', '″', '„', '‚':
		return isQuote
	case '<':
		return func(r rune) bool { return r == '>' }
	case '(', '[', '{':
		return isClose
	}
	switch {
	case r < utf8.RuneSelf:
		return nil
	case unicode.In(r, unicode.Pi, unicode.Pf):
		return isQuote
	case unicode.Is(unicode.Ps, r):
		return isClose
	}
	return nil
}

func isQuote(r rune) bool {
	switch r {
	case '"', '\'', '`', '´', '″', '„', '‚':
		return true
	}
	return r >= utf8.RuneSelf && unicode.In(r, unicode.Pi, unicode.Pf)
}

func isClose(r rune) bool {
	return r == ')' || r == ']' || r == '}' || r >= utf8.RuneSelf && unicode.Is(unicode.Pe, r)
}

// enclosed reads what stands between the opening rune at offset at, n bytes
// long, and the first that closes it.
func (f *finder) enclosed(at, end, n int, closes func(rune) bool) (Found, bool) {
	opening, _ := utf8.DecodeRuneInString(f.text[at:])
	if opening == '{' && at > 0 && f.text[at-1] == '$' {
		return Found{}, false // a variable
	}
	bracket := !isQuote(opening) && opening != '<'
	longest := maxQuoted
	if bracket {
		longest = MaxText
	}
	inner, width := "", 0
	for i := at + n; i < min(end, at+n+longest); {
		if skip := tagLength(f.text[i:end]); bracket && skip > 0 {
			i += skip
			continue
		}
		r, size := utf8.DecodeRuneInString(f.text[i:])
		if closes(r) {
			inner, width = f.text[at+n:i], size
			break
		}
		if bracket && closers(r) != nil && !isQuote(r) {
			return Found{}, false // the innermost bracket is the one
		}
		i += size
	}
	if width == 0 || inner == "" {
		return Found{}, false
	}
	r, ok := f.reading(inner)
	slip := !ok
	if slip {
		if !bracket {
			return Found{}, false
		}
		if found, ok := f.alone(at, at+n+len(inner)+width, inner, false); ok {
			return found, true
		}
		// In running text it is one at the end only: (S, NF).
		if !f.placeOf(at).Head() && (len(inner) > maxSlipEnd || !strings.ContainsAny(inner, " ,;:&+") || len(slipWords(inner)) < 2 || strings.ToUpper(inner) != inner || !f.nothingAfter(at+n+len(inner)+width)) {
			return Found{}, false
		}
		if r, ok = f.slip(inner); !ok || opening == '{' && r.word || r.err != nil && strange(f.text[at+n+len(inner)+width:end], inner) {
			return Found{}, false
		}
	}
	found := Found{
		Start: at, End: at + n + len(inner) + width, Lead: f.lead, Text: inner,
		Marks: r.marks, Changed: r.changed, Err: r.err, Place: f.placeOf(at), Word: r.word && (!bracket || slip),
	}
	if found.Place == Running && bracket && f.before.speaker() && f.colonAfter(found.End) {
		found.Place = f.place // ANN (TLP:RED): text
	}
	found.Whole = f.nothingAfter(found.End) && found.Place.Head()
	if opening == '`' && found.Word && found.Whole && found.Place != Field {
		found.Place, found.Word = Running, false // the name of something
		return found, true
	}
	if r.err != nil {
		// (S//NF until May) begins with a mark.
		if inside, ok := f.bare(at + n + len(inner) - len(strings.TrimLeftFunc(inner, func(r rune) bool { return !isAlnum(r) && r != '/' }))); ok && inside.Err == nil && inside.End < found.End {
			return inside, true
		}
	}
	if opening == '<' && r.word && upperWord(inner) && len(inner) > 3 && found.End <= f.end && !strings.Contains(f.text[found.End:f.end], "</") {
		found.Word = false // <SECRET> is no tag
		return found, true
	}
	if found.Word && !slip && (!found.Whole || opening == '<') && !valueOfName(f.text[:at]) || r.faint && !found.Place.Head() {
		return Found{}, false
	}
	return found, true
}

// colonAfter reports whether a colon or a dash is the next sign after at.
func (f *finder) colonAfter(at int) bool {
	if at >= f.end { // the bracket goes on in the next cell
		return false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(f.text[at:f.end], " *_\u00a0"))
	c := asASCII(r)
	return c == ':' || c == '-'
}

// placeOf is the place of a mark at an offset. Offsets only rise within a line
// or cell.
func (f *finder) placeOf(at int) Place {
	f.before.readTo(f.text[:f.end], at)
	head, field := f.before.head(f.beside)
	switch {
	case !head, f.before.at > at: // within a tag
		return Running
	case field:
		return Field
	}
	return f.place
}

// nothingAfter reports whether only signs and blanks stand between at and the
// end of the line or cell.
func (f *finder) nothingAfter(at int) bool {
	return at >= f.end || strings.TrimLeftFunc(withoutTags(f.text[at:f.end]), func(r rune) bool { return !isAlnum(r) }) == ""
}

func withoutTags(text string) string {
	for {
		text = strings.TrimLeftFunc(text, func(r rune) bool { return !isAlnum(r) && r != '<' && r != '&' })
		n := tagLength(text)
		if n == 0 {
			return text
		}
		text = text[n:]
	}
}

// reading is what one text, without its brackets, is read as.
type reading struct {
	marks   Marks
	changed []string
	err     error
	none    bool // it is no mark
	word    bool // it could as well be ordinary words
	both    bool // it has two readings
	faint   bool // it is a mark only where one may stand
}

// reading reads a text as one mark; ok is false where it is none.
func (f *finder) reading(text string) (r reading, ok bool) {
	text = unmarked(text)
	text = strings.Trim(plain(text), `*_\~ `)
	if text == "" || len(text) > MaxText {
		return reading{none: true}, false
	}
	start := startOf(text)
	if f.set.spotted && !strings.Contains(text, "//") && (len(f.set.starts[start]) == 0 || prose(text)) {
		return reading{none: true}, false
	}
	r, ok = f.read[text]
	if !ok {
		f.work += len(text)
		r = f.set.reading(text, start)
		if len(f.read) < maxReadings {
			f.read[strings.Clone(text)] = r
		}
	}
	return r, !r.none
}

// unmarked takes the tags, the character references and the emphasis out of a
// text.
func unmarked(text string) string {
	if !strings.ContainsAny(text, "<&*`~") {
		return text
	}
	var b strings.Builder
	for text != "" {
		n := strings.IndexAny(text, "<*`~")
		if n < 0 {
			n = len(text)
		}
		b.WriteString(text[:n])
		if text = text[n:]; text == "" {
			break
		}
		if skip := tagLength(text); skip > 0 {
			text = text[skip:]
			continue
		}
		if text[0] == '<' {
			b.WriteByte('<')
		}
		text = text[1:]
	}
	return html.UnescapeString(b.String())
}

// prose tells quickly a text that is no mark although it begins as one: it has
// more words in lower case than the name of a level has, or begins with one
// letter of it.
func prose(text string) bool {
	small, word := 0, false
	for _, r := range text {
		if !isAlnum(r) {
			word = false
			continue
		}
		if !word && unicode.IsLower(r) {
			small++
		}
		word = true
	}
	return small > 8 || len(text) > maxQuoted || len(text) > 1 && text[0] >= 'a' && text[0] <= 'z' && !isAlnum(rune(text[1])) && text[1] != '/'
}

// reading reads a text that begins with the word start.
func (s *Set) reading(text, start string) reading {
	if m, ok := s.match(text, s.starts[start]); ok {
		r := reading{marks: Marks{m}}
		r.weigh(text)
		return r
	}
	marks, changed, err := s.Repair(text)
	var e *Error
	if err == nil && len(marks) == 1 || errors.As(err, &e) && len(e.Readings) > 0 {
		r := reading{marks: marks, changed: changed, err: err, both: err != nil}
		if r.weigh(text); err == nil && s.prefixWritten(text, start) {
			r.word = false // TLP RED
		}
		return r
	}
	if !s.meant(text) {
		return reading{none: true}
	}
	_, err = s.one(text, 0, text)
	return reading{err: err}
}

// prefixWritten reports whether a text begins with the prefix of a scheme, start,
// and goes on.
func (s *Set) prefixWritten(text, start string) bool {
	for _, i := range s.starts[start] {
		if d, ok := s.schemes[i].(*defined); ok && d.d.Prefix == start && len(text) > len(start) {
			return true
		}
	}
	return false
}

// meant reports whether what cannot be read is evidently meant as a mark: it
// has the double slash of one and capitals only, or a prefix and its colon, or
// is one word in capitals that a scheme claims.
func (s *Set) meant(text string) bool {
	capitals := text == strings.ToUpper(text) && strings.ContainsFunc(text, isAlnum)
	if !capitals && text[0] == '/' {
		return false // the beginning of a path or a comment
	}
	if capitals && strings.Contains(text, "//") && strings.Trim(text, upperAlnum+" ,/:+&.-") == "" {
		return true
	}
	double := strings.Contains(text, "//")
	// S/MIME and C/O are no marks.
	oneWord := capitals && (!strings.Contains(text, " ") || strings.Contains(text, "/")) && strings.IndexByte(text, '/') != 1
	colon := strings.ContainsAny(text, ":=")
	if !double && !oneWord && !colon {
		return false
	}
	for _, sch := range s.schemes {
		if !claims(sch, text) || strings.EqualFold(text, startOf(text)) {
			continue
		}
		// Behind PC and NS a colon is nobody's.
		if d, ok := sch.(*defined); double || oneWord || ok && d.d.Prefix != "" {
			return true
		}
	}
	return false
}

// wholeBanner is a short code that is a complete banner (32 CFR 2002.20(b)(1)) and
// nothing else.
const wholeBanner = "CUI"

// weigh tells a mark from what could as well be something else. A short code is
// one in capitals only; ordinary words in lower case are one only where a mark
// may stand.
func (r *reading) weigh(text string) {
	letters, upper := 0, 0
	for _, c := range text {
		if unicode.IsLetter(c) {
			letters++
			if unicode.IsUpper(c) {
				upper++
			}
		}
	}
	if strings.Contains(text, "//") || strings.ContainsAny(text, ":=") {
		return
	}
	r.word = !distinct(text) && text != wholeBanner
	switch {
	case upper == letters:
	case letters < 4 && upper < letters && len(r.changed) == 0:
		r.faint = true // as its scheme writes it: Geh.
	case letters < 4 && upper < letters:
		r.none = true
	case upper == 0:
		r.faint = true
		r.none = letters < 4
	}
}

// distinct reports whether a text is a mark wherever it stands: it has a
// separator, and is no formula.
func distinct(text string) bool {
	if strings.Contains(text, "//") || strings.ContainsAny(text, ":=") {
		return true
	}
	return len(text) >= 5 && strings.ContainsAny(text, "/-+") && strings.ContainsFunc(text, unicode.IsLetter) &&
		strings.ContainsFunc(text, isAlnum) && longestRun(text) >= 2
}

// longestRun is the most letters in a row.
func longestRun(text string) int {
	best, n := 0, 0
	for _, r := range text {
		if n++; !unicode.IsLetter(r) {
			n = 0
		}
		best = max(best, n)
	}
	return best
}

// upperWord reports whether a word is of capitals and digits only.
func upperWord(word string) bool {
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c >= utf8.RuneSelf:
			return strings.Trim(plain(word), upperAlnum) == ""
		default:
			return false
		}
	}
	return true
}

// startOf is the first word of a text in upper case.
func startOf(text string) string {
	n := strings.IndexFunc(text, func(r rune) bool { return !isAlnum(r) })
	if n < 0 {
		n = len(text)
	}
	return strings.ToUpper(text[:n])
}

// bare reads a mark without brackets that begins at at.
func (f *finder) bare(at int) (Found, bool) {
	if found, ok := f.run(at); ok {
		return found, true
	}
	if found, ok := f.spread(at); ok {
		return found, true
	}
	return f.cut(at)
}

// run reads one that has nothing between its parts but what marks have there.
func (f *finder) run(at int) (Found, bool) {
	limit := min(f.end, at+maxBare)
	if at >= limit {
		return Found{}, false
	}
	run, ends := bareRun(f.text[at:limit])
	start := startOf(plain(run))
	schemes := f.set.starts[start]
	if len(ends) == 0 || len(schemes) == 0 && start != "" {
		return Found{}, false
	}
	separated := strings.ContainsFunc(run, func(r rune) bool { return strings.ContainsRune("/:-+", asASCII(r)) })
	last := at + ends[len(ends)-1]
	place := f.placeOf(at)
	named := f.before.named()
	if !separated && place != Field && !named && !f.nothingAfter(last) && !f.prefixed(plain(run), schemes) {
		if !place.Head() {
			return Found{}, false // neither the whole of its line nor a mark anywhere
		}
		if part, _ := f.following(last); part == "" && !f.unfinished(place, at, last) {
			return Found{}, false
		}
	}
	found := Found{Start: at, Lead: f.lead, Bare: true}
	whole := ""
	if named || place.Head() {
		whole = f.wholeAt(at)
	}
	if named && !place.Head() && len(whole) <= maxSpaced {
		place = Field // Classification SECRET
		if r, ok := f.reading(whole); !ok || r.err != nil || r.faint {
			place = Running
		}
	}
	if place.Head() {
		found.Place = place
		if whole != "" && (!f.tried || len(whole) <= maxSpaced) {
			f.tried = true
			if r, ok := f.reading(whole); ok && (r.err == nil || r.both) && (!r.faint || place == Field) {
				found.End, found.Text, found.Whole, found.Word = at+len(whole), whole, true, r.word
				found.Marks, found.Changed, found.Err = r.marks, r.changed, r.err
				return found, true
			}
		}
	}
	text, r := f.longest(run, ends, schemes)
	found.End, found.Text = at+len(text), text
	found.Marks, found.Changed, found.Err = r.marks, r.changed, r.err
	if r.none || !distinct(plain(text)) && len(r.changed) == 0 {
		if r.none {
			return found, false
		}
		if (place == Field || named) && (len(text) > 3 && upperWord(strings.ReplaceAll(text, " ", "")) || !f.wordFollows(found.End)) {
			return found, true // Classification: SECRET (draft)
		}
		if !found.Place.Head() {
			return found, false
		}
		if f.unfinished(found.Place, at, found.End) {
			return found, true // which broken refuses
		}
		part, _ := f.following(found.End)
		return found, part != ""
	}
	return found, true
}

// wordFollows reports whether a word stands behind at, and nothing but a blank
// between.
func (f *finder) wordFollows(at int) bool {
	rest := strings.TrimLeftFunc(f.text[at:f.end], isBlank)
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && isAlnum(r)
}

// wholeAt is what stands from at to the end of the line or cell, without the
// signs behind it.
func (f *finder) wholeAt(at int) string {
	text := f.text[at:f.end]
	if n := strings.IndexByte(text, '<'); n >= 0 && f.nothingAfter(at+n) {
		text = text[:n]
	}
	text = strings.TrimRightFunc(text, func(r rune) bool { return !isAlnum(r) && r != '"' && r != '+' })
	if len(text) > MaxText {
		return ""
	}
	return text
}

// bareRun gives the part of a text that may belong to one mark without
// brackets, and the ends of its words, of which a mark has at most maxBareEnds.
func bareRun(text string) (run string, ends []int) {
	if n := tagRun(text); n > 0 {
		return text[:n], []int{n}
	}
	end := len(text)
	small := 0
	word, lower := false, false
	for i, r := range text {
		if isAlnum(r) || isInvisible(r) {
			word = true
			lower = lower || unicode.IsLower(r)
			continue
		}
		if word {
			ends = append(ends, i)
			if lower {
				small++
			}
		}
		word, lower = false, false
		if len(ends) == maxBareEnds || small > 8 || !isBlank(r) && !strings.ContainsRune("/-,+:&_", asASCII(r)) {
			end = i
			break
		}
	}
	if word {
		ends = append(ends, end)
	}
	return text[:end], ends
}

// tagRun is the length of the machine tag with a quoted value that text begins
// with, such as nato:classification="NS", or 0.
func tagRun(text string) int {
	const longest = 64
	key := strings.IndexByte(text[:min(len(text), longest)], '=')
	if key < 0 || key+1 >= len(text) || text[key+1] != '"' || strings.IndexFunc(text[:key], func(r rune) bool { return !isAlnum(r) && r != ':' && r != '-' && r != '_' }) >= 0 {
		return 0
	}
	value := strings.IndexByte(text[key+2:min(len(text), key+2+longest)], '"')
	if value <= 0 {
		return 0
	}
	return key + 2 + value + 1
}

// longest reads the longest part of a run that is a mark. Where what follows it
// goes on as a mark would, the mark is what is written there to the next blank,
// and is read leniently or not at all: reading less than was written could
// read less than was meant.
func (f *finder) longest(run string, ends []int, schemes []int) (string, reading) {
	prefixed := f.prefixed(plain(run), schemes)
	if len(ends) > maxWords && !strings.Contains(plain(run), "//") {
		ends = ends[:maxWords]
	}
	strict := len(run)
	for _, apart := range [...]string{" //", "// "} { // which no scheme writes
		if n := strings.Index(run, apart); n >= 0 {
			strict = min(strict, n)
		}
	}
	least := -1 // the least that has been read, by its end
	for k := len(ends) - 1; k >= 0 && least < 0; k-- {
		if ends[k] > strict {
			continue
		}
		p := plain(run[:ends[k]])
		f.work += len(p)
		if m, ok := f.set.match(p, schemes); ok {
			if rest := run[ends[k]:]; !goesOn(rest) || strings.HasPrefix(rest, ": ") && strings.Contains(p, "//") {
				return f.spaced(run, ends, k, reading{marks: Marks{m}})
			}
			least = ends[k]
		} else if prefixed && k < 4 {
			if r, ok := f.reading(p); ok && r.err == nil {
				return run[:ends[k]], r
			}
		}
	}
	if n := strings.Index(run, "//"); least < 0 && n >= 0 {
		least = n
	}
	if least < 0 && !prefixed {
		return run, reading{none: true}
	}
	end := len(run)
	for _, e := range ends {
		if rest := run[e:]; e > least && !goesOn(rest) && strings.IndexFunc(rest, isBlank) == 0 {
			end = e
			break
		}
	}
	text := strings.TrimRightFunc(run[:end], func(r rune) bool { return !isAlnum(r) })
	r, ok := f.reading(text)
	r.none = !ok || r.err != nil && run[0] == '/' // as a comment begins
	return text, r
}

// spaced reads on behind the mark that ends at ends[k], where words in capitals
// follow that belong to it with a blank for a separator: TOP SECRET NOFORN.
func (f *finder) spaced(run string, ends []int, k int, r reading) (string, reading) {
	last := k
	for last+1 < len(ends) && last < k+3 && ends[last+1] <= maxSpaced {
		word := run[ends[last]:ends[last+1]]
		if isBlank(rune(word[0])) && strings.Trim(word, upperAlnum+" ") == "" && !goesOn(run[ends[last+1]:]) {
			last++
			continue
		}
		break
	}
	for ; last > k; last-- {
		if more, ok := f.reading(plain(run[:ends[last]])); ok && more.err == nil {
			return run[:ends[last]], more
		}
	}
	return run[:ends[k]], r
}

// goesOn reports whether a mark seems to go on: a separator follows, perhaps
// behind blanks, and a word behind it.
func goesOn(rest string) bool {
	trimmed := strings.TrimLeftFunc(rest, isBlank)
	spaced := len(trimmed) < len(rest)
	r, n := utf8.DecodeRuneInString(trimmed)
	switch c := asASCII(r); {
	case c == '/':
	case !spaced && (c == '+' || c == ':'):
	case !spaced && c == '-':
		next, _ := utf8.DecodeRuneInString(trimmed[n:])
		return unicode.IsUpper(next) || unicode.IsNumber(next)
	default:
		return false
	}
	return strings.ContainsFunc(trimmed[n:], isAlnum)
}

// match reads a text strictly by one of the schemes, or by any where none are
// given.
func (s *Set) match(text string, schemes []int) (Marking, bool) {
	for _, i := range schemes {
		if m, ok := s.schemes[i].(Spotter).Match(text); ok {
			return m, true
		}
	}
	if len(schemes) > 0 && s.spotted {
		return nil, false
	}
	for _, sch := range s.schemes {
		if m, ok := readBy(sch, text); ok {
			return m, true
		}
	}
	return nil, false
}

// readBy reads a text strictly, in either form.
func readBy(sch Scheme, text string) (Marking, bool) {
	if spotter, ok := sch.(Spotter); ok {
		return spotter.Match(text)
	}
	if m, err := sch.ParsePortion(text); err == nil {
		return m, true
	}
	m, err := sch.ParseBanner(text)
	return m, err == nil
}

// prefixed reports whether a text begins with the prefix of one of the schemes,
// and a colon or a word behind it.
func (f *finder) prefixed(text string, schemes []int) bool {
	start := startOf(text)
	for _, i := range schemes {
		if d, ok := f.set.schemes[i].(*defined); ok && d.d.Prefix != "" && start == startOf(strings.ToUpper(d.d.Prefix)) && len(text) > len(start) {
			return true
		}
	}
	return false
}
