//go:build !linux

package main

// monotonicMicroseconds is asked for by systemd, which there is on Linux only.
func monotonicMicroseconds() int64 { return 0 }
