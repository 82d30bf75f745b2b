package marking

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain writes what people and programs put in place of the characters of a
// mark as those characters: exotic white space, dashes, slashes and wide or
// styled letters; letters of other scripts that look like Latin capitals, where
// they stand among Latin ones; and nothing for what cannot be seen. White space
// is single, and none stands at the ends.
func plain(s string) string {
	if isPlain(s) {
		return s
	}
	mixed := strings.Contains(s, "//") || strings.ContainsFunc(s, isASCIILetter)
	var b strings.Builder
	blank := false
	for _, r := range s {
		if isBlank(r) {
			blank = true
			continue
		}
		if isInvisible(r) {
			continue
		}
		if blank && b.Len() > 0 {
			b.WriteByte(' ')
		}
		blank = false
		if r == '\u2afd' || r == '\u2afb' { // two and three solidi in one
			b.WriteByte('/')
		}
		r = asASCII(r)
		if like, ok := lookalikes[r]; ok && mixed {
			r = like
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isPlain tells quickly that plain would change nothing.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c > ' ' && c < utf8.RuneSelf && c != 0x7f:
		case c == ' ' && i > 0 && i+1 < len(s) && s[i+1] != ' ':
		default:
			return false
		}
	}
	return true
}

// isBlank reports whether r is seen as white space. The fillers of Hangul and
// the empty Braille cell are letters and a symbol to Unicode, and show nothing.
func isBlank(r rune) bool {
	if r < utf8.RuneSelf {
		return r == ' ' || r >= '\t' && r <= '\r'
	}
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800':
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp)
}

// isInvisible reports whether r takes no place of its own: format characters,
// controls, combining marks, and the private use that Word's bullets have.
func isInvisible(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	return r == '\ufffc' || unicode.In(r, unicode.Cf, unicode.Cc, unicode.Co, unicode.Mn, unicode.Me)
}

// asASCII gives the character of ASCII that r is a form of, or r.
func asASCII(r rune) rune {
	if r < utf8.RuneSelf {
		return r
	}
	switch {
	case r >= '\uff01' && r <= '\uff5e': // full width
		return r - 0xfee0
	case r >= 0x1d400 && r < 0x1d400+13*52: // mathematical styles
		if n := (r - 0x1d400) % 52; n < 26 {
			return 'A' + n
		} else {
			return 'a' + n - 26
		}
	case r >= 0x24b6 && r <= 0x24cf: // circled
		return 'A' + r - 0x24b6
	case r >= 0x24d0 && r <= 0x24e9:
		return 'A' + r - 0x24d0
	case r >= 0x249c && r <= 0x24b5: // in parentheses
		return 'A' + r - 0x249c
	case r >= 0x1f110 && r <= 0x1f129:
		return 'A' + r - 0x1f110
	case r >= 0x1f130 && r <= 0x1f149: // squared
		return 'A' + r - 0x1f130
	case r >= 0x1f150 && r <= 0x1f169:
		return 'A' + r - 0x1f150
	case r >= 0x1f170 && r <= 0x1f189:
		return 'A' + r - 0x1f170
	case r >= 0x1f1e6 && r <= 0x1f1ff: // of flags
		return 'A' + r - 0x1f1e6
	case unicode.Is(unicode.Pd, r), r == '\u2212', r == '\u2043':
		return '-'
	}
	if n := strings.IndexRune(smallCapitals, r); n >= 0 {
		return 'A' + rune(utf8.RuneCountInString(smallCapitals[:n]))
	}
	switch r {
	case '\u2044', '\u2215', '\u29f8', '\u2571', '\u2afd', '\u2afb':
		return '/'
	case '\u2236', '\ua789':
		return ':'
	case '\u3001', '\u060c', '\u201a':
		return ','
	}
	return r
}

// smallCapitals are those of the alphabet, of which Q and X are their own.
const smallCapitals = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘ\u0000ʀꜱᴛᴜᴠᴡ\u0001ʏᴢ"

// lookalikes are the Cyrillic and Greek letters that cannot be told from Latin ones.
var lookalikes = map[rune]rune{
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'ѕ': 's', 'і': 'i', 'ј': 'j',
	'А': 'A', 'В': 'B', 'Е': 'E', 'К': 'K', 'М': 'M', 'Н': 'H', 'О': 'O', 'Р': 'P', 'С': 'C', 'Т': 'T', 'Х': 'X', 'Ѕ': 'S', 'І': 'I', 'Ј': 'J', 'У': 'Y', 'Ԍ': 'G',
	'Α': 'A', 'Β': 'B', 'Ε': 'E', 'Ζ': 'Z', 'Η': 'H', 'Ι': 'I', 'Κ': 'K', 'Μ': 'M', 'Ν': 'N', 'Ο': 'O', 'Ρ': 'P', 'Τ': 'T', 'Υ': 'Y', 'Χ': 'X',
}

// strangeLetters names the characters of a text that cannot be seen, or cannot be
// told from another, by their code points: three of them.
func strangeLetters(text string) string {
	const most = 3
	var all []string
	for _, r := range text {
		said := ""
		switch like, ok := lookalikes[r]; {
		case r < utf8.RuneSelf:
		case ok:
			said = fmt.Sprintf("its %c is %U and no %c", r, r, like)
		case asASCII(r) != r:
			said = fmt.Sprintf("its %c is %U and no %c", r, r, asASCII(r))
		case isInvisible(r), isBlank(r):
			said = fmt.Sprintf("it holds %U, which is not seen", r)
		}
		if said != "" && !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	if more := len(all) - most; more > 0 {
		all = append(all[:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, ", ")
}

// unaccented writes a name without its accents, as typewriters and old keyboards
// do: SPECIAL FRANCE.
func unaccented(name string) string {
	for i := 0; i < len(name); i++ {
		if name[i] >= utf8.RuneSelf {
			return accents.Replace(name)
		}
	}
	return name
}

var accents = strings.NewReplacer("À", "A", "Â", "A", "Ç", "C", "É", "E", "È", "E", "Ê", "E", "Ë", "E", "Î", "I", "Ï", "I", "İ", "I", "Ô", "O", "Ù", "U", "Û", "U", "Ü", "UE", "Ö", "OE", "Ä", "AE")

func isASCIILetter(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }

// isLineEnd reports whether r ends a line, in whichever convention.
func isLineEnd(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

func isAlnum(r rune) bool {
	if r < utf8.RuneSelf {
		return isASCIILetter(r) || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) && !isBlank(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mc, r) // vowels of Indic scripts
}
