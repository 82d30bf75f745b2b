package tokens

// Word is one word of a text, as it was read. It holds the text's own words and
// is for comparing in memory; nothing of it is kept.
type Word struct {
	// Key is its normalised form: equal words have equal keys.
	Key string
	// Start and End are its bytes in the text.
	Start, End int
	// Everyday words are of the kind that says nothing of what a line is
	// about.
	Everyday bool
	// Evidence is how much of a word of a language that separates its words it
	// is, in twelfths.
	Evidence int
}

// Read gives the words of a text in order.
func Read(text string) []Word {
	var words []Word
	for s := newScanner(text); s.next(); {
		key := string(s.seen())
		words = append(words, Word{key, s.start, s.end, everyday[key], int(s.evidence)})
	}
	return words
}

// Count is how many words the text has, counted as evidence: two Han characters, three
// syllables of Kana and four letters of Thai and its like stand for one.
func Count(text string) int {
	n := 0
	for s := newScanner(text); s.next(); {
		n += int(s.evidence)
	}
	return n / wholeWord
}

// Run is N words in a row that stand in both of two texts: from the word A of
// the one and from the word B of the row, counted from 0.
type Run struct{ A, B, N int }

// Row is a text made ready for others to be compared with it.
type Row struct {
	ids  map[string]int32
	auto *automaton
}

// NewRow makes the text ready. Time and memory are linear in it.
func NewRow(text []Word) *Row {
	r := &Row{ids: make(map[string]int32)}
	row := make([]int32, len(text))
	for i, w := range text {
		id, ok := r.ids[w.Key]
		if !ok {
			id = int32(len(r.ids))
			r.ids[w.Key] = id
		}
		row[i] = id
	}
	r.auto = newAutomaton(row, len(r.ids))
	return r
}

// Common gives the runs of a that stand verbatim in the row and have at least
// so many words that are not everyday. Each is as long as it can be: every
// common run of that many telling words lies inside one of them. Two may
// overlap in a; where a run stands in the row more than once, B is the first
// place. Time is linear in a.
func (r *Row) Common(a []Word, telling int) []Run {
	tells := make([]int, len(a)+1) // how many of the words before it tell
	for i, w := range a {
		tells[i+1] = tells[i]
		if !w.Everyday {
			tells[i+1]++
		}
	}
	var runs []Run
	end := func(c cursor, at int) {
		if c.n > 0 && tells[at]-tells[at-c.n] >= telling {
			runs = append(runs, Run{at - c.n, r.auto.ends(c) - c.n, c.n})
		}
	}
	var c cursor
	for i, w := range a {
		id, ok := r.ids[w.Key]
		if !ok {
			id = -1
		}
		next := r.auto.step(c, id)
		if next.n != c.n+1 {
			end(c, i)
		}
		c = next
	}
	end(c, len(a))
	return runs
}
