// Package encoded finds what stands in a text in letters that stand for bytes
// (base64, hexadecimal, uuencode) or for other letters (quoted-printable), as it is
// pasted out of mails and programs, so that it is read and not taken for a word.
package encoded

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon/internal/edge/exchange/parts"
)

// piece is what stands encoded in a text.
type piece struct {
	how  string // "base64"
	name string // of the file, where it has one
	line int
	// from and to are where it stands, src is what it says; nil where it cannot
	// be decoded.
	from, to int
	src      []byte
	// short is set where it says that it is more than it is.
	short bool
	// address is set where it stands in an address, which tells programs something.
	address bool
}

// The bounds of what is looked at.
const (
	// shortest is how many letters are taken for more than a word.
	shortest = 40
	// telling is how many letters are taken for something encoded though nobody
	// can tell what: hashes and keys are shorter.
	telling = 200
	// maxPieces bounds how many are read of one text.
	maxPieces = 200
)

// Opener reads a file in the text.
type Opener func(name string, src []byte) parts.File

// Read reads what stands encoded in the text of a file, from the line first on:
// what it says becomes a file in that file, and what cannot be read is named. It
// gives the text without what was read, line by line.
func Read(f *parts.File, text string, first int, open Opener) (rest string) {
	rest = text
	for i, p := range find(text) {
		if i == maxPieces {
			f.Lose(0, fmt.Sprintf("more than %d pieces of it are encoded: not all were read", maxPieces), "hand them in by themselves")
			break
		}
		line := max(first+p.line-1, 0)
		name := p.name
		if name == "" {
			name = "text in " + p.how
		}
		long := p.to-p.from >= telling && !p.address
		if p.src == nil {
			if long {
				f.Lose(line, "what is written in "+p.how+" here could not be decoded", "decode it and hand it in by itself")
			}
			continue
		}
		if p.short {
			f.Lose(line, "what is written in "+p.how+" here is cut off", "hand it in whole")
		}
		one := open(f.Name+": "+parts.Base(name), p.src)
		one.Called = p.name
		switch {
		case one.Media:
			f.Note(line, "what is written in "+p.how+" here was left out: "+one.Kind, "write down what it says where that belongs to the report")
		case !one.Empty() || len(one.Files) > 0 || known(one):
			f.Files = append(f.Files, one)
		case p.how == uuencode:
			if !p.short {
				f.Lose(line, "what is written in "+p.how+" here is no text", "say what it is, or take it out")
			}
		case long:
			f.Lose(line, "what is written in "+p.how+" here is no text", "say what it is, or take it out")
			continue
		default:
			continue
		}
		rest = blank(rest, p.from, p.to)
	}
	return rest
}

// blank puts blanks in the place of a part of a text. Its lines stay.
func blank(text string, from, to int) string {
	return text[:from] + strings.Map(func(r rune) rune {
		if r == '\n' || r >= utf8.RuneSelf {
			return r
		}
		return ' '
	}, text[from:to]) + text[to:]
}

// known reports whether it was told what a file is, though it cannot be read.
func known(f parts.File) bool {
	return len(f.Lost) > 0 && !strings.Contains(f.Lost[0].Problem, "unknown kind")
}

var (
	// letters are a run of base64 or hexadecimal: lines of nothing else, the last of
	// which may be short, or one word.
	letters = regexp.MustCompile(`(?m)^(?:[> \t]*[A-Za-z0-9+/]{40,}[ \t]*\n)+(?:[> \t]*[A-Za-z0-9+/]+={0,2}[ \t]*$)?|[A-Za-z0-9+/]{40,}={0,2}`)
	// armored is what programs write that sign and certify: no text of anybody.
	armored = regexp.MustCompile(`(?s)-----BEGIN [A-Z0-9 ]+-----.*?-----END [A-Z0-9 ]+-----`)
	uu      = regexp.MustCompile(`(?m)^begin [0-7]{3,4} (\S.*)\n((?:[ -` + "`" + `]*\n)*?)end[ \t]*$`)
)

// find gives the pieces of a text in their order.
func find(text string) []piece {
	var all []piece
	line := func(at int) int { return 1 + strings.Count(text[:at], "\n") }
	for _, m := range uu.FindAllStringSubmatchIndex(text, -1) {
		src, short := uudecode(text[m[4]:m[5]])
		all = append(all, piece{how: uuencode, name: strings.TrimSpace(text[m[2]:m[3]]), line: line(m[0]), from: m[0], to: m[1], src: src, short: short})
		text = blank(text, m[0], m[1])
	}
	for _, m := range armored.FindAllStringIndex(text, -1) {
		text = blank(text, m[0], m[1])
	}
	for _, m := range letters.FindAllStringIndex(text, -1) {
		p, ok := base(text[m[0]:m[1]])
		if p.from, p.to = m[0], m[1]; !ok { // the last line may be a word
			p.to = m[0] + strings.LastIndexByte(strings.TrimRight(text[m[0]:m[1]], "\n"), '\n') + 1
			if p.to > m[0] {
				to := p.to
				p, ok = base(text[m[0]:to])
				p.from, p.to = m[0], to
			}
		}
		if ok {
			p.line = line(m[0])
			p.address = strings.Contains(text[strings.LastIndexAny(text[:m[0]], " \t\n")+1:m[0]], "://")
			all = append(all, p)
		}
	}
	return all
}

