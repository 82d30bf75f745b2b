package document_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/edge/exchange/document"
	"cordon/marking"
	"cordon/marking/de"
	"cordon/marking/eu"
	"cordon/marking/nato"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

// became says what becomes of a file under the default marking U: the marking of
// each portion with the title before it where it has its own, then warnings, or
// what is refused and where.
func became(t *testing.T, name, text string) string {
	t.Helper()
	set := marking.NewSet(us.Scheme(), tlp.Scheme(), nato.Scheme(), eu.Scheme(), de.Scheme())
	def, err := set.Parse("U")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for d, err := range document.Read(name, strings.NewReader(text), document.Options{Schemes: set, DefaultMark: def}) {
		if err != nil {
			for _, i := range issuesOf(err) {
				out = append(out, fmt.Sprintf("refused %d:%d", i.Line, i.Column))
			}
			if cordon.KindOf(err) != cordon.KindInvalid {
				out = append(out, err.Error())
			}
			continue
		}
		for _, p := range d.Portions {
			out = append(out, p.Marks.Portion())
		}
		for _, w := range d.Warnings {
			out = append(out, fmt.Sprintf("warned %d:%d", w.Line, w.Column))
		}
	}
	return strings.Join(out, ", ")
}

// What is marked where people mark it comes in so, or is refused; in every format.
func TestMarksOfAllForms(t *testing.T) {
	t.Parallel()
	mail := func(subject string) string {
		return "From: a@x.example\nTo: b@y.example\nSubject: " + subject + "\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\nThe courier met nobody.\n"
	}
	for _, c := range []struct{ name, text, want string }{
		{"a.md", "**TOP SECRET** — the courier", "refused 1:3"},
		{"a.md", "- fine\n- SECRET: the courier", "refused 2:3"},
		{"a.md", "## SECRET: harbour\n\nThe courier", "refused 1:4"},
		{"a.md", "| a |\n|---|\n| SECRET: the courier |", "refused 3:3"},
		{"a.md", "<table><tr><td>x</td><td>(S//NF) the courier</td></tr></table>", "refused 1:26"},
		{"a.html", "<html><body><p><b>SECRET</b> the courier</p></body></html>", "refused 1:1"},
		{"a.html", "<html><body><table><tr><th>name<th>Classification<tr><td>pier<td>Secret</table></body></html>", "refused 1:10"},
		{"a.srt", "1\n00:00:01,000 --> 00:00:04,000\nSECRET: the courier\n", "refused 3:1"},
		{"a.vtt", "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>TOP SECRET - the courier\n", "refused 4:6"},
		{"a.csv", "name,classification\npier,SECRET\n", "refused 2:6"},
		{"a.txt", "{S//NF} the courier", "S//NF"},
		{"a.txt", "{vocal} the courier", "U"},
		// The subject of a mail marks all of it.
		{"a.eml", mail("SECRET: harbour"), "S, S"},
		{"a.eml", mail("[SECRET] harbour"), "S, S"},
		{"a.eml", mail("Re: TOP SECRET - harbour"), "TS, TS"},
		{"a.eml", mail("AW: WG: [Geheim] harbour"), "(U)(Geh.), (U)(Geh.)"},
		{"a.eml", mail("harbour - NATO SECRET"), "(U)(NS), (U)(NS)"},
		{"a.eml", mail("Fwd: EU LIMITE: harbour"), "refused 3:6"},
		{"a.eml", mail("Secret recipes"), "U, U"},
		// A mark behind what it could mark.
		{"a.txt", "The courier.\n(S//NF)\n\nThe pier.", "refused 2:1"},
		{"a.txt", "(U) The courier.\n(S//NF)\n\n(U) The pier.", "refused 2:1"},
		{"a.txt", "The pier.\n\nThe courier.\n\n(S//NF)", "refused 5:1"},
		{"a.txt", "(S//NF) The courier.\n(S//NF)\n\nThe pier.", "S//NF"},
		{"a.txt", "(S//NF)\nThe courier.", "S//NF"},
		{"a.srt", "1\n00:00:01,000 --> 00:00:04,000\nfine\n(S//NF)\n\n2\n00:00:05,000 --> 00:00:06,000\nthe courier\n", "refused 4:1"},
		{"a.md", "# Harbour (S//NF)\n\nThe courier.", "refused 1:11"},
		{"a.md", "The courier is late. (S//NF)", "U, warned 1:22"},
		// Letters that count, and the sign of a copyright.
		{"a.txt", "(A) one\n\n(B) two\n\n(C) three\n\n(D) four", "U, U, U, U, warned 5:1"},
		{"a.txt", "(A) one\n(B) two\n(C) three", "U, U, warned 3:1"},
		{"a.txt", "(B) two\n\n(C) three", "U, C"},
		{"a.txt", "(A) one\n\n(C) three", "U, C"},
		{"a.txt", "(C) 2024 Acme Corp. All rights reserved.", "U, warned 1:1"},
		{"a.txt", "(C) 2019-2024 Acme Ltd\n\nThe pier.", "U, U, warned 1:1"},
		{"a.txt", "(C) 2024 was a bad year for couriers.", "C"},
		{"a.txt", "(S) The courier.\n\n(C) 2024 Harbour Operations\n\nThe pier.", "C, U"},
		// The classification authority block.
		{"a.txt", "Classified By: J. Doe\nDerived From: X\n\nThe courier.", "refused 1:1"},
		{"a.md", "The courier.\n\n**Declassify On:** 20301231", "refused 3:3"},
		{"a.txt", "(S) The courier.\n\n(U) The pier.\n\nClassified By: J. Doe", "U, U"},
		{"a.txt", "Derived From: the base class\n\nThe pier.", "U, U"},
		{"a.jsonl", `{"title":"x","titleMarking":"U","portions":[{"marking":"U","text":"Declassify On: 20301231"}]}`, "refused 1:0"},
	} {
		if got := became(t, c.name, c.text); got != c.want {
			t.Errorf("%s %q: %s, not %s", c.name, c.text, got, c.want)
		}
	}
}

