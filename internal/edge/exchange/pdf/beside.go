package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"encoding/xml"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cordon/internal/edge/exchange/parts"
)

// beside collects what a file says beside the text of its pages: notes, fields of
// forms, bookmarks, properties, attached files and every other text in it.
type beside struct {
	file   *parts.File
	budget *parts.Budget
	all    map[int]object
	// taken are objects that were read where something refers to them.
	taken map[int]bool
	said  map[parts.Aside]bool
	// attached are the files in the file.
	attached []attachment
	// instead is set where text may stand for what is shown on a page
	// (ActualText), drawn where something may be drawn over one: a note, say.
	instead, drawn bool
}

// attachment is a file in the file, packed.
type attachment struct {
	name string
	src  []byte
}

// The kinds of text beside the pages that messages name.
const (
	note     = "a note on a page"
	field    = "a field of a form"
	property = "a property of the document"
	stands   = "text that stands for what is shown"
)

// maxAsides bounds how many texts beside the pages are told.
const maxAsides = 20_000

// read reads a file as PDFium writes it.
func (b *beside) read(src []byte) error {
	var err error
	if b.all, err = objects(src); err != nil {
		return err
	}
	b.taken, b.said = map[int]bool{}, map[parts.Aside]bool{}
	trailer, _ := b.all[0].value.(dict)
	if number, ok := trailer.get("Info").(ref); ok {
		b.info(int(number))
	}
	delete(b.all, 0) // the numbers in it that tell files apart are no text
	numbers := slices.Sorted(maps.Keys(b.all))
	for _, n := range numbers {
		d, ok := b.all[n].value.(dict)
		if !ok || b.taken[n] {
			continue
		}
		b.dict(d)
	}
	for _, n := range numbers {
		if _, ok := b.all[n].value.(dict); !ok && !b.taken[n] {
			b.taken[n] = true
			b.value(b.all[n].value, "", nil)
		}
	}
	for _, n := range numbers {
		if one := b.all[n]; one.stream != nil && !b.taken[n] {
			b.stream(one)
		}
	}
	if len(b.said) > maxAsides {
		return errObjects
	}
	return nil
}

// earlier counts the versions of itself that a file holds before the last: those who
// change one may write the change behind it (ISO 32000-1, 7.5.6), and what it took
// away is still there.
func earlier(src []byte) int {
	n := 0
	all := ends.FindAllSubmatchIndex(src, -1)
	for i, m := range all {
		first := string(src[m[2]:m[3]]) // of a file made to be shown while it loads: 0
		if i < len(all)-1 && strings.TrimLeft(first, "0") != "" && bytes.Contains(src[m[1]:all[i+1][0]], []byte(" obj")) {
			n++
		}
	}
	return n
}

