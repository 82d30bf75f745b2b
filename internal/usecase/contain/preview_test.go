package contain_test

import (
	"context"
	"slices"
	"testing"

	"cordon"
	"cordon/internal/harness/casetest"
	"cordon/internal/usecase/contain"
	"cordon/internal/usecase/people"
	"cordon/internal/usecase/reading"
)

// TestPreviewIsTrue: a preview changes nothing, shows no portion that the officer may
// not see, and says of every colleague what they can read once it is done.
func TestPreviewIsTrue(t *testing.T) {
	t.Parallel()
	casetest.OnBothStores(t, func(t *testing.T, w *casetest.World) {
		ctx := context.Background()
		a := setUp(t, w)
		sol := w.By(w.ID("sol"))
		plan := contain.Plan{
			Strike: []cordon.ID{a.memo.Portions[1].ID},
			Limit:  []contain.Limit{{Report: a.transcript.Report, Circle: []cordon.ID{w.ID("sol")}}},
		}
		before := w.Texts(t, "ana", a.transcript.Report)
		seen, err := contain.Preview(ctx, sol, a.incident, plan)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Texts(t, "ana", a.transcript.Report); !slices.Equal(got, before) {
			t.Fatalf("looked at, it has happened: %q", got)
		}
		steps := make(map[cordon.ID]cordon.Step)
		for _, p := range seen.Portions {
			steps[p.Portion] = p.Step
		}
		for id, want := range map[cordon.ID]cordon.Step{
			a.memo.Portions[1].ID: cordon.StepStrike, a.transcript.Portions[1].ID: cordon.StepStrike, a.transcript.Portions[0].ID: cordon.StepLimit,
		} {
			if steps[id] != want {
				t.Errorf("of a portion it says %q, want %q", steps[id], want)
			}
		}
		if _, err := contain.Contain(ctx, sol, a.incident, plan); err != nil {
			t.Fatal(err)
		}
		opens := func(person cordon.ID, p contain.PreviewedPortion) bool {
			r, err := reading.Open(ctx, w.By(person), string(p.Report), cordon.ActRead)
			if err != nil && cordon.KindOf(err) != cordon.KindNotFound {
				t.Fatal(err)
			}
			return slices.ContainsFunc(r.Portions, func(s reading.Shown) bool { return s.ID == p.Portion })
		}
		looked := 0
		for _, one := range seen.People {
			for i, p := range seen.Portions {
				looked++
				if got := opens(one.Person.ID, p); got != one.Reach[i].After {
					t.Errorf("%s can read it afterwards: %t, and the preview said %t", one.Person.Name, got, one.Reach[i].After)
				}
			}
		}
		if looked < 6 || len(seen.Organisations) != 3 {
			t.Errorf("only %d readings were foretold, and %d organisations", looked, len(seen.Organisations))
		}

		// Of what the officer may not see nothing is said; what is nobody's of theirs is
		// refused as it would be.
		officer := w.Person["sol"]
		officer.Clearances = nil
		if _, err := people.ChangePerson(ctx, w.Local(), officer); err != nil {
			t.Fatal(err)
		}
		secret := w.Publish(t, "ana", nil, "(S) Title", "(S) Nobody else's.")
		seen, err = contain.Preview(ctx, sol, a.incident, contain.Plan{Strike: []cordon.ID{secret.Portions[1].ID}})
		if err != nil || len(seen.Portions) != 0 {
			t.Errorf("%+v, %v", seen, err)
		}
		for _, id := range []cordon.ID{a.report.Portions[1].ID, cordon.NewID()} {
			if _, err := contain.Preview(ctx, sol, a.incident, contain.Plan{Strike: []cordon.ID{id}}); cordon.KindOf(err) != cordon.KindNotFound {
				t.Errorf("of others' it says %v", err)
			}
		}
	})
}
