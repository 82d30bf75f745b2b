package writing

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/finder"
)

// A text is a derivative by its content if it has a common run of inheritWords
// words with a portion, which is no accident, or quotes (all but) the whole of
// a portion, however short.
const inheritWords = 12

// inherited picks, of the portions found in a text of the organisation's, those
// that it inherits from. Words that stand in a portion the organisation owns
// alone are its own to use again, wherever else they stand: an originator can
// publish its own sentence though somebody's memo quotes it. Scraps too short
// to be inherited when it wrote them do not add up to a passage of its own.
// Words that a revised text repeats from the portion it revises are inherited
// from that portion, and from nobody else's.
func inherited(found []finder.Quotation, org, revises cordon.ID, text string) []cordon.Portion {
	repeated := func(f finder.Quotation) bool { return ownedOnlyBy(f.Rule, org) || f.Portion.ID == revises }
	var own []span
	for _, f := range found {
		if repeated(f) {
			for _, p := range f.Passages {
				own = append(own, span{p.Start, p.End})
			}
		}
	}
	var sources []cordon.Portion
	for _, f := range found {
		if repeated(f) {
			continue
		}
		words := 0
		for _, p := range f.Passages {
			passage := span{p.Start, p.End}
			ours := slices.DeleteFunc(slices.Clone(own), func(o span) bool {
				covers := o.start <= passage.start && passage.end <= o.end
				return !covers && o.words(text) < inheritWords
			})
			for _, rest := range without(passage, ours) {
				words += rest.words(text)
			}
		}
		if words >= inheritWords || f.Whole && 2*words >= f.Of {
			sources = append(sources, f.Portion)
		}
	}
	return sources
}

func ownedOnlyBy(rule cordon.Rule, org cordon.ID) bool {
	return len(rule.Owners) == 1 && rule.Owners[0].Owner == org
}

// span is a stretch of a text, in bytes.
type span struct{ start, end int }

func (s span) words(text string) int { return len(strings.Fields(text[s.start:s.end])) }

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
