package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cordon"
)

// settler is a store that keeps something in memory and can be told to catch
// up.
type refresher interface{ Refresh(context.Context) error }

func refresh(t interface {
	Context() context.Context
	Fatalf(string, ...any)
}, s cordon.Store,
) {
	if s, ok := s.(refresher); ok {
		if err := s.Refresh(t.Context()); err != nil {
			t.Fatalf("refresh: %v (%v)", err, errors.Unwrap(err))
		}
	}
}

func testCount(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var one, two []cordon.Portion
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 3); err != nil {
			return err
		}
		var r cordon.Report
		r, one = report(1, no[0], no[0], no[1])
		if err := publish(tx, r, one); err != nil {
			return err
		}
		r, two = report(2, no[1], no[2])
		return publish(tx, r, two)
	})
	check := func(what string, visible cordon.Visibility, reports, portions int64) {
		t.Helper()
		for range 2 { // by the tables, perhaps, and by what is kept
			got := look(t, s, func(tx cordon.ReadTx) (cordon.Counts, error) { return tx.Count(visible) })
			equal(t, what, got, cordon.Counts{Reports: reports, Portions: portions})
			refresh(t, s)
		}
	}
	check("nothing", cordon.Visibility{}, 0, 0)
	check("a rule of two portions", cordon.Visibility{Rules: no[:1]}, 1, 2)
	check("a rule in both", cordon.Visibility{Rules: no[1:2]}, 2, 2)
	check("all", cordon.Visibility{Rules: no}, 2, 5)
	check("a rule given twice", cordon.Visibility{Rules: []cordon.RuleNo{no[1], no[0], no[1]}}, 2, 4)
	check("a grant alone", cordon.Visibility{Granted: []cordon.ID{two[1].ID}}, 1, 1)
	check("a grant in a report in sight", cordon.Visibility{Rules: no[:2], Granted: []cordon.ID{two[1].ID}}, 2, 5)
	check("a grant of what is in sight", cordon.Visibility{Rules: no[:1], Granted: []cordon.ID{one[0].ID, one[0].ID}}, 1, 2)
	update(t, s, func(tx cordon.WriteTx) error { return tx.StrikePortion(one[0].ID) })
	check("a portion is struck", cordon.Visibility{Rules: no, Granted: []cordon.ID{one[0].ID}}, 2, 4)
	update(t, s, func(tx cordon.WriteTx) error {
		return errors.Join(tx.StrikePortion(one[1].ID), tx.StrikePortion(one[2].ID))
	})
	check("a report is gone", cordon.Visibility{Rules: no}, 1, 2)
}

// Fresh has several nodes on one database publish, strike, move to other rules
// and give up, while what they keep in memory is renewed without a pause. At every
// step, in Views and in Updates, what a transaction lists and counts is what
// it finds when it looks at every report.
func Fresh(t *testing.T, nodes ...cordon.Store) {
	t.Run("changes that were under way", func(t *testing.T) { freshUnderWay(t, nodes) })
	t.Run("races", func(t *testing.T) { freshRaces(t, nodes) })
}

// freshUnderWay renews a node in the middle of another's Update, which is
// committed afterwards, and in the middle of one that is not.
func freshUnderWay(t *testing.T, nodes []cordon.Store) {
	w := newFreshWorld(t, nodes[0])
	for i := range 6 {
		writer, reader := nodes[i%len(nodes)], nodes[(i+1)%len(nodes)]
		refresh(t, reader)
		failed := errors.New("on purpose")
		err := writer.Update(t.Context(), func(tx cordon.WriteTx) error {
			if err := w.change(tx, i); err != nil {
				return err
			}
			if err := w.check(tx); err != nil {
				return err
			}
			// The others' change comes later and is committed before.
			if writer != reader || i < 3 {
				refresh(t, reader)
			}
			if i%3 == 2 {
				return failed
			}
			return nil
		})
		if err != nil && !errors.Is(err, failed) {
			t.Fatal(err, errors.Unwrap(err))
		}
		for _, s := range nodes {
			view(t, s, w.check)
		}
		refresh(t, reader)
		for _, s := range nodes {
			view(t, s, w.check)
		}
	}
}

func freshRaces(t *testing.T, nodes []cordon.Store) {
	w := newFreshWorld(t, nodes[0])
	const writers, changes = 2, 15
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	fail := func(err error) {
		if err != nil && t.Context().Err() == nil {
			t.Errorf("%v (%v)", err, errors.Unwrap(err))
		}
	}
	looks := make([]int, 2*len(nodes))
	for n, s := range nodes {
		for range writers {
			writing.Go(func() {
				for i := range changes {
					failed := errors.New("on purpose")
					err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
						if err := w.check(tx); err != nil {
							return err
						}
						if err := w.change(tx, rand.IntN(1000)); err != nil {
							return err
						}
						if err := w.check(tx); err != nil {
							return err
						}
						if i%5 == 4 {
							return failed
						}
						return nil
					})
					if !errors.Is(err, failed) && cordon.KindOf(err) != cordon.KindUnavailable {
						fail(err)
					}
				}
			})
		}
		for r := range 2 {
			reading.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					if r == 0 {
						refresh(t, s)
					}
					fail(s.View(t.Context(), w.check))
					looks[2*n+r]++
				}
			})
		}
	}
	writing.Wait()
	close(done)
	reading.Wait()
	for _, n := range looks {
		if n < 3 {
			t.Errorf("looked %v times: too few to have tested it", looks)
		}
	}
	for _, s := range nodes {
		refresh(t, s)
		view(t, s, w.check)
	}
}

