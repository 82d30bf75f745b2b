package arrangement_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/notice"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/audit"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/writing"
)

const narrow = "S//REL TO USA, GBR"

// kinds adds the kinds of person whom the story has not:
//
//	off    VALDOR, security officer alone
//	una    VALDOR, of every role, and cleared C
//	oda    TARSIS, of every role, cleared S
//	gone   VALDOR, of every role, cleared S, suspended
//	nell   NEREUS (GBR), of every role, cleared S
func kinds(t *testing.T, w *casetest.World) {
	t.Helper()
	ctx := context.Background()
	org, err := people.AddOrganisation(ctx, w.Local(), cordon.Organisation{Name: "NEREUS", Country: "GBR"})
	if err != nil {
		t.Fatal(err)
	}
	w.Org["NEREUS"] = org
	every := []cordon.Role{cordon.RoleReader, cordon.RoleAuthor, cordon.RoleReleaseAuthority, cordon.RoleSecurityOfficer, cordon.RoleAuditor}
	for _, p := range []struct {
		name, org, clearance string
		roles                []cordon.Role
	}{
		{"off", "VALDOR", "S", []cordon.Role{cordon.RoleSecurityOfficer}},
		{"una", "VALDOR", "C", every},
		{"oda", "TARSIS", "S", every},
		{"gone", "VALDOR", "S", every},
		{"nell", "NEREUS", "S", every},
	} {
		one, err := people.AddPerson(ctx, w.Local(), cordon.Person{
			Name: p.name, Org: w.ID(p.org), Roles: p.roles, Clearances: map[string]string{"us": p.clearance}, Suspended: p.name == "gone",
		})
		if err != nil {
			t.Fatal(err)
		}
		w.Person[p.name] = one
	}
}

func draft(w *casetest.World, parties ...string) arrangement.Draft {
	d := arrangement.Draft{Name: "QUIET HARBOUR", Mark: narrow}
	for _, p := range parties {
		d.Parties = append(d.Parties, w.ID(p))
	}
	return d
}

