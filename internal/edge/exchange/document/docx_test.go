package document_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/edge/exchange/document"
)

const wordNS = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

type part struct{ name, text string }

// docx packs the parts, the first of which is the body.
func docx(tb testing.TB, body string, parts ...part) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	parts = append([]part{{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordNS + `><w:body>` + body + `</w:body></w:document>`}}, parts...)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(p.text)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func para(style, text string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`
}

func bullet(level int, text string) string {
	return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, text)
}

func cellXML(paras ...string) string { return `<w:tc>` + strings.Join(paras, "") + `</w:tc>` }

func ardenDOCX(tb testing.TB) []byte {
	styles := `<w:styles ` + wordNS + `><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="T"><w:name w:val="Title"/></w:style><w:style w:styleId="B"><w:name w:val="caption"/></w:style></w:styles>`
	header := `<w:hdr ` + wordNS + `><w:p><w:r><w:t>Draft 2</w:t><w:tab/><w:t>SECRET//NOFORN</w:t><w:tab/><w:t>Page 1 of 3</w:t></w:r></w:p></w:hdr>`
	footer := `<w:ftr ` + wordNS + `><w:p><w:r><w:t>SECRET//NOFORN</w:t></w:r></w:p></w:ftr>`
	notes := `<w:footnotes ` + wordNS + `><w:footnote><w:p><w:r><w:t>(U) A note at the foot.</w:t></w:r></w:p></w:footnote></w:footnotes>`
	body := para("T", "(S//NF) Port Arden") +
		para("berschrift1", "1. (U) Cargo") +
		`<w:p><w:r><w:t>(S//</w:t></w:r><w:r><w:t>NF)</w:t></w:r><w:r><w:t xml:space="preserve">` + "\u00a0" + `Split over runs:</w:t></w:r></w:p>` +
		bullet(0, "inherits") + bullet(1, "inherits too") + bullet(0, "(S//NF) marked") +
		`<w:p><w:r><w:t>(U) kept </w:t></w:r><w:ins><w:r><w:t>inserted</w:t></w:r></w:ins><w:del><w:r><w:delText>DELETED</w:delText></w:r></w:del></w:p>` +
		para("B", "Table 1: (U) Crates") +
		`<w:tbl><w:tblPr><w:tblPrChange/></w:tblPr><w:tr>` + cellXML(para("", "pier"), para("", "second line")) + cellXML(para("", "a|b")) + `</w:tr><w:tr>` + cellXML(para("", "(S) 4")) + cellXML(`<w:tbl><w:tr>`+cellXML(para("", "in"))+cellXML(para("", "ner"))+`</w:tr></w:tbl>`) + `</w:tr></w:tbl>` +
		`<w:tbl><w:tr>` + cellXML(para("", "(U) In a frame.")) + `</w:tr></w:tbl>` +
		`<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>(U) In a text box.</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>(U) In a text box.</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent><w:r><w:t>(U) Around it&#x2E;</w:t><w:br/><w:t>(S) After a break.</w:t></w:r></w:p>`
	return docx(tb, body, part{"word/styles.xml", styles}, part{"word/header1.xml", header}, part{"word/footer1.xml", footer}, part{"word/footnotes.xml", notes},
		part{"word/comments.xml", "<c/>"}, part{"word/media/image1.png", "png"}, part{"word/embeddings/oleObject1.bin", "ole"})
}

