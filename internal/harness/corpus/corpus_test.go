// Package corpus holds what the API answers against what it answered before
// everything behind it was rewritten. Its scripts play some 5,400 requests, to
// every operation, as people of every kind and with what is right and wrong; what
// was answered then lies in testdata/before and is never edited. An answer that
// is to be another one since stands, with its reason, in testdata/wanted:
//
//	go test ./internal/harness/corpus                    # on the embedded store
//	go test ./internal/harness/corpus -both              # on PostgreSQL too
//	go test ./internal/harness/corpus -wanted "the why"  # lists what differs as wanted
//
// Values that differ from run to run are written as what they are called: an id
// as $name where the script gave it one, as #new.2 where it is first seen, and
// afterwards by the number of the exchange it was first seen in, #17.2; an
// instant as @17, the exchange in which it was, or @17+1h0m0s.
package corpus

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var (
	update = flag.Bool("update", false, "write testdata/before anew: only ever on the code before a change")
	both   = flag.Bool("both", false, "play on PostgreSQL too, which takes a minute")
	wanted = flag.String("wanted", "", "write down as wanted, for this reason, every difference that is not yet")
)

// scripts are the plays, each on an installation of its own.
var scripts = map[string]func(*play){
	"everyone": everyone,
	"wrong":    wrong,
	"again":    again,
	"people":   people,
	"signin":   signIn,
	"release":  release,

	"arrangements": arrangements,
	"reports":      reports,
	"search":       search,
	"trace":        trace,
	"emergency":    emergency,
	"incidents":    incidents,
	"claims":       claims,
	"mosaic":       mosaic,
	"notices":      notices,
	"needtoknow":   needToKnow,
	"waiting":      whatWaits,
	"ledger":       theLedger,
}

// played is what the scripts did on the embedded store.
var played struct {
	sync.Mutex
	calls []call
	// ops are the operations of the OpenAPI document; nil unless they are to
	// be recorded.
	ops []string
}

// TestAnswersAreAsBefore plays every script, on both stores if so told, and holds each
// exchange against the one that was recorded before the change. An answer that
// is not as before must stand, with the reason, in testdata/wanted.
func TestAnswersAreAsBefore(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		for name := range scripts {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				x := newPlay(t, sqlite, name)
				x.copies = true
				scripts[name](x)
				if *update {
					record(t, name, x.written)
				}
				compare(t, name, x.written, *wanted)
				x.rewriteState()
				played.Lock()
				defer played.Unlock()
				played.calls = append(played.calls, x.calls...)
				if *update && played.ops == nil {
					played.ops = operations(t, x.handler)
				}
			})
		}
	})
	t.Run("postgres", func(t *testing.T) {
		if !*both {
			t.Skip("asked for by -both")
		}
		for name := range scripts {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				x := newPlay(t, postgres, name)
				scripts[name](x)
				compare(t, name, x.written, "")
			})
		}
	})
	if !t.Failed() && flag.Lookup("test.run").Value.String() == "" {
		everyOperation(t)
		everyTable(t)
	}
}

