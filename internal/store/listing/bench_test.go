package listing

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"cordon"
)

// BenchmarkIndex asks an index of a million reports under 4,000 rules, for one
// who sees 60 % of them, one who sees 0.1 % and one who sees none; and loads
// it.
func BenchmarkIndex(b *testing.B) {
	const reports, under = 1_000_000, 4_000
	rows := make([]Row, reports)
	for i := range rows {
		rows[i] = Row{Key{At: int64(i)}, cordon.RuleNo(rand.IntN(under)), 1}
		binary.BigEndian.PutUint64(rows[i].ID[:], rand.Uint64())
	}
	x := New(rows)
	middle := Key{At: reports / 2}
	for name, sees := range map[string]func(int) bool{
		"broad":  func(rule int) bool { return rule%5 < 3 },
		"narrow": func(rule int) bool { return rule%1000 == 7 },
		"blind":  func(int) bool { return false },
	} {
		var rules []cordon.RuleNo
		for rule := range under {
			if sees(rule) {
				rules = append(rules, cordon.RuleNo(rule))
			}
		}
		b.Run(fmt.Sprintf("page/%s", name), func(b *testing.B) {
			for b.Loop() {
				x.Page(rules, nil, 50)
			}
		})
		b.Run(fmt.Sprintf("page from the middle/%s", name), func(b *testing.B) {
			for b.Loop() {
				x.Page(rules, &middle, 50)
			}
		})
		b.Run(fmt.Sprintf("count/%s", name), func(b *testing.B) {
			for b.Loop() {
				x.Count(rules)
			}
		})
	}
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			New(rows)
		}
	})
}
