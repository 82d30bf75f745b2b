package contain_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"cordon"
	"cordon/internal/casetest"
	"cordon/internal/contain"
)

// TestNothingIsDerivedFromWhatIsStruck has authors on two nodes derive from a
// portion without pause, by naming it and by pasting it in, while it is struck.
// Whatever was written before goes with it; nothing that names it is written
// after, and nothing pasted has slipped between the two.
func TestNothingIsDerivedFromWhatIsStruck(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		for round := range 4 {
			report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Notes", fmt.Sprintf("(U) In round %d %s", round, cityText))
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
							draft.Kind = cordon.Memo
							if n == 0 {
								draft.Portions[0].Sources = []cordon.ID{source}
							} else {
								draft.Portions[0].Text = fmt.Sprintf("In round %d %s", round, cityText)
							}
							out, err := node.Reading.Publish(ctx, w.ID("ana"), draft)
							if cordon.KindOf(err) == cordon.NotFound && err != nil && n == 0 {
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
			if _, err := w.Contain.Contain(ctx, w.ID("mara"), in, contain.Plan{Strike: []cordon.ID{source}}); err != nil {
				t.Errorf("contain: %v", err)
			}
			authors.Wait()
			live(t, w, written, source)
		}
	})
}

// live fails the test if a portion that is said to be made of the source
// stands though the source is struck.
func live(t *testing.T, w *casetest.World, written []cordon.ID, source cordon.ID) {
	t.Helper()
	err := w.Store.View(context.Background(), func(tx cordon.Tx) error {
		lineage, err := tx.Sources(written)
		if err != nil {
			return err
		}
		of := make(map[cordon.ID]bool)
		for _, d := range lineage {
			of[d.Portion] = of[d.Portion] || d.Source == source
		}
		portions, err := tx.PortionsByID(written)
		for _, p := range portions {
			if of[p.ID] && p.State == cordon.Live {
				t.Errorf("portion %s was made of what is struck, and stands", p.ID)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
