package marking

import (
	"strings"
	"unicode/utf8"
)

// spread finds a mark whose prefix and value something stands between that no
// mark has: TLP [RED], **TLP:** red, "tlp" => "red".
func (f *finder) spread(at int) (Found, bool) {
	n := f.wordLength(at, f.end)
	prefix := strings.ToUpper(plain(f.text[at : at+n]))
	if long := spelledOut(f.text[at:f.end]); long > 0 {
		prefix, n = "TLP", long
	}
	if !f.prefixWord(prefix) {
		return Found{}, false
	}
	n += version(f.text[at+n : f.end])
	from := f.skipSigns(at+n, "*_~`'\"“”„«»()[]{}<>:=-/|→⇒")
	if leaders := f.leaders(from); leaders > from { // TLP.....RED
		from = f.skipSigns(leaders, "")
	}
	if sign := f.text[from:min(from+1, f.end)]; from == at+n && (sign == "." || sign == "," || sign == ";") {
		from++ // tlp.red
	}
	value := f.wordLength(from, f.end)
	if prefixNouns[strings.ToUpper(f.text[from:from+value])] { // TLP level: red
		from = f.skipSigns(from+value, "*_~`'\"“”:=-/|")
		value = f.wordLength(from, f.end)
	}
	if from == at+n || value == 0 {
		return Found{}, false
	}
	text := prefix + ":" + strings.ToUpper(plain(f.text[from:from+value]))
	m, ok := f.set.match(text, f.set.starts[prefix])
	if !ok {
		return Found{}, false
	}
	end := from + value
	if more := f.skipSigns(end, "*_~`'\"()[]+-/"); more > end {
		if n := f.wordLength(more, f.end); n > 0 {
			if longer, ok := f.set.match(text+"+"+strings.ToUpper(plain(f.text[more:more+n])), f.set.starts[prefix]); ok {
				m, end = longer, more+n
			}
		}
	}
	written := f.text[at:end]
	return Found{
		Start: at, End: end, Lead: f.lead, Text: written, Place: f.placeOf(at), Whole: f.nothingAfter(end), Bare: true,
		Marks: Marks{m}, Changed: []string{"read " + written + " as " + m.Portion()},
	}, true
}

// prefixNouns stand between a prefix and its value.
var prefixNouns = wordSet("LEVEL COLOUR COLOR STATUS MARKING CLASSIFICATION CODE RATING LABEL STUFE FARBE COULEUR NIVEAU")

// spelledOut is the length of the name of the Traffic Light Protocol that a text
// begins with, or 0.
func spelledOut(text string) int {
	const name, version = "traffic light protocol", " 2.0"
	if len(text) < len(name) || !strings.EqualFold(text[:len(name)], name) {
		return 0
	}
	if strings.HasPrefix(text[len(name):], version) {
		return len(name) + len(version)
	}
	return len(name)
}

// prefixWord reports whether a word is the prefix of a scheme in force.
func (f *finder) prefixWord(word string) bool {
	for _, i := range f.set.starts[word] {
		if d, ok := f.set.schemes[i].(*defined); ok && d.d.Prefix == word {
			return true
		}
	}
	return false
}

// skipSigns gives the offset behind blanks, tags and a few of the signs given.
func (f *finder) skipSigns(at int, signs string) int {
	const most = 10
	for n := 0; at < f.end && n < most; n++ {
		if width := tagLength(f.text[at:f.end]); width > 0 {
			at += width
			continue
		}
		r, width := utf8.DecodeRuneInString(f.text[at:])
		if !isBlank(r) && !isInvisible(r) && !strings.ContainsRune(signs, asASCII(r)) {
			break
		}
		at += width
	}
	return at
}

// leaders is the offset behind the dots that lead from a name to its value.
func (f *finder) leaders(at int) int {
	from := at
	for at < f.end && (f.text[at] == '.' || f.text[at] == '_' || strings.HasPrefix(f.text[at:f.end], "…") || strings.HasPrefix(f.text[at:f.end], "·") || f.text[at] == ' ' && at > from) {
		_, n := utf8.DecodeRuneInString(f.text[at:])
		at += n
	}
	if at-from < 2 {
		return from
	}
	return at
}

