package access_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cordon"
	"cordon/internal/core/access"
	"cordon/marking"
	"cordon/marking/tlp"
	"cordon/marking/us"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

var ladders = access.Ladders{"us": {"U", "C", "S", "TS"}, "nato": {"NU", "NR", "NC", "NS", "CTS"}}

// world is the small universe that random cases are drawn from: small, so
// that every condition holds and fails often.
var world = struct {
	orgs, people, groups            []cordon.ID
	countries, communities, readIns []string
}{
	orgs:        []cordon.ID{"org-a", "org-b", "org-c"},
	people:      []cordon.ID{"p1", "p2", "p3"},
	groups:      []cordon.ID{"g1", "g2"},
	countries:   []string{"USA", "GBR", "FRA"},
	communities: []string{"FVEY", "ISAC"},
	readIns:     []string{"us:SI", "us:TK"},
}

func some[T any](t *rapid.T, label string, from []T) []T {
	var out []T
	for i, x := range from {
		if rapid.Bool().Draw(t, fmt.Sprintf("%s%d", label, i)) {
			out = append(out, x)
		}
	}
	return out
}

// often draws true four times in five, so that a case is denied by one
// condition alone often enough to show that each is enforced.
func often(t *rapid.T, label string) bool { return rapid.IntRange(0, 4).Draw(t, label) > 0 }

func drawRule(t *rapid.T) cordon.Rule {
	var r cordon.Rule
	for _, scheme := range slices.Sorted(maps.Keys(ladders)) {
		if rapid.Bool().Draw(t, "has "+scheme) {
			r.Levels = append(r.Levels, cordon.Level{Scheme: scheme, Rank: rapid.IntRange(0, 4).Draw(t, "rank "+scheme)})
		}
	}
	if rapid.Bool().Draw(t, "has read-ins") {
		r.ReadIns = some(t, "readin", world.readIns)
	}
	for i := range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "clauses") {
		r.Audience = append(r.Audience, cordon.Audience{
			Countries:   some(t, fmt.Sprintf("country%d", i), world.countries),
			Communities: some(t, fmt.Sprintf("community%d", i), world.communities),
		})
	}
	for i := range rapid.SampledFrom([]int{1, 1, 1, 2, 0}).Draw(t, "owners") {
		r.Owners = append(r.Owners, cordon.OwnerPolicy{
			Owner:       rapid.SampledFrom(world.orgs).Draw(t, fmt.Sprintf("owner%d", i)),
			Recipients:  some(t, fmt.Sprintf("recipient%d", i), world.orgs),
			Communities: some(t, fmt.Sprintf("owner community%d", i), world.communities),
			Clients:     rapid.Bool().Draw(t, fmt.Sprintf("clients%d", i)),
			Anyone:      !often(t, "closed"),
			ShownOnly:   rapid.Bool().Draw(t, fmt.Sprintf("shown only%d", i)),
		})
	}
	for i := range rapid.SampledFrom([]int{0, 0, 0, 0, 1}).Draw(t, "found") {
		r.Within = append(r.Within, cordon.OwnerPolicy{
			Owner:      rapid.SampledFrom(world.orgs).Draw(t, fmt.Sprintf("found of %d", i)),
			Recipients: some(t, fmt.Sprintf("found given to %d", i), world.orgs),
			Clients:    rapid.Bool().Draw(t, fmt.Sprintf("found clients%d", i)),
			ShownOnly:  rapid.Bool().Draw(t, fmt.Sprintf("found shown only%d", i)),
		})
	}
	if rapid.IntRange(0, 7).Draw(t, "waits") == 0 {
		r.Waiting = rapid.SampledFrom(world.people).Draw(t, "waiting")
	}
	if rapid.IntRange(0, 7).Draw(t, "was replaced") == 0 {
		r.Former = rapid.SampledFrom(world.people).Draw(t, "former")
	}
	for i := range rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "narrowings") {
		r.Narrowed = append(r.Narrowed, cordon.Narrowing{
			Org:   rapid.SampledFrom(world.orgs).Draw(t, fmt.Sprintf("narrowed%d", i)),
			Group: rapid.SampledFrom(world.groups).Draw(t, fmt.Sprintf("group%d", i)),
		})
	}
	if !often(t, "uncircled") {
		r.Circled, r.Circle = true, some(t, "circle", world.people)
	}
	r.Normalise()
	return r
}

