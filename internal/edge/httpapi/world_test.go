package httpapi_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/app"
	"cordon/internal/harness/casetest"
	"cordon/wire"
)

// clock moves by a microsecond with each reading, and when it is told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Microsecond)
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// logged is a log that many goroutines write to.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// world is an installation served by its handler, with people of four
// organisations, each with a client whose every exchange is held against the
// contract.
//
//	HUB            root   every role, cleared TS; at work on the data itself
//	MERIDIAN (GBR) mara   reader, author, release authority, security officer; cleared S
//	VALDOR (USA)   ana    reader, author; cleared S
//	               sol    reader, release authority, security officer, auditor; cleared S
//	TARSIS (FRA)   theo   reader, author, security officer; cleared S
type world struct {
	t       testing.TB
	config  app.Config
	app     *app.App
	handler http.Handler
	clock   *clock
	log     *logged
	as      map[string]*client.Client
	token   map[string]string
	person  map[string]cordon.ID
}

func onBoth(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, casetest.Database(t)))
	})
}

func newWorld(t testing.TB, postgres string) *world {
	t.Helper()
	return newWorldWith(t, postgres, time.Millisecond)
}

// newWorldWith is newWorld with another interval of refusals.
func newWorldWith(t testing.TB, postgres string, interval time.Duration) *world {
	t.Helper()
	w := &world{
		t: t, clock: &clock{now: time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)}, log: &logged{},
		as: make(map[string]*client.Client), token: make(map[string]string), person: make(map[string]cordon.ID),
	}
	w.config = app.Config{
		DataDir: filepath.Join(t.TempDir(), "data"), PostgresURL: postgres, Clock: w.clock,
		RefusalInterval: interval, Beat: -1, PerPerson: &app.Rate{}, PerAddress: &app.Rate{},
		Logger: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	root, _, err := app.Init(t.Context(), w.config, cordon.Organisation{Name: "HUB"},
		cordon.Person{Name: "root", Clearances: map[string]string{"us": "TS"}})
	if err != nil {
		t.Fatal(err)
	}
	if w.app, err = app.New(context.Background(), w.config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.app.Close() })
	w.handler = theContract().checked(t, w.app.Handler())
	w.person["root"], w.token["root"] = root.ID, w.app.FirstPersonToken()
	w.as["root"] = client.InProcess(w.handler, w.token["root"])
	w.populate()
	return w
}

func (w *world) populate() {
	ctx := w.t.Context()
	for _, o := range []wire.OrganisationDraft{
		{Name: "MERIDIAN", Country: "GBR", Communities: []string{"FIN-ISAC"}},
		{Name: "VALDOR", Title: "Valdor Service", Country: "USA"},
		{Name: "TARSIS", Country: "FRA"},
	} {
		if _, err := w.as["root"].AddOrganisation(ctx, o); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, p := range []struct{ org, name, roles string }{
		{"MERIDIAN", "mara", "reader author release-authority security-officer"},
		{"VALDOR", "ana", "reader author"},
		{"VALDOR", "sol", "reader release-authority security-officer auditor"},
		{"TARSIS", "theo", "reader author security-officer"},
	} {
		w.add(p.org, p.name, strings.Fields(p.roles)...)
	}
}

func (w *world) add(org, name string, roles ...string) {
	w.t.Helper()
	draft := wire.PersonDraft{Organisation: org, Name: name, Clearances: map[string]string{"us": "S"}}
	for _, r := range roles {
		draft.Roles = append(draft.Roles, cordon.Role(r))
	}
	p, err := w.as["root"].AddPerson(w.t.Context(), draft)
	if err != nil {
		w.t.Fatal(err)
	}
	token, err := w.as["root"].NewToken(w.t.Context(), org+"/"+name, wire.TokenDraft{Label: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.person[name], w.token[name] = p.ID, token.Token
	w.as[name] = client.InProcess(w.handler, token.Token)
}

// arrange drafts an arrangement of mara's with VALDOR, and has sol agree.
func (w *world) arrange(draft wire.ArrangementDraft) wire.Arrangement {
	w.t.Helper()
	a, err := w.as["mara"].AddArrangement(w.t.Context(), draft)
	if err == nil {
		a, err = w.as["sol"].Agree(w.t.Context(), string(a.ID), a.Proposal.ID)
	}
	if err != nil || a.State != cordon.ArrangementStateInForce {
		w.t.Fatalf("arrange: %+v, %v", a, err)
	}
	return a
}

// raw sends a request as it is; who may be empty.
func (w *world) raw(who, method, target, body string, header ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, in)
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+w.token[who])
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec
}

// publish writes a report of marked paragraphs, "(S//NF) text"; the first is
// the title.
func (w *world) publish(who string, draft wire.Draft, paragraphs ...string) wire.Published {
	w.t.Helper()
	out, err := w.as[who].Publish(w.t.Context(), drafted(draft, paragraphs...))
	if err != nil {
		w.t.Fatalf("publish as %s: %v", who, err)
	}
	return out
}

func drafted(draft wire.Draft, paragraphs ...string) wire.Draft {
	if draft.Kind == "" {
		draft.Kind = cordon.ReportOriginal
	}
	for i, p := range paragraphs {
		mark, text, _ := strings.Cut(strings.TrimPrefix(p, "("), ") ")
		one := wire.PortionDraft{Marking: mark, Text: text}
		if i == 0 {
			draft.Title = one
			continue
		}
		draft.Portions = append(draft.Portions, one)
	}
	return draft
}

// must fails the test on an error.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantKind(t testing.TB, what string, err error, kind cordon.Kind) {
	t.Helper()
	if err == nil || cordon.KindOf(err) != kind {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
}
