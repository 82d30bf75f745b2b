package reader_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/reader"
	"cordon/marking/us"
)

// sees checks what Sees, Of, All and Rule say of a rule.
func (w *world) sees(v *reader.View, rule cordon.Rule, want bool) {
	w.Helper()
	no := rule.No()
	if got := v.Sees(no); got != want {
		w.Errorf("sees %v, want %v", got, want)
	}
	of, err := v.VisibleUnder([]cordon.RuleNo{no, no})
	if err != nil {
		w.Error(err)
	}
	if got := slices.Equal(of.Rules, []cordon.RuleNo{no}); got != want {
		w.Errorf("of it alone they see %v, want %v", of.Rules, want)
	}
	all, err := v.Visible()
	if err != nil {
		w.Error(err)
	}
	if got := slices.Contains(all.Rules, no); got != want {
		w.Errorf("in all they see: %v, want %v", got, want)
	}
	if !slices.IsSorted(all.Rules) || len(slices.Compact(slices.Clone(all.Rules))) != len(all.Rules) {
		w.Errorf("not in order, each once: %v", all.Rules)
	}
	if r, err := v.Rule(no); err != nil || r.No() != no {
		w.Errorf("its rule is %s: %v", r.Encode(), err)
	}
}

// TestABookIsNeverStale: rules that another node wrote count in the next
// transaction, also where they bring names that the cache had not met, and so
// does a change of the reader.
func TestABookIsNeverStale(t *testing.T) {
	w := newWorld(t)
	here, there := book(), book()
	w.look(here, func(v *reader.View) {
		if all, err := v.Visible(); err != nil || len(all.Rules) != 0 {
			t.Errorf("in an empty store they see %v, %v", all, err)
		}
	})
	secret := cordon.Rule{
		Levels: []cordon.Level{{Scheme: "us", Rank: slices.Index(us.Scheme().Ladder(), "S")}},
		Owners: []cordon.OwnerPolicy{{Owner: "someone", Recipients: []cordon.ID{w.org.ID}}},
	}
	for _, rule := range []cordon.Rule{secret, toGBR(1), toGBR(2)} {
		w.update(func(tx cordon.WriteTx) error {
			if _, err := there.View(cordon.Holding(tx), w.reader.ID, now); err != nil {
				return err
			}
			return internAll(tx, rule)
		})
		w.look(here, func(v *reader.View) { w.sees(v, rule, true) })
		w.look(there, func(v *reader.View) { w.sees(v, rule, true) })
	}

	w.reader.Clearances = nil
	w.update(func(tx cordon.WriteTx) error { return tx.PutPerson(w.reader) })
	w.look(here, func(v *reader.View) { w.sees(v, secret, false) })
	w.org.Country = "FRA"
	w.update(func(tx cordon.WriteTx) error { return tx.PutOrganisation(w.org) })
	w.look(here, func(v *reader.View) { w.sees(v, toGBR(1), false) })
	w.reader.Suspended = true
	w.update(func(tx cordon.WriteTx) error { return tx.PutPerson(w.reader) })
	err := w.store.View(t.Context(), func(tx cordon.ReadTx) error {
		_, err := here.View(tx, w.reader.ID, now)
		return err
	})
	if !errors.Is(err, reader.ErrUnauthenticated) {
		t.Errorf("suspended: %v", err)
	}
}

// TestRulesRolledBack: a cache that met a rule which then never was misses
// neither the one that came in its place nor the rule itself, once it is
// written after all.
func TestRulesRolledBack(t *testing.T) {
	w, b := newWorld(t), book()
	for n := range 4 {
		lost, kept := toGBR(10+n), toGBR(20+n)
		w.failing(func(tx cordon.WriteTx) error {
			if err := internAll(tx, lost); err != nil {
				return err
			}
			v, err := b.View(cordon.Holding(tx), w.reader.ID, now)
			if err == nil {
				w.sees(v, lost, true)
			}
			return err
		})
		w.intern(kept)
		w.look(b, func(v *reader.View) { w.sees(v, kept, true) })
		w.intern(lost)
		w.look(b, func(v *reader.View) {
			w.sees(v, lost, true)
			w.sees(v, kept, true)
		})
	}
}

