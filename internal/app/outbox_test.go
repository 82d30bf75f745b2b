package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/core/notice"
	"cordon/internal/edge/delivery"
	"cordon/internal/harness/pgtest"
	"cordon/wire"
)

// swift is a clock that runs ten times as fast, so that a pause is soon over.
type swift struct{ begun time.Time }

func (c swift) Now() time.Time { return c.begun.Add(10 * time.Since(c.begun)) }

// receiver is what a webhook's receiver has got, by delivery id.
type receiver struct {
	mu   sync.Mutex
	got  map[string]int
	text map[string]wire.WebhookNotice
	// status answers the n-th post.
	status func(n int) int
	posts  int
	secret string
	clock  swift
	t      testing.TB
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := client.VerifyWebhook(r.secret, req.Header, body, r.clock.Now()); err != nil {
		r.t.Error(err)
	}
	r.posts++
	if r.status != nil {
		if code := r.status(r.posts); code != http.StatusOK {
			w.WriteHeader(code)
			return
		}
	}
	var n wire.WebhookNotice
	if err := json.Unmarshal(body, &n); err != nil {
		r.t.Error(err)
	}
	id := req.Header.Get("webhook-id")
	r.got[id]++
	r.text[id] = n
}

// arrived waits until n different deliveries have, or it took too long.
func (r *receiver) arrived(n int) {
	r.t.Helper()
	for limit := time.Now().Add(5 * time.Minute); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
		r.mu.Lock()
		have := len(r.got)
		r.mu.Unlock()
		if have >= n {
			return
		}
	}
	r.t.Fatalf("%d of %d arrived", len(r.got), n)
}

// TestNoticesAreCarried by nodes that serve, while one channel hangs and
// another refuses at first, and what a killed node had taken too.
func TestNoticesAreCarried(t *testing.T) {
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			var log bytes.Buffer
			clock := swift{time.Now()}
			dir := t.TempDir()
			c := Config{
				DataDir: filepath.Join(dir, "data"), Listen: "127.0.0.1:0", Clock: clock, Beat: -1,
				Delivery: delivery.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
			}
			if database == "postgres" {
				c.PostgresURL = pgtest.Start(t)
			}
			if _, _, err := Init(t.Context(), c, hub, root); err != nil {
				t.Fatal(err)
			}
			c.Logger = slog.New(slog.NewTextHandler(&log, nil))
			nodes := []*App{opened(t, c), opened(t, c)}
			ctx := t.Context()
			api := nodes[0].FirstPersonClient()
			for _, name := range []string{"OWNER", "THIRD"} {
				must(api.AddOrganisation(ctx, wire.OrganisationDraft{Name: name}))(t)
			}
			as := func(org, name string) *client.Client {
				must(api.AddPerson(ctx, wire.PersonDraft{Organisation: org, Name: name, Roles: cordon.Roles()}))(t)
				return nodes[0].Client(must(api.NewToken(ctx, org+"/"+name, wire.TokenDraft{}))(t).Token)
			}
			owner, asker := as("OWNER", "olga"), as("HUB", "ask")

			good := &receiver{t: t, clock: clock, got: make(map[string]int), text: make(map[string]wire.WebhookNotice)}
			good.status = func(n int) int {
				if n == 1 {
					return http.StatusServiceUnavailable
				}
				return http.StatusOK
			}
			server := httptest.NewServer(good)
			defer server.Close()
			release := make(chan struct{})
			hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
			defer hanging.Close()
			channel := must(owner.AddChannel(ctx, wire.ChannelDraft{URL: server.URL, ChannelTerms: wire.ChannelTerms{Clearance: "U"}}))(t)
			good.secret = channel.Secret
			must(owner.AddChannel(ctx, wire.ChannelDraft{URL: hanging.URL, ChannelTerms: wire.ChannelTerms{Clearance: "U"}}))(t)

			const asked = 6
			for i := range asked {
				d := draft("A file")
				d.Recipients = []string{"HUB"}
				d.Portions = []wire.PortionDraft{{Marking: "U", Text: fmt.Sprintf("The harbour master's secret, number %d.", i)}}
				p := must(owner.Publish(ctx, d))(t)
				must(asker.RequestRelease(ctx, wire.ReleaseDraft{Portions: []cordon.ID{p.Portions[1].ID}, Audience: "THIRD"}))(t)
			}
			// One is taken by a node that is killed before it can say that it
			// arrived; here, its lease is over.
			taken, err := notice.Take(ctx, nodes[0].now.Load().base, channel.ID)
			if err != nil || taken.Parcel == nil {
				t.Fatalf("%+v, %v", taken, err)
			}
			if err := nodes[0].store.Update(ctx, func(tx cordon.WriteTx) error {
				d, err := tx.Delivery(taken.Parcel.ID)
				if err != nil {
					return err
				}
				d.Due = clock.Now().Add(-time.Second)
				return tx.PutDelivery(d)
			}); err != nil {
				t.Fatal(err)
			}

			serving, stop := context.WithCancel(ctx)
			var served sync.WaitGroup
			for _, node := range nodes {
				l, err := node.Listen()
				if err != nil {
					t.Fatal(err)
				}
				served.Go(func() {
					if err := node.Serve(serving, l); err != nil {
						t.Error(err)
					}
				})
			}
			good.arrived(asked)
			close(release)
			stop()
			served.Wait()
			for id, n := range good.got {
				if n != 1 {
					t.Errorf("%s arrived %d times", id, n)
				}
				if one := good.text[id]; one.Marking != "U" || !strings.HasPrefix(one.Text, "HUB asks to release 1 of your portions to THIRD") || strings.Contains(one.Text, "harbour") {
					t.Errorf("arrived: %+v", one)
				}
			}
			if good.got[string(taken.Parcel.ID)] != 1 {
				t.Error("what was under way at the kill did not arrive")
			}
			for _, secret := range []string{"127.0.0.1:" + strings.Split(server.URL, ":")[2], "asks to release", "harbour"} {
				if strings.Contains(log.String(), secret) {
					t.Errorf("%q is in the log:\n%s", secret, log.String())
				}
			}
			if !strings.Contains(log.String(), "status 503") {
				t.Errorf("the log does not tell of the failure:\n%s", log.String())
			}
		})
	}
}

// TestNothingIsCarriedByACommandLine that works on the data directory beside
// the server: it may know of no mail server, and is gone in a moment.
func TestNothingIsCarriedByACommandLine(t *testing.T) {
	c, _ := initialised(t)
	a := opened(t, c)
	api := a.FirstPersonClient()
	channel := must(api.AddChannel(t.Context(), wire.ChannelDraft{URL: "https://127.0.0.1:1/", ChannelTerms: wire.ChannelTerms{Clearance: "U"}}))(t)
	tested := must(api.TestChannel(t.Context(), channel.ID))(t)
	if tested.Delivered || !strings.Contains(tested.Problem, "may be connected to") {
		t.Errorf("%+v", tested)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if p, err := notice.Due(t.Context(), opened(t, c).now.Load().base); err != nil || len(p) != 0 {
		t.Errorf("due %v, %v", p, err)
	}
}
