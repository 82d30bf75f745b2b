// Package compare measures the server of this checkout beside that of another,
// in one run: both are built, both are filled with the same reports, and each
// request goes to one and then to the other, so that whatever else the machine
// does meets both.
//
//	make compare BASE=../cordon-before
//
// It is no test of the gate: a ratio says something on a quiet machine only.
package compare

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cordon/internal/harness/pgtest"
)

// The environment variables that say where the other checkout lies, and how
// often each request is sent; defaultRounds where that is left out.
const (
	baseVariable   = "CORDON_COMPARE"
	roundsVariable = "CORDON_COMPARE_ROUNDS"
	defaultRounds  = 300
)

// listed is how many reports there are when listing is measured.
const listed = 300

func TestCompare(t *testing.T) {
	base := os.Getenv(baseVariable)
	if base == "" {
		t.Skip("asked for by " + baseVariable + "=DIR: make compare BASE=DIR")
	}
	rounds := defaultRounds
	if s := os.Getenv(roundsVariable); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 10 {
			t.Fatalf("%s=%s: a number from 10", roundsVariable, s)
		}
		rounds = n
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	before, now := build(t, base), build(t, root)
	t.Run("sqlite", func(t *testing.T) {
		compare(t, rounds, serve(t, before, ""), serve(t, now, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		compare(t, rounds, serve(t, before, pgtest.Start(t)), serve(t, now, pgtest.Start(t)))
	})
}

// build builds the command of a checkout.
func build(t *testing.T, checkout string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "cordon")
	cmd := exec.Command("go", "build", "-C", checkout, "-o", binary, "./cmd/cordon")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", checkout, err, out)
	}
	return binary
}

// server is one that runs, with the token of its first person.
type server struct {
	address, token string
	client         *http.Client
}

// serve sets an installation up and serves it until the test ends.
func serve(t *testing.T, binary, postgres string) *server {
	t.Helper()
	dir := t.TempDir()
	where := []string{"--json", "--data", filepath.Join(dir, "data")}
	if postgres != "" {
		where = []string{"--json", "--postgres", postgres, "--key", filepath.Join(dir, "root.key")}
	}
	var begun struct{ Token string }
	init := exec.Command(binary, append([]string{"init", "--org", "HOME", "--person", "First"}, where...)...)
	out, err := init.Output()
	if err != nil || json.Unmarshal(out, &begun) != nil || begun.Token == "" {
		t.Fatalf("%v: %v\n%s", init.Args, err, out)
	}
	cmd := exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0", "--rate-person", "0", "--rate-address", "0"}, where...)...)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", cmd.Args, err)
		}
	})
	var serving struct{ Serving string }
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &serving) != nil || serving.Serving == "" {
		t.Fatalf("%v said %q", cmd.Args, lines.Text())
	}
	go io.Copy(io.Discard, stdout)
	return &server{address: serving.Serving, token: begun.Token, client: &http.Client{Timeout: time.Minute}}
}

// ask sends a request, reads the whole answer and gives how long that took.
func (s *server) ask(t *testing.T, method, path, body string) ([]byte, time.Duration) {
	t.Helper()
	r, err := http.NewRequest(method, s.address+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	began := time.Now()
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	out, err := io.ReadAll(answer.Body)
	took := time.Since(began)
	if err != nil || answer.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %v %s", method, path, answer.StatusCode, err, out)
	}
	return out, took
}

// draft is a report with so many portions, each of some twenty words.
func draft(name string, portions int) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"kind":"report","title":{"marking":"S","text":"Report %s"},"portions":[`, name)
	for i := range portions {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"marking":%q,"text":"Paragraph %d of %s says that the ferry left the harbour at dawn with the keeper, three crates and nobody else aboard."}`,
			[]string{"U", "C", "S", "S//NF"}[i%4], i, name)
	}
	b.WriteString("]}")
	return b.String()
}

// compare asks both the same and prints what they took.
func compare(t *testing.T, rounds int, before, now *server) {
	servers := [2]*server{before, now}
	var opened [2]string
	for i, s := range servers {
		for n := range listed {
			s.ask(t, "POST", "/reports", draft("filling "+strconv.Itoa(n), 3))
		}
		out, _ := s.ask(t, "POST", "/reports", draft("to open", 50))
		var written struct{ Report string }
		if err := json.Unmarshal(out, &written); err != nil || written.Report == "" {
			t.Fatalf("published %s, %v", out, err)
		}
		opened[i] = "/reports/" + written.Report
	}
	t.Logf("%-28s %10s %10s   %s", "", "before", "now", "now/before (its quartiles, round by round)")
	for _, act := range []struct {
		name string
		do   func(i, round int) time.Duration
	}{
		{"open 50 portions", func(i, _ int) time.Duration { _, d := servers[i].ask(t, "GET", opened[i], ""); return d }},
		{"publish 10 portions", func(i, round int) time.Duration {
			_, d := servers[i].ask(t, "POST", "/reports", draft("number "+strconv.Itoa(round), 10))
			return d
		}},
		{"list 50 reports", func(i, _ int) time.Duration { _, d := servers[i].ask(t, "GET", "/reports?limit=50", ""); return d }},
		{"search", func(i, _ int) time.Duration {
			_, d := servers[i].ask(t, "GET", "/search?q=keeper+crates&limit=20", "")
			return d
		}},
	} {
		var took [2][]time.Duration
		var ratios []float64
		for round := range rounds + 10 {
			var d [2]time.Duration
			// The two sides take turns in going first.
			for _, i := range [2]int{round % 2, 1 - round%2} {
				d[i] = act.do(i, round)
			}
			if round < 10 {
				continue // warming up
			}
			for i := range d {
				took[i] = append(took[i], d[i])
			}
			ratios = append(ratios, float64(d[1])/float64(d[0]))
		}
		a, b := at(took[0], 2), at(took[1], 2)
		t.Logf("%-28s %10s %10s   %.2f (%.2f to %.2f)", act.name, a.Round(time.Microsecond), b.Round(time.Microsecond),
			float64(b)/float64(a), at(ratios, 1), at(ratios, 3))
	}
}

// at is the value at so many quarters of the sorted values; 2 is the median.
func at[T time.Duration | float64](values []T, quarters int) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)*quarters/4]
}
