package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"cordon"
)

// testAtomic has a function fail after it wrote to every kind of table.
func testAtomic(t *testing.T, s cordon.Store) {
	failed := errors.New("on purpose")
	r, portions := report(0, 1)
	org, incident := cordon.NewID(), filled[cordon.Incident]()
	err := s.Update(t.Context(), func(tx cordon.WriteTx) error {
		o := filled[cordon.Organisation]()
		o.ID = org
		if err := errors.Join(
			tx.PutMeta("atomic", []byte("x")),
			tx.PutOrganisation(o),
			publish(tx, r, portions),
			tx.AddTokens([]cordon.PortionTokens{tokens(portions[0], 4)}),
			tx.PutIncident(incident),
			tx.Append(filled[cordon.Entry]()),
			tx.PutTree(7, "seven"),
		); err != nil {
			return err
		}
		return fmt.Errorf("wrapped: %w", failed)
	})
	if !errors.Is(err, failed) || err.Error() != "wrapped: on purpose" {
		t.Fatalf("the function's error is not returned as it is: %v", err)
	}
	view(t, s, func(tx cordon.ReadTx) error {
		_, err := tx.Meta("atomic")
		wantKind(t, "meta", err, cordon.KindNotFound)
		_, err = tx.Organisation(org)
		wantKind(t, "organisation", err, cordon.KindNotFound)
		_, err = tx.Report(r.ID)
		wantKind(t, "report", err, cordon.KindNotFound)
		_, err = tx.Incident(incident.ID)
		wantKind(t, "incident", err, cordon.KindNotFound)
		left, err := tx.PortionsByID(idsOf(portions))
		equal(t, "portions", len(left), 0)
		if err != nil {
			return err
		}
		page, err := tx.ReportPage(cordon.Visibility{Rules: []cordon.RuleNo{1}}, cordon.Cursor{}, 5)
		equal(t, "listed", len(page), 0)
		if err != nil {
			return err
		}
		hits, err := tx.Search([]int64{4}, cordon.Visibility{Rules: []cordon.RuleNo{1}}, cordon.Cursor{}, 5)
		equal(t, "found", len(hits), 0)
		if err != nil {
			return err
		}
		pending, err := tx.Pending(5)
		equal(t, "pending", len(pending), 0)
		size, _, _ := tx.Tree()
		equal(t, "tree", size, int64(0))
		return err
	})
}

func testViewReadsOnly(t *testing.T, s cordon.Store) {
	for name, write := range map[string]func(cordon.WriteTx) error{
		"PutMeta": func(tx cordon.WriteTx) error { return tx.PutMeta("view", nil) },
		"Append":  func(tx cordon.WriteTx) error { return tx.Append(filled[cordon.Entry]()) },
		"Intern":  func(tx cordon.WriteTx) error { _, err := intern(tx); return err },
		"Strike": func(tx cordon.WriteTx) error {
			return tx.TouchReport(cordon.NewID())
		},
	} {
		// A View cannot write, by its type. Code that gets round the
		// type is refused all the same.
		view(t, s, func(tx cordon.ReadTx) error {
			if tx, ok := tx.(cordon.WriteTx); ok && write(tx) == nil {
				t.Errorf("%s in a View is done", name)
			}
			return nil
		})
	}
	view(t, s, func(tx cordon.ReadTx) error {
		_, err := tx.Meta("view")
		wantKind(t, "meta", err, cordon.KindNotFound)
		return nil
	})
}

