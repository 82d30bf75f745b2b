package tearline

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon"
	"cordon/internal/core/tokens"
	"cordon/internal/usecase/mosaic"
	"cordon/marking"
)

// The bounds of the check.
const (
	// Telling is how many words that are not everyday a run of common words
	// must have to be listed. Inheritance by content asks for twelve words;
	// writers who check a text of their own can look at more.
	Telling = 4
	// RareIn is in how many other portions that the writer may see a word
	// may stand and still be called rare.
	RareIn = 3
	// MaxFindings bounds the list; the slightest are left off and counted.
	MaxFindings = 500

	// long is the words of a passage that package trace finds in any text.
	long       = tokens.Guarantee
	maxExcerpt = 200
	// maxValues bounds the values of facts that are looked for, maxPlaces and
	// maxTogether what is tried to show names that stand side by side as one.
	maxValues   = 50_000
	maxPlaces   = 64
	maxTogether = 12
)

// Severity says how much a finding asks to be looked at.
type Severity string

// The severities, the gravest first. None of them says that a text is safe.
const (
	Serious  Severity = "serious"
	Doubtful Severity = "doubtful"
	Slight   Severity = "slight"
)

// Kind is the kind of a finding.
type Kind string

// The kinds of finding.
const (
	Passage Kind = "passage"
	Name    Kind = "name"
	Number  Kind = "number"
	Rare    Kind = "rare-word"
	Told    Kind = "fact"
	AsFine  Kind = "fact-as-fine"
	Mark    Kind = "marking"
	Others  Kind = "of-others"
)

// Span is a stretch of a text in bytes.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Finding is one thing that still stands in a paragraph of a tearline.
type Finding struct {
	Severity Severity
	Kind     Kind
	// Paragraph counts from 0, the title.
	Paragraph int
	// Original is the original that the finding is about; empty for none.
	Original cordon.ID
	// At is where it stands in the paragraph, the first time, and In where in
	// the original; nil where it is not a stretch of it.
	At, In *Span
	// Words is how many words a passage has.
	Words int
	// Text is the stretch of the paragraph, the middle of a long one left out.
	Text string
	// Says puts the finding into words.
	Says string
}

// Share is how much of one original the tearline repeats in passages.
type Share struct {
	Original cordon.ID
	Mark     string
	// Words is how many of the original's words stand in passages, of Of.
	Words, Of int
}

// Paragraph is a portion of a tearline to be looked at.
type Paragraph struct {
	Marks marking.Marks // empty where it is not marked yet
	Text  string
	Facts []mosaic.Fact
}

// Original is a portion it was written against.
type Original struct {
	ID    cordon.ID
	Marks marking.Marks
	Text  string
	Facts []mosaic.Fact
}

// Input is what Compare looks at.
type Input struct {
	Schemes    *marking.Set
	Paragraphs []Paragraph
	Originals  []Original
	// Hierarchies say what coarser values of facts mean.
	Hierarchies *mosaic.Hierarchies
	// Elsewhere is in how many other portions a word of Candidates stands; a
	// word that is not in it is not judged.
	Elsewhere map[string]int
}

// Result is what Compare found.
type Result struct {
	// Shares are in the order of the originals.
	Shares   []Share
	Findings []Finding
	// More is how many findings were left off.
	More int
	// Unread says that the facts have more values than were looked for.
	Unread bool
}