var ends = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF`)

// info reads the document information dictionary (ISO 32000-1, 14.3.3).
func (b *beside) info(number int) {
	b.taken[number] = true
	d, _ := b.all[number].value.(dict)
	for _, e := range d {
		t, ok := b.follow(e.value).(pdfText)
		if !ok {
			continue
		}
		s, _ := t.decoded()
		switch e.key {
		case "Producer", "Creator", "Author", "CreationDate", "ModDate":
			b.say(parts.Aside{What: property, Line: parts.Line{Text: e.key + ": " + s}, Plain: true}, s)
		default:
			b.say(parts.Aside{What: property, Line: parts.Line{Text: e.key + ": " + s}, Tells: strings.TrimSpace(s)}, s)
		}
	}
}

// follow gives what a reference refers to, where that has no stream.
func (b *beside) follow(value any) any {
	if r, ok := value.(ref); ok && b.all[int(r)].stream == nil {
		if _, again := b.all[int(r)].value.(ref); !again {
			b.taken[int(r)] = b.taken[int(r)] || !isDict(b.all[int(r)].value)
			return b.all[int(r)].value
		}
	}
	return value
}

func isDict(value any) bool { _, ok := value.(dict); return ok }

// dict reads the texts of one dictionary and of those in it.
func (b *beside) dict(d dict) {
	if d.get("AP") != nil {
		b.drawn = true
	}
	if d.get("ActualText") != nil {
		b.instead = true
	}
	if files, ok := b.follow(d.get("EF")).(dict); ok {
		b.attach(d, files)
		return
	}
	if d.name("Subtype") == "Stamp" && d.name("Name") != "" {
		b.say(parts.Aside{What: note, Line: parts.Line{Text: apart(d.name("Name"))}}, d.name("Name"))
	}
	for _, e := range d {
		if technical(e.key, d) {
			continue
		}
		b.value(e.value, e.key, d)
	}
}

// value reads a value that stands under a key of the dictionary in.
func (b *beside) value(value any, key string, in dict) {
	switch v := value.(type) {
	case pdfText:
		b.text(v, key, in)
	case dict:
		b.dict(v)
	case []any:
		for _, one := range v {
			b.value(one, key, in)
		}
	case ref:
		one, taken := b.all[int(v)], b.taken[int(v)]
		switch {
		case taken:
		case one.stream != nil && textual(key, in):
			b.taken[int(v)] = true
			if src, ok := b.unpack(one); ok {
				b.text(src, key, in)
			} else {
				b.file.Lose(0, what(key, in)+" could not be unpacked", "save it again from the program that made it")
			}
		case one.stream == nil && !isDict(one.value):
			b.taken[int(v)] = true
			b.value(one.value, key, in)
		}
	}
}

// text says one text, unless it is bytes.
func (b *beside) text(t pdfText, key string, in dict) {
	s, ok := t.decoded()
	if !ok {
		return
	}
	if key == "RC" || key == "RV" { // rich text, in XHTML
		if plain, ok := xmlText([]byte(s)); ok {
			s = plain
		}
	}
	is := what(key, in)
	b.say(parts.Aside{What: is, Line: parts.Line{Text: s}, Plain: is == other}, s)
}

// say adds an aside once, if its text says anything.
func (b *beside) say(a parts.Aside, text string) {
	if a.Line.Text = strings.TrimSpace(a.Line.Text); parts.Weight(text) < 2 || b.said[a] {
		return
	}
	if b.said[a] = true; len(b.said) <= maxAsides {
		b.file.Asides = append(b.file.Asides, a)
	}
}

const other = "text that is not shown"

// what says what the text under a key of a dictionary is.
func what(key string, in dict) string {
	annotation := in.get("Rect") != nil
	switch key {
	case "Contents", "RC", "Subj":
		if annotation {
			return note
		}
	case "V", "DV", "RV", "Opt", "TU":
		if annotation || in.get("FT") != nil || in.get("T") != nil || in.get("Kids") != nil || in.get("Parent") != nil {
			return field
		}
	case "CA", "AC":
		return field
	case "Title":
		if in.get("Parent") != nil || in.get("Dest") != nil {
			return "a bookmark"
		}
	case "Alt", "E":
		return "a description"
	case "ActualText":
		return stands
	case "URI":
		return "a link"
	case "JS":
		return "a script"
	}
	return other
}

// textual reports keys under which a stream is a text.
func textual(key string, in dict) bool {
	switch key {
	case "V", "DV", "RV", "RC", "JS":
		return true
	case "Contents":
		return in.get("Rect") != nil
	}
	return false
}

// technical reports keys whose strings are no text to anybody.
func technical(key string, in dict) bool {
	switch key {
	case "ID", "IDS", "Registry", "Ordering", "CharSet", "DA", "Lang", "CheckSum", "Cert", "M", "CreationDate", "ModDate", "LastModified", "NM", "Panose":
		return true
	case "O", "U", "OE", "UE", "Perms":
		// How a file was encrypted that opens without a password (ISO 32000-2, 7.6.4).
		return in.name("Filter") == "Standard" && in.get("R") != nil && in.get("P") != nil
	case "Contents":
		return in.get("ByteRange") != nil // a signature
	}
	return false
}

// apart parts the words of a name: TopSecret.
func apart(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// attach takes the files that a file specification holds (7.11.4).
func (b *beside) attach(d, files dict) {
	called := ""
	for _, key := range []string{"F", "UF", "Desc"} {
		t, ok := b.follow(d.get(key)).(pdfText)
		if !ok {
			continue
		}
		if s, _ := t.decoded(); parts.Weight(s) > 0 && !slices.Contains(b.file.Names, s) {
			b.file.Names = append(b.file.Names, s)
			if key != "Desc" {
				called = s
			}
		}
	}
	for _, e := range files {
		if number, ok := e.value.(ref); ok && !b.taken[int(number)] && b.all[int(number)].stream != nil {
			b.taken[int(number)] = true
			b.attachment(called, b.all[int(number)])
		}
	}
}

func (b *beside) attachment(called string, one object) {
	if called == "" {
		called = "an attached file"
	}
	src, ok := b.unpack(one)
	if !ok {
		b.file.Lose(0, parts.Clip(called)+", an attached file, could not be unpacked", "take it out and hand it in by itself")
		return
	}
	b.attached = append(b.attached, attachment{called, src})
}

// replaces finds a name that may be ActualText, written with escapes too.
var replaces = regexp.MustCompile(`ActualText|/\w*#[0-9A-Fa-f]{2}`)

// stream looks at a stream that nothing has asked for.
func (b *beside) stream(one object) {
	d, _ := one.value.(dict)
	switch {
	case d.name("Type") == "EmbeddedFile":
		b.attachment("", one)
		return
	case d.name("Subtype") == "Image", d.name("Type") == "XRef", d.name("Type") == "ObjStm", d.get("Length1") != nil, d.get("Length3") != nil,
		d.name("Subtype") == "Type1C", d.name("Subtype") == "CIDFontType0C", d.name("Subtype") == "OpenType":
		return
	}
	src, ok := b.unpack(one)
	if !ok {
		b.instead = true // for all that can be seen
		return
	}
	b.instead = b.instead || replaces.Match(src)
	switch {
	case d.name("Type") == "Metadata":
		if !b.metadata(src) {
			b.file.Lose(0, "the properties of the document could not be read", "save it again from the program that made it")
		}
	case bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(src, []byte("\uFEFF"))), []byte("<")):
		if s, ok := xmlText(src); ok {
			b.say(parts.Aside{What: "data in the document", Line: parts.Line{Text: s}}, s)
		}
	}
}

