package mosaic

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
	"cordon/internal/core/vault"
	"cordon/internal/harness/casetest"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
	"cordon/marking"
)

var noon = time.Date(2031, 3, 4, 12, 0, 0, 0, time.UTC)

type fixedKeys struct{}

func (fixedKeys) Root() (root [32]byte, err error) { root[0] = 7; return root, nil }

type stopped struct{}

func (stopped) Now() time.Time { return noon }

// world is an owner with a registry, an audience, and reports between them.
type world struct {
	*act.Base
	t        *testing.T
	dir      string
	registry cordon.ID

	// owner keeps the registry, ally is told things, third is told nothing
	// unless a test does.
	owner, ally, third cordon.ID
	// officer and author are the owner's, alien is the ally's officer.
	officer, author, reader, alien cordon.ID
	// rules by what they say.
	rules map[string]cordon.Rule
	made  int
}

func newWorld(t *testing.T) *world {
	t.Helper()
	keys, err := vault.New(fixedKeys{})
	must(t, err)
	dir := t.TempDir()
	store, err := sqlite.Open(t.Context(), dir, storetest.Key)
	must(t, err)
	t.Cleanup(func() { store.Close() })
	w := &world{
		Base: &act.Base{Store: casetest.Twice{Store: store}, Vault: keys, Rules: reader.NewRuleCache(marking.NewSet()), Clock: stopped{}},
		t:    t, dir: dir,
		owner: cordon.NewID(), ally: cordon.NewID(), third: cordon.NewID(),
		officer: cordon.NewID(), author: cordon.NewID(), reader: cordon.NewID(), alien: cordon.NewID(),
	}
	w.rules = map[string]cordon.Rule{
		"owned": {Owners: []cordon.OwnerPolicy{{Owner: w.owner, Recipients: []cordon.ID{w.ally}}}},
		// The officer is outside the circle.
		"circled": {Owners: []cordon.OwnerPolicy{{Owner: w.owner}}, Circled: true, Circle: []cordon.ID{w.author}},
		"foreign": {Owners: []cordon.OwnerPolicy{{Owner: w.ally, Recipients: []cordon.ID{w.owner}}}},
		"joint": {Owners: []cordon.OwnerPolicy{
			{Owner: w.owner, Recipients: []cordon.ID{w.ally}}, {Owner: w.ally, Recipients: []cordon.ID{w.owner}},
		}},
	}
	w.update(func(tx cordon.WriteTx) error {
		for id, name := range map[cordon.ID]string{w.owner: "NORTHLAND", w.ally: "ISLES", w.third: "OUTER"} {
			if err := errors.Join(tx.PutOrganisation(cordon.Organisation{ID: id, Name: name}), keys.NewOwner(tx, id)); err != nil {
				return err
			}
		}
		for name, rule := range w.rules {
			rule.Normalise()
			w.rules[name] = rule
			if _, err := tx.Intern(rule); err != nil {
				return err
			}
		}
		return errors.Join(
			tx.PutPerson(cordon.Person{ID: w.officer, Org: w.owner, Name: "ola", Roles: []cordon.Role{cordon.RoleSecurityOfficer}}),
			tx.PutPerson(cordon.Person{ID: w.author, Org: w.owner, Name: "aud", Roles: []cordon.Role{cordon.RoleAuthor}}),
			tx.PutPerson(cordon.Person{ID: w.reader, Org: w.owner, Name: "rie", Roles: []cordon.Role{cordon.RoleReader, cordon.RoleAuditor, cordon.RoleAdministrator}}),
			tx.PutPerson(cordon.Person{ID: w.alien, Org: w.ally, Name: "ada", Roles: []cordon.Role{cordon.RoleSecurityOfficer, cordon.RoleReleaseAuthority, cordon.RoleAuthor}}),
		)
	})
	w.registry, err = AddRegistry(t.Context(), w.By(w.officer), small())
	must(t, err)
	return w
}

func (w *world) update(fn func(cordon.WriteTx) error) {
	w.t.Helper()
	must(w.t, w.Store.Update(w.t.Context(), fn))
}

