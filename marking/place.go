package marking

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Place is where in a text a mark stands.
type Place int

const (
	// Running is within running text, between two sentences of it too. A
	// mark there marks nothing, and tells of something marked.
	Running Place = iota
	// Line is the beginning of a text, a page or a line.
	Line
	// Break is the same after a line break of HTML, <br>.
	Break
	// Cell is the beginning of a cell of a table, after a pipe or a tab.
	Cell
	// Field is behind the name of a field that tells of markings, such as
	// "Classification:".
	Field
)

// Head reports whether a portion mark may stand there.
func (p Place) Head() bool { return p != Running }

// String names the place in a sentence: "at the beginning of a line".
func (p Place) String() string {
	switch p {
	case Line, Break:
		return "at the beginning of a line"
	case Cell:
		return "in a cell of a table"
	case Field:
		return "in a field"
	}
	return "in running text"
}

// maxLeadIn bounds what is looked at between the beginning of a line and a
// mark, in bytes, blanks and signs left out.
const maxLeadIn = 200

// maxLeadWords is the most words there.
const maxLeadWords = 12

// leadIn is what stands before a mark in its line or cell, read once from the
// front as far as it was asked for. Anything may stand before a mark that is no
// word: white space, bullets, brackets, quotation marks, boxes, §, emphasis,
// tags. Of words, numbers and letters that count, the name of who speaks or of a
// field with its colon, and "Table 3".
type leadIn struct {
	words []leadWord
	at    int // how far it has been read
	size  int // of the words, in bytes
	sign  bool
	long  bool // more stands there than leads to a mark
}

// leadWord is a word before a mark, and what it stands beside.
type leadWord struct {
	text          string
	end           int
	before, after bool // a sign stands right before or after it
	colon         bool // a colon follows it before the next word
	sign          bool // so does another sign that parts a name from its value
}

// readTo reads on in text to at. Tags are read whole, so that what is before a
// mark within one is past it.
func (l *leadIn) readTo(text string, at int) {
	for l.at < at && !l.long {
		if n := tagLength(text[l.at:]); n > 0 {
			l.at += n
			continue
		}
		r, n := utf8.DecodeRuneInString(text[l.at:])
		switch {
		case isAlnum(r):
			l.word(text)
			continue
		case isBlank(r), isInvisible(r):
			l.sign = false
		default:
			l.sign = true
			if len(l.words) > 0 {
				w := &l.words[len(l.words)-1]
				w.after = w.after || w.end == l.at
				c := asASCII(r)
				w.colon = w.colon || c == ':'
				w.sign = w.sign || strings.ContainsRune("=-;>→", c)
			}
		}
		l.at += n
	}
}

// word reads one word.
func (l *leadIn) word(text string) {
	from := l.at
	for l.at < len(text) {
		r, n := utf8.DecodeRuneInString(text[l.at:])
		if !isAlnum(r) && (r < utf8.RuneSelf || !isInvisible(r)) {
			break
		}
		l.at += n
	}
	l.size += l.at - from
	l.long = l.size > maxLeadIn || len(l.words) == maxLeadWords
	l.words = append(l.words, leadWord{text: text[from:l.at], end: l.at, before: l.sign})
	l.sign = false
}

// head tells whether a portion mark may follow what was read, and whether the
// name of a field that tells of markings does. Beside a mark that stands
// before, there are numbers only.
func (l *leadIn) head(beside bool) (head, field bool) {
	if l.long {
		return false, false
	}
	words := l.words
	// A name and its colon: what stands before the last colon.
	from := 0
	for i, w := range words {
		if !w.colon && !(w.sign && fieldNames[strings.ToLower(w.text)]) {
			continue
		}
		if i >= 8 {
			return false, false
		}
		for _, name := range words[from : i+1] {
			field = field || fieldNames[strings.ToLower(name.text)]
		}
		from = i + 1
	}
	if beside && !field {
		return !slices.ContainsFunc(words, leadWord.letters), false
	}
	words = words[from:]
	for len(words) > 0 {
		w := words[0]
		switch {
		case w.counts():
			words = words[1:]
		case len(words) > 1 && w.letters() && utf8.RuneCountInString(w.text) <= 14 && words[1].ordinal():
			words = words[2:] // Table 3, Art. 5, Annex B
		default:
			return false, field
		}
	}
	return true, field
}

