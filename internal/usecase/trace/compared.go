package trace

import (
	"slices"
	"unicode"

	"cordon/wire"
)

// unsplit are scripts that are written without spaces between words, which package
// tokens does not tell apart: a clause is one word to it.
var unsplit = map[string]*unicode.RangeTable{
	"Thai": unicode.Thai, "Lao": unicode.Lao, "Khmer": unicode.Khmer, "Burmese": unicode.Myanmar, "Tibetan": unicode.Tibetan, "Javanese": unicode.Javanese, "Balinese": unicode.Balinese,
}

// oneByOne are scripts in which each character is a word to package tokens.
var oneByOne = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana}

// compared says how many words a text has, and of which scripts they cannot be
// told apart.
func compared(text string) wire.Compared {
	out := wire.Compared{Kind: "plain text"}
	met := map[string]bool{}
	in := false
	for _, r := range text {
		if r >= 0x0e00 {
			for name, table := range unsplit {
				if !met[name] && unicode.Is(table, r) {
					met[name] = true
					out.Unsplit = append(out.Unsplit, name)
				}
			}
			if unicode.In(r, oneByOne...) {
				out.Words++
				in = false
				continue
			}
		}
		letter := unicode.IsLetter(r) || unicode.IsNumber(r) || in && (unicode.IsMark(r) || r == '\'' || r == '’' || r == '-')
		if letter && !in {
			out.Words++
		}
		in = letter
	}
	slices.Sort(out.Unsplit)
	return out
}
