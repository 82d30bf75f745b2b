package marking

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// parting is how a name ends and what follows it begins.
type parting int

const (
	// joined: the word goes on, as in SECRET-keeping and secret.txt.
	joined parting = iota
	// spaced: one blank and a word, as in running text.
	spacedWord
	// weak: a comma, a bracket or a quotation mark, which a sentence has too.
	weak
	// parted: a sign that parts a mark from its text, or what closes emphasis.
	parted
	// ended: nothing follows in the line, cell or field.
	ended
)

// spoken is the name of a classification, or of a part of a marking, in a text.
type spoken struct {
	text   string
	marks  Marks  // what it says; empty where no scheme in force has it, and of a part
	part   string // the scheme that has it as a part
	isPart bool
	caps   bool // it is all in capitals, or in a script that has none
	titled bool // each of its words begins with a capital
	words  int
	stands bool // a word in small letters is before it
	code   bool // it is a short code, as NS is
	alone  bool // it is looked for nowhere else where nothing follows it
}

// shortestPart is the shortest first word of a part that is looked for without a
// classification before it: REL TO USA, GBR.
const shortestPart = 3

// shortestName is the shortest name that is looked for before a text: NS: and TS:
// are marks in a document of their scheme. A single letter is a speaker or a drive.
const shortestName = 2

// nameAt reads the longest name that begins at an offset and ends with a word.
func (f *finder) nameAt(at int) (n spoken, ok bool) {
	if n, ok := abbreviated(f.text[at:f.end]); ok {
		return n, true
	}
	limit := min(f.end, at+maxSpaced)
	run, ends := bareRun(f.text[at:limit])
	if k := len(ends); k > 0 && at+ends[k-1] == limit && limit < f.end {
		ends = ends[:k-1] // cut within a word, perhaps
	}
	if len(ends) == 0 {
		return n, false
	}
	first := strings.ToUpper(plain(run[:ends[0]]))
	starts := f.set.starts[first]
	listed := nameStarts()[first]
	caps := upperWord(run[:ends[0]]) || !isASCIILetter(rune(first[0]))
	listed = listed || nameStarts()[unaccented(first)]
	if len(starts) == 0 && !listed && (!caps || len(first) < shortestPart) {
		return n, false
	}
	for k := min(len(ends), maxAloneWords) - 1; k >= 0; k-- {
		n = spoken{text: run[:ends[k]], words: k + 1}
		text := plain(n.text)
		name := strings.ToUpper(text)
		n.caps, n.titled = text == name, titled(text)
		if len(name) < shortestName {
			continue
		}
		n.code = isASCIILetter(rune(name[0])) && longestRun(name) < 4 && (len(name) < 4 || !strings.Contains(name, "-"))
		if len(starts) > 0 && (!n.code || n.caps && k == 0) {
			for _, form := range [...]string{name, text} {
				f.work += len(form)
				if m, ok := f.set.match(form, starts); ok {
					n.marks = Marks{m}
					return n, true
				}
			}
		}
		if listed && isName(name) {
			n.alone = unicode.IsNumber(rune(name[0]))
			return n, true
		}
		if !n.caps {
			continue
		}
		if len(name) < shortestPart {
			continue
		}
		if part, evident, scheme := f.set.partOf(name); part && evident || phrases[name] {
			n.isPart, n.part = true, scheme
			return n, true
		}
		if k > 0 && len(starts) > 0 && longestRun(name) >= 4 {
			if r, ok := f.reading(text); ok && r.err == nil { // SECRET NOFORN
				n.marks = r.marks
				return n, true
			}
		}
	}
	return n, false
}

// abbreviations are names with a point in them, as the Netherlands have them
// (2013/488/EU, Appendix B).
var abbreviations = [...]string{"STG. ZEER GEHEIM", "STG. GEHEIM", "STG. CONFIDENTIEEL", "DEP. VERTROUWELIJK"}

// abbreviated reads one of them.
func abbreviated(text string) (n spoken, ok bool) {
	if len(text) < 5 || text[3] != '.' {
		return n, false
	}
	for _, name := range abbreviations {
		if len(text) < len(name) || !strings.EqualFold(text[:len(name)], name) {
			continue
		}
		written := text[:len(name)]
		_, level, _ := strings.Cut(written, " ")
		return spoken{text: written, words: 2, alone: true, caps: strings.ToUpper(level) == level, titled: titled(written)}, true
	}
	return n, false
}

