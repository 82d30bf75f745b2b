package sqlite

import (
	"testing"

	"cordon"
	"cordon/internal/store/storetest"
)

func BenchmarkStore(b *testing.B) {
	storetest.Bench(b, func(b *testing.B) cordon.Store { return open(b, b.TempDir()) })
}
