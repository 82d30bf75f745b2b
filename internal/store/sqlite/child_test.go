package sqlite

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"testing"

	"cordon/internal/store/storetest"
)

// The environment of a child process of these tests.
const (
	childDir   = "CORDON_TEST_DIR"   // write to the store in this directory until killed
	childLimit = "CORDON_TEST_LIMIT" // with files of at most so many bytes
	childUser  = "CORDON_TEST_USER"  // as this user
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir); err != nil {
			fmt.Println("failed", err)
		}
		return
	}
	os.Exit(m.Run())
}

func child(dir string) error {
	if user, err := strconv.Atoi(os.Getenv(childUser)); err == nil {
		if err := syscall.Setuid(user); err != nil {
			return err
		}
	}
	if limit, err := strconv.ParseUint(os.Getenv(childLimit), 10, 64); err == nil {
		signal.Ignore(syscall.SIGXFSZ) // the write fails instead
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
	}
	s, err := Open(context.Background(), dir, storetest.Key)
	if err != nil {
		return err
	}
	storetest.WriteUntilKilled(s, os.Stdout)
	return s.Close()
}

func childOf(t *testing.T, dir string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append(env, childDir+"="+dir)...)
	cmd.Stderr = os.Stderr
	return cmd
}
