package contain_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/harness/soak"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/writing"
)

// childDir tells the test binary that it is the process to be killed.
const childDir = "CORDON_TEST_KILLED_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		child(dir)
		return
	}
	os.Exit(m.Run())
}

// child publishes, derives and contains without end, and says on standard
// output what has been acknowledged to it.
func child(dir string) {
	t := &fatal{}
	store, err := sqlite.Open(context.Background(), dir, storetest.Key)
	t.check(err)
	w := casetest.Wire(t, store)
	mara, sol, ana := cordon.ID(os.Args[1]), cordon.ID(os.Args[2]), cordon.ID(os.Args[3])
	valdor := cordon.ID(os.Args[4])
	ctx := context.Background()
	for n := 0; ; n++ {
		draft := w.Draft(t, nil, "(U) Harbour notes", "(U) "+cityText, "(U) Shipping has slowed.")
		draft.Recipients = []cordon.ID{valdor}
		report, err := writing.Publish(ctx, w.By(mara), draft)
		t.check(err)
		fmt.Println("published", report.Report)
		draft = w.Draft(t, nil, "(U) Memo", "(U) A courier was seen in Marrow Quay.", "(U) Twice, in Marrow Quay.")
		draft.Kind = cordon.ReportMemo
		for i := range draft.Portions {
			draft.Portions[i].Sources = []cordon.ID{report.Portions[1].ID}
		}
		memo, err := writing.Publish(ctx, w.By(ana), draft)
		t.check(err)
		fmt.Println("derived", memo.Report)
		incident, err := contain.OpenIncident(ctx, w.By(sol), "It is out", nil)
		t.check(err)
		fmt.Println("containing", incident.ID, memo.Report, memo.Portions[1].ID, memo.Portions[2].ID)
		_, err = contain.Contain(ctx, w.By(sol), incident.ID, contain.Plan{
			Strike: []cordon.ID{memo.Portions[1].ID, memo.Portions[2].ID},
			Limit:  []contain.Limit{{Report: memo.Report, Circle: []cordon.ID{sol}}},
		})
		t.check(err)
		fmt.Println("contained", incident.ID, memo.Report, memo.Portions[1].ID, memo.Portions[2].ID)
	}
}

// fatal is the little of testing.TB that the child needs.
type fatal struct{ testing.TB }

func (f *fatal) Helper()                   {}
func (f *fatal) Fatal(args ...any)         { fmt.Fprintln(os.Stderr, args...); os.Exit(3) }
func (f *fatal) Fatalf(s string, a ...any) { f.Fatal(fmt.Sprintf(s, a...)) }
func (f *fatal) check(err error) {
	if err != nil {
		f.Fatal(err)
	}
}

// TestKilledAtAnyMoment kills a process that publishes, derives and contains,
// again and again at random moments, and looks each time at what is there:
// whatever was acknowledged, and every containment whole or not at all.
func TestKilledAtAnyMoment(t *testing.T) {
	w := casetest.New(t)
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]int{}
	dice := soak.Rand(t, 17)
	for range soak.Pick(4, 60) {
		lines := runAndKill(t, w, dice)
		store, err := sqlite.Open(t.Context(), w.Dir, storetest.Key)
		if err != nil {
			t.Fatalf("after the kill: %v", err)
		}
		after := casetest.Wire(t, store)
		after.Person, after.Org, after.Dir = w.Person, w.Org, w.Dir
		for _, line := range lines {
			f := strings.Fields(line)
			acknowledged[f[0]]++
			checkAfterKill(t, after, f)
		}
		after.AbsentFromFiles(t, "Marrow", "courier")
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, what := range []string{"published", "derived", "contained"} {
		if acknowledged[what] == 0 {
			t.Errorf("the child was never let to finish one: %s", what)
		}
	}
}

// runAndKill lets the child work until it has said a random number of lines,
// and a random moment longer.
func runAndKill(t *testing.T, w *casetest.World, dice *rand.Rand) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], string(w.ID("mara")), string(w.ID("sol")), string(w.ID("ana")), string(w.ID("VALDOR")))
	cmd.Env = append(os.Environ(), childDir+"="+w.Dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	enough := 4 + dice.IntN(20)
	var lines []string
	scan := bufio.NewScanner(out)
	for scan.Scan() {
		lines = append(lines, scan.Text())
		if len(lines) == enough {
			go func(wait time.Duration) {
				time.Sleep(wait) // the moment of the kill is meant to be any
				cmd.Process.Kill()
			}(time.Duration(dice.IntN(3000)) * time.Microsecond)
		}
	}
	cmd.Wait()
	if len(lines) < enough {
		t.Fatalf("the child ended by itself after %d lines", len(lines))
	}
	return lines
}

func checkAfterKill(t *testing.T, w *casetest.World, line []string) {
	t.Helper()
	switch line[0] {
	case "published":
		if got := w.Texts(t, "ana", cordon.ID(line[1])); len(got) != 3 {
			t.Errorf("acknowledged, and she reads %q", got)
		}
	case "derived":
		if got := w.Texts(t, "sol", cordon.ID(line[1])); len(got) == 0 {
			t.Error("an acknowledged memo is gone")
		}
	case "containing", "contained":
		incident, memo := cordon.ID(line[1]), cordon.ID(line[2])
		readable := w.Texts(t, "ana", memo)
		limited := w.Texts(t, "sol", memo)
		steps, err := contain.Find(context.Background(), w.By(w.ID("sol")), incident)
		if err != nil {
			t.Fatal(err)
		}
		before := len(readable) == 3 && len(limited) == 3 && len(steps.Steps) == 0
		after := readable == nil && slices.Equal(limited, []string{"Memo"}) && len(steps.Steps) >= 4
		for _, id := range line[3:] {
			kept, err := contain.Custody(context.Background(), w.By(w.ID("sol")), cordon.ID(id))
			before = before && err == error(cordon.ErrNotFound)
			after = after && strings.Contains(kept.Text, "Marrow Quay")
		}
		if !after && (line[0] == "contained" || !before) {
			t.Errorf("%s, and then killed: ana reads %q, the circle %q, %d steps",
				line[0], readable, limited, len(steps.Steps))
		}
	}
}
