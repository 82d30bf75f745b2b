package modeltest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/harness/pgtest"
	"cordon/internal/harness/soak"
	"cordon/internal/store/postgres"
	"cordon/internal/store/sqlite"
	"cordon/internal/store/storetest"
	"cordon/internal/usecase/arrangement"
	"cordon/internal/usecase/reading"
)

// length is the mean number of steps of one history. Each begins with an empty
// store: a model that goes through all that happened is slow in what happened.
const length = 80

// TestWhoMayReadWhat: whatever happens, each person opens, lists and finds just
// what the model says, and everything else is not there.
func TestWhoMayReadWhat(t *testing.T) {
	t.Run("sqlite", func(outer *testing.T) {
		compare(outer, soak.Pick(400, 100_000), func(t *rapid.T) cordon.Store {
			dir, err := os.MkdirTemp("", "model")
			if err != nil {
				t.Fatal(err)
			}
			store, err := sqlite.Open(context.Background(), filepath.Join(dir, "data"), storetest.Key)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { store.Close(); os.RemoveAll(dir) })
			return store
		})
	})
	t.Run("postgres", func(outer *testing.T) {
		blank := pgtest.Start(outer) // skips where there is none
		store, err := postgres.Open(context.Background(), blank, storetest.Key)
		if err != nil {
			outer.Fatal(err)
		}
		store.Close()
		compare(outer, soak.Pick(160, 100_000), func(t *rapid.T) cordon.Store {
			fork, drop := pgtest.Fork(outer, blank)
			store, err := postgres.Open(context.Background(), fork, storetest.Key)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { store.Close(); drop() })
			return store
		})
	})
}

// compare takes the program and the model through histories of so many steps
// in all.
func compare(outer *testing.T, steps int, open func(*rapid.T) cordon.Store) {
	setFlag(outer, "rapid.steps", strconv.Itoa(length))
	setFlag(outer, "rapid.nofailfile", "true") // ids differ from run to run
	met := make(map[string]int)
	history := func(t *rapid.T) {
		w := newWorld(t, casetest.On(outer, open(t)), met)
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				w.sample(t)
				if met["steps"]%10_000 == 0 {
					outer.Logf("%d steps", met["steps"])
				}
			},
			"add a person":           w.addPerson,
			"change a person":        w.changePerson,
			"change an organisation": w.changeOrg,
			"advance":                w.advance,
			"arrange":                w.arrange,
			"publish":                w.publish,
			"derive":                 w.derive,
			"ask":                    w.ask,
			"ask again":              w.ask,
			"decide":                 w.decide,
			"decide again":           w.decide,
			"release":                w.release,
			"revise":                 w.revise,
			"revoke":                 w.revoke,
			"strike":                 w.strike,
			"limit":                  w.limit,
			"group":                  w.group,
			"narrow":                 w.narrow,
			"meanwhile":              w.meanwhile,
			"meanwhile again":        w.meanwhile,
		})
		w.everything(t)
	}
	for round := uint64(0); met["steps"] < steps && !outer.Failed(); round++ { // a history can be shorter than the mean
		setFlag(outer, "rapid.seed", strconv.FormatUint(soak.Seed(outer)<<16+round, 10))
		setFlag(outer, "rapid.checks", strconv.Itoa((steps-met["steps"]+length-1)/length))
		rapid.Check(outer, history)
	}
	for _, what := range []string{"steps", "derived", "granted", "released", "revised", "voided", "revoked", "struck", "limited", "opened", "withheld", "marks shown", "refused spill", "met"} {
		if met[what] == 0 && steps >= 5000 { // in fewer it is left to chance
			outer.Errorf("it never came to this: %s", what)
		}
	}
	outer.Logf("%v", met)
}

// meanwhile has somebody open a report or list them all while something changes that
// they rest on: after it was read, and before it is written down that they were shown
// it. They are shown what they would be after the change.
func (w *world) meanwhile(t *rapid.T) {
	reports := w.h.reports()
	if len(reports) == 0 {
		t.Skip("nothing to open")
	}
	person, report := w.drawPerson(t), rapid.SampledFrom(reports).Draw(t, "report")
	change := rapid.SampledFrom([]func(*rapid.T){w.changePerson, w.changeOrg, w.revoke, w.strike, w.limit, w.narrow, w.group}).Draw(t, "change")
	plain := w.Store
	defer func() { w.Store = plain }()
	w.Store = &casetest.Between{Store: plain, Act: func() {
		w.Store = plain
		change(t)
		w.met["met"]++
	}}
	if rapid.Bool().Draw(t, "list") {
		w.lists(t, person)
	} else {
		w.opens(t, person, report)
	}
}

func setFlag(t *testing.T, name, value string) {
	f := flag.Lookup(name).Value
	before := f.String()
	if err := f.Set(value); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Set(before) })
}

// sample looks, after every step, at what the step was about, through the eyes
// of some.
func (w *world) sample(t *rapid.T) {
	w.met["steps"]++
	w.steps++ // of this history, so that it can be played again
	people := w.h.people()
	if reports := w.h.reports(); len(reports) > 0 {
		w.touched = append(w.touched, reports[w.steps%len(reports)])
	}
	someone := func(i int) cordon.ID { return people[(w.steps+i*3)%len(people)] }
	for i := range 2 {
		for _, report := range w.touched[:min(len(w.touched), 3)] {
			w.opens(t, someone(i), report)
		}
	}
	w.lists(t, someone(2))
	w.finds(t, someone(3), 1+w.steps%(w.segments+1))
	w.touched = nil
}

