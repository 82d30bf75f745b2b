package document_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/edge/exchange/document"
)

// read gives the only document of a text, or its error.
func read(t *testing.T, name, src string, o document.Options) (document.Document, error) {
	t.Helper()
	for d, err := range document.Read(name, strings.NewReader(src), o) {
		return d, err
	}
	t.Fatal("nothing was read")
	return document.Document{}, nil
}

func TestInheritance(t *testing.T) {
	const banner = "SECRET//NOFORN\n\n# (S//NF) T\n\n"
	cases := []struct{ name, src, text, want string }{
		{"bullet from its lead-in", "(U) Lead:\n- a\n- b", "b", "(U)"},
		{"sub-bullet from its bullet", "(U) Lead:\n- (S) a\n  - b", "b", "(S)"},
		{"sub-bullet through an unmarked bullet", "(U) Lead:\n- a\n  - b", "b", "(U)"},
		{"bullet beside a differing one", "(U) Lead:\n- (S) a\n- b", "b", "(S//NF)"},
		{"bullet beside a differing sub-bullet", "(U) Lead:\n- a\n  - (S) x\n- b", "b", "(S//NF)"},
		{"sub-bullet beside a differing one", "(U) Lead:\n- (S) a\n  - (U) x\n  - b", "b", "(S//NF)"},
		{"second paragraph of a bullet", "(U) Lead:\n- (S) a\n\n  b", "b", "(S)"},
		{"bullet across a page", "(U) Lead:\n- a\n\nend page 1 SECRET//NOFORN\n\n- b", "b", "(U)"},
		{"bullet under a heading", "## (U) Lead\n- b", "b", "(S//NF)"},
		{"paragraph after a paragraph", "(U) a\n\nb", "b", "(S//NF)"},
		{"heading", "(U) a\n\n## b", "b", "(S//NF)"},
		{"quote", "(U) a\n\n> b", "b", "(S//NF)"},
		{"table", "(U) a\n\n| b |\n| --- |", "| b |\n| --- |", "(S//NF)"},
		{"table after its sentence", "(U) This table is SECRET.\n\n| b |\n| --- |", "| b |\n| --- |", "(S)"},
		{"table after its sentence and caption", "(U) This table is SECRET.\n\nTable 1: (U) x\n\n| b |\n| --- |", "| b |\n| --- |", "(S)"},
		{"table after another's sentence", "(U) This table is SECRET.\n\n| a |\n| --- |\n\n| b |\n| --- |", "| b |\n| --- |", "(S//NF)"},
		{"table with a stricter cell", "(U) This table is UNCLASSIFIED.\n\n| b | (S) c |\n| --- | --- |", "| b | (S) c |\n| --- | --- |", "(S)"},
		{"mark on its own line", "(S)\n\nb", "b", "(S)"},
		{"mark on its own line before a table", "(S)\n\n| b |\n| --- |", "| b |\n| --- |", "(S)"},
		{"emphasis around the mark", "**(U)** b", "b", "(U)"},
		{"emphasis around mark and text", "**(U) b**", "**b**", "(U)"},
		{"letter before the mark", "a. (U) b", "a. b", "(U)"},
		{"number before the mark in a heading", "### 1. (U) b", "1. b", "(U)"},
		{"spaces after the mark", "(U)   b", "b", "(U)"},
		{"caveats", "(U//FOUO) b", "b", "(U//FOUO)"},
		{"two schemes", "(S//NF)(TLP:AMBER) b", "b", "(S//NF)(TLP:AMBER)"},
		{"lines of one paragraph", "(U) a\n(S) b", "b", "(S)"},
		{"no mark at all", "(see below) b", "(see below) b", "(S//NF)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := opts()
			o.Compilation = true
			src := banner + c.src + "\n\nSECRET//NOFORN\n"
			if strings.Contains(c.want, "TLP") {
				src = strings.ReplaceAll(src, "SECRET//NOFORN\n", "SECRET//NOFORN | TLP:AMBER\n")
			}
			d, err := read(t, "t.md", src, o)
			if err != nil {
				t.Fatal(err, issuesOf(err))
			}
			for _, p := range d.Portions {
				if p.Text == c.text {
					if p.Marks.String() != c.want {
						t.Errorf("marked %s, want %s", p.Marks, c.want)
					}
					return
				}
			}
			t.Errorf("no portion %q in %+v", c.text, d.Portions)
		})
	}
}

