// Package writing is how portions come to be: a report is published or derived,
// a portion revised, a whole marked by compilation. It keeps promise 3: what is
// written is never freer than what it was made from, whether its writer said so
// or it was found by its content.
package writing

import (
	"context"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/ledger"
	"cordon/internal/core/reader"
)

func look(base *act.Base, tx cordon.ReadTx, person cordon.ID, role cordon.Role) (*reader.View, error) {
	view, err := base.Rules.Look(tx, person, base.Clock.Now())
	if err != nil {
		return nil, err
	}
	return view, view.Require(role)
}

func recordNothing(tx cordon.WriteTx, view *reader.View, act cordon.Act, outcome cordon.Outcome) error {
	return ledger.Append(tx, view.Entry(act, outcome))
}

func update(ctx context.Context, base *act.Base, fn func(tx cordon.WriteTx) (refusal error, err error)) error {
	var refusal error
	if err := base.Store.Update(ctx, func(tx cordon.WriteTx) (err error) {
		refusal, err = fn(tx)
		return err
	}); err != nil {
		return err
	}
	return refusal
}

func find(base *act.Base, tx cordon.ReadTx, view *reader.View, name string) (cordon.Report, error) {
	if id := cordon.ID(name); id.Valid() {
		return tx.Report(id)
	}
	all, err := view.All()
	if err != nil {
		return cordon.Report{}, err
	}
	reports, err := tx.ReportsByRef(base.Tokens.Ref(name), all)
	if err != nil {
		return cordon.Report{}, err
	}
	if len(reports) == 0 {
		return cordon.Report{}, cordon.ErrNotFound
	}
	return tx.Report(reports[0].ID)
}
