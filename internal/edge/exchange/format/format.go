// Package format tells what a file is by its content and has it read by the
// reader of its format. A name helps only where content does not tell.
package format

import (
	"bytes"
	"encoding/xml"
	"errors"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"cordon"
	"cordon/internal/edge/exchange/docx"
	"cordon/internal/edge/exchange/encoded"
	"cordon/internal/edge/exchange/mail"
	"cordon/internal/edge/exchange/office"
	"cordon/internal/edge/exchange/parts"
	"cordon/internal/edge/exchange/pdf"
	"cordon/internal/edge/exchange/subtitle"
	"cordon/internal/edge/exchange/threat"
	"cordon/internal/edge/exchange/webpage"
)

// Binary is what messages call a file that is no text and of no kind that is
// known.
const Binary = "a binary file"

// PlainText is what messages call a file that is nothing but text.
const PlainText = "plain text"

// Opener reads files. The zero value reads all formats but PDF.
type Opener struct {
	// PDF reads PDF files, which takes seconds of work; nil for not.
	PDF *pdf.Reader
}

// Open reads a file of at most cordon.MaxFileBytes and all files in it. A file
// that cannot be read has nothing but Lost, which says what it is and what to do.
func (o Opener) Open(name string, src []byte) parts.File {
	one := opener{Opener: o, budget: parts.NewBudget()}
	return one.open(name, src)
}

// Open is that of the zero Opener.
func Open(name string, src []byte) parts.File { return Opener{}.Open(name, src) }

// opener reads one file with all that is in it.
type opener struct {
	Opener
	budget *parts.Budget
}

func (o *opener) open(name string, src []byte) parts.File {
	if err := o.budget.Enter(); err != nil {
		return parts.Unreadable(name, "a file", err.Error(), "take it out and hand it in by itself")
	}
	defer o.budget.Leave()
	f := o.read(name, src)
	for i, b := range f.Blocks {
		first := b.Lines[0]
		text := b.Text()
		beside(&f, text, first.No)
		if rest := encoded.Read(&f, text, first.No, o.open); rest != text {
			for j, l := range strings.Split(rest, "\n") {
				f.Blocks[i].Lines[j].Text = l
			}
		}
	}
	return f
}

// beside puts aside what a text says in letters that stand for others.
func beside(f *parts.File, text string, line int) {
	for _, said := range encoded.Beside(text) {
		f.Asides = append(f.Asides, parts.Aside{What: "text that is written with escapes", Line: parts.Line{Text: said, No: line}, Plain: true})
	}
}

// read reads the text of a file as it stands, and the files in it.
func (o *opener) read(name string, src []byte) parts.File {
	if o.PDF != nil && isPDF(src) {
		return o.PDF.Read(name, src, o.budget, o.open)
	}
	if r, ok := foreign(src); ok {
		f := parts.Unreadable(name, r.kind, "this is "+r.kind+r.why, r.fix)
		f.Media = strings.HasSuffix(r.why, noText)
		return f
	}
	if bytes.HasPrefix(src, []byte("PK\x03\x04")) || bytes.HasPrefix(src, []byte("PK\x05\x06")) {
		return o.zip(name, src)
	}
	certainly := func(is func([]byte) (bool, bool)) bool { yes, sure := is(src); return yes && (sure || !marked(name)) }
	switch {
	case certainly(mail.Is):
		return mail.Read(name, src, o.open)
	case certainly(webpage.Is):
		if utf, err := webpage.Decode(src, ""); err == nil {
			f := webpage.Read(name, utf)
			if webpage.IsSVG(src) {
				f.Kind, f.Media = "a drawing (SVG)", f.Empty()
			}
			return f
		}
	}
	text, ok := decode(src)
	if !ok {
		if text, ok := wide(src); ok {
			f := o.text(name, text)
			f.Note(0, "it has no mark of its byte order and was read as UTF-16", "save it as UTF-8")
			return f
		}
		if EBCDIC(src) {
			text, _ := charmap.CodePage037.NewDecoder().Bytes(src)
			f := o.text(name, strings.ReplaceAll(string(text), "\u0085", "\n"))
			f.Legacy = true
			f.Note(0, "it is in EBCDIC and was read in code page 037", "save it as UTF-8")
			return f
		}
		if guess, sure := o.legacy(src); sure {
			f := o.text(name, guess)
			f.Legacy = true
			f.Note(0, "it is not in UTF-8 and was read as Windows-1252", "save it as UTF-8")
			return f
		}
		return parts.Unreadable(name, Binary, "this is a file of an unknown kind, and no text", "save it as text, Word or PDF")
	}
	return o.text(name, text)
}

