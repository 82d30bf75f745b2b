package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
)

func testPortions(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var r cordon.Report
	var p []cordon.Portion
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 3); err != nil {
			return err
		}
		r, p = report(0, no[0], no[1], no[0], no[2], no[1])
		other, theirs := report(1, no[0])
		if err := publish(tx, other, theirs); err != nil {
			return err
		}
		// Added out of order.
		if err := tx.PutReport(r); err != nil {
			return err
		}
		if err := tx.PutPortions([]cordon.Portion{p[4], p[2], p[0]}); err != nil {
			return err
		}
		return tx.PutPortions([]cordon.Portion{p[1], p[3]})
	})
	for _, c := range []struct {
		name    string
		visible cordon.Visibility
		want    []cordon.Portion
	}{
		{"one rule", cordon.Visibility{Rules: no[:1]}, []cordon.Portion{p[0], p[2]}},
		{"two rules", cordon.Visibility{Rules: []cordon.RuleNo{no[2], no[1]}}, []cordon.Portion{p[1], p[3], p[4]}},
		{"a grant", cordon.Visibility{Granted: []cordon.ID{p[3].ID}}, []cordon.Portion{p[3]}},
		{
			"a rule and a grant, one portion by both",
			cordon.Visibility{Rules: no[:1], Granted: []cordon.ID{p[2].ID, p[4].ID, cordon.NewID()}},
			[]cordon.Portion{p[0], p[2], p[4]},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			view(t, s, func(tx cordon.ReadTx) error {
				got, err := tx.Portions(r.ID, c.visible)
				equal(t, "portions", got, c.want)
				if err != nil {
					return err
				}
				titles, err := tx.Titles([]cordon.ID{r.ID, cordon.NewID()}, c.visible)
				var want []cordon.Portion
				if c.want[0].Ordinal == 0 {
					want = c.want[:1]
				}
				equal(t, "titles", titles, want)
				return err
			})
		})
	}
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.PortionRules(r.ID)
		slices.Sort(got)
		want := slices.Clone(no)
		slices.Sort(want)
		equal(t, "rules", got, want)
		if err != nil {
			return err
		}
		heads, err := tx.PortionHeads(r.ID)
		var bare []cordon.Portion
		for _, q := range p {
			q.Body, q.Key = nil, nil
			bare = append(bare, q)
		}
		equal(t, "heads", heads, bare)
		return err
	})
}

// tokens are words and prints that no other portion carries.
func tokens(p cordon.Portion, words ...int64) cordon.PortionTokens {
	return cordon.PortionTokens{Portion: p.ID, Rule: p.Rule, Words: words, Prints: []int64{-number(), number()}}
}