// everyOperation fails where an operation that the API had was not both
// answered with what was asked and refused.
func everyOperation(t *testing.T) {
	file := filepath.Join("testdata", "before", "operations")
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(played.ops, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ops := strings.Split(strings.TrimSpace(string(data)), "\n")
	mux := http.NewServeMux()
	for _, op := range ops {
		mux.Handle(op, http.NotFoundHandler())
	}
	done, refused := make(map[string]bool), make(map[string]bool)
	for _, c := range played.calls {
		r, err := http.NewRequest(c.method, c.path, nil)
		if err != nil {
			continue // sent as something that is no request
		}
		_, op := mux.Handler(r)
		done[op] = done[op] || c.status < 300
		refused[op] = refused[op] || c.status >= 400
	}
	for _, op := range ops {
		if !done[op] || !refused[op] && strings.Contains(op, "/api/v1/") {
			t.Errorf("%s: answered %v, refused %v", op, done[op], refused[op])
		}
	}
	t.Logf("%d operations in %d requests", len(ops), len(played.calls))
}

// operations lists those of the OpenAPI document, as patterns of a ServeMux.
func operations(t *testing.T, h http.Handler) (ops []string) {
	var doc struct {
		Paths map[string]map[string]any
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/api/openapi.json", nil))
	if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, item := range doc.Paths {
		for _, method := range []string{"get", "post", "put", "delete", "patch"} {
			if item[method] != nil {
				ops = append(ops, strings.ToUpper(method)+" "+path)
			}
		}
	}
	slices.Sort(ops)
	return ops
}

const head = "Exchanges with the API as they were before the change. Recorded by go test -update on the code before it; never edited.\n"

func before(name string) string { return filepath.Join("testdata", "before", name+".txt") }

func record(t *testing.T, name string, all []exchange) {
	t.Helper()
	var b strings.Builder
	b.WriteString(head)
	for _, e := range all {
		b.WriteString("\n" + strings.Join(e.lines, "\n") + "\n")
	}
	if err := os.MkdirAll(filepath.Dir(before(name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(before(name), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// recorded reads the exchanges of a script as they were, by their first line.
func recorded(t *testing.T, name string) (order []string, all map[string][]string) {
	t.Helper()
	data, err := os.ReadFile(before(name))
	if err != nil {
		t.Fatal(err)
	}
	all = make(map[string][]string)
	for block := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(string(data), head+"\n"), "\n"), "\n\n") {
		lines := strings.Split(block, "\n")
		order, all[lines[0]] = append(order, lines[0]), lines
	}
	return order, all
}

// compare holds what was played against what was recorded. With a reason, the
// differences that are not yet wanted are written down as such.
func compare(t *testing.T, name string, now []exchange, reason string) {
	t.Helper()
	order, was := recorded(t, name)
	want := wantedOf(t, name)
	var list strings.Builder
	shown := 0
	for i, e := range now {
		key := e.lines[0]
		if i >= len(order) || order[i] != key {
			t.Fatalf("the script is not the one that was recorded, from %q on", key)
		}
		d := difference(was[key], e.lines)
		w := want[key]
		delete(want, key)
		switch {
		case d == "" && w.difference == "":
		case d == w.difference:
			fmt.Fprintf(&list, "\n%s\nwanted: %s\n%s", key, w.reason, d)
		case reason != "":
			if d != "" {
				fmt.Fprintf(&list, "\n%s\nwanted: %s\n%s", key, reason, d)
			}
		case d == "":
			t.Errorf("%s: answered as before, and another answer is listed as wanted", key)
		default:
			if shown++; shown <= 30 {
				t.Errorf("%s: not as before:\n%s", key, d)
			}
		}
	}
	if shown > 30 {
		t.Errorf("and %d more exchanges are not as before", shown-30)
	}
	if len(now) != len(order) {
		t.Errorf("%d exchanges were played of %d", len(now), len(order))
	}
	for key := range want {
		t.Errorf("%s: a difference is wanted and the exchange is not played", key)
	}
	if reason != "" {
		if err := os.MkdirAll(filepath.Dir(wantedFile(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		err := os.Remove(wantedFile(name))
		if list.Len() > 0 {
			err = os.WriteFile(wantedFile(name), []byte(list.String()[1:]), 0o644)
		}
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

type want struct{ reason, difference string }

func wantedFile(name string) string { return filepath.Join("testdata", "wanted", name+".txt") }

// wantedOf reads the differences that are wanted of a script, each with its
// reason, by the first line of the exchange.
func wantedOf(t *testing.T, name string) map[string]want {
	t.Helper()
	all := make(map[string]want)
	data, err := os.ReadFile(wantedFile(name))
	if os.IsNotExist(err) {
		return all
	}
	if err != nil {
		t.Fatal(err)
	}
	for block := range strings.SplitSeq(strings.TrimSuffix(string(data), "\n"), "\n\n") {
		key, rest, _ := strings.Cut(block, "\n")
		reason, d, _ := strings.Cut(rest, "\n")
		all[key] = want{strings.TrimPrefix(reason, "wanted: "), d + "\n"}
	}
	return all
}

// difference is the lines that were and the lines that are, in their order,
// without those that both have.
func difference(was, is []string) string {
	// The longest common subsequence, by the table of its lengths.
	long := make([][]int, len(was)+1)
	for i := range long {
		long[i] = make([]int, len(is)+1)
	}
	for i := len(was) - 1; i >= 0; i-- {
		for j := len(is) - 1; j >= 0; j-- {
			if was[i] == is[j] {
				long[i][j] = long[i+1][j+1] + 1
			} else {
				long[i][j] = max(long[i+1][j], long[i][j+1])
			}
		}
	}
	var b strings.Builder
	for i, j := 0, 0; i < len(was) || j < len(is); {
		switch {
		case i < len(was) && j < len(is) && was[i] == is[j]:
			i, j = i+1, j+1
		case j == len(is) || i < len(was) && long[i+1][j] >= long[i][j+1]:
			b.WriteString("-" + was[i] + "\n")
			i++
		default:
			b.WriteString("+" + is[j] + "\n")
			j++
		}
	}
	return b.String()
}
