package bench

import (
	"cordon"
	"cordon/internal/core/access"
)

// decider answers the world's questions, by their number. Whatever an engine
// can prepare beforehand for rules and readers is prepared in making it.
type decider struct {
	name   string
	decide func(question int) bool
}

// deciders are all that are compared, the floor first.
func deciders(w *world) ([]decider, error) {
	cedar, err := newCedar(w)
	if err != nil {
		return nil, err
	}
	opa, err := newOPA(w)
	if err != nil {
		return nil, err
	}
	return []decider{
		{"bit sets by hand", newBits(w)},
		{"cordon, compiled", newCompiled(w)},
		{"cordon, Decide", newDecide(w)},
		{"cedar-go", cedar},
		{"OPA, prepared query", opa},
	}, nil
}

// newDecide is the definition: strings compared, and every reason given.
func newDecide(w *world) func(int) bool {
	return func(question int) bool {
		p := w.pairs[question]
		return access.Decide(w.rules[p.rule].Rule, w.readers[p.reader], nil).Allowed()
	}
}

// newCompiled is the form that lists are decided in, the readers being
// compiled beforehand. It finds the rule by its number, which the bit sets by
// hand need not.
func newCompiled(w *world) func(int) bool {
	atlas := access.NewAtlas(w.rules...)
	numbers, subjects := make([]cordon.RuleNo, len(w.rules)), make([]access.Subject, len(w.readers))
	for i, r := range w.rules {
		numbers[i] = r.No
	}
	for i, r := range w.readers {
		subjects[i] = atlas.Subject(r, nil)
	}
	return func(question int) bool {
		p := w.pairs[question]
		return subjects[p.reader].Allows(numbers[p.rule])
	}
}

// newLister lists the rules that allow a reader, whom it compiles each time.
func newLister(w *world) func(reader int) []cordon.RuleNo {
	atlas := access.NewAtlas(w.rules...)
	return func(reader int) []cordon.RuleNo {
		return atlas.Subject(w.readers[reader], nil).Allowed()
	}
}
