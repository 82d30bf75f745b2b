// Package query reads a search and says how well a text answers it. It has
// the query language, the matching of words and phrases in an opened text,
// the rank and the snippet. It sees one text at a time and does not know who
// reads it.
//
// # The language
//
//	harbour night        texts that have both words, anywhere
//	"harbour street"     those that have them in a row
//	-ferry, -"no entry"  none that has this
//	harbour OR pier      one of them will do; so "a OR b c" asks for c, and for a or b
//
// Words are compared as package tokens reads them: case, accents' spelling,
// hyphens and line breaks make no difference. There is no other syntax, and
// nothing that was typed is an error except asking for nothing: a quotation
// that is not closed goes to the end, and an OR with nothing to choose from
// is a word.
package query

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/tokens"
)

// Query is a search as it was asked.
type Query struct {
	// All are each met by a text that has one of its terms.
	All [][]Term
	// None are terms that it must not have.
	None []Term

	tok *tokens.Tokeniser
}

// Term is a word, or words in a row.
type Term struct {
	// Tokens must all be in a text for the term to be in it.
	Tokens []int64
	// row is the words of a phrase in order; nil for a single word.
	row []tokens.Spelling
}

// Parse reads a query. Invalid where there is no word to look for, TooLarge
// beyond cordon.MaxQueryWords words or cordon.MaxQueryChoices ways to choose
// among alternatives.
func Parse(tok *tokens.Tokeniser, text string) (Query, error) {
	q := Query{tok: tok}
	total := 0
	either := false // the last thing read was an OR after a term
	for rest := text; ; {
		var p piece
		var ok bool
		if p, rest, ok = next(rest); !ok {
			break
		}
		if p.text == "OR" && !p.quoted && !p.not && len(q.All) > 0 && !either {
			if follows, _, ok := next(rest); ok && !follows.not && words(tok, follows.text) > 0 {
				either = true
				continue
			}
		}
		term, n := makeTerm(tok, p)
		if total += n; total > cordon.MaxQueryWords {
			return Query{}, cordon.Errorf(cordon.KindTooLarge, "a search has at most %d words", cordon.MaxQueryWords)
		}
		switch {
		case n == 0:
			continue
		case p.not:
			q.None = append(q.None, term)
		case either:
			q.All[len(q.All)-1] = append(q.All[len(q.All)-1], term)
		default:
			q.All = append(q.All, []Term{term})
		}
		either = false
	}
	if len(q.All) == 0 {
		return Query{}, cordon.Errorf(cordon.KindInvalid, "a search needs a word to look for")
	}
	choices := 1
	for _, terms := range q.All {
		if choices *= len(terms); choices > cordon.MaxQueryChoices {
			return Query{}, cordon.Errorf(cordon.KindTooLarge, "a search has at most %d ways to choose between its alternatives", cordon.MaxQueryChoices)
		}
	}
	return q, nil
}

// piece is a word or a quotation as it was typed.
type piece struct {
	text        string
	not, quoted bool
}

const quotes = "\"\u201c\u201d\u201e\u00ab\u00bb"

// next cuts the first piece off a text.
func next(text string) (p piece, rest string, ok bool) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if text == "" {
		return p, "", false
	}
	if after, ok := strings.CutPrefix(text, "-"); ok {
		if r, _ := utf8.DecodeRuneInString(after); after != "" && !unicode.IsSpace(r) {
			p.not, text = true, after
		}
	}
	if r, size := utf8.DecodeRuneInString(text); strings.ContainsRune(quotes, r) {
		p.quoted, text = true, text[size:]
		end := strings.IndexAny(text, quotes)
		if end < 0 {
			p.text = text
			return p, "", true
		}
		_, size = utf8.DecodeRuneInString(text[end:])
		p.text = text[:end]
		return p, text[end+size:], true
	}
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(quotes, r) })
	if end < 0 {
		end = len(text)
	}
	p.text = text[:end]
	return p, text[end:], true
}

func words(tok *tokens.Tokeniser, text string) int {
	_, n := tok.Asked(text)
	return n
}

// makeTerm makes the term of a piece and says how many words it has, parts of
// words counted.
func makeTerm(tok *tokens.Tokeniser, p piece) (Term, int) {
	if len(p.text) > maxPiece { // more words than are allowed, or none
		return Term{}, cordon.MaxQueryWords + 1
	}
	asked, n := tok.Asked(p.text)
	term := Term{Tokens: asked}
	// "fish/market", without quotes, is two words that are not asked for in
	// a row.
	if p.quoted && n > 1 {
		for w := range tok.Spell(p.text) {
			w.Key = nil
			term.row = append(term.row, w)
		}
	}
	return term, max(n, len(asked))
}

// maxPiece bounds the bytes of one word or phrase.
const maxPiece = 8192

// Choices lists, for each way to choose among the alternatives, the tokens
// that a text must have.
func (q Query) Choices() [][]int64 {
	choices := [][]int64{nil}
	for _, terms := range q.All {
		var more [][]int64
		for _, so := range choices {
			for _, term := range terms {
				more = append(more, append(append([]int64(nil), so...), term.Tokens...))
			}
		}
		choices = more
	}
	return choices
}

// ByTokens reports whether a text that has the tokens of a choice answers the
// query for certain, so that it need not be opened to see.
func (q Query) ByTokens() bool {
	for _, terms := range q.All {
		for _, term := range terms {
			if term.row != nil {
				return false
			}
		}
	}
	return len(q.None) == 0
}

// Terms lists the terms that are looked for, in an order that Score's weights
// go by.
func (q Query) Terms() []Term {
	var all []Term
	for _, terms := range q.All {
		all = append(all, terms...)
	}
	return all
}