// TestEveryActInEveryStateByEverybody: what each kind of person can do with an
// arrangement in each state, and how it stands then.
func TestEveryActInEveryStateByEverybody(t *testing.T) {
	w := casetest.New(t)
	kinds(t, w)
	ctx := context.Background()
	s := w.Base
	done := func(a arrangement.Arrangement, err error) arrangement.Arrangement {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	drafted := func() arrangement.Arrangement {
		return done(arrangement.Create(ctx, s.By(w.ID("mara")), draft(w, "VALDOR")))
	}
	running := func() arrangement.Arrangement { return w.Arrange(t, "mara", draft(w, "VALDOR")) }
	states := map[string]func() arrangement.Arrangement{
		"drafted":  drafted,
		"in force": running,
		"proposed": func() arrangement.Arrangement {
			return done(arrangement.Amend(ctx, s.By(w.ID("mara")), running().ID, arrangement.Amendment{Version: 1, Terms: cordon.Terms{Onward: cordon.OnwardNever}}))
		},
		"suspended": func() arrangement.Arrangement { return done(arrangement.Suspend(ctx, s.By(w.ID("sol")), running().ID)) },
		"ended":     func() arrangement.Arrangement { return done(arrangement.End(ctx, s.By(w.ID("sol")), running().ID)) },
		"declined": func() arrangement.Arrangement {
			a := drafted()
			return done(arrangement.Decline(ctx, s.By(w.ID("sol")), a.ID, a.Proposal.ID))
		},
		"run out": func() arrangement.Arrangement {
			d := draft(w, "VALDOR")
			d.Until = w.Clock.Now().Add(time.Hour)
			a := w.Arrange(t, "mara", d)
			w.Clock.Advance(time.Hour)
			return a
		},
	}
	type act func(person cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error)
	proposal := func(a arrangement.Arrangement) cordon.ID {
		if a.Proposal == nil {
			return cordon.NewID()
		}
		return a.Proposal.ID
	}
	acts := map[string]act{
		"agree": func(p cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error) {
			return arrangement.Agree(ctx, s.By(p), a.ID, proposal(a))
		},
		"agree to other terms": func(p cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error) {
			return arrangement.Agree(ctx, s.By(p), a.ID, cordon.NewID())
		},
		"decline": func(p cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error) {
			return arrangement.Decline(ctx, s.By(p), a.ID, proposal(a))
		},
		"amend": func(p cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error) {
			return arrangement.Amend(ctx, s.By(p), a.ID, arrangement.Amendment{Version: a.Version})
		},
		"suspend": func(p cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error) {
			return arrangement.Suspend(ctx, s.By(p), a.ID)
		},
		"resume": func(p cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error) {
			return arrangement.Resume(ctx, s.By(p), a.ID)
		},
		"leave": func(p cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error) {
			return arrangement.Leave(ctx, s.By(p), a.ID)
		},
		"end": func(p cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error) {
			return arrangement.End(ctx, s.By(p), a.ID)
		},
		"publish": func(p cordon.ID, a arrangement.Arrangement) (arrangement.Arrangement, error) {
			d := w.Draft(t, nil, "(U) Title", "(U) Text.")
			d.Arrangement = a.ID
			if _, err := writing.Publish(ctx, w.By(p), d); err != nil {
				return a, err
			}
			return arrangement.Show(ctx, s.By(w.ID("mara")), a.ID)
		},
	}
	// The acts that succeed, and the state each leaves; all else is a Conflict.
	const force, suspended, ended = string(cordon.ArrangementStateInForce), string(cordon.ArrangementStateSuspended), string(cordon.ArrangementStateEnded)
	party := map[string]string{
		"drafted decline": ended,
		"in force amend":  force, "in force suspend": suspended, "in force end": ended, "in force publish": force,
		"proposed decline": force, "proposed suspend": suspended, "proposed end": ended, "proposed publish": force,
		"suspended amend": suspended, "suspended end": ended,
	}
	of := func(more map[string]string) map[string]string {
		all := map[string]string{}
		for _, m := range []map[string]string{party, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	guarding, agreeing := []string{"suspend", "resume", "leave", "end"}, []string{"agree", "agree to other terms", "decline", "amend"}
	for person, may := range map[string]struct {
		succeeds map[string]string
		denied   []string    // for want of a role
		refused  cordon.Kind // whatever it is
	}{
		// Mara holds no other's consent, and drafted it; sol has suspended it.
		"mara": {succeeds: of(map[string]string{"suspended suspend": suspended})},
		"sol": {
			succeeds: of(map[string]string{"drafted agree": force, "proposed agree": force, "suspended resume": force}),
			denied:   []string{"publish"},
		},
		"off": {
			succeeds: of(map[string]string{"suspended resume": force}),
			denied:   append([]string{"publish"}, agreeing...),
		},
		"ana":  {succeeds: party, denied: append(guarding, agreeing...)},
		"una":  {refused: cordon.KindNotFound},
		"oda":  {refused: cordon.KindNotFound},
		"nell": {refused: cordon.KindNotFound},
		"gone": {refused: cordon.KindUnauthenticated},
	} {
		for state, anew := range states {
			a := anew()
			for name, do := range acts {
				what := fmt.Sprintf("%s: %s what is %s", person, name, state)
				out, err := do(w.ID(person), a)
				want := may.succeeds[state+" "+name]
				switch {
				case may.refused != 0 && may.refused == cordon.KindNotFound:
					if err != error(cordon.ErrNotFound) {
						t.Errorf("%s: %v, want ErrNotFound itself", what, err)
					}
				case may.refused != 0:
					is(t, what, err, may.refused)
				case slices.Contains(may.denied, name):
					is(t, what, err, cordon.KindDenied)
				case want == "":
					is(t, what, err, cordon.KindConflict)
				case err != nil:
					t.Errorf("%s: %v", what, err)
				case string(out.State) != want:
					t.Errorf("%s: it is %s then, want %s", what, out.State, want)
				}
				if err == nil {
					a = anew()
				}
			}
			shown, err := arrangement.Show(ctx, s.By(w.ID(person)), a.ID)
			if may.refused != 0 {
				is(t, person+" shows what is "+state, err, may.refused)
			} else if err != nil || shown.Name != "QUIET HARBOUR" {
				t.Errorf("%s shows what is %s: %+v, %v", person, state, shown, err)
			}
		}
	}
}

func is(t *testing.T, what string, err error, kind cordon.Kind) {
	t.Helper()
	if err == nil || cordon.KindOf(err) != kind {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
}

// TestTermsHoldWhenAllHaveAgreed: until then those before hold, and then the
// new ones, for everybody and on every node.
func TestTermsHoldWhenAllHaveAgreed(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		kinds(t, w)
		ctx := context.Background()
		s, other := w.Base, w.Node(t).Base
		a := w.Arrange(t, "mara", draft(w, "VALDOR"))
		amended, err := arrangement.Amend(ctx, s.By(w.ID("sol")), a.ID, arrangement.Amendment{
			Version: 1, Mark: "C//REL TO USA, GBR", Invite: []cordon.ID{w.ID("NEREUS")},
			Terms: cordon.Terms{Recipients: []cordon.ID{w.ID("MERIDIAN")}, ShownOnly: true, DefaultMark: "C//REL TO USA, GBR"},
		})
		if err != nil {
			t.Fatal(err)
		}
		id, proposal := a.ID, amended.Proposal.ID
		knows := func(when string, want ...string) {
			t.Helper()
			for _, person := range []string{"mara", "ana", "sol", "una", "oda", "nell"} {
				list, err := arrangement.List(ctx, other.By(w.ID(person)), cordon.Cursor{}, 0)
				if err != nil {
					t.Fatal(err)
				}
				_, err = arrangement.Show(ctx, other.By(w.ID(person)), id)
				_, byName := arrangement.Find(ctx, other.By(w.ID(person)), "quiet harbour")
				if knows := slices.Contains(want, person); (len(list) == 1) != knows || (err == nil) != knows || (byName == nil) != knows {
					t.Errorf("%s: %s is given %d, shown %v, found %v", when, person, len(list), err, byName)
				}
			}
		}
		knows("proposed", "mara", "ana", "sol")
		if _, err := arrangement.Agree(ctx, s.By(w.ID("nell")), id, proposal); err != error(cordon.ErrNotFound) {
			t.Errorf("she agrees before she was invited: %v", err)
		}

		// MERIDIAN agrees too: now NEREUS may know, of what is proposed.
		if a, err = arrangement.Agree(ctx, s.By(w.ID("mara")), id, proposal); err != nil || a.State != cordon.ArrangementStateInForce || a.Version != 1 || a.ShownOnly {
			t.Fatalf("agreed by the parties and not by who is invited: %+v, %v", a, err)
		}
		knows("invited", "mara", "ana", "sol", "nell")
		if seen, err := arrangement.Show(ctx, other.By(w.ID("nell")), id); err != nil || seen.State != cordon.ArrangementStateDrafted || !seen.ShownOnly || len(seen.Parties) != 3 {
			t.Errorf("she is shown %+v, %v", seen, err)
		}
		for what, err := range map[string]error{
			"suspends": second(arrangement.Suspend(ctx, s.By(w.ID("nell")), id)), "ends": second(arrangement.End(ctx, s.By(w.ID("nell")), id)),
			"amends": second(arrangement.Amend(ctx, s.By(w.ID("nell")), id, arrangement.Amendment{Version: 1})),
		} {
			is(t, "who is invited "+what, err, cordon.KindConflict)
		}

		// When NEREUS has agreed, the new terms hold, and the new marking.
		if a, err = arrangement.Agree(ctx, s.By(w.ID("nell")), id, proposal); err != nil || a.Version != 2 || !a.ShownOnly || a.Proposal != nil || len(a.Parties) != 3 {
			t.Fatalf("agreed by all: %+v, %v", a, err)
		}
		knows("agreed", "mara", "ana", "sol", "una", "nell")
		d := w.Draft(t, nil, "(U) Title", "(U) Text.")
		d.Arrangement, d.Portions[0].Mark = id, ""
		out, err := writing.Publish(ctx, w.By(w.ID("nell")), d)
		if err != nil || out.Portions[1].Mark != "C//REL TO USA, GBR" {
			t.Fatalf("published under it: %+v, %v", out, err)
		}
		if w.Texts(t, "mara", out.Report) == nil || w.Texts(t, "ana", out.Report) != nil {
			t.Error("what is given to MERIDIAN alone is read by others, or not by it")
		}

		// One leaves: it knows of it no more, and the others go on.
		if left, err := arrangement.Leave(ctx, s.By(w.ID("mara")), id); err != nil || left.Known || left.Name != "" {
			// MERIDIAN is the only recipient: without it nothing is left.
			is(t, "the only recipient leaves", err, cordon.KindConflict)
		}
		if left, err := arrangement.Leave(ctx, s.By(w.ID("nell")), id); err != nil || left.Known || left.Name != "" {
			t.Errorf("she leaves: %+v, %v", left, err)
		}
		knows("without NEREUS", "mara", "ana", "sol", "una")
	})
}

func second[T any](_ T, err error) error { return err }

// TestTheDrafterLeaves: another party keeps the name from then on.
func TestTheDrafterLeaves(t *testing.T) {
	w := casetest.New(t)
	kinds(t, w)
	ctx := context.Background()
	d := draft(w, "VALDOR", "NEREUS")
	d.EmergencyAuthorities, d.EmergencyFor = []cordon.ID{w.ID("mara"), w.ID("sol")}, time.Hour
	a := w.Arrange(t, "mara", d)
	if _, err := arrangement.Suspend(ctx, w.By(w.ID("mara")), a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := arrangement.Leave(ctx, w.By(w.ID("mara")), a.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := arrangement.Show(ctx, w.By(w.ID("mara")), a.ID); err != error(cordon.ErrNotFound) {
		t.Errorf("she who left is answered %v", err)
	}
	a, err := arrangement.Show(ctx, w.By(w.ID("nell")), a.ID)
	if err != nil || a.Name != "QUIET HARBOUR" || a.Drafter == w.ID("MERIDIAN") || slices.Contains(a.Parties, w.ID("MERIDIAN")) ||
		a.State != cordon.ArrangementStateInForce || !slices.Equal(a.EmergencyAuthorities, []cordon.ID{w.ID("sol")}) {
		t.Errorf("then it is %+v, %v", a, err)
	}
	w.AbsentFromFiles(t, "QUIET HARBOUR")
}

// TestTermsThatAreRefused: what is wrong with them is said.
func TestTermsThatAreRefused(t *testing.T) {
	w := casetest.New(t)
	kinds(t, w)
	for want, change := range map[string]func(*arrangement.Draft){
		"needs a name":                   func(d *arrangement.Draft) { d.Name = "  " },
		"own marking":                    func(d *arrangement.Draft) { d.Mark = "TOP" },
		"needs another party":            func(d *arrangement.Draft) { d.Parties = []cordon.ID{w.ID("MERIDIAN")} },
		"is not known here":              func(d *arrangement.Draft) { d.Parties = append(d.Parties, cordon.NewID()) },
		"no release authority of TARSIS": func(d *arrangement.Draft) { d.Parties = append(d.Parties, w.ID("TARSIS")) },
		"not exist for you yourself":     func(d *arrangement.Draft) { d.Mark = "TS//NF" },
		"is not a marking scheme":        func(d *arrangement.Draft) { d.Scheme = "runes" },
		"is not of the scheme tlp":       func(d *arrangement.Draft) { d.Scheme, d.DefaultMark = "tlp", "S" },
		"the default marking":            func(d *arrangement.Draft) { d.DefaultMark = "SECRETISH" },
		"not a way to withhold":          func(d *arrangement.Draft) { d.Withheld = "loud" },
		"not an onward rule":             func(d *arrangement.Draft) { d.Onward = "maybe" },
		"a recipient is no party":        func(d *arrangement.Draft) { d.Recipients = []cordon.ID{w.ID("TARSIS")} },
		"the longest a grant runs":       func(d *arrangement.Draft) { d.Longest = cordon.MaxGrant + 1 },
		"would have ended already":       func(d *arrangement.Draft) { d.Until = w.Clock.Now() },
		"said together":                  func(d *arrangement.Draft) { d.EmergencyFor = time.Hour },
		"at most 3 days": func(d *arrangement.Draft) {
			d.EmergencyAuthorities, d.EmergencyFor = []cordon.ID{w.ID("sol")}, cordon.MaxEmergency+1
		},
		"nobody of the parties": func(d *arrangement.Draft) {
			d.EmergencyAuthorities, d.EmergencyFor = []cordon.ID{w.ID("oda")}, time.Hour
		},
	} {
		d := draft(w, "VALDOR")
		change(&d)
		_, err := arrangement.Create(context.Background(), w.By(w.ID("mara")), d)
		if cordon.KindOf(err) != cordon.KindInvalid || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want Invalid, %q: %v", want, err)
		}
	}
}

// TestASchemeIsAsked of every portion, and a named one of the default marking.
func TestASchemeIsAsked(t *testing.T) {
	w := casetest.New(t)
	d := draft(w, "VALDOR")
	d.Scheme, d.DefaultMark = "tlp", "TLP:AMBER"
	a := w.Arrange(t, "mara", d)
	report := w.Draft(t, nil, "(TLP:GREEN) Title", "(U) Text.")
	report.Arrangement = a.ID
	_, err := writing.Publish(context.Background(), w.By(w.ID("mara")), report)
	if cordon.KindOf(err) != cordon.KindInvalid || !strings.Contains(err.Error(), "portion 1: under this arrangement everything is marked in the scheme tlp") {
		t.Errorf("marked (U): %v", err)
	}
	report.Portions[0].Mark = ""
	if _, err := writing.Publish(context.Background(), w.By(w.ID("mara")), report); err != nil {
		t.Error(err)
	}
}

// TestAFeedNamesNobodyToWhoMayNotKnow: an auditor of a party finds that there
// are entries, without a gap; whom they are by and about, only if they may know.
func TestAFeedNamesNobodyToWhoMayNotKnow(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		kinds(t, w)
		ctx := context.Background()
		s := &act.Base{Store: w.Store, Rules: w.Rules, Ledger: w.Ledger, Clock: w.Clock}
		begun, err := audit.ReadFeed(ctx, s.By(w.ID("sol")), 0, 0) // who takes part
		if err != nil {
			t.Fatal(err)
		}
		a := w.Arrange(t, "mara", draft(w, "VALDOR"))
		if _, err := arrangement.Suspend(ctx, w.By(w.ID("sol")), a.ID); err != nil {
			t.Fatal(err)
		}
		for person, knows := range map[string]bool{"sol": true, "una": false} {
			feed, err := audit.ReadFeed(ctx, s.By(w.ID(person)), begun.Size, 0)
			if err != nil {
				t.Fatal(err)
			}
			bundle, err := audit.Bundle(ctx, s.By(w.ID(person)), begun.Size, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			var what []string
			for i, leaf := range feed.Entries {
				if leaf.FeedSeq != begun.Size+int64(i+1) {
					t.Errorf("%s: a gap at %d", person, i)
				}
				if leaf.Entry.Act == cordon.ActSealed {
					step := feed.Steps[leaf.Entry.Subject]
					if (step.Arrangement == a.ID) != knows {
						t.Errorf("%s is told of %+v", person, step)
					}
					what = append(what, string(step.What))
				}
			}
			want := []string{"drafted", "agreed", "suspended"}
			if !knows {
				want = []string{"", "", ""}
			}
			if !slices.Equal(what, want) {
				t.Errorf("%s is told %q, want %q", person, what, want)
			}
			for _, shown := range []any{feed.Entries, bundle} { // the entries themselves name it to nobody
				text, err := json.Marshal(shown)
				if err != nil {
					t.Fatal(err)
				}
				for _, absent := range []cordon.ID{a.ID, w.ID("mara"), w.ID("MERIDIAN"), w.ID("sol")} {
					if strings.Contains(string(text), string(absent)) {
						t.Errorf("%s finds %s in %s", person, absent, text)
					}
				}
			}
		}
		if got := w.Feed(t, "TARSIS", cordon.ActSealed, cordon.OutcomeAllowed); len(got) != 0 {
			t.Errorf("the feed of who is no party has %+v", got)
		}
	})
}

// TestAStepThatWasChangedIsNotShown: the ledger commits to all of it.
func TestAStepThatWasChangedIsNotShown(t *testing.T) {
	step := cordon.ArrangementStep{
		Arrangement: cordon.NewID(), What: cordon.ArrangementEnded, Actor: cordon.NewID(), Org: cordon.NewID(), At: time.Now(), Salt: []byte("salt"),
	}
	id := step.Commitment()
	if !id.Valid() || step.Commitment() != id {
		t.Fatalf("commitment %s", id)
	}
	for name, change := range map[string]func(*cordon.ArrangementStep){
		"arrangement": func(s *cordon.ArrangementStep) { s.Arrangement = cordon.NewID() },
		"what":        func(s *cordon.ArrangementStep) { s.What = cordon.ArrangementResumed },
		"actor":       func(s *cordon.ArrangementStep) { s.Actor = cordon.NewID() },
		"org":         func(s *cordon.ArrangementStep) { s.Org = cordon.NewID() },
		"at":          func(s *cordon.ArrangementStep) { s.At = s.At.Add(time.Second) },
		"salt":        func(s *cordon.ArrangementStep) { s.Salt = nil },
	} {
		other := step
		if change(&other); other.Commitment() == id {
			t.Errorf("another %s, the same commitment", name)
		}
	}
}

// TestWithheldAndAbsentAskTheStoreTheSame of every act on an arrangement, but that the
// other parties' feeds have the refusal.
func TestWithheldAndAbsentAskTheStoreTheSame(t *testing.T) {
	w := casetest.New(t)
	kinds(t, w)
	ctx := context.Background()
	a := w.Arrange(t, "mara", draft(w, "VALDOR"))
	watched := &casetest.Watched{Store: w.Store}
	node := w.NodeOn(t, watched).Base
	for name, do := range map[string]func(person, id cordon.ID) error{
		"agree":   func(p, id cordon.ID) error { return second(arrangement.Agree(ctx, node.By(p), id, id)) },
		"decline": func(p, id cordon.ID) error { return second(arrangement.Decline(ctx, node.By(p), id, id)) },
		"amend": func(p, id cordon.ID) error {
			return second(arrangement.Amend(ctx, node.By(p), id, arrangement.Amendment{Version: 1}))
		},
		"suspend": func(p, id cordon.ID) error { return second(arrangement.Suspend(ctx, node.By(p), id)) },
		"end":     func(p, id cordon.ID) error { return second(arrangement.End(ctx, node.By(p), id)) },
	} {
		calls := func(person string, id cordon.ID) []string {
			watched.Calls = nil
			if err := do(w.ID(person), id); !errors.Is(err, cordon.ErrNotFound) {
				t.Errorf("%s as %s: %v", name, person, err)
			}
			return watched.Calls
		}
		for _, person := range []string{"una", "oda"} {
			withheld, absent := calls(person, a.ID), calls(person, cordon.NewID())
			more := map[string]int{"una": 1, "oda": 2}[person] // of the parties, without una's
			at := slices.Index(withheld, "AddArrangementStep")
			if at < 0 || !slices.Equal(withheld[at+1:at+1+more], slices.Repeat([]string{"Append"}, more)) ||
				!slices.Equal(slices.Delete(withheld, at, at+1+more), absent) || len(absent) == 0 {
				t.Errorf("%s as %s asks the store %v of what is withheld, %v of what is absent", name, person, withheld, absent)
			}
		}
	}
}

// TestAnArrangementDoesNotExistToOthers, not by name, party or count.
func TestAnArrangementDoesNotExistToOthers(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		a := w.Arrange(t, "mara", arrangement.Draft{
			Name: "QUIET HARBOUR", Mark: "S//REL TO USA, GBR", Parties: []cordon.ID{w.ID("VALDOR")}, Terms: cordon.Terms{DefaultMark: "S//REL TO USA, GBR"},
		})
		for person, want := range map[string]int{"mara": 1, "ana": 1, "theo": 0, "root": 0} {
			list, err := arrangement.List(ctx, w.By(w.ID(person)), cordon.Cursor{}, 0)
			if err != nil || len(list) != want {
				t.Errorf("%s sees %+v, %v", person, list, err)
			}
		}
		draft := w.Draft(t, nil, "(U) Title", "(U) Text.")
		draft.Arrangement = a.ID
		_, withheld := writing.Publish(ctx, w.By(w.ID("theo")), draft)
		draft.Arrangement = cordon.NewID()
		_, absent := writing.Publish(ctx, w.By(w.ID("theo")), draft)
		if withheld != absent || absent != error(cordon.ErrNotFound) {
			t.Errorf("withheld %v, absent %v", withheld, absent)
		}
		// Its default marking is that of what carries none.
		draft = w.Draft(t, nil, "(U) Title", "(U) Text.")
		draft.Arrangement, draft.Portions[0].Mark = a.ID, ""
		out, err := writing.Publish(ctx, w.By(w.ID("mara")), draft)
		if err != nil || out.Portions[1].Mark != "S//REL TO USA, GBR" {
			t.Errorf("unmarked under the arrangement: %+v, %v", out, err)
		}
		if read := w.Texts(t, "ana", out.Report); len(read) != 2 {
			t.Errorf("a party reads %q", read)
		}
		w.AbsentFromFiles(t, "QUIET HARBOUR")
	})
}