// Candidates are the words that stand in a paragraph and an original and are
// neither everyday words nor names nor numbers: the words whose rarity is to be
// asked for. They are distinct and sorted.
func Candidates(in Input) []string {
	paragraphs, originals := read(in)
	seen := make(map[string]bool)
	var all []string
	for _, o := range originals {
		for _, p := range paragraphs {
			for _, w := range p.words {
				if !seen[w.Key] && !w.Everyday && o.has(w.Key) && !distinct(p, o, w.Key) {
					seen[w.Key] = true
					all = append(all, w.Key)
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// Compare lists the words and facts of the originals that the paragraphs
// repeat, the gravest first. Time is linear in the paragraphs' words times the
// number of originals and the other way round.
func Compare(in Input) Result {
	paragraphs, originals := read(in)
	var c comparison
	var whole []tokens.Word
	for j, p := range in.Paragraphs {
		c.source(j, p)
		// The end of a paragraph is no word of any text.
		whole = append(append(whole, paragraphs[j].words...), tokens.Word{Key: "\n" + strconv.Itoa(j)})
	}
	all := tokens.NewRow(whole)
	for i, o := range in.Originals {
		c.compare(in, paragraphs, all, originals[i], o)
	}
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(grave(a.Severity), grave(b.Severity)), cmp.Compare(a.Paragraph, b.Paragraph), cmp.Compare(start(a), start(b)))
	})
	if more := len(c.found) - MaxFindings; more > 0 {
		c.more, c.found = more, c.found[:MaxFindings]
	}
	return Result{Shares: c.shares, Findings: c.found, More: c.more, Unread: c.values > maxValues}
}

func grave(s Severity) int { return slices.Index([]Severity{Serious, Doubtful, Slight}, s) }

func start(f Finding) int {
	if f.At == nil {
		return -1
	}
	return f.At.Start
}

// text is a text read into words.
type text struct {
	raw   string
	words []tokens.Word
	at    map[string][]int // places of each word
	names map[string]bool  // words written as names somewhere in it
}

func newText(raw string) text {
	t := text{raw: raw, words: tokens.Read(raw), at: make(map[string][]int), names: make(map[string]bool)}
	for i, w := range t.words {
		t.at[w.Key] = append(t.at[w.Key], i)
		if !t.names[w.Key] && t.named(i) {
			t.names[w.Key] = true
		}
	}
	return t
}

func read(in Input) (paragraphs, originals []text) {
	for _, p := range in.Paragraphs {
		paragraphs = append(paragraphs, newText(p.Text))
	}
	for _, o := range in.Originals {
		originals = append(originals, newText(o.Text))
	}
	return paragraphs, originals
}

func (t text) has(key string) bool { return len(t.at[key]) > 0 }

// span is the stretch of n words from the place.
func (t text) span(at, n int) *Span { return &Span{t.words[at].Start, t.words[at+n-1].End} }

// stands gives the first place at which the words stand in a row; -1 for none.
func (t text) stands(words []tokens.Word) int {
	if len(words) == 0 {
		return -1
	}
	for _, at := range t.at[words[0].Key] {
		if at+len(words) <= len(t.words) && slices.EqualFunc(words, t.words[at:at+len(words)], func(a, b tokens.Word) bool { return a.Key == b.Key }) {
			return at
		}
	}
	return -1
}

// named reports whether the word there is written as a name: with a capital
// where no sentence begins, or in capitals throughout.
func (t text) named(i int) bool {
	w := t.words[i]
	written := t.raw[w.Start:w.End]
	if first, _ := utf8.DecodeRuneInString(written); !unicode.IsUpper(first) {
		return false
	}
	if utf8.RuneCountInString(written) > 1 && written == strings.ToUpper(written) {
		return true
	}
	if i == 0 {
		return false
	}
	between := t.raw[t.words[i-1].End:w.Start]
	return !strings.ContainsAny(between, ".!?:") && !strings.Contains(between, "\n\n")
}

func numbered(key string) bool { return strings.ContainsFunc(key, unicode.IsNumber) }

// distinct reports whether the word, which stands in both, is a name or number.
func distinct(p, o text, key string) bool { return numbered(key) || o.names[key] || p.names[key] }

// comparison gathers what is found.
type comparison struct {
	shares []Share
	found  []Finding
	more   int
	values int // of facts, as many as were met
}

func (c *comparison) add(f Finding) { c.found = append(c.found, f) }

// source says where a marking names the kind of source.
func (c *comparison) source(j int, p Paragraph) {
	for _, m := range p.Marks.Rules() {
		for _, readIn := range m.Rule.ReadIns {
			c.add(Finding{
				Severity: Serious, Kind: Mark, Paragraph: j,
				Says: fmt.Sprintf("its marking names %s, which says what kind of source it came from; a tearline is without source and method", readIn),
			})
		}
	}
}

func (c *comparison) compare(in Input, paragraphs []text, whole *tokens.Row, o text, original Original) {
	row := tokens.NewRow(o.words)
	wanted := c.wanted(original.Facts, in.Hierarchies)
	for j, p := range paragraphs {
		mine := in.Paragraphs[j]
		if !mine.Marks.Empty() && !original.Marks.Empty() && in.Schemes.Covers(mine.Marks, original.Marks) {
			c.add(Finding{
				Severity: Doubtful, Kind: Mark, Paragraph: j, Original: original.ID,
				Says: fmt.Sprintf("its marking %s is no wider than the original's %s: whom that keeps out, this keeps out too, so there is no point in a tearline unless it is given to others",
					mine.Marks.Portion(), original.Marks.Portion()),
			})
		}
		quoted := c.passages(j, p, o, row, original.ID)
		c.distinctive(j, p, o, original.ID)
		c.identifiers(j, p, o, original.ID)
		c.rare(j, p, o, original.ID, quoted, in.Elsewhere)
		c.facts(j, p, original.ID, wanted)
		c.asFine(j, mine, original, in.Hierarchies)
	}
	share := Share{Original: original.ID, Mark: original.Marks.Portion(), Of: len(o.words)}
	counted := 0 // words of the original before it are
	for _, r := range whole.Common(o.words, Telling) {
		from := max(counted, r.A)
		share.Words += max(0, r.A+r.N-from)
		counted = max(counted, r.A+r.N)
	}
	c.shares = append(c.shares, share)
}

// passages lists the common runs and tells which words of the paragraph stand
// in them.
func (c *comparison) passages(j int, p, o text, row *tokens.Row, original cordon.ID) []bool {
	quoted := make([]bool, len(p.words))
	for _, r := range row.Common(p.words, Telling) {
		for i := range r.N {
			quoted[r.A+i] = true
		}
		severity := Doubtful
		if r.N >= long || 2*r.N >= len(o.words) {
			severity = Serious
		}
		at := p.span(r.A, r.N)
		c.add(Finding{
			Severity: severity, Kind: Passage, Paragraph: j, Original: original, At: at, In: o.span(r.B, r.N), Words: r.N,
			Text: tokens.Excerpt(p.raw[at.Start:at.End], maxExcerpt),
			Says: fmt.Sprintf("%d words in a row as they stand in the original", r.N),
		})
	}
	return quoted
}

// distinctive lists names and numbers that stand in both, those that stand side
// by side in both together.
func (c *comparison) distinctive(j int, p, o text, original cordon.ID) {
	seen := make(map[string]bool)
	for i := 0; i < len(p.words); {
		n := 0
		places := o.at[p.words[i].Key]
		places = places[:min(len(places), maxPlaces)]
		for len(places) > 0 && n < maxTogether {
			w := p.words[i+n]
			if w.Everyday || !distinct(p, o, w.Key) {
				break
			}
			n++
			if i+n == len(p.words) {
				break
			}
			var next []int
			for _, at := range places {
				if at+1 < len(o.words) && o.words[at+1].Key == p.words[i+n].Key {
					next = append(next, at+1)
				}
			}
			if len(next) == 0 {
				break
			}
			places = next
		}
		if n == 0 {
			i++
			continue
		}
		words := p.words[i : i+n]
		if key := keyOf(words); !seen[key] {
			seen[key] = true
			c.add(namedOrNumbered(j, p, o, original, i, words))
		}
		i += n
	}
}

// identifiers lists numbers of accounts and telephones, addresses and the like that stand
// in both and are written otherwise, so that no word of theirs is the same.
func (c *comparison) identifiers(j int, p, o text, original cordon.ID) {
	theirs := tokens.Indicators(o.raw)
	seen := make(map[string]bool)
	for _, mine := range tokens.Indicators(p.raw) {
		i := slices.IndexFunc(theirs, func(x tokens.Indicator) bool { return x.Kind == mine.Kind && x.Value == mine.Value })
		if i < 0 || seen[mine.Value] {
			continue
		}
		seen[mine.Value] = true
		listed := slices.ContainsFunc(c.found, func(f Finding) bool {
			return f.Paragraph == j && f.Original == original && f.At != nil && f.At.Start < mine.End && mine.Start < f.At.End && f.Kind != Rare
		})
		if listed {
			continue
		}
		c.add(Finding{
			Severity: Doubtful, Kind: Number, Paragraph: j, Original: original,
			At: &Span{mine.Start, mine.End}, In: &Span{theirs[i].Start, theirs[i].End}, Words: 1,
			Text: tokens.Excerpt(p.raw[mine.Start:mine.End], maxExcerpt),
			Says: "a number, date or identifier of the original, written otherwise",
		})
	}
}

func namedOrNumbered(j int, p, o text, original cordon.ID, i int, words []tokens.Word) Finding {
	f := Finding{
		Severity: Doubtful, Kind: Number, Paragraph: j, Original: original,
		At: p.span(i, len(words)), In: o.span(o.stands(words), len(words)), Words: len(words),
		Says: "a number, date or identifier of the original",
	}
	if slices.ContainsFunc(words, func(w tokens.Word) bool { return !numbered(w.Key) }) {
		f.Kind, f.Says = Name, "a name of the original: of a person, place or thing, or a date"
	}
	f.Text = tokens.Excerpt(p.raw[f.At.Start:f.At.End], maxExcerpt)
	return f
}

func keyOf(words []tokens.Word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Key + " ")
	}
	return b.String()
}

