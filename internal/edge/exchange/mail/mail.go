// Package mail reads e-mail (RFC 5322, MIME: RFC 2045 to 2049) as it is found,
// broken too: what a mail says is read however its parts are cut, and a part that
// cannot be decoded is named.
//
// The text of a mail is its plain version, with the signs of quoting taken off;
// of the HTML version an aside where it says something else. Attachments and mails
// in it are files in their own right.
package mail

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"cordon"
	"cordon/internal/edge/exchange/encoded"
	"cordon/internal/edge/exchange/parts"
	"cordon/internal/edge/exchange/webpage"
)

// Kind is what messages call such a file.
const Kind = "a mail"

// The bounds of one mail.
const (
	// maxHeader bounds the fields of a head, in bytes.
	maxHeader = 1 << 20
	// maxDepth bounds parts in parts.
	maxDepth = 20
	// maxParts bounds how many there are.
	maxParts = 1000
)

// Opener reads a file in the mail.
type Opener func(name string, src []byte) parts.File

var (
	fieldLine = regexp.MustCompile(`^[!-9;-~]+[ \t]*:`)
	known     = regexp.MustCompile(`(?im)^(from|to|subject|date|received|return-path|mime-version|message-id|content-type|delivered-to|cc|reply-to|x-[a-z-]+):`)
	sure      = regexp.MustCompile(`(?im)^(received|return-path|mime-version|message-id|content-type|content-transfer-encoding|delivered-to):`)
	mbox      = regexp.MustCompile(`(?m)^From \S+ +\S.*\d{4}\r?$`)
)

// Is reports whether a file is a mail or a box of them. Certain is set where it has
// a field that people do not write by hand.
func Is(src []byte) (is, certain bool) {
	if loc := mbox.FindIndex(src[:min(len(src), 1024)]); loc != nil && loc[0] == 0 {
		_, rest, _ := bytes.Cut(src, []byte("\n"))
		return Is(rest)
	}
	head, _, _ := cut(src[:min(len(src), maxHeader)])
	first := true
	for l := range bytes.Lines(head) {
		if !fieldLine.Match(l) && (first || l[0] != ' ' && l[0] != '\t') {
			return false, false
		}
		first = false
	}
	n := len(known.FindAll(head, 4))
	certain = sure.Match(head) && n >= 1
	return certain || n >= 2, certain
}

// cut parts the head of a mail or of a part from its body, and gives the number
// of lines before the body.
func cut(src []byte) (head, body []byte, lines int) {
	for at := 0; at < len(src); {
		n := bytes.IndexByte(src[at:], '\n')
		end := len(src)
		if n >= 0 {
			end = at + n + 1
		}
		lines++
		if len(bytes.TrimRight(src[at:end], "\r\n")) == 0 {
			return src[:at], src[end:], lines
		}
		at = end
	}
	return src, nil, lines
}

// Read reads a mail, or each of a box of them.
func Read(name string, src []byte, open Opener) parts.File {
	starts := mbox.FindAllIndex(src, maxParts)
	if len(starts) == 0 || starts[0][0] != 0 {
		return one(name, src, 1, open)
	}
	box := parts.File{Name: name, Kind: "a box of mails"}
	for i, s := range starts {
		end := len(src)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		_, text, _ := bytes.Cut(src[s[0]:end], []byte("\n"))
		first := 2 + bytes.Count(src[:s[0]], []byte("\n"))
		box.Files = append(box.Files, one(fmt.Sprintf("%s: mail %d", name, i+1), text, first, open))
	}
	if len(starts) == maxParts {
		box.Lose(0, fmt.Sprintf("only the first %d mails of the box are read", maxParts), "split it")
	}
	return box
}

func one(name string, src []byte, first int, open Opener) parts.File {
	r := &reader{file: parts.File{Name: name, Kind: Kind}, open: open}
	head, body, lines := cut(src)
	h := fields(head)
	r.head(h, first)
	r.entity(h, body, first+lines, 0)
	r.versions()
	return r.file
}

// header is the fields of a head in their order.
type header []field

type field struct {
	name, value string
	line        int // counted from 0
}

