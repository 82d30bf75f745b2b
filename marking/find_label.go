package marking

import (
	"strings"
	"unicode/utf8"
)

// maxLabel is the longest text that is looked at as the name of a marking apart
// from its value, in bytes.
const maxLabel = 60

// label gives the prefix that a text names and says nothing else: TLP, **TLP:**,
// TLP 2.0, Traffic Light Protocol level. It is empty for any other text.
func (f *finder) label(text string) string {
	if len(text) > 3*maxLabel {
		return ""
	}
	text = strings.TrimFunc(withoutTags(text), func(r rune) bool { return !isAlnum(r) })
	if n := strings.IndexByte(text, '<'); n > 0 {
		text = text[:n]
	}
	if text == "" || len(text) > maxLabel {
		return ""
	}
	n := strings.IndexFunc(text, func(r rune) bool { return !isAlnum(r) && !isInvisible(r) })
	if n < 0 {
		n = len(text)
	}
	prefix := strings.ToUpper(plain(text[:n]))
	if long := spelledOut(text); long > 0 {
		prefix, n = "TLP", long
	}
	if !f.prefixWord(prefix) {
		return ""
	}
	rest := strings.ToUpper(strings.Trim(text[n+version(text[n:]):], "*_~` :=-.\t"))
	if rest != "" && !prefixNouns[rest] {
		return ""
	}
	return prefix
}

// version is the length of a version that stands behind a prefix, or 0: " 2.0", " v2".
func version(text string) int {
	n := len(text) - len(strings.TrimLeft(text, " \u00a0"))
	if n < len(text) && text[n]|0x20 == 'v' {
		n++
	}
	digits := n
	for n < len(text) && (text[n] >= '0' && text[n] <= '9' || n > digits && text[n] == '.') {
		n++
	}
	if n == digits || n > digits+3 {
		return 0
	}
	if n < len(text) && isASCIILetter(rune(text[n])) {
		return 0
	}
	return n
}

// labelled reads the value of a prefix that is the whole of the cell or the line
// before: RED behind or below TLP.
func (f *finder) labelled(at int) (Found, bool) {
	if f.above == "" || !f.placeOf(at).Head() {
		return Found{}, false
	}
	return f.valueOf(f.above, at)
}

// valueOf reads a value that is the whole of its line or cell.
func (f *finder) valueOf(prefix string, at int) (Found, bool) {
	text := strings.Trim(f.wholeAt(at), "*_`\"' ")
	if text == "" || len(text) > maxLabel {
		return Found{}, false
	}
	m, ok := f.set.match(prefix+":"+strings.ToUpper(plain(text)), f.set.starts[prefix])
	if !ok {
		return Found{}, false
	}
	return Found{
		Start: at, End: at + len(text), Lead: f.lead, Text: text, Place: Field, Whole: true, Bare: true,
		Marks: Marks{m}, Changed: []string{"read " + text + " as " + m.Portion()},
	}, true
}

// huedNames are the names of fields in which a colour alone tells of sharing.
// Others have colours of their own: a level, a label.
var huedNames = wordSet("handling marking markings classification sensitivity dissemination distribution releasability caveat sharing")

// hues are the colours that restrict.
var hues = wordSet("RED AMBER AMBER+STRICT")

// hued finds a colour that is the value of such a field. Nobody can tell of which
// protocol it is.
func (f *finder) hued(at int) (Found, bool) {
	n := f.wordLength(at, f.end)
	if first := strings.ToUpper(plain(f.text[at : at+n])); first != "RED" && first != "AMBER" || !f.placeOf(at).Head() {
		return Found{}, false
	}
	text := strings.Trim(f.wholeAt(at), "*_`\"' ")
	if !hues[strings.ToUpper(plain(text))] || !f.inHued() {
		return Found{}, false
	}
	var readings []string
	for _, prefix := range [...]string{"TLP", "PAP"} {
		if m, ok := f.set.match(prefix+":"+strings.ToUpper(plain(text)), f.set.starts[prefix]); ok {
			readings = append(readings, m.Portion())
		}
	}
	if len(readings) == 0 {
		return Found{}, false
	}
	return Found{
		Start: at, End: at + len(text), Lead: f.lead, Text: text, Place: Field, Whole: true, Bare: true,
		Err: &Error{Text: text, Reason: "it is a colour without its protocol; write " + strings.Join(readings, " or ")},
	}, true
}

// inHued reports whether the field that the finder is in has such a name.
func (f *finder) inHued() bool {
	if f.inMarked() {
		return f.columns.hued>>f.columns.cell&1 != 0
	}
	if f.place == Line && len(f.last) <= maxLabel && strings.HasPrefix(strings.TrimSpace(f.text[min(f.from, f.end):f.end]), ":") { // a list of definitions
		return huedNames[strings.ToLower(strings.TrimFunc(f.last, func(r rune) bool { return !isAlnum(r) }))]
	}
	for _, w := range f.before.words {
		if (w.colon || w.sign) && huedNames[strings.ToLower(w.text)] {
			return true
		}
	}
	return false
}

