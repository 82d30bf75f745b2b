package ledger

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/soak"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
)

// killed names, in the environment of a child of TestKilled, its directory.
const killed = "CORDON_LEDGER_KILLED_DIR"

// TestKilled kills a process that appends and integrates, at any moment, and
// wants the ledger it leaves behind to hold, with every entry in it that was
// acknowledged and with the head that was.
func TestKilled(t *testing.T) {
	if dir := os.Getenv(killed); dir != "" {
		workUntilKilled(t, dir)
	}
	ctx := context.Background()
	dir := t.TempDir()
	keys := newKeys()
	acknowledged := map[cordon.ID]bool{}
	var kept []string
	dice := soak.Rand(t, 12)
	for round := range soak.Pick(4, 100) {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilled$")
		cmd.Env = append(os.Environ(), killed+"="+dir, "CORDON_LEDGER_SIGNER="+keys.signer, "CORDON_LEDGER_VERIFIER="+keys.verifier)
		out := must(cmd.StdoutPipe())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// The child is killed after it has said so many lines, wherever it
		// has come to by then.
		lines := bufio.NewReader(out)
		for range 1 + dice.IntN(40) {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("the child ended by itself: %v, %q", err, line)
			}
			acknowledged[cordon.ID(strings.TrimSpace(line))] = true
		}
		cmd.Process.Kill()
		rest, _ := io.ReadAll(lines)
		for line := range strings.Lines(string(rest)) {
			if id, whole := strings.CutSuffix(line, "\n"); whole {
				acknowledged[cordon.ID(id)] = true
			}
		}
		cmd.Wait()

		store := must(sqlite.Open(ctx, dir, storetest.Key))
		l := keys.open(store)
		if r := must(l.Verify(ctx, kept...)); !r.OK() {
			t.Fatalf("round %d: %v", round, r.Fault)
		}
		kept = append(kept, ticked(l))
		there := leaves(t, store)
		checkAgainstReference(t, l, store, len(there))
		found := map[cordon.ID]bool{}
		for _, r := range there {
			found[r.Entry.ID] = true
		}
		for id := range acknowledged {
			if !found[id] {
				t.Fatalf("round %d: entry %s was acknowledged and is lost", round, id)
			}
		}
		store.Close()
	}
}

// workUntilKilled appends entries and says the id of each once it is
// committed, while it integrates small batches at the side.
func workUntilKilled(t *testing.T, dir string) {
	ctx := context.Background()
	store := must(sqlite.Open(ctx, dir, storetest.Key))
	l := must(New(store, os.Getenv("CORDON_LEDGER_SIGNER"), os.Getenv("CORDON_LEDGER_VERIFIER"), stopped{}))
	l.batch = 3
	go func() {
		for {
			must(l.Integrate(ctx))
			ticked(l)
		}
	}()
	feeds := []cordon.ID{"", cordon.NewID()}
	for i := 0; ; i++ {
		e := entry(feeds[i%2])
		e.ID = cordon.NewID()
		appendAll(t, store, e)
		fmt.Println(e.ID)
	}
}