// testSupersede: what is superseded keeps its text and is in no list; it can
// still be struck.
func testSupersede(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var r cordon.Report
	var p []cordon.Portion
	var k cordon.PortionTokens
	word := number()
	fact := filled[cordon.Fact]()
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 2); err != nil {
			return err
		}
		r, p = report(0, no[0], no[1])
		if err := publish(tx, r, p); err != nil {
			return err
		}
		k, fact.Portion = tokens(p[1], word), p[1].ID
		return errors.Join(tx.AddTokens([]cordon.PortionTokens{k}), tx.AddFacts([]cordon.Fact{fact}), tx.SupersedePortion(p[1].ID))
	})
	sees := cordon.Visibility{Rules: no, Granted: idsOf(p)}
	p[1].State = cordon.PortionSuperseded
	view(t, s, func(tx cordon.ReadTx) error {
		live, err := tx.Portions(r.ID, sees)
		if err != nil {
			return err
		}
		equal(t, "live", idsOf(live), idsOf(p[:1]))
		kept, err := tx.PortionsByID(idsOf(p[1:]))
		if err != nil {
			return err
		}
		equal(t, "kept", kept, p[1:])
		under, err := tx.PortionRules(r.ID)
		if err != nil {
			return err
		}
		equal(t, "rules that remain", under, no[:1])
		found, err := tx.Search([]int64{word}, sees, cordon.Cursor{}, 10)
		if err != nil {
			return err
		}
		equal(t, "found", len(found), 0)
		hits, err := tx.PrintHits(k.Prints)
		if err != nil {
			return err
		}
		equal(t, "prints", len(hits), 0)
		facts, err := tx.Facts(idsOf(p))
		equal(t, "facts", facts, []cordon.Fact{fact})
		return err
	})
	for name, change := range map[string]func(cordon.WriteTx) error{
		"superseded twice": func(tx cordon.WriteTx) error { return tx.SupersedePortion(p[1].ID) },
		"filed":            func(tx cordon.WriteTx) error { return tx.AddTokens([]cordon.PortionTokens{k}) },
	} {
		if err := s.Update(t.Context(), change); cordon.KindOf(err) != cordon.KindConflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Sealed anew under another rule, it comes into no list by that.
	p[1].Rule, p[1].Body = no[0], cordon.Sealed("anew")
	update(t, s, func(tx cordon.WriteTx) error { return tx.ReplacePortion(p[1]) })
	view(t, s, func(tx cordon.ReadTx) error {
		kept, err := tx.PortionsByID(idsOf(p[1:]))
		if err != nil {
			return err
		}
		equal(t, "replaced", kept, p[1:])
		live, err := tx.Portions(r.ID, sees)
		equal(t, "live still", idsOf(live), idsOf(p[:1]))
		return err
	})
	update(t, s, func(tx cordon.WriteTx) error { return tx.StrikePortion(p[1].ID) })
	view(t, s, func(tx cordon.ReadTx) error {
		p[1].State, p[1].Body, p[1].Key = cordon.PortionStruck, nil, nil
		got, err := tx.PortionsByID(idsOf(p[1:]))
		if err != nil {
			return err
		}
		equal(t, "struck afterwards", got, p[1:])
		under, err := tx.PortionRules(r.ID)
		equal(t, "rules, with what is live still under one", under, no[:1])
		return err
	})
}

