package marking

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of a bracket that is looked at for a slip.
const (
	maxSlip      = 200 // bytes
	maxSlipWords = 24
	maxSlipEnd   = 24 // of one in running text, in bytes
)

// slipWord is one word of a bracket.
type slipWord struct {
	text string // in capitals
	caps bool   // it was written so
}

// slip reads what stands in a bracket where a mark may stand, is no mark to the
// letter and is nothing but the words and codes of markings, however they are
// parted and in whichever case: (S, NF), (T.S.), (top secret), (SECRET AUSTEO),
// (GER S). It is read where that gives one marking, else refused with what it
// could say.
func (f *finder) slip(inner string) (reading, bool) {
	if len(inner) > maxSlip {
		return reading{}, false
	}
	text := plain(unmarked(inner))
	if n := spelledOut(text); n > 0 {
		text = "TLP" + text[n:]
	}
	strange := ""
	if like := latin(text); like != text {
		text, strange = like, strangeLetters(inner)
	}
	words := slipWords(text)
	if len(words) == 1 && strings.ContainsAny(text, "#+") { // C#
		return reading{}, false
	}
	if len(words) > 2 && strings.Contains(text, "=") { // SEC=PROTECTED, CAVEAT=RI:AUSTEO: fields
		return reading{}, false
	}
	if len(words) == 0 || len(words) > maxSlipWords {
		return reading{}, false
	}
	said, ok := f.said(words)
	if !ok {
		if said, ok = f.said(joinLetters(words)); !ok {
			return reading{}, false
		}
	}
	r := f.slipReading(inner, strange, said)
	r.word = len(words) == 1 && !words[0].caps && len(words[0].text) <= 3
	return r, true
}

// latin writes a text of no letters but such as cannot be told from Latin
// capitals in those.
func latin(text string) string {
	if utf8.RuneCountInString(text) > 4 || strings.ContainsFunc(text, isASCIILetter) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if like, ok := lookalikes[r]; ok {
			return like
		}
		return r
	}, text)
}

// slipWords cuts a text into words, at signs and where a capital follows a small
// letter: TopSecret.
func slipWords(text string) []slipWord {
	var words []slipWord
	from, before := -1, rune(0)
	end := func(at int) {
		if from >= 0 {
			word := text[from:at]
			words = append(words, slipWord{strings.ToUpper(word), strings.ToUpper(word) == word})
		}
		from = -1
	}
	for i, r := range text {
		switch {
		case !isAlnum(r):
			end(i)
		case from >= 0 && unicode.IsUpper(r) && unicode.IsLower(before):
			end(i)
			from = i
		case from < 0:
			from = i
		}
		before = r
	}
	end(len(text))
	return words
}

// joinLetters joins letters that stand by themselves: T.S. and T S.
func joinLetters(words []slipWord) []slipWord {
	var out []slipWord
	alone := false
	for _, w := range words {
		letter := utf8.RuneCountInString(w.text) == 1
		if n := len(out); letter && alone {
			out[n-1].text += w.text
			out[n-1].caps = out[n-1].caps && w.caps
		} else {
			out = append(out, w)
		}
		alone = letter
	}
	return out
}

// slipSays is what the words of a bracket say.
type slipSays struct {
	levels []Marks
	parts  []string
	names  []string // of classifications that no scheme in force has
	scheme string   // of the first part
	odd    bool     // a word is none of markings
}

// besideLevels are words that stand in a bracket beside a classification and
// change nothing of it.
var besideLevels = wordSet(`CLASSIFIED CLASSIFICATION CLASS LEVEL MARKED MARKING PORTION PARA PARAGRAPH FORMERLY WAS NOW PREVIOUSLY EST ESTIMATED INFO INFORMATION MATERIAL
	DOCUMENT DATA TEXT THIS IS ONLY STRICTLY HIGHLY VERY EINSTUFUNG KLASSIFIZIERT KLASSIFIZIERUNG CLASSIFIÉ NIVEAU ГРИФ CLASSIFICATO CLASIFICADO AND OR TO`)

