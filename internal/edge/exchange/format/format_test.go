package format_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/edge/exchange/format"
	"cordon/internal/edge/exchange/parts"
)

func zipped(tb testing.TB, files ...[2]string) string {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f[0])
		if err != nil {
			tb.Fatal(err)
		}
		w.Write([]byte(f[1]))
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

func shown(f parts.File) string {
	var out []string
	f.Each(func(f *parts.File) {
		out = append(out, "= "+f.Name+" "+f.Kind)
		if f.Subject != nil {
			out = append(out, fmt.Sprintf("%d title %s", f.Subject.No, f.Subject.Text))
		}
		if f.Raw != "" {
			out = append(out, "raw "+strings.TrimSpace(f.Raw))
		}
		for _, b := range f.Blocks {
			out = append(out, fmt.Sprintf("%d %s %s", b.Lines[0].No, b.Kind, b.Text()))
		}
		for _, a := range f.Asides {
			if !a.Again && !a.Plain {
				out = append(out, a.What+": "+a.Line.Text)
			}
		}
		for _, i := range f.Notes {
			out = append(out, "note: "+i.Problem)
		}
		for _, i := range f.Lost {
			out = append(out, "lost: "+i.Problem)
		}
		for _, i := range f.Refused {
			out = append(out, "refused: "+i.Problem)
		}
	})
	return strings.Join(out, "\n")
}

const picture = "\x89PNG\r\n\x1a\n\x00\x00"

