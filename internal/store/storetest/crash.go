package storetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"sync"
	"testing"

	"cordon"
)

// crashWriters is how many goroutines write until they are killed.
const crashWriters = 4

// WriteUntilKilled changes several tables in each of a long row of Updates, and
// says on out which of them were acknowledged. It ends when one fails, and says
// why. It is what the child process of Crash does.
func WriteUntilKilled(s cordon.Store, out io.Writer) {
	var mu sync.Mutex // guards out
	say := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		_, _ = fmt.Fprintf(out, format+"\n", args...)
	}
	var wg sync.WaitGroup
	for w := range crashWriters {
		wg.Go(func() {
			for {
				var n int
				err := s.Update(context.Background(), func(tx cordon.WriteTx) (err error) {
					n, err = crashStep(tx, w)
					return err
				})
				if err != nil {
					say("failed %v %v", cordon.KindOf(err), err)
					return
				}
				say("%d %d", w, n)
			}
		})
	}
	wg.Wait()
}

func crashKey(w int, half string) string { return fmt.Sprintf("crash %d %s", w, half) }

// crashStep counts in two places and publishes a report under a rule of the
// writer's own, the first portion of the one before being struck.
func crashStep(tx cordon.WriteTx, w int) (int, error) {
	n, err := crashCount(tx, w, "a")
	if err != nil {
		return 0, err
	}
	n++
	under := cordon.RuleNo(1_000_000 + w)
	r, portions := report(n, under, under)
	e := filled[cordon.Entry]()
	e.Feed = cordon.ID(fmt.Sprint("crash", w))
	err = errors.Join(
		tx.PutMeta(crashKey(w, "a"), []byte(strconv.Itoa(n))),
		publish(tx, r, portions),
		tx.AddTokens([]cordon.PortionTokens{tokens(portions[0], int64(w)), tokens(portions[1], int64(w))}),
		tx.StrikePortion(portions[0].ID),
		tx.Append(e),
		tx.PutMeta(crashKey(w, "b"), []byte(strconv.Itoa(n))),
	)
	return n, err
}

func crashCount(tx cordon.ReadTx, w int, half string) (int, error) {
	v, err := tx.Meta(crashKey(w, half))
	if errors.Is(err, cordon.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(v))
}

// Acknowledged reads what a child process says until it ends, kills it after
// so many lines (never, for 0), and gives the last step of each writer that
// was acknowledged and how it failed, if it did.
func Acknowledged(t *testing.T, child *exec.Cmd, killAfter int) (last [crashWriters]int, failures []string) {
	t.Helper()
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 1; lines.Scan(); i++ {
		var w, n int
		if _, err := fmt.Sscanf(lines.Text(), "%d %d", &w, &n); err != nil {
			failures = append(failures, lines.Text())
			continue
		}
		last[w] = n
		if i == killAfter {
			// Lines written before the kill are still read.
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // killed, or said why it ended
	return last, failures
}

// CheckCrashed checks that nothing that was acknowledged is lost and nothing is
// half done.
func CheckCrashed(t *testing.T, s cordon.Store, last [crashWriters]int) {
	t.Helper()
	view(t, s, func(tx cordon.ReadTx) error {
		total := 0
		for w := range crashWriters {
			a, err := crashCount(tx, w, "a")
			if err != nil {
				return err
			}
			b, err := crashCount(tx, w, "b")
			if err != nil {
				return err
			}
			if a != b {
				t.Errorf("writer %d: one half says %d, the other %d", w, a, b)
			}
			if a < last[w] {
				t.Errorf("writer %d: %d was acknowledged, %d is there", w, last[w], a)
			}
			total += a
			visible := cordon.Visibility{Rules: []cordon.RuleNo{cordon.RuleNo(1_000_000 + w)}}
			reports := pages(t, 200, func(c cordon.Cursor) ([]cordon.Report, error) { return tx.ReportPage(visible, c, 200) })
			found, err := tx.Search([]int64{int64(w)}, visible, cordon.Cursor{}, 1_000_000)
			if err != nil {
				return err
			}
			if len(reports) != a || len(found) != a {
				t.Errorf("writer %d: %d steps, %d reports, %d found", w, a, len(reports), len(found))
			}
		}
		pending, err := tx.Pending(1_000_000)
		if len(pending) != total {
			t.Errorf("%d steps, %d ledger entries", total, len(pending))
		}
		return err
	})
}

// Crash kills a child process that writes, a few times, and checks after each
// what it left. The child runs WriteUntilKilled on the store that open opens.
func Crash(t *testing.T, child func() *exec.Cmd, open func() cordon.Store) {
	for _, lines := range []int{1, 40, 7, 150, 90} {
		last, failures := Acknowledged(t, child(), lines)
		if len(failures) > 0 {
			t.Fatal(failures)
		}
		s := open()
		CheckCrashed(t, s, last)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