// testPanic has functions panic while others run: the panic reaches the caller,
// nothing of it is kept, and nobody else notices.
func testPanic(t *testing.T, s cordon.Store) {
	panics := func(run func() error) (caught any) {
		defer func() { caught = recover() }()
		_ = run()
		return nil
	}
	var wg sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		wg.Go(func() {
			name := "panic " + strconv.Itoa(i)
			if i%3 > 0 {
				errs[i] = s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.PutMeta(name, []byte("kept")) })
				return
			}
			caught := panics(func() error {
				return s.Update(t.Context(), func(tx cordon.WriteTx) error {
					if err := tx.PutMeta(name, []byte("lost")); err != nil {
						return err // it is run again
					}
					panic("on purpose")
				})
			})
			if caught != "on purpose" {
				errs[i] = fmt.Errorf("recovered %v", caught)
			}
		})
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	equal(t, "recovered from a View", panics(func() error {
		return s.View(t.Context(), func(cordon.ReadTx) error { panic("in a View") })
	}), any("in a View"))
	view(t, s, func(tx cordon.ReadTx) error {
		for i := range errs {
			value, err := tx.Meta("panic " + strconv.Itoa(i))
			if kept := err == nil && string(value) == "kept"; kept != (i%3 > 0) {
				t.Errorf("%d: %q, %v", i, value, err)
			}
		}
		return nil
	})
	// A function that ends its goroutine, as a failing test does, is a panic
	// by another name.
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Update(context.Background(), func(tx cordon.WriteTx) error {
			_ = tx.PutMeta("exit", []byte("lost"))
			runtime.Goexit()
			return nil
		})
	}()
	<-done
	update(t, s, func(tx cordon.WriteTx) error {
		_, err := tx.Meta("exit")
		wantKind(t, "meta", err, cordon.KindNotFound)
		return nil
	})
}

func testCancelled(t *testing.T, s cordon.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	// Ended while the function runs, which does not care.
	wantKind(t, "Update cancelled inside", s.Update(ctx, func(tx cordon.WriteTx) error {
		if err := tx.PutMeta("cancelled", []byte("x")); err != nil {
			return err
		}
		cancel()
		return nil
	}), cordon.KindUnavailable)
	ran := false
	fn := func() error { ran = true; return nil }
	wantKind(t, "Update cancelled before", s.Update(ctx, func(cordon.WriteTx) error { return fn() }), cordon.KindUnavailable)
	wantKind(t, "View cancelled before", s.View(ctx, func(cordon.ReadTx) error { return fn() }), cordon.KindUnavailable)
	equal(t, "run all the same", ran, false)
	inside, cancel := context.WithCancel(t.Context())
	wantKind(t, "View cancelled inside", s.View(inside, func(tx cordon.ReadTx) error {
		cancel()
		_, err := tx.Organisations()
		wantKind(t, "read in it", err, cordon.KindUnavailable)
		return err
	}), cordon.KindUnavailable)
	view(t, s, func(tx cordon.ReadTx) error {
		_, err := tx.Meta("cancelled")
		wantKind(t, "meta", err, cordon.KindNotFound)
		return nil
	})
	// Cancelling one of many that wait leaves the others alone.
	var wg sync.WaitGroup
	errs := make([]error, 40)
	for i := range errs {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%2 == 0 {
				go cancel()
			}
			errs[i] = s.Update(ctx, func(tx cordon.WriteTx) error { return tx.PutMeta("c"+strconv.Itoa(i), []byte("x")) })
		})
	}
	wg.Wait()
	view(t, s, func(tx cordon.ReadTx) error {
		for i, err := range errs {
			if err != nil && (i%2 == 1 || cordon.KindOf(err) != cordon.KindUnavailable) {
				t.Errorf("%d: %v", i, err)
			}
			_, found := tx.Meta("c" + strconv.Itoa(i))
			if (err == nil) != (found == nil) {
				t.Errorf("%d: Update said %v, and then %v is found", i, err, found)
			}
		}
		return nil
	})
}

func testSnapshot(t *testing.T, s cordon.Store) {
	set := func(value string) {
		update(t, s, func(tx cordon.WriteTx) error {
			return errors.Join(tx.PutMeta("a", []byte(value)), tx.PutMeta("b", []byte(value)))
		})
	}
	get := func(tx cordon.ReadTx, key string) string {
		v, err := tx.Meta(key)
		if err != nil {
			t.Fatal(err)
		}
		return string(v)
	}
	set("old")
	view(t, s, func(tx cordon.ReadTx) error {
		equal(t, "before", get(tx, "a"), "old")
		set("new") // while the View is open
		equal(t, "after, in the same View", get(tx, "b"), "old")
		view(t, s, func(tx cordon.ReadTx) error {
			equal(t, "in a View begun after", get(tx, "a")+get(tx, "b"), "newnew")
			return nil
		})
		return nil
	})
}

