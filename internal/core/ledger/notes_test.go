package ledger

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"cordon"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func (k keyPair) note(text string) string {
	return string(must(note.Sign(&note.Note{Text: text}, must(note.NewSigner(k.signer)))))
}

// respell sets an idle bit at the end of a hash in base64.
func respell(hash string) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	last := len(hash) - 2 // before the "="
	return hash[:last] + string(digits[strings.IndexByte(digits, hash[last])|1]) + hash[last+1:]
}

// wantFault holds an error to be the one that refuse makes of a fault of that
// check.
func wantFault(t *testing.T, name string, err error, check Check) {
	t.Helper()
	var f *Fault
	if !errors.As(err, &f) || cordon.KindOf(err) != cordon.KindInvalid || f.Check != check {
		t.Errorf("%s: %v (%v), want a fault of %s", name, err, errors.Unwrap(err), check)
	}
}

func TestCheckpointForm(t *testing.T) {
	keys := newKeys()
	root := tlog.RecordHash([]byte("x"))
	text := fmt.Sprintf("%s\n5\n%s\n", testOrigin, root)
	c := Checkpoint{Origin: testOrigin, Size: 5, Root: root}
	signed := must(c.sign(must(note.NewSigner(keys.signer))))
	if signed != keys.note(text) {
		t.Fatalf("signed as %q", signed)
	}
	for name, s := range map[string]string{"plain": signed, "extended": keys.note(text + "an extension\n")} {
		if got := must(OpenCheckpoint(s, keys.verifier)); got != c {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
	for name, s := range map[string]string{
		"empty":       "",
		"unsigned":    text,
		"other key":   newKeys().note(text),
		"edited":      strings.Replace(signed, "\n5\n", "\n6\n", 1),
		"without end": keys.note(text + strings.Repeat("x", maxNoteBytes) + "\n"),
	} {
		_, err := OpenCheckpoint(s, keys.verifier)
		wantFault(t, name, err, CheckSignature)
	}
	for name, text := range map[string]string{
		"short":          testOrigin + "\n5\n",
		"other origin":   strings.Replace(text, testOrigin, testOrigin+"2", 1),
		"negative":       strings.Replace(text, "\n5\n", "\n-5\n", 1),
		"zero in size":   strings.Replace(text, "\n5\n", "\n05\n", 1),
		"huge":           strings.Replace(text, "\n5\n", "\n9223372036854775807\n", 1),
		"root":           strings.Replace(text, root.String(), root.String()[4:], 1),
		"root respelled": strings.Replace(text, root.String(), respell(root.String()), 1),
		"statement": fmt.Sprintf("%s/feed\n%s\n5\n5\n%s\n2031-05-04T03:02:01.000000Z\n",
			testOrigin, idOf("a"), root),
	} {
		_, err := OpenCheckpoint(keys.note(text), keys.verifier)
		wantFault(t, name, err, CheckCheckpoint)
	}
	if _, err := OpenCheckpoint(signed, "not a key"); cordon.KindOf(err) != cordon.KindInvalid {
		t.Error(err)
	}
}

func TestStatementForm(t *testing.T) {
	keys := newKeys()
	root := tlog.RecordHash([]byte("x"))
	text := fmt.Sprintf("%s/feed\n%s\n3\n5\n%s\n2031-05-04T03:02:01.123456Z\n", testOrigin, idOf("b"), root)
	s := Statement{Origin: testOrigin, Feed: idOf("b"), FeedSize: 3, TreeSize: 5, Root: root, At: stopped{}.Now()}
	signed := must(s.sign(must(note.NewSigner(keys.signer))))
	if signed != keys.note(text) {
		t.Fatalf("signed as %q", signed)
	}
	own := s
	own.Feed = ""
	for _, s := range []Statement{s, own} {
		got := must(OpenStatement(must(s.sign(must(note.NewSigner(keys.signer)))), keys.verifier))
		if diff := cmp.Diff(s, got); diff != "" {
			t.Error(diff)
		}
	}
	_, err := OpenStatement(strings.Replace(signed, "\n3\n", "\n2\n", 1), keys.verifier)
	wantFault(t, "edited", err, CheckSignature)
	for name, text := range map[string]string{
		"checkpoint": fmt.Sprintf("%s\n5\n%s\n", testOrigin, root),
		"origin":     strings.Replace(text, "/feed", "", 1),
		"feed":       strings.Replace(text, string(idOf("b")), "b", 1),
		"feed size":  strings.Replace(text, "\n3\n", "\n+3\n", 1),
		"tree size":  strings.Replace(text, "\n5\n", "\n5 \n", 1),
		"root":       strings.Replace(text, root.String(), "root", 1),
		"time":       strings.Replace(text, ".123456Z", "Z", 1),
		"comma":      strings.Replace(text, ".123456Z", ",123456Z", 1),
		"longer":     text + "more\n",
	} {
		_, err := OpenStatement(keys.note(text), keys.verifier)
		wantFault(t, name, err, CheckStatement)
	}
}

func FuzzNotes(f *testing.F) {
	keys := newKeys()
	root := tlog.RecordHash([]byte("x"))
	f.Add(fmt.Sprintf("%s\n5\n%s\n", testOrigin, root))
	f.Add(fmt.Sprintf("%s/feed\n%s\n3\n5\n%s\n2031-05-04T03:02:01.123456Z\n", testOrigin, idOf("b"), root))
	signer := must(note.NewSigner(keys.signer))
	f.Fuzz(func(t *testing.T, text string) {
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		if err != nil {
			return
		}
		if c, err := OpenCheckpoint(string(signed), keys.verifier); err == nil {
			if again := must(c.sign(signer)); !strings.HasPrefix(text, strings.Split(again, "\n\n")[0]) {
				t.Fatalf("%q is read as %+v", text, c)
			}
		}
		if s, err := OpenStatement(string(signed), keys.verifier); err == nil {
			if again := must(s.sign(signer)); again != string(signed) {
				t.Fatalf("%q is read as %+v", text, s)
			}
		}
	})
}
