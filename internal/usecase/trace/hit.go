package trace

import (
	"math"
	"slices"
	"strings"

	"cordon/internal/core/finder"
	"cordon/internal/core/tokens"
	"cordon/wire"
)

// maxExcerpt bounds the bytes of an excerpt; the offsets give the whole.
const maxExcerpt = 400

// The answers have one form, in which they are computed and sent.
type (
	// Hit is a portion of which the text has passages. ReportRef is given where
	// the person may see the report's title.
	Hit = wire.TracedPortion
	// Passage is one stretch of the text, the asker's own.
	Passage = wire.Passage
	// Owner is an owner by id and name.
	Owner = wire.Named
	// Report is the answer to a scan.
	Report = wire.Scanned
	// CheckReport is the answer to a check.
	CheckReport = wire.Checked
	// Finding is a portion whose passages the audience may not have, and why.
	Finding = wire.Finding
)

// hits tells what was found, but for the outside names of the reports.
func (q *inquiry) hits(found []finder.Quotation) ([]Hit, error) {
	line := lines(q.text, found)
	hits := make([]Hit, len(found))
	for i, f := range found {
		h := Hit{
			Portion: f.Portion.ID, Report: f.Portion.Report, Ref: f.Ref,
			Marking: f.Portion.Mark, Words: f.Words, Of: f.Of, Fraction: float64(f.Words) / float64(f.Of),
		}
		m := q.like[f.Portion.ID]
		h.Level, h.How, h.Score, h.Indicators = string(m.Level), string(m.How), math.Round(m.Score*1000)/1000, m.Indicators
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
