package pdf

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The values of a PDF (ISO 32000-1, 7.3): pdfText, pdfName, ref, number, dict and
// []any; nil stands for null, for the truth values and for anything else.
type (
	pdfText []byte
	pdfName string
	ref     int
	number  float64
	dict    []entry
)

// entry is one key of a dictionary with its value, in the order of the file.
type entry struct {
	key   string
	value any
}

// get is the value of a key; nil where there is none.
func (d dict) get(key string) any {
	for _, e := range d {
		if e.key == key {
			return e.value
		}
	}
	return nil
}

// name is the name that stands under a key; empty for none.
func (d dict) name(key string) string {
	n, _ := d.get(key).(pdfName)
	return string(n)
}

// object is one object of a file. Stream is what its stream holds, packed; nil
// where it has none.
type object struct {
	value  any
	stream []byte
}

// The bounds of the objects of one file.
const (
	// maxObjects bounds how many there are.
	maxObjects = 1 << 20
	// maxValues bounds how many values there are in them.
	maxValues = 8 << 20
	// maxNesting bounds how deep arrays and dictionaries nest.
	maxNesting = 100
)

var (
	errSyntax  = errors.New("its objects are malformed")
	errObjects = errors.New("it has too many objects")
)

// objects reads the objects of a file as PDFium writes it: one after the other,
// none packed into another. The trailer comes last, under the number 0.
func objects(src []byte) (map[int]object, error) {
	l := lexer{src: src}
	all := map[int]object{}
	for {
		l.space()
		if bytes.HasPrefix(l.rest(), []byte("xref")) {
			break
		}
		number, ok := l.integer()
		if _, generation := l.integer(); !ok || !generation || !l.keyword("obj") {
			return nil, errSyntax
		}
		value, err := l.value(0)
		if err != nil {
			return nil, err
		}
		one := object{value: value}
		if l.keyword("stream") {
			if one.stream, err = l.stream(value); err != nil {
				return nil, err
			}
		}
		l.keyword("endobj")
		if all[number] = one; len(all) > maxObjects {
			return nil, errObjects
		}
	}
	at := bytes.LastIndex(src, []byte("trailer"))
	if at < 0 {
		return nil, errSyntax
	}
	l.at = at + len("trailer")
	value, err := l.value(0)
	all[0] = object{value: value}
	return all, err
}

// lexer reads the values of a file.
type lexer struct {
	src    []byte
	at     int
	values int
}

func (l *lexer) rest() []byte { return l.src[l.at:] }

// space passes over white space and comments.
func (l *lexer) space() {
	for ; l.at < len(l.src); l.at++ {
		switch c := l.src[l.at]; {
		case isSpace(c):
		case c == '%':
			for l.at < len(l.src) && l.src[l.at] != '\n' && l.src[l.at] != '\r' {
				l.at++
			}
			l.at--
		default:
			return
		}
	}
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// word is what stands up to the next white space or delimiter.
func (l *lexer) word() string {
	l.space()
	from := l.at
	for l.at < len(l.src) && !isSpace(l.src[l.at]) && !isDelimiter(l.src[l.at]) {
		l.at++
	}
	return string(l.src[from:l.at])
}

// keyword passes over a word, if it stands there.
func (l *lexer) keyword(want string) bool {
	at := l.at
	if l.word() == want {
		return true
	}
	l.at = at
	return false
}

// integer reads a number without a sign, if one stands there.
func (l *lexer) integer() (int, bool) {
	at := l.at
	n, err := strconv.ParseUint(l.word(), 10, 31)
	if err != nil {
		l.at = at
	}
	return int(n), err == nil
}

func (l *lexer) value(depth int) (any, error) {
	if depth > maxNesting {
		return nil, errSyntax
	}
	if l.values++; l.values > maxValues {
		return nil, errObjects
	}
	l.space()
	rest := l.rest()
	switch {
	case len(rest) == 0:
		return nil, errSyntax
	case bytes.HasPrefix(rest, []byte("<<")):
		l.at += 2
		return l.dict(depth + 1)
	case rest[0] == '<':
		return l.hex()
	case rest[0] == '(':
		return l.literal()
	case rest[0] == '[':
		l.at++
		return l.array(depth + 1)
	case rest[0] == '/':
		l.at++
		return pdfName(unescape(l.word())), nil
	case isDelimiter(rest[0]):
		return nil, errSyntax
	}
	if n, ok := l.integer(); ok {
		at := l.at
		if _, ok := l.integer(); ok && l.keyword("R") {
			return ref(n), nil
		}
		l.at = at
		return number(n), nil
	}
	at := l.at
	word := l.word()
	if word == "endobj" { // an object without a value
		l.at = at
		return nil, nil
	}
	if n, err := strconv.ParseFloat(word, 64); err == nil {
		return number(n), nil
	}
	return nil, nil
}

func (l *lexer) dict(depth int) (any, error) {
	var d dict
	for {
		l.space()
		if bytes.HasPrefix(l.rest(), []byte(">>")) {
			l.at += 2
			return d, nil
		}
		key, err := l.value(depth)
		if err != nil {
			return nil, err
		}
		k, ok := key.(pdfName)
		if !ok {
			return nil, errSyntax
		}
		value, err := l.value(depth)
		if err != nil {
			return nil, err
		}
		d = append(d, entry{string(k), value})
	}
}

func (l *lexer) array(depth int) (any, error) {
	all := []any{}
	for {
		l.space()
		if bytes.HasPrefix(l.rest(), []byte("]")) {
			l.at++
			return all, nil
		}
		at := l.at
		value, err := l.value(depth)
		if err != nil {
			return nil, err
		}
		if l.at == at {
			return nil, errSyntax
		}
		all = append(all, value)
	}
}

// literal reads a string in parentheses (7.3.4.2).
func (l *lexer) literal() (any, error) {
	out := pdfText{}
	depth := 0
	for ; l.at < len(l.src); l.at++ {
		switch c := l.src[l.at]; c {
		case '(':
			if depth++; depth > 1 {
				out = append(out, c)
			}
		case ')':
			if depth--; depth == 0 {
				l.at++
				return out, nil
			}
			out = append(out, c)
		case '\\':
			out = l.escape(out)
		default:
			out = append(out, c)
		}
	}
	return nil, errSyntax
}

// escape reads what follows a backslash and stops on its last byte.
func (l *lexer) escape(out pdfText) pdfText {
	l.at++
	if l.at >= len(l.src) {
		return out
	}
	switch c := l.src[l.at]; c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if l.at+1 < len(l.src) && l.src[l.at+1] == '\n' {
			l.at++
		}
		return out
	case '0', '1', '2', '3', '4', '5', '6', '7':
		n := 0
		from := l.at
		for l.at < len(l.src) && l.at < from+3 && l.src[l.at] >= '0' && l.src[l.at] <= '7' {
			n = n<<3 | int(l.src[l.at]-'0')
			l.at++
		}
		l.at--
		return append(out, byte(n))
	default:
		return append(out, c)
	}
}

