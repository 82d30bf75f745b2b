package tokens

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func testKey(b byte) (key [32]byte) {
	key[0] = b
	return key
}

// read gives a text's words as the scanner normalises them.
func read(text string) []string {
	var words []string
	for s := newScanner(text); s.next(); {
		words = append(words, string(s.key))
	}
	return words
}

// seen gives a text's words as a reader takes them.
func seen(text string) []string {
	var words []string
	for _, w := range Read(text) {
		words = append(words, w.Key)
	}
	return words
}

func TestWordsOfTexts(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"case and punctuation", "The SOURCE, he said; met (twice)!", "the source he said met twice"},
		{"extra spaces", "the \t source\n\n  met", "the source met"},
		{"apostrophes", "Don't, don’t, dont, partners' d'accord", "dont dont dont partners daccord"},
		{"quotes", "“source” ‘met’ \"twice\" «now»", "source met twice now"},
		{"hyphens", "third-party third‑party third‐party third\u00adparty", "thirdparty thirdparty thirdparty thirdparty"},
		{"dashes", "source—met -- twice - now – 1914–18", "source met twice now 191418"},
		{"hyphen at line end", "the secu-\nrity of the third-\r\n  party", "the security of the thirdparty"},
		{"hyphen at line end, quoted", "> the secu-\n> > rity of", "the security of"},
		{"hyphen before a blank line", "the secu-\n\nrity, the secu-\n\nRity, the secu-\n\n\nrity", "the security the secu rity the secu rity"},
		{"hyphen and a space", "quarter- master third\u00ad party, 12- 15 pre- and Mid- West", "quartermaster thirdparty 12 15 pre and mid west"},
		{"a line of a hyphen", "the quarter\n-\nmaster\r\n> -\r\n> fish\n- list\n-\nEnd", "the quartermasterfish list end"},
		{"a hanging hyphen", "pre- and post-war", "pre and postwar"},
		{"list", "- one\n- two-\n- three", "one two three"},
		{"emphasis", "**S**ecret _word_ `code` ~~gone~~", "secret word code gone"},
		{"invisible", "se\u200bcr\u2060et\ufeff wo\u00adrd \u200fnow\u034f\ufe0f", "secret word now"},
		{"compatibility", "ﬁnal ｆｕｌｌ ½ ① ㎏", "final full 1 2 1 kg"},
		{"composition", "cafe\u0301 café CAFÉ", "cafe cafe cafe"},
		{"folding", "Straße STRASSE ΣΊΣΥΦΟΣ σίσυφος İ", "strasse strasse σισυφοσ σισυφοσ i"},
		{"struck through", "s\u0336e\u0336c\u0336r\u0336e\u0336t\u0336 s\u20dde", "secret se"},
		{"Arabic", "المخـزن بِدَفْتَرٍ أمين", "المخزن بدفتر امين"},
		{"Hebrew points", "שָׁלוֹם", "שלום"},
		{"Cyrillic", "Ёлка ёлка Й", "елка елка и"},
		{"ideographs", "東京で3人がガが", "東 京 で 3 人 が ガ が"},
		{"Thai", "ที่นั่น", "ที่ นั่ น"},
		{"Devanagari keeps its vowels", "हिन्दी", "हिन्दी"},
		{"digits", "٣ مارس ۲۰۲۶ ３ १२", "3 مارس 2026 3 12"},
		{"grouped digits", "12,500 12 500; 12'500 12’500 12\u202f500 12\u00a0500 12.500 12500 ١٢٬٥٠٠ 1,234,567.89 12,34,567 1'234'567", "12500 12500 12500 12500 12500 12500 12500 12500 12500 1234567 89 1234567 1234567"},
		{"not grouped", "2026,300 012,500 12,50 12,5000 1,2 10.0.0.1 192.168.1.1 12,500th 3, 100", "2026 300 012 500 12 50 12 5000 1 2 10 0 0 1 192 168 1 1 12 500th 3 100"},
		{"joined otherwise", "the/dock|clerk,told—our;man", "the dock clerk told our man"},
		{"invalid UTF-8", "one\xff\xfetwo \xc3", "one two"},
		{"nothing", " ...—\u200b’- ", ""},
	} {
		if got := strings.Join(read(c.text), " "); got != c.want {
			t.Errorf("%s: %q reads %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

func TestLongWordsAreCutAlike(t *testing.T) {
	long := strings.Repeat("0123456789abcdef", 1000)
	words := read("x " + long)[1:]
	if !slices.Equal(words, read(long)) || len(words) != len(long)/maxWord {
		t.Errorf("%d words", len(words))
	}
}

func TestForeignLettersAreSeenThrough(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Vеlmоra sесret \u0405TATION", "velmora secret station"}, // Cyrillic е, о, с, Ѕ
		{"МАЯК маяk", "маяк маяк"},                                // Latin k
		{"раураl modern modem O0 l1", "paypal modern modem o0 l1"},
		{"соре сорт", "cope copt"}, // a reader cannot tell
		{"ящик щит", "ящик щит"},
		{"ΑΘΗΝΑ αθηνa", "αθηνα αθηνα"},
	} {
		if got := strings.Join(seen(c.text), " "); got != c.want {
			t.Errorf("%q is seen as %q, want %q", c.text, got, c.want)
		}
	}
	k := New(testKey(1))
	if slices.Contains(k.Words("Vеlmora"), k.Words("Velmora")[0]) {
		t.Error("search takes a foreign letter for its like")
	}
}

// To fold what is folded changes nothing.
func TestFoldingIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := seen(anyText().Draw(t, "text"))
		if twice := seen(strings.Join(once, "\n")); !slices.Equal(once, twice) {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"", 0}, {"one two-three 4", 3}, {"中华人民共和国国家安全部", 6}, {"เสมียนท่าเรือ", 2}, {"カタカナ語", 1}, {"한국어 단어", 2},
	} {
		if got := Count(c.text); got != c.want {
			t.Errorf("%q counts %d words, want %d", c.text, got, c.want)
		}
	}
}

