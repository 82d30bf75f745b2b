// Package listing holds, in memory, which reports have live portions under
// which rules, newest first, and how many: what it takes to give the newest
// reports in sight and to count what is in sight without asking a database.
// It knows no database and no time: the store that uses it says what has
// changed and sees to it that what it asks is what its transaction would have
// read (see package sqltx).
//
// Its work goes by what is in sight. A page merges the lists of the rules in
// sight and never steps over a report that is not; a count adds up the
// counters of those rules. So the time of either says nothing of what is not.
package listing

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"

	"cordon"
)

// Key is the place of a report in every list: when it was created, in
// microseconds, and its id, which breaks ties.
type Key struct {
	At int64
	ID [16]byte
}

// Compare orders keys as places are ordered, by the instant and then by the id
// as it is written.
func (k Key) Compare(other Key) int {
	if c := cmp.Compare(k.At, other.At); c != 0 || k.ID == other.ID {
		return c
	}
	return strings.Compare(string(cordon.IDOf(k.ID)), string(cordon.IDOf(other.ID)))
}

// Row says that the report has so many live portions under the rule, one or
// more.
type Row struct {
	Key
	Rule cordon.RuleNo
	Live int
}

// MaxLive is the most live portions of one report under one rule that an Index
// can hold.
const MaxLive = math.MaxUint16

// Index is every report with its rules. It never changes, so that any number
// of goroutines may read it; Over makes another.
//
// It consists of layers. Each has the reports that have changed since the one
// below was made, and all the rows of each such report.
type Index struct{ layers []*layer }

// New makes an index of all rows, in any order, which it sorts in place.
func New(rows []Row) *Index {
	return (&Index{}).Over(nil, rows)
}

// Len is how many reports the layers hold together.
func (x *Index) Len() int {
	n := 0
	for _, l := range x.layers {
		n += len(l.at)
	}
	return n
}

// Over makes an index in which the changed reports have these rows, which may
// be none, and no others. Reports that have rows count as changed.
func (x *Index) Over(changed []Key, rows []Row) *Index {
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(a.Key.Compare(b.Key), cmp.Compare(a.Rule, b.Rule))
	})
	keys := slices.Clone(changed)
	for i, r := range rows {
		if i == 0 || r.Key != rows[i-1].Key {
			keys = append(keys, r.Key)
		}
	}
	slices.SortFunc(keys, Key.Compare)
	keys = slices.Compact(keys)
	layers := slices.Clone(x.layers)
	return &Index{append(layers, newLayer(x.layers, keys, rows))}
}

// spread is how many times larger a layer is than the one above it, at least.
const spread = 8

// Compact makes an index of the same reports in few layers: each change is
// copied a few times on its way down, whatever the size of the whole.
func (x *Index) Compact() *Index {
	layers := slices.Clone(x.layers)
	for n := len(layers); n > 1 && len(layers[n-2].at) < spread*len(layers[n-1].at); n = len(layers) {
		keys, rows := merge(layers[n-2], layers[n-1], n == 2)
		layers = append(layers[:n-2], newLayer(layers[:n-2], keys, rows))
	}
	return &Index{layers}
}

// Page gives the newest reports that have something live under one of the
// rules, which are in ascending order: those before the key, if there is one,
// and at most limit of them.
func (x *Index) Page(rules []cordon.RuleNo, before *Key, limit int) []Key {
	walks := make([]*walk, len(x.layers))
	for i, l := range x.layers {
		walks[i] = l.walk(rules, before)
	}
	var page []Key
	for len(page) < limit {
		newest := -1
		var key Key
		for i, w := range walks {
			for ; w.more(); w.next() {
				k := w.layer.key(w.rank())
				if x.coveredAbove(i, k) {
					continue
				}
				if newest < 0 || k.Compare(key) > 0 {
					newest, key = i, k
				}
				break
			}
		}
		if newest < 0 {
			break
		}
		page = append(page, key)
		walks[newest].next()
	}
	return page
}

