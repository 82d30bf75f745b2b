// Package names decides how organisations, people, groups and arrangements may
// be called, and when two names are one to whoever reads them.
//
// The rules are those of Unicode Technical Standard #39 (Unicode Security
// Mechanisms): confusable strings have one skeleton (section 4), the scripts of
// a name are restricted highly (section 5.2), and characters that are invisible
// or stand for others are not taken (section 3.1). The table of confusables is
// that of github.com/mtibben/confusables (Unicode 13); scripts and properties
// are those of the standard library.
package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mtibben/confusables"
	"golang.org/x/text/unicode/norm"

	"cordon"
)

// Normal is the one spelling of a name: in Unicode's form NFC, without blanks
// around it, and with one space between words.
func Normal(name string) string {
	return norm.NFC.String(strings.Join(strings.Fields(name), " "))
}

// Check gives the name in its Normal spelling; whose it is, such as "a person",
// errors say. A name that cannot be told apart
// by eye, or not be found by what people would type, is Invalid with the reason:
// empty, not UTF-8, of the form of an id, with a character that is invisible, a
// control, private or unassigned, with one that stands for others (ﬁ, fullwidth
// Ａ), or of mixed scripts. One longer than cordon.MaxNameBytes is TooLarge.
func Check(whose, name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", cordon.Errorf(cordon.KindInvalid, "the name is not valid UTF-8")
	}
	if len(name) > cordon.MaxNameBytes {
		return "", cordon.Errorf(cordon.KindTooLarge, "a name is at most %d bytes", cordon.MaxNameBytes)
	}
	name = Normal(name)
	if name == "" {
		return "", cordon.Errorf(cordon.KindInvalid, "%s needs a name", whose)
	}
	if cordon.ID(name).Valid() {
		return "", cordon.Errorf(cordon.KindInvalid, "the name %q has the form of an id and would be read as one: give another", name)
	}
	marks := 0
	for i, r := range name {
		switch {
		case invisible(r):
			return "", cordon.Errorf(cordon.KindInvalid, "the name %+q has a character that nobody sees or that is no text (%U): leave it out", name, r)
		case !unicode.Is(unicode.M, r):
			marks = 0
		default:
			// UTS #39, section 5.4: marks that follow each other without end
			// overprint what stands above and below.
			if marks++; i == 0 || marks > maxMarks {
				return "", cordon.Errorf(cordon.KindInvalid, "the name %+q begins with an accent, or has more than %d on one letter", name, maxMarks)
			}
		}
	}
	if plain := norm.NFKC.String(name); plain != name {
		return "", cordon.Errorf(cordon.KindInvalid, "the name %q has characters that stand for others: write %q", name, Normal(plain))
	}
	if scripts := mixed(name); scripts != nil {
		return "", cordon.Errorf(cordon.KindInvalid, "the name %q mixes the scripts %s, whose letters look alike: write it in one", name, strings.Join(scripts, " and "))
	}
	return name, nil
}

// Find asks for what has the name: as it was typed, so that what an older Cordon
// took is found, and then in its Normal spelling.
func Find[T any](name string, ask func(name string) (T, error)) (T, error) {
	found, err := ask(name)
	if normal := Normal(name); cordon.KindOf(err) == cordon.KindNotFound && normal != name {
		return ask(normal)
	}
	return found, err
}

// maxMarks bounds the nonspacing marks on one letter (UTS #39, section 5.4).
const maxMarks = 4

// Qualifiable refuses a name that could not stand in ORG/Name: a slash, or a
// character that looks like one, would be read as the end of the organisation.
func Qualifiable(name string) error {
	if strings.Contains(confusables.Skeleton(name), "/") {
		return cordon.Errorf(cordon.KindInvalid, "the name %q has a slash, which divides an organisation from its person (ORG/Name): leave it out", name)
	}
	return nil
}

// Alike reports whether two names are one to whoever reads them: they are equal
// without regard to case, or have one skeleton in some mix of cases. I, l and 1
// are one, and so are 0 and O.
func Alike(a, b string) bool {
	return fold(Normal(a)) == fold(Normal(b)) || skeleton(a) == skeleton(b)
}

// skeleton is one for names that look alike, whatever the case of their letters
// (UTS #39, section 4). Letters are compared as written, since some are alike as
// capitals only (Greek Β), then without regard to case, and then once more. Both
// I and l look like 1, so that i counts as l.
func skeleton(name string) string {
	s := fold(confusables.Skeleton(Normal(name)))
	s = fold(confusables.Skeleton(s))
	return strings.ReplaceAll(s, "i", "l")
}

func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// invisible reports whether a character shows nothing, or nothing certain.
func invisible(r rune) bool {
	return r != ' ' && !unicode.IsGraphic(r) || unicode.IsSpace(r) && r != ' ' ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == '\u2800'
}

// together lists the scripts that one language writes side by side (UTS #39,
// section 5.2, Highly Restrictive).
var together = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

// mixed gives the scripts of a name, sorted, where they are not of one language.
func mixed(name string) []string {
	var found []string
	for _, r := range name {
		if s := script(r); s != "" && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	within := func(all []string) bool {
		return !slices.ContainsFunc(found, func(s string) bool { return !slices.Contains(all, s) })
	}
	if len(found) < 2 || slices.ContainsFunc(together, within) {
		return nil
	}
	slices.Sort(found)
	return found
}

// script is that of a character; empty for those that several scripts share.
func script(r rune) string {
	if r <= unicode.MaxASCII {
		if unicode.IsLetter(r) {
			return "Latin"
		}
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			if name == "Common" || name == "Inherited" {
				return ""
			}
			return name
		}
	}
	return ""
}
