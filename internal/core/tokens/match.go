package tokens

import (
	"container/heap"
	"crypto/rand"
	"slices"
	"sort"
)

// Passage is a run of words that a text and a portion have in common.
type Passage struct {
	// Start and End are its bytes in the text, from the first byte of the
	// first word to behind the last one's.
	Start, End int
	// From and To are its bytes in the portion.
	From, To int
	// Words is how many words it counts; see [Count].
	Words int
}

// Match gives the verbatim passages of the portion in the text, in the order
// of the text. They are chosen as in greedy string tiling (Wise 1993): the
// longest first, the earlier of two equals, then the longest in what is left
// of the text, down to the least that makes a passage. They do not overlap in
// the text; a part of the portion that is quoted twice is in two of them. Time
// is linear in both but for choosing among passages that overlap, which is
// n log n; memory is linear in the portion.
func Match(text, portion string) []Passage {
	var key [32]byte
	rand.Read(key[:])
	t := New(key)
	p := t.Pattern(portion)
	if !p.Traceable() {
		return nil
	}
	var passages []Passage
	for b := range t.Blocks(text) {
		passages = append(passages, p.Match(b, nil, end(passages))...)
	}
	return passages
}

func end(passages []Passage) int {
	if len(passages) == 0 {
		return 0
	}
	return passages[len(passages)-1].End
}

// Pattern is a portion made ready to be looked for. It is immutable and holds
// hashes of words, not the text.
type Pattern struct {
	words []word
	least int
	ids   map[uint64]int32
	auto  *automaton
}

// Pattern makes the portion ready. Time and memory are linear in it.
func (t *Tokeniser) Pattern(portion string) *Pattern {
	p := &Pattern{words: t.readAll(portion)}
	if p.least = least(portion, p.words); p.least == 0 {
		return p
	}
	p.ids = make(map[uint64]int32)
	row := make([]int32, len(p.words))
	for i, w := range p.words {
		id, ok := p.ids[w.hash]
		if !ok {
			id = int32(len(p.ids))
			p.ids[w.hash] = id
		}
		row[i] = id
	}
	p.auto = newAutomaton(row, len(p.ids))
	return p
}

// Traceable reports whether the portion is long and telling enough to be
// looked for at all.
func (p *Pattern) Traceable() bool { return p.least > 0 }

// Words is how many words the portion has, as [Count] counts them.
func (p *Pattern) Words() int { return evidence(p.words) / wholeWord }

// Covered is how many of the portion's words stand in the passages; each
// counts once.
func (p *Pattern) Covered(passages []Passage) int {
	seen := make([]bool, len(p.words))
	n := 0
	for _, q := range passages {
		i := sort.Search(len(p.words), func(i int) bool { return int(p.words[i].start) >= q.From })
		for ; i < len(p.words) && int(p.words[i].end) <= q.To; i++ {
			if !seen[i] {
				seen[i] = true
				n += int(p.words[i].evidence)
			}
		}
	}
	return n / wholeWord
}

// Match gives the passages in one block, from the byte after on, as the
// function Match does. Near are the places, ascending, of probes that the
// portion's fingerprints answered; only the text around them is looked at,
// which finds everything. Nil looks everywhere. Passages that start in the
// half a block shares with the next are left to that one.
func (p *Pattern) Match(b *Block, near []int32, after int) []Passage {
	if !p.Traceable() {
		return nil
	}
	first := sort.Search(len(b.words), func(i int) bool { return int(b.words[i].start) >= after })
	until := len(b.words)
	if !b.final {
		until /= 2
	}
	var passages []Passage
	look := func(from, to int) {
		counts := sums(b.words[from:to])
		if counts[to-from] < p.least {
			return
		}
		for _, r := range tile(p.runs(b.words[from:to], counts), counts, p.least) {
			if r.text+from >= until {
				continue
			}
			passages = append(passages, Passage{
				Start: int(b.words[from+r.text].start),
				End:   int(b.words[from+r.text+r.n-1].end),
				From:  int(p.words[r.at].start),
				To:    int(p.words[r.at+r.n-1].end),
				Words: (counts[r.text+r.n] - counts[r.text]) / wholeWord,
			})
		}
	}
	if near == nil {
		for from := first; from < len(b.words); {
			to := p.stretch(b.words, from)
			look(from, to)
			from = to + 1
		}
		return passages
	}
	done := first
	for _, at := range near {
		if int(at) < done {
			// The stretch looked at ends at a word the portion has not; a
			// gram that began before it is either in it or broken by it.
			at = int32(done)
		}
		from := int(at)
		for from > done && p.knows(b.words[from-1]) {
			from--
		}
		to := p.stretch(b.words, int(at))
		look(from, to)
		done = to
	}
	return passages
}

func (p *Pattern) knows(w word) bool {
	_, ok := p.ids[w.hash]
	return ok
}

// stretch is where the run of words that the portion has ends.
func (p *Pattern) stretch(words []word, from int) int {
	for from < len(words) && p.knows(words[from]) {
		from++
	}
	return from
}

// run is n common words, at those places among the words of text and portion.
type run struct{ text, at, n int }

// runs gives the common runs that can be extended neither way, all words of
// the text being words of the portion, with the sums of what they count.
func (p *Pattern) runs(words []word, counts []int) []run {
	var runs []run
	end := func(c cursor, at int) {
		if c.n > 0 && counts[at]-counts[at-c.n] >= p.least {
			runs = append(runs, run{at - c.n, p.auto.ends(c) - c.n, c.n})
		}
	}
	var c cursor
	for i, w := range words {
		next := p.auto.step(c, p.ids[w.hash])
		if next.n != c.n+1 {
			end(c, i)
		}
		c = next
	}
	end(c, len(words))
	return runs
}

// tile chooses from the runs in a text, longest first; each counts at least so much.
// Counts are the sums of what the words of the text count.
func tile(runs []run, counts []int, least int) []run {
	if len(runs) < 2 {
		return runs
	}
	var chosen []run
	by := make([]int32, len(counts)) // which chosen run, from 1, has the word
	h := longest(runs)
	heap.Init(&h)
	for len(h) > 0 {
		r := heap.Pop(&h).(run)
		// Every run chosen is no shorter than r, so if it overlaps r it has
		// r's first word or its last.
		cut := r
		if c := by[cut.text]; c > 0 {
			over := chosen[c-1].text + chosen[c-1].n - cut.text
			cut.text, cut.at, cut.n = cut.text+over, cut.at+over, cut.n-over
		}
		if cut.n > 0 {
			if c := by[cut.text+cut.n-1]; c > 0 {
				cut.n = chosen[c-1].text - cut.text
			}
		}
		switch {
		case cut.n < 1 || counts[cut.text+cut.n]-counts[cut.text] < least:
		case cut != r:
			heap.Push(&h, cut)
		default:
			chosen = append(chosen, r)
			for i := range r.n {
				by[r.text+i] = int32(len(chosen))
			}
		}
	}
	slices.SortFunc(chosen, func(a, b run) int { return a.text - b.text })
	return chosen
}

// longest is a heap of runs, longest first, then earliest.
type longest []run

func (h longest) Len() int { return len(h) }
func (h longest) Less(i, j int) bool {
	if h[i].n != h[j].n {
		return h[i].n > h[j].n
	}
	return h[i].text < h[j].text
}
func (h longest) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *longest) Push(x any)   { *h = append(*h, x.(run)) }
func (h *longest) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
