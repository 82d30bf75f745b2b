package document_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cordon"
	"cordon/internal/edge/exchange/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

// dump shows all that was read of a file.
func dump(name string, src []byte, o document.Options) string {
	var b strings.Builder
	for d, err := range document.Read(name, bytes.NewReader(src), o) {
		if err != nil {
			fmt.Fprintf(&b, "%s: %v\n", cordon.KindOf(err), err)
			for _, i := range issuesOf(err) {
				fmt.Fprintf(&b, "  %s:%d:%d: %s\n", i.File, i.Line, i.Column, i.Problem)
				if i.Fix != "" {
					fmt.Fprintf(&b, "    %s\n", i.Fix)
				}
			}
			continue
		}
		fmt.Fprintf(&b, "document at line %d, ref %q, banner %q, marked %s, compilation %v\n", d.Line, d.Ref, d.Banner, d.Marks, d.Compilation)
		for _, p := range append([]document.Portion{d.Title}, d.Portions...) {
			how := "own"
			if p.Inherited {
				how = "inherited"
			}
			fmt.Fprintf(&b, "  %d:%d %s %s %s %q %q\n", p.Line, p.Column, p.Kind, p.Marks, how, p.Ref, p.Text)
		}
		for _, w := range d.Warnings {
			fmt.Fprintf(&b, "  warning %d:%d: %s\n", w.Line, w.Column, w.Problem)
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (run with -update if this is right):\n%s", file, diff)
	}
}

func TestGolden(t *testing.T) {
	for _, name := range []string{"harbour.md", "bad.md", "note.txt", "bulk.jsonl"} {
		src, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for policy, label := range map[document.Policy]string{document.Inherit: "inherit", document.Refuse: "refuse"} {
			o := opts()
			o.Unmarked = policy
			golden(t, name+"."+label, dump(name, src, o))
		}
	}
}

func TestGoldenDOCX(t *testing.T) {
	golden(t, "arden.docx", dump("arden.docx", ardenDOCX(t), opts()))
}

// Rendering is golden too: the layout is what people see.
func TestGoldenWritten(t *testing.T) {
	src, err := os.ReadFile(filepath.Join("testdata", "harbour.md"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := document.ReadMarkdown("harbour.md", bytes.NewReader(src), opts())
	if err != nil {
		t.Fatal(err, issuesOf(err))
	}
	d.Portions[1].Text = ""
	var md, txt bytes.Buffer
	if err := document.WriteMarkdown(&md, d); err != nil {
		t.Fatal(err)
	}
	if err := document.WriteText(&txt, d); err != nil {
		t.Fatal(err)
	}
	golden(t, "written.md", md.String())
	golden(t, "written.txt", txt.String())
}
