// Command withpostgres runs a command with one PostgreSQL server for all the
// tests that the command starts, where each process would start its own:
//
//	go run ./internal/harness/withpostgres go test ./...
package main

import (
	"fmt"
	"os"
	"os/exec"

	"cordon/internal/harness/pgtest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres command [args...]")
		os.Exit(2)
	}
	code, err := pgtest.Shared(func(env string) int {
		cmd := exec.Command(os.Args[1], os.Args[2:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		cmd.Env = append(os.Environ(), env)
		if err := cmd.Run(); cmd.ProcessState == nil {
			fmt.Fprintln(os.Stderr, "withpostgres:", err)
			return 1
		}
		return cmd.ProcessState.ExitCode()
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		code = 1
	}
	os.Exit(code)
}
