package webui_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/pages"
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

// BenchmarkPages measures the server's time for a report of 50 portions, the list
// of reports and the inbox, as a browser on the same machine has them.
func BenchmarkPages(b *testing.B) {
	w := pages.New(b)
	draft := wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: "Fifty"}}
	for range 49 {
		draft.Portions = append(draft.Portions, wire.PortionDraft{Marking: "U", Text: strings.Repeat("The ferry sails at noon. ", 20)})
	}
	published, err := w.API.Publish(b.Context(), draft)
	if err != nil {
		b.Fatal(err)
	}
	p := w.As(b, "officer")
	for name, path := range map[string]string{"report": "/reports/" + string(published.Report), "reports": "/reports", "inbox": "/"} {
		b.Run(name, func(b *testing.B) {
			p.T = b
			for b.Loop() {
				p.Open(path)
			}
		})
	}
}
