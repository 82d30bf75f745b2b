package claims

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cordon/internal/harness/sample"
)

func TestTableOfTheCase(t *testing.T) { sample.Each(t, tableOfTheCase) }

func tableOfTheCase(t *testing.T, s sample.Set) {
	data, expect := readCase(t, s)
	record, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := record.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, e := range expect {
		assertExpect(t, Table(record, instant(t, e["at"])), e)
	}
}

var noon = time.Date(2031, 3, 4, 12, 0, 0, 0, time.UTC)

func minute(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }

// records draws valid records: statements, some of them corrections, of a few
// sources on a few propositions within a quarter of an hour.
func records() *rapid.Generator[Record] {
	return rapid.Custom(func(t *rapid.T) Record {
		var r Record
		for i := range rapid.IntRange(1, 4).Draw(t, "propositions") {
			r.Propositions = append(r.Propositions, Proposition{ID: fmt.Sprint("P", i), Text: "x"})
		}
		for i := range rapid.IntRange(1, 5).Draw(t, "sources") {
			r.Sources = append(r.Sources, drawSource(t, i))
		}
		for i := range rapid.IntRange(0, 14).Draw(t, "statements") {
			st := Statement{
				ID:        fmt.Sprint("A", i),
				Source:    rapid.SampledFrom(r.Sources).Draw(t, "source").ID,
				Published: minute(rapid.IntRange(0, 15).Draw(t, "minute")),
				Stances:   map[string]Stance{},
			}
			if len(r.Statements) > 0 && rapid.Bool().Draw(t, "corrects") {
				old := rapid.SampledFrom(r.Statements).Draw(t, "old")
				st.Source, st.Corrects = old.Source, old.ID
				for p := range old.Stances {
					st.Stances[p] = rapid.SampledFrom(Stances()).Draw(t, "stance")
				}
			}
			p := rapid.SampledFrom(r.Propositions).Draw(t, "proposition").ID
			st.Stances[p] = rapid.SampledFrom(Stances()).Draw(t, "stance")
			with := r
			with.Statements = append(slices.Clone(r.Statements), st)
			if with.Validate() == nil {
				r = with
			}
		}
		return r
	})
}

func drawSource(t *rapid.T, i int) Source {
	s := Source{ID: fmt.Sprint("S", i), Who: "officials", Named: rapid.Bool().Draw(t, "named")}
	if s.Named {
		s.Who = fmt.Sprint("office ", i)
	}
	if rapid.Bool().Draw(t, "known") {
		in := rapid.Bool().Draw(t, "in room")
		s.InRoom = &in
	}
	return s
}

func TestTableRestsOnWhatWasPublishedByThen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := records().Draw(t, "record")
		at := minute(rapid.IntRange(-1, 16).Draw(t, "at"))
		past := r
		past.Statements = slices.DeleteFunc(slices.Clone(r.Statements), func(s Statement) bool { return s.Published.After(at) })
		if got, want := Table(r, at), Table(past, at); !reflect.DeepEqual(got, want) {
			t.Fatalf("later statements changed the table:\n%+v\n%+v", got, want)
		}
	})
}

func TestTableDoesNotDependOnTheOrderOfEntry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := records().Draw(t, "record")
		at := minute(rapid.IntRange(-1, 16).Draw(t, "at"))
		shuffled := Record{
			Propositions: rapid.Permutation(r.Propositions).Draw(t, "propositions"),
			Sources:      rapid.Permutation(r.Sources).Draw(t, "sources"),
			Statements:   rapid.Permutation(r.Statements).Draw(t, "statements"),
		}
		if err := shuffled.Validate(); err != nil {
			t.Fatalf("the order of entry decides what is valid: %v", err)
		}
		if got, want := Table(shuffled, at), Table(r, at); !reflect.DeepEqual(got, want) {
			t.Fatalf("the order of entry changed the table:\n%+v\n%+v", got, want)
		}
	})
}

func TestTableAgainstTheSlowReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := records().Draw(t, "record")
		at := minute(rapid.IntRange(-1, 16).Draw(t, "at"))
		m := Table(r, at)
		for _, row := range m.Propositions {
			slow := slowRow(r, row.ID, at)
			row.Text, row.Said = "", nil
			if !reflect.DeepEqual(row, slow) {
				t.Fatalf("at %s:\n got %+v\nwant %+v", at, row, slow)
			}
			unclaimed := len(slow.DeniedBy) > 0 && len(slow.ClaimedBy) == 0
			if slices.Contains(m.DeniedThoughNobodyClaimed, row.ID) != unclaimed {
				t.Fatalf("%s denied though nobody claimed: want %v", row.ID, unclaimed)
			}
		}
		if want := slowChanges(r, at); !reflect.DeepEqual(m.ChangedTheirWords, want) {
			t.Fatalf("changes are %+v, want %+v", m.ChangedTheirWords, want)
		}
	})
}

// place is the statement that s stands in for, through all corrections.
func place(r Record, s Statement) Statement {
	for _, old := range r.Statements {
		if old.ID == s.Corrects {
			return place(r, old)
		}
	}
	return s
}

