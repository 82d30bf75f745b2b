package app

import (
	"os"

	"golang.org/x/sys/unix"
)

// forget has the system drop what it holds of the file in memory, so that it is read
// from the disk again.
func forget(f *os.File) error { return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) }