// A mark that stands apart from its name, in an attribute, in a field before the
// text, in a tag, or where only a program looks, holds as any other does.
func TestMarksApart(t *testing.T) {
	t.Parallel()
	const text = "The courier met nobody."
	front := func(fields string) string { return "---\ntitle: x\n" + fields + "\n---\n" + text + "\n" }
	event := func(tag string) string {
		return `{"Event":{"info":"I","Attribute":[{"type":"comment","value":"zz",` + tag + `}]}}`
	}
	misp := func(name string) string {
		return event(`"Tag":[{"name":"` + strings.ReplaceAll(name, `"`, `\"`) + `"}]`)
	}
	bundle := func(fields string) string {
		return `{"type":"bundle","id":"b","objects":[{"type":"report","name":"N","description":"D",` + fields + `}]}`
	}
	slide := func(paragraph string) string {
		return zippedFiles(t, "ppt/presentation.xml", "<p/>", "ppt/slides/slide1.xml", `<p:sld xmlns:p="p" xmlns:a="a">`+paragraph+`</p:sld>`)
	}
	signs := func(font string) string {
		word := ""
		for _, c := range "SECRET//NOFORN" {
			word += fmt.Sprintf(`<w:sym w:font="%s" w:char="F0%02X"/>`, font, c)
		}
		return zippedFiles(t, "word/document.xml", `<w:document xmlns:w="x"><w:body><w:p><w:r>`+word+`</w:r></w:p><w:p><w:r><w:t>`+text+`</w:t></w:r></w:p></w:body></w:document>`)
	}
	for _, c := range []struct{ name, text, refused string }{
		{"a.docx", signs("ArialMT"), "="},
		{"a.docx", signs("Wingdings"), ""}, // pictures
		{"a.md", "# TLP\n\nRED\n\n" + text, "TLP:RED"},
		{"a.md", "- TLP\n  - RED\n\n" + text, "TLP:RED"},
		{"a.md", "| TLP | RED |\n|---|---|\n| a | " + text + " |", "TLP:RED"},
		{"a.srt", "1\n00:00:01,000 --> 00:00:04,000\nTLP\n\n2\n00:00:05,000 --> 00:00:06,000\nRED\n", "TLP:RED"},
		{"a.html", "<html><body><dl><dt>TLP</dt><dd>RED</dd></dl><p>" + text + "</p></body></html>", "TLP:RED"},
		{"a.html", "<html><body><table><tr><td>TLP</td><td>RED</td></tr></table><p>" + text + "</p></body></html>", "TLP:RED"},
		{"a.pptx", slide("<a:p><a:r><a:t>TLP</a:t></a:r></a:p><a:p><a:r><a:t>RED</a:t></a:r></a:p>"), "TLP:RED"},
		// Attributes.
		{"a.xml", `<doc xmlns:ism="urn:us:gov:ic:ism"><p ism:classification="S" ism:disseminationControls="NF">` + text + `</p></doc>`, "S//NF"},
		{"a.xml", `<doc><p classification="SECRET">` + text + `</p></doc>`, "SECRET"},
		{"a.zip", zippedFiles(t, "a.xml", `<doc><p classification="SECRET">`+text+`</p></doc>`), "SECRET"},
		{"a.html", `<html><body><p ism:classification="TS" ism:disseminationControls="NF">` + text + `</p></body></html>`, "TS//NF"},
		{"a.html", `<html><body data-marking="secret"><p data-tlp="red">` + text + `</p></body></html>`, "TLP:RED"},
		{"a.html", `<html><body><a classification="S" href="x">` + text + `</a></body></html>`, "marked S,"},
		// Front matter.
		{"a.md", front("tlp:\n  red"), "TLP:RED"},
		{"a.md", front("tlp:\n- red"), "TLP:RED"},
		{"a.md", front("tlp: |\n  red"), "TLP:RED"},
		{"a.md", front("tlp: >-\n  red"), "TLP:RED"},
		{"a.md", front("tlp:\n  level: red"), "TLP:RED"},
		{"a.md", front("tlp: !!str red"), "TLP:RED"},
		{"a.md", front(`tlp: "\x52ED"`), "TLP:RED"},
		{"a.md", front("? tlp\n: red"), "TLP:RED"},
		{"a.md", front("a: &x red\ntlp: *x"), "TLP:RED"},
		{"a.md", front("doc_tlp: RED"), "TLP:RED"},
		{"a.txt", front("x_tlp: red"), "TLP:RED"},
		{"a.md", front("classification: s"), "S"},
		{"a.md", front("tlp: {red"), "cannot be read"},
		{"a.md", front("tags: [c, s, u]"), ""},
		{"a.md", front("classification: mammals"), ""},
		// MISP and STIX.
		{"a.json", misp(`dni-ism:classification:all="R"`), "whose classification"},
		{"a.json", misp(`dni-ism:scicontrols="SI"`), "classification:us"},
		{"a.json", misp(`dni-ism:nonic="LES"`), "classification:us"},
		{"a.json", misp(`dni-ism:disseminationcontrols="NF"`), "cannot be read"},
		{"a.json", misp(`restricted`), "RESTRICTED"},
		{"a.json", misp(`phishing`), ""},
		{"a.json", bundle(`"x_classification":"secret"`), "secret"},
		// Where only a program looks.
		{"a.pptx", slide(`<a:p><a:pPr><a:buChar char="(S//NF)"/></a:pPr><a:r><a:t>` + text + `</a:t></a:r></a:p>`), "="},
		{"a.eml", "From: a@x.example\nSubject: Tide [DLM=Sensitive:Cabinet]\n\n" + text, "DLM"},
		{"a.eml", "From: a@x.example\nSubject: Tide [SEC=UNCLASSIFIED, DLM=For-Official-Use-Only]\n\n" + text, "DLM"},
		{"a.eml", "From: a@x.example\nSubject: Tide\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\nX-Classification: SECRET\n\n" + text + "\n--B--\n", "SECRET"},
		{"a.jsonl", `{"title":"x","titleMarking":"U","ref":"SECRET//NOFORN","portions":[{"marking":"U","text":"y"}]}`, "SECRET//NOFORN"},
	} {
		set := marking.NewSet(us.Scheme(), tlp.Scheme(), nato.Scheme(), eu.Scheme(), de.Scheme())
		def, err := set.Parse("U")
		if err != nil {
			t.Fatal(err)
		}
		refused := ""
		var marks []string
		for d, err := range document.Read(c.name, strings.NewReader(c.text), document.Options{Schemes: set, DefaultMark: def}) {
			if err != nil {
				refused += fmt.Sprint(issuesOf(err), err)
			}
			marks = append(marks, d.Marks.Portion())
		}
		if c.refused == "=" {
			if got := strings.Join(marks, " "); got != "S//NF" {
				t.Errorf("%s %q: %s %s", c.name, c.text, got, refused)
			}
			continue
		}
		if !strings.Contains(refused, c.refused) || (refused == "") != (c.refused == "") {
			t.Errorf("%s %.300q: %v, refused %q, not %q", c.name, c.text, marks, refused, c.refused)
		}
	}
	// These give the text its marking.
	for _, c := range []struct{ name, text, want string }{
		{"a.json", event(`"AttributeTag":[{"Tag":{"name":"tlp:red"}}]`), "TLP:RED"},
		{"a.json", misp(`iep:traffic-light-protocol="RED"`), "TLP:RED"},
		{"a.json", event(`"Tag":[{"name":"dni-ism:classification:us=\"TS\""},{"name":"dni-ism:scicontrols=\"SI\""},{"name":"dni-ism:dissem=\"NF\""}]`), "TS//SI//NF"},
		{"a.json", bundle(`"x_tlp":"red"`), "TLP:RED"},
		{"a.json", `{"type":"bundle","objects":[{"type":"report","name":"N","object_marking_refs":["marking-definition--1"]},
			{"type":"marking-definition","id":"marking-definition--1","definition":{"statement":"Of us."},"object_marking_refs":["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"]}]}`, "TLP:RED"},
		{"a.json", `{"type":"bundle","object_marking_refs":["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"],"objects":[{"type":"report","name":"N"}]}`, "TLP:RED"},
		{"a.zip", zippedComment(t, "TLP:RED", "a.md", text), "TLP:RED"},
	} {
		if got := became(t, c.name, c.text); !strings.Contains(got, c.want) || strings.Contains(got, "refused") {
			t.Errorf("%s %.300q: %s, not %s", c.name, c.text, got, c.want)
		}
	}
}

// zippedComment is an archive of one file with a comment on it.
func zippedComment(tb testing.TB, comment, name, text string) string {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		tb.Fatal(err)
	}
	w.Write([]byte(text))
	if err := z.SetComment(comment); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}
