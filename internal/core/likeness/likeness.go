// Package likeness finds the protected portions that a text tells of in other words:
// reworded, summarised, or by one indicator out of them. It goes by keyed terms (package
// tokens) and by how rare they are among the portions in sight, and opens nothing.
//
// Package finder finds what stands there word for word; both make up the cascade of a
// scan. What likeness says is a measure, with an error rate, and never a proof: see
// [Rates].
package likeness

import (
	"cmp"
	"math"
	"slices"

	"cordon"
	"cordon/internal/core/tokens"
)

// Level says what a match asks for.
type Level string

const (
	// Alarm: act on it.
	Alarm Level = "alarm"
	// Triage: a person should look.
	Triage Level = "triage"
	// Weak matches are given only to who asks for the best of them, whatever they are.
	Weak Level = "weak"
)

// How says in which way a text tells of a portion.
type How string

// The ways in which a text tells of a portion.
const (
	Verbatim   How = "verbatim"
	Reworded   How = "reworded"
	Summarised How = "summarised"
	Indicator  How = "indicator"
)

// Span is a stretch of the text in bytes.
type Span struct{ Start, End int }

// Match is a portion that the text tells of.
type Match struct {
	Portion, Report cordon.ID
	Level           Level
	How             How
	// Score is from 0 to 1; one half and more is an alarm's.
	Score float64
	// Spans are where, in the order of the text.
	Spans []Span
	// Indicators are those that the text and the portion share, as they are compared.
	Indicators []string
}

// The bounds of a search.
const (
	// whole is up to how many terms a text is compared as a whole too, and window how
	// many are compared together otherwise, half of them shared with the next.
	whole  = 150
	window = 30
	// perWindow is how many portions are weighed for each, and Most how many are given
	// for a text.
	perWindow = 16
	Most      = 200
	// atOnce is how many windows are asked for at once, so that memory does not grow with
	// what is found in a long text.
	atOnce = 1024
	// fewest is how many terms both must have.
	fewest = 3
	// rare is in how many reports an indicator may stand to raise an alarm, common in
	// how many to be named at all.
	rare, common = 3, 20
)

// The levels of a match, in the measure of weigh. They were set on every other text of
// a development set, and Rates were measured on the rest: docs/adr/0031.
const (
	alarmAt  = 6.6
	triageAt = 4.4
	// enough is how many terms both must have for an alarm.
	enough = 5
)

// Rates is how often the levels err, measured at 5,400 portions on texts that nothing was
// set on: docs/benchmarks.md.
const Rates = "measured at 5,400 portions: in a megabyte of stories that have nothing to do with them about one alarm, and two matches for triage; " +
	"in texts of the very same kind one in four has an alarm"

// Find gives the portions in sight that the text tells of, best first, those of levels
// Alarm and Triage and besides them the best ones up to top. How many there are, how rare
// words are and what is found go by what is in sight.
func Find(tx cordon.ReadTx, tok *tokens.Tokeniser, visible cordon.Visibility, text string, top int) ([]Match, error) {
	places := tok.Stemmer().Positions(text)
	words, marks := places, places[len(places):]
	if i := slices.IndexFunc(places, func(p tokens.Place) bool { return p.Term.Indicator() }); i >= 0 {
		words, marks = places[:i], places[i:]
	}
	found := make(map[cordon.ID]*Match)
	if err := byTerms(tx, visible, words, found); err != nil {
		return nil, err
	}
	if err := byIndicators(tx, tok, visible, text, marks, found); err != nil {
		return nil, err
	}
	all := make([]Match, 0, len(found))
	for _, m := range found {
		slices.SortFunc(m.Spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
		m.Spans = slices.Compact(m.Spans)
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Portion, b.Portion))
	})
	n := 0
	for n < len(all) && n < Most && (n < top || all[n].Level != Weak) {
		n++
	}
	return all[:n], nil
}

