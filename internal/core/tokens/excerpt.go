package tokens

import (
	"strings"
	"unicode/utf8"
)

// Excerpt is a passage as it is shown, in at most so many bytes: the beginning
// and the end of one that is longer, cut between characters.
func Excerpt(passage string, most int) string {
	const ellipsis = " … "
	if len(passage) > most {
		half := (most - len(ellipsis)) / 2
		head, tail := half, len(passage)-half
		for head > 0 && !utf8.RuneStart(passage[head]) {
			head--
		}
		for tail < len(passage) && !utf8.RuneStart(passage[tail]) {
			tail++
		}
		passage = passage[:head] + ellipsis + passage[tail:]
	}
	return strings.ToValidUTF8(passage, "?")
}
