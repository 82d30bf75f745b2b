package webui

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// unseen reports whether a character shows nothing and changes what is shown around
// it, or carries text that nobody sees: the controls of writing direction, what is
// of no width, and tags. Joiners are left, since scripts and signs are written with
// them.
func unseen(r rune) bool {
	switch {
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c:
		return true
	case r == 0x200b, r >= 0x2060 && r <= 0x2064, r == 0xfeff, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}

// showUnseen puts the number of each such character in its place, where the page
// shows text. In a tag, and in a field that is typed into, it is left: what somebody
// typed comes back as it was.
func showUnseen(page []byte) []byte {
	if !bytes.ContainsFunc(page, unseen) {
		return page
	}
	out := make([]byte, 0, len(page)+1024)
	inTag, inField := false, false
	for len(page) > 0 {
		r, n := utf8.DecodeRune(page)
		switch {
		case r == '<':
			inTag = true
			if bytes.HasPrefix(page, []byte("<textarea")) || bytes.HasPrefix(page, []byte("<option")) {
				inField = true
			} else if bytes.HasPrefix(page, []byte("</textarea")) || bytes.HasPrefix(page, []byte("</option")) {
				inField = false
			}
		case r == '>':
			inTag = false
		case !inTag && !inField && unseen(r):
			out = fmt.Appendf(out, "[U+%04X]", r)
			page = page[n:]
			continue
		}
		out = append(out, page[:n]...)
		page = page[n:]
	}
	return out
}
