package httpapi_test

import (
	"fmt"
	"testing"
	"time"

	"cordon"
	"cordon/internal/harness/distribution"
	"cordon/internal/harness/soak"
	"cordon/wire"
)

// TestTimeDoesNotTell holds how long it takes to be refused what is withheld
// against how long it takes to be refused what is absent: the whole
// distributions, by the two-sample test of Kolmogorov and Smirnov. Three owners
// are told of each refusal of what is withheld, and nobody of the other.
//
// It is the one test that measures time, because time is what it is about, and
// so it is no part of the gate. A machine that stops for a moment stops for
// both, since they take turns; and where chance has them differ all the same,
// once in ten thousand times, it is tried again.
func TestTimeDoesNotTell(t *testing.T) {
	if !soak.On() {
		t.Skip("it measures time: make soak runs it")
	}
	w := newWorldWith(t, "", 5*time.Millisecond)
	memo := heldByThree(t, w)
	refused := func(name string) float64 {
		began := time.Now()
		rec := w.raw("theo", "GET", "/api/v1/reports/"+name, "")
		took := time.Since(began)
		if rec.Code != 404 {
			t.Fatalf("%s: %d", name, rec.Code)
		}
		return took.Seconds()
	}
	differ := func() (d, limit float64) {
		const n = 150
		var withheld, absent []float64
		for range n {
			withheld = append(withheld, refused(string(memo)))
			absent = append(absent, refused(string(cordon.NewID())))
		}
		return distribution.Distance(withheld, absent), distribution.Critical(n, n)
	}
	for try := 1; ; try++ {
		d, limit := differ()
		if d <= limit {
			return
		}
		if try == 3 {
			t.Fatalf("the times of refusing what is withheld and what is absent are %.2f apart, of at most %.2f that chance brings about", d, limit)
		}
	}
}

// heldByThree publishes a long memo that three organisations own and theo may
// not see.
func heldByThree(t *testing.T, w *world) cordon.ID {
	to := wire.Draft{Recipients: []string{"VALDOR", "HUB"}}
	one := w.publish("mara", to, "("+narrow+") One", "("+narrow+") "+courier)
	must(w.as["root"].ChangePerson(t.Context(), "HUB/root", wire.PersonDraft{
		Organisation: "HUB", Name: "root", Nationality: "USA", Clearances: map[string]string{"us": "TS"}, Roles: cordon.Roles(),
	}))(t)
	two := w.publish("root", wire.Draft{Recipients: []string{"VALDOR"}}, "("+narrow+") Two", "("+narrow+") "+method)
	memo := wire.Draft{Kind: cordon.ReportMemo, Title: wire.PortionDraft{Marking: narrow, Text: "Memo"}}
	for i := range 300 {
		memo.Portions = append(memo.Portions, wire.PortionDraft{
			Text: fmt.Sprintf("Both say so, %d.", i), Sources: []cordon.ID{one.Portions[1].ID, two.Portions[1].ID},
		})
	}
	out := must(w.as["ana"].Publish(t.Context(), memo))(t)
	if owners := out.Portions[1].Owners; len(owners) != 3 {
		t.Fatalf("the memo is owned by %v", owners)
	}
	return out.Report
}
