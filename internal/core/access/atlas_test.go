package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"cordon"
	"cordon/internal/core/access"
)

// crowd is a rule that mentions seventy names of every kind that nobody
// drawn holds. Met between other rules it drives their names apart, into
// different words of the bit sets.
func crowd(n int) cordon.Rule {
	many := func(kind string) (names []string) {
		for i := range 70 {
			names = append(names, fmt.Sprintf("%s-%d-%d", kind, n, i))
		}
		return names
	}
	ids := func(kind string) (ids []cordon.ID) {
		for _, name := range many(kind) {
			ids = append(ids, cordon.ID(name))
		}
		return ids
	}
	r := cordon.Rule{
		ReadIns:  many("readin"),
		Audience: []cordon.Audience{{Countries: many("country"), Communities: many("community")}},
		Owners:   []cordon.OwnerPolicy{{Owner: cordon.ID(fmt.Sprintf("owner-%d", n)), Recipients: ids("org")}},
		Circled:  true, Circle: ids("person"),
	}
	r.Owners[0].Clients = true
	for _, g := range ids("group") {
		r.Narrowed = append(r.Narrowed, cordon.Narrowing{Org: cordon.ID(fmt.Sprintf("narrowed-%d", n)), Group: g})
	}
	for _, scheme := range many("scheme") {
		r.Levels = append(r.Levels, cordon.Level{Scheme: scheme, Rank: 1})
	}
	return r
}

func interned(rules ...cordon.Rule) []cordon.InternedRule {
	out := make([]cordon.InternedRule, len(rules))
	for i, r := range rules {
		out[i] = cordon.InternedRule{No: r.No(), Rule: r}
	}
	return out
}

// crowded makes an atlas of the rules in several batches, with crowds between.
func crowded(rules []cordon.Rule) *access.Atlas {
	atlas, n := access.NewAtlas(), 0
	for batch := range slices.Chunk(rules, len(rules)/7+1) {
		atlas = atlas.With(interned(append([]cordon.Rule{crowd(n)}, batch...)...)...)
		n++
	}
	return atlas
}

// TestAtlasAgreesWithDecide also for rules met after the reader was compiled,
// against which they may not be held, and by readers compiled against every
// state the atlas was in.
func TestAtlasAgreesWithDecide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		reader, waivers := drawReader(t), some(t, "waiver", world.orgs)
		var rules []cordon.Rule
		atlas := access.NewAtlas()
		for batch := range rapid.IntRange(1, 4).Draw(t, "batches") {
			stale, known := atlas.Subject(reader, waivers), len(rules)
			fresh := []cordon.Rule{crowd(batch)}
			for range rapid.IntRange(0, 6).Draw(t, "rules") {
				fresh = append(fresh, drawRule(t))
			}
			if len(rules) > 0 {
				fresh = append(fresh, rules[0]) // known already
			}
			rules = append(rules, fresh...)
			atlas = atlas.With(interned(fresh...)...)

			subject := atlas.Subject(reader, waivers)
			allowed := map[cordon.RuleNo]bool{}
			for i, r := range rules {
				want := access.Decide(r, reader, waivers)
				if got := subject.Allows(r.No()); got != want.Allowed() {
					t.Fatalf("allows %v, but Decide's reasons are %v\nrule %s\nreader %+v waivers %v", got, want.Reasons, r.Encode(), reader, waivers)
				}
				if want.Allowed() {
					allowed[r.No()] = true
				}
				old := slices.ContainsFunc(rules[:known], func(o cordon.Rule) bool { return o.No() == r.No() })
				if got := stale.Allows(r.No()); got != (old && want.Allowed()) {
					t.Fatalf("compiled before rule %d of %d, the reader is allowed it: %v", i, known, got)
				}
			}
			list := subject.Allowed()
			if !slices.IsSorted(list) || len(list) != len(allowed) {
				t.Fatalf("allowed %v, want %v in order", list, allowed)
			}
			for _, no := range list {
				if !allowed[no] {
					t.Fatalf("lists %d, which Decide refuses", no)
				}
			}
		}
	})
}

