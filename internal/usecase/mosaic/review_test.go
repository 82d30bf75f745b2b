package mosaic

import (
	"testing"
	"time"

	"cordon"
)

// TestAnotherOwnersGrantIsNoFact: a grant that opens nothing by itself has told
// the audience nothing, and that another owner gave it is not for the checker.
func TestAnotherOwnersGrantIsNoFact(t *testing.T) {
	w := newWorld(t)
	rule := cordon.Rule{Owners: []cordon.OwnerPolicy{{Owner: w.owner}, {Owner: w.third, Recipients: []cordon.ID{w.owner}}}}
	rule.Normalise()
	w.rules["with third"] = rule
	w.update(func(tx cordon.WriteTx) error {
		_, err := tx.Intern(rule)
		return err
	})
	p := w.portion("with third", "age=..33")
	w.update(func(tx cordon.WriteTx) error {
		return tx.PutGrant(cordon.Grant{
			ID: cordon.NewID(), Owner: w.third, To: w.ally, Portions: []cordon.ID{p.ID}, Created: noon.Add(-time.Hour), Until: noon.Add(time.Hour),
		})
	})
	if r := w.check(w.ally, CheckInput{}); len(r.Known) != 0 || r.Before != r.Total {
		t.Errorf("one of two owners granted: %+v", r)
	}
	w.grant(p, w.ally, noon.Add(time.Hour))
	if r := w.check(w.ally, CheckInput{}); len(r.Known) != 1 {
		t.Errorf("both granted: %+v", r)
	}
}
