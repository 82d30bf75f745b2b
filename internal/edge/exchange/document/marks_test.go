package document_test

import (
	"fmt"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/edge/exchange/document"
	"cordon/marking"
	"cordon/marking/de"
	"cordon/marking/eu"
	"cordon/marking/nato"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

// became says what becomes of a file under the default marking U: the marking of
// each portion with the title before it where it has its own, then warnings, or
// what is refused and where.
func became(t *testing.T, name, text string) string {
	t.Helper()
	set := marking.NewSet(us.Scheme(), tlp.Scheme(), nato.Scheme(), eu.Scheme(), de.Scheme())
	def, err := set.Parse("U")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for d, err := range document.Read(name, strings.NewReader(text), document.Options{Schemes: set, DefaultMark: def}) {
		if err != nil {
			for _, i := range issuesOf(err) {
				out = append(out, fmt.Sprintf("refused %d:%d", i.Line, i.Column))
			}
			if cordon.KindOf(err) != cordon.KindInvalid {
				out = append(out, err.Error())
			}
			continue
		}
		for _, p := range d.Portions {
			out = append(out, p.Marks.Portion())
		}
		for _, w := range d.Warnings {
			out = append(out, fmt.Sprintf("warned %d:%d", w.Line, w.Column))
		}
	}
	return strings.Join(out, ", ")
}

// What is marked where people mark it comes in so, or is refused; in every format.
func TestMarksOfAllForms(t *testing.T) {
	t.Parallel()
	mail := func(subject string) string {
		return "From: a@x.example\nTo: b@y.example\nSubject: " + subject + "\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\nThe courier met nobody.\n"
	}
	for _, c := range []struct{ name, text, want string }{
		{"a.md", "**TOP SECRET** — the courier", "refused 1:3"},
		{"a.md", "- fine\n- SECRET: the courier", "refused 2:3"},
		{"a.md", "## SECRET: harbour\n\nThe courier", "refused 1:4"},
		{"a.md", "| a |\n|---|\n| SECRET: the courier |", "refused 3:3"},
		{"a.md", "<table><tr><td>x</td><td>(S//NF) the courier</td></tr></table>", "refused 1:26"},
		{"a.html", "<html><body><p><b>SECRET</b> the courier</p></body></html>", "refused 1:1"},
		{"a.html", "<html><body><table><tr><th>name<th>Classification<tr><td>pier<td>Secret</table></body></html>", "refused 1:10"},
		{"a.srt", "1\n00:00:01,000 --> 00:00:04,000\nSECRET: the courier\n", "refused 3:1"},
		{"a.vtt", "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>TOP SECRET - the courier\n", "refused 4:6"},
		{"a.csv", "name,classification\npier,SECRET\n", "refused 2:6"},
		{"a.txt", "{S//NF} the courier", "S//NF"},
		{"a.txt", "{vocal} the courier", "U"},
		// The subject of a mail marks all of it.
		{"a.eml", mail("SECRET: harbour"), "S, S"},
		{"a.eml", mail("[SECRET] harbour"), "S, S"},
		{"a.eml", mail("Re: TOP SECRET - harbour"), "TS, TS"},
		{"a.eml", mail("AW: WG: [Geheim] harbour"), "(U)(Geh.), (U)(Geh.)"},
		{"a.eml", mail("harbour - NATO SECRET"), "(U)(NS), (U)(NS)"},
		{"a.eml", mail("Fwd: EU LIMITE: harbour"), "refused 3:6"},
		{"a.eml", mail("Secret recipes"), "U, U"},
		// A mark behind what it could mark.
		{"a.txt", "The courier.\n(S//NF)\n\nThe pier.", "refused 2:1"},
		{"a.txt", "(U) The courier.\n(S//NF)\n\n(U) The pier.", "refused 2:1"},
		{"a.txt", "The pier.\n\nThe courier.\n\n(S//NF)", "refused 5:1"},
		{"a.txt", "(S//NF) The courier.\n(S//NF)\n\nThe pier.", "S//NF"},
		{"a.txt", "(S//NF)\nThe courier.", "S//NF"},
		{"a.srt", "1\n00:00:01,000 --> 00:00:04,000\nfine\n(S//NF)\n\n2\n00:00:05,000 --> 00:00:06,000\nthe courier\n", "refused 4:1"},
		{"a.md", "# Harbour (S//NF)\n\nThe courier.", "refused 1:11"},
		{"a.md", "The courier is late. (S//NF)", "U, warned 1:22"},
		// Letters that count, and the sign of a copyright.
		{"a.txt", "(A) one\n\n(B) two\n\n(C) three\n\n(D) four", "U, U, U, U, warned 5:1"},
		{"a.txt", "(A) one\n(B) two\n(C) three", "U, U, warned 3:1"},
		{"a.txt", "(B) two\n\n(C) three", "U, C"},
		{"a.txt", "(A) one\n\n(C) three", "U, C"},
		{"a.txt", "(C) 2024 Acme Corp. All rights reserved.", "U, warned 1:1"},
		{"a.txt", "(C) 2019-2024 Acme Ltd\n\nThe pier.", "U, U, warned 1:1"},
		{"a.txt", "(C) 2024 was a bad year for couriers.", "C"},
		{"a.txt", "(S) The courier.\n\n(C) 2024 Harbour Operations\n\nThe pier.", "C, U"},
		// The classification authority block.
		{"a.txt", "Classified By: J. Doe\nDerived From: X\n\nThe courier.", "refused 1:1"},
		{"a.md", "The courier.\n\n**Declassify On:** 20301231", "refused 3:3"},
		{"a.txt", "(S) The courier.\n\n(U) The pier.\n\nClassified By: J. Doe", "U, U"},
		{"a.txt", "Derived From: the base class\n\nThe pier.", "U, U"},
		{"a.jsonl", `{"title":"x","titleMarking":"U","portions":[{"marking":"U","text":"Declassify On: 20301231"}]}`, "refused 1:0"},
	} {
		if got := became(t, c.name, c.text); got != c.want {
			t.Errorf("%s %q: %s, not %s", c.name, c.text, got, c.want)
		}
	}
}