// between are the signs that part letters: S.E.C.R.E.T
const between = ".-_·•∙‧*"

// isSingle reports whether a text begins with a letter of n bytes that stands by
// itself, and another may.
func isSingle(text string, n int) bool {
	if n > utf8.UTFMax || utf8.RuneCountInString(text[:n]) != 1 || len(text) < n+3 {
		if len(text) < 7 || strings.IndexByte("._", text[min(1, len(text)-1)]) < 0 {
			return false
		}
	}
	_, first := utf8.DecodeRuneInString(text)
	r, _ := utf8.DecodeRuneInString(text[first:])
	return isBlank(r) || strings.ContainsRune(between, r) || r == '&' && tagLength(text[first:]) > 0
}

// letterSpaced gives a text whose letters blanks or one sign part, without them,
// and how long it is: S E C R E T, S.E.C.R.E.T. Two blanks, or another sign, part
// its words. It is empty where there are fewer than four such letters.
func letterSpaced(text string) (joined string, length int) {
	const longest = 300
	var b strings.Builder
	letters := 0
	sign := rune(0) // what parts the letters, where that is no blank
	apart := true   // something parts the letter before from the next
	for i := 0; i < min(len(text), longest); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == '&' {
			if skip := tagLength(text[i:]); skip > 0 {
				r, n = ' ', skip
			}
		}
		c := asASCII(r)
		switch {
		case isAlnum(r):
			next, _ := utf8.DecodeRuneInString(text[i+n:])
			if !apart || i+n < len(text) && isAlnum(next) { // a word
				return spaced(&b, letters, length)
			}
			b.WriteRune(r)
			letters++
			length = i + n
			apart = false
		case isInvisible(r):
		case isBlank(r):
			if apart && !strings.HasSuffix(b.String(), " ") {
				b.WriteByte(' ')
			}
			apart = true
		case letters == 1 && sign == 0 && !apart && strings.ContainsRune(between, r):
			sign, apart = r, true
		case sign != 0 && r == sign:
			apart = true
		case strings.ContainsRune("/:-+", c):
			b.WriteRune(c)
			apart = true
		default:
			return spaced(&b, letters, length)
		}
		i += n
	}
	return spaced(&b, letters, length)
}

func spaced(b *strings.Builder, letters, length int) (string, int) {
	if letters < 4 {
		return "", 0
	}
	text := strings.Trim(b.String(), " /:-+")
	for _, sign := range [...]string{"/", ":", "-", "+"} {
		text = strings.ReplaceAll(strings.ReplaceAll(text, " "+sign, sign), sign+" ", sign)
	}
	return text, length
}

// spacedOut finds a mark whose letters blanks part.
func (f *finder) spacedOut(at int) (Found, bool) {
	text, n := letterSpaced(f.text[at:f.end])
	if n == 0 {
		return Found{}, false
	}
	for ; n > 0; text, n = withoutLast(text, f.text[at:at+n]) {
		if r, ok := f.reading(text); ok && r.err == nil && !(r.faint && !f.placeOf(at).Head()) {
			return Found{
				Start: at, End: at + n, Lead: f.lead, Text: f.text[at : at+n], Place: f.placeOf(at), Whole: f.nothingAfter(at + n), Bare: true,
				Marks: r.marks, Changed: append([]string{"read " + f.text[at:at+n] + " as " + text}, r.changed...),
			}, true
		}
	}
	return Found{}, false
}

// withoutLast takes the last word off a text and off what it was written as.
func withoutLast(text, written string) (string, int) {
	cut := strings.LastIndexByte(text, ' ')
	n := strings.LastIndex(written, "  ")
	if cut < 0 || n < 0 {
		return "", 0
	}
	return text[:cut], len(strings.TrimRight(written[:n], " "))
}
