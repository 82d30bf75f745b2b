package writing

import (
	"context"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/act"
)

// MaxReached bounds the people and organisations that a draft is held against.
const MaxReached = 100

// Reach says who could read a draft as it is marked, before it is written.
type Reach struct {
	// Portions are those of the draft, the title first, as they would be marked.
	Portions []ReachedPortion
	// Banner is that of the whole.
	Banner string
	// People are those of the writer's organisation, Organisations all others.
	People        []ReachedPerson
	Organisations []ReachedOrganisation
}

// ReachedPortion is a portion of a draft as it would be marked.
type ReachedPortion struct {
	Mark   string
	Raised bool
}

// ReachedPerson is a person, and for each portion what keeps them from it;
// nothing where they could read it.
type ReachedPerson struct {
	Person cordon.Person
	Closed [][]string
}

// ReachedOrganisation is an organisation, and for each portion what keeps it as a
// whole from it.
type ReachedOrganisation struct {
	Organisation cordon.Organisation
	Closed       [][]string
}

// Look tells who could read the draft. It goes by the markings, the arrangement
// and the sources that the draft names, and by nothing that is found in its text:
// what a look told of that would be told without its owner learning of it. What
// is published may therefore reach fewer. It needs the role Author and leaves no
// line in the ledger.
func Look(ctx context.Context, by act.Caller, draft Draft) (Reach, error) {
	prepared, err := Prepare(by.Base, draft)
	if err != nil {
		return Reach{}, err
	}
	return act.Read(ctx, by, act.ByRole(cordon.ActPublish, cordon.RoleAuthor), func(s *act.Snapshot) (Reach, error) {
		w, err := newWriter(s, draft)
		if err != nil {
			return Reach{}, err
		}
		if err := w.declare(prepared.portions); err != nil {
			return Reach{}, err
		}
		plan := Plan{report: cordon.Report{ID: cordon.NewID(), Holder: s.Actor.Org.ID, Compilation: w.compilation.Portion(), Created: s.Now}}
		for i, p := range prepared.portions {
			one, err := w.decide(plan.report, i, p, prepared.marks[i])
			if err != nil {
				return Reach{}, inPortion(i, p, err)
			}
			plan.portions = append(plan.portions, one)
		}
		published, err := w.published(draft.Ref, plan)
		if err != nil {
			return Reach{}, err
		}
		out := Reach{Banner: published.Banner}
		for _, p := range published.Portions {
			out.Portions = append(out.Portions, ReachedPortion{Mark: p.Mark, Raised: p.Raised})
		}
		if out.People, err = w.reachPeople(plan.portions); err != nil {
			return Reach{}, err
		}
		out.Organisations = w.reachOrganisations(plan.portions)
		return out, nil
	})
}

func (w *writer) reachPeople(portions []decided) ([]ReachedPerson, error) {
	people, err := w.Tx.People(w.Actor.Org.ID)
	if err != nil {
		return nil, err
	}
	var out []ReachedPerson
	for _, p := range people {
		if len(out) == MaxReached || p.Suspended {
			continue
		}
		view, err := w.Base.Rules.View(w.Unnoted(), p.ID, w.Now)
		if err != nil {
			return nil, err
		}
		one := ReachedPerson{Person: p}
		for _, d := range portions {
			view.Learn(d.rule)
			one.Closed = append(one.Closed, closed(view.Decide(d.portion)))
		}
		out = append(out, one)
	}
	return out, nil
}

func (w *writer) reachOrganisations(portions []decided) []ReachedOrganisation {
	var out []ReachedOrganisation
	for _, org := range w.orgs {
		if org.ID == w.Actor.Org.ID || len(out) == MaxReached {
			continue
		}
		one := ReachedOrganisation{Organisation: org}
		for _, d := range portions {
			one.Closed = append(one.Closed, closed(access.DecideAudience(d.rule, org, nil)))
		}
		out = append(out, one)
	}
	return out
}