func TestOpen(t *testing.T) {
	multipart := "From: a@b.example\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=X\r\n\r\npreamble\r\n--X\r\n" +
		"Content-Type: multipart/alternative; boundary=Y\r\n\r\n--Y\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe caf=E9 is=\r\n shut.\r\n\r\n> quoted\r\n> reply\r\n--Y\r\nContent-Type: text/html\r\n\r\n<p>The café is shut.</p><p>Not in the plain one.</p>\r\n--Y--\r\n" +
		"--X\r\nContent-Type: application/zip; name=\"a.zip\"\r\nContent-Disposition: attachment; filename=\"a.zip\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte(zipped(t, [2]string{"in/note.txt", "Inside."}, [2]string{"p.png", picture}))) +
		"\r\n--X\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(picture)) +
		"\r\n--X\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@d.example\r\nSubject: Inner\r\n\r\nInner text.\r\n--X--\r\nepilogue\r\n"
	for _, c := range []struct{ name, src, want string }{
		{"a.eml", multipart, `= a.eml a mail
2 title Café
1 paragraph From: a@b.example
14 paragraph The café is shut.
14 paragraph quoted
reply
text of the HTML version that the plain one has not: Not in the plain one.
note: an attachment (image/png) was left out: a picture (PNG)
= a.eml: a.zip an archive (ZIP)
note: p.png was left out: a picture (PNG)
= a.eml: a.zip: in/note.txt plain text
raw Inside.
= a.eml: attached mail a mail
39 title Inner
38 paragraph From: c@d.example
41 paragraph Inner text.`},
		{"b.eml", "From: a@b.example\nSubject: x\nContent-Transfer-Encoding: base64\n\n!!!!\n", "= b.eml a mail\n2 title x\n1 paragraph From: a@b.example\nlost: the body of the mail could not be decoded: its base64 has 4 signs that do not belong there"},
		{"c.eml", "From: a@b.example\nSubject: x\nContent-Transfer-Encoding: x-odd\n\nabc\n", "= c.eml a mail\n2 title x\n1 paragraph From: a@b.example\nlost: the body of the mail could not be decoded: its encoding \"x-odd\" is not known"},
		{"d.eml", "From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=x-odd\n\nab\xffc\n", "= d.eml a mail\n2 title x\n1 paragraph From: a@b.example\nlost: a part of the mail could not be decoded: its set of characters \"x-odd\" is not known"},
		{"box", "From a@b Mon Jan  1 00:00:00 2026\nFrom: a@b\nSubject: one\n\nOne.\n\nFrom a@b Mon Jan  1 00:00:00 2026\nFrom: a@b\nSubject: two\n\nTwo.\n", "= box a box of mails\n= box: mail 1 a mail\n3 title one\n2 paragraph From: a@b\n5 paragraph One.\n= box: mail 2 a mail\n9 title two\n8 paragraph From: a@b\n11 paragraph Two."},
		{"a.vtt", "WEBVTT\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Ann>Hello <i>there</i>\n\n00:02.000 --> 00:03.000\nand on.\n", "= a.vtt subtitles\n5 paragraph Ann: Hello there\nand on."},
		{"a.txt", "[00:01] ANN: Good\n[00:02] morning.\n[00:03] BEN: Yes.\n", "= a.txt a transcript with times\n1 paragraph ANN: Good\nmorning.\n3 paragraph BEN: Yes."},
		{"a.json", `{"type":"bundle","id":"b","objects":[
 {"type":"report","name":"N","description":"D","object_marking_refs":["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"]},
 {"type":"note","content":"C","object_marking_refs":["marking-definition--unknown"]}]}`, "= a.json a STIX bundle\n2 paragraph (TLP:RED) report: N\nD\n3 paragraph note:\nC\nrefused: an object carries the marking marking-definition--unknown, which is not defined in the bundle"},
		{
			"b.json", `{"Event":{"info":"I","Tag":[{"name":"tlp:amber+strict"}],"Attribute":[{"type":"domain","value":"x.example","comment":"seen","Tag":[{"name":"tlp:red"}]},{"type":"ip","value":"192.0.2.1"}]}}`,
			"= b.json a MISP event\n1 title (TLP:AMBER+STRICT) I\n1 list (TLP:RED) domain: x.example\nseen\n1 list (TLP:AMBER+STRICT) ip: 192.0.2.1\n1 paragraph (TLP:AMBER+STRICT) tlp:amber+strict",
		},
		{"c.json", "[\n{\"a\": \"x\\u00e9\"}]", "= c.json JSON\n2 paragraph a: xé"},
		{"a.html", "\n<p>a</p>", "= a.html a web page\n2 paragraph a"},
		{"a.md", "<p>a</p>\n\n(U) b", "= a.md plain text\nraw <p>a</p>\n\n(U) b"},
		{"a.rtf", `{\rtf1 a}`, "= a.rtf rich text (RTF)\nlost: this is rich text (RTF), which is not read"},
		{"a.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", "= a.doc an Office document that is encrypted\nlost: this is an Office document that is encrypted"},
		{"u16.txt", "\xff\xfea\x00b\x00", "= u16.txt plain text\nraw ab"},
		{"old.txt", "caf\xe9 is shut", "= old.txt plain text\nraw café is shut\nnote: it is not in UTF-8 and was read as Windows-1252"},
		{"wide.txt", "(\x00S\x00)\x00 \x00a\x00b\x00", "= wide.txt plain text\nraw (S) ab\nnote: it has no mark of its byte order and was read as UTF-16"},
		{"host.txt", "\xe3\x88\x85\x40\x83\x96\xa4\x99\x89\x85\x99\x40\x94\x85\xa3", "= host.txt plain text\nraw The courier met\nnote: it is in EBCDIC and was read in code page 037"},
		{"b64.txt", base64.StdEncoding.EncodeToString([]byte("The courier met the quartermaster in Marrow Quay.")), "= b64.txt encoded text\n= b64.txt: text in base64 plain text\nraw The courier met the quartermaster in Marrow Quay."},
		{"qp.txt", "=28S//NF=29 the=20cour=\nier", "= qp.txt text in quoted-printable\nraw (S//NF) the courier"},
		{"c.ics", "BEGIN:VCALENDAR\nDESCRIPTION:the cour\n ier met\nEND:VCALENDAR\n", "= c.ics plain text\nraw BEGIN:VCALENDAR\nDESCRIPTION:the cour\n ier met\nEND:VCALENDAR"},
		{"a.tar", strings.Repeat("\x00", 257) + "ustar\x00", "= a.tar an archive (tar)\nlost: this is an archive (tar), which is not read"},
		{"winmail.dat", "\x78\x9f\x3e\x22\x01", "= winmail.dat a mail in a form of Outlook's own (TNEF, winmail.dat)\nlost: this is a mail in a form of Outlook's own (TNEF, winmail.dat), which is not read"},
		{"a.odt", zipped(t, [2]string{"mimetype", "application/vnd.oasis.opendocument.text"}), "= a.odt an OpenDocument text (ODT)\nlost: this is an OpenDocument text (ODT), which is not read"},
		{"a.epub", zipped(t, [2]string{"mimetype", "application/epub+zip"}), "= a.epub an electronic book (EPUB)\nlost: this is an electronic book (EPUB), which is not read"},
		{"more.zip", zipped(t, [2]string{"a.txt", "one"}) + "the courier", "= more.zip an archive (ZIP)\nlost: 11 bytes stand behind the archive: that was not read\n= more.zip: a.txt plain text\nraw one"},
		{"bdo.html", "<p><bdo dir=rtl>TERCES</bdo> a</p>", "= bdo.html a web page\n1 paragraph \u202eTERCES\u202c a"},
		{"x.bin", "\x00\x01\x02\x03", "= x.bin a binary file\nlost: this is a file of an unknown kind, and no text"},
		{
			"s.pptx", zipped(t, [2]string{"ppt/presentation.xml", "<p/>"},
				[2]string{"ppt/slides/slide10.xml", `<p:sld xmlns:p="p" xmlns:a="a" show="0"><a:p><a:r><a:t>Hidden.</a:t></a:r></a:p></p:sld>`},
				[2]string{"ppt/slides/slide2.xml", `<p:sld xmlns:p="p" xmlns:a="a"><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>Ti</a:t></a:r><a:r><a:t>tle</a:t></a:r></a:p></p:sp><p:sp><a:p><a:r><a:t>Text.</a:t></a:r></a:p></p:sp></p:sld>`},
				[2]string{"ppt/notesSlides/notesSlide1.xml", `<p:notes xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>Say so.</a:t></a:r></a:p></p:notes>`}),
			"= s.pptx slides (PPTX)\n1 heading Title\n1 paragraph Text.\na hidden slide: Hidden.\nnotes of the speaker: Say so.",
		},
		{
			"w.xlsx", zipped(t, [2]string{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="Crates" r:id="a"/></sheets></workbook>`},
				[2]string{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
				[2]string{"xl/sharedStrings.xml", `<sst><si><t>pier</t></si><si><r><t>north</t></r><r><t>ern</t></r></si></sst>`},
				[2]string{"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c><v>11</v></c><c t="inlineStr"><is><t>x|y</t></is></c></row></sheetData><headerFooter><oddHeader>&amp;CSECRET//NOFORN&amp;RPage &amp;P</oddHeader></headerFooter></worksheet>`}),
			"= w.xlsx a workbook (XLSX)\n0 heading Crates\n1 table | pier | northern |\n| --- | --- |\n| 11 | x\\|y |\n0 paragraph SECRET//NOFORN\n0 paragraph Page",
		},
	} {
		if got := shown(format.Open(c.name, []byte(c.src))); got != c.want {
			t.Errorf("%s:\n%s\n\nnot\n%s", c.name, got, c.want)
		}
	}
}