func testStrike(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var r cordon.Report
	var p []cordon.Portion
	var k []cordon.PortionTokens
	word := number()
	fact, kept := filled[cordon.Fact](), filled[cordon.Fact]()
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 2); err != nil {
			return err
		}
		r, p = report(0, no[0], no[0], no[1])
		if err := publish(tx, r, p); err != nil {
			return err
		}
		k = []cordon.PortionTokens{tokens(p[0], word), tokens(p[1], word, -word, 7), tokens(p[2], word)}
		if err := tx.AddTokens(k); err != nil {
			return err
		}
		fact.Portion, kept.Portion = p[1].ID, p[0].ID
		return tx.AddFacts([]cordon.Fact{fact, kept})
	})
	sees := cordon.Visibility{Rules: no, Granted: idsOf(p)}
	update(t, s, func(tx cordon.WriteTx) error { return tx.StrikePortion(p[1].ID) })
	tomb := p[1]
	tomb.State, tomb.Body, tomb.Key = cordon.PortionStruck, nil, nil
	// A struck portion stays away though its rule and a grant name it.
	checkLive := func(what string, live ...cordon.Portion) {
		t.Helper()
		view(t, s, func(tx cordon.ReadTx) error {
			got, err := tx.Portions(r.ID, sees)
			if err != nil {
				return err
			}
			if len(got) != len(live) {
				t.Fatalf("%s: %d portions are open, want %d", what, len(got), len(live))
			}
			found, err := tx.Search([]int64{word}, sees, cordon.Cursor{}, 10)
			if err != nil {
				return err
			}
			order := func(ids []cordon.ID) []cordon.ID { slices.Sort(ids); return ids }
			equal(t, what+": found by search", order(idsOf(found)), order(idsOf(live)))
			return nil
		})
	}
	checkLive("one struck", p[0], p[2])
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.PortionsByID([]cordon.ID{p[1].ID})
		equal(t, "tombstone", got, []cordon.Portion{tomb})
		if err != nil {
			return err
		}
		heads, err := tx.PortionHeads(r.ID)
		equal(t, "heads", []cordon.PortionState{heads[0].State, heads[1].State, heads[2].State},
			[]cordon.PortionState{cordon.PortionLive, cordon.PortionStruck, cordon.PortionLive})
		if err != nil {
			return err
		}
		hits, err := tx.PrintHits(append(slices.Clone(k[1].Prints), k[0].Prints[0]))
		equal(t, "prints", hits, []cordon.PrintHit{{Print: k[0].Prints[0], Portion: p[0].ID, Report: r.ID, Rule: no[0], Created: p[0].Created}})
		if err != nil {
			return err
		}
		facts, err := tx.Facts(idsOf(p))
		equal(t, "facts", facts, []cordon.Fact{kept})
		if err != nil {
			return err
		}
		under, err := tx.PortionRules(r.ID)
		equal(t, "rules that remain", len(under), 2)
		return err
	})
	// The last one of a rule takes the report out of that rule's list, the
	// title out of the titles.
	update(t, s, func(tx cordon.WriteTx) error { return tx.StrikePortion(p[0].ID) })
	checkLive("two struck", p[2])
	view(t, s, func(tx cordon.ReadTx) error {
		under, err := tx.PortionRules(r.ID)
		equal(t, "rules that remain", under, no[1:])
		if err != nil {
			return err
		}
		for _, visible := range []cordon.Visibility{{Rules: no[:1]}, {Granted: idsOf(p[:2])}} {
			page, err := tx.ReportPage(visible, cordon.Cursor{}, 10)
			equal(t, "reports with nothing live in sight", len(page), 0)
			if err != nil {
				return err
			}
			byRef, err := tx.ReportsByRef(r.RefToken, visible)
			equal(t, "the same, by ref", len(byRef), 0)
			if err != nil {
				return err
			}
		}
		titles, err := tx.Titles([]cordon.ID{r.ID}, sees)
		equal(t, "titles", len(titles), 0)
		return err
	})
}

func testReplace(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var r cordon.Report
	var p []cordon.Portion
	word := number()
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 2); err != nil {
			return err
		}
		r, p = report(0, no[0], no[0])
		if err := publish(tx, r, p); err != nil {
			return err
		}
		return tx.AddTokens([]cordon.PortionTokens{tokens(p[0], word, -5), tokens(p[1], word)})
	})
	seen := func(rule cordon.RuleNo) (portions, found []cordon.ID, reports int) {
		view(t, s, func(tx cordon.ReadTx) error {
			visible := cordon.Visibility{Rules: []cordon.RuleNo{rule}}
			got, err := tx.Portions(r.ID, visible)
			if err != nil {
				return err
			}
			hits, err := tx.Search([]int64{word}, visible, cordon.Cursor{}, 10)
			if err != nil {
				return err
			}
			page, err := tx.ReportPage(visible, cordon.Cursor{}, 10)
			portions, found, reports = idsOf(got), idsOf(hits), len(page)
			return err
		})
		return portions, found, reports
	}
	for i := range p {
		changed := filled[cordon.Portion]()
		changed.ID, changed.Rule = p[i].ID, no[1]
		update(t, s, func(tx cordon.WriteTx) error { return tx.ReplacePortion(changed) })
		want := p[i]
		want.Mark, want.Rule, want.Body, want.Key = changed.Mark, changed.Rule, changed.Body, changed.Key
		got := look(t, s, func(tx cordon.ReadTx) ([]cordon.Portion, error) { return tx.PortionsByID([]cordon.ID{p[i].ID}) })
		equal(t, "replaced: mark, rule, body and key and nothing else", got, []cordon.Portion{want})

		portions, found, reports := seen(no[1])
		equal(t, "open under the new rule", len(portions), i+1)
		equal(t, "found under the new rule", len(found), i+1)
		equal(t, "listed under the new rule", reports, 1)
		portions, found, reports = seen(no[0])
		equal(t, "open under the old rule", portions, idsOf(p[i+1:]))
		equal(t, "found under the old rule", found, idsOf(p[i+1:]))
		equal(t, "listed under the old rule", reports, 1-i)
	}
	// Tokens added under a rule that is out of date are refused.
	wantKind(t, "tokens under the old rule", s.Update(t.Context(), func(tx cordon.WriteTx) error {
		return tx.AddTokens([]cordon.PortionTokens{tokens(p[0], 1)})
	}), cordon.KindConflict)
}