// filling is a transaction in which the store has the rules to list, and in
// which something happens just after it has listed them.
type filling struct {
	cordon.ReadTx
	rules []cordon.Rule
	then  func()
}

func (f filling) RulesAfter(cordon.RuleMark) ([]cordon.InternedRule, cordon.RuleMark, error) {
	var list []cordon.InternedRule
	for _, r := range f.rules {
		list = append(list, cordon.InternedRule{No: r.No(), Rule: r})
	}
	f.then()
	return list, cordon.RuleMark{}, nil
}

// TestTwoFillABookAtOnce: each decides by the rules of its own transaction,
// even if the other leaves more rules in the cache meanwhile.
func TestTwoFillABookAtOnce(t *testing.T) {
	w, b := newWorld(t), book()
	mine, others, later := toGBR(1), []cordon.Rule{toGBR(2), toGBR(3)}, toGBR(4)
	err := w.store.View(t.Context(), func(tx cordon.ReadTx) error {
		v, err := b.View(filling{tx, []cordon.Rule{mine}, func() {
			v, err := b.View(filling{tx, others, func() {}}, w.reader.ID, now)
			if err != nil {
				t.Fatal(err)
			}
			w.sees(v, others[0], true)
			w.sees(v, others[1], true)
		}}, w.reader.ID, now)
		if err == nil {
			w.sees(v, mine, true)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.intern(mine, later)
	w.look(b, func(v *reader.View) {
		w.sees(v, mine, true)
		w.sees(v, later, true)
	})
}

// TestRulesLearned: a rule interned after the view was made is decided on once
// the view has learned it, and in no other view if it is rolled back.
func TestRulesLearned(t *testing.T) {
	w, b := newWorld(t), book()
	open, shut, known := toGBR(1), ownedBy("someone"), toGBR(2)
	w.intern(known)
	w.failing(func(tx cordon.WriteTx) error {
		v, err := b.View(cordon.Holding(tx), w.reader.ID, now)
		if err != nil {
			return err
		}
		if err := internAll(tx, open, shut); err != nil {
			return err
		}
		if v.Sees(open.No()) {
			t.Error("sees a rule that the view has not learned")
		}
		for _, r := range []cordon.Rule{open, shut, known} {
			v.Learn(r)
		}
		w.sees(v, open, true)
		w.sees(v, shut, false)
		w.sees(v, known, true)
		return nil
	})
	w.look(b, func(v *reader.View) {
		if v.Sees(open.No()) {
			t.Error("sees under a rule that never was")
		}
		if _, err := v.Rule(open.No()); cordon.KindOf(err) != cordon.KindInternal {
			t.Errorf("a rule that never was: %v, want Internal", err)
		}
		w.sees(v, known, true)
	})
}

// backwards is a store that lists the last portion first.
type backwards struct{ cordon.ReadTx }

func (b backwards) PortionsByID(ids []cordon.ID) ([]cordon.Portion, error) {
	portions, err := b.ReadTx.PortionsByID(ids)
	slices.SortFunc(portions, func(x, y cordon.Portion) int { return strings.Compare(string(y.ID), string(x.ID)) })
	return portions, err
}

// TestGrantsOpenPortions and never their rules: of two portions under one
// rule the granted one opens, as long as the grant runs, and only if nothing
// but owners' permission was missing.
func TestGrantsOpenPortions(t *testing.T) {
	w, b := newWorld(t), book()
	circled := ownedBy("owner-a")
	circled.Circled = true
	p := w.publish(ownedBy("owner-a"), ownedBy("owner-a"), ownedBy("owner-a", "owner-b"), ownedBy("owner-a", "owner-b"),
		circled, ownedBy("owner-c"), toGBR(1))
	granted, other, ofBoth, ofOne, barred, ended, free := p[0], p[1], p[2], p[3], p[4], p[5], p[6]

	check := func(when string, want ...cordon.ID) {
		t.Helper()
		w.look(b, func(v *reader.View) {
			all, err := v.Visible()
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(all.Granted, sortedIDs(want...)) || !slices.Equal(all.Rules, []cordon.RuleNo{free.Rule}) {
				t.Errorf("%s: granted %v under %v, want %v", when, all.Granted, all.Rules, want)
			}
			for _, x := range p {
				if got := v.Decide(x).Allowed(); got != (x.ID == free.ID || slices.Contains(want, x.ID)) {
					t.Errorf("%s: portion %d: %v", when, x.Ordinal, got)
				}
			}
		})
	}
	check("without grants")
	w.grant("owner-a", time.Hour, granted.ID, ofBoth.ID, ofOne.ID, barred.ID, free.ID)
	check("granted by one owner", granted.ID)
	w.grant("owner-b", time.Hour, ofBoth.ID)
	w.grant("owner-c", 0, ended.ID)
	check("granted by both", granted.ID, ofBoth.ID)

	w.look(b, func(v *reader.View) {
		for _, c := range []struct {
			under cordon.Portion
			want  []cordon.ID
		}{{other, []cordon.ID{granted.ID}}, {ofOne, []cordon.ID{ofBoth.ID}}, {barred, nil}, {ended, nil}, {free, nil}} {
			of, err := v.VisibleUnder([]cordon.RuleNo{c.under.Rule})
			if err != nil || !slices.Equal(of.Granted, c.want) {
				t.Errorf("under the rule of portion %d: granted %v, %v", c.under.Ordinal, of.Granted, err)
			}
		}
	})

	// The store promises no order; a sight is in order.
	err := w.store.View(t.Context(), func(tx cordon.ReadTx) error {
		v, err := b.View(backwards{tx}, w.reader.ID, now)
		if err != nil {
			return err
		}
		all, err := v.Visible()
		if !slices.Equal(all.Granted, sortedIDs(granted.ID, ofBoth.ID)) {
			t.Errorf("granted, by a store that lists backwards: %v", all.Granted)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	w.update(func(tx cordon.WriteTx) error { return tx.StrikePortion(granted.ID) })
	p[granted.Ordinal].State = cordon.PortionStruck
	check("after a strike", ofBoth.ID)

	// A grant reaches a portion whose rule was learned meanwhile.
	narrowed := ownedBy("owner-a", "owner-b")
	narrowed.Levels = []cordon.Level{{Scheme: "us", Rank: 1}}
	w.failing(func(tx cordon.WriteTx) error {
		v, err := b.View(cordon.Holding(tx), w.reader.ID, now)
		if err != nil {
			return err
		}
		if ofBoth.Rule, err = tx.Intern(narrowed); err != nil {
			return err
		}
		v.Learn(narrowed)
		if err := tx.ReplacePortion(ofBoth); err != nil {
			return err
		}
		if all, err := v.Visible(); err != nil || !slices.Equal(all.Granted, []cordon.ID{ofBoth.ID}) {
			t.Errorf("under a learned rule: granted %v, %v", all.Granted, err)
		}
		return nil
	})
}

// TestOneBookForAll: many transactions at once fill one cache.
func TestOneBookForAll(t *testing.T) {
	w, b := newWorld(t), book()
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for i := range 4 {
				rule := toGBR(10*n + i)
				err := w.store.Update(t.Context(), func(tx cordon.WriteTx) error { return internAll(tx, rule) })
				if err == nil {
					err = w.store.View(t.Context(), func(tx cordon.ReadTx) error {
						v, err := b.View(tx, w.reader.ID, now)
						if err == nil {
							w.sees(v, rule, true)
						}
						return err
					})
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}