// coveredAbove reports whether a layer above the i-th says what there is to say of
// the report.
func (x *Index) coveredAbove(i int, k Key) bool {
	for _, l := range x.layers[i+1:] {
		if _, ok := l.find(k); ok {
			return true
		}
	}
	return false
}

// Count is how many reports have something live under one of the rules, which
// are in ascending order, and how many live portions are under them.
func (x *Index) Count(rules []cordon.RuleNo) (reports, portions int64) {
	for _, l := range x.layers {
		r, p := l.count(rules)
		reports, portions = reports+r, portions+p
	}
	return reports, portions
}

// Sees reports whether the report has something live under one of the rules,
// which are in ascending order.
func (x *Index) Sees(k Key, rules []cordon.RuleNo) bool {
	for _, l := range slices.Backward(x.layers) {
		if i, ok := l.find(k); ok {
			return slices.ContainsFunc(l.shares(i), func(s share) bool {
				_, in := slices.BinarySearch(rules, l.rules[s.rule])
				return in
			})
		}
	}
	return false
}

// layer is some reports, oldest first, each by its rank.
type layer struct {
	at []int64
	id [][16]byte

	// The live portions of the report of rank i stand from held[i] to held[i+1].
	held []uint32
	rule []uint32 // by its place in rules
	live []uint16

	// rules are those of the reports, and those they had in the layers
	// below, ascending.
	rules []cordon.RuleNo
	// The reports under the rule at r are listed, oldest first, from
	// listed[r] to listed[r+1]; newest is the last of each, or none.
	listed []uint32
	lists  []uint32
	newest []uint32

	// The layer's additions to the counts of those below. A report under one
	// rule alone is counted with the rule; those under several with all that
	// are under the same ones.
	portions []int64
	alone    []int64
	several  []several
	// in lists for each rule, from inFrom[r] on, the several it is one of.
	inFrom []uint32
	in     []uint32
}

type share struct {
	rule uint32
	live uint16
}

// several is how many reports are under just these rules.
type several struct {
	rules []uint32 // ascending
	n     int64
}

// none is the rank of no report.
const none = math.MaxUint32

func (l *layer) key(rank uint32) Key { return Key{l.at[rank], l.id[rank]} }

func (l *layer) shares(rank int) []share {
	all := make([]share, 0, l.held[rank+1]-l.held[rank])
	for i := l.held[rank]; i < l.held[rank+1]; i++ {
		all = append(all, share{l.rule[i], l.live[i]})
	}
	return all
}

// find gives the report's rank. Most are looked for where they are not: among
// reports that are all newer.
func (l *layer) find(k Key) (int, bool) {
	if len(l.at) == 0 || k.At < l.at[0] || k.At > l.at[len(l.at)-1] {
		return 0, false
	}
	i := l.rankOf(k)
	return i, i < len(l.at) && l.key(uint32(i)) == k
}

// rankOf is the rank of the first report that is not before the key.
func (l *layer) rankOf(k Key) int {
	return sort.Search(len(l.at), func(i int) bool { return l.key(uint32(i)).Compare(k) >= 0 })
}

// newLayer makes a layer of the keys, ascending, with their rows, ordered by
// key and rule.
func newLayer(below []*layer, keys []Key, rows []Row) *layer {
	l := &layer{
		at:   make([]int64, len(keys)),
		id:   make([][16]byte, len(keys)),
		held: make([]uint32, len(keys)+1),
		rule: make([]uint32, len(rows)),
		live: make([]uint16, len(rows)),
	}
	for i, k := range keys {
		l.at[i], l.id[i] = k.At, k.ID
	}
	// The reports as they were before.
	type former struct {
		layer  *layer
		shares []share
	}
	var were []former
	known := map[cordon.RuleNo]uint32{}
	for _, k := range keys {
		for _, b := range slices.Backward(below) {
			if i, ok := b.find(k); ok {
				were = append(were, former{b, b.shares(i)})
				for _, s := range b.shares(i) {
					known[b.rules[s.rule]] = 0
				}
				break
			}
		}
	}
	for _, r := range rows {
		known[r.Rule] = 0
	}
	for no := range known {
		l.rules = append(l.rules, no)
	}
	slices.Sort(l.rules)
	for i, no := range l.rules {
		known[no] = uint32(i)
	}
	l.portions, l.alone = make([]int64, len(l.rules)), make([]int64, len(l.rules))
	sets := tally{layer: l, of: map[string]int{}}

	next := 0
	for i, k := range keys {
		first := next
		for ; next < len(rows) && rows[next].Key == k; next++ {
			l.rule[next], l.live[next] = known[rows[next].Rule], uint16(rows[next].Live)
			l.portions[l.rule[next]] += int64(rows[next].Live)
		}
		l.held[i+1] = uint32(next)
		sets.add(l.rule[first:next], 1)
	}
	for _, f := range were {
		rules := make([]uint32, len(f.shares))
		for i, s := range f.shares {
			rules[i] = known[f.layer.rules[s.rule]]
			l.portions[rules[i]] -= int64(s.live)
		}
		sets.add(rules, -1)
	}
	l.list()
	l.fileSeveral()
	return l
}