func TestBanner(t *testing.T) {
	cases := []struct {
		name, src string
		compile   bool
		want      string // in the problem; empty for accepted
		line      int
	}{
		{"equal", "SECRET\n\n(S) a\n\n(U) b\n\nSECRET\n", false, "", 0},
		{"none", "(S) a\n\n(U) b\n", false, "", 0},
		{"only at the end", "(S) a\n\n(U) b\n\nSECRET\n", false, "", 0},
		{"lower", "UNCLASSIFIED\n\n(U) a\n\n(S) b\n", false, "does not cover", 5},
		{"lower and compiled", "UNCLASSIFIED\n\n(U) a\n\n(S) b\n", true, "does not cover", 5},
		{"higher", "SECRET\n\n(U) a\n\n(U) b\n", false, "compilation flag", 1},
		{"higher and compiled", "SECRET\n\n(U) a\n\n(U) b\n", true, "", 0},
		{"lacks a scheme", "SECRET\n\n(S)(TLP:RED) a\n\n(S) b\n", false, "does not cover", 3},
		{"lower together", "SECRET//REL TO USA, GBR\n\n(S//REL TO USA, GBR) a\n\n(S//NF) b\n", false, "does not cover", 5},
		{"differ", "SECRET\n\n(S) a\n\n(U) b\n\nCONFIDENTIAL\n", false, "is not the one at the beginning", 7},
		{"lower page", "SECRET\n\n(S) a\n\nend page 1 UNCLASSIFIED\n\n(U) b\n\nSECRET\n", false, "", 0},
		{"higher page", "SECRET\n\n(S) a\n\nend page 1 TOP SECRET\n\n(U) b\n\nSECRET\n", false, "page banner", 5},
		{"malformed", "SECRET//NOFRON\n\n(S) a\n\n(U) b\n", false, "NOFRON", 1},
		{"centred and bold", "    **SECRET**\n\n(S) a\n\n(U) b\n", false, "", 0},
		{"a word of the text", "SECRET\n\n(S) the word was\nUNCLASSIFIED\nin the margin\n\n(U) b\n\nSECRET\n", false, "", 0},
	}
	for _, c := range cases {
		for _, name := range []string{"t.md", "t.txt"} {
			t.Run(c.name+" "+name, func(t *testing.T) {
				o := opts()
				o.Compilation = c.compile
				d, err := read(t, name, c.src, o)
				issues := issuesOf(err)
				switch {
				case c.want == "" && err != nil:
					t.Fatal(err, issues)
				case c.want == "":
					if d.Compilation != (c.name == "higher and compiled") {
						t.Errorf("compilation is %v", d.Compilation)
					}
					if c.name == "a word of the text" && !strings.Contains(d.Title.Text+d.Portions[0].Text, "UNCLASSIFIED") {
						t.Error("the word was lost")
					}
				case err == nil:
					t.Fatal("accepted")
				default:
					if i := issues[0]; !strings.Contains(i.Problem+i.Fix, c.want) || i.Line != c.line || i.File != name {
						t.Errorf("%+v, want %q on line %d", i, c.want, c.line)
					}
				}
			})
		}
	}
}

