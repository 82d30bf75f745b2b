package reading

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/act"
)

// Counts is the exact number of reports of which the person may see something,
// and of portions they may see. Nothing is shown, and nothing recorded.
func Counts(ctx context.Context, by act.Caller) (cordon.Counts, error) {
	return act.Read(ctx, by, act.ByRole(cordon.ActSearch, cordon.RoleReader), func(s *act.Snapshot) (cordon.Counts, error) {
		seen, err := s.Visible()
		if err != nil {
			return cordon.Counts{}, err
		}
		return s.Tx.Count(seen)
	})
}

// Suggestion is a word to search for.
type Suggestion struct {
	Word string
	// Portions is how many of the portions that words are taken from have it.
	Portions int
}

// suggestReports is how many reports words are taken from. suggestLetters is
// the least number of letters that gets a suggestion.
const (
	suggestReports = 50
	suggestLetters = 2
)

// Suggest gives the words that begin with the last word typed or, where there
// are none, those that are one letter away from it: the most usual first, at
// most cordon.MaxSuggestions. They are taken from the newest text that the
// person may see and from nothing else. That text is opened for the purpose,
// since no index of plain words is kept. Before a word is suggested, the search
// is recorded for the newest portion that has it, and for the others as counted.
func Suggest(ctx context.Context, by act.Caller, typed string) ([]Suggestion, error) {
	if len(typed) > cordon.MaxNameBytes {
		return nil, cordon.Errorf(cordon.KindTooLarge, "what was typed has at most %d bytes", cordon.MaxNameBytes)
	}
	var last string
	for w := range by.Tokens.Spell(typed) {
		last = string(w.Key)
	}
	if utf8.RuneCountInString(last) < suggestLetters {
		return nil, cordon.Errorf(cordon.KindInvalid, "words are suggested from %d letters on", suggestLetters)
	}
	deed := act.ByRole(cordon.ActSearch, cordon.RoleReader)
	return act.Answer(ctx, by, deed, func(s *act.Snapshot) ([]met, error) { return wordsMet(s, last) }, func(c *act.Recorder, words []met) ([]Suggestion, error) {
		var out []Suggestion
		var from, counted []cordon.Portion
		for _, m := range words {
			out = append(out, Suggestion{m.word, m.portions})
			from, counted = append(from, m.newest), append(counted, m.others...)
		}
		if err := c.RecordOwners(cordon.Entry{Reasons: []string{cordon.ReasonCounted}}, distinct(counted)); err != nil {
			return nil, err
		}
		return out, record(c, cordon.ActSearch, "", distinct(from))
	})
}

// distinct are the portions by their ids, each once.
func distinct(portions []cordon.Portion) []cordon.Portion {
	slices.SortFunc(portions, func(a, b cordon.Portion) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return slices.CompactFunc(portions, func(a, b cordon.Portion) bool { return a.ID == b.ID })
}

// met is a word and where it was met.
type met struct {
	word     string
	portions int
	newest   cordon.Portion
	others   []cordon.Portion // without bodies
}

// wordsMet goes through the newest text in sight and gives the words to
// suggest.
func wordsMet(s *act.Snapshot, typed string) ([]met, error) {
	seen, err := s.Visible()
	if err != nil {
		return nil, err
	}
	reports, err := s.Tx.ReportPage(seen, cordon.Cursor{}, suggestReports)
	if err != nil {
		return nil, err
	}
	begin, near := map[string]*met{}, map[string]*met{}
	read := 0
	for _, r := range reports {
		portions, err := s.Tx.Portions(r.ID, seen)
		if err != nil {
			return nil, err
		}
		for _, p := range portions {
			if read += len(p.Body); read > cordon.MaxSuggestBytes {
				return mostUsual(begin, near), nil
			}
			text, err := compared(s, p)
			if err != nil {
				return nil, err
			}
			here := map[string]bool{}
			for w := range s.Base.Tokens.Spell(text) {
				words := near
				switch {
				case here[string(w.Key)]:
					continue
				case strings.HasPrefix(string(w.Key), typed):
					words = begin
				case !oneAway(string(w.Key), typed):
					continue
				}
				word := string(w.Key)
				here[word] = true
				if words[word] == nil {
					words[word] = &met{word: word, newest: p}
				} else {
					words[word].others = append(words[word].others, cordon.Portion{ID: p.ID, Report: p.Report, Rule: p.Rule})
				}
				words[word].portions++
			}
		}
	}
	return mostUsual(begin, near), nil
}

// mostUsual picks from the words that begin as was typed, or else from those near.
func mostUsual(begin, near map[string]*met) []met {
	if len(begin) == 0 {
		begin = near
	}
	var all []met
	for _, m := range begin {
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b met) int {
		return cmp.Or(cmp.Compare(b.portions, a.portions), strings.Compare(a.word, b.word))
	})
	return all[:min(len(all), cordon.MaxSuggestions)]
}

// oneAway reports whether one letter left out, put in or changed makes one
// word of the other. Words of fewer than four letters are near to too many.
func oneAway(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 3 || len(y) < 4 || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return i < len(x) && slices.Equal(x[i+1:], y[i+1:])
	}
	return slices.Equal(x[i:], y[i+1:])
}
