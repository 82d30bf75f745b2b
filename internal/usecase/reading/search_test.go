package reading_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/harness/soak"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

var vocabulary = strings.Fields("beacon harbour ferry pier night courier")

// written is a portion as the reference knows it.
type written struct {
	id      cordon.ID
	report  cordon.ID
	created time.Time
	mark    string
	owner   string
	kind    cordon.ReportKind
	under   cordon.ID
	text    string
}

// condition is one of a query, said twice: in the query's language, and as the
// reference finds it out.
type condition struct {
	text string
	met  func(text string) bool
}

func has(words string) func(string) bool {
	return func(text string) bool { return strings.Contains(" "+text+" ", " "+words+" ") }
}

func drawCondition(dice *rand.Rand) condition {
	word := func() string { return vocabulary[dice.IntN(len(vocabulary))] }
	a, b := word(), word()
	switch dice.IntN(5) {
	case 0:
		return condition{`"` + a + " " + b + `"`, has(a + " " + b)}
	case 1:
		return condition{"-" + a, func(text string) bool { return !has(a)(text) }}
	case 2:
		return condition{a + " OR " + b, func(text string) bool { return has(a)(text) || has(b)(text) }}
	}
	return condition{strings.ToUpper(a), has(a)}
}

// searchWorld publishes reports of random words under several owners, markings
// and arrangements, grants some of their portions and strikes others.
func searchWorld(t *testing.T, w *casetest.World, dice *rand.Rand, reports int) []written {
	t.Helper()
	lane := arranged(t, w, cordon.WithheldSilent)
	authors := map[string][]string{"mara": {"VALDOR", "TARSIS", "HUB"}, "ana": {"MERIDIAN", "TARSIS"}}
	var all []written
	n := 0
	text := func() string {
		n++
		words := []string{fmt.Sprintf("n%d", n)} // no two alike, or one would inherit from the other
		for range 1 + dice.IntN(6) {
			words = append(words, vocabulary[dice.IntN(len(vocabulary))])
		}
		return strings.Join(words, " ")
	}
	for i := range reports {
		author := []string{"mara", "ana"}[i%2]
		var to []string
		for _, org := range authors[author] {
			if dice.IntN(2) == 0 {
				to = append(to, org)
			}
		}
		var paragraphs []string
		for range 1 + dice.IntN(4) {
			mark := []string{"(U)", "(C//REL TO USA, FRA, GBR)", "(S//REL TO USA, FRA, GBR)", "(S//REL TO USA, GBR)", "(TS//REL TO USA, FRA, GBR)"}[dice.IntN(5)]
			paragraphs = append(paragraphs, mark+" "+text())
		}
		draft := w.Draft(t, to, paragraphs...)
		if i%3 == 0 {
			draft.Arrangement = lane
		}
		draft.Kind = []cordon.ReportKind{cordon.ReportOriginal, cordon.ReportMemo}[i%4/2]
		out, err := writing.Publish(t.Context(), w.By(w.ID(author)), draft)
		if err != nil {
			t.Fatal(err)
		}
		for j, p := range out.Portions {
			_, content, _ := strings.Cut(paragraphs[j], ") ")
			all = append(all, written{
				id: p.ID, report: out.Report, mark: p.Mark, kind: draft.Kind, under: draft.Arrangement, text: content,
				owner: map[string]string{"mara": "MERIDIAN", "ana": "VALDOR"}[author],
			})
		}
	}
	err := w.Store.Update(t.Context(), func(tx cordon.WriteTx) error {
		for i := range all {
			r, err := tx.HoldReport(all[i].report)
			if err != nil {
				return err
			}
			all[i].created = r.Created
			if i%5 == 0 {
				if err := tx.PutGrant(cordon.Grant{
					ID: cordon.NewID(), Owner: w.ID(all[i].owner), To: w.ID("TARSIS"), Portions: []cordon.ID{all[i].id},
					Created: r.Created, Until: r.Created.Add(time.Hour),
				}); err != nil {
					return err
				}
			}
			if i%11 == 0 {
				if err := tx.StrikePortion(all[i].id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// open keeps those that access.Decide opens to the person, one by one.
func open(t *testing.T, w *casetest.World, person string, all []written) (out []written) {
	t.Helper()
	err := w.Store.View(t.Context(), func(tx cordon.ReadTx) error {
		out = nil
		view, err := w.Rules.View(tx, w.ID(person), w.Clock.Now())
		if err != nil {
			return err
		}
		for _, p := range all {
			portions, err := tx.PortionsByID([]cordon.ID{p.id})
			if err != nil {
				return err
			}
			if view.Decide(portions[0]).Allowed() {
				out = append(out, p)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// everything pages through a search to its end.
func everything(t *testing.T, w *casetest.World, person string, q reading.Query) (ids []cordon.ID, first reading.Results) {
	t.Helper()
	for page := 0; ; page++ {
		found, err := reading.Search(t.Context(), w.By(w.ID(person)), q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		if page == 0 {
			first = found
		}
		if len(found.Hits) > q.Limit {
			t.Fatalf("a page of %d has %d", q.Limit, len(found.Hits))
		}
		for _, h := range found.Hits {
			ids = append(ids, h.ID)
		}
		if q.After = found.Next; q.After == nil {
			return ids, first
		}
	}
}

// TestSearchFindsWhatASlowReferenceFinds compares random searches by several
// people with a look at every portion: decided on one by one, its text
// compared as it is.
func TestSearchFindsWhatASlowReferenceFinds(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		dice := soak.Rand(t, 1)
		all := searchWorld(t, w, dice, 24)
		byID := map[cordon.ID]written{}
		for _, p := range all {
			byID[p.id] = p
		}
		foundAny, phrases, granted := 0, 0, 0
		for _, person := range []string{"ana", "mara", "theo"} {
			seen := open(t, w, person, all)
			if len(seen) == 0 || len(seen) == len(all) {
				t.Fatalf("%s sees %d of %d: nothing to tell apart", person, len(seen), len(all))
			}
			if got, err := reading.Counts(t.Context(), w.By(w.ID(person))); err != nil || int(got.Portions) != len(seen) {
				t.Errorf("%s counts %+v, %v; there are %d portions", person, got, err, len(seen))
			}
			for range soak.Pick(25, 400) {
				q := reading.Query{Limit: 1 + dice.IntN(4), Newest: dice.IntN(2) == 0}
				first := vocabulary[dice.IntN(len(vocabulary))]
				conditions := []condition{{first, has(first)}}
				for range dice.IntN(3) {
					conditions = append(conditions, drawCondition(dice))
				}
				var filters []func(written) bool
				switch pick := all[dice.IntN(len(all))]; dice.IntN(7) {
				case 0:
					q.Owner = w.ID(pick.owner)
					filters = append(filters, func(p written) bool { return p.owner == pick.owner })
				case 1:
					q.Marking = "(" + strings.ToLower(pick.mark) + ")"
					if _, err := w.Schemes.Parse(q.Marking); err != nil {
						q.Marking = pick.mark
					}
					filters = append(filters, func(p written) bool { return p.mark == pick.mark })
				case 2:
					q.AtLeast = "us:C"
					filters = append(filters, func(p written) bool { return !strings.HasPrefix(p.mark, "U") })
				case 3:
					q.AtMost = "us:C"
					filters = append(filters, func(p written) bool { return p.mark[0] == 'U' || p.mark[0] == 'C' })
				case 4:
					q.Kind = pick.kind
					filters = append(filters, func(p written) bool { return p.kind == pick.kind })
				case 5:
					q.Arrangement = pick.under
					if pick.under != "" { // which theo, who is no party, may not know of
						filters = append(filters, func(p written) bool { return p.under == pick.under && person != "theo" })
					}
				case 6:
					q.From, q.Until = pick.created, pick.created.Add(5*time.Microsecond)
					filters = append(filters, func(p written) bool { return !p.created.Before(q.From) && p.created.Before(q.Until) })
				}
				var texts []string
				for _, c := range conditions {
					texts = append(texts, c.text)
					if strings.Contains(c.text, `"`) {
						phrases++
					}
				}
				q.Text = strings.Join(texts, " ")
				var want []written
				for _, p := range seen {
					if slices.ContainsFunc(conditions, func(c condition) bool { return !c.met(p.text) }) ||
						slices.ContainsFunc(filters, func(f func(written) bool) bool { return !f(p) }) {
						continue
					}
					want = append(want, p)
					if p.owner != "TARSIS" && person == "theo" {
						granted++
					}
				}
				foundAny += len(want)
				slices.SortFunc(want, func(a, b written) int {
					if c := b.created.Compare(a.created); c != 0 {
						return c
					}
					return strings.Compare(string(b.id), string(a.id))
				})
				got, page := everything(t, w, person, q)
				ids := make([]cordon.ID, len(want))
				for i, p := range want {
					ids[i] = p.id
				}
				if q.Newest {
					if !slices.Equal(got, ids) {
						t.Errorf("%s asks %+v: finds %v, want %v", person, q, got, ids)
					}
					continue
				}
				if page.Total != len(want) || page.AtLeast {
					t.Errorf("%s asks %+v: %d in all (%v), want %d", person, q, page.Total, page.AtLeast, len(want))
				}
				owners := map[cordon.ID]int{}
				for _, p := range want {
					owners[w.ID(p.owner)]++
				}
				if len(page.Owners) != len(owners) {
					t.Errorf("%s asks %+v: owners %v, want %v", person, q, page.Owners, owners)
				}
				for _, s := range page.Owners {
					if owners[s.Of] != s.Portions {
						t.Errorf("%s asks %+v: owners %v, want %v", person, q, page.Owners, owners)
					}
				}
				slices.Sort(got)
				slices.Sort(ids)
				if !slices.Equal(got, ids) {
					t.Errorf("%s asks %+v: finds %v, want %v", person, q, got, ids)
				}
			}
		}
		if foundAny < 50 || phrases < 5 || granted == 0 {
			t.Errorf("%d found, %d phrases, %d by grant: too few to have tested it", foundAny, phrases, granted)
		}
	})
}

// TestHiddenPortionsMoveNothing: whatever is published that a reader may not
// see, every answer they get stays as it was: order, totals, snippets and
// suggestions. A new report that they may see does not move what a
// search already begun goes on with.
func TestHiddenPortionsMoveNothing(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		for i, text := range []string{
			"beacon beacon harbour", "beacon harbour harbour", "harbour beacon ferry", // the rarer word, twice, comes first
			"harbour alone", "harbour again", "harbour once more", "harbour at last",
		} {
			w.Publish(t, "mara", []string{"VALDOR"}, fmt.Sprintf("(U) T%d %s", i, text))
		}
		ask := func() []any {
			var out []any
			for _, text := range []string{"beacon harbour", "beacon OR ferry", `"harbour beacon"`, "beacon -ferry"} {
				found, err := reading.Search(t.Context(), w.By(w.ID("ana")), reading.Query{Text: text, Limit: 3})
				if err != nil {
					t.Fatal(err)
				}
				found.Next = nil // sealed before anybody sees it
				out = append(out, found)
			}
			words, err := reading.Suggest(t.Context(), w.By(w.ID("ana")), "a harb")
			if err != nil || len(words) != 1 {
				t.Fatal(words, err)
			}
			counts, err := reading.Counts(t.Context(), w.By(w.ID("ana")))
			if err != nil {
				t.Fatal(err)
			}
			return append(out, words, counts)
		}
		q := reading.Query{Text: "beacon harbour", Limit: 2}
		first, err := reading.Search(t.Context(), w.By(w.ID("ana")), q)
		if err != nil || len(first.Hits) != 2 || first.Next == nil {
			t.Fatal(first, err)
		}
		whole, _ := everything(t, w, "ana", q)
		before := ask()
		for i := range 12 {
			w.Publish(t, "mara", nil, fmt.Sprintf("(U) H%d beacon beacon harbours", i), fmt.Sprintf("(S//REL TO USA, GBR) %d ferry ferry beacon pier", i))
		}
		if after := ask(); fmt.Sprintf("%+v", after) != fmt.Sprintf("%+v", before) {
			t.Errorf("what is hidden from her moved\n%+v\nto\n%+v", before, after)
		}
		for i := range 6 {
			w.Publish(t, "mara", []string{"VALDOR"}, fmt.Sprintf("(U) N%d beacon beacon beacon harbour", i))
		}
		q.After = first.Next
		rest, _ := everything(t, w, "ana", q)
		if got := append([]cordon.ID{first.Hits[0].ID, first.Hits[1].ID}, rest...); !slices.Equal(got, whole) {
			t.Errorf("begun before, the search goes on to %v, want %v", got, whole)
		}
	})
}

// TestSuggestions come from what may be seen, and are in the owners' feeds.
func TestSuggestions(t *testing.T) {
	w := casetest.New(t)
	r := w.Publish(t, "mara", []string{"VALDOR"}, "(U) Harbour lights", "(U) The harbourmaster saw harbour lights", "(TS) The harbinger is a harbour pilot")
	w.Publish(t, "mara", nil, "(U) A harbinger of harbours")
	words := func(typed string) string {
		var out []string
		all, err := reading.Suggest(t.Context(), w.By(w.ID("ana")), typed)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			out = append(out, fmt.Sprint(s.Word, " ", s.Portions))
		}
		return strings.Join(out, ", ")
	}
	for typed, want := range map[string]string{
		"harb":          "harbour 2, harbourmaster 1",
		"the HARBOURM":  "harbourmaster 1",
		"harbinger":     "",
		"harbuor":       "",
		"harbor":        "harbour 2",
		"lihgts lights": "lights 2",
		"ligths":        "",
		"lights":        "lights 2",
		"lightz":        "lights 2",
	} {
		if got := words(typed); got != want {
			t.Errorf("%q suggests %q, want %q", typed, got, want)
		}
	}
	entries := w.Feed(t, "MERIDIAN", cordon.ActSearch, cordon.OutcomeAllowed)
	last := entries[len(entries)-1]
	if last.Actor != w.ActorIn(last.Feed, last.ActorOrg, w.ID("ana")) || len(last.Portions) == 0 || slices.Contains(last.Portions, r.Portions[2].ID) {
		t.Errorf("the owner is told %+v", last)
	}
	if _, err := reading.Suggest(t.Context(), w.By(w.ID("ana")), "h"); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("one letter: %v", err)
	}
	if _, err := reading.Suggest(context.Background(), w.By(w.ID("ana")), strings.Repeat("h", 2000)); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("a long word: %v", err)
	}
}

// TestASearchStopsAtItsBound, says so, and goes on from there where the newest
// come first.
func TestASearchStopsAtItsBound(t *testing.T) {
	w := casetest.New(t)
	const reports, each = 3, 400
	for i := range reports {
		paragraphs := []string{fmt.Sprintf("(U) Log %d", i)}
		for j := range each {
			word := "beacon"
			if i == 0 && j == 0 { // the oldest
				word = "beacon rare"
			}
			paragraphs = append(paragraphs, fmt.Sprintf("(U) %s n%d x%d", word, i, j))
		}
		w.Publish(t, "mara", []string{"VALDOR"}, paragraphs...)
	}
	found, err := reading.Search(t.Context(), w.By(w.ID("ana")), reading.Query{Text: "beacon -harbour", Limit: 10})
	if err != nil || found.Total != cordon.MaxSearchOpened || !found.AtLeast || len(found.Hits) != 10 {
		t.Errorf("of %d: %d, at least %v, %v", reports*each, found.Total, found.AtLeast, err)
	}
	ids, _ := everything(t, w, "ana", reading.Query{Text: `"beacon rare"`, Newest: true, Limit: 10})
	if len(ids) != 1 {
		t.Errorf("the rare one is found %d times", len(ids))
	}
	ids, _ = everything(t, w, "ana", reading.Query{Text: `beacon -"beacon rare"`, Newest: true, Limit: 200})
	if len(ids) != reports*each-1 {
		t.Errorf("all but one are %d", len(ids))
	}
}