func TestUnmarked(t *testing.T) {
	s := opts()
	s.DefaultMark = mustParse(t, "S//NF")
	d, err := read(t, "plan.md", "a\n\nb\n", s)
	if err != nil || d.Marks.String() != "(S//NF)" || !d.Portions[0].Inherited || d.Title.Text != "plan" {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := read(t, "plan.md", "a\n\n(U) b\n", opts()); err == nil || issuesOf(err)[0].Line != 1 {
		t.Errorf("nothing to inherit, and it was inherited: %v", err)
	}
	s.Unmarked = document.Refuse
	if _, err := read(t, "plan.md", "SECRET\n\n(S) a\n- b\n", s); err == nil || issuesOf(err)[0].Line != 4 || issuesOf(err)[0].Column != 3 {
		t.Errorf("unmarked was not refused: %v", issuesOf(err))
	}
}

func TestIssuesAreBounded(t *testing.T) {
	_, err := read(t, "t.md", strings.Repeat("(S//NOFRON) x\n\n", 250), opts())
	if all := issuesOf(err); len(all) != 20 || all[19].More != 230 || !strings.Contains(err.Error(), "250 things") {
		t.Errorf("%+v: %v", all, err)
	}
	// Each kind has its own count, and no issue is uncounted.
	_, err = read(t, "t.md", strings.Repeat("(S//NOFRON) x\n\n", 250)+strings.Repeat("(S//nf) x\n\n", 30)+"(S x\n", opts())
	all, n := issuesOf(err), 0
	for _, i := range all {
		n += 1 + i.More
	}
	if len(all) != 41 || n != 281 || all[19].More != 230 || all[39].More != 10 {
		t.Errorf("%d issues listed, %d counted: %+v", len(all), n, all)
	}
}

func TestNotText(t *testing.T) {
	for src, want := range map[string]string{
		"(U) a\n(U) b\xffc\n": "t:2:6 byte 6",
		"(U) a\n(U) Zü\x00\n": "t:2:7 control character U+0000",
		"(U) a\u0085b\n":      "t:1:6 control character U+0085",
		"(U) a\rb\n":          "t:1:6 control character U+000D",
		"(U) a &#7;\n":        "t:1:1 control character U+0007",
		// Said once, and not of every line.
		"\x7fELF\x00\x01\n\x00\x02\n": "t:0:0 this is a program",
		"\x00\x01\n\x00\x02\n":        "t:1:1 this is a binary file",
	} {
		_, err := read(t, "t.md", src, opts())
		if err == nil {
			t.Errorf("%q was accepted", src)
			continue
		}
		i := issuesOf(err)[0]
		if got := fmt.Sprintf("t:%d:%d %s", i.Line, i.Column, i.Problem); !strings.HasPrefix(got, want) || len(issuesOf(err)) > 1 {
			t.Errorf("%q: %s, want %s", src, got, want)
		}
	}
}

func TestBounds(t *testing.T) {
	o := opts()
	o.DefaultMark = mustParse(t, "S")
	cases := map[string]struct{ name, src, want string }{
		"portion":  {"t.md", "(U) a\n\n(U) " + strings.Repeat("x", cordon.MaxPortionBytes+1), "MaxPortionBytes"},
		"portions": {"t.md", strings.Repeat("(U) a\n", cordon.MaxPortions+5), "MaxPortions"},
		"text":     {"t.txt", strings.Repeat("(U) a\n", cordon.MaxPortions+5), "MaxPortions"},
		"lines":    {"t.md", strings.Repeat("\n", 500_001), "more lines"},
		"line":     {"t.txt", strings.Repeat("x", cordon.MaxLineBytes+1), "MaxLineBytes"},
		"file":     {"t.txt", strings.Repeat("x y\n", cordon.MaxFileBytes/4+1), "MaxFileBytes"},
		"ref":      {"t.jsonl", `{"title":"x","marking":"U","ref":"` + strings.Repeat("r", cordon.MaxNameBytes+1) + `","portions":[{"text":"x"}]}`, "MaxNameBytes"},
		"json":     {"t.jsonl", `{"title":"x","marking":"U","portions":[` + strings.Repeat(`{"text":"x"},`, cordon.MaxPortions) + `{"text":"x"}]}`, "MaxPortions"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, c.name, c.src, o)
			if cordon.KindOf(err) != cordon.KindTooLarge || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%.200v", err)
			}
		})
	}
	if _, err := read(t, "t.md", strings.Repeat("> ", 100)+"x", o); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "nested") {
		t.Errorf("nesting: %v", err)
	}
	if _, err := read(t, "t.md", strings.Repeat("- ", 100)+"\n(U) x", o); err != nil {
		t.Errorf("a rule is not nesting: %v", err)
	}
}

// What takes the square of a line's length would not end here.
func TestLongLinesTakeLinearTime(t *testing.T) {
	portion := `{"marking":"U","text":"` + strings.Repeat("x", 700) + `"},`
	d, err := read(t, "t.jsonl", `{"title":"x","marking":"U","portions":[`+strings.Repeat(portion, cordon.MaxPortions-1)+`{"text":"x"}]}`, opts())
	if err != nil || len(d.Portions) != cordon.MaxPortions {
		t.Error(err, issuesOf(err))
	}
	for _, line := range []string{"End. (S) Next", "a | (S) b | ", "(S//NOFRON) ", "`", "\\", "page 3 ", "((((", "**", "[a](", "<", "&#1", "1. "} {
		long := strings.Repeat(line, cordon.MaxPortionBytes/4/len(line)-8)
		for _, name := range []string{"t.md", "t.txt"} {
			if _, err := read(t, name, "SECRET\n\n(S) a\n\n(S) "+long+"\n\n| "+long+"\n\nSECRET\n", opts()); cordon.KindOf(err) == cordon.KindInternal && err != nil {
				t.Error(err)
			}
		}
	}
}