// A text and its normal form are the same words.
func TestNormalFormReadsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		if got, want := read(norm.NFKC.String(text)), read(text); !slices.Equal(got, want) {
			t.Fatalf("%q reads %q, its normal form %q", text, want, got)
		}
	})
}

// anyText draws texts that try the scanner.
func anyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		pieces := rapid.SliceOf(rapid.OneOf(
			rapid.SampledFrom([]string{
				"a", "b", "-", "’", "'", "\n", " ", "> ", "*", "\u0301", "\u200b", "½", "⑴",
				"\u00ad", "東", "\u3099", "か", "ﬁ", "ﷺ", "ß", "İ", "\u0345", "´", "…", "ー", "\u115f", "1", "500", ",", "٣", "ท", "\u0e48", "\u0e38", "ำ", "а", "α", "ـ", "\u05b8",
			}),
			rapid.StringN(0, 4, -1),
		)).Draw(t, "pieces")
		return strings.Join(pieces, "")
	})
}

func TestSearchTokens(t *testing.T) {
	k := New(testKey(1))
	text := k.Words("Meridian's third-party secu-\nrity, DON'T say")
	for _, c := range []struct {
		query string
		want  bool
	}{
		{"meridian", true},
		{"Meridian’s", true},
		{"MERIDIANS", true},
		{"third party", true},
		{"third-party", true},
		{"thirdparty", true},
		{"party third", true},
		{"security", true},
		{"don't", true},
		{"say!", true},
		{"sec", false},
		{"fourth party", false},
		{"meridian absent", false},
	} {
		query, _ := k.Asked(c.query)
		got := true
		for _, q := range query {
			got = got && slices.Contains(text, q)
		}
		if got != c.want {
			t.Errorf("query %q answered %v", c.query, got)
		}
	}
	if q, n := k.Asked("Meridian's"); n != 1 || !slices.Equal(q, k.Words("meridian")) {
		t.Errorf("a genitive asks for more than its word: %v, %d", q, n)
	}
	var spelt []Spelling
	for w := range k.Spell("Third-party’s X") {
		w.Key = nil
		spelt = append(spelt, w)
	}
	word := func(text string) int64 { return k.Words(text)[0] }
	if want := []Spelling{
		{Token: word("thirdpartys"), Parts: []int64{word("third"), word("party"), word("s")}, Start: 0, End: 15},
		{Token: word("x"), Start: 16, End: 17},
	}; !reflect.DeepEqual(spelt, want) {
		t.Errorf("spelt %+v, want %+v", spelt, want)
	}
	if !slices.IsSorted(text) || len(slices.Compact(slices.Clone(text))) != len(text) {
		t.Error("word tokens are not sorted and distinct")
	}
}

// Nothing of one key, or of one use, helps with another.
func TestTokensDependOnKeyAndUse(t *testing.T) {
	const text = "watch the Harbour Street office nightly and report to nobody"
	a, b := New(testKey(1)), New(testKey(2))
	seen := make(map[int64]string)
	for name, tokens := range map[string][]int64{
		"words of a": a.Words(text), "words of b": b.Words(text),
		"prints of a": a.Prints(text), "prints of b": b.Prints(text),
		"words read by a": reading(a, text), "words read by b": reading(b, text),
	} {
		if len(tokens) == 0 {
			t.Errorf("no %s", name)
		}
		for _, token := range tokens {
			if other, ok := seen[token]; ok {
				t.Errorf("%s and %s have a token in common", name, other)
			}
			seen[token] = name
		}
	}
	if !slices.Equal(a.Words(text), New(testKey(1)).Words(text)) || !slices.Equal(a.Prints(text), New(testKey(1)).Prints(text)) {
		t.Error("one key gives two tokens")
	}
	if string(a.Ref("MER/1")) == string(b.Ref("MER/1")) {
		t.Error("names are not keyed")
	}
}

func reading(t *Tokeniser, text string) (hashes []int64) {
	for _, w := range t.readAll(text) {
		hashes = append(hashes, int64(w.hash))
	}
	return hashes
}

func TestRef(t *testing.T) {
	k := New(testKey(1))
	if k.Ref("") != nil || k.Ref(" \n") != nil {
		t.Error("no name has a token")
	}
	a := k.Ref("MER/2017/014")
	if len(a) != 16 || string(a) != string(k.Ref(" MER/2017/014\n")) || string(a) == string(k.Ref("mer/2017/014")) {
		t.Error("names are compared as written, without the space around them")
	}
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{"plain text", "secu-\n> rity", "cafe\u0301 ½ ﷺ", "a\xffb\xc3", "a\u200b-\n東", "-'-'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for s := newScanner(text); s.next(); {
			switch {
			case len(s.key) == 0 || len(s.key) > maxWord+utf8.UTFMax:
				t.Fatalf("a word of %d bytes", len(s.key))
			case s.start < 0 || s.start >= s.end || s.end > len(text) || s.end <= last && s.start < last-64:
				t.Fatalf("word at %d to %d of %d, after %d", s.start, s.end, len(text), last)
			case !utf8.RuneStart(text[s.start]) && utf8.ValidString(text),
				s.end < len(text) && !utf8.RuneStart(text[s.end]) && utf8.ValidString(text):
				t.Fatalf("word at %d to %d is not on rune boundaries", s.start, s.end)
			case s.end < last:
				t.Fatal("words run backwards")
			}
			last = s.end
		}
	})
}
