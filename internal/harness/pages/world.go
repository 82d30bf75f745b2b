// Package pages is what tests of the pages are made with: a small installation,
// people at its pages without JavaScript, and the story as they play it. Its own
// tests play it in a browser.
package pages

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon"
	"cordon/client"
	"cordon/internal/app"
	"cordon/internal/edge/httpapi"
	"cordon/wire"
)

// World is an installation with the people of the story, each of whom can be
// signed in as.
type World struct {
	Origin string
	// API is the client of the first person, who holds every role in HARBOUR.
	API *client.Client
	App *app.App
	IDs map[string]cordon.ID // of people and organisations, by name

	mu       sync.Mutex
	enrolled []string
}

// Cast are the people of the story, by who they are to it.
var Cast = map[string]string{
	"owner": "MERIDIAN/Edda Storm", "officer": "HARBOUR/Iris Vane", "analyst": "HARBOUR/Tomas Reed", "desk": "HARBOUR/Noor Falk",
	"ally": "LANTERN/Jun Okafor", "visitor": "CORMORANT/Pell Hartmann",
}

// New makes one in which nothing has happened yet.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{IDs: make(map[string]cordon.ID)}
	server := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	w.Origin = "http://localhost:" + port
	config := app.Config{DataDir: filepath.Join(t.TempDir(), "data"), Origin: w.Origin, Beat: -1, Cast: &app.Cast{Session: w.session}, PerPerson: &httpapi.Rate{}, PerAddress: &httpapi.Rate{}}
	for _, name := range Cast {
		config.Cast.People = append(config.Cast.People, app.Role{Key: name, Name: name[strings.Index(name, "/")+1:]})
	}
	first := cordon.Person{Name: "Iris Vane", Clearances: map[string]string{"us": "TS"}, ReadIns: cordon.ReadIns("us:SI"), Roles: cordon.Roles()}
	if _, _, err := app.Init(t.Context(), config, cordon.Organisation{Name: "HARBOUR", Country: "USA"}, first); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = a.Handler()
	server.Start()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close(); a.Close() })
	w.App, w.API = a, a.FirstPersonClient()
	for name, country := range map[string]string{"MERIDIAN": "XMD", "LANTERN": "XLN", "CORMORANT": "XCO"} {
		o, err := w.API.AddOrganisation(t.Context(), wire.OrganisationDraft{Name: name, Country: country})
		if err != nil {
			t.Fatal(err)
		}
		w.IDs[name] = o.ID
	}
	everything, most := cordon.ReadIns("us:SI"), []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleAuditor}
	for _, p := range []wire.PersonDraft{
		{Organisation: "MERIDIAN", Name: "Edda Storm", Clearances: map[string]string{"us": "TS"}, ReadIns: everything, Roles: most},
		{Organisation: "HARBOUR", Name: "Tomas Reed", Clearances: map[string]string{"us": "TS"}, ReadIns: everything, Roles: most[:2]},
		{Organisation: "HARBOUR", Name: "Noor Falk", Clearances: map[string]string{"us": "S"}, Roles: most[:1]},
		{Organisation: "LANTERN", Name: "Jun Okafor", Clearances: map[string]string{"us": "TS"}, ReadIns: everything, Roles: most[:2]},
		{Organisation: "CORMORANT", Name: "Pell Hartmann", Clearances: map[string]string{"us": "C"}, Roles: most[:1]},
	} {
		added, err := w.API.AddPerson(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		w.IDs[p.Name] = added.ID
	}
	me, err := w.API.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.IDs["HARBOUR"], w.IDs["Iris Vane"] = me.Organisation.ID, me.Person.ID
	return w
}

// session signs a person in, who is enrolled before for the first time.
func (w *World) session(r *http.Request, key string) (string, time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.enrolled, key) {
		s, err := w.App.Client("").SignIn(r.Context(), wire.Credentials{Name: key, Password: Password})
		return s.Secret, s.Expires, err
	}
	w.enrolled = append(w.enrolled, key)
	e, err := w.API.Enrol(r.Context(), key)
	if err != nil {
		return "", time.Time{}, err
	}
	s, err := w.App.Client("").UseEnrolment(r.Context(), wire.EnrolmentUse{Secret: e.Secret, Password: Password})
	return s.Secret, s.Expires, err
}

// Empty is an installation with one reader who has not enrolled, on localhost as
// browsers know it.
func Empty(t testing.TB) (origin string, api *client.Client) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	_, port, _ := strings.Cut(server.Listener.Addr().String(), ":")
	config := app.Config{DataDir: filepath.Join(t.TempDir(), "data"), Origin: "http://localhost:" + port, Beat: -1}
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
	api = a.FirstPersonClient()
	if _, err := api.AddPerson(t.Context(), wire.PersonDraft{Organisation: "HUB", Name: "Ada Quill", Roles: []cordon.Role{cordon.RoleReader}}); err != nil {
		t.Fatal(err)
	}
	return config.Origin, api
}

// Enrolment is a code by which that reader enrols.
func Enrolment(t testing.TB, api *client.Client) string {
	t.Helper()
	e, err := api.Enrol(t.Context(), "HUB/Ada Quill")
	if err != nil {
		t.Fatal(err)
	}
	return e.Secret
}
