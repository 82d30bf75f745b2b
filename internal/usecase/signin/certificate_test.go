package signin

import (
	"strings"
	"testing"
)

func FuzzParseMapping(f *testing.F) {
	for text, want := range map[string]string{
		"sha256:" + strings.Repeat("AB:", 31) + "AB": "sha256:" + strings.Repeat("ab", 32),
		"dn:CN=ana,O=VALDOR":                         "dn:CN=ana,O=VALDOR",
		"uri:spiffe://valdor.example/ana":            "uri:spiffe://valdor.example/ana",
		"email:ana@valdor.example":                   "email:ana@valdor.example",
		"dns:Ana.Valdor.Example":                     "dns:ana.valdor.example",
		"":                                           "", "sha256:": "", "sha256:ab": "", "dn:": "", "dn:ana": "", "dn: CN=ana": "", "uri:ana": "", "uri:": "", "email:ana": "",
		"email:Ana <ana@valdor.example>": "", "dns:-ana": "", "dns:*.example": "", "dns:": "", "ip:127.0.0.1": "", "CN=ana": "", "dn:CN=a\nb": "",
		"dn:CN=" + strings.Repeat("a", 2000): "",
	} {
		if got, err := ParseMapping(text); got != want || (err == nil) != (want != "") {
			f.Errorf("%q: %q, %v", text, got, err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMapping(text)
		if err != nil {
			return
		}
		if again, err := ParseMapping(m); err != nil || again != m {
			t.Errorf("%q is read as %q, and that as %q, %v", text, m, again, err)
		}
	})
}