// windows are the stretches of a text that are compared.
func windows(words []tokens.Place) [][]tokens.Place {
	var all [][]tokens.Place
	if len(words) <= whole {
		all = append(all, words)
	}
	if len(words) > window+window/2 {
		for from := 0; from < len(words); from += window / 2 {
			all = append(all, words[from:min(len(words), from+window)])
			if from+window >= len(words) {
				break
			}
		}
	}
	return all
}

func byTerms(tx cordon.ReadTx, visible cordon.Visibility, words []tokens.Place, found map[cordon.ID]*Match) error {
	if len(words) == 0 {
		return nil
	}
	for stretches := range slices.Chunk(windows(words), atOnce) {
		asked := make([][]uint32, len(stretches))
		for i, s := range stretches {
			for _, t := range tokens.Distinct(s) {
				asked[i] = append(asked[i], uint32(t))
			}
		}
		near, err := tx.Nearest(asked, visible, perWindow)
		if err != nil {
			return err
		}
		for i, hits := range near {
			s := stretches[i]
			for _, h := range hits {
				note(found, h, Span{s[0].Start, s[len(s)-1].End})
			}
		}
	}
	return nil
}

// note keeps the best likeness of a portion, and where it is.
func note(found map[cordon.ID]*Match, h cordon.Near, at Span) {
	level, how, score := weigh(h)
	have := found[h.Portion]
	if have == nil {
		have = &Match{Portion: h.Portion, Report: h.Report, Level: Weak}
		found[h.Portion] = have
	}
	if have.Score < score {
		have.Score, have.How, have.Level, have.Spans = score, how, level, []Span{at}
	}
}

// weigh says what a likeness is worth: by the weight of what both have, and by how much of
// the portion and of the text that is. What is missing in either counts against it.
func weigh(h cordon.Near) (Level, How, float64) {
	if h.Shared == 0 || h.Own == 0 || h.Asked == 0 {
		return Weak, Summarised, 0
	}
	ofPortion, ofText := h.Shared/h.Own, h.Shared/h.Asked
	s := math.Sqrt(h.Shared*h.Score) * math.Pow(ofPortion, 0.5) * math.Pow(ofText, 0.6)
	how := Summarised
	if ofPortion >= 0.3 {
		how = Reworded
	}
	score := s / (s + alarmAt)
	switch {
	case s >= alarmAt && h.Terms >= enough:
		return Alarm, how, score
	case s >= triageAt && h.Terms >= fewest:
		return Triage, how, min(score, 0.499)
	}
	return Weak, how, min(score, 0.499)
}

func byIndicators(tx cordon.ReadTx, tok *tokens.Tokeniser, visible cordon.Visibility, text string, marks []tokens.Place, found map[cordon.ID]*Match) error {
	if len(marks) == 0 {
		return nil
	}
	at := make(map[uint32]tokens.Indicator)
	for _, i := range tokens.Indicators(text) {
		term := uint32(tok.Indicator(i))
		if _, ok := at[term]; !ok {
			at[term] = i
		}
	}
	asked := make([]uint32, 0, len(at))
	for term := range at {
		asked = append(asked, term)
	}
	slices.Sort(asked)
	hits, err := tx.Carrying(asked, visible, common)
	if err != nil {
		return err
	}
	for _, h := range hits {
		i := at[h.Term]
		if h.Reports > common {
			continue
		}
		level, score := Triage, 0.45/math.Sqrt(float64(h.Reports))
		if i.Kind.Strong() && h.Reports <= rare {
			level, score = Alarm, 0.95-0.05*float64(h.Reports)
		}
		have := found[h.Portion]
		if have == nil {
			have = &Match{Portion: h.Portion, Report: h.Report}
			found[h.Portion] = have
		}
		if len(have.Indicators) == 0 && have.Level != Alarm {
			have.Spans = nil
		}
		have.Indicators = append(have.Indicators, i.Value)
		have.Spans = append(have.Spans, Span{i.Start, i.End})
		// Several count together.
		if have.How == Indicator {
			have.Score = 1 - (1-have.Score)*(1-score/2)
			if level == Alarm {
				have.Level = Alarm
			}
		} else if have.Score < score {
			have.Score, have.How, have.Level = score, Indicator, level
		}
	}
	return nil
}
