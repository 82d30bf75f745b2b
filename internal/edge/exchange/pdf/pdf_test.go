package pdf_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"cordon/internal/edge/exchange/parts"
	"cordon/internal/edge/exchange/pdf"
)

// alone opens a file in a file as plain text.
func alone(name string, src []byte) parts.File {
	return parts.File{Name: name, Kind: "plain text", Raw: string(src)}
}

// file makes a PDF of pages, each with the lines that are drawn on it.
func file(pages ...string) []byte {
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"}
	var kids []string
	for i, text := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 4+2*i))
		objects = append(objects, fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 5+2*i), stream("", drawn(text)))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(pages))
	return pack("", objects...)
}

// drawn draws the lines of a text below each other.
func drawn(text string) string {
	var draw strings.Builder
	for j, l := range strings.Split(text, "\n") {
		if l != "" {
			fmt.Fprintf(&draw, "BT /F1 12 Tf 50 %d Td (%s) Tj ET\n", 700-20*j, strings.NewReplacer("(", "\\(", ")", "\\)").Replace(l))
		}
	}
	return draw.String()
}

func stream(dict, text string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(text), text)
}

// onePage makes a PDF of one page: extra stands in its dictionary, catalog in that
// of the whole, more are the objects from number 6 on.
func onePage(content, extra, catalog, trailer string, more ...string) []byte {
	return pack(trailer, append([]string{
		"<< /Type /Catalog /Pages 2 0 R " + catalog + " >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R " + extra + " >>", stream("", content),
	}, more...)...)
}

// pack makes a PDF of its objects.
func pack(trailer string, objects ...string) []byte {
	var b strings.Builder
	var offsets []int
	b.WriteString("%PDF-1.7\n")
	for i, text := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, text)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, trailer, start)
	return []byte(b.String())
}

func TestPDF(t *testing.T) {
	var r pdf.Reader
	defer r.Close()
	f := r.Read("a.pdf", file("SECRET//NOFORN\n(S//NF) The courier met the\nquartermaster.", "", "Page three."), parts.NewBudget(), alone)
	var got []string
	for _, b := range f.Blocks {
		got = append(got, fmt.Sprintf("%d %s", b.Lines[0].No, b.Text()))
	}
	for _, i := range f.Lost {
		got = append(got, "lost: "+i.Problem)
	}
	want := "1 SECRET//NOFORN\n(S//NF) The courier met the\nquartermaster.\n3 Page three.\nlost: no text is on page 2: a picture of a page is not read"
	if s := strings.Join(got, "\n"); s != want {
		t.Errorf("%s\nnot\n%s", s, want)
	}
	for name, src := range map[string][]byte{"cut off": file("Text.")[:300], "garbage": []byte("%PDF-1.4\nnonsense")} {
		if f := r.Read("b.pdf", src, parts.NewBudget(), alone); len(f.Lost) != 1 || !strings.Contains(f.Lost[0].Problem, "this is a PDF, and it is broken") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if f := r.Read("c.pdf", file(""), parts.NewBudget(), alone); len(f.Lost) != 1 || !strings.Contains(f.Lost[0].Problem, "only pictures") {
		t.Errorf("%+v", f)
	}
}

// A file that is encrypted and opens without a password is read like another; one
// that needs a password is named. The files are one that was made with onePage,
// encrypted by qpdf with RC4 of 40 and 128 bits and AES of 256.
func TestEncrypted(t *testing.T) {
	var r pdf.Reader
	defer r.Close()
	const opened = `On the page.
a property of the document: Title: TLP:RED plan
a note on a page: (S//NF) by courier
text that is not shown: Ann Berg
x.pdf: b.txt: attached text
names: b.txt`
	for name, want := range map[string]string{
		"opens-40": opened, "opens-128": opened, "opens-256": opened,
		"password-256": "\nlost: this is a PDF, and it is encrypted",
	} {
		src, err := os.ReadFile("testdata/" + name + ".pdf")
		if err != nil {
			t.Fatal(err)
		}
		if got := told(r.Read("x.pdf", src, parts.NewBudget(), alone)); strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%s:\n%s\nnot\n%s", name, got, want)
		}
	}
}

