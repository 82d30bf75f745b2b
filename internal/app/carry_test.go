package app

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"cordon"
	"cordon/internal/harness/pgtest"
	"cordon/wire"
)

// world is a small installation over the API: a report with a struck portion, a person
// with a token, and the checkpoint of then.
type world struct {
	report     cordon.ID
	portions   []cordon.ID
	incident   cordon.ID
	token      string
	checkpoint string
}

func small(t *testing.T, c Config) world {
	t.Helper()
	a := opened(t, c)
	ctx, api := t.Context(), a.FirstPersonClient()
	d := draft("Night shift")
	for _, text := range []string{"The courier comes at nine.", "The quartermaster counts crates.", "Nothing else of note."} {
		d.Portions = append(d.Portions, wire.PortionDraft{Marking: "U", Text: text})
	}
	published, err := api.Publish(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	w := world{report: published.Report}
	for _, p := range published.Portions {
		w.portions = append(w.portions, p.ID)
	}
	incident, err := api.OpenIncident(ctx, wire.IncidentDraft{Title: "The Friday meeting"})
	if err != nil {
		t.Fatal(err)
	}
	w.incident = incident.ID
	w.strike(t, a, w.portions[2]) // the title is the first
	token, err := api.NewToken(ctx, "root", wire.TokenDraft{Label: "a program's"})
	if err != nil {
		t.Fatal(err)
	}
	w.token = token.Token
	if w.checkpoint, err = a.ledger.Tick(ctx, 0); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w world) strike(t *testing.T, a *App, portion cordon.ID) {
	t.Helper()
	if _, err := a.FirstPersonClient().Contain(t.Context(), w.incident, wire.Plan{Strike: []cordon.ID{portion}}); err != nil {
		t.Fatal(err)
	}
}

// reads opens the installation and holds what the token is shown, and the ledger,
// against what is expected.
func (w world) reads(t *testing.T, c Config, shown, withheld string) {
	t.Helper()
	a, err := New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	code, body := ask(t, a, w.token, "GET", "/reports/"+string(w.report), "")
	if code != 200 || !strings.Contains(body, shown) || strings.Contains(body, withheld) {
		t.Errorf("opened it is %d %s", code, body)
	}
	v, err := a.FirstPersonClient().VerifyLedger(t.Context(), wire.VerificationDraft{Kept: []string{w.checkpoint}})
	if err != nil || !v.OK {
		t.Errorf("the ledger: %+v, %v", v, err)
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	c, _ := initialised(t)
	w := small(t, c)
	key := filepath.Join(c.DataDir, KeyFileName)
	there := Config{PostgresURL: pgtest.Start(t), KeyFile: key}
	running := opened(t, c)
	if _, err := Migrate(t.Context(), c, there); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("while a server runs: %v", err)
	}
	running.Close()
	w.reads(t, c, "courier", "quartermaster")

	done, err := Migrate(t.Context(), c, there)
	if err != nil || done.Rows < 50 {
		t.Fatalf("%d rows: %v", done.Rows, err)
	}
	w.reads(t, there, "courier", "quartermaster")
	if _, err := New(t.Context(), c); cordon.KindOf(err) != cordon.KindConflict || !strings.Contains(err.Error(), "was moved") {
		t.Errorf("the source is opened: %v", err)
	}
	if _, err := Migrate(t.Context(), c, Config{DataDir: t.TempDir()}); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("the source is moved again: %v", err)
	}

	back := Config{DataDir: filepath.Join(t.TempDir(), "data"), KeyFile: key}
	if _, err := Migrate(t.Context(), there, back); err != nil {
		t.Fatal(err)
	}
	w.reads(t, back, "courier", "quartermaster")
	// Into what is not empty nothing is moved, and the source stays what it was.
	if _, err := Migrate(t.Context(), back, there); cordon.KindOf(err) != cordon.KindConflict {
		t.Errorf("into what is not empty: %v", err)
	}
	w.reads(t, back, "courier", "quartermaster")
	// The checkpoint beside the key knows that somebody has worked on the target.
	if err := StayBack(t.Context(), there); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), there); err == nil || !strings.Contains(err.Error(), "shorter than it was") {
		t.Errorf("the source is opened though there is newer work: %v", err)
	}

	if _, err := Migrate(t.Context(), Config{DataDir: back.DataDir, KeyFile: anotherKey(t)}, Config{DataDir: filepath.Join(t.TempDir(), "data")}); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("with another root key: %v", err)
	}
	w.reads(t, back, "courier", "quartermaster")
}
