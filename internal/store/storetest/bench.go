package storetest

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"cordon"
)

// Bench measures what a request costs a store. Each store that open makes is
// closed when its benchmark ends.
func Bench(b *testing.B, open func(b *testing.B) cordon.Store) {
	b.Run("Update", func(b *testing.B) {
		for _, goroutines := range []int{1, 8, 64} {
			b.Run(strconv.Itoa(goroutines), func(b *testing.B) { benchUpdate(b, open(b), goroutines) })
		}
	})
	b.Run("View", func(b *testing.B) {
		s := open(b)
		update(b, s, func(tx cordon.WriteTx) error { return tx.PutMeta("k", []byte("v")) })
		for b.Loop() {
			view(b, s, func(tx cordon.ReadTx) error { _, err := tx.Meta("k"); return err })
		}
	})
	b.Run("Page", func(b *testing.B) { benchPage(b, open(b)) })
}

// benchUpdate appends one ledger entry in each Update.
func benchUpdate(b *testing.B, s cordon.Store, goroutines int) {
	e := filled[cordon.Entry]()
	var left atomic.Int64
	left.Store(int64(b.N))
	var wg sync.WaitGroup
	b.ResetTimer()
	for range goroutines {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				e := e
				e.ID = cordon.NewID()
				if err := s.Update(b.Context(), func(tx cordon.WriteTx) error { return tx.Append(e) }); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
}

// benchPage lists the newest 50 of 20,000 reports under 2,000 rules, and
// searches them for a common word, for one who sees 60 % of the rules, few,
// and none.
func benchPage(b *testing.B, s cordon.Store) {
	const reports, under = 20_000, 2_000
	no := make([]cordon.RuleNo, under)
	for i := range no {
		no[i] = cordon.RuleNo(i*7919 + 1)
	}
	for from := 0; from < reports; from += 1000 {
		update(b, s, func(tx cordon.WriteTx) error {
			for i := from; i < from+1000; i++ {
				var seed [8]byte
				binary.BigEndian.PutUint64(seed[:], uint64(i)*0x9e3779b97f4a7c15)
				r, p := report(i, no[int(seed[3])<<8%under], no[(int(seed[0])<<8|int(seed[1]))%under])
				if err := publish(tx, r, p); err != nil {
					return err
				}
				if err := tx.AddTokens([]cordon.PortionTokens{{Portion: p[1].ID, Rule: p[1].Rule, Words: []int64{7, int64(i % 10)}}}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if s, ok := s.(refresher); ok {
		if err := s.Refresh(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	for _, sees := range []int{under * 6 / 10, 4, 0} {
		visible := cordon.Visibility{Rules: no[:sees]}
		b.Run(fmt.Sprintf("list/%d", sees), func(b *testing.B) {
			for b.Loop() {
				view(b, s, func(tx cordon.ReadTx) error { _, err := tx.ReportPage(visible, cordon.Cursor{}, 50); return err })
			}
		})
		b.Run(fmt.Sprintf("search/%d", sees), func(b *testing.B) {
			for b.Loop() {
				view(b, s, func(tx cordon.ReadTx) error {
					_, err := tx.Search([]int64{7, 3}, visible, cordon.Cursor{}, 50)
					return err
				})
			}
		})
	}
}
