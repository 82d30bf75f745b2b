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
// shows text or has it read out. In a field that is typed into it is left, and in the
// value of an element: what somebody typed comes back as it was.
func showUnseen(page []byte) []byte {
	if !bytes.ContainsFunc(page, unseen) {
		return page
	}
	out := make([]byte, 0, len(page)+1024)
	inTag, inField := false, false
	tag := 0 // where the open tag begins in what was written
	for len(page) > 0 {
		r, n := utf8.DecodeRune(page)
		switch {
		case r == '<':
			inTag, tag = true, len(out)
			if bytes.HasPrefix(page, []byte("<textarea")) || bytes.HasPrefix(page, []byte("<option")) {
				inField = true
			} else if bytes.HasPrefix(page, []byte("</textarea")) || bytes.HasPrefix(page, []byte("</option")) {
				inField = false
			}
		case r == '>':
			inTag = false
		case unseen(r) && (inTag && !inValue(out[tag:]) || !inTag && !inField):
			out = fmt.Appendf(out, "[U+%04X]", r)
			page = page[n:]
			continue
		}
		out = append(out, page[:n]...)
		page = page[n:]
	}
	return out
}

// inValue reports whether a tag breaks off in the value of a field, in which stands
// what was typed. Attributes are written in double quotes, and none in a value.
func inValue(tag []byte) bool {
	open := bytes.LastIndexByte(tag, '"')
	return open >= 0 && bytes.Count(tag, []byte{'"'})%2 == 1 && bytes.HasSuffix(tag[:open], []byte(" value="))
}
