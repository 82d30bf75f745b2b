// Package casetest sets up a small world for tests of the use-cases: an
// installation on a real store, with a clock the test moves, and three
// organisations whose people hold what the story needs.
//
//	MERIDIAN (GBR)  owns the report         mara: author, release authority, security officer
//	VALDOR   (USA)  receives it             ana: reader, author; sol: security officer, auditor, all cleared S
//	TARSIS   (FRA)  is the third party      theo: reader, author, cleared S
//	HUB             runs the installation   root: every role, cleared TS
package casetest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/notice"
	"cordon/internal/core/reader"
	"cordon/internal/core/tokens"
	"cordon/internal/core/vault"
	"cordon/internal/harness/pgtest"
	"cordon/internal/store/postgres"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/signin"
	"cordon/internal/usecase/writing"
	"cordon/marking"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

// Clock is a clock that stands still until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now implements cordon.Clock. Every reading is a microsecond later, so that
// what was done first is first.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Microsecond)
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// World is an installation with everybody in it.
type World struct {
	Dir string // of the SQLite store; empty on PostgreSQL
	// Base is what everybody acts on; arrangements are in force once all
	// parties have agreed: see Arrange.
	*act.Base
	Clock *Clock

	SignIn *signin.Methods
	// Channels says that mail is sent, and no webhook over plain HTTP.
	Channels notice.ChannelConfig

	// Org and Person are by the names of the package comment.
	Org    map[string]cordon.Organisation
	Person map[string]cordon.Person
}

type rootKey [32]byte

func (k rootKey) Root() ([32]byte, error) { return k, nil }

// Local is root at work on the data itself, where everybody's people are theirs to
// look after.
func (w *World) Local() act.Caller {
	return w.As(cordon.Principal{Person: w.ID("root"), Scopes: cordon.AllScopes(), Local: true})
}

// OnBothStores runs the test on SQLite and on PostgreSQL at once, each with a
// world of its own.
func OnBothStores(t *testing.T, test func(t *testing.T, w *World)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, New(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		store, err := postgres.Open(t.Context(), Database(t), storetest.Key)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		test(t, On(t, store))
	})
}

// Database gives the URL of a new PostgreSQL database with Cordon's tables, all of
// them empty.
func Database(t testing.TB) string {
	t.Helper()
	return pgtest.Prepared(t, func(ctx context.Context, url string) error {
		store, err := postgres.Open(ctx, url, storetest.Key)
		if err != nil {
			return err
		}
		return store.Close()
	})
}

// blank is an empty database of Cordon's. Making the tables takes SQLite a third of what
// a short test takes, since each column that a later schema adds has it read all of
// them again; copying them takes nothing.
var blank = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "casetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	store, err := sqlite.Open(context.Background(), dir, storetest.Key)
	if err == nil {
		err = store.Close()
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, sqlite.FileName))
})

