package encoded_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"cordon/internal/edge/exchange/encoded"
	"cordon/internal/edge/exchange/parts"
)

// open takes for text what is UTF-8.
func open(name string, src []byte) parts.File {
	if !utf8.Valid(src) || strings.ContainsRune(string(src), 0) {
		return parts.Unreadable(name, "a binary file", "this is a file of an unknown kind, and no text", "")
	}
	return parts.File{Name: name, Kind: "plain text", Raw: string(src)}
}

func TestRead(t *testing.T) {
	const said = "The courier met the quartermaster twice in Marrow Quay and counted eleven crates."
	whole := base64.StdEncoding.EncodeToString([]byte(said))
	long := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(said+"\n", 3)))
	lines := long[:76] + "\n" + long[76:152] + "\n" + long[152:]
	junk := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\xff\x00\x17 ab", 40)))
	for _, c := range []struct{ name, text, want string }{
		{"words", "The courier met the quartermaster.\nInternationalisation", "rest The courier met the quartermaster.\nInternationalisation"},
		{"one word", whole, "rest \nf: text in base64: " + said},
		{"in a line", "See " + whole + " there.", "rest See  there.\nf: text in base64: " + said},
		{"lines between words", "See below\n" + lines + "\nregards", "rest See below\n\n\n\nregards\nf: text in base64: " + strings.Repeat(said+"\n", 3)},
		{"quoted", "> " + strings.ReplaceAll(lines, "\n", "\n> "), "rest \n\n\nf: text in base64: " + strings.Repeat(said+"\n", 3)},
		{"hexadecimal", hex.EncodeToString([]byte(said)), "rest \nf: text in hexadecimal: " + said},
		{"a hash", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", "rest 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"},
		{"of nobody knows what", junk, "rest " + junk + "\nlost 1: what is written in base64 here is no text"},
		{"in an address", "https://x.example/" + junk, "rest https://x.example/" + junk},
		{"a signature", "Text.\n-----BEGIN PGP SIGNATURE-----\n" + junk + "\n-----END PGP SIGNATURE-----\n", "rest Text.\n-----BEGIN PGP SIGNATURE-----\n" + junk + "\n-----END PGP SIGNATURE-----\n"},
		{"uuencode", "Here:\nbegin 644 (S) a.txt\n#0V%T\n`\nend\n", "rest Here:\n\n\n\n\n\nf: (S) a.txt: Cat"},
		{"uuencode cut off", "begin 644 a.txt\nM0V%T\n`\nend\n", "rest \n\n\n\n\nlost 1: what is written in uuencode here is cut off\nf: a.txt: Cat"},
	} {
		f := parts.File{Name: "f"}
		rest := strings.Split(encoded.Read(&f, c.text, 1, open), "\n")
		for i := range rest {
			rest[i] = strings.TrimRight(rest[i], " ")
		}
		got := "rest " + strings.ReplaceAll(strings.Join(rest, "\n"), strings.Repeat(" ", len(whole)), "")
		for _, i := range f.Lost {
			got += fmt.Sprintf("\nlost %d: %s", i.Line, i.Problem)
		}
		for _, one := range f.Files {
			got += "\n" + one.Name + ": " + one.Raw
		}
		if got != c.want {
			t.Errorf("%s:\n%s\nnot\n%s", c.name, got, c.want)
		}
	}
}

func TestQuotedPrintable(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"=28S//NF=29 the=20cour=\nier met=20caf=C3=A9", "(S//NF) the courier met café"},
		{"a = b, and c =20 d", ""},
		{"https://x.example/?a=12&b=45&c=67", ""},
		{"no signs", ""},
	} {
		if got, ok := encoded.QuotedPrintable(c.text); got != c.want || ok != (c.want != "") {
			t.Errorf("%q gives %q, %v", c.text, got, ok)
		}
	}
}

// Text outside of what is encoded stays, line by line.
func FuzzRead(f *testing.F) {
	f.Add("See\nbegin 644 a\n#0V%T\n`\nend\nQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg==\n")
	f.Fuzz(func(t *testing.T, text string) {
		file := parts.File{Name: "f"}
		rest := encoded.Read(&file, text, 1, open)
		if strings.Count(rest, "\n") != strings.Count(text, "\n") || len(rest) != len(text) {
			t.Fatalf("%q became %q", text, rest)
		}
		if len(file.Files) == 0 && len(file.Notes) == 0 && len(file.Lost) == 0 && rest != text {
			t.Fatalf("%q became %q, and nothing is said", text, rest)
		}
		encoded.QuotedPrintable(text)
		encoded.Beside(text)
	})
}
