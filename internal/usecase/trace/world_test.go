package trace

import (
	"context"
	"slices"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/content"
	"cordon/internal/core/reader"
	"cordon/internal/core/tokens"
	"cordon/internal/core/vault"
	"cordon/internal/harness/casetest"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
	"cordon/marking"
)

type rootKey struct{}

func (rootKey) Root() ([32]byte, error) { return [32]byte{3}, nil }

type stopped struct{ now time.Time }

func (c *stopped) Now() time.Time { return c.now }

// world is a store with three services and a few people: MERIDIAN, which owns;
// HOME, to which it gives; ALLY, a third party.
type world struct {
	testing.TB
	*act.Base
	clock *stopped

	meridian, home, ally cordon.Organisation
	owner                cordon.ID // MERIDIAN's reader, read in
	officer              cordon.ID // MERIDIAN's without read-ins
	analyst              cordon.ID // HOME's, read in
	clerk                cordon.ID // HOME's without read-ins
	stranger             cordon.ID // ALLY's
}

func newWorld(t testing.TB) *world {
	t.Helper()
	v, err := vault.New(rootKey{})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := sqlite.Open(context.Background(), t.TempDir(), storetest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	var store cordon.Store = opened
	if _, measured := t.(*testing.B); !measured {
		store = casetest.Twice{Store: store}
	}
	w := &world{TB: t, clock: &stopped{time.Date(2017, 5, 10, 12, 0, 0, 0, time.UTC)}}
	w.Base = &act.Base{Store: store, Vault: v, Rules: reader.NewRuleCache(marking.NewSet()), Tokens: tokens.New(v.Subkey("tokens")), Clock: w.clock}
	w.meridian = w.org("MERIDIAN", "MER")
	w.home = w.org("HOME", "HOM")
	w.ally = w.org("ALLY", "ALL")
	w.owner = w.person(w.meridian, "Ada", "x:GLASS")
	w.officer = w.person(w.meridian, "Olm")
	w.analyst = w.person(w.home, "Ben", "x:GLASS")
	w.clerk = w.person(w.home, "Cyd")
	w.stranger = w.person(w.ally, "Dov", "x:GLASS")
	return w
}

func (w *world) update(fn func(cordon.WriteTx) error) {
	w.Helper()
	if err := w.Store.Update(context.Background(), fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) org(name, country string) cordon.Organisation {
	w.Helper()
	org := cordon.Organisation{ID: cordon.NewID(), Name: name, Country: country}
	w.update(func(tx cordon.WriteTx) error {
		if err := w.Vault.NewOwner(tx, org.ID); err != nil {
			return err
		}
		return tx.PutOrganisation(org)
	})
	return org
}

func (w *world) person(org cordon.Organisation, name string, readIns ...string) cordon.ID {
	w.Helper()
	p := cordon.Person{ID: cordon.NewID(), Org: org.ID, Name: name, ReadIns: cordon.ReadIns(readIns...), Roles: []cordon.Role{cordon.RoleReader}}
	w.update(func(tx cordon.WriteTx) error { return tx.PutPerson(p) })
	return p.ID
}

// given is the rule of what the owner gave to HOME.
func (w *world) given(owner cordon.Organisation, readIns ...string) cordon.Rule {
	rule := cordon.Rule{ReadIns: readIns, Owners: []cordon.OwnerPolicy{{Owner: owner.ID, Recipients: []cordon.ID{w.home.ID}}}}
	rule.Normalise()
	return rule
}

// part is a portion to be written.
type part struct {
	rule      cordon.Rule
	ref, text string
}

// publish writes a report; the first part is its title.
func (w *world) publish(ref string, parts ...part) []cordon.Portion {
	w.Helper()
	report := cordon.Report{ID: cordon.NewID(), Kind: cordon.ReportOriginal, Holder: w.meridian.ID, Author: w.owner, Created: w.clock.now}
	var portions []cordon.Portion
	w.update(func(tx cordon.WriteTx) error {
		portions = nil
		ring := w.Vault.Ring(tx)
		var filed []cordon.PortionTokens
		for i, x := range parts {
			no, err := tx.Intern(x.rule)
			if err != nil {
				return err
			}
			p := cordon.Portion{
				ID: cordon.NewID(), Report: report.ID, Ordinal: i, Kind: cordon.PortionParagraph,
				Mark: "MARK", Rule: no, State: cordon.PortionLive, Created: w.clock.now,
			}
			text := content.Body{Ref: x.ref, Text: x.text}
			if i == 0 {
				p.Kind, text.ReportRef = cordon.PortionTitle, ref
			}
			if err := content.Seal(ring, &p, x.rule, text); err != nil {
				return err
			}
			portions = append(portions, p)
			k := w.Tokens.Of(x.text)
			k.Portion, k.Rule = p.ID, no
			filed = append(filed, k)
		}
		if err := tx.PutReport(report); err != nil {
			return err
		}
		if err := tx.PutPortions(portions); err != nil {
			return err
		}
		return tx.AddTokens(filed)
	})
	return portions
}

func (w *world) grant(owner, to cordon.Organisation, portions ...cordon.ID) {
	w.Helper()
	w.update(func(tx cordon.WriteTx) error {
		return tx.PutGrant(cordon.Grant{
			ID: cordon.NewID(), Owner: owner.ID, To: to.ID, Portions: portions,
			Created: w.clock.now, Until: w.clock.now.Add(time.Hour),
		})
	})
}

// shown records that a person was shown portions of one report.
func (w *world) shown(person cordon.ID, org cordon.Organisation, at time.Duration, portions ...cordon.Portion) {
	w.Helper()
	r := cordon.Rendition{ID: cordon.NewID(), Report: portions[0].Report, Person: person, Org: org.ID, At: w.clock.now.Add(at), Via: cordon.ActRead}
	for _, p := range portions {
		r.Portions = append(r.Portions, p.ID)
	}
	w.update(func(tx cordon.WriteTx) error { return tx.AddRendition(r) })
}

// recorded gives the entries of the act in a feed.
func (w *world) recorded(feed cordon.ID, act cordon.Act) (entries []cordon.Entry) {
	w.Helper()
	w.update(func(tx cordon.WriteTx) error {
		all, err := tx.Pending(1000)
		entries = slices.DeleteFunc(all, func(e cordon.Entry) bool { return e.Feed != feed || e.Act != act })
		return err
	})
	return entries
}

// told gives the notices to an organisation.
func (w *world) told(org cordon.Organisation) (texts []string) {
	w.Helper()
	w.update(func(tx cordon.WriteTx) error {
		texts = nil
		notices, err := tx.Notices(cordon.Inbox{Org: org.ID, Roles: cordon.Roles()}, cordon.Cursor{}, cordon.MaxPage)
		if err != nil {
			return err
		}
		ring := w.Vault.Ring(tx)
		for _, n := range notices {
			text, err := ring.OpenRecord(n.Org, "notice:"+string(n.ID), n.Body)
			if err != nil {
				return err
			}
			texts = append(texts, string(text))
		}
		return nil
	})
	return texts
}
