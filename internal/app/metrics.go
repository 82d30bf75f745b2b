package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"cordon"
)

// meanings are the metrics of Cordon's own, in the words that they are served
// and documented with. They count and measure; none names a person, an
// organisation, a route or a thing, nor what kind of act something was.
var meanings = map[string]string{
	"cordon_build_info":                              "Always 1; the labels say which Cordon this is.",
	"cordon_requests_total":                          "Requests answered, by the class of their status.",
	"cordon_request_duration_seconds":                "Time from a request to the end of its answer, by the class of its status.",
	"cordon_requests_limited_total":                  "Requests that were refused as too many.",
	"cordon_requests_in_flight":                      "Requests under way.",
	"cordon_transactions_total":                      "Transactions by kind (view, update) and how they ended: done, also where what was asked was refused, or failed by a fault.",
	"cordon_transaction_duration_seconds":            "Time a transaction took, waiting and tries included, by kind.",
	"cordon_transaction_retries_total":               "Times a transaction was run again because of others.",
	"cordon_database_bytes":                          "Size of the database by part: data, and log for the embedded one.",
	"cordon_database_connections":                    "Connections to PostgreSQL by state: used, idle.",
	"cordon_database_connections_max":                "Most connections to PostgreSQL that this node opens.",
	"cordon_database_connection_waits_total":         "Times a transaction waited for a connection to PostgreSQL.",
	"cordon_database_updates":                        "Updates on PostgreSQL by state: allowed at a time, inside, waiting.",
	"cordon_ledger_entries":                          "Entries in the feeds of the ledger.",
	"cordon_ledger_pending":                          "Entries on disk that wait for their place in their feed, 1000 meaning as many or more.",
	"cordon_ledger_lag_seconds":                      "Age of the oldest entry that waits; 0 where none does.",
	"cordon_ledger_integrated_total":                 "Entries that this process gave their place in their feed.",
	"cordon_unverified_total":                        "Times something was met in the database that Cordon has not written; the log names it.",
	"cordon_struck_unjournalled":                     "1 while what was struck cannot be written into the journal beside the root key, 0 otherwise.",
	"cordon_outbox_channels_due":                     "Channels something is due to, as of the last look, at most 1000.",
	"cordon_outbox_looked_timestamp_seconds":         "When this process last looked what is due.",
	"cordon_deliveries_total":                        "Attempts to deliver a notice by kind of channel and outcome: delivered, failed.",
	"cordon_channels_busy":                           "Channels this process is delivering to.",
	"cordon_channels_failing":                        "Channels whose last delivery by this process failed.",
	"cordon_background_faults_total":                 "Faults outside of any request; the log has their causes.",
	"cordon_reloads_total":                           "Times files were read anew, by outcome: done, refused.",
	"cordon_certificate_not_after_timestamp_seconds": "When the certificate that is served with expires.",
	"cordon_started_timestamp_seconds":               "When this process opened the installation.",
}

// metricsFor bounds what is asked of the database for one look at the metrics.
const metricsFor = 5 * time.Second

// transactionTimes are the bounds of the histogram of transactions, in seconds.
var transactionTimes = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}

// measuring is a store that says of itself what operators watch: by the name
// and labels of a metric, after cordon_database_.
type measuring interface {
	Measures(ctx context.Context) (map[string]float64, error)
}

// serveMetrics answers with the metrics in the text format of Prometheus.
func (a *App) serveMetrics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), metricsFor)
	defer cancel()
	var text bytes.Buffer
	a.measured.WritePrometheus(&text)
	a.measureNow(ctx, &text)
	metrics.WriteProcessMetrics(&text)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	io.WriteString(w, explained(text.String()))
}

// measureNow writes the metrics that are looked up at each scrape. One that cannot
// be had is left out, which shows as a gap.
func (a *App) measureNow(ctx context.Context, w io.Writer) {
	metrics.WriteGaugeUint64(w, fmt.Sprintf("cordon_build_info{version=%q,commit=%q,go=%q}", a.config.Version, a.config.Commit, runtime.Version()), 1)
	if t := a.tls.Load(); t != nil {
		metrics.WriteGaugeFloat64(w, "cordon_certificate_not_after_timestamp_seconds", float64(t.Certificates[0].Leaf.NotAfter.Unix()))
	}
	var heads []cordon.FeedHead
	var pending []cordon.Entry
	err := a.store.View(ctx, func(tx cordon.ReadTx) (err error) {
		if heads, err = tx.FeedHeads(); err == nil {
			pending, err = tx.Pending(1000)
		}
		return err
	})
	if err == nil {
		lag := time.Duration(0)
		if len(pending) > 0 {
			lag = max(0, a.config.Clock.Now().Sub(pending[0].At))
		}
		var entries uint64
		for _, h := range heads {
			entries += uint64(h.Size)
		}
		metrics.WriteGaugeUint64(w, "cordon_ledger_entries", entries)
		metrics.WriteGaugeUint64(w, "cordon_ledger_pending", uint64(len(pending)))
		metrics.WriteGaugeFloat64(w, "cordon_ledger_lag_seconds", lag.Seconds())
	}
	if s, ok := a.store.Store.(measuring); ok {
		measures, err := s.Measures(ctx)
		if err != nil {
			a.logFault("measuring the database", err)
		}
		for name, value := range measures {
			metrics.WriteGaugeFloat64(w, "cordon_database_"+name, value)
		}
	}
}

