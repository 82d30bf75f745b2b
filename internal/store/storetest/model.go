package storetest

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cordon"
)

// A model is what a store should hold, in the plainest form: no indexes, no
// tokens filed, every question answered by looking at everything. Each check
// uses rules, tokens and ids of its own, so that all share one store.
type model struct {
	reports  map[cordon.ID]cordon.Report
	portions map[cordon.ID]modelPortion
	sources  map[[2]cordon.ID]cordon.DerivationHow
	grants   map[cordon.ID]cordon.Grant
}

type modelPortion struct {
	cordon.Portion
	words, prints []int64
	facts         []cordon.Fact
}

func (m model) clone() model {
	return model{maps.Clone(m.reports), maps.Clone(m.portions), maps.Clone(m.sources), maps.Clone(m.grants)}
}

// A step changes the model and says how to change a store the same way, and
// with what kind of error it should answer.
type step func(m *model) (change func(cordon.WriteTx) error, want cordon.Kind, fails bool)

// testModel plays random transactions on a store and on the model. Some fail
// half way. After each, and inside it, both answer the same.
func testModel(t *testing.T, s cordon.Store) {
	// A check is many transactions, so that fewer do than of something small.
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := f.Value.Set("30"); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Value.Set(f.DefValue) }()
	}
	rapid.Check(t, func(rt *rapid.T) {
		w := world{t: rt, s: s}
		w.start()
		rt.Repeat(map[string]func(*rapid.T){
			"transact": w.transact,
			"refresh":  func(rt *rapid.T) { refresh(rt, s) },
			"look":     func(rt *rapid.T) { w.t = rt; w.look(s.View) },
		})
	})
}

type world struct {
	t     *rapid.T
	s     cordon.Store
	m     model
	rules []cordon.RuleNo
	words []int64 // few, so that portions share them
	tos   []cordon.ID
}

