package webpage_test

import (
	"strings"
	"testing"

	"cordon/internal/edge/exchange/parts"
	"cordon/internal/edge/exchange/webpage"
)

func shown(f parts.File) string {
	var out []string
	if f.Subject != nil {
		out = append(out, "title "+f.Subject.Text)
	}
	for _, b := range f.Blocks {
		out = append(out, string(b.Kind)+" "+b.Text())
	}
	for _, a := range f.Asides {
		out = append(out, a.What+": "+a.Line.Text)
	}
	return strings.Join(out, "\n")
}

func TestPage(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"<p>He said the <b>quarter</b>master&nbsp;keeps\n a <i>ledger</i>.</p>", "paragraph He said the quartermaster\u00a0keeps a ledger."},
		{"<html><head><title>T</title><style>p{}</style><script>var x='secret'</script></head><body><h1>H</h1><ul><li>a<li>b</ul>", "title T\nheading H\nlist a\nlist b\na script: var x='secret'"},
		{"<p>a<span style='display:none'>b</span>c</p><p hidden>d<p>e", "paragraph ac\nparagraph e\nhidden text: b\nhidden text: d"},
		{"<table><tr><th>a</th><td>b<br>c</td></tr><tr><td>d|</td><td>e</td></tr></table>", "table | a | b<br>c |\n| --- | --- |\n| d\\| | e |"},
		{"<table><tr><td><p>a</p><p>b</p></td></tr></table>", "paragraph a\nparagraph b"},
		{"<pre>a  b\nc</pre>", "paragraph a  b\nc"},
		{"<!-- c --><img alt='d'><a href='http://e'>f</a><meta name=keywords content='g'>", "paragraph f\na comment: c\na description: d\na link: http://e\na property of the page: keywords: g"},
		{"a &lt;b&gt; &#8220;c&#8221; <textarea>d</textarea><input value=e><select><option>g<option>h</select>", "paragraph a <b> “c”\nparagraph d\nparagraph e\nparagraph g\nparagraph h"},
		{"x</div></p>y<div>z", "paragraph x\ny\nparagraph z"},
	} {
		if got := shown(webpage.Read("p.html", []byte(c.src))); got != c.want {
			t.Errorf("%s:\n%s\nnot\n%s", c.src, got, c.want)
		}
	}
}

func TestLines(t *testing.T) {
	f := webpage.Read("p.html", []byte("<html>\n<body>\n<p>one</p>\n<div>\n\n two</div>"))
	if len(f.Blocks) != 2 || f.Blocks[0].Lines[0].No != 3 || f.Blocks[1].Lines[0].No != 6 {
		t.Errorf("%+v", f.Blocks)
	}
}

func TestIs(t *testing.T) {
	for src, want := range map[string]bool{
		"<!DOCTYPE html><p>a": true, "<p>a</p>": true, " <!-- x --> <div class='a'>b</div>": true,
		"a <b>c</b>": false, "<x>a</x>": false, "<p": false, "(U) text": false, "<3 you": false,
	} {
		if is, _ := webpage.Is([]byte(src)); is != want {
			t.Errorf("%q: %v", src, is)
		}
	}
}

func FuzzPage(f *testing.F) {
	f.Add("<p>He said <b hidden>x</b> <table><td>a<tr><td>b</table><pre>\n c")
	f.Add("<ul><li>a<ul><li>b</ul></li></ul></p></p><iframe srcdoc='<p>x'><title>t</title>")
	f.Fuzz(func(t *testing.T, src string) {
		page := webpage.Read("f.html", []byte(src))
		for _, b := range page.Blocks {
			if strings.TrimSpace(b.Text()) == "" {
				t.Fatalf("an empty block of %q", src)
			}
		}
		if !strings.ContainsAny(src, "<>&") && parts.Weight(shown(page)) < parts.Weight(src) {
			t.Fatalf("text is lost of %q", src)
		}
	})
}

// Text of a page that no browser shows as text is compared, or named as lost.
func TestBesideThePage(t *testing.T) {
	f := webpage.Read("a", []byte(`<html><style>p:before{content:"styled text"}</style><script>say("scripted text")</script><iframe src="data:text/html,%3Cp%3Eframed%20text"></iframe>`+
		`<img src="data:image/png;base64,AA=="><p>Shown.</p><script>swallowed text`))
	got := f.Text().Text
	for _, want := range []string{"styled text", "scripted text", "framed text", "Shown.", "swallowed text"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if len(f.Lost) != 1 || len(f.Notes) != 1 || !strings.Contains(f.Lost[0].Problem, "<script> is not closed") {
		t.Error(f.Lost, f.Notes)
	}
}
