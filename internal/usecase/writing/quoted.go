package writing

import (
	"slices"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/finder"
	"cordon/internal/core/tokens"
)

// quotedWords is how many words of a portion in a row, or in pieces over one report,
// are no accident. A portion that is quoted all but whole counts from wholeWords on: a
// shorter sentence is what many write, and one who published it first could stop them.
const (
	quotedWords = 12
	wholeWords  = 8
)

// quoted is a portion of which a text repeats words that nothing frees.
type quoted struct {
	source cordon.Portion
	rule   cordon.Rule
	// spans are the stretches of the text, words how many words they have.
	spans []cordon.Span
	words int
	// whole says that the portion is quoted all but whole.
	whole bool
}

// freed tells which words of a portion a text may repeat.
type freed struct {
	// reader is who is to be told; empty where nobody is. To them a portion of theirs
	// does not wait.
	reader cordon.ID
	// settled are the matches that are known already, by portion and source: a portion
	// in which another was found does not free that one's words.
	settled map[[2]cordon.ID]bool
}

// of picks, of the portions found in a text that is to stand under the rule, those whose
// words it repeats for somebody whom their own rules do not admit. A passage asks for the
// freest portion it stands in: where it also stands in one that everybody admitted by the
// rule may read, it asks for nothing.
//
// Such a portion must not be in doubt itself. It is live, does not wait, and is no later
// than the one whose words it frees unless that one's owners have let it out themselves.
// Otherwise somebody else could publish a sentence for everybody, and it would be free.
func (f freed) of(text string, rule cordon.Rule, found []finder.Quotation) []quoted {
	var asking []quoted
	for _, s := range found {
		if access.AsNarrow(rule, s.Rule) {
			continue
		}
		var free []span
		for _, q := range found {
			if access.AsNarrow(rule, q.Rule) && f.undisputed(q, s) {
				for _, p := range q.Passages {
					free = append(free, span{p.Start, p.End})
				}
			}
		}
		one := quoted{source: s.Portion, rule: s.Rule, whole: s.Whole}
		for _, p := range s.Passages {
			passage := span{p.Start, p.End}
			frees := slices.DeleteFunc(slices.Clone(free), func(o span) bool {
				covers := o.start <= passage.start && passage.end <= o.end
				return !covers && wordsIn(text, o) < quotedWords
			})
			for _, rest := range without(passage, frees) {
				if n := wordsIn(text, rest); n > 0 {
					one.words += n
					one.spans = append(one.spans, cordon.Span{Start: rest.start, End: rest.end})
				}
			}
		}
		one.whole = s.Whole && s.Of >= wholeWords && 2*one.words >= s.Of
		if one.words > 0 {
			asking = append(asking, one)
		}
	}
	return asking
}

// undisputed reports whether q may free words of s.
func (f freed) undisputed(q, s finder.Quotation) bool {
	if q.Portion.ID == s.Portion.ID || q.Rule.Waiting != "" && q.Rule.Waiting != f.reader || f.settled[[2]cordon.ID{q.Portion.ID, s.Portion.ID}] {
		return false
	}
	if !q.Portion.Created.After(s.Portion.Created) {
		return true
	}
	owners := s.Rule.OwnerIDs()
	return !slices.ContainsFunc(q.Rule.OwnerIDs(), func(id cordon.ID) bool { return !slices.Contains(owners, id) })
}

func wordsIn(text string, s span) int { return len(tokens.Read(text[s.start:s.end])) }

// enough leaves out of what the texts of one report repeat the portions of which all of
// them together have too few words for it to be more than an accident.
func enough(texts [][]quoted) [][]quoted {
	words, whole := make(map[cordon.ID]int), make(map[cordon.ID]bool)
	for _, text := range texts {
		for _, q := range text {
			words[q.source.ID] += q.words
			whole[q.source.ID] = whole[q.source.ID] || q.whole
		}
	}
	out := make([][]quoted, len(texts))
	for i, text := range texts {
		for _, q := range text {
			if words[q.source.ID] >= quotedWords || whole[q.source.ID] {
				out[i] = append(out[i], q)
			}
		}
	}
	return out
}

// span is a stretch of a text, in bytes.
type span struct{ start, end int }

// without cuts the others out of s and gives the rest.
func without(s span, others []span) []span {
	rest := []span{s}
	for _, o := range others {
		var next []span
		for _, r := range rest {
			if o.end <= r.start || r.end <= o.start {
				next = append(next, r)
				continue
			}
			if r.start < o.start {
				next = append(next, span{r.start, o.start})
			}
			if o.end < r.end {
				next = append(next, span{o.end, r.end})
			}
		}
		rest = next
	}
	return rest
}
