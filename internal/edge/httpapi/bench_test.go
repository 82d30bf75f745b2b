package httpapi_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/app"
	"cordon/internal/harness/pgtest"
	"cordon/wire"
)

// text is words of no language, so that no text is in
// another by chance.
func text(r *rand.Rand, words int) string {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		for range 2 + r.IntN(3) {
			b.WriteByte("bcdfghklmnprstvw"[r.IntN(16)])
			b.WriteByte("aeiou"[r.IntN(5)])
		}
	}
	return b.String()
}

// repeating makes texts of a language of 20,000 words, each as often as Zipf's
// law has it.
func repeating(r *rand.Rand) func(*rand.Rand, int) string {
	language := strings.Fields(text(r, 20_000))
	often := rand.NewZipf(r, 1.1, 10, uint64(len(language)-1))
	return func(_ *rand.Rand, words int) string {
		said := make([]string, words)
		for i := range said {
			said[i] = language[often.Uint64()]
		}
		return strings.Join(said, " ")
	}
}

// served is an installation behind a socket, and what it takes to ask it.
func served(b *testing.B, postgres string) (base *url.URL, token string) {
	b.Helper()
	c := app.Config{DataDir: filepath.Join(b.TempDir(), "data"), PostgresURL: postgres, PerPerson: &app.Rate{}, PerAddress: &app.Rate{}}
	_, token, err := app.Init(b.Context(), c, cordon.Organisation{Name: "HUB"}, cordon.Person{Name: "root"})
	if err != nil {
		b.Fatal(err)
	}
	a, err := app.New(context.Background(), c)
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(a.Handler())
	b.Cleanup(func() {
		server.Close()
		a.Close()
	})
	base, _ = url.Parse(server.URL)
	return base, token
}

// fiftyPortions is a report of some 16 KB.
func fiftyPortions(r *rand.Rand) wire.Draft {
	d := wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: text(r, 8)}}
	for range 49 {
		d.Portions = append(d.Portions, wire.PortionDraft{Marking: []string{"U", "U//FOUO", "TLP:GREEN"}[r.IntN(3)], Text: text(r, 50)})
	}
	return d
}

// clients asks from so many goroutines, b.N times in all, and reports how many
// a second and how long the slowest hundredth took.
func clients(b *testing.B, n int, ask func() error) {
	b.Helper()
	if err := ask(); err != nil { // connections, caches
		b.Fatal(err)
	}
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for range n {
		all.Go(func() {
			for {
				i := next.Add(1) - 1
				if i >= int64(b.N) {
					return
				}
				began := time.Now()
				if err := ask(); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(began)
			}
		})
	}
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkOpen opens a report of 50 portions through the API over a socket,
// each time with its ledger entry on disk before the answer, beside the floor:
// net/http serving the same bytes over a socket once 4 KiB more are appended to
// a file and synced. Clients are in the same process and share the processors.
func BenchmarkOpen(b *testing.B) {
	draft := fiftyPortions(rand.New(rand.NewPCG(1, 2)))
	for _, n := range []int{1, 8} {
		var answer []byte
		api := func(postgres func(testing.TB) string) func(b *testing.B) {
			return func(b *testing.B) {
				address := ""
				if postgres != nil {
					address = postgres(b)
				}
				base, token := served(b, address)
				p, err := client.New(base, token, nil).Publish(b.Context(), draft)
				if err != nil {
					b.Fatal(err)
				}
				target := base.String() + "/api/v1/reports/" + string(p.Report)
				answer = fetch(b, target, token)
				clients(b, n, asker(target, token))
			}
		}
		b.Run(fmt.Sprintf("sqlite/clients=%d", n), api(nil))
		b.Run(fmt.Sprintf("postgres/clients=%d", n), api(pgtest.Start))
		b.Run(fmt.Sprintf("floor/clients=%d", n), func(b *testing.B) {
			f, err := os.OpenFile(filepath.Join(b.TempDir(), "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			block := make([]byte, 4096)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if _, err := f.Write(block); err != nil || f.Sync() != nil {
					w.WriteHeader(500)
					return
				}
				w.Write(answer)
			}))
			defer server.Close()
			clients(b, n, asker(server.URL, ""))
		})
	}
}

func asker(target, token string) func() error {
	hc := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	return func() error {
		req, err := http.NewRequest(http.MethodGet, target, nil)
		if err != nil {
			return err
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := hc.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return err
		}
		if res.StatusCode != 200 {
			return fmt.Errorf("answered %s", res.Status)
		}
		return nil
	}
}

func fetch(b *testing.B, target, token string) []byte {
	b.Helper()
	req, _ := http.NewRequest(http.MethodGet, target, nil)
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		b.Fatal(res.Status, err)
	}
	return body
}

// BenchmarkImport publishes reports of ten portions through the API, one by
// one and many to a request, small ones, and a large one. Words are as often
// repeated as in ordinary text, and in the last case never: then each is filed
// in a place of its own. MB are of text.
func BenchmarkImport(b *testing.B) {
	for _, c := range []struct {
		name                     string
		reports, portions, words int
		plain                    bool
	}{
		{"one", 1, 10, 50, true},
		{"many", wire.MaxImport, 10, 50, true},
		{"small", wire.MaxImport, 1, 90, true},
		{"large", 1, 2000, 80, true},
		{"large random", 1, 2000, 80, false},
	} {
		b.Run(c.name, func(b *testing.B) {
			base, token := served(b, "")
			api := client.New(base, token, nil)
			r := rand.New(rand.NewPCG(3, 4))
			text := text
			if c.plain {
				text = repeating(r)
			}
			var size int64
			for range b.N {
				b.StopTimer()
				drafts := make([]wire.Draft, c.reports)
				size = 0
				for i := range drafts {
					drafts[i] = wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "U", Text: text(r, 8)}}
					for range c.portions {
						p := wire.PortionDraft{Marking: "U", Text: text(r, c.words)}
						size += int64(len(p.Text))
						drafts[i].Portions = append(drafts[i].Portions, p)
					}
				}
				b.StartTimer()
				if c.reports == 1 {
					if _, err := api.Publish(b.Context(), drafts[0]); err != nil {
						b.Fatal(err)
					}
					continue
				}
				done, err := api.Import(b.Context(), drafts, nil)
				if err != nil {
					b.Fatal(err)
				}
				for _, d := range done {
					if d.Problem != nil {
						b.Fatal(d.Problem.Err())
					}
				}
			}
			b.SetBytes(size)
			b.ReportMetric(float64(b.N*c.reports)/b.Elapsed().Seconds(), "reports/s")
		})
	}
}
