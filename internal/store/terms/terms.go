// Package terms holds, in memory, which live portions carry which terms, and says
// which of them are likest to a text. It knows no database and no time: the store that
// uses it says what has changed and sees to it that what it asks is what its
// transaction would have read (see package sqltx).
//
// Nothing that it says goes by what is out of sight: how rare a term is is counted
// among the portions in sight.
package terms

import (
	"cmp"
	"math"
	"slices"

	"cordon"
)

// Row is the terms of one portion: distinct, sorted, each with how often it stands
// there in its lower two bits, or with 3 there for an indicator.
type Row struct {
	Portion, Report cordon.ID
	Rule            cordon.RuleNo
	Terms           []uint32
}

// Index is all portions with their terms. It never changes, so that any number of
// goroutines may read it; Over makes another.
type Index struct {
	base, top *layer
	// gone are reports of which the base does not hold.
	gone map[cordon.ID]bool
}

// layer is portions with their terms both ways: 8 bytes a term and 40 a portion.
type layer struct {
	portions []portion
	reports  []cordon.ID
	rules    []cordon.RuleNo
	forward  []uint32 // the portions' terms, one portion's after the other's
	terms    []uint32 // distinct, sorted, without how often they stand
	first    []uint32 // where in postings those of a term begin, and the end
	postings []uint32 // portions by number, with how often in the lower two bits
	blocks   []uint32 // where in terms those with the same upper 16 bits begin; nil for few
}

type portion struct {
	id     [16]byte
	report uint32
	rule   uint32
	from   uint32 // in forward
	n      uint16
	length uint16
}

// maxTerms bounds the terms of one portion that are kept.
const maxTerms = math.MaxUint16

// New makes an index of the rows.
func New(rows []Row) *Index { return &Index{base: newLayer(rows), top: newLayer(nil)} }

// Over makes an index in which the changed reports have these rows, which may be none,
// and no others.
func (x *Index) Over(changed []cordon.ID, rows []Row) *Index {
	gone := make(map[cordon.ID]bool, len(x.gone)+len(changed))
	for id := range x.gone {
		gone[id] = true
	}
	fresh := make(map[cordon.ID]bool, len(changed))
	for _, id := range changed {
		gone[id], fresh[id] = true, true
	}
	kept := x.top.rows(nil, fresh)
	kept = append(kept, rows...)
	if len(kept) > 4096 && 4*len(kept) > len(x.base.portions) {
		return New(x.base.rows(kept, gone))
	}
	return &Index{base: x.base, top: newLayer(kept), gone: gone}
}

func same(term uint32) uint32 {
	if term&3 == 3 {
		return term
	}
	return term &^ 3
}

func newLayer(rows []Row) *layer {
	l := &layer{first: []uint32{0}}
	reports, rules := map[cordon.ID]uint32{}, map[cordon.RuleNo]uint32{}
	total := 0
	for _, r := range rows {
		total += min(len(r.Terms), maxTerms)
	}
	l.forward = make([]uint32, 0, total)
	all := make([]uint64, 0, total)
	for _, r := range rows {
		id, ok := r.Portion.Bytes()
		if !ok {
			continue
		}
		p := portion{id: id, from: uint32(len(l.forward)), n: uint16(min(len(r.Terms), maxTerms))}
		if p.report, ok = reports[r.Report]; !ok {
			p.report = uint32(len(l.reports))
			reports[r.Report] = p.report
			l.reports = append(l.reports, r.Report)
		}
		if p.rule, ok = rules[r.Rule]; !ok {
			p.rule = uint32(len(l.rules))
			rules[r.Rule] = p.rule
			l.rules = append(l.rules, r.Rule)
		}
		length := 0
		for _, t := range r.Terms[:p.n] {
			length += times(t)
			all = append(all, uint64(same(t))<<32|uint64(len(l.portions))<<2|uint64(times(t)-1))
		}
		p.length = uint16(min(length, math.MaxUint16))
		l.forward = append(l.forward, r.Terms[:p.n]...)
		l.portions = append(l.portions, p)
	}
	slices.Sort(all)
	l.postings = make([]uint32, len(all))
	for i, v := range all {
		if term := uint32(v >> 32); i == 0 || term != l.terms[len(l.terms)-1] {
			l.terms = append(l.terms, term)
			if i > 0 {
				l.first = append(l.first, uint32(i))
			}
		}
		l.postings[i] = uint32(v)
	}
	l.first = append(l.first, uint32(len(all)))
	if len(l.terms) < 1<<14 {
		return l
	}
	l.blocks = make([]uint32, 1<<16+1)
	at := 0
	for b := range l.blocks {
		for at < len(l.terms) && int(l.terms[at]>>16) < b {
			at++
		}
		l.blocks[b] = uint32(at)
	}
	return l
}

