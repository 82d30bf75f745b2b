package webui_test

import (
	"bufio"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/pages"
	"cordon/internal/harness/soak"
	"cordon/wire"
)

// TestEvents: an open page is told that something changed, and nothing of what;
// and it is over with the right to be told.
func TestEvents(t *testing.T) {
	t.Parallel()
	w := pages.New(t)
	p := w.As(t, "owner")
	r, err := http.NewRequestWithContext(t.Context(), "GET", w.Origin+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := p.HTTP.Do(r)
	if err != nil || answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatal(err, answer)
	}
	defer answer.Body.Close()
	said := make(chan string, 10)
	go func() {
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if lines.Text() != "" {
				said <- lines.Text()
			}
		}
		close(said)
	}()
	next := func() string {
		select {
		case line := <-said:
			return line
		case <-time.After(30 * time.Second):
			t.Fatal("nothing is said")
			return ""
		}
	}
	want := func(event string) {
		t.Helper()
		if got := []string{next(), next()}; got[0] != "event: "+event || strings.TrimSpace(got[1]) != "data:" {
			t.Errorf("it says %q", got)
		}
	}
	want("open")
	if _, err := w.API.AddArrangement(t.Context(), wire.ArrangementDraft{Name: "QUAY", Marking: "U", Parties: []string{"MERIDIAN"}}); err != nil {
		t.Fatal(err)
	}
	want("changed")
	if _, err := w.API.ChangePerson(t.Context(), "MERIDIAN/Edda Storm", wire.PersonDraft{Organisation: "MERIDIAN", Name: "Edda Storm", Roles: []cordon.Role{cordon.RoleReader}, Suspended: true}); err != nil {
		t.Fatal(err)
	}
	want("over")
	if line, open := <-said; open {
		t.Errorf("and then %q", line)
	}
}

// BenchmarkPages measures the server's time for a report of 50 portions and for every
// list, as a browser on the same machine has them, and of it the time that 99 in a
// hundred stay below. CORDON_SOAK=1 has 100,000 portions stored, else there are 2,000.
func BenchmarkPages(b *testing.B) {
	w := pages.New(b)
	words := soak.Rand(b, 1)
	sentence := func() string { // of words that no other has, as texts of different matters are
		var out strings.Builder
		for range 25 {
			fmt.Fprintf(&out, "w%x ", words.Uint32())
		}
		return out.String()
	}
	report := func(portions int) cordon.ID {
		draft := wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: "Ferries of the week"}}
		for range portions - 1 {
			draft.Portions = append(draft.Portions, wire.PortionDraft{Marking: "U", Text: sentence()})
		}
		published, err := w.API.Publish(b.Context(), draft)
		if err != nil {
			b.Fatal(err)
		}
		return published.Report
	}
	for range soak.Pick(20, 1000) {
		report(100)
	}
	fifty := "/reports/" + string(report(50))
	p := w.As(b, "officer")
	for _, path := range []string{fifty, "/", "/reports", "/search", "/requests", "/answers", "/grants", "/emergencies", "/waiting", "/arrangements", "/incidents", "/mosaic", "/groups", "/ledger", "/people", "/channels"} {
		name := path
		if path == fifty {
			name = "/a report of 50 portions"
		}
		if path == "/" {
			name = "/inbox"
		}
		b.Run(name[1:], func(b *testing.B) {
			p.T = b
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				p.Open(path)
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(took[(len(took)-1)*99/100].Seconds()*1000, "p99-ms")
		})
	}
}