// hex reads a string in hexadecimal (7.3.4.3).
func (l *lexer) hex() (any, error) {
	end := bytes.IndexByte(l.rest(), '>')
	if end < 0 {
		return nil, errSyntax
	}
	out := pdfText{}
	high := -1
	for _, c := range l.src[l.at : l.at+end] {
		n := nibble(c)
		switch {
		case n < 0:
		case high < 0:
			high = n
		default:
			out, high = append(out, byte(high<<4|n)), -1
		}
	}
	if high >= 0 {
		out = append(out, byte(high<<4))
	}
	l.at += end + 1
	return out, nil
}

func nibble(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// unescape resolves the #xx of a name (7.3.5).
func unescape(s string) string {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) && nibble(s[i+1]) >= 0 && nibble(s[i+2]) >= 0 {
			out = append(out, byte(nibble(s[i+1])<<4|nibble(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// stream gives the bytes of a stream, behind the word that begins it.
func (l *lexer) stream(value any) ([]byte, error) {
	d, _ := value.(dict)
	length, _ := d.get("Length").(number)
	if bytes.HasPrefix(l.rest(), []byte("\r\n")) {
		l.at++
	}
	l.at = min(l.at+1, len(l.src))
	if length < 0 || int(length) > len(l.rest()) {
		return nil, errSyntax
	}
	out := l.rest()[:int(length):int(length)]
	l.at += int(length)
	if !l.keyword("endstream") {
		return nil, errSyntax
	}
	return out, nil
}

// docAccents and docSigns are what PDFDocEncoding has from 0x18 and from 0x80 on,
// where it differs from Latin-1 (Annex D.2).
var (
	docAccents = []rune("˘ˇˆ˙˝˛˚˜")
	docSigns   = []rune("•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\uFFFD€")
)

func docRune(c byte) rune {
	switch {
	case c >= 0x18 && int(c-0x18) < len(docAccents):
		return docAccents[c-0x18]
	case c >= 0x80 && int(c-0x80) < len(docSigns):
		return docSigns[c-0x80]
	}
	return rune(c)
}

// decoded is a text string (7.9.2.2): UTF-16 or UTF-8 with a mark of its byte
// order, PDFDocEncoding without; UTF-8 without one is written too. Ok is
// false where it is no text.
func (t pdfText) decoded() (s string, ok bool) {
	switch {
	case bytes.HasPrefix(t, []byte("\xfe\xff")), bytes.HasPrefix(t, []byte("\xff\xfe")):
		big := t[0] == 0xfe
		var units []uint16
		for i := 2; i+1 < len(t); i += 2 {
			if big {
				units = append(units, uint16(t[i])<<8|uint16(t[i+1]))
			} else {
				units = append(units, uint16(t[i+1])<<8|uint16(t[i]))
			}
		}
		s = string(utf16.Decode(units))
	case utf8.Valid(t):
		s = string(bytes.TrimPrefix(t, []byte("\uFEFF")))
	default:
		var out []rune
		for _, c := range t {
			out = append(out, docRune(c))
		}
		s = string(out)
	}
	return printable(s)
}

// printable takes out the control characters of a text. Ok is false where more
// than one character in four is one: those are bytes.
func printable(s string) (out string, ok bool) {
	bad, all := 0, 0
	out = strings.Map(func(r rune) rune {
		all++
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r) || r == utf8.RuneError:
			bad++
			return -1
		}
		return r
	}, s)
	return out, bad*4 <= all
}
