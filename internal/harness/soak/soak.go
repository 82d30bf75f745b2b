// Package soak tells a test how much of what is long and random to do: in the
// gate a fixed part, always the same, and in `make soak` much more of it, for
// each of several seeds. Neither depends on a clock.
package soak

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// On reports whether this is a soak run, which CORDON_SOAK=1 makes it.
func On() bool { return os.Getenv("CORDON_SOAK") == "1" }

// Pick gives how much to do, here and now.
func Pick[T any](gate, soak T) T {
	if On() {
		return soak
	}
	return gate
}

// Seed is what all that is random in a run begins with: CORDON_SEED, or 1.
func Seed(t testing.TB) uint64 {
	t.Helper()
	text := os.Getenv("CORDON_SEED")
	if text == "" {
		return 1
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil || seed == 0 {
		t.Fatalf("CORDON_SEED=%q is no seed: give a whole number above 0", text)
	}
	return seed
}

// Rand gives randomness that is the same in every run with the same seed; one
// test may take several streams of it.
func Rand(t testing.TB, stream uint64) *rand.Rand {
	t.Helper()
	return rand.New(rand.NewPCG(Seed(t), stream))
}