func TestAtlasKnowsItsRules(t *testing.T) {
	first, second, fork := crowd(0), crowd(1), crowd(2)
	small := access.NewAtlas(interned(first)...)
	large := small.With(interned(second, first, second)...)
	small.With(interned(fork)...)
	if small.Len() != 1 || large.Len() != 2 {
		t.Errorf("%d and %d rules, want 1 and 2", small.Len(), large.Len())
	}
	if r, ok := large.Rule(second.No()); !ok || r.No() != second.No() {
		t.Error("the rule of a number is another")
	}
	for _, no := range []cordon.RuleNo{second.No(), fork.No()} {
		if _, ok := small.Rule(no); ok {
			t.Error("an atlas has changed")
		}
	}
}

// TestNobodyIsAllowedNothing: a subject that was not compiled, or is
// nobody's, is allowed nothing, even under a rule that asks for nothing.
func TestNobodyIsAllowedNothing(t *testing.T) {
	open := cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: "org-a", Anyone: true}}}
	atlas := access.NewAtlas(interned(open)...)
	if !atlas.Subject(access.Reader{Person: "p1", Org: "org-b"}, nil).Allows(open.No()) {
		t.Error("what anyone may read is refused")
	}
	for name, s := range map[string]access.Subject{
		"the zero subject":        {},
		"without a person":        atlas.Subject(access.Reader{Org: "org-b"}, nil),
		"without an organisation": atlas.Subject(access.Reader{Person: "p1"}, nil),
		"suspended":               atlas.Subject(access.Reader{Person: "p1", Org: "org-a", Suspended: true}, nil),
	} {
		if s.Allows(open.No()) || len(s.Allowed()) != 0 {
			t.Errorf("%s is allowed", name)
		}
	}
}

// TestAReadInTakenBack: a reader said not to hold a compartment does not.
func TestAReadInTakenBack(t *testing.T) {
	rule := cordon.Rule{ReadIns: []string{"us:SI"}, Owners: []cordon.OwnerPolicy{{Owner: "org-a"}}}
	atlas := access.NewAtlas(interned(rule)...)
	for _, held := range []bool{true, false} {
		reader := access.Reader{Person: "p1", Org: "org-a", ReadIns: map[string]bool{"us:SI": held}}
		if got := atlas.Subject(reader, nil).Allows(rule.No()); got != held {
			t.Errorf("held %v: allowed %v", held, got)
		}
	}
}

// pair is one question of the agreement test.
type pair struct {
	rule    cordon.Rule
	reader  access.Reader
	waivers access.Waivers
}

func drawPair(t *rapid.T) pair {
	return pair{drawRule(t), drawReader(t), some(t, "waiver", world.orgs[:1])}
}

// pairs are the same 10,000 in every run.
func pairs() []pair {
	from := rapid.Custom(drawPair)
	all := make([]pair, 10_000)
	for i := range all {
		all[i] = from.Example(i)
	}
	return all
}

// answers decides every pair in the compiled form.
func answers(all []pair) []bool {
	rules := make([]cordon.Rule, len(all))
	for i, p := range all {
		rules[i] = p.rule
	}
	atlas := crowded(rules)
	out := make([]bool, len(all))
	for i, p := range all {
		out[i] = atlas.Subject(p.reader, p.waivers).Allows(p.rule.No())
	}
	return out
}

