package contain_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/writing"
)

// TestNothingIsDerivedFromWhatIsStruck has authors on two nodes derive from a
// portion without pause, in other words and in its own, while it is struck or limited.
// Everything written before goes with it, and nothing that names it is written after.
func TestNothingIsDerivedFromWhatIsStruck(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		rounds := []string{
			cityText, "the harbour master kept a list of boats that came in without a light after midnight.",
			"two of the drivers were paid in advance, and a third refused to say by whom.", "nobody had asked the pilot what he saw from the northern end of the mole.",
		}
		for round := range 4 {
			report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Notes", fmt.Sprintf("(U) In round %d %s", round, rounds[round]))
			source := report.Portions[1].ID
			in := incident(t, w, "mara")

			var mu sync.Mutex
			var written []cordon.ID // derivatives acknowledged
			begun := make(chan struct{}, 100)
			var authors sync.WaitGroup
			for _, node := range []*casetest.World{w, w.Node(t)} {
				for n := range 2 {
					authors.Go(func() {
						for range 8 {
							draft := w.Draft(t, nil, "(U) Memo", "(U) A courier was seen.")
							draft.Kind = cordon.ReportMemo
							draft.Portions[0].Sources = []cordon.ID{source}
							if n == 1 {
								draft.Portions[0].Text = fmt.Sprintf("In round %d %s", round, rounds[round])
							}
							out, err := writing.Publish(ctx, node.By(w.ID("ana")), draft)
							if cordon.KindOf(err) == cordon.KindNotFound && err != nil {
								return // struck: there is nothing to derive from
							}
							if err != nil {
								t.Errorf("derive: %v", err)
								return
							}
							mu.Lock()
							written = append(written, out.Portions[1].ID)
							mu.Unlock()
							begun <- struct{}{}
						}
					})
				}
			}
			go func() { authors.Wait(); close(begun) }() // whatever goes wrong
			<-begun
			<-begun
			plan := contain.Plan{Strike: []cordon.ID{source}}
			if round%2 == 1 {
				plan = contain.Plan{Limit: []contain.Limit{{Report: report.Report, Circle: []cordon.ID{w.ID("mara")}}}}
			}
			if _, err := contain.Contain(ctx, w.By(w.ID("mara")), in, plan); err != nil {
				t.Errorf("contain: %v", err)
			}
			authors.Wait()
			if open := openTo(t, w, "ana", written, source); len(open) > 0 {
				t.Errorf("round %d: made of what was contained, and open to her: %v", round, open)
			}
		}
	})
}

// openTo is the portions written that were made of the source and that the
// person may read.
func openTo(t *testing.T, w *casetest.World, person string, written []cordon.ID, source cordon.ID) []cordon.ID {
	t.Helper()
	var open []cordon.ID
	err := w.Store.View(context.Background(), func(tx cordon.ReadTx) error {
		view, err := w.Rules.View(tx, w.ID(person), w.Clock.Now())
		if err != nil {
			return err
		}
		lineage, err := tx.Sources(written)
		if err != nil {
			return err
		}
		portions, err := tx.PortionsByID(written)
		for _, p := range portions {
			made := slices.ContainsFunc(lineage, func(d cordon.Derivation) bool { return d.Portion == p.ID && d.Source == source })
			if made && view.Decide(p).Allowed() {
				open = append(open, p.ID)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return open
}