// titled reports whether each word of a text begins with a capital.
func titled(text string) bool {
	for word := range strings.FieldsSeq(text) {
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsLower(r) {
			return false
		}
	}
	return true
}

// parting tells how what ends at an offset is parted from what follows it.
func (f *finder) parting(at int) parting {
	const most = 24
	closed := false
	blanks := 0
	for n := 0; at < f.end && n < most; n++ {
		if width := tagLength(f.text[at:f.end]); width > 0 {
			if f.text[at] == '&' {
				blanks++ // &nbsp;, &mdash; and the like part words
			}
			closed = true
			at += width
			continue
		}
		r, width := utf8.DecodeRuneInString(f.text[at:])
		next, _ := utf8.DecodeRuneInString(f.text[at+width : f.end])
		last := at+width >= f.end
		free := last || isBlank(next) // nothing right behind the sign
		at += width
		switch c := asASCII(r); {
		case isBlank(r):
			blanks++
			if r == '\u3000' {
				blanks++
			}
		case isInvisible(r):
		case isAlnum(r):
			switch {
			case closed, blanks > 1:
				return parted
			case blanks == 1:
				return spacedWord
			}
			return joined
		case c == '_' && blanks == 0 && !closed && isAlnum(next):
			return joined
		case strings.ContainsRune("*_~`", c):
			closed = true
		case isQuote(r) && blanks == 0 && (closed || !isAlnum(next)):
			closed = true
		case isQuote(r):
			if blanks == 0 {
				return joined // SECRET'S
			}
			return weak
		case isClose(r), c == '>':
			closed = true
		case f.nothingAfter(at):
			return ended
		case c == '=' && next == '=':
			closed = true
		case c == ':' && next == '/', c == '.' && !free && !closing(next), strings.ContainsRune("@#%&+^$", c), c == '=' && !closed && (blanks == 0 || !free):
			return joined
		case closers(r) != nil:
			if blanks == 0 && !closed {
				return joined // SECRET(x)
			}
			return weak
		case r == '-', r == '\u2010', r == '\u2011':
			switch {
			case blanks > 0 || closed || next == '-':
				return parted
			case free:
				return weak
			}
			return joined
		case c == '/', c == '\\', c == '|':
			if blanks > 0 || free || closed {
				return parted
			}
			return joined
		case c == ':' && !free, c == ',', c == '!', c == '?':
			return weak
		default:
			return parted
		}
	}
	if at < f.end {
		return parted
	}
	return ended
}

// closing reports whether r closes something, as behind the last full stop of a
// quotation.
func closing(r rune) bool { return isQuote(r) || isClose(r) || strings.ContainsRune("*_<", r) }

// headed reads a mark that is spelled out before the text it marks: SECRET: and
// **TOP SECRET** and NATO SECRET - at the head of a line, cell or field. In
// running text the official names of several words and the evident parts of
// markings tell of something marked, and so does a name behind a sign at the end.
func (f *finder) headed(at int) (Found, bool) {
	n, ok := f.nameAt(at)
	if !ok {
		return Found{}, false
	}
	end := at + len(n.text)
	how := f.parting(end)
	place := f.placeOf(at)
	if f.before.at > at {
		return Found{}, false // within a tag
	}
	n.stands = f.smallBefore(at)
	word, ok := n.at(place, how, f.followingWord(end))
	if ok && place.Head() && how == spacedWord && n.isPart {
		place, word = Running, false // NOFORN applies
	}
	if between := !n.caps && n.titled && n.words == 1 && how == parted && strings.HasSuffix(f.text[f.lead:at], " - ") && strings.HasPrefix(f.text[end:f.end], " - "); !ok && !place.Head() && between {
		ok = true // report - Secret - v2
	}
	if !ok && !place.Head() && how == ended && f.signBefore(at) {
		ok = n.caps || n.titled && (n.words > 1 || !everyday[strings.ToUpper(plain(n.text))])
	}
	if !ok || n.unrestricted() && !n.caps {
		return Found{}, false
	}
	before := byte(' ')
	if at > 0 {
		before = f.text[at-1]
	}
	if at > 1 && strings.IndexByte("-._/\\", before) >= 0 && isAlnum(rune(f.text[at-2])) {
		return Found{}, false // X-TOKEN-SECRET
	}
	if strings.IndexByte("$@#/\\.-", before) >= 0 && !(before != '$' && n.caps && how >= parted) || !n.caps && !n.titled && strings.IndexByte("`\"'", before) >= 0 {
		return Found{}, false // $SECRET, --secret, "secret": "abc"
	}
	assigned := strings.HasPrefix(strings.TrimLeft(f.text[end:f.end], " "), "= ")
	if n.code && utf8.RuneCountInString(n.text) == shortestName || n.caps && n.words == 1 && before == '`' || n.unrestricted() || assigned {
		word = true
	}
	if assigned && place.Head() && n.words == 1 {
		if !n.caps && !n.titled {
			return Found{}, false // secret = "x"
		}
		place, word = Running, false
	}
	if how == ended && place.Head() && strings.ContainsFunc(f.text[f.lead:at], func(r rune) bool { return !isBlank(r) && r != '#' && !isQuote(r) && r != '*' && r != '_' }) {
		place, word = Running, false // an item of a list
	}
	found := Found{Start: at, End: end, Lead: f.lead, Text: n.text, Place: place, Bare: true, Word: word, Whole: how == ended && place.Head()}
	switch {
	case n.isPart:
		found.Err = &Error{Scheme: n.part, Text: n.text, Reason: partAlone}
	case n.marks.Empty():
		found.Err = &Error{Text: n.text, Reason: unread(n.text)}
	default:
		found.Marks = n.marks
		if said := n.marks.Portion(); said != n.text {
			found.Changed = []string{"read " + n.text + " as " + said}
		}
	}
	return found, true
}

