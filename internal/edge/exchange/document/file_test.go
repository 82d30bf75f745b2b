package document_test

import (
	"strings"
	"testing"

	"cordon/internal/edge/exchange/document"
)

// What tells of the whole is held against the marking of the whole; each file in
// a file is a document of its own.
func TestFilesInFiles(t *testing.T) {
	o := opts()
	o.DefaultMark = mustParse(t, "U")
	mail := "From: a@b.example\nX-Protective-Marking: SECRET//NOFORN\nSubject: Piers\nMIME-Version: 1.0\n\nThe pier is shut.\n"
	if d, err := read(t, "a.eml", mail, o); err == nil && d.Marks.Banner() != "SECRET//NOFORN" {
		t.Errorf("a field of the head: %+v", d)
	}
	if d, err := read(t, "a.eml", strings.Replace(mail, "The pier", "(S//NF) The pier", 1), o); err != nil || d.Title.Text != "Piers" || d.Marks.Banner() != "SECRET//NOFORN" {
		t.Errorf("%+v, %v, %v", d, err, issuesOf(err))
	}

	two := "From: a@b.example\nSubject: Outer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n--X\n\n(TLP:GREEN) Outer.\n--X\nContent-Type: text/plain; name=n.txt\nContent-Disposition: attachment\n\n(TLP:RED) Inner.\n\n(TLP:RED) More.\n--X--\n"
	var got []string
	for d, err := range document.Read("b.eml", strings.NewReader(two), o) {
		if err != nil {
			t.Fatal(err, issuesOf(err))
		}
		got = append(got, d.File+" "+d.Title.Text+" "+d.Marks.Of("tlp").Banner())
	}
	if s := strings.Join(got, "\n"); s != "b.eml Outer TLP:GREEN\nb.eml: n.txt Inner. TLP:RED" {
		t.Error(s)
	}
}