func TestADrafterCanSeeHisArrangement(t *testing.T) {
	w := casetest.New(t)
	_, err := arrangement.Create(context.Background(), w.By(w.ID("mara")), arrangement.Draft{
		Name: "X", Mark: "TS//SI//NF", Parties: []cordon.ID{w.ID("VALDOR")},
	})
	if cordon.KindOf(err) != cordon.KindInvalid || err == nil || !strings.Contains(err.Error(), "clearance, read-in, audience") {
		t.Errorf("an arrangement its drafter may not see: %v", err)
	}
}

// TestTheOthersAreTold in their inboxes, those of them who may know of it, in
// words that do not name it.
func TestTheOthersAreTold(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		kinds(t, w)
		ctx := context.Background()
		s := w.Base
		a := w.Arrange(t, "mara", draft(w, "VALDOR"))
		amended, err := arrangement.Amend(ctx, s.By(w.ID("sol")), a.ID, arrangement.Amendment{Version: 1, Invite: []cordon.ID{w.ID("NEREUS")}})
		if err != nil {
			t.Fatal(err)
		}
		for _, do := range []func() (arrangement.Arrangement, error){
			func() (arrangement.Arrangement, error) {
				return arrangement.Agree(ctx, s.By(w.ID("mara")), a.ID, amended.Proposal.ID)
			},
			func() (arrangement.Arrangement, error) {
				return arrangement.Decline(ctx, s.By(w.ID("mara")), a.ID, amended.Proposal.ID)
			},
			func() (arrangement.Arrangement, error) { return arrangement.Suspend(ctx, s.By(w.ID("off")), a.ID) },
			func() (arrangement.Arrangement, error) { return arrangement.Resume(ctx, s.By(w.ID("off")), a.ID) },
			func() (arrangement.Arrangement, error) { return arrangement.End(ctx, s.By(w.ID("mara")), a.ID) },
		} {
			if _, err := do(); err != nil {
				t.Fatal(err)
			}
		}
		id := string(a.ID)
		drafted, declined := "MERIDIAN has drafted arrangement "+id+". It waits for your organisation: agree or decline.", "MERIDIAN has declined what is proposed for arrangement "+id+"."
		valdor := []string{
			"MERIDIAN has ended arrangement " + id + ".", declined, "MERIDIAN has agreed to what is proposed for arrangement " + id + ".", drafted,
		}
		for person, want := range map[string][]string{
			"mara": {
				"VALDOR has taken back its suspension of arrangement " + id + ".", "VALDOR has suspended arrangement " + id + ".",
				"VALDOR proposes other terms for arrangement " + id + ". It waits for your organisation: agree or decline.",
				"VALDOR has agreed to what is proposed for arrangement " + id + ". All have agreed: version 1 holds.",
			},
			"sol": valdor, "off": valdor, "ana": nil, "una": nil, "oda": nil,
			"nell": {declined, "Your organisation is invited to become a party to arrangement " + id + ". It waits for your organisation: agree or decline."},
		} {
			list, err := notice.List(ctx, w.By(w.ID(person)), cordon.Cursor{}, 50)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range list {
				got = append(got, n.Text)
				if n.Mark != narrow || n.Kind != cordon.NoticeArrangement {
					t.Errorf("%s: marked %s, about %s", person, n.Mark, n.Kind)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s is told %q\nwant %q", person, got, want)
			}
		}
		if got := w.Feed(t, "VALDOR", cordon.ActNotify, cordon.OutcomeAllowed); len(got) != 0 {
			t.Errorf("the feed names who acted: %+v", got)
		}
	})
}

