package trace

import (
	"context"
	"fmt"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/finder"
	"cordon/internal/core/ledger"
)

// Report is what a scan tells the person who scanned.
type Report struct {
	// ID is the scan's own; its ledger entries have it as their subject.
	ID cordon.ID `json:"id"`
	// Hits are in the order of the text. Portions of which it has nothing
	// but a part of another hit's passage, of the same owners, are left out.
	Hits []Hit `json:"hits"`
}

// Scan says which passages of a text found outside come from portions the
// person may see. The owners of all portions it has passages of, seen or not,
// have the scan in their feeds before he has the answer, and a notice of what
// he may not see. It needs the role Reader. A text beyond cordon.MaxFileBytes
// is TooLarge.
func Scan(ctx context.Context, by act.Caller, text string) (Report, error) {
	found, err := search(ctx, by.Base, by.Person, text)
	if err != nil {
		return Report{}, err
	}
	var report Report
	err = by.Store.Update(ctx, func(tx cordon.WriteTx) error {
		// load
		q, err := inquire(by.Base, tx, by.Person, text, found)
		if err != nil {
			return err
		}

		// decide
		seen, hidden := q.visible()
		told := finder.Sift(seen)
		concerned := union(finder.Sift(q.found), told)
		unseen := uncovered(within(hidden, concerned), seen)

		// act
		report = Report{ID: q.id}
		if report.Hits, err = q.hits(told); err != nil {
			return err
		}

		// record
		if err := ledger.Append(tx, q.entry(cordon.ActScan, cordon.Allowed)); err != nil {
			return err
		}
		if err := q.record(q.entry(cordon.ActScan, cordon.Allowed), concerned); err != nil {
			return err
		}
		who := q.view.Actor
		return q.notify(unseen, func(s share) string {
			return fmt.Sprintf("%s of %s scanned a text with %s of yours in it, which they may not see and were not told of. "+
				"The scan is %s in your feed.", who.Person.Name, who.Org.Name, s, q.id)
		})
	})
	if err != nil {
		return Report{}, err
	}
	return report, nil
}

// union is what stands in either, in the order of the text.
func union(a, b []finder.Found) []finder.Found {
	in := ids(a)
	both := append([]finder.Found(nil), a...)
	for _, f := range b {
		if !in[f.Portion.ID] {
			both = append(both, f)
		}
	}
	inOrder(both)
	return both
}

// within keeps of a what stands in b too.
func within(a, b []finder.Found) []finder.Found {
	in := ids(b)
	var kept []finder.Found
	for _, f := range a {
		if in[f.Portion.ID] {
			kept = append(kept, f)
		}
	}
	return kept
}

// uncovered keeps of found what its owners have not let stand in the others.
func uncovered(found, others []finder.Found) []finder.Found {
	cover := finder.NewCover(others)
	var kept []finder.Found
	for _, f := range found {
		if !cover.Has(f) {
			kept = append(kept, f)
		}
	}
	return kept
}

func ids(found []finder.Found) map[cordon.ID]bool {
	in := make(map[cordon.ID]bool, len(found))
	for _, f := range found {
		in[f.Portion.ID] = true
	}
	return in
}
