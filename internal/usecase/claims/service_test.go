package claims

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
	"cordon/internal/harness/casetest"
	"cordon/internal/harness/sample"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
	"cordon/marking"
)

type fixedKeys struct{}

func (fixedKeys) Root() (root [32]byte, err error) { root[0] = 7; return root, nil }

type stopped struct{}

func (stopped) Now() time.Time { return noon }

// world is an incident of one organisation and everybody around it.
type world struct {
	*act.Base
	org      cordon.ID
	incident cordon.ID
	officer  cordon.ID
	// custodian is of another organisation and named in the circle.
	custodian cordon.ID
	// outsiders are those for whom the incident does not exist.
	outsiders map[string]cordon.ID
}

func newWorld(t *testing.T, store cordon.Store) world {
	t.Helper()
	keys, err := vault.New(fixedKeys{})
	if err != nil {
		t.Fatal(err)
	}
	w := world{
		Base:      &act.Base{Store: store, Vault: keys, Rules: reader.NewRuleCache(marking.NewSet()), Clock: stopped{}},
		org:       cordon.NewID(),
		incident:  cordon.NewID(),
		officer:   cordon.NewID(),
		custodian: cordon.NewID(),
		outsiders: map[string]cordon.ID{
			"officer of another organisation": cordon.NewID(),
			"colleague with every other role": cordon.NewID(),
		},
	}
	other := cordon.NewID()
	must(t, store.Update(t.Context(), func(tx cordon.WriteTx) error {
		return errors.Join(
			tx.PutOrganisation(cordon.Organisation{ID: w.org, Name: "NORTHLAND"}),
			tx.PutOrganisation(cordon.Organisation{ID: other, Name: "ISLES"}),
			keys.NewOwner(tx, w.org),
			keys.NewOwner(tx, other),
			tx.PutPerson(cordon.Person{ID: w.officer, Org: w.org, Name: "ola", Roles: []cordon.Role{cordon.RoleSecurityOfficer}}),
			tx.PutPerson(cordon.Person{ID: w.custodian, Org: other, Name: "cai", Roles: []cordon.Role{cordon.RoleReader}}),
			tx.PutPerson(cordon.Person{
				ID: w.outsiders["officer of another organisation"], Org: other, Name: "oda",
				Roles: []cordon.Role{cordon.RoleSecurityOfficer},
			}),
			tx.PutPerson(cordon.Person{
				ID: w.outsiders["colleague with every other role"], Org: w.org, Name: "kim",
				Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleAuditor, cordon.RoleAdministrator},
			}),
			tx.PutIncident(w.newIncident(w.incident)),
		)
	}))
	return w
}

func (w world) newIncident(id cordon.ID) cordon.Incident {
	return cordon.Incident{ID: id, Org: w.org, Opener: w.officer, Title: cordon.Sealed{1}, Opened: noon, Custody: []cordon.ID{w.custodian}}
}

// stores are those the use-cases are tried on.
func stores(t *testing.T) map[string]cordon.Store {
	t.Helper()
	onDisk, err := sqlite.Open(t.Context(), t.TempDir(), storetest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { onDisk.Close() })
	return map[string]cordon.Store{"memory": newMemory(), "sqlite": casetest.Twice{Store: onDisk}}
}

func smallRecord() Record {
	return Record{
		Propositions: []Proposition{{ID: "P1", Text: "the heron was told", Portions: []cordon.ID{cordon.NewID()}}},
		Sources:      []Source{{ID: "S1", Who: "the ministry", Named: true}},
		Statements:   []Statement{{ID: "A1", Source: "S1", Published: minute(0), Stances: map[string]Stance{"P1": Denies}}},
	}
}

func TestCaseEnteredThroughTheService(t *testing.T) { sample.Each(t, caseEnteredThroughTheService) }