// explained is the text in the order of the names, each metric of ours with its
// meaning and type before it.
func explained(text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(family(a), family(b)) })
	var b strings.Builder
	last := ""
	for _, line := range lines {
		if name := family(line); name != last {
			last = name
			if meaning, ours := meanings[name]; ours {
				fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, meaning, name, typeOf(name))
			}
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// family is the name of the metric that a line is of.
func family(line string) string {
	name, _, _ := strings.Cut(line, " ")
	name, _, _ = strings.Cut(name, "{")
	for _, suffix := range []string{"_bucket", "_sum", "_count"} {
		if whole, cut := strings.CutSuffix(name, suffix); cut && typeOf(whole) == "histogram" {
			return whole
		}
	}
	return name
}

func typeOf(name string) string {
	switch {
	case strings.HasSuffix(name, "_total"):
		return "counter"
	case strings.HasSuffix(name, "_duration_seconds"):
		return "histogram"
	}
	return "gauge"
}

// measured is a store that counts its transactions.
type measured struct {
	cordon.Store
	views, updates kindOfTransaction
	retries        *metrics.Counter
}

// kindOfTransaction counts those of one kind.
type kindOfTransaction struct {
	done, failed *metrics.Counter
	took         *metrics.PrometheusHistogram
}

func newMeasured(store cordon.Store, set *metrics.Set) measured {
	kind := func(name string) kindOfTransaction {
		return kindOfTransaction{
			done:   set.NewCounter(`cordon_transactions_total{kind="` + name + `",outcome="done"}`),
			failed: set.NewCounter(`cordon_transactions_total{kind="` + name + `",outcome="failed"}`),
			took:   set.NewPrometheusHistogramExt(`cordon_transaction_duration_seconds{kind="`+name+`"}`, transactionTimes),
		}
	}
	return measured{Store: store, views: kind("view"), updates: kind("update"), retries: set.NewCounter("cordon_transaction_retries_total")}
}

// View implements cordon.Store.
func (m measured) View(ctx context.Context, fn func(cordon.ReadTx) error) error {
	began, runs := time.Now(), 0
	err := m.Store.View(ctx, func(tx cordon.ReadTx) error {
		runs++
		return fn(tx)
	})
	m.ended(m.views, began, runs, err)
	return err
}

// Update implements cordon.Store.
func (m measured) Update(ctx context.Context, fn func(cordon.WriteTx) error) error {
	began, runs := time.Now(), 0
	err := m.Store.Update(ctx, func(tx cordon.WriteTx) error {
		runs++
		return fn(tx)
	})
	m.ended(m.updates, began, runs, err)
	return err
}

// Decide implements cordon.Store.
func (m measured) Decide(ctx context.Context, fn func(cordon.ReadTx) error) (cordon.Basis, error) {
	began, runs := time.Now(), 0
	on, err := m.Store.Decide(ctx, func(tx cordon.ReadTx) error {
		runs++
		return fn(tx)
	})
	m.ended(m.views, began, runs, err)
	return on, err
}

// Commit implements cordon.Store.
func (m measured) Commit(ctx context.Context, on cordon.Basis, fn func(cordon.WriteTx) error) error {
	began, runs := time.Now(), 0
	err := m.Store.Commit(ctx, on, func(tx cordon.WriteTx) error {
		runs++
		return fn(tx)
	})
	m.committed(began, runs, err)
	return err
}

// Record implements cordon.Store.
func (m measured) Record(ctx context.Context, on cordon.Basis, log cordon.Log) error {
	began := time.Now()
	err := m.Store.Record(ctx, on, log)
	m.committed(began, 1, err)
	return err
}

// committed is ended of what holds what was decided on. Where that has changed, it is a
// try that is made again.
func (m measured) committed(began time.Time, runs int, err error) {
	if errors.Is(err, cordon.ErrChanged) {
		m.retries.Inc()
		return
	}
	m.ended(m.updates, began, runs, err)
}

func (m measured) ended(kind kindOfTransaction, began time.Time, runs int, err error) {
	outcome := kind.done
	if k := cordon.KindOf(err); err != nil && (k == cordon.KindUnavailable || k == cordon.KindInternal) {
		outcome = kind.failed
	}
	outcome.Inc()
	kind.took.Update(time.Since(began).Seconds())
	m.retries.Add(max(0, runs-1))
}

// counters are what the background counts.
type counters struct {
	integrated        *metrics.Counter
	unverified        *metrics.Counter
	faults            *metrics.Counter
	reloaded, refused *metrics.Counter
	due, looked       *metrics.Gauge
	busy, failing     *metrics.Gauge
}

func newCounters(set *metrics.Set) counters {
	return counters{
		integrated: set.NewCounter("cordon_ledger_integrated_total"),
		unverified: set.NewCounter("cordon_unverified_total"),
		faults:     set.NewCounter("cordon_background_faults_total"),
		reloaded:   set.NewCounter(`cordon_reloads_total{outcome="done"}`),
		refused:    set.NewCounter(`cordon_reloads_total{outcome="refused"}`),
		due:        set.NewGauge("cordon_outbox_channels_due", nil),
		looked:     set.NewGauge("cordon_outbox_looked_timestamp_seconds", nil),
		busy:       set.NewGauge("cordon_channels_busy", nil),
		failing:    set.NewGauge("cordon_channels_failing", nil),
	}
}

// delivered counts an attempt to deliver.
func (a *App) delivered(kind cordon.ChannelKind, outcome string) {
	a.measured.GetOrCreateCounter(`cordon_deliveries_total{kind="` + string(kind) + `",outcome="` + outcome + `"}`).Inc()
}