// portion is the title of a new report under the rule, with the facts on it.
// Its text is of no concern here: mosaic opens no portion.
func (w *world) portion(rule string, facts ...string) cordon.Portion {
	w.t.Helper()
	w.made++
	at := noon.Add(-time.Duration(w.made) * time.Minute)
	r := cordon.Report{ID: cordon.NewID(), Kind: cordon.ReportOriginal, Holder: w.owner, Author: w.author, Created: at}
	p := cordon.Portion{
		ID: cordon.NewID(), Report: r.ID, Kind: cordon.PortionTitle, Mark: "S", Rule: w.rules[rule].No(), State: cordon.PortionLive,
		Body: cordon.Sealed("sealed"), Key: cordon.Sealed("sealed"), Created: at,
	}
	w.update(func(tx cordon.WriteTx) error {
		return errors.Join(tx.PutReport(r), tx.PutPortions([]cordon.Portion{p}))
	})
	if len(facts) > 0 {
		who := w.author
		if rule == "foreign" {
			who = w.alien
		}
		must(w.t, AddFacts(w.t.Context(), w.By(who), p.ID, w.facts(facts...)))
	}
	return p
}

func (w *world) facts(texts ...string) (list []Fact) {
	w.t.Helper()
	for _, text := range texts {
		f, err := ParseFact(text)
		must(w.t, err)
		list = append(list, f)
	}
	return list
}

// show records that the organisation was shown the portion.
func (w *world) show(p cordon.Portion, org cordon.ID) {
	w.update(func(tx cordon.WriteTx) error {
		return tx.AddRendition(cordon.Rendition{
			ID: cordon.NewID(), Report: p.Report, Portions: []cordon.ID{p.ID}, Person: cordon.NewID(), Org: org, At: noon, Via: cordon.ActRead,
		})
	})
}

func (w *world) grant(p cordon.Portion, org cordon.ID, until time.Time) {
	w.update(func(tx cordon.WriteTx) error {
		return tx.PutGrant(cordon.Grant{
			ID: cordon.NewID(), Owner: w.owner, To: org, Portions: []cordon.ID{p.ID}, Created: noon.Add(-time.Hour), Until: until,
		})
	})
}

func (w *world) check(audience cordon.ID, in CheckInput) Result {
	w.t.Helper()
	r, err := Check(w.t.Context(), w.By(w.officer), w.registry, audience, in)
	must(w.t, err)
	return r
}

// entries are the ledger entries so far.
func (w *world) entries() (list []cordon.Entry) {
	w.update(func(tx cordon.WriteTx) (err error) {
		list, err = tx.Pending(10_000)
		return err
	})
	return list
}