// broken are deciders with one condition left out or weakened, each made by
// changing the input of a sound decider.
var broken = map[string]func(*pair){
	"levels not looked at":     func(p *pair) { p.rule.Levels = nil },
	"only the first level":     func(p *pair) { p.rule.Levels = p.rule.Levels[:min(1, len(p.rule.Levels))] },
	"a level too low will do":  func(p *pair) { each(&p.rule.Levels, func(l *cordon.Level) { l.Rank-- }) },
	"a level must be exceeded": func(p *pair) { each(&p.rule.Levels, func(l *cordon.Level) { l.Rank++ }) },
	"read-ins not looked at":   func(p *pair) { p.rule.ReadIns = nil },
	"only the first read-in":   func(p *pair) { p.rule.ReadIns = p.rule.ReadIns[:min(1, len(p.rule.ReadIns))] },
	"audience not looked at":   func(p *pair) { p.rule.Audience = nil },
	"only the first clause":    func(p *pair) { p.rule.Audience = p.rule.Audience[:min(1, len(p.rule.Audience))] },
	"countries not looked at":  func(p *pair) { each(&p.rule.Audience, func(a *cordon.Audience) { a.Countries = nil }) },
	"communities not looked at": func(p *pair) {
		each(&p.rule.Audience, func(a *cordon.Audience) { a.Communities = nil })
	},
	"owners not looked at":     func(p *pair) { each(&p.rule.Owners, func(o *cordon.OwnerPolicy) { o.Anyone = true }) },
	"only the first owner":     func(p *pair) { p.rule.Owners = p.rule.Owners[:min(1, len(p.rule.Owners))] },
	"recipients not looked at": func(p *pair) { each(&p.rule.Owners, func(o *cordon.OwnerPolicy) { o.Recipients = nil }) },
	"onward communities not looked at": func(p *pair) {
		each(&p.rule.Owners, func(o *cordon.OwnerPolicy) { o.Communities = nil })
	},
	"clients not looked at": func(p *pair) { each(&p.rule.Owners, func(o *cordon.OwnerPolicy) { o.Clients = false }) },
	"clients of anything":   func(p *pair) { each(&p.rule.Owners, func(o *cordon.OwnerPolicy) { o.Clients = true }) },
	"the owner's clients only": func(p *pair) {
		p.reader.ClientOf = slices.DeleteFunc(slices.Clone(p.reader.ClientOf), func(of cordon.ID) bool {
			return slices.ContainsFunc(p.rule.Owners, func(o cordon.OwnerPolicy) bool { return slices.Contains(o.Recipients, of) })
		})
	},
	"narrowing not looked at":  func(p *pair) { p.rule.Narrowed = nil },
	"only the first narrowing": func(p *pair) { p.rule.Narrowed = p.rule.Narrowed[:min(1, len(p.rule.Narrowed))] },
	"narrowed for everybody": func(p *pair) {
		each(&p.rule.Narrowed, func(n *cordon.Narrowing) { n.Org = p.reader.Org })
	},
	"what was found not looked at": func(p *pair) { p.rule.Within = nil },
	"waiting not looked at":        func(p *pair) { p.rule.Waiting = "" },
	"a former wording is for all":  func(p *pair) { p.rule.Former = "" },
	"groups not looked at":         func(p *pair) { p.reader.Groups = nil },
	"grants not looked at":         func(p *pair) { p.waivers = nil },
	"any grant will do":            func(p *pair) { p.waivers = append(p.waivers[:len(p.waivers):len(p.waivers)], world.orgs...) },
	"circle not looked at":         func(p *pair) { p.rule.Circled = false },
	"circle shut":                  func(p *pair) { p.rule.Circle = nil },
	"suspended may read":           func(p *pair) { p.reader.Suspended = false },
	"without owners is open":       func(p *pair) { p.rule.Owners = append(p.rule.Owners, cordon.OwnerPolicy{Anyone: true}) },
	"nationality not looked at": func(p *pair) {
		p.reader.Countries = p.reader.Countries[:min(1, len(p.reader.Countries))]
	},
}

func each[T any](list *[]T, change func(*T)) {
	*list = slices.Clone(*list)
	for i := range *list {
		change(&(*list)[i])
	}
}

// TestTenThousandPairs: the reference, Decide and the compiled form agree on
// every pair, each condition is often the only reason to refuse, and no broken
// decider would pass.
func TestTenThousandPairs(t *testing.T) {
	all := pairs()
	want := make([]bool, len(all))
	alone := map[access.Reason]int{}
	for i, p := range all {
		why := reference(p.rule, p.reader, p.waivers)
		want[i] = len(why) == 0
		for reason := range why {
			if len(why) == 1 {
				alone[reason]++
			}
		}
		if got := access.Decide(p.rule, p.reader, p.waivers); got.Allowed() != want[i] {
			t.Errorf("Decide: %v, want %v\nrule %s\nreader %+v", got.Reasons, why, p.rule.Encode(), p.reader)
		}
	}
	for i, got := range answers(all) {
		if got != want[i] {
			t.Errorf("compiled: %v, want %v\nrule %s\nreader %+v", got, want[i], all[i].rule.Encode(), all[i].reader)
		}
	}
	for _, r := range []access.Reason{access.Clearance, access.ReadIn, access.Audience, access.Owner, access.Circle, access.NeedToKnow, access.Suspended, access.Malformed} {
		t.Logf("%s alone refused %d", r, alone[r])
		if alone[r] < 100 {
			t.Errorf("%s alone refused only %d", r, alone[r])
		}
	}
	for name, spoil := range broken {
		spoilt := slices.Clone(all)
		for i := range spoilt {
			spoil(&spoilt[i])
		}
		caught := 0
		for i, got := range answers(spoilt) {
			if got != want[i] {
				caught++
			}
		}
		t.Logf("%s: caught by %d pairs", name, caught)
		if caught < 20 {
			t.Errorf("a decider broken so is caught by %d pairs only: %s", caught, name)
		}
	}
}