// testIncrements reads and writes one number from many goroutines.
func testIncrements(t *testing.T, s cordon.Store) {
	const goroutines, times = 8, 15
	update(t, s, func(tx cordon.WriteTx) error { return tx.PutMeta("n", []byte("0")) })
	var wg sync.WaitGroup
	errs := make(chan error, goroutines*times)
	for range goroutines {
		wg.Go(func() {
			for range times {
				errs <- s.Update(t.Context(), func(tx cordon.WriteTx) error {
					v, err := tx.Meta("n")
					if err != nil {
						return err
					}
					n, err := strconv.Atoi(string(v))
					if err != nil {
						return err
					}
					return tx.PutMeta("n", []byte(strconv.Itoa(n+1)))
				})
			}
		})
	}
	wg.Wait()
	close(errs)
	done := 0
	for err := range errs {
		switch {
		case err == nil:
			done++
		case cordon.KindOf(err) != cordon.KindUnavailable:
			t.Fatal(err)
		}
	}
	if done < goroutines*times/2 {
		t.Errorf("only %d of %d went through", done, goroutines*times)
	}
	view(t, s, func(tx cordon.ReadTx) error {
		v, err := tx.Meta("n")
		equal(t, "number", string(v), strconv.Itoa(done))
		return err
	})
}

