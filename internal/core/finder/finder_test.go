package finder

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon"
	"cordon/internal/core/content"
	"cordon/internal/core/tokens"
	"cordon/internal/core/vault"
	"cordon/internal/harness/sample"
)

// index is the part of a store that the finder needs, in memory.
type index struct {
	cordon.WriteTx
	keys     map[cordon.ID]cordon.Sealed
	prints   map[int64][]cordon.ID
	portions map[cordon.ID]cordon.Portion
	rules    map[cordon.RuleNo]cordon.Rule

	vault  *vault.Vault
	tok    *tokens.Tokeniser
	report cordon.ID
	asked  int // the most prints asked for at once
	opened int
}

type rootKey struct{}

func (rootKey) Root() ([32]byte, error) { return [32]byte{7}, nil }

func newIndex(t testing.TB) *index {
	v, err := vault.New(rootKey{})
	if err != nil {
		t.Fatal(err)
	}
	return &index{
		keys: make(map[cordon.ID]cordon.Sealed), prints: make(map[int64][]cordon.ID),
		portions: make(map[cordon.ID]cordon.Portion), rules: make(map[cordon.RuleNo]cordon.Rule),
		vault: v, tok: tokens.New(v.Subkey("tokens")), report: cordon.NewID(),
	}
}

func (x *index) OwnerKey(owner cordon.ID) (cordon.Sealed, error) {
	if k, ok := x.keys[owner]; ok {
		return k, nil
	}
	return nil, cordon.ErrNotFound
}

func (x *index) PutOwnerKey(owner cordon.ID, key cordon.Sealed) error {
	x.keys[owner] = key
	return nil
}

func (x *index) PrintHits(prints []int64) (hits []cordon.PrintHit, err error) {
	x.asked = max(x.asked, len(prints))
	for _, p := range prints {
		for _, id := range x.prints[p] {
			hits = append(hits, cordon.PrintHit{Print: p, Portion: id, Report: x.report, Rule: x.portions[id].Rule, Created: x.portions[id].Created})
		}
	}
	return hits, nil
}

func (x *index) PortionsByID(ids []cordon.ID) (portions []cordon.Portion, err error) {
	for _, id := range ids {
		if p, ok := x.portions[id]; ok {
			portions = append(portions, p)
			x.opened++
		}
	}
	return portions, nil
}

func (x *index) rule(no cordon.RuleNo) (cordon.Rule, error) { return x.rules[no], nil }

// owned is the rule of portions that the owners own together.
func owned(owners ...cordon.ID) cordon.Rule {
	var rule cordon.Rule
	for _, o := range owners {
		rule.Owners = append(rule.Owners, cordon.OwnerPolicy{Owner: o})
	}
	rule.Normalise()
	return rule
}

func (x *index) add(t testing.TB, rule cordon.Rule, ref, text string) cordon.ID {
	for _, owner := range rule.OwnerIDs() {
		if x.keys[owner] == nil {
			if err := x.vault.NewOwner(x, owner); err != nil {
				t.Fatal(err)
			}
		}
	}
	p := cordon.Portion{ID: cordon.NewID(), Report: x.report, Kind: cordon.PortionParagraph, Mark: "TLP:RED", Rule: rule.No(), State: cordon.PortionLive}
	if err := content.Seal(x.vault.Ring(x), &p, rule, content.Body{Ref: ref, Text: text}); err != nil {
		t.Fatal(err)
	}
	x.rules[p.Rule], x.portions[p.ID] = rule, p
	for _, print := range x.tok.Prints(text) {
		x.prints[print] = append(x.prints[print], p.ID)
	}
	return p.ID
}

