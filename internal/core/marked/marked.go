// Package marked holds the marks that can be read in a text against the marking
// of its portion. Importing, publishing, revising and deriving ask it, so that
// no text comes in freer than somebody has written on it (promise 3).
//
// The rule is one: every mark in a text is covered by the marking of its
// portion. One that is not covered is refused where a portion mark may stand (at
// the beginning of a line or a page, in a cell or a field, behind a bracket or a
// number), since it marks what follows it there. In running text it marks
// nothing, but tells of something marked, and somebody is warned of it.
package marked

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/marking"
)

// The bounds of one text.
const (
	// maxDistinct bounds the marks of one text that differ from each other.
	maxDistinct = 1000
	// MaxListed is how many marks of one text are listed.
	MaxListed = 20
)

// Mark is a mark in a text.
type Mark struct {
	marking.Found
	// Line and Column are where it stands, from 1; Column counts characters.
	Line, Column int
	// Last is set where it stands in brackets at the end of the text, behind words.
	Last bool
	// copyright is set where it is the sign of one: (C) 2024 and who holds it.
	copyright bool
	// heading is set where that is a heading, which was marked so before marks
	// stood at the head of what they mark.
	heading bool
}

// Find gives the marks that stand in a text, in their order. Of those that say
// the same in the same kind of place, the first is given. A text with more
// different ones than any text has is TooLarge.
func Find(set *marking.Set, text string) ([]Mark, error) {
	type key struct {
		says  string
		place class
	}
	var all []Mark
	seen := map[key]bool{}
	counted, line, start := 0, 1, 0
	for f := range set.Find(text) {
		says := f.Marks.Portion()
		if f.Err != nil {
			says = "?" + f.Text
		}
		k := key{says, classOf(f)}
		if seen[k] {
			continue
		}
		if len(all) == maxDistinct {
			return nil, cordon.Errorf(cordon.KindTooLarge, "more than %d different marks stand in one text: split it", maxDistinct)
		}
		seen[k] = true
		for i := counted; i < f.Start; i++ {
			if text[i] == '\n' {
				line, start = line+1, i+1
			}
		}
		counted = f.Start
		last := f.Place == marking.Running && !f.Bare && strings.Trim(text[f.End:], " \t\n*_#.") == ""
		all = append(all, Mark{Found: f, Line: line, Column: 1 + utf8.RuneCountInString(text[start:f.Start]), Last: last, copyright: copyrightAt(text, f)})
	}
	return all, nil
}

// class is what becomes of a mark that is not covered.
type class int

const (
	refused class = iota // it stands where a portion mark may
	warned               // it stands in running text
	perhaps              // it is a word or short code that is a mark in a document of its scheme
	maybe                // the same in a cell, where it is warned of
)

func classOf(f marking.Found) class {
	switch {
	case f.Word && f.Place == marking.Cell:
		return maybe
	case f.Word && f.Place != marking.Field && !official(f.Text):
		return perhaps
	case f.Place.Head():
		return refused
	}
	return warned
}

// official reports whether a text is several words in capitals, as a banner is
// (NATO CONFIDENTIEL), and as no heading is by chance that a scheme reads whole.
func official(text string) bool {
	return strings.Contains(text, " ") && text == strings.ToUpper(text) && utf8.RuneCountInString(text) > 2*shortCode
}

// shortCode is the longest text that is taken for a short code, as H1 is.
const shortCode = 4

// Hold parts the marks that the marking of the portion does not cover into those
// that are refused and those that are warned of. A word or a short code that is
// a line of its own (SECRET, H1) is refused where the portion is marked in that
// scheme; elsewhere the word is warned of, and the code is text. Also refused is
// what is evidently meant as a mark and cannot be read.
func Hold(set *marking.Set, portion marking.Marks, marks []Mark) (refuse, warn []Mark) {
	for _, m := range marks {
		if m.Err == nil && set.Covers(portion, m.Marks) {
			continue
		}
		switch class := classOf(m.Found); {
		case m.copyright:
			warn = append(warn, m)
		case class == refused, class == perhaps && m.inSchemeOf(portion):
			refuse = append(refuse, m)
		case class == warned, class == maybe && m.inSchemeOf(portion), utf8.RuneCountInString(m.Text) > shortCode:
			warn = append(warn, m)
		}
	}
	return refuse, warn
}

// copyrightAt reports whether a mark that was found is the sign of a copyright.
func copyrightAt(text string, f marking.Found) bool {
	line, _, _ := strings.Cut(text[f.End:], "\n")
	return IsCopyright(text[f.Start:f.End], line)
}

// InHeading is Hold for a heading or a title: a mark in brackets at its end marks it,
// as older documents have it, and is refused where it is not covered.
func InHeading(refuse, warn []Mark) (refused, warned []Mark) {
	for _, m := range warn {
		if m.Last {
			m.heading = true
			refuse = append(refuse, m)
			continue
		}
		warned = append(warned, m)
	}
	return refuse, warned
}

func (m Mark) inSchemeOf(portion marking.Marks) bool {
	var e *marking.Error
	if errors.As(m.Err, &e) {
		return e.Scheme != "" && portion.Of(e.Scheme) != nil
	}
	return len(m.Marks) == 1 && portion.Of(m.Marks[0].Scheme()) != nil
}

// Issue says what is wrong with a mark in a portion that is marked so. The place
// is that within the text.
func (m Mark) Issue(portion marking.Marks) cordon.Issue {
	out := cordon.Issue{Line: m.Line, Column: m.Column}
	switch {
	case m.Err != nil:
		out.Problem = fmt.Sprintf("%s stands %s and cannot be read as a mark: %v", clip(m.Text), m.Place, m.Err)
		out.Fix = "correct it"
	case m.copyright:
		out.Problem = fmt.Sprintf("(%s) was read as the sign of a copyright", m.Text)
		out.Fix = "write © for it, or begin a portion there if it is a mark"
	case m.Place.Head():
		out.Problem = fmt.Sprintf("%s stands %s, and the portion is marked %s, which does not cover it", clip(m.Text), m.Place, cmp.Or(portion.String(), "nothing"))
		out.Fix = fmt.Sprintf("begin a portion there with %s, or mark this one so", m.Marks)
	case m.heading:
		out.Problem = fmt.Sprintf("%s stands at the end of a heading, and that is marked %s, which does not cover it", clip(m.Text), cmp.Or(portion.String(), "nothing"))
		out.Fix = fmt.Sprintf("begin the heading with %s", m.Marks)
	default:
		out.Problem = fmt.Sprintf("%s stands in the running text of a portion marked %s and marks nothing there", clip(m.Text), cmp.Or(portion.String(), "nothing"))
		out.Fix = "begin a new line with it if it marks what follows"
	}
	return out
}

// Issues says what is wrong with marks in a portion that is marked so: of no more
// than MaxListed, and how many there are besides.
func Issues(portion marking.Marks, marks []Mark) []cordon.Issue {
	var all []cordon.Issue
	for i, m := range marks {
		if i == MaxListed {
			return append(all, cordon.Issue{Problem: fmt.Sprintf("and %d more like it", len(marks)-i)})
		}
		all = append(all, m.Issue(portion))
	}
	return all
}

// clip keeps one hostile text from filling a message.
func clip(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
