//go:build unix

package bench

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// contestant does the same work as others, its own way.
type contestant struct {
	name string
	pass func()
}

// BenchmarkRatios compares all deciders on one decision, over the 10,000
// questions.
func BenchmarkRatios(b *testing.B) {
	w := newWorld()
	compare(b, contestants(b, w), len(w.pairs))
}

// BenchmarkRatiosAllRules compares them on all 4,000 rules for one person.
// Cordon's compiled form makes its list, the reader being compiled too.
func BenchmarkRatiosAllRules(b *testing.B) {
	const persons = 4
	w := newWorld()
	w.pairs = nil
	for reader := range persons {
		for rule := range w.rules {
			w.pairs = append(w.pairs, pair{rule, reader})
		}
	}
	all, list := contestants(b, w), newLister(w)
	all = slices.Insert(all, 1, contestant{"cordon, the list", func() {
		for reader := range persons {
			list(reader)
		}
	}})
	compare(b, all, persons)
}

func contestants(b *testing.B, w *world) []contestant {
	b.Helper()
	deciders, err := deciders(w)
	if err != nil {
		b.Fatal(err)
	}
	var all []contestant
	for _, d := range deciders {
		all = append(all, contestant{d.name, func() {
			for question := range w.pairs {
				d.decide(question)
			}
		}})
	}
	return all
}

// compare lets all do their pass in turn, for five rounds or more, and prints
// the median of each for one of the n things that a pass does, and what that
// is in terms of the first. The time is that of the processor, so that a busy
// machine counts for little, and includes collecting the garbage left behind.
func compare(b *testing.B, all []contestant, n int) {
	took := make([][]time.Duration, len(all))
	for b.Loop() {
		for range 5 {
			for i, c := range all {
				took[i] = append(took[i], timePass(b, c.pass))
			}
		}
	}
	table := new(strings.Builder)
	floor := 0.0
	for i, c := range all {
		ns := float64(median(took[i]).Nanoseconds()) / float64(n)
		if i == 0 {
			floor = ns
		}
		fmt.Fprintf(table, "\n%-20s %12.1f ns %8.1f x", c.name, ns, ns/floor)
	}
	b.Log(table)
}

// timePass is the mean of as many passes as it takes to be measured.
func timePass(b *testing.B, pass func()) time.Duration {
	start := processorTime(b)
	for passes := time.Duration(1); ; passes++ {
		pass()
		if took := processorTime(b) - start; took > 20*time.Millisecond {
			return took / passes
		}
	}
}

// processorTime is what the process has used so far.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}
