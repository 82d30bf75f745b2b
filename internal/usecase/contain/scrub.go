package contain

import (
	"bytes"
	"context"
	"cordon/internal/core/act"

	"cordon"
)

// scrubPending is where the store notes, in the transaction that strikes or
// destroys, that a scrub is due. It is empty once one has been finished.
const scrubPending = "contain.scrub"

func owesScrub(tx cordon.MetaWriter) error {
	return tx.PutMeta(scrubPending, []byte(cordon.NewID()))
}

// FinishScrub scrubs the store if that is due: after a containment, and after
// a restart where the process was killed between a containment and its scrub.
// Otherwise it costs one read.
func FinishScrub(ctx context.Context, base *act.Base) error {
	var due []byte
	err := base.Store.View(ctx, func(tx cordon.ReadTx) (err error) {
		due, err = tx.Meta(scrubPending)
		return err
	})
	if cordon.KindOf(err) == cordon.NotFound {
		return nil
	}
	if err != nil || len(due) == 0 {
		return err
	}
	if err := base.Store.Scrub(ctx); err != nil {
		return err
	}
	return base.Store.Update(ctx, func(tx cordon.WriteTx) error {
		now, err := tx.Meta(scrubPending)
		if err != nil || !bytes.Equal(now, due) {
			return err // another is due since
		}
		return tx.PutMeta(scrubPending, nil)
	})
}