// changed is what is written behind a file to change what its page says.
func changed(src []byte) string {
	object := "5 0 obj\n" + stream("", drawn("On the page now.")) + "\nendobj\n"
	before := bytes.LastIndex(src, []byte("xref\n0"))
	return fmt.Sprintf("%sxref\n5 1\n%010d 00000 n \ntrailer << /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", object, len(src), before, len(src)+len(object))
}

// told is what was read of a file, a line for each block, aside, file and fault.
func told(f parts.File) string {
	var out []string
	for _, b := range f.Blocks {
		out = append(out, b.Text())
	}
	for _, a := range f.Asides {
		if !a.Again {
			out = append(out, a.What+": "+a.Line.Text)
		}
	}
	for _, one := range f.Files {
		out = append(out, one.Name+": "+one.Raw)
	}
	if len(f.Names) > 0 {
		out = append(out, "names: "+strings.Join(f.Names, ", "))
	}
	for _, i := range f.Notes {
		out = append(out, "note: "+i.Problem)
	}
	for _, i := range f.Lost {
		out = append(out, "lost: "+i.Problem)
	}
	return strings.Join(out, "\n")
}

// Nothing that a file says beside the text of its pages is lost.
func TestBeside(t *testing.T) {
	var r pdf.Reader
	defer r.Close()
	page := drawn("On the page.")
	const appearance = "/Type /XObject /Subtype /Form /BBox [0 0 200 50] /Resources << /Font << /F1 3 0 R >> >>"
	for _, c := range []struct {
		name string
		src  []byte
		want string
	}{
		{
			"note", onePage(page, "/Annots [6 0 R 7 0 R]", "", "", "<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (\\(S//NF\\) by \\103ourier) /T (Ann Berg) >>", "<< /Type /Annot /Subtype /Popup /Rect [0 0 9 9] /Parent 6 0 R /Contents <FEFF00540077006F> >>"),
			"On the page.\na note on a page: (S//NF) by Courier\ntext that is not shown: Ann Berg\na note on a page: Two",
		},
		{
			"free text as drawn", onePage(page, "/Annots [6 0 R]", "", "", "<< /Type /Annot /Subtype /FreeText /Rect [50 500 250 550] /Contents (Drawn over it) /AP << /N 7 0 R >> >>", stream(appearance, "BT /F1 12 Tf 5 5 Td (Drawn over it) Tj ET")),
			"On the page.\nDrawn over it",
		},
		{
			"stamp", onePage(page, "/Annots [6 0 R]", "", "", "<< /Type /Annot /Subtype /Stamp /Rect [50 500 250 550] /Name /TopSecret >>"),
			"On the page.\na note on a page: TOP SECRET",
		},
		{
			"hidden note", onePage(page, "/Annots [6 0 R]", "", "", "<< /Type /Annot /Subtype /FreeText /F 2 /Rect [50 500 250 550] /RC (<body><p>rich <b>text</b> here</p></body>) /AP << /N 7 0 R >> >>", stream(appearance, "BT /F1 12 Tf 5 5 Td (Never) Tj ET")),
			"On the page.\na note on a page: rich text here",
		},
		{
			"link", onePage(page, "/Annots [6 0 R]", "", "", "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://x.example/marrow) >> >>"),
			"On the page.\na link: https://x.example/marrow",
		},
		{
			"form", onePage(page, "/Annots [6 0 R]", "/AcroForm << /Fields [6 0 R 7 0 R] >>", "", "<< /Subtype /Widget /FT /Tx /T (where) /TU (Tip) /V (value) /DV 8 0 R /Rect [0 0 9 9] >>", "<< /FT /Ch /T (unseen) /Opt [[(a1) (first choice)] (second)] /V (second) >>", stream("", "default")),
			"On the page.\na field of a form: default\ntext that is not shown: where\na field of a form: Tip\na field of a form: value\na field of a form: a1\na field of a form: first choice\na field of a form: second\ntext that is not shown: unseen",
		},
		{
			"attached", onePage(page, "/Annots [8 0 R]", "/Names << /EmbeddedFiles << /Names [(key) 6 0 R] >> >>", "", "<< /Type /Filespec /F (dir/\\(S\\) a.txt) /Desc (described) /EF << /F 7 0 R >> >>", stream("/Type /EmbeddedFile", "attached text"),
				"<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS << /F (b.txt) /EF << /F 9 0 R >> >> >>", stream("/Filter /ASCIIHexDecode", "6e6f7465>"), stream("/Type /EmbeddedFile /Filter /LZWDecode", "x")),
			"On the page.\ntext that is not shown: key\nx.pdf: (S) a.txt: attached text\nx.pdf: b.txt: note\nnames: dir/(S) a.txt, described, b.txt",
		},
		{
			"attached and not read", onePage(page, "", "/Names << /EmbeddedFiles << /Names [(key) 6 0 R] >> >>", "", "<< /Type /Filespec /F (a.txt) /EF << /F 7 0 R >> >>", stream("/Type /EmbeddedFile /Filter /LZWDecode", "x")),
			"On the page.\ntext that is not shown: key\nnames: a.txt\nlost: a.txt, an attached file, could not be unpacked",
		},
		{
			"bookmark", onePage(page, "", "/Outlines 6 0 R", "", "<< /Type /Outlines /First 7 0 R /Last 8 0 R /Count 2 >>", "<< /Title (SECRET//NOFORN plan) /Parent 6 0 R /Next 8 0 R >>", "<< /Title (On the page.) /Parent 6 0 R /Prev 7 0 R >>"),
			"On the page.\na bookmark: SECRET//NOFORN plan",
		},
		{
			"properties", onePage(page, "", "/Metadata 7 0 R", "/Info 6 0 R", "<< /Title (TLP:RED plan) /Classification (SECRET) /Producer (Maker 1) >>", stream("/Type /Metadata /Subtype /XML", "<?xpacket begin=''?><x:xmpmeta xmlns:x='x' xmlns:r='r' xmlns:dc='dc'><r:RDF><r:Description dc:rights='kept close'><dc:title><r:Alt><r:li>Another title</r:li></r:Alt></dc:title></r:Description></r:RDF></x:xmpmeta>")),
			"On the page.\na property of the document: Classification: SECRET\na property of the document: Producer: Maker 1\na property of the document: Title: TLP:RED plan\na property of the document: rights: kept close\na property of the document: title: Another title",
		},
		{
			"in place of", onePage("/Span << /ActualText (Spoken instead.) >> BDC "+page+" EMC", "", "", ""),
			"On the page.\ntext that stands for what is shown: Spoken instead.",
		},
		{"ligature", onePage("BT /F1 12 Tf 50 700 Td (a ) Tj /Span << /ActualText (fi) >> BDC (fi) Tj EMC (x) Tj ET", "", "", ""), "a fix"},
		{
			"described", onePage(page, "", "/StructTreeRoot 6 0 R", "", "<< /Type /StructTreeRoot /K 7 0 R >>", "<< /S /Figure /P 6 0 R /Alt (crates on a pier) /ActualText (eleven) >>"),
			"On the page.\ntext that stands for what is shown: eleven\na description: crates on a pier",
		},
		{
			"form of XML", onePage(page, "", "/AcroForm << /Fields [] /XFA 6 0 R >>", "", stream("", "<xdp><data>typed by hand</data></xdp>")),
			"On the page.\ndata in the document: typed by hand",
		},
		{"changed", append(onePage(page, "", "", ""), changed(onePage(page, "", "", ""))...), "On the page now.\nnote: earlier versions of it (1) are in the file and were left out"},
	} {
		if got := told(r.Read("x.pdf", c.src, parts.NewBudget(), alone)); got != c.want {
			t.Errorf("%s:\n%s\nnot\n%s", c.name, got, c.want)
		}
	}
}