// everything looks at all of it through everybody's eyes.
func (w *world) everything(t *rapid.T) {
	for _, id := range w.h.people() {
		for _, report := range w.h.reports() {
			w.opens(t, id, report)
		}
		for s := range w.segments {
			w.finds(t, id, s+1)
		}
		w.lists(t, id)
		w.knows(t, id)
	}
}

// barred is the kind of refusal that awaits who may not read at all.
func (w *world) barred(person cordon.ID) []cordon.Kind {
	p := w.h.person(person)
	switch {
	case p.Suspended:
		return []cordon.Kind{cordon.KindUnauthenticated}
	case !p.Has(cordon.RoleReader):
		return []cordon.Kind{cordon.KindDenied}
	}
	return nil
}

func (w *world) opens(t *rapid.T, person, report cordon.ID) {
	now := w.now()
	out, err := reading.Open(context.Background(), w.By(person), string(report), cordon.ActRead)
	if refusal := w.barred(person); refusal != nil {
		is(t, "open", err, refusal...)
		return
	}
	want, any := []string{}, false
	for _, p := range w.h.of(report) {
		agreement := w.h.portion(p.arrangement)
		switch {
		case w.h.gone(p.id):
		case w.h.may(person, p.id, now):
			any = true
			want = append(want, fmt.Sprintf("%s (%s) %s", p.id, p.mark.Portion(), text(p.segments)))
		case agreement != nil && agreement.showWithheld && w.h.may(person, agreement.id, now) &&
			!slices.ContainsFunc(w.h.owners(p.id), func(o cordon.ID) bool { return !slices.Contains(agreement.parties, o) }):
			want = append(want, fmt.Sprintf(" (%s) ", p.mark.Portion()))
			w.met["marks shown"]++
		default:
			w.met["withheld"]++
		}
	}
	if !any {
		is(t, "open", err, cordon.KindNotFound)
		return
	}
	is(t, "open", err)
	w.met["opened"]++
	got := []string{}
	for _, p := range out.Portions {
		got = append(got, fmt.Sprintf("%s (%s) %s", p.ID, p.Mark, p.Text))
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s opens %v, the model says %v", w.h.person(person).Name, got, want)
	}
}

func (w *world) lists(t *rapid.T, person cordon.ID) {
	now := w.now()
	items, _, err := reading.List(context.Background(), w.By(person), reading.Page{Limit: cordon.MaxPage})
	refusal := w.barred(person)
	is(t, "list", err, refusal...)
	if refusal != nil {
		return
	}
	var got, want []cordon.ID
	for _, item := range items {
		got = append(got, item.Report)
		seen := slices.ContainsFunc(w.h.of(item.Report), func(p *written) bool { return p.title && w.h.may(person, p.id, now) })
		if seen != (item.Title != "") || seen != (item.Mark != "") {
			t.Fatalf("%s lists %q (%s), the model says %v", w.h.person(person).Name, item.Title, item.Mark, seen)
		}
	}
	for _, report := range w.h.reports() {
		if slices.ContainsFunc(w.h.of(report), func(p *written) bool { return w.h.may(person, p.id, now) }) {
			want = append(want, report)
		}
	}
	if !same(got, want) {
		t.Fatalf("%s lists %v, the model says %v", w.h.person(person).Name, got, want)
	}
}

func (w *world) finds(t *rapid.T, person cordon.ID, segment int) {
	now := w.now()
	var got, want []cordon.ID
	// One by one: a page that is empty, with more to come, tells of something.
	for page := (reading.Query{Text: word(segment, 3), Newest: true, Limit: 1}); ; {
		found, err := reading.Search(context.Background(), w.By(person), page)
		refusal := w.barred(person)
		is(t, "search", err, refusal...)
		if refusal != nil {
			return
		}
		if more := found.Next != nil; more != (len(found.Hits) == 1) {
			t.Fatalf("%s searches: a page of %d, and more: %v", w.h.person(person).Name, len(found.Hits), more)
		}
		for _, h := range found.Hits {
			got = append(got, h.ID)
		}
		if page.After = found.Next; page.After == nil {
			break
		}
	}
	for _, p := range w.h.portions() {
		if slices.Contains(p.segments, segment) && w.h.may(person, p.id, now) {
			want = append(want, p.id)
		}
	}
	w.met["found"] += len(want)
	if !same(got, want) {
		t.Fatalf("%s finds %v, the model says %v", w.h.person(person).Name, got, want)
	}
}

// knows compares the arrangements that exist for the person.
func (w *world) knows(t *rapid.T, person cordon.ID) {
	now := w.now()
	list, err := arrangement.List(context.Background(), w.By(person), cordon.Cursor{}, 0)
	var refusal []cordon.Kind // whoever may do something about one may look, too
	if w.h.person(person).Suspended {
		refusal = w.barred(person)
	}
	is(t, "arrangements", err, refusal...)
	if refusal != nil {
		return
	}
	var got, want []cordon.ID
	for _, a := range list {
		got = append(got, a.ID)
	}
	for _, a := range w.h.arrangements() {
		if w.h.may(person, a.id, now) {
			want = append(want, a.id)
		}
	}
	if !same(got, want) {
		t.Fatalf("%s knows of %v, the model says %v", w.h.person(person).Name, got, want)
	}
}