func caseEnteredThroughTheService(t *testing.T, s sample.Set) {
	data, expect := readCase(t, s)
	record, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	enter := map[string]func(t *testing.T, w world){
		"as a whole": func(t *testing.T, w world) {
			must(t, Import(t.Context(), w.By(w.officer), w.incident, record))
		},
		"one by one": func(t *testing.T, w world) {
			for _, p := range record.Propositions {
				_, err := AddProposition(t.Context(), w.By(w.officer), w.incident, p)
				must(t, err)
			}
			for _, s := range record.Sources {
				_, err := AddSource(t.Context(), w.By(w.custodian), w.incident, s)
				must(t, err)
			}
			for _, s := range record.Statements {
				_, err := AddStatement(t.Context(), w.By(w.officer), w.incident, s)
				must(t, err)
			}
		},
	}
	for name, enter := range enter {
		for kind, store := range stores(t) {
			t.Run(name+" in "+kind, func(t *testing.T) {
				w := newWorld(t, store)
				enter(t, w)
				for _, e := range expect {
					m, err := Tabulate(t.Context(), w.By(w.custodian), w.incident, instant(t, e["at"]))
					must(t, err)
					assertExpect(t, m, e)
				}
			})
		}
	}
}

func TestIncidentDoesNotExistForOthers(t *testing.T) {
	store := newMemory()
	w := newWorld(t, store)
	must(t, Import(t.Context(), w.By(w.officer), w.incident, smallRecord()))
	entries := len(store.state.entries)
	for who, person := range w.outsiders {
		for what, incident := range map[string]cordon.ID{"withheld": w.incident, "absent": cordon.NewID(), "no id": "x"} {
			_, err := Tabulate(t.Context(), w.By(person), incident, noon)
			if err != cordon.ErrNotFound {
				t.Errorf("%s, %s: Matrix answers %v", who, what, err)
			}
			// Mistakes in the input must not be told either.
			if err := Import(t.Context(), w.By(person), incident, Record{Sources: []Source{{}}}); err != cordon.ErrNotFound {
				t.Errorf("%s, %s: Import answers %v", who, what, err)
			}
			if _, err := AddSource(t.Context(), w.By(person), incident, Source{ID: "S1", Who: "x"}); err != cordon.ErrNotFound {
				t.Errorf("%s, %s: AddSource answers %v", who, what, err)
			}
		}
	}
	if _, err := Tabulate(t.Context(), w.By(cordon.NewID()), w.incident, noon); cordon.KindOf(err) != cordon.KindUnauthenticated {
		t.Errorf("nobody asks and is told %v", err)
	}
	// Each refusal is one entry of the installation's feed, whether the incident
	// is withheld, absent or no id at all, and names nothing. That of the withheld one is
	// in its organisation's too.
	refused := slices.DeleteFunc(slices.Clone(store.state.entries[entries:]), func(e cordon.Entry) bool {
		return e.Feed == w.org && e.Subject == w.incident && e.Outcome == cordon.OutcomeRefused
	})
	if told := len(store.state.entries) - entries - len(refused); told != 3*len(w.outsiders) {
		t.Errorf("the incident's organisation is told of %d refusals, want %d", told, 3*len(w.outsiders))
	}
	if want := 3 * 3 * len(w.outsiders); len(refused) != want {
		t.Errorf("%d ledger entries of refusals, want %d", len(refused), want)
	}
	for _, e := range refused {
		if e.Act != cordon.ActClaim || e.Outcome != cordon.OutcomeRefused || e.Feed != "" || e.Subject != "" {
			t.Errorf("a refusal is recorded as %+v", e)
		}
	}
}

func TestEveryUseIsInTheLedgerAndNothingIsInTheClear(t *testing.T) {
	store := newMemory()
	w := newWorld(t, store)
	must(t, Import(t.Context(), w.By(w.officer), w.incident, smallRecord()))
	_, err := Tabulate(t.Context(), w.By(w.custodian), w.incident, time.Time{})
	must(t, err)
	if len(store.state.entries) != 2 {
		t.Fatalf("%d ledger entries, want one for each use", len(store.state.entries))
	}
	for i, actor := range []cordon.ID{w.officer, w.custodian} {
		e := store.state.entries[i]
		if e.Act != cordon.ActClaim || e.Feed != w.org || e.Actor != w.ActorIn(e.Feed, e.ActorOrg, actor) || e.Subject != w.incident || !e.At.Equal(noon) {
			t.Errorf("entry %d: %+v", i, e)
		}
	}
	for _, c := range store.state.claims {
		for _, word := range []string{"heron", "ministry", "P1", "denies"} {
			if bytes.Contains(c.Body, []byte(word)) {
				t.Errorf("a %s lies with %q in the clear", c.Kind, word)
			}
		}
	}
}

