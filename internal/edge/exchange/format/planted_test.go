package format_test

import (
	"strings"
	"testing"

	"cordon/internal/edge/exchange/format"
	"cordon/wire"
)

// Wherever words are planted in a file, they are compared: what no program shows
// as the text of a file is still in the file.
func TestPlantedWordsAreRead(t *testing.T) {
	t.Parallel()
	const planted = "eleven crates at the pier"
	workbook := func(sheet string, more ...[2]string) string {
		return zipped(t, append([][2]string{
			{"xl/workbook.xml", `<workbook><sheets><sheet name="a" r:id="r1"/></sheets><definedNames><definedName name="x" comment="` + planted + `">1</definedName></definedNames></workbook>`},
			{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
			{"xl/sharedStrings.xml", `<sst><si><t>shown</t></si></sst>`},
			{"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c t="s"><v>0</v></c></row></sheetData>` + sheet + `</worksheet>`},
		}, more...)...)
	}
	bare := func(sheet string, more ...[2]string) string {
		return strings.Replace(workbook(sheet, more...), ` comment="`+planted+`"`, strings.Repeat(" ", len(planted)+11), 1)
	}
	slides := func(more ...[2]string) string {
		return zipped(t, append([][2]string{
			{"ppt/presentation.xml", `<p:presentation/>`},
			{"ppt/slides/slide1.xml", `<p:sld><p:sp><a:p><a:r><a:t>shown</a:t></a:r></a:p></p:sp></p:sld>`},
		}, more...)...)
	}
	unused := zipped(t,
		[2]string{"xl/workbook.xml", `<workbook><sheets><sheet name="shown" r:id="r1"/></sheets></workbook>`},
		[2]string{"xl/sharedStrings.xml", `<sst><si><t>` + planted + `</t></si></sst>`})
	for name, src := range map[string]string{
		"a.xlsx unused string":     unused,
		"a.xlsx defined name":      workbook(""),
		"a.xlsx formula":           bare(`<sheetData><row><c><f>IF(A1=1,"` + planted + `","")</f><v>1</v></c></row></sheetData>`),
		"a.xlsx validation prompt": bare(`<dataValidations><dataValidation prompt="` + planted + `"/></dataValidations>`),
		"a.xlsx validation list":   bare(`<dataValidations><dataValidation><formula1>"` + planted + `"</formula1></dataValidation></dataValidations>`),
		"a.xlsx tooltip":           bare(`<hyperlinks><hyperlink ref="A1" tooltip="` + planted + `"/></hyperlinks>`),
		"a.xlsx link":              bare("", [2]string{"xl/worksheets/_rels/sheet1.xml.rels", `<Relationships><Relationship Id="r9" Type="x/hyperlink" TargetMode="External" Target="https://a.example/?q=` + planted + `"/></Relationships>`}),
		"a.xlsx pivot cache":       bare("", [2]string{"xl/pivotCache/pivotCacheRecords1.xml", `<pivotCacheRecords><r><s v="` + planted + `"/></r></pivotCacheRecords>`}),
		"a.xlsx pivot field":       bare("", [2]string{"xl/pivotCache/pivotCacheDefinition1.xml", `<d><cacheField name="` + planted + `"><sharedItems><s v="x"/></sharedItems></cacheField></d>`}),
		"a.xlsx number format":     bare("", [2]string{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="165" formatCode="&quot;` + planted + `&quot;0"/></numFmts></styleSheet>`}),
		"a.xlsx table column":      bare("", [2]string{"xl/tables/table1.xml", `<table><tableColumns><tableColumn name="` + planted + `"/></tableColumns></table>`}),
		"a.xlsx external book":     bare("", [2]string{"xl/externalLinks/externalLink1.xml", `<externalLink><sheetData><row><cell><v>` + planted + `</v></cell></row></sheetData></externalLink>`}),
		"a.xlsx comment":           bare("", [2]string{"xl/comments1.xml", `<comments><comment><text><t>` + planted + `</t></text></comment></comments>`}),
		"a.xlsx property":          bare("", [2]string{"docProps/core.xml", `<c:coreProperties><dc:title>` + planted + `</dc:title></c:coreProperties>`}),
		"a.xlsx chart":             bare("", [2]string{"xl/charts/chart1.xml", `<c:chart><c:strCache><c:pt><c:v>` + planted + `</c:v></c:pt></c:strCache></c:chart>`}),
		"a.pptx fallback":          slides([2]string{"ppt/slides/slide2.xml", `<p:sld><mc:AlternateContent><mc:Choice/><mc:Fallback><p:sp><a:p><a:r><a:t>` + planted + `</a:t></a:r></a:p></p:sp></mc:Fallback></mc:AlternateContent></p:sld>`}),
		"a.pptx fallback of text":  slides([2]string{"ppt/slides/slide2.xml", `<p:sld><mc:Fallback><v:textpath string="` + planted + `"/></mc:Fallback></p:sld>`}),
		"a.pptx chart cache":       slides([2]string{"ppt/charts/chart1.xml", `<c:chart><c:cat><c:strCache><c:pt><c:v>` + planted + `</c:v></c:pt></c:strCache></c:cat></c:chart>`}),
		"a.pptx tag":               slides([2]string{"ppt/tags/tag1.xml", `<p:tagLst><p:tag name="N" val="` + planted + `"/></p:tagLst>`}),
		"a.pptx link's tip":        slides([2]string{"ppt/slides/slide2.xml", `<p:sld><a:hlinkClick tooltip="` + planted + `"/></p:sld>`}),
		"a.pptx custom xml":        slides([2]string{"customXml/item1.xml", `<r><x>` + planted + `</x></r>`}),
		"a.pptx old drawing":       slides([2]string{"ppt/drawings/vmlDrawing1.vml", `<xml><v:shape alt="` + planted + `"/></xml>`}),
		"a.html data attribute":    `<!doctype html><p data-note="` + planted + `">shown</p>`,
		"a.html title":             `<!doctype html><p title="` + planted + `">shown</p>`,
		"a.html alt":               `<!doctype html><p>shown<img alt="` + planted + `"></p>`,
		"a.html other attribute":   `<!doctype html><p onclick="say('` + planted + `')">shown</p>`,
		"a.html property":          `<!doctype html><meta property="og:description" content="` + planted + `"><p>shown</p>`,
		"a.json STIX key":          `{"type":"bundle","objects":[{"type":"note","content":"shown","x":{"` + planted + `":["y"]}}]}`,
		"a.json STIX beside":       `{"type":"bundle","x_note":"` + planted + `","objects":[{"type":"note","content":"shown"}]}`,
		"a.json STIX plain field":  `{"type":"bundle","objects":[{"type":"note","content":"shown","lang":"` + planted + `"}]}`,
		"a.json STIX definition":   `{"type":"bundle","objects":[{"type":"marking-definition","id":"m","definition":{"statement":"` + planted + `"}},{"type":"note","content":"shown"}]}`,
		"a.json MISP key":          `{"Event":{"info":"shown","Attribute":[{"type":"text","value":"x","` + planted + `":{"a":"b"}}]}}`,
		"a.json MISP beside":       `{"note":"` + planted + `","Event":{"info":"shown"}}`,
	} {
		file, _, _ := strings.Cut(name, " ")
		f := format.Open(file, []byte(src))
		if text := f.Text().Text; !strings.Contains(text, planted) || !strings.Contains(text, "shown") {
			t.Errorf("%s: %q %v", name, text, f.AllLost())
		}
	}
}

// What was compared of an archive is each file in it, and a passage says in which
// one it stands.
func TestArchivesAreToldFileByFile(t *testing.T) {
	t.Parallel()
	text, err := format.ForComparison("z.zip", []byte(zipped(t, [2]string{"a.txt", "One.\nTwo.\n"}, [2]string{"b.txt", "Three.\n"})))
	if err != nil {
		t.Fatal(err)
	}
	out := wire.Scanned{Hits: []wire.TracedPortion{{Passages: []wire.Passage{{Line: 2, EndLine: 2}, {Line: 3, EndLine: 3}}}}}
	text.TellScan(&out)
	if got := strings.Join(out.Compared.Files, ", "); got != "z.zip: a.txt (plain text), z.zip: b.txt (plain text)" {
		t.Error(got)
	}
	if p := out.Hits[0].Passages; p[0].File != "z.zip: a.txt" || p[0].Line != 2 || p[1].File != "z.zip: b.txt" || p[1].Line != 1 {
		t.Errorf("%+v", p)
	}
}
