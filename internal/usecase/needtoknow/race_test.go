package needtoknow_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/needtoknow"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
)

// TestNoReadAfterSomebodyIsTakenOut has a reader on two nodes read without pause
// while they are taken out of the group. No read that begins afterwards shows
// them anything, on either.
func TestNoReadAfterSomebodyIsTakenOut(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) A title", "(U) The ferry is late.").Report
		g := group(t, w, "Harbour desk", "ana", "sol")
		if _, err := needtoknow.Report(ctx, w.By(w.ID("sol")), report, needtoknow.To{Group: g}); err != nil {
			t.Fatal(err)
		}
		var out, stop atomic.Bool
		var before, after atomic.Int64
		var readers sync.WaitGroup
		for _, node := range []*casetest.World{w, w.Node(t)} {
			for range 2 {
				readers.Go(func() {
					for !stop.Load() && after.Load() < 60 {
						late := out.Load()
						_, err := reading.Open(ctx, node.By(w.ID("ana")), string(report), cordon.ActRead)
						switch {
						case err != nil && cordon.KindOf(err) != cordon.KindNotFound:
							t.Errorf("open: %v", err)
							return
						case late && err == nil:
							t.Error("taken out of the group, and reads all the same")
							return
						case late:
							after.Add(1)
						case err == nil:
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
		_, err := needtoknow.ChangeGroup(ctx, w.By(w.ID("sol")), g, needtoknow.GroupDraft{Name: "Harbour desk", People: []cordon.ID{w.ID("sol")}})
		out.Store(true)
		stop.Store(err != nil)
		readers.Wait()
		if err != nil || after.Load() < 60 && !t.Failed() {
			t.Fatalf("%d reads after it: %v", after.Load(), err)
		}
	})
}