// agreed is how a cell says that what its column is named holds for its row.
var agreed = wordSet("YES Y TRUE X 1 JA OUI SI SÍ")

// ticked finds the mark of a row in a column that is named by a part of a marking:
// Yes under NOFORN.
func (f *finder) ticked(at int) (Found, bool) {
	part := f.columns.parts[f.columns.cell]
	if part == "" || f.columns.rows == 0 || !agreed[strings.ToUpper(plain(strings.TrimSpace(f.text[at:f.end])))] {
		return Found{}, false
	}
	text := strings.TrimSpace(f.text[at:f.end])
	return Found{
		Start: at, End: at + len(text), Lead: f.lead, Text: part, Place: Field, Whole: true, Bare: true,
		Err: &Error{Text: part, Reason: partAlone},
	}, true
}

// joinedValue finds a prefix and its value in one word, as in tags: #TLPRED.
func (f *finder) joinedValue(at, n int) (Found, bool) {
	word := f.text[at : at+n]
	tagged := at > 0 && f.text[at-1] == '#'
	if second := f.text[at+min(1, n-1)] | 0x20; n < 4 || n > 24 || second != 'l' && second != 'a' || !isASCII(word) || !tagged && strings.ToUpper(word) != word {
		return Found{}, false
	}
	upper := strings.ToUpper(word)
	for _, prefix := range [...]string{"TLP", "PAP"} {
		value, ok := strings.CutPrefix(upper, prefix)
		if !ok || value == "" {
			continue
		}
		if version(value) == len(value) { // TLP2: RED
			if found, ok := f.versioned(prefix, at, n); ok {
				return found, true
			}
		}
		value = strings.Replace(value, "AMBERSTRICT", "AMBER+STRICT", 1)
		if m, ok := f.set.match(prefix+":"+value, f.set.starts[prefix]); ok {
			return Found{
				Start: at, End: at + n, Lead: f.lead, Text: word, Place: f.placeOf(at), Whole: f.nothingAfter(at + n), Bare: true,
				Marks: Marks{m}, Changed: []string{"read " + word + " as " + m.Portion()},
			}, true
		}
	}
	return Found{}, false
}

// versioned reads the value behind a prefix and its version, which are one word.
func (f *finder) versioned(prefix string, at, n int) (Found, bool) {
	rest := f.text[at+n : f.end]
	point := len(rest) - len(strings.TrimLeft(rest, ".0123456789"))
	from := f.skipSigns(at+n+point, "*_~`'\"()[]:=-/")
	value := f.wordLength(from, f.end)
	m, ok := f.set.match(prefix+":"+strings.ToUpper(plain(f.text[from:from+value])), f.set.starts[prefix])
	if !ok {
		return Found{}, false
	}
	written := f.text[at : from+value]
	return Found{
		Start: at, End: from + value, Lead: f.lead, Text: written, Place: f.placeOf(at), Whole: f.nothingAfter(from + value), Bare: true,
		Marks: Marks{m}, Changed: []string{"read " + written + " as " + m.Portion()},
	}, true
}

func isASCII(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// designated finds the designation block of a CUI document (32 CFR 2002.20(b)(4),
// CUI Marking Handbook): "CUI Category: PRVCY" says that all of it is CUI.
func (f *finder) designated(at int) (Found, bool) {
	const most = 40
	text := f.text[at:f.end]
	if len(text) < len("CUI Category:") || text[:3] != "CUI" {
		return Found{}, false
	}
	name, value, ok := strings.Cut(text[:min(len(text), most)], ":")
	name = strings.ToLower(strings.Trim(name, "*_ "))
	if !ok || !strings.HasPrefix(name, "cui categor") || !strings.ContainsFunc(value, isAlnum) || !f.placeOf(at).Head() {
		return Found{}, false
	}
	m, ok := f.set.match("CUI", f.set.starts["CUI"])
	if !ok {
		return Found{}, false
	}
	return Found{Start: at, End: at + 3, Lead: f.lead, Text: "CUI", Place: Field, Bare: true, Marks: Marks{m}}, true
}

// statement finds a distribution statement that restricts, B to F (DoDI 5230.24,
// Enclosure 4). It marks no portion; a document in which it stands is Controlled
// Unclassified Information, if it is not more.
func (f *finder) statement(at int) (Found, bool) {
	const words = "distribution statement "
	text := f.text[at:f.end]
	n := len(words) + 1
	if len(text) < n || !strings.EqualFold(text[:len(words)], words) || text[0] != 'D' {
		return Found{}, false
	}
	if text[n-1] < 'B' || text[n-1] > 'F' || n < len(text) && isAlnum(rune(text[n])) {
		return Found{}, false
	}
	found := Found{Start: at, End: at + n, Lead: f.lead, Text: text[:n], Place: Running, Bare: true}
	if m, ok := f.set.match("CUI", f.set.starts["CUI"]); ok {
		found.Marks, found.Changed = Marks{m}, []string{"read " + text[:n] + " as " + m.Portion()}
		return found, true
	}
	found.Err = &Error{Text: found.Text, Reason: "this restricts who may have the text, and no scheme in force says how"}
	return found, true
}
