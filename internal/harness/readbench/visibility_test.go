// Package readbench measures listing, counting and searching what a reader
// may see, on both stores in one run, beside the same queries with no access
// control and beside PostgreSQL's row-level security on the same rows.
//
//	CORDON_PGTEST_FSYNC=on go test -run '^$' -bench Visibility -timeout 60m ./internal/harness/readbench
//
// It takes 10,000 and 100,000 portions; CORDON_BENCH_SIZE=1000000 takes that
// many instead. Every report is one portion, so that a row is a row everywhere,
// and rules are spread evenly.
package readbench

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cordon"
)

const (
	rules = 4_000
	// words is among how many a portion's one word is drawn.
	words = 100
	// word is the one that is searched for.
	word = 7
)

// reader is somebody who sees some of the rules.
type reader struct {
	name    string
	sees    func(rule int) bool
	visible cordon.Visibility
}

// number is a rule's: as good as random, as they are.
func number(rule int) cordon.RuleNo {
	return cordon.RuleNo(uint64(rule+1) * 0x9e3779b97f4a7c15 >> 1)
}

func readers() []reader {
	all := []reader{
		{name: "broad", sees: func(rule int) bool { return rule%5 < 3 }},
		{name: "narrow", sees: func(rule int) bool { return rule%1000 == 7 }},
		{name: "blind", sees: func(int) bool { return false }},
	}
	for i, r := range all {
		for rule := range rules {
			if r.sees(rule) {
				all[i].visible.Rules = append(all[i].visible.Rules, number(rule))
			}
		}
		slices.Sort(all[i].visible.Rules)
	}
	return all
}

// row is one report and its one portion.
type row struct {
	report, portion cordon.ID
	created         int64
	rule, word      int
}

func (r row) place(id cordon.ID) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(r.created)^(1<<63)), id...)
}

func rows(n int) []row {
	random := rand.New(rand.NewPCG(1, 2))
	id := func() cordon.ID {
		var b [16]byte
		binary.BigEndian.PutUint64(b[:], random.Uint64())
		binary.BigEndian.PutUint64(b[8:], random.Uint64())
		return cordon.IDOf(b)
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	all := make([]row, n)
	for i := range all {
		all[i] = row{id(), id(), start + int64(i)*1000, random.IntN(rules), random.IntN(words)}
	}
	return all
}

// Tables in the order of their keys, in which they are filled fastest.
func byRule(all []row) []row {
	return slices.SortedFunc(slices.Values(all), func(a, b row) int {
		return cmp.Or(cmp.Compare(number(a.rule), number(b.rule)), cmp.Compare(a.created, b.created))
	})
}

func byWord(all []row) []row {
	return slices.SortedFunc(slices.Values(all), func(a, b row) int {
		return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(number(a.rule), number(b.rule)), cmp.Compare(a.created, b.created))
	})
}

var (
	reportColumns = []string{"id", "kind", "holder", "author", "arrangement", "ref_token", "compilation", "created", "generation"}
	portionCols   = []string{"id", "report", "ordinal", "kind", "mark", "rule", "state", "created", "place", "body"}
	ruleColumns   = []string{"rule", "place", "report", "live"}
	tokenColumns  = []string{"token", "rule", "place"}
)

func reportRow(r row) []any {
	return []any{string(r.report), "report", "", "", "", nil, "", r.created, int64(0)}
}

func portionRow(r row) []any {
	return []any{string(r.portion), string(r.report), int64(0), "title", "S", int64(number(r.rule)), "live", r.created, r.place(r.portion), make([]byte, 100)}
}

func ruleRow(r row) []any {
	return []any{int64(number(r.rule)), r.place(r.report), string(r.report), int64(1)}
}

func tokenRow(r row) []any {
	return []any{int64(r.word), int64(number(r.rule)), r.place(r.portion)}
}

// question is something asked, by one way of asking it.
type question struct {
	of, way, who string
	ask          func() error
	took         []time.Duration
}

// figure is the tenth percentile: whatever else the machine does only adds to
// what a question takes.
func (q *question) figure() time.Duration {
	slices.Sort(q.took)
	return q.took[len(q.took)/10]
}

// measure asks all the questions in turn, round by round, so that whatever else
// the machine does falls on all alike. Long questions are asked less often.
func measure(b *testing.B, all []*question) {
	ask := func(q *question) time.Duration {
		start := time.Now()
		if err := q.ask(); err != nil {
			b.Fatal(q.of, q.way, q.who, err)
		}
		return time.Since(start)
	}
	for _, q := range all { // warm
		if took := ask(q); took > 2*time.Second {
			q.took = append(q.took, took)
		}
	}
	for range 201 {
		for _, q := range all {
			var total time.Duration
			for _, d := range q.took {
				total += d
			}
			if total < 500*time.Millisecond || len(q.took) == 2 && total < 2*time.Second {
				q.took = append(q.took, ask(q))
			}
		}
	}
}

// expect checks that whoever answers has as many as there are, so that no way
// is quick by leaving something out.
func expect(of string, got, want int) error {
	if got != want {
		return fmt.Errorf("%s gave %d, there are %d", of, got, want)
	}
	return nil
}

