// Command withpostgres runs a command with one PostgreSQL server for all the
// tests that the command starts, where each process would start its own, and
// with the tests' files in memory where the machine has room for them there:
//
//	go run ./internal/harness/withpostgres go test ./...
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"cordon/internal/harness/pgtest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres command [args...]")
		os.Exit(2)
	}
	// An interrupt from the keyboard ends the command, which gets it too, and another
	// end is passed on to it; this process stays to clean up.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, command []string) int {
	clean, err := keepInMemory()
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 1
	}
	defer clean()
	code, err := pgtest.Shared(func(env string) int {
		cmd := exec.CommandContext(ctx, command[0], command[1:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		cmd.Env = append(os.Environ(), env)
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
		if err := cmd.Run(); cmd.ProcessState == nil {
			fmt.Fprintln(os.Stderr, "withpostgres:", err)
			return 1
		}
		return cmd.ProcessState.ExitCode()
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 1
	}
	return code
}

const (
	// memory is where Linux has a file system in memory.
	memory = "/dev/shm"
	// enough is the room that the tests' files are given there, in bytes. A run of
	// all tests was seen to take a quarter of it at most.
	enough = 4 << 30
)

// keepInMemory has temporary files made in memory. No test loses power, so that none needs the disk, and
// waiting for it was half of a run's time. The function it gives removes them.
func keepInMemory() (clean func(), err error) {
	var there syscall.Statfs_t
	if err := syscall.Statfs(memory, &there); err != nil || uint64(there.Bavail)*uint64(there.Bsize) < enough {
		return func() {}, nil
	}
	dir, err := os.MkdirTemp(memory, "cordon-test")
	if err != nil {
		return nil, err
	}
	// PostgreSQL runs as a user of its own and passes through.
	if err := os.Chmod(dir, 0o711); err != nil {
		return nil, err
	}
	os.Setenv("TMPDIR", dir)
	return func() { os.RemoveAll(dir) }, nil
}
