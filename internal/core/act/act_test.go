package act_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/writing"
)

// deed is an act that no use-case called here records anything of.
var deed = act.ByAnyone(cordon.ActNarrow)

// world is one with a report of MERIDIAN's in it that VALDOR received, and of
// which theo, of TARSIS, may see nothing.
func world(t *testing.T, w *casetest.World) writing.Published {
	t.Helper()
	return w.Publish(t, "mara", []string{"VALDOR"}, "(S//REL TO USA, GBR) The file", "(S//REL TO USA, GBR) The envoy")
}

// do is an act of the person's that changes nothing but what decide and write say.
func do(t *testing.T, w *casetest.World, person string, deed act.Deed, decide func(*act.Snapshot) error, write func(*act.Commit) error) error {
	t.Helper()
	_, err := act.Do(t.Context(), w.By(w.ID(person)), deed, func(s *act.Snapshot) (act.Done, error) {
		return act.Done{}, decide(s)
	}, func(c *act.Commit, _ act.Done) (act.Done, error) {
		return act.Done{}, write(c)
	})
	return err
}

func nothing(*act.Snapshot) error { return nil }

func unreachable(t *testing.T) func(*act.Commit) error {
	return func(*act.Commit) error {
		t.Error("it was written though it was refused")
		return nil
	}
}

// refused checks that the feed has exactly one refusal of the deed, and gives it.
func refused(t *testing.T, w *casetest.World, feed string) cordon.Entry {
	t.Helper()
	entries := w.Feed(t, feed, deed.Act, cordon.OutcomeRefused)
	if len(entries) != 1 {
		t.Fatalf("the feed of %q has the refusals %+v, want one", feed, entries)
	}
	return entries[0]
}

// silent checks that no feed has anything of the deed.
func silent(t *testing.T, w *casetest.World) {
	t.Helper()
	for _, feed := range []string{"", "HUB", "MERIDIAN", "VALDOR", "TARSIS"} {
		for _, outcome := range []cordon.Outcome{cordon.OutcomeAllowed, cordon.OutcomeRefused} {
			if got := w.Feed(t, feed, deed.Act, outcome); len(got) > 0 {
				t.Errorf("the feed of %q has %+v", feed, got)
			}
		}
	}
}

// meta is what the store has under the key; nil for nothing.
func meta(t *testing.T, w *casetest.World, key string) []byte {
	t.Helper()
	value, err := cordon.View(t.Context(), w.Store, func(tx cordon.ReadTx) ([]byte, error) { return tx.Meta(key) })
	if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
		t.Fatal(err)
	}
	return value
}

// portions are those of the ids, as they stand.
func portions(t *testing.T, w *casetest.World, ids ...cordon.ID) []cordon.Portion {
	t.Helper()
	list, err := cordon.View(t.Context(), w.Store, func(tx cordon.ReadTx) ([]cordon.Portion, error) { return tx.PortionsByID(ids) })
	if err != nil || len(list) != len(ids) {
		t.Fatal(list, err)
	}
	return list
}

// TestPseudonyms: in an owner's feed somebody of another organisation is the same each
// time, nobody else, and another in the next owner's; one's own people are themselves.
func TestPseudonyms(t *testing.T) {
	w := casetest.New(t)
	names := make(map[cordon.ID]string)
	for _, org := range []string{"MERIDIAN", "VALDOR", "TARSIS"} {
		for _, person := range []string{"mara", "ana", "theo", "sol"} {
			id := w.In(org, person)
			if own := w.Person[person].Org == w.ID(org); own != (id == w.ID(person)) || !id.Valid() || id != w.In(org, person) {
				t.Errorf("%s is %s in the feed of %s", person, id, org)
			}
			if other, there := names[id]; there {
				t.Errorf("%s in the feed of %s is %s", person, org, other)
			}
			names[id] = person + " in the feed of " + org
		}
	}
	if id := w.ActorIn("", w.ID("VALDOR"), w.ID("ana")); id != w.ID("ana") {
		t.Errorf("the installation's feed has %s", id)
	}
	report := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Notes", "(U) Text.")
	w.Texts(t, "ana", report.Report)
	if e := w.Feed(t, "MERIDIAN", cordon.ActRead, cordon.OutcomeAllowed); len(e) != 1 || e[0].Actor != w.In("MERIDIAN", "ana") || e[0].Role != cordon.RoleReader || e[0].ActorOrg != w.ID("VALDOR") {
		t.Errorf("the read is recorded as %+v", e)
	}
}