// testWriteSkew has pairs of Updates each set its own mark if the other's is
// not set. One by one, at most one of them does.
func testWriteSkew(t *testing.T, s cordon.Store) {
	for round := range 20 {
		name := func(i int) string { return fmt.Sprintf("skew %d %d", round, i) }
		var wg sync.WaitGroup
		var set atomic.Int32
		errs := make([]error, 2)
		for i := range 2 {
			wg.Go(func() {
				wrote := false
				errs[i] = s.Update(t.Context(), func(tx cordon.WriteTx) error {
					wrote = false
					_, err := tx.Meta(name(1 - i))
					if err == nil || !errors.Is(err, cordon.ErrNotFound) {
						return err
					}
					wrote = true
					return tx.PutMeta(name(i), []byte("x"))
				})
				if errs[i] == nil && wrote {
					set.Add(1)
				}
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		equal(t, "marks set", set.Load(), int32(1))
	}
}

// testHeldAgainstChange checks that an Update which held a person, an
// organisation, a report or an incident as it was does not commit after
// another that changed it. Readers go on until each has seen the change, and
// those that had not seen it leave a mark; once the change has committed, no
// further mark may appear.
func testHeldAgainstChange(t *testing.T, s cordon.Store) {
	var org cordon.Organisation
	var someone cordon.Person
	r, _ := report(0)
	incident := filled[cordon.Incident]()
	seed := func() {
		update(t, s, func(tx cordon.WriteTx) (err error) {
			if org, err = organisation(tx); err != nil {
				return err
			}
			if someone, err = person(tx, org.ID); err != nil {
				return err
			}
			return errors.Join(tx.PutReport(r), tx.PutIncident(incident))
		})
	}
	for name, c := range map[string]struct {
		hold   func(cordon.WriteTx) error
		change func(cordon.WriteTx) error
	}{
		"person": {
			func(tx cordon.WriteTx) error { _, err := tx.HoldPerson(someone.ID); return err },
			func(tx cordon.WriteTx) error { someone.Suspended = true; return tx.PutPerson(someone) },
		},
		"organisation, touched": {
			func(tx cordon.WriteTx) error { _, err := tx.HoldOrganisation(org.ID); return err },
			func(tx cordon.WriteTx) error { return tx.TouchOrganisation(org.ID) },
		},
		"organisation": {
			func(tx cordon.WriteTx) error { _, err := tx.HoldOrganisation(org.ID); return err },
			func(tx cordon.WriteTx) error { return tx.PutOrganisation(org) },
		},
		"report, touched": {
			func(tx cordon.WriteTx) error { _, err := tx.HoldReport(r.ID); return err },
			func(tx cordon.WriteTx) error { return tx.TouchReport(r.ID) },
		},
		"report": {
			func(tx cordon.WriteTx) error { _, err := tx.HoldReport(r.ID); return err },
			func(tx cordon.WriteTx) error { return tx.PutReport(r) },
		},
		"incident": {
			func(tx cordon.WriteTx) error { _, err := tx.HoldIncident(incident.ID); return err },
			func(tx cordon.WriteTx) error { return tx.PutIncident(incident) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				seed()
				heldAgainstChange(t, s, c.hold, c.change)
			}
		})
	}
}

func heldAgainstChange(t *testing.T, s cordon.Store, hold, change func(cordon.WriteTx) error) {
	t.Helper()
	const readers = 6
	run := string(cordon.NewID())
	changed := func(tx cordon.ReadTx) (bool, error) {
		_, err := tx.Meta(run)
		if errors.Is(err, cordon.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	}
	var wg sync.WaitGroup
	marks := make([]atomic.Int64, readers)
	begun := make(chan struct{}, readers*1000)
	errs := make([]error, readers)
	for i := range readers {
		wg.Go(func() {
			for n, sees := 0, false; !sees; n++ {
				errs[i] = s.Update(t.Context(), func(tx cordon.WriteTx) error {
					if err := hold(tx); err != nil {
						return err
					}
					var err error
					if sees, err = changed(tx); err != nil || sees {
						return err
					}
					select {
					case begun <- struct{}{}:
					default:
					}
					return tx.PutMeta(fmt.Sprintf("%s %d %d", run, i, n), []byte("not seen"))
				})
				if errs[i] != nil {
					return
				}
				if !sees {
					marks[i].Store(int64(n + 1))
				}
			}
		})
	}
	for range readers {
		<-begun
	}
	update(t, s, func(tx cordon.WriteTx) error {
		if err := change(tx); err != nil {
			return err
		}
		return tx.PutMeta(run, []byte("changed"))
	})
	count := func() (n int) {
		view(t, s, func(tx cordon.ReadTx) error {
			n = 0
			for i := range readers {
				for j := 0; ; j++ {
					if _, err := tx.Meta(fmt.Sprintf("%s %d %d", run, i, j)); err != nil {
						break
					}
					n++
				}
			}
			return nil
		})
		return n
	}
	then := count()
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if now := count(); now != then {
		t.Fatalf("%d Updates that had read the row as it was committed after the change", now-then)
	}
}

// testRaces has many add the same at once: one does, and the others get what
// they would get had they come later.
func testRaces(t *testing.T, s cordon.Store) {
	for range 5 {
		owner, rule := cordon.NewID(), filled[cordon.Rule]()
		name := "race " + string(owner)
		results := make([][3]error, 8)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() {
				results[i][0] = s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.PutOwnerKey(owner, cordon.Sealed{byte(i)}) })
				results[i][1] = s.Update(t.Context(), func(tx cordon.WriteTx) error { _, err := tx.Intern(rule); return err })
				o := filled[cordon.Organisation]()
				o.Name = name
				results[i][2] = s.Update(t.Context(), func(tx cordon.WriteTx) error { return tx.PutOrganisation(o) })
			})
		}
		wg.Wait()
		won := [3]int{}
		for _, r := range results {
			for j, err := range r {
				switch {
				case err == nil:
					won[j]++
				case cordon.KindOf(err) != cordon.KindConflict:
					t.Fatalf("%d: %v (%v)", j, err, errors.Unwrap(err))
				}
			}
		}
		equal(t, "added: owner key, rule, organisation", won, [3]int{1, len(results), 1})
	}
}

func testScrub(t *testing.T, s cordon.Store) {
	update(t, s, func(tx cordon.WriteTx) error { return tx.PutMeta("scrub", []byte("kept")) })
	for range 2 {
		if err := s.Scrub(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, "meta", look(t, s, func(tx cordon.ReadTx) ([]byte, error) { return tx.Meta("scrub") }), []byte("kept"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantKind(t, "cancelled", s.Scrub(ctx), cordon.KindUnavailable)
}

func testClosed(t *testing.T, s cordon.Store) {
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantKind(t, "View", s.View(t.Context(), func(cordon.ReadTx) error { return nil }), cordon.KindUnavailable)
	wantKind(t, "Update", s.Update(t.Context(), func(cordon.WriteTx) error { return nil }), cordon.KindUnavailable)
	wantKind(t, "Scrub", s.Scrub(t.Context()), cordon.KindUnavailable)
	if err := s.Close(); err != nil {
		t.Fatalf("closed again: %v", err)
	}
}
