// Package distribution tells whether two samples are of one distribution: the
// two-sample test of Kolmogorov and Smirnov. Tests hold by it how long what is
// withheld takes against how long what is absent does.
package distribution

import (
	"math"
	"slices"
)

// Distance is the greatest difference between the two empirical distributions.
func Distance(a, b []float64) float64 {
	slices.Sort(a)
	slices.Sort(b)
	var i, j int
	var most float64
	for i < len(a) && j < len(b) {
		x := min(a[i], b[j])
		for i < len(a) && a[i] <= x {
			i++
		}
		for j < len(b) && b[j] <= x {
			j++
		}
		most = max(most, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return most
}

// Critical is what the distance of two samples of one distribution
// exceeds once in ten thousand times (Smirnov's approximation).
func Critical(n, m int) float64 {
	const alpha = 0.0001
	return math.Sqrt(-math.Log(alpha/2) / 2 * float64(n+m) / float64(n*m))
}