func TestCheckCountsWhatAnAudienceHasBeenTold(t *testing.T) {
	w := newWorld(t)
	// Five candidates: two in Northland, two in Meridia, one on the Islands;
	// aged 30 to 34.
	shown := w.portion("owned", "city=Northland|Meridia")
	granted := w.portion("joint", "age=..33")
	ended := w.portion("owned", "age=30")
	next := w.portion("owned", "city=Meridia", "age=..40")
	w.show(shown, w.ally)
	w.show(shown, w.ally)
	w.show(granted, w.third)
	w.grant(granted, w.ally, noon.Add(time.Hour))
	w.grant(shown, w.ally, noon.Add(time.Hour))
	w.grant(ended, w.ally, noon.Add(-time.Minute))
	must(t, AddTold(t.Context(), w.By(w.officer), w.registry, w.ally, w.facts("age=31..")))
	must(t, AddTold(t.Context(), w.By(w.officer), w.registry, "", w.facts("city=*")))

	r := w.check(w.ally, CheckInput{Portions: []cordon.ID{next.ID, shown.ID}, Facts: w.facts("age=33")})
	if r.Total != 5 || r.Before != 3 || r.After != 1 || r.Verdict != Narrow || !slices.Equal(r.Candidates, []string{"Cpavia"}) {
		t.Errorf("%+v", r)
	}
	hows := func(effects []Effect) (list []string) {
		for _, e := range effects {
			list = append(list, string(e.How)+" "+e.Fact.String())
		}
		slices.Sort(list)
		return list
	}
	if got, want := hows(r.Known), []string{"granted age=..33", "public city=*", "shown city=Northland|Meridia", "told age=31.."}; !slices.Equal(got, want) {
		t.Errorf("known are %q, want %q", got, want)
	}
	if got, want := hows(r.Further), []string{"proposed age=..40", "proposed age=33", "proposed city=Meridia"}; !slices.Equal(got, want) {
		t.Errorf("further are %q, want %q", got, want)
	}
	for _, e := range r.Further {
		if want := map[string]cordon.ID{"age=33": ""}; e.Fact.String() == "age=33" && e.Portion != want["age=33"] || e.Fact.String() != "age=33" && e.Portion != next.ID {
			t.Errorf("%s stands on %q", e.Fact, e.Portion)
		}
	}
	if sharpest := r.Further[*r.Sharpest].Fact.String(); sharpest != "age=33" {
		t.Errorf("the sharpest is %s", sharpest)
	}
	// Another audience and the public know less.
	if r := w.check(w.third, CheckInput{}); r.Before != 4 || len(r.Known) != 2 {
		t.Errorf("the third: %+v", r)
	}
	if r := w.check("", CheckInput{}); r.Before != 5 || r.Verdict != Wide || len(r.Known) != 1 {
		t.Errorf("the public: %+v", r)
	}
}

func TestContradictoryFactsAreNotWide(t *testing.T) {
	w := newWorld(t)
	must(t, AddTold(t.Context(), w.By(w.officer), w.registry, w.ally, w.facts("city=Islands", "age=..31")))
	r := w.check(w.ally, CheckInput{})
	if r.Before != 0 || r.Verdict != Contradictory || len(r.Contradiction) != 2 {
		t.Errorf("%+v", r)
	}
}

func TestWhatTheCheckerMayNotSeeDoesNotCount(t *testing.T) {
	w := newWorld(t)
	without := w.check(w.ally, CheckInput{})
	hidden := w.portion("circled", "city=Lund")
	foreign := w.portion("foreign", "city=Harrow")
	struck := w.portion("owned", "city=Ostia")
	for _, p := range []cordon.Portion{hidden, foreign, struck} {
		w.show(p, w.ally)
		w.grant(p, w.ally, noon.Add(time.Hour))
	}
	w.update(func(tx cordon.WriteTx) error { return tx.StrikePortion(struck.ID) })
	with := w.check(w.ally, CheckInput{Portions: []cordon.ID{foreign.ID}})
	if !bytes.Equal(asJSON(t, with), asJSON(t, without)) {
		t.Errorf("withheld facts show:\n%s\n%s", asJSON(t, with), asJSON(t, without))
	}
	for name, id := range map[string]cordon.ID{"hidden": hidden.ID, "struck": struck.ID, "absent": cordon.NewID(), "no id": "x"} {
		if _, err := Check(t.Context(), w.By(w.officer), w.registry, w.ally, CheckInput{Portions: []cordon.ID{id}}); err != cordon.ErrNotFound {
			t.Errorf("a check of the %s portion: %v", name, err)
		}
		if err := AddFacts(t.Context(), w.By(w.officer), id, w.facts("city=Lund")); err != cordon.ErrNotFound {
			t.Errorf("facts on the %s portion: %v", name, err)
		}
	}
}

func TestFactsOnTheOldestOfManyReportsCount(t *testing.T) {
	w := newWorld(t)
	for range cordon.MaxPage + 5 {
		w.portion("owned")
	}
	w.show(w.portion("owned", "city=Lund"), w.ally)
	if r := w.check(w.ally, CheckInput{}); r.Before != 1 {
		t.Errorf("%d fit, want 1", r.Before)
	}
}

