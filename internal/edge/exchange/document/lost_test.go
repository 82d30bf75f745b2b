package document

import (
	"errors"
	"strings"
	"testing"

	"cordon"
	"cordon/marking"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

// lenient reads whatever can be read.
func lenient(tb testing.TB) Options {
	set := marking.NewSet(us.Scheme(), tlp.Scheme())
	def, err := set.Parse("S")
	if err != nil {
		tb.Fatal(err)
	}
	return Options{Schemes: set, DefaultMark: def, Compilation: true}
}

// nothingLost reads a source by split and fails if a letter or digit of it is
// neither in a portion, nor in a mark, nor in furniture.
func nothingLost(t *testing.T, name, src string, decode func(string) string, split func(*assembler, source) error) {
	p := &problems{file: name}
	text, err := loadText(name, strings.NewReader(src), p)
	if err != nil {
		return // refused: nothing of it is imported
	}
	a := newAssembler(name, lenient(t), p, decode)
	if err := split(a, text); err != nil {
		if cordon.KindOf(err) == cordon.KindInternal {
			t.Fatalf("%v: %q", err, src)
		}
		return
	}
	if p.large != nil {
		return
	}
	inPieces, inMarks, inFurniture := 0, 0, 0
	for _, piece := range a.split.pieces {
		inPieces += weight(piece.text())
		inMarks += weight(piece.mark)
	}
	for _, f := range a.split.furniture {
		inFurniture += weight(f.text)
	}
	if bad := p.count; bad == 0 && inPieces+inMarks+inFurniture != weight(string(text.text)) {
		t.Fatalf("of %d in the source, %d are in portions, %d in marks, %d in furniture: %q", weight(string(text.text)), inPieces, inMarks, inFurniture, src)
	}
	shown := 0 // marks that stand for a text
	for i, piece := range a.split.pieces {
		next := i + 1
		if !piece.own.Empty() && piece.empty() && (next == len(a.split.pieces) || !a.split.pieces[next].own.Empty() || a.split.pieces[next].bad) {
			shown += weight(piece.mark)
		}
	}
	d, err := a.document()
	if err != nil {
		var e *cordon.Error
		if !errors.As(err, &e) || e.Kind == cordon.KindInternal {
			t.Fatalf("%v: %q", err, src)
		}
		return
	}
	if strings.ContainsAny(src, "&\\") {
		return // escapes change the count
	}
	inPortions := 0
	if d.Title.Line > 0 {
		inPortions += weight(d.Title.Text)
	}
	for _, portion := range d.Portions {
		inPortions += weight(portion.Text)
		if portion.Marks.Empty() {
			t.Fatalf("a portion without a mark: %q", src)
		}
	}
	if inPortions != inPieces+shown {
		t.Fatalf("%d in pieces and %d shown, %d in portions: %q", inPieces, shown, inPortions, src)
	}
}

// weight is the content of a text without what can be a list marker.
func weight(s string) int {
	return content([]byte(strings.NewReplacer("•", "", "◦", "", "▪", "", "·", "", "–", "", "—", "").Replace(s)))
}

func splitTextBytes(a *assembler, src source) error {
	splitText(a, src)
	return nil
}

var markdownSeeds = []string{
	"SECRET//NOFORN\n\n# (U) Title\n\n(S//NF) The port.\n\n- (U) one\n- two\n  - three\n\n(U) This table is UNCLASSIFIED.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\nSECRET//NOFORN\n",
	"(U)\n\n```go\nx := 1 // (S) y\n```\n\n> quote\n> - (S) list\n\n    indented\n\n    more\n\n3.\n\n[a]: b \"c\"\n",
	"para\n---\n***\n1) a\n2) b\n\n\tb\n- - - x\n<!-- c\n\nd -->\n&amp; \\( `\\(` **(U)** bold\n",
	"a | b\n--- | ---\n1 | 2 | 3\n\n| (S) x<br>(U) y | z |\nlazy\n",
	"begin page 2   UNCLASSIFIED\ntext\nend page 2 UNCLASSIFIED\n\nPage 3 of 4\n",
	"(S//NOFRON) x\n(U//) y\n", "-\n1.\n#\n>\n", "* a\n\n  (S) b\n\n      c\n",
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range markdownSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		nothingLost(t, "f.md", src, unescapeMarkdown, splitMarkdown)
	})
}

func FuzzText(f *testing.F) {
	for _, s := range markdownSeeds {
		f.Add(s)
	}
	f.Add("• (S) a\n\\(U) b\n\n\\\n\\\\ c\n_____\nALL CAPS\n")
	f.Fuzz(func(t *testing.T, src string) {
		nothingLost(t, "f.txt", src, unescapeText, splitTextBytes)
	})
}