// pages reads a list to its end, page by page.
func pages(t *testing.T, limit int, read func(cordon.Cursor) ([]cordon.Report, error)) []cordon.Report {
	t.Helper()
	var all []cordon.Report
	for after := (cordon.Cursor{}); ; {
		page, err := read(after)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) > limit {
			t.Fatalf("a page of %d holds %d", limit, len(page))
		}
		all = append(all, page...)
		if len(page) < limit {
			return all
		}
		last := page[len(page)-1]
		after = cordon.Cursor{Created: last.Created, ID: last.ID}
	}
}

func newestFirst(a, b cordon.Report) int {
	if c := b.Created.Compare(a.Created); c != 0 {
		return c
	}
	return strings.Compare(string(b.ID), string(a.ID))
}

func testReportPage(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var reports []cordon.Report
	portions := map[cordon.ID][]cordon.Portion{}
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 4); err != nil {
			return err
		}
		reports = nil
		for i := range 40 {
			// Four at each instant, some before 1970; every third of two rules.
			under := []cordon.RuleNo{no[i%3]}
			if i%3 == 0 {
				under = append(under, no[1], no[1])
			}
			r, p := report((i/4-5)*1_000_000_000, under...)
			if err := publish(tx, r, p); err != nil {
				return err
			}
			reports = append(reports, r)
			portions[r.ID] = p
		}
		return nil
	})
	granted := []cordon.ID{portions[reports[2].ID][0].ID, portions[reports[0].ID][0].ID, portions[reports[17].ID][0].ID}
	for name, visible := range map[string]cordon.Visibility{
		"one rule":             {Rules: no[:1]},
		"two rules":            {Rules: no[1:3]},
		"all, one unused":      {Rules: no},
		"grants alone":         {Granted: granted},
		"a rule and grants":    {Rules: no[:1], Granted: granted},
		"every rule and grant": {Rules: no, Granted: granted},
		"the same rule twice":  {Rules: []cordon.RuleNo{no[1], no[1]}},
	} {
		var want []cordon.Report
		for _, r := range reports {
			if slices.ContainsFunc(portions[r.ID], func(p cordon.Portion) bool {
				return slices.Contains(visible.Rules, p.Rule) || slices.Contains(visible.Granted, p.ID)
			}) {
				want = append(want, r)
			}
		}
		slices.SortFunc(want, newestFirst)
		for _, limit := range []int{1, 2, 3, 7, 200} {
			got := pages(t, limit, func(after cordon.Cursor) ([]cordon.Report, error) {
				return look(t, s, func(tx cordon.ReadTx) ([]cordon.Report, error) { return tx.ReportPage(visible, after, limit) }), nil
			})
			equal(t, name, reportIDs(got), reportIDs(want))
			equal(t, name, got, want)
		}
	}
}

// testReportPageSkewed has one rule hold everything that is new and the others
// one old report each, which is where a merge can stop too early.
func testReportPageSkewed(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var want []cordon.Report
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 12); err != nil {
			return err
		}
		want = nil
		for i := range 60 {
			r, p := report(i, no[max(0, 11-i)])
			if err := publish(tx, r, p); err != nil {
				return err
			}
			want = append(want, r)
		}
		return nil
	})
	slices.SortFunc(want, newestFirst)
	for _, limit := range []int{1, 5, 11, 12, 13, 50} {
		got := pages(t, limit, func(after cordon.Cursor) ([]cordon.Report, error) {
			return look(t, s, func(tx cordon.ReadTx) ([]cordon.Report, error) {
				return tx.ReportPage(cordon.Visibility{Rules: no}, after, limit)
			}), nil
		})
		equal(t, "reports", reportIDs(got), reportIDs(want))
	}
}

