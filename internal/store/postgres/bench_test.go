package postgres

import (
	"testing"

	"cordon"
	"cordon/internal/harness/pgtest"
	"cordon/internal/store/storetest"
)

// BenchmarkStore measures durable commits only with CORDON_PGTEST_FSYNC=on.
func BenchmarkStore(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) cordon.Store { return open(b, pgtest.Start(b)) })
}
