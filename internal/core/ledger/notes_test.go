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
	} {
		_, err := OpenCheckpoint(keys.note(text), keys.verifier)
		wantFault(t, name, err, CheckCheckpoint)
	}
	if _, err := OpenCheckpoint(signed, "not a key"); cordon.KindOf(err) != cordon.KindInvalid {
		t.Error(err)
	}
}

func TestTickForm(t *testing.T) {
	root := tlog.RecordHash([]byte("x"))
	text := fmt.Sprintf("cordon-tick/1\n7\n2031-05-04T03:02:01.123456Z\n%s\n%s\n", root, tlog.Hash{})
	k := Tick{Number: 7, At: stopped{}.Now(), Slots: root}
	if string(k.Bytes()) != text {
		t.Fatalf("written as %q", k.Bytes())
	}
	if diff := cmp.Diff(k, must(ParseTick([]byte(text)))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(k, viaJSON(k)); diff != "" {
		t.Error(diff)
	}
	for name, text := range map[string]string{
		"empty":     "",
		"name":      strings.Replace(text, "/1", "/2", 1),
		"number":    strings.Replace(text, "\n7\n", "\n07\n", 1),
		"no number": strings.Replace(text, "\n7\n", "\n0\n", 1),
		"time":      strings.Replace(text, ".123456Z", "Z", 1),
		"comma":     strings.Replace(text, ".123456Z", ",123456Z", 1),
		"slots":     strings.Replace(text, root.String(), respell(root.String()), 1),
		"state":     strings.Replace(text, tlog.Hash{}.String(), "state", 1),
		"longer":    text + "more\n",
		"cut":       strings.TrimSuffix(text, "\n"),
	} {
		if _, err := ParseTick([]byte(text)); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzTick(f *testing.F) {
	f.Add(string(Tick{Number: 7, At: stopped{}.Now()}.Bytes()))
	f.Fuzz(func(t *testing.T, text string) {
		if k, err := ParseTick([]byte(text)); err == nil && string(k.Bytes()) != text {
			t.Fatalf("%q is read as %+v", text, k)
		}
	})
}

func FuzzNotes(f *testing.F) {
	keys := newKeys()
	root := tlog.RecordHash([]byte("x"))
	f.Add(fmt.Sprintf("%s\n5\n%s\n", testOrigin, root))
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
	})
}
