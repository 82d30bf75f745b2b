package office_test

import (
	"archive/zip"
	"bytes"
	"html"
	"regexp"
	"strings"
	"testing"

	"cordon/internal/edge/exchange/office"
	"cordon/internal/edge/exchange/parts"
)

var textElement = regexp.MustCompile(`<t>([^<]*)</t>`)

// Each text element of a slide or of a sheet's strings is read, or the file is
// refused by name.
func FuzzOffice(f *testing.F) {
	f.Add(true, `<sld><sp><p><r><t>The red fox.</t></r></p></sp><tbl><tr><tc><p><r><t>a|b</t></r></p></tc></tr></tbl></sld>`)
	f.Add(true, `<sld show="0"><fld type="slidenum"><t>7</t></fld><br/><cNvPr descr="a picture of it"/></sld>`)
	f.Add(false, `<sst><si><t>one</t></si><si><r><t>two</t></r><rPh><t>reading</t></rPh></si></sst>`)
	f.Add(false, `<sst><si><t>&amp;#40;S//NF) x</t></si></sst>`)
	f.Fuzz(func(t *testing.T, slides bool, text string) {
		if len(text) > 16<<10 {
			return
		}
		files := [][2]string{{"ppt/presentation.xml", "<p/>"}, {"ppt/slides/slide1.xml", text}}
		if !slides {
			files = [][2]string{
				{"xl/workbook.xml", `<workbook><sheets><sheet name="a" id="r1"/></sheets></workbook>`},
				{"xl/sharedStrings.xml", text},
				{"xl/_rels/workbook.xml.rels", `<R><Relationship Id="r1" Type="worksheet" Target="worksheets/sheet1.xml"/></R>`},
				{"xl/worksheets/sheet1.xml", `<s><sheetData><row><c t="s"><v>0</v></c></row></sheetData></s>`},
			}
		}
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, file := range files {
			w, err := z.Create(file[0])
			if err != nil {
				t.Fatal(err)
			}
			w.Write([]byte(file[1]))
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		a, err := parts.OpenArchive(b.Bytes(), parts.NewBudget())
		if err != nil {
			t.Fatal(err)
		}
		file := office.Read("a", office.Is(a), a, func(name string, src []byte) parts.File { return parts.File{Name: name, Raw: string(src)} })
		if len(file.Lost) > 0 {
			return
		}
		read := letters(file.Text().Text)
		for _, m := range textElement.FindAllStringSubmatch(text, -1) {
			if want := letters(html.UnescapeString(m[1])); len(want) > 1 && !strings.ContainsAny(m[1], "&\ufffd") && !strings.Contains(read, want) {
				t.Errorf("%q is lost of %q: %q", m[1], text, file.Text().Text)
			}
		}
	})
}

// letters are the letters and digits of ASCII in a text.
func letters(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}, strings.ReplaceAll(s, "<br>", ""))
}
