package webui_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"cordon"
	"cordon/internal/app"
	"cordon/internal/harness/pages"
	"cordon/wire"
)

// accounts are the people of the provider; a test changes what is said of them.
type accounts map[string]*storage.User

func (a accounts) GetUserByID(id string) *storage.User { return a[id] }

func (a accounts) GetUserByUsername(name string) *storage.User {
	for _, u := range a {
		if u.Username == name {
			return u
		}
	}
	return nil
}

func (accounts) ExampleClientID() string { return "" }

// provider is a real OpenID provider on loopback.
func provider(t *testing.T, people accounts, callback string) (issuer string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	issuer = "http://localhost:" + port + "/"
	// The example's server writes its requests to the log of the process.
	old := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(old) })
	store := storage.NewStorageWithClients(people, map[string]*storage.Client{"cordon": storage.WebClient("cordon", "the client's secret", callback)})
	server.Config.Handler = exampleop.SetupServer(issuer, store, nil, false, op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	server.Start()
	t.Cleanup(server.Close)
	return issuer
}

// TestWithAnOpenIDProvider: whoever signs in at the provider holds what the
// rules make of what it says, each time anew, and nothing else.
func TestWithAnOpenIDProvider(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	origin := "http://localhost:" + port
	people := accounts{
		"id1": {ID: "id1", Username: "ada", Password: "verysecure", FirstName: "Ada", LastName: "Quill", Email: "ada@hub.example", EmailVerified: true},
		"id2": {ID: "id2", Username: "bo", Password: "verysecure", FirstName: "Ada", LastName: "Quill", Email: "bo@hub.example"},
	}
	issuer := provider(t, people, origin+"/signin/oidc/callback")

	dir := t.TempDir()
	file := filepath.Join(dir, "oidc.json")
	describe := func(provision bool) {
		t.Helper()
		text, err := json.Marshal(map[string]any{
			"label": "the agency", "issuer": issuer, "clientId": "cordon", "clientSecretFile": "secret", "organisation": "HUB",
			"scopes": []string{"profile", "email"}, "userInfo": true, "provision": provision, "name": "name",
			"rules": []map[string]any{
				{"claim": "email", "value": "ada@hub.example", "clearances": map[string]string{"us": "S"}, "readIns": []string{"us:SI"}, "roles": []string{"reader"}, "nationality": "GBR"},
				{"claim": "email", "value": "ada.quill@hub.example", "clearances": map[string]string{"us": "C"}, "roles": []string{"reader", "author"}},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("the client's secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	describe(true)
	log := &written{}
	config := app.Config{DataDir: filepath.Join(dir, "data"), Origin: origin, Beat: -1, ProviderFile: file, Logger: slog.New(slog.NewTextHandler(log, nil))}
	if _, _, err := app.Init(t.Context(), config, cordon.Organisation{Name: "HUB"}, cordon.Person{Name: "root"}); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = a.Handler()
	server.Start()
	t.Cleanup(func() { server.Close(); a.Close() })
	api := a.FirstPersonClient()

	if _, _, page := pages.NewBrowser(t, origin).Do("GET", "/signin", nil); !strings.Contains(page, "Sign in with the agency") {
		t.Errorf("the page does not name the provider: %s", page)
	}
	b := pages.NewBrowser(t, origin)
	if status, at, page := through(b, issuer, "ada"); status != 200 || at != "/signin/oidc/callback" || !strings.Contains(page, "You are signed in") {
		t.Fatalf("signed in: %d at %s: %s", status, at, page)
	}
	held := func(want string) {
		t.Helper()
		status, _, body := b.Do("GET", "/api/v1/me", nil)
		var me wire.Me
		if err := json.Unmarshal([]byte(body), &me); err != nil || status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		if got := fmt.Sprintf("%s %v %v %v %s", me.Person.Name, me.Person.Clearances, me.Person.ReadIns, me.Person.Roles, me.Person.Nationality); got != want {
			t.Errorf("holds %s, want %s", got, want)
		}
	}
	held("Ada Quill map[us:S] [us:SI] [reader] GBR")
	// Said otherwise, he holds otherwise from the next sign-in on, in the
	// session that he has already too.
	people["id1"].Email = "ada.quill@hub.example"
	through(pages.NewBrowser(t, origin), issuer, "ada")
	held("Ada Quill map[us:C] [] [reader author] ")
	people["id1"].Email = "somebody.else@hub.example"
	through(pages.NewBrowser(t, origin), issuer, "ada")
	held("Ada Quill map[] [] [] ")

	// An account of the same name is not he.
	if status, _, page := through(pages.NewBrowser(t, origin), issuer, "bo"); status != 401 || !strings.Contains(page, "does not sign anybody in here") {
		t.Errorf("an account of the same name: %d %s", status, page)
	}
	// What another browser began is not finished here, nor is anything twice.
	if status, _, _ := pages.NewBrowser(t, origin).Do("GET", "/signin/oidc/callback?state=x&code=y", nil); status != 401 {
		t.Errorf("a callback that nobody asked for: %d", status)
	}
	if _, err := api.ChangePerson(t.Context(), "HUB/Ada Quill", wire.PersonDraft{Organisation: "HUB", Name: "Ada Quill", Suspended: true}); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := through(pages.NewBrowser(t, origin), issuer, "ada"); status != 401 {
		t.Errorf("suspended: %d", status)
	}
	if status, _, _ := b.Do("GET", "/api/v1/me", nil); status != 401 {
		t.Errorf("suspended, in a session: %d", status)
	}
	if !strings.Contains(log.String(), "somebody else has the name that the provider gives") || !strings.Contains(log.String(), "the person is suspended") {
		t.Errorf("the log does not say why they were not signed in:\n%s", log)
	}

	// What is wrong with the provider itself is in the log, and read anew.
	secret := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "secret"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := a.Reload(); err != nil {
			t.Fatal(err)
		}
	}
	secret("another secret")
	if status, _, page := through(pages.NewBrowser(t, origin), issuer, "ada"); status != 503 || strings.Contains(page, "invalid_client") {
		t.Errorf("with a wrong secret: %d %s", status, page)
	}
	if !strings.Contains(log.String(), "invalid_client") || strings.Contains(log.String(), "another secret") {
		t.Errorf("the log of a wrong secret:\n%s", log)
	}
	secret("the client's secret")
	unknown := httptest.NewTLSServer(http.NotFoundHandler())
	unknown.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(unknown.Close)
	real := issuer
	issuer = unknown.URL
	describe(true)
	issuer = real
	if err := a.Reload(); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := pages.NewBrowser(t, origin).Do("GET", "/signin/oidc", nil); status != 503 {
		t.Errorf("a provider of an unknown authority: %d", status)
	}
	if !strings.Contains(log.String(), "certificate signed by unknown authority") {
		t.Errorf("the log of an unknown authority:\n%s", log)
	}
	feed, err := api.VerifyLedger(t.Context(), wire.VerificationDraft{})
	if err != nil || !feed.OK {
		t.Errorf("the ledger: %+v, %v", feed, err)
	}
}

// written is a log that many goroutines write to.
type written struct {
	mu   sync.Mutex
	text strings.Builder
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

var requestID = regexp.MustCompile(`name="id" value="([^"]*)"`)

// through goes to the provider and signs in there.
func through(b *pages.Browser, issuer, name string) (int, string, string) {
	b.T.Helper()
	res, err := b.HTTP.Get(b.Origin + "/signin/oidc")
	if err != nil {
		b.T.Fatal(err)
	}
	page := make([]byte, 1<<16)
	n, _ := res.Body.Read(page)
	res.Body.Close()
	id := requestID.FindSubmatch(page[:n])
	if id == nil {
		b.T.Fatalf("at %s: %s", res.Request.URL, page[:n])
	}
	r, err := http.NewRequestWithContext(b.T.Context(), "POST", issuer+"login/username",
		strings.NewReader(url.Values{"username": {name}, "password": {"verysecure"}, "id": {string(id[1])}}.Encode()))
	if err != nil {
		b.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if res, err = b.HTTP.Do(r); err != nil {
		b.T.Fatal(err)
	}
	defer res.Body.Close()
	var text strings.Builder
	for {
		n, err := res.Body.Read(page)
		text.Write(page[:n])
		if err != nil {
			break
		}
	}
	return res.StatusCode, res.Request.URL.Path, text.String()
}