func TestRegistryDoesNotExistForOthers(t *testing.T) {
	w := newWorld(t)
	seen := w.portion("owned")
	before := w.entries()
	for name, person := range map[string]cordon.ID{"author": w.author, "reader": w.reader, "officer of another": w.alien} {
		for what, registry := range map[string]cordon.ID{"withheld": w.registry, "absent": cordon.NewID(), "no id": "x"} {
			for _, audience := range []cordon.ID{w.ally, "", cordon.NewID()} {
				if _, err := Check(t.Context(), w.By(person), registry, audience, CheckInput{Portions: []cordon.ID{seen.ID}}); err != cordon.ErrNotFound {
					t.Errorf("%s, %s: Check answers %v", name, what, err)
				}
				if err := AddTold(t.Context(), w.By(person), registry, audience, w.facts("city=Lund")); err != cordon.ErrNotFound {
					t.Errorf("%s, %s: AddTold answers %v", name, what, err)
				}
			}
		}
		if list, err := Registries(t.Context(), w.By(person)); err != nil || len(list) != 0 {
			t.Errorf("%s lists %v, %v", name, list, err)
		}
	}
	// The officer of another organisation has looked at its own registries. Each
	// refusal is in the installation's feed, which says the same of what is
	// withheld and of what is absent, and that of what is withheld in its owner's.
	looked, refused, told := 0, 0, 0
	for _, e := range w.entries() {
		switch {
		case slices.ContainsFunc(before, func(b cordon.Entry) bool { return b.ID == e.ID }):
		case e.Outcome == cordon.OutcomeAllowed && e.Feed == w.ally && e.Actor == w.alien:
			looked++
		case e.Outcome == cordon.OutcomeRefused && e.Feed == "" && e.Actor != "" && e.Subject == "" && e.Audience == "" && len(e.Portions)+len(e.Reasons) == 0:
			refused++
		case e.Outcome == cordon.OutcomeRefused && e.Feed == w.owner && e.Actor != "" && e.Subject == w.registry && e.Audience == "" && len(e.Portions)+len(e.Reasons) == 0:
			told++
		default:
			t.Errorf("recorded %+v", e)
		}
	}
	if looked != 1 || refused != 3*3*3*2 || told != 3*3*2 {
		t.Errorf("%d looked at registries and %d were refused, of which the owner has %d", looked, refused, told)
	}
	for audience, kind := range map[cordon.ID]cordon.Kind{cordon.NewID(): cordon.KindNotFound, "x": cordon.KindInvalid} {
		if _, err := Check(t.Context(), w.By(w.officer), w.registry, audience, CheckInput{}); cordon.KindOf(err) != kind {
			t.Errorf("an audience that is not there: %v", err)
		}
		if err := AddTold(t.Context(), w.By(w.officer), w.registry, audience, w.facts("city=Lund")); cordon.KindOf(err) != kind {
			t.Errorf("told an audience that is not there: %v", err)
		}
	}
	list, err := Registries(t.Context(), w.By(w.officer))
	if err != nil || len(list) != 1 || list[0] != (Listed{w.registry, "the heron list"}) {
		t.Errorf("the officer lists %v, %v", list, err)
	}
}

func TestWhoMayAdd(t *testing.T) {
	w := newWorld(t)
	p := w.portion("owned")
	for name, person := range map[string]cordon.ID{"a reader of the owner": w.reader, "a recipient": w.alien} {
		if err := AddFacts(t.Context(), w.By(person), p.ID, w.facts("city=Lund")); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("%s adds facts: %v", name, err)
		}
	}
	for name, person := range map[string]cordon.ID{"author": w.author, "reader": w.reader} {
		if _, err := AddRegistry(t.Context(), w.By(person), small()); cordon.KindOf(err) != cordon.KindDenied {
			t.Errorf("%s adds a registry: %v", name, err)
		}
	}
	// The recipient sees the portion and does not own it, the officer is outside
	// its circle: the owner learns of both.
	circled := w.portion("circled")
	if err := AddFacts(t.Context(), w.By(w.officer), circled.ID, w.facts("city=Lund")); err != cordon.ErrNotFound {
		t.Errorf("outside the circle: %v", err)
	}
	for person, portion := range map[cordon.ID]cordon.ID{w.alien: p.ID, w.officer: circled.ID} {
		told := slices.DeleteFunc(w.entries(), func(e cordon.Entry) bool {
			return e.Feed != w.owner || e.Actor != w.ActorIn(e.Feed, e.ActorOrg, person) || e.Act != cordon.ActFact || e.Outcome != cordon.OutcomeRefused
		})
		if len(told) != 1 || !slices.Equal(told[0].Portions, []cordon.ID{portion}) {
			t.Errorf("the owner is told %+v", told)
		}
	}
	if err := AddFacts(t.Context(), w.By(cordon.NewID()), p.ID, w.facts("city=Lund")); cordon.KindOf(err) != cordon.KindUnauthenticated {
		t.Errorf("nobody adds facts: %v", err)
	}
}

