// Package lineage finds all that portions were made from, and all that was
// made from them, over every step. Nothing else follows derivations for more
// than one step.
package lineage

import (
	"slices"

	"cordon"
)

// asked is how many portions the store is asked about at once.
const asked = 4096

// Reader gives derivations, one step (cordon.ReportReader).
type Reader interface {
	Sources(portions []cordon.ID) ([]cordon.Derivation, error)
	Derived(portions []cordon.ID) ([]cordon.Derivation, error)
}

// Walk is the result of a walk. Lineage is not trusted to be free of circles:
// each portion is met once in any case.
type Walk struct {
	// Met are the portions that the walk came to, without those it began at.
	Met []cordon.ID
	// InOrder are those it began at and those it came to, each after all by
	// which it was come to, unless they were made from each other in a circle.
	InOrder []cordon.ID
	// Steps are all the derivations that it took, from any portion to any.
	Steps []cordon.Derivation

	next map[cordon.ID][]cordon.ID
}

// Sources walks to all that the portions were made from. More than most of them
// are TooLarge; zero sets no bound.
func Sources(tx Reader, portions []cordon.ID, most int) (Walk, error) {
	return walk(tx.Sources, toSource, all, portions, most)
}

// Derived walks to all that was made from the portions. More than most of
// them are TooLarge; zero sets no bound, for acts that must not fail because
// much was made from a portion.
func Derived(tx Reader, portions []cordon.ID, most int) (Walk, error) {
	return walk(tx.Derived, toPortion, all, portions, most)
}

// Wordings walks to the wordings that the portions, and those before them, took
// the place of.
func Wordings(tx Reader, portions []cordon.ID) (Walk, error) {
	return walk(tx.Sources, toSource, revised, portions, 0)
}

func all(cordon.Derivation) bool       { return true }
func revised(d cordon.Derivation) bool { return d.How == cordon.DerivationRevised }

func toSource(d cordon.Derivation) (from, to cordon.ID)  { return d.Portion, d.Source }
func toPortion(d cordon.Derivation) (from, to cordon.ID) { return d.Source, d.Portion }

func walk(step func([]cordon.ID) ([]cordon.Derivation, error), ends func(cordon.Derivation) (from, to cordon.ID),
	follow func(cordon.Derivation) bool, start []cordon.ID, most int,
) (Walk, error) {
	w := Walk{next: make(map[cordon.ID][]cordon.ID)}
	known := make(map[cordon.ID]bool, len(start))
	var begun []cordon.ID
	for _, id := range start {
		if !known[id] {
			known[id] = true
			begun = append(begun, id)
		}
	}
	for front := begun; len(front) > 0; {
		var fresh []cordon.ID
		for some := range slices.Chunk(front, asked) {
			steps, err := step(some)
			if err != nil {
				return Walk{}, err
			}
			for _, d := range steps {
				if !follow(d) {
					continue
				}
				from, to := ends(d)
				w.Steps = append(w.Steps, d)
				w.next[from] = append(w.next[from], to)
				if !known[to] {
					known[to] = true
					fresh = append(fresh, to)
				}
			}
			if most > 0 && len(known)-len(begun) > most {
				return Walk{}, cordon.Errorf(cordon.KindTooLarge, "the lineage of this has more than %d portions", most)
			}
		}
		w.Met = append(w.Met, fresh...)
		front = fresh
	}
	w.InOrder = w.order(slices.Concat(begun, w.Met))
	return w, nil
}

// order puts each of the portions after all by which it was come to.
func (w Walk) order(portions []cordon.ID) []cordon.ID {
	waits := make(map[cordon.ID]int, len(portions)) // for how many it was come to by
	for _, tos := range w.next {
		for _, to := range tos {
			waits[to]++
		}
	}
	ordered := make([]cordon.ID, 0, len(portions))
	placed := make(map[cordon.ID]bool, len(portions))
	place := func(id cordon.ID) { ordered, placed[id] = append(ordered, id), true }
	for _, id := range portions {
		if waits[id] == 0 {
			place(id)
		}
	}
	for i := 0; i < len(ordered); i++ {
		for _, to := range w.next[ordered[i]] {
			if waits[to]--; waits[to] == 0 {
				place(to)
			}
		}
	}
	for _, id := range portions { // in a circle, or after one
		if !placed[id] {
			place(id)
		}
	}
	return ordered
}

// From gives the portion and all that the walk came to from it, the nearest
// first.
func (w Walk) From(portion cordon.ID) []cordon.ID {
	reached := []cordon.ID{portion}
	known := map[cordon.ID]bool{portion: true}
	for i := 0; i < len(reached); i++ {
		for _, to := range w.next[reached[i]] {
			if !known[to] {
				known[to] = true
				reached = append(reached, to)
			}
		}
	}
	return reached
}
