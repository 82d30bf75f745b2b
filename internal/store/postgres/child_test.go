package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"cordon/internal/store/storetest"
)

// childURL tells a child process of these tests to write to a store until it
// is killed.
const childURL = "CORDON_TEST_URL"

func TestMain(m *testing.M) {
	url := os.Getenv(childURL)
	if url == "" {
		os.Exit(m.Run())
	}
	s, err := Open(context.Background(), url, storetest.Key)
	if err != nil {
		fmt.Println("failed", err)
		return
	}
	storetest.WriteUntilKilled(s, os.Stdout)
}

func childOf(url string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childURL+"="+url)
	cmd.Stderr = os.Stderr
	return cmd
}