// endless gives n bytes of one line and then good documents.
type endless struct {
	left int
	tail io.Reader
}

func (e *endless) Read(buf []byte) (int, error) {
	if e.left == 0 {
		return e.tail.Read(buf)
	}
	n := min(len(buf), e.left)
	for i := range n {
		buf[i] = 'x'
	}
	e.left -= n
	return n, nil
}

// A line of 100 MB is refused by name and in little memory, and what follows
// it is read.
func TestLongJSONLine(t *testing.T) {
	good := `{"title":"good","marking":"U","portions":[{"text":"x"}]}` + "\n"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var said []string
	for d, err := range document.Read("-", io.MultiReader(strings.NewReader(good), &endless{100 << 20, strings.NewReader("\n" + good)}), opts()) {
		if err != nil {
			said = append(said, cordon.KindOf(err).String())
			if !strings.Contains(err.Error(), "MaxLineBytes") || issuesOf(err)[0].Line != 2 {
				t.Error(err)
			}
			continue
		}
		said = append(said, fmt.Sprint(d.Title.Text, d.Line))
	}
	runtime.ReadMemStats(&after)
	if got := strings.Join(said, " "); got != "good1 too-large good3" {
		t.Error(got)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 6*cordon.MaxLineBytes {
		t.Errorf("%d MB were allocated", used>>20)
	}
}

func TestReadFails(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, name := range []string{"t.md", "t.txt", "t.jsonl", "t.docx"} {
		for _, err := range document.Read(name, io.MultiReader(strings.NewReader("{"), failing{broken}), opts()) {
			if cordon.KindOf(err) != cordon.KindUnavailable || !errors.Is(err, broken) || strings.Contains(err.Error(), "disk") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestFormat(t *testing.T) {
	for _, c := range []struct{ name, src, kind string }{
		{"-", `{"title":"a","marking":"U","portions":[{"text":"x"}]}`, "paragraph"},
		{"-", "# (U) a\n\n- (U) x\n", "list"},
		{"notes", "(U) a\n\n* (U) x\n", "list"},
		{"a.TXT", "\ufeff(U) a\r\n\r\n(U) x\r\n", "paragraph"},
		{"a.md", string(docx(t, para("", "(U) a")+para("", "(U) x"))), "paragraph"},
	} {
		d, err := read(t, c.name, c.src, opts())
		if err != nil || d.Title.Text != "a" || len(d.Portions) != 1 || d.Portions[0].Text != "x" || string(d.Portions[0].Kind) != c.kind {
			t.Errorf("%s: %+v, %v", c.name, d, err)
		}
	}
	if _, err := read(t, "a.docx", "%PDF-1.7", opts()); cordon.KindOf(err) != cordon.KindInvalid {
		t.Error(err)
	}
	if _, err := read(t, "empty.md", "\n", opts()); cordon.KindOf(err) != cordon.KindInvalid {
		t.Error(err)
	}
}

func FuzzJSONL(f *testing.F) {
	f.Add(`{"title":"(S) a","ref":"r","marking":"SECRET","titleMarking":"S","portions":[{"kind":"list","ref":"1","marking":"(S//NF)","text":"x"}]}`)
	f.Add("{\"title\":\"\\ud800\",\"portions\":[{}]}\n[]\n{\"a\":{\"b\":[1]}}\n{")
	f.Fuzz(func(t *testing.T, src string) {
		o := opts()
		o.Compilation, o.DefaultMark = true, mustParse(t, "S")
		lines, yielded := strings.Count(src, "\n")+1, 0
		for d, err := range document.ReadJSONL("f", strings.NewReader(src), o) {
			if yielded++; yielded > lines {
				t.Fatal("more documents than lines")
			}
			if err != nil {
				if cordon.KindOf(err) == cordon.KindInternal {
					t.Fatal(err)
				}
				continue
			}
			var b strings.Builder
			if err := document.WriteJSONL(&b, d); err != nil {
				t.Fatal(err)
			}
			for again, err := range document.ReadJSONL("f", strings.NewReader(b.String()), o) {
				if err != nil || said1(again.Title) != said1(d.Title) || len(again.Portions) != len(d.Portions) {
					t.Fatalf("%v, %v: %s", again, err, b.String())
				}
			}
		}
	})
}