// A bomb is refused, however it is packed into others.
func TestBombs(t *testing.T) {
	deep := "text"
	for i := range 8 {
		deep = zipped(t, [2]string{fmt.Sprintf("%d.zip", i), deep})
	}
	if f := format.Open("deep.zip", []byte(deep)); len(f.AllLost()) != 1 || !strings.Contains(f.AllLost()[0], "deep") {
		t.Error(f.AllLost())
	}
	big := zipped(t, [2]string{"a.txt", strings.Repeat("a", 8<<20)})
	if f := format.Open("big.zip", []byte(big)); !f.TooLarge {
		t.Error(f.AllLost())
	}
	var many [][2]string
	for i := range parts.MaxFiles + 10 {
		many = append(many, [2]string{fmt.Sprintf("%d.txt", i), "text"})
	}
	if f := format.Open("many.zip", []byte(zipped(t, many...))); len(f.AllLost()) != 11 {
		t.Error(len(f.AllLost()))
	}
}

func TestForComparison(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"a.eml", "From: a@b\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\nAAAA\n", ""},
		{"b.png", picture, "this is a picture (PNG) and has no text to read: nothing was compared"},
		{"c.rtf", `{\rtf1}`, "this is rich text (RTF), which is not read: nothing was compared; save it as DOCX or as plain text"},
		{"e.pdf", "junk\n\n%PDF-1.5\n1 0 obj\n<<>>\nendobj\n", "this is a PDF, which is not read here: nothing was compared"},
		{"f.rtf", "\ufeff\n \t{\\rtf1 a}", "this is rich text (RTF), which is not read: nothing was compared"},
		{"g.ps", "\n%!PS-Adobe-3.0\n(a) show", "this is a page description (PostScript), which is not read: nothing was compared"},
		{"h.zip", zipped(t), "the archive is empty: nothing was compared"},
		{"d.txt", "\n", "this is plain text, and there is no text in it: nothing was compared"},
		{"e.zip", zipped(t, [2]string{"p.png", picture}), "nothing was compared"},
	} {
		out, err := format.ForComparison(c.name, []byte(c.src))
		switch {
		case c.want == "":
			if err != nil || len(out.NotCompared) != 1 {
				t.Errorf("%s: %v, %v", c.name, out.NotCompared, err)
			}
		case err == nil || cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %v", c.name, err)
		}
	}
	text := "a\r\nb\n"
	if out, err := format.ForComparison("a.txt", []byte(text)); err != nil || out.Text.Text != "a\nb\n" {
		t.Errorf("%q, %v", out.Text.Text, err)
	}
}

