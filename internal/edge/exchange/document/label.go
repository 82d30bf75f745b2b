package document

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"cordon/marking"
)

// labels follows the letters that count the items of a list: (A), (B), (C).
type labels struct {
	last byte // the letter of the last item; 0 for none
}

// letterLabel is one at the beginning of a line.
var letterLabel = regexp.MustCompile(`^[ \t>*_-]*\(([A-Z])\)[*_]*(?:[ \t]|$)`)

// next reports whether a line begins with the label of an item of a list of
// three or more, all of which stand before it from (A) on. A mark would be read
// there otherwise: (C) is CONFIDENTIAL.
func (k *labels) next(l line) (label line, ok bool) {
	m := letterLabel.FindStringSubmatchIndex(l.text)
	if m == nil {
		return line{}, false
	}
	switch letter := l.text[m[2]]; {
	case letter == 'A':
		k.last = 'A'
	case k.last != 0 && letter == k.last+1:
		k.last = letter
		if letter > 'B' {
			at := m[2] - 1
			return line{text: l.text[at : m[3]+1], no: l.no, col: l.col + utf8.RuneCountInString(l.text[:at])}, likeMarkOf(letter)
		}
	}
	return line{}, false
}

// likeMarkOf reports whether a letter is a portion mark of some scheme.
func likeMarkOf(letter byte) bool { return strings.IndexByte("CRSU", letter) >= 0 }

// notices makes text of the notices of copyright in a document that has no other
// marking of the scheme.
func (a *assembler) notices(pieces []*piece) {
	for _, p := range pieces {
		if p.notice == nil {
			continue
		}
		scheme := p.own[0].Scheme()
		marked := false
		for _, other := range pieces {
			marked = marked || other.notice == nil && other.own.Of(scheme) != nil
		}
		for _, f := range a.split.furniture {
			marked = marked || f.marks.Of(scheme) != nil
		}
		if marked {
			continue
		}
		p.label = line{text: p.mark, no: p.notice.no, col: p.notice.column(strings.Index(p.notice.text, p.mark))}
		p.lines[0], p.own, p.mark = *p.notice, marking.Marks(nil), ""
	}
}