func TestAllowsDoesNotAllocate(t *testing.T) {
	rule, reader := benchCase()
	subject, no := access.NewAtlas(interned(rule)...).Subject(reader, nil), rule.No()
	if !subject.Allows(no) {
		t.Fatal("refused")
	}
	if n := testing.AllocsPerRun(100, func() { subject.Allows(no) }); n != 0 {
		t.Errorf("a decision allocates %v times", n)
	}
}

func BenchmarkAllows(b *testing.B) {
	rule, reader := benchCase()
	subject, no := access.NewAtlas(interned(rule)...).Subject(reader, nil), rule.No()
	b.ReportAllocs()
	for b.Loop() {
		if !subject.Allows(no) {
			b.Fatal("refused")
		}
	}
}

// manyRules are 4,000 rules among 200 organisations and 2,000 people.
func manyRules() []cordon.Rule {
	dice := rand.New(rand.NewPCG(1, 2))
	pick := func(kind string, n, of int) (out []string) {
		for range n {
			out = append(out, fmt.Sprintf("%s-%d", kind, dice.IntN(of)))
		}
		return out
	}
	rules := make([]cordon.Rule, 4000)
	for i := range rules {
		r := cordon.Rule{Levels: []cordon.Level{{Scheme: "us", Rank: dice.IntN(4)}}}
		r.ReadIns = pick("us:read-in", dice.IntN(3), 20)
		if dice.IntN(2) == 0 {
			r.Audience = []cordon.Audience{{Countries: pick("country", 1+dice.IntN(8), 40)}}
		}
		for range 1 + dice.IntN(2) {
			p := cordon.OwnerPolicy{Owner: cordon.ID(pick("org", 1, 200)[0])}
			for _, id := range pick("org", dice.IntN(100), 200) {
				p.Recipients = append(p.Recipients, cordon.ID(id))
			}
			r.Owners = append(r.Owners, p)
		}
		if dice.IntN(10) == 0 {
			r.Circled = true
			for _, id := range pick("person", 5, 2000) {
				r.Circle = append(r.Circle, cordon.ID(id))
			}
		}
		r.Normalise()
		rules[i] = r
	}
	return rules
}

// broadReader holds nearly everything.
func broadReader() access.Reader {
	r := access.Reader{
		Person: "person-7", Org: "org-7", Countries: []string{"country-1", "country-2"},
		Ranks: map[string]int{"us": 3}, ReadIns: map[string]bool{},
	}
	for i := range 20 {
		r.ReadIns[fmt.Sprintf("us:read-in-%d", i)] = true
	}
	return r
}

// BenchmarkAllRules decides 4,000 rules for one person: with the reader
// compiled already, compiled in the same breath, by Decide; and how long the
// atlas takes to make, and to add one rule to.
func BenchmarkAllRules(b *testing.B) {
	rules, reader := manyRules(), broadReader()
	numbered := interned(rules...)
	atlas := access.NewAtlas(numbered...)
	subject := atlas.Subject(reader, nil)
	b.Run("compiled", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			subject.Allowed()
		}
		b.ReportMetric(float64(len(subject.Allowed())), "allowed")
	})
	b.Run("reader compiled too", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			atlas.Subject(reader, nil).Allowed()
		}
	})
	b.Run("Decide", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for i := range rules {
				access.Decide(rules[i], reader, nil)
			}
		}
	})
	b.Run("new atlas", func(b *testing.B) {
		for b.Loop() {
			access.NewAtlas(numbered...)
		}
	})
	b.Run("one rule more", func(b *testing.B) {
		more := interned(crowd(1))
		for b.Loop() {
			atlas.With(more...)
		}
	})
}
