package trace

import (
	"context"
	"fmt"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/finder"
	"cordon/internal/core/likeness"
)

// MaxTop is the most portions that can be asked for whatever they are worth.
const MaxTop = 100

// Scan says which passages of a text found outside come from portions the
// caller may see, word for word or in other words, and of those that tell in other words
// the best up to top whatever they are worth. The owners of all portions it has passages of, seen or not,
// have the scan in their feeds before the caller has the answer, and a notice of
// those that the caller may not see. It needs the role Reader. A text beyond
// cordon.MaxFileBytes is TooLarge.
func Scan(ctx context.Context, by act.Caller, text string, top int) (Report, error) {
	if top < 0 || top > MaxTop {
		return Report{}, cordon.Errorf(cordon.KindInvalid, "of a scan the best 0 to %d are given", MaxTop)
	}
	deed := reading(cordon.ActScan)
	found, err := search(ctx, by, deed, text, top)
	if err != nil {
		return Report{}, err
	}
	type plan struct {
		report            Report
		titles            titles
		concerned, unseen []finder.Quotation
	}
	out, err := act.Do(ctx, by, deed, func(s *act.Snapshot) (plan, error) {
		// load
		q, err := inquire(s, text, found)
		if err != nil {
			return plan{}, err
		}

		// decide
		seen, hidden := q.visible()
		told := q.sift(seen)
		concerned := union(q.sift(q.found), told)
		p := plan{report: Report{ID: q.id, Compared: compared(text), Rates: likeness.Rates}, concerned: concerned, unseen: q.uncovered(within(hidden, concerned), seen)}
		if p.report.Hits, err = q.hits(told); err != nil {
			return p, err
		}
		p.titles, err = q.titles(told)
		return p, err
	}, func(c *act.Commit, p plan) (plan, error) {
		e := cordon.Entry{Subject: p.report.ID}
		if err := c.Record(e); err != nil {
			return p, err
		}
		if err := record(c, e, p.concerned); err != nil {
			return p, err
		}
		return p, notify(c, p.unseen, func(s share) string {
			return fmt.Sprintf("%s of %s scanned a text with %s of yours in it, which they may not see and were not told of. "+
				"The scan is %s in your feed.", c.Actor.Person.Name, c.Actor.Org.Name, s, p.report.ID)
		})
	})
	if err != nil {
		return Report{}, err
	}
	var hits []*Hit
	for i := range out.report.Hits {
		hits = append(hits, &out.report.Hits[i])
	}
	return out.report, out.titles.name(hits)
}

// union is the findings of both, in the order of the text.
func union(a, b []finder.Quotation) []finder.Quotation {
	in := ids(a)
	both := append([]finder.Quotation(nil), a...)
	for _, f := range b {
		if !in[f.Portion.ID] {
			both = append(both, f)
		}
	}
	inOrder(both)
	return both
}

// within keeps the findings of a that are in b too.
func within(a, b []finder.Quotation) []finder.Quotation {
	in := ids(b)
	var kept []finder.Quotation
	for _, f := range a {
		if in[f.Portion.ID] {
			kept = append(kept, f)
		}
	}
	return kept
}

// uncovered keeps the findings whose words their owners have not let stand in
// the others, and of what is told in other words what is likelier than all the others.
func (q *inquiry) uncovered(found, others []finder.Quotation) []finder.Quotation {
	quoted, _ := q.quoted(others)
	cover, best := finder.NewCover(quoted), q.best(others)
	var kept []finder.Quotation
	for _, f := range found {
		if m := q.like[f.Portion.ID]; m.How == likeness.Verbatim && !cover.Has(f) || m.How != likeness.Verbatim && m.Score > best {
			kept = append(kept, f)
		}
	}
	return kept
}

func ids(found []finder.Quotation) map[cordon.ID]bool {
	in := make(map[cordon.ID]bool, len(found))
	for _, f := range found {
		in[f.Portion.ID] = true
	}
	return in
}