// TestARefusalThatSaysMore: what decide refuses is in the feeds with all that it
// says of itself, and the caller is told the answer alone.
func TestARefusalThatSaysMore(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report := world(t, w)
		secret := report.Portions[1].ID
		answer := cordon.Errorf(cordon.KindConflict, "not now")
		err := do(t, w, "theo", deed, func(s *act.Snapshot) error {
			list, err := s.Tx.PortionsByID([]cordon.ID{secret})
			if err != nil {
				return err
			}
			return &act.Refusal{Answer: answer, Subject: report.Report, Portions: list, Audience: w.ID("TARSIS")}
		}, unreachable(t))
		if err != error(answer) {
			t.Errorf("answered %v, want %v", err, answer)
		}
		if more := (*act.Refusal)(nil); errors.As(err, &more) {
			t.Errorf("the caller is handed %+v", more)
		}
		e := refused(t, w, "MERIDIAN")
		if e.Actor != w.In("MERIDIAN", "theo") || e.ActorOrg != w.ID("TARSIS") || e.Subject != report.Report || e.Audience != w.ID("TARSIS") ||
			!slices.Equal(e.Portions, []cordon.ID{secret}) || len(e.Reasons) == 0 || e.Feed != w.ID("MERIDIAN") || e.At.IsZero() {
			t.Errorf("recorded %+v", e)
		}
		// As where there is no such thing: nobody learns from the
		// installation's feed what there is.
		if e := refused(t, w, ""); e.Actor != w.ID("theo") || e.Subject != "" || len(e.Portions) > 0 || len(e.Reasons) > 0 {
			t.Errorf("recorded in the installation's feed: %+v", e)
		}
		if got := w.Feed(t, "VALDOR", deed.Act, cordon.OutcomeRefused); len(got) > 0 {
			t.Errorf("a recipient's feed has %+v", got)
		}
	})
}

// TestABareRefusal: a refusal that says nothing of itself is in the feeds of
// those whose reports and portions the act had looked at.
func TestABareRefusal(t *testing.T) {
	for name, look := range map[string]func(*act.Snapshot, writing.Published) error{
		"a report": func(s *act.Snapshot, r writing.Published) error {
			_, err := s.Tx.Report(r.Report)
			return err
		},
		"its rules": func(s *act.Snapshot, r writing.Published) error {
			_, err := s.Tx.PortionRules(r.Report)
			return err
		},
		"a portion": func(s *act.Snapshot, r writing.Published) error {
			_, err := s.Tx.PortionsByID([]cordon.ID{r.Portions[1].ID})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := casetest.New(t)
			report := world(t, w)
			err := do(t, w, "theo", deed, func(s *act.Snapshot) error {
				if err := look(s, report); err != nil {
					return err
				}
				return cordon.ErrNotFound
			}, unreachable(t))
			if err != error(cordon.ErrNotFound) {
				t.Error(err)
			}
			e := refused(t, w, "MERIDIAN")
			if of := append(slices.Clone(e.Portions), e.Subject); !slices.Contains(of, report.Report) && !slices.Contains(of, report.Portions[1].ID) {
				t.Errorf("it does not say of what: %+v", e)
			}
			refused(t, w, "")
		})
	}
}

// TestWithheldAndNotPermitted: of portions of which the caller may see some, a
// bare refusal names those withheld; where they may see all, all.
func TestWithheldAndNotPermitted(t *testing.T) {
	w := casetest.New(t)
	shown := world(t, w).Portions[1].ID
	withheld := w.Publish(t, "mara", nil, "(S//REL TO USA, GBR) Another file", "(S//REL TO USA, GBR) The source").Portions[1].ID
	refuse := func(ids ...cordon.ID) error {
		return do(t, w, "ana", deed, func(s *act.Snapshot) error {
			if _, err := s.Tx.PortionsByID(ids); err != nil {
				return err
			}
			return cordon.ErrNotFound
		}, unreachable(t))
	}
	if err := refuse(shown, withheld); err != error(cordon.ErrNotFound) {
		t.Fatal(err)
	}
	if e := refused(t, w, "MERIDIAN"); !slices.Equal(e.Portions, []cordon.ID{withheld}) {
		t.Errorf("recorded %+v, want %s alone", e, withheld)
	}
	if err := refuse(shown); err != error(cordon.ErrNotFound) {
		t.Fatal(err)
	}
	if all := w.Feed(t, "MERIDIAN", deed.Act, cordon.OutcomeRefused); len(all) != 2 || !slices.Equal(all[1].Portions, []cordon.ID{shown}) {
		t.Errorf("recorded %+v, want %s in the second", all, shown)
	}
}

