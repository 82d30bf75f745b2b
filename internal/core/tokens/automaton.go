package tokens

import "slices"

// automaton is the suffix automaton of a row of symbols (Blumer et al. 1985):
// it reads a text once and knows after each symbol the longest end of it that
// stands anywhere in the row. It has at most two states and three edges for
// each symbol of the row.
type automaton struct {
	states []state
	edges  map[edge]int32
}

type state struct {
	longest int32 // the longest of the state's factors
	link    int32 // the state of their longest other ends; -1 at the start
	ends    int32 // behind the first place they stand in the row
	out     []int32
}

type edge struct{ state, symbol int32 }

func newAutomaton(row []int32, symbols int) *automaton {
	a := &automaton{
		states: make([]state, 1, 2*len(row)+1),
		edges:  make(map[edge]int32, 2*len(row)+symbols),
	}
	a.states[0].link = -1
	last := int32(0)
	for i, symbol := range row {
		last = a.extend(last, symbol, int32(i+1))
	}
	return a
}

// extend adds a symbol behind the row read so far, whose whole is the state
// last, and gives the new whole.
func (a *automaton) extend(last, symbol, ends int32) int32 {
	whole := a.add(state{longest: ends, ends: ends})
	p := last
	for ; p >= 0; p = a.states[p].link {
		if _, ok := a.edges[edge{p, symbol}]; ok {
			break
		}
		a.connect(p, symbol, whole)
	}
	if p < 0 {
		return whole
	}
	q := a.edges[edge{p, symbol}]
	if a.states[q].longest == a.states[p].longest+1 {
		a.states[whole].link = q
		return whole
	}
	// q's shorter factors now also end here: they become a state of their own.
	split := a.add(state{longest: a.states[p].longest + 1, link: a.states[q].link, ends: a.states[q].ends})
	for _, s := range a.states[q].out {
		a.connect(split, s, a.edges[edge{q, s}])
	}
	a.states[q].link, a.states[whole].link = split, split
	for ; p >= 0 && a.edges[edge{p, symbol}] == q; p = a.states[p].link {
		a.edges[edge{p, symbol}] = split
	}
	return whole
}

func (a *automaton) add(s state) int32 {
	s.out = slices.Clone(s.out)
	a.states = append(a.states, s)
	return int32(len(a.states) - 1)
}

func (a *automaton) connect(from, symbol, to int32) {
	a.edges[edge{from, symbol}] = to
	a.states[from].out = append(a.states[from].out, symbol)
}

// cursor is where in the automaton a text has led: to a state, with n symbols
// in common. The zero value is the start.
type cursor struct {
	state int32
	n     int
}

// step reads one symbol.
func (a *automaton) step(c cursor, symbol int32) cursor {
	for {
		if to, ok := a.edges[edge{c.state, symbol}]; ok {
			return cursor{to, c.n + 1}
		}
		if c.state == 0 {
			return cursor{}
		}
		c.state = a.states[c.state].link
		c.n = int(a.states[c.state].longest)
	}
}

// ends is behind the first place in the row that the cursor's factor stands.
func (a *automaton) ends(c cursor) int { return int(a.states[c.state].ends) }
