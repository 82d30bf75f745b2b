package parts

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// The characters by which a text overrides the direction of its letters (Unicode
// Standard Annex 9, 2.2), and the one that ends that.
const (
	RightToLeft = "\u202E"
	LeftToRight = "\u202D"
	EndOverride = "\u202C"
)

// Shown is a text as a reader sees it whose letters run against their direction,
// the first first. Ok is false for a text in which none do. Overrides in overrides
// are not told apart.
func Shown(text string) (shown string, ok bool) {
	if !strings.Contains(text, RightToLeft) && !strings.Contains(text, LeftToRight) {
		return text, false
	}
	lines := strings.Split(text, "\n") // an override ends with its paragraph
	for i, l := range lines {
		var out strings.Builder
		for l != "" {
			at := strings.IndexAny(l, RightToLeft+LeftToRight)
			if at < 0 {
				break
			}
			out.WriteString(l[:at])
			right := strings.HasPrefix(l[at:], RightToLeft)
			within, rest, _ := strings.Cut(l[at+len(RightToLeft):], EndOverride)
			within = strings.NewReplacer(RightToLeft, "", LeftToRight, "").Replace(within)
			if against(within, right) {
				within, ok = mirrored(within), true
			}
			out.WriteString(within)
			l = rest
		}
		lines[i] = out.String() + l
	}
	return strings.Join(lines, "\n"), ok
}

// against reports whether a text has letters that run the other way.
func against(text string, right bool) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.R, bidi.AL:
			return !right
		case bidi.L, bidi.EN:
			return right
		}
		return false
	})
}

// mirrored is a text the other way round. Its brackets turn with it, but for those
// that then would close before they open: not every program turns them.
func mirrored(text string) string {
	out := bidi.ReverseString(text)
	if i := strings.IndexAny(out, "()[]{}"); i >= 0 && strings.IndexByte(")]}", out[i]) >= 0 {
		all := []rune(text)
		slices.Reverse(all)
		return string(all)
	}
	return out
}