// unpack undoes the filters of a stream (7.4). Ok is false where it cannot be: its
// filter is one of pictures, say, or it unpacks to too much.
func (b *beside) unpack(one object) (src []byte, ok bool) {
	d, _ := one.value.(dict)
	filters, _ := b.follow(d.get("Filter")).([]any)
	if n, ok := b.follow(d.get("Filter")).(pdfName); ok {
		filters = []any{n}
	}
	if d.get("DecodeParms") != nil && len(filters) > 0 && d.name("Type") != "Metadata" && predicted(b.follow(d.get("DecodeParms"))) {
		return nil, false
	}
	src = one.stream
	for _, f := range filters {
		n, _ := f.(pdfName)
		var in io.Reader
		var err error
		switch n {
		case "FlateDecode", "Fl":
			in, err = zlib.NewReader(bytes.NewReader(src))
		case "ASCII85Decode", "A85":
			body, _, _ := bytes.Cut(bytes.TrimPrefix(bytes.TrimSpace(src), []byte("<~")), []byte("~"))
			in = ascii85.NewDecoder(bytes.NewReader(body))
		case "ASCIIHexDecode", "AHx":
			l := lexer{src: append(slices.Clone(src), '>')}
			v, _ := l.hex()
			t, _ := v.(pdfText)
			in = bytes.NewReader(t)
		default:
			return nil, false
		}
		if err != nil {
			return nil, false
		}
		const most = 64 << 20
		src, _ = io.ReadAll(io.LimitReader(in, most+1)) // of one that is cut off, what is there
		if len(src) > most || b.budget.Spend(len(src)) != nil {
			return nil, false
		}
	}
	return src, true
}

// predicted reports whether the parameters of filters ask for more than unpacking.
func predicted(value any) bool {
	switch v := value.(type) {
	case dict:
		n, _ := v.get("Predictor").(number)
		return n > 1
	case []any:
		return slices.ContainsFunc(v, predicted)
	}
	return false
}

// made are the properties that programs fill in by themselves.
var made = regexp.MustCompile(`(?i)^(format|creator|creatortool|producer|.*date|.*id|history|action|when|softwareagent|changed|parameters|part|conformance|pdfversion|trapped|derivedfrom|about|parsetype|lang|fontname|.*version.*)$`)

// metadata reads the properties that are written as XMP (ISO 16684-1).
func (b *beside) metadata(src []byte) bool {
	var open []string
	say := func(name, s string) {
		a := parts.Aside{What: property, Line: parts.Line{Text: name + ": " + strings.TrimSpace(s)}}
		if a.Plain = made.MatchString(name); !a.Plain {
			a.Tells = strings.TrimSpace(s)
		}
		b.say(a, s)
	}
	err := parts.WalkXML(bytes.NewReader(src), func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			open = append(open, t.Name.Local)
			for _, a := range t.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					say(a.Name.Local, a.Value)
				}
			}
		case xml.EndElement:
			open = open[:max(len(open)-1, 0)]
		case xml.CharData:
			name := ""
			for _, n := range slices.Backward(open) {
				if name = n; !slices.Contains([]string{"li", "Alt", "Seq", "Bag"}, n) {
					break
				}
			}
			say(name, string(t))
		}
		return nil
	})
	return err == nil
}

// xmlText is what the elements of an XML text say, a line each.
func xmlText(src []byte) (string, bool) {
	var b strings.Builder
	err := parts.WalkXML(bytes.NewReader(src), func(t xml.Token) error {
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.EndElement:
			if !inline(t.Name.Local) {
				b.WriteByte('\n')
			}
		}
		return nil
	})
	var lines []string
	for l := range strings.SplitSeq(b.String(), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n"), err == nil
}

// inline reports elements that stand within a line.
func inline(local string) bool {
	return slices.Contains([]string{"span", "b", "i", "a", "em", "strong"}, local)
}

// again marks the asides whose words stand on the pages too.
func again(f *parts.File) {
	var b strings.Builder
	words := func(s string) string { return " " + strings.Join(strings.Fields(s), " ") + " " }
	for _, block := range f.Blocks {
		b.WriteString(words(block.Text()))
	}
	shown := b.String()
	for i, a := range f.Asides {
		text := a.Line.Text
		if a.What == property {
			_, text, _ = strings.Cut(text, ": ")
		}
		f.Asides[i].Again = strings.Contains(shown, words(text))
	}
}