func drawReader(t *rapid.T) access.Reader {
	org := rapid.SampledFrom(world.orgs).Draw(t, "org")
	actor := cordon.Actor{
		Org: cordon.Organisation{
			ID:          org,
			Country:     rapid.SampledFrom(append([]string{""}, world.countries...)).Draw(t, "country"),
			Communities: some(t, "member", world.communities),
			ClientOf:    some(t, "client of", slices.DeleteFunc(slices.Clone(world.orgs), func(o cordon.ID) bool { return o == org })),
		},
		Groups: some(t, "in", world.groups),
		Person: cordon.Person{
			ID: rapid.SampledFrom(world.people).Draw(t, "person"), Org: org,
			Nationality: rapid.SampledFrom(append([]string{""}, world.countries...)).Draw(t, "nationality"),
			Clearances:  map[string]string{},
			Suspended:   !often(t, "not suspended"),
		},
	}
	for _, scheme := range slices.Sorted(maps.Keys(ladders)) {
		names := append([]string{"", "nonsense"}, ladders[scheme]...)
		if often(t, "cleared "+scheme) {
			names = names[len(names)-2:]
		}
		actor.Person.Clearances[scheme] = rapid.SampledFrom(names).Draw(t, "clearance "+scheme)
	}
	if rapid.Bool().Draw(t, "all read-ins") {
		actor.Person.ReadIns = cordon.ReadIns(world.readIns...)
	} else {
		actor.Person.ReadIns = cordon.ReadIns(some(t, "held", world.readIns)...)
	}
	return access.NewReader(actor, noon, ladders)
}

// reference decides the obvious way, one condition after the other as the
// package comment words them, over sets. It shares no code with the package.
func reference(r cordon.Rule, who access.Reader, waivers []cordon.ID) map[access.Reason]bool {
	in := func(set []string, x string) bool {
		for _, y := range set {
			if x == y {
				return true
			}
		}
		return false
	}
	why := map[access.Reason]bool{}
	if who.Suspended {
		why[access.Suspended] = true
	}
	for _, l := range r.Levels {
		if who.Ranks[l.Scheme] < l.Rank {
			why[access.Clearance] = true
		}
	}
	for _, compartment := range r.ReadIns {
		if !who.ReadIns[compartment] {
			why[access.ReadIn] = true
		}
	}
	for _, clause := range r.Audience {
		member := false
		for _, c := range who.Countries {
			member = member || in(clause.Countries, c)
		}
		for _, c := range who.Communities {
			member = member || in(clause.Communities, c)
		}
		if !member {
			why[access.Audience] = true
		}
	}
	if len(r.Owners) == 0 {
		why[access.Malformed] = true
	}
	for i, p := range slices.Concat(r.Owners, r.Within) {
		permitted := p.Anyone || p.Owner == who.Org
		for _, id := range p.Recipients {
			permitted = permitted || id == who.Org
		}
		for _, c := range who.Communities {
			permitted = permitted || in(p.Communities, c)
		}
		for _, id := range waivers {
			permitted = permitted || id == p.Owner
		}
		for _, of := range who.ClientOf {
			for _, given := range append([]cordon.ID{p.Owner}, p.Recipients...) {
				permitted = permitted || p.Clients && of == given
			}
		}
		if !permitted && i < len(r.Owners) {
			why[access.Owner] = true
		}
		if !permitted && i >= len(r.Owners) {
			why[access.Within] = true
		}
	}
	if r.Waiting != "" && r.Waiting != who.Person {
		why[access.Waiting] = true
	}
	if r.Former == who.Person {
		why[access.Superseded] = true
	}
	if r.Circled {
		named := false
		for _, id := range r.Circle {
			named = named || id == who.Person
		}
		if !named {
			why[access.Circle] = true
		}
	}
	for _, n := range r.Narrowed {
		in := n.Org != who.Org
		for _, g := range who.Groups {
			in = in || g == n.Group
		}
		if !in {
			why[access.NeedToKnow] = true
		}
	}
	return why
}