func times(t uint32) int {
	if t&3 == 3 {
		return 1
	}
	return int(t&3) + 1
}

// rows appends those of reports that are not left out.
func (l *layer) rows(to []Row, but map[cordon.ID]bool) []Row {
	for _, p := range l.portions {
		if report := l.reports[p.report]; !but[report] {
			to = append(to, Row{cordon.IDOf(p.id), report, l.rules[p.rule], l.forward[p.from : p.from+uint32(p.n)]})
		}
	}
	return to
}

// carrying gives the postings of a term.
func (l *layer) carrying(term uint32) []uint32 {
	term = same(term)
	from, to := uint32(0), uint32(len(l.terms))
	if l.blocks != nil {
		from, to = l.blocks[term>>16], l.blocks[term>>16+1]
	}
	i, ok := slices.BinarySearch(l.terms[from:to], term)
	if !ok {
		return nil
	}
	i += int(from)
	return l.postings[l.first[i]:l.first[i+1]]
}

// view is what of an index is in sight.
type view struct {
	layers [2]*layer
	sees   [2][]bool // by portion
	seen   float64   // how many, and how long together
	length float64
	known  map[uint32]rarity
	// scratch of one text
	score   [2][]float32
	touched [2][]uint32
}

func (x *Index) view(visible cordon.Visibility) *view {
	v := &view{layers: [2]*layer{x.base, x.top}, known: make(map[uint32]rarity)}
	rules := make(map[cordon.RuleNo]bool, len(visible.Rules))
	for _, no := range visible.Rules {
		rules[no] = true
	}
	granted := make(map[[16]byte]bool, len(visible.Granted))
	for _, id := range visible.Granted {
		if b, ok := id.Bytes(); ok {
			granted[b] = true
		}
	}
	for i, l := range v.layers {
		v.sees[i] = make([]bool, len(l.portions))
		v.score[i] = make([]float32, len(l.portions))
		open := make([]bool, len(l.rules))
		for j, no := range l.rules {
			open[j] = rules[no]
		}
		for j, p := range l.portions {
			if i == 0 && len(x.gone) > 0 && x.gone[l.reports[p.report]] || !open[p.rule] && !(len(granted) > 0 && granted[p.id]) {
				continue
			}
			v.sees[i][j] = true
			v.seen++
			v.length += float64(p.length)
		}
	}
	return v
}

// rarity is in how many portions in sight a term stands, and what it is worth, as
// Robertson and Spärck Jones have it.
type rarity struct{ in, weight float64 }

func (v *view) rarity(term uint32) rarity {
	term = same(term)
	if r, ok := v.known[term]; ok {
		return r
	}
	n := 0.0
	for i, l := range v.layers {
		for _, p := range l.carrying(term) {
			if v.sees[i][p>>2] {
				n++
			}
		}
	}
	r := rarity{n, math.Log(1 + (v.seen-n+0.5)/(n+0.5))}
	v.known[term] = r
	return r
}

// The constants of BM25 (Robertson and Zaragoza 2009).
const (
	saturation = 1.2
	byLength   = 0.75
)

// bm25 is what a term of the weight adds to a portion.
func (v *view) bm25(weight float64, times int, p portion) float64 {
	tf := float64(times)
	return weight * tf * (saturation + 1) / (tf + saturation*(1-byLength+byLength*float64(p.length)*v.seen/v.length))
}

const (
	// candidates is how many portions are weighed exactly for each text, and of those
	// for several texts at once fewCandidates.
	candidates, fewCandidates = 48, 16
	// postings is how many are read for a text at least, the rarest terms first, and
	// allPostings for all texts together.
	postings    = 4_000
	allPostings = 4_000_000
	// several texts are more than this.
	several = 8
)