// TestARoleMissing: who has not the role is Denied before anything is looked at,
// and that is in the installation's feed and in no other.
func TestARoleMissing(t *testing.T) {
	w := casetest.New(t)
	err := do(t, w, "ana", act.ByRole(deed.Act, cordon.RoleSecurityOfficer, cordon.RoleAuditor), func(*act.Snapshot) error {
		t.Error("it was decided on though the role is missing")
		return nil
	}, unreachable(t))
	if cordon.KindOf(err) != cordon.KindDenied {
		t.Error(err)
	}
	if e := refused(t, w, ""); e.Actor != w.ID("ana") || e.ActorOrg != w.ID("VALDOR") {
		t.Errorf("recorded %+v", e)
	}
	for _, feed := range []string{"HUB", "MERIDIAN", "VALDOR", "TARSIS"} {
		if got := w.Feed(t, feed, deed.Act, cordon.OutcomeRefused); len(got) > 0 {
			t.Errorf("the feed of %s has %+v", feed, got)
		}
	}
	// One of the roles is enough.
	wrote := func(c *act.Commit) error { return c.Record(cordon.Entry{}) }
	if err := do(t, w, "sol", act.ByRole(deed.Act, cordon.RoleAdministrator, cordon.RoleAuditor), nothing, wrote); err != nil {
		t.Error(err)
	}
	if got := w.Feed(t, "", deed.Act, cordon.OutcomeAllowed); len(got) != 1 {
		t.Errorf("of what sol did is recorded %+v", got)
	}
}

// TestARefusalOfWrite: what write refuses leaves nothing of what it did, and is
// recorded all the same.
func TestARefusalOfWrite(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report := world(t, w)
		err := do(t, w, "theo", deed, func(s *act.Snapshot) error {
			_, err := s.Tx.Report(report.Report)
			return err
		}, func(c *act.Commit) error {
			if err := c.Tx.PutMeta("half", []byte("done")); err != nil {
				return err
			}
			if err := c.Record(cordon.Entry{}); err != nil {
				return err
			}
			return cordon.ErrNotFound
		})
		if err != error(cordon.ErrNotFound) {
			t.Error(err)
		}
		if half := meta(t, w, "half"); half != nil {
			t.Errorf("it is %q", half)
		}
		if got := w.Feed(t, "", deed.Act, cordon.OutcomeAllowed); len(got) > 0 {
			t.Errorf("recorded as done: %+v", got)
		}
		refused(t, w, "")
		if e := refused(t, w, "MERIDIAN"); e.Subject != report.Report {
			t.Errorf("recorded %+v", e)
		}
	})
}

// TestOtherErrors: what is no refusal undoes the act and is recorded nowhere.
func TestOtherErrors(t *testing.T) {
	w := casetest.New(t)
	report := world(t, w)
	broken := errors.New("broken")
	for _, wrong := range []error{
		cordon.Errorf(cordon.KindInvalid, "wrong"), cordon.Errorf(cordon.KindConflict, "wrong"), cordon.Errorf(cordon.KindTooLarge, "wrong"),
		cordon.Errorf(cordon.KindUnavailable, "wrong"), cordon.Errorf(cordon.KindInternal, "wrong"), cordon.Errorf(cordon.KindUnauthenticated, "wrong"), broken,
	} {
		look := func(s *act.Snapshot) error {
			_, err := s.Tx.Report(report.Report)
			return err
		}
		fails := func(s *act.Snapshot) error { return errors.Join(look(s), wrong) }
		if err := do(t, w, "theo", deed, fails, unreachable(t)); !errors.Is(err, wrong) {
			t.Errorf("decide failed with %v and Do with %v", wrong, err)
		}
		err := do(t, w, "theo", deed, look, func(c *act.Commit) error {
			return errors.Join(c.Tx.PutMeta("half", []byte("done")), c.Record(cordon.Entry{}), wrong)
		})
		if !errors.Is(err, wrong) {
			t.Errorf("write failed with %v and Do with %v", wrong, err)
		}
		_, err = act.Read(t.Context(), w.By(w.ID("theo")), deed, func(s *act.Snapshot) (act.Done, error) { return act.Done{}, fails(s) })
		if !errors.Is(err, wrong) {
			t.Errorf("it failed with %v and Read with %v", wrong, err)
		}
	}
	silent(t, w)
	if half := meta(t, w, "half"); half != nil {
		t.Errorf("it is %q", half)
	}
}