// TestDecideAgreesWithReference also counts how often each condition was the
// only one against the reader: a condition that never is has not been tested.
func TestDecideAgreesWithReference(t *testing.T) {
	alone := map[access.Reason]int{}
	allowed := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 40 {
			rule, reader := drawRule(t), drawReader(t)
			waivers := some(t, "waiver", world.orgs[:1])
			got := access.Decide(rule, reader, waivers)
			want := reference(rule, reader, waivers)
			for _, r := range got.Reasons {
				if !want[r] {
					t.Fatalf("refused for %s without cause\nrule %s\nreader %+v", r, rule.Encode(), reader)
				}
			}
			if len(got.Reasons) != len(want) {
				t.Fatalf("reasons %v, want %v\nrule %s\nreader %+v waivers %v", got.Reasons, want, rule.Encode(), reader, waivers)
			}
			if len(want) == 0 {
				allowed++
			}
			if len(got.Reasons) == 1 {
				alone[got.Reasons[0]]++
			}
		}
	})
	for _, r := range []access.Reason{access.Clearance, access.ReadIn, access.Audience, access.Owner, access.Circle, access.NeedToKnow, access.Suspended, access.Malformed} {
		if alone[r] < 10 {
			t.Errorf("%s was the only reason %d times: too few to have tested it", r, alone[r])
		}
	}
	if allowed < 100 {
		t.Errorf("allowed %d times: too few", allowed)
	}
}

// TestJoinNeverAddsAReader: a reader of the whole may read each part, and the
// join is a join.
func TestJoinNeverAddsAReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawRule(t).Settled(), drawRule(t).Settled(), drawRule(t).Settled()
		same := func(law string, x, y cordon.Rule) {
			if string(x.Encode()) != string(y.Encode()) {
				t.Fatalf("not %s:\n%s\n%s", law, x.Encode(), y.Encode())
			}
		}
		same("commutative", a.Join(b), b.Join(a))
		same("associative", a.Join(b).Join(c), a.Join(b.Join(c)))
		same("idempotent", a.Join(a), a)
		whole := access.Join(a, b)
		for range 20 {
			reader := drawReader(t)
			if !access.Decide(whole, reader, nil).Allowed() {
				continue
			}
			for _, part := range []cordon.Rule{a, b} {
				if len(part.Owners) > 0 && access.Decide(whole.ForExport(), reader, nil).Allowed() && !access.Decide(part.ForExport(), reader, nil).Allowed() {
					t.Fatalf("reader %+v keeps the whole %s but not the part %s", reader, whole.Encode(), part.Encode())
				}
				// A part without owners admits nobody by itself; joined to
				// one that has, it adds its conditions and no owner.
				if len(part.Owners) > 0 && !access.Decide(part, reader, nil).Allowed() {
					t.Fatalf("reader %+v reads the whole %s but not the part %s", reader, whole.Encode(), part.Encode())
				}
			}
		}
	})
}

// TestAsNarrow: a rule that is as narrow as another admits none of its own, by whatever
// grants; a join is as narrow as each part, and so is what was found under it.
func TestAsNarrow(t *testing.T) {
	narrow, not := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawRule(t).Settled(), drawRule(t).Settled()
		if !access.AsNarrow(a.Join(b), a) || !access.AsNarrow(b.Found(a), a) && len(b.Owners) > 0 {
			t.Fatalf("a whole is freer than its part:\n%s\n%s", a.Encode(), b.Encode())
		}
		if found := b.Found(a); !slices.Equal(found.OwnerIDs(), b.OwnerIDs()) {
			t.Fatalf("what was found is owned by %v", found.OwnerIDs())
		}
		for _, rule := range []cordon.Rule{b, a.Join(b), b.Found(a)} {
			if !access.AsNarrow(rule, a) {
				not++
				continue
			}
			narrow++
			for range 20 {
				reader, waivers := drawReader(t), some(t, "waiver", world.orgs)
				if len(a.Owners) > 0 && access.Decide(rule, reader, waivers).Allowed() && !access.Decide(a, reader, waivers).Allowed() {
					t.Fatalf("reader %+v with grants of %v reads %s but not %s", reader, waivers, rule.Encode(), a.Encode())
				}
			}
		}
	})
	if narrow < 100 || not < 50 {
		t.Errorf("%d pairs were narrow, %d were not", narrow, not)
	}
}

// TestJoinLosesNobody: a reader of both parts may read the whole, for rules
// without policies for communities or clients, whose members a rule cannot
// know.
func TestJoinLosesNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawRule(t).Settled(), drawRule(t).Settled()
		for _, r := range []*cordon.Rule{&a, &b} {
			for i := range r.Owners {
				r.Owners[i].Communities, r.Owners[i].Clients = nil, false
			}
			for i := range r.Within {
				r.Within[i].Clients = false
			}
		}
		whole := access.Join(a, b)
		for range 20 {
			reader := drawReader(t)
			if access.Decide(a, reader, nil).Allowed() && access.Decide(b, reader, nil).Allowed() &&
				!access.Decide(whole, reader, nil).Allowed() {
				t.Fatalf("reader %+v reads %s and %s but not both together %s", reader, a.Encode(), b.Encode(), whole.Encode())
			}
		}
	})
}