func TestRecordsOpenOnlyInTheirPlace(t *testing.T) {
	for name, move := range map[string]func(c *cordon.ClaimRecord){
		"another kind": func(c *cordon.ClaimRecord) { c.Kind = cordon.ClaimSource },
		"another id":   func(c *cordon.ClaimRecord) { c.ID = cordon.NewID() },
		"changed":      func(c *cordon.ClaimRecord) { c.Body = append(c.Body[:len(c.Body):len(c.Body)], 0) },
	} {
		store := newMemory()
		w := newWorld(t, store)
		must(t, Import(t.Context(), w.By(w.officer), w.incident, smallRecord()))
		move(&store.state.claims[0])
		if _, err := Tabulate(t.Context(), w.By(w.officer), w.incident, noon); cordon.KindOf(err) != cordon.KindInternal || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A record moved to another incident of the same organisation.
	store := newMemory()
	w := newWorld(t, store)
	must(t, Import(t.Context(), w.By(w.officer), w.incident, smallRecord()))
	second := cordon.NewID()
	store.state.incidents[second] = w.newIncident(second)
	store.state.claims[0].Incident = second
	if _, err := Tabulate(t.Context(), w.By(w.officer), second, noon); err == nil {
		t.Error("a record opens in another incident")
	}
}

func TestEnteringTwiceIsAConflict(t *testing.T) {
	store := newMemory()
	w := newWorld(t, store)
	r := smallRecord()
	must(t, Import(t.Context(), w.By(w.officer), w.incident, r))
	before := len(store.state.claims)
	for name, again := range map[string]Record{
		"all":         r,
		"proposition": {Propositions: r.Propositions},
		"source":      {Sources: r.Sources},
		"statement":   {Statements: r.Statements},
	} {
		if err := Import(t.Context(), w.By(w.officer), w.incident, again); cordon.KindOf(err) != cordon.KindConflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := Record{Sources: []Source{{ID: "S2", Who: "x"}}, Statements: []Statement{{ID: "A2", Source: "S3"}}}
	if err := Import(t.Context(), w.By(w.officer), w.incident, bad); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("a bad record: %v", err)
	}
	if got := len(store.state.claims); got != before {
		t.Errorf("%d records of refused imports stayed", got-before)
	}
}

func TestAnEmptyIDIsDrawn(t *testing.T) {
	w := newWorld(t, newMemory())
	p, err := AddProposition(t.Context(), w.By(w.officer), w.incident, Proposition{Text: "x"})
	must(t, err)
	s, err := AddSource(t.Context(), w.By(w.officer), w.incident, Source{Who: "x"})
	must(t, err)
	a, err := AddStatement(t.Context(), w.By(w.officer), w.incident,
		Statement{Source: s, Published: noon, Stances: map[string]Stance{p: Confirms}})
	must(t, err)
	m, err := Tabulate(t.Context(), w.By(w.officer), w.incident, time.Time{})
	must(t, err)
	if said := m.Propositions[0].Said; len(said) != 1 || said[0].Statement != a || said[0].Source != s {
		t.Errorf("said: %+v", said)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		var e *cordon.Error
		if errors.As(err, &e) {
			var issues []string
			for _, i := range e.Issues {
				issues = append(issues, i.Problem)
			}
			t.Fatalf("%v: %s (%v)", err, strings.Join(issues, "; "), errors.Unwrap(err))
		}
		t.Fatal(err)
	}
}
