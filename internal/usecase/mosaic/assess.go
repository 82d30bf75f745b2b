package mosaic

import "cordon"

// Verdict is what an assessment comes to.
type Verdict string

// The verdicts.
const (
	// Wide: at least as many candidates fit as the threshold asks.
	Wide Verdict = "wide"
	// Narrow: fewer do.
	Narrow Verdict = "narrow"
	// Contradictory: nobody fits, so a fact or the registry is wrong.
	Contradictory Verdict = "contradictory"
)

// Assessment is what further facts would do for an audience that knows some.
type Assessment struct {
	// Total is the number of candidates, Before and After how many of them
	// fit what is known and what would be.
	Total     int     `json:"total"`
	Before    int     `json:"before"`
	After     int     `json:"after"`
	Threshold int     `json:"threshold"`
	Verdict   Verdict `json:"verdict"`
	// Known and Further say what each fact does, in the order given.
	Known   []Effect `json:"known"`
	Further []Effect `json:"further"`
	// Sharpest is the place in Further of the fact that leaves the fewest
	// when it alone is added to what is known, the first of several; nil
	// where none of them narrows anything.
	Sharpest *int `json:"sharpest,omitempty"`
	// Contradiction are facts that cannot all be true of any candidate,
	// while without any one of them the others can; empty unless the
	// verdict is Contradictory.
	Contradiction []Fact `json:"contradiction,omitempty"`
	// Candidates are the ids of those who fit after, where they are no more
	// than MaxListed.
	Candidates []string `json:"candidates,omitempty"`
}

// Effect is what one fact does.
type Effect struct {
	Fact Fact `json:"fact"`
	// Origin is where it comes from. Assess leaves it empty.
	Origin
	// Alone is how many candidates fit this fact and no other.
	Alone int `json:"alone"`
	// Left is how many fit what is known and this fact.
	Left int `json:"left"`
	// NotCounted is set where the registry does not know the attribute, or
	// has no numbers for a range: the fact then narrows nothing here.
	NotCounted bool `json:"notCounted,omitempty"`
}

// Origin is where a fact comes from.
type Origin struct {
	How How `json:"how,omitempty"`
	// Portion is the portion it stands on; empty for a fact as such.
	Portion cordon.ID `json:"portion,omitempty"`
}

// How is how a fact comes to an audience.
type How string

// The ways.
const (
	// Shown: the audience's people were shown the portion.
	Shown How = "shown"
	// Granted: the portion is granted to the audience and was not shown.
	Granted How = "granted"
	// ToldAudience and ToldPublic: AddTold recorded it.
	ToldAudience How = "told"
	ToldPublic   How = "public"
	// Proposed: it would be told, as the input of Check says.
	Proposed How = "proposed"
)

// Assess counts who fits the known facts and who would fit those and the
// further ones.
func Assess(ix *Index, known, further []Fact) Assessment {
	before := Fit(ix, known)
	after := clone(before)
	a := Assessment{Total: ix.Len(), Before: before.Count(), Threshold: ix.threshold, Known: []Effect{}, Further: []Effect{}}
	for _, f := range known {
		a.Known = append(a.Known, ix.effect(before, f))
	}
	for i, f := range further {
		ix.narrow(after, f)
		e := ix.effect(before, f)
		a.Further = append(a.Further, e)
		least := a.Before
		if a.Sharpest != nil {
			least = a.Further[*a.Sharpest].Left
		}
		if e.Left < least {
			a.Sharpest = &i
		}
	}
	a.After = after.Count()
	switch {
	case a.After == 0:
		a.Verdict = Contradictory
		a.Contradiction = ix.contradiction(known, further)
	case a.After < ix.threshold:
		a.Verdict = Narrow
	default:
		a.Verdict = Wide
	}
	if a.After <= MaxListed {
		a.Candidates = ix.Names(after)
	}
	return a
}

func (ix *Index) effect(before Set, f Fact) Effect {
	with := clone(before)
	ix.narrow(with, f)
	return Effect{Fact: f, Alone: Fit(ix, []Fact{f}).Count(), Left: with.Count(), NotCounted: !ix.Knows(f)}
}

// contradiction picks from facts that leave nobody a smallest part that does:
// taking any one out of it lets somebody fit. It finds one fact a round. The
// first at which nobody is left belongs to it, and what comes after that fact
// is not needed.
func (ix *Index) contradiction(known, further []Fact) []Fact {
	facts := append(append([]Fact{}, known...), further...)
	var needed []Fact
	for {
		s := Fit(ix, needed)
		if s.Count() == 0 {
			return needed
		}
		for i, f := range facts {
			ix.narrow(s, f)
			if s.Count() == 0 {
				needed, facts = append(needed, f), facts[:i]
				break
			}
		}
	}
}

func clone(s Set) Set { return append(Set(nil), s...) }