func TestAGrantWaivesItsOwnerOnly(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	live := cordon.Grant{Owner: "org-a", To: "org-c", Portions: []cordon.ID{"x"}, Until: now.Add(time.Hour)}
	ended, revoked, other := live, live, live
	ended.Until = now
	revoked.Revoked = now
	other.Portions = []cordon.ID{"y"}
	named, unnamed := live, live
	named.People, unnamed.People = []cordon.ID{"p2", "p1"}, []cordon.ID{"p2"}
	for name, tt := range map[string]struct {
		grant  cordon.Grant
		person cordon.ID
		want   int
	}{
		"live":                        {live, "p1", 1},
		"live, the whole":             {live, "", 1},
		"at its end":                  {ended, "p1", 0},
		"revoked this now":            {revoked, "p1", 0},
		"another portion":             {other, "p1", 0},
		"to them by name":             {named, "p1", 1},
		"to others by name":           {unnamed, "p1", 0},
		"by name, to the whole of it": {named, "", 0},
	} {
		if got := access.WaiversFor("x", []cordon.Grant{tt.grant}, tt.person, now); len(got) != tt.want {
			t.Errorf("%s: waivers %v, want %d", name, got, tt.want)
		}
	}

	two := cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: "org-a"}, {Owner: "org-b"}}, Levels: []cordon.Level{{Scheme: "us", Rank: 2}}}
	reader := access.Reader{Person: "p1", Org: "org-c", Ranks: map[string]int{"us": 2}}
	if d := access.Decide(two, reader, access.Waivers{"org-a"}); d.Allowed() || !slices.Equal(d.Owners, []cordon.ID{"org-b"}) {
		t.Errorf("one of two owners granted: %+v, want org-b still missing", d)
	}
	if d := access.Decide(two, reader, access.Waivers{"org-a", "org-b"}); !d.Allowed() {
		t.Errorf("both owners granted: %v, want allowed", d.Reasons)
	}
	reader.Ranks = nil
	if d := access.Decide(two, reader, access.Waivers{"org-a", "org-b"}); !slices.Equal(d.Reasons, []access.Reason{access.Clearance}) {
		t.Errorf("a grant waived the clearance: %v", d.Reasons)
	}
}

func TestCompile(t *testing.T) {
	schemes := marking.NewSet(us.Scheme(), tlp.Scheme())
	owner := cordon.Organisation{ID: "org-a", Country: "GBR", Communities: []string{"ISAC"}}
	terms := access.Terms{Owner: owner, Recipients: []cordon.ID{"org-b"}, Named: []cordon.ID{"p1"}}
	people := map[string]cordon.Actor{
		"owner's":         {Person: cordon.Person{ID: "p1", Org: "org-a"}, Org: owner},
		"owner's other":   {Person: cordon.Person{ID: "p9", Org: "org-a"}, Org: owner},
		"recipient":       {Person: cordon.Person{ID: "p2", Org: "org-b", Clearances: map[string]string{"us": "S"}}, Org: cordon.Organisation{ID: "org-b", Country: "USA"}},
		"read in":         {Person: cordon.Person{ID: "p3", Org: "org-b", Clearances: map[string]string{"us": "TS"}, ReadIns: cordon.ReadIns("us:SI")}, Org: cordon.Organisation{ID: "org-b", Country: "USA"}},
		"community":       {Person: cordon.Person{ID: "p4", Org: "org-c"}, Org: cordon.Organisation{ID: "org-c", Communities: []string{"ISAC"}}},
		"client":          {Person: cordon.Person{ID: "p6", Org: "org-e"}, Org: cordon.Organisation{ID: "org-e", ClientOf: []cordon.ID{"org-b"}}},
		"owner's client":  {Person: cordon.Person{ID: "p7", Org: "org-f"}, Org: cordon.Organisation{ID: "org-f", ClientOf: []cordon.ID{"org-a"}}},
		"client's client": {Person: cordon.Person{ID: "p8", Org: "org-g"}, Org: cordon.Organisation{ID: "org-g", ClientOf: []cordon.ID{"org-e", "org-d"}}},
		"stranger":        {Person: cordon.Person{ID: "p5", Org: "org-d", Clearances: map[string]string{"us": "TS"}}, Org: cordon.Organisation{ID: "org-d", Country: "FRA"}},
	}
	for mark, readers := range map[string][]string{
		"U":                       {"owner's", "owner's other", "recipient", "read in"},
		"S":                       {"recipient", "read in"},
		"S//NF":                   {"recipient", "read in"},
		"S//REL TO USA, GBR":      {"recipient", "read in"},
		"TS//SI//NF":              {"read in"},
		"TLP:RED":                 {"owner's"},
		"TLP:AMBER+STRICT":        {"owner's", "owner's other", "recipient", "read in"},
		"TLP:AMBER":               {"owner's", "owner's other", "recipient", "read in", "client", "owner's client"},
		"TLP:GREEN":               {"owner's", "owner's other", "recipient", "read in", "client", "owner's client", "community"},
		"TLP:CLEAR":               {"owner's", "owner's other", "recipient", "read in", "client", "owner's client", "client's client", "community", "stranger"},
		"(S//NF)(TLP:CLEAR)":      {"recipient", "read in"},
		"(U)(TLP:CLEAR)":          {"owner's", "owner's other", "recipient", "read in"},
		"(TS//SI//NF)(TLP:AMBER)": {"read in"},
	} {
		marks, err := schemes.Parse(mark)
		if err != nil {
			t.Fatalf("%s: %v", mark, err)
		}
		rule, err := access.Compile(marks, terms)
		if err != nil {
			t.Fatalf("%s: %v", mark, err)
		}
		for name, actor := range people {
			d := access.Decide(rule, access.NewReader(actor, noon, ladders), nil)
			if want := slices.Contains(readers, name); d.Allowed() != want {
				t.Errorf("%s: %s may read: %v (%v), want %v", mark, name, d.Allowed(), d.Reasons, want)
			}
		}
	}
	if _, err := access.Compile(nil, terms); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("no marks compile: %v, want Invalid", err)
	}
	marks, _ := schemes.Parse("U")
	if _, err := access.Compile(marks, access.Terms{}); cordon.KindOf(err) != cordon.KindInvalid {
		t.Errorf("no owner compiles: %v, want Invalid", err)
	}
}

