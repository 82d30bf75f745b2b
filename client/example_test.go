package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/app"
	"cordon/wire"
)

// serveStory stands in for cordon init and cordon serve: a new installation whose
// first person, of HOME, has the token.
func serveStory() (server *url.URL, token string, stop func()) {
	dir, err := os.MkdirTemp("", "cordon-example")
	check(err)
	config := app.Config{DataDir: filepath.Join(dir, "data"), Beat: -1}
	_, token, err = app.Init(context.Background(), config, cordon.Organisation{Name: "HOME", Country: "USA"},
		cordon.Person{Name: "Iris Vane", Clearances: map[string]string{"us": "TS"}})
	check(err)
	a, err := app.New(context.Background(), config)
	check(err)
	listening := httptest.NewServer(a.Handler())
	server, err = url.Parse(listening.URL)
	check(err)
	return server, token, func() {
		listening.Close()
		a.Close()
		os.RemoveAll(dir)
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// A report is published, opened, and a talk checked against it before a visitor
// hears it.
func Example() {
	server, token, stop := serveStory() // cordon init; cordon serve
	defer stop()
	ctx := context.Background()
	c := client.New(server, token, nil)

	_, err := c.AddOrganisation(ctx, wire.OrganisationDraft{Name: "VISITOR", Country: "FRA"})
	check(err)
	published, err := c.Publish(ctx, wire.Draft{
		Kind: cordon.ReportOriginal, Ref: "NOTES-1",
		Title: wire.PortionDraft{Marking: "U", Text: "Harbour notes"},
		Portions: []wire.PortionDraft{
			{Marking: "S//NF", Text: "The courier met the quartermaster twice in Marrow Quay and counted eleven crates on the pier."},
		},
	})
	check(err)
	fmt.Println(published.Ref, published.Banner)

	report, err := c.Open(ctx, "NOTES-1")
	check(err)
	for _, portion := range report.Portions {
		fmt.Printf("(%s) %s\n", portion.Marking, portion.Text)
	}

	checked, err := c.Check(ctx, wire.Check{
		Audience: "VISITOR",
		Text:     "We hear that the courier met the quartermaster twice in Marrow Quay and counted eleven crates on the pier.",
	})
	check(err)
	for _, finding := range checked.Refused {
		fmt.Printf("not for %s: %d of %d words of %s, %v\n", checked.Audience.Name, finding.Words, finding.Of, finding.ReportRef, finding.Reasons)
	}

	_, err = c.Open(ctx, "NOTES-2")
	fmt.Println(cordon.KindOf(err), "-", err)
	// Output:
	// NOTES-1 SECRET//NOFORN
	// (U) Harbour notes
	// (S//NF) The courier met the quartermaster twice in Marrow Quay and counted eleven crates on the pier.
	// not for VISITOR: 16 of 16 words of NOTES-1, [audience owner]
	// not-found - there is no such thing, or it is not yours to see
}

// An importer makes the key of each report from what it imports, and can be run
// again after it broke off.
func ExampleClient_Import() {
	server, token, stop := serveStory()
	defer stop()
	ctx := context.Background()
	c := client.New(server, token, nil)

	feed := []string{"First of the feed.", "Second of the feed."}
	for range 2 { // the second time there is one more
		var drafts []wire.Draft
		var keys []string
		for i, text := range feed {
			drafts = append(drafts, wire.Draft{Kind: cordon.ReportOriginal, Title: wire.PortionDraft{Marking: "TLP:GREEN", Text: text}})
			keys = append(keys, fmt.Sprintf("feed 7, number %d", i+1))
		}
		imported, err := c.Import(ctx, drafts, keys)
		check(err)
		for i, one := range imported {
			switch {
			case one.Before:
				fmt.Println(keys[i], "was there before")
			case one.Problem != nil:
				fmt.Println(keys[i], one.Problem.Err())
			default:
				fmt.Println(keys[i], "is", one.Published.Banner)
			}
		}
		feed = append(feed, "Third of the feed.")
	}
	// Output:
	// feed 7, number 1 is TLP:GREEN
	// feed 7, number 2 is TLP:GREEN
	// feed 7, number 1 was there before
	// feed 7, number 2 was there before
	// feed 7, number 3 is TLP:GREEN
}

// A program keeps the key with its own work. Killed before it had the answer, it
// asks again under the same key, and nothing is done twice.
func ExampleWithKey() {
	server, token, stop := serveStory()
	defer stop()
	c := client.New(server, token, nil)
	draft := wire.Draft{Kind: cordon.ReportOriginal, Ref: "NOTES-1", Title: wire.PortionDraft{Marking: "U", Text: "Harbour notes"}}

	once := client.WithKey(context.Background(), "job 4711")
	first, err := c.Publish(once, draft)
	check(err)
	again, err := c.Publish(once, draft)
	check(err)
	fmt.Println(first.Report == again.Report)
	// Output:
	// true
}

// A receiver of webhooks believes what is signed with its channel's secret.
func ExampleVerifyWebhook() {
	const secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz" // from cordon channel add
	receiver := func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err == nil {
			err = client.VerifyWebhook(secret, r.Header, body, time.Now())
		}
		if err != nil {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		// Keep webhook-id, and do nothing for one that comes again.
		w.WriteHeader(http.StatusNoContent)
	}

	answer := httptest.NewRecorder()
	receiver(answer, httptest.NewRequest(http.MethodPost, "/cordon", http.NoBody))
	fmt.Println(answer.Code)
	// Output:
	// 403
}