// TestARefusedStepIsRecorded: each refusal leaves an entry in the installation's feed,
// which names neither the arrangement nor a party: those refused may not know of
// it.
func TestARefusedStepIsRecorded(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		kinds(t, w)
		ctx := context.Background()
		a := w.Arrange(t, "mara", draft(w, "VALDOR"))
		for i, try := range []struct {
			person string
			kind   cordon.Kind
			step   func(person cordon.ID) error
		}{
			{"una", cordon.KindNotFound, func(p cordon.ID) error { return second(arrangement.Suspend(ctx, w.By(p), a.ID)) }},
			{"una", cordon.KindNotFound, func(p cordon.ID) error { return second(arrangement.End(ctx, w.By(p), cordon.NewID())) }},
			{"una", cordon.KindNotFound, func(p cordon.ID) error { return second(arrangement.Show(ctx, w.By(p), a.ID)) }},
			{"oda", cordon.KindNotFound, func(p cordon.ID) error { return second(arrangement.Agree(ctx, w.By(p), a.ID, cordon.NewID())) }},
			{"nell", cordon.KindNotFound, func(p cordon.ID) error { return second(arrangement.Leave(ctx, w.By(p), a.ID)) }},
			{"theo", cordon.KindDenied, func(p cordon.ID) error { return second(arrangement.Create(ctx, w.By(p), draft(w, "VALDOR"))) }},
		} {
			is(t, try.person, try.step(w.ID(try.person)), try.kind)
			entries := w.Feed(t, "", cordon.ActArrangement, cordon.OutcomeRefused)
			if len(entries) != i+1 {
				t.Fatalf("the try of %s, number %d: the feed has %d entries", try.person, i, len(entries))
			}
			if e := entries[i]; e.Actor != w.ActorIn(e.Feed, e.ActorOrg, w.ID(try.person)) || e.Subject != "" || e.Audience != "" || len(e.Portions) != 0 {
				t.Errorf("the try of %s left %+v", try.person, e)
			}
			for _, party := range []string{"MERIDIAN", "VALDOR", "NEREUS", "TARSIS"} {
				if got := w.Feed(t, party, cordon.ActArrangement, cordon.OutcomeRefused); len(got) != 0 {
					t.Errorf("the try of %s is in the feed of %s: %+v", try.person, party, got)
				}
			}
		}
	})
}
