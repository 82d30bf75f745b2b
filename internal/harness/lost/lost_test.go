// Package lost counts the text of real files by a way of its own and holds the
// readers of package format against it: no word is lost without being named.
//
// The gate goes through the cases of the repository, and
// CORDON_CORPUS=DIR go test -v ./internal/harness/lost (make corpus DIR=DIR) goes
// through all files of a folder. The count takes no part of the readers: of
// Office documents it cuts the text elements out of the raw XML of every part by a
// regular expression; of mails it decodes each line-delimited part by itself; of
// everything else that is text, it takes all words between tags. A word counts as
// found where its letters and digits stand in a row in what was read, since words
// are cut by formatting; and no fewer letters may have been read than counted. What a reader refuses it has to refuse by name.
package lost

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"io/fs"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"cordon/internal/edge/exchange/format"
	"cordon/internal/edge/exchange/parts"
)

// ours is the folder of the repository that the gate goes through.
var ours = filepath.Join("..", "..", "edge", "exchange", "testdata", "cases")

// longest is how long one file may take.
const longest = 20 * time.Second

func TestCorpus(t *testing.T) {
	dir := cmp.Or(os.Getenv("CORDON_CORPUS"), ours)
	files, words, refused := 0, 0, 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files++
		t.Run(filepath.Base(name), func(t *testing.T) {
			f, ok := open(t, filepath.Base(name), src)
			if !ok {
				return
			}
			if f.Empty() && len(f.Files) == 0 {
				if len(f.Lost) == 0 && len(count(src)) > 0 {
					t.Error("nothing was read, and nothing is said")
				}
				refused++
				t.Logf("refused: %v", f.AllLost())
				return
			}
			n, lost := compare(src, f)
			words += n
			if few := fewer(src, f); few > 0 && len(f.AllLost()) == 0 {
				t.Errorf("%d letters fewer were read than counted; named: %v", few, f.AllLost())
			}
			switch named := f.AllLost(); {
			case len(lost) > 0 && len(named) > 0:
				t.Logf("%d of %d words are in what is named as not read: %v", len(lost), n, named)
			case len(lost) > 0:
				t.Errorf("%d of %d words are lost: %.600q; named: %v", len(lost), n, lost, f.AllLost())
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if words == 0 {
		t.Error("no word was counted")
	}
	t.Logf("%d files, %d words counted, %d refused by name", files, words, refused)
}

// open reads a file, and fails where that takes too long or does not end well.
func open(t *testing.T, name string, src []byte) (f parts.File, ok bool) {
	done := make(chan struct{})
	var crash any
	go func() {
		defer close(done)
		defer func() { crash = recover() }()
		f = format.Open(name, src)
	}()
	select {
	case <-done:
	case <-time.After(longest):
		t.Error("it hangs")
		return f, false
	}
	if crash != nil {
		t.Errorf("it crashes: %v", crash)
	}
	return f, crash == nil
}

// fewer is how many letters and digits less were read than were counted.
func fewer(src []byte, f parts.File) int {
	n := 0
	for _, word := range count(src) {
		n += parts.Weight(word)
	}
	f.Each(func(f *parts.File) {
		if f.Subject != nil {
			n -= parts.Weight(f.Subject.Text)
		}
		n -= parts.Weight(f.Raw)
		for _, b := range f.Blocks {
			n -= parts.Weight(b.Text())
		}
		for _, a := range f.Asides {
			n -= parts.Weight(a.Line.Text)
		}
	})
	return n
}

// compare gives how many words were counted, and those that were not read.
func compare(src []byte, f parts.File) (n int, lost []string) {
	var all strings.Builder
	f.Each(func(f *parts.File) {
		if f.Subject != nil {
			all.WriteString(f.Subject.Text)
		}
		all.WriteString(f.Raw)
		for _, b := range f.Blocks {
			all.WriteString(" " + b.Text())
		}
		for _, a := range f.Asides {
			all.WriteString(" " + a.Line.Text)
		}
	})
	read := strings.ToLower(letters(all.String())) // the names of a mail's fields are read in lower case
	for _, word := range count(src) {
		n++
		if !strings.Contains(read, strings.ToLower(letters(word))) {
			lost = append(lost, word)
		}
	}
	return n, lost
}

// letters is the letters and digits of a text.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, s)
}

// textElement is an element of text of Office documents, its prefix and its
// attributes whatever they are.
var textElement = regexp.MustCompile(`<(?:[A-Za-z0-9]+:)?(?:t|delText)(?:\s[^<>]*)?>([^<]*)<`)

var part = regexp.MustCompile(`(?is)content-transfer-encoding:\s*(base64|quoted-printable)[^\n]*\n(?:[^\n]+\n)*?\r?\n(.*?)(?:\r?\n--|\z)`)

// count gives the words of a file.
func count(src []byte) []string {
	var words []string
	add := func(text string) {
		words = append(words, strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })...)
	}
	if z, err := zip.NewReader(bytes.NewReader(src), int64(len(src))); err == nil {
		for _, f := range z.File {
			if !strings.HasSuffix(f.Name, ".xml") || f.UncompressedSize64 > 64<<20 {
				continue
			}
			in, err := f.Open()
			if err != nil {
				continue
			}
			xml, _ := io.ReadAll(in)
			in.Close()
			for _, m := range textElement.FindAllSubmatch(xml, -1) {
				add(html.UnescapeString(string(m[1])))
			}
		}
		return words
	}
	if fields.Match(src) {
		plain := part.ReplaceAll(src, []byte("\n--"))
		plain = structure.ReplaceAll(plain, nil)
		add(tag.ReplaceAllString(encodedWord.ReplaceAllString(strings.ToValidUTF8(string(plain), " "), " "), " "))
	}
	for _, m := range part.FindAllSubmatch(src, -1) {
		var text []byte
		if strings.EqualFold(string(m[1]), "base64") {
			text, _ = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(m[2])), ""))
		} else {
			text, _ = io.ReadAll(quotedprintable.NewReader(bytes.NewReader(m[2])))
		}
		if bytes.Count(text, []byte{0}) == 0 && !bytes.Contains(text, []byte("\xff\xd8")) {
			add(tag.ReplaceAllString(string(text), " "))
		}
	}
	return words
}

// A mail's fields, the lines that only say how it is put together, and words in
// its head that are encoded, which are not counted.
var (
	fields      = regexp.MustCompile(`(?m)\A[A-Za-z-]+: ?.*\n(?:[A-Za-z-]+:|[ \t])`)
	structure   = regexp.MustCompile(`(?im)^--.*$|^subject:|^content-[a-z-]+:.*$(?:\n[ \t]+.*$)*`)
	encodedWord = regexp.MustCompile(`=\?[^?]*\?[^?]*\?[^?]*\?=`)
)

var tag = regexp.MustCompile(`(?s)<style.*?</style>|<script.*?</script>|<!--.*?-->|<[^<>]*>|&[a-zA-Z0-9#]+;`)

// A word that is not read is found lost: the count has power.
func TestAWordThatIsLostIsFound(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("word/document.xml")
	fmt.Fprint(w, `<w:document xmlns:w="x"><w:body><w:p><w:r><w:t>alpha</w:t></w:r></w:p></w:body></w:document>`)
	z.Close()
	f := format.Open("a.docx", b.Bytes())
	if n, lost := compare(b.Bytes(), f); n != 1 || len(lost) != 0 {
		t.Fatal(n, lost)
	}
	f.Blocks = nil
	if n, lost := compare(b.Bytes(), f); n != 1 || len(lost) != 1 {
		t.Fatal(n, lost)
	}
}
