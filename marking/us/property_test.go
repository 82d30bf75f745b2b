package us

import (
	"flag"
	"slices"
	"strconv"
	"testing"

	"cordon/marking"
	"pgregory.net/rapid"
)

func drawPortions(t *rapid.T, label string, least int) ([]form13, []marking.Marking) {
	forms := rapid.SliceOfN(rapid.Custom(genForm), least, 5).Draw(t, label)
	var marks []marking.Marking
	for _, f := range forms {
		m, err := Scheme().ParsePortion(f.text())
		if err != nil {
			t.Fatalf("the generator made %q: %v", f.text(), err)
		}
		marks = append(marks, m)
	}
	return forms, marks
}

func mustRoll(t *rapid.T, marks ...marking.Marking) marking.Marking {
	m, err := Scheme().RollUp(marks)
	if err != nil {
		t.Fatalf("RollUp(%v): %v", marks, err)
	}
	return m
}

// parse(print(m)) is m, in both forms, of portions and of roll-ups.
func TestPrintParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		forms, marks := drawPortions(t, "portions", 1)
		if marks[0].Portion() != forms[0].text() {
			t.Fatalf("%q prints as %q", forms[0].text(), marks[0].Portion())
		}
		for _, m := range append(marks, mustRoll(t, marks...)) {
			p, err := Scheme().ParsePortion("(" + m.Portion() + ")")
			if err != nil || p.Portion() != m.Portion() || p.Banner() != m.Banner() {
				t.Fatalf("%q reads as %v, %v", m.Portion(), p, err)
			}
			b, err := Scheme().ParseBanner(m.Banner())
			if err != nil || b.Portion() != m.Portion() {
				t.Fatalf("%q reads as %v, %v", m.Banner(), b, err)
			}
		}
	})
}

// The roll-up is what the manual says, as the reference reads it: of 6,000 random
// portions and more, and in a soak of as many as it asks for.
func TestRollUpReference(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	if n, err := strconv.Atoi(checks.Value.String()); err == nil && n < 3000 {
		was := checks.Value.String()
		if err := checks.Value.Set("3000"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { checks.Value.Set(was) })
	}
	portions := 0
	defer func() {
		if portions < 6000 && !t.Failed() {
			t.Errorf("only %d portions were rolled up", portions)
		}
	}()
	rapid.Check(t, func(t *rapid.T) {
		forms, marks := drawPortions(t, "portions", 1)
		portions += len(forms)
		want := reference(forms).text()
		if got := mustRoll(t, marks...).Portion(); got != want {
			t.Fatalf("%v rolls up to\n     %q, the reference has\n     %q", marks, got, want)
		}
	})
}

// Commutative, associative, idempotent. Idempotent means that a roll-up rolls
// up to itself; a single portion need not: FOUO beside another control is
// dropped (H.8 FOUO), a country already in a listed tetragraph is written once
// (D.2 Table 3, 23), concealed FGI becomes a US banner (H.7).
func TestRollUpAlgebra(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, marks := drawPortions(t, "portions", 2)
		whole := mustRoll(t, marks...)
		if again := mustRoll(t, whole); again.Portion() != whole.Portion() {
			t.Fatalf("%q rolls up to %q", whole.Portion(), again.Portion())
		}
		twice := mustRoll(t, append(slices.Clone(marks), marks...)...)
		if twice.Portion() != whole.Portion() {
			t.Fatalf("twice the same: %q, once %q", twice.Portion(), whole.Portion())
		}
		turned := slices.Clone(marks)
		slices.Reverse(turned)
		if other := mustRoll(t, turned...); other.Portion() != whole.Portion() {
			t.Fatalf("reversed: %q, was %q", other.Portion(), whole.Portion())
		}
		cut := rapid.IntRange(1, len(marks)-1).Draw(t, "cut")
		left, right := mustRoll(t, marks[:cut]...), mustRoll(t, marks[cut:]...)
		if nested := mustRoll(t, left, right); !excused(marks, cut) && nested.Portion() != whole.Portion() {
			t.Fatalf("(%q)(%q) = %q, at once %q", left.Portion(), right.Portion(), nested.Portion(), whole.Portion())
		}
	})
}

// excused lists where the manual itself makes the order of nesting matter:
// none so far.
func excused(_ []marking.Marking, _ int) bool { return false }

