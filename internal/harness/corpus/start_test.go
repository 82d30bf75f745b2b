package corpus

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"cordon"
	"cordon/internal/app"
	"cordon/internal/harness/casetest"
)

// This file is all that the corpus knows of Cordon's Go: how an installation is
// set up and its handler had. Everything else it does over HTTP, so that what
// it compares survives any change behind the API.

// store says which database an installation lies in: none is the embedded one.
type store func(t *testing.T) string

func sqlite(*testing.T) string     { return "" }
func postgres(t *testing.T) string { return casetest.Database(t) }

// start sets an installation up with the organisation HUB and, in it, the
// person root, who has every role and is cleared to TS. It gives the secret by which
// root works on the data itself, where everybody's people are theirs to look after, and
// the directory of the data.
func start(t *testing.T, in store, c *clock) (handler http.Handler, secret, dir string) {
	t.Helper()
	config := app.Config{
		TickInterval: 24 * time.Hour,
		DataDir:      filepath.Join(t.TempDir(), "data"), PostgresURL: in(t), Clock: c,
		// Refusals are not held back and nobody is slowed down: neither is
		// compared here, and both take time.
		RefusalInterval: time.Microsecond, Beat: -1, PerPerson: &app.Rate{}, PerAddress: &app.Rate{},
	}
	_, _, err := app.Init(t.Context(), config, cordon.Organisation{Name: "HUB"},
		cordon.Person{Name: "root", Clearances: map[string]string{"us": "TS"}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a.Handler(), a.FirstPersonToken(), config.DataDir
}
