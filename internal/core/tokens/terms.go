package tokens

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"
)

// Term is the token of what a text is about, under a key of its own: the stem of a
// word, a pair of characters in scripts that put no spaces between words, or an
// indicator. The lower two bits say how often it stands in the text, one to three
// times or more, and 3 that it is an indicator; the other thirty are the hash.
type Term uint32

// Indicator reports whether the term is an indicator's.
func (t Term) Indicator() bool { return t&3 == 3 }

// Times is how often it stands in the text, up to three times.
func (t Term) Times() int { return min(3, int(t&3)+1) }

// Same is the term without how often it stands there.
func (t Term) Same() Term {
	if t.Indicator() {
		return t
	}
	return t &^ 3
}

// Stemmer makes terms of texts. It remembers words, and is for one goroutine and for
// one text or a few, since words it has met stay with it.
type Stemmer struct {
	t     *Tokeniser
	known map[string]Term
}

// Stemmer makes one.
func (t *Tokeniser) Stemmer() *Stemmer { return &Stemmer{t, make(map[string]Term)} }

// Terms gives the distinct terms of a text, sorted. Everyday words have none.
func (t *Tokeniser) Terms(text string) []Term { return distinctTerms(t.Stemmer().Positions(text)) }

// Place is a term at its place in a text.
type Place struct {
	Term       Term
	Start, End int
}

// Distinct gives the terms of the places once each, sorted, with how often each stands
// there.
func Distinct(places []Place) []Term { return distinctTerms(places) }

func distinctTerms(places []Place) []Term {
	all := make([]Term, len(places))
	for i, p := range places {
		all[i] = p.Term.Same()
	}
	slices.Sort(all)
	out := all[:0]
	for i := 0; i < len(all); {
		n := 1
		for i+n < len(all) && all[i+n] == all[i] {
			n++
		}
		term := all[i]
		if !term.Indicator() {
			term |= Term(min(n, 3) - 1)
		}
		out = append(out, term)
		i += n
	}
	return out
}

// Positions gives the terms of a text in its order, those of indicators last.
func (s *Stemmer) Positions(text string) []Place {
	stem := stemmerOf(text)
	var out []Place
	var last struct {
		key        string
		end, start int
	}
	for w := newScanner(text); w.next(); {
		key := w.seen()
		if w.evidence < wholeWord {
			// A character says little; two next to each other are nearly a word. Of all
			// such pairs as many are kept, by their hash, as words stand there.
			if last.key != "" && w.start-last.end < 2 {
				if pair := s.term(last.key + string(key)); uint32(pair)>>2%uint32(wholeWord/int(w.evidence)) == 0 {
					out = append(out, Place{pair, last.start, w.end})
				}
			}
			last.key, last.start, last.end = string(key), w.start, w.end
			continue
		}
		last.key = ""
		if term, ok := s.known[string(key)]; ok {
			if term != none {
				out = append(out, Place{term, w.start, w.end})
			}
			continue
		}
		term := none
		if !everyday[string(key)] && (len(key) > 1 || !w.letters) {
			term = s.term(stem(string(key)))
		}
		s.known[string(key)] = term
		if term != none {
			out = append(out, Place{term, w.start, w.end})
		}
	}
	for _, i := range Indicators(text) {
		out = append(out, Place{s.t.Indicator(i), i.Start, i.End})
	}
	return out
}

// none stands for a word that has no term.
const none = ^Term(0) - 1

func (s *Stemmer) term(stem string) Term { return Term(s.t.terms.sum([]byte(stem))) &^ 3 }

// Indicator gives the term of an indicator.
func (t *Tokeniser) Indicator(i Indicator) Term {
	return Term(t.terms.sum([]byte(string(i.Kind)+"\x00"+i.Value))) | 3
}

// languages are those that are told from others by their little words, with a Snowball
// stemmer for each.
var languages = []struct {
	stem  func(*snowballstem.Env) bool
	words map[string]bool
}{
	{english.Stem, set("the of and to in that was he it his with is for had not on at by which be this have from but they")},
	{french.Stem, set("le la les de des du et un une est que qui dans pour pas sur au aux il elle ne se par avec ce")},
	{german.Stem, set("der die das und in den von zu mit sich des auf ist im dem nicht ein eine als auch es an er")},
	{spanish.Stem, set("el la los las de del y en que un una es por con para se no su al lo como mas pero")},
	{italian.Stem, set("il lo la gli le di del della e in che un una per con non si da al sono come anche")},
	{portuguese.Stem, set("o a os as de do da dos das e em no na que um uma para com por se nao mais como mas")},
	{dutch.Stem, set("de het een en van in is dat op te zijn met voor niet die aan er om ook als bij")},
	{swedish.Stem, set("och det att som en ett den av for inte ar med till har de om han var")},
	{danish.Stem, set("og det at som en et den af ikke er med til har de om han var jeg")},
	{norwegian.Stem, set("og det at som en et den av ikke er med til har de om han var jeg")},
	{finnish.Stem, set("ja on ei se etta oli han mutta kun joka ovat tai myos")},
	{hungarian.Stem, set("a az es hogy nem egy is volt meg csak de ez azt van")},
	{romanian.Stem, set("si de la in cu nu este un o pe care sa din mai pentru ca")},
	{turkish.Stem, set("ve bir bu da de icin ile cok daha gibi ne o")},
}

// stemmerOf is the stemmer of the language that most little words of the beginning are
// of, English where none is plainer. Cyrillic is stemmed as Russian, Arabic as Arabic;
// words of other scripts stay as they are.
func stemmerOf(text string) func(string) string {
	if len(text) > 4096 {
		text = text[:4096]
	}
	counts := make([]int, len(languages))
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(w) > 6 {
			continue
		}
		w = strings.ToLower(w)
		for i, l := range languages {
			if l.words[w] {
				counts[i]++
			}
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	return func(word string) string {
		r, _ := utf8.DecodeRuneInString(word)
		stem := languages[best].stem
		switch {
		case unicode.Is(unicode.Cyrillic, r):
			stem = russian.Stem
		case unicode.Is(unicode.Arabic, r):
			stem = arabic.Stem
		case r >= 0x0250 || unicode.IsDigit(r):
			return word
		}
		env := snowballstem.NewEnv(word)
		stem(env)
		return env.Current()
	}
}