// reader is somebody who may or may not satisfy a rule.
type reader struct {
	level       int
	readIns     []string
	country     string
	communities []string
	named       bool
}

func (r reader) allowed(rule marking.Rule) bool {
	if r.level < rule.Level || rule.Named && !r.named {
		return false
	}
	for _, c := range rule.ReadIns {
		if !slices.Contains(r.readIns, c) {
			return false
		}
	}
	for _, a := range rule.Audience {
		in := slices.Contains(a.Countries, r.country)
		for _, c := range r.communities {
			in = in || slices.Contains(a.Communities, c)
		}
		if !in {
			return false
		}
	}
	return true
}

// genReader draws readers who hold about what some of the rules ask.
func genReader(t *rapid.T, rules []marking.Rule) reader {
	r := reader{
		level:   rapid.IntRange(0, 3).Draw(t, "clearance"),
		country: rapid.SampledFrom([]string{"USA", "USA", "GBR", "CAN", "DEU", "JPN", "SWE"}).Draw(t, "country"),
		named:   rapid.Bool().Draw(t, "named"),
	}
	for _, c := range []string{"NATO", "GFNX"} {
		if rapid.Bool().Draw(t, c) {
			r.communities = append(r.communities, c)
		}
	}
	for _, rule := range rules {
		if rapid.Bool().Draw(t, "holds") {
			r.readIns = append(r.readIns, rule.ReadIns...)
			r.level = max(r.level, rule.Level)
		}
	}
	return r
}

// Without exception: whom the banner admits, every portion admits; adding a
// portion adds no reader.
func TestNeverFreer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, marks := drawPortions(t, "portions", 2)
		whole := mustRoll(t, marks...)
		part := mustRoll(t, marks[1:]...)
		var rules []marking.Rule
		for _, m := range append(slices.Clone(marks), whole) {
			rules = append(rules, m.Rule())
		}
		for range 8 {
			r := genReader(t, rules)
			if !r.allowed(whole.Rule()) {
				continue
			}
			for _, m := range marks {
				if !r.allowed(m.Rule()) {
					t.Fatalf("%+v is admitted by %q %+v but not by its portion %q %+v", r, whole.Banner(), whole.Rule(), m.Portion(), m.Rule())
				}
			}
			if !r.allowed(part.Rule()) {
				t.Fatalf("%+v is admitted by %q but not without a portion, by %q", r, whole.Banner(), part.Banner())
			}
		}
		if stricter(whole.Rule(), marks) != nil {
			t.Fatalf("%q %+v is freer than %v", whole.Banner(), whole.Rule(), stricter(whole.Rule(), marks))
		}
	})
}

// stricter gives a portion whose rule admits somebody less, by comparing the
// rules themselves: readers drawn at random miss rare cases.
func stricter(whole marking.Rule, marks []marking.Marking) marking.Marking {
	for _, m := range marks {
		r := m.Rule()
		if r.Level > whole.Level || r.Named && !whole.Named || whole.Onward > r.Onward {
			return m
		}
		for _, c := range r.ReadIns {
			if !slices.Contains(whole.ReadIns, c) {
				return m
			}
		}
		for _, a := range r.Audience {
			if !slices.ContainsFunc(whole.Audience, func(w marking.Audience) bool { return narrower(w, a) }) {
				return m
			}
		}
	}
	return nil
}

func narrower(w, a marking.Audience) bool {
	for _, c := range w.Countries {
		if !slices.Contains(a.Countries, c) {
			return false
		}
	}
	for _, c := range w.Communities {
		if !slices.Contains(a.Communities, c) {
			return false
		}
	}
	return true
}

// A banner covers what it was made of.
func TestCovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, marks := drawPortions(t, "portions", 1)
		whole := mustRoll(t, marks...)
		for _, m := range marks {
			if !Scheme().Covers(whole, m) {
				t.Fatalf("%q does not cover its portion %q", whole.Banner(), m.Portion())
			}
		}
		// Whatever it covers is never freer than it.
		_, others := drawPortions(t, "others", 1)
		for _, o := range others {
			if Scheme().Covers(whole, o) && stricter(whole.Rule(), []marking.Marking{o}) != nil {
				t.Fatalf("%q covers the stricter %q", whole.Banner(), o.Portion())
			}
		}
	})
}
