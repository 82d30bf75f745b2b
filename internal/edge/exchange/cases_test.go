// Package exchange_test holds every small file of testdata/cases, each of which
// stands for a kind of mistake, against what is right of it.
package exchange_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/edge/exchange/document"
	"cordon/internal/edge/exchange/format"
	"cordon/marking"
	"cordon/marking/eu"
	"cordon/marking/europol"
	"cordon/marking/nato"
	"cordon/marking/pap"
	"cordon/marking/tlp"
	"cordon/marking/uk"
	"cordon/marking/us"
)

func schemes() *marking.Set {
	return marking.NewSet(us.Scheme(), tlp.Scheme(), pap.Scheme(), europol.Scheme(), nato.Scheme(), eu.Scheme(), uk.Scheme())
}

// imported is what comes of each file under the default marking U: a line for
// each portion with its marking and how it begins, for each warning and for
// each problem. The file's name stands for the title that is made of it.
var imported = map[string]string{
	"mark-after-nbsp.md":                              "(S//NF) The courier",
	"mark-after-zero-width-space.md":                  "(S//NF) The courier",
	"mark-after-checkbox.md":                          "(S//NF) [ ] The courier",
	"mark-after-paren-number--DoD-numbering.md":       "(S//NF) (1) The courier",
	"mark-in-square-brackets.md":                      "(S//NF) The courier",
	"mark-old-hyphen-form.md":                         "refused 1:2 (S-NF)",
	"higher-mark-after-U2028-line-separator.txt":      "(TLP:GREEN) The pier\n(TLP:RED) The clerk",
	"higher-mark-after-nbsp-between-sentences.md":     "(TLP:GREEN) The pier\nwarning 1:31 TLP:RED stands in the running text",
	"higher-mark-after-html-break.md":                 "(TLP:GREEN) The pier\n(TLP:RED) The clerk\nwarning 1:34 behind a line break",
	"higher-mark-in-classification-field.md":          "refused 3:20 TLP:RED stands in a field",
	"page-banner-after-cover-sheet-is-dropped.md":     "(S//NF) Harbour liaison\n(S//NF) The courier\n(S//NF) He took\nwarning 3:1 was taken out as page furniture",
	"heading-H1-taken-for-europol-banner.md":          "(U) H1\n(U) Plain text",
	"heading-H2-vanishes.md":                          "(TLP:GREEN) The pier\n(U) H2\n(TLP:GREEN) Hydrogen",
	"docx-deleted-paragraph-mark-splits-portion.docx": "(S//NF) The courier met the quartermaster at the north pier and took",
	"docx-deleted-table-row.docx":                     "(U) pier\nwarning 2:0 deleted text, which is left out, is marked S\nwarning 2:0 deleted text was left out",
	"docx-fallback-text-lost-symex.docx":              "(TLP:GREEN) Status of the well: ⚠ unsafe",
	"docx-fallback-text-lost-textbox.docx":            "(S//NF) The courier\n(U) Trade is slow",
	"docx-footer-page-field-is-a-portion.docx":        "(TLP:GREEN) The courier\nwarning 0:0 was taken out as page furniture",
	"docx-header-ptab-banner.docx":                    "(S//NF) The courier\n(S//NF) Nobody saw\n(S//NF) Copy 3 of 5\nwarning 0:0 was taken out as page furniture",
	"docx-header-tab-banner-control.docx":             "(S//NF) The courier\n(S//NF) Nobody saw\n(S//NF) Copy 3 of 5\nwarning 0:0 was taken out as page furniture",
	"docx-hidden-text-no-warning.docx":                "(TLP:GREEN) The courier\nwarning 1:0 hidden text was read",
	"docx-mark-as-list-bullet.docx":                   "(S//NF) The courier",
	"docx-ruby-reading-mixed-into-text.docx":          "(TLP:GREEN) 船着場の見張りは夜明けに二つの木箱を運んだ\nwarning 1:0 a reading beside characters was left out",
	"docx-watermark-textpath-lost.docx":               "refused 0:0 TLP:RED - NAMED RECIPIENTS ONLY",
	"stix-bundle-one-line.json":                       "(TLP:AMBER+STRICT) report: Heron note",
	"stix-bundle-pretty-floods-errors.json":           "(TLP:AMBER+STRICT) report: Heron note",
	"scan-mail-base64.eml":                            "(U) x\n(U) From: a@example.org\n(U) He said the quartermaster keeps",
	"scan-mail-quoted-printable.eml":                  "(U) x\n(U) From: a@example.org\n(U) He said the quartermaster keeps",
	"scan-inline-html.html":                           "(U) He said the quartermaster keeps a second ledger",
	"scan-subtitles.srt":                              "(U) The dock clerk told our man",
	"scan-richtext.rtf":                               "refused 0:0 this is rich text (RTF), which is not read",
	"message-heading-only.md":                         "refused 1:3 this is a heading, and there is no text under it",
	"message-old-mac-line-ends.txt":                   "(TLP:GREEN) one two.\n(TLP:RED) three four.",
}

