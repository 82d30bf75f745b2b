package webui_test

import (
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/distribution"
	"cordon/internal/harness/pages"
	"cordon/internal/harness/soak"
	"cordon/wire"
)

// TestTimeOfPagesDoesNotTell holds how long the page takes that answers for what is
// withheld against how long it takes for what is absent, by the two-sample test of
// Kolmogorov and Smirnov, as package httpapi does for the API. Because it measures
// time it is no part of the gate, and where chance has the two differ, once in ten
// thousand times, it is tried again.
func TestTimeOfPagesDoesNotTell(t *testing.T) {
	if !soak.On() {
		t.Skip("it measures time: make soak runs it")
	}
	w := pages.New(t)
	draft := wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "TS//SI", Text: "Withheld"}}
	for range 200 {
		draft.Portions = append(draft.Portions, wire.PortionDraft{Marking: "TS//SI", Text: "The ferry sails at noon."})
	}
	held, err := w.API.Publish(t.Context(), draft)
	if err != nil {
		t.Fatal(err)
	}
	ally := w.As(t, "ally")
	for _, path := range []string{"/reports/", "/write?from=", "/portions/", "/requests/new?report=", "/tearlines/new?report="} {
		id := held.Report
		if path == "/portions/" {
			id = held.Portions[1].ID
		}
		refused := func(id cordon.ID) float64 {
			began := time.Now()
			status, _, _ := ally.Do("GET", path+string(id), nil)
			if status != 404 {
				t.Fatalf("%s: %d", path, status)
			}
			return time.Since(began).Seconds()
		}
		const n = 120
		for try := 1; ; try++ {
			var withheld, absent []float64
			for range n {
				withheld, absent = append(withheld, refused(id)), append(absent, refused(cordon.NewID()))
			}
			d, most := distribution.Distance(withheld, absent), distribution.Critical(n, n)
			if d <= most {
				break
			}
			if try == 3 {
				t.Errorf("%s: the times of what is withheld and of what is absent are %.2f apart, of at most %.2f that chance brings about", path, d, most)
				break
			}
		}
	}
}