// base decodes a run of letters. Ok is false where it is no run of bytes.
func base(written string) (p piece, ok bool) {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '>' {
			return -1
		}
		return r
	}, written)
	if len(clean) < shortest {
		return p, false
	}
	p = piece{how: "hexadecimal"}
	if src, err := hex.DecodeString(clean); err == nil {
		p.src = src
		return p, true
	}
	p.how = "base64"
	bare := strings.TrimRight(clean, "=")
	if len(bare)%4 == 1 || len(bare)%4 != 0 && strings.Contains(written, "\n") && len(clean)%4 != 0 || !mixed(bare) {
		return p, false
	}
	src, err := base64.RawStdEncoding.DecodeString(bare)
	if err == nil {
		p.src = src
	}
	return p, true
}

// mixed reports whether letters have what bytes have in base64, and a word has not:
// small ones and capitals.
func mixed(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLower) && strings.ContainsFunc(s, unicode.IsUpper)
}

const uuencode = "uuencode"

// uudecode decodes the lines between begin and end. Short is set where a line is
// shorter than it says.
func uudecode(body string) (out []byte, short bool) {
	for l := range strings.Lines(body) {
		l = strings.TrimRight(l, "\r\n")
		if l == "" {
			continue
		}
		n := int(l[0]-' ') & 0x3f
		l = l[1:]
		var src []byte
		for i := 0; i < len(l); i += 4 {
			var four [4]byte
			for j := range four {
				if i+j < len(l) {
					four[j] = (l[i+j] - ' ') & 0x3f
				}
			}
			src = append(src, four[0]<<2|four[1]>>4, four[1]<<4|four[2]>>2, four[2]<<6|four[3])
		}
		short = short || n > len(src)
		out = append(out, src[:min(n, len(src))]...)
	}
	return out, short
}

// percent is a word in which bytes are written as in addresses (RFC 3986, 2.1), and
// escape one sign as programs write it.
var (
	percent = regexp.MustCompile(`[^\s"'<>]*%[0-9A-Fa-f]{2}[^\s"'<>]*`)
	escape  = regexp.MustCompile(`\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\[0-3][0-7]{2}`)
)

// Percent gives what the addresses in a text say that is written in percent-encoding,
// with what parts the fields of a query parting lines. It is empty where nothing is.
func Percent(text string) string {
	var all []string
	for i, word := range percent.FindAllString(text, maxPieces+1) {
		if i == maxPieces {
			break
		}
		fields := strings.FieldsFunc(word, func(r rune) bool { return r == '&' || r == '?' || r == '#' })
		for _, field := range fields {
			if !strings.Contains(field, "%") {
				continue
			}
			said, err := url.PathUnescape(strings.ReplaceAll(field, "+", " "))
			if err == nil && utf8.ValidString(said) && parts.Weight(said) > 0 {
				all = append(all, said)
			}
		}
	}
	return strings.Join(all, "\n")
}

// Escaped gives a text whose signs are written as in a program, \x54 and \u0054, as
// the program has them. It is empty where fewer than four are: they stand for one
// letter of a name then.
func Escaped(text string) string {
	const fewest = 4
	if len(escape.FindAllStringIndex(text, fewest)) < fewest {
		return ""
	}
	out := escape.ReplaceAllStringFunc(text, func(s string) string {
		digits, base := strings.Trim(s[2:], "{}"), 16
		if s[1] != 'x' && s[1] != 'u' {
			digits, base = s[1:], 8
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || !utf8.ValidRune(rune(n)) || unicode.IsControl(rune(n)) {
			return " "
		}
		return string(rune(n))
	})
	return out
}

// Beside gives what a text says that is written in one of these two ways: it stays
// as it stands, and is compared as it reads.
func Beside(text string) []string {
	var all []string
	for _, said := range [...]string{Percent(text), Escaped(text)} {
		if said != "" {
			all = append(all, said)
		}
	}
	return all
}

var (
	quoted   = regexp.MustCompile(`=(?:[0-9A-F]{2}|[ \t]*\r?\n)`)
	spelling = regexp.MustCompile(`=(?:20|3D|[ \t]*\r?\n|C3=[89AB][0-9A-F]|E2=80=|2[89C])`)
)

// QuotedPrintable gives what a text says that is written in quoted-printable
// (RFC 2045, 6.7): each of its equals signs stands for something, and some for what
// is written so in mails.
func QuotedPrintable(text string) (out string, ok bool) {
	all := quoted.FindAllString(text, -1)
	if len(all) < 3 || len(all) != strings.Count(text, "=") || !spelling.MatchString(text) {
		return "", false
	}
	src, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(text)))
	if err != nil || !utf8.Valid(src) || bytes.IndexByte(src, 0) >= 0 {
		return "", false
	}
	return string(src), true
}