// ours is what a store is asked.
func ours(s cordon.Store, way string, who reader, all []row) []*question {
	var visible, carry int
	for _, r := range all {
		if who.sees(r.rule) {
			visible++
			if r.word == word {
				carry++
			}
		}
	}
	view := func(ask func(cordon.ReadTx) (int, error), want int) func() error {
		return func() error {
			return s.View(context.Background(), func(tx cordon.ReadTx) error {
				got, err := ask(tx)
				if err != nil {
					return err
				}
				return expect(way, got, want)
			})
		}
	}
	return []*question{
		{of: "page", way: way, who: who.name, ask: view(func(tx cordon.ReadTx) (int, error) {
			page, err := tx.ReportPage(who.visible, cordon.Cursor{}, 50)
			return len(page), err
		}, min(50, visible))},
		{of: "count", way: way, who: who.name, ask: view(func(tx cordon.ReadTx) (int, error) {
			n, err := tx.Count(who.visible)
			return int(n.Portions), err
		}, visible)},
		{of: "search", way: way, who: who.name, ask: view(func(tx cordon.ReadTx) (int, error) {
			found, err := tx.Search([]int64{word}, who.visible, cordon.Cursor{}, 50)
			return len(found), err
		}, min(50, carry))},
	}
}

// countInside is a count alone, in a transaction that is open already and has
// counted before.
func countInside(b *testing.B, s cordon.Store, who reader) time.Duration {
	var took []time.Duration
	err := s.View(context.Background(), func(tx cordon.ReadTx) error {
		for range 200 {
			start := time.Now()
			if _, err := tx.Count(who.visible); err != nil {
				return err
			}
			took = append(took, time.Since(start))
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	return took[len(took)/10]
}

// refreshed loads what the store keeps in memory, and says how long that took
// and how much it is.
func refreshed(b *testing.B, s interface{ Refresh(context.Context) error }, n int) string {
	before := heap()
	start := time.Now()
	if err := s.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	took := time.Since(start)
	return fmt.Sprintf("loaded in %.2f s, %.1f bytes a portion", took.Seconds(), (heap()-before)/float64(n))
}

func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

func BenchmarkVisibility(b *testing.B) {
	sizes := []int{10_000, 100_000}
	if text := os.Getenv("CORDON_BENCH_SIZE"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		sizes = []int{n}
	}
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) { sight(b, n) })
	}
}

func sight(b *testing.B, n int) {
	for b.Loop() { // once is enough: it asks many times itself
		all := rows(n)
		lite := openSQLite(b, all)
		post := openPostgres(b, all)
		loadedLite, loadedPost := refreshed(b, lite.store, n), refreshed(b, post.store, n)

		var questions []*question
		questions = append(questions, lite.unfiltered(all)...)
		questions = append(questions, post.unfiltered(all)...)
		people := readers()
		for _, who := range people {
			questions = append(questions, ours(lite.store, "SQLite", who, all)...)
			questions = append(questions, ours(post.store, "PostgreSQL", who, all)...)
		}
		measure(b, questions)
		// By itself: its scans put everything else out of the database's
		// memory.
		var secured []*question
		for _, who := range people {
			secured = append(secured, post.security(who, all)...)
		}
		measure(b, secured)
		questions = append(questions, secured...)

		find := func(of, way, who string) time.Duration {
			for _, q := range questions {
				if q.of == of && q.way == way && q.who == who {
					return q.figure()
				}
			}
			b.Fatal("no figure of ", of, way, who)
			return 0
		}
		ms := func(d time.Duration) string {
			return strconv.FormatFloat(float64(d.Microseconds())/1000, 'g', 3, 64)
		}
		var out strings.Builder
		fmt.Fprintf(&out, "\n%d portions, %d rules. SQLite: %s. PostgreSQL: %s.\n\n", n, rules, loadedLite, loadedPost)
		fmt.Fprintf(&out, "| | broad | narrow | blind |\n| --- | --- | --- | --- |\n")
		for _, of := range []string{"page", "count", "search"} {
			for _, store := range []string{"SQLite", "PostgreSQL"} {
				floor := find(of, store+", no access control", "")
				fmt.Fprintf(&out, "| %s, %s: ms, × the %s ms with no access control |", of, store, ms(floor))
				for _, who := range people {
					d := find(of, store, who.name)
					fmt.Fprintf(&out, " %s, %.2g× |", ms(d), float64(d)/float64(floor))
				}
				fmt.Fprintln(&out)
			}
			for _, policy := range policies {
				fmt.Fprintf(&out, "| %s, row-level security, %s: ms, × ours on PostgreSQL |", of, policy)
				for _, who := range people {
					d := find(of, policy, who.name)
					fmt.Fprintf(&out, " %s, %.3g× |", ms(d), float64(d)/float64(find(of, "PostgreSQL", who.name)))
				}
				fmt.Fprintln(&out)
			}
		}
		for store, s := range map[string]cordon.Store{"SQLite": lite.store, "PostgreSQL": post.store} {
			fmt.Fprintf(&out, "| a count inside a transaction, %s: µs |", store)
			for _, who := range people {
				fmt.Fprintf(&out, " %.1f |", float64(countInside(b, s, who).Nanoseconds())/1000)
			}
			fmt.Fprintln(&out)
		}
		fmt.Print(out.String()) // a log of this length is cut
	}
}