func testReportsByRef(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var reports []cordon.Report
	var portions []cordon.Portion
	ref := []byte("keyed ref")
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 2); err != nil {
			return err
		}
		reports, portions = nil, nil
		for i := range 4 {
			r, p := report(i/2, no[i%2])
			if r.RefToken = ref; i == 3 {
				r.RefToken = nil
			}
			if err := publish(tx, r, p); err != nil {
				return err
			}
			reports, portions = append(reports, r), append(portions, p...)
		}
		return nil
	})
	for name, c := range map[string]struct {
		visible cordon.Visibility
		want    []int
	}{
		"one rule":          {cordon.Visibility{Rules: no[:1]}, []int{0, 2}},
		"both":              {cordon.Visibility{Rules: no}, []int{0, 1, 2}},
		"a grant":           {cordon.Visibility{Granted: []cordon.ID{portions[1].ID}}, []int{1}},
		"a rule and grants": {cordon.Visibility{Rules: no[:1], Granted: idsOf(portions)}, []int{0, 1, 2}},
	} {
		var want []cordon.Report
		for _, i := range c.want {
			want = append(want, reports[i])
		}
		slices.SortFunc(want, newestFirst)
		got := look(t, s, func(tx cordon.ReadTx) ([]cordon.Report, error) { return tx.ReportsByRef(ref, c.visible) })
		equal(t, name, got, want)
	}
}

func testSearch(t *testing.T, s cordon.Store) {
	var no []cordon.RuleNo
	var all []cordon.Portion
	common, third, rare, absent := number(), -number(), number(), number()
	carried := map[cordon.ID][]int64{}
	update(t, s, func(tx cordon.WriteTx) (err error) {
		if no, err = rules(tx, 3); err != nil {
			return err
		}
		all = nil
		for i := range 30 {
			r, p := report(i/2, no[i%3], no[(i+1)%3])
			if err := publish(tx, r, p); err != nil {
				return err
			}
			for j, q := range p {
				words := []int64{common, common}
				if (i+j)%3 == 0 {
					words = append(words, third)
				}
				if i == 13 {
					words = append(words, rare)
				}
				if err := tx.AddTokens([]cordon.PortionTokens{tokens(q, words...)}); err != nil {
					return err
				}
				carried[q.ID] = words
				q.Body, q.Key = nil, nil
				all = append(all, q)
			}
		}
		return nil
	})
	newest := func(a, b cordon.Portion) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return strings.Compare(string(b.ID), string(a.ID))
	}
	granted := []cordon.ID{all[1].ID, all[26].ID, all[30].ID}
	for _, visible := range []cordon.Visibility{{Rules: no[:1]}, {Rules: no}, {Granted: granted}, {Rules: no[1:2], Granted: granted}} {
		for _, words := range [][]int64{{common}, {third, common}, {rare}, {rare, common, third, rare}, {absent, common}, {common, common}} {
			var want []cordon.Portion
			for _, p := range all {
				has := func(w int64) bool { return slices.Contains(carried[p.ID], w) }
				lacks := func(w int64) bool { return !has(w) }
				if !slices.ContainsFunc(words, lacks) &&
					(slices.Contains(visible.Rules, p.Rule) || slices.Contains(visible.Granted, p.ID)) {
					want = append(want, p)
				}
			}
			slices.SortFunc(want, newest)
			for _, limit := range []int{1, 4, 100} {
				var got []cordon.Portion
				for after := (cordon.Cursor{}); ; {
					page := look(t, s, func(tx cordon.ReadTx) ([]cordon.Portion, error) { return tx.Search(words, visible, after, limit) })
					if len(page) > limit {
						t.Fatalf("a page of %d holds %d", limit, len(page))
					}
					got = append(got, page...)
					if len(page) < limit {
						break
					}
					last := page[len(page)-1]
					after = cordon.Cursor{Created: last.Created, ID: last.ID}
				}
				equal(t, "found", got, want)
			}
		}
	}
}