// fields reads a head. A line that is none of a field goes on in the one before.
func fields(head []byte) header {
	var h header
	no := -1
	for l := range bytes.Lines(head) {
		no++
		l = bytes.TrimRight(l, "\r\n")
		name, value, ok := bytes.Cut(l, []byte(":"))
		if ok && fieldLine.Match(l) {
			h = append(h, field{strings.ToLower(strings.TrimSpace(string(name))), string(value), no})
			continue
		}
		if len(h) == 0 {
			h = append(h, field{"", string(l), no})
			continue
		}
		h[len(h)-1].value += " " + string(bytes.TrimLeft(l, " \t"))
	}
	return h
}

func (h header) get(name string) string {
	for _, f := range h {
		if f.name == name {
			return strings.TrimSpace(f.value)
		}
	}
	return ""
}

// media is the type of a part and its parameters, as far as they can be read.
func (h header) media() (string, map[string]string) {
	value := h.get("content-type")
	kind, params, err := mime.ParseMediaType(value)
	if err != nil && kind == "" {
		kind, _, _ = strings.Cut(value, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	if params == nil {
		params = map[string]string{}
	}
	if params["boundary"] == "" {
		if m := looseBoundary.FindStringSubmatch(value); m != nil {
			params["boundary"] = m[1]
		}
	}
	if params["charset"] == "" {
		if m := looseCharset.FindStringSubmatch(value); m != nil {
			params["charset"] = m[1]
		}
	}
	return kind, params
}

var (
	looseBoundary = regexp.MustCompile(`(?i)boundary\s*=\s*"?([^";]+)`)
	looseCharset  = regexp.MustCompile(`(?i)charset\s*=\s*"?([^";\s]+)`)
)

type reader struct {
	file  parts.File
	open  Opener
	parts int
	html  []parts.Block // of the HTML versions
	asHTM []parts.Aside
	plain int // letters of plain text
}

// words reads a field with words in it that are encoded (RFC 2047).
func words(s string) string {
	dec := mime.WordDecoder{CharsetReader: func(label string, in io.Reader) (io.Reader, error) { return charset.NewReaderLabel(label, in) }}
	out, err := dec.DecodeHeader(s)
	if err != nil {
		out = s
	}
	if !utf8.ValidString(out) {
		out, _ = text([]byte(out), "")
	}
	return strings.TrimSpace(out)
}

// head gives the subject as the title, who wrote to whom and when as the first
// paragraph, and all else as asides.
func (r *reader) head(h header, first int) {
	var told []parts.Line
	for _, f := range h {
		value := words(f.value)
		if value == "" {
			continue
		}
		line := parts.Line{Text: value, No: first + f.line, Col: 1}
		if f.name == "subject" || f.name == "x-protective-marking" {
			r.limited(line)
		}
		switch f.name {
		case "subject":
			if r.file.Subject == nil {
				r.file.Subject = &line
				continue
			}
			fallthrough
		default:
			r.file.Asides = append(r.file.Asides, aside(f.name, line))
		case "from", "to", "cc", "bcc", "date", "reply-to", "sender", "organization", "comments", "keywords":
			line.Text = strings.ToUpper(f.name[:1]) + f.name[1:] + ": " + value
			told = append(told, line)
		}
	}
	if len(told) > 0 {
		r.file.Blocks = append(r.file.Blocks, parts.Block{Kind: cordon.PortionParagraph, Lines: told})
	}
}

// tells are the names of fields that say how a mail is marked, as mail programs
// and gateways write them.
var tells = regexp.MustCompile(`classif|marking|label|sensitivity|caveat|security|tlp|handling`)

// protective takes the marking out of an X-Protective-Marking of the Australian
// Email Protective Marking Standard.
var protective = regexp.MustCompile(`(?i)\b(?:SEC|CAVEAT)\s*=\s*(?:[A-Z]+:)?([^,;]+)`)

// limiting is a dissemination limiting marker as the Email Protective Marking
// Standard of 2012 had it: [DLM=Sensitive:Cabinet]. The register of today has none.
var limiting = regexp.MustCompile(`(?i)\bDLM\s*=\s*([^\],;]+)`)

// limited refuses a mail that carries one.
func (r *reader) limited(line parts.Line) {
	if m := limiting.FindStringSubmatch(line.Text); m != nil {
		r.file.Refused = append(r.file.Refused, cordon.Issue{
			File: r.file.Name, Line: max(line.No, 0), Problem: "the mail carries DLM=" + parts.Clip(m[1]) + ", a dissemination limiting marker of Australia's standard of 2012, which no scheme in force has",
			Fix: "mark it as its owner would today",
		})
	}
}

// routine are the fields of a part that say how it is written, which was heeded.
var routine = map[string]bool{"content-type": true, "content-transfer-encoding": true, "content-disposition": true, "content-id": true, "mime-version": true, "content-length": true, "lines": true}

// partHead gives the fields of a part as asides.
func (r *reader) partHead(h header, line int) {
	for _, f := range h {
		value := words(f.value)
		if routine[f.name] || value == "" {
			continue
		}
		a := aside(f.name, parts.Line{Text: value, No: max(line, 0), Col: 1})
		a.What = "a field of a part of the mail"
		r.file.Asides = append(r.file.Asides, a)
	}
}

// aside is a field of the head that is no text of the mail. One that may say how
// the mail is marked gives its value by itself, so that a mark is found in it.
func aside(name string, line parts.Line) parts.Aside {
	a := parts.Aside{What: "a field of the head of the mail", Line: line, Plain: true}
	if name == "" {
		return a
	}
	if tells.MatchString(name) {
		a.Tells = line.Text
		for i, m := range protective.FindAllStringSubmatch(line.Text, -1) {
			if i == 0 {
				a.Tells = ""
			}
			a.Tells = strings.TrimSpace(a.Tells + " " + strings.TrimSpace(m[1]))
		}
		a.Plain = false
	}
	a.Line.Text = name + ": " + line.Text
	return a
}

// entity reads the body of a mail or of a part.
func (r *reader) entity(h header, body []byte, line, depth int) {
	if r.parts++; r.parts > maxParts || depth > maxDepth {
		r.file.Lose(line, "the mail has too many parts, or parts too deep in each other", "hand in its parts by themselves")
		return
	}
	if depth > 0 {
		r.partHead(h, line)
	}
	kind, params := h.media()
	if kind == "" {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		if params["boundary"] != "" && r.multipart(body, params["boundary"], line, depth, kind) {
			return
		}
		kind = "text/plain"
	}
	src, exact, err := decode(h.get("content-transfer-encoding"), body)
	name := fileName(h, params)
	if err != nil {
		what := "the body of the mail"
		if depth > 0 {
			what = "a part of the mail"
		}
		if name != "" {
			what = "the attachment " + parts.Clip(name)
		}
		r.file.Lose(line, fmt.Sprintf("%s could not be decoded: %v", what, err), "save the mail again from the mail program, or hand in its text")
		if len(src) == 0 {
			return
		}
	}
	if !exact {
		line = -line
	}
	disposition, _, _ := mime.ParseMediaType(h.get("content-disposition"))
	switch {
	case kind == "message/rfc822" || kind == "message/global":
		r.file.Files = append(r.file.Files, one(r.file.Name+": attached mail", src, max(line, 1), r.open))
	case kind == "application/pgp-signature", kind == "application/pkcs7-signature", kind == "application/x-pkcs7-signature":
		r.file.Note(max(line, 0), "a signature was left out", "")
	case kind == "application/pgp-encrypted", strings.HasSuffix(kind, "pkcs7-mime"):
		r.file.Lose(max(line, 0), "a part of the mail is encrypted or sealed ("+kind+")", "decrypt it in the mail program and save it from there")
	case disposition != "attachment" && name == "" && kind == "text/html":
		r.page(src, params["charset"], depth)
	case disposition != "attachment" && (name == "" || kind == "text/plain") && (strings.HasPrefix(kind, "text/") && kind != "text/calendar" && kind != "text/rtf" || strings.HasPrefix(kind, "message/")):
		r.text(src, params["charset"], line)
	default:
		called := name
		if name == "" {
			name = "an attachment (" + kind + ")"
		} else {
			r.file.Names = append(r.file.Names, name)
			name = parts.Base(name)
		}
		f := r.open(r.file.Name+": "+name, src)
		f.Called = called
		if f.Media {
			r.file.Note(max(line, 0), parts.Clip(name)+" was left out: "+f.Kind, "write down what it says where that belongs to the report")
			return
		}
		r.file.Files = append(r.file.Files, f)
	}
}

// fileName is the name that a part gives itself.
func fileName(h header, params map[string]string) string {
	_, d, _ := mime.ParseMediaType(h.get("content-disposition"))
	name := d["filename"]
	if name == "" {
		name = params["name"]
	}
	if name = words(name); name == "" {
		return ""
	}
	return name
}

// multipart reads the parts between the lines of a boundary. It reports whether
// there are any.
func (r *reader) multipart(body []byte, boundary string, line, depth int, kind string) bool {
	type piece struct {
		src  []byte
		line int
	}
	var pieces []piece
	mark := []byte("--" + boundary)
	from, no := 0, 0 // the beginning of the open piece, and its line
	at, n, open := 0, 0, false
	add := func(end int) {
		src := body[from:end]
		if open {
			pieces = append(pieces, piece{src, line + no})
		} else if text := strings.TrimSpace(string(src)); text != "" && parts.Weight(text) > 0 {
			text, _ = r.decodeText([]byte(text), "")
			r.file.Asides = append(r.file.Asides, parts.Aside{What: "text beside the parts of the mail", Line: parts.Line{Text: text, No: line + no, Col: 1}, Plain: true})
		}
	}
	for l := range bytes.Lines(body) {
		end := at + len(l)
		n++
		if rest, ok := bytes.CutPrefix(l, mark); ok {
			rest = bytes.TrimSpace(rest)
			if last := bytes.HasPrefix(rest, []byte("--")); last || len(rest) == 0 {
				add(at)
				from, no, open = end, n, !last
			}
		}
		at = end
	}
	if len(pieces) == 0 && !open {
		return false
	}
	add(len(body))
	for _, p := range pieces {
		head, text, lines := cut(p.src)
		h := fields(head)
		if len(head) > 0 && !fieldLine.Match(head) { // a part without a head
			h, text, lines = nil, p.src, 0
		}
		if kind == "multipart/digest" && h.get("content-type") == "" {
			h = append(h, field{name: "content-type", value: "message/rfc822"})
		}
		r.entity(h, text, p.line+lines, depth+1)
	}
	return true
}

// decode undoes a transfer encoding. Exact is set where lines stay lines. With an
// error comes what could be decoded.
func decode(encoding string, body []byte) (src []byte, exact bool, err error) {
	encoding, _, _ = strings.Cut(strings.ToLower(encoding), ";")
	encoding, _, _ = strings.Cut(encoding, "(")
	switch encoding = strings.TrimSpace(encoding); encoding {
	case "", "7bit", "8bit", "binary":
		return body, true, nil
	case "quoted-printable":
		src, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
		if err != nil { // what is not encoded stands for itself
			return looseQuoted(body), false, nil
		}
		return src, false, nil
	case "base64":
		return looseBase64(body)
	}
	return nil, false, fmt.Errorf("its encoding %q is not known", parts.Clip(encoding))
}

// looseBase64 decodes what has blanks or other signs in it; after what ends it,
// other text may stand.
func looseBase64(body []byte) ([]byte, bool, error) {
	var clean []byte
	foreign := 0
	for _, c := range body {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			clean = append(clean, c)
		case c == '=', c == '\r', c == '\n', c == ' ', c == '\t':
		default:
			foreign++
		}
	}
	if len(clean)%4 == 1 { // no number of bytes is written so
		clean = clean[:len(clean)-1]
	}
	src := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, err := base64.RawStdEncoding.Decode(src, clean)
	if err == nil && foreign > 0 {
		err = fmt.Errorf("its base64 has %d signs that do not belong there", foreign)
	}
	return src[:n], false, err
}

// looseQuoted decodes quoted-printable that is broken.
func looseQuoted(body []byte) []byte {
	var out []byte
	hex := func(c byte) int { return strings.IndexByte("0123456789ABCDEF", bytes.ToUpper([]byte{c})[0]) }
	for i := 0; i < len(body); i++ {
		if body[i] == '=' && i+2 < len(body) && hex(body[i+1]) >= 0 && hex(body[i+2]) >= 0 {
			out = append(out, byte(hex(body[i+1])<<4|hex(body[i+2])))
			i += 2
			continue
		}
		if body[i] == '=' && i+1 < len(body) && (body[i+1] == '\n' || body[i+1] == '\r') {
			i++
			if body[i] == '\r' && i+1 < len(body) && body[i+1] == '\n' {
				i++
			}
			continue
		}
		out = append(out, body[i])
	}
	return out
}

// text gives a text in UTF-8. Of bytes that are none, and whose set of characters
// nobody says, Windows-1252 is taken, in which every byte is something. The error
// is for a set that is not known.
func text(src []byte, label string) (string, error) {
	label = strings.TrimSpace(label)
	if e, name := charset.Lookup(label); e != nil && name != "utf-8" && label != "" && !strings.EqualFold(label, "us-ascii") {
		out, err := e.NewDecoder().Bytes(src)
		return string(out), err
	} else if e == nil && label != "" && !utf8.Valid(src) {
		return "", fmt.Errorf("its set of characters %q is not known", parts.Clip(label))
	}
	if utf8.Valid(src) {
		return string(src), nil
	}
	e, _ := charset.Lookup("windows-1252")
	out, err := e.NewDecoder().Bytes(src)
	return string(out), err
}

func (r *reader) decodeText(src []byte, label string) (string, error) {
	out, err := text(src, label)
	return strings.ReplaceAll(strings.ReplaceAll(out, "\r\n", "\n"), "\r", "\n"), err
}

// text reads a part of plain text. A negative line is that of the whole part.
func (r *reader) text(src []byte, label string, line int) {
	out, err := r.decodeText(src, label)
	if err != nil {
		r.file.Lose(max(line, -line), "a part of the mail could not be decoded: "+err.Error(), "save the mail again from the mail program, or hand in its text")
		return
	}
	switch {
	case strings.Contains(out, "-----BEGIN PGP MESSAGE-----"):
		r.file.Lose(max(line, -line), "a part of the mail is encrypted (PGP)", "decrypt it and hand in its text")
	default:
		out = encoded.Read(&r.file, out, max(line, 0), encoded.Opener(r.open))
	}
	r.plain += parts.Weight(out)
	blocks := parts.Paragraphs(out, max(line, 0))
	if line < 0 {
		for i := range blocks {
			for j := range blocks[i].Lines {
				blocks[i].Lines[j].No = -line
			}
		}
	}
	r.file.Blocks = append(r.file.Blocks, blocks...)
}

// page keeps an HTML version until it is known what the plain one says.
func (r *reader) page(src []byte, label string, depth int) {
	kind := ""
	if label != "" {
		kind = "text/html; charset=" + label
	}
	if e, _ := charset.Lookup(label); e == nil && label != "" && !utf8.Valid(src) {
		r.file.Lose(0, fmt.Sprintf("a part of the mail could not be decoded: its set of characters %q is not known", parts.Clip(label)), "save the mail again from the mail program, or hand in its text")
		return
	}
	utf, err := webpage.Decode(src, kind)
	if err != nil {
		utf = src
	}
	f := webpage.Read(r.file.Name, utf)
	if f.Subject != nil && (r.file.Subject == nil || f.Subject.Text != r.file.Subject.Text) {
		r.html = append(r.html, parts.Block{Kind: cordon.PortionParagraph, Lines: []parts.Line{{Text: f.Subject.Text}}})
	}
	for i := range f.Blocks {
		for j := range f.Blocks[i].Lines {
			f.Blocks[i].Lines[j].No, f.Blocks[i].Lines[j].Col = 0, 0
		}
	}
	for i := range f.Asides {
		f.Asides[i].Line.No, f.Asides[i].Line.Col = 0, 0
	}
	r.html = append(r.html, f.Blocks...)
	r.asHTM = append(r.asHTM, f.Asides...)
	r.file.Lost = append(r.file.Lost, f.Lost...)
}

// versions takes the HTML version as the text where there is no plain one. Else
// each block of it is an aside: the same again, or words that the plain version
// has not.
func (r *reader) versions() {
	r.file.Asides = append(r.file.Asides, r.asHTM...)
	if r.plain == 0 {
		r.file.Blocks = append(r.file.Blocks, r.html...)
		return
	}
	var all strings.Builder
	for _, b := range r.file.Blocks {
		all.WriteString(letters(b.Text()))
	}
	said := all.String()
	for _, b := range r.html {
		same := strings.Contains(said, letters(b.Text()))
		what := "text of the HTML version that the plain one has not"
		if same {
			what = "the same again in HTML"
		}
		for _, l := range b.Lines {
			r.file.Asides = append(r.file.Asides, parts.Aside{What: what, Line: l, Again: same})
		}
	}
}

func letters(s string) string {
	return strings.Map(func(c rune) rune {
		if parts.Weight(string(c)) > 0 {
			return c
		}
		return -1
	}, strings.ReplaceAll(s, "<br>", ""))
}
