package contain_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
)

// TestNoReadAfterContainReturns has readers on two nodes read without pause
// while the memo is contained. No read that begins after Contain has returned
// gives the struck text, on either.
func TestNoReadAfterContainReturns(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		a := setUp(t, w)
		struck := "A courier was seen in Marrow Quay."
		var contained atomic.Bool
		var before, after atomic.Int64
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		var readers sync.WaitGroup
		for _, node := range []*casetest.World{w, w.Node(t)} {
			for range 3 {
				readers.Go(func() {
					for ctx.Err() == nil && after.Load() < 200 {
						late := contained.Load()
						out, err := reading.Open(ctx, node.By(w.ID("ana")), string(a.memo.Report), cordon.ActRead)
						if err != nil {
							if ctx.Err() == nil {
								t.Errorf("open: %v", err)
							}
							return
						}
						has := slices.ContainsFunc(out.Portions, func(p reading.Shown) bool { return p.Text == struck })
						switch {
						case late && has:
							t.Error("contained, and read all the same")
							return
						case late:
							after.Add(1)
						case has:
							before.Add(1)
						}
					}
				})
			}
		}
		for before.Load() < 20 && !t.Failed() {
			if _, err := people.Me(ctx, w.By(w.ID("ana"))); err != nil {
				t.Fatal(err)
			}
		}
		_, err := contain.Contain(ctx, w.By(w.ID("sol")), a.incident, contain.Plan{Strike: []cordon.ID{a.memo.Portions[1].ID}})
		contained.Store(true)
		if err != nil {
			stop()
		}
		readers.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if after.Load() < 200 {
			t.Errorf("only %d reads after it", after.Load())
		}
	})
}