// at reports whether the name is a mark where it stands, and whether it could as
// well be ordinary words. Next is the word behind it.
func (n spoken) at(place Place, how parting, next string) (word, ok bool) {
	several := n.words > 1
	name := strings.ToUpper(plain(n.text))
	common := !several && everyday[name]
	if n.code && (how != parted || !place.Head()) {
		return false, false
	}
	if common && !n.titled && name != "SECRET" && name != "CONFIDENTIAL" {
		return false, false // limited, sensitive and the like are words
	}
	capsNext := len(next) > 1 && strings.ToUpper(next) == next
	if !place.Head() && !several && n.caps && !n.isPart {
		// It is SECRET; the SECRET: a capital word among small ones.
		return false, (!common || name == "SECRET" || name == "CONFIDENTIAL") && (how == parted || n.stands)
	}
	if !place.Head() {
		return false, n.caps && how != joined && (several || n.isPart) && !(how == spacedWord && capsNext && !n.isPart)
	}
	switch how {
	case ended:
		return !n.alone, n.alone || !n.caps && !n.titled && !n.isPart
	case weak:
		return !n.caps, n.caps || several && n.titled
	case parted:
		return !n.caps && (common || !isUpperStart(n.text)), true
	case spacedWord:
		switch {
		case n.caps && several:
			return false, !capsNext
		case n.caps:
			return common, !capsNext // SECRET documents were found
		}
		return true, several && n.titled && next != "" && !titled(next)
	}
	return false, false
}

// unrestricted reports whether it says that something is free to read.
func (n spoken) unrestricted() bool {
	return len(n.marks) == 1 && (n.marks[0].Portion() == "U" || n.marks[0].Portion() == "NU")
}

// followingWord is the word behind the blanks at an offset; empty for none.
func (f *finder) followingWord(at int) string {
	for at < f.end {
		r, n := utf8.DecodeRuneInString(f.text[at:])
		if !isBlank(r) {
			break
		}
		at += n
	}
	return f.text[at : at+f.wordLength(at, f.end)]
}

// smallBefore reports whether the word before an offset is in small letters, or says that
// something is, with nothing but a blank between.
func (f *finder) smallBefore(at int) bool {
	before := f.text[f.lead:at]
	if !strings.HasSuffix(before, " ") {
		return false
	}
	before = before[:len(before)-1]
	r, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsLower(r) || strings.HasSuffix(before, " IS") || strings.HasSuffix(before, " ARE") || strings.HasSuffix(before, " AS") || strings.HasSuffix(before, " ATTACHED") || strings.HasSuffix(before, " ENCLOSED")
}

// signBefore reports whether a sign that parts a mark from its text stands before
// an offset.
func (f *finder) signBefore(at int) bool {
	before := strings.TrimRight(f.text[f.lead:at], "*_~`\"'“”«»„ \t\u00a0")
	r, _ := utf8.DecodeLastRuneInString(before)
	return before != "" && strings.ContainsRune("-/|>:;.!?)]}…", asASCII(r)) || strings.HasSuffix(f.text[f.lead:at], "  ")
}