// freshWorld is a few reports under rules of their own.
type freshWorld struct {
	no      []cordon.RuleNo
	reports []cordon.Report
}

func newFreshWorld(t *testing.T, s cordon.Store) *freshWorld {
	w := &freshWorld{}
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if w.no, err = rules(tx, 5); err != nil {
			return err
		}
		w.reports = nil
		for i := range 9 {
			// Three at each instant, so that ids have to break ties.
			r, p := report(i/3, w.no[i%5])
			if err := publish(tx, r, p); err != nil {
				return err
			}
			w.reports = append(w.reports, r)
		}
		return nil
	})
	return w
}

// change adds a portion to one of the reports, strikes one, or moves one to
// another rule.
func (w *freshWorld) change(tx cordon.WriteTx, n int) error {
	r := w.reports[n%len(w.reports)]
	heads, err := tx.PortionHeads(r.ID)
	if err != nil {
		return err
	}
	heads = slices.DeleteFunc(heads, func(p cordon.Portion) bool { return p.State != cordon.PortionLive })
	rule := w.no[n/2%len(w.no)]
	if len(heads) == 0 || n%3 == 0 && len(heads) < 4 {
		_, portions := report(0, rule)
		portions[0].Report, portions[0].Created = r.ID, r.Created
		return tx.PutPortions(portions)
	}
	p := heads[n%len(heads)]
	if n%3 == 1 {
		return tx.StrikePortion(p.ID)
	}
	p.Rule, p.Body, p.Key = rule, cordon.Sealed("other"), cordon.Sealed("other")
	return tx.ReplacePortion(p)
}

// check compares what the transaction lists and counts with what it finds by
// looking at every report, for some readers.
func (w *freshWorld) check(tx cordon.ReadTx) error {
	var all []cordon.Portion
	for _, r := range w.reports {
		heads, err := tx.PortionHeads(r.ID)
		if err != nil {
			return err
		}
		all = append(all, heads...)
	}
	from := rand.IntN(1 << len(w.no))
	for i := from; i < from+4; i++ {
		var visible cordon.Visibility
		for j, no := range w.no {
			if i*5>>j&1 == 1 {
				visible.Rules = append(visible.Rules, no)
			}
		}
		if i%3 == 0 && len(all) > 0 {
			visible.Granted = []cordon.ID{all[i%len(all)].ID, all[i*7%len(all)].ID}
		}
		var want cordon.Counts
		in := map[cordon.ID]bool{}
		for _, p := range all {
			if p.State == cordon.PortionLive && (slices.Contains(visible.Rules, p.Rule) || slices.Contains(visible.Granted, p.ID)) {
				want.Portions++
				in[p.Report] = true
			}
		}
		want.Reports = int64(len(in))
		var listed []cordon.ID
		newest := slices.SortedFunc(slices.Values(w.reports), newestFirst)
		for _, r := range newest {
			if in[r.ID] {
				listed = append(listed, r.ID)
			}
		}
		got, err := tx.Count(visible)
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("counted %+v, there are %+v", got, want)
		}
		page, err := tx.ReportPage(visible, cordon.Cursor{}, len(w.reports)+1)
		if err != nil {
			return err
		}
		ids := []cordon.ID(nil)
		for _, r := range page {
			ids = append(ids, r.ID)
		}
		if d := cmp.Diff(listed, ids); d != "" {
			return fmt.Errorf("listed (-want +got):\n%s", d)
		}
	}
	return nil
}

// KeptIsUsed shows that lists and counts come from what is kept in memory, and
// from the database where it is not in memory yet. Exec runs a statement
// behind the store's back.
func KeptIsUsed(t *testing.T, s cordon.Store, exec func(statement string) error) {
	var no []cordon.RuleNo
	add := func(n int) {
		update(t, s, func(tx cordon.WriteTx) error {
			for i := range n {
				if err := publishOne(tx, i, no[0]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	count := func(what string, want int64) {
		t.Helper()
		visible := cordon.Visibility{Rules: no}
		got := look(t, s, func(tx cordon.ReadTx) (cordon.Counts, error) { return tx.Count(visible) })
		equal(t, what, got, cordon.Counts{Reports: want, Portions: want})
		page := look(t, s, func(tx cordon.ReadTx) ([]cordon.Report, error) { return tx.ReportPage(visible, cordon.Cursor{}, 200) })
		equal(t, what, len(page), int(want))
	}
	update(t, s, func(tx cordon.WriteTx) (err error) { no, err = rules(tx, 1); return err })
	add(3)
	refresh(t, s)
	if err := exec(`DELETE FROM report_rules WHERE place = (SELECT place FROM report_rules ORDER BY place LIMIT 1)`); err != nil {
		t.Fatal(err)
	}
	count("what is kept", 3)
	add(40) // more than are looked up again and again
	refresh(t, s)
	count("what is kept and what came later", 43)
	// Changes that have been cleared away cannot be made up for.
	if err := exec(`INSERT INTO report_changes (at, place) SELECT max(at) + 1000, place FROM report_changes
		WHERE at > 0 GROUP BY place ORDER BY place LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	if err := exec(`DELETE FROM report_changes WHERE at < (SELECT max(at) FROM report_changes)`); err != nil {
		t.Fatal(err)
	}
	count("the database", 42)
	refresh(t, s)
	count("what is read anew", 42)
}

func publishOne(tx cordon.WriteTx, second int, rule cordon.RuleNo) error {
	r, p := report(second, rule)
	return publish(tx, r, p)
}
