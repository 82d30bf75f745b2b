package distribution_test

import (
	"math/rand/v2"
	"testing"

	"cordon/internal/harness/distribution"
)

// TestDistanceTells: the measure finds a difference of an eighth of the time
// between two samples as large as those that tests take, and none where there is none.
func TestDistanceTells(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sample := func(shift float64) []float64 {
		s := make([]float64, 150)
		for i := range s {
			s[i] = 350 + shift + 40*r.NormFloat64() + 50*r.ExpFloat64()
		}
		return s
	}
	limit := distribution.Critical(150, 150)
	if d := distribution.Distance(sample(0), sample(0)); d > limit {
		t.Errorf("two samples of one distribution are %.2f apart, of at most %.2f", d, limit)
	}
	if d := distribution.Distance(sample(0), sample(50)); d <= limit {
		t.Errorf("50 µs in 350 are not told: %.2f, of at most %.2f", d, limit)
	}
	if d := distribution.Distance([]float64{1, 1, 1, 2}, []float64{1, 2, 2, 2}); d != 0.5 {
		t.Errorf("the distance is %v, want 0.5", d)
	}
}