func TestEmpty(t *testing.T) {
	orgs := []cordon.Organisation{{ID: "org-a", Country: "GBR"}, {ID: "org-b", Country: "USA"}}
	disjoint := access.Join(
		cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: "org-x", Recipients: []cordon.ID{"org-a"}}}},
		cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: "org-y", Recipients: []cordon.ID{"org-b"}}}},
	)
	if !access.Empty(disjoint, orgs) {
		t.Error("disjoint recipient lists are not seen to leave nobody")
	}
	if access.Empty(cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: "org-a"}}}, orgs) {
		t.Error("an owner's own rule is taken for empty")
	}
	toClients := cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: "org-x", Clients: true}}}
	if !access.Empty(toClients, orgs) {
		t.Error("clients are admitted where there are none")
	}
	if access.Empty(toClients, append(orgs, cordon.Organisation{ID: "org-c", ClientOf: []cordon.ID{"org-x"}})) {
		t.Error("what an owner's client may read is taken for empty")
	}
	if !access.Empty(cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: "org-a"}}, Circled: true}, orgs) {
		t.Error("a circle of nobody is not seen to be empty")
	}
}

func TestDecideDoesNotAllocateWhenItAllows(t *testing.T) {
	rule, reader := benchCase()
	if n := testing.AllocsPerRun(100, func() { access.Decide(rule, reader, nil) }); n != 0 {
		t.Errorf("an allowing decision allocates %v times", n)
	}
}

func benchCase() (cordon.Rule, access.Reader) {
	rule := cordon.Rule{
		Levels:   []cordon.Level{{Scheme: "us", Rank: 3}},
		ReadIns:  []string{"us:SI", "us:TK"},
		Audience: []cordon.Audience{{Countries: []string{"AUS", "CAN", "GBR", "NZL", "USA"}}},
		Owners:   []cordon.OwnerPolicy{{Owner: "org-a", Recipients: []cordon.ID{"org-b", "org-c"}}, {Owner: "org-c", Recipients: []cordon.ID{"org-b"}}},
	}
	rule.Normalise()
	reader := access.Reader{
		Person: "p1", Org: "org-b", Countries: []string{"GBR"}, Ranks: map[string]int{"us": 3},
		ReadIns: map[string]bool{"us:SI": true, "us:TK": true},
	}
	return rule, reader
}

func BenchmarkDecide(b *testing.B) {
	rule, reader := benchCase()
	b.ReportAllocs()
	for b.Loop() {
		if !access.Decide(rule, reader, nil).Allowed() {
			b.Fatal("refused")
		}
	}
}