func testPrintHits(t *testing.T, s cordon.Store) {
	var p []cordon.Portion
	shared, lone, absent := number(), -number(), number()
	update(t, s, func(tx cordon.WriteTx) error {
		no, err := rules(tx, 1)
		if err != nil {
			return err
		}
		var r cordon.Report
		r, p = report(0, no[0], no[0], no[0])
		if err := publish(tx, r, p); err != nil {
			return err
		}
		if err := tx.AddTokens([]cordon.PortionTokens{
			{Portion: p[0].ID, Rule: no[0], Prints: []int64{shared, lone, lone}},
			{Portion: p[1].ID, Rule: no[0], Prints: []int64{shared}},
		}); err != nil {
			return err
		}
		// More of the same portion's.
		return tx.AddTokens([]cordon.PortionTokens{{Portion: p[1].ID, Rule: no[0], Prints: []int64{lone, shared}}})
	})
	got := look(t, s, func(tx cordon.ReadTx) ([]cordon.PrintHit, error) {
		return tx.PrintHits([]int64{shared, absent, lone, shared})
	})
	var want []cordon.PrintHit
	for _, n := range []int64{shared, lone} {
		for _, q := range p[:2] {
			want = append(want, cordon.PrintHit{Print: n, Portion: q.ID, Report: q.Report, Rule: q.Rule, Created: q.Created})
		}
	}
	order := func(a, b cordon.PrintHit) int {
		if a.Print != b.Print {
			return int(min(max(a.Print-b.Print, -1), 1))
		}
		return strings.Compare(string(a.Portion), string(b.Portion))
	}
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	equal(t, "hits", got, want)
}

func testLineage(t *testing.T, s cordon.Store) {
	a, b, c, d := cordon.NewID(), cordon.NewID(), cordon.NewID(), cordon.NewID()
	all := []cordon.Derivation{
		{Portion: c, Source: a, How: cordon.DerivationDeclared},
		{Portion: c, Source: b, How: cordon.DerivationFound},
		{Portion: d, Source: c, How: cordon.DerivationDeclared},
	}
	update(t, s, func(tx cordon.WriteTx) error { return tx.AddDerivations(all) })
	// A derivation that is stored already stays as it is.
	update(t, s, func(tx cordon.WriteTx) error {
		return tx.AddDerivations([]cordon.Derivation{{Portion: c, Source: a, How: cordon.DerivationFound}})
	})
	order := func(list []cordon.Derivation) []cordon.Derivation {
		list = slices.Clone(list)
		slices.SortFunc(list, func(x, y cordon.Derivation) int {
			return strings.Compare(string(x.Portion+x.Source), string(y.Portion+y.Source))
		})
		return list
	}
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.Sources([]cordon.ID{c, d, a})
		equal(t, "sources, one step", order(got), order(all))
		if err != nil {
			return err
		}
		got, err = tx.Derived([]cordon.ID{a, b})
		equal(t, "derived, one step", order(got), order(all[:2]))
		return err
	})
}

func testAnyByRef(t *testing.T, s cordon.Store) {
	ref := []byte("another keyed ref")
	older, newer := filled[cordon.Report](), filled[cordon.Report]()
	older.RefToken, newer.RefToken = ref, ref
	newer.Created = older.Created.Add(time.Second)
	update(t, s, func(tx cordon.WriteTx) error {
		return errors.Join(tx.PutReport(newer), tx.PutReport(older))
	})
	view(t, s, func(tx cordon.ReadTx) error {
		got, err := tx.AnyByRef(ref)
		equal(t, "the newest with the ref", got, newer)
		if err != nil {
			return err
		}
		if _, err = tx.AnyByRef([]byte("no such ref")); cordon.KindOf(err) != cordon.KindNotFound || err == nil {
			t.Errorf("an unknown ref: %v, want NotFound", err)
		}
		return nil
	})
}