// blankDir makes a directory with an empty database of Cordon's in it.
func blankDir(t testing.TB) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	data, err := blank()
	if err == nil {
		err = os.Mkdir(dir, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, sqlite.FileName), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// New sets up a world on SQLite in a directory of its own.
func New(t testing.TB) *World {
	t.Helper()
	dir := blankDir(t)
	store, err := sqlite.Open(context.Background(), dir, storetest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w := On(t, store)
	w.Dir = dir
	return w
}

// On sets up a world on an empty store. In a test every function that is handed
// to the store is run twice: see Twice.
func On(t testing.TB, store cordon.Store) *World {
	t.Helper()
	if _, measured := t.(*testing.B); !measured {
		store = Twice{store}
	}
	w := Wire(t, store)
	signer, verifier, err := ledger.GenerateKey("casetest")
	if err != nil {
		t.Fatal(err)
	}
	if w.Ledger, err = ledger.New(store, signer, verifier, w.Clock); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	root, _, err := people.Initialise(ctx, w.Base,
		cordon.Organisation{Name: "HUB"},
		cordon.Person{Name: "root", Clearances: map[string]string{"us": "TS"}},
		func(cordon.WriteTx) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	w.Person["root"] = root
	for _, o := range []cordon.Organisation{
		{Name: "MERIDIAN", Country: "GBR", Communities: []string{"FIN-ISAC"}},
		{Name: "VALDOR", Country: "USA"},
		{Name: "TARSIS", Country: "FRA"},
	} {
		if o, err = people.AddOrganisation(ctx, w.Local(), o); err != nil {
			t.Fatal(err)
		}
		w.Org[o.Name] = o
	}
	secret := map[string]string{"us": "S"}
	for _, p := range []struct {
		org    string
		person cordon.Person
	}{
		{"MERIDIAN", cordon.Person{Name: "mara", Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer}, Clearances: secret}},
		{"VALDOR", cordon.Person{Name: "ana", Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor}, Clearances: secret}},
		{"VALDOR", cordon.Person{Name: "sol", Roles: []cordon.Role{cordon.RoleReader, cordon.RoleSecurityOfficer, cordon.RoleReleaseAuthority, cordon.RoleAuditor}, Clearances: secret}},
		{"TARSIS", cordon.Person{Name: "theo", Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleSecurityOfficer}, Clearances: secret}},
	} {
		p.person.Org = w.Org[p.org].ID
		person, err := people.AddPerson(ctx, w.Local(), p.person)
		if err != nil {
			t.Fatal(err)
		}
		w.Person[person.Name] = person
	}
	hub, err := people.Me(ctx, w.By(root.ID))
	if err != nil {
		t.Fatal(err)
	}
	w.Org["HUB"] = hub.Org
	return w
}

