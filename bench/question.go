package bench

import (
	"fmt"
	"math/rand/v2"

	"cordon"
	"cordon/internal/core/access"
)

// The world of the questions. Of no kind are there more than 64 names, so that
// the bit sets by hand need one word each.
const (
	rules        = 4_000
	readers      = 500
	questions    = 10_000
	orgs         = 60
	people       = 60
	countries    = 40
	communities  = 6
	compartments = 20
)

var schemes = [2]string{"us", "nato"}

// world is what is asked: whether a reader may open under a rule.
type world struct {
	rules   []cordon.InternedRule
	readers []access.Reader
	pairs   []pair
}

// pair is one question, by indexes into the world.
type pair struct{ rule, reader int }

// newWorld makes the same world every time.
func newWorld() *world {
	d := dice{rand.New(rand.NewPCG(2017, 5))}
	w := &world{}
	for known := map[cordon.RuleNo]bool{}; len(w.rules) < rules; {
		r := d.rule()
		if no := r.No(); !known[no] {
			known[no] = true
			w.rules = append(w.rules, cordon.InternedRule{No: no, Rule: r})
		}
	}
	for range readers {
		w.readers = append(w.readers, d.reader())
	}
	for range questions {
		w.pairs = append(w.pairs, pair{d.IntN(rules), d.IntN(readers)})
	}
	return w
}

// dice draws rules and readers such that every condition is met more often
// than not, and each is often the only one that is not.
type dice struct{ *rand.Rand }

func (d dice) percent(p int) bool { return d.IntN(100) < p }

func (d dice) rule() cordon.Rule {
	var r cordon.Rule
	for _, scheme := range schemes {
		if d.percent(60) {
			r.Levels = append(r.Levels, cordon.Level{Scheme: scheme, Rank: 1 + d.IntN(3)})
		}
	}
	if d.percent(40) {
		r.ReadIns = some[string](d, "compartment", 1+d.IntN(3), compartments)
	}
	if d.percent(40) {
		r.Audience = append(r.Audience, d.audience())
		if d.percent(25) {
			r.Audience = append(r.Audience, d.audience())
		}
	}
	owners := 1
	switch {
	case d.percent(2):
		owners = 0
	case d.percent(30):
		owners = 2
	}
	for range owners {
		p := cordon.OwnerPolicy{
			Owner:      cordon.ID(one("org", d.IntN(orgs))),
			Recipients: some[cordon.ID](d, "org", 10+d.IntN(orgs-10), orgs),
			Anyone:     d.percent(15),
		}
		if d.percent(30) {
			p.Communities = some[string](d, "community", 1+d.IntN(2), communities)
		}
		r.Owners = append(r.Owners, p)
	}
	if d.percent(15) {
		r.Circled, r.Circle = true, some[cordon.ID](d, "person", 10+d.IntN(people-10), people)
	}
	r.Normalise()
	return r
}

func (d dice) audience() cordon.Audience {
	a := cordon.Audience{Countries: some[string](d, "country", 5+d.IntN(countries-5), countries)}
	if d.percent(50) {
		a.Communities = some[string](d, "community", 1+d.IntN(3), communities)
	}
	return a
}

func (d dice) reader() access.Reader {
	r := access.Reader{
		Person:      cordon.ID(one("person", d.IntN(people))),
		Org:         cordon.ID(one("org", d.IntN(orgs))),
		Suspended:   d.percent(5),
		Countries:   some[string](d, "country", 1+d.IntN(2), countries),
		Communities: some[string](d, "community", d.IntN(3), communities),
		Ranks:       map[string]int{},
		ReadIns:     map[string]bool{},
	}
	for _, scheme := range schemes {
		r.Ranks[scheme] = max(d.IntN(4), d.IntN(4), d.IntN(4))
	}
	for i := range compartments {
		if d.percent(85) {
			r.ReadIns[one("compartment", i)] = true
		}
	}
	return r
}

func one(kind string, i int) string { return fmt.Sprintf("%s-%02d", kind, i) }

// some draws n different names of the kind, of which there are as many as of.
func some[T ~string](d dice, kind string, n, of int) []T {
	var names []T
	for _, i := range d.Perm(of)[:n] {
		names = append(names, T(one(kind, i)))
	}
	return names
}
