package tokens

import (
	"cmp"
	"unicode"
	"unicode/utf8"

	"github.com/mtibben/confusables"
)

// scripts are those whose letters are taken for each other.
type scripts uint8

const (
	latin scripts = 1 << iota
	greek
	cyrillic
	others
)

func scriptOf(r rune) scripts {
	switch {
	case r < utf8.RuneSelf:
		if r > '9' {
			return latin
		}
		return 0
	case r < 0x0370:
		return latin
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.Is(unicode.Greek, r):
		return greek
	case unicode.Is(unicode.Latin, r):
		return latin
	case r < 0x3000 && unicode.In(r, unicode.Armenian, unicode.Cherokee, unicode.Coptic, unicode.Lisu, unicode.Georgian):
		return others
	}
	return 0
}

// The letters of one script that look like those of another, small or capital, by
// Unicode's confusables (UTS 39, confusables.txt). Folded letters are small, so that
// Cyrillic В, which looks like B, is met as в.
var (
	toLatin    = pairs("аaвbсcеeһhнhіiјjкkӏlмmоoрpѕsтtуyѵvхx" + "αaβbϲcεeηnιiϳjκkμmνvοoρpτtυuχxγyωw")
	toCyrillic = pairs("aаbвcсeеhнiіjјkкlӏmмoоpрsѕtтyуvѵxх")
	toGreek    = pairs("aαbβcϲeεhηiιjϳkκmμnνoοpρtτuυvνxχyγwω")
)

// pairs reads letters and those that they look like, by turns.
func pairs(text string) map[rune]rune {
	m := make(map[rune]rune)
	row := []rune(text)
	for i := 0; i+1 < len(row); i += 2 {
		m[row[i]] = row[i+1]
	}
	return m
}

// seen is the word as a reader takes it. Letters that are foreign to its script are
// read as those they look like: it is of the first script, Latin before others, that all
// its letters can be read in, and otherwise of the script of most of them. Never is an
// ASCII letter read as another of ASCII.
func (s *scanner) seen() []byte {
	if s.scripts == 0 || s.scripts == latin {
		return s.key
	}
	if word, all := native(latin, s.key); all {
		return word
	}
	if s.scripts&(s.scripts-1) == 0 {
		return s.key
	}
	counts := make(map[scripts]int)
	for _, r := range string(s.key) {
		counts[scriptOf(r)]++
	}
	main := latin
	for _, script := range []scripts{cyrillic, greek} {
		if word, all := native(script, s.key); all {
			return word
		}
		if counts[script] > counts[main] {
			main = script
		}
	}
	word, _ := native(main, s.key)
	return word
}

// native is the word in letters of one script, and whether all could be read so.
func native(script scripts, key []byte) (word []byte, all bool) {
	all = true
	for _, r := range string(key) {
		if of := scriptOf(r); of != 0 && of != script {
			to := like(script, r)
			all = all && to != 0
			r = cmp.Or(to, r)
		}
		word = utf8.AppendRune(word, r)
	}
	return word, all
}

// like is the letter of the script that the foreign one looks like, 0 for none.
func like(script scripts, r rune) rune {
	switch script {
	case cyrillic:
		return toCyrillic[r]
	case greek:
		return toGreek[r]
	}
	if to := toLatin[r]; to != 0 || scriptOf(r) != others {
		return to
	}
	if like := confusables.Skeleton(string(r)); len(like) == 1 && 'a' <= like[0] && like[0] <= 'z' {
		return rune(like[0])
	}
	return 0
}