func TestDOCXRefusals(t *testing.T) {
	deep := strings.Repeat("<w:r>", 400) + strings.Repeat("</w:r>", 400)
	entity := strings.Replace(string(`<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa">]><w:document `+wordNS+`><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>`), "\n", "", -1)
	cases := map[string]struct {
		src  []byte
		kind cordon.Kind
		want string
	}{
		"no zip":         {[]byte("PK\x03\x04 not really"), cordon.KindInvalid, "not a valid zip"},
		"no body":        {docxOnly(t, part{"a.txt", "x"}), cordon.KindInvalid, "this is an archive (ZIP)"},
		"doctype":        {docxOnly(t, part{"word/document.xml", entity}), cordon.KindInvalid, "document type"},
		"entity":         {docx(t, `<w:p><w:r><w:t>&boom;</w:t></w:r></w:p>`), cordon.KindInvalid, "entity"},
		"depth":          {docx(t, deep), cordon.KindInvalid, "nested more than"},
		"cut off":        {docxOnly(t, part{"word/document.xml", "<w:document><w:p>"}), cordon.KindInvalid, "cannot be read"},
		"twice":          {docx(t, para("", "(U) a"), part{"word/document.xml", "<w/>"}), cordon.KindInvalid, "twice"},
		"bomb":           {docx(t, para("", "(U) x"), part{"word/header1.xml", strings.Repeat(" ", 8<<20)}), cordon.KindTooLarge, "times its size"},
		"huge":           {huge(t), cordon.KindTooLarge, "MaxUnzippedBytes"},
		"long":           {docx(t, para("", "(U) "+noise(cordon.MaxPortionBytes+1))), cordon.KindTooLarge, "MaxPortionBytes"},
		"malformed":      {docx(t, para("", "first")+para("", "(S//NOFRON) second")), cordon.KindInvalid, ":2:"},
		"not UTF-8":      {docx(t, para("", "(U) \xff")), cordon.KindInvalid, "UTF-8"},
		"control":        {docx(t, para("", "(U) a\x01")), cordon.KindInvalid, "cannot be read"},
		"empty":          {docx(t, ""), cordon.KindInvalid, "no text"},
		"no text at all": {docx(t, `<w:p/>`), cordon.KindInvalid, "no text"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			o := opts()
			o.DefaultMark = mustParse(t, "S")
			_, err := document.ReadDOCX("x.docx", bytes.NewReader(c.src), o)
			if err == nil || cordon.KindOf(err) != c.kind {
				t.Fatalf("got %v of kind %v", err, cordon.KindOf(err))
			}
			if all := fmt.Sprint(err, issuesOf(err)); !strings.Contains(all, c.want) {
				t.Errorf("%q does not say %q", all, c.want)
			}
		})
	}
}

// huge declares more than may be unpacked, in parts of a modest ratio.
func huge(tb testing.TB) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"word/document.xml", "word/header1.xml"} {
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, UncompressedSize64: 130 << 20, CompressedSize64: 2 << 20})
		if err != nil {
			tb.Fatal(err)
		}
		w.Write(make([]byte, 2<<20))
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// docxOnly packs the parts and nothing else.
func docxOnly(tb testing.TB, p part) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(p.name)
	if err != nil {
		tb.Fatal(err)
	}
	w.Write([]byte(p.text))
	z.Close()
	return b.Bytes()
}

// noise is text that packs some ten times and no more.
func noise(n int) string {
	var b strings.Builder
	b.Grow(n + 16)
	for x := uint32(1); b.Len() < n; {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		fmt.Fprintf(&b, "%08x%056d", x, 0)
	}
	return b.String()[:n]
}

// A lie about the size in the archive's directory gains nothing.
func TestDOCXLyingSize(t *testing.T) {
	src := docx(t, para("", "(U) "+strings.Repeat("x", 100)))
	r, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		t.Fatal(err)
	}
	size := uint32(r.File[0].UncompressedSize64)
	le := func(n uint32) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)} }
	src = bytes.ReplaceAll(src, le(size), le(10))
	if _, err := document.ReadDOCX("x.docx", bytes.NewReader(src), opts()); cordon.KindOf(err) != cordon.KindInvalid {
		t.Fatal(err)
	}
}

func FuzzDOCX(f *testing.F) {
	f.Add([]byte(`<w:p><w:r><w:t>(S//NF) x</w:t></w:r></w:p>`))
	f.Add([]byte(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>(U) x</w:t></w:r></w:p></w:tc><w:tc/></w:tr></w:tbl><w:tr/><w:tc/><w:t>y</w:t>`))
	f.Add([]byte(`<mc:AlternateContent><mc:Fallback><w:t>a</w:t></mc:Fallback></mc:AlternateContent><w:sym w:char="F0B7"/><w:tab/><w:br/>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		o := opts()
		o.DefaultMark = mustParse(t, "S")
		d, err := document.ReadDOCX("f.docx", bytes.NewReader(docx(t, string(body))), o)
		if err != nil && cordon.KindOf(err) == cordon.KindInternal {
			t.Fatal(err)
		}
		for _, p := range d.Portions {
			if p.Marks.Empty() || strings.TrimSpace(p.Text) == "" {
				t.Fatalf("%+v", p)
			}
		}
		document.ReadDOCX("f.docx", bytes.NewReader(body), o)
	})
}
