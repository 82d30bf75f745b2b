package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// Metrics counts requests by the class of their status and how long they took.
// There is no route, person, organisation or thing in them: how many incidents
// were opened, or how often something was withheld, is as secret as what it was.
type Metrics struct {
	set      *metrics.Set
	limited  *metrics.Counter
	inFlight *metrics.Gauge
}

// durations are the bounds of the histogram of requests, in seconds.
var durations = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60}

// NewMetrics puts metrics that have counted nothing into the set.
func NewMetrics(set *metrics.Set) *Metrics {
	return &Metrics{
		set:      set,
		limited:  set.NewCounter("cordon_requests_limited_total"),
		inFlight: set.NewGauge("cordon_requests_in_flight", nil),
	}
}

func (m *Metrics) begun() { m.inFlight.Inc() }

func (m *Metrics) done(status int, took time.Duration) {
	m.inFlight.Dec()
	class := `{class="` + strconv.Itoa(status/100) + `xx"}`
	m.set.GetOrCreateCounter("cordon_requests_total" + class).Inc()
	m.set.GetOrCreatePrometheusHistogramExt("cordon_request_duration_seconds"+class, durations).Update(took.Seconds())
	if status == http.StatusTooManyRequests {
		m.limited.Inc()
	}
}
