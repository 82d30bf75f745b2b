package tokens

import (
	"slices"
	"strings"
	"testing"
)

func TestIndicators(t *testing.T) {
	const sha = "4f1c9a7be2d05583c6b1a90e77d2f4480a3be61c5d9f20b7e8143c6a5d9e0f12"
	for _, c := range []struct{ text, want string }{
		{"IOC seen in the wild: " + sha, "hash " + sha},
		{"SHA256:" + strings.ToUpper(sha) + ".", "hash " + sha},
		{"calls update-cdn.heron-mail.example every", "domain update-cdn.heron-mail.example"},
		{"update-cdn[.]heron-mail(dot)EXAMPLE,", "domain update-cdn.heron-mail.example"},
		{"hxxps://Heron[.]example/Gate.php?id=1", "domain heron.example, url //heron.example/gate.php?id=1"},
		{"(see http://198.51.100.7:8080/x)", "address 198.51.100.7, url //198.51.100.7:8080/x"},
		{"from 198[.]51[.]100[.]7 and 2001:DB8::1", "address 198.51.100.7, address 2001:db8::1"},
		{"write to ops[at]heron.example", "mailbox ops@heron.example, domain heron.example"},
		{"dropped C:\\Users\\x\\svchost32.exe and invoice_77.docm", "file svchost32.exe, file invoice_77.docm"},
		{"CVE-2021-44228", "vulnerability cve-2021-44228"},
		{"account GB29 NWBK 6016 1331 9268 19 or GB29NWBK60161331926819", "account gb29nwbk60161331926819, account gb29nwbk60161331926819"},
		{"call +44 20 7946 0018 or 0044-20-7946-0018", "account 442079460018, account 442079460018"},
		{"at 48.85837, 2.29448 or 48.858°N 2.294°E", "coordinates 48.858,2.294, coordinates 48.858,2.294"},
		{"on 3 March 2026, March 3rd, 2026 and 2026-03-03", "date 2026-03-03, date 2026-03-03, date 2026-03-03"},
		{"paid 12,500 or 12 500 or 12500 crowns", "amount 12500, amount 12500, amount 12500"},
		{"It was 1984. He left the stove.The end, e.g. in Node.js or 3.14 and 10,000 others", ""},
		{"the 31 February 2026", ""},
		{"A word/or two, and/or (three)", ""},
	} {
		var got []string
		for _, i := range Indicators(c.text) {
			got = append(got, string(i.Kind)+" "+i.Value)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%q reads %q, want %q", c.text, strings.Join(got, ", "), c.want)
		}
	}
}

func TestTerms(t *testing.T) {
	k := New(testKey(1))
	for _, c := range []struct{ name, a, b string }{
		{"English", "The ledgers were copied by the quartermasters", "A quartermaster is copying the ledger"},
		{"German", "Die Schiffe und die Häfen der Verbindungen", "das Schiff in dem Hafen mit der Verbindung"},
		{"French", "Les agents de la liaison et les navires", "un agent de liaison dans le navire"},
		{"Spanish", "Los barcos y las reuniones de la noche", "un barco en la reunion por las noches"},
		{"Russian", "корабли в порту", "корабля из порта"},
		{"Chinese", "军需官藏着账簿", "账簿交给军需官"},
		{"a hash", "seen 4f1c9a7be2d05583c6b1a90e77d2f448", "4F1C9A7BE2D05583C6B1A90E77D2F448 again"},
	} {
		a, b := k.Terms(c.a), k.Terms(c.b)
		shared := 0
		for _, x := range a {
			if slices.ContainsFunc(b, func(y Term) bool { return y.Same() == x.Same() }) {
				shared++
			}
		}
		if shared < 1 || c.name == "English" && shared < 3 {
			t.Errorf("%s: %d terms in common", c.name, shared)
		}
		if !slices.IsSorted(a) || len(New(testKey(2)).Terms(c.a)) != len(a) || slices.Equal(New(testKey(2)).Terms(c.a), a) {
			t.Errorf("%s: not sorted, or not keyed", c.name)
		}
	}
	if n := len(k.Terms("the and of to be")); n != 0 {
		t.Errorf("%d terms of everyday words", n)
	}
	if terms := k.Terms("crate, crates and Crate; crate"); len(terms) != 1 || terms[0].Times() != 3 || terms[0].Indicator() {
		t.Errorf("%v", terms)
	}
}

func FuzzIndicators(f *testing.F) {
	for _, s := range []string{"hxxp://a[.]example/x", "48.858, 2.294", "+44 20 7946 0018", "GB29 NWBK 6016 1331 9268 19", "3 March 2026", "a@b.example", "\xff.[.]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, i := range Indicators(text) {
			if i.Start < 0 || i.Start >= i.End || i.End > len(text) || i.Value == "" {
				t.Fatalf("%+v of %d bytes", i, len(text))
			}
		}
		New(testKey(1)).Terms(text)
	})
}