func (x *index) find(t testing.TB, text string) []Quotation {
	found, err := Find(x, x.vault.Ring(x), x.tok, x.rule, text)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

const (
	secret   = "The courier will carry the second list from Port Selwyn to the house in Karlsgrad on Friday."
	second   = "Only two people in the ministry know that the Karlsgrad house has been watched since spring."
	tasking  = "Photograph every lorry leaving Selwyn docks."
	innocent = "Nothing in this line is anybody's secret, and whoever says so has not read it. "
)

func TestFindsWhatIsQuoted(t *testing.T) {
	x := newIndex(t)
	owner, other := cordon.NewID(), cordon.NewID()
	a := x.add(t, owned(owner), "MER/1", secret)
	b := x.add(t, owned(other), "OST/9", second)
	c := x.add(t, owned(owner, other), "", tasking)

	text := innocent + "“" + strings.ToUpper(secret) + "”\n" + innocent +
		"they were to photograph every lorry\nleaving Selwyn docks, and " + "it has been watched since spring; two people in the ministry know that the Karlsgrad house"
	found := x.find(t, text)
	var got []string
	for _, f := range found {
		for _, p := range f.Passages {
			got = append(got, fmt.Sprintf("%s %d/%d %v %q", f.Ref, f.Words, f.Of, f.Whole, text[p.Start:p.End]))
		}
		if f.Portion.Body != nil || f.Portion.Key != nil || f.Rule.No() != f.Portion.Rule {
			t.Errorf("%+v", f)
		}
	}
	want := []string{
		fmt.Sprintf("MER/1 17/17 true %q", strings.ToUpper(strings.TrimSuffix(secret, "."))),
		` 6/6 true "photograph every lorry\nleaving Selwyn docks"`,
		`OST/9 10/16 false "two people in the ministry know that the Karlsgrad house"`,
	}
	if !slices.Equal(got, want) || found[0].Portion.ID != a || found[1].Portion.ID != c || found[2].Portion.ID != b {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFindsNothingElse(t *testing.T) {
	x := newIndex(t)
	x.add(t, owned(cordon.NewID()), "MER/1", secret)
	for _, text := range []string{"", innocent, "The courier will carry the second list", "second list the courier carry will from"} {
		if found := x.find(t, text); len(found) != 0 {
			t.Errorf("%q: %+v", text, found)
		}
	}
}

// Each text is searched for itself, and portions that do not matter to it are opened
// only beside one that does.
func TestFindEach(t *testing.T) {
	x := newIndex(t)
	me, other := cordon.NewID(), cordon.NewID()
	own := x.add(t, owned(me), "MINE/1", second)
	x.add(t, owned(other), "MER/1", secret)
	x.add(t, owned(me, other), "OURS/1", tasking)
	each := func(texts ...string) (refs [][]string) {
		scope := Scope{Asks: func(_ int, no cordon.RuleNo) (bool, error) { return no != owned(me).No(), nil }}
		found, err := FindEach(x, x.vault.Ring(x), x.tok, x.rule, scope, texts)
		if err != nil {
			t.Fatal(err)
		}
		for _, some := range found {
			var of []string
			for _, f := range some {
				of = append(of, f.Ref)
			}
			refs = append(refs, of)
		}
		return refs
	}
	x.opened = 0
	got := each(second, "", innocent+second)
	if fmt.Sprint(got) != "[[] [] []]" || x.opened != 0 {
		t.Errorf("of what does not matter: %v, opened %d", got, x.opened)
	}
	got = each(second+" "+secret, second, innocent, tasking+" "+second, secret)
	if want := "[[MINE/1 MER/1] [] [] [OURS/1 MINE/1] [MER/1]]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	// Nor does one of those that does not open stand in the way.
	p := x.portions[own]
	p.Mark = "TLP:CLEAR"
	x.portions[own] = p
	if got := each(second); fmt.Sprint(got) != "[[]]" {
		t.Errorf("got %v", got)
	}
}

// What is out of sight is not opened, and of what stands in very many portions a few of
// each rule are: the oldest.
func TestScope(t *testing.T) {
	x := newIndex(t)
	seen, hidden := owned(cordon.NewID()), owned(cordon.NewID())
	x.add(t, hidden, "HIDDEN", secret)
	oldest := x.add(t, seen, "OLDEST", secret)
	for range common {
		id := x.add(t, seen, "LATER", secret)
		p := x.portions[id]
		p.Created = time.Unix(1e9, 0)
		x.portions[id] = p
	}
	scope := Scope{
		Sees: func(_ cordon.ID, no cordon.RuleNo) bool { return no == seen.No() },
		Asks: func(int, cordon.RuleNo) (bool, error) { return true, nil },
	}
	x.opened = 0
	found, err := FindEach(x, x.vault.Ring(x), x.tok, x.rule, scope, []string{secret})
	if err != nil || len(found[0]) != ofOneRule || x.opened != ofOneRule {
		t.Fatalf("found %d, opened %d, %v", len(found[0]), x.opened, err)
	}
	if !slices.ContainsFunc(found[0], func(q Quotation) bool { return q.Portion.ID == oldest }) {
		t.Error("the oldest is not among them")
	}
}

func TestWhatIsStruckIsNotFound(t *testing.T) {
	x := newIndex(t)
	id := x.add(t, owned(cordon.NewID()), "MER/1", secret)
	p := x.portions[id]
	p.State, p.Body, p.Key = cordon.PortionStruck, nil, nil
	x.portions[id] = p
	if found := x.find(t, secret); len(found) != 0 {
		t.Errorf("%+v", found)
	}
}

// A row that was changed stops the search, and the answer does not say which.
func TestWhatDoesNotOpenStopsTheSearch(t *testing.T) {
	x := newIndex(t)
	id := x.add(t, owned(cordon.NewID()), "MER/1", secret)
	p := x.portions[id]
	p.Mark = "TLP:CLEAR"
	x.portions[id] = p
	_, err := Find(x, x.vault.Ring(x), x.tok, x.rule, secret)
	if cordon.KindOf(err) != cordon.KindInternal || strings.Contains(err.Error(), string(id)) {
		t.Errorf("%v", err)
	}
}

func TestBounds(t *testing.T) {
	x := newIndex(t)
	if _, err := Find(x, x.vault.Ring(x), x.tok, x.rule, strings.Repeat(" ", cordon.MaxFileBytes+1)); cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("%v", err)
	}
	var long strings.Builder
	for i := range 3 * printsAsked {
		fmt.Fprint(&long, " word", i)
	}
	x.find(t, long.String())
	if x.asked > printsAsked {
		t.Errorf("%d prints asked for at once", x.asked)
	}
	rule := owned(cordon.NewID())
	for range 100 {
		x.add(t, rule, "", strings.Repeat("one two three four five ", 4))
	}
	_, err := Find(x, x.vault.Ring(x), x.tok, x.rule, strings.Repeat("one two three four five ", MaxHits/100))
	if cordon.KindOf(err) != cordon.KindTooLarge {
		t.Errorf("%v", err)
	}
}

func TestSift(t *testing.T) {
	x := newIndex(t)
	a, b := cordon.NewID(), cordon.NewID()
	stock := "is released under the arrangement of the third of May and to nobody else"
	long := x.add(t, owned(a, b), "long", "The list of couriers "+stock+" without leave.")
	x.add(t, owned(a), "echo", "Our own photograph "+stock+", ever.")
	more := x.add(t, owned(a), "echo and more", "What the driver said in Karlsgrad on Friday night "+stock+".")
	twin := x.add(t, owned(a), "twin", "The list of couriers "+stock+" without leave.")
	foreign := x.add(t, owned(a, cordon.NewID()), "foreign", "Whatever she wrote "+stock+", however.")

	found := x.find(t, "As agreed: the list of couriers "+stock+" without leave. And what the driver said in Karlsgrad on Friday night")
	if len(found) != 5 {
		t.Fatalf("%d found", len(found))
	}
	var got []cordon.ID
	for _, f := range Sift(found) {
		got = append(got, f.Portion.ID)
	}
	want := []cordon.ID{long, twin, more, foreign}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("kept %v, want %v", got, want)
	}

	by := func(id cordon.ID) Cover {
		return NewCover(slices.DeleteFunc(slices.Clone(found), func(f Quotation) bool { return f.Portion.ID != id }))
	}
	for _, f := range found {
		if got, want := by(long).Has(f), f.Portion.ID == long || f.Ref == "echo" || f.Ref == "twin"; got != want {
			t.Errorf("long covers %s: %v", f.Ref, got)
		}
		if got, want := by(twin).Has(f), f.Ref == "echo" || f.Ref == "twin"; got != want {
			t.Errorf("twin covers %s: %v", f.Ref, got)
		}
	}
}

// The rest measures on real text.

func loaded(t testing.TB, s sample.Set) (x *index, refs, portions []string) {
	x = newIndex(t)
	portions, refs = s.Texts(t, "trace/portions.jsonl")
	rule := owned(cordon.NewID())
	for i := range portions {
		x.add(t, rule, refs[i], portions[i])
	}
	return x, refs, portions
}

func TestNoFalseAlarms(t *testing.T) { sample.Each(t, noFalseAlarms) }

func noFalseAlarms(t *testing.T, s sample.Set) {
	x, _, _ := loaded(t, s)
	stories, _ := s.Texts(t, "trace/unrelated.jsonl")
	for i, story := range stories {
		for _, f := range x.find(t, story) {
			p := f.Passages[0]
			t.Errorf("story %d: %s, %q", i, f.Ref, story[p.Start:p.End])
		}
	}
}

// Every tenth portion (of ours, each) quoted whole in a story, and eight words
// from its middle, rewrapped: all of them are found, and nothing else is.
func TestFindsQuotationsInStories(t *testing.T) { sample.Each(t, findsQuotationsInStories) }

func findsQuotationsInStories(t *testing.T, s sample.Set) {
	x, refs, portions := loaded(t, s)
	stories, _ := s.Texts(t, "trace/unrelated.jsonl")
	quotes, missed, extra := 0, 0, 0
	step := sample.Pick(s, 1, 10)
	for i := 0; i < len(portions); i += step {
		words := strings.Fields(portions[i])
		mid := words[len(words)/2:]
		for _, quote := range []string{portions[i], strings.Join(enough(mid, tokens.Guarantee), "\n> ")} {
			want := tokens.Match(quote, portions[i])
			if want == nil {
				continue // too short to be traced
			}
			quotes++
			story := stories[(i/step)%len(stories)]
			half := len(story) / 2
			hit := false
			for _, f := range Sift(x.find(t, story[:half]+" \n> "+quote+"\n\n "+story[half:])) {
				if f.Ref == refs[i] {
					hit = true
				} else if !equalRun(quote, portions[slices.Index(refs, f.Ref)], want) {
					extra++
					t.Logf("quoting %s also gave %s", refs[i], f.Ref)
				}
			}
			if !hit {
				missed++
				t.Errorf("%s, quoted as %q, was not found", refs[i], quote)
			}
		}
	}
	t.Logf("%d quotations: recall %.4f, precision %.4f", quotes, 1-float64(missed)/float64(quotes), float64(quotes-missed)/float64(quotes-missed+extra))
	if extra > 0 || quotes < sample.Pick(s, 60, 500) {
		t.Errorf("%d quotations gave %d portions that were not quoted", quotes, extra)
	}
}

// equalRun reports whether the very passage is in the other portion as well.
func equalRun(quote, other string, want []tokens.Passage) bool {
	for _, p := range tokens.Match(quote, other) {
		if p.Start == want[0].Start && p.End == want[0].End {
			return true
		}
	}
	return false
}

var wordish = regexp.MustCompile(`[\pL\pN]`)

// enough is the least beginning of the fields that holds n words.
func enough(fields []string, n int) []string {
	for i, f := range fields {
		if wordish.MatchString(f) {
			if n--; n == 0 {
				return fields[:i+1]
			}
		}
	}
	return fields
}

// Two paragraphs of the manual on a page of another text are found, and no
// other of its lines is, but those that have the very same words.
func TestFindsParagraphsOfTheManual(t *testing.T) { sample.Each(t, findsParagraphsOfTheManual) }

func findsParagraphsOfTheManual(t *testing.T, s sample.Set) {
	x := newIndex(t)
	rule := owned(cordon.NewID())
	var paragraphs []cordon.ID
	text := make(map[cordon.ID]string)
	for _, line := range s.Lines(t, "ic-markings-manual.md") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		id := x.add(t, rule, "", line)
		if text[id] = line; len(line) > 100 && tokens.Match(line, line) != nil {
			paragraphs = append(paragraphs, id)
		}
	}
	stories, _ := s.Texts(t, "trace/unrelated.jsonl")
	pages, exact := 0, 0
	for i := 0; i+7 < len(paragraphs); i += 3 {
		one, two := paragraphs[i], paragraphs[i+7]
		story := stories[i%len(stories)]
		found := Sift(x.find(t, story[:3000]+"\n\n"+text[one]+"\n\n"+story[3000:4000]+"\n\n"+text[two]+"\n"))
		said := make(map[[2]int]bool)
		quoted := 0
		for _, f := range found {
			if f.Portion.ID == one || f.Portion.ID == two {
				quoted++
				for _, p := range f.Passages {
					said[[2]int{p.Start, p.End}] = true
				}
			}
		}
		if quoted != 2 {
			t.Errorf("%d of %q and %q found", quoted, text[one], text[two])
		}
		for _, f := range found {
			for _, p := range f.Passages {
				if !said[[2]int{p.Start, p.End}] {
					t.Errorf("quoting %q and %q also gave %q", text[one], text[two], text[f.Portion.ID])
				}
			}
		}
		if pages++; len(found) == 2 {
			exact++
		}
	}
	t.Logf("%d of %d pages gave the two paragraphs alone, the others also lines of the same words", exact, pages)
	if pages < sample.Pick(s, 10, 200) || exact < pages*3/4 {
		t.Errorf("only %d of %d", exact, pages)
	}
}

func BenchmarkFind100KB(b *testing.B) {
	s := sample.Largest(b)
	x, _, portions := loaded(b, s)
	text := s.Filled(b, 100_000, portions[10], portions[len(portions)/2])
	b.SetBytes(int64(len(text)))
	x.opened = 0
	n := 0
	for b.Loop() {
		x.find(b, text)
		n++
	}
	b.ReportMetric(float64(x.opened)/float64(n), "opened/op")
}