// wide gives the text of a file in UTF-16 without a mark of its byte order: of its
// bytes every other is nearly always zero, and hardly any other.
func wide(src []byte) (string, bool) {
	var zeros [2]int
	for i, c := range src {
		if c == 0 {
			zeros[i%2]++
		}
	}
	half := len(src) / 2
	order := unicode.LittleEndian
	if zeros[0] > zeros[1] {
		zeros[0], zeros[1] = zeros[1], zeros[0]
		order = unicode.BigEndian
	}
	if len(src) < 4 || len(src)%2 != 0 || zeros[1]*10 < half*8 || zeros[0] > 0 {
		return "", false
	}
	out, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(src)
	return string(out), err == nil
}

// EBCDIC reports whether a file is text as mainframes write it: its most frequent
// bytes are what letters, digits and blanks are there.
func EBCDIC(src []byte) bool {
	letters, blanks := 0, 0
	for _, c := range src {
		switch {
		case c == 0x40, c == 0x15, c == 0x25:
			blanks++
		case c >= 0x81 && c <= 0xa9 && c&0xf <= 9, c >= 0xc1 && c <= 0xf9 && c&0xf <= 9, c >= 0x4a && c <= 0x7f:
			letters++
		case c < ' ':
			return false
		}
	}
	return letters > 0 && (letters+blanks)*20 >= len(src)*19 && blanks*20 >= len(src) && letters > blanks
}