// Words that tags, the ends of lines or their direction cut are compared whole.
func TestCutWords(t *testing.T) {
	for name, c := range map[string][2]string{
		"a.xml":  {"<?xml version='1.0'?><d><p>the cou<b>rier</b> met</p></d>", "the courier met"},
		"a.ics":  {"BEGIN:VCALENDAR\nDESCRIPTION:the cour\n ier met\nEND:VCALENDAR\n", "the courier met"},
		"a.html": {"<p>\u202etem reiruoc eht\u202c</p>", "the courier met"},
		"a.txt":  {"\u202etem reiruoc eht\u202c", "the courier met"},
	} {
		out, err := format.ForComparison(name, []byte(c[0]))
		if err != nil || !strings.Contains(out.Text.Text, c[1]) {
			t.Errorf("%s: %q, %v", name, out.Text.Text, err)
		}
		again, err := format.ForComparison("text", []byte(out.Text.Text))
		if err != nil || strings.Count(again.Text.Text, c[1]) != strings.Count(out.Text.Text, c[1]) {
			t.Errorf("%s, read again: %q, %v", name, again.Text.Text, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("From: a@b\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n--X\n\na\n--X\nContent-Transfer-Encoding: base64\n\nYQ==\n--X--\n"))
	f.Add([]byte("1\n00:00:01,000 --> 00:00:03,000\ntext\n\n2\n00:00:03,000 --> 00:00:05,000\nmore\n"))
	f.Add([]byte(`{"type":"bundle","objects":[{"type":"report","name":"x","object_marking_refs":["y"]}]}`))
	f.Add([]byte(`{"response":[{"Event":{"info":"x","Tag":[{"name":"tlp:red"}],"Object":[{"name":"o","Attribute":[{"type":"t","value":"v"}]}]}}]}`))
	f.Add([]byte(zipped(f, [2]string{"xl/workbook.xml", "<a/>"}, [2]string{"xl/worksheets/sheet1.xml", "<row><c t='s'><v>9</v></c></row>"})))
	f.Add([]byte(zipped(f, [2]string{"ppt/presentation.xml", "<a/>"}, [2]string{"ppt/slides/slide1.xml", "<a:tbl xmlns:a='a'><a:tr><a:tc><a:p><a:t>x</a:t></a:p></a:tc></a:tr></a:tbl>"})))
	f.Fuzz(func(t *testing.T, src []byte) {
		file := format.Open("f", src)
		text := file.Text()
		if strings.TrimSpace(text.Text) == "" && len(file.AllLost()) == 0 && len(bytes.TrimSpace(src)) > 0 && file.Kind == format.PlainText && len(bytes.Trim(src, " \t\r\n\f\v\u0085\u00a0\ufeff")) > 0 && parts.Weight(string(src)) > 0 {
			t.Fatalf("nothing was read of %q, and nothing is said", src)
		}
		if n := strings.Count(text.Text, "\n"); len(text.Places) < n && file.Kind != format.PlainText {
			t.Fatalf("%d lines have %d places", n, len(text.Places))
		}
	})
}

// What stands in an archive beside the text of its files is compared, and what is
// left out of it is named.
func TestArchive(t *testing.T) {
	src := zipped(t, [2]string{"courier in Marrow Quay.txt", "x"}, [2]string{"__MACOSX/._a.txt", "text of its own"}, [2]string{".DS_Store", "\x00\x00\x00\x01Bud1"}, [2]string{"a.svg", "<?xml version='1.0'?>\n<svg xmlns='s'><text>drawn</text></svg>"}, [2]string{"b.svg", "<svg/>"})
	out, err := format.ForComparison("a.zip", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"courier in Marrow Quay.txt", "text of its own", "drawn"} {
		if !strings.Contains(out.Text.Text, want) {
			t.Errorf("%q is not in %q", want, out.Text.Text)
		}
	}
	if len(out.Notes) != 2 {
		t.Error(out.Notes)
	}
	about := "A PDF begins with %PDF-1.5 and a number."
	if f := format.Open("a.txt", []byte(about)); f.Raw != about {
		t.Error(f.Lost)
	}
}

// A marking definition of TLP 2.0 may say it in its extension alone; what objects
// carry in base64 are files of their own.
func TestThreatParts(t *testing.T) {
	data := base64.StdEncoding.EncodeToString([]byte("Carried text."))
	for _, c := range []struct{ src, want string }{
		{
			`{"type":"bundle","id":"b","objects":[{"type":"marking-definition","id":"marking-definition--a","extensions":{"e":{"extension_type":"property-extension","tlp_2_0":"amber+strict"}}},{"type":"note","content":"C","object_marking_refs":["marking-definition--a"]}]}`,
			"= a.json a STIX bundle\n1 paragraph (TLP:AMBER+STRICT) note:\nC",
		},
		{`{"type":"bundle","id":"b","objects":[{"type":"artifact","payload_bin":"` + data + `"}]}`, "= a.json a STIX bundle\n= a.json: payload_bin plain text\nraw Carried text."},
		{`{"Event":{"info":"I","Attribute":[{"type":"attachment","value":"n.txt","data":"` + data + `"}]}}`, "= a.json a MISP event\n1 title I\n1 list attachment: n.txt\n= a.json: n.txt plain text\nraw Carried text."},
	} {
		if got := shown(format.Open("a.json", []byte(c.src))); got != c.want {
			t.Errorf("%s\nnot\n%s", got, c.want)
		}
	}
}

// The alternative text of a picture on a slide is read.
func TestSlideDescription(t *testing.T) {
	src := zipped(t, [2]string{"ppt/presentation.xml", "<p/>"}, [2]string{"ppt/slides/slide1.xml", `<p:sld xmlns:p="p"><p:cNvPr id="1" name="Picture 1" descr="crates"/></p:sld>`})
	if got, want := shown(format.Open("s.pptx", []byte(src))), "= s.pptx slides (PPTX)\na description: crates"; got != want {
		t.Error(got)
	}
}
