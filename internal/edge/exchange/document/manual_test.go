package document_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/edge/exchange/document"
	"cordon/internal/harness/sample"
)

const manual = "ic-markings-manual.md"

// expected is what a test knows of a manual.
type expected struct {
	title                             string // how it begins
	marked                            int    // and the counts are least ones
	tables, headings, items, captions int
	begins                            []begin
	quotes                            []string // each whole in one portion
}

type begin struct {
	kind cordon.PortionKind
	line int
	own  bool
	text string // how it begins
}

var ourManual = expected{
	title:  "Handbook of Markings of the Liaison Office",
	marked: 68, tables: 2, headings: 13, items: 7, captions: 4,
	begins: []begin{
		{cordon.PortionParagraph, 5, true, "Note - This handbook"},
		{cordon.PortionListItem, 15, true, "1. Why the office marks..."},
		{cordon.PortionCaption, 21, true, "Table 2: Banners"},
		{cordon.PortionHeading, 28, true, "A. WHY THE OFFICE MARKS"},
		{cordon.PortionListItem, 48, true, "The registrar signs for the copy"},
		{cordon.PortionListItem, 49, false, "Nobody signs for somebody else."},
		{cordon.PortionParagraph, 73, false, "and whose second half"},
		{cordon.PortionTable, 99, false, "| Mark | Shelf | Key held by |\n| --- | --- | --- |\n| folders under (U//FOUO) |"},
		{cordon.PortionCaption, 152, true, "Exhibit 2. The stamp"},
		{cordon.PortionParagraph, 193, true, "After a year the owner"},
	},
	quotes: []string{
		"whichever is reached first by a reader who goes through the page from the top.",
		"(//JOINT S CAN USA//REL TO USA, CAN)",
		"| of the alliance | //COSMIC TOP SECRET//BOHEMIA |",
	},
}

var realManual = expected{
	title:  "Intelligence Community Markings System Register",
	marked: 1200, tables: 10, headings: 40, items: 900, captions: 5,
	begins: []begin{
		{cordon.PortionParagraph, 5, true, "Note - Published changes"},
		{cordon.PortionParagraph, 11, true, "Note:   Certain security markings"},
		{cordon.PortionListItem, 44, true, "1. Authority..."},
		{cordon.PortionListItem, 199, false, "Updated effective date and points of contact."},
		{cordon.PortionHeading, 270, true, "2. Purpose"},
		{cordon.PortionTable, 298, false, "| Artifact | Description |\n| --- | --- |\n| Register |"},
		{cordon.PortionHeading, 354, true, "B. GENERAL MARKINGS GUIDANCE"},
		{cordon.PortionParagraph, 499, true, "Per 32 CFR 2001 (ISOO Implementing Directive)"},
		{cordon.PortionListItem, 527, false, "Some portions of a SECRET//NOFORN document"},
		{cordon.PortionHeading, 724, true, "F. Legacy Control Markings"},
		{cordon.PortionListItem, 727, true, "Legacy control markings: Unauthorized"},
		{cordon.PortionParagraph, 1120, true, "(U)"},
	},
	quotes: []string{
		"The banner line must follow the order and syntax of the classification and control markings documented in the Register",
		"consideration should be given to applying portion marks to each segment.",
	},
}

func TestManual(t *testing.T) { sample.Each(t, readManual) }

func readManual(t *testing.T, s sample.Set) {
	src, want := s.Read(t, manual), sample.Pick(s, ourManual, realManual)
	d, err := document.ReadMarkdown(manual, bytes.NewReader(src), quoted())
	if err != nil {
		t.Fatal(err, issuesOf(err))
	}
	if d.Banner != "UNCLASSIFIED" || !strings.HasPrefix(d.Title.Text, want.title) || d.Title.Inherited {
		t.Errorf("banner %q, title %+v", d.Banner, d.Title)
	}
	marked := 0
	count := map[cordon.PortionKind]int{}
	for _, p := range d.Portions {
		count[p.Kind]++
		if !p.Inherited {
			marked++
		}
		if p.Marks.String() != "(U)" {
			t.Errorf("line %d is marked %s", p.Line, p.Marks)
		}
		if strings.HasPrefix(p.Text, "(U)") && p.Text != "(U)" {
			t.Errorf("line %d keeps its mark: %.60q", p.Line, p.Text)
		}
		for l := range strings.SplitSeq(p.Text, "\n") {
			if strings.HasPrefix(l, "begin page") || strings.HasPrefix(l, "end page") || strings.TrimSpace(l) == "---" || strings.TrimSpace(l) == "UNCLASSIFIED" {
				t.Errorf("line %d has page furniture: %q", p.Line, l)
			}
		}
	}
	if marked < want.marked {
		t.Errorf("%d portions marked, want at least %d", marked, want.marked)
	}
	if count[cordon.PortionTable] < want.tables || count[cordon.PortionHeading] < want.headings || count[cordon.PortionListItem] < want.items || count[cordon.PortionCaption] < want.captions {
		t.Errorf("kinds: %v", count)
	}
	t.Logf("%d portions, %d with a mark of their own, %v", len(d.Portions), marked, count)

	for _, c := range want.begins {
		i := slices.IndexFunc(d.Portions, func(p document.Portion) bool { return p.Line == c.line })
		if i < 0 {
			t.Errorf("no portion begins on line %d", c.line)
			continue
		}
		if p := d.Portions[i]; p.Kind != c.kind || p.Inherited == c.own || !strings.HasPrefix(p.Text, c.text) {
			t.Errorf("line %d is %s inherited=%v %.60q, want %+v", c.line, p.Kind, p.Inherited, p.Text, c)
		}
	}
	for _, quote := range want.quotes {
		n := 0
		for _, p := range d.Portions {
			if strings.Contains(p.Text, quote) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%q stands whole in %d portions", quote, n)
		}
	}
}

// Written and read again, the manual is the same, but for the kinds that hang
// on structure.
func TestManualWritten(t *testing.T) { sample.Each(t, manualWritten) }

func manualWritten(t *testing.T, s sample.Set) {
	d, err := document.ReadMarkdown(manual, bytes.NewReader(s.Read(t, manual)), quoted())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := document.WriteMarkdown(&b, d); err != nil {
		t.Fatal(err)
	}
	o := quoted()
	o.Unmarked = document.Refuse
	again, err := document.ReadMarkdown("again.md", &b, o)
	if err != nil {
		t.Fatal(err, issuesOf(err))
	}
	if !slices.Equal(saidBy(d.Portions), saidBy(again.Portions)) || again.Banner != d.Banner {
		t.Error("the manual changed on its way out and in")
	}
}

func BenchmarkMarkdown(b *testing.B) {
	src := sample.Largest(b).Read(b, manual)
	o := quoted()
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := document.ReadMarkdown("manual.md", bytes.NewReader(src), o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSONL(b *testing.B) {
	o := quoted()
	d, err := document.ReadMarkdown("manual.md", bytes.NewReader(sample.Largest(b).Read(b, manual)), o)
	if err != nil {
		b.Fatal(err)
	}
	var src bytes.Buffer
	for at := 0; at+50 <= len(d.Portions); at += 50 {
		part := d
		part.Portions = d.Portions[at : at+50]
		if err := document.WriteJSONL(&src, part); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(src.Len()))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range document.ReadJSONL("manual.jsonl", bytes.NewReader(src.Bytes()), o) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
