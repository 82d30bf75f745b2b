package marking

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parter is implemented by a scheme that can tell the parts of its markings that
// stand behind another part and mean nothing alone: NOFORN, REL TO USA, GBR.
type Parter interface {
	// Part reports whether text is such a part or several of them, and whether
	// it is evidently nothing else.
	Part(text string) (part, evident bool)
}

// longestPart bounds what is looked at as a part of a marking, in bytes.
const longestPart = 100

// part asks all schemes.
func (s *Set) part(text string) (part, evident bool) {
	part, evident, _ = s.partOf(text)
	return part, evident
}

// partOf is part, and gives the first scheme that has it.
func (s *Set) partOf(text string) (part, evident bool, scheme string) {
	if len(text) < 2 || len(text) > longestPart {
		return false, false, ""
	}
	for _, sch := range s.schemes {
		if p, ok := sch.(Parter); ok {
			is, sure := p.Part(text)
			if is && !part {
				scheme = sch.Name()
			}
			part, evident = part || is, evident || sure
		}
	}
	return part, evident, scheme
}

// following gives the part of a marking that follows a mark which ends at at:
// in a bracket or in quotation marks of its own, or behind a sign, as in
// (S)(NF), TLP:AMBER (STRICT) and SECRET; NOFORN. Its end is past what closes it.
func (f *finder) following(at int) (part string, end int) {
	const signs = 3
	i, seen := at, 0
	apart, sure := false, false
	for i < f.end && seen <= signs {
		r, n := utf8.DecodeRuneInString(f.text[i:])
		switch c := asASCII(r); {
		case isAlnum(r):
			if !apart && !sure {
				return "", 0
			}
			return f.partAt(i, nil, sure)
		case isBlank(r), isInvisible(r):
			i += n
			continue
		case closers(r) != nil:
			return f.partAt(i+n, closers(r), false)
		case strings.ContainsRune("/;,+:&\\", c):
			apart = true
		case c == '-', c == '=':
			sure = true
		case isClose(r), isQuote(r), c == '*', c == '_', c == '>':
		default:
			return "", 0
		}
		i += n
		seen++
	}
	return "", 0
}

// partAt reads a part that begins at an offset: up to what closes it, else its
// longest beginning of a few words.
func (f *finder) partAt(at int, closes func(rune) bool, sure bool) (part string, end int) {
	text := f.text[at:min(f.end, at+longestPart)]
	is := func(text string) bool {
		part, evident := f.set.part(plain(text))
		return part && (evident || !sure)
	}
	if closes != nil {
		n := strings.IndexFunc(text, closes)
		if n < 0 || !is(text[:n]) {
			return "", 0
		}
		_, width := utf8.DecodeRuneInString(text[n:])
		return plain(text[:n]), at + n + width
	}
	run, ends := bareRun(text)
	for k := min(len(ends), maxWords) - 1; k >= 0; k-- {
		if is(run[:ends[k]]) {
			return plain(run[:ends[k]]), at + ends[k]
		}
	}
	return "", 0
}

// withFollowing gives a mark together with the part of a marking that follows it,
// read as one or not at all: reading the mark without it would read less than
// was meant.
func (f *finder) withFollowing(found Found) Found {
	part, end := f.following(found.End)
	if part == "" {
		return found
	}
	inner := found.Start + strings.Index(f.text[found.Start:found.End], found.Text)
	written := strings.TrimRightFunc(f.text[inner:end], func(r rune) bool { return isClose(r) || isQuote(r) })
	mark := plain(found.Text)
	found.End, found.Text, found.Word = end, written, false
	found.Whole = found.Place.Head() && f.nothingAfter(end)
	for _, between := range [...]string{"//", "/", " "} {
		if r, ok := f.reading(mark + between + part); ok && r.err == nil {
			found.Marks = r.marks
			found.Changed = append([]string{"read " + part + " with " + mark}, r.changed...)
			return found
		}
	}
	found.Marks, found.Changed = nil, nil
	found.Err = &Error{Text: written, Reason: part + " is a part of the marking before it, and cannot be read with it; write both in one bracket"}
	return found
}