// slowForce is whether nothing published by then corrects s.
func slowForce(r Record, s Statement, at time.Time) bool {
	for _, later := range r.Statements {
		if later.Corrects == s.ID && !later.Published.After(at) {
			return false
		}
	}
	return !s.Published.After(at)
}

// slowStance asks every statement whether it is the latest of the source on
// the proposition.
func slowStance(r Record, source, p string, at time.Time) Stance {
	var latest *Statement
	for _, s := range r.Statements {
		_, bears := s.Stances[p]
		if s.Source != source || !bears || !slowForce(r, s, at) {
			continue
		}
		if latest == nil {
			latest = &s
			continue
		}
		here, there := place(r, s), place(r, *latest)
		if here.Published.After(there.Published) ||
			here.Published.Equal(there.Published) && here.ID > there.ID {
			latest = &s
		}
	}
	if latest == nil {
		return ""
	}
	return latest.Stances[p]
}

func slowRow(r Record, p string, at time.Time) Row {
	row := Row{ID: p, OutrightDenials: []string{}, ClaimedBy: []string{}, DeniedBy: []string{}, Silence: []string{}}
	var confirming []Source
	for _, source := range r.Sources { // in order of id as drawn
		stance := slowStance(r, source.ID, p, at)
		heard, claimed, denied := false, false, false
		for _, s := range r.Statements {
			if s.Source != source.ID || !slowForce(r, s, at) {
				continue
			}
			heard = true
			claimed = claimed || s.Stances[p] == Confirms
			denied = denied || s.Stances[p] == Denies
		}
		if stance == Confirms {
			confirming = append(confirming, source)
		}
		if stance == Denies {
			row.OutrightDenials = append(row.OutrightDenials, source.ID)
		}
		if claimed {
			row.ClaimedBy = append(row.ClaimedBy, source.ID)
		}
		if denied {
			row.DeniedBy = append(row.DeniedBy, source.ID)
		}
		if heard && (stance == "" || stance == DoesNotAddress) {
			row.Silence = append(row.Silence, source.ID)
		}
	}
	row.ConfirmedByRoots = slowRoots(confirming)
	return row
}

// slowChanges compares the stances before and after each statement.
func slowChanges(r Record, at time.Time) []Change {
	changes := []Change{}
	past := Record{Propositions: r.Propositions, Sources: r.Sources}
	order := slices.SortedFunc(slices.Values(r.Statements), func(a, b Statement) int {
		if c := a.Published.Compare(b.Published); c != 0 {
			return c
		}
		return slices.Compare([]string{a.ID}, []string{b.ID})
	})
	for _, s := range order {
		if s.Published.After(at) {
			break
		}
		before := past
		past.Statements = append(slices.Clone(past.Statements), s)
		for _, p := range r.Propositions {
			from, to := slowStance(before, s.Source, p.ID, at), slowStance(past, s.Source, p.ID, at)
			if from != "" && from != to {
				changes = append(changes, Change{Source: s.Source, Proposition: p.ID, From: from, To: to})
			}
		}
	}
	return changes
}

func TestCorrections(t *testing.T) {
	on := func(stance Stance) map[string]Stance { return map[string]Stance{"P": stance} }
	r := Record{
		Propositions: []Proposition{{ID: "P", Text: "x"}},
		Sources:      []Source{{ID: "S", Who: "daily"}, {ID: "T", Who: "weekly"}},
		Statements: []Statement{
			{ID: "monday", Source: "S", Published: minute(0), Stances: on(Confirms)},
			{ID: "wednesday", Source: "S", Published: minute(2), Stances: on(Denies)},
			{ID: "thursday", Source: "S", Published: minute(3), Stances: on(DoesNotClaim), Corrects: "monday"},
			{ID: "friday", Source: "S", Published: minute(4), Stances: on(DoesNotAddress), Corrects: "wednesday"},
		},
	}
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at              int
		denials, claims []string
		changes         int
	}{
		{0, []string{}, []string{"S"}, 0},
		{2, []string{"S"}, []string{"S"}, 1},
		// The correction of Monday's words leaves Wednesday's in force
		// and takes the claim back.
		{3, []string{"S"}, []string{}, 1},
		{4, []string{}, []string{}, 2},
	} {
		m := Table(r, minute(c.at))
		row := m.Propositions[0]
		if !slices.Equal(row.OutrightDenials, c.denials) || !slices.Equal(row.ClaimedBy, c.claims) || len(m.ChangedTheirWords) != c.changes {
			t.Errorf("at minute %d: denials %v, claimed by %v, changes %v", c.at, row.OutrightDenials, row.ClaimedBy, m.ChangedTheirWords)
		}
		if !slices.Equal(m.Unheard, []string{"T"}) {
			t.Errorf("unheard: %v", m.Unheard)
		}
	}
	said := Table(r, minute(4)).Propositions[0].Said
	if len(said) != 4 || said[0].CorrectedBy != "thursday" || said[2].CorrectedBy != "" {
		t.Errorf("said: %+v", said)
	}
	if said := Table(r, minute(2)).Propositions[0].Said; said[0].CorrectedBy != "" {
		t.Errorf("a correction shows before it was published: %+v", said)
	}
}
