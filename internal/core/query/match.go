package query

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon/internal/core/tokens"
)

// Match says how a text answers a query.
type Match struct {
	// times is how often each of the query's terms stands in the text.
	times []int
	// length is the text's words.
	length int
	hits   []hit
}

// hit is a place in the text where a term stands.
type hit struct{ term, start, end int }

// Match holds a text against the query. It gives false where the text does
// not answer it.
func (q Query) Match(text string) (Match, bool) {
	var all []tokens.Spelling
	for w := range q.tok.Spell(text) {
		w.Key = nil
		all = append(all, w)
	}
	for _, term := range q.None {
		if times, _ := term.in(all); times > 0 {
			return Match{}, false
		}
	}
	m := Match{length: len(all)}
	for _, terms := range q.All {
		met := false
		for _, term := range terms {
			times, spans := term.in(all)
			for _, s := range spans {
				m.hits = append(m.hits, hit{len(m.times), s[0], s[1]})
			}
			m.times = append(m.times, times)
			met = met || times > 0
		}
		if !met {
			return Match{}, false
		}
	}
	slices.SortFunc(m.hits, func(a, b hit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	return m, true
}

// in is how often the term stands among the words, and where.
func (t Term) in(text []tokens.Spelling) (times int, spans [][2]int) {
	if t.row != nil {
		for i := range text {
			for part := range max(1, len(text[i].Parts)) {
				if last, ok := t.follows(text, i, part); ok {
					spans = append(spans, [2]int{text[i].Start, text[last].End})
					break
				}
			}
		}
		return len(spans), spans
	}
	counts := make([]int, len(t.Tokens))
	for _, w := range text {
		found := false
		for i, token := range t.Tokens {
			if w.Has(token) {
				counts[i]++
				found = true
			}
		}
		if found {
			spans = append(spans, [2]int{w.Start, w.End})
		}
	}
	if times = slices.Min(counts); times == 0 {
		return 0, nil
	}
	return times, spans
}

// follows reports whether the phrase begins with the part of the word i, and
// which word it ends in. A word that is joined can be met whole or by its
// parts, so that it makes no difference how either side spells it.
func (t Term) follows(text []tokens.Spelling, i, part int) (last int, ok bool) {
	asked, askedPart := 0, 0
	for asked < len(t.row) {
		if i >= len(text) {
			return 0, false
		}
		if part == 0 && askedPart == 0 && text[i].Token == t.row[asked].Token {
			last = i
			i, asked = i+1, asked+1
			continue
		}
		if pieceOf(text[i], part) != pieceOf(t.row[asked], askedPart) {
			return 0, false
		}
		last = i
		if part++; part >= len(text[i].Parts) {
			i, part = i+1, 0
		}
		if askedPart++; askedPart >= len(t.row[asked].Parts) {
			asked, askedPart = asked+1, 0
		}
	}
	return last, true
}

func pieceOf(w tokens.Spelling, part int) int64 {
	if len(w.Parts) == 0 {
		return w.Token
	}
	return w.Parts[part]
}

// The constants of BM25 (Robertson and Zaragoza 2009). A text's length is
// held against a fixed one, not against the mean of what lies there, which
// would be one more thing to count.
const (
	saturation = 1.2
	byLength   = 0.75
	usual      = 100 // words
)

// Weight is the worth of a term that stands in so many of the portions in
// sight: the rarer, the more.
func Weight(standsIn, of int64) float64 {
	return math.Log(1 + (float64(max(of, standsIn)-standsIn)+0.5)/(float64(standsIn)+0.5))
}

// Score says how well the text answers, given the weights of Query.Terms.
func (m Match) Score(weights []float64) float64 {
	score := 0.0
	for i, n := range m.times {
		times := float64(n)
		score += weights[i] * times * (saturation + 1) /
			(times + saturation*(1-byLength+byLength*float64(m.length)/usual))
	}
	return score
}

// Part is a piece of a snippet. Hit says that it answers the query.
type Part struct {
	Text string
	Hit  bool
}

// snippetBytes is about the length of a snippet.
const snippetBytes = 180

// Snippet cuts out of the text the stretch in which most of the terms stand
// and tells the hits apart. White space is evened out, and an ellipsis stands
// where text was left out.
func (m Match) Snippet(text string) []Part {
	first, best := 0, 0
	for i := range m.hits {
		terms := map[int]bool{}
		for _, h := range m.hits[i:] {
			if h.end > m.hits[i].start+snippetBytes*2/3 {
				break
			}
			terms[h.term] = true
		}
		if len(terms) > best {
			first, best = i, len(terms)
		}
	}
	from, to := 0, len(text)
	if len(text) > snippetBytes {
		if len(m.hits) > 0 {
			from = max(0, min(m.hits[first].start-snippetBytes/3, len(text)-snippetBytes))
		}
		from = wordBreak(text, from)
		if to = from + snippetBytes; len(m.hits) > 0 {
			to = max(to, min(m.hits[first].end, from+2*snippetBytes))
		}
		to = min(to, len(text))
		for to < len(text) && !utf8.RuneStart(text[to]) {
			to--
		}
	}
	var parts []Part
	add := func(piece string, hit bool) {
		if piece != "" {
			parts = append(parts, Part{evened(piece), hit})
		}
	}
	at := from
	for _, h := range m.hits {
		if h.end <= at || h.start >= to {
			continue
		}
		start, end := max(h.start, at), min(h.end, to)
		add(text[at:start], false)
		add(text[start:end], true)
		at = end
	}
	add(text[at:to], false)
	if from > 0 {
		parts = append([]Part{{Text: "… "}}, parts...)
	}
	if to < len(text) {
		parts = append(parts, Part{Text: " …"})
	}
	return joined(parts)
}

// wordBreak is the end of the white space nearest before a place, if it is
// near, and a rune's beginning anyway.
func wordBreak(text string, at int) int {
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	if i := strings.LastIndexFunc(text[:at], unicode.IsSpace); i >= 0 && at-i < 30 {
		_, size := utf8.DecodeRuneInString(text[i:])
		return i + size
	}
	return at
}

// evened makes each run of white space one space.
func evened(text string) string {
	var b strings.Builder
	space := false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

// joined makes neighbours of one kind one part.
func joined(parts []Part) []Part {
	var out []Part
	for _, p := range parts {
		if n := len(out); n > 0 && out[n-1].Hit == p.Hit {
			out[n-1].Text += p.Text
			continue
		}
		out = append(out, p)
	}
	return out
}