// Wire makes the services on a store, as another node on the same store would
// have them: with the same root key and nothing in memory. It adds nobody.
func Wire(t testing.TB, store cordon.Store) *World {
	t.Helper()
	v, err := vault.New(rootKey{1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	schemes := marking.NewSet(us.Scheme(), tlp.Scheme())
	clock := &Clock{now: time.Date(2026, 5, 15, 9, 0, 0, 0, time.UTC)}
	base := &act.Base{
		Store: store, Vault: v, Rules: reader.NewRuleCache(schemes), Schemes: schemes, Tokens: tokens.New(v.Subkey("tokens")), Clock: clock,
	}
	signIn, err := signin.New(base, signin.Config{Origin: "http://localhost:7878", Cost: signin.Cost{Memory: 64, Passes: 1, Lanes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	return &World{
		Base: base, Clock: clock, SignIn: signIn,
		Channels: notice.ChannelConfig{Mail: true},

		Org:    make(map[string]cordon.Organisation),
		Person: make(map[string]cordon.Person),
	}
}

// Node is a second node on the same store, with everybody of w.
func (w *World) Node(t testing.TB) *World {
	t.Helper()
	return w.NodeOn(t, w.Store)
}

// NodeOn is a second node with a store of its own on the same database.
func (w *World) NodeOn(t testing.TB, store cordon.Store) *World {
	t.Helper()
	n := Wire(t, store)
	n.Org, n.Person, n.Dir, n.Ledger = w.Org, w.Person, w.Dir, w.Ledger
	n.Clock.now = w.Clock.Now()
	return n
}

// ID is the id of the person or organisation of the name.
func (w *World) ID(name string) cordon.ID {
	if p, ok := w.Person[name]; ok {
		return p.ID
	}
	return w.Org[name].ID
}

// Arrange drafts an arrangement as the person, and agrees to it for every other
// party.
func (w *World) Arrange(t testing.TB, person string, draft arrangement.Draft) arrangement.Arrangement {
	t.Helper()
	ctx := context.Background()
	for _, party := range draft.Parties {
		w.authority(t, party)
	}
	a, err := arrangement.Create(ctx, w.By(w.ID(person)), draft)
	for _, party := range draft.Parties {
		if err == nil && party != w.Person[person].Org {
			a, err = arrangement.Agree(ctx, w.By(w.authority(t, party)), a.ID, a.Proposal.ID)
		}
	}
	if err != nil || a.State != cordon.ArrangementStateInForce {
		t.Fatalf("arrange: %+v, %v", a, err)
	}
	return a
}

// authority is a release authority of the organisation, cleared S at least, who
// is made if there is none.
func (w *World) authority(t testing.TB, org cordon.ID) cordon.ID {
	t.Helper()
	for _, p := range w.Person {
		if p.Org == org && p.Has(cordon.RoleReleaseAuthority) && !p.Suspended && p.Clearances["us"] != "C" {
			return p.ID
		}
	}
	p, err := people.AddPerson(context.Background(), w.Local(), cordon.Person{
		Org: org, Name: "authority", Roles: []cordon.Role{cordon.RoleReleaseAuthority}, Clearances: map[string]string{"us": "S"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Person["authority of "+string(org)] = p
	return p.ID
}

// Publish writes a report of marked paragraphs ("(S//NF) text"; the first is
// the title) as the person, given to the organisations.
func (w *World) Publish(t testing.TB, person string, to []string, paragraphs ...string) writing.Published {
	t.Helper()
	draft := w.Draft(t, to, paragraphs...)
	out, err := writing.Publish(context.Background(), w.By(w.ID(person)), draft)
	if err != nil {
		t.Fatalf("publish: %v", err)
	}
	return out
}

// Draft makes the draft that Publish publishes.
func (w *World) Draft(t testing.TB, to []string, paragraphs ...string) writing.Draft {
	t.Helper()
	draft := writing.Draft{Kind: cordon.ReportOriginal}
	for _, name := range to {
		draft.Recipients = append(draft.Recipients, w.ID(name))
	}
	for i, text := range paragraphs {
		marks, rest, ok, err := w.Schemes.LeadingMark(text)
		if err != nil || !ok {
			t.Fatalf("%q has no mark: %v", text, err)
		}
		p := writing.PortionDraft{Kind: cordon.PortionParagraph, Mark: marks.Portion(), Text: strings.TrimSpace(rest)}
		if i == 0 {
			draft.Title = p
			continue
		}
		draft.Portions = append(draft.Portions, p)
	}
	return draft
}

// Texts are the texts a person is shown of a report; nil where it does not
// exist for them.
func (w *World) Texts(t testing.TB, person string, report cordon.ID) []string {
	t.Helper()
	out, err := reading.Open(context.Background(), w.By(w.ID(person)), string(report), cordon.ActRead)
	if cordon.KindOf(err) == cordon.KindNotFound && err != nil {
		return nil
	}
	if err != nil {
		t.Fatalf("open as %s: %v", person, err)
	}
	var texts []string
	for _, p := range out.Portions {
		texts = append(texts, p.Text)
	}
	return texts
}

// Inbox is the texts of the person's notices, newest first.
func (w *World) Inbox(t testing.TB, person string) []string {
	t.Helper()
	all, err := notice.List(context.Background(), w.By(w.ID(person)), cordon.Cursor{}, cordon.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(all))
	for i, n := range all {
		texts[i] = n.Text
	}
	return texts
}

// AbsentFromFiles fails the test if any file of the world's data directory has
// one of the words in it, in any case.
func (w *World) AbsentFromFiles(t testing.TB, words ...string) {
	t.Helper()
	if w.Dir == "" {
		return
	}
	err := filepath.WalkDir(w.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, word := range words {
			if bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(word))) {
				t.Errorf("%s has %q in it", filepath.Base(path), word)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// In is the id by which the organisation's feed names the person.
func (w *World) In(org, person string) cordon.ID {
	p := w.Person[person]
	return w.ActorIn(w.ID(org), p.Org, p.ID)
}

// Feed gives the entries of the organisation's feed for the act and outcome.
func (w *World) Feed(t testing.TB, org string, act cordon.Act, outcome cordon.Outcome) []cordon.Entry {
	t.Helper()
	ctx := context.Background()
	if _, err := w.Ledger.Integrate(ctx); err != nil {
		t.Fatal(err)
	}
	var entries []cordon.Entry
	err := w.Store.View(ctx, func(tx cordon.ReadTx) error {
		entries = nil
		leaves, err := tx.Feed(w.ID(org), 0, 10_000)
		for _, leaf := range leaves {
			if leaf.Entry.Act == act && leaf.Entry.Outcome == outcome {
				entries = append(entries, leaf.Entry)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}