// said reads all of the words, and tells whether they say a classification, or a
// part of a marking that is evidently nothing else.
func (f *finder) said(words []slipWord) (s slipSays, ok bool) {
	evident, nation, known := false, false, true
	short, numbers := true, false // only levels of one letter so far
	remark := false
	if n := len(words); n == 2 && f.prefixWord(words[1].text) { // (Red TLP)
		words = []slipWord{words[1], words[0]}
	}
	for i := 0; i < len(words); {
		n := 0
		for k := min(5, len(words)-i); k > 0 && n == 0; k-- {
			phrase := words[i : i+k]
			if m := f.levelOf(phrase); !m.Empty() {
				s.levels, n = append(s.levels, m), k
				short = short && k == 1 && len(phrase[0].text) == 1
				continue
			}
			text := phraseOf(phrase, " ")
			if isName(text) && (text != "CLASSIFIED" || len(words) == 1) {
				s.names, n = append(s.names, text), k
				continue
			}
			if !slices.ContainsFunc(phrase, func(w slipWord) bool { return !w.caps && len(w.text) < 4 }) {
				part, sure, scheme := f.set.partOf(text)
				if !part && k == 2 { // HCS-O
					text = phraseOf(phrase, "-")
					part, sure, scheme = f.set.partOf(text)
				}
				if part {
					if len(s.parts) == 0 {
						s.scheme = scheme
					}
					s.parts, n, evident = append(s.parts, text), k, evident || sure
				}
			}
		}
		if n == 0 {
			switch w := words[i]; {
			case strings.Trim(w.text, "0123456789") == "":
				numbers = true
			case besideWords[w.text] == ownerWord, len(w.text) > 2 && w.caps && isNation(w.text):
				nation = true
			case besideWords[w.text] == statusWord, besideLevels[w.text] && len(w.text) > 4:
				remark = true
			case besideWords[w.text] != 0, besideLevels[w.text]:
			default:
				known = false
			}
			n = 1
		}
		i += n
	}
	switch {
	case len(s.levels)+len(s.names) == 0:
		return s, known && evident && len(words) > 1
	case len(words) == 1 && len(s.names) == 1 && !words[0].caps && everyday[s.names[0]]:
		return s, false
	case !known:
		// (SECRET SERVICE) in capitals could be either.
		s.odd = true
		level := func(w slipWord) bool { return w.caps && len(w.text) > 4 && f.namesLevel(w.text) }
		codes := len(s.levels) > 0 && len(s.parts) > 0 && !slices.ContainsFunc(words, func(w slipWord) bool { return !w.caps })
		return s, codes || level(words[0]) && len(words) <= 4 || level(words[len(words)-1]) && len(words) == 2
	case len(words) == 1 && strings.ContainsAny(words[0].text, "0123456789"):
		return s, false
	case len(s.names) == 0 && short && len(s.parts) == 0 && len(s.levels) == 1:
		// One letter with numbers beside it is no mark: (C 2).
		return s, !numbers && (len(words) == 1 && words[0].caps || nation || remark)
	}
	return s, true
}

// levelOf reads words as one level.
func (f *finder) levelOf(words []slipWord) Marks {
	first := words[0].text
	if !words[0].caps && len(words) == 1 && (utf8.RuneCountInString(first) < 2 || everyday[first] && first != "SECRET" && first != "CONFIDENTIAL") {
		return nil // (and controlled)
	}
	starts := f.set.starts[first]
	if len(starts) == 0 {
		return nil
	}
	for _, sign := range [...]string{" ", "-", ":", "/"} {
		text := phraseOf(words, sign)
		f.work += len(text)
		if m, ok := f.set.match(text, starts); ok {
			return Marks{m}
		}
		if len(words) == 1 {
			break
		}
	}
	return nil
}

func (f *finder) namesLevel(word string) bool {
	if isName(word) {
		return true
	}
	_, ok := f.set.match(word, f.set.starts[word])
	return ok && len(f.set.starts[word]) > 0
}

func phraseOf(words []slipWord, sign string) string {
	if len(words) == 1 {
		return words[0].text
	}
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.text
	}
	return strings.Join(all, sign)
}

// slipReading is the one marking that a slip says, or the error with all of them.
func (f *finder) slipReading(inner, strange string, said slipSays) reading {
	e := &Error{Text: inner, Scheme: said.scheme, Reason: "this is written as a marking is, and no scheme in force reads it so; write the one that is meant, or other brackets"}
	if strange != "" {
		e.Reason += ": " + strange
	}
	if len(said.levels) == 1 && len(said.names) == 0 && !said.odd {
		mark := said.levels[0].Portion()
		if len(said.parts) == 0 && strange == "" {
			return reading{marks: said.levels[0], changed: []string{"read " + inner + " as " + mark}}
		}
		if len(said.parts) == 0 {
			e.Suggestion = said.levels[0].String()
			return reading{err: e}
		}
		if r, ok := f.reading(mark + "//" + strings.Join(said.parts, "/")); ok && r.err == nil {
			return reading{marks: r.marks, changed: []string{"read " + inner + " as " + r.marks.Portion()}}
		}
	}
	for _, m := range said.levels {
		if p := m.Portion(); !slices.Contains(e.Readings, p) {
			e.Readings = append(e.Readings, p)
		}
	}
	e.Readings = append(append(e.Readings, said.names...), said.parts...)
	switch {
	case len(e.Readings) > 1:
		e.Reason = "it can be read as " + strings.Join(e.Readings, ", as ") + " or as all of them; write the one that is meant"
	case len(said.names) == 1:
		e.Reason = unread(said.names[0])
		e.Readings = nil
	default:
		e.Readings = nil
	}
	return reading{err: e}
}

// strange reports whether a bracket of letters that look like Latin ones stands
// before a text in their own script, as the third item of a Russian list does.
func strange(after, inner string) bool {
	own := func(r rune) bool { return unicode.In(r, unicode.Cyrillic, unicode.Greek) }
	return latin(inner) != inner && strings.ContainsFunc(after[:min(len(after), maxSlip)], own)
}
