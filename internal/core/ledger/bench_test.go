package ledger

import (
	"context"
	"testing"

	"cordon"
)

const benchEntries = 10_000

func benchLedger(b *testing.B) (*Ledger, []cordon.ID) {
	store := newSQLite(b, b.TempDir())
	feeds := []cordon.ID{""}
	for range 9 {
		feeds = append(feeds, cordon.NewID())
	}
	var entries []cordon.Entry
	for i := range benchEntries {
		entries = append(entries, entry(feeds[i%len(feeds)]))
	}
	appendAll(b, store, entries...)
	return newKeys().open(store), feeds
}

func perEntry(b *testing.B) {
	b.ReportMetric(float64(b.N)*benchEntries/b.Elapsed().Seconds(), "entries/s")
}

func BenchmarkIntegrate10k(b *testing.B) {
	for range b.N {
		b.StopTimer()
		l, _ := benchLedger(b)
		b.StartTimer()
		if n := must(l.Integrate(context.Background())); n != benchEntries {
			b.Fatal(n)
		}
	}
	perEntry(b)
}

func BenchmarkVerify10k(b *testing.B) {
	l, _ := benchLedger(b)
	ticked(l)
	b.ResetTimer()
	for range b.N {
		if r := must(l.Verify(context.Background())); !r.OK() || r.Feeds[""] != benchEntries/10 {
			b.Fatal(r.Fault)
		}
	}
	perEntry(b)
}

func BenchmarkBundle1000(b *testing.B) {
	l, feeds := benchLedger(b)
	ticked(l)
	b.ResetTimer()
	for range b.N {
		bundle := must(l.Bundle(context.Background(), feeds[1], 0, 0, MaxBundle))
		if held := must(VerifyBundle(bundle, l.PublicKey(), Verified{Feed: feeds[1]})); !held.Complete() {
			b.Fatal(held)
		}
	}
}

// BenchmarkTick1000 ticks with a thousand feeds.
func BenchmarkTick1000(b *testing.B) {
	store := newSQLite(b, b.TempDir())
	var entries []cordon.Entry
	for range 1000 {
		entries = append(entries, entry(cordon.NewID()))
	}
	appendAll(b, store, entries...)
	l := newKeys().open(store)
	ticked(l)
	for b.Loop() {
		ticked(l)
	}
}
