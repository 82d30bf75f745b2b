package contain

import (
	"bytes"
	"context"

	"cordon"
	"cordon/internal/core/act"
)

// scrubPending is where the store notes, in the transaction that strikes or
// destroys, that a scrub is due. It is empty once one has been finished.
const scrubPending = "contain.scrub"

func owesScrub(tx cordon.MetaWriter) error {
	return tx.PutMeta(scrubPending, []byte(cordon.NewID()))
}

// FinishScrub scrubs the store if that is due: after a containment, and after
// a restart where the process was killed between a containment and its scrub.
// Otherwise it costs a few reads.
func FinishScrub(ctx context.Context, base *act.Base) error {
	by, deed := base.Itself(), act.ByAnyone(cordon.ActStrike)
	due, err := act.Read(ctx, by, deed, scrubDue)
	if err != nil || len(due) == 0 {
		return err
	}
	if err := base.Store.Scrub(ctx); err != nil {
		return err
	}
	_, err = act.Do(ctx, by, deed, scrubDue, func(c *act.Commit, now []byte) (act.Done, error) {
		if !bytes.Equal(now, due) {
			return act.Done{}, nil // another is due since
		}
		return act.Done{}, c.Tx.PutMeta(scrubPending, nil)
	})
	return err
}

// scrubDue names the scrub that is due; it is empty for none.
func scrubDue(s *act.Snapshot) ([]byte, error) {
	due, err := s.Tx.Meta(scrubPending)
	if cordon.KindOf(err) == cordon.KindNotFound {
		return nil, nil
	}
	return due, err
}
