package document_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"cordon/internal/edge/exchange/document"
)

// zippedFiles is an archive of names and texts.
func zippedFiles(tb testing.TB, all ...string) string {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(all); i += 2 {
		w, err := z.Create(all[i])
		if err != nil {
			tb.Fatal(err)
		}
		w.Write([]byte(all[i+1]))
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// A property that says how the whole file is marked is held against its text.
func TestPropertiesTell(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"a.html": `<!doctype html><meta name="classification" content="SECRET//NOFORN"><p>(U) The pier.</p>`,
		"a.docx": zippedFiles(t, "word/document.xml", `<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>(U) The pier.</w:t></w:r></w:p></w:body></w:document>`,
			"docMetadata/LabelInfo.xml", `<l:labelList xmlns:l="x"><l:label id="1" name="SECRET//NOFORN"/></l:labelList>`),
		"a.xlsx": zippedFiles(t, "xl/workbook.xml", `<workbook><sheets><sheet name="(U) a" id="r1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<R><Relationship Id="r1" Type="worksheet" Target="worksheets/sheet1.xml"/></R>`,
			"xl/worksheets/sheet1.xml", `<s><sheetData><row><c t="str"><v>(U) The pier.</v></c></row></sheetData></s>`,
			"docProps/custom.xml", `<P><property name="Class"><lpwstr>SECRET//NOFORN</lpwstr></property></P>`),
	} {
		o := opts()
		o.DefaultMark = mustParse(t, "U")
		for _, err := range document.Read(name, strings.NewReader(src), o) {
			if err == nil || !strings.Contains(err.Error(), "says that it is marked SECRET//NOFORN") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// An attachment does not come in freer than the mail it is attached to: without a
// mark of its own it takes the mail's, and with a mail that is refused it is
// refused.
func TestAttachmentsTakeTheMarkOfTheirMail(t *testing.T) {
	t.Parallel()
	mail := func(subject, field, body, attached string) string {
		return "From: a@b.example\nSubject: " + subject + "\n" + field + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n--X\nContent-Type: text/plain\n\n" + body +
			"\n--X\nContent-Type: text/plain; name=n.md\nContent-Disposition: attachment; filename=n.md\n\n" + attached + "\n--X--\n"
	}
	inMail := "--Y\nContent-Type: text/plain\n\nInner.\n--Y\nContent-Disposition: attachment; filename=m.txt\n\nDeep.\n--Y--\n"
	for _, c := range []struct{ name, src, want string }{
		{"no mark anywhere", mail("Tide", "", "The pier.", "The crates."), "TLP:GREEN; TLP:GREEN"},
		{"in the subject", mail("TLP:RED - tide", "", "The pier.", "The crates."), "TLP:RED; TLP:RED"},
		{"in the body", mail("Tide", "", "TLP:AMBER\n\nThe pier.", "The crates."), "TLP:AMBER; TLP:AMBER"},
		{"of a portion", mail("Tide", "", "(TLP:AMBER) The pier.", "The crates."), "TLP:AMBER; TLP:AMBER"},
		{"lower by itself", mail("TLP:RED - tide", "", "The pier.", "(TLP:GREEN) The crates."), "TLP:RED; TLP:GREEN does not cover"},
		{"higher by itself", mail("Tide", "", "The pier.", "(TLP:RED) The crates."), "TLP:GREEN; TLP:RED"},
		{"the mail is refused", mail("Tide", "X-Classification: TLP:RED\n", "The pier.", "The crates."), "refused; refused"},
		{"a mail in it", "From: a@b.example\nSubject: TLP:RED\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n--X\nContent-Type: message/rfc822\n\n" +
			"From: c@d.example\nSubject: Inner\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=Y\n\n" + inMail + "--X--\n", "TLP:RED; TLP:RED; TLP:RED"},
		{"in the name", strings.Replace(mail("Tide", "", "The pier.", "The crates."), "filename=n.md", `filename="(TLP:RED) n.md"`, 1), "TLP:GREEN; TLP:RED"},
		{"in the name, and lower by itself", strings.Replace(mail("Tide", "", "The pier.", "(TLP:AMBER) The crates."), "filename=n.md", `filename="TLP-RED n.md"`, 1), "TLP:GREEN; refused"},
		{"in the name of a folder", zippedFiles(t, "tide/TLP-RED/a.md", "The pier.\n", "b.md", "The crates.\n"), "TLP:GREEN; TLP:RED"},
		{"unreadable in the name of a folder", zippedFiles(t, "NATO_SECRET/a.md", "The pier.\n"), "refused"},
		{"in the name of a folder, for archives in it", zippedFiles(t, "TLP:RED/in.zip", zippedFiles(t, "a.md", "The pier.\n")), "TLP:RED"},
		{"an archive beside", zippedFiles(t, "a.md", "TLP:RED\n\nThe pier.\n", "b.md", "The crates.\n"), "TLP:RED; TLP:GREEN"},
	} {
		o := opts()
		o.DefaultMark = mustParse(t, "TLP:GREEN")
		var got []string
		for d, err := range document.Read("a.eml", strings.NewReader(c.src), o) {
			if err != nil {
				got = append(got, "refused")
				continue
			}
			said := d.Marks.Portion()
			if text := fmt.Sprint(d.Warnings); strings.Contains(text, "does not cover") {
				said += " does not cover"
			}
			got = append(got, said)
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s: %s, not %s", c.name, got, c.want)
		}
	}
}
