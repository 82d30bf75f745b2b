package cordon

import "time"

// Clock tells the time. Everything that needs it is handed one.
type Clock interface {
	// Now is the present instant in UTC, in whole microseconds, which is
	// what the stores keep.
	Now() time.Time
}

// SystemClock is the clock of the machine.
type SystemClock struct{}

// Now implements Clock.
func (SystemClock) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Keys hands out the root key. It is read once, at start.
type Keys interface {
	// Root is the installation's 256-bit root key.
	Root() ([32]byte, error)
}