func (w *world) start() {
	w.m = model{map[cordon.ID]cordon.Report{}, map[cordon.ID]modelPortion{}, map[[2]cordon.ID]cordon.DerivationHow{}, map[cordon.ID]cordon.Grant{}}
	err := w.s.Update(w.t.Context(), func(tx cordon.WriteTx) (err error) {
		w.rules, err = rules(tx, 3)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for range 4 {
		w.words = append(w.words, number())
	}
	w.tos = []cordon.ID{cordon.NewID(), cordon.NewID()}
}

// transact runs one to four steps in an Update. Now and then it fails at the
// end, and the model forgets.
func (w *world) transact(rt *rapid.T) {
	w.t = rt
	before := w.m.clone()
	type planned struct {
		name   string
		change func(cordon.WriteTx) error
		want   cordon.Kind
		fails  bool
	}
	var plan []planned
	steps := map[string]step{
		"publish": w.publish, "strike": w.strike, "supersede": w.supersede, "replace": w.replace, "tokens": w.tokens,
		"derive": w.derive, "grant": w.grant, "fact": w.fact,
	}
	names := slices.Sorted(maps.Keys(steps))
	for range rapid.IntRange(1, 4).Draw(rt, "steps") {
		name := rapid.SampledFrom(names).Draw(rt, "step")
		if change, want, fails := steps[name](&w.m); change != nil {
			plan = append(plan, planned{name, change, want, fails})
		}
	}
	look := w.question()
	giveUp := rapid.IntRange(0, 4).Draw(rt, "give up") == 0
	abandoned := errors.New("on purpose")
	err := w.s.Update(rt.Context(), func(tx cordon.WriteTx) error {
		for _, p := range plan {
			err := p.change(tx)
			switch {
			case p.fails && (err == nil || cordon.KindOf(err) != p.want):
				return fmt.Errorf("%s gave %v, want %v", p.name, err, p.want)
			case !p.fails && err != nil:
				return fmt.Errorf("%s: %w (%v)", p.name, err, errors.Unwrap(err))
			}
		}
		if err := look(tx); err != nil {
			return err
		}
		if giveUp {
			return abandoned
		}
		return nil
	})
	switch {
	case giveUp && errors.Is(err, abandoned):
		w.m = before
	case err != nil || giveUp:
		rt.Fatalf("Update: %v", err)
	}
}

// known draws a portion, live or struck; none if there is none yet.
func (w *world) known() (modelPortion, bool) {
	ids := slices.Sorted(maps.Keys(w.m.portions))
	if len(ids) == 0 {
		return modelPortion{}, false
	}
	return w.m.portions[ids[rapid.IntRange(0, len(ids)-1).Draw(w.t, "portion")]], true
}

func (w *world) rule() cordon.RuleNo { return rapid.SampledFrom(w.rules).Draw(w.t, "rule") }

func (w *world) publish(m *model) (func(cordon.WriteTx) error, cordon.Kind, bool) {
	under := make([]cordon.RuleNo, rapid.IntRange(0, 3).Draw(w.t, "portions"))
	for i := range under {
		under[i] = w.rule()
	}
	// Few instants, so that ids have to break ties.
	r, portions := report(rapid.IntRange(0, 3).Draw(w.t, "second"), under...)
	if rapid.Bool().Draw(w.t, "same ref") {
		r.RefToken = []byte(w.tos[0])
	}
	m.reports[r.ID] = r
	for _, p := range portions {
		m.portions[p.ID] = modelPortion{Portion: p}
	}
	return func(tx cordon.WriteTx) error { return publish(tx, r, portions) }, 0, false
}

func (w *world) strike(m *model) (func(cordon.WriteTx) error, cordon.Kind, bool) {
	p, ok := w.known()
	if !ok {
		return nil, 0, false
	}
	change := func(tx cordon.WriteTx) error { return tx.StrikePortion(p.ID) }
	if p.State == cordon.PortionStruck {
		return change, cordon.KindConflict, true
	}
	id := p.ID
	p.State, p.Body, p.Key, p.words, p.prints, p.facts = cordon.PortionStruck, nil, nil, nil, nil, nil
	m.portions[id] = p
	return change, 0, false
}

func (w *world) supersede(m *model) (func(cordon.WriteTx) error, cordon.Kind, bool) {
	p, ok := w.known()
	if !ok {
		return nil, 0, false
	}
	change := func(tx cordon.WriteTx) error { return tx.SupersedePortion(p.ID) }
	if p.State != cordon.PortionLive {
		return change, cordon.KindConflict, true
	}
	id := p.ID
	p.State, p.words, p.prints = cordon.PortionSuperseded, nil, nil
	m.portions[id] = p
	return change, 0, false
}

func (w *world) replace(m *model) (func(cordon.WriteTx) error, cordon.Kind, bool) {
	p, ok := w.known()
	if !ok {
		return nil, 0, false
	}
	changed := filled[cordon.Portion]()
	changed.ID, changed.Rule = p.ID, w.rule()
	change := func(tx cordon.WriteTx) error { return tx.ReplacePortion(changed) }
	if p.State == cordon.PortionStruck {
		return change, cordon.KindConflict, true
	}
	p.Mark, p.Rule, p.Body, p.Key = changed.Mark, changed.Rule, changed.Body, changed.Key
	m.portions[p.ID] = p
	return change, 0, false
}

func (w *world) tokens(m *model) (func(cordon.WriteTx) error, cordon.Kind, bool) {
	p, ok := w.known()
	if !ok {
		return nil, 0, false
	}
	k := cordon.PortionTokens{
		Portion: p.ID, Rule: p.Rule,
		Words:  rapid.SliceOfN(rapid.SampledFrom(w.words), 0, 4).Draw(w.t, "words"),
		Prints: rapid.SliceOfN(rapid.SampledFrom(w.words), 0, 2).Draw(w.t, "prints"),
	}
	change := func(tx cordon.WriteTx) error { return tx.AddTokens([]cordon.PortionTokens{k}) }
	if p.State != cordon.PortionLive {
		return change, cordon.KindConflict, true
	}
	p.words, p.prints = slices.Concat(p.words, k.Words), slices.Concat(p.prints, k.Prints)
	m.portions[p.ID] = p
	return change, 0, false
}

func (w *world) derive(m *model) (func(cordon.WriteTx) error, cordon.Kind, bool) {
	p, ok := w.known()
	q, _ := w.known()
	if !ok {
		return nil, 0, false
	}
	d := cordon.Derivation{Portion: p.ID, Source: q.ID, How: rapid.SampledFrom([]cordon.DerivationHow{cordon.DerivationDeclared, cordon.DerivationFound}).Draw(w.t, "how")}
	if _, known := m.sources[[2]cordon.ID{p.ID, q.ID}]; !known {
		m.sources[[2]cordon.ID{p.ID, q.ID}] = d.How
	}
	return func(tx cordon.WriteTx) error { return tx.AddDerivations([]cordon.Derivation{d}) }, 0, false
}

func (w *world) grant(m *model) (func(cordon.WriteTx) error, cordon.Kind, bool) {
	p, ok := w.known()
	if !ok {
		return nil, 0, false
	}
	g := filled[cordon.Grant]()
	if ids := slices.Sorted(maps.Keys(m.grants)); len(ids) > 0 && rapid.Bool().Draw(w.t, "again") {
		g.ID = rapid.SampledFrom(ids).Draw(w.t, "grant")
	}
	g.To, g.Portions = rapid.SampledFrom(w.tos).Draw(w.t, "to"), []cordon.ID{p.ID}
	g.Until = base.Add(time.Duration(rapid.IntRange(-1, 1).Draw(w.t, "until")) * time.Microsecond)
	if rapid.Bool().Draw(w.t, "not revoked") {
		g.Revoked = time.Time{}
	}
	m.grants[g.ID] = g
	return func(tx cordon.WriteTx) error { return tx.PutGrant(g) }, 0, false
}

func (w *world) fact(m *model) (func(cordon.WriteTx) error, cordon.Kind, bool) {
	p, ok := w.known()
	if !ok || p.State == cordon.PortionStruck {
		return nil, 0, false
	}
	f := filled[cordon.Fact]()
	f.Portion = p.ID
	p.facts = append(slices.Clone(p.facts), f)
	m.portions[p.ID] = p
	return func(tx cordon.WriteTx) error { return tx.AddFacts([]cordon.Fact{f}) }, 0, false
}

// look asks the store and the model everything there is to ask.
func (w *world) look(run func(context.Context, func(cordon.ReadTx) error) error) {
	if err := run(w.t.Context(), w.question()); err != nil {
		w.t.Fatal(err)
	}
}

// question draws who looks and for what, and gives what to ask a transaction.
func (w *world) question() func(cordon.ReadTx) error {
	visible := cordon.Visibility{Rules: rapid.SliceOfNDistinct(rapid.SampledFrom(w.rules), 0, 3, rapid.ID[cordon.RuleNo]).Draw(w.t, "sight")}
	for range rapid.IntRange(0, 2).Draw(w.t, "granted") {
		if p, ok := w.known(); ok {
			visible.Granted = append(visible.Granted, p.ID)
		}
	}
	limit := rapid.IntRange(1, 4).Draw(w.t, "limit")
	words := rapid.SliceOfN(rapid.SampledFrom(w.words), 1, 3).Draw(w.t, "query")
	return func(tx cordon.ReadTx) error { return w.compare(tx, visible, limit, words) }
}

func (w *world) compare(tx cordon.ReadTx, visible cordon.Visibility, limit int, words []int64) error {
	same := func(what string, got, want any) error {
		if d := cmp.Diff(want, got); d != "" {
			return fmt.Errorf("%s (-want +got):\n%s", what, d)
		}
		return nil
	}
	sees := func(p modelPortion) bool {
		return p.State == cordon.PortionLive && (slices.Contains(visible.Rules, p.Rule) || slices.Contains(visible.Granted, p.ID))
	}
	inSight := map[cordon.ID]bool{}
	var found, all, open, titles []cordon.Portion
	var facts []cordon.Fact
	var hits []cordon.PrintHit
	under := map[cordon.ID][]cordon.RuleNo{}
	for _, p := range w.m.portions {
		all = append(all, p.Portion)
		facts = append(facts, p.facts...)
		if p.State == cordon.PortionLive && !slices.Contains(under[p.Report], p.Rule) {
			under[p.Report] = append(under[p.Report], p.Rule)
		}
		prints := slices.Clone(p.prints)
		slices.Sort(prints)
		for _, n := range slices.Compact(prints) {
			hits = append(hits, cordon.PrintHit{Print: n, Portion: p.ID, Report: p.Report, Rule: p.Rule, Created: p.Created})
		}
		if !sees(p) {
			continue
		}
		inSight[p.Report] = true
		open = append(open, p.Portion)
		if p.Ordinal == 0 {
			titles = append(titles, p.Portion)
		}
		if !slices.ContainsFunc(words, func(n int64) bool { return !slices.Contains(p.words, n) }) {
			q := p.Portion
			q.Body, q.Key = nil, nil
			found = append(found, q)
		}
	}
	var listed, byRef []cordon.Report
	for id, r := range w.m.reports {
		if inSight[id] {
			listed = append(listed, r)
			if bytes.Equal(r.RefToken, []byte(w.tos[0])) {
				byRef = append(byRef, r)
			}
		}
	}
	slices.SortFunc(listed, newestFirst)
	slices.SortFunc(byRef, newestFirst)
	newest := func(a, b cordon.Portion) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return strings.Compare(string(b.ID), string(a.ID))
	}
	byID := func(a, b cordon.Portion) int { return strings.Compare(string(a.ID), string(b.ID)) }
	slices.SortFunc(found, newest)

	var pagesOf []cordon.Report
	for after := (cordon.Cursor{}); ; {
		page, err := tx.ReportPage(visible, after, limit)
		if err != nil {
			return err
		}
		pagesOf = append(pagesOf, page...)
		if len(page) < limit {
			break
		}
		after = cordon.Cursor{Created: page[limit-1].Created, ID: page[limit-1].ID}
	}
	if err := same("listed", pagesOf, listed); err != nil {
		return err
	}
	counts, err := tx.Count(visible)
	if err = errors.Join(err, same("counted", counts, cordon.Counts{Reports: int64(len(listed)), Portions: int64(len(open))})); err != nil {
		return err
	}
	var hitsOf []cordon.Portion
	for after := (cordon.Cursor{}); ; {
		page, err := tx.Search(words, visible, after, limit)
		if err != nil {
			return err
		}
		hitsOf = append(hitsOf, page...)
		if len(page) < limit {
			break
		}
		after = cordon.Cursor{Created: page[limit-1].Created, ID: page[limit-1].ID}
	}
	if err := same("found", hitsOf, found); err != nil {
		return err
	}
	frequencies := map[int64]int64{}
	for _, p := range w.m.portions {
		if p.State != cordon.PortionLive || !slices.Contains(visible.Rules, p.Rule) {
			continue
		}
		for _, n := range w.words {
			if slices.Contains(p.words, n) {
				frequencies[n]++
			}
		}
	}
	for _, most := range []int{1, 1000} {
		got, err := tx.Frequencies(words, visible.Rules, most)
		want := make([]int64, len(words))
		for i, n := range words {
			want[i] = min(int64(most), frequencies[n])
		}
		if err = errors.Join(err, same("frequencies", got, want)); err != nil {
			return err
		}
	}
	byIDs, err := tx.ReportsByID(append(slices.Collect(maps.Keys(w.m.reports)), cordon.NewID()))
	gotReports := map[cordon.ID]cordon.Report{}
	for _, r := range byIDs {
		gotReports[r.ID] = r
	}
	if err = errors.Join(err, same("reports by id", gotReports, w.m.reports)); err != nil {
		return err
	}
	gotRef, err := tx.ReportsByRef([]byte(w.tos[0]), visible)
	if err = errors.Join(err, same("by ref", gotRef, byRef)); err != nil {
		return err
	}
	ids := slices.Collect(maps.Keys(w.m.reports))
	gotTitles, err := tx.Titles(ids, visible)
	slices.SortFunc(gotTitles, byID)
	slices.SortFunc(titles, byID)
	if err = errors.Join(err, same("titles", gotTitles, titles)); err != nil {
		return err
	}
	var gotOpen []cordon.Portion
	for _, id := range ids {
		portions, err := tx.Portions(id, visible)
		if err != nil {
			return err
		}
		gotOpen = append(gotOpen, portions...)
		got, err := tx.PortionRules(id)
		slices.Sort(got)
		slices.Sort(under[id])
		if err = errors.Join(err, same("rules of a report", got, under[id])); err != nil {
			return err
		}
	}
	slices.SortFunc(gotOpen, byID)
	slices.SortFunc(open, byID)
	if err := same("open", gotOpen, open); err != nil {
		return err
	}
	gotAll, err := tx.PortionsByID(slices.Collect(maps.Keys(w.m.portions)))
	slices.SortFunc(gotAll, byID)
	slices.SortFunc(all, byID)
	if err = errors.Join(err, same("all portions", gotAll, all)); err != nil {
		return err
	}
	hit := func(a, b cordon.PrintHit) int {
		return strings.Compare(fmt.Sprint(a.Print, a.Portion), fmt.Sprint(b.Print, b.Portion))
	}
	gotHits, err := tx.PrintHits(w.words)
	slices.SortFunc(gotHits, hit)
	slices.SortFunc(hits, hit)
	if err = errors.Join(err, same("prints", gotHits, hits)); err != nil {
		return err
	}
	gotFacts, err := tx.Facts(slices.Collect(maps.Keys(w.m.portions)))
	fact := func(a, b cordon.Fact) int { return strings.Compare(string(a.ID), string(b.ID)) }
	slices.SortFunc(gotFacts, fact)
	slices.SortFunc(facts, fact)
	if err = errors.Join(err, same("facts", gotFacts, facts)); err != nil {
		return err
	}
	sources := map[[2]cordon.ID]cordon.DerivationHow{}
	derivations, err := tx.Sources(slices.Collect(maps.Keys(w.m.portions)))
	for _, d := range derivations {
		sources[[2]cordon.ID{d.Portion, d.Source}] = d.How
	}
	if err = errors.Join(err, same("lineage", sources, w.m.sources)); err != nil {
		return err
	}
	for _, to := range w.tos {
		live := map[cordon.ID]cordon.Grant{}
		for id, g := range w.m.grants {
			if g.To == to && g.Until.After(base) && g.Revoked.IsZero() {
				live[id] = g
			}
		}
		got := map[cordon.ID]cordon.Grant{}
		grants, err := tx.GrantsTo(to, base)
		for _, g := range grants {
			got[g.ID] = g
		}
		if err = errors.Join(err, same("grants", got, live)); err != nil {
			return err
		}
	}
	return nil
}
