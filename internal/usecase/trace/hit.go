package trace

import (
	"slices"
	"strings"

	"cordon"
	"cordon/internal/core/finder"
	"cordon/internal/core/tokens"
)

// maxExcerpt bounds the bytes of an excerpt; the offsets give the whole.
const maxExcerpt = 400

// Hit is a portion of which the text has passages.
type Hit struct {
	Portion cordon.ID `json:"portion"`
	Report  cordon.ID `json:"report"`
	// Ref is the portion's outside name; ReportRef that of its report,
	// given where the person may see the report's title.
	Ref       string  `json:"ref,omitempty"`
	ReportRef string  `json:"reportRef,omitempty"`
	Mark      string  `json:"marking"`
	Owners    []Owner `json:"owners"`
	// Words is how many of the portion's words the text has, of how many.
	Words int `json:"words"`
	Of    int `json:"of"`
	// Fraction is Words over Of.
	Fraction float64   `json:"fraction"`
	Passages []Passage `json:"passages"`
}

// Passage is one stretch of the text, the asker's own.
type Passage struct {
	// Start and End are bytes of the text, Line and EndLine its lines,
	// counted from 1, on which the first and the last word end.
	Start   int `json:"start"`
	End     int `json:"end"`
	Line    int `json:"line"`
	EndLine int `json:"endLine"`
	Words   int `json:"words"`
	// Excerpt is the stretch as it stands in the text; a long one has an
	// ellipsis in the middle, and bytes that are not UTF-8 are replaced.
	Excerpt string `json:"excerpt"`
}

// hits tells what was found, but for the outside names of the reports.
func (q *inquiry) hits(found []finder.Quotation) ([]Hit, error) {
	line := lines(q.text, found)
	hits := make([]Hit, len(found))
	for i, f := range found {
		h := Hit{
			Portion: f.Portion.ID, Report: f.Portion.Report, Ref: f.Ref,
			Mark: f.Portion.Mark, Words: f.Words, Of: f.Of, Fraction: float64(f.Words) / float64(f.Of),
		}
		var err error
		if h.Owners, err = q.owners(f.Rule.OwnerIDs()); err != nil {
			return nil, err
		}
		for _, p := range f.Passages {
			h.Passages = append(h.Passages, Passage{
				Start: p.Start, End: p.End, Line: line[p.Start], EndLine: line[p.End], Words: p.Words,
				Excerpt: tokens.Excerpt(q.text[p.Start:p.End], maxExcerpt),
			})
		}
		hits[i] = h
	}
	return hits, nil
}

// lines gives the lines of the offsets at which passages start and end.
func lines(text string, found []finder.Quotation) map[int]int {
	var offsets []int
	for _, f := range found {
		for _, p := range f.Passages {
			offsets = append(offsets, p.Start, p.End)
		}
	}
	slices.Sort(offsets)
	at := make(map[int]int, len(offsets))
	line, counted := 1, 0
	for _, offset := range offsets {
		line += strings.Count(text[counted:offset], "\n")
		counted = offset
		at[offset] = line
	}
	return at
}
