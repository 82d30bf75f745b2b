package pdf_test

import (
	"fmt"
	"strings"
	"testing"

	"cordon/internal/edge/exchange/parts"
	"cordon/internal/edge/exchange/pdf"
)

// file makes a PDF of pages, each with the lines that are drawn on it.
func file(pages ...string) []byte {
	var b strings.Builder
	var offsets []int
	object := func(text string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), text)
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 4+2*i))
	}
	object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(pages)))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	for i, text := range pages {
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 5+2*i))
		var draw strings.Builder
		for j, l := range strings.Split(text, "\n") {
			if l != "" {
				fmt.Fprintf(&draw, "BT /F1 12 Tf 50 %d Td (%s) Tj ET\n", 700-20*j, strings.NewReplacer("(", "\\(", ")", "\\)").Replace(l))
			}
		}
		object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", draw.Len(), draw.String()))
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return []byte(b.String())
}

func TestPDF(t *testing.T) {
	var r pdf.Reader
	defer r.Close()
	f := r.Read("a.pdf", file("SECRET//NOFORN\n(S//NF) The courier met the\nquartermaster.", "", "Page three."), parts.NewBudget())
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
		if f := r.Read("b.pdf", src, parts.NewBudget()); len(f.Lost) != 1 || !strings.Contains(f.Lost[0].Problem, "this is a PDF, and it is broken") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if f := r.Read("c.pdf", file(""), parts.NewBudget()); len(f.Lost) != 1 || !strings.Contains(f.Lost[0].Problem, "only pictures") {
		t.Errorf("%+v", f)
	}
}
