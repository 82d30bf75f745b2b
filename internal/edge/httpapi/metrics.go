package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is what operators may count: requests by the class of their status
// and how long they took, and what the process itself uses. There is no route,
// person, organisation or thing in them: how many incidents were opened, or how
// often something was withheld, is as secret as what it was.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	limited  prometheus.Counter
	inFlight prometheus.Gauge
}

// NewMetrics makes metrics that have counted nothing.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cordon_requests_total", Help: "Requests answered, by the class of their status.",
		}, []string{"class"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "cordon_request_duration_seconds", Help: "Time from a request to the end of its answer, by the class of its status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60},
		}, []string{"class"}),
		limited: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "cordon_requests_limited_total", Help: "Requests that were refused as too many.",
		}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "cordon_requests_in_flight", Help: "Requests under way.",
		}),
	}
	m.registry.MustRegister(m.requests, m.duration, m.limited, m.inFlight,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves the metrics in Prometheus' text format. It belongs on an
// address of its own, for the operator's collector alone.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *Metrics) begun() { m.inFlight.Inc() }

func (m *Metrics) done(status int, took time.Duration) {
	m.inFlight.Dec()
	class := strconv.Itoa(status/100) + "xx"
	m.requests.WithLabelValues(class).Inc()
	m.duration.WithLabelValues(class).Observe(took.Seconds())
	if status == http.StatusTooManyRequests {
		m.limited.Inc()
	}
}
