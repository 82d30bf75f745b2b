package casetest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/needtoknow"
	"cordon/internal/usecase/reading"
	"cordon/internal/usecase/writing"
)

// withheld is a report of two owners of which theo may see nothing, and a node
// whose store is watched and whose cache of rules is filled, as any but the
// first request finds it.
func withheld(t testing.TB, w *casetest.World) (cordon.ID, *casetest.Watched, *act.Base) {
	t.Helper()
	const secret = "The courier meets the envoy behind the fish market of Harbourtown every Tuesday at nine in the evening."
	source := w.Publish(t, "mara", []string{"VALDOR"}, "(S//REL TO USA, GBR) The file", "(S//REL TO USA, GBR) "+secret)
	draft := w.Draft(t, nil, "(S//REL TO USA, GBR) On the courier", "(S//REL TO USA, GBR) "+secret)
	draft.Ref, draft.Portions[0].Sources = "VAL-3", []cordon.ID{source.Portions[1].ID}
	out, err := writing.Publish(context.Background(), w.By(w.ID("ana")), draft)
	if err != nil {
		t.Fatal(err)
	}
	store := &casetest.Watched{Store: w.Store}
	service := *w.Base
	service.Store = store
	opens(t, w, &service, string(cordon.NewID()))
	return out.Report, store, &service
}

func opens(t testing.TB, w *casetest.World, service *act.Base, name string) {
	t.Helper()
	if _, err := reading.Open(context.Background(), service.By(w.ID("theo")), name, cordon.ActRead); err != error(cordon.ErrNotFound) {
		t.Fatalf("%q: %v", name, err)
	}
}

// TestWithheldAndAbsentAskTheSameOfTheStore: what can be told apart by time is
// told apart by what is done, and that can be counted without a clock. Opening
// what is withheld does what opening nothing does, step by step, but for one
// thing: it appends one ledger entry more for each of the owners, who are to
// know of the refusal. (How long that takes is hidden by httpapi's interval of refusals.)
func TestWithheldAndAbsentAskTheSameOfTheStore(t *testing.T) {
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		report, store, service := withheld(t, w)
		calls := func(name string) []string {
			store.Calls = nil
			opens(t, w, service, name)
			return slices.Clone(store.Calls)
		}
		for what, names := range map[string][2]string{
			"by id":   {string(report), string(cordon.NewID())},
			"by name": {"VAL-3", "VAL-4"},
		} {
			got, absent := calls(names[0]), calls(names[1])
			last := len(absent) - 1
			if absent[last] != "Append" {
				t.Errorf("%s: what is not there was asked for, and that is not recorded: %v", what, absent)
			}
			want := slices.Insert(slices.Clone(absent), last, "Append", "Append") // two owners
			if !slices.Equal(got, want) {
				t.Errorf("%s: withheld: %s\nabsent: %s", what, strings.Join(got, " "), strings.Join(absent, " "))
			}
		}
		// Nor do narrowing and limiting look at what a report holds that is out of sight.
		officer := w.ID("theo")
		incident, err := contain.OpenIncident(t.Context(), w.By(officer), "A leak", nil)
		if err != nil {
			t.Fatal(err)
		}
		for what, do := range map[string]func(report cordon.ID) error{
			"narrowing": func(report cordon.ID) error {
				_, err := needtoknow.Report(t.Context(), service.By(officer), report, needtoknow.To{People: []cordon.ID{officer}})
				return err
			},
			"limiting": func(report cordon.ID) error {
				_, err := contain.Contain(t.Context(), service.By(officer), incident.ID, contain.Plan{Limit: []contain.Limit{{Report: report, Circle: []cordon.ID{officer}}}})
				return err
			},
		} {
			calls := func(report cordon.ID) []string {
				store.Calls = nil
				if err := do(report); err != error(cordon.ErrNotFound) {
					t.Fatalf("%s: %v", what, err)
				}
				return slices.DeleteFunc(slices.Clone(store.Calls), func(call string) bool { return call == "Append" })
			}
			if got, want := calls(report), calls(cordon.NewID()); !slices.Equal(got, want) {
				t.Errorf("%s what is withheld: %v\nabsent: %v", what, got, want)
			}
			if got := calls(report); slices.Contains(got, "PortionHeads") {
				t.Errorf("%s what is withheld takes the longer the longer it is: %v", what, got)
			}
		}
		// In a search there is no difference at all, whatever there is to find.
		search := func(query string) []string {
			store.Calls = nil
			if found, err := reading.Search(t.Context(), service.By(w.ID("theo")), reading.Query{Text: query}); err != nil || len(found.Hits) > 0 {
				t.Fatal(found, err)
			}
			return slices.Clone(store.Calls)
		}
		if got, want := search("courier"), search("nothing"); !slices.Equal(got, want) {
			t.Errorf("withheld from a search: %v\nnot there to be found:  %v", got, want)
		}
	})
}

// BenchmarkWithheldAndAbsent opens the one and the other in turn and gives the
// distributions of both.
func BenchmarkWithheldAndAbsent(b *testing.B) {
	w := casetest.New(b)
	report, _, service := withheld(b, w)
	service.Store = w.Store
	var took [2][]time.Duration
	for b.Loop() {
		for i, name := range []string{string(report), string(cordon.NewID())} {
			start := time.Now()
			opens(b, w, service, name)
			took[i] = append(took[i], time.Since(start))
		}
	}
	for i, name := range []string{"withheld", "absent"} {
		slices.Sort(took[i])
		var sum time.Duration
		for _, d := range took[i] {
			sum += d
		}
		n := len(took[i])
		b.ReportMetric(float64(sum.Microseconds())/float64(n), name+"-mean-µs")
		b.ReportMetric(float64(took[i][n/2].Microseconds()), name+"-p50-µs")
		b.ReportMetric(float64(took[i][n*99/100].Microseconds()), name+"-p99-µs")
	}
}