// tally counts reports by their rules.
type tally struct {
	layer *layer
	of    map[string]int // where in layer.several
	key   []byte
}

func (t *tally) add(rules []uint32, n int64) {
	switch len(rules) {
	case 0:
		return
	case 1:
		t.layer.alone[rules[0]] += n
		return
	}
	t.key = t.key[:0]
	for _, r := range rules {
		t.key = append(t.key, byte(r), byte(r>>8), byte(r>>16), byte(r>>24))
	}
	i, ok := t.of[string(t.key)]
	if !ok {
		i = len(t.layer.several)
		t.of[string(t.key)] = i
		t.layer.several = append(t.layer.several, several{rules: slices.Clone(rules)})
	}
	t.layer.several[i].n += n
}

// list files the reports under their rules.
func (l *layer) list() {
	l.listed, l.lists = heads(len(l.rules), len(l.rule), func(yield func(uint32, uint32)) {
		for rank := range l.at {
			for i := l.held[rank]; i < l.held[rank+1]; i++ {
				yield(l.rule[i], uint32(rank))
			}
		}
	})
	l.newest = make([]uint32, len(l.rules))
	for r := range l.rules {
		if l.newest[r] = none; l.listed[r] < l.listed[r+1] {
			l.newest[r] = l.lists[l.listed[r+1]-1]
		}
	}
}

func (l *layer) fileSeveral() {
	l.several = slices.DeleteFunc(l.several, func(s several) bool { return s.n == 0 })
	total := 0
	for _, s := range l.several {
		total += len(s.rules)
	}
	l.inFrom, l.in = heads(len(l.rules), total, func(yield func(uint32, uint32)) {
		for i, s := range l.several {
			for _, r := range s.rules {
				yield(r, uint32(i))
			}
		}
	})
}

// heads files what each yields under n heads, in its order: that of head h
// lies from from[h] to from[h+1].
func heads(n, total int, each func(yield func(head, item uint32))) (from, items []uint32) {
	from, items = make([]uint32, n+1), make([]uint32, total)
	each(func(head, _ uint32) { from[head+1]++ })
	for h := range n {
		from[h+1] += from[h]
	}
	next := slices.Clone(from[:n])
	each(func(head, item uint32) {
		items[next[head]] = item
		next[head]++
	})
	return from, items
}

// merge is what two layers say together. At the bottom, reports without
// anything live need no mention.
func merge(lower, upper *layer, bottom bool) ([]Key, []Row) {
	keys := make([]Key, 0, len(lower.at)+len(upper.at))
	rows := make([]Row, 0, len(lower.rule)+len(upper.rule))
	take := func(l *layer, rank int) {
		k := l.key(uint32(rank))
		if bottom && l.held[rank] == l.held[rank+1] {
			return
		}
		keys = append(keys, k)
		for i := l.held[rank]; i < l.held[rank+1]; i++ {
			rows = append(rows, Row{k, l.rules[l.rule[i]], int(l.live[i])})
		}
	}
	i := 0
	for j := range upper.at {
		k := upper.key(uint32(j))
		for ; i < len(lower.at) && lower.key(uint32(i)).Compare(k) < 0; i++ {
			take(lower, i)
		}
		if i < len(lower.at) && lower.key(uint32(i)) == k {
			i++
		}
		take(upper, j)
	}
	for ; i < len(lower.at); i++ {
		take(lower, i)
	}
	return keys, rows
}