func TestCases(t *testing.T) {
	files, err := os.ReadDir(filepath.Join("testdata", "cases"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		want, ok := imported[f.Name()]
		if !ok {
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			src, err := os.ReadFile(filepath.Join("testdata", "cases", f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if got := importOf(t, f.Name(), src); !matches(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
			}
		})
	}
	for name := range imported {
		if _, err := os.Stat(filepath.Join("testdata", "cases", name)); err != nil {
			t.Error(err)
		}
	}
}

// matches reports whether each line begins as it is wanted; of a warning or a
// problem, the words have to stand in it behind its place.
func matches(got []string, want string) bool {
	lines := strings.Split(want, "\n")
	if len(lines) != len(got) {
		return false
	}
	for i, l := range lines {
		fields := strings.SplitN(l, " ", 3)
		place := strings.Join(fields[:2], " ")
		if fields[0] == "warning" || fields[0] == "refused" {
			if !strings.HasPrefix(got[i], place+" ") || !strings.Contains(got[i], fields[2]) {
				return false
			}
			continue
		}
		if !strings.HasPrefix(got[i], l) {
			return false
		}
	}
	return true
}

func importOf(t *testing.T, name string, src []byte) []string {
	set := schemes()
	u, err := set.Parse("U")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for d, err := range document.Read(name, bytes.NewReader(src), document.Options{Schemes: set, DefaultMark: u}) {
		if err != nil {
			var e *cordon.Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			for _, i := range e.Issues {
				out = append(out, fmt.Sprintf("refused %d:%d %s; %s", i.Line, i.Column, i.Problem, i.Fix))
			}
			continue
		}
		portions := d.Portions
		if d.Title.Line > 0 {
			portions = append([]document.Portion{d.Title}, portions...)
		}
		for _, p := range portions {
			first, _, _ := strings.Cut(p.Text, "\n")
			out = append(out, fmt.Sprintf("%s %s", p.Marks, first))
		}
		for _, w := range d.Warnings {
			out = append(out, fmt.Sprintf("warning %d:%d %s; %s", w.Line, w.Column, w.Problem, w.Fix))
		}
	}
	return out
}

// compared is a part of what a scan compares of each file; a file that cannot be
// read is refused in these words.
var compared = map[string]string{
	"scan-mail-base64.eml":             "quartermaster keeps a second ledger behind the stove",
	"scan-mail-quoted-printable.eml":   "He said the quartermaster keeps a second ledger",
	"scan-inline-html.html":            "He said the quartermaster keeps a second ledger behind the stove",
	"scan-subtitles.srt":               "The dock clerk told our man that the quartermaster keeps a second ledger behind the stove in the harbour office",
	"scan-richtext.rtf":                "refused: this is rich text (RTF), which is not read: nothing was compared; save it as DOCX or as plain text",
	"stix-bundle-one-line.json":        "report: Heron note",
	"docx-hidden-text-no-warning.docx": "Do not pass on: the dock clerk told us.",
}

func TestCompared(t *testing.T) {
	for name, want := range compared {
		src, err := os.ReadFile(filepath.Join("testdata", "cases", name))
		if err != nil {
			t.Fatal(err)
		}
		text, err := format.ForComparison(name, src)
		got := strings.Join(strings.Fields(text.Text.Text), " ")
		if err != nil {
			got = "refused: " + strings.TrimPrefix(err.Error(), name+": ")
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A mark in the head of a mail says how the mail is marked: its text does not come
// in freer.
func TestMarkedMail(t *testing.T) {
	for _, c := range []struct{ subject, field, want string }{
		{"x", "X-Classification: SECRET//NOFORN", "refused 4:1 SECRET//NOFORN"},
		{"x", "Classification: SECRET//NOFORN", "refused 4:1 SECRET//NOFORN"},
		{"x", "Keywords: TLP:RED", "refused 4:11 TLP:RED"},
		{"x", "msip_labels: SECRET//NOFORN", "refused 4:1 SECRET//NOFORN"},
		{"x", "X-Label: TLP:RED", "refused 4:1 TLP:RED"},
		{"x", "X-Protective-Marking: VER=2018.4, NS=gov.au, SEC=SECRET, CAVEAT=RI:AUSTEO", "refused 4:1 SECRET"},
		{"x", "X-Mailer: (S//NF) Post", "(U) x\n(U) From: a@b\n(U) The zebra.\nwarning 4:0 is marked S//NF"},
		{"x", "X-Label: zebra", "(U) x\n(U) From: a@b\n(U) The zebra.\nwarning 4:0 was left out: \"x-label: zebra\""},
		{"[SECRET//NOFORN] Harbour", "X-A: b", "(S//NF) Harbour\n(S//NF) From: a@b\n(S//NF) The zebra."},
		{"Re: FW: (S//NF) zebra", "X-A: b", "(S//NF) Re: FW: zebra\n(S//NF) From: a@b\n(S//NF) The zebra."},
		{"TLP:RED - the zebra report", "X-A: b", "(U)(TLP:RED) TLP:RED - the zebra\n(U)(TLP:RED) From: a@b\n(U)(TLP:RED) The zebra."},
	} {
		src := "From: a@b\nTo: c@d\nSubject: " + c.subject + "\n" + c.field + "\nMIME-Version: 1.0\n\nThe zebra.\n"
		if got := importOf(t, "a.eml", []byte(src)); !matches(got, c.want) {
			t.Errorf("%s, %s:\n%s\nwant\n%s", c.subject, c.field, strings.Join(got, "\n"), c.want)
		}
	}
}

// A picture in an archive is named where its files are imported.
func TestArchiveNamesPictures(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range [][2]string{{"a.png", "\x89PNG\r\n\x1a\n"}, {"b.txt", "The zebra."}} {
		w, err := z.Create(f[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if got := importOf(t, "a.zip", b.Bytes()); !matches(got, "(U) The zebra.\nwarning 0:0 a.png was left out: a picture (PNG)") {
		t.Error(got)
	}
}