// decode gives the text of a file in UTF-8, or in UTF-16 or UTF-32 with a mark of
// its byte order. ok is false where it is none of these.
func decode(src []byte) (string, bool) {
	switch {
	case bytes.HasPrefix(src, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(src, []byte("\x00\x00\xfe\xff")):
		out, err := utf32.UTF32(utf32.BigEndian, utf32.UseBOM).NewDecoder().Bytes(src)
		return string(out), err == nil
	case bytes.HasPrefix(src, []byte("\xff\xfe")), bytes.HasPrefix(src, []byte("\xfe\xff")):
		out, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes(src)
		return string(out), err == nil
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	if bytes.IndexByte(src, 0) >= 0 || !utf8.Valid(src) {
		return "", false
	}
	return string(src), true
}

// text reads what is text at all.
func (o *opener) text(name, src string) parts.File {
	src = lineEnds(src)
	switch {
	case threat.Is(src):
		return threat.Read(name, src, o.open)
	case !marked(name) && subtitle.Is(src) != "":
		return subtitle.Read(name, src)
	}
	f := parts.File{Name: name, Kind: PlainText, Raw: src}
	if text, ok := encoded.QuotedPrintable(src); ok {
		f.Kind, f.Raw = "text in quoted-printable", text
	}
	beside(&f, f.Raw, 1)
	f.Raw = encoded.Read(&f, f.Raw, 1, o.open)
	frontMatter(&f, f.Raw)
	if parts.Weight(f.Raw) == 0 && len(f.Files) > 0 {
		f.Kind, f.Raw = "encoded text", ""
	}
	aside := func(what, text string) {
		f.Asides = append(f.Asides, parts.Aside{What: what, Line: parts.Line{Text: text}, Plain: true})
	}
	if text, ok := untagged(&f, f.Raw); ok {
		aside("the text between its tags", text)
	}
	if text, ok := unfolded(f.Raw); ok {
		aside("its lines joined that go on in the next", text)
	}
	return f
}

// calendar tells calendars and cards, whose lines go on where the next begins with a
// blank (RFC 5545, 3.1; RFC 6350, 3.2).
var (
	calendar = regexp.MustCompile(`^\s*BEGIN:V(?:CALENDAR|CARD)\n(?s:.*)\nEND:V(?:CALENDAR|CARD)\s*$`)
	folded   = regexp.MustCompile(`(?m)^\S.*(?:\n[ \t].*)+`)
)

// unfolded are the lines of a calendar that go on in the next, each in one.
func unfolded(src string) (string, bool) {
	if !calendar.MatchString(src) {
		return "", false
	}
	var all []string
	for _, l := range folded.FindAllString(src, -1) {
		all = append(all, strings.NewReplacer("\n ", "", "\n\t", "").Replace(l))
	}
	return strings.Join(all, "\n"), len(all) > 0
}

// untagged is the text of an XML file without the tags in it, which may stand in
// the middle of words. What the attributes of its elements say of their marking
// goes to the file.
func untagged(f *parts.File, src string) (string, bool) {
	if !strings.HasPrefix(strings.TrimSpace(src), "<") {
		return "", false
	}
	var b strings.Builder
	tags, depth := 0, 0
	var asides []parts.Aside
	err := parts.WalkXML(strings.NewReader(src), func(t xml.Token) error {
		switch t := t.(type) {
		case xml.CharData:
			if depth == 0 && parts.Weight(string(t)) > 0 {
				return errors.New("it is text in which something is tagged")
			}
			b.Write(t)
		case xml.StartElement:
			tags++
			depth++
			asides = append(asides, markedBy(t)...)
		case xml.EndElement:
			depth--
		}
		return nil
	})
	if err == nil {
		f.Asides = append(f.Asides, asides...)
	}
	return b.String(), err == nil && tags > 0 && parts.Weight(b.String()) > 0
}

// markedBy is what the attributes of an element say of its marking.
func markedBy(e xml.StartElement) []parts.Aside {
	all := make([]parts.Attribute, len(e.Attr))
	for i, a := range e.Attr {
		name := a.Name.Local
		if space := strings.ToLower(a.Name.Space); strings.HasSuffix(space, "ism") {
			name = "ism:" + name
		}
		all[i] = parts.Attribute{Name: name, Value: a.Value}
	}
	var asides []parts.Aside
	for _, said := range parts.Attributes(all) {
		asides = append(asides, parts.Aside{What: "an attribute", Line: parts.Line{Text: said}, Plain: true, Tells: said})
	}
	return asides
}

// marked reports names of files in which marks are written in a form of our own:
// they are what their names say unless they can be nothing else.
func marked(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown":
		return true
	}
	return false
}

// legacy reads a text in Windows-1252, as older programs of Windows write it. Sure
// is set where it is one: it has no control characters and few foreign letters.
func (o *opener) legacy(src []byte) (text string, sure bool) {
	high := 0
	for _, c := range src {
		switch {
		case c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f', c == 0x7f, c == 0x81, c == 0x8d, c == 0x8f, c == 0x90, c == 0x9d:
			return "", false
		case c >= 0x80:
			high++
		}
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(src)
	return string(out), err == nil && high*4 < len(src)
}

// lineEnds ends all lines with "\n".
func lineEnds(src string) string {
	src = strings.ReplaceAll(src, "\r\n", "\n")
	return strings.ReplaceAll(src, "\r", "\n")
}

// zip reads an archive: an Office document, or files put together.
func (o *opener) zip(name string, src []byte) parts.File {
	a, err := parts.OpenArchive(src, o.budget)
	if err != nil {
		fix := "open it in the program that made it and save it again"
		switch {
		case cordon.KindOf(err) == cordon.KindTooLarge:
			fix = "split it"
		case errors.Is(err, parts.ErrPassword):
			fix = "unpack it with its password, or save it without one"
		}
		f := parts.Unreadable(name, "an archive", "this is an archive or an Office document, and "+err.Error(), fix)
		f.TooLarge = cordon.KindOf(err) == cordon.KindTooLarge
		return f
	}
	f := o.unzipped(name, a)
	if a.Stray != "" {
		f.Lose(0, a.Stray+": that was not read", "unpack it with the program that made it, and pack it anew")
	}
	return f
}

// unzipped reads what an archive is.
func (o *opener) unzipped(name string, a *parts.Archive) parts.File {
	if main, ok := docx.Is(a); ok {
		return docx.Read(name, a, main, o.open)
	}
	if kind := office.Is(a); kind != "" {
		return office.Read(name, kind, a, o.open)
	}
	switch {
	case a.Has("[Content_Types].xml"):
		return parts.Unreadable(name, "an Office document", "this is an Office document of a kind that is not read", "save it as DOCX, XLSX or PPTX")
	case a.Has("mimetype"):
		kind, fix := "an OpenDocument file", "save it as DOCX, XLSX or PPTX"
		src, _ := a.Read("mimetype")
		switch media := strings.TrimSpace(string(src)); {
		case strings.HasSuffix(media, "opendocument.text"):
			kind, fix = "an OpenDocument text (ODT)", "save it as DOCX"
		case strings.HasSuffix(media, "opendocument.spreadsheet"):
			kind, fix = "an OpenDocument workbook (ODS)", "save it as XLSX"
		case strings.HasSuffix(media, "opendocument.presentation"):
			kind, fix = "OpenDocument slides (ODP)", "save them as PPTX"
		case media == "application/epub+zip":
			kind, fix = "an electronic book (EPUB)", "hand in its pages as web pages, or save it as DOCX or PDF"
		}
		return parts.Unreadable(name, kind, "this is "+kind+", which is not read", fix)
	}
	return o.archive(name, a)
}

// archive reads each file of an archive in its own right.
func (o *opener) archive(name string, a *parts.Archive) parts.File {
	f := parts.File{Name: name, Kind: "an archive (ZIP)", Names: a.Comments}
	for _, inner := range a.Names {
		f.Names = append(f.Names, inner)
		src, err := a.Read(inner)
		if err == nil && len(src) == 0 && strings.HasSuffix(inner, "/") {
			continue // a folder
		}
		if err != nil {
			f.Lose(0, err.Error(), "unpack it first")
			f.TooLarge = f.TooLarge || cordon.KindOf(err) == cordon.KindTooLarge
			if f.TooLarge {
				break
			}
			continue
		}
		one := o.open(name+": "+inner, src)
		one.Called = inner
		if one.Media {
			f.Note(0, parts.Clip(inner)+" was left out: "+one.Kind, "write down what it says")
			continue
		}
		f.Files = append(f.Files, one)
	}
	switch {
	case len(f.Files) > 0 || len(f.Lost) > 0:
	case len(f.Notes) > 0:
		f.Lose(0, "there is no text in the archive: "+f.Notes[0].Problem, "write down what it says")
	default:
		f.Lose(0, "the archive is empty", "hand in an archive with files in it")
	}
	return f
}

// kind is what a file is that is not read, why not, and what to do.
type kind struct{ kind, why, fix string }

// noText is why media are not read.
const noText = " and has no text to read"

// signatures are those of files that are not read.
var signatures = []struct {
	begins string
	kind
}{
	{"{\\rtf", kind{"rich text (RTF)", ", which is not read", "save it as DOCX or as plain text"}},
	{"\x89PNG", kind{"a picture (PNG)", noText, "write down what it says"}},
	{"\xff\xd8\xff", kind{"a picture (JPEG)", noText, "write down what it says"}},
	{"GIF87a", kind{"a picture (GIF)", noText, "write down what it says"}},
	{"GIF89a", kind{"a picture (GIF)", noText, "write down what it says"}},
	{"II*\x00", kind{"a picture (TIFF)", noText, "write down what it says"}},
	{"MM\x00*", kind{"a picture (TIFF)", noText, "write down what it says"}},
	{"\x1f\x8b", kind{"packed (gzip)", "", "unpack it first"}},
	{"BZh", kind{"packed (bzip2)", "", "unpack it first"}},
	{"\xfd7zXZ\x00", kind{"packed (xz)", "", "unpack it first"}},
	{"7z\xbc\xaf\x27\x1c", kind{"an archive (7z)", ", which is not read", "unpack it first, or make it a ZIP"}},
	{"Rar!\x1a\x07", kind{"an archive (RAR)", ", which is not read", "unpack it first, or make it a ZIP"}},
	{"\x7fELF", kind{"a program", "", "hand in a text"}},
	{"MZ\x90", kind{"a program", "", "hand in a text"}},
	{"ID3\x03", kind{"a sound recording", noText, "hand in its transcript"}},
	{"ID3\x04", kind{"a sound recording", noText, "hand in its transcript"}},
	{"%!PS", kind{"a page description (PostScript)", ", which is not read", "save it as DOCX or as plain text"}},
	{"\x04%!PS", kind{"a page description (PostScript)", ", which is not read", "save it as DOCX or as plain text"}},
	{"\xc5\xd0\xd3\xc6", kind{"a page description (EPS)", ", which is not read", "save it as DOCX or as plain text"}},
	{"\x78\x9f\x3e\x22", kind{"a mail in a form of Outlook's own (TNEF, winmail.dat)", ", which is not read", "open it in Outlook and save it as EML, or ask for it as plain text or HTML"}},
	{"\x28\xb5\x2f\xfd", kind{"packed (zstd)", "", "unpack it first"}},
	{"\x04\x22\x4d\x18", kind{"packed (lz4)", "", "unpack it first"}},
	{"\x1f\x9d", kind{"packed (compress)", "", "unpack it first"}},
	{"MSCF\x00", kind{"an archive (CAB)", ", which is not read", "unpack it first, or make it a ZIP"}},
	{"xar!", kind{"an archive (XAR)", ", which is not read", "unpack it first, or make it a ZIP"}},
	{"!<arch>\n", kind{"an archive (AR)", ", which is not read", "unpack it first, or make it a ZIP"}},
	{"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", kind{"a notebook of OneNote", ", which is not read", "save its pages as DOCX or PDF"}},
	{"\x1a\x45\xdf\xa3", kind{"a film (Matroska)", noText, "hand in its transcript"}},
	{"fLaC", kind{"a sound recording", noText, "hand in its transcript"}},
	{"8BPS", kind{"a picture (PSD)", noText, "write down what it says"}},
	{"\x00asm", kind{"a program", "", "hand in a text"}},
	{"\x00\x05\x16\x07", kind{"a file of macOS about another", noText, ""}},
	{"\x00\x00\x00\x01Bud1", kind{"a file of macOS about a folder", noText, ""}},
	{"RIFF", kind{"a picture, sound or film (RIFF)", noText, "write down what it says"}},
	{"OggS", kind{"a sound recording", noText, "hand in its transcript"}},
	{"SQLite format 3\x00", kind{"a database (SQLite)", "", "hand in a text"}},
	{"-----BEGIN PGP MESSAGE-----", kind{"an encrypted message (PGP)", "", "decrypt it first"}},
}

// isPDF reports whether a file is a PDF, which may begin anywhere within the first
// 1,024 bytes (PDF Reference 1.7, appendix H, note 13). A text that only speaks of
// one has no objects.
func isPDF(src []byte) bool {
	return bytes.HasPrefix(src, []byte("%PDF-")) ||
		bytes.Contains(src[:min(len(src), 1024)], []byte("%PDF-")) && bytes.Contains(src, []byte("endobj"))
}

// Foreign says what a file is that no reader here reads, by how it begins, and what
// to do.
func Foreign(src []byte) (problem, fix string, ok bool) {
	k, ok := foreign(src)
	return "this is " + k.kind + k.why, k.fix, ok
}

// foreign tells a file that is not read by how it begins, behind white space and a
// byte order mark.
func foreign(src []byte) (kind, bool) {
	if isPDF(src) {
		return kind{"a PDF", ", which is not read here", "hand in its text, or give the file to the command line"}, true
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(src, []byte("\uFEFF")), " \t\r\n\f\v")
	for _, s := range signatures {
		if bytes.HasPrefix(src, []byte(s.begins)) || len(s.begins) > 3 && bytes.HasPrefix(text, []byte(s.begins)) {
			return s.kind, true
		}
	}
	if len(src) > 262 && string(src[257:262]) == "ustar" {
		return kind{"an archive (tar)", ", which is not read", "unpack it first, or make it a ZIP"}, true
	}
	if len(src) > 12 && string(src[4:8]) == "ftyp" {
		return kind{"a film or sound recording", noText, "hand in its transcript"}, true
	}
	if bytes.HasPrefix(src, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return compound(src), true
	}
	return kind{}, false
}

// compound tells the files that older Office programs write, by the names in
// their directories, which are in UTF-16.
func compound(src []byte) kind {
	has := func(name string) bool {
		var wide []byte
		for _, c := range []byte(name) {
			wide = append(wide, c, 0)
		}
		return bytes.Contains(src, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return kind{"an Office document that is encrypted", "", "save it without a password"}
	case has("WordDocument"):
		return kind{"a document of an old Word (DOC)", ", which is not read", "save it as DOCX"}
	case has("Workbook"), has("Book"):
		return kind{"a workbook of an old Excel (XLS)", ", which is not read", "save it as XLSX"}
	case has("PowerPoint Document"):
		return kind{"slides of an old PowerPoint (PPT)", ", which are not read", "save them as PPTX"}
	case has("__substg1.0_"):
		return kind{"a message of Outlook (MSG)", ", which is not read", "save it as EML"}
	}
	return kind{"a file of an old Office program", ", which is not read", "save it as DOCX, XLSX or PPTX"}
}