// speaker reports whether what was read can be the name of who speaks: up to four
// words, each of which begins with a capital, behind numbers.
func (l *leadIn) speaker() bool {
	words := l.words
	for len(words) > 0 && words[0].counts() && !words[0].letters() {
		words = words[1:]
	}
	return len(words) > 0 && len(words) <= 4 && !l.long && !slices.ContainsFunc(words, func(w leadWord) bool {
		first, _ := utf8.DecodeRuneInString(w.text)
		return w.colon || !w.letters() || unicode.IsLower(first)
	})
}

// named reports whether the last of a few words is the name of a field that tells
// of markings, without a sign behind it.
func (l *leadIn) named() bool {
	n := len(l.words)
	return n > 0 && !l.long && fieldNames[strings.ToLower(l.words[n-1].text)]
}

// vague reports whether no name of a field in it tells of markings and of nothing
// else.
func (l *leadIn) vague() bool {
	return !slices.ContainsFunc(l.words, func(w leadWord) bool {
		name := strings.ToLower(w.text)
		return fieldNames[name] && !vagueNames[name]
	})
}

// valueOfName reports whether a text ends with the name of such a field and an
// equals sign, as before the value of an attribute.
func valueOfName(text string) bool {
	text, ok := strings.CutSuffix(strings.TrimRight(text[max(0, len(text)-40):], " "), "=")
	if !ok {
		return false
	}
	text = strings.TrimRight(text, " ")
	name := text[strings.LastIndexFunc(text, func(r rune) bool { return !isAlnum(r) })+1:]
	return fieldNames[strings.ToLower(name)]
}

// counts reports whether the word is a number, or a letter or Roman number
// with a sign beside it: "4", "a)", "(iv)".
func (w leadWord) counts() bool {
	switch n := utf8.RuneCountInString(w.text); {
	case strings.ContainsFunc(w.text, unicode.IsNumber):
		return n <= 6
	case n == 1:
		return w.before || w.after
	case n <= 7:
		return (w.before || w.after) && strings.Trim(strings.ToLower(w.text), "ivxlc") == ""
	}
	return false
}

// ordinal reports whether the word counts what stands before it.
func (w leadWord) ordinal() bool {
	return w.counts() || utf8.RuneCountInString(w.text) == 1
}

func (w leadWord) letters() bool { return !strings.ContainsFunc(w.text, unicode.IsNumber) }

// fieldNames are words in the names of fields that tell of markings.
var fieldNames = wordSet(`class sec classification classified marking markings mark handling sensitivity protection security secrecy
	banner caveat caveats dissemination distribution releasability restriction restrictions level tlp pap label tag tags
	classified caveated sensitiveness geheimhaltungsstufe klassifizierung klassifikation klassifizierungsstufe sicherheitseinstufung vertraulichkeit vertraulichkeitsstufe
	geheimhaltungseinstufung schutzvermerk klassering klassificering klassifisering klassificeringsgrad gradering sikkerhetsgradering beskyttelsesgrad sekretess sekretessgrad
	säkerhetsklass säkerhetsklassning turvaluokka turvallisuusluokka luokitus rubriceringsniveau merking markering beveiligingsmarkering beveiligingsniveau
	klasifikace klasifikácia klasifikacija utajení utajenia tajnosti minősítés ταξινόμηση διαβάθμιση класифікація классификация секретности таємності
	gizlilik clasificare clasificación secretizare nível grado privacidad 分類 等級 密等 秘密区分 機密区分 保密级别 秘密等級 등급 機密等級 보안등급 비밀등급 التصنيف סיווג
	einstufung verschlusssache vs geheimhaltung geheimhaltungsgrad schutz schutzklasse kennzeichnung
	classificação classificacao grau степень
	classement protection mention diffusion confidentialité niveau sensibilité clasificación clasificacion nivel difusión
	classifica classificazione riservatezza classificatie rubricering vertrouwelijkheid klauzula klasyfikacja гриф 密级 密級 機密`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// tagLength is the length of the HTML tag, or of the character reference, that
// text begins with, or 0.
func tagLength(text string) int {
	const longest = 300
	switch {
	case len(text) < 3:
	case text[0] == '&':
		if n := strings.IndexByte(text[:min(len(text), 12)], ';'); n > 1 && strings.IndexFunc(text[1:n], func(r rune) bool { return r != '#' && (r > 'z' || !isAlnum(r)) }) < 0 {
			return n + 1
		}
	case text[0] == '<' && (text[1] == '/' || isASCIILetter(rune(text[1]))):
		rest := text[1:min(len(text), longest)]
		if n := strings.IndexAny(rest, "<>"); n >= 0 && rest[n] == '>' {
			return n + 2
		}
	}
	return 0
}
