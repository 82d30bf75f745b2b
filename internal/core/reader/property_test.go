package reader_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cordon"
	"cordon/internal/core/access"
	"cordon/internal/core/reader"
)

func some[T any](t *rapid.T, label string, from []T) (out []T) {
	for i, x := range from {
		if rapid.Bool().Draw(t, fmt.Sprintf("%s %d", label, i)) {
			out = append(out, x)
		}
	}
	return out
}

var (
	countries   = []string{"FRA", "GBR", "USA"}
	communities = []string{"FIN-ISAC", "FVEY"}
	readIns     = []string{"us:SI", "us:TK"}
	owners      = []cordon.ID{"owner-a", "owner-b"}
)

// drawRule draws one that few conditions weigh on, so that many are met.
func drawRule(t *rapid.T, w *world) cordon.Rule {
	var r cordon.Rule
	heavy := func(label string) bool { return rapid.IntRange(0, 3).Draw(t, label) == 0 }
	if heavy("level") {
		r.Levels = []cordon.Level{{Scheme: "us", Rank: rapid.IntRange(0, 4).Draw(t, "rank")}}
	}
	if heavy("read-ins") {
		r.ReadIns = some(t, "read-in", readIns)
	}
	if heavy("audience") {
		r.Audience = []cordon.Audience{{Countries: some(t, "country", countries), Communities: some(t, "community", communities)}}
	}
	for _, owner := range some(t, "owner", owners) {
		p := cordon.OwnerPolicy{Owner: owner, Recipients: some(t, "recipient", []cordon.ID{w.org.ID, "org-x"})}
		if heavy("onward") {
			p.Communities = some(t, "onward", communities)
			p.Clients = rapid.Bool().Draw(t, "clients")
		}
		r.Owners = append(r.Owners, p)
	}
	if heavy("circle") {
		r.Circled, r.Circle = true, some(t, "named", []cordon.ID{w.reader.ID, "person-x"})
	}
	r.Normalise()
	return r
}

// drawReadIn draws one that is held at the instant of the looks, or only before
// or after.
func drawReadIn(t *rapid.T, compartment string) cordon.ReadIn {
	return cordon.ReadIn{
		Compartment: compartment,
		From:        rapid.SampledFrom([]time.Time{{}, now, now.Add(time.Second)}).Draw(t, "from"),
		Until:       rapid.SampledFrom([]time.Time{{}, now, now.Add(time.Hour)}).Draw(t, "until"),
	}
}

// TestASightIsDecideRuleByRule: after any writing, grant or change of the
// reader, they see exactly the rules and granted portions that access.Decide
// admits them to.
func TestASightIsDecideRuleByRule(t *testing.T) {
	w, b := newWorld(t), book()
	var portions []cordon.Portion
	rules := map[cordon.RuleNo]cordon.Rule{}
	waivers := map[cordon.ID]access.Waivers{} // live, by portion
	seenAny, grantedAny := 0, 0

	check := func(t *rapid.T, v *reader.View, under []cordon.RuleNo, got cordon.Visibility) {
		var want cordon.Visibility
		for _, no := range under {
			decision := access.Decide(rules[no], v.Reader, nil).Allowed()
			if decision {
				want.Rules = append(want.Rules, no)
			}
			if v.Sees(no) != decision {
				t.Fatalf("sees %v under %s, reader %+v", !decision, rules[no].Encode(), v.Reader)
			}
		}
		for _, p := range portions {
			if slices.Contains(under, p.Rule) && !slices.Contains(want.Rules, p.Rule) &&
				access.Decide(rules[p.Rule], v.Reader, waivers[p.ID]).Allowed() {
				want.Granted = append(want.Granted, p.ID)
			}
		}
		slices.Sort(want.Rules)
		slices.Sort(want.Granted)
		if !slices.Equal(got.Rules, want.Rules) || !slices.Equal(got.Granted, want.Granted) {
			t.Fatalf("sees %+v, want %+v", got, want)
		}
		seenAny += len(got.Rules)
		grantedAny += len(got.Granted)
	}

	looks := func(t *rapid.T) {
		w.org.Country = rapid.SampledFrom(countries).Draw(t, "country")
		w.org.Communities = some(t, "member", communities)
		w.org.ClientOf = some(t, "client of", []cordon.ID{"org-x", "owner-a"})
		w.reader.Nationality = rapid.SampledFrom(append(countries, "")).Draw(t, "nationality")
		w.reader.ReadIns = nil
		for _, compartment := range some(t, "held", readIns) {
			w.reader.ReadIns = append(w.reader.ReadIns, drawReadIn(t, compartment))
		}
		w.reader.Clearances = map[string]string{"us": rapid.SampledFrom([]string{"U", "C", "S", "TS"}).Draw(t, "clearance")}
		w.update(func(tx cordon.WriteTx) error {
			return errors.Join(tx.PutOrganisation(w.org), tx.PutPerson(w.reader))
		})
		fresh := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) cordon.Rule { return drawRule(t, w) }), 0, 3).Draw(t, "rules")
		written := w.publish(fresh...)
		for _, r := range fresh {
			rules[r.No()] = r
		}
		portions = append(portions, written...)
		for _, p := range written {
			for _, owner := range some(t, "granting", owners) {
				until := rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(t, "until")
				people := rapid.SampledFrom([][]cordon.ID{nil, nil, {w.reader.ID}, {"person-x", w.reader.ID}, {"person-x"}}).Draw(t, "people")
				w.grantTo(people, owner, until, p.ID)
				if until > 0 && (people == nil || slices.Contains(people, w.reader.ID)) {
					waivers[p.ID] = append(waivers[p.ID], owner)
				}
			}
		}

		w.look(b, func(v *reader.View) {
			var numbers []cordon.RuleNo
			for no := range rules {
				numbers = append(numbers, no)
			}
			all, err := v.Visible()
			if err != nil {
				t.Fatal(err)
			}
			check(t, v, numbers, all)
			slices.Sort(numbers)
			under := some(t, "under", numbers[:min(6, len(numbers))])
			slices.Reverse(under) // any order will do
			of, err := v.VisibleUnder(under)
			if err != nil {
				t.Fatal(err)
			}
			check(t, v, under, of)
		})
	}
	// Chance decides whether grants open anything: worlds are drawn until
	// they did, some times.
	for round := 0; round == 0 || grantedAny < 10 && round < 10; round++ {
		rapid.Check(t, looks)
	}
	if !testing.Short() && (seenAny < 100 || grantedAny < 10) {
		t.Errorf("%d rules seen and %d portions granted: too few to have tested it", seenAny, grantedAny)
	}
	t.Logf("%d rules, %d portions; %d times seen, %d times granted", len(rules), len(portions), seenAny, grantedAny)
}
