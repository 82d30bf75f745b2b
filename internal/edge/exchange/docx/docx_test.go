package docx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"cordon/internal/edge/exchange/docx"
	"cordon/internal/edge/exchange/parts"
)

const ns = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"`

func pack(tb testing.TB, files map[string]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		w.Write([]byte(text))
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func read(tb testing.TB, files map[string]string) parts.File {
	tb.Helper()
	a, err := parts.OpenArchive(pack(tb, files), parts.NewBudget())
	if err != nil {
		tb.Fatal(err)
	}
	main, ok := docx.Is(a)
	if !ok {
		tb.Fatal("it is no Word document")
	}
	return docx.Read("x.docx", a, main, func(name string, src []byte) parts.File {
		return parts.File{Name: name, Kind: "plain text", Raw: string(src)}
	})
}

func body(text string) map[string]string {
	return map[string]string{"word/document.xml": `<w:document ` + ns + `><w:body>` + text + `</w:body></w:document>`}
}

// shown is what was read: each block with its kind, each aside with what it is.
func shown(f parts.File) string {
	var out []string
	for _, b := range f.Blocks {
		text := string(b.Kind) + " " + b.Text()
		if b.Furniture {
			text = "furniture " + b.Text()
		}
		out = append(out, text)
	}
	for _, a := range f.Asides {
		out = append(out, a.What+": "+a.Line.Text)
	}
	for _, i := range f.Notes {
		out = append(out, "note: "+i.Problem)
	}
	for _, i := range f.Lost {
		out = append(out, "lost: "+i.Problem)
	}
	return strings.Join(out, "\n")
}

func p(text string) string {
	return `<w:p><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`
}

func TestWord(t *testing.T) {
	field := func(code, result string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>` + code + `</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>` +
			result + `</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`
	}
	for _, c := range []struct{ name, xml, want string }{
		{"alignment tab", `<w:p><w:r><w:t>a</w:t><w:ptab w:alignment="center"/><w:t>b</w:t></w:r></w:p>`, "paragraph a\tb"},
		{"deleted end of a paragraph", `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">one </w:t></w:r></w:p>` + p("two"), "paragraph one two"},
		{"deleted end of the last paragraph", `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>one</w:t></w:r></w:p>`, "paragraph one"},
		{"deleted end before a table", `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>one</w:t></w:r></w:p><w:tbl><w:tr><w:tc>` + p("a") + `</w:tc><w:tc>` + p("b") + `</w:tc></w:tr></w:tbl>`, "paragraph one\ntable | a | b |\n| --- | --- |"},
		{"deleted row", `<w:tbl><w:tr><w:tc>` + p("a") + `</w:tc><w:tc>` + p("b") + `</w:tc></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc>` + p("c") + `</w:tc><w:tc>` + p("d") + `</w:tc></w:tr></w:tbl>`, "table | a | b |\n| --- | --- |\na deleted row of a table: c\na deleted row of a table: d"},
		{"deleted and moved text", `<w:p><w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>b</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>c</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>d</w:t></w:r></w:ins></w:p>`, "paragraph ad\ndeleted text: b\nmoved text: c"},
		{"choice", `<mc:AlternateContent><mc:Choice>` + p("a") + `</mc:Choice><mc:Fallback>` + p("a") + `</mc:Fallback></mc:AlternateContent>`, "paragraph a\nthe same again for other programs: a"},
		{"choice without text", `<mc:AlternateContent><mc:Choice><w:p/></mc:Choice><mc:Fallback>` + p("a") + `</mc:Fallback></mc:AlternateContent>`, "paragraph a"},
		{"WordArt", `<w:p><w:r><w:pict><v:shape><v:textpath string="SECRET//NOFORN"/></v:shape></w:pict></w:r></w:p>`, "paragraph SECRET//NOFORN"},
		{"ruby", `<w:p><w:r><w:t>a</w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>kan</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>b</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`, "paragraph ab\na reading beside characters: kan"},
		{"hidden", `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>a</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>b</w:t></w:r></w:p>`, "paragraph ab\nnote: hidden text was read as text (1 place)"},
		{"field", `<w:p>` + field("QUOTE x", "y") + `</w:p>`, "paragraph y\nthe instruction of a field: QUOTE x"},
		{"simple field", `<w:p><w:fldSimple w:instr="DATE"><w:r><w:t>May</w:t></w:r></w:fldSimple></w:p>`, "paragraph May\nthe instruction of a field: DATE"},
		{"field within an instruction", `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>` + field("REF a", "u") + `<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>v</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, "paragraph v\nthe instruction of a field: IF REF au"},
		{"capitals", `<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>secret</w:t></w:r><w:r><w:rPr><w:smallCaps/></w:rPr><w:t>//noforn</w:t></w:r><w:r><w:rPr><w:caps w:val="0"/></w:rPr><w:t> so</w:t></w:r></w:p>`, "paragraph SECRET//NOFORN so"},
		{"override of direction", `<w:p><w:bdo w:val="rtl"><w:r><w:t>TERCES</w:t></w:r></w:bdo></w:p>`, "paragraph \u202eTERCES\u202c"},
		{"document in a file of its own", p("a") + `<w:subDoc xmlns:r="r" r:id="s"/>`, "paragraph a\nlost: a part of the document is kept in a file of its own () and was not read"},
		{"math", `<w:p><m:oMath xmlns:m="m"><m:r><m:t>x</m:t></m:r></m:oMath></w:p>`, "paragraph x"},
		{"content control", `<w:sdt><w:sdtContent>` + p("a") + `</w:sdtContent></w:sdt>`, "paragraph a"},
		{"table in a table", `<w:tbl><w:tr><w:tc>` + p("a") + `<w:tbl><w:tr><w:tc>` + p("b") + `</w:tc><w:tc>` + p("c") + `</w:tc></w:tr></w:tbl></w:tc><w:tc/></w:tr></w:tbl>`, "table | a<br>b \\| c<br>--- \\| --- |  |\n| --- | --- |"},
	} {
		if got := shown(read(t, body(c.xml))); got != c.want {
			t.Errorf("%s:\n%s\nnot\n%s", c.name, got, c.want)
		}
	}
}

func TestParts(t *testing.T) {
	files := body(p("Text.") + `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr><w:r><w:t>Item.</w:t></w:r></w:p><w:altChunk xmlns:r="r" r:id="c"/>`)
	rels := `<Relationships>`
	for _, r := range [][3]string{{"h", "header", "oddly-named.xml"}, {"c", "aFChunk", "chunk.txt"}, {"n", "numbering", "numbering.xml"}} {
		rels += fmt.Sprintf(`<Relationship Id="%s" Type="http://x/%s" Target="%s"/>`, r[0], r[1], r[2])
	}
	files["word/_rels/document.xml.rels"] = rels + `</Relationships>`
	files["word/oddly-named.xml"] = `<w:hdr ` + ns + `><w:p><w:r><w:t>SECRET</w:t><w:ptab/></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r></w:fldSimple></w:p></w:hdr>`
	files["word/footer2.xml"] = `<w:ftr ` + ns + `><w:p><w:r><w:t>Page </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>`
	files["word/chunk.txt"] = "Chunk."
	files["word/numbering.xml"] = `<w:numbering ` + ns + `><w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:lvlText w:val="(S//NF) %1."/></w:lvl></w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="2"/></w:num></w:numbering>`
	files["word/comments.xml"] = `<w:comments ` + ns + `><w:comment>` + p("A comment.") + `</w:comment></w:comments>`
	files["word/glossary/document.xml"] = `<w:glossaryDocument ` + ns + `>` + p("A block.") + `</w:glossaryDocument>`
	files["word/charts/chart1.xml"] = `<c:chart xmlns:c="c" xmlns:a="a"><a:p><a:r><a:t>Crates</a:t></a:r></a:p></c:chart>`
	files["docProps/core.xml"] = `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>A title</dc:title></cp:coreProperties>`
	files["word/embeddings/oleObject1.bin"] = "x"
	want := `paragraph Text.
list (S//NF) Item.
paragraph Chunk.
paragraph SECRET
furniture 3
furniture Page 1
paragraph Crates
a property of the document: A title
a comment: A comment.
a building block: A block.
text before the items of a list: (S//NF) %1.
lost: oleObject1.bin, an embedded object, was not read`
	got := strings.ReplaceAll(shown(read(t, files)), "\nthe instruction of a field: PAGE", "")
	if got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}

// A style takes from those it is based on what its paragraphs begin with and how
// they are shown; a list may take its numbering from a style.
func TestStyles(t *testing.T) {
	styled := func(style string) string {
		return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>item</w:t></w:r></w:p>`
	}
	files := body(styled("Marked") + styled("Loud") + styled("Linked") + styled("Under") + p("usual"))
	files["word/styles.xml"] = `<w:styles ` + ns + `><w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Middle"><w:basedOn w:val="Base"/></w:style><w:style w:type="paragraph" w:styleId="Marked"><w:basedOn w:val="Middle"/></w:style>
<w:style w:type="paragraph" w:styleId="Caps"><w:rPr><w:caps/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Loud"><w:basedOn w:val="Caps"/></w:style>
<w:style w:type="paragraph" w:styleId="Linked"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Top"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Under"><w:basedOn w:val="Top"/></w:style>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:rPr><w:smallCaps/></w:rPr></w:style></w:styles>`
	files["word/numbering.xml"] = `<w:numbering ` + ns + `><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val="(S//NF)"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="3"><w:numStyleLink w:val="Base"/></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="3"/></w:num></w:numbering>`
	want := "list (S//NF) item\nparagraph ITEM\nlist (S//NF) item\nheading item\nparagraph USUAL\ntext before the items of a list: (S//NF)"
	if got := shown(read(t, files)); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}

// element draws some XML of a document in which every word is another.
func element(t *rapid.T, next func() string, depth int) string {
	word := func() string { return `<w:t>` + next() + `</w:t>` }
	run := func() string {
		switch rapid.IntRange(0, 11).Draw(t, "run") {
		case 0:
			return `<w:del><w:r><w:delText>` + next() + `</w:delText></w:r></w:del>`
		case 1:
			return `<w:moveFrom><w:r>` + word() + `</w:r></w:moveFrom>`
		case 2:
			return `<w:r><w:rPr><w:vanish/></w:rPr>` + word() + `</w:r>`
		case 3:
			return `<w:fldSimple w:instr="PAGE"><w:r>` + word() + `</w:r></w:fldSimple>`
		case 4:
			return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>` + word() + `</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r>` + word() + `</w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`
		case 5:
			return `<w:r><w:fldChar w:fldCharType="begin"/>` + word() + `</w:r>`
		case 6:
			return `<w:r><w:ruby><w:rt><w:r>` + word() + `</w:r></w:rt><w:rubyBase><w:r>` + word() + `</w:r></w:rubyBase></w:ruby></w:r>`
		case 7:
			return `<w:r>` + word() + `<w:tab/><w:br/><w:ptab/>` + word() + `</w:r>`
		case 8:
			return word()
		}
		return `<w:r>` + word() + `</w:r>`
	}
	var b strings.Builder
	inner := func() {
		if depth < 3 {
			b.WriteString(element(t, next, depth+1))
		}
	}
	for range rapid.IntRange(0, 3).Draw(t, "elements") {
		switch rapid.IntRange(0, 7).Draw(t, "element") {
		case 0:
			b.WriteString(`<w:tbl>`)
			for range rapid.IntRange(0, 2).Draw(t, "rows") {
				b.WriteString(`<w:tr>`)
				if rapid.Bool().Draw(t, "gone") {
					b.WriteString(`<w:trPr><w:del/></w:trPr>`)
				}
				for range rapid.IntRange(0, 2).Draw(t, "cells") {
					b.WriteString(`<w:tc>`)
					inner()
					b.WriteString(`</w:tc>`)
				}
				b.WriteString(`</w:tr>`)
			}
			b.WriteString(`</w:tbl>`)
		case 1:
			b.WriteString(`<mc:AlternateContent><mc:Choice>`)
			inner()
			b.WriteString(`</mc:Choice><mc:Fallback>`)
			inner()
			b.WriteString(`</mc:Fallback></mc:AlternateContent>`)
		case 2:
			b.WriteString(`<w:sdt><w:sdtContent>`)
			inner()
			b.WriteString(`</w:sdtContent></w:sdt>`)
		default:
			b.WriteString(`<w:p>`)
			if rapid.IntRange(0, 3).Draw(t, "mark") == 0 {
				b.WriteString(`<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>`)
			}
			for range rapid.IntRange(0, 3).Draw(t, "runs") {
				b.WriteString(run())
			}
			if rapid.IntRange(0, 4).Draw(t, "box") == 0 {
				b.WriteString(`<w:r><w:pict><w:txbxContent>`)
				inner()
				b.WriteString(`</w:txbxContent></w:pict></w:r>`)
			}
			b.WriteString(`</w:p>`)
		}
	}
	return b.String()
}

// Every word of a document is read, and once.
func TestNoWordIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := 0
		next := func() string { n++; return fmt.Sprintf("x%dx", n) }
		files := body(element(rt, next, 0))
		files["word/header1.xml"] = `<w:hdr ` + ns + `>` + element(rt, next, 2) + `</w:hdr>`
		files["word/footnotes.xml"] = `<w:footnotes ` + ns + `>` + element(rt, next, 2) + `</w:footnotes>`
		all := text(read(t, files))
		for i := range n {
			if word := fmt.Sprintf("x%dx", i+1); strings.Count(all, word) != 1 {
				rt.Fatalf("%s stands %d times in %q\n%s", word, strings.Count(all, word), all, files["word/document.xml"])
			}
		}
	})
}