// rare lists words that hardly any other portion has, except those that a
// passage has shown already.
func (c *comparison) rare(j int, p, o text, original cordon.ID, quoted []bool, elsewhere map[string]int) {
	seen := make(map[string]bool)
	for i, w := range p.words {
		n, judged := elsewhere[w.Key]
		if seen[w.Key] || quoted[i] || !judged || n > RareIn || w.Everyday || !o.has(w.Key) || distinct(p, o, w.Key) {
			continue
		}
		seen[w.Key] = true
		c.add(Finding{
			Severity: Slight, Kind: Rare, Paragraph: j, Original: original,
			At: p.span(i, 1), In: o.span(o.at[w.Key][0], 1), Words: 1, Text: tokens.Excerpt(p.raw[w.Start:w.End], maxExcerpt),
			Says: fmt.Sprintf("a word of the original that %s", inOthers(n)),
		})
	}
}

func inOthers(n int) string {
	switch n {
	case 0:
		return "no other portion has that you may see"
	case 1:
		return "one other portion has that you may see"
	}
	return fmt.Sprintf("only %d other portions have that you may see", n)
}

// wanted is a value of a fact on an original, as it could stand in words.
type wanted struct {
	fact  mosaic.Fact
	words []tokens.Word
	finer bool
}

func (c *comparison) wanted(facts []mosaic.Fact, h *mosaic.Hierarchies) []wanted {
	var all []wanted
	for _, f := range facts {
		for _, v := range values(f) {
			for _, each := range slices.Concat([]string{v}, h.Finer(f.Attribute, v)) {
				if c.values++; c.values <= maxValues {
					all = append(all, wanted{f, tokens.Read(each), each != v})
				}
			}
		}
	}
	return all
}

