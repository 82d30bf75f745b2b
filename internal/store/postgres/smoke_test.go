package postgres

import (
	"context"
	"testing"

	"cordon"
	"cordon/internal/store/pgtest"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, pgtest.Start(t))
	if err != nil {
		t.Fatal(err)
	}
	id := cordon.NewID()
	err = s.Update(ctx, func(tx cordon.Tx) error {
		if err := tx.PutOrganisation(cordon.Organisation{ID: id, Name: "X"}); err != nil {
			return err
		}
		_, err := tx.Intern(cordon.Rule{ReadIns: []string{"a"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(ctx, func(tx cordon.Tx) error {
		o, err := tx.Organisation(id)
		t.Log(o, err)
		r, m, err := tx.RulesAfter(cordon.RuleMark{})
		t.Log(r, m, err)
		ps, err := tx.ReportPage(cordon.Sight{Rules: []cordon.RuleNo{1, 2}, Granted: []cordon.ID{id}}, cordon.Cursor{}, 5)
		t.Log(ps, err)
		q, err := tx.Search([]int64{1, 2, 3}, cordon.Sight{Rules: []cordon.RuleNo{1, 2}, Granted: []cordon.ID{id}}, cordon.Cursor{}, 5)
		t.Log(q, err)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Scrub(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