// TestNobody: a person who is absent or suspended is Unauthenticated, before
// anything is decided and without a line in the ledger.
func TestNobody(t *testing.T) {
	w := casetest.New(t)
	for _, id := range []cordon.ID{"", cordon.NewID()} {
		_, err := act.Read(t.Context(), w.By(id), deed, func(*act.Snapshot) (act.Done, error) {
			t.Error("it was decided on")
			return act.Done{}, nil
		})
		if cordon.KindOf(err) != cordon.KindUnauthenticated {
			t.Errorf("%q: %v", id, err)
		}
	}
	silent(t, w)
}

// TestSealedUntilCommitted: the text of a portion is not to be had before that
// it is given away is on disk.
func TestSealedUntilCommitted(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		p := portions(t, w, world(t, w).Portions[1].ID)[0]
		open := func(when string, sealed act.Sealed, want bool) {
			t.Helper()
			body, err := sealed.Open(p)
			if want && (err != nil || body.Text != "The envoy") || !want && (cordon.KindOf(err) != cordon.KindInternal || body.Text != "") {
				t.Errorf("%s: %+v, %v", when, body, err)
			}
		}
		var leaked []act.Sealed
		sealed, err := act.Do(t.Context(), w.By(w.ID("ana")), deed, func(s *act.Snapshot) (act.Sealed, error) {
			sealed, err := s.Ready([]cordon.Portion{p})
			open("deciding", sealed, false)
			return sealed, err
		}, func(c *act.Commit, sealed act.Sealed) (act.Sealed, error) {
			open("writing", sealed, false)
			return sealed, c.RecordOwners(cordon.Entry{}, []cordon.Portion{p})
		})
		if err != nil {
			t.Fatal(err)
		}
		open("committed", sealed, true)
		if got := w.Feed(t, "MERIDIAN", deed.Act, cordon.OutcomeAllowed); len(got) != 1 || !slices.Equal(got[0].Portions, []cordon.ID{p.ID}) {
			t.Errorf("recorded %+v", got)
		}

		// An act that fails, is refused or only reads opens nothing afterwards.
		for _, wrong := range []error{cordon.Errorf(cordon.KindConflict, "wrong"), cordon.ErrNotFound} {
			err := do(t, w, "ana", deed, func(s *act.Snapshot) error {
				sealed, err := s.Ready([]cordon.Portion{p})
				leaked = append(leaked, sealed)
				return err
			}, func(*act.Commit) error { return wrong })
			if cordon.KindOf(err) != cordon.KindOf(wrong) {
				t.Error(err)
			}
		}
		read, err := act.Read(t.Context(), w.By(w.ID("ana")), deed, func(s *act.Snapshot) (act.Sealed, error) { return s.Ready([]cordon.Portion{p}) })
		if err != nil {
			t.Error(err)
		}
		for _, sealed := range append(leaked, read) {
			open("not committed", sealed, false)
		}
	})
}

// TestTheRunThatCommitted: the store of these tests runs each function twice. The
// result is that of the run whose writes are there.
func TestTheRunThatCommitted(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		runs := 0
		key, err := act.Do(t.Context(), w.By(w.ID("ana")), deed, func(*act.Snapshot) (string, error) {
			runs++
			return string(cordon.NewID()), nil
		}, func(c *act.Commit, drawn string) (string, error) {
			return drawn, c.Tx.PutMeta(drawn, []byte("done"))
		})
		if err != nil || meta(t, w, key) == nil {
			t.Errorf("%q is not what was written: %v", key, err)
		}
		if runs < 2 {
			t.Errorf("decided %d times: the store of the test runs nothing twice", runs)
		}
	})
}

// TestRead: a question is answered without a line in the ledger, and refused
// with one, like an act.
func TestRead(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report := world(t, w)
		ask := func(person string, deed act.Deed, refusal error) (cordon.ID, error) {
			return act.Read(t.Context(), w.By(w.ID(person)), deed, func(s *act.Snapshot) (cordon.ID, error) {
				r, err := s.Tx.Report(report.Report)
				if err == nil {
					err = refusal
				}
				return r.ID, err
			})
		}
		if id, err := ask("mara", deed, nil); id != report.Report || err != nil {
			t.Error(id, err)
		}
		silent(t, w)
		if id, err := ask("theo", deed, cordon.ErrNotFound); id != "" || err != error(cordon.ErrNotFound) {
			t.Error(id, err)
		}
		if e := refused(t, w, "MERIDIAN"); e.Actor != w.In("MERIDIAN", "theo") || e.Subject != report.Report {
			t.Errorf("recorded %+v", e)
		}
		refused(t, w, "")
		if id, err := ask("theo", act.ByRole(cordon.ActScan, cordon.RoleAuditor), nil); id != "" || cordon.KindOf(err) != cordon.KindDenied {
			t.Error(id, err)
		}
		if got := w.Feed(t, "", cordon.ActScan, cordon.OutcomeRefused); len(got) != 1 {
			t.Errorf("recorded %+v", got)
		}
	})
}