func text(f parts.File) string {
	var b strings.Builder
	for _, one := range f.Blocks {
		b.WriteString(one.Text() + "\n")
	}
	for _, one := range f.Asides {
		b.WriteString(one.Line.Text + "\n")
	}
	return b.String()
}

var textElement = regexp.MustCompile(`<w:t(?: [^<>]*)?>([^<&]*)</w:t>`)

func FuzzWord(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>(S//NF) x</w:t></w:r></w:p>`)
	f.Add(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>(U) x</w:t></w:r></w:p></w:tc><w:tc/></w:tr></w:tbl><w:tr/><w:tc/><w:t>y</w:t>`)
	f.Add(`<mc:AlternateContent><mc:Fallback><w:t>a</w:t></mc:Fallback></mc:AlternateContent><w:sym w:char="F0B7"/><w:tab/><w:br/><w:fldChar w:fldCharType="begin"/><w:t>q</w:t>`)
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				return r
			}
			return -1
		}, s)
	}
	f.Fuzz(func(t *testing.T, xml string) {
		got := read(t, body(xml))
		if len(got.Lost) > 0 {
			return // it is refused, and says why
		}
		all, n := letters(text(got)), 0
		for _, m := range textElement.FindAllStringSubmatch(xml, -1) {
			if n += parts.Weight(m[1]); !strings.Contains(all, letters(m[1])) {
				t.Fatalf("%q is lost: %s", m[1], xml)
			}
		}
		if n > parts.Weight(all) {
			t.Fatalf("%d letters of %d: %s", parts.Weight(all), n, xml)
		}
	})
}

// What a document says without showing it is an aside, and what it says to other
// programs only is one where it says something else.
func TestNotShown(t *testing.T) {
	files := body(`<w:p><w:r><w:drawing><wp:docPr xmlns:wp="wp" id="1" name="Picture 1" title="SECRET//NOFORN" descr="crates"/></w:drawing><w:pict><v:shape alt="old picture"/></w:pict></w:r>` +
		`<w:sdt><w:sdtPr><w:alias w:val="the alias"/><w:dropDownList><w:listItem w:displayText="the choice" w:value="c1"/></w:dropDownList></w:sdtPr></w:sdt>` +
		`<w:hyperlink w:tooltip="the tip"><w:r><w:t>Shown.</w:t></w:r></w:hyperlink></w:p>` +
		`<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>Hello</w:t></mc:Choice><mc:Fallback><w:t>Secret</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`)
	files["customXml/item1.xml"] = `<a><b>of its own</b></a>`
	files["docMetadata/LabelInfo.xml"] = `<l><label name="TLP:RED" contentMark="0"/></l>`
	files["word/settings.xml"] = `<w:settings ` + ns + `><w:docVars><w:docVar w:name="a" w:val="a variable"/></w:docVars></w:settings>`
	files["word/numbering.xml"] = `<w:numbering ` + ns + `><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:lvlText w:val="Annex on the crates %1"/></w:lvl></w:abstractNum></w:numbering>`
	got := shown(read(t, files))
	for _, want := range []string{
		"a description: SECRET//NOFORN", "a description: crates", "a description: old picture", "text of a content control: the alias", "text of a content control: the choice", "a tooltip: the tip",
		"other text for other programs: Secret", "data in the document: of its own", "data in the document: TLP:RED", "data in the document: a variable", "text before the items of a list: Annex on the crates %1",
	} {
		if !strings.Contains(got+"\n", want+"\n") {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "Picture 1") {
		t.Error(got)
	}
}