// Nearest implements cordon.TokenReader for what is in sight.
func (x *Index) Nearest(asked [][]uint32, visible cordon.Visibility, limit int) [][]cordon.Near {
	v := x.view(visible)
	out := make([][]cordon.Near, len(asked))
	if v.seen == 0 {
		return out
	}
	budget := max(postings, allPostings/max(1, len(asked)))
	weighed := candidates
	if len(asked) > several {
		weighed = fewCandidates
	}
	for i, terms := range asked {
		out[i] = v.nearest(terms, budget, weighed, limit)
	}
	return out
}

type weighed struct {
	term   uint32
	weight float64
}

func (v *view) nearest(asked []uint32, budget, most, limit int) []cordon.Near {
	terms := make([]weighed, 0, len(asked))
	mass := 0.0
	for _, t := range asked {
		if t&3 == 3 {
			continue // indicators are asked for alone
		}
		w := v.rarity(t).weight
		mass += w
		terms = append(terms, weighed{same(t), w})
	}
	slices.SortFunc(terms, func(a, b weighed) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.term, b.term)) })
	for _, t := range terms {
		if budget -= int(v.rarity(t.term).in); budget < 0 {
			break
		}
		for i, l := range v.layers {
			for _, p := range l.carrying(t.term) {
				n := p >> 2
				if !v.sees[i][n] {
					continue
				}
				if v.score[i][n] == 0 {
					v.touched[i] = append(v.touched[i], n)
				}
				v.score[i][n] += float32(v.bm25(t.weight, int(p&3)+1, l.portions[n]))
			}
		}
	}
	best := v.best(most)
	weights := make(map[uint32]float64, len(terms))
	for _, t := range terms {
		weights[t.term] = t.weight
	}
	near := make([]cordon.Near, 0, len(best))
	for _, b := range best {
		near = append(near, v.exactly(b.layer, b.n, weights, mass))
	}
	slices.SortFunc(near, func(a, b cordon.Near) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Portion, b.Portion))
	})
	return near[:min(len(near), limit)]
}

type candidate struct {
	layer int
	n     uint32
	score float32
}

// best are the candidates, at most so many, and clears the scratch.
func (v *view) best(most int) []candidate {
	var best []candidate
	floor := float32(0)
	for i := range v.layers {
		for _, n := range v.touched[i] {
			s := v.score[i][n]
			v.score[i][n] = 0
			if s <= floor && len(best) >= most {
				continue
			}
			best = append(best, candidate{i, n, s})
			if len(best) >= 4*most {
				slices.SortFunc(best, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
				best = best[:most]
				floor = best[most-1].score
			}
		}
		v.touched[i] = v.touched[i][:0]
	}
	slices.SortFunc(best, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	return best[:min(len(best), most)]
}

// exactly weighs a portion by all terms asked for.
func (v *view) exactly(layer int, n uint32, weights map[uint32]float64, asked float64) cordon.Near {
	l := v.layers[layer]
	p := l.portions[n]
	near := cordon.Near{Portion: cordon.IDOf(p.id), Report: l.reports[p.report], Asked: asked}
	for _, t := range l.forward[p.from : p.from+uint32(p.n)] {
		if t&3 == 3 {
			continue
		}
		w, shared := weights[same(t)]
		if !shared {
			w = v.rarity(t).weight
		} else {
			near.Shared += w
			near.Terms++
			near.Score += v.bm25(w, times(t), p)
		}
		near.Own += w
	}
	return near
}

// Carrying implements cordon.TokenReader for what is in sight.
func (x *Index) Carrying(asked []uint32, visible cordon.Visibility, most int) []cordon.TermHit {
	v := x.view(visible)
	var hits []cordon.TermHit
	for _, t := range asked {
		from, reports := len(hits), map[cordon.ID]bool{}
		for i, l := range v.layers {
			for _, n := range l.carrying(t) {
				if !v.sees[i][n>>2] {
					continue
				}
				p := l.portions[n>>2]
				reports[l.reports[p.report]] = true
				if len(hits)-from < most {
					hits = append(hits, cordon.TermHit{Term: t, Portion: cordon.IDOf(p.id), Report: l.reports[p.report]})
				}
			}
		}
		for i := range hits[from:] {
			hits[from+i].Reports = len(reports)
		}
	}
	return hits
}
