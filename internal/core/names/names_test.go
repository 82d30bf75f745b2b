package names

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/mtibben/confusables"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"cordon"
)

func TestNamesThatLookAlikeAreOne(t *testing.T) {
	for _, other := range []string{
		"ALLY ", " ALLY", "ally", "Ally", "\u0410LLY" /* Cyrillic A */, "АLLУ", "ＡＬＬＹ", "A11Y", "AIIY", "ALLY\u00a0", "𝐀𝐋𝐋𝐘", "αLLy",
	} {
		if !Alike("ALLY", other) || !Alike(other, "ALLY") {
			t.Errorf("ALLY and %+q are two names", other)
		}
	}
	for a, b := range map[string]string{
		"BIG ALLY": "BIG  ALLY", "Асе": "ACE", "ΑΒ": "AB", "FIN": "FlN", "alrna": "ALMA", "U-10": "U-1O", "Zoe\u0301": "Zoé", "ὈΔΟΣ": "ὈΔΟΣ",
	} {
		if !Alike(a, b) {
			t.Errorf("%+q and %+q are two names", a, b)
		}
	}
	for a, b := range map[string]string{"ALLY": "ALLEY", "VALDOR": "TARSIS", "ana": "anna", "U 1": "U 2", "Мир": "Мор", "Zoe": "Zoé"} {
		if Alike(a, b) {
			t.Errorf("%q and %q are one name", a, b)
		}
	}
}

func TestWhatANameMayBe(t *testing.T) {
	for given, want := range map[string]string{
		"ALLY": "ALLY", " BIG \t ALLY ": "BIG ALLY", "Zoe\u0301": "Zoé", "O'Neill, Jr.": "O'Neill, Jr.", "Иванов": "Иванов", "東京 CERT": "東京 CERT",
		"日本の会社カタカナ": "日本の会社カタカナ", "한국 KR-CERT": "한국 KR-CERT", "देवनागरी": "देवनागरी", "A/B": "A/B", "BIG\u3000ALLY": "BIG ALLY",
	} {
		if got, err := Check("a person", given); err != nil || got != want {
			t.Errorf("%+q: %+q, %v; want %+q", given, got, err, want)
		}
	}
	for bad, reason := range map[string]string{
		"":                     "needs a name",
		" \t ":                 "needs a name",
		"ALLY\u3164":           "U+3164",
		"AL\u200bLY":           "U+200B",
		"AL\u200dLY":           "U+200D",
		"\u202eALLY":           "U+202E",
		"ALLY\u2800":           "U+2800",
		"ALLY\ufe0f":           "U+FE0F",
		"ALLY\u034f":           "U+034F",
		"ALLY\x07":             "U+0007",
		"ALLY\ue000":           "U+E000",
		"\u0410LLY":            "Cyrillic and Latin",
		"Αlly":                 "Greek and Latin",
		"ＡＬＬＹ":                 `write "ALLY"`,
		"ﬁn":                   `write "fin"`,
		"\xff":                 "UTF-8",
		"\u0301A":              "begins with an accent",
		"x" + dots(5):          "more than 4",
		string(cordon.NewID()): "form of an id",
	} {
		if _, err := Check("a person", bad); cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), reason) {
			t.Errorf("%+q: %v; want Invalid with %q", bad, err, reason)
		}
	}
	if _, err := Check("a person", strings.Repeat("a", cordon.MaxNameBytes+1)); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("a name too long: %v", err)
	}
	for _, bad := range []string{"A/B", "A\u2044B", "A\u2215B"} {
		if err := Qualifiable(bad); cordon.KindOf(err) != cordon.KindInvalid {
			t.Errorf("%+q: %v", bad, err)
		}
	}
	if err := Qualifiable("A-B (C)"); err != nil {
		t.Error(err)
	}
}

func dots(n int) string { return strings.Repeat("\u0323", n) }

// TestTheTableIsWhole counts the characters that the table of Unicode 13 makes
// something else of, without those that are taken apart before they are looked
// up.
func TestTheTableIsWhole(t *testing.T) {
	n := 0
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if s := string(r); utf8.ValidRune(r) && norm.NFD.IsNormalString(s) && confusables.Skeleton(s) != s {
			n++
		}
	}
	if n != 5247 {
		t.Errorf("the table of confusables has an effect on %d characters", n)
	}
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		holds(t, a)
		holds(t, b)
		if Alike(a, b) != Alike(b, a) {
			t.Fatal("alike one way only")
		}
	})
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"ALLY", "\u0410LLY", "ALLY\u3164", "ＡＬＬＹ", "A/B", "東京 CERT", "Zoe\u0301", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { holds(t, s) })
}

// holds: a name is alike to itself in any spelling, and a name that is taken
// stays as it is and shows all its characters.
func holds(t interface{ Fatalf(string, ...any) }, s string) {
	for _, same := range []string{s, Normal(s), "  " + s + " ", norm.NFD.String(s), Normal(Normal(s))} {
		if !Alike(s, same) {
			t.Fatalf("%+q is not alike to %+q", s, same)
		}
	}
	name, err := Check("a person", s)
	if err != nil {
		if cordon.KindOf(err) != cordon.KindInvalid && len(s) <= cordon.MaxNameBytes {
			t.Fatalf("%+q: %v", s, err)
		}
		return
	}
	if again, err := Check("a person", name); err != nil || again != name {
		t.Fatalf("%+q is taken as %+q, and that as %+q, %v", s, name, again, err)
	}
	for _, r := range name {
		if invisible(r) {
			t.Fatalf("%+q is taken with %U", s, r)
		}
	}
}