func TestBadInputIsRefused(t *testing.T) {
	w := newWorld(t)
	p := w.portion("owned")
	many := slices.Repeat(w.facts("city=Lund"), MaxFacts+1)
	for name, c := range map[string]struct {
		facts []Fact
		kind  cordon.Kind
	}{
		"none":       {nil, cordon.KindInvalid},
		"an empty":   {[]Fact{{Attribute: "city"}}, cordon.KindInvalid},
		"very many":  {many, cordon.KindTooLarge},
		"one of two": {append(w.facts("city=Lund"), Fact{}), cordon.KindInvalid},
	} {
		if err := AddFacts(t.Context(), w.By(w.author), p.ID, c.facts); cordon.KindOf(err) != c.kind {
			t.Errorf("%s: AddFacts answers %v", name, err)
		}
		if err := AddTold(t.Context(), w.By(w.officer), w.registry, "", c.facts); cordon.KindOf(err) != c.kind {
			t.Errorf("%s: AddTold answers %v", name, err)
		}
		if name == "none" {
			continue
		}
		if _, err := Check(t.Context(), w.By(w.officer), w.registry, "", CheckInput{Facts: c.facts}); cordon.KindOf(err) != c.kind {
			t.Errorf("%s: Check answers %v", name, err)
		}
	}
	if _, err := Check(t.Context(), w.By(w.officer), w.registry, "", CheckInput{Portions: make([]cordon.ID, cordon.MaxPortions+1)}); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("very many portions: %v", err)
	}
	if _, err := AddRegistry(t.Context(), w.By(w.officer), Registry{Name: "x"}); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("an empty registry: %v", err)
	}
	if r := w.check("", CheckInput{}); len(r.Known) != 0 {
		t.Errorf("of what was refused %v stayed", r.Known)
	}
}