// TestItself: Cordon as a caller is nobody, and no rule and no role admits it.
func TestItself(t *testing.T) {
	w := casetest.New(t)
	p := portions(t, w, world(t, w).Portions[1].ID)[0]
	_, err := act.Do(t.Context(), w.Itself(), deed, func(s *act.Snapshot) (bool, error) {
		return s.Decide(p).Allowed() || s.Sees(p.Rule), nil
	}, func(c *act.Commit, sees bool) (act.Done, error) {
		if sees {
			t.Error("Cordon itself sees what is its owners'")
		}
		return act.Done{}, c.Record(cordon.Entry{Feed: w.ID("MERIDIAN")})
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Feed(t, "MERIDIAN", deed.Act, cordon.OutcomeAllowed); len(got) != 1 || got[0].Actor != "" || got[0].ActorOrg != "" {
		t.Errorf("recorded %+v", got)
	}
	_, err = act.Read(t.Context(), w.Itself(), act.ByRole(deed.Act, cordon.Roles()...), func(*act.Snapshot) (act.Done, error) {
		return act.Done{}, nil
	})
	if cordon.KindOf(err) != cordon.KindDenied {
		t.Error(err)
	}
}

// TestChangedMeanwhile: what an act decided on still holds when it commits. An
// act is under way when somebody else changes an organisation. It has not read
// that yet, or has: then it is run again, unless the change waits for it.
func TestChangedMeanwhile(t *testing.T) {
	for _, when := range []string{"before it is read", "after it is read"} {
		t.Run(when, func(t *testing.T) {
			casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
				base := *w.Base
				base.Store = w.Store.(casetest.Twice).Store
				tarsis := w.Org["TARSIS"]
				renamed := tarsis
				renamed.Title = "renamed"
				changed := make(chan error, 1)
				begin := func() {
					go func() {
						changed <- base.Store.Update(context.Background(), func(tx cordon.WriteTx) error {
							if err := tx.PutOrganisation(renamed); err != nil {
								return err
							}
							return tx.PutMeta("changed", []byte("done"))
						})
					}()
				}
				// On SQLite the change waits for the act, whatever it has read;
				// on PostgreSQL only for one that has read what it changes.
				waits := w.Dir != "" || when == "after it is read"
				runs := 0
				type plan struct {
					title   string
					changed bool
				}
				got, err := act.Do(t.Context(), base.By(w.ID("ana")), deed, func(s *act.Snapshot) (plan, error) {
					runs++
					if runs == 1 && when == "before it is read" {
						begin()
						if !waits {
							if err := <-changed; err != nil {
								t.Error(err)
							}
						}
					}
					org, err := s.Tx.Organisation(tarsis.ID)
					if runs == 1 && when == "after it is read" {
						begin()
					}
					return plan{title: org.Title}, err
				}, func(c *act.Commit, p plan) (plan, error) {
					org, err := c.Tx.Organisation(tarsis.ID)
					if err != nil {
						return p, err
					}
					if org.Title != p.title {
						t.Errorf("decided on %q, and commits beside %q", p.title, org.Title)
					}
					_, err = c.Tx.Meta("changed")
					p.changed = err == nil
					return p, c.Tx.PutMeta("acted", []byte(p.title))
				})
				if err != nil {
					t.Fatal(err)
				}
				if waits {
					if err := <-changed; err != nil {
						t.Error(err)
					}
				} else if runs < 2 {
					t.Errorf("it ran %d times", runs)
				}
				if want := !waits; got.changed != want || (got.title == "renamed") != want {
					t.Errorf("it saw %+v; the change waits for it: %v", got, waits)
				}
				if now, err := cordon.View(t.Context(), base.Store, func(tx cordon.ReadTx) (cordon.Organisation, error) { return tx.Organisation(tarsis.ID) }); err != nil || now.Title != "renamed" {
					t.Errorf("the organisation is %+v, %v", now, err)
				}
			})
		})
	}
}
