package release

import (
	"context"
	"fmt"
	"time"

	"cordon"
	"cordon/internal/core/act"
	"cordon/internal/core/reader"
)

// remindAt is the part of a request's time that is left when owners who have
// not decided are reminded: a quarter.
const remindAt = 4

// remindBatch is how many requests are looked up at once.
const remindBatch = 100

// Remind tells the owners that have not decided, once, of every request of
// which little time is left. It gives how many requests it saw to. Several
// nodes can do it at the same time and each can be killed: that a request was
// seen to is written with its notices or not at all.
func Remind(ctx context.Context, base *act.Base) (int, error) {
	seen := 0
	for {
		var due []cordon.ReleaseRequest
		now := base.Clock.Now()
		err := base.Store.View(ctx, func(tx cordon.ReadTx) (err error) {
			due, err = tx.RequestsToRemind(now, remindBatch)
			return err
		})
		if err != nil || len(due) == 0 {
			return seen, err
		}
		for _, r := range due {
			reminded := false
			err := base.Store.Update(ctx, func(tx cordon.WriteTx) (err error) {
				reminded, err = remind(base, tx, r.ID, now)
				return err
			})
			if err != nil {
				return seen, err
			}
			if reminded {
				seen++
			}
		}
	}
}

// remind sees to one request, unless another node has.
func remind(base *act.Base, tx cordon.WriteTx, id cordon.ID, now time.Time) (bool, error) {
	r, err := tx.Request(id)
	if err != nil || r.Remind.IsZero() {
		return false, err
	}
	r.Remind = time.Time{}
	if err := tx.PutRequestState(r); err != nil || !r.OpenAt(now) {
		return false, err
	}
	parts, err := tx.Parts(id)
	if err != nil {
		return false, err
	}
	view := &reader.View{Now: now, Schemes: base.Schemes} // Cordon itself
	for _, part := range parts {
		if !undecided(part) {
			continue
		}
		text := fmt.Sprintf("Part %s of a release request waits for you still: it lapses on %s.", part.ID, r.Expires.Format(time.DateOnly))
		if err := tell(tx, base.Vault.Ring(tx), base.Schemes, view, part.Owner, part.Portions, text); err != nil {
			return false, err
		}
	}
	return true, nil
}
