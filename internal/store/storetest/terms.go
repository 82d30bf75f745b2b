package storetest

import (
	"errors"
	"slices"
	"testing"

	"cordon"
)

// testTerms: what is filed is found at once under its rule and in sight only, by others
// that are likest first; what was struck, superseded, regraded or filed anew is not found
// as it was.
func testTerms(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var p []cordon.Portion
	term := func(n uint32) uint32 { return (uint32(number())<<8 | n) &^ 3 }
	one, two, three, ioc := term(4), term(8), term(12), term(16)|3
	filed := func(p cordon.Portion, made int64, terms ...uint32) cordon.PortionTokens {
		slices.Sort(terms)
		k := tokens(p, number())
		k.Terms, k.Made = terms, made
		return k
	}
	var k []cordon.PortionTokens
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 2); err != nil {
			return err
		}
		var r cordon.Report
		r, p = report(0, no[0], no[0], no[1], no[0])
		if err := publish(tx, r, p); err != nil {
			return err
		}
		k = []cordon.PortionTokens{filed(p[0], 1, one, two, three|1), filed(p[1], 2, one, ioc), filed(p[2], 2, one, two, three), filed(p[3], 1, three, ioc)}
		return tx.AddTokens(k)
	})
	find := func(when string, sees cordon.Visibility, want ...cordon.ID) {
		t.Helper()
		got := look(t, s, func(tx cordon.ReadTx) (ids []cordon.ID, err error) {
			near, err := tx.Nearest([][]uint32{{one, two | 2, three}, {term(20)}}, sees, 10)
			if err != nil || len(near) != 2 || len(near[1]) != 0 {
				t.Errorf("%s: %v, %v", when, near, err)
				return nil, err
			}
			for i, n := range near[0] {
				if n.Report != p[0].Report || n.Terms < 1 || n.Shared <= 0 || n.Shared > n.Own+1e-9 || n.Shared > n.Asked+1e-9 || i > 0 && n.Score > near[0][i-1].Score {
					t.Errorf("%s: %+v", when, n)
				}
				ids = append(ids, n.Portion)
			}
			return ids, nil
		})
		slices.Sort(got)
		slices.Sort(want)
		equal(t, when, got, want)
	}
	all, first := cordon.Visibility{Rules: no}, cordon.Visibility{Rules: no[:1]}
	find("all", all, p[0].ID, p[1].ID, p[2].ID, p[3].ID)
	find("in sight", first, p[0].ID, p[1].ID, p[3].ID)
	find("granted", cordon.Visibility{Granted: []cordon.ID{p[2].ID}}, p[2].ID)

	// Nothing out of sight moves a weight.
	weight := func(sees cordon.Visibility) float64 {
		return look(t, s, func(tx cordon.ReadTx) (float64, error) {
			near, err := tx.Nearest([][]uint32{{three}}, sees, 1)
			return near[0][0].Shared, err
		})
	}
	before := weight(first)
	update(t, s, func(tx cordon.WriteTx) error {
		r, q := report(1, no[1], no[1])
		if err := publish(tx, r, q); err != nil {
			return err
		}
		return tx.AddTokens([]cordon.PortionTokens{filed(q[0], 2, three), filed(q[1], 2, three)})
	})
	if now := weight(first); now != before {
		t.Errorf("what is hidden changed a weight from %v to %v", before, now)
	}
	if now := weight(all); now == before {
		t.Error("a weight does not go by what is in sight")
	}

	hits := look(t, s, func(tx cordon.ReadTx) ([]cordon.TermHit, error) { return tx.Carrying([]uint32{ioc}, all, 10) })
	if len(hits) != 2 || hits[0].Term != ioc || hits[0].Reports != 1 {
		t.Errorf("the indicator stands in %+v", hits)
	}
	if hits := look(t, s, func(tx cordon.ReadTx) ([]cordon.TermHit, error) { return tx.Carrying([]uint32{ioc}, all, 1) }); len(hits) != 1 {
		t.Errorf("%d hits of at most one", len(hits))
	}
	old := look(t, s, func(tx cordon.ReadTx) ([]cordon.Portion, error) { return tx.MadeBefore(2, "", 1000) })
	old = slices.DeleteFunc(old, func(q cordon.Portion) bool { return q.ID != p[0].ID && q.ID != p[2].ID && q.ID != p[3].ID })
	equal(t, "made before", len(old), 2)
	if len(old) > 0 && (old[0].Body == nil || old[0].Key == nil) {
		t.Error("what was made before comes without its body")
	}

	update(t, s, func(tx cordon.WriteTx) error { return tx.ReplaceTokens([]cordon.PortionTokens{filed(p[0], 2, one)}) })
	view(t, s, func(tx cordon.ReadTx) error {
		words, err := tx.Search(k[0].Words, all, cordon.Cursor{}, 5)
		prints, err2 := tx.PrintHits(k[0].Prints)
		if len(words)+len(prints) != 0 {
			t.Errorf("replaced tokens still find %v and %v", words, prints)
		}
		return errors.Join(err, err2)
	})
	find("replaced", first, p[0].ID, p[1].ID, p[3].ID)
	update(t, s, func(tx cordon.WriteTx) error { return tx.StrikePortion(p[1].ID) })
	update(t, s, func(tx cordon.WriteTx) error { return tx.SupersedePortion(p[3].ID) })
	find("struck and superseded", first, p[0].ID)
	update(t, s, func(tx cordon.WriteTx) error {
		moved := p[2]
		moved.Rule = no[0]
		return tx.ReplacePortion(moved)
	})
	find("regraded", first, p[0].ID, p[2].ID)
	update(t, s, func(tx cordon.WriteTx) error {
		for range 40 { // more than are looked up one by one
			r, q := report(0, no[0])
			if err := errors.Join(publish(tx, r, q), tx.AddTokens([]cordon.PortionTokens{filed(q[0], 2, term(24))})); err != nil {
				return err
			}
		}
		return nil
	})
	find("with others beside it", first, p[0].ID, p[2].ID)
}