func TestEveryUseIsInTheOwnersFeed(t *testing.T) {
	w := newWorld(t)
	joint := w.portion("joint", "city=Lund")
	foreign := w.portion("foreign", "city=Quay")
	must(t, AddTold(t.Context(), w.By(w.officer), w.registry, w.ally, w.facts("city=*", "age=30")))
	w.check(w.ally, CheckInput{Portions: []cordon.ID{joint.ID, foreign.ID}})
	_, err := Registries(t.Context(), w.By(w.officer))
	must(t, err)
	type line struct {
		act                            cordon.Act
		feed, actor, subject, audience cordon.ID
		portion                        cordon.ID
	}
	var got []line
	for _, e := range w.entries() {
		l := line{e.Act, e.Feed, e.Actor, e.Subject, e.Audience, ""}
		if len(e.Portions) > 0 {
			l.portion = e.Portions[0]
		}
		if len(e.Portions) > 1 && e.Feed != w.ally || e.Outcome != cordon.OutcomeAllowed || !e.At.Equal(noon) {
			t.Errorf("%+v", e)
		}
		got = append(got, l)
	}
	want := []line{
		{cordon.ActMosaic, w.owner, w.officer, w.registry, "", ""},
		{cordon.ActFact, w.owner, w.author, joint.ID, "", joint.ID},
		{cordon.ActFact, w.ally, w.ActorIn(w.ally, w.owner, w.author), joint.ID, "", joint.ID},
		{cordon.ActFact, w.ally, w.alien, foreign.ID, "", foreign.ID},
		{cordon.ActFact, w.owner, w.officer, w.registry, w.ally, ""},
		{cordon.ActMosaic, w.owner, w.officer, w.registry, w.ally, joint.ID},
		{cordon.ActMosaic, w.ally, w.ActorIn(w.ally, w.owner, w.officer), "", "", min(joint.ID, foreign.ID)},
		{cordon.ActMosaic, w.owner, w.officer, "", "", ""},
	}
	// All happened at one instant, so no order is promised.
	for _, lines := range [][]line{got, want} {
		slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	if !slices.Equal(got, want) {
		t.Errorf("entries\n%v, want\n%v", got, want)
	}
}

func TestFactsOpenOnlyInTheirPlace(t *testing.T) {
	w := newWorld(t)
	from, to := w.portion("owned", "city=Lund"), w.portion("owned")
	w.update(func(tx cordon.WriteTx) error {
		facts, err := tx.Facts([]cordon.ID{from.ID})
		if err != nil {
			return err
		}
		// Its id must be free before another portion can have the fact.
		return errors.Join(tx.StrikePortion(from.ID),
			tx.AddFacts([]cordon.Fact{{ID: facts[0].ID, Portion: to.ID, Body: facts[0].Body}}))
	})
	if _, err := Check(t.Context(), w.By(w.officer), w.registry, w.ally, CheckInput{Portions: []cordon.ID{to.ID}}); cordon.KindOf(err) != cordon.KindInternal || err == nil {
		t.Errorf("a fact moved to another portion: %v", err)
	}
	w.update(func(tx cordon.WriteTx) error {
		told := cordon.Told{ID: cordon.NewID(), Registry: w.registry, Audience: w.ally, At: noon}
		body, err := sealJSON(w.Vault.Ring(tx), w.owner, toldContext(told), w.facts("city=Lund")[0])
		if err != nil {
			return err
		}
		told.Audience, told.Body = w.third, body
		return tx.AddTold(told)
	})
	if _, err := Check(t.Context(), w.By(w.officer), w.registry, w.third, CheckInput{}); cordon.KindOf(err) != cordon.KindInternal || err == nil {
		t.Errorf("what was told moved to another audience: %v", err)
	}
}

func TestARegistryOpensOnlyInItsPlace(t *testing.T) {
	w := newWorld(t)
	another := small()
	another.Name = "another"
	other, err := AddRegistry(t.Context(), w.By(w.officer), another)
	must(t, err)
	w.update(func(tx cordon.WriteTx) error {
		from, err := tx.Registry(w.registry)
		if err != nil {
			return err
		}
		from.ID = other
		return tx.PutRegistry(from)
	})
	if _, err := Check(t.Context(), w.By(w.officer), other, w.ally, CheckInput{}); cordon.KindOf(err) != cordon.KindInternal || err == nil {
		t.Errorf("a registry in another's place: %v", err)
	}
	if _, err := Registries(t.Context(), w.By(w.officer)); cordon.KindOf(err) != cordon.KindInternal || err == nil {
		t.Errorf("a name in another's place: %v", err)
	}
}

func TestNothingLiesInTheClear(t *testing.T) {
	w := newWorld(t)
	w.portion("owned", "city=Harrow|Ostia")
	must(t, AddTold(t.Context(), w.By(w.officer), w.registry, "", w.facts("city=Meridia")))
	w.check(w.ally, CheckInput{Facts: w.facts("city=Lund")})
	must(t, w.Store.Close())
	files := 0
	must(t, filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		for _, word := range []string{"heron", "Harrow", "Ostia", "Meridia", "Lund", "Clund", "city"} {
			if bytes.Contains(data, []byte(word)) {
				t.Errorf("%q lies in the clear in %s", word, filepath.Base(path))
			}
		}
		return err
	}))
	if files == 0 {
		t.Error("no file was looked into")
	}
}

func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	must(t, err)
	return text
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v (%v)", err, errors.Unwrap(err))
	}
}
