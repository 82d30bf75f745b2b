package bench

import (
	"slices"
	"testing"

	"cordon/internal/core/access"
)

// TestAllAgree is what gives the figures their meaning: every decider gives
// the answer of access.Decide to every question. So that it can tell, each
// condition must often be the only reason to refuse.
func TestAllAgree(t *testing.T) {
	w := newWorld()
	want, allowed, alone := make([]bool, len(w.pairs)), 0, map[access.Reason]int{}
	for i, p := range w.pairs {
		d := access.Decide(w.rules[p.rule].Rule, w.readers[p.reader], nil)
		if want[i] = d.Allowed(); want[i] {
			allowed++
		}
		if len(d.Reasons) == 1 {
			alone[d.Reasons[0]]++
		}
	}
	t.Logf("allowed: %d of %d", allowed, len(want))
	if allowed < len(want)/10 {
		t.Errorf("only %d allowed", allowed)
	}
	for _, r := range []access.Reason{
		access.Clearance, access.ReadIn, access.Audience, access.Owner, access.Circle, access.Suspended, access.Malformed,
	} {
		t.Logf("%s alone refused %d", r, alone[r])
		if alone[r] < 50 {
			t.Errorf("%s alone refused only %d", r, alone[r])
		}
	}

	all, err := deciders(w)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		wrong := 0
		for i := range want {
			if d.decide(i) != want[i] {
				wrong++
			}
		}
		if wrong > 0 {
			t.Errorf("%s answers %d of %d questions otherwise", d.name, wrong, len(want))
		}
	}
	list := newLister(w)
	for i, reader := range w.readers[:50] {
		listed := list(i)
		for _, r := range w.rules {
			_, got := slices.BinarySearch(listed, r.No)
			if want := access.Decide(r.Rule, reader, nil).Allowed(); got != want {
				t.Fatalf("reader %d, rule %d: listed %v, want %v", i, r.No, got, want)
			}
		}
	}
}
