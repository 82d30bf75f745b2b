package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/core/notice"
	"cordon/internal/harness/pgtest"
)

// sample is a line of the text format: name, labels and value.
var sample = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)((?:\{(?:[a-zA-Z]+="[^"\\]*",? ?)+\})?) (\S+)$`)

// looked is what the metrics say: a value by name and labels.
func looked(t *testing.T, a *App) (map[string]float64, string) {
	t.Helper()
	rec := httptest.NewRecorder()
	a.serveMetrics(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text := rec.Body.String()
	out, told := map[string]float64{}, map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if help, ok := strings.CutPrefix(line, "# HELP "); ok {
			name, meaning, _ := strings.Cut(help, " ")
			if meanings[name] != meaning || told[name] {
				t.Errorf("%q is no word on a metric, or a second", line)
			}
			told[name] = true
			continue
		}
		if strings.HasPrefix(line, "# TYPE ") {
			continue
		}
		m := sample.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("%q is no sample", line)
		}
		value, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			t.Errorf("%q: %v", line, err)
		}
		if name := family(line); strings.HasPrefix(name, "cordon_") && !told[name] {
			t.Errorf("%s is served without its meaning", name)
		}
		if _, twice := out[m[1]+m[2]]; twice {
			t.Errorf("%s twice", m[1]+m[2])
		}
		out[m[1]+m[2]] = value
	}
	return out, text
}

// TestMetrics: what is counted is what happened, and nothing else is told.
func TestMetrics(t *testing.T) {
	seen := map[string]bool{}
	for name, url := range map[string]func(*testing.T) string{"sqlite": func(*testing.T) string { return "" }, "postgres": func(t *testing.T) string { return pgtest.Start(t) }} {
		t.Run(name, func(t *testing.T) {
			c := Config{PostgresURL: url(t), DataDir: filepath.Join(t.TempDir(), "data"), Version: "v1.2.3", Commit: "abc"}
			if _, _, err := Init(t.Context(), c, hub, root); err != nil {
				t.Fatal(err)
			}
			a := opened(t, c)
			api := a.FirstPersonClient()
			for range 3 {
				if _, err := api.Publish(t.Context(), draft("the courier of Harbourtown")); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := api.Open(t.Context(), "NOWHERE"); cordon.KindOf(err) != cordon.KindNotFound {
				t.Errorf("what is not there: %v", err)
			}
			// Two channels, of which one fails and one is mended.
			d := deliveries{app: a, busy: map[cordon.ID]bool{}, failing: map[cordon.ID]bool{}}
			one, two := notice.Parcel{Channel: cordon.NewID(), Kind: cordon.ChannelMail}, notice.Parcel{Channel: cordon.NewID(), Kind: cordon.ChannelWebhook}
			d.count(one, true)
			d.count(two, true)
			d.count(two, false)
			if _, err := a.sign(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := a.Reload(); err != nil {
				t.Fatal(err)
			}
			now, text := looked(t, a)
			for name, want := range map[string]float64{
				`cordon_requests_total{class="2xx"}`: 3, `cordon_requests_total{class="4xx"}`: 1, `cordon_request_duration_seconds_count{class="2xx"}`: 3,
				`cordon_requests_in_flight`: 0, `cordon_requests_limited_total`: 0,
				`cordon_ledger_pending`: 0, `cordon_ledger_lag_seconds`: 0, `cordon_background_faults_total`: 0,
				`cordon_channels_failing`: 1, `cordon_deliveries_total{kind="mail",outcome="failed"}`: 1,
				`cordon_deliveries_total{kind="webhook",outcome="failed"}`: 1, `cordon_deliveries_total{kind="webhook",outcome="delivered"}`: 1,
				`cordon_reloads_total{outcome="done"}`: 1, `cordon_reloads_total{outcome="refused"}`: 0,
				`cordon_transactions_total{kind="update",outcome="failed"}`:                                  0,
				fmt.Sprintf("cordon_build_info{version=\"v1.2.3\",commit=\"abc\",go=%q}", runtime.Version()): 1,
			} {
				if got, ok := now[name]; !ok || got != want {
					t.Errorf("%s is %v (%v), want %v", name, got, ok, want)
				}
			}
			for _, name := range []string{
				"cordon_ledger_entries", `cordon_transactions_total{kind="update",outcome="done"}`, `cordon_transactions_total{kind="view",outcome="done"}`,
				`cordon_transaction_duration_seconds_count{kind="update"}`, `cordon_database_bytes{part="data"}`, "cordon_started_timestamp_seconds", "go_goroutines",
			} {
				if now[name] <= 0 {
					t.Errorf("%s is %v", name, now[name])
				}
			}
			// A new act is to be added here.
			before := now["cordon_ledger_entries"]
			if _, err := api.Publish(t.Context(), draft("another")); err != nil {
				t.Fatal(err)
			}
			if _, err := a.sign(t.Context()); err != nil {
				t.Fatal(err)
			}
			if now, _ := looked(t, a); now["cordon_ledger_entries"] <= before || now["cordon_ledger_integrated_total"] <= 0 {
				t.Errorf("the ledger has %v entries after %v", now["cordon_ledger_entries"], before)
			}
			for _, secret := range []string{"courier", "Harbourtown", "HUB", "NOWHERE", "reports", "publish", string(one.Channel), string(two.Channel)} {
				if strings.Contains(text, secret) {
					t.Errorf("the metrics have %q in them", secret)
				}
			}
			for name := range now {
				seen[family(name)] = true
			}
		})
	}
	// Those that come with what was not done here.
	seen["cordon_certificate_not_after_timestamp_seconds"] = true
	for name := range meanings {
		if !seen[name] {
			t.Errorf("%s is explained and never served", name)
		}
	}
}

// TestPendingEntriesShow: what waits for its place is counted, and how long it
// has waited.
func TestPendingEntriesShow(t *testing.T) {
	clock := &stopped{now: must(http.ParseTime("Fri, 15 May 2026 09:00:00 GMT"))(t)}
	c := Config{DataDir: filepath.Join(t.TempDir(), "data"), Clock: clock}
	if _, _, err := Init(t.Context(), c, hub, root); err != nil {
		t.Fatal(err)
	}
	a, err := New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	// Nobody integrates any more.
	a.stop()
	<-a.done
	defer a.store.Close()
	if _, err := a.sign(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.FirstPersonClient().Publish(t.Context(), draft("a report")); err != nil {
		t.Fatal(err)
	}
	clock.advance(90 * 1e9)
	if now, _ := looked(t, a); now["cordon_ledger_pending"] < 1 || now["cordon_ledger_lag_seconds"] != 90 {
		t.Errorf("%v entries wait, for %v s", now["cordon_ledger_pending"], now["cordon_ledger_lag_seconds"])
	}
}

// TestMetricsAreDocumented holds docs/operating.md to the metrics that there are.
func TestMetricsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "operating.md"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for name, meaning := range meanings {
		want = append(want, "| `"+name+"` | "+meaning+" |")
	}
	slices.Sort(want)
	if !strings.Contains(string(doc), strings.Join(want, "\n")+"\n") {
		t.Errorf("docs/operating.md does not have this table:\n%s", strings.Join(want, "\n"))
	}
}
