package document_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cordon"
	"cordon/internal/edge/exchange/document"
)

// rows are a table that Markdown can carry as it is.
const rows = "| a | b |\n| --- | --- |\n| 1\\|2 | * |"

// awkward are texts that some format has a meaning for.
var awkward = []string{
	"(S) ", "(S//NF)", "(U) ", "(TLP:AMBER) ", "a. (U)", "1. ", "12) ", "A. ", "- ", "* ", "+ ", "• ", "# ", "## ", " #", "> ",
	"```", "~~~", "---", "===", "***", "___", "| a | b |", "a | b", "--- | ---", ":-- | --", "a | b\n--- | ---", "|", "\n", "\n\n", "\n", " ", "    ", "\t", "\\", "\\(", "\\\\",
	"&amp;", "&#10;", "&", "&#x41;", "<br>", "<!-- x -->", "[a]: b", "[a](b)", "_x_", "snake_case", "*x*", "UNCLASSIFIED", "SECRET//NOFORN",
	"Page 3 of 7", "end page 3 SECRET", "begin page 2", "Table 3: (U) x", "Figure 1: ", "Note: ", "word", "Zürich", "日本", "\u00a0", "\u2028", "This table is SECRET.", "x.", "\ufeff",
}

func anyText(t *rapid.T, label string) string {
	piece := rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringMatching(`[a-z .,()&\\_*\n-]{0,12}`), rapid.String())
	text := strings.Join(rapid.SliceOfN(piece, 1, 8).Draw(t, label), "")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if strings.TrimSpace(text) == "" {
		text += "x"
	}
	return text
}

// anyDocument draws a document with marks that a banner of their roll-up
// covers.
func anyDocument(t *rapid.T) document.Document {
	set := schemes()
	mark := func(label string) document.Portion {
		m, err := set.Parse(rapid.SampledFrom([]string{"U", "S", "S//NF", "(S//NF)(TLP:AMBER)", "TS//SI//NF", "TLP:GREEN"}).Draw(t, label))
		if err != nil {
			t.Fatal(err)
		}
		return document.Portion{Marks: m}
	}
	d := document.Document{Title: mark("title mark")}
	d.Title.Kind, d.Title.Text = cordon.PortionTitle, anyText(t, "title")
	kinds := []cordon.PortionKind{cordon.PortionParagraph, cordon.PortionHeading, cordon.PortionListItem, cordon.PortionTable}
	for i := range rapid.IntRange(1, 6).Draw(t, "portions") {
		p := mark("mark")
		p.Kind, p.Text = rapid.SampledFrom(kinds).Draw(t, "kind"), anyText(t, fmt.Sprint("text ", i))
		if rapid.Bool().Draw(t, "rows") && p.Kind == cordon.PortionTable {
			p.Text = rows
		}
		d.Portions = append(d.Portions, p)
	}
	all := d.Title.Marks
	marks := append(d.Portions[:len(d.Portions):len(d.Portions)], document.Portion{Marks: all})
	if rapid.Bool().Draw(t, "banner") {
		d.Banner = banner(t, marks)
	}
	return d
}

type said struct{ Mark, Text string }

func said1(p document.Portion) said { return said{p.Marks.String(), p.Text} }

func saidBy(ps []document.Portion) []said {
	var out []said
	for _, p := range ps {
		out = append(out, said1(p))
	}
	return out
}

func TestMarkdownReadsBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDocument(t)
		got, written := again(t, d, document.WriteMarkdown, document.ReadMarkdown)
		if diff := cmp.Diff(said1(d.Title), said1(got.Title)); diff != "" {
			t.Fatalf("title: %s\n%s", diff, written)
		}
		if diff := cmp.Diff(saidBy(d.Portions), saidBy(got.Portions)); diff != "" {
			t.Fatalf("portions: %s\n%s", diff, written)
		}
		if got.Banner != d.Banner {
			t.Fatalf("banner %q, was %q\n%s", got.Banner, d.Banner, written)
		}
		for i, p := range got.Portions {
			was := d.Portions[i].Kind
			if p.Inherited || was != p.Kind && (was == cordon.PortionHeading || was == cordon.PortionListItem || was == cordon.PortionTable && p.Text == rows) {
				t.Fatalf("portion %d is a %s, was a %s\n%s", i, p.Kind, was, written)
			}
		}
	})
}

func TestTextReadsBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDocument(t)
		d.Title.Text = "A title"
		d.Portions = append(d.Portions, d.Portions[0]) // one alone would be the title
		got, written := again(t, d, document.WriteText, document.ReadText)
		for i := range d.Portions { // plain text has one end of line
			d.Portions[i].Text = strings.NewReplacer("\u2028", "\n", "\u2029", "\n").Replace(d.Portions[i].Text)
		}
		if diff := cmp.Diff(saidBy(append([]document.Portion{d.Title}, d.Portions...)), saidBy(append([]document.Portion{got.Title}, got.Portions...))); diff != "" {
			t.Fatalf("portions: %s\n%s", diff, written)
		}
	})
}

func TestJSONLReadsBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDocument(t)
		d.Ref = "R-1"
		for i := range d.Portions {
			d.Portions[i].Ref = fmt.Sprint("R-1/", i)
		}
		one := func(name string, r io.Reader, o document.Options) (document.Document, error) {
			for d, err := range document.ReadJSONL(name, r, o) {
				return d, err
			}
			return document.Document{}, io.EOF
		}
		got, written := again(t, d, document.WriteJSONL, one)
		if d.Title.Kind != got.Title.Kind || said1(d.Title) != said1(got.Title) || len(got.Portions) != len(d.Portions) {
			t.Fatal(written)
		}
		for i, p := range got.Portions {
			if was := d.Portions[i]; said1(p) != said1(was) || p.Kind != was.Kind || p.Ref != was.Ref {
				t.Fatalf("portion %d: %v, was %v", i, p, was)
			}
		}
	})
}

// again writes and reads a document.
func again(t *rapid.T, d document.Document, write func(io.Writer, document.Document) error,
	read func(string, io.Reader, document.Options) (document.Document, error),
) (document.Document, string) {
	var b bytes.Buffer
	if err := write(&b, d); err != nil {
		t.Fatal(err)
	}
	written := b.String()
	got, err := read("again", &b, document.Options{Schemes: schemes(), Unmarked: document.Refuse, Quoted: true})
	if err != nil {
		t.Fatalf("%v\n%v\n%s", err, issuesOf(err), written)
	}
	return got, written
}