// broken refuses a mark of which the rest is on the next line, or on the one
// before: its bracket is not closed on this one, it ends with a separator, or the
// line before begins it.
func (f *finder) broken(found Found) Found {
	if found.Err != nil || !found.Bare {
		return found
	}
	switch {
	case f.unfinished(found.Place, found.Start, found.End):
	case found.Word && f.nothingAfter(found.End) && strings.ContainsAny(plain(f.text[found.End:f.end]), "/+"):
	case found.Whole && found.Place == Line && f.continues(found):
	default:
		return found
	}
	found.Marks, found.Changed, found.Word = nil, nil, false
	found.Err = &Error{Text: found.Text, At: len(found.Text), Reason: "the mark does not stand on one line; write it on one"}
	return found
}

// unfinished reports whether a mark at the head of a line is in a bracket that
// closes on the next one, with nothing in lower case between, or was opened on the
// one before.
func (f *finder) unfinished(place Place, start, end int) bool {
	return place.Head() && (f.closedOnly(place, end) || f.opened(start) && !strings.ContainsFunc(f.text[end:f.end], unicode.IsLower))
}

// opened reports whether a bracket that does not close on the line is right
// before an offset.
func (f *finder) opened(at int) bool {
	opening, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(f.text[f.lead:at], isBlank))
	return closers(opening) != nil && !isQuote(opening) && opening != '<' && strings.IndexFunc(f.text[at:f.end], isClose) < 0
}

// closedOnly reports whether a mark that ends at end begins its line, and the
// bracket that closes behind it was opened at the end of the line before.
func (f *finder) closedOnly(place Place, end int) bool {
	opening, _ := utf8.DecodeLastRuneInString(f.last)
	closing, _ := utf8.DecodeRuneInString(strings.TrimLeft(f.text[end:f.end], ". "))
	return place == Line && isClose(closing) && closers(opening) != nil && !isQuote(opening)
}

// continues reports whether a mark and the line before it are one of another
// meaning, as TOP and SECRET are.
func (f *finder) continues(found Found) bool {
	if f.last == "" || len(f.last) > maxSpaced {
		return false
	}
	m, ok := f.set.match(plain(f.last)+" "+plain(found.Text), nil)
	return ok && m.Portion() != found.Marks.Portion()
}

// cut finds the first word of a mark in a bracket, the rest of which is not on its
// line: (TLP: and (STRENG.
func (f *finder) cut(at int) (Found, bool) {
	n := f.wordLength(at, f.end)
	if !upperWord(f.text[at:at+n]) && !strings.HasPrefix(f.text[at+n:f.end], ".") || !f.nothingAfter(at+n) || !f.opened(at) || !f.placeOf(at).Head() {
		return Found{}, false
	}
	text := f.text[at : at+n]
	return Found{
		Start: at, End: at + n, Lead: f.lead, Text: text, Place: f.placeOf(at), Whole: true, Bare: true,
		Err: &Error{Text: text, At: n, Reason: "the mark does not stand on one line; write it on one"},
	}, true
}

// aloneAt looks for such a part without a bracket: all that is left of the line,
// or of the value of a field.
func (f *finder) aloneAt(at int) (Found, bool) {
	whole := f.wholeAt(at)
	if whole == "" {
		return Found{}, false
	}
	if found, ok := f.alone(at, at+len(whole), whole, true); ok {
		return found, true
	}
	if n := strings.IndexAny(whole, ")]},;"); n > 0 && f.placeOf(at) == Field {
		return f.alone(at, at+n, whole[:n], true)
	}
	return Found{}, false
}

// alone finds a part of a marking that stands at the head of a line without the
// rest: in a bracket, behind the name of a field, or in the line below a mark.
func (f *finder) alone(start, end int, text string, bare bool) (Found, bool) {
	place := f.placeOf(start)
	if !place.Head() || bare && place != Field && !f.below {
		return Found{}, false
	}
	part, evident, scheme := f.set.partOf(plain(text))
	if !part || !evident && (bare && !f.below || !strings.ContainsFunc(text, unicode.IsLetter)) {
		return Found{}, false
	}
	return Found{
		Start: start, End: end, Lead: f.lead, Text: text, Place: place, Whole: f.nothingAfter(end), Bare: bare, Word: !evident && !bare,
		Err: &Error{Scheme: scheme, Text: text, Reason: partAlone},
	}, true
}