// facts lists what is recorded of the original and stands in the paragraph in
// words.
func (c *comparison) facts(j int, p text, original cordon.ID, all []wanted) {
	for _, w := range all {
		at := p.stands(w.words)
		if at < 0 {
			continue
		}
		span := p.span(at, len(w.words))
		f := Finding{
			Severity: Serious, Kind: Told, Paragraph: j, Original: original, At: span, Words: len(w.words),
			Text: tokens.Excerpt(p.raw[span.Start:span.End], maxExcerpt),
			Says: fmt.Sprintf("the fact %s, recorded on the original, stands here in words", w.fact),
		}
		if w.finer {
			f.Says = fmt.Sprintf("this is finer than the fact %s that is recorded on the original", w.fact)
		}
		c.add(f)
	}
}

// asFine lists facts recorded on the paragraph that tell as much as one on the
// original.
func (c *comparison) asFine(j int, mine Paragraph, original Original, h *mosaic.Hierarchies) {
	for _, f := range original.Facts {
		for _, own := range mine.Facts {
			if own.AsFine(f, h) {
				c.add(Finding{
					Severity: Serious, Kind: AsFine, Paragraph: j, Original: original.ID,
					Says: fmt.Sprintf("the fact %s is recorded on it, which is as fine as %s on the original", own, f),
				})
			}
		}
	}
}

// values are what of a fact can stand in a text: its values, or the ends of its
// range.
func values(f mosaic.Fact) []string {
	out := slices.Clone(f.Values)
	for _, end := range []*float64{f.Min, f.Max} {
		if end != nil {
			out = append(out, strconv.FormatFloat(*end, 'f', -1, 64))
		}
	}
	return slices.Compact(out)
}
