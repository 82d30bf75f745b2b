package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"cordon/cmd/cordon/internal/tty"
	"cordon/internal/harness/pgtest"
)

// TestWorksOnPostgreSQL gives the first commands with a database's URL where a
// data directory would be.
func TestWorksOnPostgreSQL(t *testing.T) {
	url := pgtest.Start(t)
	key := filepath.Join(t.TempDir(), "root.key")
	give := func(code int, in string, args ...string) string {
		t.Helper()
		var out bytes.Buffer
		c := &cli{in: strings.NewReader(in), out: tty.New(&out, none), err: tty.New(&out, none), env: none}
		if got := c.run(t.Context(), append([]string{"--postgres", url, "--key", key}, args...)); got != code {
			t.Fatalf("cordon %s: exit code %d, want %d: %s", strings.Join(args, " "), got, code, out.String())
		}
		return out.String()
	}
	if got := give(exitUsage, "", "report", "list"); !strings.Contains(got, "the root key file "+key+" is not there") {
		t.Errorf("before init: %s", got)
	}
	if got := give(exitOK, "", "init", "--org", "HOME", "--person", "Iris Vane"); !strings.Contains(got, key) || strings.HasPrefix(got, "data") {
		t.Errorf("init says: %s", got)
	}
	give(exitFound, "", "init")
	if got := give(exitFault, "", "report", "list", "--postgres", strings.Replace(url, "postgres:///", "postgres:///no", 1)); !strings.Contains(got, "there is no such database") {
		t.Errorf("without a database: %s", got)
	}
	give(exitOK, "# (U) A title\n\n(S//NF) A paragraph.\n", "import", "-", "--ref", "R")
	if got := give(exitOK, "", "report", "open", "R"); !strings.Contains(got, "A paragraph") {
		t.Errorf("open shows: %s", got)
	}
	give(exitNotFound, "", "report", "open", "S")
	give(exitOK, "", "ledger", "verify")
}