// among gives the places in l.rules of those of the rules that are there, both
// ascending.
func (l *layer) among(rules []cordon.RuleNo) []uint32 {
	out := make([]uint32, 0, min(len(rules), len(l.rules)))
	few, many := len(rules), len(l.rules)
	if few > many {
		few, many = many, few
	}
	if 16*few < many { // look each of the few up among the many
		if len(rules) == few {
			for _, no := range rules {
				if i, ok := slices.BinarySearch(l.rules, no); ok {
					out = append(out, uint32(i))
				}
			}
			return out
		}
		for i, no := range l.rules {
			if _, ok := slices.BinarySearch(rules, no); ok {
				out = append(out, uint32(i))
			}
		}
		return out
	}
	i := 0
	for _, no := range rules {
		for i < len(l.rules) && l.rules[i] < no {
			i++
		}
		if i < len(l.rules) && l.rules[i] == no {
			out = append(out, uint32(i))
			i++
		}
	}
	return out
}

func (l *layer) count(rules []cordon.RuleNo) (reports, portions int64) {
	seen := l.among(rules)
	var in []bool
	if len(l.several) > 0 {
		in = make([]bool, len(l.rules))
		for _, r := range seen {
			in[r] = true
		}
	}
	for _, r := range seen {
		portions += l.portions[r]
		reports += l.alone[r]
		for _, i := range l.in[l.inFrom[r]:l.inFrom[r+1]] {
			// Counted once, with the first of its rules in sight.
			s := &l.several[i]
			for _, other := range s.rules {
				if in[other] {
					if other == r {
						reports += s.n
					}
					break
				}
			}
		}
	}
	return reports, portions
}

// walk goes through the reports of a layer that are under some rules, newest
// first: a heap of those rules' lists, by the newest not yet gone past.
type walk struct {
	layer *layer
	heap  []listHead
}

// listHead is where a walk stands in a rule's list.
type listHead struct{ rank, at, from uint32 }

func (l *layer) walk(rules []cordon.RuleNo, before *Key) *walk {
	seen := l.among(rules)
	w := &walk{layer: l, heap: make([]listHead, 0, len(seen))}
	end := uint32(len(l.at))
	if before != nil {
		end = uint32(l.rankOf(*before))
	}
	for _, r := range seen {
		from, to := l.listed[r], l.listed[r+1]
		rank := l.newest[r]
		if rank == none {
			continue
		}
		if rank >= end {
			list := l.lists[from:to]
			n, _ := slices.BinarySearch(list, end)
			if n == 0 {
				continue
			}
			rank, to = list[n-1], from+uint32(n)
		}
		w.heap = append(w.heap, listHead{rank, to - 1, from})
	}
	for i := len(w.heap)/2 - 1; i >= 0; i-- {
		w.sink(i)
	}
	return w
}

func (w *walk) more() bool { return len(w.heap) > 0 }

func (w *walk) rank() uint32 { return w.heap[0].rank }

// next goes past the report at the head, in all the lists it is in.
func (w *walk) next() {
	for rank := w.heap[0].rank; len(w.heap) > 0 && w.heap[0].rank == rank; {
		if h := &w.heap[0]; h.at > h.from {
			h.at--
			h.rank = w.layer.lists[h.at]
		} else {
			w.heap[0] = w.heap[len(w.heap)-1]
			w.heap = w.heap[:len(w.heap)-1]
		}
		w.sink(0)
	}
}

func (w *walk) sink(i int) {
	for {
		child := 2*i + 1
		if child >= len(w.heap) {
			return
		}
		if child+1 < len(w.heap) && w.heap[child+1].rank > w.heap[child].rank {
			child++
		}
		if w.heap[i].rank >= w.heap[child].rank {
			return
		}
		w.heap[i], w.heap[child] = w.heap[child], w.heap[i]
		i = child
	}
}
